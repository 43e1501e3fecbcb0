"""Spreadsheets: the first sheet of an xlsx file as a table, and a table as an xlsx file. Nothing in a cell is ever reckoned out."""

import zipfile
from contextlib import suppress
from datetime import datetime
from itertools import zip_longest

import pandas as pd
from pandas.api import types

from workshop.delimited import named_table
from workshop.files import need
from workshop.recognition import MISSING_AMONG_VALUES, recognise, simplest
from workshop.table import TableError, kind_of

#: An xlsx file is a packed one. More than this, unpacked, takes hours to read; a few bytes that hold so much are a trap.
LARGEST_SHEET, MOST_CELLS, WIDE = 2_000_000_000, 100_000_000, 1_000


def read_xlsx(path):
    """The first sheet of an xlsx file.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    pandas.DataFrame
        Empty rows and nameless empty columns are left out.

    Raises
    ------
    TableError, ImportError
        If the sheet is empty or far too large; if openpyxl is not there.
    """
    openpyxl = need("openpyxl", ".xlsx")
    with zipfile.ZipFile(path) as packed:
        size, unpacked = path.stat().st_size, sum(part.file_size for part in packed.infolist())
    if unpacked > LARGEST_SHEET or unpacked > max(100_000_000, 200 * size):
        raise TableError(
            f"'{path.name}' has {size / 1e6:,.1f} million bytes and would become {unpacked / 1e6:,.0f} million when unpacked: it may be a trap, and is "
            "not opened. If you trust it, save the table as .csv."
        )
    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        rows = _rows(book.worksheets[0], path.name) if book.worksheets else []
    finally:
        book.close()
    if not rows:
        raise TableError(f"The first sheet of '{path.name}' is empty: move the table to the first sheet.")
    # dtype=object: else pandas turns cells of text that look like numbers into numbers.
    columns = [pd.Series(cells, dtype=object) for cells in zip_longest(*rows)]
    names = ["" if column[0] is None else str(column[0]) for column in columns]
    return named_table(names, [_from_cells(column.iloc[1:].reset_index(drop=True)) for column in columns])


def _rows(sheet, name):
    """The rows that hold something, each to its last cell that does."""
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    rows, widest = [], 0
    for row in sheet.rows:
        cells = [_value(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            rows.append(cells)
            widest = max(widest, len(cells))
            stray = len(cells) > WIDE and sum(cell is not None for cell in cells) < len(cells) / 10
            if stray or widest * len(rows) > MOST_CELLS:
                raise TableError(
                    f"The first sheet of '{name}' is {widest:,} columns wide in row {len(rows):,}: look for a stray cell far to the right and delete "
                    "it, or save the table as .csv."
                )
    return rows


def _value(cell):
    value = cell.value
    if value is None or value == "" or cell.data_type == "e":  # an error such as #DIV/0!
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(value)
    return value


def _from_cells(cells):
    """Cells know whether they are text; only what Excel has no type for is recognised in text."""
    is_text = cells.map(lambda cell: isinstance(cell, str)).astype(bool)
    if set(cells[is_text].str.strip()) <= MISSING_AMONG_VALUES and cells[~is_text].notna().any():
        return simplest(cells.mask(is_text))
    if is_text.any():
        text = cells.map(str).where(cells.notna(), "")
        return recognise(text.tolist(), among={"date", "zoned", "time", "duration"})
    return simplest(cells)


def write_xlsx(table, path):
    """Write a table as an xlsx file, text as text: what begins with "=" becomes no formula."""
    openpyxl = need("openpyxl", ".xlsx")
    if len(table) >= 2**20 or len(table.columns) > 2**14:
        raise TableError(
            "An xlsx file holds 1,048,575 records and 16,384 columns at most: write the table as .csv or .parquet."
        )
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    try:
        _fill(sheet, table)
        book.save(path)
    except OSError:
        _let_go(sheet)
        raise


def _fill(sheet, table):
    for row in zip(*[[_as_cell(name, sheet), *_as_cells(table[name], sheet)] for name in table], strict=True):
        sheet.append(row)


def _let_go(sheet):
    """openpyxl writes to a file of its own first, and would try once more to fill it when it is thrown away."""
    writer = sheet._writer
    for step in (sheet._rows.close, writer.xf.close, writer.cleanup):
        with suppress(Exception):
            step()


def _as_cells(series, sheet):
    kind, values = kind_of(series), series
    if kind in ("date", "datetime"):
        first = series.dropna().min()
        if getattr(first, "tzinfo", None) is not None or first.year <= 1900:
            values = series.astype(str)  # Excel has no time zones, and its calendar begins in 1900
        elif kind == "date" and isinstance(first, datetime):
            values = series.dt.date
    elif kind == "duration" or (types.is_integer_dtype(series.dtype) and not series.between(-(10**15), 10**15).all()):
        values = series.astype(str)  # Excel has no durations, and cuts long numbers off after 15 digits
    try:
        return [_as_cell(value, sheet) for value in values.astype(object).where(series.notna(), None)]
    except ValueError as cause:
        raise TableError(f"Column '{series.name}' holds {cause}: write the table as .csv or .parquet.") from cause


def _as_cell(value, sheet):
    if not isinstance(value, str):
        return value
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

    if len(value) > 32_767:
        raise ValueError("a text of more than 32,767 characters, which xlsx cannot hold")
    if ILLEGAL_CHARACTERS_RE.search(value):
        raise ValueError("invisible control characters, which xlsx cannot hold")
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"  # a text that begins with "=" is a text and no formula
    return cell
