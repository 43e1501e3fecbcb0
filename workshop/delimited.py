"""Tables in text files: csv and tsv, in their usual disguises.

A text file says nothing about types, separators or encodings: they are read off what stands in it (`text_files.py`, `recognition.py`,
`marks.py`). Where its quotation marks and separators leave no doubt, pandas' own reader cuts it up; else Python's csv module, line by line,
which can tell where something is wrong.
"""

import csv
import io
import re
from itertools import islice

import numpy as np
import pandas as pd
from pandas.api import types

from workshop.marks import comma_is_decimal, marks_of
from workshop.recognition import distinct, given_values, recognise_distinct
from workshop.table import TableError, kind_of, with_columns
from workshop.text_files import read_text

#: A longer value is taken for a quotation mark that was never closed, and a longer line (in bytes) for no line of a table.
LONGEST_VALUE, LONGEST_LINE = 10_000_000, 20_000_000
_QUOTE, _NEWLINE, _RETURN = b'"\n\r'
_ASKED = re.compile(rb'"?sep=([ -~\t])"?[,;\t]*\r?\n', re.IGNORECASE)


def read_delimited(path, delimiters, encoding=None):
    """A csv or tsv file as a table.

    Parameters
    ----------
    path : pathlib.Path
    delimiters : str
        The characters that may separate the values; the one that suits the first lines is taken, or the one that Excel's line "sep=;" names.
        Beside ";" numbers may have a decimal comma.
    encoding : str, optional
        Read off the file if left out.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    TableError
        If the file is not text, or its lines do not all have the same number of values.
    """
    text, file = read_text(path, encoding), path.name
    asked = _ASKED.match(text)
    skipped, text = (1, text[asked.end() :]) if asked else (0, text)
    if not text.strip(b"\r\n"):
        return named_table([], [])
    delimiter = asked.group(1).decode() if asked else _sniff(text, delimiters)
    names, columns = _quick(text, delimiter, file, skipped) or _careful(text, delimiter, file, skipped)
    return named_table(names, _recognised(columns, delimiter))


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
                f"The column name '{name[:60]}' occurs more than once in the first line of the file: rename one of them."
            )
        kept[name] = column
    if not kept:
        raise TableError("The file holds no columns: its first line must give their names.")
    return pd.DataFrame(kept)


def _recognised(columns, delimiter):
    """Each column as what it is. All numbers of a file have the same decimal mark, but for those that leave no doubt by themselves."""
    parts = [distinct(column) for column in columns]
    values = [given_values(cells) for _, cells in parts]
    comma = delimiter != "," and any(comma_is_decimal(column, delimiter == ";") for column in values)
    usual = ("," if comma else ".", "")
    return [
        recognise_distinct(place, cells, *(marks_of(column) or usual))
        for (place, cells), column in zip(parts, values, strict=True)
    ]


def _quick(text, delimiter, file="", skipped=0):
    """(names, columns) where every line has as many values as the first and no quotation mark stands at an odd place; else None.

    Only then do pandas' reader, which forgives much, and the csv module, which does not, read the same.
    """
    letters = np.frombuffer(text, np.uint8)
    inside = _inside_quotes(letters, delimiter)
    if inside is None:
        return None
    ends = _ends(letters, inside)
    starts = np.append(0, ends[:-1] + 1)
    lengths = ends - starts
    if lengths.max() > LONGEST_LINE:
        longest = int(lengths.argmax())
        raise _endless(file, text.count(b"\n", 0, int(starts[longest])) + 1 + skipped, lengths[longest])
    blank = (lengths == 0) | ((lengths == 1) & (letters[starts] == _RETURN))
    marks = np.flatnonzero((letters == ord(delimiter)) & ~inside)
    widths = np.diff(np.searchsorted(marks, ends), prepend=0) + 1
    head = int(np.argmin(blank))
    if (widths[~blank] != widths[head]).any():
        return None
    names = next(csv.reader([text[starts[head] : ends[head]].decode()], delimiter=delimiter))
    rows = ~blank[head + 1 :]
    if len(names) != widths[head]:
        return None
    if not rows.any():
        return names, [()] * len(names)
    table = pd.read_csv(
        io.BytesIO(text[ends[head] + 1 :]),
        sep=delimiter,
        header=None,
        names=range(len(names)),
        index_col=False,
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
        low_memory=False,
    )
    if len(table) != len(rows):
        return None
    table = table if rows.all() else table[rows]
    return names, [table[column].to_numpy() for column in table]


