"""The GAN: every gradient against finite differences, a toy whose truth is known, and training that can be stopped."""

import numpy as np
import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel
from scipy import optimize, stats
from threadpoolctl import threadpool_info, threadpool_limits

from workshop.data import load
from workshop.measures.propensity import propensity
from workshop.models.gan import GAN, TableCoder
from workshop.models.networks import Adam, Network

GIFTS = load("gifts")[["region", "income", "gift_spending", "household_size", "moved_in", "gives_to_charity"]]


def network(sizes, seed=1):
    return Network(sizes, np.random.default_rng(seed), np.float64)


def by_differences(function, parameters, step=1e-6):
    """The gradient of a function of arrays, one number at a time."""
    found = []
    for parameter in parameters:
        gradient = np.zeros_like(parameter)
        for place in np.ndindex(parameter.shape):
            kept = parameter[place]
            parameter[place] = kept + step
            above = function()
            parameter[place] = kept - step
            gradient[place] = (above - function()) / (2 * step)
            parameter[place] = kept
        found.append(gradient)
    return found


def agree(gradients, others):
    return all(np.allclose(one, other, rtol=1e-5, atol=1e-8) for one, other in zip(gradients, others, strict=True))


@pytest.mark.parametrize("sizes", [[3, 1], [3, 5, 1], [4, 6, 5, 2]], ids=str)
def test_gradients_of_a_network_agree_with_finite_differences(sizes):
    net, rng = network(sizes), np.random.default_rng(2)
    x, weights = rng.normal(size=(7, sizes[0])), rng.normal(size=(7, sizes[-1]))

    def loss():
        return float((np.tanh(net.forward(x)) * weights).sum())

    of_outputs = (1 - np.tanh(net.forward(x)) ** 2) * weights
    gradients, of_inputs = net.backward(of_outputs)
    assert agree(gradients, by_differences(loss, net.parameters))
    assert agree([of_inputs], by_differences(loss, [x]))


@pytest.mark.parametrize("sizes", [[3, 1], [3, 5, 1], [4, 6, 5, 1]], ids=str)
def test_the_gradient_of_the_penalty_agrees_with_finite_differences(sizes):
    net, x = network(sizes), np.random.default_rng(2).normal(size=(6, sizes[0]))
    net.forward(x)
    penalty, gradients = net.steepness()
    of_inputs = net.backward(np.ones((6, 1)))[1]
    assert penalty == pytest.approx((of_inputs**2).sum() / 6)

    def again():
        net.forward(x)
        return net.steepness()[0]

    assert agree(gradients, by_differences(again, net.parameters))


def test_the_gradient_through_soft_labels_agrees_with_finite_differences():
    rng = np.random.default_rng(3)
    coder = TableCoder(GIFTS, rng)
    outputs, weights = rng.normal(size=(5, coder.width)), rng.normal(size=(5, coder.width))

    def loss():
        return float((coder.harden(outputs, 0.7, np.random.default_rng(9))[0] * weights).sum())

    back = coder.harden(outputs, 0.7, np.random.default_rng(9))[1]
    assert agree([back(weights)], by_differences(loss, [outputs]))


def test_adam_finds_the_minimum_of_rosenbrocks_valley():
    x = np.array([-1.2, 1.0])
    adam = Adam([x], 0.02, memory=0.9, memory_of_squares=0.999)
    for _ in range(6000):
        adam.step([optimize.rosen_der(x)])
    assert np.allclose(x, 1, atol=0.01)


def test_a_table_survives_the_way_to_numbers_and_back():
    rng = np.random.default_rng(1)
    coder = TableCoder(GIFTS, rng)
    back = coder.decode(coder.encode(GIFTS, rng), rng)
    assert (back.dtypes == GIFTS.dtypes).all()
    for name in ("region", "gives_to_charity"):
        assert (back[name] == GIFTS[name]).all()
    assert (back["income"].isna() == GIFTS["income"].isna()).all()
    assert ((back["gift_spending"] == 0) == (GIFTS["gift_spending"] == 0)).all()
    assert (back["household_size"] - GIFTS["household_size"]).abs().mean() < 0.15
    assert stats.spearmanr(back["income"], GIFTS["income"], nan_policy="omit").statistic > 0.999


@pytest.mark.once
def test_trained_on_a_known_truth_it_has_its_mean_and_covariance_and_the_discriminator_is_near_chance():
    mean, covariance = np.array([3.0, -1.0]), np.array([[1.0, 0.7], [0.7, 2.0]])
    table, fresh = (
        pd.DataFrame(np.random.default_rng(seed).multivariate_normal(mean, covariance, n), columns=["x", "y"])
        for seed, n in ((1, 4000), (2, 2000))
    )
    model = GAN(hidden=64, steps=6000, rate=5e-4, progress=False).fit(table)
    drawn = model.sample(20_000, rng=1)
    spread = np.sqrt(np.diag(covariance))
    assert (np.abs(drawn.mean() - mean) / spread).max() < 0.1
    assert (np.abs(drawn.cov().to_numpy() - covariance) / np.outer(spread, spread)).max() < 0.1
    assert np.array(model.losses_)[-300:, 0].mean() == pytest.approx(2 * np.log(2), abs=0.03)
    scores = [
        model.discriminator_.forward(model.coder_.encode(data, np.random.default_rng(4)).astype(np.float32)).ravel()
        for data in (fresh, drawn)
    ]
    assert abs(stats.mannwhitneyu(*scores).statistic / (len(fresh) * len(drawn)) - 0.5) < 0.06
    assert propensity(fresh, drawn.head(2000), "boosting").auc < 0.56


