"""Tables in text files: csv and tsv.

A text file says nothing about types, so they are read off the values: a column is a number, a date or yes/no only if *every*
value in it is. When in doubt it stays text, because "0123" turned into 123 is lost for good and text can always be converted.
"""

import csv
import io
import re
from datetime import time
from itertools import islice

import numpy as np
import pandas as pd

from workshop.table import TableError

#: Missing in every column: nothing at all, and R's NA.
MISSING = frozenset(["", "NA"])
#: Missing too, but only beside numbers, dates or yes/no. In a column of text these are words: people are called Nan and Null.
MISSING_AMONG_VALUES = MISSING | {"N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", ".", "-"}


def read_delimited(path, delimiters):
    """A csv or tsv file as a table.

    Parameters
    ----------
    path : pathlib.Path
    delimiters : str
        The characters that may separate the values; the one that suits the first lines is taken. Beside ";" numbers may
        have a decimal comma.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    TableError
        If the file is not text, or its lines do not all have the same number of values.
    """
    text, file = _decode(path), path.name
    delimiter = _sniff(text, delimiters)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = next(filter(None, lines), [])
        records = [_checked(line, names, lines.line_num, file) for line in lines if line]
    except csv.Error as cause:
        raise TableError(
            f"Line {lines.line_num} of '{file}' cannot be read ({cause}): "
            "look for a quotation mark that is opened and never closed."
        ) from cause
    columns = list(zip(*records, strict=True)) or [()] * len(names)
    del records
    comma = delimiter == ";" and any(_has_decimal_comma(cells) for cells in columns)
    return named_table(names, [recognise(cells, decimal="," if comma else ".") for cells in columns])


def named_table(names, columns):
    """Put columns under their names. Nameless columns are dropped where empty, else named as pandas does ("Unnamed: 0").

    Raises
    ------
    TableError
        If two columns have the same name.
    """
    kept = {}
    for number, (name, column) in enumerate(zip(names, columns, strict=True)):
        if not name.strip():
            if column.isna().all():
                continue
            name = f"Unnamed: {number}"
        if name in kept:
            raise TableError(
                f"The column name '{name}' occurs more than once in the first line of the file: rename one of them."
            )
        kept[name] = column
    if not kept:
        raise TableError("The file holds no columns: its first line must give their names.")
    return pd.DataFrame(kept)


def recognise(cells, decimal=".", among=None):
    """Text becomes what all of it is: whole numbers, numbers, yes/no, dates, times, durations, or else text.

    Parameters
    ----------
    cells : sequence of str
        One column.
    decimal : "." or ","
        The decimal mark of the numbers.
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
    # What stands there a thousand times is looked at once.
    place, cells = pd.factorize(np.array(cells, dtype=object))
    return _recognise(cells, decimal, among).take(place).reset_index(drop=True)


def _recognise(cells, decimal, among):
    words = [cell.strip() for cell in cells]
    given = np.array([word not in MISSING_AMONG_VALUES for word in words], dtype=bool)
    values = [word for word, is_given in zip(words, given, strict=True) if is_given]
    for kind, (pattern, convert) in _PATTERNS.items():
        pattern = _with_comma(pattern) if decimal == "," and kind == "number" else pattern
        if values and (among is None or kind in among) and all(map(pattern.fullmatch, values)):
            try:
                return _spread(convert(np.array(values, dtype=object)), given)
            except (ValueError, OverflowError):
                continue  # it only looked like one: 30 February, or more digits than a number can hold
    given = np.array([cell not in MISSING for cell in cells], dtype=bool)
    if not given.any():
        return pd.Series(np.full(len(cells), np.nan))
    return pd.Series(cells).where(given)


def _decode(path):
    raw = path.read_bytes()
    likely = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (likely, "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableError(
        f"'{path.name}' does not hold plain text, so it is no {path.suffix} file: open it in the program it came from and save it as csv (UTF-8)."
    )


def _sniff(text, delimiters):
    """The delimiter that cuts the first lines into the same number of values, and into the most."""

    def fit(delimiter):
        try:
            lines = csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter)
            widths = [len(line) for line in islice(lines, 50) if line]
        except csv.Error:
            return False, 1
        widths = widths[:-1] if len(text) > 100_000 else widths  # the last line may be cut short
        return len(set(widths)) == 1 and widths[0] > 1, widths[0] if widths else 1

    return max(delimiters, key=fit)


def _checked(line, names, number, file):
    if len(line) != len(names):
        raise TableError(
            f"Line {number} of '{file}' has {len(line)} value{'s' * (len(line) != 1)} but the first line has {len(names)} "
            f"name{'s' * (len(names) != 1)}: give every line as many values as there are names, "
            "and put quotation marks around text that holds the separator."
        )
    return line


def _has_decimal_comma(cells):
    values = [word for word in map(str.strip, cells) if word not in MISSING_AMONG_VALUES]
    return any("," in value for value in values) and all(map(_with_comma(_PATTERNS["number"][0]).fullmatch, values))


def _with_comma(pattern):
    return re.compile(pattern.pattern.replace(r"\.", ","))


def _spread(values, given):
    """Put the values where they were given, and missing values elsewhere."""
    values = pd.Series(values)
    if not given.all():
        # A float holds 15 digits of a long number for certain; pandas' own Int64 holds them all.
        long = values.dtype == "int64" and values.abs().max() > 2**53
        values = values.astype("Int64" if long else "boolean" if values.dtype == bool else values.dtype)
    return values.set_axis(np.flatnonzero(given)).reindex(range(len(given)))


def _to_numbers(values):
    numbers = np.array([value.replace(",", ".") for value in values]).astype(float)
    if not np.isfinite(numbers).any():
        raise ValueError("a column of nothing but 'inf' holds words")
    return numbers


def _to_times(values):
    return np.array([time.fromisoformat(value) for value in values], dtype=object)


def _to_moments(values):
    # Not pandas' own reader: on pandas 2 that ends at the year 2262, and 9999 is a favourite "no end date".
    return values.astype(f"datetime64[{'us' if max(map(len, values)) <= 26 else 'ns'}]")


_DAY, _CLOCK = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
#: What each kind looks like, and how it is converted; the first that suits every value is taken.
#: No number begins with a plus (telephone numbers do) or with a zero before another digit (postcodes do),
#: and a float cannot hold 17 digits before the point.
_PATTERNS = {
    "whole": (re.compile(r"-?(0|[1-9]\d*)", re.ASCII), lambda v: v.astype("int64")),
    "number": (
        re.compile(r"(?!-?\d{17})-?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][-+]?\d+)?|[-+]?[Ii]nf", re.ASCII),
        _to_numbers,
    ),
    "boolean": (re.compile("true|false|True|False|TRUE|FALSE"), lambda v: np.char.lower(v.astype(str)) == "true"),
    "date": (re.compile(f"{_DAY}([ T]{_CLOCK})?", re.ASCII), _to_moments),
    "zoned": (
        re.compile(rf"{_DAY}[ T]{_CLOCK}(Z|[-+]\d\d:?\d\d)", re.ASCII),
        lambda v: pd.to_datetime(v, utc=True, format="ISO8601"),
    ),
    "time": (re.compile(_CLOCK, re.ASCII), _to_times),
    "duration": (re.compile(rf"-?\d+ days( \+?{_CLOCK})?", re.ASCII), pd.to_timedelta),
}
