"""What a learner sees: notebooks open without a dialog, run without a warning, sliders move and the timer counts."""

import re
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
SCRATCH = """from workshop import PairTimer
PairTimer(minutes=1)
---
import time
time.sleep(15)
---
"the end"
"""


def of(name, *others):
    """The parameters of a test of this notebook; tests of one notebook share a window."""
    return pytest.param(name, *others, marks=pytest.mark.xdist_group(name[:2]))


def solved_copy(folder, name):
    """The solved lesson without its output, among the learner's notebooks."""
    notebook = nbformat.read(ROOT / "solutions" / name, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    copy = f"{name[:2]}-solved.ipynb"
    nbformat.write(notebook, folder / "notebooks" / copy)
    return copy


@pytest.mark.xdist_group("00")
def test_notebook_00_opens_without_a_dialog_or_a_pop_up(open_notebook):
    notebook = open_notebook(NAMES[0])
    notebook.page.wait_for_timeout(6000)
    assert notebook.page.locator(".jp-Dialog").count() == 0
    assert notebook.page.locator(".Toastify__toast").count() == 0
    assert notebook.page.locator("h1:has-text('Start here')").is_visible()
    picture = notebook.page.locator("img[alt^='Alice']")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")


@pytest.mark.parametrize("solved", [False, True], ids=["untouched", "solved"])
@pytest.mark.parametrize("name", [of(name) for name in NAMES])
def test_run_all_leaves_no_error_and_no_warning(shelf, lab, name, solved):
    notebook, ran = shelf.run(solved_copy(lab[0], name) if solved else name)
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type in ("error", "stream")]
    shown = "\n".join(str(output.get("data", {})) for output in outputs)
    assert "Warning" not in shown and "javascript error" not in shown.lower()
    assert shown.count("Right" if solved else "Still open") >= shown.count("Exercise") / 2 > 0
    notebook.screenshots(f"{name[:2]}-{'solved' if solved else 'untouched'}")
    assert notebook.page.locator(".jp-Dialog").count() == 0


@pytest.mark.parametrize(
    ("name", "sliders"),
    [of("01-generative-models", 4), of("02-privacy-and-utility", 1), of("04-cart-synthesis", 2)],
)
def test_every_slider_moves_its_picture(shelf, name, sliders):
    notebook, _ = shelf.run(f"{name}.ipynb")
    for number in range(sliders):
        handle = notebook.scroll_to(".widget-slider .noUi-handle, .widget-hslider .noUi-handle", number)
        explorer = handle.locator("xpath=ancestor::div[contains(@class, 'widget-vbox')][last()]")
        picture = explorer.locator("img")
        before = picture.get_attribute("src"), picture.get_attribute("alt")
        handle.focus()
        handle.press("ArrowRight")
        for _ in range(50):
            notebook.page.wait_for_timeout(50)
            if picture.get_attribute("src") != before[0]:
                break
        assert picture.get_attribute("src") != before[0], f"slider {number} does not move its picture"
        assert picture.get_attribute("alt") != before[1]
        explorer.screenshot(path=Path(__file__).with_name("screenshots") / f"slider-{number}.png")


@pytest.fixture
def scratch(lab, open_notebook):
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in SCRATCH.split("---")]
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab[0] / "notebooks" / "scratch.ipynb")
    return open_notebook("scratch.ipynb")


def seconds(notebook):
    minutes, rest = re.fullmatch(
        r"(\d+):(\d\d)", notebook.page.locator(".pair-timer-clock").inner_text().split()[0]
    ).groups()
    return 60 * int(minutes) + int(rest)


