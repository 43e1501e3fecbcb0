"""The multivariate normal distribution: means, standard deviations, and a correlation for each pair of numbers.

For numbers it is the joint model that everybody knows, and sequential linear regressions are the same model written step by step.
"""

import numpy as np
import pandas as pd

from workshop.models.base import GenerativeModel
from workshop.numeric import Scale
from workshop.settings import whole
from workshop.table import NUMBER_LIKE, TableError, kind_of


class MultivariateNormal(GenerativeModel):
    """All numbers of a table from one multivariate normal distribution.

    Missing values are left to chance while learning (maximum likelihood by the EM algorithm: Dempster, Laird and Rubin, 1977, section 4.1.3), and occur as
    often as observed.

    Parameters
    ----------
    rounds : int, default 200
        The most rounds of the EM algorithm; none are needed where nothing is missing.

    Attributes
    ----------
    mean_ : pandas.Series
    covariance_ : pandas.DataFrame
        Divided by n − 1 where nothing is missing, as `.cov()` in pandas and `cov()` in R.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=1000)
    >>> model = MultivariateNormal().fit(pd.DataFrame({"x": x, "y": x + rng.normal(size=1000)}))
    >>> bool(model.sample(5000, rng=1).corr().loc["x", "y"] > 0.65)
    True
    """

    def __init__(self, rounds=200):
        self.rounds = rounds

    def _fit(self, table):
        whole(self.rounds, "rounds", 1)
        for name in table.columns:
            kind = kind_of(table[name])
            if kind not in NUMBER_LIKE:
                raise TableError(
                    f"Column '{name}' is {kind}, and MultivariateNormal takes numbers only: leave it out, or use GaussianCopula."
                )
        self.scales_ = {name: Scale.of(table[name], kind_of(table[name])) for name in table.columns}
        numbers = np.full(table.shape, np.nan)
        for place, (name, scale) in enumerate(self.scales_.items()):
            numbers[table[name].notna().to_numpy(), place] = scale.to_numbers(table[name])
        self.missing_ = pd.Series(np.isnan(numbers).mean(axis=0), table.columns)
        mean, covariance = mean_and_covariance(numbers, self.rounds)
        self.mean_ = pd.Series(mean, table.columns)
        self.covariance_ = pd.DataFrame(covariance, table.columns, table.columns)

    def _sample(self, n, rng):
        # An estimated covariance has no negative eigenvalue but by rounding; numpy would warn of that.
        drawn = rng.multivariate_normal(self.mean_, self.covariance_, n, method="eigh", check_valid="ignore")
        columns = {}
        for (name, scale), numbers in zip(self.scales_.items(), drawn.T, strict=True):
            values = scale.to_series(numbers)
            columns[name] = values.mask(rng.random(n) < self.missing_[name]) if self.missing_[name] else values
        return pd.DataFrame(columns, index=pd.RangeIndex(n))

    def _theta(self):
        names = list(self.mean_.index)
        for place, name in enumerate(names):
            yield name, "mean", self.mean_[name]
            yield from (
                (name, f"covariance with {other}", self.covariance_.loc[name, other]) for other in names[place:]
            )
            if self.missing_[name]:
                yield name, "share missing", self.missing_[name]


def mean_and_covariance(numbers, rounds=200):
    """Mean and covariance of numbers of which some are missing (nan).

    Parameters
    ----------
    numbers : numpy.ndarray of float, shape (n, d)
    rounds : int

    Returns
    -------
    (numpy.ndarray, numpy.ndarray)
        Of shapes (d,) and (d, d).
    """
    gone = np.isnan(numbers)
    n = len(numbers)
    mean = np.nanmean(numbers, axis=0)
    if not gone.any():
        centred = numbers - mean
        return mean, centred.T @ centred / max(n - 1, 1)
    scale = np.nanstd(numbers, axis=0)
    scale[scale == 0] = 1.0
    x = np.where(gone, 0.0, (numbers - mean) / scale)
    patterns, of_record = np.unique(gone, axis=0, return_inverse=True)
    centre, spread = np.zeros(x.shape[1]), np.diag(np.where(np.nanstd(numbers, axis=0) > 0, 1.0, 0.0))
    for _ in range(rounds):
        full, left = x.copy(), np.zeros_like(spread)
        for number, pattern in enumerate(patterns):
            rows = np.flatnonzero(of_record.ravel() == number)
            if not pattern.any():
                continue
            known = ~pattern
            # The regression of what is missing on what is known, and what it leaves unexplained.
            slopes = spread[np.ix_(pattern, known)] @ np.linalg.pinv(spread[np.ix_(known, known)])
            full[np.ix_(rows, pattern)] = centre[pattern] + (x[np.ix_(rows, known)] - centre[known]) @ slopes.T
            left[np.ix_(pattern, pattern)] += len(rows) * (
                spread[np.ix_(pattern, pattern)] - slopes @ spread[np.ix_(known, pattern)]
            )
        new_centre = full.mean(axis=0)
        new_spread = ((full - new_centre).T @ (full - new_centre) + left) / n
        change = max(np.abs(new_centre - centre).max(), np.abs(new_spread - spread).max())
        centre, spread = new_centre, new_spread
        if change < 1e-8:
            break
    return mean + centre * scale, spread * np.outer(scale, scale)
