"""What may be wrong with one column, and the line that mends it.

Each check looks at the different values of a column and yields a `Finding`: what was found, in a sentence; a line of code; and what the line
does, as a function. A finding is certain if the values leave no doubt. Else the sentence says on what it depends.
"""

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pandas.api import types

from workshop.marks import as_numbers
from workshop.recognition import MISSING, MISSING_AMONG_VALUES
from workshop.suspicious_text import date_format, garbled_from, number_marks
from workshop.table import SMALLEST_KEYED_TABLE, TableError, kind_of, with_columns

#: Words for missing that some people write into a column of names.
MISSING_WORDS = (MISSING_AMONG_VALUES - MISSING) | {"?", "--", "n.a.", "missing", "#VALUE!", "#REF!", "#DIV/0!"}
_NEVER = ("9999-12-31", "1900-01-01", "1899-12-30", "1970-01-01")
_POSTCODE = re.compile(r"post_?(al)?_?code|^zip|^plz|_zip$|_plz$", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"(^|[_\W])(id|nr|no|number|key|code|respondent|person|bsn|ssn)($|[_\W\d])|ID$|Id$", re.IGNORECASE
)
_DATE_NAME = re.compile(r"date|datum|fecha|day|dag|tag", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_PERSONAL = re.compile(r"[a-z,;] [A-Z][a-z]+|[^@\s]+@[^@\s]+\.\w+|\d{6,}")
_NAMES = re.compile(r"([A-Z][\w'’-]+\.?)( [A-Z][\w'’-]*\.?| (van|de|der|den|von|da|di|el|al|bin))*")
#: From so many different labels on, upper and lower case are not taken for a slip.
_MANY = 50


@dataclass(frozen=True)
class Finding:
    """One thing to mend.

    Attributes
    ----------
    column : str
    what : str
        A sentence.
    line : str
        Python code that mends it; the table is called `table`.
    certain : bool
        Whether the values leave no doubt. Else the sentence says on what it depends.
    mend : callable
        What the line does: table -> table.
    """

    column: str
    what: str
    line: str
    certain: bool
    mend: object = field(repr=False, compare=False)


def of_column(series):
    """What is odd about a column.

    Parameters
    ----------
    series : pandas.Series

    Returns
    -------
    list of Finding
    """
    name, present = series.name, series.dropna()
    try:
        kind = kind_of(series)
    except TableError as refusal:
        return [_unusable(series, str(refusal))]
    if kind == "empty":
        return [_drop(name, "There is nothing in it.", True)]
    if len(series) > 1 and present.nunique() == 1 and not series.isna().any():
        return [_drop(name, "It is the same for every record, so it says nothing.", True)]
    if types.is_bool_dtype(series.dtype) or isinstance(series.dtype, pd.CategoricalDtype):
        return []
    if types.is_numeric_dtype(series.dtype):
        return list(_of_numbers(series, present, kind))
    if types.is_datetime64_any_dtype(series.dtype):
        return list(_of_dates(series, present))
    if kind in ("categorical", "text", "key"):
        return list(_of_text(series, present.astype(object), kind))
    return []


def _change(name, what, expression, change, certain):
    """A finding that is mended by `table[name] = expression`, where {0} in the expression stands for the column."""
    column = f"table[{name!r}]"
    return Finding(
        name,
        what,
        f"{column} = {expression.replace('{0}', column)}",
        certain,
        lambda table: with_columns(table, {name: change(table[name])}),
    )


def _drop(name, what, certain):
    return Finding(name, what, f"table = table.drop(columns={name!r})", certain, lambda table: table.drop(columns=name))


def _unusable(series, refusal):
    """Values that no model can take; the refusal says why."""
    name, what = series.name, refusal.partition(": ")[0].removeprefix(f"Column '{series.name}' ").capitalize() + "."
    if types.is_float_dtype(series.dtype) and np.isinf(series.dropna().to_numpy(dtype=float)).any():
        return _change(
            name,
            what,
            "{0}.mask({0}.isin([float('inf'), -float('inf')]))",
            lambda column: column.mask(column.isin([float("inf"), -float("inf")])),
            True,
        )
    found = types.infer_dtype(series, skipna=True)
    if found in ("decimal", "integer", "floating", "mixed-integer-float"):
        return _change(name, what, "{0}.astype(float)", lambda column: column.astype(float), True)
    if found == "period":
        return _change(name, what, "{0}.dt.to_timestamp()", lambda column: column.dt.to_timestamp(), True)
    if found in ("mixed", "mixed-integer", "interval"):
        return _change(
            name,
            what,
            "{0}.map(str, na_action='ignore')",
            lambda column: column.map(str, na_action="ignore"),
            True,
        )
    return _drop(name, what, True)


def _of_numbers(series, present, kind):
    name, numbers = series.name, present.to_numpy(dtype=float)
    whole, values = kind != "continuous", np.unique(numbers)
    if whole and _POSTCODE.search(name) and values.min() >= 0:
        width = len(str(int(values.max())))
        yield _change(
            name,
            "Its name says postcode, but it was read as a number: a postcode is a name, and may begin with 0.",
            f"{{0}}.astype('Int64').astype('string').str.zfill({width})",
            lambda column: column.astype("Int64").astype("string").str.zfill(width),
            False,
        )
        return
    if _is_identifier(name, present, kind, whole):
        yield _drop(name, "It is different for every record: a number that names people. Models make new ones.", False)
        return
    if whole and len(values) > 3 and values.min() >= 19000101 and values.max() <= 21001231:
        days = pd.to_datetime(pd.Series(values).astype("int64").astype(str), format="%Y%m%d", errors="coerce")
        if days.notna().all():
            yield _change(
                name,
                "Its numbers are days, written without marks between year, month and day.",
                "pd.to_datetime({0}.astype('Int64').astype('string'), format='%Y%m%d')",
                lambda column: pd.to_datetime(column.astype("Int64").astype("string"), format="%Y%m%d"),
                True,
            )
            return
    if _DATE_NAME.search(name) and whole and len(values) > 3 and values.min() > 10_000 and values.max() < 80_000:
        yield _change(
            name,
            "Its name says date, and its numbers look like days as Excel counts them (from 1900 on).",
            "pd.to_datetime({0}, unit='D', origin='1899-12-30')",
            lambda column: pd.to_datetime(column, unit="D", origin="1899-12-30"),
            False,
        )
        return
    codes, plain = codes_for_missing(numbers), ""
    if codes:
        listed = [int(code) if code % 1 == 0 else float(code) for code in codes]
        count, plain = int(np.isin(numbers, codes).sum()), str(listed)
        yield _change(
            name,
            f"{count:,} value{'s are' if count > 1 else ' is'} {' or '.join(map(str, listed))}, far from all others: probably {'codes' if len(codes) > 1 else 'a code'} for missing. "
            f"(To tell kinds of missing apart, keep them: Sequential(special_codes={{{name!r}: {plain}}}).)",
            f"{{0}}.mask({{0}}.isin({plain}))",
            lambda column: column.mask(column.isin(listed)),
            True,
        )
    values = values[~np.isin(values, codes)]
    few = whole and 2 <= len(values) <= 7 and len(numbers) >= 10 * len(values)
    if few and values.min() in (0, 1) and values.max() - values.min() < 10:
        yield _codes_for_names(name, values)


def _codes_for_names(name, values):
    if values.tolist() == [0, 1]:
        return _change(
            name,
            "It holds only 0 and 1. If these mean no and yes, say so.",
            "{0}.astype('boolean')",
            lambda column: column.astype("boolean"),
            False,
        )
    shown = ", ".join(f"{value:g}" for value in values)
    return _change(
        name,
        f"It holds only {shown}. If these stand for names (and are no counts and no scale), make it a category.",
        "{0}.astype('Int64').astype('category')",
        lambda column: column.astype("Int64").astype("category"),
        False,
    )


def _is_identifier(name, present, kind, whole):
    if kind == "key":
        return True
    if not whole or len(present) < SMALLEST_KEYED_TABLE or present.nunique() < 0.95 * len(present):
        return False
    digits = {len(str(int(value))) for value in (present.min(), present.max())}
    return bool(_IDENTIFIER.search(name)) or (len(digits) == 1 and digits.pop() >= 6)


def codes_for_missing(numbers):
    """Numbers at an end, such as -9 or 99 and 98, that stand so far off, or so often, that they can hardly be numbers.

    Parameters
    ----------
    numbers : numpy.ndarray of float

    Returns
    -------
    list of float

    Examples
    --------
    >>> codes_for_missing(np.array([1.0, 2, 3, 2, 1, 99, 3, 2]))
    [99.0]
    >>> codes_for_missing(np.arange(100.0))
    []
    """
    values, counts = np.unique(numbers, return_counts=True)
    digits = np.array([f"{abs(value):g}" for value in values])
    # 9, 99, 999, 9999 and their neighbours 8, 98, 997; -1 to -9 where nothing else is negative.
    favourite = np.array([bool(re.fullmatch(r"9*[7-9]|8{2,}|7{2,}", word)) for word in digits])
    low = (values < 0) & (favourite | (np.abs(values) <= 9)) & (values % 1 == 0)
    if low.any() and (values >= 0).any() and not ((values < 0) & ~low).any():
        return values[low].tolist() + _high(values[~low], counts[~low], favourite[~low])
    return _high(values, counts, favourite)


def _high(values, counts, favourite):
    inner = len(values)
    while inner and favourite[inner - 1] and values[inner - 1] > 0:
        inner -= 1
    # The largest group of favourites that lies apart: 7, 8 and 9 behind 1 to 5, but not 9 behind 1 to 8.
    for start in range(inner, len(values)):
        if start < 2:
            continue
        gap, width = values[start] - values[start - 1], values[start - 1] - values[0]
        often = counts[start:].max() >= 3 * max(1.0, np.median(counts[max(0, start - 5) : start]))
        if gap > max(width, 1) or (gap >= 2 and often):
            return values[start:].tolist()
    return []


def _of_dates(series, present):
    # Timestamps one by one: pd.to_datetime counts nanoseconds in pandas 2.2, which end in 2262.
    never = [day for day in _NEVER if (present == pd.Timestamp(day)).any()]
    days = [pd.Timestamp(day) for day in never]
    others = present[~present.isin(days)]
    if never and len(others) and not others.between("1898-01-01", "1971-01-01").any():
        count = int(present.isin(days).sum())
        yield _change(
            series.name,
            f"{count:,} {'are' if count > 1 else 'is'} {' or '.join(never)}, which often stands for no date.",
            f"{{0}}.mask({{0}}.isin([{', '.join(f'pd.Timestamp({day!r})' for day in never)}]))",
            lambda column: column.mask(column.isin(days)),
            never == ["9999-12-31"],
        )


def _of_text(series, present, kind):
    name, counts = series.name, present.value_counts()
    words = counts.index.to_numpy(dtype=object)
    garbled = garbled_from(words)
    if garbled:
        yield _change(
            name,
            f"Its letters were read in the wrong encoding ({garbled[0]} as {garbled[1]}).",
            f"{{0}}.str.encode({garbled[1]!r}).str.decode({garbled[0]!r})",
            lambda column: column.str.encode(garbled[1]).str.decode(garbled[0]),
            True,
        )
    marks = number_marks(counts)
    if marks:
        settings = ", ".join(f"{key}={value!r}" for key, value in marks.settings.items())
        yield _change(
            name,
            marks.what,
            f"as_numbers({{0}}{', ' if settings else ''}{settings})",
            lambda column: as_numbers(column, **marks.settings),
            marks.certain,
        )
        return
    dates = date_format(counts)
    if dates:
        coerce = ", errors='coerce'" if dates.coerce else ""
        time = ".dt.time" if dates.is_time else ""

        def as_dates(column):
            moments = pd.to_datetime(column, format=dates.format, errors="coerce" if dates.coerce else "raise")
            return moments.dt.time if dates.is_time else moments

        yield _change(
            name, dates.what, f"pd.to_datetime({{0}}, format={dates.format!r}{coerce}){time}", as_dates, dates.certain
        )
        return
    if _EMAIL.fullmatch(str(words[0])) or kind == "key":
        yield _drop(name, "It is different for every record and names people. Models make new ones.", False)
        return
    if kind == "text":
        yield _drop(name, _about_free_text(words), False)
        return
    yield from _of_labels(name, words)


def _of_labels(name, words):
    stripped = {word.strip() for word in words}
    if len(stripped) < len(words):
        extra = len(words) - len(stripped)
        yield _change(
            name,
            f"{extra} of its {len(words)} labels differ{'s' if extra == 1 else ''} from another one by spaces only: for a program these are two.",
            "{0}.str.strip()",
            lambda column: column.str.strip(),
            True,
        )
    lower = {word.lower() for word in stripped}
    if len(lower) < len(stripped) and len(words) <= _MANY:
        yield _change(
            name,
            f"{len(stripped) - len(lower)} of its labels differ{'s' if len(stripped) - len(lower) == 1 else ''} from another one by capital letters only.",
            "{0}.str.lower()",
            lambda column: column.str.lower(),
            True,
        )
    missing = sorted(MISSING_WORDS & {*words})
    if missing:
        yield _change(
            name,
            f"If {' and '.join(repr(word) for word in missing)} mean{'s' * (len(missing) == 1)} that there is no answer, it should be missing.",
            f"{{0}}.mask({{0}}.isin({missing}))",
            lambda column: column.mask(column.isin(missing)),
            False,
        )


def _about_free_text(words):
    if np.mean([bool(_NAMES.fullmatch(word.strip())) for word in words]) > 0.8:
        return f"{len(words):,} different words that look like names of people or places."
    personal = sum(bool(_PERSONAL.search(word)) for word in words)
    if np.mean([len(word.split()) for word in words]) >= 3:
        may = f"; {personal:,} may name somebody" if personal else ""
        return f"Free text, {len(words):,} different ones{may}. Nobody can promise that it gives nobody away."
    return f"{len(words):,} different words, so most of them point at one person. (Or group them: workshop.dials.merge_rare.)"
