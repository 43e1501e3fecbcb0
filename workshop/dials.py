"""Dials that give less away, each at a price: functions on a table, which leave the table they are given as it is.

Two more dials are settings of a model: `Sequential(min_leaf=…)` and `Sequential(smoothing=True)`; and replicated uniques are taken out by
`measures.disclosure.without_replicated_uniques`.
"""

import numpy as np
import pandas as pd

from workshop.settings import at_least, whole
from workshop.table import TableError, as_table, kind_of, with_columns


def code_ends(table, variable, top=None, bottom=None, by="value"):
    """Top and bottom coding: values beyond a limit become the limit.

    Parameters
    ----------
    table : pandas.DataFrame
    variable : str
        A number.
    top, bottom : float, optional
        The limits.
    by : {"value", "share"}, default "value"
        Whether the limits are values, or shares of the records: top=0.99 codes the highest 1 %.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> code_ends(pd.DataFrame({"age": [17, 45, 101]}), "age", top=90, bottom=18)["age"].tolist()
    [18, 45, 90]
    """
    numbers = _numbers(table, variable)
    if top is None and bottom is None:
        raise ValueError("Say where to cut: top=, bottom=, or both.")
    if by not in ("value", "share"):
        raise ValueError(f'by must be "value" or "share"; got {by!r}.')
    limits = [limit if limit is None or by == "value" else numbers.quantile(_share(limit)) for limit in (bottom, top)]
    if None not in limits and limits[0] > limits[1]:
        raise ValueError(f"bottom ({limits[0]:g}) lies above top ({limits[1]:g}): swap them.")
    if pd.api.types.is_integer_dtype(numbers.dtype):
        # The share of a column of missing values is missing, and cuts nothing off.
        limits = [None if limit is None or pd.isna(limit) else round(limit) for limit in limits]
    return with_columns(table, {variable: numbers.clip(*limits).astype(numbers.dtype)})


def round_to(table, variable, step):
    """Round a number to multiples of a step.

    Parameters
    ----------
    table : pandas.DataFrame
    variable : str
    step : float
        Such as 1,000.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    TableError
        If this is no column of numbers, or its type cannot hold a rounded number.

    Examples
    --------
    >>> round_to(pd.DataFrame({"income": [12_345, 18_501]}), "income", 1000)["income"].tolist()
    [12000, 19000]
    """
    numbers = _numbers(table, variable)
    at_least(step, "step", 0)
    if step == 0:
        raise ValueError("step must be larger than 0.")
    # In half the bits, a multiple may be rounded to infinity on the way.
    wide = numbers.astype(float) if numbers.dtype == np.float16 else numbers
    rounded = (wide / step).round() * step
    if pd.api.types.is_integer_dtype(numbers.dtype):
        # Types that may be missing, and sparse ones, wrap a type of numpy's.
        plain = getattr(numbers.dtype, "numpy_dtype", getattr(numbers.dtype, "subtype", numbers.dtype))
        if ((rounded < np.iinfo(plain).min) | (rounded > np.iinfo(plain).max)).any():
            raise TableError(
                f"Column '{variable}' is {numbers.dtype}, which cannot hold all multiples of {step:g}: widen it, for example with astype('Int64')."
            )
    return table.assign(
        **{variable: rounded.round() if pd.api.types.is_integer_dtype(numbers.dtype) else rounded}
    ).astype({variable: numbers.dtype})


def merge_rare(table, variable, fewest=10, into="other"):
    """Give labels of fewer records than this one common label.

    Parameters
    ----------
    table : pandas.DataFrame
    variable : str
        A category or text.
    fewest : int, default 10
    into : str, default "other"

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> merge_rare(pd.DataFrame({"town": ["a"] * 12 + ["b", "c"]}), "town")["town"].value_counts().to_dict()
    {'a': 12, 'other': 2}
    """
    labels = _column(table, variable)
    if kind_of(labels) not in ("categorical", "ordered", "text"):
        raise TableError(f"merge_rare needs labels, but '{variable}' is {kind_of(labels)}: use code_ends or round_to.")
    whole(fewest, "fewest", 1)
    counts = labels.value_counts()
    rare = [label for label, count in counts.items() if count < fewest]
    if isinstance(labels.dtype, pd.CategoricalDtype):
        kept = [level for level in labels.cat.categories if level not in set(rare)]
        levels = kept + [into] * (bool(rare) and into not in kept)
        merged = labels.astype(object).where(~labels.isin(rare), into)
        return with_columns(table, {variable: pd.Categorical(merged, levels, ordered=labels.cat.ordered)})
    return with_columns(table, {variable: labels.where(~labels.isin(rare), into)})


def labelled(table, column="synthetic", value="SYNTHETIC"):
    """Put a column in front that says of every record that it is synthetic.

    Parameters
    ----------
    table : pandas.DataFrame
    column : str, default "synthetic"
    value : object, default "SYNTHETIC"

    Returns
    -------
    pandas.DataFrame
    """
    if column in as_table(table):
        raise TableError(f"There is a column '{column}' already: choose another name for the label.")
    marked = table.copy()
    marked.insert(0, column, value)
    return marked


def _column(table, variable):
    if variable not in as_table(table):
        raise TableError(f"There is no column '{variable}': choose one of {', '.join(table.columns[:8])}.")
    return table[variable]


def _numbers(table, variable):
    numbers = _column(table, variable)
    if not pd.api.types.is_numeric_dtype(numbers.dtype) or pd.api.types.is_bool_dtype(numbers.dtype):
        raise TableError(f"'{variable}' holds no numbers: choose another column.")
    return numbers


def _share(limit):
    at_least(limit, "A share", 0)
    if limit > 1:
        raise ValueError(f"A share lies between 0 and 1; got {limit!r}.")
    return float(np.float64(limit))
