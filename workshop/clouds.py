"""Clouds of points: two variables with numbers, observed and synthetic, in one pair of axes."""

import matplotlib as mpl
import matplotlib.ticker
import numpy as np
import pandas as pd  # noqa: F401
from matplotlib.figure import Figure

from workshop.figures import _STYLE, OBSERVED, SYNTHETIC, Picture
from workshop.table import TableError, kind_of

#: More points than these only hide one another.
MOST_RECORDS = 1_000
#: The same for a small picture among several.
_FEW = 400


def require_two_numbers(table, pair, asked_by):
    """Refuse what is not two different columns of numbers, in the name of the function that a learner called: TableError."""
    bad = [name for name in pair if name not in table or kind_of(table[name]) not in ("continuous", "discrete")]
    if bad or len(set(pair)) != 2:
        raise TableError(f"{asked_by} needs two columns of numbers; {(bad or list(pair))[0]!r} will not do.")


def points(table, pair):
    """The first records as points, shape (n, 2)."""
    return table[list(pair)].to_numpy(dtype=float)[:MOST_RECORDS]


def draw_cloud(ax, observed, synthetic, names):
    """Both clouds. The view leaves out the highest fiftieth of the observed points, so that one outlier does not squash the rest.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    observed, synthetic : numpy.ndarray of float, shape (n, 2)
    names : (str, str)
        Across and up.

    Returns
    -------
    list of two matplotlib.collections.PathCollection
        Observed and synthetic.
    """
    low, high = np.nanpercentile(observed, [0, 98], axis=0)
    # Where all values are the same, there is room around the one.
    largest = np.maximum(np.abs(low), np.abs(high))
    room = np.where(high - low > 1e-9 * largest, 0.12 * (high - low), 0.05 * np.maximum(largest, 1))
    low, high = low - room, high + room
    clouds = [
        ax.scatter(*observed.T, s=6, color=OBSERVED, alpha=0.35, linewidths=0, label="observed"),
        ax.scatter(*synthetic.T, s=11, marker="x", color=SYNTHETIC, linewidths=0.8, alpha=0.75, label="synthetic"),
    ]
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel=names[0], ylabel=names[1])
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(matplotlib.ticker.MaxNLocator(4))
    return clouds


def compare_clouds(observed, synthetic):
    """Several pairs of numbers side by side, observed and synthetic.

    Parameters
    ----------
    observed, synthetic : dict of str -> pandas.DataFrame
        Under the same names, each with two columns of numbers.

    Returns
    -------
    Picture

    Examples
    --------
    >>> table = pd.DataFrame({"x": [1, 2, 3], "y": [1, 4, 9]})
    >>> compare_clouds({"growing": table}, {"growing": table[::-1]})
    Correlation of ranks: growing 1.00 observed, 1.00 synthetic.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(2.4 * len(observed), 2.8), layout="constrained")
        axes = figure.subplots(1, len(observed), squeeze=False)[0]
        for ax, (name, table) in zip(axes, observed.items(), strict=True):
            pair = list(table)[:2]
            require_two_numbers(table, pair, "compare_clouds")
            few = slice(_FEW)
            clouds = draw_cloud(ax, points(table, pair)[few], points(synthetic[name], pair)[few], pair)
            ax.set_title(name)
        figure.legend(handles=clouds, loc="outside upper center", ncols=2, markerscale=2)
    ranks = {name: [float(one[name].corr("spearman").iloc[0, 1]) for one in (observed, synthetic)] for name in observed}
    said = [f"{name} {there:.2f} observed, {made:.2f} synthetic" for name, (there, made) in ranks.items()]
    return Picture(f"Correlation of ranks: {'; '.join(said)}.", figure)
