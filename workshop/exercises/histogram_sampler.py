"""Exercise 1.4: a histogram as a generative model, judged by what the learner's function makes of another histogram."""

import numpy as np
from scipy import stats

from workshop.exercises import samples
from workshop.exercises.base import Exercise, Mistake, describe_value


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
        if np.ndim(values) == 0:
            return f"Asked for 4,000 values, your function returned {describe_value(values)}. Tell rng.choice how many: size=n."
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
            "edges chosen instead of bins",
            lambda: {"sample_histogram": lambda c, e, n, rng: rng.choice(e, n, p=c / c.sum())},
            "There is one edge more than there are bins, so the probabilities do not fit. Choose among the bins: rng.choice(len(counts), …).",
            lambda answer, _: "same size" in str(_attempt(answer)[1]),
        ),
        Mistake(
            "counted from 1",
            lambda: {
                "sample_histogram": lambda c, e, n, rng: rng.uniform(
                    *_bin(e, rng.choice(np.arange(1, len(c) + 1), n, p=c / c.sum()))
                )
            },
            "Python counts from 0: the bins are number 0 to len(counts) - 1, "
            "and bin b reaches from edges[b] to edges[b + 1], not from edges[b - 1] to edges[b].",
            lambda answer, _: isinstance(_attempt(answer)[1], IndexError) or "high - low" in str(_attempt(answer)[1]),
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
            "Only a handful of different values come out. "
            "Spread them: any value between the bin's left and right edge, not only whole ones, is as likely as any other.",
            lambda answer, _: _found(answer, lambda v: len(np.unique(v)) <= 10),
        ),
        Mistake(
            "all bins of one width",
            lambda: {
                "sample_histogram": lambda c, e, n, rng: e[rng.choice(len(c), n, p=c / c.sum())] + rng.uniform(0, 1, n)
            },
            "Every value lies within 1 of the left edge of its bin. The right edge of bin b is edges[b + 1], not edges[b] + 1; "
            "in the histogram of this check, bins also differ in width.",
            lambda answer, _: _found(
                answer,
                lambda v: (
                    (v - SampleHistogram.edges[np.searchsorted(SampleHistogram.edges, v, "right") - 1]).max() <= 1
                ),
            ),
        ),
        Mistake(
            "the bins forgotten",
            lambda: {"sample_histogram": lambda c, e, n, rng: rng.uniform(e[0], e[-1], n)},
            "All values between the first and the last edge come up equally often: the chosen bins were not used. "
            "The bounds are edges[chosen] and edges[chosen + 1].",
            lambda answer, _: _found(answer, lambda v: stats.kstest(v / 10, "uniform").pvalue > 1e-4),
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


def sample_histogram(counts, edges, n, rng):
    """The reference answer to 1.4: n values from a histogram.

    >>> sample_histogram(np.array([0, 3]), np.array([0.0, 1.0, 2.0]), 2, np.random.default_rng(1)).round(1)
    array([1.1, 1.9])
    """
    chosen = rng.choice(len(counts), n, p=counts / counts.sum())
    return rng.uniform(edges[chosen], edges[chosen + 1])


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
