"""Metadata synthesis as a whole: right families, nothing given away, and a recipe that holds no stranger's trap."""

import json
import time

import numpy as np
import pandas as pd
import pytest

from workshop.data import load
from workshop.models.gmf import RecipeError, from_gmf, to_gmf
from workshop.models.metadata import Metadata
from workshop.models.texts import Faker

GIFTS = load("gifts")
MODEL = Metadata().fit(GIFTS)


def canaries(n=2000):
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "income": rng.lognormal(10, 0.5, n),
            "score": rng.normal(0, 1, n),
            "visits": rng.poisson(3, n),
            "region": rng.choice(["north", "south"], n),
            "grade": pd.Categorical(rng.choice(["low", "high"], n), ["low", "high", "canary level"], ordered=True),
            "code": [f"AB-{number}" for number in rng.integers(1000, 9999, n)],
            "remark": [f"word{i % 700} said the {i % 90} with a dot." for i in range(n)],
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), unit="D"),
        }
    )
    table.loc[7, ["income", "score", "visits"]] = [987654321.5, 123456.25, 777777]
    table.loc[7, "region"] = "Canary Island"
    table.loc[7, "grade"] = "canary level"
    table.loc[7, "code"] = "canary-secret-code"
    table.loc[7, "remark"] = "canary remark about a person"
    table.loc[7, "day"] = pd.Timestamp("1911-11-11")
    return table


CANARIES = ("canary", "987654321", "123456.25", "777777", "1911")


def test_no_canary_is_in_a_protected_recipe_or_its_sample():
    model = Metadata(privacy=11).fit(canaries())
    recipe = json.dumps(to_gmf(model)) + model.theta.to_string() + str(model.variables_) + " ".join(model.remarks_)
    synthetic = model.sample(20_000, rng=1)
    for canary in CANARIES:
        assert canary not in recipe.lower()
    text = synthetic[["region", "grade", "code", "remark"]].astype(str)
    assert not text.apply(lambda column: column.str.lower().str.contains("canary")).any(axis=None)
    assert synthetic["income"].max() < 1e7 and synthetic["score"].abs().max() < 100 and synthetic["visits"].max() < 100
    assert synthetic["day"].min() > pd.Timestamp("2019-06-01")
    assert "canary level" not in synthetic["grade"].cat.categories
    assert not model.keeps_records and model.disclosures().empty


def test_without_protection_every_canary_is_listed_and_the_model_says_so():
    model = Metadata().fit(canaries())
    listed = model.disclosures()
    assert model.keeps_records
    recipe = json.dumps(to_gmf(model)).lower()
    for name, words in (("income", "987654321"), ("score", "123456.25"), ("visits", "777777")):
        assert listed[listed["variable"] == name]["value"].astype(str).str.contains(words).any(), name
    assert "Canary Island" in listed["value"].tolist() and "canary level" in listed["value"].tolist()
    assert listed[listed["variable"] == "day"]["value"].astype(str).str.contains("1911-11-11").any()
    assert "canary-secret" not in recipe and "about a person" not in recipe  # text is never kept


def test_constants_and_keys_are_listed_and_replaced_under_protection():
    table = pd.DataFrame(
        {"country": ["Utopia"] * 60, "id": range(500, 560), "x": np.random.default_rng(1).normal(size=60)}
    )
    listed = Metadata().fit(table).disclosures().set_index("what")["value"]
    assert listed["constant"] == "Utopia" and listed["first key"] == 500
    safe = Metadata(privacy=11).fit(table)
    assert "Utopia" not in json.dumps(to_gmf(safe)) and "500" not in json.dumps(safe.variables_["id"].family.parameters)


def test_the_story_gets_its_families():
    families = {name: variable.family.name for name, variable in MODEL.variables_.items()}
    assert families["income"] == "lognormal" and families["gift_spending"] == "spike"
    assert families["respondent"] == "regex" and families["remark"] == "freetext"
    assert families["education"] == families["region"] == families["gives_to_charity"] == "multinoulli"
    synthetic = MODEL.sample(rng=1)
    pd.testing.assert_series_equal(synthetic.dtypes, GIFTS.dtypes)
    assert synthetic["respondent"].is_unique and synthetic["respondent"].str.fullmatch(r"R-\d{4}-\d\d").all()
    assert (synthetic["gift_spending"] == 0).mean() == pytest.approx((GIFTS["gift_spending"] == 0).mean(), abs=0.03)
    assert list(synthetic["education"].cat.categories) == list(GIFTS["education"].cat.categories)


