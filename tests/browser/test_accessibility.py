"""Cards, pictures and widgets, as they stand in the lab: by keyboard alone, with names that are read out, and without a fault that axe-core finds."""

import nbformat
import pytest
from browser.conftest import SCREENSHOTS, open_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("accessibility")]
#: A cell for everything of ours that a learner may see.
CELLS = {
    "timer": "PairTimer()",
    "cards": "for state in ('right', 'wrong', 'open'):\n    display(Card('1.1', state, 'What this very answer tells.'))",
    "normal": "explore_normal()",
    "histogram": "explore_histogram(people['income'])",
    "families": "explore_families(people, ['age', 'income'])",
    "tree": "explore_tree(people, ['age', 'income', 'gift_spending'])",
    "spectrum": "explore_spectrum(people, measured=two)",
    "guess": "guess_the_fake(people, made, ['age', 'region', 'income'], turns=2)",
    "membership": "play_membership(people, made, people, made, ['age', 'income'], turns=2)",
    "training": "watch_training(GAN(hidden=8, steps=0).fit(numbers), numbers, ('age', 'income'), steps=30)",
    "variable": "compare_variable(people['income'], made['income'])",
    "tables": "compare(people[['age', 'region']], made)",
    "map": "heat_map(table_utilities(people, made, ['age', 'region', 'income']))",
    "associations": "association_map(associations(people, made, ['age', 'region', 'income']))",
    "fit": "fit = compare_fit('income ~ age', people, made)\nfit",
    "forest": "forest(fit)",
    "thick": "ratio = density_ratio(people, made, ['age', 'income'])\nthick_and_thin(ratio, people, made, 'age', 'income')",
    "curve": "measured.picture()",
    "propensity": "propensity(people, made)",
    "report": "disclosure_report(people, made, ['age', 'region'])",
    "release": "check_release(people, made)",
    "doctor": "doctor()",
}
PREPARATION = """from workshop import *
from workshop.exercises.card import Card
from workshop.widgets.membership_game import play_membership
people, made = split(load("gifts").head(600), 0.5, 1)
numbers = people[["age", "income"]].dropna()
measured = Tradeoff.load()
two = Tradeoff(measured.runs[measured.runs["model"].isin(["normal", "metadata", "bootstrap"])], measured.about)"""
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
CONTROLS = "button, input, select, textarea, [role=slider], [tabindex='0']"


@pytest.fixture(scope="module")
def page(lab, browser):
    """All of them in one notebook that was run."""
    folder, address = lab
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    cells = [nbformat.v4.new_code_cell(text) for text in (PREPARATION, *CELLS.values())]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "notebooks" / "all-of-ours.ipynb")
    notebook = open_in(browser, address, folder, "all-of-ours.ipynb", height=2_000)
    ran = notebook.run_all()
    faults = [one for cell in ran.cells for one in cell.outputs if one.output_type in ("error", "stream")]
    assert not faults, faults
    notebook.screenshots("all-of-ours")
    yield notebook.page
    notebook.page.context.close()


def cell_of(page, name):
    """The cell, brought into view though JupyterLab draws only what is near."""
    cell = page.locator(f".jp-Cell[data-windowed-list-index='{1 + list(CELLS).index(name)}']")
    box = page.locator(".jp-WindowedPanel-outer").first
    for top in (None, *range(0, 40_000, 700)):
        if top is not None:
            box.evaluate("(box, top) => box.scrollTo(0, top)", top)
            page.wait_for_timeout(80)
        if cell.count() and cell.locator(".jp-Cell-outputArea").is_visible():
            cell.evaluate("cell => cell.scrollIntoView({block: 'nearest'})")
            return cell
    page.screenshot(path=SCREENSHOTS / "no-such-cell.png")
    raise AssertionError(f"the cell of {name} is not in the notebook")


def output(page, name):
    """What stands below the cell."""
    return cell_of(page, name).locator(".jp-Cell-outputArea")


