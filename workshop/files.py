"""What a path leads to, what a file really holds, and how to write one that is never half there.

A file's name may lie: a web page is saved as .xls, an xlsx with a password is no xlsx, a download stops halfway. Its first bytes tell.
"""

import errno
import importlib
import os
import re
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path

from workshop.browser import how_to_get
from workshop.table import TableError

#: How files of a kind begin, and what they are.
_BEGINNINGS = (
    (rb"PK\x03\x04", "zip", "a zip archive (or a spreadsheet)"),
    (rb"\xd0\xcf\x11\xe0", "ole", "an old Excel file"),
    (rb"PAR1", "parquet", "a parquet file"),
    (rb"\$FL[23]", "spss", "an SPSS file (.sav)"),
    (rb"<stata_dta>|[\x69-\x73][\x01\x02]\x01\x00", "stata", "a Stata file (.dta)"),
    (rb"%PDF-", "other", "a PDF"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8", "other", "a picture"),
    (rb"\x1f\x8b|BZh|7z\xbc\xaf|Rar!", "other", "a packed file: unpack it first"),
    (rb"(?i)(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!doctype html|<html|<table|<head|<meta|<body)", "html", "a web page"),
)
_EXPECTED = {".xlsx": "zip", ".parquet": "parquet", ".sav": "spss", ".dta": "stata"}
_REMEDIES = {
    "html": "open it in a browser to see what it says, and download the table itself",
    "password": "open it in Excel, take the password off (File, Info, Protect), and save it again",
    "ole": "open it in Excel or LibreOffice and save it as .xlsx",
}
#: Endings of tables that other programs read, and what to do about them.
OTHER_ENDINGS = {
    ".xls": "it is the old format of Excel; open it and save it as .xlsx",
    ".xlsb": "open it in Excel and save it as .xlsx",
    ".ods": "open it in LibreOffice and save it as .xlsx",
    ".por": "open it in SPSS or PSPP and save it as .sav",
    ".zsav": "open it in SPSS and save it as .sav",
    ".rds": "write it in R with arrow::write_parquet or write.csv",
    ".rdata": "write the table in R with arrow::write_parquet or write.csv",
    ".sas7bdat": "write it in SAS with PROC EXPORT as .csv",
}


def check_readable(path):
    """Refuse what is no file that can be opened.

    Raises
    ------
    TableError
        In one sentence. A pipe or a device is refused without opening it, which might wait forever.
    """
    try:
        about = path.stat()
    except PermissionError:
        raise TableError(f"'{path}' may not be looked at: ask for the right to read its folder.") from None
    except (OSError, ValueError):
        if os.path.islink(path):
            raise TableError(
                f"'{path.name}' is a link that leads nowhere (to {os.readlink(path)}): mend the link, or give the name of the file itself."
            ) from None
        raise TableError(
            f"There is no file '{path}' (looked from the folder {Path.cwd()}): check its name and the folder."
        ) from None
    if stat.S_ISDIR(about.st_mode):
        raise TableError(f"'{path}' is a folder: give the name of one file in it.")
    if not stat.S_ISREG(about.st_mode):
        raise TableError(f"'{path}' is a pipe or a device and no file: save its content into a file first.")
    if about.st_size == 0:
        raise TableError(f"'{path.name}' is empty: save or download it again.")


def check_content(path):
    """Refuse a file whose first bytes say that it is something else than its name says."""
    with open(path, "rb") as file:
        beginning = file.read(1000)
        kind, what = next(
            ((kind, what) for pattern, kind, what in _BEGINNINGS if re.match(pattern, beginning)), (None, None)
        )
        if kind == "ole" and _holds(file, "EncryptedPackage".encode("utf-16-le")):
            kind, what = "password", "protected by a password"
    ending = path.suffix.lower()
    if kind == _EXPECTED.get(ending) or (kind is None and ending in (".dta", ".sav")):
        return
    what = what or ("plain text" if beginning.isascii() and b"\0" not in beginning else "something else, or damaged")
    says = f"it is {what}" if kind == "password" else f"it is really {what}"
    remedy = _REMEDIES.get(kind, "give it the ending that suits it, or save it again in the program it came from")
    if ending not in _EXPECTED:
        raise TableError(f"'{path.name}' does not hold plain text, so it is no {ending} file: {says}; {remedy}.")
    raise TableError(f"'{path.name}' cannot be read as a {ending} file: {says}; {remedy}.")


def _holds(file, words, most=20_000_000):
    file.seek(0)
    return words in file.read(most)


def by_ending(path, formats):
    """What belongs to the ending of a file's name.

    Raises
    ------
    TableError
        If it is not among the formats.
    """
    ending = path.suffix.lower()
    if ending not in formats:
        known = ", ".join(formats)
        what = f"the ending '{path.suffix}' is none of them" if ending else "it has no ending"
        other = f"; {OTHER_ENDINGS[ending]}" if ending in OTHER_ENDINGS else ""
        raise TableError(f"The format of '{path.name}' is not known ({what}): use one of {known}{other}.")
    return formats[ending]


def need(package, ending):
    """Import a package, or say how to get it."""
    try:
        return importlib.import_module(package)
    except ImportError:
        raise ImportError(f"Files that end in {ending} need the package {package}: {how_to_get(package)}.") from None


@contextmanager
def unfinished(path):
    """A path to write to; what was written is put in place of `path` when all went well, and is gone if not.

    Raises
    ------
    OSError
        If it cannot be written, in one sentence.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as folder:
            place = Path(folder) / path.name
            yield place
            os.replace(place, path)
    except OSError as cause:
        full = cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        why = "the disk is full" if full else cause.strerror or str(cause)
        remedy = (
            "free some space, or choose another folder"
            if full
            else "choose another folder, or ask for the right to write there"
        )
        raise OSError(f"'{path}' could not be written ({why}): {remedy}; nothing was changed.") from cause
