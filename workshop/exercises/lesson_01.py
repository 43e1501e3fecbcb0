"""The exercises of notebook 01: rnorm, a fitted normal distribution, its mending, and a histogram that becomes a copier."""

import numpy as np
from scipy import stats

from workshop.exercises import samples
from workshop.exercises.base import Exercise, Mistake, describe_value, numbers


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
        plausible = stats.kstest(numbers(answer["draws"]), stats.norm(self.mean, self.sd).cdf).pvalue > 1e-4
        return plausible and _likeliest(answer, (self.mean, self.sd))

    def praise(self, answer, given):
        draws = numbers(answer["draws"])
        return (
            f"100 draws; their mean is {draws.mean():.2f} and their standard deviation {draws.std(ddof=1):.2f}. "
            "They are near 1 and 1.5, not equal to them: every sample is a little different."
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
    )


class MendNegatives(Exercise):
    """1.3: incomes that cannot be negative."""

    number = "1.3"
    answers = ("mended",)
    given = ("observed",)

    def solve(self, observed):
        income = numbers(observed)
        logs = np.log(income[income > 0])
        return {"mended": np.exp(_rng().normal(logs.mean(), logs.std(ddof=1), len(observed)))}

    def flaw(self, answer, given):
        mended, n = answer["mended"], len(given["observed"])
        if np.ndim(mended) != 1:
            return f"mended should be a column of {n:,} incomes, but it is {describe_value(mended)}."
        values = np.asarray(mended, dtype=float)
        if not np.isfinite(values).all():
            return (
                "Some of your incomes are missing or infinite. Is there a 0 in your data? The logarithm of 0 does not exist: "
                "use income[income > 0]. Or did np.exp get euros instead of logarithms?"
            )
        return None

    def is_right(self, answer, given):
        return len(answer["mended"]) in samples.sizes(given["observed"]) and samples.distance(
            answer["mended"], given["observed"]
        ) < samples.distance_of_normal(given["observed"])

    def praise(self, answer, given):
        return (
            "Nobody has a negative income, and the shape is better too: the largest gap between the two cumulative curves "
            f"fell from {samples.distance_of_normal(given['observed']):.2f} (plain normal) to {samples.distance(answer['mended'], given['observed']):.2f}."
        )

    otherwise = (
        "No income is negative, but the shape is no better than the plain normal one. Try the logarithm of income."
    )
    mistakes = (
        Mistake(
            "still negative",
            lambda observed: {"mended": samples.normal_draws(observed, _rng())},
            "Some incomes are still below zero. Fit and draw on a scale on which every value is possible: the logarithm.",
            lambda answer, _: bool((np.asarray(answer["mended"], dtype=float) < 0).any()),
        ),
        Mistake(
            "the log not undone",
            lambda observed: {"mended": np.log(MendNegatives().solve(observed)["mended"])},
            "These are logarithms of incomes. Bring them back to euros with np.exp.",
            lambda answer, given: (
                np.median(answer["mended"]) < 2 * np.log(np.median(samples.positive(given["observed"])))
                and np.median(samples.positive(given["observed"])) > 50
            ),
        ),
        Mistake(
            "negatives dropped",
            lambda observed: {"mended": (draws := samples.normal_draws(observed, _rng()))[draws >= 0]},
            "Some people are gone: the negative ones were dropped. Your synthetic table must have as many records as before.",
            lambda answer, given: (
                np.ndim(answer["mended"]) == 1
                and len(answer["mended"]) < len(given["observed"])
                and len(answer["mended"]) not in samples.sizes(given["observed"])
            ),
        ),
        Mistake(
            "clipped",
            lambda observed: {"mended": np.clip(samples.normal_draws(observed, _rng()), 0, None)},
            "Every negative income became exactly the same value. Look at the picture: "
            "a heap of people at one income that nobody in the real data has.",
            lambda answer, given: samples.heap(answer["mended"]) > samples.heap(numbers(given["observed"])) + 0.02,
        ),
        Mistake(
            "observed records",
            lambda observed: {"mended": _rng().choice(numbers(observed), len(observed))},
            "These are the observed incomes, drawn again. Nothing is negative, but every value is a real person's. "
            "Draw from a model instead.",
            lambda answer, given: (
                samples.mostly_distinct(given["observed"])
                and np.isin(answer["mended"], numbers(given["observed"])).mean() > 0.9
            ),
        ),
        Mistake(
            "folded",
            lambda observed: {"mended": np.abs(samples.normal_draws(observed, _rng()))},
            "The sign was taken off: somebody with -20,000 now earns 20,000. "
            "That puts too many people at low incomes, for no reason in the data. Model the logarithm instead.",
            lambda answer, given: samples.follows(
                answer["mended"], given["observed"], lambda x, mu, sd: stats.foldnorm.cdf(x, abs(mu) / sd, scale=sd)
            ),
        ),
        Mistake(
            "drawn again until positive",
            lambda observed: {"mended": samples.redrawn(observed, _rng())},
            "Nothing is negative any more, but the mean has moved up and the shape is still a bell with its left side cut off. "
            "Model the logarithm instead.",
            lambda answer, given: samples.follows(
                answer["mended"],
                given["observed"],
                lambda x, mu, sd: stats.truncnorm.cdf(x, -mu / sd, np.inf, loc=mu, scale=sd),
            ),
        ),
    )


