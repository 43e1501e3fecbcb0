"""Pictures of utility: which pairs of variables are badly kept, how two regressions differ, where synthetic data are too thick or too thin."""

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LogNorm, TwoSlopeNorm
from matplotlib.figure import Figure

from workshop.figures import _STYLE, OBSERVED, SYNTHETIC, Picture, compare_table
from workshop.findings import shorten
from workshop.measures.fits import overlap_in_words
from workshop.measures.pair import Pair
from workshop.measures.tables import table_utilities
from workshop.table import TableError

_FEW = 8
#: More rows of a map cannot be told apart.
_MOST = 60


def compare(observed, synthetic, per_row=3):
    """A page of pictures: every variable, observed against synthetic, the worst kept first, with its S_pMSE in the words below.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    per_row : int, default 3

    Returns
    -------
    Picture

    Raises
    ------
    TableError
        If the tables cannot be compared.
    """
    found = table_utilities(observed, synthetic, way=1)["S_pMSE"]
    page = compare_table(observed, synthetic, list(found.index), per_row)
    lines = [f"{line} S_pMSE {value:.2f}." for line, value in zip(page.words.split("\n"), found, strict=True)]
    return Picture("\n".join(lines), page.figure)


def heat_map(utilities):
    """The utility of all pairs as a map, from `table_utilities(observed, synthetic, way=2)`.

    Parameters
    ----------
    utilities : pandas.DataFrame

    Returns
    -------
    Picture
        The title names the worst pairs.
    """
    found = utilities["S_pMSE"]
    grid = _both_ways(found)
    worst_first = grid.max().sort_values(ascending=False, kind="stable").index[:_MOST]
    grid = grid.loc[worst_first, worst_first]
    pairs = [f"{one} with {other}" for one, other in found.index[:2]]
    largest = found.iloc[0]
    words = (
        f"No pair is kept worse than chance explains: the largest S_pMSE is {largest:.1f} ({pairs[0]})."
        if largest < 3
        else f"Worst kept: {pairs[0]} (S_pMSE {largest:.1f})"
        + (f", then {pairs[1]} ({found.iloc[1]:.1f})." if len(pairs) > 1 else ".")
    ) + f" The mean over {len(found):,} pairs is {found.mean():.1f}; chance alone brings 1."
    words += _of_how_many(found, "whose worst pair is worst")
    title = (
        f"largest S_pMSE {largest:.1f}: {shorten(pairs[0], 44)}" if largest < 3 else f"worst: {shorten(pairs[0], 50)}"
    )
    picture = _map(grid, title, LogNorm(1, max(10.0, largest), clip=True), "YlOrBr", "S_pMSE")
    return Picture(words, picture)


def association_map(found):
    """The differences of associations as a map, from `associations(observed, synthetic)`.

    Parameters
    ----------
    found : pandas.DataFrame

    Returns
    -------
    Picture

    Raises
    ------
    TableError
        If there is no pair of variables.
    """
    if found.empty:
        raise TableError(
            "There is no pair of variables to draw: give associations() at least two that can be compared."
        )
    grid = _both_ways(found["difference"])
    drawn = grid.index.isin(grid.abs().max().nlargest(_MOST).index)
    grid = grid.loc[drawn, drawn]
    (one, other), first = found.index[0], found.iloc[0]
    words = (
        f"The largest difference is that of {one} with {other}: {first['measure']} {first['observed']:.2f} observed, "
        f"{first['synthetic']:.2f} synthetic. The mean difference over {len(found):,} pairs is {found['difference'].abs().mean():.2f}."
    )
    words += _of_how_many(found, "that changed most")
    reach = max(0.3, float(found["difference"].abs().max()))
    title = f"most changed: {shorten(f'{one} with {other}', 44)}"
    return Picture(words, _map(grid, title, TwoSlopeNorm(0, -reach, reach), "PuOr_r", "synthetic - observed"))


def _names(found):
    return list(dict.fromkeys([*found.index.get_level_values(0), *found.index.get_level_values(1)]))


def _both_ways(found):
    """A value for each pair as a square, symmetric table of them."""
    names = _names(found)
    half = found.unstack().reindex(index=names, columns=names)
    return half.combine_first(half.T).loc[names, names]


def _of_how_many(found, which):
    n = len(_names(found))
    return f" Drawn are the {_MOST} of {n} variables {which}." if n > _MOST else ""


