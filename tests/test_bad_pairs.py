"""Every public measure, against odd tables and odd pairs of tables: a sane result or one sentence, no warning, nothing changed."""

import dataclasses
import traceback
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from odd_pairs import EITHER, PAIRS, REFUSED
from odd_tables import CASES, WORKS
from test_bad_tables import assert_unchanged

import workshop as w
from workshop import dials
from workshop.figures import Picture
from workshop.measures import attacks, disclosure
from workshop.measures.distances import closest_records
from workshop.measures.handed_on import handed_on
from workshop.models.toy import Bootstrap
from workshop.release.codebook import codebook
from workshop.risk_utility import ladder
from workshop.table import TableError, as_table
from workshop.widgets.membership_game import play_membership

pytestmark = pytest.mark.once
PACKAGE = str(Path(w.__file__).parent)
#: Results under these names are shares.
SHARES = {"rate", "baseline", "pMSE", "SPECKS", "auc", "nearer_to_members", "p_value", "missing", "share", "ci_overlap"}


def ends(table):
    """The first and the last column: a plain one and an odd one."""
    names = list(table.columns) if isinstance(table, pd.DataFrame) and table.shape[1] else ["odd"]
    return [names[0]], names[-1]


def few(table):
    """At most five of the columns, so that a picture of a hundred is not drawn."""
    return table.iloc[:, :5] if isinstance(table, pd.DataFrame) else table


def some(table):
    """The first two and the last of at most five columns."""
    return few(table).iloc[:, [0, 1, -1]] if isinstance(table, pd.DataFrame) and table.shape[1] > 3 else few(table)


def many(table):
    """At most fifty columns, for what looks at all pairs of them."""
    return table.iloc[:, :50] if isinstance(table, pd.DataFrame) else table


def half(table):
    """Every second record, as a hold-out."""
    return table.iloc[::2] if isinstance(table, pd.DataFrame | pd.Series) else table


def variables(observed, synthetic):
    """Each variable of two tables in a picture of its own; the page, where they are no such tables."""
    tables = all(isinstance(table, pd.DataFrame) and table.columns.is_unique for table in (observed, synthetic))
    if not tables or not set(observed) <= set(synthetic):
        return w.compare_variable(observed, synthetic)
    return [w.compare_variable(observed[name], synthetic[name]) for name in observed]


def release(o, s, folder):
    model = Bootstrap().fit(o)
    return w.make_release(s, model, o, [ends(o)[1]], folder / "release")


