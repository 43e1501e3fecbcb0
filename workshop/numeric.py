"""Whole numbers, dates and times as plain numbers, and back.

A model of numbers should not have to know about calendars. A `Scale` remembers what one variable looked like (its type,
its precision, the limits of its type), turns its values into floats, and turns floats into values of the same type again.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api import types

#: Steps in which times are counted, coarsest first, in microseconds.
_STEPS = {
    "day": 86_400_000_000,
    "hour": 3_600_000_000,
    "minute": 60_000_000,
    "second": 1_000_000,
    "millisecond": 1_000,
    "microsecond": 1,
}


@dataclass(frozen=True)
class Scale:
    """How the values of one number-like variable become floats and return.

    Attributes
    ----------
    kind : str
        "continuous", "discrete", "date", "datetime", "time" or "duration".
    dtype : pandas or numpy dtype
        What the variable is stored as.
    step : int
        For dates and times: the precision found in the data, in microseconds. Else 1.
    """

    kind: str
    dtype: object
    step: int = 1

    @classmethod
    def of(cls, series, kind):
        """Read the scale off a variable with at least one value."""
        step = 1 if kind in ("continuous", "discrete") else _precision(_microseconds(series.dropna(), kind))
        return cls(kind, series.dtype, step)

    @property
    def whole(self):
        """True where only whole steps occur (everything but continuous numbers)."""
        return self.kind != "continuous"

    @property
    def unit(self):
        """The step in words ("day", "second"), or an empty string for plain numbers."""
        return (
            ""
            if self.kind in ("continuous", "discrete")
            else next(name for name, size in _STEPS.items() if size == self.step)
        )

    def to_numbers(self, series):
        """The values that are present, as an array of floats (for dates and times: steps since 1970 or midnight)."""
        present = series.dropna()
        if self.kind in ("continuous", "discrete"):
            return present.to_numpy(dtype=float)
        return _microseconds(present, self.kind) / self.step

    def to_series(self, numbers, name=None):
        """Floats as a Series of the variable's own type, rounded to its steps and kept inside the limits of the type."""
        numbers = np.rint(numbers) if self.whole else np.asarray(numbers, dtype=float)
        if self.kind in ("continuous", "discrete"):
            return pd.Series(_within_type(numbers, self.dtype), name=name).astype(self.dtype)
        return pd.Series(
            self._times(numbers * self.step), name=name, dtype=object if self.dtype == object else None
        ).astype(self.dtype)

    def _times(self, microseconds):
        if self.kind == "time":
            within_a_day = np.clip(microseconds, 0, _STEPS["day"] - self.step)
            return np.array(pd.to_datetime(within_a_day, unit="us").time, dtype=object)
        whole = np.clip(microseconds, *self._limits()).astype("int64")
        if self.kind == "duration":
            lengths = whole.astype("timedelta64[us]")
            return lengths.astype(object) if self.dtype == object else lengths
        moments = whole.astype("datetime64[us]")
        if self.dtype == object:
            return moments.astype("datetime64[D]" if self.kind == "date" else "datetime64[us]").astype(object)
        zone = getattr(self.dtype, "tz", None)
        return moments if zone is None else pd.Series(moments).dt.tz_localize("UTC").dt.tz_convert(zone)

    def _limits(self):
        """The first and last moment that the type can hold, in microseconds."""
        if "ns" in str(self.dtype):
            return -9.2e15, 9.2e15  # the years 1678 and 2261
        if self.kind == "duration":
            return -9.2e18, 9.2e18
        return (np.array(["0001-01-01", "9999-12-31T23:59:59"], dtype="datetime64[us]").astype("int64")).tolist()


def bin_edges(low, high, bins, whole=False):
    """Edges of bins of equal width from `low` to `high`, rounded outwards so that they are nobody's own value.

    Parameters
    ----------
    low, high : float
        Smallest and largest value.
    bins : int
        How many bins (at most, for whole numbers).
    whole : bool
        For whole numbers each bin holds equally many of them, and the edges lie half-way between two.

    Returns
    -------
    numpy.ndarray of float, increasing

    Examples
    --------
    >>> bin_edges(1.3, 9.9, 3)
    array([ 1.,  4.,  7., 10.])
    >>> bin_edges(1, 6, 30, whole=True)
    array([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5])
    """
    if whole:
        width = max(1.0, np.ceil((high - low + 1) / bins))
        return np.arange(low - 0.5, high + width, width)
    if high - low < np.finfo(float).tiny * bins:
        return np.array([low, np.nextafter(high, np.inf)])
    unit = 10.0 ** np.floor(np.log10((high - low) / bins))
    return np.linspace(np.floor(low / unit) * unit, np.ceil(high / unit) * unit, bins + 1)


def _microseconds(present, kind):
    if kind == "time":
        return np.array(
            [((t.hour * 60 + t.minute) * 60 + t.second) * 1_000_000 + t.microsecond for t in present], dtype="int64"
        )
    if kind == "duration":
        return present.to_numpy(dtype="timedelta64[us]").astype("int64")
    if getattr(present.dtype, "tz", None) is not None:
        present = present.dt.tz_convert("UTC").dt.tz_localize(None)
    return np.asarray(present.array, dtype="datetime64[us]").astype("int64")


def _precision(microseconds):
    return next(size for size in _STEPS.values() if size == 1 or not (microseconds % size).any())


def _within_type(numbers, dtype):
    """Keep numbers inside what the type can hold: an unsigned integer cannot be negative, an int8 ends at 127."""
    plain = getattr(dtype, "numpy_dtype", getattr(dtype, "subtype", dtype))
    if types.is_integer_dtype(plain):
        limits = np.iinfo(plain)
        # 2**63 - 1 is no float; the float below it is the largest that fits.
        largest = limits.max if limits.max < 2**53 else np.nextafter(float(limits.max), 0)
        return np.clip(numbers, float(limits.min), largest)
    limits = np.finfo(plain)
    return np.clip(numbers, limits.min, limits.max)
