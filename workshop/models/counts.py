"""Families of whole numbers, of labels and of keys: what can be counted.

Their probabilities are exact, so that a family of counts and a rounded bell curve can be held against each other.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from workshop.models.families import TINY, Family

#: numpy draws no counts at a higher rate.
LARGEST_RATE = 1e15


@dataclass(frozen=True)
class Count(Family):
    """A family of 0, 1, 2, …: says `log_mass(k)`, the logarithm of the probability of k."""

    def log_mass(self, k):
        raise NotImplementedError

    def below(self, x, whole=True):
        return self.cdf(np.ceil(x) - 1)

    def up_to(self, x, whole=True):
        return self.cdf(np.floor(x))

    def log_likelihood(self, values):
        if values.low < 0:
            return values.n * np.log(TINY)
        return float(values.counts @ np.maximum(self.log_mass(values.distinct), np.log(TINY)))

    def sample(self, n, rng, whole=True):
        return self._draw(n, rng).astype(float)


@dataclass(frozen=True)
class Poisson(Count):
    """Events at a steady rate: how many in a year? The variance equals the mean."""

    name = "poisson"
    rate: float

    @classmethod
    def fit(cls, values):
        return cls(values.mean) if values.low >= 0 and 0 < values.mean < LARGEST_RATE else None

    def cdf(self, x):
        return np.where(np.asarray(x) < 0, 0.0, special.pdtr(np.maximum(x, 0), self.rate))

    def log_mass(self, k):
        return special.xlogy(k, self.rate) - self.rate - special.gammaln(k + 1)

    def _draw(self, n, rng):
        return rng.poisson(self.rate, n)


@dataclass(frozen=True)
class NegativeBinomial(Count):
    """Counts that vary more than a Poisson's: a Poisson whose rate differs between people, by a gamma distribution.

    The variance is mean + mean² / size.
    """

    name = "negative_binomial"
    mean: float
    size: float

    @classmethod
    def fit(cls, values):
        if values.low < 0 or values.mean == 0 or values.numbers.var() <= values.mean:
            return None  # no more spread than a Poisson has
        found = optimize.minimize_scalar(
            lambda log_size: -cls(values.mean, float(np.exp(log_size))).log_likelihood(values),
            bounds=(np.log(1e-3), np.log(1e5)),
            method="bounded",
            options={"xatol": 1e-8},
        )
        return cls(values.mean, float(np.exp(found.x)))

    @property
    def _p(self):
        return self.size / (self.size + self.mean)

    def cdf(self, x):
        return np.where(np.asarray(x) < 0, 0.0, special.betainc(self.size, np.maximum(x, 0) + 1, self._p))

    def log_mass(self, k):
        ways = special.gammaln(k + self.size) - special.gammaln(self.size) - special.gammaln(k + 1)
        return ways + self.size * np.log(self._p) + special.xlog1py(k, -self._p)

    def _draw(self, n, rng):
        return rng.negative_binomial(self.size, self._p, n)


@dataclass(frozen=True)
class ZeroInflatedPoisson(Count):
    """Counts with more zeros than a Poisson has: `share` of the people never do it at all (Lambert, 1992)."""

    name = "zero_inflated_poisson"
    share: float
    rate: float

    @classmethod
    def fit(cls, values):
        if values.low != 0 or values.high <= 1:
            return None
        zeros = values.counts[0] / values.n
        positive = values.mean / (1 - zeros)  # the mean of those above zero is rate / (1 - exp(-rate))
        rate = optimize.brentq(lambda rate: rate / -np.expm1(-rate) - positive, 1e-9, positive + 1)
        share = 1 - values.mean / rate
        return cls(float(share), float(rate)) if share > 0 else None

    def cdf(self, x):
        return np.where(np.asarray(x) < 0, 0.0, self.share + (1 - self.share) * Poisson(self.rate).cdf(x))

    def log_mass(self, k):
        usual = np.log1p(-self.share) + Poisson(self.rate).log_mass(k)
        return np.where(np.asarray(k) == 0, np.logaddexp(np.log(self.share), usual), usual)

    def _draw(self, n, rng):
        return rng.poisson(self.rate, n) * (rng.random(n) >= self.share)


@dataclass(frozen=True)
class Multinoulli(Family):
    """A share for each label or each whole number: a die with uneven sides."""

    name = "multinoulli"
    labels: tuple
    probs: tuple

    #: With fewer records for each different number than this, a table of shares is no summary (Cochran, 1954).
    FEWEST_EACH = 5

    @classmethod
    def fit(cls, values):
        """For whole numbers; the labels of text and categories are counted where they are."""
        if len(values.distinct) * cls.FEWEST_EACH > values.n:
            return None
        return cls(tuple(int(number) for number in values.distinct), tuple((values.counts / values.n).tolist()))

    @property
    def n_free(self):
        return len(self.labels) - 1

    def cdf(self, x):
        shares = np.append(0, np.cumsum(self.probs))
        return shares[np.searchsorted(self.labels, x, side="right")]

    def below(self, x, whole=True):
        return self.cdf(np.ceil(x) - 0.5)

    def log_likelihood(self, values):
        share = dict(zip(self.labels, self.probs, strict=True))
        shares = np.array([share.get(int(number), 0.0) for number in values.distinct])
        return float(values.counts @ np.log(np.maximum(shares, TINY)))

    def codes(self, n, rng):
        """The positions of n drawn labels."""
        probs = np.array(self.probs)
        return rng.choice(len(probs), n, p=probs / probs.sum())

    def sample(self, n, rng, whole=True):
        return np.array(self.labels, dtype=float)[self.codes(n, rng)]


@dataclass(frozen=True)
class UniqueKey(Family):
    """Whole numbers that never repeat: one after the other from `lower` on, or with gaps of 0 to 2 between them."""

    name = "unique_key"
    lower: int
    consecutive: bool = True

    @classmethod
    def fit(cls, values):
        spread = values.high - values.low + 1
        return cls(int(values.low), bool(spread == values.n)) if len(values.distinct) == values.n else None

    def log_likelihood(self, values):
        return 0.0

    def sample(self, n, rng, whole=True):
        steps = np.ones(n) if self.consecutive else rng.integers(1, 4, n)
        return self.lower + np.cumsum(steps) - (steps[0] if n else 0)
