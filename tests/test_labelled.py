"""SPSS and Stata files: labels, and the kinds of missing they tell apart, written by pyreadstat and read by us."""

import json

import numpy as np
import pandas as pd
import pytest

from workshop.data import read_table, write_table
from workshop.first_look import look_over
from workshop.labelled import descriptions, plain_missing, special_codes
from workshop.models.metadata import Metadata
from workshop.models.sequential import Sequential
from workshop.release.make import make_release
from workshop.table import TableError, kind_of

pyreadstat = pytest.importorskip("pyreadstat")
RNG = np.random.default_rng(5)
N = 600
AGE = RNG.integers(18, 90, N).astype(float)
INCOME = np.where(
    RNG.random(N) < 0.15, -9.0, np.where(RNG.random(N) < 0.1, -8.0, (800 + 30 * AGE + RNG.normal(0, 200, N)).round())
)
INCOME[:5] = np.nan
SEX = RNG.choice([1.0, 2.0, 9.0], N, p=[0.45, 0.45, 0.1])
LABELS = {"income": {-9.0: "refused", -8.0: "does not know"}, "sex": {1.0: "man", 2.0: "woman", 9.0: "no answer"}, "trust": {0.0: "none", 10.0: "full", 99.0: "refused"}}  # fmt: skip
NAMES = {"age": "Age in years", "income": "Net income a month, euro", "sex": "Sex"}


@pytest.fixture(scope="module")
def sav(tmp_path_factory):
    path = tmp_path_factory.mktemp("spss") / "study.sav"
    trust = RNG.integers(0, 11, N).astype(float)
    trust[::20] = 99
    table = pd.DataFrame(
        {"age": AGE, "income": INCOME, "sex": SEX, "trust": trust, "town": RNG.choice(["Ely", "XX", ""], N)}
    )
    pyreadstat.write_sav(
        table,
        path,
        column_labels=NAMES,
        variable_value_labels=LABELS,
        missing_ranges={"income": [{"lo": -9, "hi": -1}], "sex": [9], "trust": [99], "town": ["XX"]},
        variable_measure={"sex": "ordinal"},
    )
    return path, table


def test_kinds_of_missing_become_missing_unless_one_asks(sav):
    path, written = sav
    table = read_table(path)
    assert table["income"].isna().tolist() == (written["income"].isna() | (written["income"] < 0)).tolist()
    assert table["income"].dropna().tolist() == written["income"][written["income"] > 0].tolist()
    assert table["sex"].cat.categories.tolist() == ["man", "woman"] and table["sex"].cat.ordered
    assert table["trust"].max() == 10 and table["town"].dropna().unique().tolist() == ["Ely"]
    assert special_codes(table) == {}


def test_kinds_of_missing_are_kept_as_codes_and_levels(sav):
    path, written = sav
    table = read_table(path, user_missing="keep")
    pd.testing.assert_series_equal(table["income"], written["income"])
    assert special_codes(table) == {"income": [-9, -8], "trust": [99]}
    assert table["sex"].cat.categories.tolist() == ["man", "woman", "no answer"]
    assert not table["sex"].cat.ordered  # "no answer" is neither more nor less than "woman"
    assert (table["town"] == "XX").sum() == (written["town"] == "XX").sum()


def test_plain_missing_gives_what_reading_gives_by_itself(sav):
    kept, usual = read_table(sav[0], user_missing="keep"), read_table(sav[0])
    plain = plain_missing(kept)
    for name in usual:
        values, wanted = plain[name].astype(object), usual[name].astype(object)
        assert values.isna().tolist() == wanted.isna().tolist() and values.dropna().tolist() == wanted.dropna().tolist()
    assert kept["income"].min() == -9 and special_codes(plain) == {}


def test_synthetic_data_reproduce_who_refused_and_who_does_not_know(sav):
    table = read_table(sav[0], user_missing="keep")
    synthetic = Sequential(special_codes=special_codes(table)).fit(table).sample(20_000, rng=1)
    for code in (-9, -8):
        assert (synthetic["income"] == code).mean() == pytest.approx((table["income"] == code).mean(), abs=0.02)
    assert (synthetic["sex"] == "no answer").mean() == pytest.approx((table["sex"] == "no answer").mean(), abs=0.02)
    assert synthetic["income"][synthetic["income"] < 0].isin([-9, -8]).all()
    real = synthetic["income"] > 0
    assert synthetic["income"][real].corr(synthetic["age"][real]) > 0.8  # codes do not spoil what goes with what


def test_codes_stay_codes_when_donors_are_smoothed_or_a_line_is_fitted(sav):
    table = read_table(sav[0], user_missing="keep")
    for how in ({"smoothing": True}, {"method": "parametric"}):
        synthetic = Sequential(special_codes=special_codes(table), **how).fit(table).sample(5000, rng=1)
        below = synthetic["income"][synthetic["income"] < 0]
        assert below.isin([-9, -8]).mean() > 0.99


