"""Many records: made in any number, foretold from small runs, measured, and shared with processes."""

import sys
import urllib.request

import joblib
import numpy as np
import pandas as pd
import pytest

from workshop import Sequential
from workshop.at_scale import Growth, Workers, growth_picture, how_many, many_gifts, measured


@pytest.fixture(scope="module")
def people():
    return many_gifts(3000)


def test_any_number_of_people_can_be_made_and_each_number_gives_the_same_table(people):
    assert [len(many_gifts(n)) for n in (1, 5, 100_001)] == [1, 5, 100_001]
    pd.testing.assert_frame_equal(many_gifts(3000), people)
    with pytest.raises(ValueError, match="n must be a whole number, 1 or more"):
        many_gifts(0)


def test_the_second_hundred_thousand_are_other_people():
    many = many_gifts(200_000)
    assert not many["greenness"].head(100_000).equals(many["greenness"].tail(100_000).reset_index(drop=True))


def test_a_record_takes_34_bytes(people):
    assert people.memory_usage(index=False).sum() == pytest.approx(34 * 3000, abs=1000)


def test_the_true_effect_is_in_the_large_table():
    from statsmodels.formula import api

    many = many_gifts(100_000).query("gift_spending > 0 and income > 0")
    fit = api.ols("np.log1p(gift_spending) ~ greenness + np.log(income)", many).fit()
    assert fit.params["greenness"] == pytest.approx(0.015, abs=0.0006)  # the codebook's


@pytest.mark.parametrize("wanted", ["million", "-5", "999", "1e6", ""])
def test_a_number_of_records_that_makes_no_sense_is_refused(monkeypatch, wanted):
    monkeypatch.setenv("WORKSHOP_RECORDS", wanted)
    with pytest.raises(ValueError, match="WORKSHOP_RECORDS must be a whole number, 1000 or more"):
        how_many()


def test_a_million_records_are_the_default(monkeypatch):
    monkeypatch.delenv("WORKSHOP_RECORDS", raising=False)
    assert how_many() == 1_000_000


def test_a_straight_line_of_logarithms_foretells_a_power():
    sizes = np.array([100, 1000, 5000])
    growth = Growth.of(sizes, 3e-4 * sizes**1.2)
    assert growth.slope == pytest.approx(1.2) and growth.at(1_000_000) == pytest.approx(3e-4 * 1e6**1.2)


def test_the_picture_says_what_was_foretold_and_what_it_took():
    runs = pd.DataFrame({"records": [100, 1000], "seconds": [0.1, 1.0]})
    growth = Growth.of(runs["records"], runs["seconds"])
    assert "10,000 records: predicted 10.0 s. Slope 1.00" in growth_picture(runs, growth, 10_000).words
    assert "predicted 10.0 s, took 12.0 s" in growth_picture(runs, growth, 10_000, 12.0).words
    assert growth_picture(runs, growth, 10_000).png().startswith(b"\x89PNG")


def test_the_memory_that_work_takes_is_seen():
    small = measured(lambda: None)
    large = measured(lambda: np.ones(50_000_000).sum())
    assert large.result == 50_000_000 and large.megabytes - small.megabytes > 300  # 400 MB of numbers


def test_without_psutil_the_memory_is_not_known_and_the_work_is_done(monkeypatch):
    monkeypatch.setitem(sys.modules, "psutil", None)
    taken = measured(lambda: 7)
    assert taken.result == 7 and np.isnan(taken.megabytes) and taken.seconds >= 0


def test_steps_say_how_long_they_took(people):
    assert all(step.seconds > 0 for step in Sequential(n_jobs=2).fit(people).steps_)


def test_without_dask_threads_do_the_same_work_and_it_says_how_to_get_it(monkeypatch, people):
    monkeypatch.setitem(sys.modules, "distributed", None)
    workers = Workers(2)
    assert (
        workers.dashboard is None and "Dask is not installed here" in repr(workers) and "pip install" in repr(workers)
    )
    with joblib.parallel_config(backend=workers.backend):
        model = Sequential(n_jobs=2).fit(people)
    workers.close()
    pd.testing.assert_frame_equal(model.sample(rng=1), Sequential().fit(people).sample(rng=1))


def test_a_cluster_shows_its_dashboard_warns_of_nothing_and_gives_the_same_table(recwarn):
    pytest.importorskip("distributed")
    people = many_gifts(200_000)  # enough that a careless hand-over would warn of large graphs
    workers = Workers(2)
    try:
        assert workers.backend == "dask" and f'href="{workers.dashboard}"' in workers._repr_html_()
        pytest.importorskip("bokeh")
        with urllib.request.urlopen(workers.dashboard, timeout=30) as page:
            assert page.status == 200
        with joblib.parallel_config(backend=workers.backend):
            model = Sequential(min_leaf=500, progress=False).fit(people)
    finally:
        workers.close()
    assert not [one for one in recwarn if "large graph" in str(one.message)]
    pd.testing.assert_frame_equal(model.sample(100, rng=1), Sequential(min_leaf=500).fit(people).sample(100, rng=1))
