"""The doorway: kinds are read rightly, and refusals name the column and the remedy."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from workshop.numeric import Scale
from workshop.table import KINDS, TableError, as_table, describe, kind_of

DAY = pd.Timestamp("2025-06-01")

KIND_OF = {
    "decimals": ([1.5, 2.0, None], "continuous"),
    "whole numbers": ([1, 2, 2], "discrete"),
    "whole numbers beside missing ones": ([1.0, None, 3.0], "discrete"),
    "zeros and ones": ([0, 1, 1, 0], "discrete"),
    "true and false": ([True, False], "boolean"),
    "true, false and nothing": ([True, None, False], "boolean"),
    "few words": (["a", "b", "a"] * 10, "categorical"),
    "many words": ([f"person {i // 2}" for i in range(400)], "text"),
    "sentences that never repeat": ([f"I said {i}" for i in range(40)], "text"),
    "codes that never repeat": ([f"R-{i}" for i in range(40)], "key"),
    "running numbers": (np.random.default_rng(1).permutation(50), "key"),
    "numbers that never repeat, with gaps": (np.arange(50) * 3, "discrete"),
    "days as date-times": ([DAY, DAY + pd.Timedelta(days=3)], "date"),
    "days as Python dates": ([dt.date(2025, 6, 1), None], "date"),
    "moments": ([DAY, DAY + pd.Timedelta(seconds=3)], "datetime"),
    "times of day": ([dt.time(9, 30), dt.time(11)], "time"),
    "lengths of time": (pd.to_timedelta([1, 2], unit="D"), "duration"),
    "nothing": ([None, None], "empty"),
    "ordered levels": (pd.Categorical(["low"], categories=["low", "high"], ordered=True), "ordered"),
    "levels": (pd.Categorical(["x", "y"]), "categorical"),
}


@pytest.mark.parametrize("case", KIND_OF)
def test_the_kind_is_read_from_type_and_values(case):
    values, kind = KIND_OF[case]
    assert kind_of(pd.Series(values)) == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    "case", [case for case in KIND_OF if KIND_OF[case][1] in ("date", "datetime", "time", "duration")]
)
def test_dates_and_times_come_back_unchanged_from_numbers(case):
    values, kind = KIND_OF[case]
    series = pd.Series(values).dropna().reset_index(drop=True)
    scale = Scale.of(series, kind)
    pd.testing.assert_series_equal(scale.to_series(scale.to_numbers(series)), series)


def test_the_precision_of_times_is_the_coarsest_step_that_holds_them():
    moments = pd.Series(pd.to_datetime(["2025-06-01 10:15:00", "2025-06-02 11:30:00"]))
    assert Scale.of(moments, "datetime").unit == "minute"
    assert Scale.of(moments.dt.floor("h"), "datetime").unit == "hour"
    assert Scale.of(moments + pd.Timedelta(microseconds=5), "datetime").unit == "microsecond"


def test_numbers_are_kept_inside_the_limits_of_their_type():
    for dtype, values in {"uint8": [0, 255], "int8": [-128, 127], "Int16": [-32768, 32767]}.items():
        scale = Scale.of(pd.Series(values, dtype=dtype), "discrete")
        assert scale.to_series([-1e9, 1e9]).tolist() == values
    huge = Scale.of(pd.Series([2**62, 5]), "discrete").to_series([1e30, -1e30])
    assert huge[0] > 9e18 and huge[1] == -(2**63)


def test_time_zones_survive():
    series = pd.Series(pd.date_range("2025-03-29 12:00", periods=3, freq="D", tz="Europe/Amsterdam"))
    scale = Scale.of(series, "datetime")
    pd.testing.assert_series_equal(scale.to_series(scale.to_numbers(series)), series)


def test_describe_gives_one_line_for_each_variable():
    table = pd.DataFrame({"age": [31, None, 44], "name": ["a", "b", "b"]})
    found = describe(table).set_index("variable")
    assert found.loc["age", "missing"] == pytest.approx(1 / 3) and found.loc["age", "distinct"] == 2
    assert found["kind"].tolist() == ["discrete", "categorical"]


def test_a_good_table_is_let_in_as_it_is():
    table = pd.DataFrame({"a": [1, 2]})
    assert as_table(table) is table


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([1, 2], "pandas DataFrame or Series"),
        (pd.DataFrame(), "no columns"),
        (pd.DataFrame({"a": []}), "no records"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "'a' occurs more than once"),
        (pd.DataFrame([[1]], columns=[0]), "0 is not a word"),
        (pd.DataFrame({"a": [1.0, np.inf]}), "'a' holds 1 infinite value: make them missing"),
        (pd.DataFrame({"a": [[1], [2]]}), "'a' holds values of type list: give every value the same simple type"),
        (pd.DataFrame({"a": [1, "x"]}), "'a' holds values of type int, str"),
        (pd.DataFrame({"a": [1j]}), "'a' holds complex numbers: split it"),
    ],
)
def test_a_refusal_says_what_where_and_what_to_do(bad, words):
    with pytest.raises(TableError, match=words):
        as_table(bad)
