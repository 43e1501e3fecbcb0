"""The exercises of notebook 13: what a large table weighs, how long it takes, and how much many hands help."""

import numpy as np
import pandas as pd

from workshop.at_scale import Growth
from workshop.exercises.base import Exercise, Mistake, describe_value, is_number, same


def _bytes_each(table):
    """The bytes of one value, for each column: 8 for a number, the size of its code for a category."""
    return [
        table[name].cat.codes.dtype.itemsize if isinstance(dtype, pd.CategoricalDtype) else 8
        for name, dtype in table.dtypes.items()
    ]


class BeforeYouLoadIt(Exercise):
    """13.1: records times bytes."""

    number = "13.1"
    answers = ("megabytes",)
    given = ("table",)

    def solve(self, table):
        return {"megabytes": len(table) * sum(_bytes_each(table)) / 1e6}

    def flaw(self, answer, given):
        if not is_number(answer["megabytes"]):
            return f"megabytes should be one number, but it is {describe_value(answer['megabytes'])}."
        return None

    def is_right(self, answer, given):
        return same(answer, self.solve(**given), tolerance=0.01)

    def praise(self, answer, given):
        return f"{answer['megabytes']:,.1f} MB. While it works, a program needs room for a few copies: count on five times as much."

    otherwise = "The bytes of one record are 8 for each number and 1 for each category. Take that times the records, in millions."
    mistakes = (
        Mistake(
            "bits for bytes",
            lambda table: {"megabytes": 8 * BeforeYouLoadIt().solve(table)["megabytes"]},
            "Eight times too much: those are bits. A byte has eight of them.",
        ),
        Mistake(
            "every column a number",
            lambda table: {"megabytes": len(table) * 8 * table.shape[1] / 1e6},
            "That counts 8 bytes for each column. The categories take only 1: look at the types again.",
        ),
        Mistake(
            "bytes for megabytes",
            lambda table: {"megabytes": 1e6 * BeforeYouLoadIt().solve(table)["megabytes"]},
            "Those are bytes. A megabyte has a million of them.",
        ),
        Mistake(
            "one record",
            lambda table: {"megabytes": float(sum(_bytes_each(table)))},
            "That is one record, in bytes. How many records are there?",
        ),
        Mistake(
            "without the categories",
            lambda table: {"megabytes": len(table) * sum(size for size in _bytes_each(table) if size == 8) / 1e6},
            "Those are the numbers. The categories take a byte for each record, too.",
        ),
    )


class ForetellIt(Exercise):
    """13.2: a straight line between logarithms."""

    number = "13.2"
    answers = ("slope", "predicted")
    given = ("runs", "n")

    def solve(self, runs, n):
        growth = Growth.of(runs["records"], runs["seconds"])
        return {"slope": growth.slope, "predicted": float(growth.at(n))}

    def flaw(self, answer, given):
        for name in self.answers:
            if not is_number(answer[name]):
                return f"{name} should be one number, but it is {describe_value(answer[name])}."
        return None

    def is_right(self, answer, given):
        ends = self.solve(given["runs"].iloc[[0, -1]], given["n"])
        return any(same(answer, right, tolerance=0.02) for right in (self.solve(**given), ends))

    def praise(self, answer, given):
        if answer["slope"] < 0.8:
            grown = (
                "less than in proportion: such small runs are mostly getting started, and larger ones would tell more"
            )
        else:
            grown = "a little more than in proportion" if answer["slope"] > 1.02 else "about in proportion"
        return f"{answer['predicted']:,.1f} s: the time grows {grown} (slope {answer['slope']:.2f}). Write it down before you run it."

    otherwise = "Fit np.polyfit to the logarithms of records and seconds, and come back from the logarithm with np.exp."
    mistakes = (
        Mistake(
            "without logarithms",
            lambda runs, n: (lambda line: {"slope": float(line[0]), "predicted": float(np.polyval(line, n))})(
                np.polyfit(runs["records"], runs["seconds"], 1)
            ),
            "That line was fitted to the records and seconds themselves. Take the logarithm of both first.",
        ),
        Mistake(
            "still a logarithm",
            lambda runs, n: {
                "slope": ForetellIt().solve(runs, n)["slope"],
                "predicted": float(np.log(ForetellIt().solve(runs, n)["predicted"])),
            },
            "The slope is right, but predicted is still a logarithm: np.exp brings it back to seconds.",
        ),
        Mistake(
            "the axes swapped",
            lambda runs, n: {
                "slope": Growth.of(runs["seconds"], runs["records"]).slope,
                "predicted": ForetellIt().solve(runs, n)["predicted"],
            },
            "The slope is that of records against seconds. The records go along x, the seconds along y.",
        ),
        Mistake(
            "in proportion to the last run",
            lambda runs, n: {
                "slope": ForetellIt().solve(runs, n)["slope"],
                "predicted": float(runs["seconds"].iloc[-1] * n / runs["records"].iloc[-1]),
            },
            "The slope is right, but predicted takes the last run times the records, as if the slope were 1. Use the line.",
        ),
    )


