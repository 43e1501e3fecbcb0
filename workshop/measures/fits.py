"""Specific utility: the same regression on observed and on synthetic data, and the rules that combine several synthetic tables.

Coefficients are held side by side with the standard errors of the observed fit, as `compare.fit.synds` of R's synthpop does. The overlap of
confidence intervals is that of Karr and others (2006), the lack of fit a Mahalanobis distance, and the combining rules are those of Raab,
Nowok and Dibben (2016, "Practical data synthesis for large samples").
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
import pandas as pd
from scipy import stats

from workshop.browser import how_to_get
from workshop.measures import least_squares
from workshop.table import TableError, as_table

#: Name -> (kind of model in statsmodels' formula interface, name of the family or None).
MODELS = {
    "ols": ("ols", None),
    "logit": ("logit", None),
    "probit": ("probit", None),
    "poisson": ("glm", "Poisson"),
    "negative binomial": ("negativebinomial", None),
    "gamma": ("glm", "Gamma"),
    "quantile": ("quantreg", None),
}
#: R's MASS::ginv takes singular values below this share of the largest for zero.
_GINV = np.sqrt(np.finfo(float).eps)
_Z = stats.norm.ppf(0.975)


@dataclass(frozen=True)
class FitComparison:
    """One regression on observed and on synthetic data.

    Attributes
    ----------
    formula, model : str
    coefficients : pandas.DataFrame
        By coefficient: observed, se_observed, synthetic (the mean over the synthetic tables), se_synthetic, std_diff (difference in observed
        standard errors) and ci_overlap (1 is perfect, 0 that the intervals just touch, negative that they are apart).
    mean_ci_overlap, mean_abs_std_diff : float
    lack_of_fit : float
        dᵀ V⁻¹ d with d the differences and V the observed covariance: about the number of coefficients where all is well.
    p_value : float
        Of the lack of fit: small where the differences are larger than those between two samples.
    synthpops_lack_of_fit : float
        As synthpop 1.9-2 gives it. It inverts V by MASS::ginv, which loses a coefficient whose variance is tiny beside the others, so that
        income in euro and income in thousands of euro give two results. Ours does not depend on units; where nothing is lost, they agree.
    m : int
        Number of synthetic tables.
    """

    formula: str
    model: str
    coefficients: pd.DataFrame
    mean_ci_overlap: float
    mean_abs_std_diff: float
    lack_of_fit: float
    p_value: float
    synthpops_lack_of_fit: float
    m: int = 1
    n_observed: int = 0
    n_synthetic: int = 0
    estimates: np.ndarray = field(default=None, repr=False, compare=False)
    variances: np.ndarray = field(default=None, repr=False, compare=False)

    @property
    def sentence(self):
        """What the figures say."""
        worst = self.coefficients["ci_overlap"].idxmin()
        p = "p < 0.001" if self.p_value < 0.001 else f"p = {self.p_value:.3f}"
        return (
            f"{self.formula}: {overlap_in_words(self.mean_ci_overlap)} on average; least for {worst} "
            f"({self.coefficients['ci_overlap'][worst]:.0%}). Lack of fit {self.lack_of_fit:.1f} on {len(self.coefficients)} coefficients, {p}."
        )

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>{self.coefficients.to_html(float_format='{:.4g}'.format)}"

    def combined(self, about="population", proper=False):
        """The combined estimates of all synthetic tables; see `combine`."""
        table = combine(self.estimates, self.variances, about, proper, self.n_synthetic / self.n_observed)
        return table.set_axis(self.coefficients.index)


def overlap_in_words(overlap):
    """An overlap of intervals, which may be negative, in words.

    >>> overlap_in_words(0.75), overlap_in_words(-0.2)
    ('intervals overlap by 75%', 'intervals lie apart (-20%)')
    """
    return f"intervals overlap by {overlap:.0%}" if overlap >= 0 else f"intervals lie apart ({overlap:.0%})"


def compare_fit(formula, observed, synthetic, model="ols"):
    """The same regression on observed and on synthetic data.

    Parameters
    ----------
    formula : str
        As in statsmodels and R: "np.log1p(gift_spending) ~ greenness + income". Records with missing values are left out.
    observed : pandas.DataFrame
    synthetic : pandas.DataFrame or list of pandas.DataFrame
        One synthetic table, or several of them.
    model : str, default "ols"
        One of ols, logit, probit, poisson, negative binomial, gamma, quantile (the median).

    Returns
    -------
    FitComparison

    Raises
    ------
    ValueError
        If the regression cannot be fitted; the message says to which data.
    ImportError
        If statsmodels is not installed and the model is not "ols".
    """
    if model not in MODELS:
        raise ValueError(f"There is no model '{model}': choose one of {', '.join(MODELS)}.")
    tables = list(synthetic) if isinstance(synthetic, Sequence) else [synthetic]
    if not tables:
        raise ValueError("compare_fit needs at least one synthetic table.")
    one = _fit(formula, as_table(observed), model, "observed")
    names = list(one.params.index)
    others = [_fit(formula, as_table(table), model, "synthetic") for table in tables]
    for other in others:
        if list(other.params.index) != names:
            odd = sorted(set(names) ^ set(other.params.index))[0]
            raise ValueError(
                f"The coefficient '{odd}' is found in one of the two tables only: a level is missing there, so the fits cannot be compared."
            )
    estimates = np.array([other.params.to_numpy() for other in others])
    variances = np.array([other.bse.to_numpy() ** 2 for other in others])
    beta, se = one.params.to_numpy(), one.bse.to_numpy()
    difference = estimates.mean(axis=0) - beta
    # In units of standard errors, so that coefficients of any size can be inverted together.
    apart, correlation = difference / se, one.cov_params().to_numpy() / np.outer(se, se)
    lack = float(apart @ np.linalg.pinv(correlation) @ apart)
    synthpops = float(difference @ np.linalg.pinv(one.cov_params().to_numpy(), rcond=_GINV) @ difference)
    # Both intervals have the observed width, so they share 1 - |difference| / width of it.
    overlap = 1 - np.abs(difference) / (2 * _Z * se)
    table = pd.DataFrame(
        {
            "observed": beta,
            "se_observed": se,
            "synthetic": estimates.mean(axis=0),
            "se_synthetic": np.sqrt(variances.mean(axis=0)),
            "std_diff": difference / se,
            "ci_overlap": overlap,
        },
        index=pd.Index(names, name="coefficient"),
    )
    return FitComparison(
        formula,
        model,
        table,
        float(overlap.mean()),
        float(np.abs(difference / se).mean()),
        lack,
        float(stats.chi2.sf(lack, len(beta))),
        synthpops,
        len(tables),
        int(one.nobs),
        int(others[0].nobs),
        estimates,
        variances,
    )


def combine(estimates, variances, about="population", proper=False, ratio=1.0):
    """Combine the estimates of m synthetic tables.

    Parameters
    ----------
    estimates, variances : array-like, shape (m, k)
        Of k coefficients, from each of m synthetic tables; squared standard errors as a program gives them.
    about : {"population", "sample"}, default "population"
        "population": what is true of the people whom the observed ones stand for. "sample": what the observed data would have given.
    proper : bool, default False
        Whether the models were fitted to bootstrap samples (Sequential(proper=True)).
    ratio : float, default 1
        Synthetic records for each observed one.

    Returns
    -------
    pandas.DataFrame
        By coefficient: estimate, se, low and high (95 % interval). With v the mean variance, se² is v·(ratio + 1/m) about the population and
        v/m about the sample; with proper synthesis v·(ratio + (1 + ratio)/m) and v·(1 + ratio)/m.
    """
    if about not in ("population", "sample"):
        raise ValueError(f'about must be "population" or "sample"; got {about!r}.')
    estimates, variances = (np.atleast_2d(np.asarray(values, dtype=float)) for values in (estimates, variances))
    if estimates.shape != variances.shape:
        raise ValueError(
            f"estimates and variances must have the same shape; got {estimates.shape} and {variances.shape}."
        )
    m = len(estimates)
    between = (1 + ratio) / m if proper else 1 / m
    factor = between + ratio * (about == "population")
    middle, se = estimates.mean(axis=0), np.sqrt(variances.mean(axis=0) * factor)
    return pd.DataFrame({"estimate": middle, "se": se, "low": middle - _Z * se, "high": middle + _Z * se})


def _fit(formula, table, model, which):
    try:
        import statsmodels.api as sm
        import statsmodels.formula.api as smf
    except ImportError:
        if model != "ols":
            raise ImportError(
                f"A regression of the kind '{model}' needs the package statsmodels: {how_to_get('statsmodels')}."
            ) from None
        sm, smf = None, least_squares
    kind, family = MODELS[model]
    settings = {"family": getattr(sm.families, family)()} if family else {}
    quiet = {"disp": False} if kind in ("logit", "probit", "negativebinomial") else {}
    try:
        fitted = getattr(smf, kind)(formula, table, **settings).fit(**quiet)
        if not np.isfinite(fitted.bse).all():
            raise ValueError("the standard errors cannot be computed")
        return fitted
    except Exception as error:  # formulas and numerics fail in many ways; a learner needs one sentence
        words = " ".join(str(error).split())[:160] or type(error).__name__
        raise TableError(f"'{formula}' cannot be fitted to the {which} data: {words}.") from None
