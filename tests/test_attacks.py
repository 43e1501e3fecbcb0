"""Attacks: planted leaks are found, what gives nothing away is not accused, and figures are scipy's and statsmodels'."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels import datasets
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from workshop.data import load
from workshop.measures.attacks import (
    Attack,
    attacks_table,
    inference,
    invert_recipe,
    linkability,
    membership,
    singling_out,
    split,
    wilson,
)
from workshop.measures.distances import closest_records
from workshop.measures.report import disclosure_report
from workshop.measures.space import Space, nearest
from workshop.models.metadata import Metadata
from workshop.models.sequential import Sequential
from workshop.models.toy import Bootstrap

GIFTS = load("gifts").drop(columns=["respondent", "first_name", "remark"])
FAIR = datasets.fair.load_pandas().data.sample(3000, random_state=1, ignore_index=True)
MODELS = {
    "copy": Bootstrap(),
    "small leaves": Sequential(min_leaf=2),
    "large leaves": Sequential(min_leaf=100),
    "metadata": Metadata(privacy=11),
}
KNOWN = {
    "gifts": (GIFTS, ["age", "region", "household_size", "education", "greenness"], "income", ["age", "education", "income"], ["greenness", "gift_spending", "moved_in"]),
    "fair": (FAIR, ["age", "yrs_married", "occupation", "occupation_husb", "rate_marriage", "educ"], "affairs", ["age", "yrs_married", "children", "religious"], ["educ", "occupation", "occupation_husb", "affairs"]),
}  # fmt: skip
SEEDS = 10


def attack(name, table, members, made, others, seed):
    _, keys, target, first, second = KNOWN[table]
    return {
        "singling out": lambda: singling_out(members, made, others, rng=seed),
        "linkability": lambda: linkability(members, made, others, first, second, rng=seed),
        "inference": lambda: inference(members, made, others, keys, target, rng=seed),
        "membership": lambda: membership(members, made, others, rng=seed),
        "density ratio": lambda: membership(members, made, others, method="density ratio", rng=seed),
    }[name]()


NAMES = ["singling out", "linkability", "inference", "membership", "density ratio"]


@pytest.mark.once
@pytest.mark.parametrize("table", KNOWN)
def test_copies_give_away_more_than_small_leaves_than_large_leaves_than_metadata(table):
    found = {}
    for seed in range(SEEDS):
        members, others = split(KNOWN[table][0], 0.5, seed)
        for model, one in MODELS.items():
            made = one.fit(members).sample(rng=seed)
            for name in NAMES:
                found.setdefault((name, model), []).append(attack(name, table, members, made, others, seed))
    for name in NAMES:
        pooled, steps = {model: _pooled(found[name, model]) for model in MODELS}, list(MODELS)
        for more, less in zip(steps[:-1], steps[1:], strict=True):
            spread = np.std([one.excess for one in found[name, less]]) / np.sqrt(SEEDS)
            assert pooled[more].excess > pooled[less].excess - 2 * max(spread, 0.004), (name, more, less)
        assert pooled["copy"].excess > pooled["metadata"].excess + 0.02, name
        assert pooled["copy"].interval[0] > 0, name
        assert np.mean([one.interval[0] <= 0 for one in found[name, "metadata"]]) >= 0.8, name
        assert pooled["metadata"].excess < 0.03, name


def _pooled(attacks):
    return Attack(
        "",
        *(
            sum(getattr(one, part) for one in attacks)
            for part in ("on_members", "hits_members", "on_others", "hits_others")
        ),
        "",
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_leak_is_found(name):
    """5 % of the members are copied into data that are otherwise harmless; all victims are looked at."""
    members, others = split(GIFTS, 0.5, 1)
    hits = []
    for seed in range(6):
        made = Metadata(privacy=11).fit(members).sample(rng=seed)
        copied = members.sample(frac=0.05, random_state=seed)
        made = pd.concat([made.iloc[len(copied) :], copied], ignore_index=True)
        victims = pd.concat([copied, members.drop(copied.index)]).head(100)
        if name == "singling out":  # descriptions are long enough to fit a copy's source and hardly anybody else
            hits.append(singling_out(members, made, others, n_variables=7, rng=seed))
        else:
            hits.append(attack(name, "gifts", victims, made, others, seed))
    found = _pooled(hits)
    assert found.excess > 0.01 and found.interval[0] > 0, found.sentence


def test_the_intervals_are_statsmodels():
    for hits, n in ((0, 40), (3, 40), (40, 40), (250, 500)):
        assert wilson(hits, n) == pytest.approx(proportion_confint(hits, n, method="wilson"), abs=1e-12)
    found = Attack("", 500, 120, 400, 60, "")
    assert found.interval == pytest.approx(confint_proportions_2indep(120, 500, 60, 400, method="newcomb"))
    assert found.risk == pytest.approx((0.24 - 0.15) / (1 - 0.15))


def test_distances_are_those_of_scipy():
    from scipy.spatial.distance import cdist

    space = Space(GIFTS)
    first, second = space.points(GIFTS.head(200)), space.points(GIFTS.tail(300))
    distances, places = nearest(first, second, 3)
    expected = cdist(first, second)
    np.testing.assert_allclose(distances, np.sort(expected, axis=1)[:, :3], atol=1e-9)
    np.testing.assert_allclose(np.take_along_axis(expected, places, 1), distances, atol=1e-9)


def test_two_labels_are_as_far_apart_as_lowest_and_highest():
    table = pd.DataFrame({"x": [*"abc"], "y": [1.0, 2.0, 3.0]})
    points = Space(table, ["x"]).points(table)
    assert np.linalg.norm(points[0] - points[1]) == pytest.approx(1)
    places = Space(table, ["y"]).points(table)[:, 0]
    assert places.tolist() == pytest.approx([1 / 6, 3 / 6, 5 / 6])
    far = Space(table, ["y"]).points(pd.DataFrame({"y": [3.0, 30.0, 300.0]}))[:, 0]
    assert far[0] < far[1] < far[2]


def test_copies_are_counted_and_a_hold_out_tells_whether_that_is_much():
    members, others = split(GIFTS, 0.5, 3)
    copy = closest_records(members, Bootstrap().fit(members).sample(rng=1), others)
    assert copy.exact == len(members) and copy.nearer_to_members > 0.98 and copy.interval[0] > 0.5
    harmless = closest_records(members, Metadata(privacy=11).fit(members).sample(rng=1), others)
    assert harmless.exact == 0 and harmless.interval[0] < 0.5 < harmless.interval[1]
    trees = closest_records(members, Sequential(min_leaf=2).fit(members).sample(rng=1), others)
    assert harmless.near < trees.near < copy.near and trees.ratio.mean() < harmless.ratio.mean()
    assert "Without a hold-out" in closest_records(members, members).sentence


def test_distance_alone_proves_nothing():
    """Every number is moved, nobody is near, and yet the income of everybody can be read."""
    members, others = split(GIFTS[["age", "greenness", "income", "gift_spending"]].dropna(), 0.5, 3)
    rng = np.random.default_rng(1)
    made = members.assign(
        greenness=np.clip(members["greenness"] + rng.choice([-15, 15], len(members)), 0, 100),
        gift_spending=members["gift_spending"] * rng.choice([0.5, 2], len(members)) + 20,
        age=members["age"] + rng.choice([-4, 4], len(members)),
        income=members["income"] + 3 * (1 + members["age"] % 2),
    )
    distances = closest_records(members, made, others)
    assert distances.exact == 0
    reader = Attack("", len(made), int((abs(made["income"] / members["income"] - 1) < 0.01).sum()), 1, 0, "")
    assert reader.rate > 0.9


def test_a_split_loses_nobody_and_comes_back_with_the_same_seed():
    members, others = split(GIFTS, 0.3, 5)
    assert len(others) == 600 and len(members) + len(others) == len(GIFTS)
    together = pd.concat([members, others]).sort_values(["answered_at", "age"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(together, GIFTS.sort_values(["answered_at", "age"]).reset_index(drop=True))
    pd.testing.assert_frame_equal(split(GIFTS, 0.3, 5)[0], members)


def test_what_cannot_be_attacked_gets_one_sentence():
    made = GIFTS.head(50)
    with pytest.raises(ValueError, match="'age' is in both halves"):
        linkability(GIFTS, made, made, ["age"], ["age", "income"])
    with pytest.raises(ValueError, match="target 'age' is among the keys"):
        inference(GIFTS, made, made, ["age"], "age")
    with pytest.raises(ValueError, match="name at least one column"):
        inference(GIFTS, made, made, [], "age")
    with pytest.raises(ValueError, match='method must be "distance" or "density ratio"'):
        membership(GIFTS, made, made, method="magic")
    with pytest.raises(ValueError, match="share must leave people on both sides"):
        split(GIFTS, 1.0)
    with pytest.raises(ValueError, match="attacks must be a whole number, 1 or more"):
        singling_out(GIFTS, made, made, attacks=0)


def test_attacks_say_what_they_tried_and_stand_in_a_table():
    members, others = split(GIFTS, 0.5, 3)
    found = inference(members, members, others, ["age", "greenness"], "income")
    assert "Guessing income within 10% from age and greenness" in found._repr_html_()
    table = attacks_table([found, membership(members, members, others)])
    assert table["excess"].gt(0).all() and table.columns.tolist() == [
        "attack",
        "rate",
        "baseline",
        "excess",
        "low",
        "high",
    ]


def test_the_report_says_it_in_words_first_and_what_was_not_tested():
    members, others = split(GIFTS, 0.5, 3)
    keys = ["age", "region", "household_size"]
    copy = disclosure_report(members, Bootstrap().fit(members).sample(rng=1), keys, others)
    harmless = disclosure_report(members, Metadata(privacy=11).fit(members).sample(rng=1), keys, others)
    assert copy.attacks["excess"].sum() > harmless.attacks["excess"].sum() + 0.5
    assert copy.targets["DiSCO"].max() > harmless.targets["DiSCO"].max()
    text = str(copy)
    assert "Not tested" in text and "something was given away" in text and "no more than chance" in str(harmless)
    assert copy._repr_html_().index("<p>") < copy._repr_html_().index("<table")
    alone = disclosure_report(members, members, keys)
    assert alone.attacks is None and "Without a hold-out no attack was played" in str(alone)


def test_an_unprotected_recipe_gives_the_largest_value_away_and_a_protected_one_does_not():
    table = pd.DataFrame({"pay": np.append(np.random.default_rng(1).uniform(1000, 2000, 300), 3000.0)})
    for families in ({"pay": "uniform"}, {"pay": "truncated_normal"}):
        open_recipe = invert_recipe(Metadata(families).fit(table), table, "pay")
        assert (
            open_recipe["right"]
            and open_recipe["guess"] == pytest.approx(3000, rel=0.01)
            and open_recipe["from"] == "upper bound"
        )
        assert not invert_recipe(Metadata(families, privacy=11).fit(table), table, "pay")["right"]


GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["cart", "parametric"])
def test_risks_agree_with_anonymeters_within_the_joint_intervals(name):
    """tests/golden/make_anonymeter.py says how its figures were made; a third table stands in for the hold-out."""
    theirs = json.loads((GOLDEN / "anonymeter.json").read_text())[name]
    people, made, others = (
        pd.read_csv(GOLDEN / f"{table}.csv") for table in ("observed", f"synthetic_{name}", "synthetic_independent")
    )
    keys = ["sex", "age", "region", "education", "greenness"]
    halves = ["age", "education", "income"], ["greenness", "gift_spending", "years_here"]
    ours = {
        "linkability": linkability(people, made, others, *halves),
        "label": inference(people, made, others, keys, "life_satisfaction"),
        "number": inference(people, made, others, keys, "years_here", within=0.05),
        "singling out": singling_out(people, made, others),
    }
    for attack, expected in theirs.items():
        low, high = (end / (1 - ours[attack].baseline) for end in ours[attack].interval)
        assert low <= expected["interval"][1] and expected["interval"][0] <= max(high, 0), attack
        assert abs(ours[attack].rate - expected["rate"]) < 0.09, attack
