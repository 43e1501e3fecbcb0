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
from workshop.figures import OBSERVED, SYNTHETIC, compare_table, compare_variable, largest_gap
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
    assert "impossible" in [text.get_text() for text in axes_of(picture).get_legend().get_texts()]
    assert axes_of(picture).get_xlabel() == "income (euro)"


def test_one_outlier_does_not_squash_the_picture():
    ax = axes_of(compare_variable(GIFTS["income"], GIFTS["income"]))
    assert ax.get_xlim()[1] < 300_000
    assert any("beyond the edges" in text.get_text() for text in ax.texts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: x, "much the same"),
        (lambda x: x + 30, "values lie higher"),
        (lambda x: (x - x.median()) * 1.6 + x.median() + 40, "spread 60% wider"),
        (lambda x: (x - x.median()) * 0.5 + x.median(), "spread 50% narrower"),
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


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: compare_variable([1, 2], pd.Series([1])), "Expected a column"),
        (
            lambda: compare_variable(pd.Series([1, 2], name="age"), pd.Series(["a", "b"])),
            "'age' is discrete in the observed data but",
        ),
        (lambda: compare_table(GIFTS, GIFTS[["age"]]), "synthetic table has no column 'respondent'"),
        (lambda: compare_table(GIFTS, GIFTS, columns=["aged"]), "observed table has no column 'aged'"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(TableError, match=words):
        call()