@pytest.mark.once
def test_shares_and_missing_values_of_a_mixed_table_are_nearly_kept():
    model = GAN(steps=1200, progress=False).fit(GIFTS)
    synthetic = model.sample(4000, rng=1)
    for name in ("region", "gives_to_charity"):
        gap = synthetic[name].value_counts(normalize=True) - GIFTS[name].value_counts(normalize=True)
        assert gap.abs().max() < 0.08, name
    assert synthetic["income"].isna().mean() == pytest.approx(GIFTS["income"].isna().mean(), abs=0.06)
    assert (synthetic["gift_spending"] == 0).mean() == pytest.approx((GIFTS["gift_spending"] == 0).mean(), abs=0.06)
    assert set(synthetic["region"]) <= set(GIFTS["region"])


def test_training_can_be_stopped_and_goes_on():
    def stop_at_7(model):
        if len(model.losses_) == 7:
            raise KeyboardInterrupt

    model = GAN(hidden=8, steps=0).fit(GIFTS)
    model.train(20, watch=stop_at_7)
    assert len(model.losses_) == 7 and "stopped after 7 of 20 steps" in model.remarks_[-1]
    before = model.sample(50, rng=1)
    model.train(5)
    assert len(model.losses_) == 12 and not model.sample(50, rng=1).equals(before)


def test_going_on_is_the_same_as_never_having_stopped():
    whole = GAN(hidden=8, steps=30).fit(GIFTS)
    halves = GAN(hidden=8, steps=10).fit(GIFTS).train(20)
    assert whole.losses_ == halves.losses_
    pd.testing.assert_frame_equal(whole.sample(20, rng=1), halves.sample(20, rng=1))


def test_a_small_network_learns_on_one_core_and_leaves_the_others_as_they_were():
    def cores():
        return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}

    seen = []
    with threadpool_limits(2, "blas"):
        before = cores()
        GAN(hidden=8, steps=0).fit(GIFTS).train(1, watch=lambda model: seen.append(cores()))
        assert seen == [{1}] and cores() == before
        GAN(hidden=400, batch=8, steps=0).fit(GIFTS).train(1, watch=lambda model: seen.append(cores()))
    assert seen[1] == before


def test_a_million_parameters_are_counted():
    assert GAN(hidden=700, steps=1).fit(GIFTS).n_parameters > 1_000_000
    small = GAN(hidden=4, noise=2, steps=1).fit(GIFTS)
    assert small.n_parameters == len(small.theta) and small.keeps_records


def test_more_records_than_are_made_at_once_are_made_in_parts(monkeypatch):
    model = GAN(hidden=8, steps=5).fit(GIFTS)
    monkeypatch.setattr("workshop.models.gan._AT_ONCE", 30)
    drawn = model.sample(100, rng=1)
    assert len(drawn) == 100 and not drawn.head(30).equals(drawn.iloc[30:60].reset_index(drop=True))


def test_no_number_of_a_person_is_kept_as_it_is():
    planted = pd.concat([GIFTS, GIFTS.iloc[[0]].assign(income=98_765_432.0)])
    model = GAN(hidden=8, steps=50).fit(planted)
    knots = model.coder_.blocks["income"].values
    assert not np.isin(knots, planted["income"]).any() and knots.max() < 98_765_432 / 2


@pytest.mark.parametrize(
    ("setting", "value", "match"),
    [
        ("hidden", 0, "hidden must be a whole number, 1 or more"),
        ("steps", -1, "steps must be a whole number, 0 or more"),
        ("batch", 2.5, "batch must be a whole number"),
        ("temperature", "warm", "temperature must be a number"),
        ("penalty", -1, "penalty must be a number, 0 or more"),
    ],
)
def test_senseless_settings_of_a_gan_are_refused(setting, value, match):
    with pytest.raises(ValueError, match=match):
        GAN(**{setting: value}).fit(GIFTS)


def test_interrupting_the_kernel_stops_the_training_and_keeps_what_was_learned():
    """As ■ in the notebook's toolbar does."""
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        prepare = (
            "from workshop import GAN, load, watch_training; gifts = load('gifts'); "
            "gan = GAN(hidden=16, steps=0).fit(gifts)"
        )
        assert client.execute_interactive(prepare, timeout=60, output_hook=lambda _: None)["content"]["status"] == "ok"
        pictures = []

        def interrupt_at_the_third(message):
            if "display_data" in message["msg_type"]:
                pictures.append(message["content"]["data"]["text/plain"])
                if len(pictures) == 3:
                    manager.interrupt_kernel()

        forever = "watch_training(gan, gifts, ['age', 'greenness'], steps=10**7, every=0.2)"
        reply = client.execute_interactive(forever, timeout=60, output_hook=interrupt_at_the_third)
        assert reply["content"]["status"] == "ok", reply["content"]
        go_on = "n = len(gan.losses_); gan.train(5); assert len(gan.losses_) == n + 5 > 5; assert 'stopped' in gan.remarks_[-1]"
        reply = client.execute_interactive(go_on, timeout=60, output_hook=lambda _: None)
        assert reply["content"]["status"] == "ok", reply["content"]
        assert len(pictures) >= 3 and "step" in pictures[-1]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
