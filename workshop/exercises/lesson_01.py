"""The exercises of notebook 01: rnorm, a fitted normal distribution, its mending, and a histogram that becomes a copier."""

import numpy as np
from scipy import stats

from workshop.exercises import samples
from workshop.exercises.base import Exercise, Mistake, describe_value, numbers
from workshop.exercises.histogram_sampler import SampleHistogram
from workshop.exercises.mending import MendNegatives


class DrawNormal(Exercise):
    """1.1: R's rnorm(100, 1, 1.5)."""

    number = "1.1"
    answers = ("draws",)
    n, mean, sd = 100, 1, 1.5

    def solve(self):
        return {"draws": np.random.default_rng(11).normal(self.mean, self.sd, self.n)}

    def flaw(self, answer, given):
        draws = answer["draws"]
        if np.ndim(draws) == 0:
            return (
                f"draws should hold {self.n} values, but it is {describe_value(draws)}. "
                "The third number in rng.normal(mean, sd, size) says how many."
            )
        return (
            None
            if np.shape(draws) == (self.n,)
            else f"draws should hold {self.n} values, but it is {describe_value(draws)}."
        )

    def is_right(self, answer, given):
        return _likeliest(answer, (self.mean, self.sd))

    def praise(self, answer, given):
        draws = numbers(answer["draws"])
        return (
            f"100 draws; their mean is {draws.mean():.2f} and their standard deviation {draws.std(ddof=1):.2f}. "
            "They are near 1 and 1.5, not equal to them: every sample is a little different."
        )

    otherwise = (
        "These do not look like draws from a normal distribution with mean 1 and standard deviation 1.5. "
        "rng.normal takes the mean, the standard deviation and how many, in this order."
    )
    mistakes = (
        Mistake(
            "R's order",
            lambda: {"draws": _rng().normal(100, 1, 2)},
            "In R the number of values comes first: rnorm(100, 1, 1.5). In NumPy it comes last: rng.normal(1, 1.5, 100).",
            lambda answer, _: np.ndim(answer["draws"]) <= 1 and abs(np.mean(answer["draws"]) - 100) < 20,
        ),
        Mistake(
            "uniform",
            lambda: {"draws": _rng().uniform(1, 1.5, 100)},
            "All values lie between 1 and 1.5: that is a uniform distribution. You want rng.normal: the bell curve.",
            lambda answer, _: (
                np.size(answer["draws"]) > 1 and np.min(answer["draws"]) >= 1 and np.max(answer["draws"]) <= 1.5
            ),
        ),
        Mistake(
            "mean and standard deviation swapped",
            lambda: {"draws": _rng().normal(1.5, 1, 100)},
            "These look like draws with mean 1.5 and standard deviation 1: the two are swapped. The mean comes first.",
            lambda answer, _: _likeliest(answer, (1.5, 1)),
        ),
        Mistake(
            "standard normal",
            lambda: {"draws": _rng().normal(size=100)},
            "These look like the standard normal distribution: mean 0, standard deviation 1. Tell rng.normal the mean and sd.",
            lambda answer, _: _likeliest(answer, (0, 1)),
        ),
        Mistake(
            "variance",
            lambda: {"draws": _rng().normal(1, 1.5**2, 100)},
            "These spread too widely: their standard deviation is near 2.25, which is 1.5 squared. "
            "NumPy, like R, wants the standard deviation, not the variance.",
            lambda answer, _: _likeliest(answer, (1, 2.25)),
        ),
    )


class FitNormal(Exercise):
    """1.2: the mean and the standard deviation of income."""

    number = "1.2"
    answers = ("mu", "sigma")
    given = ("observed",)

    def solve(self, observed):
        income = numbers(observed)
        return {"mu": float(income.mean()), "sigma": float(income.std(ddof=1))}

    def flaw(self, answer, given):
        if any(isinstance(value, float) and np.isnan(value) for value in answer.values()):
            return (
                "Your answer is missing (nan), because some values are. "
                "Pandas' own .mean() and .std() leave missing values out: income.mean(), income.std()."
            )
        return super().flaw(answer, given)

    def praise(self, answer, given):
        return f"θ has two parts: μ = {answer['mu']:,.2f} and σ = {answer['sigma']:,.2f}. That is all this model knows."

    otherwise = "μ is the mean of income and σ its standard deviation. Compare yours with income.describe()."
    mistakes = (
        Mistake(
            "variance",
            lambda observed: {"mu": numbers(observed).mean(), "sigma": numbers(observed).var(ddof=1)},
            "σ is the variance here. It is in squared euros; its square root, .std(), is in euros.",
        ),
        Mistake(
            "swapped",
            lambda observed: {"mu": numbers(observed).std(ddof=1), "sigma": numbers(observed).mean()},
            "The two are swapped: μ is the mean, σ the standard deviation.",
        ),
        Mistake(
            "median",
            lambda observed: {"mu": np.median(numbers(observed)), "sigma": numbers(observed).std(ddof=1)},
            "μ is the median here. A normal distribution is fitted with the mean; that the two differ says that income is skewed.",
        ),
        Mistake(
            "missing values taken for zero",
            lambda observed: {
                "mu": np.nan_to_num(np.asarray(observed, dtype=float)).mean(),
                "sigma": np.nan_to_num(np.asarray(observed, dtype=float)).std(ddof=1),
            },
            "The missing incomes were counted as zero, which pulls the mean down. "
            "A missing income is not an income of 0: leave it out.",
        ),
        Mistake(
            "standard error",
            lambda observed: {"mu": numbers(observed).mean(), "sigma": stats.sem(numbers(observed))},
            "σ is the standard error here: how well the mean is known. "
            "For new people you need the standard deviation: how much people differ.",
        ),
        Mistake(
            "logarithms",
            lambda observed: {
                "mu": np.log(samples.positive(observed)).mean(),
                "sigma": np.log(samples.positive(observed)).std(ddof=1),
            },
            "These describe the logarithm of income. That idea will help in the next exercise; here fit income as it is, in euros.",
        ),
    )


