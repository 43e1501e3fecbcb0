"""Odd tables that nobody plans for. Each either works with every model, or is refused in one sentence that helps.

What happens is stated for each case in odd_tables.py, so a change of mind has to be made there too. Whatever happens: no other error, no
warning, and the table that was given is exactly as it was.
"""

import copy
import warnings

import pandas as pd
import pytest
from odd_tables import CASES, WORKS
from pandas.testing import assert_frame_equal, assert_series_equal

from workshop.models import MODELS as REGISTERED
from workshop.models import model_class
from workshop.models.copula import GaussianCopula
from workshop.models.gan import GAN
from workshop.models.metadata import Metadata
from workshop.models.multivariate import MultivariateNormal
from workshop.models.private import PrivateHistogram, PrivateMetadata
from workshop.models.sequential import Sequential
from workshop.models.toy import Average, Bootstrap, Histogram, Normal
from workshop.table import TableError

MODELS = [
    Average(),
    Normal(),
    Histogram(),
    Bootstrap(),
    Metadata(),
    Sequential(),
    Sequential("parametric", smoothing=True),
    GaussianCopula(),
    GaussianCopula("empirical"),
    GAN(hidden=8, steps=3),
]


def test_every_model_of_the_everyday_command_is_among_them():
    assert {model_class(name) for name in REGISTERED} == {type(model) for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=str)
@pytest.mark.parametrize("case", CASES)
def test_an_odd_table_works_or_is_refused_kindly_and_is_never_changed(case, model):
    make, expected = CASES[case]
    data, before = make(), make()
    model = copy.copy(model)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if expected == WORKS:
            assert_works(model.fit(data), before)
        else:
            with pytest.raises(ValueError) as refusal:
                model.fit(data)
            assert_kind(refusal.value, *expected)
    assert_unchanged(data, before)


def assert_works(model, data):
    series = isinstance(data, pd.Series)
    table = data.to_frame("odd") if series else data
    for n in (None, 0, 50):
        synthetic = model.sample(n, rng=1)
        assert type(synthetic) is (pd.Series if series else pd.DataFrame)
        if series:
            assert synthetic.name == data.name
            synthetic = synthetic.to_frame("odd")
        assert len(synthetic) == (len(data) if n is None else n)
        assert synthetic.index.equals(pd.RangeIndex(len(synthetic)))
        assert synthetic.columns.tolist() == table.columns.tolist()
        assert synthetic.dtypes.tolist() == table.dtypes.tolist()
        for name in table:
            assert_plausible(synthetic[name], table[name])
    again = model.sample(50, rng=1)
    assert_series_equal(again, model.sample(50, rng=1)) if series else assert_frame_equal(
        again, model.sample(50, rng=1)
    )
    assert model.n_parameters >= 0 and len(model.theta.columns) == 3


def assert_plausible(synthetic, observed):
    """Missing only where missing occurs, and Python values of the types and time zones that occur."""
    share = observed.isna().mean()
    if share in (0, 1):
        assert synthetic.isna().sum() == share * len(synthetic)
    if observed.dtype == object:
        assert set(synthetic.dropna().map(_type)) <= set(observed.dropna().map(_type))
        zone_of = lambda value: str(getattr(value, "tzinfo", None))  # noqa: E731
        assert set(synthetic.dropna().map(zone_of)) <= set(observed.dropna().map(zone_of))


def _type(value):
    return str if isinstance(value, str) else type(value)


@pytest.mark.parametrize("case", [case for case, (_, expected) in CASES.items() if expected == WORKS])
def test_an_odd_table_can_be_protected(case):
    data = CASES[case][0]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = Metadata(privacy=11).fit(data)
        synthetic = model.sample(50, rng=1)
    assert len(synthetic) == 50 and not model.keeps_records
    if isinstance(data, pd.DataFrame):
        assert synthetic.columns.tolist() == data.columns.tolist()


def told_beforehand(table):
    """Bounds and levels, as somebody who has not seen the data would state them."""
    names = table.columns if isinstance(table, pd.DataFrame) else ["values"]
    return {"bounds": dict.fromkeys(names, (-1e6, 1e6)), "levels": {name: ["a", "b"] for name in names}}


#: Models that want a table of numbers, or to be told what there can be: they may refuse what the others take.
CHOOSY = {
    "MultivariateNormal": lambda table: MultivariateNormal(),
    "PrivateHistogram": lambda table: PrivateHistogram(random_state=1, **told_beforehand(table)),
    "PrivateMetadata": lambda table: PrivateMetadata(random_state=1, **told_beforehand(table)),
}


@pytest.mark.parametrize("model", CHOOSY)
@pytest.mark.parametrize("case", CASES)
def test_a_choosy_model_works_or_refuses_an_odd_table_in_a_sentence(case, model):
    make, expected = CASES[case]
    data, before = make(), make()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            synthetic = CHOOSY[model](data).fit(data).sample(20, rng=1)
        except ValueError as refusal:
            message = str(refusal)
            assert type(refusal) in (ValueError, TableError) and len(message) < 400
            assert "\n" not in message and message.endswith("."), message
        else:
            assert expected == WORKS and len(synthetic) == 20
            assert isinstance(data, pd.Series) or synthetic.columns.tolist() == data.columns.tolist()
    assert_unchanged(data, before)


def assert_kind(refusal, column, remedy, match):
    message = str(refusal)
    assert type(refusal) is TableError
    assert any(name in message for name in (column or "").split("|")), message
    assert any(words in message for words in remedy.split("|")), message
    assert match in message and ": " in message
    assert "\n" not in message and message.endswith(".") and len(message) < 300


def assert_unchanged(data, before):
    assert type(data) is type(before)
    if isinstance(data, pd.DataFrame):
        assert_frame_equal(data, before, check_exact=True)
        objects_of = lambda table: table.loc[:, [dtype.kind == "O" for dtype in table.dtypes]]  # noqa: E731
        assert objects_of(data).map(type).equals(objects_of(before).map(type))
    elif isinstance(data, pd.Series):
        assert_series_equal(data, before, check_exact=True)
    elif not isinstance(data, pd.api.typing.DataFrameGroupBy):
        assert repr(data) == repr(before)


@pytest.mark.parametrize("case", ["dates of year 1 and 9999", "date-times to year 9999"])
def test_a_histogram_of_dates_reaches_both_ends_of_the_calendar(case):
    make, _ = CASES[case]
    years = Histogram().fit(make()).sample(100, rng=1)["odd"].map(lambda day: day.year)
    assert years.min() < 400 and years.max() > 9600


def test_there_are_enough_odd_tables_of_both_sorts():
    expectations = [expected == WORKS for _, expected in CASES.values()]
    assert len(expectations) >= 36 and 20 <= sum(expectations) <= len(expectations) - 20
