"""Methods for one step: p(target | the variables before it).

All keep one small contract: `fit(target, predictors, rng)` learns, `draw(predictors, rng)` gives a value for each
record. This file holds the contract and the methods that need no model; `trees.py` and `regressions.py` hold the others.
"""

import numpy as np
from sklearn.base import BaseEstimator, clone

from workshop.formulas import Formula


class Method(BaseEstimator):
    """A way to draw one variable given those before it."""

    #: Whether it can draw numbers, and whether it can draw labels.
    draws_numbers = draws_labels = True
    #: Whether what it draws are observed people's values.
    hands_out_donors = True

    def check(self):
        """Raise a ValueError if a setting makes no sense."""

    def fit(self, target, predictors, rng):
        """Learn from observed records.

        Parameters
        ----------
        target : Target
        predictors : Predictors
        rng : numpy.random.Generator

        Returns
        -------
        self
        """
        raise NotImplementedError

    def draw(self, predictors, rng):
        """A number or a state for each record of the predictors: an array of length n."""
        raise NotImplementedError

    def for_states(self):
        """The method that says which records have a number at all, if this one draws the numbers."""
        return clone(self)

    @property
    def n_parameters(self):
        """How many numbers it has learned."""
        return sum(1 for _ in self.theta([]))

    def theta(self, names):
        """Pairs (parameter, value): all that it has learned. `names` are those of the predictors."""
        return iter(())


class Sample(Method):
    """Observed values, drawn again without regard to anything else."""

    def fit(self, target, predictors, rng):
        self.donors_ = target.values
        return self

    def draw(self, predictors, rng):
        return self.donors_[rng.integers(0, len(self.donors_), predictors.n)]

    @property
    def n_parameters(self):
        return len(self.donors_)

    def theta(self, names):
        return (("donor", value) for value in self.donors_.tolist())


class Nested(Method):
    """A level given a coarser level that it belongs to, such as postcode within region.

    Parameters
    ----------
    within : str
        The variable of the coarser levels; it comes before this one.
    """

    def __init__(self, within):
        self.within = within

    def check(self):
        if not isinstance(self.within, str):
            raise ValueError(f"Nested needs the name of a variable, such as Nested('region'); got {self.within!r}.")

    def fit(self, target, predictors, rng):
        groups = predictors.columns[0].states
        order = np.argsort(groups, kind="stable")
        self.donors_ = target.values[order]
        self.counts_ = np.bincount(groups, minlength=predictors.columns[0].code.n_states)
        self.firsts_ = np.cumsum(self.counts_) - self.counts_
        return self

    def draw(self, predictors, rng):
        group = predictors.columns[0].states
        counts = self.counts_[group]
        place = self.firsts_[group] + (rng.random(len(group)) * counts).astype(np.intp)
        # A group that nobody is in has no donors of its own: anybody may be one.
        anybody = rng.integers(0, len(self.donors_), len(group))
        return self.donors_[np.where(counts > 0, place, anybody)]

    @property
    def n_parameters(self):
        return len(self.donors_)

    def theta(self, names):
        return (("donor", value) for value in self.donors_.tolist())


class Constant(Method):
    """The same value for everybody.

    Parameters
    ----------
    value : object
        A value that the variable's type can hold; None for missing.
    """

    hands_out_donors = False

    def __init__(self, value):
        self.value = value


class Passive(Method):
    """A formula of other variables, so that what is derived still agrees.

    Parameters
    ----------
    formula : str
        Such as "weight / (height / 100) ** 2"; `workshop.formulas.Formula` says what it may hold.
    """

    hands_out_donors = False

    def __init__(self, formula):
        self.formula = formula

    def check(self):
        Formula(self.formula)

    @property
    def names(self):
        """The variables that it needs."""
        return Formula(self.formula).names


class Own(Method):
    """A function of your own.

    Parameters
    ----------
    function : callable
        `function(observed, synthetic, rng)` gets the observed records, the synthetic records so far and a numpy Generator,
        and returns a value for each synthetic record.
    """

    def __init__(self, function):
        self.function = function

    def check(self):
        if not callable(self.function):
            raise ValueError(f"Own needs a function; got {self.function!r}.")


class Observed(Method):
    """Not synthesized: the observed values are handed on, record by record. The synthetic table is then as long as the observed one."""


class Replaced(Method):
    """Made anew without a look at anything else: keys, words, names.

    Parameters
    ----------
    family : Family
        A family of one variable, such as Faker("first_name", "nl_NL").
    """

    hands_out_donors = False

    def __init__(self, family):
        self.family = family
