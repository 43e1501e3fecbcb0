"""The guided look: what it finds on columns with a known fault, and that each proposed line, run as it stands, mends it."""

import datetime
import decimal
import re

import numpy as np
import pandas as pd
import pytest

import workshop
from workshop.data import load, read_table
from workshop.first_look import look_over
from workshop.marks import as_numbers
from workshop.suspicions import codes_for_missing
from workshop.table import TableError, kind_of

RNG = np.random.default_rng(12)
LONG = 60


def run(line, table):
    """The line as a learner runs it: in a notebook with pandas and the names of the package."""
    names = {"table": table.copy(), "pd": pd, "as_numbers": workshop.as_numbers}
    exec(line, names)
    return names["table"]


def column(*values):
    return pd.DataFrame({"x": [values[i % len(values)] for i in range(LONG)], "other": np.linspace(0.1, 7.7, LONG)})


MENDS = {
    "decimal commas": (column("1,5", "2,25", "-0,5"), [1.5, 2.25, -0.5], True),
    "thousands and decimals": (column("1.234,56", "7,00", "1.000"), [1234.56, 7.0, 1000.0], True),
    "the English way": (column("1,234.56", "7.00", "1,000"), [1234.56, 7.0, 1000.0], True),
    "spaces between thousands": (column("1 234,5", "12,5", "1 000 000"), [1234.5, 12.5, 1e6], True),
    "hard spaces": (column("1\u00a0234,5", "12,5", "1\u202f000"), [1234.5, 12.5, 1000.0], True),
    "Swiss": (column("1'234.50", "3.25"), [1234.5, 3.25], True),
    "millions, marked twice": (column("1,234,567", "2,000,000"), [1234567, 2000000], True),
    "one thousand or about one": (column("1,234", "5,678"), [1234, 5678], False),
    "percent": (column("12%", "3.5 %"), [12.0, 3.5], True),
    "euros": (column("€ 1.234,50", "€ 9,95"), [1234.5, 9.95], True),
    "kilograms": (column("70 kg", "81 kg"), [70, 81], True),
    "a word for missing": (column(*["12", "13"] * 10, "unknown"), [12, 13, np.nan], True),
    "a true minus": (column("−1,5", "2,5"), [-1.5, 2.5], True),
    "several hands": (column("1,5", "2.25", "3"), [1.5, 2.25, 3], True),
}  # fmt: skip


@pytest.mark.parametrize("fault", MENDS)
def test_numbers_read_as_text_become_the_numbers_they_mean(fault):
    table, wanted, certain = MENDS[fault]
    (finding,) = [one for one in look_over(table).findings if one.column == "x"]
    assert finding.certain == certain
    mended = run(finding.line, table)["x"]
    assert kind_of(mended) in ("continuous", "discrete")
    assert np.unique(mended.dropna()).tolist() == sorted(value for value in wanted if value == value)
    assert mended.isna().sum() == (table["x"] == "unknown").sum()


DATES = {
    "day first": (["31-12-2025", "01-02-2024"], datetime.date(2024, 2, 1), True),
    "with dots": (["31.12.2025", "1.2.2024"], datetime.date(2024, 2, 1), True),
    "month first": (["12/31/2025", "02/01/2024"], datetime.date(2024, 2, 1), True),
    "either": (["05/06/2025", "01/02/2024"], datetime.date(2024, 2, 1), False),
    "two digits": (["31-12-25", "01-02-24"], datetime.date(2024, 2, 1), True),
    "in words": (["31 December 2025", "1 February 2024"], datetime.date(2024, 2, 1), True),
    "slashes": (["2025/12/31", "2024/02/01"], datetime.date(2024, 2, 1), True),
    "as pandas would, but one": (["2025-12-31"] * 12 + ["2024-02-01"] * 12 + ["0000-00-00"], datetime.date(2024, 2, 1), True),
    "and a time": (["31-12-2025 10:30", "01-02-2024 00:15"], datetime.date(2024, 2, 1), True),
}  # fmt: skip


@pytest.mark.parametrize("fault", DATES)
def test_days_read_as_text_become_days(fault):
    values, first, certain = DATES[fault]
    table = column(*values)
    (finding,) = [one for one in look_over(table).findings if one.column == "x"]
    assert finding.certain == certain
    mended = run(finding.line, table)["x"]
    assert kind_of(mended) in ("date", "datetime") and mended.min().date() == first
    assert mended.isna().sum() == (table["x"] == "0000-00-00").sum()


