"""Regressions that draw: linear (on several scales), predictive mean matching, logistic, multinomial and ordered logistic.

A regression says what is to be expected, and how far people are from it; a synthetic value is what is expected for the synthetic
record, plus a new draw of that distance. The methods and their names are those of R's synthpop (Nowok, Raab and Dibben, 2016).
"""

import warnings

import numpy as np
from scipy import stats
from sklearn.linear_model import LogisticRegression

from workshop.browser import how_to_get
from workshop.models.conditional import Method
from workshop.settings import whole

#: Name -> (there, back again, the least value that can be transformed).
_SCALES = {
    "none": (lambda y: y, lambda z: z, -np.inf),
    "log": (np.log, np.exp, np.finfo(float).tiny),
    "square root": (np.sqrt, np.square, 0.0),
    "cube root": (np.cbrt, lambda z: z**3, -np.inf),
}
#: Hardly any regularisation: just enough to keep coefficients finite where a level decides everything.
_INVERSE_PENALTY = 1e4


class Linear(Method):
    """Linear regression, with normal residuals.

    Parameters
    ----------
    scale : {"none", "log", "square root", "cube root", "ranks"}, default "none"
        Where the regression is fitted. "ranks" fits normal scores of the ranks and turns the drawn scores into the observed values
        of these ranks, so that the distribution of the variable alone is kept exactly.

    Attributes
    ----------
    coefficients_ : numpy.ndarray, shape (k,)
    sd_ : float
        Standard deviation of the residuals, on the scale of the regression.
    """

    draws_labels = False

    def __init__(self, scale="none"):
        self.scale = scale

    @property
    def hands_out_donors(self):
        return self.scale == "ranks"

    def check(self):
        if self.scale not in (*_SCALES, "ranks"):
            raise ValueError(f"scale must be one of {', '.join(_SCALES)} or ranks; got {self.scale!r}.")

    def fit(self, target, predictors, rng):
        y = target.values
        if self.scale == "ranks":
            self.values_ = np.sort(y)
            z = stats.norm.ppf(stats.rankdata(y) / (len(y) + 1))
        else:
            there, _, least = _SCALES[self.scale]
            if y.min() < least:
                raise ValueError(
                    f"'{target.name}' holds {y.min():g}, which has no {'logarithm' if self.scale == 'log' else 'square root'}: "
                    "choose another scale, or name the value in heaps."
                )
            z = there(y)
        self._regress(z, predictors)
        return self

    def _regress(self, z, predictors):
        design = predictors.design()
        self.coefficients_, _, rank, _ = np.linalg.lstsq(design, z)
        fitted = design @ self.coefficients_
        free = len(z) - rank
        self.sd_ = float(np.sqrt(((z - fitted) ** 2).sum() / free)) if free > 0 else 0.0
        return fitted

    def draw(self, predictors, rng):
        z = predictors.design() @ self.coefficients_ + rng.normal(0, self.sd_, predictors.n)
        if self.scale != "ranks":
            return _SCALES[self.scale][1](z)
        n = len(self.values_)
        rank = np.clip(np.rint(stats.norm.cdf(z) * (n + 1)), 1, n).astype(np.intp)
        return self.values_[rank - 1]

    def for_states(self):
        return Logistic()

    def theta(self, names):
        yield from ((f"coefficient {number}", value) for number, value in enumerate(self.coefficients_.tolist()))
        yield ("standard deviation of the residuals", self.sd_)
        if self.scale == "ranks":
            yield from (("observed value", value) for value in self.values_.tolist())


