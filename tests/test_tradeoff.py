"""The trade-off: what ten seeds gave is what theory says, can be measured again, and is shown in words as well."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from scipy import stats

from workshop.data import load
from workshop.measures.attacks import split
from workshop.models.gan import GAN
from workshop.models.metadata import Metadata
from workshop.models.toy import Average, Bootstrap
from workshop.risk_utility import ATTACKED, LADDER, MODELS, Tradeoff, ladder, tradeoff
from workshop.table import TableError
from workshop.widgets.spectrum import explore_spectrum
from workshop.widgets.training import draw_training, watch_training

GIFTS = load("gifts")
PEOPLE, OTHERS = split(GIFTS, 0.5, 2)
SETTING = {
    "keys": ["age", "region", "household_size", "education", "greenness"],
    "holdout": OTHERS,
    "target": "income",
    "formula": "np.log1p(gift_spending) ~ greenness",
    "progress": False,
}
KEPT = Tradeoff.load("gifts")


@pytest.fixture(scope="module")
def again():
    """Three models, one seed."""
    return tradeoff(PEOPLE, {name: MODELS[name] for name in ("constant", "metadata", "bootstrap")}, seeds=1, **SETTING)


def test_all_models_were_measured_ten_times():
    assert list(KEPT.table.index) == list(MODELS)
    assert (KEPT.runs.groupby("model").size() == 10).all()
    assert {name: KEPT.about[name] for name in ("keys", "target", "formula")} == {
        name: SETTING[name] for name in ("keys", "target", "formula")
    }


def test_the_order_on_both_axes_is_as_theory_says():
    found = KEPT.rank_correlation()
    assert found["utility"] > 0.95 and found["risk"] > 0.85, found
    table = KEPT.table
    assert table["utility"].idxmin() == table["risk"].idxmin() == "constant"
    assert table["utility"].idxmax() == table["risk"].idxmax() == "bootstrap"
    for quiet in ("constant", "normal", "metadata"):
        assert abs(table.risk[quiet]) <= table.risk_error[quiet] + 0.01


def test_error_bars_are_students_intervals():
    table = KEPT.table
    for axis in ("utility", "risk"):
        for name, values in KEPT.runs.groupby("model")[axis]:
            low, high = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
            assert 2 * table.loc[name, f"{axis}_error"] == pytest.approx(high - low)


def test_the_ladder_is_climbed_rung_by_rung():
    rungs = KEPT.table["rung"]
    assert rungs[["constant", "metadata", "copula", "CART (leaves of 5)", "bootstrap"]].is_monotonic_increasing
    assert rungs["bootstrap"] == len(LADDER) and rungs["constant"] < rungs["metadata"] < rungs["copula"]


def shuffled(table, share):
    """Each column shuffled by itself, in a share of the records: variables stay as they are, and go together less."""
    table, rng = table.copy(), np.random.default_rng(1)
    rows = rng.permutation(len(table))[: int(share * len(table))]
    for place, name in enumerate(table):
        table.iloc[rows, place] = table[name].iloc[rng.permutation(rows)].to_numpy()
    return table


LOST = {
    "nothing": (GIFTS, [], list(LADDER)),
    "nothing but chance": (GIFTS.sample(len(GIFTS), replace=True, random_state=1), [], list(LADDER)),
    "a type": (GIFTS.assign(age=GIFTS["age"].astype(float)), ["know the data"], ["run the script"]),
    "a level": (GIFTS.assign(region=GIFTS["region"].replace("islands", "moon")), ["know the data"], ["estimate"]),
    "a column of the script": (GIFTS.assign(greenness=np.nan), ["run the script", "estimate"], ["correlate"]),
    "a variable": (GIFTS.assign(income=2 * GIFTS["income"]), ["show variation"], ["show association", "estimate"]),
    "all associations": (shuffled(GIFTS, 1.0), ["show association", "correlate", "estimate"], ["show variation"]),
    "half of them": (shuffled(GIFTS, 0.45), ["correlate"], ["show association"]),
    "the sign of the effect": (GIFTS.assign(greenness=100 - GIFTS["greenness"]), ["estimate"], ["run the script"]),
    "what three variables say": (shuffled(GIFTS, 0.35), ["answer anything"], ["show association"]),
}


@pytest.mark.parametrize("what", LOST)
def test_a_rung_breaks_where_its_use_is_lost(what):
    table, broken, held = LOST[what]
    found = ladder(GIFTS, table, SETTING["formula"])
    assert not any(found[rung] for rung in broken) and all(found[rung] for rung in held), found


def test_measured_again_it_is_the_same(again):
    """Only for models whose draws no BLAS can change."""
    for name in ("constant", "bootstrap"):
        kept = KEPT.runs[(KEPT.runs["model"] == name) & (KEPT.runs["seed"] == 0)].iloc[0]
        one = again.runs[again.runs["model"] == name].iloc[0]
        for measure in ("utility", "risk", "S_pMSE", *ATTACKED, *LADDER):
            assert one[measure] == pytest.approx(kept[measure], abs=0.02), (name, measure)


def test_it_survives_a_file_and_joins_another(again, tmp_path):
    again.save(tmp_path / "mine.json")
    back = Tradeoff.load(tmp_path / "mine.json")
    pd.testing.assert_frame_equal(back.runs, again.runs, check_dtype=False, atol=1e-5)
    mine = tradeoff(PEOPLE, {"mine": Average()}, seeds=1, **SETTING)
    assert list(back.joined(mine).table.index) == ["constant", "metadata", "bootstrap", "mine"]
    renamed = Tradeoff(again.runs.replace({"bootstrap": "constant"}), {})
    assert len(KEPT.joined(renamed).runs) == len(KEPT.runs) - 20 + 3


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"runs": {}, "about": {}}', '{"runs": {"model": ["a"]}, "about": {}}']
)
def test_a_file_that_holds_something_else_is_refused(text, tmp_path):
    (tmp_path / "odd.json").write_text(text)
    with pytest.raises(ValueError, match="odd.json does not hold a measured trade-off"):
        Tradeoff.load(tmp_path / "odd.json")


def test_the_models_that_were_given_stay_as_they_were():
    model = Metadata()
    tradeoff(PEOPLE, {"mine": model}, seeds=1, **SETTING)
    assert not hasattr(model, "variables_")


def test_without_a_formula_and_a_target_it_still_measures():
    found = tradeoff(
        PEOPLE[["age", "region", "greenness"]], {"copies": Bootstrap()}, "age", OTHERS, seeds=1, progress=False
    )
    row = found.table.iloc[0]
    assert found.about["target"] == "greenness" and np.isnan(row["overlap"]) and row["run the script"] == 0
    assert row["utility"] > 0.6 and row["risk"] > 0.2


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"keys": []}, "name at least one column in keys"),
        ({"keys": ["shoe size"]}, "'shoe size' is no column that can be compared"),
        ({"target": "respondent"}, "'respondent' is no column that can be compared"),
        ({"holdout": None}, "Expected a table"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(change, match):
    with pytest.raises(TableError, match=match):
        tradeoff(PEOPLE, {"constant": Average()}, **{**SETTING, **change})


def test_two_columns_are_too_few():
    with pytest.raises(TableError, match="at least three columns"):
        tradeoff(PEOPLE[["age", "region"]], {"constant": Average()}, ["age"], OTHERS[["age", "region"]])


def test_the_picture_says_everything_in_words_too():
    picture = KEPT.picture()
    html = picture._repr_html_()
    assert len(picture.spots) == len(MODELS) and all(0 < x < 1 and 0 < y < 1 for x, y, _ in picture.spots)
    for name, (_, _, says) in zip(MODELS, picture.spots, strict=True):
        assert name in picture.words and says.startswith(f"{name}: utility")
    assert html.count('tabindex="0"') == html.count('aria-label="') == len(MODELS)


def test_a_dot_tells_what_the_dots_under_it_say_too():
    says = {says.split(":")[0]: says for _, _, says in KEPT.picture().spots}
    assert "\nnormal: utility" in says["constant"] and "\nconstant: utility" in says["normal"]
    assert "\n" not in says["bootstrap"]


def test_names_and_dots_of_the_picture_do_not_overlap():
    picture = KEPT.joined(Tradeoff(KEPT.runs[KEPT.runs["model"] == "GAN"].assign(model="mine"), {})).picture()
    assert "The diamonds: mine." in picture.words and "diamonds" not in KEPT.picture().words
    figure = picture.figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    ax, renderer = figure.axes[0], canvas.get_renderer()
    names = [Text.get_window_extent(text, renderer) for text in ax.texts]  # without the line to the dot
    known, mine = (ax.transData.transform(dots.get_offsets()) for dots in ax.collections[-2:])
    assert len(mine) == 1 and [text.get_text() for text in ax.texts if text.get_weight() == "bold"] == ["mine"]
    dots = np.vstack([known, mine])
    assert len(names) == len(dots) == len(MODELS) + 1
    for number, name in enumerate(names):
        assert not any(name.overlaps(other) for other in names[:number])
        assert not any(name.contains(*dot) for dot in dots)
        assert ax.get_window_extent(renderer).contains(name.x0, name.y0 + 3)


def test_the_slider_goes_through_the_spectrum_and_moves_the_picture():
    explorer = explore_spectrum(PEOPLE)
    slider, pictures = explorer.sliders["model"], set()
    assert [label for label in slider.options] == [name for name in MODELS if name != "GAN"]
    for name in slider.options:
        slider.value = name
        assert explorer.words.startswith(f"{name}: utility")
        pictures.add(re.search(r"base64,([^\"]+)", explorer._picture.value).group(1))
    assert len(pictures) == len(slider.options)


@pytest.mark.parametrize("pair", [("region", "age"), ("age", "age"), ("age", "nobody")])
def test_a_pair_that_is_no_two_numbers_is_refused(pair):
    with pytest.raises(TableError, match="needs two columns of numbers"):
        explore_spectrum(PEOPLE, pair)
    with pytest.raises(TableError, match="needs two columns of numbers"):
        watch_training(GAN(hidden=4, steps=0).fit(PEOPLE), PEOPLE, pair)


def test_training_is_shown_at_the_beginning_and_at_the_end(monkeypatch):
    shown = []

    class Screen:
        def update(self, picture):
            shown.append(picture.words)

    def display(picture, display_id):
        shown.append(picture.words)
        return Screen()

    monkeypatch.setattr("workshop.widgets.training.display", display)
    model = GAN(hidden=8, steps=0).fit(PEOPLE)
    watch_training(model, PEOPLE, ["age", "greenness"], steps=12, every=1000)
    assert "nothing is learned yet" in shown[0] and "step 12:" in shown[-1] and len(shown) == 2
    watch_training(model, PEOPLE, ["age", "greenness"], steps=5, every=0)
    assert "step 17:" in shown[-1] and len(shown) == 2 + 1 + 5
    watch_training(model, PEOPLE, ["age", "greenness"], steps=30, every=1e-9)
    assert len(shown) < 8 + 1 + 30, "slow pictures keep the network from learning"
    assert "loss of discriminator" in draw_training(model, PEOPLE, ["age", "greenness"]).words


def test_warnings_of_a_poor_regression_are_neither_shown_nor_raised():
    for action in ("error", "always"):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter(action)
            found = tradeoff(PEOPLE, {"constant": Average()}, seeds=1, **SETTING)
        assert not seen and found.table["run the script"].iloc[0] == 1
