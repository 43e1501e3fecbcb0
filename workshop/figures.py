"""Observed against synthetic, in pictures that say what they show.

One style for the whole workshop: observed data are blue, filled, with a solid line; synthetic data are orange, with a dashed
line or hatched bars, so that nothing hangs on colour alone. Every title states a finding, and every picture brings the same
in words, as alternative text and as a line below it. The colours are those of Okabe and Ito (2008), which colour-blind
readers can tell apart.
"""

import base64
import io
import textwrap
from dataclasses import dataclass, field
from html import escape

import matplotlib as mpl
import matplotlib.dates
import matplotlib.font_manager
import matplotlib.ticker
import numpy as np
import pandas as pd  # noqa: F401
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from workshop.findings import Labels, Numbers, compare, in_words, largest_gap, number, shorten
from workshop.table import TableError, as_table

__all__ = ["OBSERVED", "SYNTHETIC", "Picture", "compare_table", "compare_variable", "in_words", "largest_gap"]

OBSERVED = "#0072B2"
SYNTHETIC = "#D55E00"

_FONT = "DejaVu Sans"  # comes with matplotlib, so that a picture looks the same everywhere
_STYLE = {
    "font.family": _FONT,
    "font.size": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "hatch.linewidth": 0.8,
}
_SYNTHETIC_BAR = {"facecolor": "white", "edgecolor": SYNTHETIC, "linestyle": "--", "hatch": "////"}
_LEGEND = [
    Patch(facecolor=OBSERVED, alpha=0.5, label="observed"),
    Patch(label="synthetic", **_SYNTHETIC_BAR),
]
#: A spot's words appear while the mouse rests on it or the keyboard is there. A page that does not allow styles shows none of it.
_HOVER = """<style>
.workshop-spot { position: absolute; width: 16px; height: 16px; margin: -8px 0 0 -8px; border-radius: 50%; }
.workshop-spot:hover::after, .workshop-spot:focus::after { content: attr(aria-label); position: absolute; z-index: 9; left: 20px; top: -8px;
  width: 330px; padding: 6px 9px; white-space: pre-line; font-size: 13px; line-height: 1.4; color: #222; background: #fff;
  border: 1px solid #999; border-radius: 3px; box-shadow: 0 1px 5px #0004; pointer-events: none; }
.workshop-spot-right:hover::after, .workshop-spot-right:focus::after { left: auto; right: 20px; }
.workshop-spot-low:hover::after, .workshop-spot-low:focus::after { top: auto; bottom: -8px; }
</style>"""


@dataclass(frozen=True)
class Picture:
    """A figure, and what it says in words. A notebook shows both; `picture.figure.savefig(...)` saves it.

    Attributes
    ----------
    words : str
    figure : matplotlib.figure.Figure
    spots : tuple of (float, float, str)
        Places of the figure (across and down, 0 to 1) that say something when the mouse rests on them or the keyboard goes there.
    """

    words: str
    figure: Figure = field(repr=False)
    spots: tuple = field(default=(), repr=False)

    def __repr__(self):
        return self.words

    def png(self):
        """The figure as the bytes of a png file."""
        file = io.BytesIO()
        with mpl.rc_context(_STYLE):
            self.figure.savefig(file, format="png", dpi=150)
        return file.getvalue()

    def _repr_html_(self):
        words = f'<p style="margin: 0.2em 0; white-space: pre-line">{escape(self.words)}</p>'
        if getattr(self.figure, "number", None) is not None:
            return words  # pyplot made the figure, and the notebook shows it by itself
        width = round(self.figure.get_figwidth() * 100)
        source = base64.b64encode(self.png()).decode()
        image = f'<img alt="{escape(self.words)}" width="{width}" src="data:image/png;base64,{source}">'
        if self.spots:
            image = f'<div style="position: relative; width: {width}px; max-width: 100%">{image}{self._hover()}</div>'
        return f'<div style="max-width: {width}px">{image}{words}</div>'

    def _hover(self):
        """Over each spot a place that shows its words, towards the side where there is room."""
        spots = "".join(
            f'<span class="workshop-spot{" workshop-spot-right" * (x > 0.7)}{" workshop-spot-low" * (y > 0.5)}" role="note" tabindex="0" '
            f'aria-label="{escape(says)}" style="left: {x:.2%}; top: {y:.2%}"></span>'
            for x, y, says in self.spots
        )
        return _HOVER + spots


