"""The data keep what the codebook promises, and the truth can be found in them."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workshop.data import load
from workshop.table import describe

DATA = Path(__file__).resolve().parents[1] / "data"
GIFTS = load("gifts")


def maker():
    spec = importlib.util.spec_from_file_location("make_gifts", DATA / "make_gifts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def codebook():
    lines = re.findall(r"^\| (.+) \|$", (DATA / "codebook.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return pd.DataFrame(rows, columns=head).set_index("variable")


CODEBOOK = codebook()


def test_the_file_is_remade_byte_for_byte():
    make = maker()
    assert make.as_csv(make.make()) == (DATA / "super_private_data_file.csv").read_bytes()


def test_the_variables_and_their_kinds_are_those_of_the_codebook():
    found = describe(GIFTS).set_index("variable")["kind"]
    assert found.to_dict() == CODEBOOK["kind"].to_dict()
    assert list(GIFTS.columns) == list(CODEBOOK.index)


@pytest.mark.parametrize("variable", CODEBOOK.index)
def test_the_share_of_missing_values_is_that_of_the_codebook(variable):
    promised = float(CODEBOOK.loc[variable, "missing"].rstrip(" %")) / 100
    assert GIFTS[variable].isna().mean() == pytest.approx(promised, abs=0.01)


@pytest.mark.parametrize("variable", [name for name in CODEBOOK.index if " to " in CODEBOOK.loc[name, "values"]])
def test_values_lie_within_the_range_of_the_codebook(variable):
    low, high = CODEBOOK.loc[variable, "values"].split(" to ")
    values = GIFTS[variable].dropna()
    if pd.api.types.is_numeric_dtype(values):
        low, high = float(low.replace(",", "")), float(high.replace(",", ""))
    elif pd.api.types.is_datetime64_any_dtype(values):
        low, high = pd.Timestamp(low), pd.Timestamp(high)
    assert low <= values.min() and values.max() <= high


def test_levels_are_those_of_the_codebook_and_in_order():
    assert " < ".join(GIFTS["education"].cat.categories) == CODEBOOK.loc["education", "values"]
    assert set(GIFTS["region"]) == set(CODEBOOK.loc["region", "values"].split(", "))
    assert set(GIFTS["gives_to_charity"]) == {"yes", "no"}


def test_every_level_occurs_and_some_are_rare():
    assert 0 < (GIFTS["region"] == "islands").mean() < 0.02
    assert 0 < (GIFTS["education"] == "primary").mean() < 0.02


def test_the_key_is_unique_and_its_check_digits_are_right():
    numbers = GIFTS["respondent"].str.extract(r"^R-(\d{4})-(\d{2})$").astype(int)
    assert GIFTS["respondent"].is_unique and (numbers[0] % 97 == numbers[1]).all()


def test_names_are_text_with_rare_ones_and_postcodes_keep_their_zero():
    assert GIFTS["first_name"].nunique() > 200 and (GIFTS["first_name"].value_counts() <= 2).any()
    assert GIFTS["postcode"].str.fullmatch(r"\d{4}").all() and 0.3 < GIFTS["postcode"].str.startswith("0").mean() < 0.8


def test_years_here_is_derived_from_the_date_of_moving_in():
    expected = [2025 - day.year - ((day.month, day.day) > (6, 30)) for day in GIFTS["moved_in"]]
    assert GIFTS["years_here"].tolist() == expected
    assert (GIFTS["years_here"] < GIFTS["age"]).all()


def test_exactly_one_person_stands_out():
    rich = GIFTS[GIFTS["income"] > 400_000]
    assert len(rich) == 1
    assert rich.iloc[0][["income", "gift_spending", "region"]].tolist() == [1_240_000, 48_500, "islands"]


def test_a_normal_distribution_gives_a_visible_share_a_negative_income():
    income = GIFTS["income"].dropna()
    assert 0.05 < (np.random.default_rng(1).normal(income.mean(), income.std(), 100_000) < 0).mean() < 0.2


def test_the_spike_at_zero_and_the_long_tail_of_gifts():
    spending = GIFTS["gift_spending"]
    assert 0.2 < (spending == 0).mean() < 0.3
    assert spending[spending > 0].skew() > 2


@pytest.fixture(scope="module")
def formula():
    return pytest.importorskip("statsmodels.formula.api")


def test_the_true_effects_lie_in_the_intervals_of_a_regression(formula):
    givers = GIFTS[GIFTS["gift_spending"] > 0].assign(log_income=lambda table: np.log(table["income"]) - 10.3)
    interval = formula.ols("np.log1p(gift_spending) ~ greenness + log_income", givers).fit().conf_int()
    for name, truth in {"Intercept": 3.9, "greenness": 0.015, "log_income": 0.45}.items():
        assert interval.loc[name, 0] < truth < interval.loc[name, 1], name
    gives = GIFTS.assign(gives=(GIFTS["gift_spending"] > 0).astype(int), log_income=np.log(GIFTS["income"]) - 10.3)
    interval = formula.logit("gives ~ greenness + log_income", gives).fit(disp=False).conf_int()
    assert interval.loc["greenness", 0] < 0.016 < interval.loc["greenness", 1]


def test_income_is_missing_more_often_for_older_and_less_educated_people(formula):
    table = pd.DataFrame(
        {
            "gone": GIFTS["income"].isna().astype(int),
            "age": GIFTS["age"] - 50,
            "education": GIFTS["education"].cat.codes - 2,
        }
    )
    interval = formula.logit("gone ~ age + education", table).fit(disp=False).conf_int()
    assert interval.loc["age", 0] < 0.025 < interval.loc["age", 1] and interval.loc["age", 0] > 0
    assert interval.loc["education", 0] < -0.35 < interval.loc["education", 1] and interval.loc["education", 1] < 0


def test_the_codebook_states_the_constants_of_the_process():
    make, text = maker(), (DATA / "codebook.md").read_text(encoding="utf-8").replace("−", "-")
    for constants in (make.LOG_INCOME, make.INCOME_MISSING, make.GIVES, make.LOG1P_GIFTS, make.CHARITY):
        for name, value in constants.items():
            assert f"{abs(value):g}" in text, (name, value)
    for region, mean in make.GREENNESS_OF_REGION.items():
        assert f"{region} {mean}" in text