@pytest.mark.parametrize("name", CELLS)
def test_axe_finds_no_fault(page, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    output(page, name).evaluate("box => box.setAttribute('data-looked-at', 'yes')")
    try:
        found = axe.run(page, context={"include": [["[data-looked-at]"]]}, options=RULES)
    finally:
        output(page, name).evaluate("box => box.removeAttribute('data-looked-at')")
    grave = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    told = [(one["id"], one["impact"], [node["html"][:200] for node in one["nodes"]][:3]) for one in grave]
    assert not told, told
    assert found.response["passes"], "nothing was looked at"


@pytest.mark.parametrize("name", CELLS)
def test_every_picture_has_words_beside_it_and_for_those_who_do_not_see_it(page, name):
    box = output(page, name)
    for place in range(box.locator("img").count()):
        words = box.locator("img").nth(place).get_attribute("alt")
        assert len(words) > 30
        assert " ".join(words.split()) in " ".join(box.inner_text().split())


@pytest.mark.parametrize(
    "name", ["timer", "normal", "histogram", "families", "tree", "spectrum", "guess", "membership"]
)
def test_tab_reaches_every_control(page, name):
    box = output(page, name)
    controls = box.locator(CONTROLS)
    usable = [
        place
        for place in range(controls.count())
        if controls.nth(place).is_visible() and controls.nth(place).is_enabled()
    ]
    assert len(usable) >= 1
    controls.nth(usable[0]).focus()
    reached = []
    for _ in range(3 * len(usable)):
        here = controls.evaluate_all("all => all.indexOf(document.activeElement)")
        if here in usable and here not in reached:
            reached.append(here)
        page.keyboard.press("Tab")
    assert reached == usable


def alt(page, name):
    return output(page, name).locator("img").first.get_attribute("alt")


def wait_for_other_words(page, name, before):
    for _ in range(200):
        if alt(page, name) != before:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{name}: the picture still says {before!r}")


@pytest.mark.parametrize(("name", "sliders"), [("normal", 3), ("histogram", 1), ("tree", 2), ("spectrum", 1)])
def test_arrow_keys_move_every_slider_and_the_words_follow(page, name, sliders):
    handles = output(page, name).locator("[role=slider]")
    assert handles.count() == sliders
    for place in range(sliders):
        before = alt(page, name)
        handles.nth(place).focus()
        page.keyboard.press("ArrowRight")
        wait_for_other_words(page, name, before)


def test_a_slider_says_its_name_and_where_it_stands(page):
    handle = output(page, "histogram").locator("[role=slider]")
    assert handle.get_attribute("aria-label") == "bins"
    readout = output(page, "histogram").locator(".widget-readout")
    handle.focus()
    for key in ("End", "ArrowLeft"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
        assert handle.get_attribute("aria-valuetext") == readout.inner_text()
    assert readout.inner_text() == "131,072"


def test_letters_choose_in_a_picker_and_the_words_follow(page):
    before = alt(page, "families")
    output(page, "families").locator("select").first.focus()
    page.keyboard.type("income")
    page.keyboard.press("Enter")
    wait_for_other_words(page, "families", before)
    assert alt(page, "families").startswith("income as ")
    # JupyterLab did not take the letters for its shortcuts: this is still a cell of code, and nothing was copied, cut or run.
    assert page.locator(".jp-Notebook-toolbarCellTypeDropdown select").input_value() == "code"
    assert page.locator(".jp-Notebook.jp-mod-editMode").count() == 0


@pytest.mark.parametrize("name", ["guess", "membership"])
def test_the_space_bar_plays_a_game_and_the_verdict_is_announced(page, name):
    box = output(page, name)
    button = box.locator("button").first
    button.focus()
    page.keyboard.press("Space")
    box.locator("[role=status]:has-text('After 1 of 2')").wait_for(timeout=15_000)
    assert button.evaluate("button => button === document.activeElement"), (
        "the next guess needs no search for the button"
    )


def test_a_timer_is_named_swapped_and_started_by_keyboard(page):
    box = output(page, "timer")
    box.locator("input").first.focus()
    page.keyboard.type("Kim")
    assert box.locator(".pair-timer-driver").inner_text() == "⌨ Kim drives"
    box.locator("button:has-text('Swap')").focus()
    page.keyboard.press("Space")
    assert box.locator("[role=status]").inner_text() == "Partner B drives now."
    box.locator("button:text-is('Start')").focus()
    page.keyboard.press("Enter")
    assert box.locator("button").first.inner_text() == "Pause"


def test_training_is_interrupted_by_keyboard_and_the_picture_says_how_far_it_came(page):
    cell = cell_of(page, "training")
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(
        "watch_training(GAN(hidden=8, steps=0).fit(numbers), numbers, ('age', 'income'), steps=10**6)"
    )
    page.keyboard.press("ControlOrMeta+Enter")
    output(page, "training").locator("img[alt*='loss of discriminator']").wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("i")
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", state="attached", timeout=60_000)
    assert "loss of discriminator" in alt(page, "training")
    assert not output(page, "training").locator(".jp-RenderedText[data-mime-type*='stderr']").count()
