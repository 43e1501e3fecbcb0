"""The exercises of notebook 11: intervals from one synthetic table, from five, and the combining rule by hand."""

import numpy as np

from workshop.exercises.base import Exercise, Mistake

_Z = 1.96


def _coverage(middle, variance, truth):
    """The share of 95 % intervals that hold the truth."""
    return float((np.abs(np.asarray(middle) - truth) <= _Z * np.sqrt(variance)).mean())


class TooSure(Exercise):
    """11.1: how often the interval from one synthetic table holds the truth."""

    number = "11.1"
    answers = ("share",)
    given = ("means", "variances", "truth")

    def solve(self, means, variances, truth):
        return {"share": _coverage(means, variances, truth)}

    def praise(self, answer, given):
        return f"{answer['share']:.0%} instead of 95 %: one interval in six misses. The theory says 83.4 %, since the true variance is twice as large."

    otherwise = "The interval of each reader is mean ± 1.96 · √variance; coverage(low, high) gives the share."
    mistakes = (
        Mistake(
            "variances for standard errors",
            lambda means, variances, truth: {"share": _coverage(means, np.asarray(variances) ** 2, truth)},
            "The reach is 1.96 times the root of the variance, not the variance.",
        ),
        Mistake(
            "as they should be",
            lambda means, variances, truth: {"share": 0.95},
            "That is what 95 % intervals should do. Count what these do.",
            lambda answer, given: answer["share"] == 0.95,
        ),
        Mistake(
            "the misses",
            lambda means, variances, truth: {"share": 1 - _coverage(means, variances, truth)},
            "That is the share of intervals that miss the truth. Count those that hold it.",
        ),
        Mistake(
            "in percent",
            lambda means, variances, truth: {"share": 100 * _coverage(means, variances, truth)},
            "That is in percent. A share lies between 0 and 1.",
        ),
        Mistake(
            "one standard error",
            lambda means, variances, truth: {"share": _coverage(means, np.asarray(variances) / _Z**2, truth)},
            "You took one standard error to either side: a 95 % interval takes 1.96.",
        ),
    )


class CombineFive(Exercise):
    """11.2: how often the combined interval from five tables holds the truth."""

    number = "11.2"
    answers = ("combined",)
    given = ("means", "variances", "truth")

    @staticmethod
    def with_factor(means, variances, truth, factor):
        """The coverage if T were the mean variance times this."""
        return _coverage(np.mean(means, axis=1), factor * np.mean(variances, axis=1), truth)

    def solve(self, means, variances, truth):
        return {"combined": self.with_factor(means, variances, truth, 1 + 1 / np.shape(means)[1])}

    def praise(self, answer, given):
        return f"{answer['combined']:.1%}: with the rule, 95 % is 95 %."

    otherwise = "For each row the mean of the five means, and as T the mean of the five variances times 1.2."
    mistakes = (
        Mistake(
            "not widened",
            lambda means, variances, truth: {"combined": CombineFive.with_factor(means, variances, truth, 1.0)},
            "That is without the rule: multiply the mean variance by 1 + 1/5.",
        ),
        Mistake(
            "five independent studies",
            lambda means, variances, truth: {"combined": CombineFive.with_factor(means, variances, truth, 0.2)},
            "You divided by 5, as if these were five samples of people. They are five samples of one model: T is v · (1 + 1/5).",
        ),
        Mistake(
            "for one table",
            lambda means, variances, truth: {"combined": CombineFive.with_factor(means, variances, truth, 2.0)},
            "That is T for a single table (m = 1). Here m is 5.",
        ),
        Mistake(
            "the rule, but one table",
            lambda means, variances, truth: {"combined": _coverage(means[:, 0], 1.2 * variances[:, 0], truth)},
            "You took the first table only. Take the mean of each row: .mean(axis=1).",
        ),
    )


class CombineByHand(Exercise):
    """11.3: the combined slope and its standard error."""

    number = "11.3"
    answers = ("estimate", "se")
    given = ("estimates", "variances")

    @staticmethod
    def with_factor(estimates, variances, factor):
        """Estimate and se of the second coefficient."""
        return {"estimate": float(estimates[:, 1].mean()), "se": float(np.sqrt(factor * variances[:, 1].mean()))}

    def solve(self, estimates, variances):
        return self.with_factor(estimates, variances, 1 + 1 / len(estimates))

    def praise(self, answer, given):
        low, high = answer["estimate"] - _Z * answer["se"], answer["estimate"] + _Z * answer["se"]
        return f"{answer['estimate']:.4f}, with a 95 % interval from {low:.4f} to {high:.4f}: the same as fit.combined() says."

    otherwise = (
        "The mean of the second column of estimates; the root of 1.2 times the mean of the second column of variances."
    )
    mistakes = (
        Mistake(
            "the intercept",
            lambda estimates, variances: CombineByHand().solve(estimates[:, ::-1], variances[:, ::-1]),
            "That is the intercept. Greenness is the second column: [:, 1].",
        ),
        Mistake(
            "not widened",
            lambda estimates, variances: CombineByHand.with_factor(estimates, variances, 1.0),
            "The standard error is that of one table's own program. Multiply the mean variance by 1 + 1/5.",
        ),
        Mistake(
            "no root",
            lambda estimates, variances: {
                "estimate": float(estimates[:, 1].mean()),
                "se": float((1 + 1 / len(estimates)) * variances[:, 1].mean()),
            },
            "se is T itself: take its root.",
        ),
        Mistake(
            "the spread of the five",
            lambda estimates, variances: {
                "estimate": float(estimates[:, 1].mean()),
                "se": float(estimates[:, 1].std(ddof=1)),
            },
            "That is how much the five tables differ. It leaves out that the observed people are a sample themselves.",
        ),
        Mistake(
            "about the sample",
            lambda estimates, variances: CombineByHand.with_factor(estimates, variances, 1 / len(estimates)),
            "v / m answers what the observed data would have given. About everybody, it is v · (1 + 1/m).",
        ),
    )


EXERCISES = (TooSure(), CombineFive(), CombineByHand())
