"""Joint models: correlations against a known truth, scipy and statsmodels, and marginals against those of Metadata."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from workshop.data import load
from workshop.models.copula import GaussianCopula, quantiles
from workshop.models.counts import Multinoulli, Poisson
from workshop.models.families import Exponential, Gamma, Lognormal, Normal
from workshop.models.metadata import Metadata
from workshop.models.mixtures import Spike
from workshop.models.multivariate import MultivariateNormal
from workshop.table import TableError

TRUTH = np.array([[1, 0.6, -0.4, 0.3], [0.6, 1, -0.2, 0.5], [-0.4, -0.2, 1, 0], [0.3, 0.5, 0, 1]])
UPPER = np.triu_indices(4, 1)
GIFTS = load("gifts")


def known_copula(n, seed, missing=True):
    """A skewed number (half of it missing, the more often the larger d is), a count of levels, a yes or no, and a normal number."""
    rng = np.random.default_rng(seed)
    z = rng.multivariate_normal(np.zeros(4), TRUTH, n)
    table = pd.DataFrame(
        {
            "skewed": np.exp(z[:, 0]),
            "level": np.digitize(z[:, 1], [-0.5, 0.3, 1.2]),
            "answer": np.where(z[:, 2] > 0.4, "yes", "no"),
            "d": z[:, 3],
        }
    )
    gone = rng.random(n) < 1 / (1 + np.exp(-table["d"]))
    return table.assign(skewed=table["skewed"].mask(gone)) if missing else table


def errors(n, seeds):
    found = [
        GaussianCopula(random_state=seed).fit(known_copula(n, seed)).correlation_.loc[list(NAMES), list(NAMES)]
        for seed in range(seeds)
    ]
    return np.array([(one.to_numpy() - TRUTH)[UPPER] for one in found])


NAMES = ("skewed", "level", "answer", "d")


@pytest.mark.once
def test_the_error_of_a_known_copula_shrinks_with_the_root_of_n():
    sizes = np.array([200, 800, 3200, 12800])
    rmse = np.array([np.sqrt((errors(n, 8) ** 2).mean()) for n in sizes])
    slope = np.polyfit(np.log(sizes), np.log(rmse), 1)[0]
    assert -0.6 < slope < -0.4, rmse
    assert rmse[-1] < 0.015


def test_correlations_of_numbers_are_those_of_normal_scores():
    table = known_copula(3000, 1, missing=False)[["skewed", "d"]]
    scores = stats.norm.ppf((stats.rankdata(table, axis=0) - 0.5) / len(table))
    found = GaussianCopula().fit(table).correlation_.iloc[0, 1]
    assert found == pytest.approx(np.corrcoef(scores.T)[0, 1], abs=1e-3)


def test_a_pair_of_yes_and_no_agrees_with_the_tetrachoric_correlation():
    """The correlation at which a bivariate normal distribution has the observed table, found by scipy."""
    rng = np.random.default_rng(3)
    z = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 5000)
    table = pd.DataFrame({"a": z[:, 0] > 0.3, "b": z[:, 1] > -0.2})
    cuts = stats.norm.ppf((~table).mean().to_numpy())
    both = (~table).all(axis=1).mean()
    grid = np.linspace(0.3, 0.7, 81)
    shares = [stats.multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf(cuts) for r in grid]
    tetrachoric = np.interp(both, shares, grid)
    assert GaussianCopula(rounds=200).fit(table).correlation_.iloc[0, 1] == pytest.approx(tetrachoric, abs=0.02)


@pytest.mark.parametrize("marginals", ["families", "empirical"])
def test_each_variable_by_itself_is_as_its_recipe_says(marginals):
    table = known_copula(4000, 2)
    synthetic = GaussianCopula(marginals).fit(table).sample(40_000, rng=1)
    reference = table if marginals == "empirical" else Metadata().fit(table).sample(40_000, rng=2)
    for name in ("skewed", "d"):
        gap = stats.ks_2samp(synthetic[name].dropna(), reference[name].dropna()).statistic
        assert gap < 0.015 if marginals == "families" else gap < 0.03, name
    assert (
        synthetic["level"].value_counts(normalize=True) - table["level"].value_counts(normalize=True)
    ).abs().max() < 0.01
    assert synthetic["skewed"].isna().mean() == pytest.approx(table["skewed"].isna().mean(), abs=0.01)


def test_what_goes_together_goes_together_in_the_sample():
    table = known_copula(4000, 2)
    synthetic = GaussianCopula().fit(table).sample(20_000, rng=1)
    for one, other in (("skewed", "d"), ("level", "d"), ("skewed", "level")):
        observed = table[[one, other]].corr("spearman").iloc[0, 1]
        assert synthetic[[one, other]].corr("spearman").iloc[0, 1] == pytest.approx(observed, abs=0.04)
    gone = synthetic["skewed"].isna()
    difference = table.loc[table["skewed"].isna(), "d"].mean() - table.loc[table["skewed"].notna(), "d"].mean()
    assert synthetic.loc[gone, "d"].mean() - synthetic.loc[~gone, "d"].mean() == pytest.approx(difference, abs=0.1)


def test_nominal_labels_are_put_in_an_order_that_keeps_the_most():
    model = GaussianCopula().fit(GIFTS)
    means = GIFTS.groupby("region")["greenness"].mean()
    assert model.orders_["region"] in (list(means.sort_values().index), list(means.sort_values(ascending=False).index))
    synthetic = model.sample(20_000, rng=1).groupby("region")["greenness"].mean()
    assert (synthetic - means)[["north", "south", "east", "west"]].abs().max() < 3


@pytest.mark.parametrize(
    ("family", "reference"),
    [
        (Normal(3, 2), stats.norm(3, 2)),
        (Lognormal(1, 0.5), stats.lognorm(0.5, scale=np.e)),
        (Gamma(2.0, 3.0), None),
        (Exponential(0.2), None),
        (Poisson(3.5), stats.poisson(3.5)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_quantiles_invert_the_cumulative_distribution(family, reference):
    hidden = np.linspace(-3.5, 3.5, 301)
    share = stats.norm.cdf(hidden)
    found = quantiles(family, hidden, as_whole=isinstance(family, Poisson))
    if reference is not None:
        wrong = ~np.isclose(found, reference.ppf(share), rtol=1e-4)
        assert wrong.mean() < (0.02 if isinstance(family, Poisson) else 0.001)
    else:
        assert np.allclose(family.cdf(found), share, atol=1e-5)


def test_quantiles_of_steps_and_spikes():
    die = Multinoulli((1, 2, 6), (0.5, 0.25, 0.25))
    assert quantiles(die, stats.norm.ppf([0.1, 0.49, 0.51, 0.74, 0.76]), as_whole=True).tolist() == [1, 1, 2, 2, 6]
    spike = Spike(0.0, 0.3, Lognormal(1, 0.5))
    found = quantiles(spike, stats.norm.ppf([0.1, 0.29, 0.65]))
    assert np.allclose(found, [0, 0, np.e], atol=1e-3)


def test_the_model_is_a_recipe_and_a_page_of_correlations():
    model = GaussianCopula().fit(GIFTS)
    recipe = Metadata().fit(GIFTS)
    d = len(model.correlation_)
    assert model.n_parameters == recipe.n_parameters + d * (d - 1) // 2
    assert model.theta["parameter"].str.startswith("correlation with").sum() == d * (d - 1) // 2
    assert "income is missing" in model.correlation_
    assert (
        GaussianCopula("empirical").fit(GIFTS).keeps_records and not GaussianCopula(privacy=11).fit(GIFTS).keeps_records
    )


def test_no_value_of_a_person_is_in_a_protected_copula():
    planted = pd.concat(
        [GIFTS, GIFTS.iloc[[0]].assign(first_name="Zebulon-Canary", region="Atlantis", income=98_765_432.0)]
    )
    model = GaussianCopula(privacy=11).fit(planted)
    kept = " ".join(map(str, model.theta["value"])) + model.sample(5000, rng=1).to_csv()
    assert "Zebulon" not in kept and "98765432" not in kept
    assert "Atlantis" not in repr(vars(model)) and "Atlantis" not in kept
    # Nothing in the model is as long as the table.
    for margin in model.margins_.values():
        assert margin.values is None and len(margin.order or ()) < 200


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"marginals": "best"}, "marginals must be"),
        ({"rounds": 1}, "rounds must be a whole number, 2 or more"),
        ({"marginals": "empirical", "privacy": 11}, "privacy protects families"),
        ({"families": {"nobody": "normal"}}, "no such column"),
    ],
)
def test_senseless_settings_of_a_copula_are_refused(settings, match):
    with pytest.raises(ValueError, match=match):
        GaussianCopula(**settings).fit(GIFTS)


# --- the multivariate normal distribution


def test_a_multivariate_normal_has_the_means_and_covariances_of_pandas():
    table = known_copula(500, 1, missing=False)[["skewed", "d"]]
    model = MultivariateNormal().fit(table)
    pd.testing.assert_series_equal(model.mean_, table.mean())
    pd.testing.assert_frame_equal(model.covariance_, table.cov())
    drawn = model.sample(100_000, rng=1)
    assert np.allclose(drawn.cov(), table.cov(), rtol=0.05) and np.allclose(drawn.mean(), table.mean(), rtol=0.05)


def test_missing_values_of_a_multivariate_normal_are_learned_as_the_likelihood_says():
    """The observed-data likelihood, from scipy, has its maximum at the estimate of the EM algorithm."""
    rng = np.random.default_rng(5)
    z = rng.multivariate_normal([1, 2, 3], [[2, 1, 0.5], [1, 2, 0.3], [0.5, 0.3, 1]], 400)
    table = pd.DataFrame(z, columns=list("abc"))
    table["a"] = table["a"].mask(rng.random(400) < stats.norm.cdf(table["b"] - 2))
    table["c"] = table["c"].mask(rng.random(400) < 0.2)
    model = MultivariateNormal(rounds=2000).fit(table)

    def likelihood(mean, covariance):
        total = 0.0
        for gone, rows in table.groupby([table[name].isna() for name in table]):
            known = ~np.array(gone)
            if known.any():
                part = stats.multivariate_normal(mean[known], covariance[np.ix_(known, known)])
                total += part.logpdf(rows.to_numpy()[:, known]).sum()
        return total

    mean, covariance = model.mean_.to_numpy(), model.covariance_.to_numpy()
    best = likelihood(mean, covariance)
    for _ in range(60):
        nudge = rng.normal(0, 0.02, (3, 3))
        assert likelihood(mean + rng.normal(0, 0.02, 3), covariance + nudge + nudge.T) < best
    naive = table["a"].mean()
    assert abs(mean[0] - 1) < 0.2 < abs(naive - 1)


def test_a_multivariate_normal_refuses_labels_with_a_remedy():
    with pytest.raises(TableError, match="'region' is categorical.*use GaussianCopula"):
        MultivariateNormal().fit(GIFTS[["income", "region"]])
