"""Parametric families of one numeric variable: fit by maximum likelihood, ask for the likelihood, draw from it.

A family is a small frozen record of its parameters with three formulas: how likely the data are, the share of values up
to x, and how to draw. Most are fitted from a handful of sums (sufficient statistics), so that a million values cost one
look. Whole numbers get proper probabilities: P(k) is the share between k - 1/2 and k + 1/2, never a density.
The estimators are textbook (Johnson, Kotz and Balakrishnan, 1994); others are named where they are used.
"""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from scipy import optimize, special

#: Below this share a whole number counts as impossible, but its logarithm stays finite.
TINY = 1e-300


class Values:
    """The values of one variable, sorted once, and the sums that families are fitted from.

    Parameters
    ----------
    numbers : array_like of float
        At least one finite number, none missing.
    whole : bool
        Whether only whole numbers can occur.
    """

    def __init__(self, numbers, whole=False):
        self.numbers = np.sort(np.asarray(numbers, dtype=float))
        self.whole = whole
        self.n = len(self.numbers)
        self.low, self.high = float(self.numbers[0]), float(self.numbers[-1])
        self.mean = float(self.numbers.mean())

    @cached_property
    def variance(self):
        """The mean squared deviation; for whole numbers less 1/12, which rounding added (Sheppard, 1898)."""
        rounding = 1 / 12 if self.whole else 0.0
        return max(float(np.mean((self.numbers - self.mean) ** 2)) - rounding, 0.0)

    @cached_property
    def sd(self):
        return float(np.sqrt(self.variance))

    @cached_property
    def distinct(self):
        return self.numbers[self._starts]

    @cached_property
    def counts(self):
        return np.diff(np.append(self._starts, self.n))

    @cached_property
    def _starts(self):
        return np.flatnonzero(np.append(True, np.diff(self.numbers) > 0))

    @cached_property
    def logs(self):
        return np.log(self.numbers)

    @cached_property
    def log_mean(self):
        return float(self.logs.mean())

    @cached_property
    def log_variance(self):
        return float(self.logs.var())

    @cached_property
    def decimals(self):
        """How many decimals all values get by with (0 to 6), or None if they need more."""
        some = self.numbers[:: max(1, self.n // 1000)]
        for decimals in range(7):
            if np.allclose(some, np.round(some, decimals), rtol=1e-12, atol=0):
                return (
                    decimals
                    if np.allclose(self.numbers, np.round(self.numbers, decimals), rtol=1e-12, atol=0)
                    else None
                )
        return None

    @cached_property
    def step(self):
        """The smallest difference that the values can show."""
        if self.whole:
            return 1.0
        return 10.0**-self.decimals if self.decimals is not None else 1e-9 * max(self.high - self.low, TINY)

    @cached_property
    def cumulated(self):
        """Up to 500 of the values in order, the share of records up to each, and the share below each."""
        some = np.unique(np.linspace(0, len(self.distinct) - 1, 500).astype(int))
        upto = (np.cumsum(self.counts) / self.n)[some]
        return self.distinct[some], upto, upto - self.counts[some] / self.n

    def without(self, value):
        return Values(self.numbers[self.numbers != value], self.whole)


@dataclass(frozen=True)
class Family:
    """What all families share. A family says `fit`, `cdf`, `mean_log_density` and `_draw`."""

    #: How it is called in recipes and rankings.
    name = ""

    @classmethod
    def fit(cls, values):
        """The family with the parameters that make the values likeliest, or None where it cannot have made them."""
        raise NotImplementedError

    @property
    def parameters(self):
        """dict of parameter -> value."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def n_free(self):
        """The number of free parameters: what the BIC charges for."""
        return len(fields(self))

    def cdf(self, x):
        """The share of values up to x, as if there were no rounding."""
        raise NotImplementedError

    def sf(self, x):
        """The share of values above x; families with a formula of their own keep more digits far out."""
        return 1 - self.cdf(x)

    def mean_log_density(self, values):
        """The average logarithm of the density at the values, from their sums."""
        raise NotImplementedError

    def _draw(self, n, rng):
        raise NotImplementedError

    def widened(self):
        """For whole numbers: bounds reach half a step beyond the last values."""
        return self

    def mass(self, low, high):
        """The share of values between low and high, from the side that keeps the digits."""
        left = self.cdf(low)
        return np.where(left > 0.5, self.sf(low) - self.sf(high), self.cdf(high) - left)

    def up_to(self, x, whole=False):
        """P(X ≤ x), after rounding if the values are whole."""
        return self.widened().cdf(np.floor(x) + 0.5) if whole else self.cdf(x)

    def below(self, x, whole=False):
        """P(X < x)."""
        return self.widened().cdf(np.ceil(x) - 0.5) if whole else self.cdf(x)

    def log_likelihood(self, values):
        """The logarithm of the probability (for whole numbers) or of the density of the values.

        Parameters
        ----------
        values : Values

        Returns
        -------
        float
        """
        if not values.whole:
            return values.n * self.mean_log_density(values)
        shares = self.widened().mass(values.distinct - 0.5, values.distinct + 0.5)
        return float(values.counts @ np.log(np.maximum(shares, TINY)))

    def bic(self, values, log_likelihood=None):
        """The Bayesian information criterion: k · ln n - 2 · ln L (Schwarz, 1978). The lower, the better."""
        log_likelihood = self.log_likelihood(values) if log_likelihood is None else log_likelihood
        return self.n_free * float(np.log(values.n)) - 2 * log_likelihood

    def distance(self, values):
        """The Kolmogorov-Smirnov distance: the largest gap between observed and fitted cumulative shares, 0 to 1."""
        x, upto, before = values.cumulated
        return float(
            max(np.abs(upto - self.up_to(x, values.whole)).max(), np.abs(before - self.below(x, values.whole)).max())
        )

    def sample(self, n, rng, whole=False):
        """n values, whole ones if asked.

        Parameters
        ----------
        n : int
        rng : numpy.random.Generator
        whole : bool

        Returns
        -------
        numpy.ndarray of float, shape (n,)
        """
        return np.rint(self.widened()._draw(n, rng)) if whole else self._draw(n, rng)


@dataclass(frozen=True)
class Constant(Family):
    """The same value for everybody."""

    name = "constant"
    value: float

    @classmethod
    def fit(cls, values):
        return cls(values.low) if values.low == values.high else None

    def cdf(self, x):
        return (np.asarray(x) >= self.value).astype(float)

    def below(self, x, whole=False):
        return (np.asarray(x) > self.value).astype(float)

    def log_likelihood(self, values):
        return 0.0

    def _draw(self, n, rng):
        return np.full(n, float(self.value))


@dataclass(frozen=True)
class _Bounded(Family):
    lower: float
    upper: float

    def widened(self):
        return replace(self, lower=self.lower - 0.5, upper=self.upper + 0.5)


@dataclass(frozen=True)
class Uniform(_Bounded):
    """Every value between two bounds is equally likely. Whole numbers include both bounds.

    >>> Uniform.fit(Values([2.0, 3.0, 7.0]))
    Uniform(lower=2.0, upper=7.0)
    """

    name = "uniform"

    @classmethod
    def fit(cls, values):
        return cls(values.low, values.high) if values.low < values.high else None

    def cdf(self, x):
        return np.clip((np.asarray(x, dtype=float) - self.lower) / (self.upper - self.lower), 0, 1)

    def mean_log_density(self, values):
        inside = self.lower <= values.low and values.high <= self.upper
        return -np.log(self.upper - self.lower) if inside else np.log(TINY)

    def _draw(self, n, rng):
        drawn = rng.uniform(self.lower, self.upper, n)
        return np.clip(drawn, np.nextafter(self.lower, np.inf), np.nextafter(self.upper, -np.inf))


@dataclass(frozen=True)
class Normal(Family):
    """The bell curve. The standard deviation divides by n, which is what maximum likelihood asks for.

    >>> Normal.fit(Values([1.0, 3.0]))
    Normal(mean=2.0, sd=1.0)
    """

    name = "normal"
    mean: float
    sd: float

    @classmethod
    def fit(cls, values):
        return cls(values.mean, values.sd) if values.sd > 0 else None

    def cdf(self, x):
        return special.ndtr((np.asarray(x) - self.mean) / self.sd)

    def sf(self, x):
        return special.ndtr((self.mean - np.asarray(x)) / self.sd)

    def mean_log_density(self, values):
        squares = (values.variance + (values.mean - self.mean) ** 2) / self.sd**2
        return -np.log(self.sd) - 0.5 * np.log(2 * np.pi) - 0.5 * squares

    def _draw(self, n, rng):
        return rng.normal(self.mean, self.sd, n)


@dataclass(frozen=True)
class TruncatedNormal(_Bounded):
    """A bell curve of which only the part between two bounds is seen. `mean` and `sd` are those of the whole bell."""

    name = "truncated_normal"
    mean: float
    sd: float

    @classmethod
    def fit(cls, values):
        if values.low == values.high:
            return None
        width = values.high - values.low

        def loss(guess):
            family = cls(values.low, values.high, values.low + width * guess[0], width * np.exp(guess[1]))
            family = family.widened() if values.whole else family
            by_mean, by_log_sd = family._slopes(values)
            return -family._mean_log_density(values), np.array([-width * by_mean, -by_log_sd])

        start = [(values.mean - values.low) / width, np.log(max(values.sd / width, 0.01))]
        found = optimize.minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=[(-5, 6), (np.log(0.01), np.log(10))]
        )
        return cls(values.low, values.high, values.low + width * float(found.x[0]), width * float(np.exp(found.x[1])))

    @property
    def _turned(self):
        """Whether to look from above: the side on which shares keep their digits."""
        return self.lower + self.upper > 2 * self.mean

    @property
    def _log_ends(self):
        """The logarithms of the shares of the whole bell up to both bounds."""
        ends = (self.lower - self.mean) / self.sd, (self.upper - self.mean) / self.sd
        return special.log_ndtr((-ends[1], -ends[0]) if self._turned else ends)

    @property
    def _log_share(self):
        """The logarithm of the share of the whole bell that lies between the bounds."""
        left, right = self._log_ends
        return right + np.log1p(-np.exp(left - right))

    def cdf(self, x):
        z = (np.clip(x, self.lower, self.upper) - self.mean) / self.sd
        upto = special.log_ndtr(-z if self._turned else z)
        share = -np.exp(upto - self._log_share) * np.expm1(np.minimum(self._log_ends[0] - upto, 0))
        return np.clip(1 - share if self._turned else share, 0, 1)

    def _slopes(self, values):
        """How the average log density changes with the mean, and with the logarithm of the sd."""
        z = np.array([self.lower - self.mean, self.upper - self.mean]) / self.sd
        heights = np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - self._log_share)
        away = values.mean - self.mean
        by_mean = away / self.sd**2 + (heights[1] - heights[0]) / self.sd
        by_log_sd = -1 + (values.variance + away**2) / self.sd**2 + z[1] * heights[1] - z[0] * heights[0]
        return by_mean, by_log_sd

    def _mean_log_density(self, values):
        return Normal(self.mean, self.sd).mean_log_density(values) - self._log_share

    def mean_log_density(self, values):
        inside = self.lower <= values.low and values.high <= self.upper
        return self._mean_log_density(values) if inside else np.log(TINY)

    def _draw(self, n, rng):
        left, right = self._log_ends
        v = rng.random(n)
        z = special.ndtri_exp(right + np.log(v + (1 - v) * np.exp(left - right)))
        drawn = self.mean + self.sd * (-z if self._turned else z)
        return np.clip(drawn, np.nextafter(self.lower, np.inf), np.nextafter(self.upper, -np.inf))


@dataclass(frozen=True)
class Lognormal(Family):
    """Its logarithm is normal: incomes, durations. `mean` and `sd` are those of the logarithm."""

    name = "lognormal"
    mean: float
    sd: float

    @classmethod
    def fit(cls, values):
        if values.low <= 0 or values.log_variance == 0:
            return None
        return cls(values.log_mean, float(np.sqrt(values.log_variance)))

    def cdf(self, x):
        return special.ndtr(self._standard(x))

    def sf(self, x):
        return special.ndtr(-self._standard(x))

    def _standard(self, x):
        return (np.log(np.maximum(x, TINY)) - self.mean) / self.sd

    def mean_log_density(self, values):
        if values.low <= 0:
            return np.log(TINY)
        squares = (values.log_variance + (values.log_mean - self.mean) ** 2) / self.sd**2
        return -values.log_mean - np.log(self.sd) - 0.5 * np.log(2 * np.pi) - 0.5 * squares

    def _draw(self, n, rng):
        return rng.lognormal(self.mean, self.sd, n)


@dataclass(frozen=True)
class Exponential(Family):
    """Waiting times: the longer, the rarer, always at the same rate.

    >>> Exponential.fit(Values([1.0, 3.0]))
    Exponential(rate=0.5)
    """

    name = "exponential"
    rate: float

    @classmethod
    def fit(cls, values):
        return cls(1 / values.mean) if values.low >= 0 and values.mean > 0 else None

    def cdf(self, x):
        return -np.expm1(-self.rate * np.maximum(x, 0))

    def sf(self, x):
        return np.exp(-self.rate * np.maximum(x, 0))

    def mean_log_density(self, values):
        return np.log(self.rate) - self.rate * values.mean if values.low >= 0 else np.log(TINY)

    def _draw(self, n, rng):
        return rng.exponential(1 / self.rate, n)


@dataclass(frozen=True)
class Gamma(Family):
    """Amounts that add up: skewed, above zero. The mean is shape / rate."""

    name = "gamma"
    shape: float
    rate: float

    @classmethod
    def fit(cls, values):
        if values.low <= 0:
            return None
        gap = np.log(values.mean) - values.log_mean
        if gap < 1e-9:
            return None
        # Newton's steps on ln(shape) - digamma(shape) = gap, in 1/shape (Minka, 2002).
        shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
        for _ in range(8):
            slope = shape**2 * (1 / shape - special.polygamma(1, shape))
            shape = 1 / (1 / shape + (np.log(shape) - special.digamma(shape) - gap) / slope)
        return cls(float(shape), float(shape / values.mean))

    def cdf(self, x):
        return special.gammainc(self.shape, self.rate * np.maximum(x, 0))

    def sf(self, x):
        return special.gammaincc(self.shape, self.rate * np.maximum(x, 0))

    def mean_log_density(self, values):
        if values.low <= 0:
            return np.log(TINY)
        norm = self.shape * np.log(self.rate) - special.gammaln(self.shape)
        return norm + (self.shape - 1) * values.log_mean - self.rate * values.mean

    def _draw(self, n, rng):
        return rng.gamma(self.shape, 1 / self.rate, n)


@dataclass(frozen=True)
class Beta(Family):
    """Shares between 0 and 1, or percentages between 0 and 100: `scale` is 1 or 100 and counts as known.

    Values that stay in the lower half are not taken for percentages: there a gamma says the same.
    """

    name = "beta"
    a: float
    b: float
    scale: float = 1.0

    @classmethod
    def fit(cls, values):
        scale = 1.0 if values.high < 1 else 100.0
        if values.low <= 0 or not scale / 2 < values.high < scale or values.sd == 0:
            return None
        log_mean, log_rest = values.log_mean - np.log(scale), float(np.log1p(-values.numbers / scale).mean())
        mean, variance = values.mean / scale, values.variance / scale**2
        total = max(mean * (1 - mean) / variance - 1, 0.1)

        def slopes(logs):
            a, b = np.exp(logs)
            whole = special.digamma(a + b)
            return [special.digamma(a) - whole - log_mean, special.digamma(b) - whole - log_rest]

        found = optimize.root(slopes, np.log([mean * total, (1 - mean) * total]))
        return cls(*map(float, np.exp(found.x)), scale) if found.success else None

    @property
    def n_free(self):
        return 2

    def cdf(self, x):
        return special.betainc(self.a, self.b, np.clip(np.asarray(x) / self.scale, 0, 1))

    def sf(self, x):
        return special.betainc(self.b, self.a, np.clip(1 - np.asarray(x) / self.scale, 0, 1))

    def mean_log_density(self, values):
        if values.low <= 0 or values.high >= self.scale:
            return np.log(TINY)
        near, far = values.log_mean - np.log(self.scale), np.log1p(-values.numbers / self.scale).mean()
        return (self.a - 1) * near + (self.b - 1) * far - special.betaln(self.a, self.b) - np.log(self.scale)

    def _draw(self, n, rng):
        return self.scale * rng.beta(self.a, self.b, n)
