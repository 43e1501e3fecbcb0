"""One step of a sequential synthesis: fitted to observed Columns, it draws a synthetic Column.

A number that may be missing, or that heaps up somewhere, takes two models: which records have a number, and what it is.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sklearn.base import clone

from workshop.formulas import Formula
from workshop.models.anew import MadeAnew
from workshop.models.conditional import Constant, Method, Observed, Own, Passive, Replaced, Sample
from workshop.models.encoding import A_NUMBER, WITHOUT_LEVELS, Code, Column
from workshop.models.plan import Planned
from workshop.models.predictors import Predictors, Target
from workshop.models.smoothing import Smoother
from workshop.models.trees import CART
from workshop.table import with_columns


@dataclass(eq=False)
class Step:
    """What was planned for one variable, and what was learned.

    Attributes
    ----------
    states, numbers : Method or None
        The model of the states, and that of the numbers; None where there is nothing to model.
    seconds : float
        What fitting took.
    """

    planned: Planned
    code: Code
    smooth: bool = False
    states: Method | None = None
    numbers: Method | None = None
    smoother: Smoother | None = field(default=None, repr=False)
    kept: object = field(default=None, repr=False)
    seconds: float = field(default=0.0, repr=False)

    @property
    def name(self):
        return self.planned.name

    def fit(self, observed, rows, rng, table):
        """Learn from observed records.

        Parameters
        ----------
        observed : dict of str -> Column
            All variables that the step needs, and its own.
        rows : numpy.ndarray of int
            The records that no rule of this variable concerns.
        rng : numpy.random.Generator
        table : pandas.DataFrame
            The same observed variables as they are, for methods that want to see them so.

        Returns
        -------
        self
        """
        method, column = clone(self.planned.method), observed[self.name]
        if isinstance(method, Own):
            self.kept = table[[*self.planned.predictors, self.name]]
        elif isinstance(method, Observed):
            self.kept = column
        elif isinstance(method, Replaced):
            self.kept = MadeAnew(table[self.name], column.code.kind, method.family)
            method = CART() if self.planned.predictors else Sample()
        if isinstance(method, Constant | Passive | Own | Observed) or not len(rows):
            return self
        predictors = Predictors(tuple(observed[name] for name in self.planned.predictors), len(column))
        if len(rows) < len(column):
            predictors, column = predictors.take(rows), column.take(rows)
        if not self.code.has_numbers:
            if self.code.n_states > 1:
                self.states = method.fit(self._target(column.states), predictors, rng)
            return self
        if (column.states != A_NUMBER).any():
            self.states = method.for_states().fit(self._target(column.states), predictors, rng)
            present = np.flatnonzero(column.states == A_NUMBER)
            if not len(present):
                return self
            predictors, column = predictors.take(present), column.take(present)
        self.numbers = method.fit(Target(self.name, column.numbers), predictors, rng)
        if self.smooth and method.hands_out_donors:
            self.smoother = Smoother(column.numbers)
        return self

    def _target(self, states):
        return Target(self.name, states, self.code.n_states, self.code.ordered)

    def draw(self, drawn, n, rng, frame):
        """A synthetic Column, under the rules.

        Parameters
        ----------
        drawn : dict of str -> Column
            The synthetic variables before this one.
        n : int
        rng : numpy.random.Generator
        frame : callable
            `frame(names)` gives synthetic variables as a DataFrame.

        Returns
        -------
        (Column, pandas.Series or None)
            The second is the variable as it is, where the Column cannot tell (keys and text).
        """
        method = self.planned.method
        predictors = Predictors(tuple(drawn[name] for name in self.planned.predictors), n)
        states = np.zeros(n, dtype=np.int32) if self.states is None or not n else self.states.draw(predictors, rng)
        if isinstance(method, Replaced):
            values = self.kept.draw(n, rng)
            gone = states == self.code.missing
            return Column(states, None, self.code), values.where(
                ~gone, self.code.nothing.iloc[0]
            ) if gone.any() else values
        if isinstance(method, Constant | Passive | Own):
            values, who = self._computed(method, n, rng, frame)
            if self.code.kind in WITHOUT_LEVELS:
                return Column(np.zeros(n, dtype=np.int32), None, self.code), self.code.as_type(values, who)
            column = self.code.encode_new(values, who)
        elif isinstance(method, Observed):
            column = self.kept
        else:
            column = self.code.column(states, self._drawn_numbers(predictors, states, rng))
        return self._under_rules(column, n, frame), None

    def _drawn_numbers(self, predictors, states, rng):
        if not self.code.has_numbers:
            return None
        numbers = np.full(len(states), self.code.middle)
        if self.numbers is not None:
            wanted = np.flatnonzero(states == A_NUMBER)
            if not len(wanted):
                return numbers
            everybody = len(wanted) == len(states)
            found = self.numbers.draw(predictors if everybody else predictors.take(wanted), rng)
            numbers[wanted] = self.smoother.move(found, rng) if self.smoother else found
        return numbers

    def _computed(self, method, n, rng, frame):
        """The values that are not drawn but reckoned, and who did so."""
        if isinstance(method, Constant):
            return [method.value] * n, f"The constant of '{self.name}'"
        if isinstance(method, Passive):
            return Formula(method.formula).of(frame(method.names)), f"The formula of '{self.name}'"
        who = f"Your function for '{self.name}'"
        try:
            values = pd.Series(method.function(self.kept.copy(), frame(self.planned.predictors), rng))
        except Exception as error:  # a function of somebody's own can fail in any way
            raise ValueError(f"{who} failed: {type(error).__name__}: {error}") from error
        if len(values) != n:
            raise ValueError(f"{who} gave {len(values):,} values for {n:,} records.")
        return values, who

    def check_values(self):
        """Refuse constants, and values of rules, that the variable cannot have."""
        for rule in self.planned.rules:
            self.code.encode_new([rule.value], f"A rule of '{self.name}'")
        if isinstance(self.planned.method, Constant) and self.code.kind not in WITHOUT_LEVELS:
            self.code.encode_new([self.planned.method.value], f"The constant of '{self.name}'")

    def _under_rules(self, column, n, frame):
        """The Column, with the value of the first rule whose condition holds."""
        free = np.ones(n, dtype=bool)
        for rule in self.planned.rules:
            table = frame([name for name in rule.condition.names if name != self.name])
            if self.name in rule.condition.names:
                table = with_columns(table, {self.name: self.code.decode(column)})
            bound = rule.condition.holds(table) & free
            free &= ~bound
            value = self.code.encode_new([rule.value], f"A rule of '{self.name}'")
            numbers = None if column.numbers is None else np.where(bound, value.numbers[0], column.numbers)
            column = Column(np.where(bound, value.states[0], column.states), numbers, self.code)
        return column

    def theta(self):
        """Pairs (parameter, value): all that was learned."""
        for model, about in ((self.states, "state: "), (self.numbers, "")):
            if model is not None:
                for parameter, value in model.theta(self.planned.predictors):
                    yield about * self.code.has_numbers + parameter, value

    @property
    def n_parameters(self):
        return sum(model.n_parameters for model in (self.states, self.numbers) if model is not None)
