"""Pages that open in any browser, without a network: plain html, pictures inside."""

import base64
from html import escape

import pandas as pd

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 0 1rem 3rem; color: #1a1a1a; background: #fff; }
.stamp { background: #8a3b00; color: #fff; font-weight: 700; letter-spacing: .08em; padding: .4rem 1rem; margin: 0 -1rem 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { border-bottom: 1px solid #bbb; padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.caution { border-left: 6px solid #8a3b00; padding-left: .8rem; }
figure { margin: 1rem 0; }
img { width: 44rem; max-width: 100%; min-width: 30rem; height: auto; }
figcaption { max-width: 50rem; }
.scroll { overflow-x: auto; }
"""


def page(title, about, parts):
    """A whole html page.

    Parameters
    ----------
    title : str
        Of the page.
    about : str
        The title of the data.
    parts : iterable of str
        Made by `heading`, `paragraph`, `caution`, `table` and `picture`.

    Returns
    -------
    str
    """
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}: {escape(about)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<p class="stamp">SYNTHETIC DATA: no record stands for a person</p>\n<h1>{escape(title)}: {escape(about)}</h1>\n'
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def heading(text):
    return f"<h2>{escape(text)}</h2>"


def paragraph(text):
    return f"<p>{escape(text)}</p>"


def caution(text):
    return f'<p class="caution"><strong>Caution.</strong> {escape(text)}</p>'


def picture(made):
    """A Picture, with its words below."""
    source = base64.b64encode(made.png()).decode()
    return f'<figure class="scroll" tabindex="0" role="group" aria-label="Picture"><img alt="{escape(made.words)}" src="data:image/png;base64,{source}"><figcaption>{escape(made.words)}</figcaption></figure>'


def table(frame, caption):
    """A DataFrame; the first column names the row.

    Parameters
    ----------
    frame : pandas.DataFrame
        With a plain index; reset it before.
    caption : str
    """
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in frame.columns)
    body = "".join(
        "<tr>" + "".join(_cell(value, first=not place) for place, value in enumerate(row)) + "</tr>"
        for row in frame.itertuples(index=False)
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value, first):
    if isinstance(value, float):
        value = "" if pd.isna(value) else f"{value:.3g}"
        return f'<td class="number">{value}</td>'
    text = escape(f"{value:,}" if isinstance(value, int) else str(value))
    return (
        f'<th scope="row">{text}</th>'
        if first
        else f'<td class="number">{text}</td>'
        if isinstance(value, int)
        else f"<td>{text}</td>"
    )
