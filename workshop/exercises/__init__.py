"""Exercises that answer back.

`check` looks at an answer and shows a card: right, still open, or what this very mistake tells. It hands on the learner's
answer if it is right and the reference answer if not, so that the next cell always has something to work with.
"""

import importlib

from workshop.exercises.base import judge

_LESSONS = ("00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13")


def exercises():
    """All exercises by number.

    >>> list(exercises())[:2]
    ['0.1', '1.1']
    """
    lessons = (importlib.import_module(f"workshop.exercises.lesson_{lesson}") for lesson in _LESSONS)
    return {exercise.number: exercise for lesson in lessons for exercise in lesson.EXERCISES}


def check(number, **values):
    """Show a card for an answer, and hand on an answer that works.

    Parameters
    ----------
    number : str
        Of the exercise, such as "1.2".
    **values
        The answers under the names that the exercise uses, and the data that it is about.

    Returns
    -------
    object or tuple of objects
        The learner's answer if it is right, else the reference answer; a tuple where an exercise asks for several.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    known = exercises()
    if str(number) not in known:
        raise ValueError(f"There is no exercise {number!r}; there are {', '.join(known)}.")
    card, answer = judge(known[str(number)], values)
    _show(card)
    return answer[0] if len(answer) == 1 else answer


def _show(card):
    try:
        from IPython.display import display
    except ImportError:
        print(card)
    else:
        display(card)
