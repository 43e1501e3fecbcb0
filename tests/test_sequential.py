"""Sequential synthesis: what goes together stays together, what was asked for holds, and nothing is copied that must not be."""

import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from workshop.data import load
from workshop.measures.fits import compare_fit
from workshop.measures.propensity import propensity
from workshop.measures.tables import table_utilities
from workshop.models.conditional import Constant, Nested, Passive
from workshop.models.regressions import Linear, PredictiveMeanMatching
from workshop.models.sequential import Sequential
from workshop.models.texts import Faker
from workshop.models.trees import CART
from workshop.table import kind_of

GIFTS = load("gifts")
MODEL = Sequential().fit(GIFTS)
SYNTHETIC = MODEL.sample(rng=1)
GOLDEN = Path(__file__).parent / "golden"


def people(n=1000, seed=3):
    """A table whose relations are known: bmi follows from weight and height, children earn nothing, codes say why."""
    rng = np.random.default_rng(seed)
    age = rng.integers(5, 90, n)
    height = (rng.normal(165, 10, n) - 3 * np.maximum(0, 18 - age)).round()
    weight = np.maximum(20, height - 100 + rng.normal(0, 8, n)).round(1)
    income = np.where(age < 18, 0, rng.lognormal(10, 0.5, n).round())
    income = np.where((age >= 18) & (rng.random(n) < 0.2), -8, income)
    smokes = np.where(age < 18, None, rng.choice(["yes", "no"], n))
    table = pd.DataFrame({"age": age, "height": height, "weight": weight, "income": income, "smokes": smokes})
    table["cigarettes"] = np.where(table["smokes"] == "yes", rng.poisson(9, n) + 1.0, np.nan)
    table["bmi"] = (weight / (height / 100) ** 2).round(1)
    return table


PEOPLE = people()


def test_columns_types_levels_and_the_number_of_records_are_those_observed():
    assert SYNTHETIC.columns.tolist() == GIFTS.columns.tolist() and len(SYNTHETIC) == len(GIFTS)
    assert SYNTHETIC.dtypes.tolist() == GIFTS.dtypes.tolist()
    assert list(SYNTHETIC["education"].cat.categories) == list(GIFTS["education"].cat.categories)
    assert SYNTHETIC["education"].cat.ordered
    for name in ("moved_in", "answered_at"):
        assert kind_of(SYNTHETIC[name]) == kind_of(GIFTS[name])


def test_what_goes_together_stays_together():
    givers, made = (table[table["gift_spending"] > 0] for table in (GIFTS, SYNTHETIC))
    one, other = (np.polyfit(x["greenness"], np.log1p(x["gift_spending"]), 1)[0] for x in (givers, made))
    assert abs(other / one - 1) < 0.35
    missing = [table["age"].groupby(table["income"].isna()).mean().diff().iloc[-1] for table in (GIFTS, SYNTHETIC)]
    assert missing[0] > 3 and missing[1] > 3
    years = 2025 - SYNTHETIC["moved_in"].dt.year - SYNTHETIC["years_here"]
    assert years.between(0, 1).mean() > 0.85


def test_keys_are_new_and_words_are_left_out():
    assert not set(SYNTHETIC["respondent"]) & set(GIFTS["respondent"]) and SYNTHETIC["respondent"].is_unique
    assert set(SYNTHETIC["first_name"]) == {"(text left out)"} == set(SYNTHETIC["remark"].dropna())
    assert abs(SYNTHETIC["remark"].isna().mean() - GIFTS["remark"].isna().mean()) < 0.03
    assert any("'remark' is text" in remark for remark in MODEL.remarks_)


def test_the_same_seed_gives_the_same_table_and_another_one_another():
    pd.testing.assert_frame_equal(MODEL.sample(rng=1), SYNTHETIC)
    assert not MODEL.sample(rng=2).equals(SYNTHETIC)


@pytest.mark.parametrize("method", ["cart", "forest", "parametric"])
def test_any_number_of_workers_gives_the_same_table(method):
    first, second = (Sequential(method, n_jobs=jobs).fit(PEOPLE).sample(rng=1) for jobs in (1, 3))
    pd.testing.assert_frame_equal(first, second)


