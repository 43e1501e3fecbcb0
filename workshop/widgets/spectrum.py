"""The spectrum: from a model that gives everybody the same record to one that copies, with its cloud and its place on the trade-off."""

import ipywidgets
import matplotlib.ticker
import numpy as np

from workshop.figures import OBSERVED, SYNTHETIC
from workshop.risk_utility import LADDER, MODELS, Tradeoff
from workshop.risk_utility_picture import in_words
from workshop.table import TableError, as_table, kind_of
from workshop.widgets.explorers import Explorer, slider

_SEED = 1
MOST_RECORDS = 1_000


class SpectrumExplorer(Explorer):
    """Left: two variables, observed and synthetic. Right: where the model lies on the trade-off."""

    panels = 2

    def __init__(self, table, pair, models, measured, **sliders):
        self.pair, self.models = list(pair), models
        self.observed = table[self.pair].to_numpy(dtype=float)[:MOST_RECORDS]
        self.clouds = {
            name: model.fit(table).sample(rng=_SEED)[self.pair].to_numpy(dtype=float)[:MOST_RECORDS]
            for name, model in models.items()
        }
        self.figures = measured.table.loc[list(models)]
        super().__init__(**sliders)

    def build(self, axes):
        cloud, curve = axes
        view = np.nanpercentile(self.observed, [0, 98], axis=0)
        room = 0.12 * (view[1] - view[0])
        cloud.scatter(*self.observed.T, s=6, color=OBSERVED, alpha=0.35, linewidths=0, label="observed")
        self.drawn = cloud.scatter(
            [], [], s=11, marker="x", color=SYNTHETIC, linewidths=0.8, alpha=0.75, label="synthetic"
        )
        cloud.set(
            xlim=(view[0, 0] - room[0], view[1, 0] + room[0]),
            ylim=(view[0, 1] - room[1], view[1, 1] + room[1]),
            xlabel=self.pair[0],
            ylabel=self.pair[1],
        )
        for axis in (cloud.xaxis, cloud.yaxis):
            axis.set_major_locator(matplotlib.ticker.MaxNLocator(4))
        risk, utility = 100 * self.figures["risk"], self.figures["utility"]
        curve.plot(risk, utility, color="#BBBBBB", linewidth=1, zorder=0)
        curve.scatter(risk, utility, s=22, color="#999999", zorder=1)
        self.here = curve.scatter(
            [], [], s=130, marker="*", color=SYNTHETIC, edgecolor="white", linewidth=0.8, zorder=3
        )
        right = max(12.0, risk.max() * 1.1)
        curve.set(xlim=(-0.08 * right, right), ylim=(-0.08, 1.02), xlabel="risk (points)", ylabel="utility")
        self.figure.legend(handles=[cloud.collections[0], self.drawn], loc="outside upper center", ncols=2, fontsize=10)
        return [self.drawn, self.here]

    def update(self, model):
        row = self.figures.loc[model]
        self.drawn.set_offsets(self.clouds[model])
        self.here.set_offsets([[100 * row.risk, row.utility]])
        return f"{self.models[model]!r}.fit(people).sample()", in_words(model, row, LADDER) + "."


def explore_spectrum(table, pair=("greenness", "gift_spending"), measured=None):
    """A slider from inflexible to flexible models, with the cloud that each makes and its utility and risk.

    Parameters
    ----------
    table : pandas.DataFrame
        The observed data.
    pair : tuple of str, default ("greenness", "gift_spending")
        Two variables with numbers, across and up.
    measured : Tradeoff, optional
        Where the models lie; what was measured on `gifts` if left out.

    Returns
    -------
    SpectrumExplorer

    Raises
    ------
    TableError
        If these are not two columns of numbers.
    """
    table = as_table(table)
    bad = [name for name in pair if name not in table or kind_of(table[name]) not in ("continuous", "discrete")]
    if bad or len(set(pair)) != 2:
        raise TableError(f"explore_spectrum needs two columns of numbers; {(bad or list(pair))[0]!r} will not do.")
    measured = measured or Tradeoff.load()
    # A network would take seconds to fit, and the slider must not wait.
    models = {name: model for name, model in MODELS.items() if name in measured.table.index and name != "GAN"}
    place = ipywidgets.SelectionSlider
    return SpectrumExplorer(
        table, pair, models, measured, model=slider(place, "model", options=list(models), value=next(iter(models)))
    )
