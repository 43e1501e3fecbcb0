"""Four toy models that span the whole range: the average person, a bell curve, a histogram, and copying.

`Average` knows one number for each variable, and gives it to everybody. `Normal` is R's `rnorm` with its mean and standard deviation learned from the data: two parameters, and a shape that may be
wrong. `Histogram` has as many parameters as you give it bins. `Bootstrap` (Efron, 1979) draws the observed records
again: nothing is lost, and nothing is hidden. All but the last treat each variable alone, so all association is lost.
"""

from numbers import Integral

import numpy as np
import pandas as pd

from workshop.models.base import GenerativeModel
from workshop.numeric import Scale, bin_edges
from workshop.table import NUMBER_LIKE, kind_of

LEFT_OUT = "(text left out)"
#: Whoever is alone in a narrow bin can be read off the histogram; of more people than this it is a copy.
MOST_ALONE = 0.1


class Normal(GenerativeModel):
    """Each number from a normal distribution with the observed mean and standard deviation.

    Categories are drawn by their observed shares, missing values by their share, keys are made anew, text is left out.

    Attributes
    ----------
    remarks_ : list of str
        What was left out or made anew, in words.

    Examples
    --------
    >>> model = Normal().fit(pd.Series([1.0, 2.0, 3.5], name="x"))
    >>> model.theta
      variable           parameter     value
    0        x                mean  2.166667
    1        x  standard deviation  1.258306
    >>> len(model.sample(1000, rng=1))
    1000
    """

    def _fit(self, table):
        self.variables_ = {name: _Variable(table[name], self._fit_numbers) for name in table.columns}
        self.remarks_ = [variable.remark for variable in self.variables_.values() if variable.remark]

    def _fit_numbers(self, numbers, scale):
        return _Bell(numbers)

    def _sample(self, n, rng):
        return pd.DataFrame({name: variable.draw(n, rng) for name, variable in self.variables_.items()})

    def _theta(self):
        return [(name, *row) for name, variable in self.variables_.items() for row in variable.theta()]


class Average(Normal):
    """Everybody is the same person: the mean of each number, the most frequent of each label. The constant model, as inflexible as a model can be.

    Examples
    --------
    >>> Average().fit(pd.Series([1.0, 2.0, 3.5, 3.5])).sample(2, rng=1).tolist()
    [2.5, 2.5]
    """

    def _fit(self, table):
        self.variables_ = {name: _Everybody(table[name]) for name in table.columns}
        self.remarks_ = [variable.remark for variable in self.variables_.values() if variable.remark]


class Histogram(Normal):
    """Each number from its histogram: pick a bin by its share, then any value in that bin.

    Parameters
    ----------
    bins : int, default 30
        Number of bins of equal width. Their outer edges are rounded outwards. Whole numbers get bins that hold equally
        many of them, so there may be fewer.

    Examples
    --------
    >>> model = Histogram(bins=2).fit(pd.Series([1.0, 2.0, 3.5, 9.9], name="x"))
    >>> model.theta
      variable                parameter  value
    0        x   share of 1 to under 5.5   0.75
    1        x  share of 5.5 to under 10   0.25
    """

    def __init__(self, bins=30):
        self.bins = bins

    def _fit(self, table):
        if not isinstance(self.bins, Integral) or isinstance(self.bins, bool) or self.bins < 1:
            raise ValueError(f"bins must be a whole number, 1 or more; got {self.bins!r}.")
        super()._fit(table)

    def _fit_numbers(self, numbers, scale):
        return _Bins(numbers, self.bins, scale)

    @property
    def keeps_records(self):
        """True where the bins are so many that more than a tenth of the records of a variable are alone in theirs."""
        return any(variable.present.share_alone > MOST_ALONE for variable in getattr(self, "variables_", {}).values())


class Bootstrap(GenerativeModel):
    """Whole observed records, drawn again with replacement. Every synthetic record is a copy of somebody's.

    Examples
    --------
    >>> Bootstrap().fit(pd.Series([5, 7])).sample(4, rng=1).isin([5, 7]).all()
    np.True_
    """

    keeps_records = True

    def _fit(self, table):
        self.records_ = table.copy()
        self.remarks_ = ["Every synthetic record is a copy of an observed one."]

    def _sample(self, n, rng):
        chosen = rng.integers(0, len(self.records_), n)
        return self.records_.iloc[chosen].reset_index(drop=True)

    def _theta(self):
        return [
            (name, f"record {number}", value)
            for name in self.records_.columns
            for number, value in enumerate(self.records_[name], start=1)
        ]

    @property
    def n_parameters(self):
        """Every value of every record."""
        self._require_fit()
        return self.records_.size


class _Variable:
    """One variable: its share of missing values, and a model of the values that are present."""

    def __init__(self, series, fit_numbers):
        self.dtype, self.kind = series.dtype, kind_of(series)
        self.missing = float(series.isna().mean())
        self.remark = None
        if self.kind == "empty":
            self.present = _Nothing(series)
        elif self.kind == "key":
            self.present = _NewKey(series)
            self.remark = f"'{series.name}' is a key: the synthetic records get new ones."
        elif self.kind == "text":
            self.present = _NoText()
            self.remark = f"'{series.name}' is text: it is left out."
        elif self.kind in NUMBER_LIKE:
            self.present = _Numbers(series, self.kind, fit_numbers)
        else:
            self.present = _Shares(series)

    def draw(self, n, rng):
        values = self.present.draw(n, rng, self.dtype)
        return values.mask(rng.random(n) < self.missing) if 0 < self.missing < 1 else values

    def theta(self):
        return self.present.theta() + [("share missing", self.missing)] * (self.missing > 0)


