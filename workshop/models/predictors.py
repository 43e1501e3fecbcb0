"""What a model of one step sees of the variables before it: a table of features for trees, a design matrix for regressions.

A tree asks questions of the form "is it at most …?", so each variable becomes one column of numbers. The levels of a nominal
variable have no order of their own; they get that of the target among them, which finds the best question at the root
(Breiman and others, 1984, for two classes and for numbers; Coppersmith, Hong and Hosking, 1999, for more classes).
"""

from dataclasses import dataclass

import numpy as np

from workshop.models.encoding import A_NUMBER

MOST_INDICATORS = 50


@dataclass(frozen=True, eq=False)
class Target:
    """What a step draws: the numbers of a variable (n_states is None), or its states."""

    name: str
    values: np.ndarray
    n_states: int | None = None
    ordered: bool = False

    def take(self, rows):
        return Target(self.name, self.values[rows], self.n_states, self.ordered)


@dataclass(frozen=True, eq=False)
class Predictors:
    """The variables before the target, as Columns, and the number of records (which no column tells if there is none)."""

    columns: tuple
    n: int

    def take(self, rows):
        """Only these records (an array of row numbers)."""
        return Predictors(tuple(column.take(rows) for column in self.columns), len(rows))

    def features(self, places):
        """The predictors as numbers for a tree, of shape (n, number of predictors).

        Parameters
        ----------
        places : list
            What `places` said when the tree was grown.
        """
        features = np.empty((self.n, len(self.columns)), dtype=np.float32, order="F")
        for number, (column, place) in enumerate(zip(self.columns, places, strict=True)):
            code = column.code
            if not code.has_numbers:
                features[:, number] = column.states if place is None else place[column.states]
                continue
            features[:, number] = column.numbers - code.middle
            if code.missing is not None:
                # Far below all numbers, so that one question sets the missing values apart.
                features[column.states == code.missing, number] = 2 * code.low - code.high - code.middle - 1
        return features

    def places(self, target):
        """For each nominal predictor the place of its levels in the order of the target; None for the others.

        Parameters
        ----------
        target : numpy.ndarray of float, shape (n, d)
            Numbers, the membership of classes, or coordinates.
        """
        return [
            None
            if column.code.has_numbers or column.code.ordered or column.code.n_states < 3
            else _places(column, target)
            for column in self.columns
        ]

    def design(self):
        """The predictors as a design matrix for a regression, of shape (n, k), with a column of ones first.

        Numbers run from about -1 to 1, with an indicator for each state that is no number; labels become indicators of all levels
        but the first, or of the 50 first if there are more.
        """
        parts = [np.ones((self.n, 1))]
        for column in self.columns:
            code = column.code
            if code.has_numbers:
                reach = max(code.high - code.middle, code.middle - code.low) or 1.0
                numbers = (column.numbers - code.middle) / reach
                parts.append(np.where(column.states == A_NUMBER, numbers, 0.0)[:, None])
            last = min(code.n_states, MOST_INDICATORS + 1)
            parts.append(np.equal.outer(column.states, np.arange(1, last)).astype(float))
        return np.hstack(parts)


def _places(column, target):
    """The rank of each level by the first principal axis of the target's mean among its records."""
    means, counts = level_means(column.states, column.code.n_states, target)
    if target.shape[1] == 1:
        scores = means[:, 0]
    else:
        centred = (means - np.average(means, axis=0, weights=counts)) * np.sqrt(counts)[:, None]
        axis = np.linalg.eigh(centred.T @ centred)[1][:, -1]
        scores = means @ axis
    place = np.empty(len(scores), dtype=np.float32)
    place[np.argsort(scores, kind="stable")] = np.arange(len(scores))
    return place


def level_means(states, n_states, values, steadied_by=0):
    """The mean of some values among the records of each level, and how many these are.

    Levels of few records are drawn towards the overall mean, as if `steadied_by` average records stood beside them.
    """
    counts = np.bincount(states, minlength=n_states).astype(float)
    sums = np.stack([np.bincount(states, column, n_states) for column in values.T], axis=1)
    overall = values.mean(axis=0)
    weight = counts + steadied_by
    means = (sums + steadied_by * overall) / np.maximum(weight, 1)[:, None]
    return np.where(weight[:, None] > 0, means, overall), counts
