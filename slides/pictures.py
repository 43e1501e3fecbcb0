"""Diagrams of the primer: boxes, arrows, a lock. Observed things are blue with a solid line, synthetic ones orange with a dashed line."""

import numpy as np
import stage
from matplotlib.patches import Arc, FancyArrowPatch, FancyBboxPatch, Rectangle

from workshop.figures import OBSERVED, SYNTHETIC, Picture

INK, DARK_ORANGE = "#1A1A1A", "#8A3D00"
#: Crosses in a cloud: more would hide the dots.
MOST = 200
_LOOK = {
    "observed": {"edgecolor": OBSERVED, "facecolor": "#E3EFF7", "linestyle": "-"},
    "synthetic": {"edgecolor": SYNTHETIC, "facecolor": "#FDF0E6", "linestyle": "--"},
    "plain": {"edgecolor": INK, "facecolor": "#F6F6F6", "linestyle": "-"},
}


def sheet(width, height):
    """An empty picture whose coordinates are pixels of the slide, from the lower left."""
    ax = stage.axes(width, height)
    ax.figure.set_layout_engine("none")
    ax.set_position([0, 0, 1, 1])
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_axis_off()
    return ax


def box(ax, x, y, width, height, text, look="plain", size=11):
    """A box with a text in its middle."""
    style = "round,pad=0,rounding_size=12"
    ax.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=style, linewidth=1.6, **_LOOK[look]))
    write(ax, x + width / 2, y + height / 2, text, size)


def write(ax, x, y, text, size=11, **how):
    """Words around a point."""
    ax.text(x, y, text, **{"ha": "center", "va": "center", "fontsize": size, "color": INK, "linespacing": 1.25} | how)


def arrow(ax, start, end, label="", dashed=False, bend=0.0, lift=26):
    """An arrow, and what happens on the way."""
    colour = SYNTHETIC if dashed else INK
    how = {"arrowstyle": "-|>", "mutation_scale": 13, "shrinkA": 0, "shrinkB": 0, "linewidth": 1.6, "color": colour}
    how |= {"linestyle": (0, (4, 2)) if dashed else "-", "connectionstyle": f"arc3,rad={bend}"}
    ax.add_patch(FancyArrowPatch(start, end, **how))
    if label:
        write(ax, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + lift, label, 10)


def data_table(ax, x, y, width, height, look):
    """A small table."""
    ax.add_patch(Rectangle((x, y), width, height, linewidth=1.8, **_LOOK[look]))
    colour, line = _LOOK[look]["edgecolor"], _LOOK[look]["linestyle"]
    ax.hlines(
        [y + height * part / 5 for part in range(1, 5)], x, x + width, color=colour, linewidth=0.8, linestyle=line
    )
    ax.vlines(
        [x + width * part / 3 for part in range(1, 3)], y, y + height, color=colour, linewidth=0.8, linestyle=line
    )


def locked_file():
    """Alice's open script, the locked file that it reads, and the open file that could take its place."""
    ax = sheet(stage.WIDE, 520)
    ax.add_patch(Rectangle((4, 110), 346, 360, linewidth=1.6, edgecolor=INK, facecolor="#F6F6F6"))
    write(ax, 20, 385, 'pd.read_csv(\n "super_private_\n data_file.csv")', 10, ha="left", family="DejaVu Sans Mono")
    for down, length in ((270, 260), (225, 200), (180, 290)):
        ax.hlines(down, 20, 20 + length, color=OBSERVED, linewidth=2.5)
    arrow(ax, (362, 290), (442, 290))
    data_table(ax, 455, 110, 280, 360, "observed")
    ax.add_patch(Rectangle((525, 215), 140, 115, color="#333333", zorder=3))
    ax.add_patch(Arc((595, 330), 90, 120, theta1=0, theta2=180, linewidth=6, color="#333333", zorder=3))
    ax.add_patch(Rectangle((590, 240), 10, 35, color="white", zorder=4))
    ax.scatter(595, 280, s=22, color="white", zorder=4)
    arrow(ax, (750, 290), (903, 290), "instead?", dashed=True, lift=34)
    data_table(ax, 916, 110, 280, 360, "synthetic")
    behind = {"facecolor": "#FDF0E6", "edgecolor": "none"}
    write(ax, 1056, 290, "SYNTHETIC", 12, color=DARK_ORANGE, weight="bold", bbox=behind)
    for x, words in ((177, "her script:\nopen"), (595, "her data:\nlocked"), (1056, "synthetic data:\nopen")):
        write(ax, x, 52, words, 11)
    return Picture(
        "Alice's script is open for everybody, but the data file that it reads is locked. "
        "A synthetic file with the same columns could take its place.",
        ax.figure,
    )


def pipeline():
    """From observed data over a model to synthetic data, and the two questions that are asked of them."""
    ax = sheet(stage.WIDE, 470)
    box(ax, 4, 170, 235, 140, "observed\ndata", "observed", 12)
    arrow(ax, (244, 240), (370, 240), "fit")
    box(ax, 375, 170, 210, 140, "model\nwith θ", "plain", 12)
    arrow(ax, (590, 240), (740, 240), "sample", dashed=True)
    box(ax, 745, 170, 255, 140, "synthetic\ndata", "synthetic", 12)
    arrow(ax, (930, 315), (985, 375))
    arrow(ax, (930, 165), (985, 105))
    write(ax, 1199, 415, "How useful is it?", 12, ha="right", weight="bold")
    write(ax, 1199, 55, "What does it give away?", 12, ha="right", weight="bold")
    return Picture(
        "A model is fitted to the observed data, has parameters theta, and is sampled: these are the synthetic data. "
        "Two questions are asked of them: how useful is it, and what does it give away?",
        ax.figure,
    )


