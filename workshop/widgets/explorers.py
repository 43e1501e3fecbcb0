"""Pictures with sliders: turn the dials of a generative model and see what it makes.

The trick that makes them quick: everything that stands still (axes, labels, legend) is drawn once and kept; at a move the
lines get new numbers and are drawn on top of it. The picture goes to the browser as a png with alternative text, and the same is said in a sentence below it.
"""

import base64
import io
from html import escape

import ipywidgets
import matplotlib as mpl
import matplotlib.ticker
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from scipy import stats

from workshop.figures import OBSERVED, SYNTHETIC, with_unit
from workshop.models.families import Values
from workshop.models.selection import rank
from workshop.table import TableError, as_table, kind_of
from workshop.widgets.keyboard import ByKeyboard

_SEED = 1
_STYLE = {"font.size": 11, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False}


class Explorer(ipywidgets.VBox):
    """Sliders above a picture. A subclass builds its figure once, in `build(ax)`, and moves its lines in `update`.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    words : str
        What the picture shows now.
    """

    #: How many pictures stand side by side; `build` gets one pair of axes, or an array of them.
    panels = 1

    def __init__(self, **sliders):
        self.sliders = sliders
        self.figure = Figure(figsize=(7.2, 3.2), dpi=100, layout="constrained")
        self._canvas = FigureCanvasAgg(self.figure)
        self._picture = ipywidgets.HTML(layout=ipywidgets.Layout(min_height="390px"))
        with mpl.rc_context(_STYLE):
            self.moving = self.build(self.figure.subplots(1, self.panels))
        for artist in self.moving:
            artist.set_animated(True)  # Matplotlib's word for: leave it out when the figure is drawn
        self.draw_still()
        for slider in sliders.values():
            slider.observe(self._move, names="value")
        super().__init__([ipywidgets.VBox([*sliders.values(), ByKeyboard()]), self._picture])
        self._move()

    def draw_still(self):
        """Draw what stands still, once and again after it has changed."""
        self._canvas.draw()
        self._still = self._canvas.copy_from_bbox(self.figure.bbox)

    def build(self, ax):
        """Put everything into the figure; return what moves."""
        raise NotImplementedError

    def update(self, **settings):
        """Move the lines to these settings; return a line of code (or "") and a sentence."""
        raise NotImplementedError

    def _move(self, change=None):
        code, self.words = self.update(**{name: slider.value for name, slider in self.sliders.items()})
        self._picture.value = (
            f'<img alt="{escape(self.words)}" width="720" height="320" style="max-width: 100%; height: auto" src="data:image/png;base64,{self._png()}">'
            f'<pre style="margin: 0; line-height: 1.5">{escape(code)}</pre><p style="margin: 0; line-height: 1.5; font-size: 14px">{escape(self.words)}</p>'
        )

    def _png(self):
        self._canvas.restore_region(self._still)
        for artist in self.moving:
            artist.axes.draw_artist(artist)
        file = io.BytesIO()
        # The quickest compression is enough for a picture that travels a short way.
        Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB").save(file, "png", compress_level=1)
        return base64.b64encode(file.getvalue()).decode()


class NormalExplorer(Explorer):
    """Draws from a normal distribution as bars, the distribution itself as a line."""

    edges = np.linspace(-10, 10, 81)

    def build(self, ax):
        self.x = np.linspace(-10, 10, 401)
        self.bars = ax.stairs(np.zeros(80), self.edges, fill=True, color=SYNTHETIC, alpha=0.45, label="draws")
        (self.curve,) = ax.plot(self.x, np.zeros_like(self.x), color="#333333", linewidth=2, label="the model")
        ax.set(xlim=(-10, 10), ylim=(0, 0.85), xlabel="value", ylabel="density")
        ax.legend(loc="upper right")
        return [self.bars, self.curve]

    def update(self, mean, sd, n):
        draws = np.random.default_rng(_SEED).normal(mean, sd, n)
        heights = np.histogram(draws, self.edges)[0] / n / np.diff(self.edges)
        self.bars.set_data(heights)
        self.curve.set_ydata(stats.norm.pdf(self.x, mean, sd))
        words = (
            f"{n:,} draws: their mean is {draws.mean():.2f} (the model's is {mean:g}), their standard deviation {draws.std(ddof=1):.2f} "
            f"(the model's is {sd:g})."
        )
        return f"rng.normal({mean:g}, {sd:g}, {n})", words


