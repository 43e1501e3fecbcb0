"""The plan of a sequential synthesis: in which order the variables come, by which method, from which predictors, under which rules.

Settings are checked here, against the table, before anything is learned; each refusal is one sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sklearn.base import clone

from workshop.formulas import Formula
from workshop.models import regressions, trees
from workshop.models.conditional import Constant, Method, Nested, Observed, Own, Passive, Replaced, Sample
from workshop.models.encoding import WITHOUT_LEVELS
from workshop.models.families import Family
from workshop.table import LABEL_LIKE, NUMBER_LIKE

#: Word -> method. "parametric" chooses among them by kind.
METHODS = {
    "cart": trees.CART,
    "forest": trees.Forest,
    "bagging": trees.Bagging,
    "sample": Sample,
    "linear": regressions.Linear,
    "normal ranks": lambda: regressions.Linear("ranks"),
    "pmm": regressions.PredictiveMeanMatching,
    "logistic": regressions.Logistic,
    "multinomial": regressions.Logistic,
    "ordered logistic": regressions.OrderedLogistic,
    "observed": Observed,
    "parametric": lambda: regressions.Linear("ranks"),
}
_WORDS = {
    "Forest": "forest",
    "Bagging": "bagging",
    "Sample": "sample",
    "Linear": "linear",
    "PredictiveMeanMatching": "pmm",
    "Logistic": "logistic",
    "OrderedLogistic": "ordered logistic",
    "Observed": "observed",
    "Constant": "constant",
    "Passive": "formula",
    "Nested": "nested",
}
_WITHOUT_A_MODEL = (Constant, Passive, Own, Observed, Replaced)


@dataclass(frozen=True, eq=False)
class Rule:
    """If the condition holds, the variable has this value."""

    condition: Formula
    value: object


@dataclass(frozen=True, eq=False)
class Planned:
    """One step of the plan."""

    name: str
    method: Method
    predictors: tuple = ()
    rules: tuple = ()

    @property
    def label(self):
        """The method in a word, with the settings that are not the usual ones."""
        method, kind = self.method, type(self.method).__name__
        if isinstance(method, Replaced):
            return "made anew" if method.family is None else f"made anew: {method.family!r}"
        if isinstance(method, Own):
            return f"own function {getattr(method.function, '__name__', '')}".strip()
        settings = repr(method).removeprefix(kind).strip("()")
        return _WORDS.get(kind, kind) + (f" ({settings})" if settings else "")

    @property
    def needs(self):
        """The variables that must come before this one."""
        names = {name for rule in self.rules for name in rule.condition.names} - {self.name}
        if isinstance(self.method, Passive):
            names |= set(self.method.names)
        if isinstance(self.method, Nested):
            names.add(self.method.within)
        return names


@dataclass
class Plan:
    """What the settings of a Sequential mean for a table."""

    settings: object
    codes: dict

    def steps(self):
        """The steps in the order in which they are drawn.

        Returns
        -------
        list of Planned
        """
        rules = self._rules()
        steps = {name: Planned(name, self._method(name), (), rules.get(name, ())) for name in self.codes}
        for name, step in steps.items():
            self._check_needs(step)
            if step.rules and isinstance(step.method, Passive | Replaced):
                raise ValueError(f"'{name}' is {step.label}, so it cannot have a rule as well.")
        order = self._order(steps)
        chosen = self._chosen_predictors(order)
        return [self._with_predictors(steps[name], order[:place], chosen.get(name)) for place, name in enumerate(order)]

    def _known(self, name, setting):
        if name not in self.codes:
            raise ValueError(f"{setting} names '{name}', but the table has no such column.")

    def _method(self, name):
        methods = self.settings.methods or {}
        for other in methods:
            self._known(other, "methods")
        kind, asked = self.codes[name].kind, methods.get(name)
        if asked is None:
            if kind in ("key", "text"):
                return Replaced(None)
            if kind == "empty":
                return Sample()
            method = self._by_word(self.settings.method, name)
            if self.codes[name].has_numbers and not method.draws_numbers:
                raise ValueError(
                    f"'{name}' is {kind}, and {self.settings.method} draws labels: give it a method of its own, or choose another for all."
                )
            return method
        if isinstance(asked, str):
            word, asked = asked, self._by_word(asked, name)
            if kind in LABEL_LIKE and word in ("linear", "normal ranks", "pmm"):
                raise ValueError(f"'{name}' is {kind}: {word} draws numbers; choose logistic or cart.")
        elif isinstance(asked, Family):
            asked = Replaced(asked)
        elif callable(asked) and not isinstance(asked, Method):
            asked = Own(asked)
        if not isinstance(asked, Method):
            raise ValueError(f"The method of '{name}' must be a word, a method or a function; got {asked!r:.60}.")
        asked.check()
        if kind in WITHOUT_LEVELS and not isinstance(asked, _WITHOUT_A_MODEL):
            raise ValueError(_why_not(name, kind, asked))
        if kind in NUMBER_LIKE and not asked.draws_numbers:
            raise ValueError(f"'{name}' is {kind}: {type(asked).__name__} draws labels; choose Linear or CART.")
        if kind in LABEL_LIKE and not asked.draws_labels:
            raise ValueError(f"'{name}' is {kind}: {type(asked).__name__} draws numbers; choose Logistic or CART.")
        return clone(asked)

    def _by_word(self, word, name):
        if isinstance(word, Method):
            word.check()
            return clone(word) if self._suits(word, name) else self._by_word("parametric", name)
        if word not in METHODS:
            raise ValueError(f"There is no method '{word}': choose one of {', '.join(METHODS)}.")
        settings = self.settings
        if word == "cart":
            return trees.CART(settings.min_leaf, settings.max_depth, settings.complexity)
        if word in ("forest", "bagging"):
            return METHODS[word](min_leaf=settings.min_leaf, max_depth=settings.max_depth)
        method, code = METHODS[word](), self.codes[name]
        if code.has_numbers or method.draws_labels:
            return method
        ordered = code.kind == "ordered" and code.n_levels > 2
        return regressions.OrderedLogistic() if ordered else regressions.Logistic()

    def _suits(self, method, name):
        return method.draws_numbers if self.codes[name].has_numbers else method.draws_labels

    def _rules(self):
        rules = {}
        for name, conditions in (self.settings.rules or {}).items():
            self._known(name, "rules")
            if not isinstance(conditions, Mapping):
                raise ValueError(
                    f"The rules of '{name}' must be a dict such as {{\"age < 18\": 0}}; got {conditions!r:.60}."
                )
            rules[name] = tuple(Rule(Formula(text), value) for text, value in conditions.items())
        return rules

    def _check_needs(self, step):
        for name in step.needs:
            if name not in self.codes:
                raise ValueError(f"'{step.name}' needs '{name}', but the table has no such column.")
            if isinstance(step.method, Nested) and self.codes[name].levels is None:
                raise ValueError(
                    f"'{step.name}' cannot be nested in '{name}', which has no levels: it is {self.codes[name].kind}."
                )

    def _order(self, steps):
        """Each variable after those that it needs; else as it was asked."""
        asked = self.settings.visit_sequence
        if asked is None or isinstance(asked, str) and asked == "table":
            order, fixed = list(self.codes), False
        elif isinstance(asked, str) and asked == "many levels last":
            many = {
                name: code.n_levels * (code.kind == "categorical" and code.n_levels > trees.MOST_CLASSES)
                for name, code in self.codes.items()
            }
            order, fixed = sorted(self.codes, key=many.get), False
        else:
            order, fixed = self._asked_order(asked), True
        placed, left = [], list(order)
        while left:
            ready = next((name for name in left if steps[name].needs <= set(placed)), None)
            if ready is None:
                raise ValueError(
                    f"'{left[0]}' and '{min(steps[left[0]].needs - set(placed))}' need each other: drop one formula or rule."
                )
            placed.append(ready)
            left.remove(ready)
        if fixed and placed != order:
            late = next(name for name, other in zip(order, placed, strict=True) if name != other)
            needed = min(steps[late].needs - set(order[: order.index(late)]))
            raise ValueError(f"visit_sequence puts '{late}' before '{needed}', which it needs: swap them.")
        return placed

    def _asked_order(self, asked):
        try:
            asked = list(asked)
        except TypeError:
            asked = [asked]
        if isinstance(self.settings.visit_sequence, str) or not all(isinstance(name, str) for name in asked):
            raise ValueError(
                f'visit_sequence must be a list of names, "table" or "many levels last"; got {self.settings.visit_sequence!r:.60}.'
            )
        for name in asked:
            self._known(name, "visit_sequence")
        if len(set(asked)) < len(asked):
            raise ValueError(f"visit_sequence names '{next(name for name in asked if asked.count(name) > 1)}' twice.")
        return asked + [name for name in self.codes if name not in asked]

    def _chosen_predictors(self, order):
        """The predictors that were asked for: variable -> names."""
        given = self.settings.predictors
        if isinstance(given, pd.DataFrame):
            given = {
                name: [other for other in given.columns if given.loc[name, other] and other != name]
                for name in given.index
            }
        elif given is not None and not isinstance(given, Mapping):
            raise ValueError(f"predictors must be a dict of lists or a matrix of 0 and 1; got {given!r:.60}.")
        chosen = {}
        for name, others in (given or {}).items():
            self._known(name, "predictors")
            chosen[name] = [others] if isinstance(others, str) else list(others)
            for other in chosen[name]:
                self._known(other, "predictors")
                if isinstance(self.settings.predictors, Mapping) and order.index(other) >= order.index(name):
                    raise ValueError(
                        f"'{other}' cannot predict '{name}', because it comes later: change visit_sequence or the predictors."
                    )
        return chosen

    def _with_predictors(self, step, earlier, chosen):
        """The step with its predictors: all earlier variables that can say something, or those asked for."""
        telling = [name for name in earlier if self.codes[name].has_numbers or self.codes[name].n_states > 1]
        names = telling if chosen is None else [name for name in telling if name in chosen]
        method = step.method
        if isinstance(method, Nested):
            names = [method.within]
        elif isinstance(method, Sample | Constant | Passive | Observed):
            names = []
        elif not names and isinstance(method, trees.CART | trees.Bagging | regressions.Linear | regressions.Logistic):
            method = Sample()
        return Planned(step.name, method, tuple(names), step.rules)


def _why_not(name, kind, method):
    if kind == "key":
        return f"'{name}' is a key: it is made anew, and {type(method).__name__} would copy somebody's."
    if kind == "text":
        return (
            f"'{name}' is free text, and {type(method).__name__} would copy what people wrote: leave it out, give a family such as "
            f"Faker('first_name'), or say that it is a category with df['{name}'].astype('category')."
        )
    return f"'{name}' holds no values, so there is nothing that {type(method).__name__} could learn."
