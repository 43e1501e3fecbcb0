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
    assert synthetic["respondent"].isin(load("gifts")["respondent"]).mean() < 0.02  # made anew: a few agree by chance
    said = capsys.readouterr().out
    assert "made with Metadata(privacy=11)" in said and "--model cart keeps it, and gives more away" in said
    texts = load("gifts")["remark"].dropna()
    assert not synthetic["remark"].isin(texts[texts.map(texts.value_counts()) == 1]).any()


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
        (["synthesize", "x.csv", "--model", "histogram", "--set", "bin=3"], "no setting 'bin'; its settings are: bins"),
        (
            ["synthesize", "x.csv", "--keys", "a"],
            "--keys is for a whole release: name a folder, such as --out release/",
        ),
        (["synthesize", "x.csv", "--title", "T"], "--title is for a whole release"),
        (["synthesize", "x.csv", "--out", "r/", "--recipe", "r.json"], "A release holds the recipe itself"),
        (["synthesize", "x.csv", "--out", "r/", "--holdout", "1"], "--holdout is a share of the people"),
        (["synthesize", "x.csv", "--out", "no/folder/"], "There is no folder 'no'"),
        (["synthesize", "r.json", "--model", "cart"], "A recipe has no settings"),
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
    assert main(["synthesize", "table.csv", "--model", "cart", "--recipe", "r.json", "--out", "third.csv"]) == 2