class PredictiveMeanMatching(Linear):
    """The value of an observed record for which the regression expects about the same (Little, 1988).

    Parameters
    ----------
    donors : int, default 5
        Of so many nearest ones, one is drawn.
    """

    hands_out_donors = True

    def __init__(self, donors=5):
        self.donors = donors

    def check(self):
        whole(self.donors, "donors", 1)

    def fit(self, target, predictors, rng):
        expected = self._regress(target.values, predictors)
        order = np.argsort(expected, kind="stable")
        self.expected_, self.values_ = expected[order], target.values[order]
        return self

    def draw(self, predictors, rng):
        expected = predictors.design() @ self.coefficients_
        n, donors = len(self.values_), min(self.donors, len(self.values_))
        near = np.searchsorted(self.expected_, expected)[:, None] + np.arange(-donors, donors)
        gap = np.abs(self.expected_[np.clip(near, 0, n - 1)] - expected[:, None])
        gap[(near < 0) | (near >= n)] = np.inf
        nearest = np.argsort(gap, axis=1, kind="stable")[:, :donors]
        chosen = nearest[np.arange(len(near)), rng.integers(0, donors, len(near))]
        return self.values_[near[np.arange(len(near)), chosen]]

    def theta(self, names):
        yield from ((f"coefficient {number}", value) for number, value in enumerate(self.coefficients_.tolist()))
        yield from (("observed value", value) for value in self.values_.tolist())


class Logistic(Method):
    """Logistic regression for two levels, multinomial regression for more."""

    draws_numbers = hands_out_donors = False

    def fit(self, target, predictors, rng):
        self.levels_ = np.unique(target.values)
        if len(self.levels_) > 1:
            self.regression_ = LogisticRegression(C=_INVERSE_PENALTY, fit_intercept=False, max_iter=300)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # where a level decides everything, the coefficients never settle
                self.regression_.fit(predictors.design(), target.values)
        return self

    def draw(self, predictors, rng):
        if len(self.levels_) == 1:
            return np.full(predictors.n, self.levels_[0])
        return self.levels_[_pick(self.regression_.predict_proba(predictors.design()), rng)]

    def theta(self, names):
        if len(self.levels_) > 1:
            coefficients = np.ravel(self.regression_.coef_).tolist()
            yield from ((f"coefficient {number}", value) for number, value in enumerate(coefficients))


class OrderedLogistic(Method):
    """Proportional odds (McCullagh, 1980) for levels in an order, by statsmodels."""

    draws_numbers = hands_out_donors = False

    def fit(self, target, predictors, rng):
        try:
            from statsmodels.miscmodels.ordinal_model import OrderedModel
        except ImportError:
            raise ImportError(
                f"Ordered logistic regression needs the package statsmodels: {how_to_get('statsmodels')}."
            ) from None
        self.levels_ = np.unique(target.values)
        if len(self.levels_) < 2:
            return self
        design = predictors.design()
        self.varies_ = np.ptp(design, axis=0) > 0
        places = np.searchsorted(self.levels_, target.values)
        if not self.varies_.any():
            upto = np.cumsum(np.bincount(places))[:-1] / len(places)
            self.coefficients_, self.cuts_ = np.zeros(0), np.log(upto / (1 - upto))
            return self
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = OrderedModel(places, design[:, self.varies_], distr="logit")
            found = model.fit(method="bfgs", maxiter=300, disp=False).params
        k = int(self.varies_.sum())
        self.coefficients_, self.cuts_ = found[:k], model.transform_threshold_params(found[k:])[1:-1]
        return self

    def draw(self, predictors, rng):
        if len(self.levels_) < 2:
            return np.full(predictors.n, self.levels_[0])
        expected = predictors.design()[:, self.varies_] @ self.coefficients_
        # A person's place on the hidden scale, and how many cuts lie below it.
        place = expected + rng.logistic(size=predictors.n)
        return self.levels_[np.searchsorted(self.cuts_, place)]

    def theta(self, names):
        if len(self.levels_) > 1:
            yield from ((f"coefficient {number}", value) for number, value in enumerate(self.coefficients_.tolist()))
            yield from ((f"cut {number}", value) for number, value in enumerate(self.cuts_.tolist(), start=1))


def _pick(shares, rng):
    """For each row of shares one column, drawn by them."""
    upto = np.cumsum(shares, axis=1)
    return (rng.random(len(shares))[:, None] * upto[:, -1:] > upto).sum(axis=1)