class CountBins(Exercise):
    """1.5: the number of bins from which on the histogram copies people."""

    number = "1.5"
    answers = ("bins_to_copy",)
    given = ("observed",)
    powers = 2 ** np.arange(1, 23)

    def solve(self, observed):
        return {"bins_to_copy": self.first(observed, lambda counts, distinct: (counts == 1).sum() / distinct)}

    def first(self, observed, share):
        """The smallest power of two for which `share(counts, number of distinct values)` is at least one half."""
        distinct = np.unique(numbers(observed))
        shares = (share(np.histogram(distinct, bins)[0], len(distinct)) for bins in self.powers)
        return next(
            (int(bins) for bins, value in zip(self.powers, shares, strict=True) if value >= 0.5), int(self.powers[-1])
        )

    def praise(self, answer, given):
        low, high = np.min(numbers(given["observed"])), np.max(numbers(given["observed"]))
        return (
            f"With {answer['bins_to_copy']:,.0f} bins, each {(high - low) / answer['bins_to_copy']:.3g} wide, at least half of the "
            "different values have a bin to themselves. Whoever draws from such a bin draws that person."
        )

    otherwise = "Count, for each power of two, the bins that hold exactly one value, and divide by the number of different values."
    mistakes = (
        Mistake(
            "not a power of two",
            lambda observed: {"bins_to_copy": len(observed)},
            "The answer is one of 2, 4, 8, 16 … A bin for each person is not enough if most people crowd into a few bins.",
            lambda answer, _: (
                isinstance(answer["bins_to_copy"], int | float | np.number)
                and answer["bins_to_copy"] > 22
                and answer["bins_to_copy"] not in CountBins.powers
            ),
        ),
        Mistake(
            "the exponent",
            lambda observed: {"bins_to_copy": int(np.log2(CountBins().solve(observed)["bins_to_copy"]))},
            "That is the exponent. The number of bins is 2 to that power.",
        ),
        Mistake(
            "R's power",
            lambda observed: {"bins_to_copy": 2 ^ int(np.log2(CountBins().solve(observed)["bins_to_copy"]))},
            "In Python ^ is not the power (2^3 is 1): write 2**3.",
        ),
        Mistake(
            "one step too early",
            lambda observed: {"bins_to_copy": CountBins().solve(observed)["bins_to_copy"] // 2},
            "Nearly: here just under half of the different values have a bin to themselves. Double the bins once more.",
        ),
        Mistake(
            "far too few",
            lambda observed: {"bins_to_copy": CountBins().solve(observed)["bins_to_copy"] // 8},
            "With so few bins most values still share theirs. Move the slider on until the sentence says 50 % or more.",
            lambda answer, given: (
                answer["bins_to_copy"] in CountBins.powers
                and 22 < answer["bins_to_copy"] < CountBins().solve(**given)["bins_to_copy"] // 2
            ),
        ),
        Mistake(
            "empty bins",
            lambda observed: {"bins_to_copy": CountBins().first(observed, lambda counts, _: (counts <= 1).mean())},
            "You counted empty bins too (counts <= 1), or bins instead of values. Somebody is alone where counts == 1.",
        ),
        Mistake(
            "everybody",
            lambda observed: {"bins_to_copy": 4 * CountBins().solve(observed)["bins_to_copy"]},
            "That is more than needed: with fewer bins at least half of the values are alone already. Go back in steps of one half.",
            lambda answer, given: (
                answer["bins_to_copy"] in CountBins.powers
                and answer["bins_to_copy"] > CountBins().solve(**given)["bins_to_copy"]
            ),
        ),
    )


def _rng():
    return np.random.default_rng(1)


def _likeliest(answer, candidate):
    """Whether the draws fit this mean and standard deviation, and better than the others that people choose."""
    draws, candidates = answer["draws"], [(1, 1.5), (1.5, 1), (0, 1), (1, 2.25)]
    if np.shape(draws) != (DrawNormal.n,) or stats.kstest(numbers(draws), stats.norm(*candidate).cdf).pvalue < 1e-4:
        return False
    return candidate == max(candidates, key=lambda choice: stats.norm.logpdf(numbers(draws), *choice).sum())


EXERCISES = (DrawNormal(), FitNormal(), MendNegatives(), SampleHistogram(), CountBins())