def test_a_dask_cluster_of_two_processes_gives_the_same_table():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster),
    ):
        with joblib.parallel_config(backend="dask"):
            model = Sequential().fit(GIFTS)
    pd.testing.assert_frame_equal(model.sample(rng=1), SYNTHETIC)


def test_several_syntheses_differ_and_come_back_with_the_same_seed():
    tables = MODEL.sample_many(3, n=50, rng=4)
    assert [len(table) for table in tables] == [50] * 3 and not tables[0].equals(tables[1])
    pd.testing.assert_frame_equal(tables[2], MODEL.sample_many(3, n=50, rng=4)[2])
    with pytest.raises(ValueError, match="m must be a whole number, 1 or more"):
        MODEL.sample_many(0)


def test_proper_synthesis_varies_more():
    table = PEOPLE[["age", "height"]].head(200)
    means = {
        proper: np.std([made["age"].mean() for made in Sequential(proper=proper).fit(table).sample_many(200, rng=1)])
        for proper in (False, True)
    }
    assert 1.2 < means[True] / means[False] < 1.7  # √2: the bootstrap adds as much as the drawing


# Steering


def test_the_visit_sequence_is_kept_and_the_rest_follows_in_the_order_of_the_table():
    steps = Sequential(visit_sequence=["weight", "age"]).fit(PEOPLE).steps
    assert steps["variable"].tolist() == ["weight", "age", "height", "income", "smokes", "cigarettes", "bmi"]
    assert steps["predictors"].tolist()[:3] == ["", "weight", "weight, age"]


def test_many_levels_can_come_last():
    steps = Sequential(visit_sequence="many levels last").fit(GIFTS).steps
    assert steps["variable"].tolist()[-1] == "postcode"


def test_a_predictor_matrix_or_a_dict_steers_who_predicts_whom():
    model = Sequential(predictors={"weight": ["height"], "bmi": []}).fit(PEOPLE)
    matrix = model.predictor_matrix
    assert matrix.loc["weight"].sum() == 1 and matrix.loc["weight", "height"] == 1 and matrix.loc["bmi"].sum() == 0
    again = Sequential(predictors=matrix).fit(PEOPLE)
    pd.testing.assert_frame_equal(again.predictor_matrix, matrix)
    pd.testing.assert_frame_equal(again.sample(rng=1), model.sample(rng=1))


def test_larger_leaves_hold_more_records_and_fewer_questions_are_asked():
    for tree in (step.numbers for step in Sequential(min_leaf=50).fit(PEOPLE).steps_ if isinstance(step.numbers, CART)):
        assert tree.counts_[tree.counts_ > 0].min() >= 50
    sizes = [
        Sequential(**settings).fit(PEOPLE).n_parameters for settings in ({}, {"max_depth": 2}, {"complexity": 0.05})
    ]
    assert sizes[0] > sizes[1] and sizes[0] > sizes[2]
    assert len(MODEL.theta) == MODEL.n_parameters


def test_special_codes_are_levels_of_their_own():
    model = Sequential(special_codes={"income": [-8]}).fit(PEOPLE)
    assert model.steps_[3].code.heaps == (-8.0, 0.0)
    synthetic = model.sample(rng=1)
    assert abs((synthetic["income"] == -8).mean() - (PEOPLE["income"] == -8).mean()) < 0.04
    linear = Sequential("linear", special_codes={"income": -8}, heaps={"income": 0}).fit(PEOPLE).sample(rng=1)
    assert not linear["income"].between(-7.99, -0.01).any() or linear["income"].min() < -8
    assert abs((linear["income"] == -8).mean() - (PEOPLE["income"] == -8).mean()) < 0.05


def test_missing_values_stay_with_what_they_go_together_with():
    synthetic = Sequential().fit(PEOPLE).sample(rng=1)
    assert synthetic["smokes"].isna()[synthetic["age"] < 17].mean() > 0.97
    assert synthetic["cigarettes"].isna()[synthetic["smokes"] == "no"].all()
    assert not synthetic["cigarettes"].isna()[synthetic["smokes"] == "yes"].any()


