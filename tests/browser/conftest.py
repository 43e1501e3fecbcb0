"""A real JupyterLab in a real browser: a newcomer's copy of the repository, `make lab`, and Debian's Chromium.

While writing tests, WORKSHOP_LAB=".venv/bin/workshop lab" opens the laboratory with an environment that is there already.
"""

import itertools
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_WINDOWS = itertools.count(1)
SCREENSHOTS = Path(__file__).with_name("screenshots")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser():
    """Chromium, or a loud skip; in CI a missing browser is a failure."""
    if not CHROMIUM:
        message = "NO BROWSER: install chromium (on Debian: apt install chromium) to run the tests in a real JupyterLab"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(fresh_copy):
    """The folder and the address of a laboratory opened as a newcomer does: `make lab` in a fresh copy."""
    command = shlex.split(os.environ.get("WORKSHOP_LAB", "make lab"))
    command += ["ARGS=--no-browser"] if command[0] == "make" else ["--no-browser"]
    log = fresh_copy.parent / "lab.log"
    # Settings and open windows of this machine's user must not be found, nor changed.
    own = {**os.environ, "JUPYTER_CONFIG_DIR": str(fresh_copy.parent / "jupyter")}
    with open(log, "w") as output:
        process = subprocess.Popen(
            command, cwd=fresh_copy, stdout=output, stderr=subprocess.STDOUT, env=own, start_new_session=True
        )
    try:
        yield fresh_copy, _address(process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _address(process, log, patience=600):
    for _ in range(patience):
        found = re.search(r"Open this address in your browser: (\S+)", log.read_text())
        if found and _answers(found.group(1)):
            return found.group(1)
        if process.poll() is not None:
            break
        time.sleep(1)
    pytest.fail(f"the laboratory did not open:\n{log.read_text()[-3000:]}")


def _answers(address):
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except OSError:
        return False


@pytest.fixture
def open_notebook(lab, browser):
    """`open_notebook("00-start-here.ipynb")` gives a `Notebook` in a window of its own; all are closed at the end."""
    folder, address = lab
    contexts = []

    def opened(name):
        context = browser.new_context(viewport={"width": 1200, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        # A workspace of its own: else JupyterLab opens again what was open before.
        workspace = f"/lab/workspaces/window-{next(_WINDOWS)}/tree/"
        place = address.replace("00-start-here.ipynb", name).replace("/lab/tree/", workspace)
        page.goto(place)
        return Notebook(page, folder / "notebooks" / name)

    SCREENSHOTS.mkdir(exist_ok=True)
    yield opened
    for context in contexts:
        context.close()


class Notebook:
    """A notebook in JupyterLab, driven through what a learner sees."""

    def __init__(self, page, path):
        self.page, self.path = page, path
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", state="attached", timeout=60_000)
        page.wait_for_selector(".jp-StatusBar-TextItem:has-text('| Idle')", timeout=60_000)
        page.wait_for_timeout(1500)  # JupyterLab drops what it is asked while it greets a new kernel

    def run_cell(self, number, until):
        """Run one cell as a learner does, until what it shows is there. JupyterLab may lose keys while it settles."""
        for _ in range(3):
            self.page.locator(".jp-Cell .cm-content").nth(number).click()
            self.page.keyboard.press("Shift+Enter")
            try:
                return self.page.wait_for_selector(until, timeout=10_000, state="attached")
            except Exception as error:
                late = error
        self.page.screenshot(path=SCREENSHOTS / "not-run.png")
        raise late

    def menu(self, name, entry):
        """Choose an entry of a menu."""
        self.page.click(f".lm-MenuBar-itemLabel:text-is('{name}')")
        self.page.click(f".lm-Menu-itemLabel:text-is('{entry}')")

    def run_all(self, patience=60):
        """Run every cell, wait for the end, save, and return the notebook as it is in the file."""
        self.menu("Run", "Run All Cells")
        for second in range(patience):
            self.page.wait_for_timeout(1000)
            if self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").count():
                saved = self.save()
                counts = [
                    cell.execution_count for cell in saved.cells if cell.cell_type == "code" and cell.source.strip()
                ]
                if all(counts):
                    return saved
                if not any(counts) and second % 10 == 9:
                    self.menu("Run", "Run All Cells")
        self.page.screenshot(path=SCREENSHOTS / "did-not-end.png")
        raise AssertionError(f"{self.path.name} did not run to its end: see screenshots/did-not-end.png")

    def save(self):
        """Save, and read the file when it is written."""
        import nbformat

        before = self.path.stat().st_mtime_ns
        self.page.keyboard.press("ControlOrMeta+s")
        for _ in range(50):
            self.page.wait_for_timeout(100)
            text = self.path.read_text(encoding="utf-8")
            if self.path.stat().st_mtime_ns != before and text.endswith("}\n"):
                break
        return nbformat.reads(text, as_version=4)

    def screenshots(self, name):
        """Pictures of the whole notebook, a screen at a time, for people to look at."""
        box = self.page.locator(".jp-WindowedPanel-outer").first
        height = box.evaluate("box => box.scrollHeight")
        step = box.evaluate("box => box.clientHeight") - 40
        for number, top in enumerate(range(0, height, step)):
            box.evaluate("(box, top) => box.scrollTo(0, top)", top)
            self.page.wait_for_timeout(400)
            self.page.screenshot(path=SCREENSHOTS / f"{name}-{number:02d}.png")

    def scroll_to(self, selector, nth=0):
        """Bring an element into view, though JupyterLab draws only what is near; return it."""
        box = self.page.locator(".jp-WindowedPanel-outer").first
        for top in range(0, 40_000, 400):
            found = self.page.locator(selector)
            if found.count() > nth:
                found.nth(nth).scroll_into_view_if_needed()
                return found.nth(nth)
            box.evaluate("(box, top) => box.scrollTo(0, top)", top)
            self.page.wait_for_timeout(60)
        raise AssertionError(f"{selector} is not in the notebook")
