"""The trade-off as a picture: the curve of risk and utility, and beside it the ladder of uses."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from scipy import optimize

from workshop.figures import _STYLE, OBSERVED, SYNTHETIC, Picture

#: Names stand at least so far apart, in units of utility.
_LINE = 0.062
#: Dots closer together than this share of the figure hide one another, so each tells what the others say, too.
_NEAR = 0.018


def draw(table, ladder, sentence, added=()):
    """The curve, and the ladder of uses.

    Parameters
    ----------
    table : pandas.DataFrame
        By model, as `Tradeoff.table`.
    ladder : sequence of str
        The uses: columns of the table, from little to much.
    sentence : str
        What the figures say.
    added : sequence of str
        Models that stand out.

    Returns
    -------
    Picture
        Each dot tells its figures when the mouse rests on it.
    """
    ladder = list(ladder)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9.6, 4.6), layout="constrained")
        curve, squares = figure.subplots(1, 2, width_ratios=(1.5, 1))
        draw_curve(curve, table, added)
        _draw_ladder(squares, table, ladder)
        figure.draw_without_rendering()
    places = curve.transData.transform(np.column_stack([100 * table.risk, table.utility]))
    places = figure.transFigure.inverted().transform(places)
    said = np.array([in_words(name, row, ladder) + "." for name, row in table.iterrows()])
    spots = []
    for number, place in enumerate(places):
        near = np.hypot(*(places - place).T) < _NEAR
        near[number] = False
        spots.append((float(place[0]), float(1 - place[1]), "\n".join([said[number], *said[near]])))
    return Picture(f"{sentence} {_reached(table, ladder)}", figure, tuple(spots))


def draw_curve(ax, table, added=()):
    """The dots: risk across, utility up; the larger, the more parameters. `table` is that of a `Tradeoff`, and what was `added` stands out."""
    errors = {"ecolor": "#777777", "elinewidth": 0.9, "fmt": "none", "zorder": 1}
    reach = table[["risk_error", "utility_error"]].fillna(0.0)
    ax.errorbar(100 * table.risk, table.utility, reach["utility_error"], 100 * reach["risk_error"], **errors)
    # The frontier: nobody is both more useful and less risky.
    frontier = table.sort_values("risk")
    frontier = frontier[frontier.utility >= frontier.utility.cummax()]
    ax.plot(100 * frontier.risk, frontier.utility, color="#BBBBBB", linewidth=1, zorder=0)
    size = 18 + 16 * np.log10(table.n_parameters.clip(lower=1))
    new = table.index.isin(added)
    for some, look in ((~new, {"color": SYNTHETIC}), (new, {"color": "black", "marker": "D"})):
        dots = table[some]
        ax.scatter(100 * dots.risk, dots.utility, s=size[some], edgecolor="white", linewidth=0.8, zorder=3, **look)
    ax.set(xlabel="risk: what attackers gain (points)", ylabel="utility (0 to 1)", ylim=(-0.08, 1.02))
    right = max(12.0, 100 * table.risk.max() * 1.1)
    ax.set_xlim(-0.06 * right, right)
    ax.set_title("useful and harmless is up on the left")
    _name_the_dots(ax, table, right, added)


def _name_the_dots(ax, table, right, added):
    """Each name beside its dot, moved up or down where names would overlap."""
    left = table[table.risk * 100 < 0.6 * right].sort_values("utility")
    # On small axes a line of text takes a larger share of the height.
    tall = 72 * ax.figure.get_figheight() * ax.get_position().height
    line = max(_LINE, 13 / tall * np.ptp(ax.get_ylim()))
    column, steps = (100 * left.risk.max() if len(left) else 0.0) + 0.07 * right, line * np.arange(len(left))
    # As near to the dots as a column of names that keep their distance can be.
    heights = np.maximum(optimize.isotonic_regression(left.utility - steps).x, -0.04) + steps if len(left) else ()
    for (name, row), height in zip(left.iterrows(), heights, strict=True):
        ax.annotate(
            name,
            (100 * row.risk, row.utility),
            (column, height),
            va="center",
            fontsize=10,
            weight="bold" if name in added else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            arrowprops={
                "arrowstyle": "-",
                "color": "#BBBBBB",
                "linewidth": 0.8,
                "shrinkA": 1,
                "shrinkB": 4,
                "relpos": (0, 0.5),
            },
        )
    for number, (name, row) in enumerate(table.drop(left.index).iterrows()):
        weight = "bold" if name in added else "normal"
        beside = {"textcoords": "offset points", "ha": "right", "fontsize": 10, "weight": weight}
        ax.annotate(name, (100 * row.risk, row.utility), (-9, (10, -16)[number % 2]), **beside)


def _draw_ladder(ax, table, ladder):
    """Which use which model supports: full squares for most seeds, hollow ones for fewer."""
    held = table.sort_values(["rung", "utility"])[ladder]
    for down, (_, row) in enumerate(held.iterrows()):
        for across, share in enumerate(row):
            full = share > 0.5
            look = (
                {"facecolor": OBSERVED, "edgecolor": OBSERVED}
                if full
                else {"facecolor": "none", "edgecolor": "#BBBBBB"}
            )
            ax.scatter(across, down, s=85, marker="s" if full else "o", linewidth=0.9, **look)
    ax.set_yticks(range(len(held)), held.index)
    ax.set_xticks(range(len(ladder)), ladder, rotation=50, ha="right", rotation_mode="anchor")
    ax.set(xlim=(-0.6, len(ladder) - 0.4), ylim=(-0.6, len(held) - 0.4))
    ax.set_title("what it is good for (full square: yes)")
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def in_words(name, row, ladder):
    """One dot in words."""
    top = list(ladder)[int(row.rung) - 1] if row.rung else "nothing"
    overlap = "" if np.isnan(row.overlap) else f", overlap of intervals {row.overlap:.2f}"
    return (
        f"{name}: utility {row.utility:.2f}, risk {100 * row.risk:.1f} points, {row.n_parameters:,.0f} parameters; good for up to: {top} "
        f"(area under the curve {row.auc:.2f}, S_pMSE {row.S_pMSE:.1f}{overlap})"
    )


def _reached(table, ladder):
    """The highest rung that each model reaches without a gap, in words."""
    reached = {}
    for name, rung in table["rung"].items():
        reached.setdefault(ladder[rung - 1] if rung else "nothing", []).append(name)
    return "Good for up to: " + "; ".join(f"{use} ({', '.join(names)})" for use, names in reached.items()) + "."
