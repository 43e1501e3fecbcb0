"""Disclosure control for a recipe: nothing in it rests on fewer than k records.

The rules are those of statistical offices (Hundepool et al., 2012), as metasyn's disclosure plugin uses them: numbers are
sorted, cut into blocks of k and replaced by the means of their blocks; labels that fewer than k records have are left out.
A record that stands alone at an end and makes up the deviations of its block (dominance) is left out. Unlike there, the family is chosen on the
protected values too, so that the choice itself gives nobody away.
"""

import numpy as np

#: The usual number of records behind every published figure is at least 10.
USUAL_K = 11
#: A record alone may not make up so much of the deviations in its block. (Never more than half lies on one side.)
MOST_DOMINANCE = 0.45


def micro_aggregate(numbers, k, whole=False):
    """Numbers, replaced by what the means of blocks of at least k neighbours tell.

    Parameters
    ----------
    numbers : numpy.ndarray of float
    k : int
        The fewest records in a block.
    whole : bool
        Round the means to whole numbers.

    Returns
    -------
    numpy.ndarray of float
        As many values, or a few less: a record that dominates its block is left out. Empty if there are fewer than k.

    Notes
    -----
    The records of a block are spread evenly between the points half-way to its neighbours, so that means which repeat k
    times are not taken for a spike. The outer blocks end at their means.

    Examples
    --------
    >>> micro_aggregate(np.array([1.0, 2, 3, 10, 11, 12, 20, 22, 24]), 3)
    array([ 2. ,  4.25,  6.5 ,  6.5 , 11.5 , 16.5 , 16.5 , 19.25, 22.  ])
    """
    numbers = np.sort(numbers)
    while len(numbers) >= k:
        sizes = np.full(len(numbers) // k, k)
        sizes[: len(numbers) - sizes.sum()] += 1 if len(numbers) - sizes.sum() <= len(sizes) else 0
        sizes[-1] += len(numbers) - sizes.sum()
        starts = np.append(0, np.cumsum(sizes)[:-1])
        means = np.add.reduceat(numbers, starts) / sizes
        away = np.abs(numbers - np.repeat(means, sizes))
        total = np.repeat(np.add.reduceat(away, starts), sizes)
        gaps = np.diff(numbers, prepend=numbers[0])
        alone = np.maximum(gaps, np.append(gaps[1:], 0)) > np.subtract(*np.percentile(numbers, [75, 25]))
        dominant = (away >= MOST_DOMINANCE * total) & (total > 0) & alone
        ends = np.zeros(len(numbers), dtype=bool)
        ends[: sizes[0]] = ends[-sizes[-1] :] = True  # Inside, the neighbours hide it; at the ends nobody does.
        if not (dominant & ends).any():
            spread = _spread(means, sizes)
            return np.rint(spread) if whole else spread
        numbers = numbers[~(dominant & ends)]
    return numbers[:0]


def _spread(means, sizes):
    halfway = (means[1:] + means[:-1]) / 2
    left, right = np.append(means[0], halfway), np.append(halfway, means[-1])
    place = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(left, sizes) + place / np.repeat(sizes - 1, sizes) * np.repeat(right - left, sizes)


def frequent(counts, k):
    """Which labels at least k records have."""
    return np.asarray(counts) >= k