def _ends(letters, inside):
    """Where the lines end that do not go on inside quotation marks."""
    ending = letters == _RETURN
    ending[:-1] &= letters[1:] != _NEWLINE  # of "\r\n" the second is the end of the line
    ending |= letters == _NEWLINE
    ending &= ~inside
    ends = np.flatnonzero(ending)
    return ends if ending[-1] else np.append(ends, len(letters))


def _inside_quotes(letters, delimiter):
    """Which letters stand between quotation marks; None if a mark stands where it has no business."""
    quotes = letters == _QUOTE
    if not quotes.any():
        return quotes
    inside = np.bitwise_xor.accumulate(quotes)
    if inside[-1]:
        return None
    border = (letters == ord(delimiter)) | (letters == _NEWLINE) | (letters == _RETURN) | quotes
    before, after = np.append(True, border[:-1]), np.append(border[1:], True)
    opening, closing = quotes & inside, quotes & ~inside
    return inside if before[opening].all() and after[closing].all() else None


def _careful(text, delimiter, file, skipped=0):
    """(names, columns) by the csv module; what is wrong is said with its line."""
    usual = csv.field_size_limit(LONGEST_VALUE)
    names, records, done = [], [], skipped
    lines = csv.reader(_lines(text, file, skipped), delimiter=delimiter, strict=True)
    try:
        for line in lines:
            done = lines.line_num + skipped
            if line and not names:
                names = line
            elif line:
                records.append(_checked(line, names, done, file))
    except csv.Error as cause:
        why = cause if "expected after" in str(cause) else "a quotation mark is never closed"
        raise TableError(
            f"Line {done + 1} of '{file}' cannot be read ({why}): look for a quotation mark that is opened and never closed, or stands in a text "
            "without being doubled."
        ) from cause
    finally:
        csv.field_size_limit(usual)
    return names, list(zip(*records, strict=True)) or [()] * len(names)


def _lines(text, file, skipped):
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(text), "utf-8", newline=""), start=1 + skipped):
        if len(line) > LONGEST_LINE:
            raise _endless(file, number, len(line))
        yield line


def _endless(file, number, length):
    return TableError(
        f"Line {number} of '{file}' is {length / 1e6:,.0f} million letters long: this is no table, or its lines do not end where they should."
    )


def _sniff(text, delimiters):
    """The delimiter that cuts the first lines into the same number of values, and into the most."""
    beginning = text[:100_000].decode(errors="ignore")

    def fit(delimiter):
        try:
            lines = csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)
            widths = [len(line) for line in islice(lines, 50) if line]
        except csv.Error:
            return False, 1
        widths = widths[:-1] if len(text) > 100_000 and len(widths) > 1 else widths  # the last line may be cut short
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


def write_delimited(table, path, delimiter=","):
    text = with_columns(table, {name: _as_text(table[name]) for name in table})
    written = text.to_csv(index=False, sep=delimiter, lineterminator="\n")
    if "\r" in written:
        # A lone carriage return inside a text is put between quotation marks only if it is part of the line's end.
        written = text.to_csv(index=False, sep=delimiter, lineterminator="\r\n")
    path.write_bytes(written.encode())


def _as_text(series):
    """A variable as it stands in a csv, where not every type has its own text."""
    kind = kind_of(series)
    if kind in ("date", "datetime", "time", "duration"):
        return series.astype(str).where(series.notna())
    some_missing = 0 < series.isna().sum() < len(series)
    if some_missing and kind != "continuous" and types.is_float_dtype(series.dtype) and series.abs().max() < 2**53:
        return series.astype("Int64")  # 12 and not 12.0: it is a float only because pandas has missing values beside it
    return series
