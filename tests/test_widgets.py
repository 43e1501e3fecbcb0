"""The timer and the explorers, as far as they can be seen without a browser."""

import re
import shutil
import subprocess
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.tree import DecisionTreeRegressor

import workshop.widgets.timer as timer
from workshop.data import load
from workshop.measures.attacks import split
from workshop.models.metadata import Metadata
from workshop.models.toy import Bootstrap
from workshop.table import TableError
from workshop.widgets.explorers import explore_families, explore_histogram, explore_normal
from workshop.widgets.guess import guess_the_fake
from workshop.widgets.membership_game import play_membership
from workshop.widgets.tree import explore_tree

INCOME = load("gifts")["income"]
JS = Path(timer.__file__).with_name("timer.js")


def picture(explorer):
    return explorer.children[1].value


def test_a_slider_moves_the_bars_and_the_curve_to_what_numpy_and_scipy_say():
    explorer = explore_normal()
    explorer.sliders["mean"].value, explorer.sliders["n"].value = -2, 10_000
    draws = np.random.default_rng(1).normal(-2, 1.5, 10_000)
    heights, edges, _ = explorer.bars.get_data()
    assert heights == pytest.approx(np.histogram(draws, edges)[0] / 10_000 / 0.25)
    assert explorer.curve.get_ydata() == pytest.approx(stats.norm(-2, 1.5).pdf(explorer.x))
    assert "rng.normal(-2, 1.5, 10000)" in picture(explorer)


@pytest.mark.parametrize(
    "explorer",
    [
        explore_normal(),
        explore_histogram(INCOME),
        explore_tree(load("gifts"), ["greenness", "income", "gift_spending"]),
    ],
    ids=["normal", "histogram", "tree"],
)
def test_every_slider_moves_the_picture_and_its_words(explorer):
    for slider in explorer.sliders.values():
        before, words = picture(explorer), explorer.words
        others = [value for _, value in getattr(slider, "options", ()) if value != slider.value]
        slider.value = others[min(5, len(others) - 1)] if others else slider.max
        assert picture(explorer) != before and explorer.words != words
    assert f'alt="{escape(explorer.words)}"' in picture(explorer)


def test_the_explorer_counts_values_alone_in_their_bin_as_exercise_5_does():
    explorer = explore_histogram(INCOME)
    explorer.sliders["bins"].value = 4096
    distinct = INCOME.dropna().drop_duplicates()
    alone = (pd.cut(distinct, 4096).value_counts() == 1).sum() / len(distinct)
    shown = float(re.search(r"([\d.]+)% of the different", explorer.words).group(1)) / 100
    assert shown == pytest.approx(alone, abs=0.01)


def test_the_histogram_of_few_bins_is_coarse_and_of_many_is_close():
    explorer = explore_histogram(INCOME)
    observed = explorer.observed.get_data().values
    gaps = []
    for bins in (4, 4096):
        explorer.sliders["bins"].value = bins
        gaps.append(np.abs(explorer.synthetic.get_data().values - observed).sum())
    assert gaps[0] > 3 * gaps[1]


def test_the_families_of_a_variable_are_offered_and_shown_with_their_bic():
    explorer = explore_families(load("gifts"), ["income", "gift_spending", "household_size"])
    assert "as lognormal" in explorer.words and "the lowest of all" in explorer.words
    explorer.sliders["variable"].value = "gift_spending"
    assert explorer.sliders["family"].value == "spike" and "gift_spending as spike" in explorer.words
    assert explorer.fitted.get_data().values == pytest.approx(explorer.observed.get_data().values, abs=0.1)
    explorer.sliders["family"].value = "uniform"
    assert "above the lowest" in explorer.words
    with pytest.raises(TableError, match="numbers that differ"):
        explore_families(pd.DataFrame({"a": ["x", "y"], "b": [1, 1]}))


@pytest.mark.parametrize("values", [[1, 2, 2, 3], [5, 5, 5], [0.1, None, 0.3], pd.Series([True, False]).astype(int)])
def test_other_numbers_can_be_explored(values):
    assert "bins, each" in explore_histogram(pd.Series(values)).words


@pytest.mark.parametrize("values", [["a", "b"], [None, None], [np.inf, 1.0]])
def test_what_is_no_number_is_refused(values):
    with pytest.raises(TableError):
        explore_histogram(pd.Series(values))


@pytest.mark.parametrize("minutes", [0, -1, "5", None, True, 1000, float("nan")])
def test_a_senseless_length_of_a_turn_is_refused(minutes):
    with pytest.raises(ValueError, match="minutes must be a number"):
        timer.PairTimer(minutes=minutes)


def test_the_timer_says_in_text_what_it_is():
    assert "timer of 3 minutes" in repr(timer.PairTimer(3))


def test_the_timer_asks_nothing_of_the_network():
    assert not re.search(r"https?:|import\s|fetch\(|XMLHttp", JS.read_text(encoding="utf-8"))


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_timer_is_valid_javascript(tmp_path):
    module = tmp_path / "timer.mjs"
    module.write_text(JS.read_text(encoding="utf-8"), encoding="utf-8")
    assert subprocess.run(["node", "--check", module]).returncode == 0