class HistogramExplorer(Explorer):
    """Observed values, and draws from their histogram with as many bins as you like."""

    def __init__(self, values, unit=None, **sliders):
        self.label = with_unit(values.name or "values", unit and {values.name or "values": unit})
        self.name, self.values = values.name or "values", values.dropna().to_numpy(dtype=float)
        self.distinct = np.unique(self.values)
        low, high = np.percentile(self.values, [0, 99])
        # The picture shows all but the highest hundredth, so that one outlier does not squash it.
        self.edges = np.linspace(low, high if high > low else low + 1, 61)
        super().__init__(**sliders)

    def build(self, ax):
        shares = np.histogram(self.values, self.edges)[0] / len(self.values) * 100
        self.observed = ax.stairs(shares, self.edges, fill=True, color=OBSERVED, alpha=0.35, label="observed")
        self.synthetic = ax.stairs(
            shares, self.edges, color=SYNTHETIC, linewidth=2, linestyle=(0, (4, 1.5)), label="synthetic"
        )
        ax.set(
            xlim=self.edges[[0, -1]],
            ylim=(0, shares.max() * 1.4),
            xlabel=f"{self.label}; the highest 1 % not shown",
            ylabel="% of records",
        )
        ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(7))
        ax.xaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}" if np.ptp(self.edges) > 10 else "{x:g}"))
        ax.legend(loc="upper right")
        return [self.synthetic]

    def update(self, bins):
        rng = np.random.default_rng(_SEED)
        counts, edges = np.histogram(self.values, bins)
        chosen = rng.choice(bins, len(self.values), p=counts / counts.sum())
        drawn = rng.uniform(edges[chosen], edges[chosen + 1])
        self.synthetic.set_data(np.histogram(drawn, self.edges)[0] / len(drawn) * 100)
        alone = share_alone(self.distinct, bins)
        words = f"{bins:,} bins, each {_rounded(edges[1] - edges[0])} wide: {alone:.1%} of the different values have a bin to themselves."
        return f"counts, edges = np.histogram({self.name}.dropna(), bins={bins})", words


class FamilyExplorer(Explorer):
    """A variable as bars, one family as a line, and its BIC beside the lowest."""

    def __init__(self, table, names, units=None, **sliders):
        self.units = units
        self.columns = {name: _FamilyColumn(table[name]) for name in names}
        super().__init__(**sliders)
        sliders["variable"].observe(self._offer, names="value")

    def _offer(self, change):
        """The families of another kind of variable; the best one first."""
        column = self.columns[change["new"]]
        picker = self.sliders["family"]
        picker.options = column.options
        picker.value = column.best

    def build(self, ax):
        self.observed = ax.stairs(np.zeros(50), np.arange(51), fill=True, color=OBSERVED, alpha=0.4, label="observed")
        self.fitted = ax.stairs(
            np.zeros(50), np.arange(51), color=SYNTHETIC, linewidth=2, linestyle=(0, (4, 1.5)), label="family"
        )
        ax.set(xlim=(0, 1), ylim=(0, 1.05), ylabel="share, tallest bar = 1")
        ax.legend(loc="upper right")
        self.shown = None
        return [self.observed, self.fitted]

    def _show(self, variable, column):
        """Another variable: its own numbers under the picture."""
        low, high = column.edges[[0, -1]]
        marks = mpl.ticker.MaxNLocator(7, integer=column.values.whole).tick_values(low, high)
        marks = marks[(marks >= low) & (marks <= high)]
        axis = self.observed.axes.xaxis
        axis.set_ticks((marks - low) / (high - low), [f"{mark:,.10g}" for mark in marks])
        axis.set_label_text(f"{with_unit(variable, self.units)}; the highest 1 % not shown")
        self.draw_still()
        self.shown = variable

    def update(self, variable, family):
        column = self.columns[variable]
        if variable != self.shown:
            self._show(variable, column)
        known = {one.family.name: one for one in column.ranking}
        chosen = known.get(family) or known[column.best]
        place = np.linspace(0, 1, len(column.edges))
        self.observed.set_data(column.shares / column.shares.max(), place)
        self.fitted.set_data(np.minimum(column.expected(chosen.family) / column.shares.max(), 1.05), place)
        lowest = column.ranking[0]
        better = min(one.bic for one in column.ranking)
        words = (
            f"{variable} as {chosen.family.name}: {chosen.family.n_free} parameter{'s' * (chosen.family.n_free > 1)}, BIC {chosen.bic:,.0f}, "
            f"{'the lowest of all' if chosen.bic == better else f'{chosen.bic - better:,.0f} above the lowest'}; "
            f"largest gap between the cumulative curves {chosen.distance:.3f}. The recipe takes {lowest.family.name}."
        )
        return f'Metadata(families={{"{variable}": "{chosen.family.name}"}})', words


