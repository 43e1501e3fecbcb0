"""Pictures: right heights, a title that states the finding, the same in words, and nothing left behind."""

import io
import warnings

import matplotlib as mpl
import matplotlib.image
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient
from scipy import stats

from workshop.data import load
from workshop.figures import OBSERVED, SYNTHETIC, compare_table, compare_variable, in_words, largest_gap
from workshop.findings import MOST_LEVELS, Labels, Nothing, Numbers, Words, compare, explained_by_chance
from workshop.models.toy import Histogram, Normal
from workshop.table import TableError

GIFTS = load("gifts")


def axes_of(picture):
    return picture.figure.axes[0]


def test_bars_of_labels_have_the_shares_that_pandas_counts():
    synthetic = Histogram().fit(GIFTS["education"]).sample(rng=1)
    picture = compare_variable(GIFTS["education"], synthetic)
    observed_bars, synthetic_bars = axes_of(picture).containers
    for bars, series in ((observed_bars, GIFTS["education"]), (synthetic_bars, synthetic)):
        expected = series.value_counts(normalize=True).reindex(series.cat.categories[::-1]) * 100
        assert [bar.get_width() for bar in bars] == pytest.approx(expected.tolist())
    assert [label.get_text() for label in axes_of(picture).get_yticklabels()][-1] == "primary"


def test_steps_of_numbers_have_the_shares_that_numpy_counts():
    synthetic = Normal().fit(GIFTS["greenness"]).sample(rng=1)
    filled, _, dashed = axes_of(compare_variable(GIFTS["greenness"], synthetic)).patches[:3]
    for steps, values in ((filled, GIFTS["greenness"]), (dashed, synthetic)):
        heights, edges, _ = steps.get_data()
        assert heights == pytest.approx(np.histogram(values, edges)[0] / len(values) * 100)
    assert mpl.colors.same_color(dashed.get_edgecolor(), SYNTHETIC) and dashed.get_linestyle() != "-"
    assert mpl.colors.to_rgb(filled.get_facecolor()) == mpl.colors.to_rgb(OBSERVED)


def test_negative_values_that_cannot_be_are_named_and_shaded():
    synthetic = Normal().fit(GIFTS["income"]).sample(rng=1)
    share = (synthetic.dropna() < 0).mean()
    picture = compare_variable(GIFTS["income"], synthetic, unit="euro")
    assert f"{share:.0%} of the synthetic values lie below 0" in axes_of(picture).get_title(loc="left")
    assert "never\nobserved" in [text.get_text() for text in axes_of(picture).get_legend().get_texts()]
    assert axes_of(picture).get_xlabel().startswith("income (euro)")


def test_no_bar_holds_values_of_both_sides_of_zero():
    for name in ("gift_spending", "years_here"):
        observed, synthetic = GIFTS[name], Normal().fit(GIFTS[name]).sample(rng=1)
        heights, edges, _ = axes_of(compare_variable(observed, synthetic)).patches[0].get_data()
        assert heights[edges[:-1] < -0.5].sum() == 0 and heights.sum() > 98


def test_one_outlier_does_not_squash_the_picture():
    ax = axes_of(compare_variable(GIFTS["income"], GIFTS["income"]))
    assert ax.get_xlim()[1] < 300_000
    edges = ax.patches[0].get_data().edges
    beyond = 2 * (GIFTS["income"] > edges[-1]).sum()
    assert f"({beyond} values lie beyond the edges)" in ax.get_xlabel() and 0 < beyond < 0.01 * 2 * len(GIFTS)
    assert edges[0] <= GIFTS["income"].min()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: x, "much the same"),
        (lambda x: x + 30, "values lie higher"),
        (lambda x: (x - x.median()) * 1.6 + x.median() + 40, "spread 60% wider"),
        (lambda x: (x - x.median()) * 0.5 + x.median(), "spread 50% narrower"),
        (lambda x: (x - x.median()) * 4 + x.median() + 300, "spread 4 times as wide"),
        (lambda x: (x + 30).head(6), "synthetic values lie higher"),
        (lambda x: (x + 5).head(6), "no difference beyond chance"),
    ],
)
def test_the_title_states_the_finding(change, words):
    observed = GIFTS["greenness"] + 100
    assert words in axes_of(compare_variable(observed, change(observed))).get_title(loc="left")


def test_the_words_hold_the_medians_and_the_missing_shares():
    observed = pd.Series([1.0, 2.5, 4.0, np.nan], name="x")
    words = compare_variable(observed, pd.Series([1.0, 3.5, 4.0, 4.5], name="x")).words
    assert "Median 2.5 observed, 3.75 synthetic" in words
    assert "Missing: 25.0% observed, 0.0% synthetic" in words


