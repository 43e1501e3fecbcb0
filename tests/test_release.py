"""A release, opened as a stranger would: complete, honest, valid in the field's standards, and without anybody in it."""

import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from workshop.data import load, read_table, write_table
from workshop.dials import code_ends
from workshop.measures.attacks import split
from workshop.measures.handed_on import handed_on
from workshop.models.copula import GaussianCopula
from workshop.models.metadata import Metadata
from workshop.models.sequential import Sequential
from workshop.models.toy import Bootstrap
from workshop.release import cautions
from workshop.release.codebook import codebook, values_in_words
from workshop.release.make import SUMS, make_release
from workshop.release.rerun import rerun
from workshop.release.script import in_code, script
from workshop.table import TableError

GIFTS = load("gifts")
PEOPLE, OTHERS = split(GIFTS, 0.5, 2)
KEYS = ["age", "region", "household_size"]
FORMULA = "np.log1p(gift_spending) ~ greenness"
CANARY = {
    "respondent": "R-7777-77",
    "first_name": "Zebulonius",
    "postcode": "9876",
    "region": "Atlantis",
    "income": 98_765_432.0,
    "gift_spending": 54_321.09,
    "greenness": 99.9,
    "moved_in": pd.Timestamp("1899-09-09"),
    "remark": "I am the canary of Atlantis",
}
PLANTED = pd.concat([PEOPLE, PEOPLE.iloc[[0]].assign(**CANARY)], ignore_index=True)
TRACES = (
    "7777-77",
    "Zebulonius",
    "9876",
    "Atlantis",
    "98765432",
    "98,765,432",
    "54321",
    "54,321",
    "1899-09-09",
    "canary of",
)


