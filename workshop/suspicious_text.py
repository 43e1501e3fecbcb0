"""Text that is something else: numbers with marks or units, days in one of many notations, letters in the wrong encoding."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workshop.marks import as_numbers, number_pattern
from workshop.recognition import MISSING_AMONG_VALUES
from workshop.table import TableError

#: So many of the records must fit before the others are taken for slips, and so few may be left over.
MOST, FEW = 0.9, 10
_CONVENTIONS = [
    (".", ""), (",", ""), (",", "."), (".", ","), (",", " "), (".", " "), (".", "'"), (",", "'"), (".", "’"), (",", "’"),
]  # fmt: skip
#: A unit is a sign, or letters with a space between: "r12" and "12a" are names.
_UNIT = re.compile(
    r"((?P<before>[^\w\s.,+\-−'’]{1,3}|[A-Za-z]{1,4}(?=\s))\s*)?[-−]?[\d.,'’ \u00a0\u2009\u202f]*\d"
    r"(\s*(?P<behind>[^\w\s.,+\-−'’]{1,3})|\s+(?P<word>[^\W\d][^\d]{0,9})|(?P<letters>[A-Za-z]{2,4}))?"
)
_DAYS = ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%y", "%d/%m/%y", "%d.%m.%y",
         "%m/%d/%y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y")  # fmt: skip
_CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p")
_FORMATS = (*_DAYS, *(f"{day} {clock}" for day in _DAYS[:12] for clock in _CLOCKS), *_CLOCKS)
_ENCODINGS = (("utf-8", "cp1252"), ("cp850", "cp1252"), ("mac_roman", "cp1252"))
#: A large letter behind a small one, a sign between two letters, or a sign behind the letters that utf-8 turns into.
_SIGNS = "‚„†‡ˆ‰‹”“•˜›¡¢£¤¥¦§¨«¬¯°±²³¶¸¹»¼½¾¿"
_GARBLED = re.compile(f"[a-zß-ÿ][À-ÞŸŽŠ]|[A-Za-zÀ-ÿ][{_SIGNS}][A-Za-zÀ-ÿ]|[ÃÂâ][{_SIGNS}€™]")


@dataclass(frozen=True)
class Marks:
    """How a column of text can be read as numbers: `as_numbers(column, **settings)`."""

    settings: dict
    what: str
    certain: bool


@dataclass(frozen=True)
class Moments:
    """How a column of text can be read as days or times."""

    format: str
    coerce: bool
    is_time: bool
    what: str
    certain: bool


def number_marks(counts):
    """How the words are numbers, if they are.

    Parameters
    ----------
    counts : pandas.Series
        How often each word occurs.

    Returns
    -------
    Marks or None

    Examples
    --------
    >>> number_marks(pd.Series({"1,5": 3, "2,25": 1})).settings
    {'decimal': ','}
    >>> number_marks(pd.Series({"0123": 3, "4567": 1})) is None
    True
    """
    words = [word.strip() for word in counts.index]
    unit = _common_unit(words)
    bare = [_without(word, unit) for word in words]
    shares = {marks: _share(bare, counts.to_numpy(), marks) for marks in _CONVENTIONS}
    best = max(shares, key=shares.get)
    if shares[best] < MOST:
        return _by_several_hands(bare, unit, counts)
    odd = [word for word, one in zip(words, bare, strict=True) if not _pattern(best).fullmatch(one)]
    unknown = [word for word in odd if word not in ("", "NA")]
    numbers = len(words) - len(odd)
    if numbers < 2 or len(odd) > FEW or any(re.search(r"\d", word) for word in odd):
        return None
    settings = {"decimal": best[0]} if best[0] != "." else {}
    settings |= {"thousands": best[1]} if best[1] else {}
    settings |= {"unit": unit} if unit else {}
    settings |= {"missing": unknown} if unknown else {}
    if not settings:
        return None
    others = [
        marks for marks, share in shares.items() if marks != best and share == shares[best] and marks[0] != best[0]
    ]
    marked = [word for word in bare if "," in word or "." in word]
    doubtful = bool(others) and bool(marked)
    if doubtful:
        best, other = (best, others[0]) if best[1] else (next((m for m in others if m[1]), others[0]), best)
        settings |= {"decimal": best[0], "thousands": best[1]}
        settings = {key: value for key, value in settings.items() if (key, value) != ("decimal", ".")}
    what = "Numbers, read as text" + _because(best, unit, unknown, marked)
    if doubtful:
        settings_of_other = f"decimal={other[0]!r}" if other[0] != "." else "no marks"
        what += f" If {marked[0]} is no whole number of thousands, write {settings_of_other} instead."
    elif best == (",", "") and all(re.fullmatch(r"\d,\d", word) for word in marked):
        doubtful = True
        what += " If they are several answers of one person (1 and 5), leave them."
    return Marks(settings, what, not doubtful)


def _because(marks, unit, unknown, marked):
    reasons = []
    if marks[0] == "," and marked:
        reasons.append("decimal commas")
    if marks[1]:
        reasons.append(f"marks between thousands ({'space' if marks[1] == ' ' else marks[1]})")
    if unit:
        reasons.append(f"a unit ({unit})")
    if unknown:
        shown = ", ".join(repr(word[:20]) for word in unknown[:3])
        reasons.append(f"words that are no numbers ({shown}{', …' if len(unknown) > 3 else ''})")
    return f" because of {' and '.join(reasons)}." if reasons else "."


def _by_several_hands(words, unit, counts):
    """Decimal points beside decimal commas, each value clear by itself."""
    clear = [
        any(_pattern(marks).fullmatch(word) for marks in _CONVENTIONS[:4])
        and not re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", word)
        for word in words
    ]
    marked = [word for word in words if re.search(r"[.,]", word)]
    if len(words) < 2 or not all(clear) or not any("," in word for word in marked):
        return None
    settings = {"decimal": "last"} | ({"unit": unit} if unit else {})
    try:
        as_numbers(pd.Series(counts.index), **settings)
    except TableError:
        return None
    return Marks(settings, "Numbers, read as text because some have a decimal comma and others a decimal point.", True)


def _pattern(marks):
    decimal, thousands = marks
    return number_pattern(decimal, thousands)


def _share(words, counts, marks):
    fits = np.array([bool(_pattern(marks).fullmatch(word)) for word in words])
    present = np.array([word not in MISSING_AMONG_VALUES for word in words])
    return float((counts * fits).sum() / max(1, (counts * present).sum()))


def _common_unit(words):
    """The sign or word beside (nearly) all numbers, or ""."""
    found = Counter()
    for word in words:
        match = _UNIT.fullmatch(word)
        units = [unit for unit in match.groupdict().values() if unit] if match else []
        if len(units) == 1:
            found[units[0].strip()] += 1
    unit, count = found.most_common(1)[0] if found else ("", 0)
    return unit if count >= 2 and count >= 0.8 * len(words) else ""


def _without(word, unit):
    word = re.sub("[\u00a0\u2009\u202f]", " ", word).replace("−", "-")
    return word.removeprefix(unit).removesuffix(unit).strip() if unit else word


def date_format(counts):
    """In what notation the words are days or times, if they are.

    Parameters
    ----------
    counts : pandas.Series
        How often each word occurs.

    Returns
    -------
    Moments or None

    Examples
    --------
    >>> date_format(pd.Series({"31-12-2025": 1, "01-02-2025": 1})).format
    '%d-%m-%Y'
    """
    words = pd.Series(counts.index, dtype=object)
    given = ~words.str.strip().isin(MISSING_AMONG_VALUES)
    if not (words.head(200).str.contains(r"\d").mean() > 0.8 and words.head(200).str.len().max() <= 30):
        return None
    fitting = {}
    for pattern in _FORMATS:
        for some in (words.head(200), words):
            moments = pd.to_datetime(some, format=pattern, errors="coerce")
            odd = moments.isna() & given[: len(some)]
            if (
                counts.to_numpy()[: len(some)][odd].sum() > (1 - MOST) * counts.iloc[: len(some)].sum()
                or odd.sum() > FEW
            ):
                break
        else:
            if "%" + "Y" not in pattern and "%y" not in pattern or moments.dropna().dt.year.between(1800, 2200).all():
                fitting[pattern] = (moments, odd)
    if not fitting:
        return None
    fewest = min(odd.sum() for _, odd in fitting.values())
    fitting = {pattern: both for pattern, both in fitting.items() if both[1].sum() == fewest}
    (pattern, (moments, odd)), *others = fitting.items()
    other = next((name for name, (values, _) in others if not values.equals(moments)), None)
    is_time = pattern in _CLOCKS
    what = f"{'Times' if is_time else 'Days'}, read as text"
    if odd.any():
        shown = ", ".join(repr(word[:20]) for word in words[odd][:3])
        what += f"; {shown} will become missing"
    what += f". If the month comes first, write format={other!r}." if other else "."
    return Moments(pattern, bool(moments.isna().any()), is_time, what, other is None)


def garbled_from(words):
    """(the true encoding, the one that was used) where letters came out wrong; else None.

    >>> garbled_from(["ZoÃ«", "Ann"])
    ('utf-8', 'cp1252')
    """
    odd = [word for word in words if not word.isascii()]
    if not any(map(_GARBLED.search, odd)):
        return None
    for true, used in _ENCODINGS:
        try:
            mended = [word.encode(used).decode(true) for word in odd]
        except UnicodeError:
            continue
        if all(_only_letters(word) and not _GARBLED.search(word) for word in mended):
            return true, used
    return None


def _only_letters(word):
    return all(letter.isascii() or letter.isalpha() for letter in word)
