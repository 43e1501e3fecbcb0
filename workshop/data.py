"""Reading and writing tables: the workshop's own `gifts`, and yours.

A table comes in as its file means it: dates are dates, labels of SPSS and Stata are the levels of a category, and a postcode
keeps its leading zero. Nothing in a file is ever executed, and a file that cannot be read is refused in one sentence.
"""

import importlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

import pandas as pd
from pandas.api import types

from workshop.delimited import MISSING_AMONG_VALUES, named_table, read_delimited, recognise
from workshop.table import TableError, as_table, kind_of

_EDUCATION = ["primary", "lower secondary", "upper secondary", "bachelor", "master or higher"]
#: The tables of the workshop: their file, and the levels of the ordered variables, which a csv cannot hold.
_TABLES = {"gifts": ("super_private_data_file.csv", {"education": _EDUCATION})}


def load(name="gifts"):
    """A table of the workshop.

    Parameters
    ----------
    name : str
        "gifts": about 2,000 simulated respondents, their neighbourhood and what they give. `data/codebook.md` tells all.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    ValueError
        If there is no table of that name.

    Examples
    --------
    >>> load("gifts")["education"].cat.categories[-1]
    'master or higher'
    """
    if name not in _TABLES:
        raise ValueError(f"There is no table '{name}'; there is: {', '.join(_TABLES)}.")
    file, ordered = _TABLES[name]
    package = Path(__file__).parent
    in_repository = package.parent / "data" / file
    table = read_table(in_repository if in_repository.exists() else package / "_data" / file)
    return table.astype({variable: pd.CategoricalDtype(levels, ordered=True) for variable, levels in ordered.items()})


def read_table(path):
    """Read a table from a csv, tsv, xlsx, parquet, sav (SPSS) or dta (Stata) file.

    Parameters
    ----------
    path : str or pathlib.Path
        The ending of the name says the format. Of an xlsx file the first sheet is read.

    Returns
    -------
    pandas.DataFrame
        csv, tsv: a column is a number, date or yes/no only if all its values are. Digits with a leading zero stay text.
        Empty and NA are missing everywhere; null, None, nan, "." and the like only beside numbers, dates and yes/no,
        because somebody may be called Null. sav, dta: a variable whose values all have a label becomes a category
        (ordered where the file calls it ordinal), others keep their numbers; user-missing values become missing.

    Raises
    ------
    TableError
        If there is no such file or it cannot be read.
    ImportError
        If a package is needed that is not there; the message says how to install it.
    """
    path = Path(path).expanduser()
    reader = _by_ending(path, _READERS)
    if path.is_dir():
        raise TableError(f"'{path}' is a folder: give the name of one file in it.")
    if not path.exists():
        raise TableError(
            f"There is no file '{path}' (looked from the folder {Path.cwd()}): check its name and the folder."
        )
    try:
        if path.stat().st_size == 0:
            raise TableError(f"'{path.name}' is empty: save or download it again.")
        return reader(path)
    except (TableError, ImportError, MemoryError):
        raise
    except PermissionError as cause:
        raise TableError(
            f"'{path.name}' may not be opened: close it in other programs, or ask for the right to read it."
        ) from cause
    except Exception as cause:  # each library has its own errors for a damaged file
        raise TableError(
            f"'{path.name}' cannot be read as a {path.suffix} file: it is damaged, protected by a password or of another "
            "format than its name says. Open it in the program it came from and save it again."
        ) from cause


def write_table(table, path, overwrite=False):
    """Write a table to a csv, tsv, xlsx or parquet file, so that `read_table` gives it back.

    Only parquet keeps every type. A csv forgets the levels of a category and cannot tell the text "12" from a number or the
    texts "" and "NA" from a missing value; xlsx keeps numbers to 15 digits (longer whole numbers become
    text) and times to the millisecond.

    Parameters
    ----------
    table : pandas.DataFrame
        It is not changed. Its index is not written.
    path : str or pathlib.Path
        The ending of the name says the format. The file appears when it is complete, never half-written.
    overwrite : bool, default False
        Whether to replace a file that is there already.

    Raises
    ------
    TableError
        If the table, or the ending of the name, cannot be written.
    FileExistsError, FileNotFoundError
        If the file is there already, or its folder is not.
    ImportError
        If a package is needed that is not there; the message says how to install it.
    """
    path = Path(path).expanduser()
    writer = _by_ending(path, _WRITERS)
    if path.is_dir() or (path.exists() and not overwrite):
        raise FileExistsError(f"'{path}' is there already: choose another name, or say overwrite=True.")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder '{path.parent}': make it first, or choose another.")
    table = _plain(as_table(table))
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        writer(table, unfinished)
        os.replace(unfinished, path)