@pytest.mark.xdist_group("timer")
def test_the_timer_counts_while_a_cell_sleeps_and_can_pause_and_swap(scratch):
    page = scratch.page
    scratch.run_cell(0, until=".pair-timer")
    assert seconds(scratch) == 60
    scratch.run_cell(1, until=".jp-Notebook-ExecutionIndicator[data-status=busy]")  # it sleeps
    before = page.evaluate("Date.now()")
    page.click(".pair-timer button:has-text('Start')")
    after = page.evaluate("Date.now()")
    page.wait_for_timeout(3000)
    assert page.locator(".jp-Notebook-ExecutionIndicator[data-status=busy]").count() == 1
    # By the browser's own clock, for this test may have to wait for others.
    now, shown = page.evaluate("() => [Date.now(), document.querySelector('.pair-timer-clock').textContent]")
    gone = 60 - int(shown.split(":")[1])
    assert (now - after) / 1000 - 1.2 <= gone <= (now - before) / 1000 + 1.2 and gone >= 2

    page.click(".pair-timer button:has-text('Pause')")
    held = seconds(scratch)
    page.wait_for_timeout(1500)
    assert seconds(scratch) == held

    page.fill(".pair-timer input >> nth=0", "Kim")
    page.fill(".pair-timer input >> nth=1", "Noor")
    assert page.locator(".pair-timer-driver").inner_text() == "⌨ Kim drives"
    page.click(".pair-timer button:has-text('Swap')")
    assert page.locator(".pair-timer-driver").inner_text() == "⌨ Noor drives"
    assert page.locator(".pair-timer-navigator").inner_text() == "◇ Kim navigates"
    assert page.locator(".pair-timer-announcement").inner_text() == "Noor drives now."
    assert seconds(scratch) == 60
    page.locator(".pair-timer").screenshot(path=Path(__file__).with_name("screenshots") / "timer.png")
    assert page.evaluate("localStorage.getItem('pair-timer')") == '{"a":"Kim","b":"Noor","driver":"b"}'


@pytest.mark.xdist_group("timer")
def test_the_timer_asks_to_swap_at_zero(scratch):
    page = scratch.page
    page.locator(".jp-Cell .cm-content").first.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("from workshop import PairTimer; PairTimer(minutes=0.05)")
    scratch.run_cell(0, until=".pair-timer")
    page.locator(".pair-timer button").first.press("Enter")  # by keyboard
    page.wait_for_selector(".pair-timer-over", timeout=8000)
    assert page.locator(".pair-timer-announcement").inner_text() == "Time to swap: Partner B drives next."
    page.locator(".pair-timer").screenshot(path=Path(__file__).with_name("screenshots") / "timer-over.png")


@pytest.mark.xdist_group("03")
def test_the_pickers_of_notebook_03_move_their_picture(shelf):
    notebook, _ = shelf.run("03-metadata-synthesis.ipynb")
    for number, choice in ((0, "gift_spending"), (1, "exponential"), (0, "household_size")):
        picker = notebook.scroll_to(".widget-dropdown select", number)
        explorer = picker.locator("xpath=ancestor::div[contains(@class, 'widget-vbox')][last()]")
        picture = explorer.locator("img")
        before = picture.get_attribute("alt")
        picker.select_option(label=choice)
        for _ in range(50):
            notebook.page.wait_for_timeout(50)
            if picture.get_attribute("alt") != before and choice in picture.get_attribute("alt"):
                break
        assert choice in picture.get_attribute("alt")
        explorer.screenshot(path=Path(__file__).with_name("screenshots") / f"picker-{choice}.png")


@pytest.mark.xdist_group("05")
def test_the_game_of_notebook_05_can_be_played_by_keyboard(shelf):
    notebook, _ = shelf.run("05-utility.ipynb")
    button = notebook.scroll_to("button:has-text('Made up')", 0)
    game = button.locator("xpath=ancestor::div[contains(@class, 'widget-vbox')][last()]")
    for turn in range(1, 11):
        game.locator(f"caption:has-text('Record {turn} of 10')").wait_for()
        button.press("Enter")
        game.locator(f"p[role=status]:has-text('After {turn} of 10')").wait_for()
    game.locator("p:has-text('That was the last record')").wait_for()
    game.screenshot(path=Path(__file__).with_name("screenshots") / "game.png")
    assert button.is_disabled()


@pytest.mark.xdist_group("06")
def test_two_partners_play_the_membership_game_of_notebook_06(shelf):
    notebook, _ = shelf.run("06-privacy.ipynb")
    button = notebook.scroll_to("button:has-text('Was in the data')", 0)
    game = button.locator("xpath=ancestor::div[contains(@class, 'widget-vbox')][last()]")
    game.screenshot(path=Path(__file__).with_name("screenshots") / "membership.png")
    for turn in range(1, 11):
        game.locator(f"caption:has-text('Partner {'AB'[(turn - 1) % 2]}, person {turn} of 10')").wait_for()
        button.press("Enter")
        game.locator(f"p[role=status]:has-text('After {turn} of 10')").wait_for()
    game.locator("p:has-text('Who had the easier table?')").wait_for()
    assert button.is_disabled()
