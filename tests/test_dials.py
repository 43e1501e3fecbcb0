"""Dials: each does what it says, costs something, gives less away, and leaves its table alone."""

import numpy as np
import pandas as pd
import pytest

from workshop.data import load
from workshop.dials import code_ends, labelled, merge_rare, round_to
from workshop.measures.attacks import inference, membership, split
from workshop.measures.disclosure import disclosure, replicated_uniques, without_replicated_uniques
from workshop.measures.tables import table_utilities
from workshop.models.sequential import Sequential
from workshop.table import TableError

GIFTS = load("gifts")
MADE = Sequential().fit(GIFTS).sample(rng=1)
KEYS = ["age", "region", "household_size"]

DIALS = {
    "top coding": lambda: code_ends(MADE, "income", top=0.99, by="share"),
    "rounding": lambda: round_to(round_to(MADE, "age", 10), "income", 5000),
    "merging rare levels": lambda: merge_rare(MADE, "region", 30),
    "removing replicated uniques": lambda: without_replicated_uniques(GIFTS, MADE, KEYS),
    "larger leaves": lambda: Sequential(min_leaf=100).fit(GIFTS).sample(rng=1),
    "smoothing": lambda: Sequential(smoothing=True).fit(GIFTS).sample(rng=1),
}
#: What each dial is turned for: a figure that must fall.
GIVEN_AWAY = {
    "top coding": lambda table: (table["income"] == GIFTS["income"].max()).sum() + table["income"].max() / 1e7,
    "rounding": lambda table: replicated_uniques(GIFTS, table, ["age", "income", "greenness"]).replicated_uniques,
    "merging rare levels": lambda table: disclosure(GIFTS, table, ["region", "age"], "household_size").UiOiS,
    "removing replicated uniques": lambda table: replicated_uniques(GIFTS, table, KEYS).replicated_uniques,
    "larger leaves": lambda table: replicated_uniques(GIFTS, table, ["age", "greenness"]).replicated_uniques,
    "smoothing": lambda table: table["income"].dropna().isin(GIFTS["income"]).mean(),
}


@pytest.mark.parametrize("dial", DIALS)
def test_each_dial_gives_less_away_and_leaves_its_table_alone(dial):
    before = MADE.copy(deep=True)
    turned = DIALS[dial]()
    assert GIVEN_AWAY[dial](turned) < GIVEN_AWAY[dial](MADE)
    pd.testing.assert_frame_equal(MADE, before)
    assert (
        turned.columns.tolist() == MADE.columns.tolist()
        and np.isfinite(table_utilities(GIFTS, turned, way=1)["pMSE"]).all()
    )


def test_larger_leaves_take_away_what_attacks_find():
    members, others = split(GIFTS, 0.5, 2)
    keys = ["age", "region", "household_size", "education", "greenness"]
    found = {}
    for leaf in (2, 100):
        tables = Sequential(min_leaf=leaf).fit(members).sample_many(3, rng=1)
        found[leaf] = [
            np.mean([inference(members, made, others, keys, "income").excess for made in tables]),
            np.mean([membership(members, made, others).excess for made in tables]),
        ]
    assert found[2][0] > found[100][0] + 0.1 and found[2][1] > found[100][1] + 0.05


def test_types_and_missing_values_are_kept():
    table = pd.DataFrame(
        {
            "n": pd.array([1, 250, None], dtype="Int64"),
            "x": [1.24, np.nan, 99.9],
            "c": pd.Categorical(["a", "b", None], ["a", "b", "unused"], ordered=True),
        }
    )
    assert (
        code_ends(table, "n", top=100)["n"].tolist()[:2] == [1, 100]
        and code_ends(table, "n", top=100)["n"].dtype == "Int64"
    )
    assert round_to(table, "x", 0.5)["x"].tolist()[::2] == [1.0, 100.0] and round_to(table, "x", 0.5)["x"].isna()[1]
    merged = merge_rare(table, "c", 2)["c"]
    assert merged.tolist()[:2] == ["other", "other"] and merged.isna()[2] and list(merged.cat.categories) == ["other"]


def test_a_label_says_of_every_record_that_it_is_synthetic():
    marked = labelled(MADE)
    assert marked.columns[0] == "synthetic" and set(marked["synthetic"]) == {"SYNTHETIC"} and "synthetic" not in MADE
    with pytest.raises(TableError, match="'synthetic' already"):
        labelled(marked)


NARROW = pd.DataFrame({"age": np.array([0, 255], dtype="uint8")})
BAD = {
    "no such column": (lambda: code_ends(MADE, "wage", top=1), "no column 'wage'"),
    "no number": (lambda: code_ends(MADE, "region", top=1), "'region' holds no numbers"),
    "no limit": (lambda: code_ends(MADE, "age"), "Say where to cut"),
    "limits that cross": (lambda: code_ends(MADE, "age", top=20, bottom=30), "swap them"),
    "a share of 99": (lambda: code_ends(MADE, "age", top=99, by="share"), "between 0 and 1"),
    "neither value nor share": (lambda: code_ends(MADE, "age", top=9, by="luck"), 'by must be "value" or "share"'),
    "a step of nothing": (lambda: round_to(MADE, "age", 0), "step must be larger than 0"),
    "a type too narrow": (lambda: round_to(NARROW, "age", 10), "cannot hold all multiples of 10"),
    "numbers to merge": (lambda: merge_rare(MADE, "age"), "merge_rare needs labels"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_turned_gets_one_sentence(name):
    turn, words = BAD[name]
    with pytest.raises(ValueError, match=words) as refusal:
        turn()
    assert "\n" not in str(refusal.value)