def test_where_day_and_month_may_be_swapped_the_other_line_is_named():
    (finding,) = look_over(column("05/06/2025", "01/02/2024")).findings
    assert "%d/%m/%Y" in finding.line and "If the month comes first, write format='%m/%d/%Y'" in finding.what


def test_times_of_day_without_a_leading_zero_become_times():
    table = column("8:30", "17:05")
    (finding,) = look_over(table).findings
    assert run(finding.line, table)["x"].iloc[0] == datetime.time(8, 30)
    assert kind_of(run(finding.line, table)["x"]) == "time"


def test_days_as_numbers_become_days():
    table = column(20251231, 20240201, 20240301, 20240401)
    (finding,) = look_over(table).findings
    assert finding.certain and run(finding.line, table)["x"].min() == pd.Timestamp(2024, 2, 1)


def test_days_as_excel_counts_them_become_days_where_the_name_says_date():
    table = pd.DataFrame({"start_date": [45000.0, 45001, None, 45010, 45100] * 8})
    (finding,) = look_over(table).findings
    assert not finding.certain
    assert run(finding.line, table)["start_date"].iloc[0] == pd.Timestamp(2023, 3, 15)  # as Excel shows 45000
    assert not look_over(table.rename(columns={"start_date": "rent"})).findings


CODES = {
    "99 behind ages": ([*range(18, 90)] * 3 + [99] * 20, [99]),
    "999 far off": ([*range(18, 90)] * 3 + [999], [999]),
    "-9 and -8": ([0, 100, 2500] * 20 + [-9, -8], [-9, -8]),
    "9 behind a scale": ([1, 2, 3, 4, 5] * 20 + [9] * 100, [9]),
    "97, 98, 99 behind a count": ([0, 1, 2, 3] * 20 + [97, 98, 99], [97, 98, 99]),
    "both ends": ([0, 1, 2, 3] * 20 + [-1, 99], [-1, 99]),
    "decimals": ([0.5, 1.25, 2.5] * 20 + [-99], [-99]),
    "none: ages": ([*range(18, 100)] * 3, []),
    "none: a scale to 9": ([*range(1, 10)] * 10, []),
    "none: debts": ([-2000, -9, 15, 300] * 20, []),
    "none: temperatures": ([-9.5, -3.2, 4.4, 9.0] * 20, []),
    "none: 99 among percentages": ([*range(0, 101)] * 3, []),
    "none: grades with a 7": ([5, 6, 7, 8, 9] * 10, []),
}  # fmt: skip


@pytest.mark.parametrize("case", CODES)
def test_codes_for_missing_are_told_from_numbers(case):
    values, codes = CODES[case]
    assert sorted(codes_for_missing(np.array(values, dtype=float))) == sorted(codes)
    table = pd.DataFrame({"x": values})
    lines = [one.line for one in look_over(table).findings if "for missing" in one.what]
    assert len(lines) == bool(codes)
    for line in lines:
        mended = run(line, table)["x"]
        assert mended.isna().tolist() == [value in codes for value in values]
        assert mended.dropna().tolist() == [value for value in values if value not in codes]


def test_a_code_for_missing_in_a_column_without_missing_values_of_its_own_stays_a_number_column():
    for dtype in ("int64", "float64", "Int64"):
        table = pd.DataFrame({"x": pd.array([1, 2, 3, 4] * 20 + [99], dtype=dtype)})
        line = look_over(table).findings[0].line
        assert run(line, table)["x"].max() == 4 and kind_of(run(line, table)["x"]) == "discrete"


OTHERS = {
    "spaces": (column("Ely", "Ely ", "Bath"), True, lambda x: set(x) == {"Ely", "Bath"}),
    "a hard space": (column("Ely", "Ely\u00a0", "Bath"), True, lambda x: set(x) == {"Ely", "Bath"}),
    "capitals": (column("Yes", "yes", "No"), True, lambda x: set(x) == {"yes", "no"}),
    "N/A among names": (column("red", "blue", "N/A"), False, lambda x: set(x.dropna()) == {"red", "blue"}),
    "utf-8 read as cp1252": (column("ZoÃ«", "Ann", "CuraÃ§ao"), True, lambda x: set(x) == {"Zoë", "Ann", "Curaçao"}),
    "DOS letters": (column("M”rder", "Ann"), True, lambda x: set(x) == {"Mörder", "Ann"}),
    "a Mac's letters": (column("CafŽ", "Ann"), True, lambda x: set(x) == {"Café", "Ann"}),
    "codes for names": (column(1, 2, 3), False, lambda x: kind_of(x) == "categorical"),
    "codes beside missing": (column(1.0, 2.0, None, 3.0), False, lambda x: list(x.cat.categories) == [1, 2, 3]),
    "no and yes": (column(0.0, 1.0, None), False, lambda x: kind_of(x) == "boolean" and x.isna().any()),
    "no end date": (pd.DataFrame({"x": np.array(["2024-01-05", "2025-02-07", "9999-12-31"] * 9, "datetime64[us]")}), True, lambda x: x.max().year == 2025),
    "infinite": (column(1.5, float("inf"), -float("inf")), True, lambda x: kind_of(x) == "continuous"),
    "decimals of Python": (column(decimal.Decimal("1.5"), decimal.Decimal("2.25")), True, lambda x: x.max() == 2.25),
    "months": (pd.DataFrame({"x": pd.period_range("2024-01", periods=9, freq="M")}), True, lambda x: kind_of(x) == "date"),
    "words and numbers": (column("twelve", 12, None), True, lambda x: set(x.dropna()) == {"twelve", "12"}),
}  # fmt: skip