class HowMuchCoresHelp(Exercise):
    """13.3: the longest piece cannot be shared."""

    number = "13.3"
    answers = ("at_best",)
    CASES = (([1.0, 2.0, 9.0], 1), ([1.0, 2.0, 9.0], 2), ([4.0, 4.0, 4.0], 2), ([1.0, 2.0, 9.0], 100))

    @staticmethod
    def best(seconds, cores):
        """At least the longest piece, at least an equal share."""
        return max(max(seconds), sum(seconds) / cores)

    def solve(self):
        return {"at_best": self.best}

    def is_open(self, answer):
        try:
            return super().is_open(answer) or answer["at_best"]([1.0, 2.0], 1) is ...
        except Exception:  # a learner's function can fail in any way; the check says how
            return False

    def _gives(self, answer):
        return [answer["at_best"](pd.Series(seconds), cores) for seconds, cores in self.CASES]

    def flaw(self, answer, given):
        if not callable(answer["at_best"]):
            return f"at_best should be a function of (seconds, cores), but it is {describe_value(answer['at_best'])}."
        for (seconds, cores), value in zip(self.CASES, self._gives(answer), strict=True):
            if not is_number(value):
                return f"at_best({seconds}, {cores}) should be one number, but it is {describe_value(value)}."
        return None

    def is_right(self, answer, given):
        return np.allclose(self._gives(answer), [self.best(*case) for case in self.CASES])

    def praise(self, answer, given):
        return "No number of cores is faster than the longest piece: that is Amdahl's law, for trees."

    otherwise = "It is the larger of two times: an equal share of the sum for each core, and the longest single tree."
    mistakes = tuple(
        Mistake(name, lambda wrong=wrong: {"at_best": wrong}, says, when)
        for name, wrong, says in (
            (
                "an equal share",
                lambda seconds, cores: sum(seconds) / cores,
                "An equal share for each core would cut a tree into pieces. Trees of 1, 2 and 9 seconds cannot be done in 0.12, on a hundred cores either.",
            ),
            (
                "the longest alone",
                lambda seconds, cores: max(seconds),
                "With one core the trees grow one after the other: 1, 2 and 9 seconds are 12, not 9.",
            ),
            (
                "no help at all",
                lambda seconds, cores: sum(seconds),
                "That is one core, whatever cores says. Two cores can do 1 and 2 seconds beside the 9.",
            ),
            (
                "both added",
                lambda seconds, cores: max(seconds) + sum(seconds) / cores,
                "You added the two. The longest tree is part of the sum already: which of the two is larger?",
            ),
        )
        for when in [
            lambda answer, given, wrong=wrong: np.allclose(
                HowMuchCoresHelp()._gives(answer), [wrong(*case) for case in HowMuchCoresHelp.CASES]
            )
        ]
    )


EXERCISES = (BeforeYouLoadIt(), ForetellIt(), HowMuchCoresHelp())
