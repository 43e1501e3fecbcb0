"""Differential privacy: the noise is that of the formulas, and no run on neighbouring tables shows more than was promised."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from workshop.data import load
from workshop.models.private import Accountant, PrivateHistogram, PrivateMetadata, exponential, laplace

RNG = np.random.default_rng(1)


def epsilon_shown(first, second, runs):
    """A lower bound of ε from runs on neighbouring tables: 99 % sure, over the events "at most t" and "at least t" (Jagielski and others, 2020)."""
    half = runs // 2
    cuts = np.quantile(np.concatenate([first[:half], second[:half]]), np.linspace(0.02, 0.98, 49))
    best, found = 0.0, None
    for one, other in ((first, second), (second, first)):
        for cut in cuts:
            for event in (np.less_equal, np.greater_equal):
                p, q = event(one[:half], cut).mean(), event(other[:half], cut).mean()
                if q > 0 and p > 0.01 and np.log(p / q) > best:
                    best, found = np.log(p / q), (one, other, cut, event)
    if found is None:
        return 0.0
    one, other, cut, event = found  # chosen on one half, measured on the other
    hits, others = event(one[half:], cut).sum(), event(other[half:], cut).sum()
    n = len(one) - half
    low = stats.beta.ppf(0.005, hits, n - hits + 1)
    high = stats.beta.ppf(0.995, others + 1, n - others)
    return float(np.log(low / high))


@pytest.mark.parametrize("epsilon", [0.3, 1.0, 3.0])
def test_runs_on_neighbours_show_nearly_epsilon_and_never_more(epsilon):
    runs = 400_000
    first, second = (laplace(np.full(runs, float(count)), 1.0, epsilon, RNG) for count in (100, 101))
    assert 0.75 * epsilon < epsilon_shown(first, second, runs) <= epsilon


def test_a_mechanism_with_too_little_noise_is_caught():
    runs = 400_000
    first, second = (laplace(np.full(runs, float(count)), 0.5, 1.0, RNG) for count in (100, 101))
    assert epsilon_shown(first, second, runs) > 1.0


def test_a_private_histogram_shows_no_more_than_it_promises():
    """The share of the bin in which one person more or less is, in 3,000 fits of either table."""
    table = pd.DataFrame({"x": np.repeat([1.0, 5.0], 15)})
    tables = table, pd.concat([table, pd.DataFrame({"x": [9.0]})], ignore_index=True)
    shown = []
    for one in tables:
        model = PrivateHistogram(epsilon=1.0, bounds={"x": (0, 10)}, bins=3)
        shown.append(np.array([model.fit(one).variables_["x"][1][2] for _ in range(3000)]))
    assert epsilon_shown(*shown, 3000) <= 1.0


def test_laplace_noise_has_its_scale():
    noise = laplace(np.zeros(100_000), 2.0, 0.5, RNG)
    assert stats.kstest(noise, stats.laplace(scale=4.0).cdf).pvalue > 0.001


def test_the_exponential_mechanism_chooses_by_its_formula():
    scores, epsilon = np.array([0.0, 1.0, 3.0]), 1.2
    chosen = np.bincount([exponential(scores, 1.0, epsilon, RNG) for _ in range(40_000)], minlength=3)
    expected = np.exp(epsilon * scores / 2)
    assert stats.chisquare(chosen, 40_000 * expected / expected.sum()).pvalue > 0.001


def test_the_accountant_adds_up_and_refuses_what_is_too_much():
    purse = Accountant(1.0)
    purse.spend(0.7, "mean")
    assert purse.left == pytest.approx(0.3) and purse.table()["epsilon"].sum() == purse.spent
    with pytest.raises(ValueError, match="'median' would cost ε = 0.5, but only 0.3 of 1 is left"):
        purse.spend(0.5, "median")
    assert purse.spent == 0.7


GIFTS = load("gifts")[["age", "income", "education", "region"]]
SETTINGS = {
    "bounds": {"age": (18, 100), "income": (0, 200_000)},
    "levels": {"region": ["north", "south", "east", "west", "islands"]},
}


def test_a_private_table_has_the_form_of_the_observed_one_and_more_epsilon_brings_it_nearer():
    gaps = {}
    for epsilon in (0.02, 20.0):
        model = PrivateHistogram(epsilon, random_state=1, **SETTINGS).fit(GIFTS)
        made = model.sample(5000, rng=1)
        assert made.dtypes.tolist() == GIFTS.dtypes.tolist() and made["income"].dropna().between(0, 200_000).all()
        assert model.accountant_.spent == pytest.approx(epsilon) and len(model.theta) == model.n_parameters
        gaps[epsilon] = abs(
            made["region"].value_counts(normalize=True) - GIFTS["region"].value_counts(normalize=True)
        ).sum()
    assert gaps[20.0] < 0.06 < gaps[0.02]
    assert not PrivateHistogram.keeps_records


def test_private_metadata_keep_means_and_shares_where_epsilon_is_large():
    model = PrivateMetadata(50.0, random_state=1, **SETTINGS).fit(GIFTS)
    made = model.sample(20_000, rng=1)
    assert made.dtypes.tolist() == GIFTS.dtypes.tolist() and made.columns.tolist() == GIFTS.columns.tolist()
    assert made["age"].mean() == pytest.approx(GIFTS["age"].mean(), abs=1.5) and made["age"].between(18, 100).all()
    assert made["income"].isna().mean() == pytest.approx(GIFTS["income"].isna().mean(), abs=0.02)
    assert len(model.theta) == model.n_parameters and model.accountant_.spent == pytest.approx(50)


def test_private_metadata_show_no_more_than_they_promise():
    """The mean of a variable at whose upper bound one person more or less is, in 4,000 fits of either table."""
    table = pd.DataFrame({"x": np.repeat([1.5, 3.5], 4)})
    tables = table, pd.concat([table, pd.DataFrame({"x": [9.99]})], ignore_index=True)
    model = PrivateMetadata(epsilon=1.0, bounds={"x": (0, 10)})
    shown = [np.array([model.fit(one).variables_["x"][1][0] for _ in range(4000)]) for one in tables]
    assert epsilon_shown(*shown, 4000) <= 1.0


@pytest.mark.parametrize("model", [PrivateHistogram, PrivateMetadata])
def test_one_person_changes_the_answers_by_no_more_than_the_sensitivity_and_by_as_much_at_worst(model, monkeypatch):
    asked = []

    def listen(value, sensitivity, epsilon, rng):
        asked.append((value, sensitivity, epsilon))
        return laplace(value, sensitivity, epsilon, rng)

    monkeypatch.setattr("workshop.models.private.laplace", listen)
    table, changes = pd.DataFrame({"x": [3.0, np.nan, 12.0, 5.0]}), []
    for value in (-50.0, 0.0, 2.5, 5.0, 10.0, 1e9, np.nan):
        asked.clear()
        for one in (table, pd.concat([table, pd.DataFrame({"x": [value]})])):
            model(epsilon=2.0, bounds={"x": (0, 10)}).fit(one)
        (without, sensitivity, epsilon), (with_them, _, _) = asked
        changes.append(np.abs(with_them - without).sum() / sensitivity)
        assert epsilon == 2.0
    assert max(changes) == pytest.approx(1.0)


def test_what_is_not_stated_is_not_read_off_the_data():
    """One person's extreme number or unheard-of label changes nothing about the bins and the levels."""
    odd = pd.concat([GIFTS, GIFTS.head(1).assign(income=9e9, region="moon")], ignore_index=True)
    models = [PrivateHistogram(1.0, random_state=1, **SETTINGS).fit(table) for table in (GIFTS, odd)]
    assert models[0].theta["parameter"].tolist() == models[1].theta["parameter"].tolist()
    assert "moon" not in set(models[1].sample(3000, rng=1)["region"])


BAD = {
    "no bounds": ({}, "bounds must say between which values 'age' can lie"),
    "bounds that fall": ({"bounds": {"age": (100, 18)}}, "The bounds of 'age' must rise"),
    "no levels": ({"bounds": SETTINGS["bounds"]}, "levels must say which values 'region' can have"),
    "no epsilon": ({**SETTINGS, "epsilon": 0}, "epsilon must be a number above 0"),
    "no bins": ({**SETTINGS, "bins": 0}, "bins must be a whole number, 1 or more"),
    "bounds as a list": ({"bounds": [1, 2]}, "bounds must be a dict"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_promised_gets_one_sentence(name):
    settings, words = BAD[name]
    with pytest.raises(ValueError, match=words) as refusal:
        PrivateHistogram(**settings).fit(GIFTS)
    assert "\n" not in str(refusal.value)
