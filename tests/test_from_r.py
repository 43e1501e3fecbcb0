"""COMING-FROM-R.md: each argument of syn() stands there, and each of our lines does what it says."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_sequential import PEOPLE

from workshop import Bagging, Forest, Linear, Logistic, Nested, OrderedLogistic, Passive, Sequential, read_table
from workshop.models.conditional import Constant

TEXT = (Path(__file__).resolve().parents[1] / "COMING-FROM-R.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in TEXT.splitlines() if line.startswith("| `")]
DATA = PEOPLE.assign(group=np.where(PEOPLE["age"] < 40, "young", "old"))
#: The formals of syn() and syn.strata() in synthpop 1.9-2.
ARGUMENTS = {
    "data", "method", "visit.sequence", "predictor.matrix", "m", "k", "proper", "minnumlevels", "maxfaclevels", "rules", "rvalues",
    "cont.na", "semicont", "smoothing", "event", "denom", "drop.not.used", "drop.pred.only", "default.method", "numtocat", "catgroups",
    "models", "print.flag", "seed", "strata", "minstratumsize", "tab.strataobs", "tab.stratasyn",
}  # fmt: skip
NAMES = {
    one.__name__: one
    for one in (Sequential, Passive, Linear, Logistic, OrderedLogistic, Nested, Constant, Forest, Bagging, read_table)
} | {"data": DATA}


def rows(argument):
    return [row for row in ROWS if re.search(rf"`{re.escape(argument)}\b", row[0])]


@pytest.mark.parametrize("argument", sorted(ARGUMENTS))
def test_every_argument_of_syn_has_a_row(argument):
    assert rows(argument)
    assert all(row[1] != "left out" or len(row[2]) > 10 for row in rows(argument))


LINES = [row[1].strip("`") for row in ROWS if row[1].startswith("`")]


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_ours_runs(line):
    names = NAMES | {"model": Sequential().fit(DATA)}
    result = eval(line, {"__builtins__": {}}, names)
    if isinstance(result, Sequential) and "fit(" not in line:
        result = result.fit(DATA).sample(rng=1)
    assert result is not None


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
