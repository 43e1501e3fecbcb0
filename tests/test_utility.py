"""Utility: every figure is synthpop's, statsmodels' or scipy's; odd pairs of tables get the right figure or one sentence."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from workshop.data import load
from workshop.measures import density_ratio as of_ratio
from workshop.measures.density_ratio import density_ratio, ratio_of_points
from workshop.measures.fits import combine, compare_fit
from workshop.measures.pair import Pair
from workshop.measures.propensity import METHODS, propensity
from workshop.measures.release import associations, check_release
from workshop.measures.tables import cell_differences, grouped, table_utilities, table_utility
from workshop.models.metadata import Metadata
from workshop.models.sequential import Sequential
from workshop.table import TableError
from workshop.utility_pictures import association_map, compare, forest, heat_map, thick_and_thin

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = json.loads((GOLDEN / "expected.json").read_text())
MADE = [name for name in EXPECTED if name != "meta"]
EDUCATION = 'C(education, levels=["low", "middle", "high"])'
GIFTS = load("gifts")
ALONE = Metadata().fit(GIFTS).sample(rng=1)


def golden(name):
    return pd.read_csv(GOLDEN / f"{name}.csv")


OBSERVED = golden("observed")
SYNTHETIC = {name: golden(f"synthetic_{name}") for name in MADE}


# synthpop's figures


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("way", [1, 2])
def test_every_statistic_of_every_table_is_synthpops(name, way):
    found = table_utilities(OBSERVED, SYNTHETIC[name], way=way)
    expected = EXPECTED[name]["one_way" if way == 1 else "two_way"]
    assert len(found) == len(expected) == (9 if way == 1 else 36)
    compared = 0
    for names, statistics in expected.items():
        row = found.loc[names if way == 1 else tuple(names.split(":"))]
        for statistic, value in statistics.items():
            if statistic in found:
                assert row[statistic] == pytest.approx(value, rel=1e-6, abs=1e-12), (names, statistic)
                compared += 1
    assert compared == len(expected) * 19


@pytest.mark.parametrize("name", MADE)
def test_the_groups_and_their_counts_are_synthpops(name):
    expected = EXPECTED[name]["one_way"]["age"]
    codes, size, _ = grouped(Pair.of(OBSERVED, SYNTHETIC[name], ["age"]).variables["age"])
    assert np.bincount(codes[:1500], minlength=size).tolist() == expected["n_observed"]
    assert np.bincount(codes[1500:], minlength=size).tolist() == expected["n_synthetic"]


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize(
    ("method", "key"), [("logistic", "gen_logit_main"), ("logistic with pairs", "gen_logit_pairs")]
)
def test_the_propensity_scores_of_logistic_regressions_are_synthpops(name, method, key):
    found = propensity(OBSERVED, SYNTHETIC[name], method)
    for statistic in ("pMSE", "S_pMSE", "SPECKS", "PO50", "U", "df"):
        assert getattr(found, statistic) == pytest.approx(EXPECTED[name][key][statistic], rel=1e-6), statistic


def test_the_tree_ranks_the_three_tables_as_synthpops_does():
    ours = {
        name: np.mean([propensity(OBSERVED, made, "cart", rng=seed).S_pMSE for seed in range(3)])
        for name, made in SYNTHETIC.items()
    }
    theirs = {name: EXPECTED[name]["gen_cart"]["S_pMSE"] for name in MADE}
    assert sorted(ours, key=ours.get) == sorted(theirs, key=theirs.get)
    assert all(abs(ours[name] - theirs[name]) < 0.6 for name in MADE)


FITS = {
    "lm": (f"np.log(gift_spending + 1) ~ age + sex + greenness + income + {EDUCATION}", "ols"),
    "glm": ("gives ~ age + sex + greenness + region", "logit"),
}


def fit(name, key):
    tables = [table.assign(gives=(table["gift_spending"] > 0).astype(int)) for table in (OBSERVED, SYNTHETIC[name])]
    formula, model = FITS[key]
    return compare_fit(formula, *tables, model)


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("key", FITS)
def test_regressions_are_compared_as_synthpop_compares_them(name, key):
    found, expected = fit(name, key), EXPECTED[name][key]
    assert found.mean_ci_overlap == pytest.approx(expected["mean_ci_overlap"], rel=1e-6)
    assert found.mean_abs_std_diff == pytest.approx(expected["mean_abs_std_diff"], rel=1e-6)
    assert found.synthpops_lack_of_fit == pytest.approx(expected["lack_of_fit"], rel=1e-6)
    for ours, theirs in (
        ("observed", "beta_observed"),
        ("synthetic", "beta_synthetic"),
        ("std_diff", "std_diff"),
        ("ci_overlap", "ci_overlap"),
    ):
        np.testing.assert_allclose(np.sort(found.coefficients[ours]), np.sort(expected[theirs]), rtol=1e-4, atol=1e-7)


def test_the_lack_of_fit_does_not_depend_on_units_as_synthpops_does():
    """MASS::ginv loses the coefficient of income in euro, but not that of income in thousands."""
    formula = "np.log(gift_spending + 1) ~ age + sex + greenness + income"
    found = [
        compare_fit(
            formula, *(table.assign(income=table["income"] / unit) for table in (OBSERVED, SYNTHETIC["parametric"]))
        )
        for unit in (1, 1000)
    ]
    assert found[0].lack_of_fit == pytest.approx(found[1].lack_of_fit, rel=1e-6)
    assert found[0].lack_of_fit == pytest.approx(found[1].synthpops_lack_of_fit, rel=1e-6)
    assert found[0].synthpops_lack_of_fit != pytest.approx(found[1].synthpops_lack_of_fit, rel=0.01)


# Tables


def test_three_variables_make_a_table_too():
    found = table_utilities(OBSERVED, SYNTHETIC["cart"], ["sex", "region", "education", "age"], way=3)
    assert len(found) == 4 and found.index.names == ["variable", "with", "and"]
    cells = OBSERVED.groupby(["sex", "region", "education"]).size()
    assert found.loc[("sex", "region", "education"), "df"] == max(len(cells), 30) - 1


def test_the_same_table_differs_nowhere_and_disjoint_tables_everywhere():
    same = table_utilities(OBSERVED, OBSERVED)
    assert (
        (same["pMSE"] == 0).all()
        and same["S_pMSE"].max() == 0
        and same["PO50"].abs().max() < 0.1
        or (same["PO50"] == 0).all()
    )
    apart = table_utility(pd.DataFrame({"x": ["a", "b"] * 50}), pd.DataFrame({"x": ["c", "d"] * 50}), "x")
    assert (
        apart.pMSE == pytest.approx(0.25)
        and apart.SPECKS == apart.dBhatt == apart.JSD == pytest.approx(1)
        and apart.PO50 == 50
    )


def test_the_pmse_of_a_table_is_that_of_its_cells_scores():
    one, other = OBSERVED["region"], SYNTHETIC["parametric"]["region"].head(700)
    scores = {level: (other == level).sum() / ((other == level).sum() + (one == level).sum()) for level in one.unique()}
    share = 700 / 2200
    expected = ((pd.concat([one, other]).map(scores) - share) ** 2).mean()
    assert table_utility(one.to_frame(), other.to_frame(), "region").pMSE == pytest.approx(expected)


def test_specks_and_u_are_scipys():
    found = table_utility(OBSERVED, SYNTHETIC["independent"], ["sex", "age"])
    codes, _, _ = zip(
        *(grouped(v) for v in Pair.of(OBSERVED, SYNTHETIC["independent"], ["sex", "age"]).variables.values()),
        strict=True,
    )
    cell = codes[0] * 10 + codes[1]
    synthetic = np.repeat([False, True], 1500)
    share = pd.Series(synthetic).groupby(cell).mean()
    scores = share.reindex(cell).to_numpy()
    assert found.SPECKS == pytest.approx(stats.ks_2samp(scores[synthetic], scores[~synthetic]).statistic)
    assert found.U == pytest.approx(stats.mannwhitneyu(scores[synthetic], scores[~synthetic]).statistic)


def test_chance_alone_brings_a_standardised_figure_of_one():
    rng = np.random.default_rng(1)
    shares = OBSERVED["region"].value_counts(normalize=True)
    found = [
        table_utility(
            OBSERVED[["region"]], pd.DataFrame({"region": rng.choice(shares.index, 1500, p=shares)}), "region"
        )
        for _ in range(300)
    ]
    for statistic in ("S_pMSE", "S_FT", "S_G"):
        assert np.mean([getattr(one, statistic) for one in found]) == pytest.approx(1, abs=0.15), statistic


def test_the_cells_that_differ_are_named():
    found = cell_differences(GIFTS, ALONE, ["region", "greenness"])
    assert found["z"].abs().is_monotonic_decreasing and abs(found["z"].iloc[0]) > 5
    one = found.iloc[0]
    low, high = map(float, one["greenness"].split(" to "))
    inside = [
        table[(table["region"] == one["region"]) & table["greenness"].between(low, high, inclusive="left")]
        for table in (GIFTS, ALONE)
    ]
    assert [len(table) for table in inside] == [one["observed"], one["synthetic"]]
    assert one["z"] == pytest.approx(
        (one["synthetic"] - one["observed"]) / np.sqrt((one["synthetic"] + one["observed"]) / 2)
    )


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.lists(st.integers(0, 6), min_size=1, max_size=60))
@settings(max_examples=100, deadline=None)
def test_figures_stay_where_they_can_be(one, other):
    found = table_utility(pd.DataFrame({"x": pd.Categorical(one)}), pd.DataFrame({"x": pd.Categorical(other)}), "x")
    c = len(other) / (len(one) + len(other))
    assert 0 <= found.pMSE <= c * (1 - c) + 1e-12
    assert 0 <= found.SPECKS <= 1 and -1e-9 <= found.JSD <= 1 + 1e-9 and 0 <= found.dBhatt <= 1
    assert 0 <= found.U <= len(one) * len(other)


# Propensity


@pytest.mark.parametrize("method", METHODS)
def test_two_samples_from_one_source_cannot_be_told_apart(method):
    """Both vary, where synthetic data from a known source vary alone: twice the chance, so that S_pMSE is about 2."""
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        one, other = (
            pd.DataFrame(rng.normal(size=(600, 4))).add_prefix("x").assign(y=rng.choice([*"abc"], 600))
            for _ in range(2)
        )
        found.append(propensity(one, other, method, permutations=10))
    if method == "boosting":
        assert np.mean([one.auc for one in found]) == pytest.approx(0.5, abs=0.03)
    else:
        assert 1.2 < np.mean([one.S_pMSE for one in found]) < 2.8


@pytest.mark.parametrize("method", METHODS)
def test_disjoint_tables_are_told_apart_wholly_and_identical_ones_not_at_all(method):
    one = pd.DataFrame({"x": np.arange(200) / 7, "y": ["a", "b"] * 100})
    apart = propensity(one, one.assign(x=one["x"] + 10_000), method)
    assert apart.pMSE == pytest.approx(0.25, abs=0.01) and apart.auc > 0.99 and apart.PO50 > 49 and apart.SPECKS > 0.98
    if method.startswith("logistic"):
        assert propensity(one, one, method).pMSE == pytest.approx(0, abs=1e-12)


def test_the_area_under_the_curve_is_scikit_learns():
    from sklearn.metrics import roc_auc_score

    found = propensity(GIFTS, ALONE)
    assert found.auc == pytest.approx(roc_auc_score(np.repeat([0, 1], len(GIFTS)), found.scores))


def test_permutations_give_the_same_figure_for_any_number_of_workers():
    found = [propensity(OBSERVED, SYNTHETIC["cart"], "cart", permutations=6, rng=3, n_jobs=jobs) for jobs in (1, 2)]
    assert found[0] == found[1]
    assert np.isnan(propensity(OBSERVED, SYNTHETIC["cart"], "cart", permutations=0).S_pMSE)


# Density ratio


def test_the_leave_one_out_score_is_what_leaving_out_gives():
    rng = np.random.default_rng(0)
    below, above = rng.normal(size=(30, 2)), rng.normal(0.5, 1, size=(40, 2))
    bumps = [of_ratio._bumps(of_ratio._squared_distances(points, above[:10]), 1.0) for points in (below, above)]
    for ridge in (0.01, 1.0):
        scores = []
        for out in range(30):
            x, y = (np.delete(phi, out, 0) for phi in bumps)
            alpha = np.maximum(0, np.linalg.solve(x.T @ x / len(x) + ridge * np.eye(10), y.mean(axis=0)))
            scores.append((bumps[0][out] @ alpha) ** 2 / 2 - bumps[1][out] @ alpha)
        assert of_ratio._left_out(*bumps, ridge) == pytest.approx(np.mean(scores))


def test_the_ratio_of_two_known_normals_is_found():
    """The setting of the paper's section 5.2: 100 points from N(0, 1), 1,000 from N(1, 1), weights scaled to sum to one."""
    errors, constant = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        below, above = rng.normal(size=(100, 1)), rng.normal(1, 1, size=(1000, 1))
        found, truth = ratio_of_points(below, above, rng=rng)[1], np.exp(below[:, 0] - 0.5)
        errors.append(((found / found.sum() - truth / truth.sum()) ** 2).mean())
        constant.append(((1 / 100 - truth / truth.sum()) ** 2).mean())
    assert np.mean(errors) < 1e-4 and np.mean(errors) < np.mean(constant) / 2


