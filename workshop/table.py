"""The one doorway for tables: what kind each variable has, and which tables are refused.

Every model and every measure begins here, so that a bad table is refused once, in one sentence that names the column
and the remedy, and never by an error from the depths of another library. Nothing here changes the table it is given.
"""

import re

import numpy as np
import pandas as pd
from pandas.api import types

#: The kinds a variable can have. They decide which models and which pictures suit it.
KINDS = {
    "continuous": "a number with decimals",
    "discrete": "a whole number",
    "categorical": "one of a few names, in no order",
    "ordered": "one of a few names, in an order",
    "boolean": "yes or no",
    "date": "a day",
    "datetime": "a day and a time",
    "time": "a time of day",
    "duration": "a length of time",
    "text": "words, with few repetitions",
    "key": "a different value for every record",
    "empty": "nothing but missing values",
}

NUMBER_LIKE = ("continuous", "discrete", "date", "datetime", "time", "duration")
LABEL_LIKE = ("categorical", "ordered", "boolean")

#: From this many records on, values that never repeat are taken for a key.
SMALLEST_KEYED_TABLE = 20
#: Beyond this, squares of numbers are no longer numbers.
LARGEST_NUMBER = 1e150


class TableError(ValueError):
    """The table cannot be used as it is; the message says what, in which column, and what to do, in one line."""

    def __init__(self, message):
        super().__init__(re.sub(r"\s*\n\s*", " ", str(message)))  # a column's name may have several lines


def with_columns(table, columns):
    """A copy of a table with columns replaced or added; unlike `assign`, it knows what to do with one called "self".

    Parameters
    ----------
    table : pandas.DataFrame
        It is not changed.
    columns : dict of str -> pandas.Series

    Returns
    -------
    pandas.DataFrame
    """
    changed = table.copy(deep=False)
    for name, column in columns.items():
        changed[name] = column
    return changed


def as_table(data):
    """Let a table in, or refuse it in one sentence.

    Parameters
    ----------
    data : pandas.DataFrame or pandas.Series
        Records in rows, variables in columns. A Series counts as a table of one variable.

    Returns
    -------
    pandas.DataFrame
        The same values; the frame that was given is not changed.

    Raises
    ------
    TableError
        If it is not a table, has no records or no columns, or a column cannot be understood.

    Examples
    --------
    >>> as_table(pd.Series([1, 2], name="age")).shape
    (2, 1)
    >>> as_table(pd.DataFrame({"age": []}))
    Traceback (most recent call last):
    workshop.table.TableError: The table has no records: give it at least one row.
    """
    if isinstance(data, pd.Series):
        data = data.to_frame(data.name if isinstance(data.name, str) and data.name else "values")
    if not isinstance(data, pd.DataFrame):
        raise TableError(
            f"Expected a table (a pandas DataFrame or Series) but got {type(data).__name__}: "
            "wrap it with pd.DataFrame(...) and give every column a name."
        )
    _check_names(data.columns)
    if len(data) == 0:
        raise TableError("The table has no records: give it at least one row.")
    for name in data.columns:
        kind_of(data[name])
    return data


def kind_of(series):
    """The kind of a variable, read from its type and its values.

    Parameters
    ----------
    series : pandas.Series

    Returns
    -------
    str
        One of `KINDS`. Whole numbers that arrive as floats (as pandas stores them beside missing values) are "discrete";
        days stored as date-times are "date"; text with few different values is "categorical".

    Raises
    ------
    TableError
        If the values are of no kind that can be synthesized.

    Examples
    --------
    >>> kind_of(pd.Series([1.0, 2.0, None]))
    'discrete'
    >>> kind_of(pd.to_datetime(pd.Series(["2025-06-01", "2025-06-02"])))
    'date'
    """
    _check_type(series)
    present = series.dropna()
    if present.empty:
        return "empty"
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return "ordered" if dtype.ordered else "categorical"
    if types.is_bool_dtype(dtype):
        return "boolean"
    if types.is_numeric_dtype(dtype):
        return _kind_of_numbers(present)
    if str(dtype).startswith("date32"):
        return "date"
    if types.is_datetime64_any_dtype(dtype):
        whole_days = getattr(present.dt, "tz", None) is None and (present == present.dt.normalize()).all()
        return "date" if whole_days else "datetime"
    if types.is_timedelta64_dtype(dtype) or str(dtype).startswith("duration"):
        return "duration"
    found = _type_of_values(present)
    return _kind_of_text(present) if found == "string" else found


def describe(table):
    """One line for each variable: its kind, type, missing values and number of different values.

    Parameters
    ----------
    table : pandas.DataFrame or pandas.Series

    Returns
    -------
    pandas.DataFrame
        Columns variable, kind, dtype, missing (share, 0 to 1) and distinct (number of different values).

    Examples
    --------
    >>> describe(pd.DataFrame({"age": [31, 44, None]}))
      variable      kind    dtype   missing  distinct
    0      age  discrete  float64  0.333333         2
    """
    table = as_table(table)
    return pd.DataFrame(
        {
            "variable": table.columns,
            "kind": [kind_of(table[name]) for name in table.columns],
            "dtype": [str(dtype) for dtype in table.dtypes],
            "missing": table.isna().mean().to_numpy(),
            "distinct": table.nunique().to_numpy(),
        }
    )