#: Measures that look at both tables.
OF_TWO = {
    "compare_variable": lambda o, s: variables(few(o), s),
    "compare": lambda o, s: w.compare(some(o), s),
    "table_utility": lambda o, s: w.table_utility(o, s, [*ends(o)[0], ends(o)[1]]),
    "table_utilities one way": lambda o, s: w.table_utilities(o, s, way=1),
    "table_utilities two way": lambda o, s: w.table_utilities(many(o), s),
    "heat_map": lambda o, s: w.heat_map(w.table_utilities(few(o), s)),
    "cell_differences": lambda o, s: w.cell_differences(o, s, [*ends(o)[0], ends(o)[1]]),
    "propensity by logistic regression": lambda o, s: w.propensity(o, s),
    "propensity by logistic regression with pairs": lambda o, s: w.propensity(few(o), s, "logistic with pairs"),
    "propensity by a tree": lambda o, s: w.propensity(o, s, "cart", permutations=2),
    "propensity by boosting": lambda o, s: w.propensity(o, s, "boosting"),
    "density_ratio": lambda o, s: w.density_ratio(o, s, permutations=2),
    "thick_and_thin": lambda o, s: w.thick_and_thin(w.density_ratio(o, s), o, s, *ends(o)[0], ends(o)[1]),
    "check_release": lambda o, s: w.check_release(o, s),
    "associations": lambda o, s: w.associations(many(o), s),
    "association_map": lambda o, s: w.association_map(w.associations(few(o), s)),
    "replicated_uniques": lambda o, s: w.replicated_uniques(o, s),
    "without_replicated_uniques": lambda o, s: disclosure.without_replicated_uniques(o, s),
    "disclosure": lambda o, s: w.disclosure(o, s, *ends(o)),
    "disclosure in groups": lambda o, s: w.disclosure(o, s, *ends(o), groups=dict.fromkeys(ends(o)[0], 5)),
    "disclosures": lambda o, s: disclosure.disclosures(o, s, ends(o)[0]),
    "disclosed_records": lambda o, s: disclosure.disclosed_records(o, s, *ends(o)),
    "disclosure_report": lambda o, s: w.disclosure_report(o, s, ends(o)[0], half(o)),
    "singling_out": lambda o, s: attacks.singling_out(o, s, half(o), attacks=9),
    "linkability": lambda o, s: attacks.linkability(o, s, half(o), ends(o)[0], [ends(o)[1]], attacks=9),
    "inference": lambda o, s: attacks.inference(o, s, half(o), *ends(o), attacks=9),
    "membership by distance": lambda o, s: attacks.membership(o, s, half(o), attacks=9),
    "membership by density ratio": lambda o, s: attacks.membership(o, s, half(o), None, "density ratio", attacks=9),
    "closest_records": lambda o, s: closest_records(o, s),
    "closest_records beside a hold-out": lambda o, s: closest_records(o, s, half(o)),
    "handed_on": lambda o, s: handed_on(o, s),
    "compare_fit": lambda o, s: w.compare_fit("odd ~ plain", o, s),
    "compare_fit of counts": lambda o, s: w.compare_fit("odd ~ plain", o, s, "poisson"),
    "forest": lambda o, s: w.forest(w.compare_fit("odd ~ plain", o, s)),
    "ladder": lambda o, s: ladder(few(o), s, "odd ~ plain"),
    "guess_the_fake": lambda o, s: w.guess_the_fake(o, s, turns=2),
    "play_membership": lambda o, s: play_membership(o, s, o, s, [*ends(o)[0], ends(o)[1]], turns=2),
    "tradeoff": lambda o, s: w.tradeoff(
        few(o), {"Bootstrap": Bootstrap()}, ends(o)[0], s, seeds=1, attacks=5, progress=False
    ),
}
#: Measures and dials of one table.
OF_ONE = {
    "describe": w.describe,
    "codebook": codebook,
    "split": lambda t: w.split(t, rng=1),
    "labelled": dials.labelled,
    "code_ends": lambda t: dials.code_ends(t, "odd", top=0.9, by="share"),
    "round_to": lambda t: dials.round_to(t, "odd", 10),
    "merge_rare": lambda t: dials.merge_rare(t, "odd"),
    "explore_histogram": lambda t: w.explore_histogram(as_table(t).iloc[:, -1], 8),
    "explore_families": lambda t: w.explore_families(few(t)),
    "explore_tree": lambda t: w.explore_tree(t, ["plain", "odd", ends(t)[1]]),
    "explore_spectrum": lambda t: w.explore_spectrum(few(t), ("plain", "odd")),
}
#: Measures that every odd table is given to as both tables; the rest say the same of them as one of these does.
OF_ITSELF = [
    "compare",
    "table_utilities two way",
    "propensity by logistic regression",
    "propensity by a tree",
    "density_ratio",
    "check_release",
    "associations",
    "replicated_uniques",
    "disclosure",
    "singling_out",
    "linkability",
    "inference",
    "membership by distance",
    "closest_records",
    "handed_on",
]