def test_the_pearson_divergence_nears_the_exact_one():
    rng = np.random.default_rng(1)
    found = [
        ratio_of_points(rng.normal(size=(n, 1)), rng.normal(0.5, 1, size=(n, 1)), rng=rng)[0]
        for n in (4000, 4000, 4000)
    ]
    assert np.mean(found) == pytest.approx((np.exp(0.25) - 1) / 2, abs=0.025)


def test_the_permutation_test_sees_what_is_lost_and_not_what_is_kept():
    names = ["greenness", "gift_spending"]
    lost = density_ratio(GIFTS, ALONE, names, permutations=19)
    kept = density_ratio(GIFTS, Sequential().fit(GIFTS).sample(rng=1), names, permutations=19)
    assert lost.p_value == 0.05 and lost.divergence > 0.01
    assert kept.p_value > 0.1 and kept.divergence < 0.01
    again = density_ratio(GIFTS, ALONE, names, permutations=19, n_jobs=2)
    assert again.p_value == lost.p_value and again.divergence == lost.divergence


# Regressions


def test_coefficients_and_errors_are_statsmodels():
    formula = "income ~ age + greenness + education"
    table = compare_fit(formula, GIFTS, ALONE).coefficients
    theirs = smf.ols(formula, GIFTS).fit()
    np.testing.assert_allclose(table["observed"], theirs.params)
    np.testing.assert_allclose(table["se_observed"], theirs.bse)
    low, high = theirs.conf_int().T.to_numpy()
    half = 1.959964 * theirs.bse
    assert (abs(high - low - 2 * half) < 0.01 * half).all()


