"""COMING-FROM-R.md: each argument of syn(), each function of synthpop and each call of metasyn stands there, and each of our lines runs."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_sequential import PEOPLE

import workshop
from workshop import Metadata, Sequential
from workshop.cli import main
from workshop.dials import code_ends, labelled, merge_rare
from workshop.measures.disclosure import without_replicated_uniques

TEXT = (Path(__file__).resolve().parents[1] / "COMING-FROM-R.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in TEXT.splitlines() if line.startswith("| `")]
DATA = PEOPLE.assign(
    group=np.where(PEOPLE["age"] < 40, "young", "old"), sex=np.where(np.arange(len(PEOPLE)) % 2, "f", "m")
)
#: The formals of syn() and syn.strata() in synthpop 1.9-2.
ARGUMENTS = {
    "data", "method", "visit.sequence", "predictor.matrix", "m", "k", "proper", "minnumlevels", "maxfaclevels", "rules", "rvalues",
    "cont.na", "semicont", "smoothing", "event", "denom", "drop.not.used", "drop.pred.only", "default.method", "numtocat", "catgroups",
    "models", "print.flag", "seed", "strata", "minstratumsize", "tab.strataobs", "tab.stratasyn",
}  # fmt: skip
#: What synthpop 1.9-2 exports, but the methods of one step, which syn()'s table names, and printing.
FUNCTIONS = {
    "compare", "multi.compare", "lm.synds", "glm.synds", "multinom.synds", "polr.synds", "summary", "replicated.uniques", "sdc",
    "read.obs", "write.syn", "utility.gen", "utility.tab", "utility.tables", "codebook.syn", "numtocat.syn", "mergelevels.syn",
    "disclosure", "multi.disclosure", "synorig.compare", "syn.ipf", "syn.catall", "syn.satcat",
}  # fmt: skip
NAMES = {name: getattr(workshop, name) for name in workshop.__all__}
NAMES |= {"data": DATA, "pd": pd, "code_ends": code_ends, "labelled": labelled, "merge_rare": merge_rare}
NAMES["without_replicated_uniques"] = without_replicated_uniques
SEED_OF_THE_RELEASE = 1


@pytest.fixture(scope="module")
def fitted():
    """What the lines take for granted."""
    model, recipe = Sequential().fit(DATA), Metadata().fit(DATA)
    synthetic = model.sample(rng=SEED_OF_THE_RELEASE)
    flags = {
        f"flags{name}": table[["height"]].assign(old=(table["age"] > 40).astype(int))
        for name, table in (("", DATA), ("_synthetic", synthetic))
    }
    return (
        NAMES
        | flags
        | {"model": model, "recipe": recipe, "synthetic": synthetic, "tables": model.sample_many(3, rng=2)}
    )


@pytest.fixture
def here(tmp_path, monkeypatch, fitted):
    """A folder with the files that the lines read."""
    monkeypatch.chdir(tmp_path)
    DATA.to_csv("data.csv", index=False)
    fitted["recipe"].save("recipe.json")
    return tmp_path


def rows(argument):
    return [row for row in ROWS if re.search(rf"`{re.escape(argument)}\b", row[0])]


@pytest.mark.parametrize("argument", sorted(ARGUMENTS))
def test_every_argument_of_syn_has_a_row(argument):
    assert rows(argument)
    assert all(row[1] != "left out" or len(row[2]) > 10 for row in rows(argument))


LINES = [row[1].strip("`") for row in ROWS if row[1].startswith("`")]


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_every_function_of_synthpop_has_a_row(function):
    assert rows(function)


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("workshop ")])
def test_every_line_of_ours_runs(line, here, fitted):
    if "file.sav" in line:
        pyreadstat = pytest.importorskip("pyreadstat")
        pyreadstat.write_sav(DATA[["age", "height"]], "file.sav")
    if 'save("recipe.json")' in line:
        (here / "recipe.json").unlink()
    result = eval(line, {"__builtins__": {}}, fitted)
    if isinstance(result, Sequential) and "fit(" not in line:
        result = result.fit(DATA).sample(rng=1)
    assert result is not None or line.startswith("write_table") and (here / "table.csv").exists()


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("workshop ")])
def test_every_command_runs(line, here):
    if "--recipe" in line:
        (here / "recipe.json").unlink()
    assert main(line.split()[1:]) == 0


CALLS = [row[0].strip("`") for row in ROWS if re.match(r"`(MetaFrame\.|frame\.)", row[0])]


@pytest.mark.parametrize(
    "line", [line for line in CALLS if "DisclosurePrivacy" not in line and "from_config" not in line]
)
def test_metasyns_own_lines_run(line, here):
    metasyn = pytest.importorskip("metasyn")
    data = DATA[["age", "height", "weight", "sex"]]
    frame = metasyn.MetaFrame.fit_dataframe(data, progress_bar=False)
    assert (
        eval(line, {}, {"MetaFrame": metasyn.MetaFrame, "frame": frame, "data": data}) is not None
        or Path(re.search(r'"(\w+\.\w+)"', line).group(1)).exists()
    )


def made(row, **settings):
    """The synthetic table that a row's line makes."""
    return eval(rows(row)[0][1].strip("`"), {"__builtins__": {}}, NAMES).fit(DATA, **settings)


def test_what_the_lines_do_is_what_the_arguments_did():
    assert made("visit.sequence").steps["variable"].tolist()[:2] == ["height", "age"]
    assert made("predictor.matrix").predictor_matrix.loc["weight"].sum() == 1
    income = made("rules").sample(rng=1)
    assert (income.loc[income["age"] < 18, "income"] == 0).all()
    assert -8.0 in next(step for step in made("cont.na").steps_ if step.name == "income").code.heaps
    assert next(step for step in made("semicont").steps_ if step.name == "income").code.heaps == (0.0,)
    assert not made("smoothing").sample(rng=1)["weight"].isin(DATA["weight"]).all()
    assert (
        "ordered" not in str(made("default.method").steps["method"].tolist())
        and made("default.method").steps["method"].str.contains("linear").any()
    )
    assert (
        min(
            s.numbers.counts_[s.numbers.counts_ > 0].min()
            for s in made("cart.minbucket").steps_
            if hasattr(s.numbers, "counts_")
        )
        >= 20
    )
    assert len(next(step for step in made("rf.ntree").steps_ if step.name == "weight").numbers.trees_) == 20
    young = made("strata").sample(rng=1)
    assert (young.loc[young["group"] == "young", "age"] < 40).all()
    assert len(Sequential().fit(DATA).sample_many(5, rng=1)) == 5 and len(Sequential().fit(DATA).sample(100)) == 100


def test_5000_levels_are_no_reason_for_a_limit_of_levels():
    table = pd.DataFrame(
        {"town": pd.Categorical([f"t{i % 5000}" for i in range(10_000)]), "x": np.arange(10_000.0) % 37}
    )
    assert Sequential().fit(table).sample(rng=1)["town"].nunique() > 3000