@pytest.mark.parametrize("fault", OTHERS)
def test_other_faults_are_mended_by_their_line(fault):
    table, certain, is_mended = OTHERS[fault]
    (finding,) = [one for one in look_over(table).findings if one.column == "x"]
    assert finding.certain == certain, finding
    assert is_mended(run(finding.line, table)["x"])


def test_a_postcode_read_as_a_number_becomes_text_again_with_its_zeros():
    table = pd.DataFrame({"Postcode": [1234, 934, None, 5678] * 9})
    (finding,) = look_over(table).findings
    assert run(finding.line, table)["Postcode"].head(2).tolist() == ["1234", "0934"]


LEFT_OUT = {
    "empty": (pd.DataFrame({"x": [None] * 30, "y": [1.5] * 15 + [2.5] * 15}), "nothing in it"),
    "constant": (column("NL"), "the same for every record"),
    "a key": (pd.DataFrame({"x": [f"r{i}" for i in range(LONG)]}), "names people"),
    "consecutive numbers": (pd.DataFrame({"x": range(1000, 1000 + LONG)}), "names people"),
    "citizen numbers": (pd.DataFrame({"x": RNG.choice(900_000_000, LONG, replace=False) + 100_000_000}), "names people"),
    "a number called id": (pd.DataFrame({"client_id": RNG.permutation(5000)[:LONG]}), "names people"),
    "e-mail": (pd.DataFrame({"x": [f"p{i}@example.org" for i in range(LONG)]}), "names people"),
    "names of people": (pd.DataFrame({"x": [f"{a} {b}" for a in ("Ann", "Bo", "Cy", "Di") for b in ("de Wit", "Jansen", "O'Hara", "Li") * 4][:LONG]}), None),
    "remarks": (pd.DataFrame({"x": [f"my neighbour Ann gave me {i} loaves of bread" for i in range(LONG)]}), "Free text"),
    "names of rows": (pd.DataFrame({"Unnamed: 0": range(1, 31), "y": [1.5] * 30}), "without a name"),
}  # fmt: skip


@pytest.mark.parametrize("case", [case for case in LEFT_OUT if LEFT_OUT[case][1]])
def test_what_says_nothing_or_names_people_is_proposed_to_be_left_out(case):
    table, words = LEFT_OUT[case]
    finding = look_over(table).findings[0]
    assert words in finding.what
    assert finding.column not in run(finding.line, table)


def test_names_of_people_are_seen():
    names = [
        f"{first} {last}" for first in "Ann Bo Cy Di Ed Flo".split() for last in "Wit Jansen O'Hara Li Roe Poe".split()
    ]
    (finding,) = look_over(pd.DataFrame({"who": names + names[:6]})).findings
    assert "look like names" in finding.what


def test_a_value_of_a_person_is_not_shown_where_values_point_at_people():
    canary = "Xanthippe Quisling 0612345678"
    table = pd.DataFrame(
        {
            "remark": [f"I spoke to {canary} about {i} things today" for i in range(LONG)],
            "key": [f"q{i}Z" for i in range(LONG)],
        }
    )
    shown = look_over(table)._repr_html_() + repr(look_over(table))
    assert "Quisling" not in shown and "q7Z" not in shown


@pytest.mark.parametrize(
    "table",
    [
        column("0123", "4567", "0099"),
        column("1234 AB", "5678 CD"),
        column("+31 6 1234", "+31 6 4321"),
        column("12-34", "56-78"),
        column("1.2.3", "4.5.6"),
        column("192.168.0.1", "10.0.0.12"),
        column("A1", "B2"),
        column("red", "blue"),
        column("müde", "wach", "Gülşen", "Łódź"),
        column("1a", "2b", "3"),
    ],
    ids=lambda table: table["x"].iloc[0],
)
def test_codes_and_names_that_look_a_little_like_numbers_are_left_alone(table):
    assert not look_over(table).findings


