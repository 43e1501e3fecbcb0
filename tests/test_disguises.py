"""csv files in their usual disguises: each must come back as the table that was written, or stay text. Reference: the table itself."""

import csv
import io

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings

from workshop.data import read_table, write_table
from workshop.delimited import _careful, _quick
from workshop.marks import marks_of
from workshop.table import TableError, kind_of

HEART = pd.DataFrame({"name": ["Zoë", "José", "Łucja, of Ely", "O'Hara"], "age": [31, 44, 52, 60], "income": [1234.5, 1000000.25, -2.75, 0.5]})  # fmt: skip
WESTERN = HEART.assign(name=["Zoë", "José", "Bo, of Ely", "O'Hara"])


def read(tmp_path, content, name="table.csv", **how):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, **how)


def test_the_swiss_army_of_disguises(tmp_path):
    """Separator, decimal mark, thousands mark, encoding and Excel's line, each with each."""
    seen = 0
    for separator in (";", "\t", ",", "|"):
        for decimal, thousands in (
            (".", ""),
            (",", ""),
            (",", "."),
            (".", ","),
            (",", " "),
            (",", "\u00a0"),
            (".", "'"),
        ):
            for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"):
                if thousands == "\u00a0" and encoding == "latin-1":
                    continue
                for first in ("", f"sep={separator}\r\n"):
                    written = [format_number(value, decimal, thousands) for value in WESTERN["income"]]
                    if decimal == "," and not thousands and separator == ",":
                        continue  # "1,5" between commas may be two answers of one person
                    text = WESTERN.assign(income=written).to_csv(index=False, sep=separator, lineterminator="\r\n")
                    table = read(tmp_path, (first + text).encode(encoding))
                    how = (separator, decimal, thousands, encoding, first)
                    assert table["income"].tolist() == WESTERN["income"].tolist(), how
                    assert (
                        table["name"].tolist() == WESTERN["name"].tolist()
                        and table["age"].tolist() == WESTERN["age"].tolist()
                    ), how
                    seen += 1
    assert seen == 4 * 7 * 7 * 2 - 4 * 2 - 7 * 2


def format_number(value, decimal, thousands):
    return f"{value:,.2f}".replace(",", "#").replace(".", decimal).replace("#", thousands)


@pytest.mark.parametrize(
    "cells",
    [
        ["1,234", "5,678"],
        ["1.234", "5,678"],
        ["123 456", "654 321"],
        ["12.345.678", "87.654.321"],
        ["1,3", "2,5"],
        ["1.234,5", "1,234.5"],
        ["1.23.456,7", "2"],
        ["0.123,4", "1.000,5"],
        ["1 234 56,7", "1,5"],
        ["12 %", "5 %"],
        ["€ 5", "€ 6"],
    ],
    ids=lambda cells: cells[0],
)
@pytest.mark.parametrize("separator", [",", "\t"])
def test_what_could_be_two_numbers_or_a_code_stays_text(tmp_path, cells, separator):
    text = pd.DataFrame({"x": cells, "y": "a"}).to_csv(index=False, sep=separator)
    assert read(tmp_path, text)["x"].tolist() == cells


def test_three_digits_behind_a_comma_are_no_proof_of_a_decimal_comma_even_beside_semicolons(tmp_path):
    assert read(tmp_path, "x;y\n1,234;a\n5,678;b\n")["x"].tolist() == ["1,234", "5,678"]
    assert read(tmp_path, "x;y\n1,234;0,5\n5,678;2,25\n")["x"].tolist() == [1.234, 5.678]


@given(st.lists(st.decimals(-(10**12), 10**12, places=2), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
@example([1234])
def test_marks_are_only_named_where_they_give_the_very_numbers(values):
    for decimal, thousands in ((",", "."), (".", ","), (",", " "), (".", "'")):
        words = [format_number(float(value), decimal, thousands) for value in values]
        found = marks_of(words)
        both = any(thousands in word for word in words)
        assert found == ((decimal, thousands) if both else None)


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "cp1250", "utf-16", "utf-32"])
def test_an_encoding_can_be_said(tmp_path, encoding):
    content = "naam;stad\nZoë;Köln\n".encode(encoding)
    assert read(tmp_path, content, encoding=encoding).iloc[0].tolist() == ["Zoë", "Köln"]