def released(model, folder, table=PEOPLE, **settings):
    synthetic = model.fit(table).sample(rng=1)
    given = {"holdout": OTHERS, "formula": FORMULA, "seed": 1, "source": 'read_table("observed.csv")', **settings}
    return make_release(synthetic, model, table, KEYS, folder, **given)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two releases of the planted table."""
    parent = tmp_path_factory.mktemp("releases")
    for name, model in {"cart": Sequential(), "metadata": Metadata(privacy=11)}.items():
        released(
            model,
            parent / name,
            PLANTED,
            title="Gifts",
            units={"income": "euro a year"},
            descriptions={"age": "at the interview"},
        )
    return parent


BOTH = pytest.mark.parametrize("name", ["cart", "metadata"])


@BOTH
def test_everything_is_there_and_the_checksums_hold(folder, name):
    listed = dict(reversed(line.split("  ")) for line in (folder / name / SUMS).read_text().splitlines())
    files = {path.name for path in (folder / name).iterdir()}
    expected = {
        "README-synthetic.md", "codebook.md", "utility.html", "disclosure.html", "synthetic_data.csv", "synthetic_data.parquet",
        "make_synthetic_data.py", "datapackage.json", "croissant.json", SUMS,
    }  # fmt: skip
    assert files == (expected | {"recipe.json"} if name == "metadata" else expected)
    assert set(listed) == files - {SUMS}
    for file, checksum in listed.items():
        assert hashlib.sha256((folder / name / file).read_bytes()).hexdigest() == checksum


@BOTH
def test_the_readme_says_synthetic_first_and_how_it_was_made(folder, name):
    text = (folder / name / "README-synthetic.md").read_text(encoding="utf-8")
    assert text.startswith("# SYNTHETIC data: Gifts")
    assert "no record stands for a person" in text and "**Not for:**" in text and "## How they were made" in text
    assert "who knows of a person: age, region, household_size" in text and "sampled with the seed 1" in text
    assert ("| income | lognormal" in text) == (name == "metadata")
    assert ("| 4 | region | sample |" in text) == (name == "cart")
    assert ("Metadata(privacy=11)" in text) == (name == "metadata")
    for path in (folder / name).iterdir():
        assert path.name == "README-synthetic.md" or f"- `{path.name}`: " in text, path.name


@BOTH
def test_the_script_makes_the_same_bytes_again(folder, name, tmp_path):
    write_table(PLANTED, tmp_path / "observed.parquet")
    text = (folder / name / "make_synthetic_data.py").read_text(encoding="utf-8")
    (tmp_path / "again.py").write_text(text.replace("observed.csv", "observed.parquet"), encoding="utf-8")
    subprocess.run([sys.executable, "again.py"], cwd=tmp_path, check=True, timeout=120)
    assert (tmp_path / "synthetic_data.csv").read_bytes() == (folder / name / "synthetic_data.csv").read_bytes()


def test_a_planted_person_is_in_no_file_of_a_metadata_release(folder):
    for path in (folder / "metadata").iterdir():
        content = path.read_bytes()
        for trace in TRACES:
            if trace == "9876" and path.suffix not in (".csv", ".md", ".json"):
                continue  # four digits occur in any picture
            if trace == "9876":
                assert not re.search(rb"(?<![\d.])9876(?!\d)", content), path.name
            else:
                assert trace.encode() not in content, (path.name, trace)


def test_the_same_traces_are_in_an_unprotected_recipe_so_the_test_above_can_see(tmp_path):
    open_recipe, protected = (Metadata(privacy=k).fit(PLANTED).save(tmp_path / f"{k}.json") for k in (None, 11))
    seen = [trace for trace in TRACES if trace in open_recipe.read_text(encoding="utf-8")]
    assert "Atlantis" in seen and len(seen) > 1
    assert not [trace for trace in seen if trace in protected.read_text(encoding="utf-8")]


def announced(page):
    """By variable, how many values of single people the disclosure page says were handed on."""
    shown = page[page.index("<caption>Values handed on") :]
    rows = re.findall(
        r'<th scope="row">(\w+)</th><td[^>]*>[\d,]+</td><td[^>]*>([\d,]+)</td>', shown[: shown.index("</table>")]
    )
    return {variable: int(count.replace(",", "")) for variable, count in rows}


def test_a_cart_release_hands_on_exactly_what_its_disclosure_page_announces(folder):
    said = announced((folder / "cart" / "disclosure.html").read_text(encoding="utf-8"))
    table = read_table(folder / "cart" / "synthetic_data.parquet")
    for name in PLANTED.columns:
        counts = PLANTED[name].value_counts()
        mine = set(counts.index[counts == 1]) & set(table[name].dropna())
        assert len(mine) == said.get(name, 0), name
    for name in ("respondent", "first_name", "remark"):
        assert name not in said and CANARY[name] not in set(table[name])


def test_of_a_planted_person_a_cart_release_shows_what_was_announced_and_nothing_else(folder):
    table = read_table(folder / "cart" / "synthetic_data.parquet")
    said = announced((folder / "cart" / "disclosure.html").read_text(encoding="utf-8"))
    back = {name for name, value in CANARY.items() if value in set(table[name])}
    assert back and back <= set(said)  # the test sees something
    traces = {name: [form for form in _forms(CANARY[name])] for name in CANARY}
    for path in (folder / "cart").iterdir():
        content = path.read_bytes()
        for name, forms in traces.items():
            if name in back and path.suffix in (".csv", ".parquet", ".md", ".json"):
                continue  # the table, and what describes it
            assert not any(form in content for form in forms), (path.name, name)


def _forms(value):
    """How a value may stand in a file: as text, with or without thousands marks, and as a float."""
    if isinstance(value, pd.Timestamp):
        return [value.strftime("%Y-%m-%d").encode()]
    if isinstance(value, str):
        return [value.encode()] if not value.isdigit() else []  # four digits occur in any picture
    texts = [f"{value:,.2f}", f"{value:.2f}", f"{value:,.0f}", f"{value:.0f}"]
    return [text.encode() for text in texts if len(text) > 4]


def test_only_the_table_of_a_cart_release_shows_what_single_people_have(folder):
    for path in (folder / "cart").iterdir():
        if path.suffix not in (".csv", ".parquet", ".md", ".json"):
            for trace in TRACES:
                assert trace == "9876" or trace.encode() not in path.read_bytes(), (path.name, trace)


def test_the_bounds_of_groups_on_the_pages_are_said_to_two_digits(folder):
    """A group's bound is the value of a person: what the pages say of it must not be."""
    from workshop.measures.disclosure import _level_name
    from workshop.measures.pair import Pair

    pair = Pair.of(PLANTED[["income"]], PLANTED[["income"]])
    names = [_level_name(pair.variables["income"], code, {"income": 5}) for code in range(5)]
    bounds = {float(one.replace(",", "")) for name in names for one in name.split(" to ")}
    assert len(bounds) > 5 - 1 and all(len(f"{bound:.0f}".rstrip("0")) <= 2 for bound in bounds)
    assert len(bounds & set(PLANTED["income"])) <= 1