def test_a_heap_is_found_and_kept():
    code = next(step.code for step in MODEL.steps_ if step.name == "gift_spending")
    assert code.heaps == (0.0,)
    assert abs((SYNTHETIC["gift_spending"] == 0).mean() - (GIFTS["gift_spending"] == 0).mean()) < 0.04
    assert Sequential(heaps={"gift_spending": []}).fit(GIFTS).steps_[9].code.heaps == ()


def test_strata_are_synthesized_each_by_itself():
    table = PEOPLE.assign(group=np.where(PEOPLE["age"] < 30, "young", "old"))
    model = Sequential(strata="group").fit(table)
    synthetic = model.sample(rng=1)
    assert ((synthetic["age"] < 30) == (synthetic["group"] == "young")).all()
    assert synthetic["group"].value_counts().to_dict() == table["group"].value_counts().to_dict()
    assert len(model.sample(17, rng=1)) == 17 and len(model.theta) == model.n_parameters
    assert synthetic.dtypes.tolist() == table.dtypes.tolist()


def test_columns_can_be_handed_on_as_observed():
    model = Sequential(methods={"age": "observed"}).fit(PEOPLE)
    synthetic = model.sample(rng=1)
    pd.testing.assert_series_equal(synthetic["age"], PEOPLE["age"])
    assert synthetic["height"].corr(synthetic["age"]) > 0.2
    assert any("'age' is not synthesized" in remark for remark in model.remarks_)
    with pytest.raises(ValueError, match="so n must be that"):
        model.sample(10)


def test_a_function_of_your_own_sees_the_observed_and_the_synthetic_records():
    def older(observed, synthetic, rng):
        assert list(observed) == ["age", "height"] and list(synthetic) == ["age"]
        return synthetic["age"] + 100

    synthetic = Sequential(methods={"height": older}).fit(PEOPLE).sample(70, rng=1)
    assert (synthetic["height"] == synthetic["age"] + 100).all()
    broken = Sequential(methods={"height": lambda observed, synthetic, rng: [1, 2]}).fit(PEOPLE)
    with pytest.raises(ValueError, match="Your function for 'height' gave 2 values for 70 records"):
        broken.sample(70)
    failing = Sequential(methods={"height": lambda observed, synthetic, rng: 1 / 0}).fit(PEOPLE)
    with pytest.raises(ValueError, match="Your function for 'height' failed: ZeroDivisionError"):
        failing.sample(70)


def test_a_method_can_be_given_for_all():
    steps = Sequential(CART(min_leaf=40)).fit(PEOPLE).steps_
    assert all(step.numbers.min_leaf == 40 for step in steps if isinstance(step.numbers, CART))
    assert Sequential(Linear("ranks")).fit(PEOPLE).steps.set_index("variable").loc["smokes", "method"] == "logistic"


def test_names_can_be_made_up_by_a_family():
    pytest.importorskip("faker")
    synthetic = Sequential(methods={"first_name": Faker("first_name", "nl_NL")}).fit(GIFTS).sample(30, rng=1)
    assert "(text left out)" not in set(synthetic["first_name"])


def test_nested_levels_stay_inside_the_coarser_one():
    model = Sequential(methods={"postcode": Nested("region")}).fit(GIFTS)
    assert model.steps["variable"].tolist().index("region") < model.steps["variable"].tolist().index("postcode")
    synthetic = model.sample(rng=1)
    known = set(zip(GIFTS["region"], GIFTS["postcode"], strict=True))
    assert set(zip(synthetic["region"], synthetic["postcode"], strict=True)) <= known


@pytest.mark.parametrize("word", ["linear", "pmm", "normal ranks", "parametric"])
def test_regressions_for_all_are_logistic_for_labels(word):
    table = GIFTS.drop(columns="postcode")
    model = Sequential(word).fit(table)
    methods = dict(zip(model.steps["variable"], model.steps["method"], strict=True))
    assert methods["education"] == "ordered logistic" and methods["gives_to_charity"] == "logistic"
    synthetic = model.sample(rng=1)
    assert synthetic["income"].corr(synthetic["age"], "spearman") == pytest.approx(
        table["income"].corr(table["age"], "spearman"), abs=0.08
    )
    assert (
        word == "linear" or table_utilities(table, synthetic)["S_pMSE"].median() < 6
    )  # a straight line misses skewed incomes


