"""Least squares for a formula, where statsmodels is not: in the learner's browser.

The interface is the part of statsmodels' that the workshop and Alice's script use, so that either can stand in the other's place; the
formulas are read by patsy, as there.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats


@dataclass(frozen=True)
class LeastSquares:
    """A fitted regression.

    Attributes
    ----------
    params, bse, pvalues : pandas.Series
        By coefficient: estimate, standard error, and p-value of the t test that it is 0.
    covariance : pandas.DataFrame
        Of the estimates.
    nobs : int
        Records without missing values.
    """

    params: pd.Series
    bse: pd.Series
    pvalues: pd.Series
    covariance: pd.DataFrame
    nobs: int

    def cov_params(self):
        """The covariance of the estimates."""
        return self.covariance


@dataclass(frozen=True)
class ols:
    """A regression to be fitted.

    Parameters
    ----------
    formula : str
        Such as "np.log1p(gifts) ~ income + C(region)". Records with missing values are left out.
    data : pandas.DataFrame

    Examples
    --------
    >>> fitted = ols("y ~ x", pd.DataFrame({"x": [0, 1, 2, 3], "y": [1.0, 3.0, 5.0, 7.5]})).fit()
    >>> fitted.params.round(2).to_dict()
    {'Intercept': 0.9, 'x': 2.15}
    """

    formula: str
    data: pd.DataFrame

    def fit(self):
        """Estimates β = X⁺y with covariance s²·X⁺X⁺ᵀ, where X⁺ is the pseudo-inverse and s² = Σ(y − Xβ)² / (n − rank X)."""
        from patsy import EvalEnvironment, dmatrices

        known = EvalEnvironment([{"np": np, "pd": pd}])
        target, design = dmatrices(self.formula, self.data, known, return_type="dataframe")
        y, x = target.to_numpy()[:, 0], design.to_numpy()
        inverse = np.linalg.pinv(x)
        beta, free = inverse @ y, len(y) - np.linalg.matrix_rank(x)
        spread = np.sum((y - x @ beta) ** 2) / free if free > 0 else np.nan
        covariance = pd.DataFrame(spread * inverse @ inverse.T, design.columns, design.columns)
        params = pd.Series(beta, design.columns)
        bse = pd.Series(np.sqrt(np.diag(covariance)), design.columns)
        pvalues = pd.Series(2 * stats.t.sf(abs(params / bse), free), design.columns)
        return LeastSquares(params, bse, pvalues, covariance, len(y))
