"""Families for what one curve cannot show: a spike beside a curve, two humps, and the histogram that takes any shape.

They are families like those in `families.py`, and cost the BIC more parameters. The two humps are found by the
expectation-maximization algorithm (Dempster, Laird and Rubin, 1977) on a fine histogram, so that its cost does not grow with the data.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from workshop.models.families import TINY, Exponential, Family, Gamma, Lognormal, Normal, Uniform
from workshop.numeric import bin_edges


@dataclass(frozen=True)
class Spike(Family):
    """One value again and again (mostly zero), and a curve for all others: what people spend on gifts.

    `share` is the share of records at `value`; `rest` is the family of the others.
    """

    name = "spike"
    value: float
    share: float
    rest: Family

    #: A value is a spike if at least so many records, and this share of them, have it.
    FEWEST, SMALLEST_SHARE = 10, 0.02

    @classmethod
    def fit(cls, values):
        most = int(np.argmax(values.counts))
        count = int(values.counts[most])
        if count < max(cls.FEWEST, cls.SMALLEST_SHARE * values.n) or values.n - count < cls.FEWEST:
            return None
        others = values.without(values.distinct[most])
        curves = [family.fit(others) for family in (Normal, Lognormal, Exponential, Gamma, Uniform)]
        curves = [curve for curve in curves if curve is not None]
        if not curves:
            return None
        return cls(float(values.distinct[most]), count / values.n, min(curves, key=lambda curve: curve.bic(others)))

    @property
    def n_free(self):
        return 2 + self.rest.n_free

    def widened(self):
        return Spike(self.value, self.share, self.rest.widened())

    def cdf(self, x):
        return self.share * (np.asarray(x) >= self.value) + (1 - self.share) * self.rest.cdf(x)

    def sf(self, x):
        return self.share * (np.asarray(x) < self.value) + (1 - self.share) * self.rest.sf(x)

    def below(self, x, whole=False):
        return self.share * (np.asarray(x) > self.value) + (1 - self.share) * self.rest.below(x, whole)

    def log_likelihood(self, values):
        if values.whole:
            return super().log_likelihood(values)
        # A share and a density cannot be compared: as a density, the spike is one step of the data wide.
        others = values.without(self.value)
        at_value = values.n - others.n
        return (
            at_value * (np.log(self.share) - np.log(values.step))
            + others.n * np.log(1 - self.share)
            + self.rest.log_likelihood(others)
        )

    def _draw(self, n, rng):
        return np.where(rng.random(n) < self.share, self.value, self.rest._draw(n, rng))


@dataclass(frozen=True)
class TwoNormals(Family):
    """Two bell curves laid over each other; `share` is that of the first, the lower one."""

    name = "two_normals"
    share: float
    mean: float
    sd: float
    mean_2: float
    sd_2: float

    BINS, ROUNDS = 200, 400

    @classmethod
    def fit(cls, values):
        if values.sd == 0 or values.n < 20:
            return None
        counts, edges = np.histogram(values.numbers, cls.BINS)
        x, weight = (edges[1:] + edges[:-1]) / 2, counts / values.n
        within = (edges[1] - edges[0]) ** 2 / 12  # what a bin hides
        smallest = max(values.sd / 50, np.sqrt(within))
        low = x <= np.sum(weight * x)
        member, before = np.where(low, 0.95, 0.05), -np.inf
        for _ in range(cls.ROUNDS):
            shares = np.array([weight @ member, weight @ (1 - member)])
            if shares.min() * values.n < 5:
                return None
            means = np.array([weight @ (member * x), weight @ ((1 - member) * x)]) / shares
            spreads = [weight @ (m * (x - mean) ** 2) for m, mean in zip((member, 1 - member), means, strict=True)]
            sds = np.maximum(np.sqrt(np.array(spreads) / shares - (within if not values.whole else 0)), smallest)
            logs = np.log(shares / sds)[:, None] - 0.5 * ((x - means[:, None]) / sds[:, None]) ** 2
            total = np.logaddexp(*logs)
            member, likelihood = np.exp(logs[0] - total), weight @ total
            if (likelihood - before) * values.n < 1e-3:
                break
            before = likelihood
        first, second = np.argsort(means)
        share, mean, sd = shares.tolist(), means.tolist(), sds.tolist()
        return cls(share[first], mean[first], sd[first], mean[second], sd[second])

    @property
    def _parts(self):
        return ((self.share, Normal(self.mean, self.sd)), (1 - self.share, Normal(self.mean_2, self.sd_2)))

    def cdf(self, x):
        return sum(share * part.cdf(x) for share, part in self._parts)

    def sf(self, x):
        return sum(share * part.sf(x) for share, part in self._parts)

    def mean_log_density(self, values):
        x = values.numbers
        logs = [np.log(s) - np.log(p.sd) - 0.5 * ((x - p.mean) / p.sd) ** 2 for s, p in self._parts]
        return float(np.logaddexp(*logs).mean() - 0.5 * np.log(2 * np.pi))

    def _draw(self, n, rng):
        first = rng.random(n) < self.share
        return rng.normal(np.where(first, self.mean, self.mean_2), np.where(first, self.sd, self.sd_2))


@dataclass(frozen=True)
class Histogram(Family):
    """A share for each bin, and every value in a bin equally likely: takes any shape, at the price of many parameters."""

    name = "histogram"
    edges: tuple
    shares: tuple

    @classmethod
    def fit(cls, values, bins=20):
        edges = bin_edges(values.low, values.high, bins, whole=values.whole)
        counts, _ = np.histogram(values.numbers, edges)
        return cls(tuple(edges.tolist()), tuple((counts / values.n).tolist()))

    @property
    def n_free(self):
        return len(self.shares) + 1  # the last share follows from the others; two outer edges

    def cdf(self, x):
        return np.interp(x, self.edges, np.append(0, np.cumsum(self.shares)))

    def mean_log_density(self, values):
        counts, _ = np.histogram(values.numbers, self.edges)
        if counts.sum() < values.n:
            return np.log(TINY)
        density = np.array(self.shares) / np.diff(self.edges)
        return float(special.xlogy(counts, np.maximum(density, TINY)).sum() / values.n)

    def _draw(self, n, rng):
        edges, shares = np.array(self.edges), np.array(self.shares)
        chosen = rng.choice(len(shares), n, p=shares / shares.sum())
        return rng.uniform(edges[chosen], edges[chosen + 1])