@pytest.mark.parametrize("model", ["ols", "logit", "probit", "poisson", "negative binomial", "gamma", "quantile"])
def test_every_model_fits_the_same_table_to_itself(model):
    yes_or_no = (GIFTS["gift_spending"] > 0).astype(int)
    counts = GIFTS["years_here"] if model == "negative binomial" else GIFTS["household_size"]
    table = GIFTS.assign(y=yes_or_no if model in ("logit", "probit") else counts)
    found = compare_fit("y ~ age + greenness", table, table, model)
    assert found.mean_ci_overlap == 1 and found.lack_of_fit == pytest.approx(0, abs=1e-12) and found.p_value == 1


@pytest.mark.parametrize("proper", [False, True])
def test_combined_intervals_about_the_population_hold_the_truth_as_often_as_they_say(proper):
    rng, hits, m, n = np.random.default_rng(4), 0, 4, 60
    for _ in range(1500):
        observed = rng.normal(size=n)
        estimates, variances = [], []
        for _ in range(m):
            source = rng.choice(observed, n) if proper else observed
            made = rng.normal(source.mean(), source.std(ddof=1), n)
            estimates.append([made.mean()])
            variances.append([made.var(ddof=1) / n])
        interval = combine(estimates, variances, proper=proper).iloc[0]
        hits += interval["low"] < 0 < interval["high"]
    assert 0.92 < hits / 1500 < 0.97


