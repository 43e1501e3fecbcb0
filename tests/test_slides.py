"""The primer's slides before they are run: what they say, what stands in their notes, and that the page asks nobody for anything."""

import re
import sys
from pathlib import Path

import nbformat
import pytest
from matplotlib.figure import Figure

from workshop.figures import Picture

ROOT = Path(__file__).resolve().parents[1]
pytest.importorskip("nbconvert", reason="the author's tools are not installed")
pytest.importorskip("sphinx_revealjs", reason="the author's tools are not installed")
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "slides")]
import stage  # noqa: E402

import slides as tool  # noqa: E402

CELLS = tool.notebook().cells
#: Every point of the story, in its order; each stands on a slide in these words.
STORY = (
    "Alice's script is open; her data are locked",
    "What could she share instead?",
    "drawn from a model",
    "fit it, look at θ, sample it",
    "<code>rnorm</code>",
    "A histogram is a generative model",
    "p(X | θ)",
    "Metadata synthesis",
    "CART synthesis",
    "A GAN",
    "Much use costs little risk; then much risk buys little use",
    "The ladder of uses",
    "An attacker asks three questions",
    "Who is this?",
    "Was this person in the data?",
    "What is this person's secret?",
    "How useful? Ask first whether anybody can tell",
    "Choose the use first",
    "A release says that it is synthetic",
    "Three lines to remember",
)


def kind(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type")


def on_slides():
    """The cells of each slide, without notes and what is skipped."""
    slides = []
    for cell in CELLS:
        if kind(cell) == "slide":
            slides.append([])
        if slides and kind(cell) in ("slide", None):
            slides[-1].append(cell)
    return slides


def test_half_an_hour_holds_the_slides():
    assert 25 <= len(on_slides()) <= 35


def test_every_slide_has_a_title_and_is_followed_by_notes_for_the_speaker():
    kinds = [kind(cell) for cell in CELLS if kind(cell) in ("slide", "notes")]
    assert kinds == ["slide", "notes"] * len(on_slides())
    for cells in on_slides():
        assert any(re.search(r"^#{1,2} \S|^say\(\s*f?\"+\s*## ", cell.source, re.MULTILINE) for cell in cells), cells[
            0
        ].source
    for cell in CELLS:
        assert kind(cell) != "notes" or (cell.cell_type == "markdown" and len(cell.source) > 120), cell.source


def test_the_story_is_told_in_order():
    text = "\n".join(cell.source for cells in on_slides() for cell in cells)
    places = [text.find(point) for point in STORY]
    assert -1 not in places, STORY[places.index(-1)]
    assert places == sorted(places)


def test_no_number_on_a_slide_is_typed():
    for cells in on_slides():
        for cell in cells:
            said = [cell.source] if cell.cell_type == "markdown" else re.findall(r'say\("([^"]*)"\)', cell.source)
            for text in said:
                text = re.sub(r"^\d\. |<sub>\d</sub>|notebook \d\d", "", text, flags=re.MULTILINE)
                assert not re.search(r"\d", text.replace("h1", "").replace("h2", "")), text


def test_the_page_asks_nobody_for_anything():
    page = re.sub("<script>.*?</script>", "", tool.page(tool.notebook()), flags=re.DOTALL)
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?!data:)", page)
    assert not re.findall(r"url\([\"']?(?!data:)[^)]{4}", page)
    assert page.count("<section") == len(on_slides()) and page.count('<aside class="notes">') == len(on_slides())


def test_a_closing_tag_inside_a_script_does_not_end_it():
    scripts = re.findall("<script>(.*?)</script>", tool.page(tool.notebook()), flags=re.DOTALL)
    assert [
        name
        for script in scripts
        for name in ("reveal.js 5", "RevealNotes", "Reveal.initialize")
        if name in script[:400]
    ]
    assert len(scripts) == 3 and "<!--" not in "".join(scripts)


def test_the_code_of_pictures_is_hidden_and_code_that_is_shown_is_marked():
    page = tool.page(tool.notebook())
    assert "default_rng" in page and "locked_file" not in page


def test_letters_that_cannot_be_read_from_the_last_row_are_refused():
    ax = stage.axes()
    ax.text(0.5, 0.5, "tiny", fontsize=7)
    with pytest.raises(ValueError, match="'tiny' has 7.0 points: make it 10"):
        stage.show(ax.figure, "words")


def test_words_that_reach_out_of_a_picture_are_refused():
    ax = stage.axes(400, 300)
    ax.figure.text(0.5, 0.5, "a sentence that is much too long for this picture", fontsize=12)
    with pytest.raises(ValueError, match="reaches out of the picture"):
        stage.show(ax.figure, "words")


def test_a_picture_says_how_large_it_is_and_what_it_shows(monkeypatch):
    shown = []
    monkeypatch.setattr(stage, "display", lambda html: shown.append(html.data))
    ax = stage.axes(600, 300)
    ax.set_xlabel("years")
    stage.show(Picture('more than "words"', ax.figure))
    assert 'alt="more than &quot;words&quot;" width="600" height="300"' in shown[0]
    assert float(re.search(r'data-points="([\d.]+)"', shown[0]).group(1)) >= 10


def test_a_table_names_its_columns_and_escapes_what_it_holds(monkeypatch):
    pd, shown = pytest.importorskip("pandas"), []
    monkeypatch.setattr(stage, "display", lambda html: shown.append(html.data))
    stage.table(pd.DataFrame({"what": ["a < b"], "n": [3]}), numbers=("n",))
    assert (
        '<th scope="col">what</th>' in shown[0] and '<td class="number">3</td>' in shown[0] and "a &lt; b" in shown[0]
    )


def test_ten_points_of_a_picture_are_thirty_two_pixels_of_the_slide():
    assert stage.axes(1200, 500).figure.get_figwidth() * 72 / 10 == pytest.approx(1200 / 32)
    assert stage.percent(0.191) == "19\u00a0%"
    assert isinstance(stage.axes().figure, Figure)


def test_a_warning_ends_the_making(monkeypatch):
    noisy = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import sys; print('a warning', file=sys.stderr)")]
    )
    monkeypatch.setattr(tool, "notebook", lambda: noisy)
    with pytest.raises(SystemExit, match="no place on a slide: a warning"):
        tool.executed()
