"""Tables out of files and into files. Reference: the values that pandas, statsmodels and pyreadstat put there."""

import datetime
import os
import sys

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from workshop.data import load, read_table, write_table
from workshop.recognition import MISSING, MISSING_AMONG_VALUES, recognise
from workshop.table import TableError, kind_of

ENDINGS = [".csv", ".tsv", ".xlsx", ".parquet"]


def read(tmp_path, content, name="table.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path)


def kinds(table):
    return {name: kind_of(table[name]) for name in table}


def same(back, table, ending=""):
    """Equal names, kinds, missing values and values, whatever type pandas chose to hold them; xlsx holds 15 digits."""
    assert list(back) == list(table)
    assert kinds(back) == kinds(table)
    for name in table:
        assert back[name].isna().tolist() == table[name].isna().tolist(), name
        values, wanted = back[name].dropna().tolist(), table[name].dropna().tolist()
        if ending == ".xlsx" and kind_of(table[name]) == "continuous":
            wanted = pytest.approx(wanted, rel=1e-15, abs=0)
        assert values == wanted, name
    return True


@pytest.fixture
def all_kinds():
    n = 24
    letters = [chr(97 + i) for i in range(n)]
    return pd.DataFrame(
        {
            "continuous": np.linspace(-1, 1, n) / 3,
            "continuous, missing": [None, 1e-300, 0.1 + 0.2] * 8,
            "discrete": [3, 1, 2**53 + 1] * 8,
            "discrete, missing": [3.0, None, -4.0, 5.0] * 6,
            "categorical": ["a", "b,c", 'd "e"', None] * 6,
            "category": pd.Categorical(["m", "f", None] * 8),
            "boolean": [True, False, False] * 8,
            "boolean, missing": pd.array([True, None, False] * 8, dtype="boolean"),
            "date": pd.to_datetime(["1850-02-03", "2025-06-01", None] * 8),
            "datetime": pd.to_datetime(["2025-06-01 00:00:00", "2025-06-02 23:59:59", None] * 8),
            "minutes": pd.to_datetime(["2025-06-01 10:30", "2025-06-02 00:00"] * 12, format="%Y-%m-%d %H:%M"),
            "time": [datetime.time(0, 0), datetime.time(23, 59, 59), None] * 8,
            "duration": pd.to_timedelta(["1 days", "-26:00:00", None] * 8),
            "text": [f"{letter} and\na 'second' line; =1+1" for letter in letters],
            "key": [f"R-{i:03}" for i in range(n)],
            "postcode": ["0123", "4567", None] * 8,
            "formula": ["=1+1", "+31612345678", "@x"] * 8,
            "empty": [None] * n,
            "naïve 😀": ["é", "😀", "日本"] * 8,
        }
    ).astype({"empty": float})


def test_gifts_is_typed_as_its_codebook_says():
    gifts = load("gifts")
    assert list(gifts) == [
        *("respondent", "first_name", "postcode", "region", "education", "age", "household_size", "income"),
        *("greenness", "gift_spending", "gives_to_charity", "moved_in", "years_here", "answered_at", "remark"),
    ]
    assert kind_of(gifts["respondent"]) == "key"
    assert pd.api.types.is_string_dtype(gifts["postcode"]) and gifts["postcode"].str.startswith("0").any()
    levels = ["primary", "lower secondary", "upper secondary", "bachelor", "master or higher"]
    assert gifts["education"].cat.ordered and gifts["education"].cat.categories.tolist() == levels
    assert gifts["education"].notna().all()
    assert (kind_of(gifts["moved_in"]), kind_of(gifts["answered_at"])) == ("date", "datetime")
    assert pd.api.types.is_integer_dtype(gifts["age"]) and gifts["income"].dtype == float
    assert set(gifts["gives_to_charity"]) == {"yes", "no"}


def test_an_unknown_table_of_the_workshop_is_answered_with_what_there_is():
    with pytest.raises(ValueError, match="no table 'presents'; there is: gifts"):
        load("presents")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_kind_comes_back_from_every_format(all_kinds, tmp_path, ending):
    if ending == ".xlsx":
        all_kinds["discrete"] = all_kinds["discrete"] % 2**40
    before = all_kinds.copy(deep=True)
    write_table(all_kinds, tmp_path / f"table{ending}")
    assert same(read_table(tmp_path / f"table{ending}"), all_kinds, ending)
    pd.testing.assert_frame_equal(all_kinds, before)
    assert os.listdir(tmp_path) == [f"table{ending}"]


def test_parquet_brings_back_the_very_types(all_kinds, tmp_path):
    all_kinds["education"] = pd.Categorical(["low", "high"] * 12, ["low", "middle", "high"], ordered=True)
    all_kinds["zoned"] = pd.date_range("2025-03-30", periods=24, freq="h", tz="Europe/Amsterdam").as_unit("us")
    write_table(all_kinds, tmp_path / "table.parquet")
    back = read_table(tmp_path / "table.parquet")
    assert back.drop(columns="time").dtypes.to_dict() == all_kinds.drop(columns="time").dtypes.to_dict()
    assert back["education"].equals(all_kinds["education"])


@pytest.mark.parametrize("ending", ENDINGS)
def test_moments_with_a_time_zone_stay_the_same_moments(tmp_path, ending):
    moments = pd.date_range("2025-10-26", periods=5, freq="h", tz="Europe/Amsterdam")
    write_table(pd.DataFrame({"at": moments}), tmp_path / f"t{ending}")
    assert (read_table(tmp_path / f"t{ending}")["at"] == moments).all()


@pytest.mark.parametrize("ending", ENDINGS)
def test_unusual_types_of_pandas_can_be_written(tmp_path, ending):
    table = pd.DataFrame(
        {
            "sparse": pd.Series(pd.arrays.SparseArray([0.5, 0.0, 0.0])),
            "levels of days": pd.Categorical(pd.to_datetime(["2025-06-01", "2025-06-02", None])),
            "levels of numbers": pd.Categorical([10, 20, None]),
            "Int64": pd.array([1, None, 3], dtype="Int64"),
            "arrow": pd.Series([1.0, None, 3.0], dtype="double[pyarrow]"),
            "days": [datetime.date(2025, 6, 1), datetime.date(9999, 12, 31), None],
        }
    )
    write_table(table, tmp_path / f"t{ending}")
    back = read_table(tmp_path / f"t{ending}")
    for name in table:
        given_back = back[name].dropna().map(lambda v: v.date() if isinstance(v, datetime.datetime) else v)
        wanted = table[name].dropna().map(lambda v: v.date() if isinstance(v, datetime.datetime) else v)
        assert given_back.tolist() == wanted.tolist(), name


# csv and tsv

WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.sampled_from(
        ["0012", "007", "1", "1e5", "true", "None", "null", "nan", "N/A", "NaN", "-", ".", "#N/A", "inf", "=1+1"]
    ),
    st.sampled_from(
        ['"', '""', ",", ";", "\t", "\n", "\r", "\r\n", "a\rb", " b ", "é", "😀👩‍👩‍👧", "2025-06-01", "﻿", "\\"]
    ),
).filter(lambda word: word not in MISSING)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_csv_gives_back_any_text_letter_for_letter(tmp_path_factory, words):
    table = pd.DataFrame([("a word", "another"), *words], columns=["one", 'the "other", 😀'])
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    write_table(table, path)
    back = read_table(path)
    assert list(back) == list(table) and back.to_numpy().tolist() == table.to_numpy().tolist()