def test_combined_intervals_about_the_sample_hold_what_the_sample_says():
    rng, hits = np.random.default_rng(5), 0
    for _ in range(1000):
        observed = rng.normal(size=80)
        made = [rng.normal(observed.mean(), observed.std(ddof=1), 80) for _ in range(3)]
        interval = combine([[x.mean()] for x in made], [[x.var(ddof=1) / 80] for x in made], "sample").iloc[0]
        hits += interval["low"] < observed.mean() < interval["high"]
    assert 0.92 < hits / 1000 < 0.97


def test_several_synthetic_tables_are_averaged():
    tables = Sequential().fit(GIFTS).sample_many(3, rng=1)
    found = compare_fit("np.log1p(gift_spending) ~ greenness", GIFTS, tables)
    singles = [
        compare_fit("np.log1p(gift_spending) ~ greenness", GIFTS, table).coefficients["synthetic"] for table in tables
    ]
    np.testing.assert_allclose(found.coefficients["synthetic"], np.mean(singles, axis=0))
    assert found.m == 3 and found.combined().loc["greenness", "se"] > found.combined("sample").loc["greenness", "se"]


BAD_FITS = {
    "a column that is not there": ("wage ~ age", "ols", "cannot be fitted to the observed data"),
    "no formula": ("age ~", "ols", "cannot be fitted to the observed data"),
    "no such model": ("income ~ age", "magic", "no model 'magic'"),
    "a level that is missing": ("income ~ region", "ols", "a level is missing there"),
}