def test_the_whole_ranking_is_kept_and_a_choice_can_be_overridden():
    ranking = MODEL.ranking("income")
    assert ranking["family"][0] == "lognormal" and ranking["bic"].is_monotonic_increasing and len(ranking) >= 6
    pytest.importorskip("faker")
    overridden = Metadata(families={"income": "gamma", "first_name": Faker("first_name", "nl_NL")}).fit(GIFTS)
    assert overridden.variables_["income"].family.name == "gamma"
    names = overridden.sample(200, rng=1)["first_name"]
    assert names.str.fullmatch(r"[\w '-]+").all() and names.nunique() > 50
    assert overridden.sample(50, rng=1).equals(overridden.sample(50, rng=1))


def test_a_poor_fit_is_told_with_its_distance():
    lumps = pd.Series(np.tile([1.0, 2.0, 5.0, 9.5, 10.0, 40.25], 50) + np.random.default_rng(1).normal(0, 1e-3, 300))
    remarks = Metadata(families={"values": "normal"}).fit(lumps).remarks_
    assert any("Kolmogorov-Smirnov" in remark and "0." in remark for remark in remarks)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"families": {"height": "normal"}}, "no such column"),
        ({"families": {"income": "poison"}}, "has no family 'poison'; choose one of"),
        ({"families": {"region": "normal"}}, "has no family 'normal'; choose one of"),
        ({"families": {"greenness": "lognormal"}}, "cannot have made these values"),
        ({"families": {"income": Faker("city")}}, "cannot have the family"),
        ({"families": ["income"]}, "must be a dict"),
        ({"families": {"income": 3}}, "must be a name or a family"),
        ({"privacy": 2}, "3 or more"),
        ({"privacy": "yes"}, "3 or more"),
        ({"bins": 0}, "bins must be"),
    ],
)
def test_a_senseless_setting_is_refused_in_a_sentence(settings, words):
    with pytest.raises(ValueError, match=words) as refusal:
        Metadata(**settings).fit(GIFTS)
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")


def test_an_unknown_variable_is_refused_by_name():
    with pytest.raises(ValueError, match="no variable 'height'; choose one of"):
        MODEL.ranking("height")


def test_titanics_whole_numbers_keep_their_means():
    metasyn = pytest.importorskip("metasyn")
    titanic = pd.read_csv(metasyn.demo_file("titanic"))
    synthetic = Metadata().fit(titanic).sample(20_000, rng=1)
    for name in titanic.select_dtypes("number").dropna(axis=1, how="all").drop(columns="PassengerId"):  # a key
        error = titanic[name].std() / np.sqrt(len(titanic)) * 3
        assert synthetic[name].mean() == pytest.approx(titanic[name].mean(), abs=error + 1e-9), name


# --- recipes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, {"privacy": 11}, {"families": {"greenness": "histogram"}}], ids=str)
def test_a_recipe_comes_back_as_it_was_written(tmp_path, settings):
    model = Metadata(**settings).fit(GIFTS)
    again = Metadata.load(model.save(tmp_path / "gifts.json"))
    pd.testing.assert_frame_equal(again.sample(300, rng=2), model.sample(300, rng=2))
    assert again.privacy == model.privacy and again.n_parameters == model.n_parameters


def test_a_file_is_not_replaced_unless_asked_and_then_kept_beside(tmp_path):
    path = tmp_path / "gifts.json"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        MODEL.save(path)
    assert path.read_text() == "mine"
    MODEL.save(path, overwrite=True)
    assert (tmp_path / "gifts.json.bak").read_text() == "mine"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["gifts.json", "gifts.json.bak"]


def everything():
    """A variable of each family and each kind."""
    rng = np.random.default_rng(3)
    n = 1500
    start = pd.Timestamp("2020-01-01")
    return pd.DataFrame(
        {
            "gamma": rng.gamma(2, 3, n),
            "beta": 100 * rng.beta(2, 5, n),
            "humps": np.where(rng.random(n) < 0.4, rng.normal(0, 1, n), rng.normal(6, 1, n)),
            "spike": np.where(rng.random(n) < 0.4, 0, rng.lognormal(3, 1, n)).round(2),
            "counts": rng.negative_binomial(2, 0.25, n),
            "zeros": rng.poisson(4, n) * (rng.random(n) < 0.6),
            "wide": np.rint(rng.lognormal(10, 0.5, n)),
            "constant": 3,
            "yes": rng.random(n) < 0.3,
            "mail": [f"{a}{b}@{c}.nl" for a, b, c in zip(rng.choice(["ann", "bob"], n), rng.integers(1, 99, n), rng.choice(["x", "yy"], n), strict=True)],
            "written": (start + pd.to_timedelta(rng.integers(0, 900, n), unit="D")).strftime("%d/%m/%Y"),
            "moment": start + pd.to_timedelta(rng.integers(0, 10**7, n), unit="s"),
            "zoned": (start + pd.to_timedelta(rng.integers(0, 10**6, n), unit="min")).tz_localize("Europe/Paris", nonexistent="shift_forward", ambiguous=True),
            "clock": [pd.Timestamp(int(s), unit="s").time() for s in rng.integers(0, 86_400, n)],
            "length": pd.to_timedelta(rng.integers(0, 10**6, n), unit="s"),
            "nothing": [None] * n,
            "nullable": pd.array(rng.integers(0, 9, n)).astype("Int64"),
        }
    )  # fmt: skip


