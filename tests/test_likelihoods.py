"""Families against scipy: likelihoods, shares, maxima, draws; and how often the right family is chosen."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from workshop.models import counts, families, mixtures
from workshop.models.families import Values
from workshop.models.selection import fit_family, rank

N = 1000


def rng(seed=1):
    return np.random.default_rng(seed)


# family, how to draw data, scipy's distribution with the same parameters
CONTINUOUS = {
    "uniform": (lambda r, n: r.uniform(-3, 7, n), lambda f: stats.uniform(f.lower, f.upper - f.lower)),
    "normal": (lambda r, n: r.normal(50, 10, n), lambda f: stats.norm(f.mean, f.sd)),
    "truncated_normal": (
        lambda r, n: stats.truncnorm(-0.5, 2, 5, 4).rvs(n, random_state=r),
        lambda f: stats.truncnorm((f.lower - f.mean) / f.sd, (f.upper - f.mean) / f.sd, f.mean, f.sd),
    ),
    "lognormal": (lambda r, n: r.lognormal(1, 0.8, n), lambda f: stats.lognorm(f.sd, scale=np.exp(f.mean))),
    "exponential": (lambda r, n: r.exponential(2, n), lambda f: stats.expon(scale=1 / f.rate)),
    "gamma": (lambda r, n: r.gamma(2, 3, n), lambda f: stats.gamma(f.shape, scale=1 / f.rate)),
    "beta": (lambda r, n: 100 * r.beta(2, 5, n), lambda f: stats.beta(f.a, f.b, scale=f.scale)),
}
WHOLE = {
    "uniform": (lambda r, n: r.integers(0, 100, n), lambda f: stats.randint(f.lower, f.upper + 1)),
    "poisson": (lambda r, n: r.poisson(3, n), lambda f: stats.poisson(f.rate)),
    "negative_binomial": (
        lambda r, n: r.negative_binomial(2, 0.25, n),
        lambda f: stats.nbinom(f.size, f.size / (f.size + f.mean)),
    ),
}
FIELDS = {"normal": ("mean", "sd"), "lognormal": ("mean", "sd"), "gamma": ("shape", "rate"), "beta": ("a", "b")}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_likelihood_shares_and_tails_are_scipys(name):
    draw, peer = CONTINUOUS[name]
    values = Values(draw(rng(), N))
    family = fit_family(name, values, "continuous").family
    reference = peer(family)
    assert family.log_likelihood(values) == pytest.approx(reference.logpdf(values.numbers).sum(), rel=1e-9)
    x = np.linspace(values.low - 1, values.high + 1, 200)
    assert family.cdf(x) == pytest.approx(reference.cdf(x), abs=1e-9)
    assert family.sf(x) == pytest.approx(reference.sf(x), abs=1e-9)
    assert family.distance(values) == pytest.approx(stats.kstest(values.numbers, reference.cdf).statistic, abs=2e-3)


@pytest.mark.parametrize("name", WHOLE)
def test_counts_have_scipys_probabilities(name):
    draw, peer = WHOLE[name]
    values = Values(draw(rng(), N), whole=True)
    family = fit_family(name, values, "discrete").family
    reference = peer(family)
    assert family.log_likelihood(values) == pytest.approx(reference.logpmf(values.numbers).sum(), rel=1e-9)
    k = np.arange(0, values.high + 5)
    assert family.up_to(k, True) == pytest.approx(reference.cdf(k), abs=1e-9)
    assert family.below(k, True) == pytest.approx(reference.cdf(k - 1), abs=1e-9)


@pytest.mark.parametrize(("mean", "sd"), [(100, 15), (0, 4), (3000, 700)])
def test_a_rounded_bell_has_shares_not_densities(mean, sd):
    values = Values(np.rint(rng().normal(mean, sd, N)), whole=True)
    family = families.Normal.fit(values)
    reference = stats.norm(family.mean, family.sd)
    shares = reference.cdf(values.numbers + 0.5) - reference.cdf(values.numbers - 0.5)
    assert family.log_likelihood(values) == pytest.approx(np.log(shares).sum(), rel=1e-9)


def test_zero_inflated_counts_and_spikes_are_what_they_are_made_of():
    values = Values(rng().poisson(4, N) * (rng(2).random(N) < 0.6), whole=True)
    family = counts.ZeroInflatedPoisson.fit(values)
    shares = (1 - family.share) * stats.poisson(family.rate).pmf(values.numbers) + family.share * (values.numbers == 0)
    assert family.log_likelihood(values) == pytest.approx(np.log(shares).sum(), rel=1e-9)
    assert family.share == pytest.approx(0.4, abs=0.05) and family.rate == pytest.approx(4, abs=0.3)
    spend = Values(np.where(rng().random(N) < 0.3, 0, rng(2).lognormal(4, 1, N)).round(2))
    spike = mixtures.Spike.fit(spend)
    assert spike.value == 0 and spike.share == pytest.approx((spend.numbers == 0).mean())
    assert spike.rest == families.Lognormal.fit(spend.without(0))


def test_two_humps_have_the_likelihood_of_their_mixture_and_scikit_learns_parameters():
    from sklearn.mixture import GaussianMixture

    x = np.where(rng().random(5000) < 0.4, rng(2).normal(0, 1, 5000), rng(3).normal(5, 1.5, 5000))
    values = Values(x)
    family = mixtures.TwoNormals.fit(values)
    density = family.share * stats.norm(family.mean, family.sd).pdf(x)
    density += (1 - family.share) * stats.norm(family.mean_2, family.sd_2).pdf(x)
    assert family.log_likelihood(values) == pytest.approx(np.log(density).sum(), rel=1e-9)
    peer = GaussianMixture(2, tol=1e-8, max_iter=1000, random_state=0).fit(x[:, None])
    first = int(np.argmin(peer.means_))
    assert family.mean == pytest.approx(peer.means_[first, 0], abs=0.03)
    assert family.share == pytest.approx(peer.weights_[first], abs=0.01)
    assert family.log_likelihood(values) == pytest.approx(peer.score(x[:, None]) * len(x), abs=0.5)


@pytest.mark.parametrize("name", ["normal", "lognormal", "exponential", "gamma", "beta"])
def test_parameters_are_those_of_scipys_fit(name):
    draw, peer = CONTINUOUS[name]
    x = draw(rng(), N)
    family = fit_family(name, Values(x), "continuous").family
    fixed = {"normal": {}, "beta": {"floc": 0, "fscale": 100}}.get(name, {"floc": 0})
    theirs = {"normal": stats.norm, "lognormal": stats.lognorm, "exponential": stats.expon, "gamma": stats.gamma, "beta": stats.beta}[name]  # fmt: skip
    best = theirs(*theirs.fit(x, **fixed)).logpdf(x).sum()
    assert family.log_likelihood(Values(x)) >= best - 1e-3


@pytest.mark.parametrize(("name", "kind"), [*((n, "continuous") for n in CONTINUOUS if n != "uniform"), ("negative_binomial", "discrete"), ("poisson", "discrete")])  # fmt: skip
def test_no_neighbouring_parameters_are_likelier(name, kind):
    draw, _ = (CONTINUOUS if kind == "continuous" else WHOLE)[name]
    values = Values(draw(rng(), N), kind == "discrete")
    family = fit_family(name, values, kind).family
    best = family.log_likelihood(values)
    for parameter in set(family.parameters) - {"lower", "upper", "scale"}:
        for factor in (0.99, 1.01):
            other = replace(family, **{parameter: getattr(family, parameter) * factor})
            assert other.log_likelihood(values) <= best + 1e-4, (parameter, factor)


@pytest.mark.parametrize(
    ("name", "truth", "information"),
    [
        ("normal", (50, 10), lambda n: (10 / np.sqrt(n), 10 / np.sqrt(2 * n))),
        ("lognormal", (1, 0.8), lambda n: (0.8 / np.sqrt(n), 0.8 / np.sqrt(2 * n))),
        ("exponential", (0.5,), lambda n: (0.5 / np.sqrt(n),)),
    ],
)
def test_parameters_lie_within_three_standard_errors_in_99_of_100_draws(name, truth, information):
    draw, _ = CONTINUOUS[name]
    near = [
        [
            abs(value - true) < 3 * error
            for value, true, error in zip(
                fit_family(name, Values(draw(rng(seed), N)), "continuous").family.parameters.values(),
                truth,
                information(N),
                strict=True,
            )
        ]
        for seed in range(300)
    ]
    assert np.mean(near) >= 0.99


@pytest.mark.parametrize("name", CONTINUOUS)
def test_draws_from_the_fit_are_near_the_truth(name):
    draw, peer = CONTINUOUS[name]
    family = fit_family(name, Values(draw(rng(), 10_000)), "continuous").family
    assert stats.ks_2samp(family.sample(20_000, rng(2)), draw(rng(3), 200_000)).statistic < 0.02
    assert stats.kstest(family.sample(20_000, rng(2)), peer(family).cdf).pvalue > 1e-3


TRUTHS = {
    ("continuous", "uniform"): CONTINUOUS["uniform"][0],
    ("continuous", "normal"): CONTINUOUS["normal"][0],
    ("continuous", "truncated_normal"): CONTINUOUS["truncated_normal"][0],
    ("continuous", "lognormal"): CONTINUOUS["lognormal"][0],
    ("continuous", "exponential"): CONTINUOUS["exponential"][0],
    ("continuous", "gamma"): CONTINUOUS["gamma"][0],
    ("continuous", "beta"): CONTINUOUS["beta"][0],
    ("continuous", "constant"): lambda r, n: np.full(n, 3.2),
    ("continuous", "spike"): lambda r, n: np.where(r.random(n) < 0.4, 0, r.lognormal(3, 0.9, n)),
    ("continuous", "two_normals"): lambda r, n: np.where(r.random(n) < 0.4, r.normal(0, 1, n), r.normal(5, 1.5, n)),
    ("discrete", "uniform", "a die"): lambda r, n: r.integers(1, 7, n),
    ("discrete", "uniform"): WHOLE["uniform"][0],
    ("discrete", "poisson"): WHOLE["poisson"][0],
    ("discrete", "poisson", "many"): lambda r, n: r.poisson(40, n),
    ("discrete", "normal"): lambda r, n: np.rint(r.normal(100, 15, n)),
    ("discrete", "truncated_normal"): lambda r, n: np.rint(stats.truncnorm(-1.1, 2.5, 40, 20).rvs(n, random_state=r)),
    ("discrete", "multinoulli", "0 and 1"): lambda r, n: (r.random(n) < 0.2) * 1,
    ("discrete", "multinoulli", "five points"): lambda r, n: r.choice([1, 2, 3, 4, 5], n, p=[0.1, 0.2, 0.4, 0.2, 0.1]),
    ("discrete", "negative_binomial"): WHOLE["negative_binomial"][0],
    ("discrete", "zero_inflated_poisson"): lambda r, n: r.poisson(4, n) * (r.random(n) < 0.6),
    ("discrete", "lognormal", "incomes"): lambda r, n: np.rint(r.lognormal(10.3, 0.5, n)),
}


@pytest.mark.parametrize("truth", TRUTHS, ids=" ".join)
def test_the_right_family_is_chosen_of_a_thousand_values(truth):
    kind, name, *_ = truth
    chosen = [rank(Values(TRUTHS[truth](rng(seed), N), kind == "discrete"), kind)[0].family.name for seed in range(40)]
    assert chosen.count(name) >= 38, chosen


def test_a_family_of_another_kind_is_refused_with_the_choices():
    with pytest.raises(ValueError, match="no family 'poisson'; choose one of constant, uniform"):
        fit_family("poisson", Values([1.5, 2.5]), "continuous")
