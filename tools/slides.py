"""Make the primer's slides from slides/primer.py: `python tools/slides.py --out DIR` writes DIR/primer.html.

The text is executed as a notebook, so every number and picture on a slide is computed. nbconvert makes the deck, and reveal.js,
the letters and the pictures go into the one file: it can be shown where there is no network, and copied by hand.
"""

import argparse
import base64
import io
import sys
from importlib.util import find_spec
from pathlib import Path

import jupytext
import matplotlib
import nbformat
from fontTools import subset
from fontTools.ttLib import TTFont
from nbclient import NotebookClient
from nbconvert import SlidesExporter
from pygments.formatters import HtmlFormatter

ROOT = Path(__file__).resolve().parents[1]
SLIDES = ROOT / "slides"
PRIMER = SLIDES / "primer.py"
#: Family, weight and file of the letters, as matplotlib brings them: a slide breaks its lines alike on every computer.
LETTERS = (
    ("Stage", 400, "DejaVuSans.ttf"),
    ("Stage", 700, "DejaVuSans-Bold.ttf"),
    ("Stage Mono", 400, "DejaVuSansMono.ttf"),
)
START = """
Reveal.initialize({width: 1280, height: 720, margin: 0, center: false, hash: true, controls: false, slideNumber: true,
                   transition: "none", plugins: [RevealNotes]});
"""


def notebook():
    """The primer as a notebook that has not been run."""
    deck = jupytext.read(PRIMER)
    deck.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    for number, cell in enumerate(deck.cells):
        cell.id = f"primer-{number:03d}"
    return deck


def executed():
    """The primer with its outputs. A number that cannot be computed, or letters that are too small, end the making."""
    deck = notebook()
    NotebookClient(deck, timeout=300, resources={"metadata": {"path": str(SLIDES)}}).execute()
    printed = [
        output.text for cell in deck.cells for output in cell.get("outputs", ()) if output.output_type == "stream"
    ]
    if printed:
        sys.exit(f"A warning has no place on a slide: {printed[0]}")
    return deck


def page(deck):
    """The deck as one page of html that asks nobody for anything."""
    exporter = SlidesExporter(template_name="template", extra_template_basedirs=[str(SLIDES)])
    title = next(line.lstrip("# ") for cell in deck.cells for line in cell.source.splitlines() if line.startswith("# "))
    text = "".join(cell.source + str(cell.get("outputs", "")) for cell in deck.cells)
    parts = {"title": title, "styles": [*_styles(), _letters(text)], "scripts": [*_scripts(), START]}
    html, _ = exporter.from_notebook_node(deck, {"deck": parts})
    return html


def make(folder):
    """Write primer.html into a folder, and return its path."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "primer.html"
    path.write_text(page(executed()), encoding="utf-8")
    return path


def _reveal(name):
    """A file of reveal.js. The package that brings it is found, and not imported: it would bring Sphinx."""
    home = Path(find_spec("sphinx_revealjs").submodule_search_locations[0])
    return (home / "_static" / "revealjs" / name).read_text(encoding="utf-8")


def _styles():
    colours = HtmlFormatter(style="sas").get_style_defs(".highlight")
    return [_reveal("dist/reveal.css"), colours, (SLIDES / "style.css").read_text(encoding="utf-8")]


def _scripts():
    # A script inside a page ends where the word </script> stands, even in a quoted text, and <!-- would begin a comment.
    return [
        _reveal(name).replace("</script", r"<\/script").replace("<!--", r"<\!--")
        for name in ("dist/reveal.js", "plugin/notes/notes.js")
    ]


def _letters(text):
    """The fonts, cut down to the signs that the text may need, as a style sheet."""
    signs = set(text) | set(map(chr, range(32, 127)))
    faces = []
    for family, weight, name in LETTERS:
        font = TTFont(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name)
        cutter = subset.Subsetter(subset.Options(drop_tables=["FFTM"]))
        cutter.populate(text="".join(sorted(signs)))
        cutter.subset(font)
        font.flavor, file = "woff", io.BytesIO()
        font.save(file)
        source = base64.b64encode(file.getvalue()).decode()
        faces.append(
            f'@font-face {{font-family: "{family}"; font-weight: {weight}; src: url(data:font/woff;base64,{source}) format("woff")}}'
        )
    return "\n".join(faces)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", default="build/slides", metavar="DIR", help="where to write primer.html (build/slides)"
    )
    print(f"made {make(parser.parse_args().out)}")


if __name__ == "__main__":
    main()