def test_two_samples_from_one_source_are_not_said_to_differ():
    rng, differ = np.random.default_rng(1), 0
    for n in (20, 200, 2000):
        for _ in range(30):
            numbers = compare(pd.Series(rng.normal(size=n)), pd.Series(rng.normal(size=n)))
            labels = compare(*(pd.Series(rng.choice(list("abcdefgh"), n), name="x") for _ in "12"), "categorical")
            differ += sum(about.finding.split()[0] not in ("much", "no") for about in (numbers, labels))
    assert differ <= 9  # of 180, when 5% is what chance is allowed


def test_the_limit_of_chance_is_that_of_the_kolmogorov_smirnov_test():
    assert explained_by_chance(800, 400) == pytest.approx(
        stats.kstwobign.isf(0.05) * np.sqrt(1 / 800 + 1 / 400), rel=1e-3
    )


def test_levels_that_nobody_had_are_not_much_the_same():
    old, new = (pd.Series([f"{letter}{i}" for i in range(100)] * 20) for letter in "ab")
    assert compare(old, new).finding == "many shares differ"
    assert compare(old, old.sample(frac=1, replace=True, random_state=1)).finding == "much the same shares"


def test_missing_has_a_bar_of_its_own_even_where_a_level_bears_that_name_or_levels_are_many():
    series = pd.Series(["missing"] * 2 + ["a", None] * 5)
    assert compare(series, series).shares["observed"].to_dict() == {
        "a": pytest.approx(5 / 12),
        "“missing”": pytest.approx(2 / 12),
        "missing": pytest.approx(5 / 12),
    }
    many = pd.Series([f"level {i % 30}" for i in range(900)] + [None] * 10)
    about = compare(many, many)
    assert len(about.shares) == MOST_LEVELS + 1 and len(about.others) == 18
    assert about.shares.index[-1] == "missing" and about.others["observed"].sum() == pytest.approx(18 * 30 / 910)


def test_the_level_that_the_title_names_is_in_the_picture():
    observed = pd.Series([f"level {i % 30}" for i in range(900)])
    about = compare(observed, observed.where(observed.index % 2 == 0, "brand new"))
    assert "'brand new' is more frequent" in about.finding and "brand new" in about.shares.index


def test_many_ordered_levels_stay_in_their_order():
    levels = [f"step {i}" for i in range(30)]
    rng = np.random.default_rng(1)
    observed = pd.Series(pd.Categorical(rng.choice(levels[::2], 900), levels, ordered=True))
    shown = compare(observed, observed).shares.index
    assert list(shown) == sorted(shown, key=levels.index)
    assert set(shown) == set(observed.value_counts().index[:MOST_LEVELS])


def test_date_times_are_counted_by_whole_days():
    edges = axes_of(compare_variable(GIFTS["answered_at"], GIFTS["answered_at"])).patches[0].get_data().edges
    assert set(np.diff(edges)) == {1.0} and edges[0] % 1 == 0  # in days


@pytest.mark.parametrize(
    ("name", "what"), [("income", Numbers), ("moved_in", Numbers), ("education", Labels), ("remark", Words)]
)
def test_the_picture_is_chosen_by_the_kind(name, what):
    about = compare(GIFTS[name], GIFTS[name])
    assert type(about) is what and str(about) == in_words(GIFTS[name], GIFTS[name])
    assert type(compare(GIFTS[name], GIFTS[name].mask(GIFTS[name].notna()))) is Nothing


def test_numbers_are_drawn_as_labels_when_asked():
    assert type(compare(GIFTS["household_size"], GIFTS["household_size"], "categorical")) is Labels


def test_a_copied_key_is_a_copy_whatever_its_type():
    assert compare(pd.Series(range(50)), pd.Series(range(40, 60), dtype=float), "key").finding.startswith("10 of 20")


def test_copied_keys_and_texts_are_counted():
    picture = compare_variable(GIFTS["respondent"], GIFTS["respondent"].where(GIFTS.index < 500, "new-1"))
    assert "500 of 2,000 synthetic values are copies" in picture.words


def test_dates_get_an_axis_of_dates():
    synthetic = Histogram().fit(GIFTS["moved_in"]).sample(rng=1)
    ax = axes_of(compare_variable(GIFTS["moved_in"], synthetic))
    assert isinstance(ax.xaxis.get_major_formatter(), mpl.dates.ConciseDateFormatter)
    low, high = mpl.dates.num2date(ax.get_xlim())
    assert 1930 < low.year < 1960 and 2024 < high.year < 2035


def test_the_largest_gap_is_scipys_kolmogorov_smirnov_statistic():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=300), rng.normal(0.3, 1, 200).round(1)
    assert largest_gap(first, second) == pytest.approx(stats.ks_2samp(first, second).statistic)


