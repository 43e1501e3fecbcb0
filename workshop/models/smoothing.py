"""Smoothing: a donor's number, moved a little, so that it is nobody's own.

Where many have about the same value, the step is that of a kernel density (Silverman, 1986, equation 3.31); where a value is
rare, it is as wide as the gap to its neighbours, so that the richest person's income says little about that person. What
would leave the observed range is reflected at its ends: no income below the lowest, none above the highest.
"""

import numpy as np

#: A number is rare where fewer than this many observed ones lie around it, within a step of the kernel.
NEIGHBOURS = 5


class Smoother:
    """Learns from observed numbers how far they may be moved.

    Parameters
    ----------
    numbers : numpy.ndarray of float

    Examples
    --------
    >>> incomes = np.append(np.arange(1000.0, 2000.0), 90_000.0)
    >>> moved = Smoother(incomes).move(np.full(1000, 90_000.0), np.random.default_rng(1))
    >>> bool(moved.std() > 10_000), bool(moved.max() <= 90_000)
    (True, True)
    """

    def __init__(self, numbers):
        n = len(numbers)
        self.distinct, counts = np.unique(numbers, return_counts=True)
        ordered = np.sort(numbers)
        quarter = np.subtract(*np.percentile(numbers, [75, 25])) / 1.349
        spread = min(numbers.std(), quarter) or numbers.std()
        kernel = 0.9 * spread * n**-0.2
        middle = np.searchsorted(ordered, self.distinct) + counts // 2
        below, above = np.clip([middle - NEIGHBOURS, middle + NEIGHBOURS], 0, n - 1)
        half = np.maximum(self.distinct - ordered[below], ordered[above] - self.distinct)
        self.widths = np.maximum(half, kernel)

    def move(self, donors, rng):
        """The donors' numbers, moved.

        Parameters
        ----------
        donors : numpy.ndarray of float
            Values among those that the smoother was made from; nan stays nan.
        rng : numpy.random.Generator

        Returns
        -------
        numpy.ndarray of float
        """
        low, high = self.distinct[[0, -1]]
        if low == high:
            return donors
        place = np.minimum(np.searchsorted(self.distinct, donors), len(self.distinct) - 1)
        moved = donors + self.widths[place] * rng.standard_normal(len(donors))
        # A mirror at both ends: go up and down within the range, as a triangle wave does.
        period = 2 * (high - low)
        moved = np.mod(moved - low, period)
        return low + np.where(moved > high - low, period - moved, moved)