def result_or_sentence(measure, *given):
    """What a measure gives; or the refusal, which must be one sentence of ours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return measure(*given)
    except ValueError as refusal:
        assert type(refusal) in (ValueError, TableError), repr(refusal)
        raised_in = traceback.extract_tb(refusal.__traceback__)[-1].filename
        assert raised_in.startswith(PACKAGE), f"from the depths: {refusal!r} in {raised_in}"
        message = str(refusal)
        assert message.endswith((".", "?")) and "\n" not in message and 20 < len(message) < 300, message
        return refusal


def assert_sane(result):
    """It can be shown, holds no infinity, and its shares are shares."""
    assert repr(result)
    if hasattr(result, "_repr_html_") and not isinstance(result, Picture):  # the pages of pictures are drawn elsewhere
        assert result._repr_html_()
    if isinstance(result, pd.DataFrame | pd.Series):
        columns = result.items() if isinstance(result, pd.DataFrame) else [(result.name, result)]
        found = {name: column for name, column in columns if pd.api.types.is_float_dtype(column.dtype)}
    elif dataclasses.is_dataclass(result) and not isinstance(result, Picture):
        found = {one.name: getattr(result, one.name) for one in dataclasses.fields(result)}
        found = {name: value for name, value in found.items() if isinstance(value, float | np.ndarray)}
    else:
        found = {}
    for name, values in found.items():
        values = np.asarray(values, dtype=float)
        assert not np.isinf(values).any(), name
        if name in SHARES:
            assert not ((values < 0) | (values > 1)).any(), name


def faults_of(measures, make, verdict):
    """Every measure on fresh tables: what is wrong, by the name of the measure."""
    faults = {}
    for name, measure in measures.items():
        given, before = make(), make()
        try:
            result = result_or_sentence(measure, *given)
            if not isinstance(result, ValueError):
                assert_sane(result)
            verdict(name, result)
            for table, was in zip(given, before, strict=True):
                assert_unchanged(table, was)
        except Exception as error:  # whatever it is, the other measures are tried as well
            faults[name] = f"{type(error).__name__}: {error}"
    return faults


@pytest.mark.parametrize("pair", PAIRS)
def test_every_measure_of_an_odd_pair_is_sane_or_refused_in_a_sentence(pair):
    make, expected = PAIRS[pair]

    def verdict(_, result):
        assert expected == EITHER or isinstance(result, ValueError) == (expected == REFUSED), repr(result)

    assert faults_of(OF_TWO, make, verdict) == {}


@pytest.mark.parametrize("case", CASES)
def test_measures_of_an_odd_table_against_itself_are_sane_or_refused_in_a_sentence(case):
    make, expected = CASES[case]

    def verdict(_, result):
        assert expected == WORKS or isinstance(result, ValueError), "a model refuses it, so a measure does, too"

    assert faults_of({name: OF_TWO[name] for name in OF_ITSELF}, lambda: (make(), make()), verdict) == {}


@pytest.mark.parametrize("case", CASES)
def test_what_is_done_with_one_odd_table_is_sane_or_refused_in_a_sentence(case):
    make, expected = CASES[case]

    def made():
        table = make()
        return (table.to_frame("odd") if isinstance(table, pd.Series) else table,)

    def verdict(_, result):
        assert expected == WORKS or isinstance(result, ValueError), "a model refuses it, so this does, too"

    assert faults_of(OF_ONE, made, verdict) == {}


@pytest.mark.parametrize("case", [case for case, (_, expected) in CASES.items() if expected == WORKS])
def test_a_release_of_an_odd_table_is_whole_or_not_there(case, tmp_path):
    table, before = CASES[case][0](), CASES[case][0]()
    result = result_or_sentence(release, table, table, tmp_path)
    if isinstance(result, ValueError):
        assert list(tmp_path.iterdir()) == []
    else:
        assert {path.name for path in (tmp_path / "release").iterdir()} == set(result.files)
    assert_unchanged(table, before)


@pytest.mark.parametrize("pair", [pair for pair, (_, expected) in PAIRS.items() if expected != REFUSED])
def test_a_release_of_an_odd_pair_is_whole_or_not_there(pair, tmp_path):
    observed, synthetic = PAIRS[pair][0]()
    result = result_or_sentence(release, observed, synthetic, tmp_path)
    assert isinstance(result, ValueError) == (list(tmp_path.iterdir()) == [])


def test_the_tables_of_odd_pairs_are_of_all_sorts():
    expectations = [expected for _, expected in PAIRS.values()]
    assert all(expectations.count(kind) >= 8 for kind in (WORKS, REFUSED, EITHER))