def test_print_shows_order_methods_and_predictors():
    text = str(Sequential(methods={"bmi": Passive("weight / (height / 100) ** 2"), "height": "pmm"}).fit(PEOPLE))
    lines = text.splitlines()
    assert "1,000 records" in text and "formula" in text and "pmm" in text and "CART" in text
    assert ["1", "age", "sample"] in [line.split() for line in lines]


def test_a_bar_shows_on_request_and_otherwise_for_long_work_only(capsys):
    Sequential().fit(PEOPLE).sample(10)
    assert capsys.readouterr().err == ""
    Sequential(progress=True).fit(PEOPLE).sample(10)
    assert "fitting" in capsys.readouterr().err


# Rules and formulas


@given(
    limit=st.integers(0, 100),
    value=st.one_of(st.integers(-10, 10**6), st.none()),
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 300),
    method=st.sampled_from(["cart", "parametric", "sample"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rules_and_formulas_hold_in_every_record(limit, value, seed, n, method):
    table = PEOPLE.head(150)
    model = Sequential(
        method,
        rules={"income": {f"age < {limit}": value}, "smokes": {"weight > 60 and age >= 18": "no"}},
        methods={"bmi": Passive("weight / (height / 100) ** 2"), "cigarettes": Constant(5)},
        smoothing=bool(seed % 2),
    ).fit(table)
    made = model.sample(n, rng=seed)
    bound = made.loc[made["age"] < limit, "income"]
    assert bound.isna().all() if value is None else (bound == value).all()
    assert (made.loc[(made["weight"] > 60) & (made["age"] >= 18), "smokes"] == "no").all()
    np.testing.assert_allclose(made["bmi"], (made["weight"] / (made["height"] / 100) ** 2).round(1), atol=1e-9)
    assert (made["cigarettes"] == 5).all() and made.dtypes.tolist() == table.dtypes.tolist()


def test_a_rule_may_be_about_the_variable_itself():
    synthetic = Sequential(rules={"income": {"income > 30000": 30000}}).fit(PEOPLE).sample(rng=1)
    assert synthetic["income"].max() == 30000


def test_of_several_conditions_the_first_that_holds_decides():
    synthetic = Sequential(rules={"income": {"age < 30": 1, "age < 60": 2}}).fit(PEOPLE).sample(rng=1)
    assert (synthetic["income"][synthetic["age"] < 30] == 1).all()
    assert (synthetic["income"][synthetic["age"].between(30, 59)] == 2).all()


def test_observed_records_that_break_a_rule_or_a_formula_are_counted():
    model = Sequential(rules={"income": {"age < 20": 0}}, methods={"bmi": Passive("weight / 2")}).fit(PEOPLE)
    broken = ((PEOPLE["age"] < 20) & (PEOPLE["income"] != 0)).sum()
    assert any(f"{broken} observed records break the rule" in remark for remark in model.remarks_)
    assert any("'bmi': 99" in remark or "'bmi': 100" in remark for remark in model.remarks_)


def test_a_formula_of_dates_keeps_the_years_in_step():
    model = Sequential(methods={"years_here": Passive('years(moved_in, "2025-06-30")')}).fit(GIFTS)
    assert not any("years_here" in remark for remark in model.remarks_)
    synthetic = model.sample(rng=1)
    days = (pd.Timestamp("2025-06-30") - synthetic["moved_in"]).dt.days
    assert ((days / 365.25 - synthetic["years_here"]).between(-0.01, 1.01)).all()
    assert synthetic["years_here"].dtype == GIFTS["years_here"].dtype


# Smoothing


def test_smoothing_makes_numbers_that_are_nobodys_and_stay_in_range():
    synthetic = Sequential(smoothing=True).fit(GIFTS).sample(rng=1)
    for name in ("income", "gift_spending"):
        copied = [table[name][table[name] > 0].isin(GIFTS[name]).mean() for table in (SYNTHETIC, synthetic)]
        assert copied[0] == 1 and copied[1] < 0.5, name
        assert synthetic[name].dropna().between(GIFTS[name].min(), GIFTS[name].max()).all()
    assert ((synthetic["gift_spending"] * 100).round(6) % 1 == 0).all()
    assert abs((synthetic["gift_spending"] == 0).mean() - (GIFTS["gift_spending"] == 0).mean()) < 0.04
    quartiles = [table["income"].quantile([0.25, 0.5, 0.75]) for table in (GIFTS, synthetic)]
    assert (abs(quartiles[1] / quartiles[0] - 1) < 0.06).all()


def test_the_richest_persons_income_is_never_handed_out_by_smoothing():
    richest = GIFTS["income"].max()
    assert any((MODEL.sample(rng=seed)["income"] == richest).any() for seed in range(5))
    smooth = Sequential(smoothing=["income"]).fit(GIFTS)
    assert not any((smooth.sample(rng=seed)["income"] == richest).any() for seed in range(20))


# Odd tables


def odd(**columns):
    return pd.DataFrame(columns)


RNG = np.random.default_rng(0)
ODD = {
    "a constant": odd(x=[7] * 30, y=RNG.normal(size=30)),
    "one record": odd(x=[1.5], y=["a"], z=[True]),
    "two records": odd(x=[1.5, None], y=["a", "b"]),
    "all missing": odd(x=[None] * 30, y=RNG.normal(size=30)),
    "a column that equals another": odd(x=range(200), y=range(200)).assign(x=lambda t: t["x"] % 50, y=lambda t: t["x"]),
    "more levels than records": odd(
        x=pd.Categorical(["a", "b", "c"], [*"abcdefgh"]), y=pd.Categorical([None, "k", "k"], ["k"])
    ),
    "500 columns": pd.DataFrame(RNG.integers(0, 9, (100, 500))).add_prefix("x"),
}


@pytest.mark.parametrize("method", ["cart", "forest", "bagging", "parametric", "sample", "pmm"])
@pytest.mark.parametrize("name", ODD)
def test_odd_tables_work(name, method):
    if name == "500 columns" and method in ("forest", "bagging", "pmm"):
        pytest.skip("the trees of cart ten times, the regressions of parametric once more")
    table = ODD[name]
    methods = (
        {column: "cart" for column in table if kind_of(table[column]) in ("categorical", "boolean")}
        if method == "pmm"
        else None
    )
    synthetic = Sequential(method, methods).fit(table).sample(40, rng=1)
    assert len(synthetic) == 40 and synthetic.dtypes.tolist() == table.dtypes.tolist()
    for column in table:
        assert set(synthetic[column].dropna()) <= set(table[column].dropna())


def test_a_column_that_equals_another_stays_equal():
    synthetic = Sequential().fit(ODD["a column that equals another"]).sample(rng=1)
    assert (synthetic["x"] - synthetic["y"]).abs().max() <= 4  # within a leaf of five


def test_5000_levels_are_synthesized_with_what_they_go_together_with():
    rng = np.random.default_rng(1)
    level = rng.integers(0, 5000, 20_000)
    table = pd.DataFrame(
        {
            "size": (level % 100 + rng.normal(0, 3, 20_000)).round(1),
            "town": pd.Categorical([f"t{x:04d}" for x in level]),
        }
    )
    table["rain"] = (level % 100 * 2 + rng.normal(0, 5, 20_000)).round()
    synthetic = Sequential().fit(table).sample(rng=1)
    number = synthetic["town"].astype(str).str[1:].astype(int) % 100
    assert number.corr(synthetic["size"]) > 0.9 and number.corr(synthetic["rain"]) > 0.9


def test_fitting_changes_nothing_and_a_clone_knows_nothing():
    before = GIFTS.copy(deep=True)
    method = CART(min_leaf=9)
    model = Sequential(methods={"income": method}).fit(GIFTS)
    pd.testing.assert_frame_equal(GIFTS, before)
    assert not hasattr(method, "tree_") and not hasattr(clone(model), "steps_")
    assert "min_leaf=9" in model.steps.loc[8, "method"]


BAD = {
    "no such method": ({"method": "magic"}, "no method 'magic'"),
    "no such column": ({"methods": {"wage": "cart"}}, "methods names 'wage'"),
    "methods as a list": ({"methods": ["cart"]}, "methods must be a dict"),
    "a number as method": ({"methods": {"age": 3}}, "method of 'age' must be"),
    "labels by a line": ({"methods": {"smokes": Linear()}}, "draws numbers; choose Logistic or CART"),
    "numbers by logistic": ({"methods": {"age": "logistic"}}, "draws labels; choose Linear or CART"),
    "labels by the mean": ({"methods": {"smokes": "pmm"}}, "pmm draws numbers; choose logistic or cart"),
    "logistic for all": ({"method": "logistic"}, "logistic draws labels: give it a method of its own"),
    "an unknown scale": ({"methods": {"age": Linear("cubic")}}, "scale must be one of"),
    "the logarithm of zero": (
        {"methods": {"income": Linear("log")}, "heaps": {"income": []}},
        "which has no logarithm",
    ),
    "no donors": ({"methods": {"age": PredictiveMeanMatching(0)}}, "donors must be a whole number, 1 or more"),
    "an empty leaf": ({"min_leaf": 0}, "min_leaf must be a whole number, 1 or more"),
    "half a leaf": ({"methods": {"age": CART(2.5)}}, "min_leaf must be a whole number"),
    "no depth": ({"max_depth": 0}, "max_depth must be"),
    "less than no complexity": ({"complexity": -1}, "complexity must be a number, 0 or more"),
    "an order of nobody": ({"visit_sequence": ["wage"]}, "visit_sequence names 'wage'"),
    "an order in a word": ({"visit_sequence": "backwards"}, "visit_sequence must be a list of names"),
    "the same twice": ({"visit_sequence": ["age", "age"]}, "names 'age' twice"),
    "an order against a formula": (
        {"visit_sequence": ["bmi", "weight"], "methods": {"bmi": Passive("weight / 2")}},
        "puts 'bmi' before 'weight', which it needs",
    ),
    "formulas in a circle": (
        {"methods": {"bmi": Passive("weight / 2"), "weight": Passive("bmi * 2")}},
        "need each other",
    ),
    "a formula of nothing": ({"methods": {"bmi": Passive("wage / 2")}}, "'bmi' needs 'wage'"),
    "a formula that runs": ({"methods": {"bmi": Passive("open('x')")}}, "calls 'open'"),
    "a rule for nobody": ({"rules": {"wage": {"age < 18": 0}}}, "rules names 'wage'"),
    "a rule without a value": ({"rules": {"income": "age < 18"}}, "must be a dict such as"),
    "a rule about nothing": ({"rules": {"income": {"wage < 18": 0}}}, "'income' needs 'wage'"),
    "a rule with an unknown level": ({"rules": {"smokes": {"age < 18": "never"}}}, "which is no level of 'smokes'"),
    "a rule with the wrong type": ({"rules": {"age": {"income < 18": "old"}}}, "do not fit the type int64"),
    "missing where it cannot be": ({"rules": {"age": {"income < 18": None}}}, "cannot hold one"),
    "a rule on a formula": (
        {"rules": {"bmi": {"age < 18": 0}}, "methods": {"bmi": Passive("weight / 2")}},
        "cannot have a rule as well",
    ),
    "a later predictor": ({"predictors": {"age": ["bmi"]}}, "'bmi' cannot predict 'age', because it comes later"),
    "an unknown predictor": ({"predictors": {"bmi": ["wage"]}}, "predictors names 'wage'"),
    "predictors as a number": ({"predictors": 3}, "predictors must be a dict of lists or a matrix"),
    "smoothing nobody": ({"smoothing": ["wage"]}, "smoothing names 'wage'"),
    "heaps of nothing": ({"heaps": {"wage": 0}}, "heaps names 'wage'"),
    "codes in words": (
        {"special_codes": {"smokes": [-8]}},
        "special_codes names 'smokes', which does not hold numbers",
    ),
    "codes that are words": ({"special_codes": {"income": ["-8"]}}, "must be numbers"),
    "strata of nobody": ({"strata": "wage"}, "strata names 'wage'"),
    "strata of one each": ({"strata": "weight"}, "group the values of 'weight' first"),
    "a seed in words": ({"random_state": "one"}, "random_state must be a whole number"),
    "nested in a number": ({"methods": {"smokes": Nested("age")}}, "which has no levels"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_setting_gets_one_sentence(name):
    settings, words = BAD[name]
    with pytest.raises(ValueError) as refusal:
        Sequential(**settings).fit(PEOPLE)
    message = str(refusal.value)
    assert words in message and "\n" not in message and len(message) < 300 and message.endswith("."), message


def test_free_text_and_keys_are_not_copied_on_request():
    with pytest.raises(ValueError, match="'remark' is free text, and CART would copy what people wrote"):
        Sequential(methods={"remark": "cart"}).fit(GIFTS)
    with pytest.raises(ValueError, match="'respondent' is a key"):
        Sequential(methods={"respondent": "sample"}).fit(GIFTS)


# As good as synthpop

LEVELS = {
    "sex": ["female", "male"],
    "region": ["centre", "east", "north", "south", "west"],
    "education": ["low", "middle", "high"],
    "life_satisfaction": ["low", "fair", "good", "high"],
}
EXPECTED = json.loads((GOLDEN / "expected.json").read_text())


def golden(name):
    table = pd.read_csv(GOLDEN / f"{name}.csv")
    ordered = ("education", "life_satisfaction")
    return table.assign(**{column: pd.Categorical(table[column], levels, ordered=column in ordered) for column, levels in LEVELS.items()})  # fmt: skip


OBSERVED = golden("observed")
OLS = "np.log1p(gift_spending) ~ age + sex + greenness + income + education"
LOGIT = "gives ~ age + sex + greenness + region"


def figures(synthetic):
    """The measures of this package, which tests/test_utility.py holds against synthpop's."""
    pairs = table_utilities(OBSERVED, synthetic)["S_pMSE"]
    with_gives = [table.assign(gives=(table["gift_spending"] > 0).astype(int)) for table in (OBSERVED, synthetic)]
    return {
        "main effects": propensity(OBSERVED, synthetic).S_pMSE,
        "with pairs": propensity(OBSERVED, synthetic, "logistic with pairs").S_pMSE,
        "two-way, mean": pairs.mean(),
        "two-way, largest": pairs.max(),
        "lm": compare_fit(OLS, OBSERVED, synthetic).mean_ci_overlap,
        "glm": compare_fit(LOGIT, *with_gives, "logit").mean_ci_overlap,
    }


def synthpops(method):
    expected = EXPECTED[method]
    pairs = [pair["S_pMSE"] for pair in expected["two_way"].values()]
    return {
        "main effects": expected["gen_logit_main"]["S_pMSE"],
        "with pairs": expected["gen_logit_pairs"]["S_pMSE"],
        "two-way, mean": np.mean(pairs),
        "two-way, largest": max(pairs),
        "lm": expected["lm"]["mean_ci_overlap"],
        "glm": expected["glm"]["mean_ci_overlap"],
    }


@pytest.mark.parametrize("method", ["cart", "parametric"])
def test_as_good_as_synthpop_on_its_golden_data(method):
    """synthpop's figures are those of one synthesis; their standard error is that of one synthesis of ours."""
    model = Sequential(method).fit(OBSERVED)
    found = pd.DataFrame([figures(model.sample(rng=seed)) for seed in range(20)])
    for name, value in synthpops(method).items():
        mean, error = found[name].mean(), found[name].std()
        assert mean >= value - 2 * error if name in ("lm", "glm") else mean <= value + 2 * error, name
        if method == "cart":  # CART does better than asked: within two standard errors of the mean
            error /= np.sqrt(20)
            assert mean >= value - 2 * error if name in ("lm", "glm") else mean <= value + 2 * error, name
