"""What the slides stand on: sentences with numbers that were computed, and pictures whose letters can be read from the last row.

A slide is 1280 x 720 pixels. A picture is drawn so that 10 points in it are 32 pixels (24 points) there; `show` refuses smaller
letters, and words that reach out of the picture.
"""

import base64
import io
from html import escape

import matplotlib as mpl
from IPython.display import HTML, Markdown, display
from matplotlib.figure import Figure
from matplotlib.text import Text

from workshop.figures import _STYLE, Picture

LEAST_POINTS = 10
#: Pixels of a slide for each inch of a figure.
PIXELS = 32 / LEAST_POINTS * 72
WIDE = 1200


def say(markdown):
    """Put text on the slide."""
    display(Markdown(markdown))


def percent(share):
    """A share as people write it, on one line.

    >>> percent(0.191)
    '19\xa0%'
    """
    return f"{100 * share:.0f}\u00a0%"


def axes(width=WIDE, height=560, **grid):
    """Axes of a picture that takes so many pixels of the slide; `ncols=2` gives two of them side by side."""
    with mpl.rc_context(_STYLE):
        return Figure(figsize=(width / PIXELS, height / PIXELS), layout="constrained").subplots(**grid)


def untitled(ax):
    """The slide has a title: take off that of a picture."""
    for place in ("left", "center"):
        ax.set_title("", loc=place)


def legend(ax, **where):
    """What the colours and signs mean, beside the picture if not told otherwise."""
    where = where or {"loc": "center left", "bbox_to_anchor": (1, 0.5)}
    ax.legend(fontsize=LEAST_POINTS, frameon=False, handletextpad=0.4, **where)


def show(picture, words=None):
    """Put a picture on the slide, with the words that a screen reader says.

    Parameters
    ----------
    picture : Picture or matplotlib.figure.Figure
    words : str, optional
        The picture in words; a `Picture` brings its own.

    Raises
    ------
    ValueError
        If letters would be too small, or reach out of the picture.
    """
    figure, words = (picture.figure, words or picture.words) if isinstance(picture, Picture) else (picture, words)
    with mpl.rc_context(_STYLE):
        figure.draw_without_rendering()
        smallest = _check(figure)
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=2 * PIXELS)
    source = base64.b64encode(file.getvalue()).decode()
    inches = figure.get_figwidth()
    display(
        HTML(
            f'<img alt="{escape(words)}" width="{inches * PIXELS:.0f}" height="{figure.get_figheight() * PIXELS:.0f}" '
            f'data-points="{smallest:.2f}" data-inches="{inches:.4f}" src="data:image/png;base64,{source}">'
        )
    )


def table(frame, numbers=()):
    """Put a table on the slide: columns of text, and those named in `numbers` to the right."""
    place = {name: ' class="number"' if name in numbers else "" for name in frame}
    head = "".join(f'<th scope="col"{place[name]}>{escape(str(name))}</th>' for name in frame)
    rows = "".join(
        "<tr>"
        + "".join(f"<td{place[name]}>{escape(str(value))}</td>" for name, value in zip(frame, row, strict=True))
        + "</tr>"
        for row in frame.itertuples(index=False)
    )
    display(HTML(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"))


def _check(figure):
    """The size of the smallest letters of a figure in points, or a ValueError."""
    box, stage = figure.get_tightbbox(), figure.get_size_inches()
    if min(box.x0, box.y0) < -0.02 or box.x1 > stage[0] + 0.02 or box.y1 > stage[1] + 0.02:
        raise ValueError(
            f"Something reaches out of the picture: it takes {box.extents.round(2)} of {stage.round(2)} inches."
        )
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    smallest = min(texts, key=Text.get_fontsize)
    if smallest.get_fontsize() < LEAST_POINTS:
        raise ValueError(
            f"'{smallest.get_text()}' has {smallest.get_fontsize():.1f} points: make it {LEAST_POINTS} or more."
        )
    return smallest.get_fontsize()