@pytest.mark.parametrize("name", BAD_FITS)
def test_a_fit_that_cannot_be_gets_one_sentence(name):
    formula, model, words = BAD_FITS[name]
    with pytest.raises(ValueError) as refusal:
        compare_fit(formula, GIFTS, ALONE[ALONE["region"] != "islands"], model)
    assert words in str(refusal.value) and "\n" not in str(refusal.value) and len(str(refusal.value)) < 320


# Fit for purpose


def test_a_good_release_passes_all_checks():
    found = check_release(GIFTS, Sequential().fit(GIFTS).sample(rng=1), ["gift_spending >= 0", "age >= 18"])
    assert found.passed_all and "checks passed" in found.sentence and len(found) > 50


@pytest.mark.parametrize(
    ("spoil", "check", "variable"),
    [
        (lambda t: t.drop(columns="age"), "columns", "age"),
        (lambda t: t.assign(more=1), "columns", "more"),
        (lambda t: t[t.columns[::-1]], "order", "(all columns)"),
        (lambda t: t.assign(age=t["age"].astype(float)), "type", "age"),
        (lambda t: t.assign(region=t["region"].where(t.index != 3, "moon")), "levels", "region"),
        (lambda t: t.assign(income=t["income"] * 10), "range", "income"),
        (lambda t: t.assign(income=t["income"].fillna(1.0)), "missing", "income"),
        (lambda t: t.assign(age=t["age"].where(t.index != 3, 17)), "rule", "age >= 18"),
    ],
)
def test_each_fault_of_a_release_is_found(spoil, check, variable):
    found = check_release(GIFTS, spoil(GIFTS.copy()), ["age >= 18"])
    failed = found[~found["passed"]]
    assert ((failed["check"] == check) & (failed["variable"] == variable)).any()
    assert not found.passed_all and variable in found.to_string()


def test_associations_are_those_of_pandas_and_scipy():
    found = associations(GIFTS, ALONE, ["age", "income", "region", "gives_to_charity"])
    assert found.loc[("age", "income"), "observed"] == pytest.approx(GIFTS["age"].corr(GIFTS["income"]))
    counts = pd.crosstab(GIFTS["region"], GIFTS["gives_to_charity"])
    expected = stats.contingency.association(counts, method="cramer")
    assert found.loc[("region", "gives_to_charity"), "observed"] == pytest.approx(expected)
    fitted = smf.ols("age ~ region", GIFTS).fit()
    assert found.loc[("age", "region"), "observed"] == pytest.approx(np.sqrt(fitted.rsquared))
    assert found["difference"].abs().is_monotonic_decreasing


# Odd pairs of tables

