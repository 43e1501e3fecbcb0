"""The toy models against figures that are not theirs: pandas, NumPy and scipy."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from workshop.models import MODELS, make_model
from workshop.models.copula import GaussianCopula
from workshop.models.gan import GAN
from workshop.models.metadata import Metadata
from workshop.models.sequential import Sequential
from workshop.models.toy import LEFT_OUT, Average, Bootstrap, Histogram, Normal, bin_edges

MODELS_TO_TRY = [
    Normal(),
    Histogram(),
    Histogram(bins=7),
    Bootstrap(),
    Metadata(),
    Metadata(privacy=11),
    Sequential(),
    Sequential("parametric"),
    Average(),
    GaussianCopula(),
    GaussianCopula("empirical"),
    GAN(hidden=16, steps=200),
]
EVERY_MODEL = pytest.mark.parametrize("model", MODELS_TO_TRY, ids=str)
#: The average person has no shares, and a network learns them only nearly: see test_gan.py.
WITH_SHARES = pytest.mark.parametrize(
    "model", [model for model in MODELS_TO_TRY if not isinstance(model, Average | GAN)], ids=str
)


def table(n=2000, seed=5):
    rng = np.random.default_rng(seed)
    income = pd.Series(rng.lognormal(10, 0.5, n))
    return pd.DataFrame(
        {
            "income": income.mask(rng.random(n) < 0.2),
            "children": rng.poisson(1.5, n),
            "region": pd.Categorical(rng.choice(["north", "south", "east"], n, p=[0.6, 0.3, 0.1])),
            "school": pd.Categorical(
                rng.choice(["low", "high"], n), categories=["low", "middle", "high"], ordered=True
            ),
            "moved": pd.Timestamp("2001-01-01") + pd.to_timedelta(rng.integers(0, 9000, n), unit="D"),
            "seen": pd.Timestamp("2025-06-01") + pd.to_timedelta(rng.integers(0, 2_000_000, n), unit="s"),
            "member": rng.random(n) < 0.25,
            "id": [f"P-{i:05d}" for i in rng.permutation(n)],
            "note": [f"word {i % 700} and {i % 11}" for i in range(n)],
            "gone": np.nan,
        }
    )


@EVERY_MODEL
def test_the_sample_has_the_columns_order_and_types_of_the_table(model):
    observed = table()
    synthetic = model.fit(observed).sample(rng=1)
    pd.testing.assert_series_equal(synthetic.dtypes, observed.dtypes)
    assert len(synthetic) == len(observed) and list(synthetic.index[:2]) == [0, 1]


@EVERY_MODEL
def test_the_same_seed_gives_the_same_table_and_another_seed_another(model):
    model.fit(table())
    pd.testing.assert_frame_equal(model.sample(rng=4), model.sample(rng=np.random.default_rng(4)))
    assert isinstance(model, Average) or not model.sample(rng=4).equals(model.sample(rng=5))


@EVERY_MODEL
def test_the_global_random_state_is_left_alone(model):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    model.fit(table(50)).sample(rng=1)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


@EVERY_MODEL
def test_the_table_is_not_changed(model):
    observed = table()
    before = observed.copy(deep=True)
    model.fit(observed).sample(rng=1)
    pd.testing.assert_frame_equal(observed, before)


@WITH_SHARES
def test_missing_values_keep_their_share(model):
    observed = table(20_000)
    synthetic = model.fit(observed).sample(rng=2)
    assert synthetic["income"].isna().mean() == pytest.approx(observed["income"].isna().mean(), abs=0.015)
    assert synthetic["gone"].isna().all()


@WITH_SHARES
def test_category_shares_are_those_observed(model):
    observed = table(20_000)
    synthetic = model.fit(observed).sample(rng=3)
    expected = observed["region"].value_counts(normalize=True)
    assert (synthetic["region"].value_counts(normalize=True) - expected).abs().max() < 0.015
    assert list(synthetic["school"].cat.categories) == ["low", "middle", "high"] and synthetic["school"].cat.ordered


@EVERY_MODEL
def test_a_series_gives_a_series_with_its_name_and_any_length(model):
    for name in ("income", None, 7):
        synthetic = model.fit(pd.Series([1.5, 2.0, 4.0], name=name)).sample(10, rng=1)
        assert isinstance(synthetic, pd.Series) and synthetic.name == name and len(synthetic) == 10
    assert len(model.sample(0)) == 0


def test_normal_agrees_with_scipy():
    numbers = table()["income"].dropna()
    theta = Normal().fit(numbers).theta.set_index("parameter")["value"]
    mean, sd = stats.norm.fit(numbers)
    assert theta["mean"] == pytest.approx(mean)
    assert theta["standard deviation"] == pytest.approx(sd * np.sqrt(len(numbers) / (len(numbers) - 1)))
    drawn = Normal().fit(numbers).sample(20_000, rng=1)
    assert stats.kstest(drawn, stats.norm(theta["mean"], theta["standard deviation"]).cdf).pvalue > 0.001


def test_histogram_agrees_with_scipys_histogram_distribution():
    numbers = table()["income"].dropna()
    model = Histogram(bins=20).fit(numbers)
    edges = bin_edges(numbers.min(), numbers.max(), 20)
    reference = stats.rv_histogram(np.histogram(numbers, edges), density=False)
    assert stats.kstest(model.sample(20_000, rng=1), reference.cdf).pvalue > 0.001
    assert model.theta["value"].to_numpy() == pytest.approx(np.diff(reference.cdf(edges)))


def test_histogram_edges_are_nobodys_value_and_hold_everybody():
    numbers = table()["income"].dropna()
    edges = bin_edges(numbers.min(), numbers.max(), 30)
    assert edges[0] < numbers.min() and edges[-1] > numbers.max() and len(edges) == 31
    assert not np.isin(edges, numbers).any()


def test_no_value_of_a_record_stands_in_the_parameters_of_normal_and_histogram():
    observed = pd.DataFrame(
        {"x": np.random.default_rng(1).lognormal(3, 1, 500), "id": [f"canary-{i}" for i in range(500)]}
    )
    observed["note"] = [f"canary note {i // 2}" for i in range(500)]
    for model in (Normal(), Histogram()):
        theta = model.fit(observed).theta
        synthetic = model.sample(rng=1)
        assert not theta.astype(str).apply(lambda column: column.str.contains("canary")).any(axis=None)
        assert not synthetic.astype(str).apply(lambda column: column.str.contains("canary")).any(axis=None)
        assert not theta["value"].isin(observed["x"]).any()
        assert (synthetic["note"] == LEFT_OUT).all() and synthetic["id"].is_unique


def test_whole_numbers_keep_their_shares_in_a_histogram():
    dice = pd.Series(np.random.default_rng(1).integers(1, 7, 60_000))
    synthetic = Histogram().fit(dice).sample(rng=2)
    assert set(synthetic) == set(range(1, 7))
    assert (synthetic.value_counts(normalize=True) - dice.value_counts(normalize=True)).abs().max() < 0.01


def test_dates_stay_whole_days_and_times_whole_seconds():
    for model in (Normal(), Histogram()):
        synthetic = model.fit(table()).sample(rng=1)
        assert (synthetic["moved"] == synthetic["moved"].dt.normalize()).all()
        assert (synthetic["seen"].dt.microsecond == 0).all() and synthetic["seen"].dt.second.nunique() > 50


def test_bootstrap_copies_whole_records_and_says_so():
    observed = table().drop(columns=["gone", "income"])
    model = Bootstrap().fit(observed)
    copied = model.sample(500, rng=1).merge(observed.drop_duplicates(), how="inner")
    assert len(copied) == 500
    assert Bootstrap.keeps_records and not Normal.keeps_records


def test_a_histogram_of_so_many_bins_that_it_copies_says_so():
    numbers = table()["income"]
    assert not Histogram(bins=30).fit(numbers).keeps_records
    assert Histogram(bins=2**16).fit(numbers).keeps_records
    assert Histogram(bins=30).fit(numbers.head(12)).keeps_records
    assert not Histogram(bins=2**16).fit(table()["children"]).keeps_records


def test_more_bins_are_more_parameters_and_the_bootstrap_has_most():
    numbers = table()["income"]
    sizes = [model.fit(numbers).n_parameters for model in (Normal(), Histogram(10), Histogram(100), Bootstrap())]
    assert sizes == [3, 11, 101, 2000]


def test_text_and_keys_are_named_in_the_remarks():
    remarks = " ".join(Normal().fit(table()).remarks_)
    assert "'id' is a key" in remarks and "'note' is text" in remarks


@EVERY_MODEL
def test_models_compose_with_scikit_learn(model):
    copy = clone(model)
    assert copy.get_params() == model.get_params() and not hasattr(copy, "n_records_")
    with pytest.raises(NotFittedError, match="call .fit"):
        copy.sample()


def test_the_average_person_is_everybody():
    observed = table()
    synthetic = Average().fit(observed).sample(rng=1)
    assert synthetic["income"].nunique() == 1
    assert synthetic["income"].iloc[0] == pytest.approx(observed["income"].mean())
    assert set(synthetic["region"]) == {"north"} and not synthetic["member"].any()
    mostly_gone = pd.Series([1.0, None, None, None], name="x")
    assert Average().fit(mostly_gone).sample(rng=1).isna().all()
    assert Average().fit(observed).n_parameters < Normal().fit(observed).n_parameters


@pytest.mark.parametrize("bins", [0, -1, 2.5, "many", None, True])
def test_a_senseless_number_of_bins_is_refused(bins):
    with pytest.raises(ValueError, match="bins must be a whole number"):
        Histogram(bins=bins).fit(pd.Series([1.0, 2.0]))


@pytest.mark.parametrize("n", [-1, 2.5, "10", True])
def test_a_senseless_number_of_records_is_refused(n):
    with pytest.raises(ValueError, match="n must be a whole number"):
        Normal().fit(pd.Series([1.0, 2.0])).sample(n)


@pytest.mark.parametrize("rng", ["seed", -1, 1.5])
def test_a_senseless_source_of_randomness_is_refused(rng):
    with pytest.raises(ValueError, match="rng must be"):
        Normal().fit(pd.Series([1.0, 2.0])).sample(rng=rng)


def test_models_are_made_by_name_with_settings_checked():
    assert make_model("histogram", bins=3).bins == 3
    assert {type(make_model(name)).__name__ for name in MODELS} >= {"Normal", "Histogram", "Bootstrap"}
    with pytest.raises(ValueError, match="no model 'rnorm'; choose one of average"):
        make_model("rnorm")
    with pytest.raises(ValueError, match="no setting 'bin'; its settings are: bins"):
        make_model("histogram", bin=3)


def test_a_key_of_a_small_type_never_repeats():
    model = Normal().fit(pd.Series(np.arange(100), dtype="int8", name="id"))
    assert model.sample(127).tolist() == list(range(1, 128))
    assert model.sample(256).is_unique
    with pytest.raises(ValueError, match="'id' is a key of type int8, too small for 257 keys"):
        model.sample(257)
