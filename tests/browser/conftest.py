"""A real JupyterLab in a real browser: a newcomer's copy of the repository, `make lab`, and Debian's Chromium.

While writing tests, WORKSHOP_LAB=".venv/bin/workshop lab" opens the laboratory with an environment that is there already.

With `-n 2 --dist loadgroup` two laboratories run side by side. Tests of one notebook are one group, so that it is run once for all of them.
"""

import itertools
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_WINDOWS = itertools.count(1)
ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(__file__).with_name("screenshots")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-renderer-backgrounding",  # a window behind another one is as quick
]


def pytest_collection_modifyitems(items):
    """Tests of one notebook stand together, as they do when they are given out by group."""
    places = [place for place, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    ours = sorted((items[place] for place in places), key=_group)
    for place, item in zip(places, ours, strict=True):
        items[place] = item


def _group(item):
    mark = item.get_closest_marker("xdist_group")
    return mark.args[0] if mark else ""


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
    server = Server(fresh_copy, shlex.split(os.environ.get("WORKSHOP_LAB", "make lab")))
    yield fresh_copy, server.address
    server.stop()


class Server:
    """A laboratory of its own: `address`, `log`, and ways to end it.

    Parameters
    ----------
    folder : pathlib.Path
        Where the command is given.
    command : list of str
        `make lab`, or `workshop lab` of an environment.
    settings : dict of str -> dict, optional
        JupyterLab's settings by plugin, as a user would make them.
    """

    def __init__(self, folder, command, settings=None):
        # Two laboratories that open at the same time must not find the same port free.
        options = ["--no-browser"] + [f"--port={_free_port()}"] * ("PYTEST_XDIST_WORKER" in os.environ)
        command = [*command, f"ARGS={' '.join(options)}"] if command[0] == "make" else [*command, *options]
        self.log, config = folder.parent / f"{folder.name}.log", folder.parent / f"{folder.name}-jupyter"
        for plugin, values in (settings or {}).items():
            place, _, name = plugin.partition(":")
            file = config / "lab" / "user-settings" / place / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        # Settings and open windows of this machine's user must not be found, nor changed.
        own = {**os.environ, "JUPYTER_CONFIG_DIR": str(config)}
        with open(self.log, "w") as output:
            self.process = subprocess.Popen(
                command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=own, start_new_session=True
            )
        try:
            self.address = self._wait()
        except BaseException:
            self.stop()
            raise

    def _wait(self, patience=600):
        for _ in range(2 * patience):
            found = re.search(r"Open this address in your browser: (\S+)", self.log.read_text())
            if found and _answers(found.group(1)):
                return found.group(1)
            if self.process.poll() is not None:
                break
            time.sleep(0.5)
        pytest.fail(f"the laboratory did not open:\n{self.log.read_text()[-3000:]}")

    def stop(self, how=signal.SIGTERM):
        """End it, kernels and all; SIGKILL gives it no time to do anything."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait(timeout=30)


def _free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def stop_kernels(address):
    """End all kernels of a laboratory; each holds a few hundred megabytes."""
    base, _, token = re.fullmatch(r"(.*?)/lab/tree/.*(\?|&)token=(\w+)", address).groups()
    authorised = {"Authorization": f"token {token}"}
    asked = urllib.request.Request(f"{base}/api/kernels", headers=authorised)
    for kernel in json.load(urllib.request.urlopen(asked, timeout=30)):
        address = f"{base}/api/kernels/{kernel['id']}"
        urllib.request.urlopen(urllib.request.Request(address, headers=authorised, method="DELETE"), timeout=30)


def _answers(address):
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except OSError:
        return False


@pytest.fixture
def open_notebook(lab, browser, shelf):
    """`open_notebook("00-start-here.ipynb")` gives a `Notebook` in a window of its own; all are closed at the end."""
    folder, address = lab
    opened = []

    def open_one(name):
        opened.append(open_in(browser, address, folder, name))
        return opened[-1]

    yield open_one
    for notebook in opened:
        notebook.page.context.close()
    if opened and not shelf.held:
        stop_kernels(address)


def open_in(browser, address, folder, name, height=1000):
    """A notebook of a laboratory, in a window of its own."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page = browser.new_context(viewport={"width": 1200, "height": height}).new_page()
    # A workspace of its own: else JupyterLab opens again what was open before.
    workspace = f"/lab/workspaces/window-{next(_WINDOWS)}/tree/"
    page.goto(address.replace("00-start-here.ipynb", name).replace("/lab/tree/", workspace))
    return Notebook(page, folder / "notebooks" / name)


class Shelf:
    """Notebooks that were run, left open for other tests of the same one. When another lesson is asked for, they are closed."""

    def __init__(self, lab, browser):
        self.folder, self.address = lab
        self.browser, self.held, self.number = browser, {}, None

    def run(self, name):
        """The notebook in its window, every cell run, and what was saved then."""
        if name[:2] != self.number:
            self.clear()
            self.number = name[:2]
        if name not in self.held:
            notebook = open_in(self.browser, self.address, self.folder, name)
            self.held[name] = notebook, notebook.run_all()
        return self.held[name]

    def clear(self):
        """Close all, and give the learner's notebook back as it was."""
        for name, (notebook, _) in self.held.items():
            notebook.page.context.close()
            if (ROOT / "notebooks" / name).exists():
                shutil.copy(ROOT / "notebooks" / name, notebook.path)
        if self.held:
            stop_kernels(self.address)
        self.held = {}


@pytest.fixture(scope="session")
def shelf(lab, browser):
    """Where notebooks stay open that were run."""
    kept = Shelf(lab, browser)
    yield kept
    kept.clear()


class Notebook:
    """A notebook in JupyterLab, driven through what a learner sees."""

    def __init__(self, page, path):
        self.page, self.path = page, path
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=180_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", state="attached", timeout=180_000)
        page.wait_for_selector(".jp-StatusBar-TextItem:has-text('| Idle')", timeout=180_000)
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

    def run_all(self, patience=240):
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
        """Pictures of the whole notebook, a screen at a time, for people to look at; where nobody is, there are none."""
        if os.environ.get("CI") == "true":
            return
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
