"""Differential privacy, honestly small: noise that hides whether any one person is in the data.

A method is ε-differentially private if no result becomes more than exp(ε) times likelier or less likely when one person joins or leaves (Dwork,
McSherry, Nissim and Smith, 2006). ε near 0 hides people well; at 10 it hides hardly anything. What must be stated beforehand, and not read off the data:
the bounds of numbers and the levels of labels. For teaching: the noise is drawn in floating point, which a determined attacker can exploit (Mironov, 2012).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from workshop.models.base import GenerativeModel
from workshop.numeric import Scale, bin_edges
from workshop.settings import whole
from workshop.table import NUMBER_LIKE, kind_of


class Accountant:
    """Adds up what was spent. Queries about the same people add: ε of all is the sum (sequential composition).

    Parameters
    ----------
    epsilon : float
        The budget.

    Examples
    --------
    >>> purse = Accountant(1.0)
    >>> purse.spend(0.4, "mean of income")
    0.4
    >>> round(purse.left, 2)
    0.6
    """

    def __init__(self, epsilon):
        self.epsilon = _positive(epsilon, "epsilon")
        self.bills = []

    @property
    def spent(self):
        """ε spent so far."""
        return sum(epsilon for epsilon, _ in self.bills)

    @property
    def left(self):
        """ε that is left."""
        return max(0.0, self.epsilon - self.spent)

    def spend(self, epsilon, what=""):
        """Take ε out of the budget, or refuse: ValueError."""
        _positive(epsilon, "epsilon")
        if epsilon > self.left * (1 + 1e-9):
            raise ValueError(
                f"'{what}' would cost ε = {epsilon:g}, but only {self.left:g} of {self.epsilon:g} is left."
            )
        self.bills.append((float(epsilon), what))
        return float(epsilon)

    def table(self):
        """DataFrame (what, epsilon): where the budget went."""
        return pd.DataFrame([(what, epsilon) for epsilon, what in self.bills], columns=["what", "epsilon"])


def laplace(value, sensitivity, epsilon, rng):
    """The Laplace mechanism: value + Laplace(sensitivity / ε).

    Parameters
    ----------
    value : float or array of float
        The true answer.
    sensitivity : float
        The most by which one person can change it (for an array: the sum of changes).
    epsilon : float
    rng : numpy.random.Generator

    Returns
    -------
    float or numpy.ndarray
    """
    scale = _positive(sensitivity, "sensitivity") / _positive(epsilon, "epsilon")
    return value + rng.laplace(0, scale, np.shape(value))


def exponential(scores, sensitivity, epsilon, rng):
    """The exponential mechanism (McSherry and Talwar, 2007): one of several options, the likelier the higher its score.

    Parameters
    ----------
    scores : array of float
        How good each option is.
    sensitivity : float
        The most by which one person can change a score.
    epsilon : float
    rng : numpy.random.Generator

    Returns
    -------
    int
        The number of the chosen option; p ∝ exp(ε · score / (2 · sensitivity)).
    """
    weights = (
        np.asarray(scores, dtype=float) * _positive(epsilon, "epsilon") / (2 * _positive(sensitivity, "sensitivity"))
    )
    # The largest of the weights plus Gumbel noise is a draw from these shares.
    return int(np.argmax(weights + rng.gumbel(size=len(weights))))


class PrivateHistogram(GenerativeModel):
    """Each variable from its own noisy histogram, ε-differentially private as a whole.

    Parameters
    ----------
    epsilon : float, default 1
        For the whole table; every variable gets an equal part.
    bounds : dict
        Number -> (lowest, highest value that there can be), stated without a look at the data. What lies outside is moved to the bound.
    levels : dict, optional
        Label -> its possible values; those of a pandas category count as stated.
    bins : int, default 20
    random_state : int, optional
        For the noise. Whoever knows it can take the noise away: leave it out for data that matter.

    Attributes
    ----------
    accountant_ : Accountant
    """

    def __init__(self, epsilon=1.0, bounds=None, levels=None, bins=20, random_state=None):
        self.epsilon = epsilon
        self.bounds = bounds
        self.levels = levels
        self.bins = bins
        self.random_state = random_state

    def _fit(self, table):
        whole(self.bins, "bins", 1)
        for setting in ("bounds", "levels"):
            given = getattr(self, setting)
            if given is not None and not isinstance(given, Mapping):
                raise ValueError(f"{setting} must be a dict with names of columns; got {given!r:.60}.")
        rng = np.random.default_rng(self.random_state)
        self.accountant_ = Accountant(self.epsilon)
        part = self.epsilon / table.shape[1]
        self.variables_ = {name: self._noisy(table[name], part, rng) for name in table.columns}

    def _noisy(self, series, epsilon, rng):
        """The states of a variable with their noisy shares; missing is one of them."""
        name = series.name
        kind, absent = kind_of(series), series.isna().to_numpy()
        if kind in NUMBER_LIKE:
            low, high = self._stated_bounds(name)
            # The type alone tells whether numbers are whole, never the values: that would be a look at the data.
            scale = Scale("discrete" if pd.api.types.is_integer_dtype(series.dtype) else "continuous", series.dtype)
            if kind not in ("continuous", "discrete"):
                raise ValueError(f"'{name}' is {kind}: turn it into a number, or leave it out.")
            edges = bin_edges(low, high, self.bins, whole=scale.whole)
            numbers = np.clip(series[~absent].to_numpy(dtype=float), low, high)
            counts, states = np.histogram(numbers, edges)[0], (scale, edges)
        else:
            stated = self._stated_levels(series)
            try:
                pd.Series(stated, dtype=object).astype(series.dtype)
            except (ValueError, TypeError, NotImplementedError):
                raise ValueError(
                    f"The levels of '{name}' are no values of its type, {series.dtype}: state others, or leave the column out."
                ) from None
            place = pd.Index(stated, dtype=object).get_indexer(pd.Index(series[~absent], dtype=object))
            counts, states = np.bincount(place[place >= 0], minlength=len(stated)), (series.dtype, stated)
        counts = np.append(counts, absent.sum()).astype(float)
        self.accountant_.spend(epsilon, f"histogram of {name}")
        # One person is in one bin: joining or leaving changes one count by 1.
        noisy = np.maximum(laplace(counts, 1.0, epsilon, rng), 0)
        if not _can_miss(series.dtype):
            noisy[-1] = 0
        shares = noisy / noisy.sum() if noisy.sum() > 0 else np.append(np.ones(len(noisy) - 1), 0) / (len(noisy) - 1)
        return states, shares

    def _stated_bounds(self, name):
        bounds = (self.bounds or {}).get(name)
        try:
            low, high = map(float, bounds)
        except (TypeError, ValueError):
            raise ValueError(
                f"bounds must say between which values '{name}' can lie, such as {{'{name}': (0, 100)}}; got {bounds!r}."
            ) from None
        if not low < high:
            raise ValueError(f"The bounds of '{name}' must rise; got {low:g} and {high:g}.")
        return low, high

    def _stated_levels(self, series):
        if isinstance(series.dtype, pd.CategoricalDtype):
            if not len(series.cat.categories):
                raise ValueError(f"The category '{series.name}' has no levels: give it some, or leave the column out.")
            return list(series.cat.categories)
        if pd.api.types.is_bool_dtype(series.dtype):
            return [False, True]
        levels = (self.levels or {}).get(series.name)
        if not levels:
            raise ValueError(
                f"levels must say which values '{series.name}' can have: reading them off the data would give rare ones away."
            )
        return list(levels)

    def _sample(self, n, rng):
        return pd.DataFrame({name: self._draw(*one, n, rng) for name, one in self.variables_.items()})

    def _draw(self, states, shares, n, rng):
        about, states = states
        chosen = rng.choice(len(shares), n, p=shares)
        gone = chosen == len(shares) - 1
        if isinstance(about, Scale):
            inside = np.minimum(chosen, len(states) - 2)
            values = about.to_series(rng.uniform(states[inside], states[inside + 1]))
        else:
            labels = np.array(states, dtype=object)
            values = pd.Series(labels[np.minimum(chosen, len(states) - 1)], dtype=object).astype(about)
        return values.mask(gone) if gone.any() else values

    def _theta(self):
        for name, (states, found) in self.variables_.items():
            yield from (
                (name, parameter, float(value)) for parameter, value in zip(self._names(*states), found, strict=True)
            )

    def _names(self, about, states):
        """What the numbers that are kept of a variable mean."""
        if isinstance(about, Scale):
            states = [f"{low:g} to {high:g}" for low, high in zip(states[:-1], states[1:], strict=True)]
        return [f"share of {state}" for state in [*states, "missing"]]


class PrivateMetadata(PrivateHistogram):
    """Each number from a normal distribution within its bounds, with a noisy mean and standard deviation; labels as in PrivateHistogram.

    Three numbers describe a variable, however wide its bounds are; a page for a privacy officer. A histogram of a few bins has no more noise, and keeps
    the shape: notebook 10 measures it.

    Examples
    --------
    >>> ages = pd.DataFrame({"age": np.random.default_rng(1).normal(50, 10, 2000)})
    >>> model = PrivateMetadata(epsilon=1.0, bounds={"age": (0, 100)}, random_state=1).fit(ages)
    >>> bool(abs(model.sample(2000, rng=1)["age"].mean() - 50) < 2)
    True
    """

    def __init__(self, epsilon=1.0, bounds=None, levels=None, random_state=None):
        super().__init__(epsilon, bounds, levels, random_state=random_state)

    def _noisy(self, series, epsilon, rng):
        kind, absent = kind_of(series), series.isna().to_numpy()
        if kind not in ("continuous", "discrete"):
            return super()._noisy(series, epsilon, rng)
        low, high = self._stated_bounds(series.name)
        scale = Scale("discrete" if pd.api.types.is_integer_dtype(series.dtype) else "continuous", series.dtype)
        # Between -1 and 1, where one person changes a count, a sum and a sum of squares by at most 1 each.
        middle, half = (low + high) / 2, (high - low) / 2
        x = (np.clip(series[~absent].to_numpy(dtype=float), low, high) - middle) / half
        answers = np.array([len(x), x.sum(), (x**2).sum(), absent.sum()], dtype=float)
        self.accountant_.spend(epsilon, f"count, sum, sum of squares and missing of {series.name}")
        n, total, squares, missing = laplace(answers, 3.0, epsilon, rng)
        n = max(n, 1.0)
        mean = float(np.clip(total / n, -1, 1))
        sd = float(np.sqrt(np.clip(squares / n - mean**2, 1e-4, 1)))
        gone = max(missing, 0.0) / (max(missing, 0.0) + n) if _can_miss(series.dtype) else 0.0
        return (scale, (low, high)), np.array([middle + half * mean, half * sd, gone])

    def _draw(self, states, found, n, rng):
        about, bounds = states
        if not isinstance(about, Scale):
            return super()._draw(states, found, n, rng)
        (low, high), (mean, sd, gone) = bounds, found
        bell = stats.truncnorm((low - mean) / sd, (high - mean) / sd, mean, sd)
        values = about.to_series(bell.rvs(n, random_state=rng))
        return values.mask(rng.random(n) < gone) if gone else values

    def _names(self, about, states):
        return (
            ["mean", "standard deviation", "share missing"]
            if isinstance(about, Scale)
            else super()._names(about, states)
        )


def _can_miss(dtype):
    dtype = getattr(dtype, "subtype", dtype)  # of a sparse column
    return pd.api.types.is_extension_array_dtype(dtype) or dtype.kind not in "biu"


def _positive(value, name):
    if isinstance(value, bool) or not np.isscalar(value) or not np.isreal(value) or not 0 < value < np.inf:
        raise ValueError(f"{name} must be a number above 0; got {value!r}.")
    return float(value)