def compare_variable(observed, synthetic, kind=None, unit=None, ax=None):
    """One variable, observed against synthetic, in the picture that suits its kind.

    How the title is found stands in `workshop.findings`.

    Parameters
    ----------
    observed, synthetic : pandas.Series
        The variable in both tables; they may differ in length.
    kind : str, optional
        One of `workshop.table.KINDS`; read off the observed values if left out.
    unit : str, optional
        The unit of the values, for the axis, such as "euro".
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if left out.

    Returns
    -------
    Picture

    Raises
    ------
    TableError
        If the values cannot be understood, or the two are of different types.
    ValueError
        If there is no such kind.

    Examples
    --------
    >>> compare_variable(pd.Series([1, 2, 2, 3], name="rooms"), pd.Series([1, 2, 3, 3], name="rooms"))
    rooms: no difference beyond chance. Median 2 observed, 2.5 synthetic; middle half 1.75 to 2.25 observed, 1.75 to 3 synthetic.
    """
    about = compare(observed, synthetic, kind)
    with mpl.rc_context(_STYLE):
        if ax is None:
            ax = Figure(figsize=(7.2, 3.4), layout="constrained").subplots()
        _draw(ax, about, unit)
    return Picture(str(about), ax.figure.figure)


def compare_table(observed, synthetic, columns=None, per_row=3, units=None):
    """A page of pictures: every variable, observed against synthetic.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    columns : list of str, optional
        Which variables; all that the observed table has if left out.
    per_row : int, default 3
        How many pictures stand side by side.
    units : dict, optional
        The unit of a variable by its name, such as {"income": "euro a year"}.

    Returns
    -------
    Picture

    Raises
    ------
    TableError
        If a variable is missing from one of the tables.
    ValueError
        If there is no variable to draw, or no room for one.
    """
    observed, synthetic = as_table(observed), as_table(synthetic)
    columns = [columns] if isinstance(columns, str) else list(observed.columns if columns is None else columns)
    if not columns or per_row < 1:
        raise ValueError("There is nothing to draw: name at least one column, and set per_row to 1 or more.")
    for label, table in (("observed", observed), ("synthetic", synthetic)):
        absent = [name for name in columns if name not in table]
        if absent:
            raise TableError(
                f"The {label} table has no column '{absent[0]}': give both tables the same columns, or say columns=[...]."
            )
    rows = -(-len(columns) // per_row)
    with mpl.rc_context({**_STYLE, "font.size": 10, "axes.titlesize": 10}):
        figure = Figure(figsize=(3.6 * per_row, 2.7 * rows), layout="constrained")
        axes = figure.subplots(rows, per_row, squeeze=False).ravel()
        words = []
        for name, ax in zip(columns, axes, strict=False):
            about = compare(observed[name], synthetic[name])
            _draw(ax, about, (units or {}).get(name))
            words.append(str(about))
            ax.set_title(textwrap.fill(ax.get_title(loc="left"), 36))
            if ax.get_legend():
                ax.get_legend().remove()
        for ax in axes[len(columns) :]:
            ax.set_axis_off()
        figure.legend(handles=_LEGEND, loc="outside upper center", ncols=2)
    return Picture("\n".join(words), figure)


def _draw(ax, about, unit=None):
    if isinstance(about, Numbers):
        _draw_numbers(ax, about, unit)
    elif isinstance(about, Labels):
        _draw_labels(ax, about)
    else:
        _write(ax, about.detail)
    ax.set_title(_drawable(f"{shorten(about.name, 24)}: {about.finding}"))


def _draw_numbers(ax, about, unit):
    edges, outside = about.edges()
    for values, label, look in (
        (about.observed, "observed", {"fill": True, "color": OBSERVED, "alpha": 0.35}),
        (about.observed, None, {"color": OBSERVED, "linewidth": 1.6}),
        (about.synthetic, "synthetic", {"color": SYNTHETIC, "linewidth": 2, "linestyle": (0, (4, 1.5))}),
    ):
        shares = np.histogram(values, edges)[0] / len(values) * 100
        ax.stairs(shares, _as_shown(about, edges), label=label, **look)
    if about.negative > 0.005 and edges[0] < 0:
        left, right = _as_shown(about, np.array([edges[0], -0.5 if about.kind == "discrete" else 0.0]))
        ax.axvspan(left, right, color="#999999", alpha=0.25, linewidth=0, label="never\nobserved")
    ax.set_ylabel("% of values")
    _mark_axis(ax.xaxis, about, edges)
    if about.kind in ("continuous", "discrete"):
        ax.set_xlabel(_drawable(shorten(about.name, 40) + (f" ({shorten(unit, 20)})" if unit else "")))
    if outside:
        values = "1 value lies" if outside == 1 else f"{outside:,} values lie"
        ax.set_xlabel(f"{ax.get_xlabel()}\n({values} beyond the edges)")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))