ODD = {
    "other levels": (pd.DataFrame({"x": ["a", "b"] * 20}), pd.DataFrame({"x": ["a", "c"] * 20}), None),
    "one record each": (pd.DataFrame({"x": [1.0], "y": ["a"]}), pd.DataFrame({"x": [2.0], "y": ["b"]}), None),
    "all missing on one side": (pd.DataFrame({"x": [1.0, 2.0, 3.0]}), pd.DataFrame({"x": [np.nan] * 3}), None),
    "a constant": (pd.DataFrame({"x": [1] * 9}), pd.DataFrame({"x": [1] * 5}), None),
    "whole numbers beside decimals": (pd.DataFrame({"x": [1, 2, 3]}), pd.DataFrame({"x": [1.5, 2.0, 3.0]}), None),
    "categories beside text": (pd.DataFrame({"x": pd.Categorical(["a", "b"])}), pd.DataFrame({"x": ["a", "b"]}), None),
    "a missing column": (pd.DataFrame({"x": [1], "y": [2]}), pd.DataFrame({"x": [1]}), "synthetic table has no column 'y'"),
    "text beside numbers": (pd.DataFrame({"x": ["a", "b"]}), pd.DataFrame({"x": [1, 2]}), "give both the same type"),
    "numbers beside text": (pd.DataFrame({"x": [1, 2]}), pd.DataFrame({"x": ["a", "b"]}), "give both the same type"),
    "dates beside numbers": (pd.DataFrame({"x": pd.to_datetime(["2025-01-01", "2025-01-03"])}), pd.DataFrame({"x": ["a", "b"]}), "give both the same type"),
    "no table": (pd.DataFrame({"x": [1, 2]}), [1, 2], "wrap it with pd.DataFrame"),
    "nothing but keys": (pd.DataFrame({"x": [f"k{i}" for i in range(30)]}), pd.DataFrame({"x": [f"k{i}" for i in range(30)]}), "nothing to compare"),
}  # fmt: skip
MEASURES = {
    "tables": lambda one, other: table_utilities(one, other, way=1),
    "logistic": propensity,
    "pairs": lambda one, other: propensity(one, other, "logistic with pairs"),
    "cart": lambda one, other: propensity(one, other, "cart", permutations=2),
    "ratio": density_ratio,
}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("name", ODD)
def test_odd_pairs_get_a_figure_or_one_sentence(name, measure):
    one, other, words = ODD[name]
    if words is None:
        MEASURES[measure](one, other)
    else:
        with pytest.raises(TableError, match=words) as refusal:
            MEASURES[measure](one, other)
        assert "\n" not in str(refusal.value)


def test_missing_on_one_side_is_seen():
    found = table_utility(pd.DataFrame({"x": np.arange(40) / 7}), pd.DataFrame({"x": [np.nan] * 40}), "x")
    assert found.pMSE == pytest.approx(0.25)


# Pictures


def test_pictures_say_what_they_show():
    pairs = table_utilities(GIFTS, ALONE)
    picture = heat_map(pairs)
    worst = " with ".join(pairs.index[0])
    assert worst in picture.words and worst in picture.figure.axes[0].get_title(loc="left")
    picture = association_map(associations(GIFTS, ALONE))
    assert "years_here" in picture.words and "moved_in" in picture.words
    found = compare_fit("np.log1p(gift_spending) ~ greenness + age", GIFTS, ALONE)
    picture = forest(found)
    assert (
        "greenness" in picture.figure.axes[0].get_title(loc="left") and f"{found.mean_ci_overlap:.0%}" in picture.words
    )
    ratio = density_ratio(GIFTS, ALONE, ["greenness", "gift_spending"])
    assert "Pearson divergence" in thick_and_thin(ratio, GIFTS, ALONE, "greenness", "gift_spending").words
    page = compare(GIFTS, ALONE)
    assert len(page.words.split("\n")) == len({name for pair in pairs.index for name in pair})
    for one in (picture, page):
        assert one.png().startswith(b"\x89PNG")


def test_results_say_in_one_sentence_what_they_mean():
    results = [
        table_utility(GIFTS, ALONE, ["region", "greenness"]),
        propensity(GIFTS, ALONE),
        density_ratio(GIFTS, ALONE, ["age"]),
    ]
    results += [compare_fit("income ~ age", GIFTS, ALONE), check_release(GIFTS, ALONE)]
    for result in results:
        assert result._repr_html_().startswith("<p>") and 20 < len(result.sentence) < 330


def test_all_pairs_come_once():
    pairs = table_utilities(OBSERVED, SYNTHETIC["cart"]).index
    assert {frozenset(pair) for pair in pairs} == {frozenset(pair) for pair in combinations(OBSERVED.columns, 2)}