GIVERS = load("gifts")[lambda table: table["gift_spending"] > 0]
PLANE = ["greenness", "income", "gift_spending"]


def test_the_tree_explorer_shows_the_leaves_and_donors_of_scikit_learns_tree():
    explorer = explore_tree(GIVERS, PLANE)
    explorer.sliders["leaf"].value = 100
    table = GIVERS[PLANE].dropna().reset_index(drop=True)
    theirs = DecisionTreeRegressor(min_samples_leaf=100, random_state=0).fit(table[PLANE[:2]], table[PLANE[2]])
    assert f"At least 100 in a leaf: {theirs.get_n_leaves()} leaves" in explorer.words
    assert len(explorer.cuts.get_segments()) == theirs.get_n_leaves() - 1
    person = explorer.person.get_offsets()[0]
    leaf = theirs.apply(pd.DataFrame([person], columns=PLANE[:2]))[0]
    donors = table[theirs.apply(table[PLANE[:2]]) == leaf]
    np.testing.assert_allclose(np.sort(explorer.donors.get_offsets(), axis=0), np.sort(donors[PLANE[:2]], axis=0))
    assert explorer.value.get_offsets()[0, 1] in set(donors["gift_spending"])


def test_leaves_of_one_copy_everybody_and_large_leaves_nobody():
    explorer = explore_tree(GIVERS, PLANE)
    copies = {}
    for size in (1, 5, 500):
        explorer.sliders["leaf"].value = size
        copies[size], n = map(
            int, re.search(r"([\d,]+) of ([\d,]+) synthetic", explorer.words.replace(",", "")).groups()
        )
    assert copies[1] == n and 0.02 * n < copies[5] < 0.2 * n and copies[500] < 0.005 * n


@pytest.mark.parametrize("variables", [["greenness", "income"], ["greenness", "region", "income"], ["greenness", "greenness", "income"], ["a", "b", "c"]])  # fmt: skip
def test_the_tree_explorer_refuses_what_is_no_three_numbers(variables):
    with pytest.raises(TableError, match="three columns of numbers"):
        explore_tree(GIVERS, variables)


GIFTS = load("gifts")
ALONE = Metadata().fit(GIFTS).sample(rng=1)
SHOWN = ["age", "region", "income", "moved_in", "years_here"]


def test_the_game_shows_records_of_both_tables_and_counts_who_is_right():
    game = guess_the_fake(GIFTS, ALONE, SHOWN, turns=20)
    tables = {False: GIFTS, True: ALONE}
    for turn, synthetic in enumerate(game.is_synthetic):
        record = game.deck.iloc[turn]
        source = tables[bool(synthetic)]
        assert (
            (source["age"] == record["age"])
            & (source["moved_in"] == record["moved_in"])
            & (source["years_here"] == record["years_here"])
        ).any()
        assert f"Record {turn + 1} of 20" in game.card.value and str(record["years_here"]) in game.card.value
        game.buttons["synthetic" if synthetic else "observed"].click()
    assert game.scores["you"] == 20 and all(button.disabled for button in game.buttons.values())
    assert game.scores["boosting"] > game.scores["logistic"] and "last record" in game.card.value
    assert "Guessing blindly gets about 10" in game.result.value
    game.guess(True)
    assert game.scores["you"] == 20


def test_a_wrong_guess_is_told_and_not_counted():
    game = guess_the_fake(GIFTS, ALONE, SHOWN)
    game.guess(not game.is_synthetic[0])
    assert game.scores["you"] == 0 and "No: it was" in game.result.value


def test_the_game_needs_enough_records_and_shows_nothing_as_code():
    with pytest.raises(TableError, match="at least 10 records"):
        guess_the_fake(GIFTS.head(3), ALONE, SHOWN)
    table = pd.DataFrame({"x": ["<b>bold</b>", "plain"] * 30})
    assert "&lt;b&gt;" in "".join(guess_the_fake(table, table, turns=1, rng=seed).card.value for seed in range(8))


def test_the_membership_game_alternates_and_shows_the_nearest_synthetic_record():
    people, others = split(GIFTS, 0.5, 1)
    copies = Bootstrap().fit(people).sample(5000, rng=1)
    game = play_membership(people, others, copies, ALONE, ["age", "income", "greenness"], turns=12)
    assert [player for player, *_ in game.turns] == ["A", "B"] * 6
    for number, (player, person, twin, was_in) in enumerate(game.turns):
        assert f"Partner {player}, person {number + 1} of 12" in game.card.value
        in_data = (people["greenness"].eq(person["greenness"]) & people["age"].eq(person["age"])).any()
        assert in_data or not was_in
        if player == "A" and was_in:  # every member is among the copies
            assert twin["greenness"] == person["greenness"] and twin["age"] == person["age"]
        game.buttons[was_in].click()
    assert game.scores == {"A": 6, "B": 6} and all(button.disabled for button in game.buttons.values())
    game.guess(True)
    assert sum(game.scores.values()) == 12
    with pytest.raises(TableError, match="at least 10 people"):
        play_membership(people.head(3), others, copies, ALONE, ["age"])