@given(st.lists(st.one_of(st.floats(-1e150, 1e150), st.just(np.nan)), min_size=1, max_size=9))
@settings(max_examples=100, deadline=None)
def test_csv_gives_back_any_number_to_the_last_digit(tmp_path_factory, numbers):
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    write_table(pd.DataFrame({"x": numbers, "text": "a"}), path)
    assert np.array_equal(read_table(path)["x"].to_numpy(float), numbers, equal_nan=True)


@given(st.lists(st.datetimes(datetime.datetime(1000, 1, 1)), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_csv_gives_back_any_moment_from_year_1000_to_9999(tmp_path_factory, moments):
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    table = pd.DataFrame({"at": pd.Series(np.array(moments, dtype="datetime64[us]")), "text": "a"})
    write_table(table, path)
    assert read_table(path)["at"].tolist() == table["at"].tolist()


@pytest.mark.parametrize("word", sorted(MISSING_AMONG_VALUES - MISSING))
def test_a_word_for_missing_is_missing_beside_numbers_and_a_name_beside_names(word):
    assert recognise(["1.5", word]).isna().tolist() == [False, True]
    assert recognise(["2025-06-01", word]).isna().tolist() == [False, True]
    assert recognise(["Ann", word]).tolist() == ["Ann", word]
    assert recognise([word, word]).tolist() == [word, word]


@pytest.mark.parametrize(
    "cells, kind, dtype",
    [
        (["1", "2"], "discrete", "int64"),
        (["1", ""], "discrete", "float64"),
        (["-1.5", " 2 "], "continuous", "float64"),
        (["1e3", ".5", "5."], "continuous", "float64"),
        (["9007199254740993", ""], "discrete", "Int64"),
        (["TRUE", "FALSE"], "boolean", "bool"),
        (["true", ""], "boolean", "boolean"),
        (["2025-06-01", "9999-12-31"], "date", "datetime64[us]"),
        (["2025-06-01 10:30", "2025-06-01T10:30:15"], "datetime", "datetime64[us]"),
        (["2025-06-01T10:00:00Z", "2025-06-01T10:00:00+02:00"], "datetime", None),
        (["23:59", "00:00:01"], "time", "object"),
        (["", "NA"], "empty", "float64"),
    ],
)
def test_a_column_that_is_all_of_one_kind_is_recognised(cells, kind, dtype):
    column = recognise(cells)
    assert kind_of(column) == kind
    assert dtype is None or column.dtype == dtype


@pytest.mark.parametrize(
    "cells",
    [
        ["0123", "4567"],
        ["00", "1"],
        ["+31612345678"],
        ["12345678901234567890123"],
        ["1_000"],
        ["1,5"],
        ["12", "twelve"],
        ["2025-02-30"],
        ["2025-06-01", "01-06-2025"],
        ["2025-06-01", "5"],
        ["2025-06-01", "2025-06-01T10:00Z"],
        ["24:01"],
        ["inf", "Inf"],
        ["True", "yes"],
        ["T", "F"],
        ["١٢"],
        ["0x10"],
    ],
)
def test_what_only_looks_like_a_number_or_a_date_stays_text(cells):
    assert recognise(cells).tolist() == cells


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    lines = ["name|age|town", '"Ann, of; Ely"|31|a', "Bo|44|b"]
    table = read(tmp_path, "\n".join(lines).replace("|", delimiter))
    assert table.to_dict("list") == {"name": ["Ann, of; Ely", "Bo"], "age": [31, 44], "town": ["a", "b"]}


def test_beside_semicolons_a_comma_is_a_decimal_comma(tmp_path):
    table = read(tmp_path, "x;y;z;date\n1,5;3;1.234;2025-06-01\n-2;4;5.678;2025-06-02\n")
    assert table["x"].tolist() == [1.5, -2.0] and table["y"].tolist() == [3, 4]
    assert table["z"].tolist() == ["1.234", "5.678"]  # thousands or thousandths? not ours to guess
    assert read(tmp_path, "x;y\n1.5;3\n2;4\n")["x"].tolist() == [1.5, 2.0]


def test_one_column_needs_no_delimiter(tmp_path):
    assert read(tmp_path, "age\n31\n\n44\n")["age"].tolist() == [31, 44]
    write_table(pd.DataFrame({"age": [31, None, 44]}), tmp_path / "holes.csv")
    assert read_table(tmp_path / "holes.csv")["age"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_with_accents_survive_in_every_common_encoding(tmp_path, encoding):
    table = read(tmp_path, "naam,stad\nZoë,Curaçao\nJosé,'s-Hertogenbosch\r\n".encode(encoding))
    assert table.to_dict("list") == {"naam": ["Zoë", "José"], "stad": ["Curaçao", "'s-Hertogenbosch"]}


def test_a_file_of_names_only_is_a_table_without_records(tmp_path):
    table = read(tmp_path, "a,b\n")
    assert list(table) == ["a", "b"] and len(table) == 0


def test_a_long_file_is_cut_by_the_right_delimiter_too(tmp_path):
    table = read(tmp_path, "x;y\n" + "1,5;2,5\n" * 20_000)
    assert len(table) == 20_000 and table.iloc[-1].tolist() == [1.5, 2.5]


def test_what_spreadsheets_and_R_leave_in_a_csv_is_understood(tmp_path):
    assert list(read(tmp_path, "a,b,\n1,2,\n3,4,\n")) == ["a", "b"]
    table = read(tmp_path, '"","a","b"\n"1",NA,TRUE\n"2",5,FALSE\n')
    assert list(table) == ["Unnamed: 0", "a", "b"]
    assert table["a"].isna().tolist() == [True, False] and table["b"].dtype == bool


def test_a_date_is_written_as_a_date_and_a_whole_number_without_a_decimal_point(tmp_path):
    table = pd.DataFrame(
        {
            "day": pd.to_datetime(["2025-06-01", None]),
            "at": pd.to_datetime(["2025-06-01 10:00", "2025-06-02 00:00"], format="%Y-%m-%d %H:%M"),
            "age": [31.0, None],
            "x": [1.5, None],
        }
    )
    write_table(table, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == (
        b"day,at,age,x\n2025-06-01,2025-06-01 10:00:00,31,1.5\n,2025-06-02 00:00:00,,\n"
    )


# real tables

sm = pytest.importorskip("statsmodels.api")


@pytest.mark.parametrize("name", ["randhie", "fair", "anes96"])
def test_real_tables_come_back_from_every_format(tmp_path, name):
    table = getattr(sm.datasets, name).load_pandas().data.head(2000)
    for ending in [".csv", ".parquet"] + [".xlsx"] * (name == "anes96"):
        write_table(table, tmp_path / f"{name}{ending}")
        assert same(read_table(tmp_path / f"{name}{ending}"), table, ending)


#: The codes of anes96, from statsmodels' description of the data set.
PARTY = dict(enumerate(["Strong Democrat", "Weak Democrat", "Independent-Democrat", "Independent-Independent"]))
PARTY |= {4: "Independent-Republican", 5: "Weak Republican", 6: "Strong Republican"}


@pytest.mark.parametrize("ending", [".sav", ".dta"])
def test_labels_of_spss_and_stata_become_levels_in_the_order_of_their_codes(tmp_path, ending):
    pyreadstat = pytest.importorskip("pyreadstat")
    anes = sm.datasets.anes96.load_pandas().data
    labels = {"PID": PARTY, "vote": {0: "Clinton", 1: "Dole"}, "TVnews": {0: "never", 7: "every day"}}
    measure = {"PID": "ordinal", "vote": "nominal"}
    path = tmp_path / f"anes{ending}"
    if ending == ".sav":
        pyreadstat.write_sav(anes, path, variable_value_labels=labels, variable_measure=measure)
    else:
        pyreadstat.write_dta(anes, path, variable_value_labels=labels)
    table = read_table(path)
    assert table["PID"].cat.categories.tolist() == list(PARTY.values())
    assert table["PID"].tolist() == anes["PID"].map(PARTY).tolist()
    assert table["PID"].cat.ordered == (ending == ".sav") and not table["vote"].cat.ordered
    assert table["TVnews"].tolist() == anes["TVnews"].tolist()  # labelled at its ends only: a number
    assert same(table.drop(columns=list(labels)), anes.drop(columns=list(labels)))


def test_missing_values_text_and_dates_of_spss_come_back(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    days = [datetime.date(2025, 6, 1), None, datetime.date(1850, 1, 2), datetime.date(2025, 6, 3)]
    moments = pd.to_datetime(["2025-06-01 10:00:01", None, "2025-06-01 23:00:00", "2025-06-02 00:00:00"])
    data = pd.DataFrame({"sex": [1.0, 2, 9, 1], "name": ["0012", "", "NA", "Zoë"], "day": days, "at": moments})
    data["time"] = [datetime.time(10, 30), datetime.time(0, 0), None, datetime.time(23, 59, 59)]
    labels = {"sex": {1: "man", 2: "woman", 9: "refused"}}
    pyreadstat.write_sav(data, tmp_path / "t.sav", variable_value_labels=labels, missing_ranges={"sex": [9]})
    table = read_table(tmp_path / "t.sav")
    assert table["sex"].cat.categories.tolist() == ["man", "woman"]
    assert table["sex"].isna().tolist() == [False, False, True, False]
    assert table["name"].dropna().tolist() == ["0012", "NA", "Zoë"] and table["name"].isna().sum() == 1
    assert kinds(table)["day"] == "date" and table["day"][2] == pd.Timestamp(1850, 1, 2) and pd.isna(table["day"][1])
    assert table["at"].dropna().tolist() == moments.dropna().tolist()
    assert table["time"].dropna().tolist() == [time for time in data["time"] if pd.notna(time)]


# xlsx


def workbook(path, rows):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return read_table(path)


def test_cells_of_a_spreadsheet_keep_their_own_type(tmp_path):
    table = workbook(
        tmp_path / "t.xlsx",
        [
            ["postcode", "n", "house", "year", 2019, "day", "yes", None],
            ["0123", 1, 12, 1999, 0.5, datetime.date(2025, 6, 1), True, None],
            ["4567", "n/a", "12a", "NA", 1, "NA", None, None],
        ],
    )
    assert list(table) == ["postcode", "n", "house", "year", "2019", "day", "yes"]
    assert table["postcode"].tolist() == ["0123", "4567"]
    assert table["house"].tolist() == ["12", "12a"]
    assert table["n"].tolist()[0] == 1 and table["n"].isna().tolist() == [False, True]
    assert table["2019"].tolist() == [0.5, 1.0]
    assert kind_of(table["day"]) == "date" and table["yes"].dtype == "boolean"


def test_a_text_that_looks_like_a_formula_is_no_formula(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    write_table(pd.DataFrame({"=a": ['=HYPERLINK("x")', "b"]}), tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


def test_a_number_too_long_for_a_spreadsheet_keeps_its_digits_as_text(tmp_path):
    write_table(pd.DataFrame({"id": pd.array([2**53 + 1, None, 5], dtype="Int64")}), tmp_path / "t.xlsx")
    assert read_table(tmp_path / "t.xlsx")["id"].dropna().tolist() == ["9007199254740993", "5"]


@pytest.mark.parametrize("text, word", [("a\x00b", "control characters"), ("x" * 32_768, "32,767")])
def test_what_a_spreadsheet_cannot_hold_is_said_with_the_column_and_a_remedy(tmp_path, text, word):
    with pytest.raises(TableError, match=f"Column 'note' .*{word}.*write the table as .csv or .parquet"):
        write_table(pd.DataFrame({"note": [text]}), tmp_path / "t.xlsx")
    assert not os.listdir(tmp_path)


# refusals

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"
BAD_FILES = [
    ("empty.csv", b"", "'empty.csv' is empty"),
    ("blank.csv", b"\n\n", "holds no columns"),
    ("bom.csv", b"\xef\xbb\xbf", "holds no columns"),
    ("ragged.csv", b"a,b,c\n1,2,3\n4,5\n", "Line 3 of 'ragged.csv' has 2 values but the first line has 3 names"),
    ("long.csv", b"a,b\n1,2\n1,2,3\n", "Line 3 of 'long.csv' has 3 values"),
    ("open.csv", b'a,b\n"1,2\n3,4\n', "quotation mark"),
    ("twice.csv", b"a,b,a\n1,2,3\n", "'a' occurs more than once"),
    ("picture.csv", PNG, "does not hold plain text"),
    ("archive.tsv", b"PK\x03\x04\x00\x00", "does not hold plain text"),
    ("picture.xlsx", PNG, "cannot be read as a .xlsx file"),
    ("picture.parquet", PNG, "cannot be read as a .parquet file"),
    ("picture.sav", PNG, "cannot be read as a .sav file"),
    ("picture.dta", PNG, "cannot be read as a .dta file"),
    ("picture.png", PNG, "ending '.png' is none of them.*use one of .csv, .tsv, .xlsx, .parquet, .sav, .dta"),
    ("old.xls", b"\xd0\xcf\x11\xe0", "ending '.xls' is none of them"),
    ("loot.pkl", b"cos\nsystem\n(S'echo'\ntR.", "ending '.pkl' is none of them"),
    ("table", b"a,b\n1,2\n", "it has no ending"),
]


@pytest.mark.parametrize("name, content, message", BAD_FILES, ids=[name for name, *_ in BAD_FILES])
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path, name, content, message):
    with pytest.raises(TableError, match=message) as refusal:
        read(tmp_path, content, name)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 400
    assert ": " in str(refusal.value)  # what, then what to do


@pytest.mark.parametrize("ending", [".xlsx", ".parquet", ".sav", ".dta"])
def test_a_file_cut_short_is_refused_and_never_half_read(tmp_path, ending):
    pyreadstat = pytest.importorskip("pyreadstat")
    table = pd.DataFrame({"x": np.arange(5000.0), "y": np.arange(5000.0)})
    whole = tmp_path / f"whole{ending}"
    write = {".sav": pyreadstat.write_sav, ".dta": pyreadstat.write_dta}.get(ending, write_table)
    write(table, whole)
    content = whole.read_bytes()
    with pytest.raises(TableError, match="cannot be read as"):
        read(tmp_path, content[: len(content) // 2], f"cut{ending}")


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path):
    with pytest.raises(TableError, match="There is no file .*gone.csv.* check its name"):
        read_table(tmp_path / "gone.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(TableError, match="is a folder"):
        read_table(tmp_path / "folder.csv")


@pytest.mark.parametrize(
    "ending, package", [(".xlsx", "openpyxl"), (".parquet", "pyarrow"), (".sav", "pyreadstat"), (".dta", "pyreadstat")]
)
def test_a_missing_package_is_asked_for_by_name(tmp_path, monkeypatch, ending, package):
    monkeypatch.setitem(sys.modules, package, None)
    beginning = {".xlsx": b"PK\x03\x04", ".parquet": b"PAR1"}.get(ending, b"x")
    with pytest.raises(ImportError, match=f"{ending} need the package {package}: run  pip install {package}"):
        read(tmp_path, beginning, f"t{ending}")


def test_a_file_is_not_replaced_unless_asked(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("precious")
    table = pd.DataFrame({"a": [1]})
    with pytest.raises(FileExistsError, match="is there already: choose another name, or say overwrite=True"):
        write_table(table, path)
    assert path.read_text() == "precious"
    write_table(table, path, overwrite=True)
    assert path.read_text() == "a\n1\n"
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        write_table(table, tmp_path / "nowhere" / "t.csv")
    with pytest.raises(TableError, match="ending '.sav' is none of them.*use one of .csv, .tsv, .xlsx, .parquet"):
        write_table(table, tmp_path / "t.sav")


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("precious")

    def broken(*args, **kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr(pd.DataFrame, "to_csv", broken)
    with pytest.raises(OSError, match="full"):
        write_table(pd.DataFrame({"a": [1]}), path, overwrite=True)
    assert path.read_text() == "precious" and os.listdir(tmp_path) == ["t.csv"]


def test_a_table_that_no_model_could_use_is_not_written(tmp_path):
    with pytest.raises(TableError, match="Column 'z' holds complex numbers"):
        write_table(pd.DataFrame({"z": [1j]}), tmp_path / "t.csv")
    assert not os.listdir(tmp_path)
