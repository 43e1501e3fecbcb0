"""SPSS and Stata files: labels of values, labels of variables, and the kinds of missing that they tell apart.

"Refused" and "does not know" are no numbers, though the file holds them as -9 and -8 (SPSS) or as .a and .b (Stata). `read_table` makes them
missing, which suits every model. With user_missing="keep" they stay, and `special_codes` names them for the model that tells them apart:
`Sequential(special_codes=special_codes(table))`.
"""

import pandas as pd
from pandas.api import types

from workshop.files import need
from workshop.recognition import simplest
from workshop.table import TableError, with_columns

#: Where a table keeps what its file said: `table.attrs[LABELS]` is {variable: its label}, `table.attrs[KINDS]` {variable: [[code, label], …]}.
LABELS, KINDS = "labels", "user_missing"


def read_labelled(path, user_missing="missing", encoding=None):
    """A table from a sav (SPSS) or dta (Stata) file.

    Parameters
    ----------
    path : pathlib.Path
    user_missing : {"missing", "keep"}, default "missing"
        Whether the kinds of missing that the file tells apart become missing, or stay: numbers as codes, labels as levels (then in no order).
    encoding : str, optional
        Of old files that do not name theirs, such as "cp1252".

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    TableError, ImportError
        If the file declares more than it holds; if pyreadstat is not there.
    """
    if user_missing not in ("missing", "keep"):
        raise ValueError(f'user_missing must be "missing" or "keep"; got {user_missing!r:.40}.')
    pyreadstat = need("pyreadstat", path.suffix)
    spss = path.suffix.lower() == ".sav"
    read = pyreadstat.read_sav if spss else pyreadstat.read_dta
    _check_size(read(path, metadataonly=True, encoding=encoding)[1], path)
    table, about = read(path, encoding=encoding)
    labels_of = about.variable_value_labels
    if not spss:  # a letter is the label of a kind of missing
        labels_of = {
            name: {code: label for code, label in labels.items() if not isinstance(code, str)}
            for name, labels in labels_of.items()
        }
    raw, kinds = (_kinds_of_spss if spss else _kinds_of_stata)(read, path, table, encoding)
    found, columns = {}, {}
    for name in table:
        column, codes, labels = table[name], kinds.get(name, {}), dict(labels_of.get(name, {}))
        ordinal = about.variable_measure.get(name) == "ordinal"
        if name in raw:
            kept = {
                code: label for code, label in codes.items() if user_missing == "keep" and (raw[name] == code).any()
            }
            column = raw[name] if kept else column.mask(raw[name].isin(list(codes)))
            labels = _apart({code: label for code, label in labels.items() if code not in codes} | kept)
            found[name] = {code: labels[code] for code in kept}
        columns[name] = _as_meant(column, _apart(labels), ordinal and not found.get(name))
    result = pd.DataFrame(columns)
    result.attrs[LABELS] = {
        name: label for name, label in about.column_names_to_labels.items() if label and label.strip()
    }
    result.attrs[KINDS] = {
        name: [
            [label if isinstance(result[name].dtype, pd.CategoricalDtype) else _plain(code), label]
            for code, label in codes.items()
        ]
        for name, codes in found.items()
        if codes
    }
    return result


def special_codes(table):
    """The numbers of a table that are none, for `Sequential(special_codes=…)`.

    Parameters
    ----------
    table : pandas.DataFrame
        Read with user_missing="keep".

    Returns
    -------
    dict of str -> list of float

    Examples
    --------
    >>> table = pd.DataFrame({"income": [1200, -9]})
    >>> table.attrs["user_missing"] = {"income": [[-9, "refused"]]}
    >>> special_codes(table)
    {'income': [-9]}
    """
    return {
        name: [code for code, _ in codes]
        for name, codes in table.attrs.get(KINDS, {}).items()
        if name in table and types.is_numeric_dtype(table[name].dtype)
    }


def plain_missing(table):
    """The table with all kinds of missing as missing, for models that know one kind only.

    Examples
    --------
    >>> table = pd.DataFrame({"income": [1200, -9]})
    >>> table.attrs["user_missing"] = {"income": [[-9, "refused"]]}
    >>> plain_missing(table)["income"].tolist()
    [1200.0, nan]
    """
    changed = {}
    for name, codes in table.attrs.get(KINDS, {}).items():
        if name in table:
            column = table[name].mask(table[name].isin([code for code, _ in codes]))
            categorical = isinstance(column.dtype, pd.CategoricalDtype)
            changed[name] = column.cat.remove_categories([code for code, _ in codes]) if categorical else column
    plain = with_columns(table, changed)
    plain.attrs = {key: value for key, value in table.attrs.items() if key != KINDS}
    return plain


