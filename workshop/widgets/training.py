"""A GAN while it learns: its losses, and its samples beside the observed data, in one picture that is drawn again every second."""

import time

import matplotlib as mpl
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure

from workshop.clouds import MOST_RECORDS, draw_cloud, points, require_two_numbers
from workshop.figures import _STYLE, OBSERVED, SYNTHETIC, Picture
from workshop.settings import whole
from workshop.table import as_table

_SEED = 1
#: Looking must not keep the networks from learning: pictures take a tenth of the time at most.
_LEARNING_TO_LOOKING = 9


def watch_training(gan, table, pair, steps=None, every=1.0):
    """Train a GAN and look at it meanwhile.

    Interrupt the kernel (■) to stop it; run the cell again to go on.

    Parameters
    ----------
    gan : GAN
        Fitted; `GAN(steps=0).fit(table)` begins with a network that knows nothing.
    table : pandas.DataFrame
        The observed data.
    pair : (str, str)
        Two variables with numbers to show.
    steps : int, optional
        How many; the setting of the model if left out.
    every : float, default 1
        Seconds from one picture to the next, and more where pictures are slow; 0 shows every step.
    """
    table = as_table(table)
    require_two_numbers(table, pair, "watch_training")
    steps = gan.steps if steps is None else steps
    whole(steps, "steps", 0)
    screen = display(draw_training(gan, table, pair), display_id=True)
    goal, due = len(gan.losses_) + steps, time.monotonic() + every

    def look(model):
        nonlocal due
        start = time.monotonic()
        screen.update(draw_training(model, table, pair))
        end = time.monotonic()
        due = end + (max(every, _LEARNING_TO_LOOKING * (end - start)) if every else 0)

    def watch(model):
        if len(model.losses_) == goal or time.monotonic() >= due:
            look(model)

    gan.train(steps, watch=watch)
    if len(gan.losses_) < goal:
        look(gan)


def draw_training(gan, table, pair):
    """The losses so far, and a sample beside the observed data.

    Parameters
    ----------
    gan : GAN
    table : pandas.DataFrame
    pair : (str, str)

    Returns
    -------
    Picture
    """
    drawn = points(gan.sample(MOST_RECORDS, rng=_SEED), pair)
    steps = len(gan.losses_)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8.4, 3.6), layout="constrained")
        losses, cloud = figure.subplots(1, 2)
        losses.axhline(2 * np.log(2), color="#777777", linewidth=1, linestyle=":", label="pure guessing")
        for curve, label, look in zip(
            _smooth(gan.losses_),
            ("discriminator", "generator"),
            ((OBSERVED, "-"), (SYNTHETIC, (0, (4, 1.5)))),
            strict=True,
        ):
            losses.plot(np.linspace(0, steps, len(curve)), curve, color=look[0], linestyle=look[1], label=label)
        losses.set(xlabel=f"steps ({steps:,} so far)", ylabel="loss", ylim=(0, 2.2), xlim=(0, max(steps, 1)))
        losses.locator_params("x", nbins=5)
        draw_cloud(cloud, points(table, pair), drawn, pair)
        for ax, columns in ((losses, 3), (cloud, 2)):
            ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, fontsize=9, markerscale=1.8)
    last = np.array(gan.losses_[-100:]).mean(axis=0) if steps else (np.nan, np.nan)
    says = (
        "nothing is learned yet"
        if not steps
        else f"discriminator {last[0]:.2f} (guessing has 1.39), generator {last[1]:.2f}"
    )
    return Picture(
        f"{gan.n_parameters:,} parameters, step {steps:,}: loss of {says}."
        if steps
        else f"{gan.n_parameters:,} parameters: {says}.",
        figure,
    )


def _smooth(losses, points=200):
    """Both curves as means of up to 200 stretches."""
    if not losses:
        return np.empty((2, 0))
    parts = np.array_split(np.array(losses), min(points, len(losses)))
    return np.array([part.mean(axis=0) for part in parts]).T