def test_a_table_has_one_picture_for_each_variable():
    picture = compare_table(GIFTS, Histogram().fit(GIFTS).sample(rng=1))
    titles = [ax.get_title(loc="left").split(":")[0] for ax in picture.figure.axes]
    assert titles[: GIFTS.shape[1]] == list(GIFTS.columns)
    assert len(compare_table(GIFTS, GIFTS, columns=["age", "region"]).figure.axes) == 3


UGLY = {
    "one value": pd.Series([3.0]),
    "one value many times": pd.Series([7] * 50),
    "all missing": pd.Series([np.nan, np.nan]),
    "huge": pd.Series([1e12, 2e12, 5e15]),
    "tiny": pd.Series([1e-9, 2e-9]),
    "emoji and dollars": pd.Series(["🎁 $x$", "$y", "🎁 $x$"], name="🌳 $name$"),
    "scripts that the font lacks": pd.Series(["नमस्ते", "ไทย", "a\nb", "가나"] * 9),
    "beyond 2 to the power of 53": pd.Series([2**60] * 9),
    "10,000 levels": pd.Series([f"level {i}" for i in range(10_000)], dtype="category"),
    "times of day": pd.to_datetime(GIFTS["answered_at"]).dt.time,
    "lengths of time": GIFTS["answered_at"] - GIFTS["moved_in"],
    "time zones": GIFTS["answered_at"].dt.tz_localize("Europe/Amsterdam"),
    "yes and no": pd.Series([True, False, None], dtype="boolean"),
    "long names": pd.Series(["a very long label that goes on and on and on " + c for c in "xyzx"], name="n" * 200),
}


@pytest.mark.parametrize("case", UGLY)
def test_ugly_data_are_drawn_without_a_warning(case):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = compare_variable(
            UGLY[case], UGLY[case].sample(frac=0.7, random_state=1) if len(UGLY[case]) > 9 else UGLY[case]
        )
        assert matplotlib.image.imread(io.BytesIO(picture.png())).std() > 0.01


def test_titles_and_labels_stay_inside_the_picture():
    for case in UGLY:
        figure = compare_variable(UGLY[case], UGLY[case], unit="u" * 90).figure
        figure.canvas.draw()
        inside = figure.bbox.padded(1)
        for text in [axes_of_figure.title for axes_of_figure in figure.axes] + [a.xaxis.label for a in figure.axes]:
            box = text.get_window_extent()
            assert box.x1 <= inside.x1 and box.y1 <= inside.y1, (case, text.get_text())


def test_the_words_keep_what_the_font_lacks():
    words = compare_variable(pd.Series(["🎁", "$y$"] * 50), pd.Series(["$y$"] * 90)).words
    assert "'$y$' is more frequent" in words and "\\" not in words


def test_nothing_is_left_behind():
    before, series = dict(mpl.rcParams), GIFTS["income"].copy()
    compare_variable(series, series).png()
    assert dict(mpl.rcParams) == before and plt.get_fignums() == []
    pd.testing.assert_series_equal(series, GIFTS["income"])


def test_a_notebook_shows_a_picture_once_with_words_for_those_who_cannot_see_it():
    code = "import pandas as pd\nfrom workshop import compare_variable\nx = pd.Series([1, 2, 2, 3], name='rooms')\ncompare_variable(x, x)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook).execute()
    (output,) = notebook.cells[0].outputs
    assert (
        output["data"]["text/html"].count("<img ") == 1 and 'alt="rooms: much the same' in output["data"]["text/html"]
    )
    assert output["data"]["text/plain"].startswith("rooms: much the same. Median 2 observed")


def test_axes_of_the_learners_own_are_shown_once():
    fig, ax = plt.subplots()
    html = compare_variable(GIFTS["age"], GIFTS["age"], ax=ax)._repr_html_()
    plt.close(fig)
    assert "<img" not in html and "age: much the same" in html


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: compare_variable([1, 2], pd.Series([1])), "Expected a column"),
        (
            lambda: compare_variable(pd.Series([1, 2], name="age"), pd.Series(["a", "b"])),
            "'age' cannot be compared as discrete: it is int64 in the observed data and",
        ),
        (lambda: compare_table(GIFTS, GIFTS[["age"]]), "synthetic table has no column 'respondent'"),
        (lambda: compare_table(GIFTS, GIFTS, columns=["aged"]), "observed table has no column 'aged'"),
    ],
)
def test_bad_tables_get_one_sentence(call, words):
    with pytest.raises(TableError, match=words):
        call()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: compare_variable(GIFTS["age"], GIFTS["age"], kind="numeric"), "There is no kind 'numeric'"),
        (lambda: compare_table(GIFTS, GIFTS, columns=[]), "nothing to draw"),
        (lambda: compare_table(GIFTS, GIFTS, per_row=0), "nothing to draw"),
    ],
)
def test_bad_settings_get_one_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