def nasty():
    """A table with nearly every fault at once."""
    n = 120
    return pd.DataFrame(
        {
            "Unnamed: 0": range(1, n + 1),
            "id": [f"p{i:03d}" for i in range(n)],
            "income": np.where(np.arange(n) % 10 == 0, "unknown", [f"{1000 + 37 * i:,}.50" for i in range(n)]),
            "price": [f"€ {i % 7},{i % 90 + 10}" for i in range(n)],
            "born": [f"{i % 28 + 1:02d}.{i % 12 + 1:02d}.{1950 + i % 50}" for i in range(n)],
            "town": [["Ely", "Ely ", "bath", "Bath"][i % 4] for i in range(n)],
            "children": [[0, 1, 2, 3, 99][i % 5] for i in range(n)],
            "country": ["NL"] * n,
            "empty": [None] * n,
            "a 'quoted' \"name\"\n": ["1,5", "2,5"] * (n // 2),
            "fine": np.linspace(0.1, 1, n),
        }
    )


def test_all_lines_together_mend_the_whole_table_and_do_what_the_function_does():
    table = nasty()
    before, look = table.copy(deep=True), look_over(table)
    mended = run(look.lines, table)
    pd.testing.assert_frame_equal(mended, look.mended())
    pd.testing.assert_frame_equal(table, before)
    again = look_over(mended)
    assert not [finding for finding in again.findings if finding.certain]
    assert (
        mended["income"].isna().sum() == 12 and mended["children"].max() == 3 and mended["born"].dt.year.min() == 1950
    )
    assert set(mended["town"]) == {"ely", "bath"} and "country" not in mended and "empty" not in mended


def test_every_line_alone_does_what_its_function_does():
    for finding in look_over(nasty()).findings:
        pd.testing.assert_frame_equal(run(finding.line, nasty()), finding.mend(nasty()))


def test_the_lines_to_copy_bring_their_imports():
    look = look_over(nasty())
    assert look.lines.startswith("import pandas as pd\nfrom workshop import as_numbers\n")
    names = {"table": nasty()}
    exec(look.lines, names)
    pd.testing.assert_frame_equal(names["table"], look.mended())


def test_the_look_is_a_table_that_can_be_read_aloud_and_names_in_it_are_no_code():
    html = look_over(nasty().rename(columns={"fine": "<b>fine</b>", "town": "<script>town"}))._repr_html_()
    assert "<script>" not in html and "<b>" not in html
    assert (
        "<caption" in html and html.count('scope="col"') == 4 and html.count('scope="row"') == len(look_over(nasty()))
    )
    assert len(re.findall("<tr>", html)) == len(look_over(nasty())) + 1


def test_the_workshops_own_table_is_found_sound():
    look = look_over(load("gifts"))
    assert not look.lines and {finding.column for finding in look.findings} == {
        "respondent",
        "first_name",
        "household_size",
        "remark",
    }


@pytest.mark.parametrize("name", ["fair", "anes96", "randhie", "heart"])
def test_real_tables_raise_no_certain_suspicion(name):
    sm = pytest.importorskip("statsmodels.api")
    assert not look_over(getattr(sm.datasets, name).load_pandas().data).lines


def test_what_is_no_table_is_refused_in_a_sentence():
    for thing, words in (
        ([1, 2], "Expected a table"),
        (pd.DataFrame({"a": []}), "empty"),
        (pd.DataFrame({0: [1]}), "needs a name"),
    ):
        with pytest.raises(TableError, match=words):
            look_over(thing)


def test_as_numbers_names_the_value_that_is_none():
    with pytest.raises(
        TableError, match="Column 'x' holds 'twelve', which is no number written with these marks: name"
    ):
        as_numbers(pd.Series(["1,5", "twelve"], name="x"), decimal=",")
    with pytest.raises(ValueError, match="decimal must be"):
        as_numbers(pd.Series(["1"]), decimal=";")


def test_what_the_look_found_in_a_csv_with_every_disguise_is_what_reading_left_as_text(tmp_path):
    table = nasty()
    table.to_csv(tmp_path / "t.csv", sep=";", index=False, encoding="cp1252")
    back = read_table(tmp_path / "t.csv")
    assert {one.column for one in look_over(back).findings if one.certain} >= {
        "income",
        "price",
        "born",
        "town",
        "children",
        "country",
        "empty",
    }
