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
import matplotlib.ticker
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from workshop.numeric import Scale
from workshop.table import LABEL_LIKE, NUMBER_LIKE, TableError, as_table, kind_of

OBSERVED = "#0072B2"
SYNTHETIC = "#D55E00"

_STYLE = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "hatch.linewidth": 0.8,
}
_LEGEND = [
    Patch(facecolor=OBSERVED, alpha=0.5, label="observed"),
    Patch(facecolor="white", edgecolor=SYNTHETIC, linestyle="--", hatch="////", label="synthetic"),
]
#: Below this largest gap between two cumulative curves (or difference of shares) we say "much the same".
MUCH_THE_SAME = 0.05
_MOST_LEVELS = 12


@dataclass(frozen=True)
class Picture:
    """A figure, and what it says in words. A notebook shows both; `picture.figure.savefig(...)` saves it."""

    words: str
    figure: Figure = field(repr=False)

    def __repr__(self):
        return self.words

    def png(self):
        """The figure as the bytes of a png file."""
        file = io.BytesIO()
        self.figure.savefig(file, format="png", dpi=150)
        return file.getvalue()

    def _repr_html_(self):
        width = round(self.figure.get_figwidth() * 100)
        source = base64.b64encode(self.png()).decode()
        image = f'<img alt="{escape(self.words)}" width="{width}" src="data:image/png;base64,{source}">'
        return f'<div style="max-width: {width}px">{image}<p style="margin: 0.2em 0">{escape(self.words)}</p></div>'


def compare_variable(observed, synthetic, kind=None, unit=None, ax=None):
    """One variable, observed against synthetic, in the picture that suits its kind.

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

    Examples
    --------
    >>> compare_variable(pd.Series([1, 2, 2, 3], name="rooms"), pd.Series([1, 2, 3, 3], name="rooms"))
    rooms: synthetic spread 150% wider. Median 2 observed, 2.5 synthetic; middle half 1.75 to 2.25 observed, 1.75 to 3 synthetic.
    """
    observed, synthetic = _column(observed), _column(synthetic)
    kind = kind or kind_of(observed)
    name = "values" if observed.name is None else str(observed.name)
    if observed.dropna().empty or synthetic.dropna().empty:
        draw, about = _draw_nothing, _Nothing(observed, synthetic)
    elif kind in NUMBER_LIKE:
        draw, about = _draw_numbers, _Numbers(observed, synthetic, kind)
    elif kind in LABEL_LIKE:
        draw, about = _draw_labels, _Labels(observed, synthetic)
    else:
        draw, about = _draw_nothing, _Words(observed, synthetic)
    words = f"{name}: {about.finding}. {about.detail}{_missing_in_words(observed, synthetic)}"
    with mpl.rc_context(_STYLE):
        if ax is None:
            ax = Figure(figsize=(7.2, 3.4), layout="constrained").subplots()
        draw(ax, about)
        ax.set_title(_short(f"{name}: {about.finding}", 70))
        if kind in ("continuous", "discrete"):
            ax.set_xlabel(_short(f"{name} ({unit})" if unit else name, 60))
    return Picture(words, ax.figure)