@BOTH
def test_frictionless_and_croissant_find_no_fault(folder, name):
    frictionless = pytest.importorskip("frictionless")
    mlcroissant = pytest.importorskip("mlcroissant")
    checked = frictionless.validate(str(folder / name / "datapackage.json"))
    assert checked.valid, checked.flatten(["fieldName", "type", "message"])[:5]
    described = mlcroissant.Dataset(jsonld=str(folder / name / "croissant.json"))
    assert not described.metadata.issues.errors
    records = list(described.records("records"))
    assert len(records) == len(PLANTED) and set(records[0]) == {f"records/{column}" for column in PLANTED}


@BOTH
def test_the_pages_need_no_network_and_show_pictures_in_words_too(folder, name):
    for page in ("utility.html", "disclosure.html"):
        html = (folder / name / page).read_text(encoding="utf-8")
        assert not re.search(r"(?:src|href)=\"(?!data:)", html) and "<script" not in html
        assert html.startswith("<!doctype html>") and 'lang="en"' in html and "SYNTHETIC DATA" in html
        for alt in re.findall(r"<img alt=\"([^\"]*)\"", html):
            assert len(alt) > 40
    assert (folder / name / "utility.html").read_text(encoding="utf-8").count("<img") == 2
    assert (folder / name / "disclosure.html").read_text(encoding="utf-8").count("<img") == 1


@BOTH
def test_the_codebook_says_what_is_in_the_table(folder, name):
    text = (folder / name / "codebook.md").read_text(encoding="utf-8")
    assert "| income | discrete: a whole number | euro a year |" in text and "| at the interview |" in text
    assert len([line for line in text.splitlines() if line.startswith("| ")]) == 1 + len(PLANTED.columns)


def test_the_codebook_of_a_table():
    table = pd.DataFrame(
        {
            "level": pd.Categorical(["low", "high", None], ["low", "middle", "high"], ordered=True),
            "x": [1.5, None, 2.25],
            "day": pd.to_datetime(["2025-01-01", "2025-02-01", None]),
            "note": ["a b", "a|b", "c d"],
        }
    )
    book = codebook(table, {"x": "length"}, {"x": "cm"}).set_index("variable")
    assert book["values"].to_dict() == {
        "level": "low < high",
        "x": "1.5 to 2.25 (2 different)",
        "day": "2025-01-01 to 2025-02-01 (2 different)",
        "note": "a b, a|b, c d",
    }
    assert book.loc["x", ["unit", "description"]].tolist() == ["cm", "length"] and book.missing["x"] == pytest.approx(
        1 / 3
    )
    assert values_in_words(pd.Series([-0.0, 1.5])) == "0 to 1.5 (2 different)"
    with pytest.raises(ValueError, match="'y' is described, but there is no such column"):
        codebook(table, units={"y": "cm"})


def test_a_real_table_becomes_a_release(tmp_path):
    fair = sm.datasets.fair.load_pandas().data.head(3000)
    model = Sequential(min_leaf=20).fit(fair)
    release = make_release(model.sample(rng=3), model, fair, ["age", "educ", "occupation"], tmp_path / "fair", seed=3)
    back = read_table(tmp_path / "fair" / "synthetic_data.csv")
    assert list(back.columns) == list(fair.columns) and len(back) == 3000
    package = json.loads((tmp_path / "fair" / "datapackage.json").read_text())
    assert [one["name"] for one in package["resources"][0]["schema"]["fields"]] == list(fair.columns)
    assert any("No attack was played" in one for one in release.cautions)
    assert not any("another table" in one for one in release.cautions)


def test_the_label_and_the_other_fields_are_where_they_belong(tmp_path):
    released(
        Metadata(privacy=11),
        tmp_path / "r",
        label=True,
        creator="A. Author",
        licence="CC-BY-4.0",
        citation="Author (2026)",
        name="gifts-1",
    )
    table = read_table(tmp_path / "r" / "gifts-1.csv")
    assert table.columns[0] == "synthetic" and set(table["synthetic"]) == {"SYNTHETIC"}
    text = (tmp_path / "r" / "README-synthetic.md").read_text()
    assert "Creator: A. Author" in text and "Licence: CC-BY-4.0" in text and "Citation: Author (2026)" in text
    assert "labelled(synthetic, 'synthetic')" in (tmp_path / "r" / "make_gifts-1.py").read_text()
    described = json.loads((tmp_path / "r" / "croissant.json").read_text())
    assert described["license"] == "CC-BY-4.0" and described["creator"]["name"] == "A. Author"


