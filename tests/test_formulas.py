"""Formulas: the values that pandas gives, columns at once, and nothing that could do harm."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.formulas import Formula

TABLE = pd.DataFrame(
    {
        "x": [1.0, -2.5, np.nan, 4.0],
        "n": pd.array([1, 2, None, 4], dtype="Int64"),
        "yes": [True, False, True, False],
        "who": ["ann", "bob", None, "cy"],
        "school": pd.Categorical(["low", "high", None, "middle"], ["low", "middle", "high"], ordered=True),
        "born": pd.to_datetime(["2000-02-29", "2000-06-30", None, "1999-07-01"]),
        "two words": [1, 2, 3, 4],
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + 1", TABLE["x"] + 1),
        ("-x ** 2 / 4 - 3", -(TABLE["x"] ** 2) / 4 - 3),
        ("`two words` // 3 + `two words` % 3", TABLE["two words"] // 3 + TABLE["two words"] % 3),
        ("n * 2", pd.Series([2.0, 4.0, np.nan, 8.0])),
        ("max(abs(x), sqrt(16))", pd.Series([4.0, 4.0, np.nan, 4.0])),
        ("round(log(exp(x)) / 3, 1)", (TABLE["x"] / 3).round(1)),
        ("yes + 1", pd.Series([2.0, 1.0, 2.0, 1.0])),
        ("1 if x > 0 else -1", pd.Series([1.0, -1.0, -1.0, 1.0])),
        ("year(born) + month(born) / 100", pd.Series([2000.02, 2000.06, np.nan, 1999.07])),
        ("3", pd.Series([3.0] * 4)),
    ],
)
def test_a_formula_gives_what_pandas_gives(text, expected):
    np.testing.assert_allclose(Formula(text).of(TABLE).to_numpy(dtype=float, na_value=np.nan), expected.astype(float))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x > 0", [1, 0, 0, 1]),
        ("not x > 0", [0, 1, 1, 0]),
        ("-3 < x <= 1", [1, 1, 0, 0]),
        ('who == "ann" or n >= 4', [1, 0, 0, 1]),
        ('who in ["ann", "cy"] and yes', [1, 0, 0, 0]),
        ('who not in ("ann", "cy")', [0, 1, 1, 0]),
        ('school >= "middle"', [0, 1, 0, 1]),
        ('born < "2000-01-01"', [0, 0, 0, 1]),
        ("missing(x)", [0, 0, 1, 0]),
        ("missing(who) and missing(born)", [0, 0, 1, 0]),
        ("yes", [1, 0, 1, 0]),
    ],
)
def test_a_condition_holds_where_it_should_and_never_because_of_a_missing_value(text, expected):
    assert Formula(text).holds(TABLE).tolist() == [bool(value) for value in expected]


@given(born=st.dates(datetime.date(1900, 1, 1), datetime.date(2025, 6, 30)), asked=st.dates(datetime.date(2025, 6, 30), datetime.date(2060, 1, 1)))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_whole_years_are_counted_as_birthdays(born, asked):
    table = pd.DataFrame({"born": [pd.Timestamp(born)]})
    expected = asked.year - born.year - ((asked.month, asked.day) < (born.month, born.day))
    assert Formula(f'years(born, "{asked}")').of(table)[0] == expected
    assert Formula(f'days(born, "{asked}")').of(table)[0] == (asked - born).days


HARM = [
    "__import__('os').system('true')", "open('x')", "x.values", "x[0]", "lambda: 1", "[y for y in x]", "(z := 3)", "f'{x}'", "exec('1')",
    "abs.__class__", "x if", "", "  ", "1 + ", "import os", "print(x)", "{1: 2}", "{1, 2}", "x @ x", "~x", "x << 2", "x is x", "abs(*x)",
    "round(x, digits=2)", "b'1'", "1j", "...", "None", "await x", "yield", "x" * 2000, "(" * 500, None, 3,
]  # fmt: skip


@pytest.mark.parametrize("text", HARM, ids=lambda text: repr(text)[:30])
def test_everything_else_is_refused_in_one_sentence(text):
    with pytest.raises(ValueError) as refusal:
        Formula(text)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 300


@pytest.mark.parametrize("text", ["who + 1", "9 ** 9 ** 9 ** 9 * who", "'%999999999d' % x", "born * 2", "school < who", "log('a')", "who * 3", "abs()"])  # fmt: skip
def test_values_of_the_wrong_kind_end_in_a_sentence(text):
    with pytest.raises(ValueError, match="cannot be worked out"):
        Formula(text).of(TABLE)


def test_a_tower_of_powers_overflows_at_once():
    assert np.isinf(Formula("9 ** 9 ** 9 ** 9").of(TABLE)).all()


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="needs the column 'height', which is not there"):
        Formula("height / 2").of(TABLE)
    assert Formula("height / weight + log(height)").names == ("height", "weight")