def compare_table(observed, synthetic, columns=None, per_row=3):
    """A page of pictures: every variable, observed against synthetic.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    columns : list of str, optional
        Which variables; all that the observed table has if left out.
    per_row : int, default 3
        How many pictures stand side by side.

    Returns
    -------
    Picture

    Raises
    ------
    TableError
        If a variable is missing from one of the tables.
    """
    observed, synthetic = as_table(observed), as_table(synthetic)
    columns = list(observed.columns) if columns is None else list(columns)
    for label, table in (("observed", observed), ("synthetic", synthetic)):
        absent = [name for name in columns if name not in table]
        if absent:
            raise TableError(
                f"The {label} table has no column '{absent[0]}': give both tables the same columns, or say columns=[...]."
            )
    rows = -(-len(columns) // per_row)
    with mpl.rc_context({**_STYLE, "font.size": 9, "axes.titlesize": 9.5}):
        figure = Figure(figsize=(4.0 * per_row, 2.7 * rows), layout="constrained")
        axes = figure.subplots(rows, per_row, squeeze=False).ravel()
        pictures = []
        for name, ax in zip(columns, axes, strict=False):
            pictures.append(compare_variable(observed[name], synthetic[name], ax=ax))
            ax.set_title("\n".join(textwrap.wrap(ax.get_title(loc="left"), 40)[:2]))
            if ax.get_legend():
                ax.get_legend().remove()
        for ax in axes[len(columns) :]:
            ax.set_axis_off()
        figure.legend(handles=_LEGEND, loc="outside upper center", ncols=2)
    return Picture(" ".join(picture.words for picture in pictures), figure)


class _Numbers:
    """What there is to say about two columns of numbers, dates or times."""

    def __init__(self, observed, synthetic, kind):
        self.kind, self.scale = kind, Scale.of(observed, kind)
        try:
            same_steps = Scale(kind, synthetic.dtype, self.scale.step)
            self.observed, self.synthetic = self.scale.to_numbers(observed), same_steps.to_numbers(synthetic)
        except (TypeError, ValueError, AttributeError):
            raise TableError(
                f"Column '{observed.name}' is {kind} in the observed data but {synthetic.dtype} in the synthetic: "
                "give both the same type."
            ) from None
        self.negative = 0.0 if self.observed.min() < 0 or kind in ("date", "datetime") else (self.synthetic < 0).mean()
        self.finding = self._finding()
        median, quarters = self._in_words([50]), self._in_words([25, 75])
        self.detail = (
            f"Median {median[0][0]} observed, {median[1][0]} synthetic; middle half {quarters[0][0]} to {quarters[0][1]} observed, "
            f"{quarters[1][0]} to {quarters[1][1]} synthetic."
        )

    def _finding(self):
        low, middle, high = np.percentile(self.observed, [25, 50, 75])
        low_s, middle_s, high_s = np.percentile(self.synthetic, [25, 50, 75])
        if self.negative > 0.005:
            return f"{self.negative:.0%} of the synthetic values lie below 0"
        if largest_gap(self.observed, self.synthetic) < MUCH_THE_SAME:
            return "much the same"
        spread = (high_s - low_s) / (high - low) if high > low else 1
        if not 0.8 <= spread <= 1.25:
            return f"synthetic spread {abs(spread - 1):.0%} {'wider' if spread > 1 else 'narrower'}"
        if abs(middle_s - middle) > 0.2 * (high - low):
            later = ("later", "earlier") if self.kind in ("date", "datetime", "time") else ("higher", "lower")
            return f"synthetic values lie {later[int(middle_s < middle)]}"
        return "the shapes differ"

    def _in_words(self, percentiles):
        pairs = [np.percentile(values, percentiles) for values in (self.observed, self.synthetic)]
        if self.kind in ("continuous", "discrete"):
            return [[f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}" for value in pair] for pair in pairs]
        return [[str(value) for value in self.scale.to_series(pair).astype(str)] for pair in pairs]

    def as_times(self, numbers):
        """Numbers as what the axis shows: dates as dates, times of day in hours, lengths of time in days."""
        if self.kind in ("date", "datetime"):
            return (np.asarray(numbers) * self.scale.step).astype("int64").astype("datetime64[us]")
        per_unit = {"time": 3.6e9, "duration": 8.64e10}.get(self.kind)
        return np.asarray(numbers) * self.scale.step / per_unit if per_unit else numbers

    def edges(self):
        """Edges of at most 40 bins over all but the most extreme values, and how many lie outside."""
        both = np.concatenate([self.observed, self.synthetic])
        low, high = np.percentile(both, [0.25, 99.5])
        if high - low > 0.5 * np.ptp(both):
            low, high = both.min(), both.max()
        if self.scale.whole:
            # Each bin holds equally many whole steps; else some bars stand out for no reason.
            width = max(1, np.ceil((high - low + 1) / 40))
            edges = np.arange(np.floor(low) - 0.5, high + width, width)
        else:
            edges = np.linspace(low, high if high > low else low + 1, 41)
        return edges, int(((both < edges[0]) | (both > edges[-1])).sum())


class _Labels:
    """What there is to say about two columns of labels."""

    def __init__(self, observed, synthetic):
        shares = pd.DataFrame({"observed": _shares(observed), "synthetic": _shares(synthetic)}).fillna(0.0)
        if isinstance(observed.dtype, pd.CategoricalDtype) and observed.dtype.ordered:
            order = [str(level) for level in observed.cat.categories]
            shares = shares.reindex(order + [label for label in shares.index if label not in order], fill_value=0.0)
        else:
            shares = shares.sort_values("observed", ascending=False, kind="stable")
        difference = shares["synthetic"] - shares["observed"]
        most = difference.abs().idxmax()
        if abs(difference[most]) < MUCH_THE_SAME:
            self.finding = "much the same shares"
        else:
            side = "more" if difference[most] > 0 else "less"
            self.finding = f"'{_short(most, 24)}' is {side} frequent in the synthetic data"
        self.detail = f"Largest difference: '{most}', {shares.observed[most]:.1%} observed and {shares.synthetic[most]:.1%} synthetic."
        self.left_out = ""
        if len(shares) > _MOST_LEVELS:
            others = shares.iloc[_MOST_LEVELS:].sum()
            self.left_out = (
                f" ({len(shares) - _MOST_LEVELS:,} other levels: {others.observed:.0%} and {others.synthetic:.0%})"
            )
            shares = shares.iloc[:_MOST_LEVELS]
        self.shares = shares


class _Words:
    """What there is to say about two columns of text or of keys."""

    def __init__(self, observed, synthetic):
        present = synthetic.dropna().astype(str)
        copied = int(present.isin(observed.dropna().astype(str)).sum())
        self.finding = f"{copied:,} of {len(present):,} synthetic values are copies"
        self.detail = f"{observed.nunique():,} different values observed, {synthetic.nunique():,} synthetic."


class _Nothing:
    """One of the two columns holds no values."""

    def __init__(self, observed, synthetic):
        sides = [label for label, series in (("observed", observed), ("synthetic", synthetic)) if series.dropna().empty]
        self.finding = f"no {' and no '.join(sides)} values"
        self.detail = "There is nothing to compare."


def _draw_numbers(ax, about):
    edges, outside = about.edges()
    shown = about.as_times(edges)
    for values, label, look in (
        (about.observed, "observed", {"fill": True, "color": OBSERVED, "alpha": 0.35}),
        (about.observed, None, {"color": OBSERVED, "linewidth": 1.6}),
        (about.synthetic, "synthetic", {"color": SYNTHETIC, "linewidth": 2, "linestyle": (0, (4, 1.5))}),
    ):
        ax.stairs(np.histogram(values, edges)[0] / len(values) * 100, shown, label=label, **look)
    if about.negative > 0.005 and edges[0] < 0:
        ax.axvspan(edges[0], 0, color="#999999", alpha=0.25, linewidth=0, label="impossible")
    if outside:
        words = f"{outside:,} values lie\nbeyond the edges"
        ax.text(1, 0.97, words, transform=ax.transAxes, ha="right", va="top", color="#555555", size="small")
    ax.set_ylabel("% of records")
    ax.set_xlabel({"time": "hour of the day", "duration": "days"}.get(about.kind, "date"))
    if about.kind in ("date", "datetime"):
        locator = mpl.dates.AutoDateLocator(maxticks=7)
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(mpl.dates.ConciseDateFormatter(locator))
    elif about.kind in ("continuous", "discrete") and abs(edges).max() >= 1e4:
        ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(6))
        ax.xaxis.set_major_formatter(
            mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}" if abs(value) < 1e9 else f"{value:.1e}")
        )
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))


