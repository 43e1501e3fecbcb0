"""Statistics of propensity scores: how far the scores of synthetic records lie from those of observed ones.

A score says how likely a record is to be synthetic. Where all scores equal the share of synthetic records, nobody can tell the two apart.
"""

import numpy as np


def sorted_counts(scores, is_synthetic):
    """Observed and synthetic records at each different score, by increasing score."""
    _, place = np.unique(scores, return_inverse=True)
    place = place.ravel()
    size = place.max() + 1
    return np.bincount(place[~is_synthetic], minlength=size), np.bincount(place[is_synthetic], minlength=size)


def pmse(scores, share):
    """Mean squared distance of the scores from the share of synthetic records (Woo and others, 2009)."""
    return float(((scores - share) ** 2).mean())


def po50(scores, is_synthetic, share):
    """Percent of records told apart rightly (synthetic where the score exceeds the share), beyond 50."""
    return float(100 * ((scores > share) == is_synthetic).mean() - 50)


def specks(scores, is_synthetic):
    """Kolmogorov-Smirnov distance between the scores of observed and synthetic records (Bowen and others, 2021), 0 to 1."""
    return _specks(*sorted_counts(scores, is_synthetic))


def rank_sum(scores, is_synthetic):
    """Wilcoxon's rank sum of the synthetic records' scores, less its smallest possible value (Mann and Whitney's U)."""
    return _u(*sorted_counts(scores, is_synthetic))


def area_under_curve(scores, is_synthetic):
    """How often a synthetic record has a higher score than an observed one: 0.5 where they cannot be told apart, 1 at worst."""
    return rank_sum(scores, is_synthetic) / (int((~is_synthetic).sum()) * int(is_synthetic.sum()))


def specks_of_counts(d, s):
    """SPECKS where the score of a cell of d observed and s synthetic records is s / (s + d)."""
    return _specks(*_by_score(d, s))


def u_of_counts(d, s):
    """Wilcoxon's rank sum for the same scores."""
    return _u(*_by_score(d, s))


def _by_score(d, s):
    scores, place = np.unique(np.round(s / (s + d), 12), return_inverse=True)
    place = place.ravel()
    return np.bincount(place, d, len(scores)), np.bincount(place, s, len(scores))


def _specks(d, s):
    return float(np.abs(np.cumsum(s) / s.sum() - np.cumsum(d) / d.sum()).max())


def _u(d, s):
    below = np.cumsum(d) - d
    return float((s * (below + d / 2)).sum())
