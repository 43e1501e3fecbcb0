"""A newcomer's path on a machine of Binder's size: from a fresh clone to the first right answer (aim: under five minutes).

One core, a real browser, and what a newcomer would do: `git clone`, `make lab`, open the printed address, run notebook 00, go on to 01, answer
exercise 1.1 and read the card. The pip cache of this machine counts as the network of a newcomer. The browser is the newcomer's own, so it may use
the other cores; the memory is that of JupyterLab and its kernels, each page counted once.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
CARD = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output:has-text('Exercise {} · Right')"


def main():
    folder = Path(tempfile.mkdtemp())
    start, marks = time.perf_counter(), {}

    def reached(step):
        marks[step] = time.perf_counter() - start
        print(f"{step:42} after {marks[step]:4.0f} s", flush=True)

    clone = folder / "workshop"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    reached("cloned")
    core = {min(os.sched_getaffinity(0))}
    log = open(folder / "lab.log", "w+")
    lab = subprocess.Popen(
        ["make", "lab", "ARGS=--no-browser"],
        cwd=clone,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(folder / "jupyter")},
        stdout=log,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: os.sched_setaffinity(0, core),
        start_new_session=True,
    )
    memory = Memory(lab.pid)
    try:
        address = _address(folder / "lab.log", lab)
        reached("make lab says where to look")
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
            page = browser.new_page(viewport={"width": 1200, "height": 1000})
            page.goto(address)
            _ready(page)
            reached("notebook 00 is open")
            _answer(page, "0.1", "n_records = ...", "n_records = len(gifts)")
            reached("first right answer (0.1)")
            page.locator("a:has-text('01 Generative models')").last.scroll_into_view_if_needed()
            page.locator("a:has-text('01 Generative models')").last.click()
            page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) h1:has-text('01 Generative models')")
            _ready(page)
            reached("notebook 01 is open")
            _answer(page, "1.1", "draws = ...", "draws = rng.normal(1, 1.5, 100)")
            reached("first right answer in 01 (1.1)")
            browser.close()
        print(f"most memory of JupyterLab and its two kernels: {memory.peak / 2**20:.0f} MB")
    finally:
        memory.stop()
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait()
        shutil.rmtree(folder)


class Memory(threading.Thread):
    """The most memory that a process and its children have held together, in bytes."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.process, self.peak, self.running = psutil.Process(pid), 0, True
        self.start()

    def run(self):
        while self.running:
            processes = [self.process, *self.process.children(recursive=True)]
            self.peak = max(self.peak, sum(map(_held, processes)))
            time.sleep(0.5)

    def stop(self):
        self.running = False
        self.join()


def _held(process):
    """Its memory, if it is JupyterLab or a kernel and no step of the installation."""
    try:
        mine = re.search(r"jupyterlab|ipykernel", " ".join(process.cmdline()))
        return process.memory_full_info().pss if mine else 0
    except psutil.Error:  # it has just ended
        return 0


def _address(log, lab):
    while lab.poll() is None:
        found = re.search(r"Open this address in your browser: (\S+)", log.read_text())
        try:
            if found and urllib.request.urlopen(found.group(1), timeout=5).status == 200:
                return found.group(1)
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit(log.read_text()[-2000:])


def _ready(page):
    page.wait_for_selector(f".jp-NotebookPanel:not(.lm-mod-hidden) {IDLE}", state="attached", timeout=120_000)
    page.wait_for_selector(".jp-StatusBar-TextItem:has-text('| Idle')", timeout=120_000)
    page.wait_for_timeout(1500)  # JupyterLab drops what it is asked while it greets a new kernel


def _answer(page, number, dots, answer):
    """Type an answer where the dots are, run all, and wait for the card that says that it is right."""
    line = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .cm-line", has_text=dots).first
    line.scroll_into_view_if_needed()
    line.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text(answer)
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
    page.wait_for_selector(CARD.format(number), timeout=120_000, state="attached")


if __name__ == "__main__":
    main()