def test_metasyn_reads_our_recipes_and_draws_from_them(tmp_path):
    metasyn = pytest.importorskip("metasyn")
    from metasyn.gmf import validate_gmf_dict

    for number, (table, settings) in enumerate([(GIFTS, {}), (GIFTS, {"privacy": 11}), (everything(), {})]):
        model = Metadata(**settings).fit(table)
        path = model.save(tmp_path / f"{number}.json")
        validate_gmf_dict(json.loads(path.read_text(encoding="utf-8")))
        drawn = metasyn.MetaFrame.load(path).synthesize(300)
        assert drawn.columns == table.columns.tolist() and drawn.height == 300
        again = Metadata.load(path)
        pd.testing.assert_frame_equal(again.sample(100, rng=1), model.sample(100, rng=1))


def test_families_that_metasyn_lacks_are_refused_on_request(tmp_path):
    with pytest.raises(ValueError, match="'gift_spending': metasyn has no family 'spike'"):
        MODEL.save(tmp_path / "a.json", fallback=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "name", ["titanic", "hospital", "hospital_admissions", "fruit", "spaceship", "synthea_imaging", "druguse", "test"]
)
def test_we_read_metasyns_recipes_and_draw_from_them(tmp_path, name):
    metasyn = pytest.importorskip("metasyn")
    frame = metasyn.demo_data(name).head(200)
    metasyn.MetaFrame.fit_dataframe(frame, progress_bar=False).save(tmp_path / "theirs.json")
    synthetic = Metadata.load(tmp_path / "theirs.json").sample(40, rng=1)
    assert synthetic.columns.tolist() == frame.columns and len(synthetic) == 40


def test_a_recipe_of_version_1_1_is_read():
    old = {"n_rows": 5, "n_columns": 1, "vars": [variable()]}
    assert from_gmf(old).sample(rng=1)["x"].between(-9, 9).all()
    assert from_gmf({"gmf_version": "1.1", **old}).n_records_ == 5


def variable(name="x", kind="continuous", distribution="core.normal", missing=0.0, **parameters):
    parameters = parameters or {"mean": 0.0, "sd": 1.0}
    return {
        "name": name, "type": kind, "dtype": "unknown", "prop_missing": missing,
        "distribution": {"name": distribution, "class_name": "X", "unique": False, "parameters": parameters},
    }  # fmt: skip


def own(**changes):
    ours = {"kind": "continuous", "dtype": "float64", "family": {"name": "normal", "parameters": {"mean": 0, "sd": 1}}}
    return {**variable(), "workshop": {**ours, **changes}}


def recipe(*variables, version="2.1", **table):
    return {
        "gmf_version": version,
        "tables": [{"name": "t", "n_rows": 5, "n_columns": 1, "vars": list(variables), **table}],
    }


def family(name, **parameters):
    return own(family={"name": name, "parameters": parameters})


