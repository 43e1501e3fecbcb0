"""Joint models: all variables at once, from one table of correlations.

A copula is what is left of a distribution when every variable is looked at on the same scale (Sklar, 1959). In the Gaussian copula each variable is a
normal number z that nobody sees, and the zs go together as correlations say. A number is its place on its own distribution; an ordered label is the part of
the bell curve between two thresholds; a missing value has a z of its own. So a copula is a metadata recipe with one page of correlations added.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from workshop.models import counts, families
from workshop.models.base import GenerativeModel
from workshop.models.encoding import Code
from workshop.models.metadata import Metadata
from workshop.models.predictors import MOST_INDICATORS, Predictors
from workshop.models.variable import Variable
from workshop.settings import whole
from workshop.table import LABEL_LIKE, NUMBER_LIKE

#: Correlations are learned from at most so many records, drawn by chance: their error is then below 0.01.
MOST_RECORDS = 20_000
#: Values that fewer than this share of the records have count as one place on the curve, others as the stretch that they take up.
NARROW = 0.01
MARGINALS = ("families", "empirical")


class GaussianCopula(GenerativeModel):
    """A Gaussian copula for a mixed table.

    Parameters
    ----------
    marginals : {"families", "empirical"}, default "families"
        How each variable is distributed by itself: by the family with the lowest BIC, as in Metadata, or exactly as observed.
    families : dict, optional
        Variable -> family; see Metadata.
    privacy : int, optional
        The fewest records that a line of the recipe may rest on; see Metadata.
    rounds : int, default 60
        How often the hidden numbers are drawn to learn the correlations. Half of them are forgotten.
    random_state : int, default 0
        For these draws.

    Attributes
    ----------
    recipe_ : Metadata
        Every variable by itself.
    correlation_ : pandas.DataFrame
        Of the hidden normal numbers; "income is missing" has one of its own.
    orders_ : dict of str -> list
        The labels of each nominal variable, in the order that their means on the other variables suggest. A copula knows no labels without an order, so
        what does not follow this order is lost.
    remarks_ : list of str

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> z = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 2000)
    >>> table = pd.DataFrame({"income": np.exp(10 + z[:, 0] / 2), "school": np.digitize(z[:, 1], [-1, 0, 1])})
    >>> model = GaussianCopula().fit(table)
    >>> bool(abs(model.correlation_.loc["income", "school"] - 0.8) < 0.03)
    True
    """

    def __init__(self, marginals="families", families=None, privacy=None, rounds=60, random_state=0):
        self.marginals = marginals
        self.families = families
        self.privacy = privacy
        self.rounds = rounds
        self.random_state = random_state

    def _fit(self, table):
        if self.marginals not in MARGINALS:
            raise ValueError(f'marginals must be "families" or "empirical"; got {self.marginals!r}.')
        if self.marginals == "empirical" and self.privacy is not None:
            raise ValueError(
                'privacy protects families, but empirical marginals are values of people: use marginals="families".'
            )
        whole(self.rounds, "rounds", 2)
        table, rng = table.reset_index(drop=True), np.random.default_rng(self.random_state)
        self.recipe_ = Metadata(self.families, self.privacy).fit(table)
        self.remarks_ = list(self.recipe_.remarks_)
        joining = _joining(table, self.recipe_)
        low, high, names = _stretches(joining)
        thresholds = {
            (names.index(name), names.index(missing_name(name))): special.ndtri(1 - one.variable.missing)
            for name, one in joining.items()
            if missing_name(name) in names
        }
        some = rng.permutation(len(low))[:MOST_RECORDS]
        found = learn_correlation(low[some], high[some], rng, self.rounds, thresholds)
        self.correlation_ = pd.DataFrame(found, names, names)
        # Only what is needed to sample is kept; the observed records are not.
        self.margins_ = {name: one.margin(self.marginals == "empirical") for name, one in joining.items()}
        self.orders_ = {name: one.labels for name, one in self.margins_.items() if one.variable.kind == "categorical"}

    def _sample(self, n, rng):
        columns = {}
        hidden = rng.standard_normal((n, len(self.correlation_))) @ np.linalg.cholesky(self.correlation_.to_numpy()).T
        hidden = dict(zip(self.correlation_.columns, hidden.T, strict=True))
        for name, variable in self.recipe_.variables_.items():
            margin = self.margins_.get(name)
            if margin is None:
                columns[name] = variable.sample(n, rng)
                continue
            of_missing = missing_name(name)
            if of_missing not in hidden:
                columns[name] = margin.draw(hidden[name])
                continue
            threshold = special.ndtri(1 - variable.missing)
            curve = _among_present(self.correlation_.loc[name, of_missing], threshold)
            columns[name] = margin.draw(np.interp(hidden[name], *curve)).mask(hidden[of_missing] > threshold)
        return pd.DataFrame(columns, index=pd.RangeIndex(n))

    def _theta(self):
        yield from self.recipe_._theta()
        names = list(self.correlation_)
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                yield one, f"correlation with {other}", self.correlation_.loc[one, other]

    @property
    def n_parameters(self):
        """Those of the recipe (or all the values, where marginals are empirical), and the correlations."""
        self._require_fit()
        d = len(self.correlation_)
        kept = sum(margin.n_kept for margin in self.margins_.values())
        return self.recipe_.n_parameters + kept + d * (d - 1) // 2

    @property
    def keeps_records(self):
        """True where marginals are empirical, or the recipe holds values that come from few records."""
        return self.marginals == "empirical" or hasattr(self, "recipe_") and self.recipe_.keeps_records

    @property
    def why_not_to_publish(self):
        """What to say where `keeps_records` is true."""
        if self.marginals == "empirical":
            return 'the values in this file are those of observed people, put together anew: use marginals="families".'
        return Metadata.why_not_to_publish


def missing_name(name):
    """What the hidden number is called that decides whether a value is missing."""
    return f"{name} is missing"


def learn_correlation(low, high, rng, rounds=60, thresholds=None):
    """The correlations of normal numbers of which only stretches are known.

    Draw each hidden number given all others and the stretch that it must lie in; compute the correlations of what was drawn; again. This is the
    semiparametric copula estimation of Hoff (2007) with the places of the observed values as stretches, and the mean over the later rounds as estimate
    (a stochastic EM algorithm: Celeux and Diebolt, 1985).

    Parameters
    ----------
    low, high : numpy.ndarray of float, shape (n, d)
        Between which each number lies: -inf and inf where nothing is known, twice the same where it is known.
    rng : numpy.random.Generator
    rounds : int
    thresholds : dict of (int, int) -> float
        For variables with missing values: the column of the values, that of the number which says whether they are missing, and from where on. Their
        stretches are then places among those who have a value. Whether a value is missing may depend on all others, but not on itself
        ("missing at random": Rubin, 1976).

    Returns
    -------
    numpy.ndarray of float, shape (d, d)
    """
    d, thresholds = low.shape[1], thresholds or {}
    hidden = special.ndtri(rng.uniform(special.ndtr(low), special.ndtr(high)))
    hidden = np.clip(np.where(low == high, low, hidden), low, high)
    open_ones = [(column, np.flatnonzero(low[:, column] < high[:, column])) for column in range(d)]
    open_ones = [(column, rows) for column, rows in open_ones if len(rows)]
    as_given, low, high = (low, high), low.copy(), high.copy()
    total, rounds = np.zeros((d, d)), rounds if open_ones else 1
    for turn in range(rounds):
        correlation = _correlation(hidden)
        for (column, of_missing), threshold in thresholds.items():
            tied = _at_random(correlation, column, of_missing)
            latent, place = _among_present(tied, threshold)
            for ends, given in zip((low, high), as_given, strict=True):
                finite = np.isfinite(given[:, column])
                ends[finite, column] = np.interp(given[finite, column], place, latent)
            known = low[:, column] == high[:, column]
            hidden[known, column] = low[known, column]
        total += correlation * (turn >= rounds // 2)
        precision = np.linalg.inv(correlation)
        for column, rows in open_ones:
            weights = -precision[:, column] / precision[column, column]
            weights[column] = 0.0
            mean, sd = hidden[rows] @ weights, 1 / np.sqrt(precision[column, column])
            ends = low[rows, column], high[rows, column]
            share = rng.uniform(*(special.ndtr((end - mean) / sd) for end in ends))
            drawn = mean + sd * special.ndtri(np.clip(share, 1e-15, 1 - 1e-15))
            hidden[rows, column] = np.clip(drawn, *ends)
    return _unit_diagonal(total)


def _at_random(correlation, column, of_missing):
    """Set the correlation of a value with its own missingness to what the others bring about; return it."""
    rest = np.setdiff1d(np.arange(len(correlation)), [column, of_missing])
    found = 0.0
    if len(rest):
        found = correlation[column, rest] @ np.linalg.solve(
            correlation[np.ix_(rest, rest)], correlation[rest, of_missing]
        )
    correlation[column, of_missing] = correlation[of_missing, column] = found
    return found


def _among_present(correlation, threshold):
    """A normal number of everybody, and its place on the bell curve of those alone who have a value: two rising arrays.

    Those have a second normal number, correlated with the first, below a threshold.
    """
    grid = np.linspace(-6, 6, 1201)
    share_present = special.ndtr((threshold - correlation * grid) / np.sqrt(1 - min(correlation**2, 1 - 1e-9)))
    density = np.exp(-(grid**2) / 2) * share_present
    upto = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return grid, special.ndtri(np.clip(upto / upto[-1], 1e-10, 1 - 1e-10))


def _correlation(hidden):
    """Correlations, as if one more record had shown none: so they can be inverted however few records there are."""
    return _unit_diagonal(hidden.T @ hidden + np.eye(hidden.shape[1]))


def _unit_diagonal(matrix):
    lengths = np.sqrt(np.diag(matrix))
    found = matrix / np.outer(lengths, lengths)
    np.fill_diagonal(found, 1.0)
    return found


def _joining(table, recipe):
    """What joins the copula: every variable with different numbers or labels. Keys, texts and constants stand by themselves."""
    joining = {}
    for name, variable in recipe.variables_.items():
        joins = (
            isinstance(variable.family, counts.Multinoulli)
            if variable.kind in LABEL_LIKE
            else variable.kind in NUMBER_LIKE and not isinstance(variable.family, families.Constant)
        )
        if joins and variable.missing < 1:
            code = Code.of(table[name], heaps=[])
            joining[name] = Observed(code, code.encode(table[name]), variable)
    scores = {name: one.scores() for name, one in joining.items() if one.code.kind != "categorical"}
    nominal = {name: one.column.states for name, one in joining.items() if one.code.kind == "categorical"}
    for name in nominal:
        others = [*scores.values()] + [
            np.equal.outer(states, np.unique(states)[1 : MOST_INDICATORS + 1])
            for other, states in nominal.items()
            if other != name
        ]
        if others:
            joining[name].put_in_order(np.column_stack(others).astype(float))
    return joining


class Observed:
    """One variable while the correlations are learned, with the values of all records.

    Parameters
    ----------
    code : Code
    column : Column
        The observed values.
    variable : Variable
        Its line of the recipe.
    """

    def __init__(self, code, column, variable):
        self.code, self.column, self.variable = code, column, variable
        self.there = column.states != code.missing if code.missing is not None else np.ones(len(column), dtype=bool)
        self.place = np.arange(code.n_levels)  # of each label among the labels

    def margin(self, empirical):
        """What is kept of it."""
        if self.code.has_numbers:
            return Margin(self.variable, values=np.sort(self.column.numbers[self.there]) if empirical else None)
        labels = self.variable.family.labels
        place = {self.code.levels.iloc[state]: place for state, place in enumerate(self.place)}
        return Margin(self.variable, order=sorted(range(len(labels)), key=lambda number: place[labels[number]]))

    def put_in_order(self, others):
        """The labels of a nominal variable in the order of their means on the others, along the axis where these differ most."""
        places = Predictors((self.column,), len(self.column)).places(others)[0]
        if places is not None:
            place = np.argsort(np.argsort(places[: self.code.n_levels], kind="stable"), kind="stable")
            # An axis has two directions; the first label goes before the last one.
            self.place = place if place[0] < place[-1] else len(place) - 1 - place

    def stretches(self):
        """Between which two normal numbers each record lies."""
        numbers = self.column.numbers if self.code.has_numbers else self.place[self.column.states * self.there]
        ordered = np.sort(numbers[self.there])
        below, upto = (np.searchsorted(ordered, numbers, side) / len(ordered) for side in ("left", "right"))
        narrow = upto - below <= max(NARROW, 1 / len(ordered))
        middle = special.ndtri((below + upto) / 2)
        low = np.where(narrow, middle, special.ndtri(below))
        high = np.where(narrow, middle, special.ndtri(upto))
        return np.where(self.there, low, -np.inf), np.where(self.there, high, np.inf)

    def missing_stretches(self):
        """The same for the hidden number that decides whether a value is missing; None where none is, or all are."""
        share = self.variable.missing
        if not 0 < share < 1 or self.there.all():
            return None
        threshold = special.ndtri(1 - share)
        return np.where(self.there, -np.inf, threshold), np.where(self.there, threshold, np.inf)

    def scores(self):
        """One normal number for each record: the middle of its stretch, 0 where missing."""
        low, high = self.stretches()
        return special.ndtri((special.ndtr(low) + special.ndtr(high)) / 2)


@dataclass(frozen=True)
class Margin:
    """One variable between the bell curve and its own values.

    Attributes
    ----------
    variable : Variable
        Its line of the recipe.
    order : list of int or None
        The numbers of the labels, in the order in which they lie under the bell curve.
    values : numpy.ndarray or None
        The observed numbers in order, where marginals are empirical.
    """

    variable: Variable
    order: list | None = None
    values: np.ndarray | None = None

    @property
    def n_kept(self):
        """How many different observed numbers it holds."""
        return 0 if self.values is None else len(np.unique(self.values))

    @property
    def labels(self):
        """The labels in their order."""
        return [self.variable.family.labels[number] for number in self.order]

    def draw(self, hidden):
        """Normal numbers as values of the variable."""
        variable, shares = self.variable, special.ndtr(hidden)
        if self.values is not None:
            last = len(self.values) - 1
            return variable.values(self.values[np.minimum((shares * len(self.values)).astype(int), last)])
        if self.order is None:
            return variable.values(quantiles(variable.family, hidden, variable.scale.whole))
        upto = np.cumsum(np.array(variable.family.probs)[self.order])
        place = np.minimum(np.searchsorted(upto / upto[-1], shares), len(self.order) - 1)
        return variable.labels(np.array(self.order)[place])


def quantiles(family, hidden, as_whole=False):
    """Normal numbers as values of a family: the value that has as large a share of the values below it.

    Found on a fine grid by halving, since not all families have a formula.

    Parameters
    ----------
    family : Family
    hidden : numpy.ndarray of float
        Beyond 6 they count as 6.
    as_whole : bool
        Whether only whole numbers can occur.

    Returns
    -------
    numpy.ndarray of float
    """
    grid = np.linspace(-6, 6, 4001)
    stepped = isinstance(family, counts.Count)
    curve = family if stepped or not as_whole else family.widened()
    share = special.ndtr(grid)
    some = family.sample(1000, np.random.default_rng(0), as_whole)
    low, high = float(some.min()), float(some.max())
    with np.errstate(over="ignore"):  # far beyond the ends of a narrow family
        below = above = max(high - low, 1.0)
        while curve.cdf(low - below) > share[0] and below < 1e300:
            below *= 2
        while curve.cdf(high + above) < share[-1] and above < 1e300:
            above *= 2
        low, high = np.full_like(grid, low - below), np.full_like(grid, high + above)
        for _ in range(80):
            middle = (low + high) / 2
            beyond = curve.cdf(middle) >= share
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    if stepped:  # a step of the curve lies at a whole number, just below `high`
        return np.floor(high + 1e-9)[np.minimum(np.searchsorted(grid, hidden), len(grid) - 1)]
    return np.interp(hidden, grid, high)


def _stretches(joining):
    """All hidden numbers: (low, high, names), the former of shape (n, d)."""
    columns = {}
    for name, one in joining.items():
        columns[name] = one.stretches()
        of_missing = one.missing_stretches()
        if of_missing:
            columns[missing_name(name)] = of_missing
    if not columns:
        return np.zeros((1, 0)), np.zeros((1, 0)), []
    low, high = (np.column_stack([pair[side] for pair in columns.values()]) for side in (0, 1))
    return low, high, list(columns)
