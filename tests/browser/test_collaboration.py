"""Two people in one notebook: two browsers at `workshop lab --together`, in the environment that `make together` builds.

While writing tests, WORKSHOP_TOGETHER=".venv-together/bin/workshop lab --together" uses an environment that is there already.
"""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from browser.conftest import SCREENSHOTS, Server

pytestmark = [pytest.mark.browser, pytest.mark.fresh, pytest.mark.xdist_group("together")]
ROOT = Path(__file__).resolve().parents[2]
#: Notebook of the pair: a check as a lesson has it, a variable that both need, and the timer.
CELLS = (
    "from workshop import PairTimer, check\nimport numpy as np",
    "draws = np.ones(100)\ncheck('1.1', draws=draws);",
    "PairTimer(minutes=1)",
    "",
)


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """The folder and the printed words of a laboratory for two."""
    command = os.environ.get("WORKSHOP_TOGETHER")
    if not command:
        built = subprocess.run(["make", ".venv-together/ready"], cwd=ROOT, capture_output=True, text=True)
        if built.returncode:
            message = (
                f"NO PAIRS: the environment for two could not be built:\n{built.stdout[-500:]}{built.stderr[-1500:]}"
            )
            pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
        command = f"{ROOT / '.venv-together' / 'bin' / 'workshop'} lab --together"
    folder = tmp_path_factory.mktemp("together")
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "00-start-here.ipynb", folder / "notebooks")
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "notebooks" / "pair.ipynb")
    # Among the data of this machine's user nothing must be left, either.
    server = Server(folder, ["env", f"JUPYTER_DATA_DIR={folder}-data", *shlex.split(command)])
    yield folder, server.address, server.log
    server.stop()


@pytest.fixture(scope="module")
def pair(browser, together):
    """Two windows of two people, both on the notebook of the pair."""
    folder, address, _ = together
    SCREENSHOTS.mkdir(exist_ok=True)
    contexts = [browser.new_context(viewport={"width": 1100, "height": 900}) for _ in "AB"]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.goto(address.replace("00-start-here.ipynb", "pair.ipynb"))
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=120_000)
        page.wait_for_selector(".jp-StatusBar-TextItem:has-text('| Idle')", timeout=120_000)
        page.wait_for_timeout(2000)
    yield pages
    for name, page in zip("ab", pages, strict=True):
        page.screenshot(path=SCREENSHOTS / f"together-{name}.png")
    for context in contexts:
        context.close()


def cell(page, number):
    return page.locator(".jp-Notebook .jp-Cell").nth(number)


def write(page, number, text):
    cell(page, number).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(text)


def run(page, number, until):
    """Run a cell as a learner does, until what it shows is there; JupyterLab may lose keys while it settles."""
    for _ in range(4):
        cell(page, number).locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        try:
            return cell(page, number).locator(until).first.wait_for(timeout=10_000)
        except Exception as error:
            late = error
    page.screenshot(path=SCREENSHOTS / "together-not-run.png")
    raise late


def shows(page, number, text):
    cell(page, number).locator(f".jp-OutputArea:has-text({text!r})").first.wait_for(timeout=15_000)
    return True


def test_it_opens_for_both_without_a_dialog_or_a_pop_up(pair):
    assert [page.locator(".jp-Dialog, .Toastify__toast").count() for page in pair] == [0, 0]


def test_what_one_types_appears_at_the_other_and_the_other_way_round(pair):
    a, b = pair
    write(a, 0, "\n# A was here")
    cell(b, 0).locator(".cm-content:has-text('# A was here')").wait_for(timeout=15_000)
    write(b, 0, "\n# B was here, too")
    cell(a, 0).locator(".cm-content:has-text('# B was here, too')").wait_for(timeout=15_000)
    both = [cell(page, 0).locator(".cm-content").inner_text() for page in pair]
    assert both[0].split() == both[1].split() and "A was here" in both[0]


def test_both_run_cells_in_one_kernel_and_both_see_the_card(pair):
    a, b = pair
    run(a, 0, until=".jp-InputPrompt:has-text('[1]')")
    run(b, 1, until=".jp-OutputArea:has-text('Exercise 1.1')")
    for page in pair:
        assert shows(page, 1, "Exercise 1.1 · Not yet")
    cards = [cell(page, 1).locator(".jp-OutputArea-output").first for page in pair]
    assert cards[0].inner_text() == cards[1].inner_text()
    colours = [card.locator("div").first.evaluate("card => getComputedStyle(card).borderLeftColor") for card in cards]
    assert colours[0] == colours[1]


def test_the_timer_appears_at_both_and_each_browser_counts_by_itself(pair):
    a, b = pair
    run(b, 2, until=".pair-timer")
    a.wait_for_selector(".pair-timer", timeout=15_000)
    a.click(".pair-timer button:has-text('Start')")
    a.wait_for_timeout(2500)
    clocks = [page.locator(".pair-timer-clock").inner_text().split()[0] for page in pair]
    assert clocks[0] != "1:00" and clocks[1] == "1:00"


def test_what_they_did_is_saved_without_asking(pair, together):
    a, _ = pair
    write(a, 3, "kept = 'by the pair'")
    path = together[0] / "notebooks" / "pair.ipynb"
    for _ in range(100):
        a.wait_for_timeout(100)
        if "by the pair" in path.read_text(encoding="utf-8"):
            break
    saved = nbformat.read(path, as_version=4)
    assert saved.cells[3].source == "kept = 'by the pair'"
    assert "Exercise 1.1" in str(saved.cells[1].outputs)


def test_nothing_of_the_editing_is_left_among_the_notebooks(pair, together):
    folder, _, _ = together
    assert {path.name for path in (folder / "notebooks").iterdir()} <= {
        "00-start-here.ipynb", "pair.ipynb", ".ipynb_checkpoints",
    }  # fmt: skip
    assert not list(folder.glob(".jupyter*"))


def test_the_door_is_closed_to_other_computers_and_the_words_say_so(together):
    import psutil

    said = together[2].read_text()
    assert re.search(r"address in your browser: http://127\.0\.0\.1:(\d+)/", said) and "nobody else gets in" in said
    port = int(re.search(r"127\.0\.0\.1:(\d+)/", said).group(1))
    doors = {door.laddr.ip for door in psutil.net_connections() if door.status == "LISTEN" and door.laddr.port == port}
    assert doors == {"127.0.0.1"}
