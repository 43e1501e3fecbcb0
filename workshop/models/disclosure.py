"""Disclosure control for a recipe: nothing in it rests on fewer than k records.

The rules are those of statistical offices (Hundepool et al., 2012), as metasyn's disclosure plugin uses them: numbers are
sorted, cut into blocks of k and replaced by the means of their blocks; labels that fewer than k records have are left out.
A record that stands alone at an end and makes up the deviations of its block (dominance) is left out. Unlike there, the family is chosen on the
protected values too, so that the choice itself gives nobody away.
"""

from dataclasses import replace

import numpy as np

from workshop.models import counts, families, mixtures, texts
from workshop.table import NUMBER_LIKE

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


def disclosed(variable, n, k, protected):
    family, name = variable.family, variable.name
    present = round(n * (1 - variable.missing))
    if protected:
        return []
    rows = []
    if isinstance(family, families.Uniform | families.TruncatedNormal) or isinstance(family, texts.TextDate):
        for what, bound, records in zip(
            ("smallest value", "largest value"), (family.lower, family.upper), variable.at_ends, strict=True
        ):
            if records < k:
                rows.append((name, what, _shown(variable, bound), records, "a bound is the value of whoever has it"))
    if isinstance(family, mixtures.Spike) and isinstance(family.rest, families.Uniform):
        rows += disclosed(replace(variable, family=family.rest), n, k, protected)
    if isinstance(family, counts.Multinoulli):
        for label, share in zip(family.labels, family.probs, strict=True):
            if 0 < round(share * present) < k:
                rows.append((name, "rare label", label, round(share * present), f"fewer than {k} records have it"))
    if isinstance(family, mixtures.Histogram):
        for left, right, share in zip(family.edges[:-1], family.edges[1:], family.shares, strict=True):
            if 0 < round(share * present) < k:
                words = f"{_shown(variable, left)} to {_shown(variable, right)}"
                rows.append((name, "rare bin", words, round(share * present), f"fewer than {k} records are in it"))
    if isinstance(family, families.Constant) and present:
        rows.append((name, "constant", family.value, present, "everybody in the table has it"))
    if isinstance(family, counts.UniqueKey):
        rows.append((name, "first key", family.lower, 1, "somebody has this key"))
    if 0 < round(n * variable.missing) < k:
        rows.append((name, "missing values", variable.missing, round(n * variable.missing), "so few records lack it"))
    if variable.stands_out:
        rows.append((name, "parameters", variable.stands_out, 1, "this record pulls the parameters towards itself"))
    return rows


def standing_out(family, observed, scale):
    """The value that the family would show in fewer than one of a hundred such tables, in words, or nothing."""
    if isinstance(family, families.Uniform | families.TruncatedNormal | mixtures.Histogram | counts.Multinoulli):
        return ""  # their outermost values are listed as bounds, bins or labels
    shown = []
    for value, tail in (
        (observed.low, family.up_to(observed.low, observed.whole)),
        (observed.high, 1 - family.below(observed.high, observed.whole)),
    ):
        if float(tail) * observed.n < 0.01:
            shown.append(str(scale.to_series(np.array([value])).iloc[0]))
    return ", ".join(shown)


def _shown(variable, number):
    if isinstance(number, str) or variable.kind not in NUMBER_LIKE:
        return number
    if variable.kind == "continuous":
        return float(number)
    value = variable.scale.to_series(np.array([float(number)])).iloc[0]
    return value.item() if hasattr(value, "item") else value


def merge_rare(family, n, k):
    """No bin and no whole number in the recipe has fewer than k records."""
    if not k or not isinstance(family, mixtures.Histogram | counts.Multinoulli):
        return family
    if isinstance(family, counts.Multinoulli):
        kept = [
            (label, share) for label, share in zip(family.labels, family.probs, strict=True) if share * n >= k - 0.5
        ]
        total = sum(share for _, share in kept)
        return counts.Multinoulli(tuple(x for x, _ in kept), tuple(s / total for _, s in kept)) if kept else family
    edges, counted, running = [family.edges[0]], [], 0
    for right, share in zip(family.edges[1:], family.shares, strict=True):
        running += round(share * n)
        if running >= k:
            edges.append(right)
            counted.append(running)
            running = 0
    if counted:
        counted[-1] += running
        edges[-1] = family.edges[-1]
    return mixtures.Histogram(tuple(edges), tuple((np.array(counted) / sum(counted)).tolist())) if counted else family
