"""What a column of random draws gives away about how it was made: the measures by which the checks judge samples."""

import numpy as np
from scipy import stats

from workshop.exercises.base import numbers


def normal_draws(observed, rng):
    """As many draws as records from the normal distribution fitted to them."""
    values = numbers(observed)
    return rng.normal(values.mean(), values.std(ddof=1), len(observed))


def redrawn(observed, rng):
    """The same, but drawn again until nothing is negative."""
    mean, sd = numbers(observed).mean(), numbers(observed).std(ddof=1)
    return stats.truncnorm.rvs(-mean / sd, np.inf, loc=mean, scale=sd, size=len(observed), random_state=rng)


def positive(observed):
    """The values above zero."""
    values = numbers(observed)
    return values[values > 0]


def sizes(observed):
    """How many records there are, and how many with a value."""
    return len(observed), len(numbers(observed))


def heap(values):
    """The share of the most frequent value among those that are present."""
    present = numbers(values, "mended")
    return np.unique(present, return_counts=True)[1].max() / len(present)


def mostly_distinct(observed):
    """Whether more than half of the values are different ones."""
    values = numbers(observed)
    return len(np.unique(values)) > len(values) / 2


def distance(synthetic, observed):
    """Kolmogorov-Smirnov distance to the observed values, or to those above zero where zeros need a spike of their own."""
    values = numbers(synthetic, "mended")
    return min(stats.ks_2samp(values, reference).statistic for reference in (numbers(observed), positive(observed)))


def distance_of_normal(observed):
    """Kolmogorov-Smirnov distance of the fitted normal distribution to the observed values."""
    values = numbers(observed)
    return stats.kstest(values, stats.norm(values.mean(), values.std(ddof=1)).cdf).statistic


def follows(synthetic, observed, cdf):
    """Whether draws follow `cdf(x, mean, sd)` at the observed mean and sd (Kolmogorov-Smirnov, at the 0.1 % level)."""
    values, fitted = numbers(synthetic, "mended"), numbers(observed)
    gap = stats.kstest(values, lambda x: cdf(x, fitted.mean(), fitted.std(ddof=1))).statistic
    return gap < 1.95 / np.sqrt(len(values))


def even_within(values, edges):
    """Whether values lie evenly within their bins, wherever that is."""
    chosen = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    place = (values - edges[chosen]) / (edges[chosen + 1] - edges[chosen])
    return stats.kstest(place, "uniform").pvalue > 1e-4
