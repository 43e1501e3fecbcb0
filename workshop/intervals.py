"""Many confidence intervals side by side, and the truth that each should hold."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from workshop.figures import _STYLE, OBSERVED, SYNTHETIC, Picture


def draw_intervals(intervals, truth, first=50):
    """The intervals of many readers: those that hold the truth thin and blue, those that miss it thick and orange.

    Parameters
    ----------
    intervals : dict of str -> (array of float, array of float)
        How they were made -> their lower and upper ends.
    truth : float
    first : int, default 50
        How many of each to show.

    Returns
    -------
    Picture

    Examples
    --------
    >>> draw_intervals({"mine": ([1, 2, 5], [3, 4, 6])}, truth=2.5)
    mine: 1 of 3 intervals misses the truth.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9.0, 1.9 * len(intervals) + 0.3), layout="constrained")
        axes = figure.subplots(len(intervals), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        said = []
        for ax, (name, ends) in zip(axes, intervals.items(), strict=True):
            low, high = (np.asarray(end, dtype=float)[:first] for end in ends)
            readers, misses = np.arange(1, len(low) + 1), (truth < low) | (truth > high)
            ax.axhline(truth, color="#555555", linewidth=1, linestyle=":")
            for which, colour, width in ((~misses, OBSERVED, 1.2), (misses, SYNTHETIC, 3.0)):
                ax.vlines(readers[which], low[which], high[which], color=colour, linewidth=width)
            n = int(misses.sum())
            said.append(f"{name}: {n} of {len(low)} intervals miss{'es' * (n == 1)} the truth")
            ax.set_title(said[-1])
        axes[-1].set_xlabel("reader")
    return Picture("; ".join(said) + ".", figure)
