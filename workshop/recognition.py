"""What a column of text holds: numbers, dates, yes/no, or words.

A column is a number, a date or yes/no only if *every* value in it is. When in doubt it stays text, because "0123" turned into 123 is lost
for good and text can always be converted.
"""

import re
from datetime import time

import numpy as np
import pandas as pd
from pandas.api import types

from workshop.marks import number_pattern

#: Missing in every column: nothing at all, and R's NA.
MISSING = frozenset(["", "NA"])
#: Missing too, but only beside numbers, dates or yes/no. In a column of text these are words: people are called Nan and Null.
MISSING_AMONG_VALUES = MISSING | {"N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", ".", "-"}


def recognise(cells, decimal=".", thousands="", among=None):
    """Text becomes what all of it is: whole numbers, numbers, yes/no, dates, times, durations, or else text.

    Parameters
    ----------
    cells : sequence of str
        One column.
    decimal, thousands : str
        The marks of the numbers; without a thousands mark if left out.
    among : set of str, optional
        The only kinds to look for, out of "whole", "number", "boolean", "date", "zoned", "time", "duration".

    Returns
    -------
    pandas.Series
        Whole numbers beside missing values are float64, as everywhere in pandas, and yes/no is "boolean".

    Examples
    --------
    >>> recognise(["1", "", "3"]).tolist()
    [1.0, nan, 3.0]
    >>> recognise(["0123", "4567"]).tolist()
    ['0123', '4567']
    >>> recognise(["2025-06-01", "None"]).isna().tolist()
    [False, True]
    >>> recognise(["Ann", "None"]).isna().tolist()
    [False, False]
    """
    return recognise_distinct(*distinct(cells), decimal, thousands, among)


def distinct(cells):
    """(place of each cell among the different ones, the different ones): what stands there a thousand times is looked at once."""
    return pd.factorize(np.asarray(cells, dtype=object))


def given_values(cells):
    """The words of the different cells that are given, beside numbers."""
    return [word for word in map(str.strip, cells) if word not in MISSING_AMONG_VALUES]


def recognise_distinct(place, cells, decimal=".", thousands="", among=None):
    """`recognise` for a column that is in two parts already, as `distinct` gives them."""
    return _recognise(cells, decimal, thousands, among).take(place).reset_index(drop=True)


def simplest(cells):
    """Python objects in the plainest type that holds them: days become date-times at midnight."""
    present = cells.dropna()
    if present.empty:
        return cells.astype(float)
    found = types.infer_dtype(present)
    if found in ("date", "datetime"):
        present = pd.Series(present.to_numpy().astype("datetime64[us]"), index=present.index)
    elif found == "boolean" and len(present) < len(cells):
        present = present.astype("boolean")
    return present.infer_objects().reindex(cells.index)


def _recognise(cells, decimal, thousands, among):
    words = [cell.strip() for cell in cells]
    given = np.array([word not in MISSING_AMONG_VALUES for word in words], dtype=bool)
    values = [word for word, is_given in zip(words, given, strict=True) if is_given]
    for kind, (pattern, convert) in _PATTERNS.items():
        if kind == "number":
            pattern, convert = number_pattern(decimal, thousands), lambda v: _to_numbers(v, decimal, thousands)
        if values and (among is None or kind in among) and all(map(pattern.fullmatch, values)):
            try:
                return _spread(convert(np.array(values, dtype=object)), given)
            except (ValueError, OverflowError):
                continue  # it only looked like one: 30 February, or more digits than a number can hold
    given = np.array([cell not in MISSING for cell in cells], dtype=bool)
    if not given.any():
        return pd.Series(np.full(len(cells), np.nan))
    return pd.Series(cells).where(given)


def _spread(values, given):
    """Put the values where they were given, and missing values elsewhere."""
    values = pd.Series(values)
    if not given.all():
        # A float holds 15 digits of a long number for certain; pandas' own Int64 holds them all.
        long = values.dtype == "int64" and values.abs().max() > 2**53
        values = values.astype("Int64" if long else "boolean" if values.dtype == bool else values.dtype)
    return values.set_axis(np.flatnonzero(given)).reindex(range(len(given)))


def _to_numbers(values, decimal, thousands):
    if thousands:
        values = [value.replace(thousands, "") for value in values]
    if decimal != ".":
        values = [value.replace(decimal, ".") for value in values]
    numbers = np.array(values, dtype=str).astype(float)
    if not np.isfinite(numbers).any():
        raise ValueError("a column of nothing but 'inf' holds words")
    return numbers


def _to_times(values):
    return np.array([time.fromisoformat(value) for value in values], dtype=object)


def _to_moments(values):
    # Not pandas' own reader: on pandas 2 that ends at the year 2262, and 9999 is a favourite "no end date".
    return values.astype(f"datetime64[{'us' if max(map(len, values)) <= 26 else 'ns'}]")


_DAY, _CLOCK = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
#: What each kind looks like, and how it is converted; the first that suits every value is taken. Of numbers `marks.py` knows more.
_PATTERNS = {
    "whole": (re.compile(r"-?(0|[1-9]\d*)", re.ASCII), lambda v: v.astype("int64")),
    "number": (number_pattern(), _to_numbers),
    "boolean": (re.compile("true|false|True|False|TRUE|FALSE"), lambda v: np.char.lower(v.astype(str)) == "true"),
    "date": (re.compile(f"{_DAY}([ T]{_CLOCK})?", re.ASCII), _to_moments),
    "zoned": (
        re.compile(rf"{_DAY}[ T]{_CLOCK}(Z|[-+]\d\d:?\d\d)", re.ASCII),
        lambda v: pd.to_datetime(v, utc=True, format="ISO8601"),
    ),
    "time": (re.compile(_CLOCK, re.ASCII), _to_times),
    "duration": (re.compile(rf"-?\d+ days( \+?{_CLOCK})?", re.ASCII), pd.to_timedelta),
}
