"""The density ratio r(x) = p_synthetic(x) / p_observed(x): where the synthetic data are too thick (above 1) or too thin (below 1).

Unconstrained least-squares importance fitting, uLSIF (Kanamori, Hido and Sugiyama, 2009, Journal of Machine Learning Research 10): r is a sum of
Gaussian bumps around synthetic records, whose heights have a formula; the width of the bumps and the ridge are chosen by leave-one-out
cross-validation, which has a formula, too. The Pearson divergence sums r up: 0 where the two distributions are the same.
"""

from dataclasses import dataclass, field
from html import escape

import joblib
import numpy as np
from tqdm.auto import tqdm

from workshop.measures.pair import Pair
from workshop.settings import whole

CENTRES = 100
#: Widths are tried relative to the middle distance between records; ridges as they are.
_WIDTHS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
_RIDGES = (0.001, 0.01, 0.1, 1.0, 10.0)


@dataclass(frozen=True)
class DensityRatio:
    """An estimated density ratio.

    Attributes
    ----------
    divergence : float
        Pearson divergence, ½ ∫ (r − 1)² p_observed. 0 is perfect; estimates can fall a little below.
    p_value : float
        The share of shuffles with a divergence at least as large; nan without permutations. Small: the distributions differ.
    observed, synthetic : numpy.ndarray
        The ratio at each observed and at each synthetic record.
    width, ridge : float
        What cross-validation chose.
    """

    divergence: float
    p_value: float
    observed: np.ndarray = field(repr=False)
    synthetic: np.ndarray = field(repr=False)
    width: float
    ridge: float

    @property
    def sentence(self):
        """What the figures say."""
        thin, thick = np.mean(self.observed < 0.5), np.mean(self.synthetic > 2)
        test = "" if np.isnan(self.p_value) else f" (p = {self.p_value:.3f} by permutation)"
        return (
            f"Pearson divergence {self.divergence:.3f}{test}, where 0 is perfect: {thin:.0%} of the observed records lie where the synthetic "
            f"data are less than half as dense, {thick:.0%} of the synthetic ones where they are more than twice as dense."
        )

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>"


def density_ratio(
    observed, synthetic, variables=None, permutations=0, centres=CENTRES, rng=0, n_jobs=None, progress=None
):
    """Estimate where synthetic data are too thick or too thin.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    variables : list of str, optional
        All that can be compared, if left out. Numbers are standardised by their quantiles, labels become indicators; records with a
        missing number count as in the middle, with an indicator.
    permutations : int, default 0
        How often the records are shuffled, for a p value.
    centres : int, default 100
        The most bumps.
    rng : int, numpy.random.Generator or None
    n_jobs : int, optional
    progress : bool, optional

    Returns
    -------
    DensityRatio

    Raises
    ------
    TableError
        If the tables cannot be compared.
    """
    whole(permutations, "permutations", 0)
    whole(centres, "centres", 1)
    rng = np.random.default_rng(rng)
    pair = Pair.of(observed, synthetic, variables)
    points = _points(pair)
    n = pair.n_observed
    fitted = ratio_of_points(points[:n], points[n:], centres, rng)
    p_value = float("nan")
    if permutations:

        def once(child):
            order = child.permutation(len(points))
            return ratio_of_points(points[order[:n]], points[order[n:]], centres, child, fitted[3:]).__getitem__(0)

        work = joblib.Parallel(n_jobs, prefer="threads", return_as="generator")
        hidden = not (len(points) * permutations > 2_000_000 if progress is None else progress)
        found = work(joblib.delayed(once)(child) for child in rng.spawn(permutations))
        shuffled = np.array(list(tqdm(found, "permuting", permutations, disable=hidden, leave=False)))
        p_value = float((1 + (shuffled >= fitted[0]).sum()) / (1 + permutations))
    return DensityRatio(fitted[0], p_value, *fitted[1:])


def ratio_of_points(below, above, centres=CENTRES, rng=None, settings=None):
    """uLSIF for points in space: the ratio p_above / p_below.

    Parameters
    ----------
    below, above : numpy.ndarray, shapes (n, d) and (m, d)
        Samples from the distributions in the denominator and in the numerator.
    centres : int
    rng : numpy.random.Generator
        Picks the centres.
    settings : (float, float), optional
        Width and ridge; chosen by leave-one-out cross-validation if left out.

    Returns
    -------
    (float, numpy.ndarray, numpy.ndarray, float, float)
        Pearson divergence, the ratio at `below` and at `above`, width and ridge.
    """
    rng = np.random.default_rng(rng)
    chosen = above[rng.permutation(len(above))[:centres]]
    far_below, far_above = _squared_distances(below, chosen), _squared_distances(above, chosen)
    middle = np.sqrt(np.median(far_below)) or 1.0
    if min(len(below), len(above)) < 3:
        settings = middle, 1.0  # nothing to leave out
    if settings is None:
        tried = [(width * middle, ridge) for width in _WIDTHS for ridge in _RIDGES]
        settings = min(tried, key=lambda one: _left_out(_bumps(far_below, one[0]), _bumps(far_above, one[0]), one[1]))
    width, ridge = settings
    phi_below, phi_above = _bumps(far_below, width), _bumps(far_above, width)
    big_h, h = phi_below.T @ phi_below / len(below), phi_above.mean(axis=0)
    alpha = np.maximum(0, np.linalg.solve(big_h + ridge * np.eye(len(h)), h))
    divergence = float(h @ alpha - alpha @ big_h @ alpha / 2 - 0.5)
    return divergence, phi_below @ alpha, phi_above @ alpha, float(width), float(ridge)


def _squared_distances(points, centres):
    square = (points**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2 * points @ centres.T
    return np.maximum(square, 0)


def _bumps(squared_distances, width):
    return np.exp(-squared_distances / (2 * width**2))


def _left_out(phi_below, phi_above, ridge):
    """The leave-one-out score of uLSIF, by the formula in section 4.2 of the paper: nothing is fitted again."""
    n_below, n_above = len(phi_below), len(phi_above)
    n = min(n_below, n_above)
    x, y = phi_below[:n].T, phi_above[:n].T
    big_h, h = phi_below.T @ phi_below / n_below, phi_above.mean(axis=0)
    inverse = np.linalg.inv(big_h + ridge * (n_below - 1) / n_below * np.eye(len(h)))
    by_x = inverse @ x
    bottom = n_below - (x * by_x).sum(axis=0)
    without_x = (inverse @ h)[:, None] + by_x * ((h @ by_x) / bottom)
    of_y = inverse @ y + by_x * ((y * by_x).sum(axis=0) / bottom)
    alpha = np.maximum(0, (n_below - 1) / (n_below * (n_above - 1 or 1)) * (n_above * without_x - of_y))
    return float(((x * alpha).sum(axis=0) ** 2).mean() / 2 - (y * alpha).sum(axis=0).mean())


def _points(pair):
    """The records as points: normal scores of numbers, indicators of labels (half as long, so that two labels lie about as far apart as two numbers)."""
    from scipy import stats

    columns = []
    for variable in pair.variables.values():
        values = variable.both
        if variable.is_number:
            absent = np.isnan(values)
            scores = np.zeros(len(values))
            if not absent.all():
                ranks = stats.rankdata(values[~absent])
                scores[~absent] = stats.norm.ppf(ranks / (len(ranks) + 1))
            columns += [scores] + [absent.astype(float)] * bool(absent.any())
        else:
            columns += [(values == code) / np.sqrt(2) for code in np.unique(values)[1:]]
    return np.column_stack(columns) if columns else np.zeros((pair.n_observed + pair.n_synthetic, 1))