def test_what_was_not_said_is_not_made_up(tmp_path):
    released(Metadata(privacy=11), tmp_path / "r", formula=None)
    described = json.loads((tmp_path / "r" / "croissant.json").read_text())
    assert not {"url", "license", "creator", "citeAs"} & set(described)
    text = (tmp_path / "r" / "README-synthetic.md").read_text()
    assert "- run the script: not tested" in text and "- estimate: not tested" in text
    assert "Licence: not stated" in text and "No regression was named" in (tmp_path / "r" / "utility.html").read_text()


def test_copies_are_held_against_as_many_as_chance_brings(tmp_path):
    few = pd.DataFrame(np.random.default_rng(1).integers(0, 3, (600, 4)), columns=list("abcd")).astype("category")
    given = {"keys": ["a", "b"], "seed": 1}
    model = Sequential().fit(few)
    alike = make_release(model.sample(rng=1), model, few, to=tmp_path / "r", **given)
    assert not any("equal a person" in one for one in alike.cautions)  # everybody has a twin in such a table


def test_what_a_long_work_is_doing_is_told(tmp_path):
    told = []
    released(Metadata(privacy=11), tmp_path / "r", tell=told.append)
    assert told == ["playing the attacker", "measuring what the data are good for", "writing the pages"]


def test_the_script_never_replaces_a_table(tmp_path, folder):
    write_table(PLANTED, tmp_path / "observed.csv")
    (tmp_path / "synthetic_data.csv").write_text("mine")
    script_of_cart = folder / "cart" / "make_synthetic_data.py"
    ran = subprocess.run([sys.executable, script_of_cart], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "is there already" in ran.stderr and (tmp_path / "synthetic_data.csv").read_text() == "mine"


def test_what_was_changed_after_sampling_is_said(tmp_path):
    model = Metadata(privacy=11).fit(PEOPLE)
    changed = code_ends(model.sample(rng=1), "income", top=50_000)
    found = make_release(changed, model, PEOPLE, KEYS, tmp_path / "a", seed=1)
    assert any("changed after sampling" in one for one in found.cautions)
    found = make_release(changed, model, PEOPLE, KEYS, tmp_path / "b")
    assert any("No seed was given" in one for one in found.cautions)


def test_thresholds_are_crossed_by_copies_and_not_by_metadata(tmp_path):
    copies = " ".join(released(Bootstrap(), tmp_path / "copies").cautions)
    assert (
        "equal a person" in copies
        and "of exactly one person" in copies
        and "succeeds" in copies
        and "put together anew" in copies
    )
    assert released(Metadata(privacy=11), tmp_path / "metadata").cautions == ()


def test_the_recipe_is_included_only_where_it_keeps_nobody(tmp_path):
    assert "recipe.json" in released(Metadata(privacy=11), tmp_path / "protected").files
    assert "recipe.json" not in released(Metadata(), tmp_path / "open").files
    for model in (Sequential(), Metadata(), Bootstrap()):
        with pytest.raises(ValueError, match="keeps records of people"):
            released(model, tmp_path / "no", include_model=True)
    with pytest.raises(ValueError, match="Only a Metadata model"):
        released(GaussianCopula(privacy=11), tmp_path / "no", include_model=True)
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"name": "../up"}, "name must be made of letters"),
        ({"name": ""}, "name must be made of letters"),
        ({"source": "import os"}, "one Python expression"),
        ({"source": "f(("}, "one Python expression"),
        ({"units": {"shoe": "cm"}}, "no such column"),
    ],
)
def test_senseless_settings_are_refused_and_nothing_is_left(settings, match, tmp_path):
    with pytest.raises(ValueError, match=match):
        released(Metadata(privacy=11), tmp_path / "r", **settings)
    assert list(tmp_path.iterdir()) == []


