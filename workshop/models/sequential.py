"""Sequential synthesis: p(x1) p(x2 | x1) p(x3 | x1, x2) …, one variable after the other.

The idea is that of multiple imputation for synthetic data (Rubin, 1993), as in R's synthpop (Nowok, Raab and Dibben, 2016): each
variable is drawn from a model given those drawn before it. The default model is a tree whose leaves hand out donors (`trees.py`).
All models are fitted to the observed data alone, and so side by side; only drawing must wait for the variables before.
"""

import time
from collections.abc import Mapping

import joblib
import numpy as np
import pandas as pd
from sklearn.base import clone
from tqdm.auto import tqdm

from workshop.formulas import Formula
from workshop.models.base import GenerativeModel
from workshop.models.conditional import Observed, Own, Passive, Replaced
from workshop.models.encoding import Code, Column
from workshop.models.plan import Plan
from workshop.models.step import Step
from workshop.settings import at_least, whole
from workshop.table import kind_of

#: From this many values on, a bar shows how far the work is.
LONG_WORK = 3_000_000


class Sequential(GenerativeModel):
    """Each variable from a model given those before it; CART if nothing else is said.

    Parameters
    ----------
    method : str or Method, default "cart"
        For all variables: a method such as CART(min_leaf=20), or a word: "cart", "forest", "bagging", "parametric" (linear regression on
        normal ranks, logistic, multinomial, ordered logistic, by kind), "linear", "pmm" (both with the same regressions for labels), "sample".
    methods : dict, optional
        Variable -> its own method: such a word, a `Method` (`Passive("weight / (height/100)**2")`), a family (`Faker("first_name")`) or
        a function of (observed, synthetic, rng).
    visit_sequence : list of str, "table" or "many levels last", optional
        The order of synthesis; variables that are not named follow in the order of the table. Variables that another one needs (in
        a formula or a rule) come before it.
    predictors : dict or pandas.DataFrame, optional
        Variable -> the names that may predict it, or a matrix of 0 and 1 (row: predicted, column: predictor). All earlier ones if left out.
    min_leaf : int, default 5
        The fewest records in a leaf of a tree.
    max_depth : int, optional
        The most questions of a tree.
    complexity : float, default 0
        The least share of the impurity that a question must take away.
    proper : bool, default False
        Fit the models to a bootstrap sample, anew for each synthetic table, so that several tables show how uncertain the models are.
    smoothing : bool or list of str, default False
        Move donors' numbers a little (all, or of these variables).
    rules : dict, optional
        Variable -> {condition: value}, such as `{"income": {"age < 18": 0}}`. The first condition that holds decides; it always holds in the
        synthetic data, and the models learn from the other records.
    heaps : dict, optional
        Variable -> values at which it piles up; [] for "nowhere". Found in the data where left out.
    special_codes : dict, optional
        Variable -> numbers that are none, such as `{"income": [-8, -9]}`.
    strata : str or list of str, optional
        Synthesize each group by itself.
    n_jobs : int, optional
        How many models are fitted side by side; see joblib. The result is the same for any number.
    random_state : int, default 0
        For what chance decides while fitting (ties in trees, the samples of forests).
    progress : bool, optional
        A progress bar: always, never, or for long work only (None).

    Attributes
    ----------
    steps_ : list of Step
    remarks_ : list of str
        What was replaced or changed, in words.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> people = pd.DataFrame({"height": rng.normal(170, 9, 500).round(), "sex": rng.choice(["f", "m"], 500)})
    >>> people["weight"] = (people["height"] - 100 + rng.normal(0, 5, 500)).round(1)
    >>> synthetic = Sequential().fit(people).sample(rng=2)
    >>> bool(synthetic["height"].corr(synthetic["weight"]) > 0.7)
    True
    """

    keeps_records = True
    why_not_to_publish = (
        "the values in this file are those of observed people, put together anew. Measure what it gives away before you publish it, and "
        "never publish the model itself."
    )

    def __init__(
        self,
        method="cart",
        methods=None,
        visit_sequence=None,
        predictors=None,
        min_leaf=5,
        max_depth=None,
        complexity=0.0,
        proper=False,
        smoothing=False,
        rules=None,
        heaps=None,
        special_codes=None,
        strata=None,
        n_jobs=None,
        random_state=0,
        progress=None,
    ):
        self.method = method
        self.methods = methods
        self.visit_sequence = visit_sequence
        self.predictors = predictors
        self.min_leaf = min_leaf
        self.max_depth = max_depth
        self.complexity = complexity
        self.proper = proper
        self.smoothing = smoothing
        self.rules = rules
        self.heaps = heaps
        self.special_codes = special_codes
        self.strata = strata
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.progress = progress

    def _fit(self, table):
        table = table.reset_index(drop=True)
        smooth = self._check_settings(table)
        self.columns_ = list(table.columns)
        if self.strata is not None:
            self._fit_strata(table)
            return
        codes = {name: self._code(table[name]) for name in table.columns}
        observed = {name: code.encode(table[name]) for name, code in codes.items()}
        steps = [Step(planned, codes[planned.name], planned.name in smooth) for planned in Plan(self, codes).steps()]
        for step in steps:
            step.check_values()
        self.remarks_ = [remark for step in steps for remark in _remarks(step, table)]
        self.steps_ = self._learn(steps, observed, table, self.random_state)
        self._again = (steps, observed, table) if self.proper else None

    def _check_settings(self, table):
        """Refuse settings that make no sense; return the variables to smooth."""
        whole(self.random_state, "random_state", 0)
        whole(self.min_leaf, "min_leaf", 1)
        if self.max_depth is not None:
            whole(self.max_depth, "max_depth", 1)
        at_least(self.complexity, "complexity", 0)
        for setting in ("methods", "rules", "heaps", "special_codes"):
            given = getattr(self, setting)
            if given is not None and not isinstance(given, Mapping):
                raise ValueError(f"{setting} must be a dict with names of columns; got {given!r:.60}.")
        for setting in ("heaps", "special_codes"):
            for name, values in (getattr(self, setting) or {}).items():
                self._is_column(name, table, setting)
                if kind_of(table[name]) not in ("continuous", "discrete"):
                    raise ValueError(f"{setting} names '{name}', which does not hold numbers.")
                if any(isinstance(value, bool | str) or not np.isreal(value) for value in np.atleast_1d(values)):
                    raise ValueError(f"{setting} of '{name}' must be numbers; got {values!r:.60}.")
        if isinstance(self.smoothing, bool):
            return set(table.columns) if self.smoothing else set()
        smooth = [self.smoothing] if isinstance(self.smoothing, str) else list(self.smoothing)
        for name in smooth:
            self._is_column(name, table, "smoothing")
        return set(smooth)

    @staticmethod
    def _is_column(name, table, setting):
        if name not in table.columns:
            raise ValueError(f"{setting} names '{name}', but the table has no such column.")

    def _code(self, series):
        name = series.name
        heaps, special = (self.heaps or {}).get(name), (self.special_codes or {}).get(name, ())
        rules = (self.rules or {}).get(name) or {}
        made = isinstance((self.methods or {}).get(name), Passive | Own) or callable((self.methods or {}).get(name))
        misses = (
            made or isinstance(rules, Mapping) and any(pd.api.types.is_scalar(v) and pd.isna(v) for v in rules.values())
        )
        return Code.of(series, np.atleast_1d(special).tolist(), heaps, misses)

    def _learn(self, steps, observed, table, seed):
        """Fit all steps, side by side."""

        everybody = np.arange(len(table))

        def task(number, step):
            names = list(dict.fromkeys([*step.planned.predictors, step.name]))
            rows = np.flatnonzero(~_ruled(step, table)) if step.planned.rules else everybody
            seen = table[names] if isinstance(step.planned.method, Own | Replaced) else None
            rng = np.random.default_rng([seed, number])
            codes = {name: observed[name].code for name in names}
            # One array after the other, so that a cluster sends each to a process once and not with every step.
            arrays = [array for name in names for array in (observed[name].states, observed[name].numbers)]
            return joblib.delayed(_fitted)(step, codes, rows, rng, seen, *arrays)

        work = joblib.Parallel(self.n_jobs, prefer="threads", return_as="generator")
        found = work(task(number, step) for number, step in enumerate(steps))
        return list(self._bar(found, "fitting", len(steps), len(table)))

    def _bar(self, steps, doing, total, n):
        hidden = not (n * total >= LONG_WORK if self.progress is None else self.progress)
        return tqdm(steps, doing, total, unit="variable", disable=hidden, leave=False)

    def _sample(self, n, rng):
        if self.strata is not None:
            return self._sample_strata(n, rng)
        steps = self.steps_
        if any(isinstance(step.planned.method, Observed) for step in steps) and n != self.n_records_:
            raise ValueError(
                f"Columns that are handed on as observed have {self.n_records_:,} records, so n must be that; got {n:,}."
            )
        if self.proper:
            planned, observed, table = self._again
            rows = rng.integers(0, len(table), len(table))
            again = {name: column.take(rows) for name, column in observed.items()}
            fresh = [Step(step.planned, step.code, step.smooth) for step in planned]
            steps = self._learn(fresh, again, table.take(rows).reset_index(drop=True), int(rng.integers(2**31)))
            for step, first in zip(steps, self.steps_, strict=True):
                step.kept = first.kept if isinstance(step.planned.method, Observed) else step.kept
        drawn, values = {}, {}

        def frame(names):
            for name in names:
                if name not in values:
                    values[name] = drawn[name].code.decode(drawn[name])
            return pd.DataFrame({name: values[name] for name in names}, index=range(n))

        for step in self._bar(steps, "drawing", len(steps), n):
            drawn[step.name], remade = step.draw(drawn, n, rng, frame)
            if remade is not None:
                values[step.name] = remade
        return frame(self.columns_)

    def sample_many(self, m, n=None, rng=None):
        """Several synthetic tables, for inference that counts what synthesis adds to uncertainty.

        Parameters
        ----------
        m : int
            How many tables.
        n, rng
            As for `sample`.

        Returns
        -------
        list of pandas.DataFrame
        """
        whole(m, "m", 1)
        return [self.sample(n, rng=child) for child in np.random.default_rng(rng).spawn(int(m))]

    def _fit_strata(self, table):
        names = [self.strata] if isinstance(self.strata, str) else list(self.strata)
        for name in names:
            self._is_column(name, table, "strata")
        if any(isinstance(method, Observed) or method == "observed" for method in (self.methods or {}).values()):
            raise ValueError("Columns cannot be handed on as observed within strata: leave one of the two out.")
        groups = table.groupby(names, dropna=False, observed=True, sort=False).indices
        if len(groups) * 2 * self.min_leaf > len(table):
            raise ValueError(
                f"strata makes {len(groups):,} groups of {len(table):,} records: group the values of '{names[0]}' first."
            )
        inner = clone(self).set_params(strata=None)
        self.strata_ = {label: clone(inner).fit(table.take(rows)) for label, rows in groups.items()}
        self.remarks_ = list(dict.fromkeys(remark for model in self.strata_.values() for remark in model.remarks_))
        small = [label for label, rows in groups.items() if len(rows) < 10 * self.min_leaf]
        if small:
            self.remarks_.append(
                f"Strata with fewer than {10 * self.min_leaf} records are modelled roughly: {', '.join(map(str, small))}."
            )

    def _sample_strata(self, n, rng):
        models = list(self.strata_.values())
        sizes = np.array([model.n_records_ for model in models])
        counts = sizes if n == sizes.sum() else rng.multinomial(n, sizes / sizes.sum())
        parts = [
            model.sample(int(count), rng=rng) for model, count in zip(models, counts, strict=True) if count or n == 0
        ]
        together = pd.concat(parts, ignore_index=True)
        return together.take(rng.permutation(len(together))).reset_index(drop=True)

    @property
    def steps(self):
        """DataFrame: the variables in the order in which they are drawn, with method and predictors."""
        self._require_fit()
        if self.strata is not None:
            return next(iter(self.strata_.values())).steps
        rows = [(step.name, step.planned.label, ", ".join(step.planned.predictors)) for step in self.steps_]
        return pd.DataFrame(rows, columns=["variable", "method", "predictors"], index=range(1, len(rows) + 1))

    @property
    def predictor_matrix(self):
        """DataFrame of 0 and 1: which variable (column) predicts which (row), in the order of synthesis."""
        steps = self.steps
        chosen = [predictors.split(", ") for predictors in steps["predictors"]]
        rows = [[int(name in others) for name in steps["variable"]] for others in chosen]
        return pd.DataFrame(rows, index=list(steps["variable"]), columns=list(steps["variable"]))

    def __str__(self):
        if not hasattr(self, "n_records_"):
            return repr(self)
        return f"{self!r}, fitted to {self.n_records_:,} records\n{self.steps.to_string(max_colwidth=60)}"

    def _theta(self):
        models = list(self.strata_.items()) if self.strata is not None else [(None, self)]
        for label, model in models:
            about = "" if label is None else f"stratum {label}: "
            for step in model.steps_:
                yield from ((step.name, about + parameter, value) for parameter, value in step.theta())

    @property
    def n_parameters(self):
        """Two for each question of a tree, one for each donor or coefficient."""
        self._require_fit()
        models = list(self.strata_.values()) if self.strata is not None else [self]
        return sum(step.n_parameters for model in models for step in model.steps_)