HOSTILE = {
    "a list": ([], "holds no recipe"),
    "no tables": ({"gmf_version": "2.1"}, "no 'n_rows'"),
    "two tables": ({"gmf_version": "2.1", "tables": [{}, {}]}, "2 tables"),
    "a table that is text": ({"gmf_version": "2.1", "tables": ["x"]}, "not an object"),
    "an unknown version": (recipe(variable(), version="9.0"), "version '9.0'"),
    "a version that is a list": (recipe(variable(), version=["2.1"]), "version"),
    "no variables": (recipe(), "0 variables"),
    "a negative number of rows": (recipe(variable(), n_rows=-1), "n_rows"),
    "a billion billion rows": (recipe(variable(), n_rows=1e18), "n_rows"),
    "a variable that is a number": (recipe(7), "Variable 1 is not an object"),
    "a nameless variable": (recipe(variable(name=" ")), "empty name"),
    "the same name twice": (recipe(variable(), variable()), "described twice"),
    "a share above 1": (recipe(variable(missing=1.5)), "prop_missing"),
    "a share that is text": (recipe(variable(missing="half")), "prop_missing"),
    "an unknown type": (recipe(variable(kind="colour")), "type 'colour'"),
    "an unknown distribution": (recipe(variable(distribution="core.cauchy")), "core.cauchy"),
    "a negative sd": (recipe(variable(mean=0, sd=-1)), "sd = -1"),
    "a parameter that is text": (recipe(variable(mean="zero", sd=1)), "mean = zero"),
    "a parameter that is missing": (recipe(variable(mean=0)), "no 'sd'"),
    "a parameter too many": (recipe(variable(mean=0, sd=1, command="rm")), "unknown parameter 'command'"),
    "an infinite parameter": (recipe(variable(mean=float("inf"), sd=1)), "mean"),
    "bounds the wrong way": (recipe(variable(distribution="core.uniform", lower=3, upper=1)), "above its upper"),
    "a rate that no computer draws": (recipe(variable(kind="discrete", distribution="core.poisson", rate=1e30)), "1e15"),
    "shares that do not add up": (recipe(variable(kind="categorical", distribution="core.multinoulli", labels=["a", "b"], probs=[0.1, 0.2])), "add up to 0.3"),
    "more shares than labels": (recipe(variable(kind="categorical", distribution="core.multinoulli", labels=["a"], probs=[0.5, 0.5])), "2 shares for 1"),
    "labels that are objects": (recipe(variable(kind="categorical", distribution="core.multinoulli", labels=[{}], probs=[1])), "labels"),
    "a billion steps": (recipe(variable(kind="string", distribution="core.regex", regex_data="[a-z]{1000000000}")), "repeats"),
    "a thousand thousands": (recipe(variable(kind="string", distribution="core.regex", regex_data="[a-z]{200}" * 1000)), "200 characters"),
    "a broken regex": (recipe(variable(kind="string", distribution="core.regex", regex_data="(a|b")), "not closed"),
    "a star": (recipe(variable(kind="string", distribution="core.regex", regex_data="a*")), r"uses '\*'"),
    "deep groups": (recipe(variable(kind="string", distribution="core.regex", regex_data="(" * 999)), "20 deep"),
    "counts of another regex": (recipe(variable(kind="string", distribution="core.regex", regex_data={"regex": "(a|b)", "counts": [1]})), "counts"),
    "a date that is none": (recipe(variable(kind="date", distribution="core.uniform", lower="2024-13-01", upper="2024-12-01")), "'x'"),
    "a private name for faker": (recipe(variable(kind="string", distribution="core.faker", faker_type="__class__", locale="en_US")), "faker knows no"),
    "a computed variable": (recipe({**variable(), "distribution": {"name": "PlusOperator", "operands": []}}), "computed"),
    "an unknown kind": (recipe(own(kind="colour")), "kind 'colour'"),
    "a dtype that is code": (recipe(own(dtype="__import__('os')")), "dtype"),
    "an unknown family of ours": (recipe(family("cauchy", x=1)), "'cauchy'"),
    "a negative shape": (recipe(family("gamma", shape=-1, rate=1)), "shape = -1"),
    "edges that do not increase": (recipe(family("histogram", edges=[0, 2, 1], shares=[0.5, 0.5])), "do not increase"),
    "a spike without a rest": (recipe(family("spike", value=0, share=0.5, rest=3)), "no family with parameters"),
    "text for a number": (recipe(family("freetext", locale="en_US", avg_sentences=1, avg_words=5)), "'x'"),
    "an endless text": (recipe(own(dtype="str", kind="text", family={"name": "freetext", "parameters": {"locale": "en_US", "avg_sentences": 1, "avg_words": 1e9}})), "500 words"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_recipe_is_refused_in_one_sentence(tmp_path, case):
    trap, words = HOSTILE[case]
    path = tmp_path / "trap.json"
    path.write_text(json.dumps(trap).replace("Infinity", "1e999"), encoding="utf-8")
    started = time.perf_counter()
    with pytest.raises(RecipeError, match=words) as refusal:
        Metadata.load(path)
    assert time.perf_counter() - started < 5
    said = str(refusal.value)
    assert "\n" not in said and said.endswith(".") and len(said) < 300


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"gmf_version": "2.1", "tables": [', "broken JSON at line 1"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"", "broken JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"n_rows": NaN}', "holds NaN"),
        (b'{"n_rows": -Infinity}', "holds -Infinity"),
        (b'{"n_rows": ' + b"9" * 5000 + b"}", "broken"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(tmp_path, content, words):
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(RecipeError, match=words) as refusal:
        Metadata.load(path)
    assert "\n" not in str(refusal.value) and path.read_bytes() == content


def test_there_are_enough_hostile_recipes():
    assert len(HOSTILE) >= 40
