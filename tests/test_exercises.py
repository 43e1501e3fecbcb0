"""Every exercise: its reference answer is right, each listed mistake gets its own word, and nothing makes it raise."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.tree import DecisionTreeRegressor

from workshop.data import load
from workshop.exercises import check, exercises
from workshop.exercises.base import Exercise, Mistake, judge, same
from workshop.measures.attacks import split
from workshop.models.metadata import Metadata
from workshop.models.sequential import Sequential
from workshop.risk_utility import LADDER, Tradeoff

GIFTS = load("gifts")
GIVEN = {
    "0.1": {"observed": GIFTS},
    "1.2": {"observed": GIFTS["income"]},
    "1.3": {"observed": GIFTS["income"]},
    "1.5": {"observed": GIFTS["income"]},
    "3.1": {"observed": GIFTS.assign(postcode=GIFTS["postcode"].astype(int), education=GIFTS["education"].astype(str))},
    "3.2": {"observed": GIFTS["income"]},
    "3.3": {"observed": GIFTS},
    "3.4": {"observed": GIFTS, "synthetic": Metadata().fit(GIFTS).sample(rng=1)},
}
GIVERS = GIFTS[GIFTS["gift_spending"] > 0]
TREE = DecisionTreeRegressor(min_samples_leaf=250).fit(GIVERS[["greenness"]], np.log1p(GIVERS["gift_spending"]))
CART = Sequential().fit(GIFTS)
DIAL = pd.DataFrame(
    {"min_leaf": [1, 5, 50, 500], "effect": [19.2, 17.6, 18.0, 12.3], "copied": [0.99, 0.07, 0.02, 0.02]}
)
GIVEN |= {
    "4.1": {"observed": GIVERS, "tree": TREE, "greenness": 70.0},
    "4.2": {"model": CART},
    "4.3": {"observed": GIFTS, "synthetic": CART.sample(rng=1)},
    "4.4": {"observed": GIFTS},
    "4.5": {"dial": DIAL, "effect": 19.2},
}
CARELESS = Sequential(predictors={"gift_spending": ["age", "region"]}).fit(GIFTS).sample(rng=1)
ALONE = Metadata().fit(GIFTS).sample(rng=1)
BOTH = pd.concat([GIFTS.assign(is_synthetic=False), CARELESS.assign(is_synthetic=True)], ignore_index=True)
SHOWN = ["age", "education", "income", "region", "greenness", "gift_spending", "moved_in", "years_here"]
GIVEN |= {
    "5.1": {"both": BOTH, "age_group": pd.cut(BOTH["age"], [18, 30, 45, 60, 75, 91], right=False)},
    "5.2": {"observed": GIFTS, "synthetic": CARELESS, "pmse_region": 0.0005},
    "5.3": {"observed": GIFTS[SHOWN], "synthetic": ALONE[SHOWN]},
    "5.4": {"observed": GIFTS, "alone": ALONE, "tree": CART.sample(rng=1)},
}
PEOPLE, OTHERS = split(GIFTS, 0.5, 2)
SMALL, LARGE = (Sequential(min_leaf=size).fit(PEOPLE).sample(rng=1) for size in (2, 50))
KEYS = ["age", "region", "household_size"]
MEASURED = pd.DataFrame(
    {"risk": [0.3, 0.25, 0.15, 0.05, 0.0], "effect": [18.0, 18.0, 18.5, 16.0, 0.5]},
    ["leaves of 2", "top", "round", "leaves of 50", "metadata"],
)
GIVEN |= {
    "6.1": {"observed": PEOPLE, "synthetic": SMALL, "keys": KEYS},
    "6.2": {"observed": PEOPLE, "others": OTHERS, "small": SMALL, "large": LARGE},
    "6.3": {"observed": PEOPLE, "others": OTHERS, "synthetic": SMALL, "keys": KEYS, "target": "gives_to_charity"},
    "6.4": {"measured": MEASURED, "effect": 18.2},
}
CURVE = Tradeoff.load("gifts")
SEVEN = ["bootstrap", "CART (leaves of 100)", "CART (leaves of 5)", "constant", "copula", "metadata", "normal"]
GIVEN |= {
    "2.1": {"measured": CURVE, "models": SEVEN},
    "2.2": {"observed": PEOPLE, "synthetic": Sequential(min_leaf=2).fit(PEOPLE).sample(rng=10)},
    "2.3": {"measured": CURVE},
}
HEIGHTS = pd.DataFrame(
    np.random.default_rng(8).multivariate_normal([162, 164], [[36, 18], [18, 40]], 2000), columns=["mother", "daughter"]
)
X, NOISE = np.random.default_rng(3).normal(size=(2, 1500)) * [[1], [0.4]]
SIGNS = np.random.default_rng(4).choice([-1, 1], 1500)
WORLDS = {"line": X + NOISE, "bent line": np.exp(X + NOISE), "valley": X**2 + NOISE, "cross": X * SIGNS + NOISE}
GIVEN |= {
    "8.1": {"observed": HEIGHTS},
    "8.2": {"observed": HEIGHTS},
    "8.3": {"worlds": {name: pd.DataFrame({"x": X, "y": y}) for name, y in WORLDS.items()}},
}
GIVEN |= {
    "9.1": {"observed": np.array([2.0, 0.5, 1.0]), "made_up": np.array([-1.5, 0.2, -0.3])},
    "9.2": {"loss_at": lambda weight: (weight**2 + 3 * weight) ** 2, "weight": 0.7},
    "9.3": {
        "towns": {
            "careless": pd.Series([0] * 900 + [1] * 94 + [2] * 5 + [3] + [-1] * 1000),
            "careful": pd.Series([*np.repeat(range(7), 250), 7, 7, *[-1] * 248]),
        }
    },
}
GIVEN |= {
    "10.1": {"count": 23, "epsilon": 0.5},
    "10.2": {"n": 2000, "ages": (18, 90), "incomes": (0, 200_000)},
    "10.3": {"n": 1000, "epsilon": 0.5, "budget": 1.0},
    "10.4": {
        "gaps": pd.DataFrame(
            {5: [0.07, 0.05, 0.05], 20: [0.11, 0.02, 0.01], 1000: [0.19, 0.13, 0.07]}, index=[0.05, 0.5, 5.0]
        )
    },
}
MEANS, VARIANCES = np.random.default_rng(1).normal(50, 2**0.5, (4000, 5)), np.full((4000, 5), 0.9)
GIVEN |= {
    "11.1": {"means": MEANS[:, 0], "variances": VARIANCES[:, 0], "truth": 50},
    "11.2": {
        "means": MEANS + np.random.default_rng(2).normal(size=(4000, 1)) * 0.9,
        "variances": VARIANCES,
        "truth": 50,
    },
    "11.3": {"estimates": MEANS[:5, :2], "variances": VARIANCES[:5, :2] * [[0.1, 0.2]]},
}
N = 600
RAW = pd.DataFrame(
    {
        "number": np.random.default_rng(1).permutation(9000)[:N],
        "age": np.random.default_rng(2).integers(18, 80, N),
        "town": ["Ely", "Ely ", "Bath"] * (N // 3),
        "married": [f"{i % 37},5 years" for i in range(N)],
        "religious": [1, 2, 3, 4, 99, 3] * (N // 6),
        "filled_in": [f"{i % 28 + 1:02d}.03.1974" for i in range(N)],
        "country": "US",
    }
)
OF_THREE = pd.DataFrame(
    {
        "model": ["metadata", "leaves of 50", "leaves of 5"],
        "seed": 0,
        **{rung: [0.0, 1.0, 1.0] for rung in LADDER},
        "utility": [0.1, 0.8, 0.9],
        "risk": [-0.02, 0.01, 0.06],
    }
)
VOTERS = pd.DataFrame({"income": [-9.0, -9, -9, -8, 12, 15, 20, 3, 4, 5] * 10})
NEW_VOTERS = pd.DataFrame({"income": [-9.0, -8, -8, 10, 12, 15, 20, 3, 4, 5] * 50})
GIVEN |= {
    "12.1": {"raw": RAW},
    "12.2": {"mended": RAW},
    "12.3": {"measured": Tradeoff(OF_THREE, {}), "use": "show association"},
    "12.4": {"synthetic": NEW_VOTERS, "observed": VOTERS},
}
RELEASED = Sequential(min_leaf=20).fit(PEOPLE).sample(rng=2)
GIVEN |= {"7.2": {"observed": PEOPLE, "released": RELEASED}}
RUNS = pd.DataFrame({"records": [20_000, 50_000, 125_000], "seconds": [0.2, 0.56, 1.7]})
GIVEN |= {
    "13.1": {"table": GIFTS[["age", "income", "greenness"]].assign(region=GIFTS["region"].astype("category"))},
    "13.2": {"runs": RUNS, "n": 1_000_000},
}
MISTAKES = [(number, mistake) for number, exercise in exercises().items() for mistake in exercise.mistakes]
RUBBISH = [
    None,
    "forty",
    [],
    [1, "a"],
    {},
    float("nan"),
    np.inf,
    True,
    2 + 3j,
    object(),
    lambda *_: 1 / 0,
    pd.DataFrame({"a": [1]}),
    print,
    -1,
    10**30,
]


def given_for(number):
    return GIVEN.get(number, {})


def card_of(number, answer, **given):
    return judge(exercises()[number], {**(given or given_for(number)), **answer})[0]


@pytest.fixture(autouse=True, scope="module")
def solved_once():
    """The same exercise with the same data is worked out once for all tests: some take seconds."""
    known, patch = {}, pytest.MonkeyPatch()
    for kind in {type(exercise) for exercise in exercises().values()}:

        def solve(self, *values, _own=kind.solve, **given):
            data = (*values, *given.values())
            key = type(self), tuple(given), *map(id, data)
            if key not in known:  # the data are kept, so that their ids stay their own
                known[key] = _own(self, *values, **given), data
            return dict(known[key][0])

        patch.setattr(kind, "solve", solve)
    yield
    patch.undo()


@pytest.mark.parametrize("number", exercises())
def test_the_reference_answer_is_right_and_handed_on(number):
    exercise = exercises()[number]
    reference = exercise.solve(**given_for(number))
    card, answer = judge(exercise, {**given_for(number), **reference})
    assert card.state == "right", card
    assert all(handed is own for handed, own in zip(answer, reference.values(), strict=True))


@pytest.mark.parametrize(
    ("number", "mistake"), MISTAKES, ids=[f"{number} {mistake.name}" for number, mistake in MISTAKES]
)
def test_each_mistake_gets_its_own_word_and_the_reference_is_handed_on(number, mistake):
    exercise = exercises()[number]
    wrong = mistake.example(**given_for(number))
    card, answer = judge(exercise, {**given_for(number), **wrong})
    assert card.state == "wrong"
    assert card.says.startswith(mistake.says)
    assert not all(handed is own for handed, own in zip(answer, wrong.values(), strict=True))


@pytest.mark.parametrize("number", exercises())
def test_at_least_three_mistakes_are_told_apart(number):
    said = [mistake.says for mistake in exercises()[number].mistakes]
    assert len(said) >= 3
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("number", exercises())
def test_dots_are_open_and_the_reference_is_handed_on(number):
    exercise = exercises()[number]
    card, answer = judge(exercise, {**given_for(number), **dict.fromkeys(exercise.answers, ...)})
    assert card.state == "open"
    assert ... not in [value for value in answer if value is ...] and len(answer) == len(exercise.answers)


@pytest.mark.parametrize("rubbish", RUBBISH, ids=[type(value).__name__ + str(i) for i, value in enumerate(RUBBISH)])
@pytest.mark.parametrize("number", exercises())
def test_rubbish_gets_a_sentence_and_never_an_error(number, rubbish):
    exercise = exercises()[number]
    card, _ = judge(exercise, {**given_for(number), **dict.fromkeys(exercise.answers, rubbish)})
    assert card.state == "wrong"
    assert 10 < len(card.says) < 400


def test_a_forgotten_argument_is_named():
    card, _ = judge(exercises()["1.2"], {"observed": GIFTS["income"], "mu": 1})
    assert "sigma" in card.says


def test_data_without_numbers_get_a_sentence():
    card, answer = judge(exercises()["1.2"], {"observed": GIFTS["region"], "mu": 1, "sigma": 2})
    assert "not a column of numbers" in card.says and answer == (1, 2)


@pytest.mark.parametrize("seed", range(40))
def test_right_draws_are_nearly_always_recognised(seed):
    assert card_of("1.1", {"draws": np.random.default_rng(seed).normal(1, 1.5, 100)}).state == "right"


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    "draw",
    [lambda rng: rng.normal(1.5, 1, 100), lambda rng: rng.normal(1, 2.25, 100), lambda rng: rng.normal(size=100)],
)
def test_wrong_draws_are_never_right(seed, draw):
    assert card_of("1.1", {"draws": draw(np.random.default_rng(100 + seed))}).state == "wrong"


def test_lists_and_series_are_as_good_as_arrays():
    draws = exercises()["1.1"].solve()["draws"]
    assert card_of("1.1", {"draws": list(draws)}).state == "right"
    assert card_of("1.1", {"draws": pd.Series(draws)}).state == "right"


def test_both_divisors_of_the_standard_deviation_are_right():
    income = GIFTS["income"]
    assert card_of("1.2", {"mu": income.mean(), "sigma": income.std(ddof=0)}).state == "right"


@pytest.mark.parametrize("scale", ["log", "log1p", "gamma", "sqrt"])
def test_every_sensible_mending_is_right(scale):
    rng, income = np.random.default_rng(3), GIFTS["income"].dropna().to_numpy()
    n = len(GIFTS)
    mended = {
        "log": lambda: np.exp(rng.normal(np.log(income).mean(), np.log(income).std(), n)),
        "log1p": lambda: np.expm1(rng.normal(np.log1p(income).mean(), np.log1p(income).std(), n)),
        "gamma": lambda: stats.gamma(*stats.gamma.fit(income, floc=0)).rvs(n, random_state=rng),
        "sqrt": lambda: rng.normal(np.sqrt(income).mean(), np.sqrt(income).std(), n) ** 2,
    }[scale]()
    assert card_of("1.3", {"mended": mended}).state == "right"


def test_a_histogram_sampler_written_with_a_loop_is_right():
    def sampler(counts, edges, n, rng):
        bins = np.repeat(np.arange(len(counts)), rng.multinomial(n, counts / np.sum(counts)))
        return [edges[b] + rng.random() * (edges[b + 1] - edges[b]) for b in bins]

    assert card_of("1.4", {"sample_histogram": sampler}).state == "right"


def test_check_shows_a_card_and_returns_one_value_or_a_tuple(capsys):
    assert check("0.1", observed=GIFTS, n_records=...) == len(GIFTS)
    mu, sigma = check("1.2", observed=GIFTS["income"], mu=..., sigma=...)
    assert mu == pytest.approx(GIFTS["income"].mean()) and sigma == pytest.approx(GIFTS["income"].std())
    assert "Exercise 1.2 · Still open" in capsys.readouterr().out


def test_an_unknown_exercise_is_refused_by_name():
    with pytest.raises(ValueError, match="no exercise '9.9'"):
        check("9.9")


def test_a_card_says_the_same_in_html_and_in_text():
    card = card_of("1.2", {"mu": "<b>", "sigma": 1})
    assert "&lt;b&gt;" in card._repr_html_() and "<b>" in repr(card)
    assert "Not yet" in card._repr_html_() and "Not yet" in repr(card)


def test_a_failing_check_ends_in_a_word():
    class Broken(Exercise):
        number, answers = "0.0", ("x",)
        mistakes = (Mistake("fails", lambda: {"x": 1}, "", lambda answer, given: 1 / 0),)

        def solve(self):
            return {"x": 2}

    card, answer = judge(Broken(), {"x": 2})
    assert "ZeroDivisionError" in card.says and answer == (2,)


def test_numbers_agree_within_a_thousandth():
    assert same({"x": 1000.9}, {"x": 1000}) and not same({"x": 1002}, {"x": 1000})


def test_own_decisions_about_columns_are_right_too():
    mended = exercises()["12.1"].solve(raw=RAW)["mended"]
    for own in (mended.assign(number=RAW["number"]), mended.assign(religious=mended["religious"].astype("category"))):
        assert card_of("12.1", {"mended": own}).state == "right"


def test_a_table_with_nothing_to_mend_is_right_as_it_is():
    assert card_of("12.1", {"mended": GIFTS.copy()}, raw=GIFTS).state == "right"


def test_what_is_left_to_mend_is_named():
    half = RAW.assign(town=RAW["town"].str.strip())
    assert "still finds something in 'married'" in card_of("12.1", {"mended": half}).says


def test_any_fair_way_to_set_people_aside_is_right():
    people = RAW.sample(frac=0.7, random_state=3)
    assert card_of("12.2", {"people": people, "others": RAW.drop(people.index)}).state == "right"


def test_where_no_model_supports_the_use_none_is_right():
    given = {"measured": Tradeoff(OF_THREE.assign(correlate=0.0), {}), "use": "correlate"}
    assert card_of("12.3", {"choice": "none"}, **given).state == "right"
    assert card_of("12.3", {"choice": "metadata"}, **given).state == "wrong"