class SampleHistogram(Exercise):
    """1.4: a histogram as a generative model."""

    number = "1.4"
    answers = ("sample_histogram",)
    # A histogram on which every mistake shows: an empty bin, bins of different width, and a bin with most of the people.
    counts = np.array([10, 0, 50, 20, 120])
    edges = np.array([0.0, 1.0, 3.0, 4.0, 8.0, 10.0])

    def solve(self):
        return {"sample_histogram": sample_histogram}

    def is_open(self, answer):
        returned, error = _attempt(answer)
        return super().is_open(answer) or returned is ... or "ellipsis" in str(error)

    def flaw(self, answer, given):
        function = answer["sample_histogram"]
        if not callable(function):
            return f"sample_histogram should be a function, but it is {describe_value(function)}."
        values, error = _attempt(answer)
        if error:
            return f"Your function stopped with {type(error).__name__}: {error}."
        if values is None:
            return "Your function returns nothing: its last line should be return values."
        if np.shape(values) != (4000,):
            return f"Asked for 4,000 values, your function returned {describe_value(values)}."
        return None

    def is_right(self, answer, given):
        values, _ = _attempt(answer)
        counts, _ = np.histogram(values, self.edges)
        expected = 4000 * self.counts / self.counts.sum()
        filled = expected > 0
        shares_fit = stats.chisquare(counts[filled], expected[filled] * counts[filled].sum() / 4000).pvalue > 1e-4
        return shares_fit and counts[~filled].sum() == 0 and samples.even_within(values, self.edges)

    def praise(self, answer, given):
        return "Bins by their shares, then any value inside the bin. You wrote a generative model with as many parameters as bins."

    otherwise = (
        "The values do not follow the histogram. Draw bins with p = counts / counts.sum(), then a value inside each."
    )

    mistakes = (
        Mistake(
            "counts as probabilities",
            lambda: {"sample_histogram": lambda c, e, n, rng: rng.uniform(*_bin(e, rng.choice(len(c), n, p=c)))},
            "Counts are not probabilities: those must add up to 1. Divide: counts / counts.sum().",
            lambda answer, _: "sum to 1" in str(_attempt(answer)[1]),
        ),
        Mistake(
            "bin numbers",
            lambda: {"sample_histogram": lambda c, e, n, rng: rng.choice(len(c), n, p=c / c.sum())},
            "These are the numbers of the bins (0, 1, 2 …). Go one step further: for each bin a value between its two edges.",
            lambda answer, _: _found(answer, lambda v: np.isin(v, [0, 2, 3, 4]).all() and (v == 0).any()),
        ),
        Mistake(
            "edges or middles",
            lambda: {
                "sample_histogram": lambda c, e, n, rng: ((e[:-1] + e[1:]) / 2)[rng.choice(len(c), n, p=c / c.sum())]
            },
            "Only a handful of different values come out, one for each bin. "
            "Spread them: any value between the bin's left and right edge is as likely as any other.",
            lambda answer, _: _found(answer, lambda v: len(np.unique(v)) <= 10),
        ),
        Mistake(
            "outside the histogram",
            lambda: {"sample_histogram": lambda c, e, n, rng: rng.normal(30_000, 9_000, n)},
            "Some values lie outside the edges that the function was given. "
            "It must not look at income: it knows only counts and edges.",
            lambda answer, _: _found(answer, lambda v: v.min() < 0 or v.max() > 10),
        ),
        Mistake(
            "every bin equally likely",
            lambda: {"sample_histogram": lambda c, e, n, rng: rng.uniform(*_bin(e, rng.choice(len(c), n)))},
            "Every bin comes up equally often, even the empty one. Tell rng.choice the probabilities: p=counts / counts.sum().",
            lambda answer, _: _found(
                answer, lambda v: abs(np.histogram(v, SampleHistogram.edges)[0] / 4000 - 0.2).max() < 0.05
            ),
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
            f"With {answer['bins_to_copy']:,} bins, each {(high - low) / answer['bins_to_copy']:.3g} wide, at least half of the "
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
            "one step too early",
            lambda observed: {"bins_to_copy": CountBins().solve(observed)["bins_to_copy"] // 2},
            "Nearly: here just under half of the different values have a bin to themselves. Double the bins once more.",
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


def sample_histogram(counts, edges, n, rng):
    """The reference answer to 1.4: n values from a histogram.

    >>> sample_histogram(np.array([0, 3]), np.array([0.0, 1.0, 2.0]), 2, np.random.default_rng(1)).round(1)
    array([1.1, 1.9])
    """
    chosen = rng.choice(len(counts), n, p=counts / counts.sum())
    return rng.uniform(edges[chosen], edges[chosen + 1])


def _rng():
    return np.random.default_rng(1)


def _likeliest(answer, candidate):
    """Whether the draws are likelier under this mean and standard deviation than under the others that people choose."""
    draws, candidates = answer["draws"], [(1, 1.5), (1.5, 1), (0, 1), (1, 2.25)]
    if np.shape(draws) != (DrawNormal.n,):
        return False
    return candidate == max(candidates, key=lambda choice: stats.norm.logpdf(numbers(draws), *choice).sum())


def _bin(edges, chosen):
    return edges[chosen], edges[chosen + 1]


def _attempt(answer):
    """What the learner's function returns for the test histogram, and the error if it fails."""
    try:
        return answer["sample_histogram"](
            SampleHistogram.counts, SampleHistogram.edges, 4000, np.random.default_rng(14)
        ), None
    except Exception as error:
        return None, error


def _found(answer, shows):
    """Whether the learner's function returns a plain column of numbers, and they show the mistake."""
    values, _ = _attempt(answer)
    good = np.shape(values) == (4000,) and np.asarray(values).dtype.kind in "iuf"
    return good and bool(shows(np.asarray(values, dtype=float)))


EXERCISES = (DrawNormal(), FitNormal(), MendNegatives(), SampleHistogram(), CountBins())
