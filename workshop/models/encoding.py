"""How one variable becomes numbers that a model of a step can use, and how synthetic numbers become values again.

Every variable has a *state* and, if it is a number, a date or a time, a *number* as well. The state says whether there is a
number at all: 0 stands for "yes, a number", the others for a value that is missing, a special code such as -8, or a heap
such as the zeros of those who spend nothing. A variable of labels has states only, one for each level, and one for missing.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workshop.models.families import Values
from workshop.numeric import Scale
from workshop.table import NUMBER_LIKE, kind_of

#: A value that so many records share, in a variable of more than so many different values, is a heap of its own.
HEAP, MANY_DIFFERENT = 0.1, 20
#: Kinds whose values are not coded: only whether there is one.
WITHOUT_LEVELS = ("key", "text", "empty")
#: The state of number-like variables that says: there is a number.
A_NUMBER = 0


@dataclass(frozen=True, eq=False)
class Column:
    """A variable as numbers: its states, and (for number-like variables) its numbers, nan where missing.

    Attributes
    ----------
    states : numpy.ndarray of int, shape (n,)
    numbers : numpy.ndarray of float, shape (n,), or None
    code : Code
    """

    states: np.ndarray
    numbers: np.ndarray | None
    code: "Code"

    def __len__(self):
        return len(self.states)

    def take(self, rows):
        return Column(self.states[rows], None if self.numbers is None else self.numbers[rows], self.code)


@dataclass(frozen=True, eq=False)
class Code:
    """How the values of one variable are written as states and numbers.

    Attributes
    ----------
    name, kind : str
    dtype : pandas or numpy dtype
    n_states : int
    missing : int or None
        The state that says missing: the last one.
    nothing : pandas.Series
        One missing value as the table writes it; empty where none is missing.
    levels : pandas.Series or None
        For labels: the value of each state, of the variable's own type.
    scale : Scale or None
        For number-like variables: how values become floats.
    decimals : int or None
        What the numbers are rounded to, if they are made anew.
    heaps : tuple of float
        The numbers of the states from 1 on.
    low, middle, high : float
        Minimum, median and maximum of the observed numbers.
    """

    name: str
    kind: str
    dtype: object
    n_states: int = 1
    missing: int | None = None
    nothing: pd.Series | None = None
    levels: pd.Series | None = None
    scale: Scale | None = None
    decimals: int | None = None
    heaps: tuple = ()
    low: float = 0.0
    middle: float = 0.0
    high: float = 0.0

    @classmethod
    def of(cls, series, special=(), heaps=None, may_miss=False):
        """Read it off the observed values.

        Parameters
        ----------
        series : pandas.Series
        special : sequence of numbers
            Codes that are no numbers, such as -8 for "does not apply".
        heaps : number, sequence of numbers or None
            Values at which numbers pile up. None finds them: shared by a tenth of the records, among more than 20 different.
        may_miss : bool
            Whether there is a state for missing even if no observed value is.
        """
        kind, name, dtype = kind_of(series), str(series.name), series.dtype
        nothing = series[series.isna()].iloc[:1].reset_index(drop=True)
        if may_miss and nothing.empty and (pd.api.types.is_extension_array_dtype(dtype) or dtype.kind not in "biu"):
            nothing = pd.Series([None], dtype=object).astype(dtype)
        misses = int(not nothing.empty and kind != "empty")
        if kind in NUMBER_LIKE:
            scale = Scale.of(series, kind)
            numbers = scale.to_numbers(series)
            special = [float(value) for value in special]
            found = _heaps(numbers[~np.isin(numbers, special)], kind) if heaps is None else heaps
            heaps = tuple(sorted({*special, *np.atleast_1d(np.asarray(found, dtype=float)).tolist()}))
            decimals = Values(numbers, scale.whole).decimals if kind == "continuous" else None
            n_states, levels = 1 + len(heaps), None
            ends = float(numbers.min()), float(np.median(numbers)), float(numbers.max())
        else:
            scale, decimals, heaps, ends = None, None, (), ()
            levels = None if kind in WITHOUT_LEVELS else _levels(series)
            n_states = 1 if levels is None else len(levels)
            levels = levels if levels is None or not misses else pd.concat([levels, nothing], ignore_index=True)
        missing = n_states if misses else None
        return cls(name, kind, dtype, n_states + misses, missing, nothing, levels, scale, decimals, heaps, *ends)

    @property
    def has_numbers(self):
        return self.scale is not None

    @property
    def n_levels(self):
        """The number of states that are not missing."""
        return self.n_states - (self.missing is not None)

    @property
    def ordered(self):
        """Whether neighbouring states mean neighbouring things."""
        return self.kind in ("ordered", "boolean")

    def encode(self, series):
        """Values of the variable's own type as a Column; a label that was not seen when the code was read must not occur."""
        absent = series.isna().to_numpy()
        if self.has_numbers:
            numbers = np.full(len(series), np.nan)
            numbers[~absent] = Scale(self.kind, series.dtype, self.scale.step).to_numbers(series)
            states = np.zeros(len(series), dtype=np.int32)
            for place, value in enumerate(self.heaps, start=1):
                states[numbers == value] = place
        elif self.levels is None:
            numbers, states = None, np.zeros(len(series), dtype=np.int32)
        elif isinstance(self.dtype, pd.CategoricalDtype):
            numbers, states = None, series.cat.codes.to_numpy(dtype=np.int32, copy=True)
        else:
            known = self.levels if self.missing is None else self.levels.iloc[:-1]
            numbers, states = None, pd.Index(known).get_indexer(pd.Index(series)).astype(np.int32)
        states[absent] = 0 if self.missing is None else self.missing
        return Column(states, numbers, self)

    def as_type(self, values, who):
        """Values that a formula, a function or a person gave, as a Series of the variable's own type.

        Raises
        ------
        ValueError
            If the type cannot hold them; `who` begins the sentence.
        """
        series = pd.Series(values).reset_index(drop=True)
        try:
            if self.kind in ("continuous", "discrete"):
                numbers = pd.to_numeric(series).astype(float)
                if np.isinf(numbers).any():
                    raise ValueError("one of them is infinite")
                proper = self.scale.to_series(numbers.dropna().to_numpy())
                return (
                    proper
                    if len(proper) == len(series)
                    else proper.set_axis(numbers.dropna().index).reindex(series.index)
                )
            if self.kind in ("date", "datetime"):
                series = pd.to_datetime(series)
            typed = series.astype(self.dtype)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{who} gave values that do not fit the type {self.dtype}: {error}.") from None
        if (typed.isna() & ~series.isna()).any():
            unknown = series[typed.isna() & ~series.isna()].iloc[0]
            raise ValueError(f"{who} gave {unknown!r:.40}, which is no level of '{self.name}'.")
        return typed

    def encode_new(self, values, who):
        """As `as_type`, and then as a Column."""
        series = self.as_type(values, who)
        if self.missing is None and series.isna().any():
            raise ValueError(f"{who} gave a missing value, but the type {self.dtype} of '{self.name}' cannot hold one.")
        column = self.encode(series)
        if (column.states < 0).any():
            unknown = series[column.states < 0].iloc[0]
            raise ValueError(f"{who} gave {unknown!r:.40}, which is no level of '{self.name}'.")
        return self.column(column.states, column.numbers)

    def column(self, states, numbers=None):
        """Drawn states, and for number-like variables drawn numbers (used where the state is 0), as a Column.

        Numbers get the precision of the observed ones.
        """
        if not self.has_numbers:
            return Column(states, None, self)
        numbers = np.rint(numbers) if self.scale.whole else numbers
        numbers = np.round(numbers, self.decimals) if self.decimals is not None else numbers
        for place, value in enumerate(self.heaps, start=1):
            numbers = np.where(states == place, value, numbers)
        if self.missing is not None:
            numbers = np.where(states == self.missing, np.nan, numbers)
        return Column(states, numbers, self)

    def decode(self, column):
        """The values of a Column, as a Series of the variable's own type. (Not for keys and text, whose values are not coded.)"""
        states = column.states
        if self.kind == "empty":
            return self.nothing.take(states).reset_index(drop=True)
        if not self.has_numbers:
            if isinstance(self.dtype, pd.CategoricalDtype):
                codes = states if self.missing is None else np.where(states == self.missing, -1, states)
                return pd.Series(pd.Categorical.from_codes(codes, dtype=self.dtype))
            return self.levels.take(states).reset_index(drop=True)
        if self.missing is None:
            return self.scale.to_series(column.numbers)
        gone = states == self.missing
        values = self.scale.to_series(np.where(gone, self.low, column.numbers))
        return values.mask(gone, self.nothing.iloc[0]) if self.dtype == object else values.mask(gone)


def _levels(series):
    """The different values, in their own order or that of the alphabet."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        return pd.Series(pd.Categorical.from_codes(range(len(series.cat.categories)), dtype=series.dtype))
    return pd.Series(series.dropna().unique()).sort_values(ignore_index=True).astype(series.dtype)


def _heaps(numbers, kind):
    """Where numbers pile up: the most frequent value, if it is far more frequent than the others."""
    if kind not in ("continuous", "discrete") or not len(numbers):
        return ()
    distinct, counts = np.unique(numbers, return_counts=True)
    most = counts.argmax()
    return (distinct[most],) if len(distinct) > MANY_DIFFERENT and counts[most] >= HEAP * len(numbers) else ()