class _Everybody(_Variable):
    """One variable where everybody has the same value; missing, if most are."""

    def __init__(self, series):
        super().__init__(series, lambda numbers, scale: _Mean(numbers))
        self.missing = round(self.missing)
        if isinstance(self.present, _Shares):
            self.present.shares = np.eye(len(self.present.shares))[self.present.shares.argmax()]

    def draw(self, n, rng):
        values = super().draw(n, rng)
        return values.mask(np.ones(n, dtype=bool)) if self.missing and self.kind != "empty" else values

    def theta(self):
        return [row for row in super().theta() if row[1]]


class _Present:
    """A model of the values that are present."""

    share_alone = 0.0

    def theta(self):
        return []


class _Numbers(_Present):
    """Numbers, dates and times: a model of floats, on the variable's own scale."""

    def __init__(self, series, kind, fit_numbers):
        self.scale = Scale.of(series, kind)
        self.model = fit_numbers(self.scale.to_numbers(series), self.scale)
        self.share_alone = getattr(self.model, "share_alone", 0.0)

    def draw(self, n, rng, dtype):
        return self.scale.to_series(self.model.draw(n, rng))

    def theta(self):
        return self.model.theta()


class _Bell:
    """A normal distribution. The standard deviation divides by n - 1, as `sd()` in R and `.std()` in pandas do."""

    def __init__(self, numbers):
        self.mean = float(numbers.mean())
        self.sd = float(numbers.std(ddof=1)) if len(numbers) > 1 else 0.0

    def draw(self, n, rng):
        return rng.normal(self.mean, self.sd, n)

    def theta(self):
        return [("mean", self.mean), ("standard deviation", self.sd)]


class _Mean:
    """The mean, for everybody."""

    def __init__(self, numbers):
        self.mean = float(numbers.mean())

    def draw(self, n, rng):
        return np.full(n, self.mean)

    def theta(self):
        return [("mean", self.mean)]


class _Bins:
    """A histogram: the edges of the bins and the share of the values in each."""

    def __init__(self, numbers, bins, scale):
        self.edges = bin_edges(numbers.min(), numbers.max(), bins, whole=scale.whole)
        counts, _ = np.histogram(numbers, self.edges)
        self.shares = counts / counts.sum()
        self.share_alone = (counts == 1).sum() / counts.sum()

    def draw(self, n, rng):
        chosen = rng.choice(len(self.shares), n, p=self.shares)
        return rng.uniform(self.edges[chosen], self.edges[chosen + 1])

    def theta(self):
        return [
            (f"share of {low:.10g} to under {high:.10g}", share)
            for low, high, share in zip(self.edges[:-1], self.edges[1:], self.shares.tolist(), strict=True)
        ]


class _Shares(_Present):
    """Labels, each with its share."""

    def __init__(self, series):
        if isinstance(series.dtype, pd.CategoricalDtype):
            labels, counts = series.cat.categories, series.value_counts(sort=False)
            self.shares = counts.reindex(labels).to_numpy(dtype=float)
        else:
            counts = series.value_counts().sort_index()
            labels, self.shares = counts.index, counts.to_numpy(dtype=float)
        self.labels = pd.Series(labels, dtype=labels.dtype)
        self.shares = self.shares / self.shares.sum()

    def draw(self, n, rng, dtype):
        chosen = rng.choice(len(self.shares), n, p=self.shares)
        if isinstance(dtype, pd.CategoricalDtype):
            return pd.Series(pd.Categorical.from_codes(chosen, dtype=dtype))
        return self.labels.take(chosen).reset_index(drop=True).astype(dtype)

    def theta(self):
        return [(f"share of {label!r}", share) for label, share in zip(self.labels, self.shares.tolist(), strict=True)]


class _NewKey(_Present):
    """Keys made anew: they run from 1 and say nothing about anybody."""

    def __init__(self, series):
        self.name, self.is_text = series.name, not pd.api.types.is_numeric_dtype(series.dtype)

    def draw(self, n, rng, dtype):
        numbers = np.arange(1, n + 1)
        if self.is_text:
            return ("synthetic-" + pd.Series(numbers).astype(str).str.zfill(6)).astype(dtype)
        scale = Scale("discrete", dtype)
        keys = scale.to_series(numbers)
        if not keys.is_unique:  # the type ends too early: begin below 1
            keys = scale.to_series(numbers - (n - int(keys.max())))
        if not keys.is_unique:
            raise ValueError(
                f"'{self.name}' is a key of type {dtype}, too small for {n:,} keys: ask for fewer records."
            )
        return keys


class _NoText(_Present):
    """A placeholder, because words that people wrote must not be handed on."""

    def draw(self, n, rng, dtype):
        return pd.Series(np.full(n, LEFT_OUT, dtype=object)).astype(dtype)


class _Nothing(_Present):
    """A variable that was never observed: missing values of the same type."""

    def __init__(self, series):
        self.template = series.iloc[:1].reset_index(drop=True)

    def draw(self, n, rng, dtype):
        return self.template.take(np.zeros(n, dtype=int)).reset_index(drop=True)