def two_networks():
    """The generator and the discriminator of a GAN."""
    ax = sheet(stage.WIDE, 420)
    box(ax, 4, 110, 186, 120, "random\nnumbers")
    arrow(ax, (195, 170), (250, 170))
    box(ax, 255, 110, 235, 120, "generator:\nthe forger", "synthetic")
    arrow(ax, (495, 170), (560, 170), dashed=True)
    box(ax, 565, 110, 190, 120, "made-up\nrecords", "synthetic")
    box(ax, 565, 290, 190, 120, "observed\nrecords", "observed")
    arrow(ax, (760, 170), (851, 235), dashed=True)
    arrow(ax, (760, 350), (851, 285))
    box(ax, 856, 200, 340, 120, "discriminator: the\ndetective guesses")
    ax.plot([1026, 1026, 372], [195, 40, 40], color=SYNTHETIC, linewidth=1.6, linestyle=(0, (4, 2)))
    arrow(ax, (372, 40), (372, 106), dashed=True)
    write(ax, 700, 68, "was it fooled?", 10)
    return Picture(
        "Random numbers go into the generator, the forger, who makes up records. The discriminator, the detective, sees made-up and "
        "observed records and guesses which is which. Its guesses tell the forger how to become better.",
        ax.figure,
    )


def tree(fitted, question, height=560):
    """A regression tree of one variable: its questions, and how many people each leaf holds."""
    nodes = fitted.tree_
    leaves, places = iter(range(nodes.n_leaves)), {}
    step, depth = stage.WIDE / nodes.n_leaves, nodes.max_depth

    def place(node, level=0):
        """Leaves side by side, and each question above the middle of what follows from it."""
        children = [nodes.children_left[node], nodes.children_right[node]]
        if children[0] < 0:
            across = (next(leaves) + 0.5) * step
        else:
            across = sum(place(child, level + 1) for child in children) / 2
        places[node] = across, height - 45 - level * (height - 100) / depth
        return across

    place(0)
    ax = sheet(stage.WIDE, height)
    for node, (x, y) in places.items():
        children = [nodes.children_left[node], nodes.children_right[node]]
        for child in children if children[0] >= 0 else ():
            ax.plot([x, places[child][0]], [y, places[child][1]], color="#999999", linewidth=1.2, zorder=0)
        people, usual = nodes.n_node_samples[node], np.expm1(nodes.value[node].item())
        if node == 0:
            for child, answer, side in zip(children, ("yes", "no"), (-70, 70), strict=True):
                write(ax, (x + places[child][0]) / 2 + side, (y + places[child][1]) / 2 + 22, answer, 10)
        if children[0] < 0:
            width, half = step - 14, 46
            box(ax, x - width / 2, y - half, width, 2 * half, f"{people} people\n{usual:.0f} euro", "observed", 10)
        else:
            box(ax, x - 165, y - 32, 330, 64, f"{question} ≤ {nodes.threshold[node]:.0f} %?", "plain", 10)
    leaf_words = [
        f"{nodes.n_node_samples[node]} people"
        for node in sorted(places, key=places.get)
        if nodes.children_left[node] < 0
    ]
    return Picture(
        f"A tree asks for {question} until people who are alike sit in the same leaf: from grey to green, leaves of {', '.join(leaf_words)}.",
        ax.figure,
    )


def clouds(table, models, pair):
    """Two variables of the observed data and of a sample of each model, side by side."""
    row = stage.axes(stage.WIDE, 405, ncols=len(models), sharex=True, sharey=True)
    across, up = pair
    for ax, (name, model) in zip(row, models.items(), strict=True):
        drawn = model.fit(table).sample(rng=1).iloc[:MOST]
        ax.scatter(table[across], table[up], s=4, color=OBSERVED, alpha=0.35, linewidths=0)
        ax.scatter(drawn[across], drawn[up], s=9, marker="x", color=SYNTHETIC, linewidths=0.7)
        ax.set(xlim=(-5, 105), ylim=(-120, 600), xticks=[20, 80])
        ax.set_title(name, fontsize=10, loc="left")
        ax.set_xlabel("green (%)", fontsize=10)
    row[0].set_ylabel("gifts (euro)", fontsize=10)
    return Picture(
        f"{up} against {across}, observed as blue dots and synthetic as orange crosses, for {', '.join(models)}. "
        "From left to right the crosses come closer to the dots, until they lie on them.",
        row[0].figure,
    )


def dots(values, xlabel, words, xlim=None, height=470, reference=None):
    """A line for each thing, a dot for each table: `values` has things as rows, and observed or synthetic tables as columns."""
    ax = stage.axes(stage.WIDE, height)
    looks = [("o", OBSERVED), ("X", SYNTHETIC), ("D", "#555555")]
    for (name, column), (marker, colour) in zip(values.items(), looks, strict=False):
        ax.plot(column, range(len(column))[::-1], marker, color=colour, markersize=7, label=name)
    ax.set_yticks(range(len(values))[::-1], values.index)
    ax.set(xlabel=xlabel, ylim=(-0.6, len(values) - 0.4), xlim=xlim)
    ax.grid(axis="y", color="#DDDDDD")
    if reference is not None:
        ax.axvline(reference, color="#777777", linewidth=0.9)
    stage.legend(ax, loc="upper center", bbox_to_anchor=(0.5, 1.22), ncols=3)
    return Picture(words, ax.figure)
