"""How long a slider takes to move its picture, in a real JupyterLab in real Chromium (aim: a median under 150 ms).

From the press of an arrow key to the new picture being decoded and shown. The peer is the usual way: ipywidgets.interact
that draws a seaborn figure anew at every move.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

MOVES = 20
CELLS = {
    "rnorm explorer": "from workshop import explore_normal\nexplore_normal()",
    "histogram explorer": "from workshop import explore_histogram, load\nexplore_histogram(load('gifts')['income'])",
    "tree explorer": "from workshop import explore_tree, load\nexplore_tree(load('gifts'), ['greenness', 'income', 'gift_spending'])",
    "spectrum": "from workshop import explore_spectrum, load\nexplore_spectrum(load('gifts'))",
    "seaborn drawn anew": """import ipywidgets, numpy as np, seaborn as sns, matplotlib.pyplot as plt
def draw(mean=1.0):
    sns.histplot(np.random.default_rng(1).normal(mean, 1.5, 100), kde=True)
    plt.show()
ipywidgets.interact(draw, mean=(-5, 5, 0.5));""",
}
#: Resolves with the milliseconds until the picture in this output is another one and is painted.
WAIT = """([output, before]) => new Promise((done) => {
  const look = async () => {
    const image = output.querySelector("img");
    if (!image || image.src === before) return requestAnimationFrame(look);
    await image.decode().catch(() => {});
    requestAnimationFrame(() => done(performance.now() - window.pressed));
  };
  look();
})"""


def main():
    folder = Path(tempfile.mkdtemp())
    (folder / "notebooks").mkdir()
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    cells = [nbformat.v4.new_code_cell(code) for code in CELLS.values()]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "notebooks" / "00-start-here.ipynb")
    lab = subprocess.Popen(
        [sys.executable, "-m", "workshop", "lab", "--no-browser"],
        cwd=folder,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(folder / "jupyter")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        address = re.search(r"http\S+", lab.stdout.readline()).group()
        _wait_for(address)
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
            _measure(browser.new_page(viewport={"width": 1200, "height": 2400}), address)
    finally:
        lab.terminate()
        lab.wait()
        shutil.rmtree(folder)


def _measure(page, address):
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", state="attached")
    page.evaluate("document.addEventListener('keydown', () => { window.pressed = performance.now(); }, true)")
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
    medians = {}
    for number, name in enumerate(CELLS):
        output = page.locator(".jp-CodeCell").nth(number).locator(".jp-Cell-outputArea")
        output.locator("img").wait_for(timeout=60_000)
        page.wait_for_timeout(1500)
        output.locator(".noUi-handle").first.focus()
        times = [_move(page, output, "ArrowLeft" if move % 2 else "ArrowRight") for move in range(MOVES)]
        medians[name] = statistics.median(times)
        print(f"{name:20} median {medians[name]:4.0f} ms   slowest {max(times):4.0f} ms   ({MOVES} moves)")
    peer = medians.pop("seaborn drawn anew")
    for name, median in medians.items():
        print(f"{name:20} {peer / median:.1f} times quicker than drawing anew")


def _move(page, output, key):
    handle = output.element_handle()
    before = output.locator("img").first.get_attribute("src")
    page.keyboard.press(key)
    milliseconds = page.evaluate(WAIT, [handle, before])
    page.wait_for_timeout(200)
    return milliseconds


def _wait_for(address):
    for _ in range(100):
        try:
            return urllib.request.urlopen(address, timeout=5)
        except OSError:
            time.sleep(0.3)
    raise SystemExit("JupyterLab did not start")


if __name__ == "__main__":
    main()