class _FamilyColumn:
    """What the explorer keeps of one variable."""

    def __init__(self, series):
        kind = kind_of(series)
        self.values = Values(series.dropna().to_numpy(dtype=float), kind == "discrete")
        self.ranking = rank(self.values, kind)
        self.best = self.ranking[0].family.name
        self.options = [one.family.name for one in self.ranking]
        low, high = np.percentile(self.values.numbers, [0, 99])
        if self.values.whole:
            width = max(1.0, np.ceil((high - low + 1) / 50))
            self.edges = np.arange(low - 0.5, high + width, width)
        else:
            self.edges = np.linspace(low, high if high > low else low + 1, 51)
            if low == 0:  # so that a spike at zero has a bar to itself
                self.edges = self.edges - np.diff(self.edges[:2]) / 2
        self.shares = np.histogram(self.values.numbers, self.edges)[0] / self.values.n

    def expected(self, family):
        whole = self.values.whole
        upto = family.up_to(np.floor(self.edges), True) if whole else family.up_to(self.edges)
        return np.diff(upto)


def explore_families(table, variables=None, units=None):
    """A picture of a variable and of a family fitted to it, with pickers for both.

    Parameters
    ----------
    table : pandas.DataFrame
    variables : list of str, optional
        The variables to pick from; all with numbers if left out.
    units : dict, optional
        The unit of a variable by its name, for the axis.

    Returns
    -------
    FamilyExplorer

    Raises
    ------
    TableError
        If there is no variable with different numbers.
    """
    table = as_table(table)
    names = [
        name
        for name in (table.columns if variables is None else variables)
        if kind_of(table[name]) in ("continuous", "discrete") and table[name].nunique() > 1
    ]
    if not names:
        raise TableError("explore_families needs a column of numbers that differ: choose another table.")
    first = _FamilyColumn(table[names[0]])
    return FamilyExplorer(
        table,
        names,
        units,
        variable=picker("variable", names, names[0]),
        family=picker("family", first.options, first.best),
    )


def explore_normal(mean=1.0, sd=1.5, n=100):
    """A picture of a normal distribution and draws from it, with sliders for its mean, its sd and the number of draws.

    Parameters
    ----------
    mean, sd : float
        Where the sliders stand at first: from -5 to 5, and from 0.5 to 4.
    n : int
        Number of draws at first: 10, 100, 1,000, 10,000 or 100,000.

    Returns
    -------
    NormalExplorer
    """
    return NormalExplorer(
        mean=slider(ipywidgets.FloatSlider, "mean", value=mean, min=-5, max=5, step=0.5),
        sd=slider(ipywidgets.FloatSlider, "sd", value=sd, min=0.5, max=4, step=0.25),
        n=slider(
            ipywidgets.SelectionSlider,
            "n",
            value=n,
            options=[(f"{size:,}", size) for size in 10 ** np.arange(1, 6).astype(object)],
        ),
    )


def explore_histogram(values, largest=2**18, unit=None):
    """A picture of observed values and draws from their histogram, with a slider for the number of bins.

    Parameters
    ----------
    values : pandas.Series
        Numbers; missing ones are left out.
    largest : int, default 262,144
        The most bins that the slider offers; it offers the powers of two.
    unit : str, optional
        The unit of the values, for the axis.

    Returns
    -------
    HistogramExplorer

    Raises
    ------
    TableError
        If the values are not numbers.
    """
    if np.ndim(values) != 1 or isinstance(values, str):
        raise TableError(
            f"explore_histogram needs one column of numbers, but got {type(values).__name__}: choose a column with df['name']."
        )
    series = as_table(pd.Series(values)).iloc[:, 0]
    if not pd.api.types.is_numeric_dtype(series.dtype) or series.dropna().empty:
        raise TableError(
            f"explore_histogram needs a column of numbers, but '{series.name}' holds none: choose another column."
        )
    powers = [2**power for power in range(1, int(np.log2(largest)) + 1)]
    try:
        np.histogram_bin_edges(series.dropna().to_numpy(dtype=float), powers[-1])
    except ValueError:
        raise TableError(
            f"The values of '{series.name}' lie too close together to be cut into {powers[-1]:,} bins: choose another column, or a smaller `largest`."
        ) from None
    bins = slider(
        ipywidgets.SelectionSlider, "bins", value=min(16, powers[-1]), options=[(f"{size:,}", size) for size in powers]
    )
    return HistogramExplorer(series, unit, bins=bins)


def share_alone(distinct, bins):
    """The share of the different values that have a bin to themselves.

    >>> share_alone(np.array([0.0, 1.0, 1.2, 9.0]), 3)
    0.25
    """
    return float((np.histogram(distinct, bins)[0] == 1).sum() / len(distinct))


def _rounded(number):
    return f"{number:,.0f}" if number >= 1000 else f"{number:.3g}"


def picker(description, options, value):
    return ipywidgets.Dropdown(
        description=description, options=options, value=value, layout=ipywidgets.Layout(width="320px")
    )


def slider(kind, description, **settings):
    layout = ipywidgets.Layout(width="480px", max_width="100%")
    return kind(description=description, continuous_update=True, layout=layout, **settings)