def _check_names(columns):
    if columns.nlevels > 1:
        raise TableError(
            "The columns have names on several levels: join them, for example with ['_'.join(c) for c in df.columns]."
        )
    if len(columns) == 0:
        raise TableError("The table has no columns: give it at least one.")
    nameless = [name for name in columns if not isinstance(name, str) or not name.strip()]
    if nameless:
        raise TableError(
            f"The column name {nameless[0]!r} is not a word: rename it, for example with df.columns = df.columns.astype(str)."
        )
    repeated = columns[columns.duplicated()]
    if len(repeated):
        raise TableError(f"The column name '{repeated[0]}' occurs more than once: rename one of them.")


#: pandas' names for what the values of an object column are, and the kind that they make.
_KIND_OF_VALUES = {
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "timedelta": "duration",
}

#: What to do about values of the types that are refused.
_REMEDIES = {
    "complex": "split it into its real and its imaginary part",
    "decimal": "turn it into numbers with df['{0}'].astype(float)",
    "integer": "turn it into numbers with pd.to_numeric(df['{0}'])",
    "floating": "turn it into numbers with pd.to_numeric(df['{0}'])",
    "mixed-integer-float": "turn it into numbers with pd.to_numeric(df['{0}'])",
    "datetime": "turn it into date-times with pd.to_datetime(df['{0}'])",
    "datetime with a zone": "turn it into date-times with pd.to_datetime(df['{0}'], utc=True)",
    "time with a zone": "take the zone off with df['{0}'].map(lambda time: time.replace(tzinfo=None))",
    "period": "turn it into dates with df['{0}'].dt.to_timestamp()",
    "interval": "turn it into names with df['{0}'].astype(str)",
    "bytes": "turn it into text with df['{0}'].str.decode('utf-8')",
}


def _refuse(name, found, type_name):
    remedy = _REMEDIES.get(type_name, "give every value the same simple type, for example with df['{0}'].astype(str)")
    return TableError(f"Column '{name}' holds {found}: {remedy.format(name)}, or leave the column out.")


def _check_type(series):
    """Refuse what the type alone rules out, and infinite numbers."""
    dtype, name = series.dtype, series.name
    if types.is_complex_dtype(dtype):
        raise _refuse(name, "complex numbers", "complex")
    if isinstance(dtype, pd.PeriodDtype):
        raise _refuse(name, "periods", "period")
    if isinstance(dtype, pd.IntervalDtype):
        raise _refuse(name, "intervals", "interval")
    for arrow_type in ("decimal", "list", "struct", "map", "dictionary", "binary", "time32", "time64", "date64"):
        if isinstance(dtype, pd.ArrowDtype) and str(dtype).startswith(arrow_type):
            raise _refuse(name, f"values of the Arrow type {dtype}", arrow_type)
    if types.is_float_dtype(dtype):
        _check_floats(series.dropna().to_numpy(dtype=float), name)


def _check_floats(numbers, name):
    infinite = int(np.isinf(numbers).sum())
    if infinite:
        raise TableError(
            f"Column '{name}' holds {infinite} infinite value{'s' * (infinite > 1)}: "
            f"make them missing with df['{name}'].replace([np.inf, -np.inf], np.nan)."
        )
    if (np.abs(numbers) > LARGEST_NUMBER).any():
        raise TableError(f"Column '{name}' holds numbers beyond {LARGEST_NUMBER:g}: divide them by a power of ten.")


def _kind_of_numbers(present):
    if types.is_float_dtype(present.dtype) and (present.to_numpy(dtype=float) % 1 != 0).any():
        return "continuous"
    keyed = len(present) >= SMALLEST_KEYED_TABLE and present.is_unique
    return "key" if keyed and int(present.max()) - int(present.min()) + 1 == len(present) else "discrete"


def _kind_of_text(present):
    distinct = present.nunique()
    if distinct == len(present) >= SMALLEST_KEYED_TABLE and not re.search(
        r"\s", "".join(present.to_numpy(dtype=object))
    ):
        return "key"
    return "categorical" if distinct <= max(10, len(present) / 10) else "text"


def _type_of_values(present):
    """What the values of a column of text or of Python objects are, or a refusal."""
    found = types.infer_dtype(present, skipna=True)
    if found not in _KIND_OF_VALUES:
        example = ", ".join(sorted({type(value).__name__ for value in present}))
        raise _refuse(present.name, f"values of type {example}", found)
    if found in ("date", "datetime") and present.map(type).nunique() > 1:
        raise _refuse(present.name, "days beside date-times", "datetime")
    if found in ("datetime", "time") and any(value.tzinfo is not None for value in present):
        raise _refuse(present.name, f"{found} values with a time zone as Python objects", f"{found} with a zone")
    return _KIND_OF_VALUES[found]