def _draw_labels(ax, about):
    shares = about.shares.iloc[::-1] * 100
    place = np.arange(len(shares))
    ax.barh(place + 0.2, shares["observed"], 0.38, color=OBSERVED, alpha=0.75, label="observed")
    ax.barh(place - 0.2, shares["synthetic"], 0.38, color="white", edgecolor=SYNTHETIC, hatch="////", label="synthetic")
    ax.set_yticks(place, [_short(label, 24) for label in shares.index])
    ax.set_xlabel(f"% of records{about.left_out}")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))


def _draw_nothing(ax, about):
    ax.set_axis_off()
    ax.text(0.5, 0.5, textwrap.fill(about.detail, 32), ha="center", va="center", transform=ax.transAxes)


def largest_gap(first, second):
    """The Kolmogorov-Smirnov distance: the largest gap between the two cumulative curves, from 0 to 1.

    >>> largest_gap(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    1.0
    """
    points = np.concatenate([first, second])
    curves = [np.searchsorted(np.sort(values), points, side="right") / len(values) for values in (first, second)]
    return float(np.abs(curves[0] - curves[1]).max())


def _column(series):
    if not isinstance(series, pd.Series):
        raise TableError(
            f"Expected a column (a pandas Series) but got {type(series).__name__}: choose one with df['name']."
        )
    return as_table(series).iloc[:, 0].rename(series.name)


def _shares(series):
    labels = series.astype(object).where(series.notna(), "missing").astype(str)
    return labels.value_counts(normalize=True)


def _missing_in_words(observed, synthetic):
    first, second = observed.isna().mean(), synthetic.isna().mean()
    return f" Missing: {first:.1%} observed, {second:.1%} synthetic." if abs(first - second) > 0.01 else ""


def _short(text, length):
    """Text that fits, without the signs that the font lacks."""
    text = "".join(sign if ord(sign) < 0x2600 else "□" for sign in str(text)).replace("$", r"\$")
    return text if len(text) <= length else text[: length - 1] + "…"
