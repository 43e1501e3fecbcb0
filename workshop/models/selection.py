"""Which family suits a variable: fit all that can have made it, and compare them by the BIC.

The Bayesian information criterion (Schwarz, 1978) charges each parameter ln n, so that a family with more of them has to
earn them. The plain families of every statistics course keep their place against the special ones unless the evidence is
strong, which Kass and Raftery (1995) call a difference of more than 6: in small samples a gamma and a lognormal look alike.
"""

from dataclasses import dataclass

import numpy as np

from workshop.models import counts, families, mixtures
from workshop.models.families import Family

#: By how much a special family must beat the plain ones.
STRONG_EVIDENCE = 6.0
#: Whole numbers beyond this are amounts, such as euros; up to it they are counts.
LARGEST_COUNT = 200
#: A bell curve over fewer different whole numbers than this is no bell.
FEWEST_STEPS = 10
#: A right family's Kolmogorov-Smirnov distance stays mostly below this, divided by √n (Lilliefors, 1967).
WITHIN_CHANCE = 0.8
#: Above this Kolmogorov-Smirnov distance even the best family does not fit well.
POOR_FIT = 0.1

PLAIN = (
    families.Constant,
    families.Uniform,
    families.Normal,
    families.TruncatedNormal,
    families.Lognormal,
    families.Exponential,
    counts.Poisson,
    counts.Multinoulli,
)
SPECIAL = (
    families.Gamma,
    families.Beta,
    counts.NegativeBinomial,
    counts.ZeroInflatedPoisson,
    mixtures.Spike,
    mixtures.TwoNormals,
    mixtures.Histogram,
)
_CONTINUOUS_ONLY = (families.Beta,)
_WHOLE_ONLY = (counts.Poisson, counts.Multinoulli, counts.NegativeBinomial, counts.ZeroInflatedPoisson)
_AMOUNTS = (families.Lognormal, families.Exponential, families.Gamma, mixtures.Spike, mixtures.TwoNormals)
_BELLS = (families.Normal, families.TruncatedNormal)
_MOMENTS = (families.Constant, families.Uniform, families.Normal, families.TruncatedNormal, mixtures.Histogram)


@dataclass(frozen=True)
class Candidate:
    """A fitted family and how well it does."""

    family: Family
    log_likelihood: float
    bic: float
    distance: float

    @property
    def score(self):
        """What is compared: the BIC, and for a special family the evidence that it must bring on top."""
        return self.bic + STRONG_EVIDENCE * isinstance(self.family, SPECIAL)


def family_names(kind):
    """The names of the families that a variable of this kind can have.

    >>> family_names("date")
    ['constant', 'uniform', 'normal', 'truncated_normal', 'histogram']
    """
    return [family.name for family in _suiting(kind)]


def _suiting(kind):
    if kind == "continuous":
        return [family for family in PLAIN + SPECIAL if family not in _WHOLE_ONLY]
    if kind == "discrete":
        return [family for family in PLAIN + SPECIAL if family not in _CONTINUOUS_ONLY]
    return list(_MOMENTS)


def _worth_trying(family, values, kind):
    if family is mixtures.TwoNormals:
        return False
    if kind == "continuous" or family in (families.Constant, families.Uniform):
        return True
    if family in _BELLS:
        return values.high - values.low + 1 >= FEWEST_STEPS
    if kind != "discrete":
        return True
    if family in _AMOUNTS:
        return values.high > LARGEST_COUNT
    if family in (counts.NegativeBinomial, counts.ZeroInflatedPoisson):
        return values.high <= LARGEST_COUNT
    return True


def fit_family(name, values, kind, bins=20):
    """One family by its name, fitted.

    Parameters
    ----------
    name : str
        One of `family_names(kind)`.
    values : Values
    kind : str
        "continuous", "discrete", "date", "datetime", "time" or "duration".
    bins : int
        For a histogram.

    Returns
    -------
    Candidate or None
        None where the family cannot have made these values.

    Raises
    ------
    ValueError
        If this kind of variable has no such family.
    """
    found = [family for family in _suiting(kind) if family.name == name]
    if not found:
        raise ValueError(f"a {kind} variable has no family '{name}'; choose one of {', '.join(family_names(kind))}")
    return _candidate(found[0], values, bins)


def rank(values, kind, bins=20):
    """All families that can have made the values, the one to choose first.

    Parameters
    ----------
    values : Values
    kind : str
    bins : int

    Returns
    -------
    list of Candidate, by rising score
    """
    if values.low == values.high:
        return [_candidate(families.Constant, values, bins)]
    fitted = [_candidate(family, values, bins) for family in _suiting(kind) if _worth_trying(family, values, kind)]
    ranked = sorted((one for one in fitted if one is not None), key=lambda one: one.score)
    if mixtures.TwoNormals in _suiting(kind) and not _explained(ranked, values.n):
        ranked.append(_candidate(mixtures.TwoNormals, values, bins))
    ranked = sorted((one for one in ranked if one is not None), key=lambda one: one.score)
    return ranked or [Candidate(families.Constant(values.mean), 0.0, 0.0, 1.0)]


def _explained(ranked, n):
    """Whether a single curve does: two humps are the slowest to fit, and tried only where something is left to explain."""
    best = next((one for one in ranked if not isinstance(one.family, mixtures.Histogram)), None)
    return best is None or best.distance < WITHIN_CHANCE / n**0.5


def _candidate(family, values, bins):
    # Odd values (neighbouring floats, numbers near the limits) may overflow on the way; such a fit is no candidate.
    try:
        with np.errstate(all="ignore"):
            fitted = family.fit(values, bins) if family is mixtures.Histogram else family.fit(values)
            if fitted is None:
                return None
            likelihood = fitted.log_likelihood(values)
            found = Candidate(fitted, likelihood, fitted.bic(values, likelihood), fitted.distance(values))
    except ArithmeticError:
        return None
    return found if np.isfinite([found.log_likelihood, found.bic, found.distance]).all() else None
