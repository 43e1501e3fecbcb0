"""What an exercise is: a question with a reference answer, and the mistakes that people make, each with its own word.

A mistake is listed with an example, which computes the wrong answer. Where answers are numbers, the example is also how
the mistake is recognised; where they are random draws or functions, the mistake says by what it shows.
"""

import warnings
from dataclasses import dataclass
from numbers import Number

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from workshop.exercises.card import Card

#: What to call the sizes of a value with none, one, two … dimensions.
_PARTS = ((), ("value",), ("row", "column"), ("row", "column", "layer"))


@dataclass(frozen=True)
class Mistake:
    """One likely wrong answer.

    Attributes
    ----------
    name : str
        A short name.
    example : callable
        `example(**given)` returns the wrong answer as a dict.
    says : str
        What the card tells a learner who made it.
    when : callable, optional
        `when(answer, given)` is true for such an answer. If left out, answers that equal the example.
    """

    name: str
    example: callable
    says: str
    when: callable = None


class Exercise:
    """A question. Subclasses set the names below and write `solve`, and `is_right` where answers are not plain numbers."""

    number = ""
    #: Names of what the learner answers, and of what the check is told beside it.
    answers = ()
    given = ()
    mistakes = ()
    #: What to say to a wrong answer that no mistake explains.
    otherwise = "That is not it. Open the first hint and compare."

    def solve(self, **given):
        """The reference answer, as a dict."""
        raise NotImplementedError

    def is_open(self, answer):
        """Whether the dots are still there."""
        return any(value is ... for value in answer.values())

    def flaw(self, answer, given):
        """A word about an answer of the wrong form, or None."""
        for name in self.answers:
            if not is_number(answer[name]):
                return f"{name} should be one number, but it is {describe_value(answer[name])}."
        return None

    def is_right(self, answer, given):
        """Whether the answer will do."""
        return same(answer, self.solve(**given))

    def praise(self, answer, given):
        """What to say to a right answer."""
        return "Well done."


def judge(exercise, values):
    """Decide on an answer. It never raises, whatever the answer is.

    Parameters
    ----------
    exercise : Exercise
    values : dict
        The answers and the given data by name.

    Returns
    -------
    (Card, tuple)
        The card, and the answers to go on with.
    """
    missing = [name for name in exercise.given + exercise.answers if name not in values]
    if missing:
        asked = ", ".join(f"{name}=…" for name in exercise.given + exercise.answers)
        card = Card(
            exercise.number, "wrong", f'The check needs {missing[0]}: write check("{exercise.number}", {asked}).'
        )
        return card, tuple(values.get(name) for name in exercise.answers)
    given = {name: values[name] for name in exercise.given}
    answer = {name: _unwrapped(values[name]) for name in exercise.answers}
    try:
        reference = exercise.solve(**given)
    except Exception as error:
        card = Card(
            exercise.number, "wrong", f"This exercise cannot be worked out with the data you gave it ({error})."
        )
        return card, tuple(answer.values())
    state, says = _verdict(exercise, answer, given)
    if state != "right":
        says += " The notebook goes on with the reference answer."
    return Card(exercise.number, state, says), tuple((answer if state == "right" else reference).values())


def _verdict(exercise, answer, given):
    if exercise.is_open(answer):
        return "open", "Replace the dots by your answer and run the cell again."
    # A learner's answer can be anything, and so can fail in any way; that must end in a word, not in a traceback.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for mistake in exercise.mistakes:
                if mistake.when and mistake.when(answer, given):
                    return "wrong", mistake.says
            flaw = exercise.flaw(answer, given)
            if flaw:
                return "wrong", flaw
            if exercise.is_right(answer, given):
                return "right", exercise.praise(answer, given)
            for mistake in exercise.mistakes:
                if not mistake.when and same(answer, mistake.example(**given)):
                    return "wrong", mistake.says
    except Exception as error:
        return "wrong", _flaw(
            exercise, answer, given
        ) or f"Your answer could not be used: {type(error).__name__}: {error}."
    return "wrong", exercise.otherwise


def _flaw(exercise, answer, given):
    try:
        return exercise.flaw(answer, given)
    except Exception:
        return None


def _unwrapped(value):
    """The number in a Series or array of one number: in R every number is a vector of length one, so this is no mistake."""
    is_vector = isinstance(value, np.ndarray | pd.Series | pd.Index) and np.size(value) == 1
    return np.asarray(value).item() if is_vector and is_number(np.asarray(value).item()) else value


def same(answer, expected, tolerance=1e-3):
    """Whether two dicts of numbers agree within a relative tolerance.

    >>> same({"mu": 1.0}, {"mu": 1.0001})
    True
    """
    return all(
        is_number(value) and np.isclose(value, expected[name], rtol=tolerance, atol=0) for name, value in answer.items()
    )


def is_number(value):
    """Whether a value is one number that is not missing.

    >>> is_number(np.float64(2)), is_number(float("nan")), is_number([2])
    (True, False, False)
    """
    return isinstance(value, Number) and not isinstance(value, complex | bool | np.bool_) and bool(np.isfinite(value))


def describe_value(value):
    """What a value is, in words.

    >>> describe_value([1, 2])
    'a list of 2 values'
    >>> describe_value([1, 2].count)
    'a function that was not called: put brackets behind it, ()'
    """
    if isinstance(value, Number):
        return "missing (nan)" if value != value else f"{value}"
    if isinstance(value, str):
        return f"the text {value!r}"
    if isinstance(value, list | tuple | np.ndarray | pd.Series | pd.DataFrame | pd.Index | ExtensionArray):
        name = {"ndarray": "array"}.get(type(value).__name__, type(value).__name__)
        article = "an" if name[0] in "aeiouAEIOU" else "a"
        shape = np.shape(value) if isinstance(value, np.ndarray | pd.DataFrame) else (len(value),)
        sizes = (
            f"{size:,} {what}{'s' * (size != 1)}" for size, what in zip(shape, _PARTS[min(len(shape), 3)], strict=False)
        )
        return f"{article} {name} of {' and '.join(sizes)}"
    if callable(value) and not isinstance(value, type):
        return "a function that was not called: put brackets behind it, ()"
    return "None (nothing)" if value is None else f"of type {type(value).__name__}"


def numbers(values, name="observed"):
    """The values that are present, as an array of floats, or a ValueError that says why not."""
    try:
        array = pd.to_numeric(pd.Series(np.ravel(np.asarray(values, dtype=object)))).dropna().to_numpy(dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is not a column of numbers") from None
    if array.size == 0:
        raise ValueError(f"{name} holds no numbers")
    return array