def _by_ending(path, formats):
    ending = path.suffix.lower()
    if ending not in formats:
        known = ", ".join(formats)
        what = f"the ending '{path.suffix}' is none of them" if ending else "it has no ending"
        raise TableError(f"The format of '{path.name}' is not known ({what}): use one of {known}.")
    return formats[ending]


def _need(package, ending):
    try:
        return importlib.import_module(package)
    except ImportError:
        raise ImportError(
            f"Files that end in {ending} need the package {package}: run  pip install {package}  and try again."
        ) from None


def _read_xlsx(path):
    _need("openpyxl", ".xlsx")
    # dtype=object: else pandas turns cells of text that look like numbers into numbers.
    sheet = pd.read_excel(path, header=None, dtype=object, keep_default_na=False, na_values=[""], engine="openpyxl")
    if sheet.empty:
        raise TableError(f"The first sheet of '{path.name}' is empty: move the table to the first sheet.")
    names = ["" if pd.isna(name) else str(name) for name in sheet.iloc[0]]
    records = sheet.iloc[1:].reset_index(drop=True)
    return named_table(names, [_from_cells(records[column]) for column in records])


def _from_cells(cells):
    """Cells know whether they are text; only what Excel has no type for is recognised in text."""
    is_text = cells.map(lambda cell: isinstance(cell, str)).astype(bool)
    if set(cells[is_text].str.strip()) <= MISSING_AMONG_VALUES and cells[~is_text].notna().any():
        return _simplest(cells.mask(is_text))
    if is_text.any():
        text = cells.map(str).where(cells.notna(), "")
        return recognise(text.tolist(), among={"date", "zoned", "time", "duration"})
    return _simplest(cells)


def _simplest(cells):
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


def _read_parquet(path):
    _need("pyarrow", ".parquet")
    table = pd.read_parquet(path, engine="pyarrow")
    has_named_index = any(name is not None for name in table.index.names)
    return table.reset_index(drop=not has_named_index)


def _read_labelled(path):
    pyreadstat = _need("pyreadstat", path.suffix)
    if path.suffix.lower() == ".dta":
        table, about = pyreadstat.read_dta(path)
        user_missing = {}
    else:
        table, about = pyreadstat.read_sav(path)
        user_missing = pyreadstat.read_sav(path, metadataonly=True, user_missing=True)[1].missing_ranges
    for name, labels in about.variable_value_labels.items():
        ranges = user_missing.get(name, [])
        labels = {code: label for code, label in labels.items() if not any(r["lo"] <= code <= r["hi"] for r in ranges)}
        ordinal = about.variable_measure.get(name) == "ordinal"
        table[name] = _labelled(table[name], labels, ordinal)
    objects = [name for name, dtype in table.dtypes.items() if types.is_string_dtype(dtype)]
    return table.assign(**{name: _simplest(table[name].mask(table[name] == "")) for name in objects})


def _labelled(values, labels, ordinal):
    # A scale of 0 to 10 with words at its ends only is a number.
    if not set(values.dropna()) <= set(labels):
        return values
    levels = list(dict.fromkeys(labels[code] for code in sorted(labels)))
    return pd.Series(pd.Categorical(values.map(labels), categories=levels, ordered=ordinal), index=values.index)


def _plain(table):
    """Sparse variables in full, and categories of dates as dates."""
    plain = {}
    for name, dtype in table.dtypes.items():
        if isinstance(dtype, pd.SparseDtype):
            plain[name] = table[name].sparse.to_dense()
        elif isinstance(dtype, pd.CategoricalDtype) and dtype.categories.dtype.kind in "mM":
            plain[name] = table[name].astype(dtype.categories.dtype)
    return table.assign(**plain)


def _write_csv(table, path, delimiter=","):
    text = table.assign(**{name: _as_text(table[name]) for name in table})
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


def _write_xlsx(table, path):
    openpyxl = _need("openpyxl", ".xlsx")
    if len(table) >= 2**20 or len(table.columns) > 2**14:
        raise TableError(
            "An xlsx file holds 1,048,575 records and 16,384 columns at most: write the table as .csv or .parquet."
        )
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    for row in zip(*[[_as_cell(name, sheet), *_as_cells(table[name], sheet)] for name in table], strict=True):
        sheet.append(row)
    book.save(path)


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


def _write_parquet(table, path):
    _need("pyarrow", ".parquet")
    table.to_parquet(path, index=False, engine="pyarrow")


_READERS = {
    ".csv": lambda path: read_delimited(path, ",;\t"),
    ".tsv": lambda path: read_delimited(path, "\t"),
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
    ".sav": _read_labelled,
    ".dta": _read_labelled,
}
_WRITERS = {
    ".csv": _write_csv,
    ".tsv": lambda table, path: _write_csv(table, path, "\t"),
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
}