def test_tables_that_do_not_belong_together_are_refused(tmp_path):
    model = Metadata().fit(PEOPLE)
    with pytest.raises(TableError, match="do not have the same columns.*'remark'"):
        make_release(model.sample(rng=1).drop(columns="remark"), model, PEOPLE, KEYS, tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_nothing_is_replaced_but_an_earlier_release_if_asked(tmp_path):
    model = Metadata(privacy=11)
    released(model, tmp_path / "r")
    before = (tmp_path / "r" / SUMS).read_bytes()
    with pytest.raises(FileExistsError, match="there already"):
        released(model, tmp_path / "r")
    released(model, tmp_path / "r", overwrite=True, title="Another")
    assert (tmp_path / "r" / SUMS).read_bytes() != before and len(list(tmp_path.iterdir())) == 1
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("years of work")
    with pytest.raises(FileExistsError, match="something else than a release"):
        released(model, tmp_path / "mine", overwrite=True)
    (tmp_path / "file").write_text("a file")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    for name in ("file", "link"):
        with pytest.raises(FileExistsError, match="no folder"):
            released(model, tmp_path / name, overwrite=True)
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        released(model, tmp_path / "a" / "b")
    assert (tmp_path / "mine" / "thesis.docx").read_text() == "years of work"


def test_a_full_disk_leaves_the_earlier_release_and_nothing_half_written(tmp_path, monkeypatch):
    model = Metadata(privacy=11)
    released(model, tmp_path / "r")
    before = {path.name: path.read_bytes() for path in (tmp_path / "r").iterdir()}

    def full(path, text, **_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        released(model, tmp_path / "r", overwrite=True)
    with pytest.raises(OSError, match="No space left"):
        released(model, tmp_path / "new")
    assert {path.name: path.read_bytes() for path in (tmp_path / "r").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_settings_are_written_as_code_that_gives_the_same_model():
    from workshop.models.conditional import Passive
    from workshop.models.texts import Faker
    from workshop.models.trees import CART

    for model in (
        Sequential(
            min_leaf=7,
            methods={"a": CART(min_leaf=3), "b": Passive("a * 2"), "c": Faker("first_name")},
            rules={"a": {"b < 3": 0}},
        ),
        Metadata(families={"x": "lognormal"}, privacy=11),
        GaussianCopula("empirical"),
    ):
        needed = set()
        code = in_code(model, needed)
        names = {}
        for home, name in needed:
            exec(f"from {home} import {name}", names)
        again = eval(code, names)
        assert in_code(again, set()) == code
    with pytest.raises(ValueError, match="cannot be written as code"):
        script(Sequential(methods={"a": lambda *_: 1}), ["a"], "a.csv", "load()", 1, 5)


def test_what_single_people_have_is_counted():
    observed = pd.DataFrame({"a": [1, 1, 2, 3], "b": list("xyzz")})
    synthetic = pd.DataFrame({"a": [2, 2, 1, 9], "b": list("zzzz")})
    found = handed_on(observed, synthetic)
    assert found.index.tolist() == ["a"] and found.loc["a"].tolist() == [2, 1, 2]
    assert handed_on(observed, observed)["handed_on"].to_dict() == {"a": 2, "b": 2}
    assert handed_on(observed, observed, fewest=2).loc["b", "rare"] == 3
    assert np.issubdtype(handed_on(observed, synthetic)["rare"].dtype, np.integer)


# --- Alice's script


def test_alices_script_runs_unchanged_on_the_private_file_and_on_each_release(folder, tmp_path):
    private = rerun(Path(__file__).parents[1] / "data" / "super_private_data_file.csv")
    assert 12 < private.results.loc["percent per 10 points", "estimate"] < 22  # the truth is 16
    for name in ("cart", "metadata"):
        made = rerun(folder / name / "synthetic_data.csv")
        assert made.figure.startswith(b"\x89PNG") and (made.results.loc["greenness", "p"] < 0.01) == (name == "cart")
    html = private.beside(made, names=["private", "metadata"])._repr_html_()
    assert html.count("<img alt=") == 2 and "more points of greenness" in html
    pd.testing.assert_frame_equal(rerun(PEOPLE).results, rerun(PEOPLE.copy()).results)


def test_a_script_that_fails_says_so_in_a_sentence(tmp_path):
    with pytest.raises(TableError, match=r"analysis.py fails on this table: KeyError: 'gift_spending'"):
        rerun(pd.DataFrame({"a": [1, 2]}))
    with pytest.raises(TableError, match="There is no file"):
        rerun(tmp_path / "nowhere.csv")


def test_what_one_attack_among_several_finds_by_chance_is_no_caution():
    found = pd.DataFrame(
        {"attack": ["Linking", "Guessing"], "excess": [0.07, 0.3], "low": [0.003, 0.2], "high": [0.137, 0.4]}
    )
    of_two, of_one = (list(cautions._about_attacks(SimpleNamespace(attacks=some))) for some in (found, found.head(1)))
    assert of_two == [
        "Guessing succeeds 30 points more often on people in the data than on others (95 % interval 20 to 40)."
    ]
    assert len(of_one) == 1 and of_one[0].startswith("Linking succeeds 7 points")
