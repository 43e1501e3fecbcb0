"""Disclosure: synthpop's figures, without its two faults, and odd tables."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workshop.data import load
from workshop.measures.disclosure import (
    disclosed_records,
    disclosure,
    disclosures,
    replicated_uniques,
    without_replicated_uniques,
)
from workshop.models.sequential import Sequential
from workshop.models.toy import Bootstrap
from workshop.table import TableError

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = json.loads((GOLDEN / "expected.json").read_text())
MADE = [name for name in EXPECTED if name != "meta"]
OBSERVED = pd.read_csv(GOLDEN / "observed.csv")
SYNTHETIC = {name: pd.read_csv(GOLDEN / f"synthetic_{name}.csv") for name in MADE}
#: How synthpop was told to group numbers in the four golden cases.
GROUPS = [None, {"income": 5}, None, 10]
KEYS = {
    "all_columns": None,
    "sex_age_region_education": ["sex", "age", "region", "education"],
    "sex_age_greenness": ["sex", "age", "greenness"],
}
GIFTS = load("gifts")


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("case", range(4))
def test_every_figure_of_disclosure_is_synthpops(name, case):
    expected = EXPECTED[name]["disclosure"][case]
    found = disclosure(OBSERVED, SYNTHETIC[name], expected["keys"], expected["target"], GROUPS[case])
    compared = 0
    for part in ("ident", "attrib", "CAP"):
        for figure, value in expected[part].items():
            value = np.nan if value is None else value
            assert getattr(found, figure) == pytest.approx(value, rel=1e-6, abs=1e-9, nan_ok=True), figure
            compared += 1
    assert compared == 17


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("keys", KEYS)
def test_replicated_uniques_are_synthpops(name, keys):
    found = replicated_uniques(OBSERVED, SYNTHETIC[name], KEYS[keys])
    for figure, value in EXPECTED[name]["replicated_uniques"][keys].items():
        assert getattr(found, figure) == value, figure


def test_numbers_match_however_wide_they_are_printed():
    """synthpop pads numbers to a common width in each table separately, so that 5 beside 1000000 is no 5, and compares seven digits."""
    observed = pd.DataFrame({"x": [5.0, 7.0, 9.0, 123456789.1]})
    synthetic = pd.DataFrame({"x": [5.0, 7.0, 1_000_000.25, 123456789.2]})
    assert replicated_uniques(observed, synthetic).replicated_uniques == 2
    assert replicated_uniques(observed, observed).replicated_uniques == 4


def test_a_numeric_target_is_compared_value_by_value():
    """synthpop misaligns the levels of an ungrouped numeric target."""
    observed = pd.DataFrame({"key": [*"abcdefgh"], "pay": [10, 9, 100, 2.5, 30, 7, 11, 1]})
    synthetic = pd.DataFrame({"key": [*"abcdefgh"], "pay": [10, 9, 100, 2.5, 31, 8, 12, 2]})
    found = disclosure(observed, synthetic, ["key"], "pay")
    assert found.DiS == 100 and found.DiSCO == 50 and found.DCAP == 50


def test_the_records_concerned_are_shown():
    found = disclosure(OBSERVED, SYNTHETIC["cart"], ["sex", "age", "region"], "life_satisfaction")
    records = disclosed_records(OBSERVED, SYNTHETIC["cart"], ["sex", "age", "region"], "life_satisfaction")
    assert len(records) / 15 == pytest.approx(found.DiSCO)
    for _, record in records.head(20).iterrows():
        same = SYNTHETIC["cart"][
            (SYNTHETIC["cart"][["sex", "age", "region"]] == record[["sex", "age", "region"]]).all(axis=1)
        ]
        assert set(same["life_satisfaction"]) == {record["life_satisfaction"]}


def test_all_targets_are_swept_the_worst_first():
    found = disclosures(OBSERVED, SYNTHETIC["cart"], ["sex", "age", "region"], groups={"income": 5})
    assert found["DiSCO"].is_monotonic_decreasing and len(found) == 6
    one = disclosure(OBSERVED, SYNTHETIC["cart"], ["sex", "age", "region"], "education")
    assert found.loc["education", "DiSCO"] == one.DiSCO


def test_one_dominant_level_is_named():
    rng = np.random.default_rng(1)
    tables = [
        pd.DataFrame({"key": rng.integers(0, 400, 1000), "rare": np.where(rng.random(1000) < 0.03, "yes", "no")})
        for _ in range(2)
    ]
    found = disclosure(*tables, ["key"], "rare")
    assert found.dominant == "no" and "which most people have" in found.sentence
    assert disclosure(OBSERVED, SYNTHETIC["cart"], ["sex", "age", "region"], "life_satisfaction").dominant == ""


def test_replicated_uniques_can_be_removed():
    keys = ["age", "region", "household_size"]
    made = Sequential().fit(GIFTS).sample(rng=1)
    before = replicated_uniques(GIFTS, made, keys)
    after = without_replicated_uniques(GIFTS, made, keys)
    assert before.replicated_uniques > 20 and len(after) == len(made) - before.replicated_uniques
    assert replicated_uniques(GIFTS, after, keys).replicated_uniques == 0
    assert len(made) == len(GIFTS) and after.index.equals(pd.RangeIndex(len(after)))


def test_a_copy_gives_everybody_away_and_a_stranger_nobody():
    keys = ["age", "income", "greenness"]
    copy = disclosure(GIFTS, GIFTS, keys, "gift_spending")
    assert copy.repU == copy.UiO == copy.UiOiS and copy.DiSCO == copy.Dorig and copy.iS == 100
    half = Bootstrap().fit(GIFTS).sample(rng=1)
    assert 50 < disclosure(GIFTS, half, keys, "gift_spending").DiSCO < 70
    stranger = disclosure(GIFTS, GIFTS.assign(age=GIFTS["age"] + 1000), keys, "gift_spending")
    assert stranger.iS == stranger.DiSCO == stranger.TCAP == 0 and np.isnan(stranger.mean_denom)


def test_missing_is_a_value_like_any_other():
    table = pd.DataFrame({"key": [1.5, np.nan, 2.5], "x": ["a", None, "b"]})
    assert disclosure(table, table, ["key"], "x").DiSCO == 100
    assert replicated_uniques(table, table).replicated_uniques == 3


def test_what_cannot_be_asked_gets_one_sentence():
    with pytest.raises(ValueError, match="target 'age' is among the keys"):
        disclosure(GIFTS, GIFTS, ["age"], "age")
    with pytest.raises(TableError, match="no column 'wage'"):
        disclosure(GIFTS, GIFTS, ["wage"], "age")
    with pytest.raises(TableError, match="cannot be compared in numbers"):
        replicated_uniques(GIFTS, GIFTS, ["first_name"])
    with pytest.raises(ValueError, match="groups must be a whole number"):
        disclosure(GIFTS, GIFTS, ["age"], "income", groups=0)


def test_the_sentences_say_how_many():
    found = replicated_uniques(GIFTS, GIFTS, ["age", "income"])
    assert f"{found.replicated_uniques:,} of 2,000" in found._repr_html_()
    assert "%" in disclosure(GIFTS, GIFTS, ["age"], "region")._repr_html_()
