"""What the package does and says where it runs in the learner's browser. (The browser itself: tests/browser/test_site.py.)"""

import importlib.metadata
import os
import sys
import tempfile
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from matplotlib import pyplot as plt
from threadpoolctl import ThreadpoolController
from tqdm import tqdm

from workshop import browser, load
from workshop.data import read_table
from workshop.health import doctor
from workshop.measures.fits import compare_fit
from workshop.measures.least_squares import ols
from workshop.release.in_browser import STOOD_IN
from workshop.release.rerun import rerun
from workshop.table import TableError

PEOPLE = load("gifts")
GIVERS = PEOPLE[(PEOPLE["gift_spending"] > 0) & (PEOPLE["income"] > 0)]
HIDDEN = ("statsmodels", "statsmodels.api", "statsmodels.formula", "statsmodels.formula.api", "pyreadstat")


@pytest.fixture
def in_browser(monkeypatch):
    """As in Pyodide: no other process, and the packages that it has not are not there."""
    monkeypatch.setattr(browser, "IN_BROWSER", True)
    for name in HIDDEN:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize(
    "formula",
    [
        "np.log1p(gift_spending) ~ greenness + np.log(income)",
        "gift_spending ~ C(region) * greenness + education",
        "greenness ~ age + I(2 * age) + household_size",  # the second says what the first says: no full rank
    ],
)
def test_least_squares_are_those_of_statsmodels(formula):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns of the formula without full rank
        ours, theirs = ols(formula, GIVERS).fit(), smf.ols(formula, GIVERS).fit()
    for figure in ("params", "bse", "pvalues"):
        pd.testing.assert_series_equal(getattr(ours, figure), getattr(theirs, figure), check_names=False, rtol=1e-7)
    np.testing.assert_allclose(ours.cov_params(), theirs.cov_params(), rtol=1e-6, atol=1e-12)
    assert ours.nobs == theirs.nobs


def test_a_finding_is_compared_the_same_without_statsmodels(monkeypatch):
    halves = GIVERS.iloc[::2], GIVERS.iloc[1::2]
    formula = "np.log1p(gift_spending) ~ greenness + np.log(income)"
    with_it = compare_fit(formula, *halves)
    for name in HIDDEN:
        monkeypatch.setitem(sys.modules, name, None)
    without = compare_fit(formula, *halves)
    pd.testing.assert_frame_equal(without.coefficients, with_it.coefficients)
    assert without.sentence == with_it.sentence


def test_other_regressions_say_what_they_need(in_browser):
    with pytest.raises(ImportError, match="'logit' needs the package statsmodels: run  import statsmodels  in a cell"):
        compare_fit("in_couple ~ age", PEOPLE, PEOPLE, model="logit")


def test_a_formula_that_cannot_be_read_is_one_sentence_without_statsmodels(in_browser):
    with pytest.raises(TableError, match="cannot be fitted to the observed data"):
        compare_fit("gift_spending ~ nowhere", PEOPLE, PEOPLE)


def test_alices_script_writes_the_same_where_no_other_process_can_be_started(monkeypatch):
    apart = rerun(PEOPLE)
    monkeypatch.setattr(browser, "IN_BROWSER", True)
    here = rerun(PEOPLE)
    pd.testing.assert_frame_equal(here.results, apart.results)
    assert here.note == "" and here.figure.startswith(b"\x89PNG")


def test_alices_script_runs_without_statsmodels_and_says_what_stood_in(monkeypatch, in_browser):
    without = rerun(PEOPLE)
    monkeypatch.undo()
    pd.testing.assert_frame_equal(without.results, rerun(PEOPLE).results)
    shown = without.beside(without, names=("one", "other"))._repr_html_()
    assert without.note == STOOD_IN and shown.count("own least squares stood in") == 1


def test_a_script_run_here_leaves_everything_as_it_was(in_browser, tmp_path, capsys):
    script = tmp_path / "script.py"
    script.write_text(
        "import matplotlib.pyplot as plt, os, sys\nprint('loud')\nplt.rcParams['lines.linewidth'] = 9\nplt.figure()\nsys.exit('enough')"
    )
    mine = plt.figure()
    before = os.getcwd(), mpl.get_backend(), mpl.rcParams["lines.linewidth"], plt.get_fignums()
    with pytest.raises(TableError, match=r"script.py fails on this table: SystemExit: enough."):
        rerun(PEOPLE, script)
    assert (os.getcwd(), mpl.get_backend(), mpl.rcParams["lines.linewidth"], plt.get_fignums()) == before
    assert capsys.readouterr() == ("", "") and sys.modules["statsmodels"] is None
    plt.close(mine)


def test_folders_are_open_to_all_there_because_others_do_not_hold(monkeypatch, tmp_path):
    changed = ((os, "mkdir"), (tqdm, "monitor_interval"), (ThreadpoolController, "_find_libraries_pyodide"))
    for place, name in changed:
        monkeypatch.setattr(place, name, getattr(place, name))  # put back afterwards
    browser.settle()
    (tmp_path / "plain").mkdir()
    closed = Path(tempfile.mkdtemp(dir=tmp_path))
    assert closed.stat().st_mode == (tmp_path / "plain").stat().st_mode and tqdm.monitor_interval == 0


def test_the_doctor_finds_the_browser_healthy_and_says_what_is_not_there(in_browser, monkeypatch):
    true_version = importlib.metadata.version

    def version(name):
        if name in ("statsmodels", "pyarrow", "pyreadstat", "jupyterlab"):
            raise importlib.metadata.PackageNotFoundError(name)
        return true_version(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    diagnosis = doctor()
    notes = [finding.what for finding in diagnosis.findings if finding.state == "note"]
    assert diagnosis.healthy and not any("jupyterlab" in note for note in notes)
    assert {note.split()[0] for note in notes} == {"statsmodels", "pyarrow", "pyreadstat"}
    assert any("run  import statsmodels  in a cell" in note for note in notes)
    assert any("pyreadstat is missing" in note and "open the workshop on Binder" in note for note in notes)


def test_a_file_that_the_browser_cannot_read_is_sent_to_where_it_can(in_browser, tmp_path):
    Path(tmp_path / "table.sav").write_bytes(b"$FL2" + bytes(200))
    with pytest.raises(
        ImportError, match="pyreadstat: it cannot run in a browser, so for this open the workshop on Binder"
    ):
        read_table(tmp_path / "table.sav")
