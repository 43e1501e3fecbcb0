"""Reading and writing tables: the workshop's own `gifts`, and yours.

A table comes in as its file means it: dates are dates, labels of SPSS and Stata are the levels of a category, and a postcode
keeps its leading zero. Nothing in a file is ever executed, and a file that cannot be read is refused in one sentence.
"""

from pathlib import Path

import pandas as pd

from workshop.delimited import read_delimited, write_delimited
from workshop.files import by_ending, check_content, check_readable, need, unfinished
from workshop.labelled import read_labelled
from workshop.spreadsheets import read_xlsx, write_xlsx
from workshop.table import TableError, as_table, with_columns

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


def read_table(path, encoding=None, user_missing="missing"):
    """Read a table from a csv, tsv, xlsx, parquet, sav (SPSS) or dta (Stata) file.

    Parameters
    ----------
    path : str or pathlib.Path
        The ending of the name says the format. Of an xlsx file the first sheet is read.
    encoding : str, optional
        Of a csv, tsv, sav or dta file whose letters come out wrong, such as "cp850" or "mac_roman".
    user_missing : {"missing", "keep"}, default "missing"
        What becomes of the kinds of missing that sav and dta files tell apart ("refused", "does not know"): missing, which suits every model; or
        kept, numbers as codes and labels as levels, for `Sequential(special_codes=special_codes(table))`.

    Returns
    -------
    pandas.DataFrame
        csv, tsv: a column is a number, date or yes/no only if all its values are. Digits with a leading zero stay text, and so does what
        could be two numbers ("1,234"); `look_over` proposes what to write. Empty and NA are missing everywhere; null, None, nan, "." and
        the like only beside numbers, dates and yes/no, because somebody may be called Null. sav, dta: a variable whose values all have a
        label becomes a category (ordered where the file calls it ordinal), others keep their numbers; labels of variables stand in
        `table.attrs["labels"]`, and become the descriptions of a release's codebook.

    Raises
    ------
    TableError
        If there is no such file or it cannot be read.
    ImportError
        If a package is needed that is not there; the message says how to install it.
    """
    path = Path(path).expanduser()
    reader = by_ending(path, _READERS)
    if user_missing not in ("missing", "keep"):
        raise ValueError(f'user_missing must be "missing" or "keep"; got {user_missing!r:.40}.')
    check_readable(path)
    try:
        check_content(path)
        return reader(path, encoding, user_missing)
    except (TableError, ImportError):
        raise
    except PermissionError as cause:
        raise TableError(
            f"'{path.name}' may not be opened: close it in other programs, or ask for the right to read it."
        ) from cause
    except MemoryError as cause:
        raise TableError(
            f"'{path.name}' needs more memory than there is: close other programs, or make a smaller file of it."
        ) from cause
    except Exception as cause:  # each library has its own errors for a damaged file
        letters = path.suffix.lower() in (".sav", ".dta") and "encoding" in str(cause)
        raise TableError(
            f"'{path.name}' holds letters that cannot be read: say its encoding, such as read_table(..., encoding=\"cp1252\")."
            if letters
            else f"'{path.name}' cannot be read as a {path.suffix} file: it is damaged, cut short or of another format than its name says. Open it in "
            "the program it came from and save it again."
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
    writer = by_ending(path, _WRITERS)
    if path.is_dir() or (path.exists() and not overwrite):
        raise FileExistsError(f"'{path}' is there already: choose another name, or say overwrite=True.")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder '{path.parent}': make it first, or choose another.")
    table = _plain(as_table(table))
    with unfinished(path) as place:
        writer(table, place)


def _read_parquet(path):
    need("pyarrow", ".parquet")
    table = pd.read_parquet(path, engine="pyarrow")
    has_named_index = any(name is not None for name in table.index.names)
    return table.reset_index(drop=not has_named_index)


def _plain(table):
    """Sparse variables in full, and categories of dates as dates."""
    plain = {}
    for name, dtype in table.dtypes.items():
        if isinstance(dtype, pd.SparseDtype):
            plain[name] = table[name].sparse.to_dense()
        elif isinstance(dtype, pd.CategoricalDtype) and dtype.categories.dtype.kind in "mM":
            plain[name] = table[name].astype(dtype.categories.dtype)
    return with_columns(table, plain)


def _write_parquet(table, path):
    need("pyarrow", ".parquet")
    table.to_parquet(path, index=False, engine="pyarrow")


_READERS = {
    ".csv": lambda path, encoding, _: read_delimited(path, ",;\t|", encoding),
    ".tsv": lambda path, encoding, _: read_delimited(path, "\t", encoding),
    ".xlsx": lambda path, *_: read_xlsx(path),
    ".parquet": lambda path, *_: _read_parquet(path),
    ".sav": lambda path, encoding, user_missing: read_labelled(path, user_missing, encoding),
    ".dta": lambda path, encoding, user_missing: read_labelled(path, user_missing, encoding),
}
_WRITERS = {
    ".csv": write_delimited,
    ".tsv": lambda table, path: write_delimited(table, path, "\t"),
    ".xlsx": write_xlsx,
    ".parquet": _write_parquet,
}