def _map(grid, title, norm, colours, label):
    size = 2.6 + 0.36 * len(grid)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(min(size + 1.6, 9.6), min(size, 8.0)), layout="constrained")
        ax = figure.subplots()
        image = ax.imshow(np.ma.masked_invalid(grid.to_numpy()), cmap=colours, norm=norm)
        places = np.arange(len(grid))
        ax.set_xticks(places, [shorten(name, 18) for name in grid], rotation=45, ha="right", rotation_mode="anchor")
        ax.set_yticks(places, [shorten(name, 18) for name in grid])
        if len(grid) <= 2 * _FEW:
            for (row, column), value in np.ndenumerate(grid.to_numpy()):
                if np.isfinite(value):
                    dark = sum(image.cmap(norm(value))[:3]) < 1.6
                    ax.text(
                        column,
                        row,
                        f"{value:.1f}",
                        ha="center",
                        va="center",
                        fontsize=8,
                        color="white" if dark else "black",
                    )
        ax.spines[:].set_visible(False)
        ax.set_title(title)
        bar = figure.colorbar(image, ax=ax, shrink=0.8, label=label)
        bar.ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        bar.ax.minorticks_off()
    return figure


def forest(comparison):
    """A forest plot: the coefficients of one regression with their 95 % intervals, observed above synthetic.

    Parameters
    ----------
    comparison : FitComparison
        From `compare_fit`. Coefficients are shown in observed standard errors, so that all fit on one axis.

    Returns
    -------
    Picture
    """
    table = comparison.coefficients
    place = np.arange(len(table))[::-1]
    worst = table["ci_overlap"].idxmin()
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(7.2, 1.4 + 0.5 * len(table)), layout="constrained")
        ax = figure.subplots()
        looks = {"observed": (0.16, "o", "-", OBSERVED), "synthetic": (-0.16, "D", "--", SYNTHETIC)}
        for side, (offset, marker, line, colour) in looks.items():
            middle, half = table[side] / table["se_observed"], 1.96
            ax.hlines(place + offset, middle - half, middle + half, color=colour, linestyle=line, linewidth=2)
            ax.plot(middle, place + offset, marker, color=colour, label=side)
        ax.axvline(0, color="#999999", linewidth=0.8)
        ax.set_yticks(place, [shorten(name, 30) for name in table.index])
        ax.set_xlabel("coefficient in observed standard errors")
        ax.set_title(f"{overlap_in_words(comparison.mean_ci_overlap)}; least for {shorten(worst, 24)}")
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return Picture(comparison.sentence, figure)


def thick_and_thin(ratio, observed, synthetic, across, up):
    """Where synthetic data are too thick or too thin, in the plane of two variables.

    Parameters
    ----------
    ratio : DensityRatio
        From `density_ratio(observed, synthetic)`.
    observed, synthetic : pandas.DataFrame
        The same tables.
    across, up : str
        Two variables of numbers.

    Returns
    -------
    Picture
    """
    pair = Pair.of(observed, synthetic, [across, up])
    x, y = (pair.variables[name].both for name in (across, up))
    values = np.log2(np.clip(np.concatenate([ratio.observed, ratio.synthetic]), 1 / 8, 8))
    order = np.random.default_rng(0).permutation(len(x))
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(7.2, 4.2), layout="constrained")
        ax = figure.subplots()
        dots = ax.scatter(
            x[order],
            y[order],
            c=values[order],
            s=9,
            cmap="PuOr_r",
            norm=TwoSlopeNorm(0, -3, 3),
            edgecolor="#777777",
            linewidth=0.15,
        )
        for axis, numbers in ((ax.set_xlim, x), (ax.set_ylim, y)):
            low, high = np.nanpercentile(numbers, [0.5, 99.5])
            axis(low - 0.03 * (high - low or 1), high + 0.03 * (high - low or 1))
        ax.set(xlabel=across, ylabel=up)
        ax.set_title("where the synthetic data are too thin (purple) or too thick (orange)")
        bar = figure.colorbar(dots, ax=ax, label="synthetic / observed density", ticks=[-3, -2, -1, 0, 1, 2, 3])
        bar.ax.set_yticklabels(["1/8", "1/4", "1/2", "1", "2", "4", "8"])
    return Picture(ratio.sentence, figure)
