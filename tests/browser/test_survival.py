"""What a learner made survives a kernel that restarts or dies, a server that is killed, and a full disk, as a learner sees it."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import nbformat
import pytest
from browser.conftest import SCREENSHOTS, Server, open_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("survival")]
WORKSHOP = [sys.executable, "-m", "workshop", "lab"]
FIRST = "00-start-here.ipynb"
#: As a learner's JupyterLab, but what it does every two minutes it does every two seconds.
SOON = {"@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 2}}
NEVER = {"@jupyterlab/docmanager-extension:plugin": {"autosave": False}}


def small_notebook(path, *cells):
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    made = [nbformat.v4.new_code_cell(cell, id=f"cell-{number}") for number, cell in enumerate(cells)]
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=kernel), path)


def type_into(notebook, number, text):
    """Put the cursor at the end of a cell and type."""
    notebook.page.locator(".jp-Cell .cm-content").nth(number).click(timeout=120_000)
    notebook.page.keyboard.press("ControlOrMeta+End")
    notebook.page.keyboard.insert_text(text)


def source(path):
    """All code of the notebook in the file, which must be a whole one."""
    read = nbformat.read(path, as_version=4)
    nbformat.validate(read)
    return "\n".join(cell.source for cell in read.cells)


def wait_until(fact, patience=240):
    """JupyterLab saves by itself the more rarely, the longer a save takes; on a busy machine that is once a minute."""
    for _ in range(10 * patience):
        if fact():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come true")


def test_a_restarted_kernel_takes_nothing_that_was_typed_or_shown(lab, open_notebook):
    small_notebook(lab[0] / "notebooks" / "restart.ipynb", "answer = 6 * 7\nprint(answer)", "answer")
    notebook = open_notebook("restart.ipynb")
    notebook.run_cell(0, until=".jp-OutputArea-output:has-text('42')")
    type_into(notebook, 1, "  # typed, not saved")
    notebook.menu("Kernel", "Restart Kernel…")
    notebook.page.click(".jp-Dialog button:has-text('Restart')")
    notebook.page.wait_for_selector(".jp-StatusBar-TextItem:has-text('| Idle')", timeout=60_000)
    assert notebook.page.locator(".jp-OutputArea-output:has-text('42')").count() == 1
    assert "# typed, not saved" in notebook.page.locator(".jp-Cell .cm-content").nth(1).inner_text()
    saved = notebook.run_all()
    assert (
        saved.cells[1].source == "answer  # typed, not saved" and saved.cells[1].outputs[0].data["text/plain"] == "42"
    )


def test_a_kernel_that_dies_comes_back_and_the_notebook_is_whole(lab, open_notebook):
    dies = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    small_notebook(lab[0] / "notebooks" / "dies.ipynb", "1 + 1", dies)
    notebook = open_notebook("dies.ipynb")
    type_into(notebook, 0, "  # typed, not saved")
    notebook.page.locator(".jp-Cell .cm-content").nth(1).click()
    notebook.page.keyboard.press("Shift+Enter")
    # JupyterLab says in a dialog that the kernel restarts; the learner closes it and goes on.
    notebook.page.click(".jp-Dialog button:has-text('Ok')", timeout=60_000)
    notebook.page.wait_for_selector(".jp-StatusBar-TextItem:has-text('| Idle')", timeout=60_000)
    notebook.run_cell(0, until=".jp-OutputArea-executeResult:has-text('2')")
    notebook.save()
    assert source(notebook.path).strip() == f"1 + 1  # typed, not saved\n{dies}"


@contextmanager
def own_lab(folder, settings):
    server = Server(folder, WORKSHOP, settings)
    try:
        yield server
    finally:
        server.stop(signal.SIGKILL)


def test_a_killed_server_leaves_what_was_saved_and_what_saved_itself(browser, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    with own_lab(folder, SOON) as server:
        notebook = open_in(browser, server.address, folder, FIRST)
        number = notebook.page.locator(".jp-CodeCell .cm-content").count() and 1
        cell = notebook.page.locator(".jp-CodeCell .cm-content").nth(number)
        cell.click()
        notebook.page.keyboard.press("ControlOrMeta+End")
        notebook.page.keyboard.insert_text("\n# saved by me")
        notebook.save()
        notebook.page.keyboard.insert_text("\n# saved by itself")
        wait_until(lambda: "# saved by itself" in notebook.path.read_text())
        notebook.page.keyboard.insert_text("\n# not yet saved")
        server.stop(signal.SIGKILL)
        assert "# saved by me" in source(notebook.path) and "# saved by itself" in source(notebook.path)
        # What was typed last is still in the window, from which it can be copied.
        assert "# not yet saved" in cell.inner_text()
        notebook.page.screenshot(path=SCREENSHOTS / "server-killed.png")
        notebook.page.context.close()
    with own_lab(folder, SOON) as server:
        again = open_in(browser, server.address, folder, FIRST)
        shown = again.page.locator(".jp-CodeCell .cm-content").nth(number).inner_text()
        assert "# saved by me" in shown and "# saved by itself" in shown
        again.page.context.close()


def test_a_server_killed_in_the_middle_of_saving_loses_no_earlier_version(browser, tmp_path):
    folder = tmp_path / "mine"
    (folder / "notebooks").mkdir(parents=True)
    path = folder / "notebooks" / FIRST
    small_notebook(path, "answer = 42")
    kept = path.read_text()
    # What Jupyter leaves behind when it is killed between the first and the last byte.
    path.with_name(f".~{FIRST}").write_text(kept)
    path.write_text(kept[: len(kept) // 2])
    with own_lab(folder, NEVER) as server:
        assert "was cut off while it was saved; the version before is back" in server.log.read_text()
        notebook = open_in(browser, server.address, folder, FIRST)
        assert notebook.page.locator(".jp-Cell .cm-content").first.inner_text() == "answer = 42"
        assert notebook.page.locator(".jp-Dialog").count() == 0
        notebook.page.context.close()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def test_a_full_disk_leaves_the_notebook_as_it_was_saved_before(browser, small_disk):
    (small_disk / "notebooks").mkdir()
    path = small_disk / "notebooks" / FIRST
    small_notebook(path, "answer = 42  # " + "x" * 30_000)
    with own_lab(small_disk, NEVER) as server:
        notebook = open_in(browser, server.address, small_disk, FIRST)
        type_into(notebook, 0, "\nmine = 1")
        notebook.save()
        before = path.read_bytes()
        with open(small_disk / "filler", "wb", buffering=0) as filler, pytest.raises(OSError, match="No space left"):
            while True:
                filler.write(b"0" * 4096)
        type_into(notebook, 0, "\n# " + "y" * 30_000)
        notebook.page.keyboard.press("ControlOrMeta+s")
        notebook.page.wait_for_selector(".jp-Dialog", timeout=30_000)
        notebook.page.screenshot(path=SCREENSHOTS / "full-disk.png")
        assert re.search("save|space", notebook.page.locator(".jp-Dialog").inner_text(), re.IGNORECASE)
        assert path.read_bytes() == before
        notebook.page.keyboard.press("Escape")
        (small_disk / "filler").unlink()
        notebook.save()
        assert source(path).endswith("y" * 30_000)
        notebook.page.context.close()