def descriptions(table):
    """What each variable means, as its file says it, for a codebook: {variable: label}, with the codes that are no numbers.

    Examples
    --------
    >>> table = pd.DataFrame({"income": [1200, -9]})
    >>> table.attrs = {"labels": {"income": "Income a month"}, "user_missing": {"income": [[-9, "refused"]]}}
    >>> descriptions(table)
    {'income': 'Income a month (-9: refused)'}
    """
    labels, kinds = table.attrs.get(LABELS, {}), table.attrs.get(KINDS, {})
    said = {}
    for name in table:
        codes = "; ".join(f"{code:g}: {label}" for code, label in kinds.get(name, []) if not isinstance(code, str))
        words = " ".join(filter(None, [labels.get(name, ""), f"({codes})" if codes else ""]))
        if words:
            said[name] = words
    return said


def _check_size(about, path):
    """A Stata file of a few bytes that declares billions of records would take all memory before that is found out."""
    if path.suffix.lower() == ".dta" and (about.number_rows or 0) * about.number_columns > path.stat().st_size:
        raise TableError(
            f"'{path.name}' says that it holds {about.number_rows:,} records, but it has {path.stat().st_size:,} bytes only: it is damaged. Save it "
            "again in the program it came from."
        )


def _kinds_of_spss(read, path, table, encoding):
    """(the columns with codes in them, {variable: {code: None}})."""
    about = read(path, metadataonly=True, user_missing=True, encoding=encoding)[1]
    names = [name for name in about.missing_ranges if not types.is_datetime64_any_dtype(table[name].dtype)]
    if not names:
        return {}, {}
    raw = read(path, usecols=names, user_missing=True, encoding=encoding)[0]
    labels, kinds = about.variable_value_labels, {}
    for name in names:
        ranges = about.missing_ranges[name]
        known = dict.fromkeys([*raw[name].dropna().unique(), *labels.get(name, {})])
        inside = [code for code in known if any(_within(code, one) for one in ranges)]
        kinds[name] = {code: labels.get(name, {}).get(code) for code in sorted(inside)}
    return {name: raw[name] for name in names}, kinds


def _within(code, span):
    try:
        return span["lo"] <= code <= span["hi"]
    except TypeError:  # days and times are no codes
        return False


def _kinds_of_stata(read, path, table, encoding):
    """Stata's letters .a to .z become whole numbers below all others."""
    names = [name for name in table if types.is_numeric_dtype(table[name].dtype) and table[name].isna().any()]
    if not names:
        return {}, {}
    raw, about = read(path, usecols=names, user_missing=True, encoding=encoding)
    columns, kinds = {}, {}
    for name, letters in about.missing_user_values.items():
        is_letter = raw[name].map(lambda value: isinstance(value, str))
        lowest = pd.to_numeric(raw[name].mask(is_letter)).min()
        below = 0 if not lowest < 0 else -(10 ** len(str(int(-lowest))))
        codes = {letter: float(below - place) for place, letter in enumerate(sorted(letters), start=1)}
        columns[name] = pd.to_numeric(raw[name].map(lambda value, codes=codes: codes.get(value, value))).astype(float)
        labels = about.variable_value_labels.get(name, {})
        kinds[name] = {code: labels.get(letter) or f".{letter}" for letter, code in codes.items()}
    return columns, kinds


def _plain(code):
    """A code as a number or text of Python's own, whole where it is."""
    return code if isinstance(code, str) else int(code) if float(code).is_integer() else float(code)


def _label(label, code):
    return str(label) if label and str(label).strip() else (code if isinstance(code, str) else f"{code:g}")


def _apart(labels):
    """Two codes under one label stay two: the code is put behind it."""
    words = [_label(label, code) for code, label in labels.items()]
    return {
        code: word if words.count(word) == 1 else f"{word} ({_label(None, code)})"
        for code, word in zip(labels, words, strict=True)
    }


def _as_meant(values, labels, ordinal):
    """A category where every value has a label; a scale of 0 to 10 with words at its ends only is a number."""
    if labels and set(values.dropna()) <= set(labels):
        levels = [labels[code] for code in sorted(labels)]
        return pd.Series(pd.Categorical(values.map(labels), categories=levels, ordered=ordinal), index=values.index)
    return simplest(values.mask(values == "")) if types.is_string_dtype(values.dtype) else values