def test_a_wrong_encoding_is_refused_with_the_line_and_a_remedy(tmp_path):
    with pytest.raises(
        TableError, match=r"Line 2 of 'table.csv' does not hold plain text in the encoding ascii: .*encoding=\"cp850\""
    ):
        read(tmp_path, "a,b\nZoë,1\n", encoding="ascii")
    with pytest.raises(TableError, match="There is no encoding 'klingon': try"):
        read(tmp_path, "a,b\n1,2\n", encoding="klingon")


def test_one_damaged_letter_does_not_garble_all_others(tmp_path):
    content = "name,town\nZoë,Köln\nJosé,Curaçao\n".encode() + b"M\xf6rder,Ely\n"
    with pytest.raises(TableError, match="Line 4 of 'table.csv' holds a letter that is not utf-8, unlike the rest"):
        read(tmp_path, content)
    assert read(tmp_path, "name,town\nZoë,Köln\n".encode("cp1252"))["name"][0] == "Zoë"


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "SEP=;\r\n", "\ufeffsep=;\n"])
def test_excels_line_that_names_the_separator_is_no_row(tmp_path, first):
    table = read(tmp_path, first + "x;y\n1,5;a\n")
    assert list(table) == ["x", "y"] and table["x"].tolist() == [1.5]


def test_a_line_number_counts_excels_line_too(tmp_path):
    with pytest.raises(TableError, match="Line 4 of 'table.csv' has 3 values"):
        read(tmp_path, "sep=;\nx;y\n1;2\n1;2;3\n")


def test_line_breaks_separators_and_quotation_marks_inside_quotation_marks_are_text(tmp_path):
    written = pd.DataFrame(
        {"note": ["two\nlines", 'a "word"', "x, y; z", "tab\there", "", "two\r\nlines"], "n": range(6)}
    )
    table = read(tmp_path, written.to_csv(index=False))
    assert table["note"].fillna("").tolist() == written["note"].tolist()


LETTERS = st.text(alphabet='ab1,;"\n\r \t.é', max_size=30)


def by_hand(text, delimiter):
    """The csv module over the whole text at once; None where it refuses or the lines differ in width."""
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if line]
    except csv.Error:
        return None
    if not lines or len({len(line) for line in lines}) > 1:
        return None
    return lines[0], [list(column) for column in zip(*lines[1:], strict=True)] or [[] for _ in lines[0]]


@given(LETTERS, st.sampled_from(",;\t"))
@settings(max_examples=1500, deadline=None)
@example('a,b\n"1\n2",3\n', ",")
@example('a\n""\n\n1', ",")
@example("a,b\r\r1,2", ",")
@example(" \n\n", ",")
@example('a"b,c\n1,2\n', ",")
@example('"a""b",c\n"""1""",2', ",")
@example('a,b\n"1"x,2\n', ",")
@example('a,b\n1,"2\n', ",")
def test_the_quick_way_and_the_careful_way_read_the_same(text, delimiter):
    if not text.strip("\r\n"):
        return
    quick, wanted = _quick(text.encode(), delimiter), by_hand(text, delimiter)
    if quick is not None:
        assert (quick[0], [list(column) for column in quick[1]]) == wanted
    if wanted is None:
        with pytest.raises(TableError):
            _careful(text.encode(), delimiter, "t.csv")
    else:
        names, columns = _careful(text.encode(), delimiter, "t.csv")
        assert (names, [list(column) for column in columns]) == wanted


def test_ordinary_files_are_read_the_quick_way():
    for table in (HEART, pd.DataFrame({"a": ["x\ny", 'q"q', ""], "b": [1, 2, 3]})):
        for end in ("\n", "\r\n"):
            assert _quick(table.to_csv(index=False, lineterminator=end).encode(), ",") is not None
            assert _quick(("\n" + table.to_csv(index=False) + "\n\n").encode(), ",") is not None


def test_a_table_written_as_text_comes_back_from_ten_thousand_mixed_records(tmp_path):
    rng = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "id": [f"{i:05d}" for i in range(10_000)],
            "x": rng.normal(size=10_000),
            "n": rng.integers(0, 9, 10_000),
            "note": rng.choice(["a", "b, c", 'd "e"', "f\ng"], 10_000),
        }
    )
    write_table(table, tmp_path / "t.csv")
    back = read_table(tmp_path / "t.csv")
    for name in table:
        assert back[name].tolist() == table[name].tolist()
    assert kind_of(back["id"]) == "key"
