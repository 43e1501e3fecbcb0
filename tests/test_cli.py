"""The everyday command, on real tables, and what it says when something is wrong."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pandas as pd
import pytest

from workshop import lab
from workshop.cli import main
from workshop.data import load, read_table


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def randhie(tmp_path_factory):
    table = pytest.importorskip("statsmodels.datasets").randhie.load_pandas().data
    path = tmp_path_factory.mktemp("rand") / "randhie.csv"
    table.to_csv(path, index=False)
    return path, table


@pytest.mark.parametrize("model", ["average", "normal", "histogram", "metadata", "copula", "cart", "bootstrap"])
def test_the_rand_health_insurance_table_is_synthesized(here, randhie, capsys, model):
    path, table = randhie
    assert main(["synthesize", str(path), "--model", model, "--out", "out.csv", "--seed", "1"]) == 0
    synthetic = read_table(here / "out.csv")
    assert synthetic.shape == (20190, 10)
    pd.testing.assert_series_equal(synthetic.dtypes, table.dtypes)
    assert "20,190 SYNTHETIC records of 10 variables" in capsys.readouterr().out
    if model == "histogram":
        assert ((synthetic.mean() - table.mean()) / table.std()).abs().max() < 0.1
        assert (synthetic.std() / table.std()).between(0.9, 1.15).all()


def test_the_private_file_is_synthesized_with_its_kinds_kept(here, capsys):
    load("gifts").to_csv("gifts.csv", index=False)
    assert main(["synthesize", "gifts.csv"]) == 0
    synthetic = read_table("synthetic_gifts.csv")
    assert list(synthetic.columns) == list(load("gifts").columns) and len(synthetic) == 2000
    assert not synthetic["respondent"].isin(load("gifts")["respondent"]).any()
    said = capsys.readouterr().out
    assert "'respondent' is a key" in said and "'remark' is text: it is left out" in said


def test_the_same_seed_writes_the_same_bytes(here, randhie):
    for name in ("a.csv", "b.csv"):
        main(["synthesize", str(randhie[0]), "--seed", "7", "--rows", "50", "--set", "bins=5", "--out", name])
    assert (here / "a.csv").read_bytes() == (here / "b.csv").read_bytes()
    assert len(read_table("a.csv")) == 50


def test_a_model_that_keeps_records_comes_with_a_warning(here, randhie, capsys):
    main(["synthesize", str(randhie[0]), "--model", "bootstrap", "--rows", "10"])
    assert "copies of real people. Do not publish it" in capsys.readouterr().err


def test_nothing_is_overwritten_without_force(here, randhie, capsys):
    (here / "synthetic_randhie.csv").write_text("precious")
    assert main(["synthesize", str(randhie[0])]) == 2
    assert (here / "synthetic_randhie.csv").read_text() == "precious"
    assert "is there already" in capsys.readouterr().err
    assert main(["synthesize", str(randhie[0]), "--force"]) == 0


def test_the_observed_file_is_never_the_output_even_with_force(here, capsys):
    (here / "x.csv").write_text("a\n1\n2\n")
    assert main(["synthesize", "x.csv", "--out", "x.csv", "--force"]) == 2
    assert (here / "x.csv").read_text() == "a\n1\n2\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["synthesize", "nowhere.csv"], "no file 'nowhere.csv'"),
        (
            ["synthesize", "x.csv", "--smooth"],
            "Only --model cart can smooth: leave --smooth out, or choose that model",
        ),
        (
            ["synthesize", "x.csv", "--out", "release/", "--keys", "shoe"],
            "keys must name columns that somebody may know, but there is no 'shoe'",
        ),
        (
            ["synthesize", "x.csv", "--model", "rnorm"],
            "no model 'rnorm'; choose one of average, normal, histogram, metadata, copula, cart, gan, bootstrap",
        ),
        (["synthesize", "x.csv", "--set", "bin=3"], "no setting 'bin'; its settings are: bins"),
        (["synthesize", "x.csv", "--set", "bins"], "--set wants NAME=VALUE"),
        (["synthesize", "x.csv", "--set", "bins=0"], "bins must be a whole number"),
        (["synthesize", "x.csv", "--rows", "-3"], "n must be a whole number"),
        (["synthesize", "x.csv", "--seed", "-3"], "rng must be a whole number"),
        (["synthesize", "x.csv", "--out", "no/such/folder/y.csv"], "no folder"),
        (["synthesize", "x.csv", "--out", "y.docx"], "y.docx"),
        (["synthesize", "x.pkl"], "x.pkl"),
        (["reset", "99"], "no notebook 99"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(here, capsys, arguments, words):
    (here / "x.csv").write_text("a\n1\n2\n")
    assert main(arguments) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert words in line
    assert not list(here.glob("*.docx")) and not list(here.glob("synthetic_*"))


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 0
    assert "synthesize" in capsys.readouterr().out


def test_doctor_and_reset_speak(here, capsys):
    assert main(["doctor"]) in (0, 1)
    assert main(["reset", "all"]) == 0
    said = capsys.readouterr().out
    assert (
        "This environment" in said
        and "The notebooks are in" in said
        and "01-generative-models.ipynb is as fresh" in said
    )
    assert (here / "notebooks" / "00-start-here.ipynb").exists()


def test_notebooks_are_found_from_a_folder_below(here):
    (here / "notebooks").mkdir()
    (here / "notebooks" / lab.FIRST).write_text("{}")
    (here / "data" / "deep").mkdir(parents=True)
    assert lab.find_notebooks(here / "data" / "deep") == here / "notebooks"


def test_the_laboratory_listens_to_this_machine_only_and_asks_no_news(here, monkeypatch):
    command = lab.lab_command(here, 8888, browser=False)
    assert "--ip=127.0.0.1" in command and "--LabApp.news_url=None" in command and "--no-browser" in command
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    if sys.platform.startswith("linux"):
        assert not lab.has_display()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_printed_address_answers_and_ctrl_c_ends_it(here):
    process = subprocess.Popen(
        [sys.executable, "-m", "workshop", "lab", "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = ""
        while "Open this address" not in address:
            address = process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+/lab/tree/notebooks/00-start-here\.ipynb\?token=\w+", address).group()
        for _ in range(100):
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    assert answer.status == 200 and b"jupyter-config-data" in answer.read()
                break
            except OSError:
                time.sleep(0.3)
        else:
            pytest.fail("JupyterLab did not answer")
    finally:
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors


def test_a_recipe_is_written_and_synthesized_from(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    table = pd.DataFrame({"x": [1.5, 2.5, 3.25, 9.75] * 30, "who": ["ann", "bob", "eve"] * 40})
    table.to_csv("table.csv", index=False)
    arguments = ["synthesize", "table.csv", "--model", "metadata", "--set", "privacy=11", "--seed", "1"]
    assert main([*arguments, "--recipe", "recipe.json"]) == 0
    assert "Generative Metadata Format" in capsys.readouterr().out
    assert main(["synthesize", "recipe.json", "--seed", "1", "--out", "again.csv"]) == 0
    pd.testing.assert_frame_equal(pd.read_csv("again.csv"), pd.read_csv("synthetic_table.csv"))
    assert main([*arguments, "--recipe", "recipe.json", "--out", "third.csv"]) == 2
    assert "there already" in capsys.readouterr().err and not (tmp_path / "third.csv").exists()
    (tmp_path / "recipe.json").write_text("{")
    assert main(["synthesize", "recipe.json", "--out", "third.csv"]) == 2
    assert "broken JSON" in capsys.readouterr().err
    assert main(["synthesize", "table.csv", "--recipe", "r.json", "--out", "third.csv"]) == 2


def test_an_open_recipe_says_that_few_people_stand_behind_some_values(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    pd.DataFrame({"who": ["ann"] * 40 + ["zoe"]}).to_csv("table.csv", index=False)
    assert main(["synthesize", "table.csv", "--model", "metadata"]) == 0
    assert "very few people" in capsys.readouterr().err
    assert main(["synthesize", "table.csv", "--model", "metadata", "--set", "privacy=11", "--force"]) == 0
    assert capsys.readouterr().err == ""


def test_a_release_is_made_from_the_terminal_and_its_script_makes_the_same_bytes(here, capsys):
    load("gifts").drop(columns="education").to_csv("gifts.csv", index=False)
    command = ["synthesize", "gifts.csv", "--model", "cart", "--out", "release/", "--smooth", "income", "--rows", "500"]
    assert main([*command, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "Would fit Sequential(smoothing=['income']) and write 500 synthetic records to release" in said
    assert "measured with these keys: region, age, household_size" in said and os.listdir() == ["gifts.csv"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "release: 10 files." in said and "put together anew" in said
    assert len(read_table("release/synthetic_data.csv")) == 500
    assert main(command) == 2 and "say --force" in capsys.readouterr().err
    assert main([*command, "--force", "--keys", "age,region"]) == 0
    first = (here / "release" / "synthetic_data.csv").read_bytes()
    subprocess.run([sys.executable, here / "release" / "make_synthetic_data.py"], check=True, timeout=120)
    assert (here / "synthetic_data.csv").read_bytes() == first
    assert sorted(os.listdir()) == ["gifts.csv", "release", "synthetic_data.csv"]


def test_a_dry_run_of_a_table_writes_nothing(here, capsys):
    load("gifts").to_csv("gifts.csv", index=False)
    assert main(["synthesize", "gifts.csv", "--dry-run", "--model", "copula"]) == 0
    assert "Would fit GaussianCopula()" in capsys.readouterr().out and os.listdir() == ["gifts.csv"]


def test_a_recipe_alone_makes_no_release(here, capsys):
    (here / "recipe.json").write_text("{}")
    assert main(["synthesize", "recipe.json", "--out", "release/"]) == 2
    assert "give the table" in capsys.readouterr().err


def test_two_people_are_told_what_is_missing_or_what_an_open_door_means(here, capsys, monkeypatch):
    assert main(["lab", "--network"]) == 2
    assert "say --together, too" in capsys.readouterr().err
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    assert main(["lab", "--together"]) == 2
    assert "jupyter-collaboration, in an environment of its own: make together" in capsys.readouterr().err
    assert "nobody else gets in" in lab.for_the_partner(None)
    opened = lab.for_the_partner("http://192.0.2.7:8888/lab?token=x")
    assert "http://192.0.2.7:8888/lab?token=x" in opened and "run everything" in opened and "unencrypted" in opened


def test_the_door_opens_to_a_network_only_when_asked(here):
    assert "--ip=0.0.0.0" in lab.lab_command(here, 8888, browser=False, ip="0.0.0.0")
    assert "0.0.0.0" not in " ".join(lab.lab_command(here, 8888, browser=False) + lab.together_options())


def test_only_notebooks_without_output_are_trusted(here, monkeypatch):
    import nbformat

    monkeypatch.setenv("JUPYTER_DATA_DIR", str(here / "data"))
    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    full = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="<b>")])]
    )
    nbformat.write(empty, here / "empty.ipynb"), nbformat.write(full, here / "full.ipynb")
    (here / "cut-off.ipynb").write_text("{")
    lab.trust(here)
    notary = nbformat.sign.NotebookNotary(data_dir=str(here / "data"))
    trusted = {
        path.name: notary.check_signature(nbformat.read(path, as_version=4))
        for path in (here / "empty.ipynb", here / "full.ipynb")
    }
    assert trusted == {"empty.ipynb": True, "full.ipynb": False}