def test_a_model_of_one_kind_of_missing_takes_the_usual_table(sav):
    synthetic = Metadata().fit(read_table(sav[0])).sample(2000, rng=1)
    assert synthetic["income"].min() > 0


def test_labels_of_variables_are_kept_and_describe_the_codes(sav):
    table = read_table(sav[0], user_missing="keep")
    assert table.attrs["labels"] == NAMES
    said = descriptions(table)
    assert said["age"] == "Age in years"
    assert said["income"] == "Net income a month, euro (-9: refused; -8: does not know)"
    assert said["trust"] == "(99: refused)" and "town" not in said


def test_labels_of_variables_become_descriptions_in_the_codebook_of_a_release(sav, tmp_path):
    observed = read_table(sav[0])
    model = Metadata(privacy=11).fit(observed)
    make_release(
        model.sample(rng=1), model, observed, ["age", "sex"], tmp_path / "r", seed=1, descriptions={"sex": "as told"}
    )
    book = (tmp_path / "r" / "codebook.md").read_text()
    assert "Net income a month, euro" in book and "Age in years" in book and "as told" in book
    fields = json.loads((tmp_path / "r" / "datapackage.json").read_text())["resources"][0]["schema"]["fields"]
    assert {field["name"]: field.get("description") for field in fields}["age"] == "Age in years"


def test_what_a_file_said_survives_choosing_splitting_and_parquet(sav, tmp_path):
    pytest.importorskip("pyarrow")
    table = read_table(sav[0], user_missing="keep")
    assert special_codes(table[["income"]].head(10)) == {"income": [-9, -8]}
    write_table(table, tmp_path / "t.parquet")
    back = read_table(tmp_path / "t.parquet")
    assert special_codes(back) == special_codes(table) and descriptions(back) == descriptions(table)


def test_no_label_of_a_person_comes_with_a_synthetic_table(sav):
    table = read_table(sav[0], user_missing="keep")
    assert Sequential(special_codes=special_codes(table)).fit(table).sample(10, rng=1).attrs == {}


def test_stata_letters_are_missing_or_kept_as_numbers_below_all_others(tmp_path):
    values = pd.Series([1000.0, 2500.0, "a", "b", -3.0, "a"] * 10, dtype=object)
    table = pd.DataFrame({"income": values, "n": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0] * 10})
    labels = {"income": {"a": "refused"}}
    pyreadstat.write_dta(
        table, tmp_path / "t.dta", variable_value_labels=labels, missing_user_values={"income": ["a", "b"]}
    )
    usual = read_table(tmp_path / "t.dta")
    assert usual["income"].head(6).isna().tolist() == [False, False, True, True, False, True]
    kept = read_table(tmp_path / "t.dta", user_missing="keep")
    assert kept["income"].head(6).tolist() == [1000, 2500, -11, -12, -3, -11]
    assert special_codes(kept) == {"income": [-11, -12]} and special_codes(usual) == {}
    assert descriptions(kept) == {"income": "(-11: refused; -12: .b)"}


def test_two_codes_under_one_label_stay_two_levels(tmp_path):
    table = pd.DataFrame({"job": [1.0, 2, 3, 1, 2]})
    pyreadstat.write_sav(table, tmp_path / "t.sav", variable_value_labels={"job": {1: "other", 2: "other", 3: "nurse"}})
    back = read_table(tmp_path / "t.sav")["job"]
    assert back.tolist() == ["other (1)", "other (2)", "nurse", "other (1)", "other (2)"]


def test_labels_of_text_become_levels(tmp_path):
    table = pd.DataFrame({"sex": ["m", "f", "m"]})
    pyreadstat.write_sav(table, tmp_path / "t.sav", variable_value_labels={"sex": {"m": "man", "f": "woman"}})
    back = read_table(tmp_path / "t.sav")["sex"]
    assert back.tolist() == ["man", "woman", "man"] and kind_of(back) == "categorical"


def test_letters_of_an_old_file_need_their_encoding_said(tmp_path):
    pyreadstat.write_sav(pd.DataFrame({"town": ["Curacao", "Ely"]}), tmp_path / "t.sav")
    raw = (tmp_path / "t.sav").read_bytes()
    (tmp_path / "t.sav").write_bytes(raw.replace(b"Curacao", "Curaçao".encode("cp1252")))
    with pytest.raises(TableError, match="letters that cannot be read: say its encoding"):
        read_table(tmp_path / "t.sav")
    assert read_table(tmp_path / "t.sav", encoding="cp1252")["town"][0] == "Curaçao"


def test_what_user_missing_can_be_is_said(sav):
    with pytest.raises(ValueError, match='must be "missing" or "keep"; got \'all\''):
        read_table(sav[0], user_missing="all")


def test_a_labelled_file_has_nothing_to_mend(sav):
    assert not look_over(read_table(sav[0])).lines
