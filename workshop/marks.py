"""Numbers as people write them: 1.234,56 and 1,234.56 and 1 234,56.

Which mark is the decimal one is read off values that leave no doubt. "1,234" alone is one thousand to some and about one to others: such
a column stays text, and `look_over` says what to write.
"""

import re
from functools import cache

import numpy as np
import pandas as pd

from workshop.table import TableError

_SPACES = " \u00a0\u2009\u202f"
#: The marks that may stand between thousands, by decimal mark.
THOUSANDS = {".": (",", "'", "’", *_SPACES), ",": (".", "'", "’", *_SPACES)}
#: No number begins with a plus (telephone numbers do) or with a zero before another digit (postcodes do),
#: and a float cannot hold 17 digits before the point.
_NUMBER = r"(?!-?\d{17})-?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][-+]?\d+)?|[-+]?[Ii]nf"
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_LIST_OF_CODES = re.compile(r"(\d+),(\d+)", re.ASCII)


@cache
def number_pattern(decimal=".", thousands=""):
    """The regular expression of a whole cell that holds a number, written with these marks."""
    plain = _NUMBER.replace(r"\.", re.escape(decimal))
    if not thousands:
        return re.compile(plain, re.ASCII)
    mark = re.escape(thousands)
    return re.compile(rf"-?[1-9]\d{{0,2}}(?:{mark}\d{{3}}){{1,4}}(?:{re.escape(decimal)}\d+)?|(?:{plain})", re.ASCII)


def marks_of(values):
    """The decimal and the thousands mark of a column that has both in one value, such as "1.234,56"; else None.

    Parameters
    ----------
    values : list of str

    Returns
    -------
    (str, str) or None

    Examples
    --------
    >>> marks_of(["1.234,56", "12,5", "1.000"])
    (',', '.')
    >>> marks_of(["1.234", "5.678"]) is None
    True
    """
    every = "\n".join(values)  # most columns have no two marks in all, and that is seen at once
    if sum(mark in every for mark in ".,'’" + _SPACES) < 2:
        return None
    for value in values:
        inner = [(place, mark) for place, mark in enumerate(value) if mark in ".,'’" + _SPACES]
        if len(inner) > 1 and inner[-1][1] in ".," and inner[-1][1] != inner[0][1]:
            decimal, thousands = inner[-1][1], inner[0][1]
            fits = thousands in THOUSANDS[decimal] and all(map(number_pattern(decimal, thousands).fullmatch, values))
            return (decimal, thousands) if fits else None
    return None


def comma_is_decimal(values, certain):
    """Whether a column shows that the comma is the decimal mark.

    Parameters
    ----------
    values : list of str
        Without missing ones.
    certain : bool
        Whether the separator of the file speaks for it already (";"). Else "1,5" may be the answers 1 and 5 of one person, and some value
        must show that it is no such list.
    """
    if not any("," in value for value in values) or not all(map(number_pattern(",").fullmatch, values)):
        return False
    telling = [value for value in values if "," in value and not _AMBIGUOUS.fullmatch(value)]
    return bool(telling) if certain else any(map(_is_no_list, telling))


def _is_no_list(value):
    """Lists of answers rise ("1,5"), have no sign, and no zero before another digit ("3,07")."""
    found = _LIST_OF_CODES.fullmatch(value)
    if not found:
        return True
    first, second = found.groups()
    return (second.startswith("0") and len(second) > 1) or int(first) >= int(second)


def as_numbers(series, decimal=".", thousands="", unit="", missing=()):
    """Text that holds numbers, as numbers.

    Parameters
    ----------
    series : pandas.Series
        Of text.
    decimal : str, default "."
        "." or ",", or "last": of each value the mark that comes last, where a column was written by several hands.
    thousands : str, default ""
        The mark between thousands, such as "." or "," or " " (which stands for all kinds of spaces).
    unit : str, default ""
        What stands before or behind each number, such as "€" or "%". It is left out; the number stays as it is (12 % becomes 12).
    missing : sequence of str
        Words that mean that there is no number.

    Returns
    -------
    pandas.Series
        Whole numbers where all of them are (floats beside missing values), else floats.

    Raises
    ------
    TableError
        If a value is no such number, naming it.

    Examples
    --------
    >>> as_numbers(pd.Series(["€ 1.234,56", "€ 2"]), decimal=",", thousands=".", unit="€").tolist()
    [1234.56, 2.0]
    >>> as_numbers(pd.Series(["12", "unknown"]), missing=["unknown"]).tolist()
    [12.0, nan]
    """
    if decimal not in (".", ",", "last"):
        raise ValueError(f'decimal must be ".", "," or "last"; got {decimal!r}.')
    place, words = pd.factorize(series.astype(object).where(series.notna(), None))
    given = [word if isinstance(word, str) else str(word) for word in words]
    numbers = np.array([_number(word, decimal, thousands, unit, set(missing), series.name) for word in given])
    result = pd.Series(np.append(numbers, np.nan)[place], index=series.index, name=series.name)
    whole = result.notna().all() and len(result) and (result % 1 == 0).all() and result.abs().max() < 2**53
    return result.astype("int64") if whole else result


def _number(word, decimal, thousands, unit, missing, name):
    if word in missing or word.strip() in missing:
        return np.nan
    text = word.strip()
    text = text.removeprefix(unit).removesuffix(unit).strip().replace("−", "-") if unit else text.replace("−", "-")
    if decimal == "last":
        marks = [mark for mark in text if mark in ".,"]
        decimal = marks[-1] if marks else "."
        thousands = "," if decimal == "." else "."
    if thousands and thousands in _SPACES:
        text, thousands = re.sub(f"[{_SPACES}]", " ", text), " "
    if not number_pattern(decimal, thousands).fullmatch(text):
        raise TableError(
            f"Column '{name}' holds '{word[:40]}', which is no number written with these marks: name other marks, or name the word in missing=."
        )
    return float(text.replace(thousands, "").replace(decimal, ".") if thousands else text.replace(decimal, "."))
