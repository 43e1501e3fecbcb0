"""The spectrum: from a model that gives everybody the same record to one that copies, with its cloud and its place on the trade-off."""

import ipywidgets
import numpy as np

from workshop.clouds import draw_cloud, points, require_two_numbers
from workshop.figures import SYNTHETIC
from workshop.risk_utility import LADDER, MODELS, Tradeoff
from workshop.risk_utility_picture import in_words
from workshop.table import as_table
from workshop.widgets.explorers import Explorer, slider

_SEED = 1


class SpectrumExplorer(Explorer):
    """Left: two variables, observed and synthetic. Right: where the model lies on the trade-off."""

    panels = 2

    def __init__(self, table, pair, models, measured, **sliders):
        self.pair, self.models = list(pair), models
        self.observed = points(table, self.pair)
        self.clouds = {name: points(model.fit(table).sample(rng=_SEED), self.pair) for name, model in models.items()}
        self.figures = measured.table.loc[list(models)]
        super().__init__(**sliders)

    def build(self, axes):
        cloud, curve = axes
        clouds = draw_cloud(cloud, self.observed, np.empty((0, 2)), self.pair)
        self.drawn = clouds[1]
        risk, utility = 100 * self.figures["risk"], self.figures["utility"]
        curve.plot(risk, utility, color="#BBBBBB", linewidth=1, zorder=0)
        curve.scatter(risk, utility, s=22, color="#999999", zorder=1)
        self.here = curve.scatter(
            [], [], s=130, marker="*", color=SYNTHETIC, edgecolor="white", linewidth=0.8, zorder=3
        )
        right = max(12.0, risk.max() * 1.1)
        curve.set(xlim=(-0.08 * right, right), ylim=(-0.08, 1.02), xlabel="risk (points)", ylabel="utility")
        self.figure.legend(handles=clouds, loc="outside upper center", ncols=2, fontsize=10, markerscale=2)
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
    require_two_numbers(table, pair, "explore_spectrum")
    measured = measured or Tradeoff.load()
    # A network would take seconds to fit, and the slider must not wait.
    models = {name: model for name, model in MODELS.items() if name in measured.table.index and name != "GAN"}
    place = ipywidgets.SelectionSlider
    return SpectrumExplorer(
        table, pair, models, measured, model=slider(place, "model", options=list(models), value=next(iter(models)))
    )
