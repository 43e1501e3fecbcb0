"""Text out of a file, whatever encoding it was written in. Refused is what is no text, and what two encodings claim."""

import codecs

from workshop.table import TableError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def read_text(path, encoding=None):
    """The text of a file, as utf-8 bytes without a mark at the beginning.

    Parameters
    ----------
    path : pathlib.Path
    encoding : str, optional
        Such as "cp850". If left out, the mark at the beginning decides; else utf-8, utf-16 (every other byte zero), or cp1252, which all
        western letters of Windows and latin-1 are read by.

    Returns
    -------
    bytes

    Raises
    ------
    TableError
        If it is no text in this encoding.
    """
    raw = path.read_bytes()
    encoding = encoding or _likely(raw)
    try:
        text = raw.decode(encoding)
        as_utf8 = raw if encoding == "utf-8" else text.removeprefix("\ufeff").encode()
    except LookupError:
        raise TableError(f"There is no encoding '{encoding}': try utf-8, cp1252, cp850, mac_roman or utf-16.") from None
    except UnicodeDecodeError as cause:
        text = _second_try(raw, encoding, path.name, cause)
        as_utf8 = text.encode()
    if "\0" in text:
        raise _with_zeros(text, path)
    return as_utf8


def _likely(raw):
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return encoding
    beginning = raw[:1000]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(beginning) > 3 and beginning[first::2].count(0) > 0.8 * len(beginning[first::2]):
            return encoding
    return "utf-8"


def _second_try(raw, encoding, name, cause):
    line = raw[: cause.start].count(b"\n") + 1
    if encoding == "utf-8":
        # One damaged letter in a utf-8 file must not garble all the others.
        as_utf8 = raw.decode("utf-8", errors="replace")
        damaged = as_utf8.count("\ufffd")
        if len(as_utf8) - len(as_utf8.encode("ascii", "ignore")) > 2 * damaged:
            raise TableError(
                f"Line {line} of '{name}' holds a letter that is not utf-8, unlike the rest of the file: mend that line, or say the encoding, "
                'such as read_table(..., encoding="cp1252").'
            )
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError as second:
            line = raw[: second.start].count(b"\n") + 1
    raise TableError(
        f"Line {line} of '{name}' does not hold plain text in the encoding {encoding}: save the file as csv (UTF-8) in the program it came from, "
        'or say the encoding, such as read_table(..., encoding="cp850").'
    )


def _with_zeros(text, path):
    place = text.index("\0")
    if text.count("\0") > len(text) / 100:
        return TableError(
            f"'{path.name}' does not hold plain text, so it is no {path.suffix} file: open it in the program it came from and save it as csv (UTF-8)."
        )
    line = text.count("\n", 0, place) + 1
    return TableError(
        f"Line {line} of '{path.name}' holds a byte of zero, which no text has: the file was damaged on its way; download or save it again."
    )