def test_an_open_recipe_says_that_few_people_stand_behind_some_values(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    pd.DataFrame({"who": ["ann"] * 40 + ["zoe"]}).to_csv("table.csv", index=False)
    assert main(["synthesize", "table.csv", "--model", "metadata", "--set", "privacy=none"]) == 0
    assert "very few people" in capsys.readouterr().err
    assert main(["synthesize", "table.csv", "--model", "metadata", "--force"]) == 0
    assert capsys.readouterr().err == ""


def test_a_release_is_made_from_the_terminal_and_its_script_makes_the_same_bytes(here, capsys):
    load("gifts").drop(columns="education").to_csv("gifts.csv", index=False)
    command = ["synthesize", "gifts.csv", "--model", "cart", "--out", "release/", "--smooth", "income", "--rows", "500"]
    assert main([*command, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "Would fit Sequential(smoothing=['income']) and write 500 synthetic records to release" in said
    assert "measured with these keys: region, age, household_size. 400 people would be set aside" in said
    assert os.listdir() == ["gifts.csv"]
    assert main([*command, "--title", "Gifts", "--licence", "CC0-1.0", "--label"]) == 0
    said = capsys.readouterr()
    assert "release: 10 files." in said.out and "put together anew" in said.out and said.err == ""
    assert "knows region, age, household_size" in said.out and "400 people were set aside" in said.out
    readme = (here / "release" / "README-synthetic.md").read_text()
    assert "# SYNTHETIC data: Gifts" in readme and "Licence: CC0-1.0" in readme and "1,600 observed records" in readme
    table = read_table("release/synthetic_gifts.csv")
    assert len(table) == 500 and set(table["synthetic"]) == {"SYNTHETIC"}
    assert main(command) == 2 and "say --force" in capsys.readouterr().err
    assert main([*command, "--force", "--keys", "age,region"]) == 0
    first = (here / "release" / "synthetic_gifts.csv").read_bytes()
    subprocess.run([sys.executable, here / "release" / "make_synthetic_gifts.py"], check=True, timeout=120)
    assert (here / "synthetic_gifts.csv").read_bytes() == first
    assert sorted(os.listdir()) == ["gifts.csv", "release", "synthetic_gifts.csv"]


def test_who_says_nothing_gets_a_release_that_gives_nobody_away(here, capsys):
    load("gifts").to_csv("gifts.csv", index=False)
    assert main(["synthesize", "gifts.csv", "--out", "release", "--seed", "1"]) == 0
    assert "Caution" not in capsys.readouterr().out and (here / "release" / "recipe.json").exists()


def test_of_a_small_table_nobody_is_set_aside_unless_asked(here, capsys):
    load("gifts").head(300).to_csv("few.csv", index=False)
    main(["synthesize", "few.csv", "--out", "a/", "--dry-run"])
    assert "set aside" not in capsys.readouterr().out
    main(["synthesize", "few.csv", "--out", "a/", "--dry-run", "--holdout", "0.5"])
    assert "150 people would be set aside" in capsys.readouterr().out


def test_another_folder_is_never_replaced_even_with_force(here, capsys):
    (here / "x.csv").write_text("a\n1\n2\n")
    (here / "thesis").mkdir()
    (here / "thesis" / "thesis.docx").write_text("years of work")
    assert main(["synthesize", "x.csv", "--out", "thesis", "--force"]) == 2
    assert "something else than a release" in capsys.readouterr().err
    assert (here / "thesis" / "thesis.docx").read_text() == "years of work"


def test_a_dry_run_of_a_recipe_writes_nothing(here, capsys):
    from workshop import Metadata

    Metadata(privacy=11).fit(load("gifts")[["age", "region"]]).save("recipe.json")
    assert main(["synthesize", "recipe.json", "--dry-run", "--rows", "7"]) == 0
    assert "Would draw 7 synthetic records" in capsys.readouterr().out and os.listdir() == ["recipe.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own")
def test_a_bar_shows_in_a_terminal(here):
    import fcntl
    import pty
    import struct
    import termios

    load("gifts").head(300).to_csv("few.csv", index=False)
    inside, outside = pty.openpty()
    fcntl.ioctl(outside, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 100, 0, 0))
    ran = subprocess.Popen(
        [sys.executable, "-m", "workshop", "synthesize", "few.csv", "--out", "release/"],
        stdout=subprocess.PIPE,
        stderr=outside,
        text=True,
    )
    os.close(outside)
    shown = b""
    try:
        while part := os.read(inside, 4096):
            shown += part
    except OSError:  # the other side was closed
        pass
    assert ran.wait(timeout=120) == 0 and "files." in ran.stdout.read()
    for words in (b"reading", b"fitting", b"drawing", b"playing the attacker", b"writing the pages"):
        assert words in shown


STOPPED = """
import os, signal, sys, workshop.{module} as module
from workshop.cli import main
real = module.{function}
def interrupted(*given, **settings):
    os.kill(os.getpid(), signal.SIGINT)
    return real(*given, **settings)
module.{function} = interrupted
sys.exit(main({arguments}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("module", "function", "arguments"),
    [
        ("data", "read_table", ["synthesize", "few.csv"]),
        ("data", "write_table", ["synthesize", "few.csv"]),
        ("release.make", "handed_on", ["synthesize", "few.csv", "--out", "release/", "--force"]),
        ("release.make", "croissant", ["synthesize", "few.csv", "--out", "release/", "--force"]),
        ("release.make", "readme", ["synthesize", "few.csv", "--out", "new/", "--model", "cart"]),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[1:]),
)
def test_ctrl_c_leaves_nothing_half_written_and_says_a_word(here, module, function, arguments):
    load("gifts").head(300).to_csv("few.csv", index=False)
    if "release/" in arguments:
        assert main(["synthesize", "few.csv", "--out", "release/"]) == 0
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    code = STOPPED.format(module=module, function=function, arguments=arguments)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 130 and ran.stderr.strip() == "workshop: stopped; nothing half-written was left behind."
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before
    assert not list(here.glob(".unfinished*"))


def test_a_dry_run_of_a_table_writes_nothing(here, capsys):
    load("gifts").to_csv("gifts.csv", index=False)
    assert main(["synthesize", "gifts.csv", "--dry-run", "--model", "copula"]) == 0
    assert "Would fit GaussianCopula(privacy=11)" in capsys.readouterr().out and os.listdir() == ["gifts.csv"]


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
