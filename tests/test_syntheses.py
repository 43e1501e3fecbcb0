"""Several syntheses: the combining rules against those of synthpop, and against simulated truth."""

import numpy as np
import pandas as pd
import pytest

from workshop.measures.fits import combine
from workshop.models.multivariate import MultivariateNormal

TRUTH, N = 50.0, 100


@pytest.mark.parametrize("proper", [False, True])
@pytest.mark.parametrize(("n", "k", "m"), [(100, 100, 1), (100, 100, 5), (200, 50, 3), (50, 400, 2)])
def test_the_variance_about_the_population_is_that_of_synthpop(n, k, m, proper):
    """As summary.fit.synds in R computes it, with n observed and k synthetic records (synthpop 1.9)."""
    variances = np.random.default_rng(1).uniform(1, 2, (m, 3))
    adjusted = variances.mean(axis=0) * k / n
    theirs = adjusted * (1 + (n / k + 1) / m) if proper else adjusted * (1 + n / k / m)
    found = combine(np.zeros((m, 3)), variances, proper=proper, ratio=k / n)
    np.testing.assert_allclose(found["se"] ** 2, theirs)
    np.testing.assert_allclose(found["high"], 1.959964 * np.sqrt(theirs), rtol=1e-6)


def studies(m, readers=20_000):
    """Means and their variances from m synthetic tables of each of many studies of 100 people: shape (readers, m)."""
    rng = np.random.default_rng(m)
    observed = rng.normal(TRUTH, 10, (readers, N))
    middle, sd = observed.mean(axis=1)[:, None], observed.std(axis=1, ddof=1)[:, None]
    # The mean and the variance of N draws from a normal distribution, without drawing them one by one.
    return middle + sd * rng.normal(0, N**-0.5, (readers, m)), sd**2 * rng.chisquare(N - 1, (readers, m)) / (N - 1) / N


@pytest.mark.parametrize(("m", "too_sure"), [(1, 0.834), (2, 0.890), (5, 0.926), (20, 0.944)])
def test_ninety_five_percent_is_what_the_rule_gives_and_less_is_what_one_gets_without(m, too_sure):
    """Without the rule the reach is too short by the root of 1 + 1/m, which the normal distribution turns into a coverage."""
    means, variances = studies(m)
    found = combine(means.T, variances.T)  # each reader is a coefficient
    assert 0.94 < found["low"].lt(TRUTH).mul(found["high"].gt(TRUTH)).mean() < 0.96
    reach = 1.959964 * np.sqrt(variances.mean(axis=1))
    assert (np.abs(means.mean(axis=1) - TRUTH) < reach).mean() == pytest.approx(too_sure, abs=0.01)


def test_tables_from_a_fitted_model_give_intervals_that_hold_the_truth():
    """From the data to the interval, by the package alone: fit, several samples, combine."""
    hits, alone, rng = 0, 0, np.random.default_rng(3)
    for seed in range(600):
        observed = pd.DataFrame({"x": rng.normal(TRUTH, 10, N)})
        model = MultivariateNormal().fit(observed)
        tables = [model.sample(rng=[seed, table]) for table in range(3)]
        means, variances = ([[one["x"].agg(how)] for one in tables] for how in ("mean", "var"))
        interval = combine(means, np.array(variances) / N).iloc[0]
        hits += interval["low"] < TRUTH < interval["high"]
        alone += abs(means[0][0] - TRUTH) < 1.96 * np.sqrt(variances[0][0] / N)
    assert 0.93 <= hits / 600 <= 0.97 and alone / 600 < 0.88, (hits, alone)
