"""The tree explorer: how large leaves cut up the plane, who the donors of one synthetic person are, and how many are copied."""

import ipywidgets
import matplotlib.ticker
import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection

from workshop.figures import OBSERVED, SYNTHETIC, with_unit
from workshop.findings import number
from workshop.models.predictors import Predictors
from workshop.models.sequential import Sequential
from workshop.table import TableError, as_table, kind_of
from workshop.widgets.explorers import Explorer, slider

_SEED = 1
#: Of more records than this, the first ones are shown.
MOST_RECORDS = 2_000


class TreeExplorer(Explorer):
    """Left: the plane of two predictors, cut into the leaves of a tree. Right: what is drawn from these leaves."""

    panels = 2

    def __init__(self, table, units=None, **sliders):
        self.table, self.units = table, units
        super().__init__(**sliders)

    def build(self, axes):
        plane, cloud = axes
        across, up, target = self.table
        self.view = np.percentile(self.table[[across, up]], [0, 99], axis=0).T  # (low, high) of either axis
        dots = {"s": 5, "color": OBSERVED, "alpha": 0.35, "linewidths": 0}
        plane.scatter(self.table[across], self.table[up], label="observed", **dots)
        cloud.scatter(self.table[across], self.table[target], label="observed", **dots)
        self.cuts = LineCollection([], colors="#444444", linewidths=0.7)
        plane.add_collection(self.cuts)
        self.donors = plane.scatter([], [], s=34, color=OBSERVED, edgecolor="white", linewidth=0.8, label="donors")
        star = {"s": 130, "marker": "*", "color": SYNTHETIC, "edgecolor": "white", "linewidth": 0.8, "zorder": 3}
        self.person = plane.scatter([], [], label="one synthetic person", **star)
        self.drawn = cloud.scatter(
            [], [], s=9, marker="x", color=SYNTHETIC, linewidths=0.7, alpha=0.7, label="synthetic"
        )
        self.value = cloud.scatter([], [], **star)
        highest = np.percentile(self.table[target], 99)
        plane.set(xlim=self.view[0], ylim=self.view[1], xlabel=with_unit(across, self.units), title="leaves and donors")
        cloud.set(
            xlim=self.view[0],
            ylim=(0 if self.table[target].min() >= 0 else None, highest),
            xlabel=with_unit(across, self.units),
            title="values handed on",
        )
        plane.set_ylabel(with_unit(up, self.units))
        cloud.set_ylabel(with_unit(target, self.units))
        for ax in axes:
            ax.yaxis.set_major_formatter(matplotlib.ticker.EngFormatter(sep=""))
            ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
            ax.title.set_fontsize(11)
        handles = [plane.collections[0], self.donors, self.person, self.drawn]
        self.figure.legend(handles=handles, loc="outside upper center", ncols=4, fontsize=10)
        return [self.cuts, self.donors, self.person, self.drawn, self.value]

    def update(self, leaf, person):
        across, up, target = self.table
        model = Sequential(min_leaf=leaf, heaps={name: [] for name in self.table}, progress=False).fit(self.table)
        synthetic = model.sample(rng=_SEED)
        tree, codes = model.steps_[2].numbers, [step.code for step in model.steps_[:2]]
        one = synthetic.iloc[[person - 1]]
        where = [
            tree.leaves(Predictors(tuple(code.encode(table[code.name]) for code in codes), len(table)))
            for table in (self.table, one)
        ]
        donors = self.table[where[0] == where[1]]
        self.cuts.set_segments(_cuts(tree.tree_.tree_, [code.middle for code in codes], self.view))
        self.donors.set_offsets(donors[[across, up]])
        self.person.set_offsets(one[[across, up]])
        self.drawn.set_offsets(synthetic[[across, target]])
        self.value.set_offsets(one[[across, target]])
        copies = pd.MultiIndex.from_frame(synthetic).isin(pd.MultiIndex.from_frame(self.table)).sum()
        value, donor = number(one[target].iloc[0]), "donor" if len(donors) == 1 else "donors"
        words = (
            f"At least {leaf} in a leaf: {tree.tree_.get_n_leaves():,} leaves. The starred person's leaf holds {len(donors):,} {donor}; "
            f"one of them handed on {target} {value}. {copies:,} of {len(synthetic):,} synthetic records copy all three values of a person."
        )
        return f"Sequential(min_leaf={leaf}).fit(table[{list(self.table)!r}])", words


def _cuts(tree, middles, view):
    """The lines along which a tree of two features cuts the plane."""
    lines, boxes = [], [(0, np.array(view, dtype=float))]
    while boxes:
        node, box = boxes.pop()
        if tree.children_left[node] < 0:
            continue
        axis = tree.feature[node]
        at = np.clip(tree.threshold[node] + middles[axis], *box[axis])
        lines.append([(at, box[1][0]), (at, box[1][1])] if axis == 0 else [(box[0][0], at), (box[0][1], at)])
        for child, side in ((tree.children_left[node], 1), (tree.children_right[node], 0)):
            half = box.copy()
            half[axis, side] = at
            boxes.append((child, half))
    return lines


def explore_tree(table, variables, min_leaf=50, units=None):
    """A picture of a tree whose leaves hand out donors, with sliders for the size of the leaves and for the synthetic person.

    Parameters
    ----------
    table : pandas.DataFrame
    variables : list of three str
        Two predictors and the target, all numbers. Records where one is missing are left out.
    min_leaf : int, default 50
        Where the slider stands at first: 1, 2, 5, 10, 20, 50, 100, 200 or 500.
    units : dict, optional
        The unit of a variable by its name, for the axes.

    Returns
    -------
    TreeExplorer

    Raises
    ------
    TableError
        If these are not three columns of numbers, or fewer than ten records have all three.
    """
    table = as_table(table)
    variables = list(variables)
    good = [name for name in variables if name in table and kind_of(table[name]) in ("continuous", "discrete")]
    if len(set(good)) != 3 or good != variables:
        bad = next((name for name in variables if name not in good), variables)
        raise TableError(
            f"explore_tree needs three columns of numbers: two predictors and a target; {bad!r} will not do."
        )
    records = table[variables].dropna().head(MOST_RECORDS).reset_index(drop=True).astype(float)
    if len(records) < 10 or (records.nunique() < 2).any():
        raise TableError("explore_tree needs at least ten records with different values: choose other columns.")
    sizes = [(f"{size:,}", size) for size in (1, 2, 5, 10, 20, 50, 100, 200, 500)]
    return TreeExplorer(
        records,
        units,
        leaf=slider(ipywidgets.SelectionSlider, "leaf size", value=min_leaf, options=sizes),
        person=slider(ipywidgets.IntSlider, "person", value=1, min=1, max=min(30, len(records))),
    )
