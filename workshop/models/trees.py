"""Trees whose leaves hand out donors: CART, and forests and bags of such trees.

A classification or regression tree (Breiman, Friedman, Olshen and Stone, 1984) asks questions until records that are alike sit
in the same leaf. A synthetic record goes down the same tree, and one of the observed records in its leaf, the *donor*, hands
it its value (Reiter, 2005). scikit-learn grows the trees; this file adds the donors.
"""

import numpy as np
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from workshop.models.conditional import Method
from workshop.models.predictors import level_means
from workshop.settings import at_least, whole

#: A target of more levels than this is not classified: levels get coordinates, by what the predictors say of each.
MOST_CLASSES = 20
_COORDINATES = 3
_STEADIED_BY = 5


class CART(Method):
    """A classification or regression tree whose leaves hand out donors.

    Parameters
    ----------
    min_leaf : int, default 5
        The fewest observed records in a leaf. Larger leaves blur more and give less away.
    max_depth : int, optional
        The most questions that one record is asked.
    complexity : float, default 0
        A question must lessen the impurity by this share of the whole, as `cp` of R's rpart.

    Attributes
    ----------
    tree_ : sklearn.tree.DecisionTreeClassifier or DecisionTreeRegressor
    donors_ : numpy.ndarray
        The observed values of the target, ordered by leaf.
    """

    def __init__(self, min_leaf=5, max_depth=None, complexity=0.0):
        self.min_leaf = min_leaf
        self.max_depth = max_depth
        self.complexity = complexity

    def check(self):
        whole(self.min_leaf, "min_leaf", 1)
        if self.max_depth is not None:
            whole(self.max_depth, "max_depth", 1)
        at_least(self.complexity, "complexity", 0)

    def fit(self, target, predictors, rng):
        self._grow(target, predictors, rng)
        return self

    def _grow(self, target, predictors, rng, max_features=None, rows=None):
        """Grow the tree on some of the rows (all, if left out), and sort these into its leaves."""
        told, classes = _told(target, predictors)
        self.places_ = predictors.places(told)
        features = predictors.features(self.places_)
        values = target.values
        if rows is not None:
            features, told, values = np.asfortranarray(features[rows]), told[rows], values[rows]
        if not features.shape[1]:
            features = np.zeros((len(values), 1), dtype=np.float32)
        settings = {
            "min_samples_leaf": int(self.min_leaf),
            "max_depth": self.max_depth,
            "max_features": max_features,
            "random_state": int(rng.integers(2**31)),
        }
        if classes:
            shares = np.bincount(values) / len(values)
            tree = DecisionTreeClassifier(min_impurity_decrease=self.complexity * (1 - (shares**2).sum()), **settings)
            tree.fit(features, values, check_input=False)
        else:
            told = np.ascontiguousarray(told, dtype=np.float64)
            tree = DecisionTreeRegressor(min_impurity_decrease=self.complexity * told.var(axis=0).mean(), **settings)
            tree.fit(features, told, check_input=False)
        self.tree_ = tree
        leaf = tree.tree_.apply(features)
        self.donors_ = values[np.argsort(leaf, kind="stable")]
        self.counts_ = np.bincount(leaf, minlength=tree.tree_.node_count)
        self.firsts_ = np.cumsum(self.counts_) - self.counts_

    def leaves(self, predictors):
        """The number of the leaf that each record falls into."""
        features = predictors.features(self.places_)
        return self.tree_.tree_.apply(features if features.shape[1] else np.zeros((predictors.n, 1), dtype=np.float32))

    def draw(self, predictors, rng):
        leaf = self.leaves(predictors)
        return self.donors_[self.firsts_[leaf] + (rng.random(len(leaf)) * self.counts_[leaf]).astype(np.intp)]

    @property
    def n_parameters(self):
        """Two for each question (which variable, where), one for each donor."""
        return 2 * (self.tree_.tree_.node_count - self.tree_.get_n_leaves()) + len(self.donors_)

    def theta(self, names):
        tree = self.tree_.tree_
        leaf_number = {leaf: number for number, leaf in enumerate(np.flatnonzero(tree.children_left < 0), start=1)}
        for node in np.flatnonzero(tree.children_left >= 0):
            yield f"question {node} is about", names[tree.feature[node]]
            yield f"question {node}: at most", float(tree.threshold[node])
        for leaf, number in leaf_number.items():
            first = self.firsts_[leaf]
            yield from (
                (f"donor in leaf {number}", value)
                for value in self.donors_[first : first + self.counts_[leaf]].tolist()
            )


class Bagging(Method):
    """Trees grown on bootstrap samples; each synthetic record asks one of them for a donor (Breiman, 1996).

    Parameters
    ----------
    n_trees : int, default 10
    min_leaf : int, default 5
    max_depth : int, optional
    """

    _max_features = None

    def __init__(self, n_trees=10, min_leaf=5, max_depth=None):
        self.n_trees = n_trees
        self.min_leaf = min_leaf
        self.max_depth = max_depth

    def check(self):
        whole(self.n_trees, "n_trees", 1)
        CART(self.min_leaf, self.max_depth).check()

    def fit(self, target, predictors, rng):
        self.trees_ = [CART(self.min_leaf, self.max_depth) for _ in range(self.n_trees)]
        n = len(target.values)
        for tree in self.trees_:
            tree._grow(target, predictors, rng, self._max_features, rng.integers(0, n, n))
        return self

    def draw(self, predictors, rng):
        asked = rng.integers(0, len(self.trees_), predictors.n)
        drawn = np.empty(predictors.n, dtype=self.trees_[0].donors_.dtype)
        for number, tree in enumerate(self.trees_):
            rows = np.flatnonzero(asked == number)
            drawn[rows] = tree.draw(predictors.take(rows), rng)
        return drawn

    @property
    def n_parameters(self):
        return sum(tree.n_parameters for tree in self.trees_)

    def theta(self, names):
        for number, tree in enumerate(self.trees_, start=1):
            yield from ((f"tree {number}, {parameter}", value) for parameter, value in tree.theta(names))


class Forest(Bagging):
    """As Bagging, but each question may ask about a few variables only, drawn anew each time (Breiman, 2001)."""

    _max_features = "sqrt"


def _told(target, predictors):
    """What the tree is told of the target: numbers, membership of classes or coordinates of levels; and whether it classifies."""
    if target.n_states is None:
        return target.values[:, None], False
    if target.ordered and target.n_states > MOST_CLASSES:
        return target.values[:, None].astype(float), False
    if target.n_states == 2:  # the variance of 0 and 1 is Gini's impurity halved, and quicker
        return target.values[:, None].astype(float), False
    if target.n_states <= MOST_CLASSES:
        return np.eye(target.n_states)[target.values], True
    return _coordinates(target, predictors)[target.values], False


def _coordinates(target, predictors):
    """A place in few dimensions for each level of the target: levels whose records look alike are neighbours.

    The mean of the standardised predictors in each level, on their first principal axes.
    """
    if not predictors.columns:
        return np.zeros((target.n_states, 1))
    features = predictors.features(predictors.places(target.values[:, None].astype(float))).astype(float)
    # Ranks, so that a few large numbers do not decide.
    features = (np.argsort(np.argsort(features, axis=0), axis=0) + 0.5) / len(features) - 0.5
    means, counts = level_means(target.values, target.n_states, features, _STEADIED_BY)
    weighted = means * np.sqrt(counts)[:, None]
    axes = np.linalg.eigh(weighted.T @ weighted)[1][:, ::-1][:, :_COORDINATES]
    return means @ axes
