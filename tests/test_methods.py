"""The methods of one step, held against scipy, statsmodels and scikit-learn."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from workshop.models.conditional import Nested, Sample
from workshop.models.encoding import Code
from workshop.models.predictors import Predictors, Target
from workshop.models.regressions import Linear, Logistic, OrderedLogistic, PredictiveMeanMatching
from workshop.models.trees import CART, Bagging, Forest

N = 4000
RNG = np.random.default_rng(7)
X = pd.DataFrame(
    {"age": RNG.normal(50, 12, N).round(2), "sex": RNG.choice(["f", "m"], N), "region": RNG.choice([*"abcde"], N)}
)
X.loc[RNG.random(N) < 0.1, "age"] = np.nan
EXPECTED = 0.04 * X["age"].fillna(30) + 0.8 * (X["sex"] == "m") + X["region"].map(dict(zip("abcde", [0, 0.3, 0.9, -0.5, 0.1], strict=True)))  # fmt: skip
EXPECTED = EXPECTED.to_numpy() - EXPECTED.mean()


def predictors(table=X):
    codes = [Code.of(table[name]) for name in table]
    return Predictors(tuple(code.encode(table[code.name]) for code in codes), len(table))


PREDICTORS = predictors()
NUMBERS = EXPECTED + RNG.normal(0, 0.5, N)


def rng(seed=1):
    return np.random.default_rng(seed)


def test_the_design_spans_what_a_formula_of_statsmodels_spans():
    table = X.assign(y=NUMBERS, gone=X["age"].isna().astype(float), age=X["age"].fillna(0))
    theirs = sm.OLS.from_formula("y ~ age + gone + sex + region", table).fit()
    ours = Linear().fit(Target("y", NUMBERS), PREDICTORS, rng())
    np.testing.assert_allclose(PREDICTORS.design() @ ours.coefficients_, theirs.fittedvalues, atol=1e-8)
    assert ours.sd_ == pytest.approx(np.sqrt(theirs.scale), rel=1e-9)


@pytest.mark.parametrize(
    ("scale", "values"),
    [
        ("none", NUMBERS),
        ("log", np.exp(NUMBERS)),
        ("square root", (NUMBERS + 9) ** 2),
        ("cube root", NUMBERS**3),
        ("ranks", np.exp(NUMBERS)),
    ],
)
def test_a_line_draws_from_the_distribution_that_it_was_fitted_to(scale, values):
    drawn = Linear(scale).fit(Target("y", values), PREDICTORS, rng()).draw(PREDICTORS, rng(2))
    assert stats.ks_2samp(drawn, values).pvalue > 0.001
    assert stats.spearmanr(drawn, EXPECTED)[0] == pytest.approx(stats.spearmanr(values, EXPECTED)[0], abs=0.03)
    if scale == "ranks":
        assert set(drawn) <= set(values)


def test_predictive_mean_matching_hands_out_the_values_of_those_who_are_expected_to_be_alike():
    model = PredictiveMeanMatching(donors=3).fit(Target("y", NUMBERS), PREDICTORS, rng())
    few = PREDICTORS.take(np.arange(50))
    expected = few.design() @ model.coefficients_
    found = [set(column) for column in np.array([model.draw(few, rng(seed)) for seed in range(40)]).T]
    # Of equally distant ones either may be a donor, so the distances are compared.
    worst = [max(np.abs(model.expected_[np.isin(model.values_, list(chosen))] - value)) for chosen, value in zip(found, expected, strict=True)]  # fmt: skip
    best = [sorted(np.abs(model.expected_ - value))[2] for value in expected]
    np.testing.assert_array_less(np.array(worst), np.array(best) + 1e-9)
    assert np.mean([len(chosen) == 3 for chosen in found]) > 0.9


@pytest.mark.parametrize("levels", [2, 4])
def test_logistic_regression_gives_statsmodels_probabilities(levels):
    states = np.digitize(EXPECTED + rng(3).logistic(size=N) * 0.6, [[0], [-0.7, 0, 0.7]][levels == 4])
    theirs = sm.MNLogit(states, PREDICTORS.design()).fit(disp=False, method="bfgs", maxiter=500)
    ours = Logistic().fit(Target("y", states, levels), PREDICTORS, rng())
    shares = ours.regression_.predict_proba(PREDICTORS.design())
    np.testing.assert_allclose(shares, theirs.predict(), atol=0.004)
    drawn = ours.draw(PREDICTORS, rng(4))
    np.testing.assert_allclose(np.bincount(drawn, minlength=levels) / N, shares.mean(axis=0), atol=0.025)


def test_ordered_logistic_regression_recovers_the_true_cuts_and_effects():
    cuts = np.array([-1.5, 0, 1.2])
    states = np.digitize(2 * EXPECTED + rng(5).logistic(size=N), cuts)
    model = OrderedLogistic().fit(Target("y", states, 4, ordered=True), PREDICTORS, rng())
    hidden = PREDICTORS.design()[:, model.varies_] @ model.coefficients_
    assert np.polyfit(2 * EXPECTED, hidden, 1)[0] == pytest.approx(1, abs=0.06)
    np.testing.assert_allclose(np.diff(model.cuts_), np.diff(cuts), atol=0.12)
    drawn = model.draw(PREDICTORS, rng(6))
    np.testing.assert_allclose(np.bincount(drawn) / N, np.bincount(states) / N, atol=0.03)
    alone = OrderedLogistic().fit(Target("y", states, 4, ordered=True), Predictors((), N), rng())
    np.testing.assert_allclose(
        np.bincount(alone.draw(Predictors((), N), rng(7))) / N, np.bincount(states) / N, atol=0.03
    )


def test_a_tree_asks_what_scikit_learns_own_tree_asks():
    model = CART(min_leaf=20).fit(Target("y", NUMBERS), PREDICTORS, rng())
    features = PREDICTORS.features(model.places_)
    theirs = DecisionTreeRegressor(min_samples_leaf=20, random_state=0).fit(features, NUMBERS)
    assert model.tree_.tree_.impurity[0] == pytest.approx(NUMBERS.var())
    error = [((NUMBERS - tree.predict(features)) ** 2).mean() for tree in (model.tree_, theirs)]
    assert error[0] == pytest.approx(error[1], rel=0.01)
    assert model.counts_[model.counts_ > 0].min() >= 20 and model.counts_.sum() == N


def test_levels_in_the_order_of_the_target_find_the_best_question_of_all():
    """Breiman and others (1984): for numbers and two classes no grouping of the levels does better than a cut in their order."""
    table = X[["region"]]
    model = CART(max_depth=1).fit(Target("y", NUMBERS), predictors(table), rng())
    best = min(
        sum(NUMBERS[group == side].var() * (group == side).sum() for side in (True, False))
        for chosen in range(1, 16)
        for group in [
            table["region"].isin([level for bit, level in enumerate("abcde") if chosen >> bit & 1]).to_numpy()
        ]
    )
    leaf = model.leaves(predictors(table))
    assert sum(NUMBERS[leaf == one].var() * (leaf == one).sum() for one in np.unique(leaf)) == pytest.approx(best)


def test_two_classes_are_split_as_by_gini():
    states = (EXPECTED + rng(3).logistic(size=N) > 0).astype(np.int32)
    model = CART(min_leaf=30).fit(Target("y", states, 2), PREDICTORS, rng(1))
    features = PREDICTORS.features(model.places_)
    theirs = DecisionTreeClassifier(min_samples_leaf=30, random_state=0).fit(features, states)
    assert model.tree_.get_n_leaves() == pytest.approx(theirs.get_n_leaves(), rel=0.03)
    np.testing.assert_allclose(model.tree_.predict(features).mean(), theirs.predict_proba(features)[:, 1].mean())


@pytest.mark.parametrize("method", [CART(), CART(min_leaf=200), Bagging(), Forest(), Sample()], ids=str)
@pytest.mark.parametrize("levels", [None, 3])
def test_donors_keep_the_distribution(method, levels):
    values = NUMBERS if levels is None else np.digitize(NUMBERS, [-0.5, 0.6])
    drawn = method.fit(Target("y", values, levels), PREDICTORS, rng()).draw(PREDICTORS, rng(2))
    assert set(drawn) <= set(values)
    assert stats.ks_2samp(drawn, values).pvalue > 0.001
    kept = stats.spearmanr(drawn, EXPECTED)[0]
    assert abs(kept) < 0.05 if isinstance(method, Sample) else kept > 0.45


def test_every_donor_of_a_leaf_is_as_likely_as_the_others():
    model = CART(min_leaf=N).fit(Target("y", np.arange(10.0).repeat(N // 10)), PREDICTORS, rng())
    drawn = np.concatenate([model.draw(PREDICTORS, rng(seed)) for seed in range(10)])
    assert stats.chisquare(np.bincount(drawn.astype(int))).pvalue > 0.001


def test_complexity_is_the_share_of_the_impurity_that_a_question_takes_away():
    for method in (CART(complexity=0.02), CART(complexity=0.3)):
        tree = method.fit(Target("y", NUMBERS), PREDICTORS, rng()).tree_.tree_
        inner = np.flatnonzero(tree.children_left >= 0)
        left, right = tree.children_left[inner], tree.children_right[inner]
        size = tree.weighted_n_node_samples
        gain = (
            size[inner] * tree.impurity[inner] - size[left] * tree.impurity[left] - size[right] * tree.impurity[right]
        )
        assert (gain >= method.complexity * N * NUMBERS.var() * (1 - 1e-9)).all()


def test_nested_levels_keep_their_shares_within_the_coarser_one():
    table = X[["region"]]
    fine = np.where(rng(8).random(N) < 0.7, 0, 1) + 2 * predictors(table).columns[0].states
    drawn = Nested("region").fit(Target("y", fine, 10), predictors(table), rng()).draw(predictors(table), rng(9))
    assert (drawn // 2 == fine // 2).all()
    np.testing.assert_allclose(np.bincount(drawn) / N, np.bincount(fine) / N, atol=0.02)