def with_unit(name, units=None):
    """A name for an axis.

    >>> with_unit("income", {"income": "euro a year"})
    'income (euro a year)'
    """
    return f"{name} ({units[name]})" if units and name in units else str(name)


def _as_shown(about, numbers):
    """Numbers as the axis shows them: dates as dates, times of day and lengths of time in their unit."""
    if about.kind in ("continuous", "discrete"):
        return numbers
    microseconds = numbers * about.scale.step
    if about.kind in ("date", "datetime"):
        return microseconds.astype("int64").astype("datetime64[us]")
    return microseconds / about.clock()[1]


def _mark_axis(axis, about, edges):
    if about.kind in ("date", "datetime"):
        few_days = about.kind == "date" and len(edges) <= 8
        locator = mpl.dates.DayLocator() if few_days else mpl.dates.AutoDateLocator(maxticks=6)
        names = mpl.dates.DateFormatter("%d %b\n%Y") if few_days else mpl.dates.ConciseDateFormatter(locator)
        axis.set_major_locator(locator)
        axis.set_major_formatter(names)
        axis.set_label_text("date" if getattr(about.scale.dtype, "tz", None) is None else "date (UTC)")
        return
    steps = [1, 2, 3, 6, 10] if about.kind == "time" else [1, 2, 2.5, 5, 10]
    whole = about.kind == "discrete"
    large = about.kind != "time" and np.abs(_as_shown(about, edges)).max() >= 1e4
    spec = axis.axes.get_subplotspec()
    narrow = spec is not None and spec.get_geometry()[1] > 1
    most = 12 if whole and len(edges) <= 13 else 3 if large and narrow else 6
    axis.set_major_locator(mpl.ticker.MaxNLocator(most, steps=steps, integer=whole, min_n_ticks=1))
    if about.kind == "time":
        axis.set_major_formatter(lambda hour, _: "{:02d}:{:02d}".format(*divmod(round(hour * 60), 60)))
        axis.set_label_text("time of day")
        return
    axis.set_label_text(about.clock()[0])
    if large:
        axis.set_major_formatter(lambda value, _: number(value) if abs(value) < 1e9 else f"{value:.3g}")


def _draw_labels(ax, about):
    shares = about.shares.iloc[::-1] * 100
    place = np.arange(len(shares))
    ax.barh(place + 0.2, shares["observed"], 0.38, color=OBSERVED, alpha=0.75, label="observed")
    ax.barh(place - 0.2, shares["synthetic"], 0.38, label="synthetic", **_SYNTHETIC_BAR)
    ax.set_yticks(place, [_drawable(shorten(label, 24)) for label in shares.index])
    ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    others = about.others.sum()
    left_out = f"\n({len(about.others):,} other levels: {others.observed:.0%} and {others.synthetic:.0%})"
    ax.set_xlabel("% of records" + (left_out if len(about.others) else ""))
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))


def _write(ax, words):
    ax.set_axis_off()
    look = {"boxstyle": "round,pad=0.8", "facecolor": "#F2F2F2", "edgecolor": "none"}
    words = words.replace(", ", ",\n")
    ax.text(
        0.5, 0.5, words, ha="center", va="center", color="black", linespacing=1.6, bbox=look, transform=ax.transAxes
    )


def _drawable(text):
    """Text without the signs that the font lacks, and without those that would begin a formula."""
    font = mpl.font_manager.get_font(mpl.font_manager.findfont(_FONT))
    return "".join(sign if font.get_char_index(ord(sign)) else "□" for sign in text).replace("$", r"\$")