def _fitted(step, codes, rows, rng, table, *arrays):
    started = time.perf_counter()
    columns = zip(codes.items(), arrays[::2], arrays[1::2], strict=True)
    observed = {name: Column(states, numbers, code) for (name, code), states, numbers in columns}
    step.fit(observed, rows, rng, table)
    step.seconds = time.perf_counter() - started
    return step


def _ruled(step, table):
    """The observed records whose value a rule gives. (A rule about the value itself, such as a top code, needs the value first.)"""
    conditions = [rule.condition for rule in step.planned.rules if step.name not in rule.condition.names]
    return np.logical_or.reduce(
        [np.zeros(len(table), dtype=bool), *(condition.holds(table) for condition in conditions)]
    )


def _remarks(step, table):
    """What a reader should know about one step."""
    name, method = step.name, step.planned.method
    if isinstance(method, Replaced):
        if step.code.kind == "key":
            yield f"'{name}' is a key: the synthetic records get new ones."
        elif method.family is None:
            yield f"'{name}' is text: it is left out."
    if isinstance(method, Observed):
        yield f"'{name}' is not synthesized: the observed values are handed on."
    if isinstance(method, Passive):
        wanted = Formula(method.formula).of(table)
        agree = step.code.as_type(wanted, f"The formula of '{name}'").astype(object) == table[name].astype(object)
        if not (agree | table[name].isna()).all():
            share = 1 - (agree | table[name].isna()).mean()
            yield f"'{name}': {share:.1%} of the observed records do not agree with the formula; the synthetic ones do."
    for rule in step.planned.rules:
        holds = rule.condition.holds(table)
        value = step.code.as_type([rule.value], f"A rule of '{name}'").iloc[0]
        broken = holds & ~((table[name] == value) | (table[name].isna() & pd.isna(value))).to_numpy(
            dtype=bool, na_value=False
        )
        if broken.any():
            yield f"'{name}': {broken.sum():,} observed records break the rule \"{rule.condition.text}\"; the synthetic ones keep it."
