"""Open the workshop in JupyterLab: find the notebooks (or lay them out), choose a door, and say where it is."""

import os
import secrets
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path

from workshop.reset import lessons, rescue, reset

FIRST = "00-start-here.ipynb"


def open_lab(browser=True, port=None, start=None):
    """Run JupyterLab until it is stopped.

    Parameters
    ----------
    browser : bool
        Whether to open a browser window, where there is a display.
    port : int, optional
        The first free one from 8888 on if left out.
    start : pathlib.Path, optional
        Where to look for the notebooks; the current folder if left out.

    Returns
    -------
    int
        JupyterLab's exit code (on Windows; elsewhere JupyterLab takes the place of this process).
    """
    folder = find_notebooks(start or Path.cwd())
    for sentence in rescue(folder):
        print(sentence)
    port, token = port or free_port(), secrets.token_hex(16)
    address = f"http://127.0.0.1:{port}/lab/tree/notebooks/{FIRST}?token={token}"
    shown = browser and has_display()
    print(f"Open this address in your browser: {address}\nTo stop: press Ctrl-C here, twice.", flush=True)
    command, environment = lab_command(folder.parent, port, shown), {**os.environ, "JUPYTER_TOKEN": token}
    if os.name == "nt":
        return subprocess.run(command, env=environment).returncode
    # In this process, so that whatever stops this command stops JupyterLab.
    os.execve(command[0], command, environment)


def find_notebooks(start):
    """The folder of notebooks here or further up; where there is none, a new one with all lessons."""
    for folder in (start, *start.parents):
        if (folder / "notebooks" / FIRST).exists():
            return folder / "notebooks"
    folder = start / "notebooks"
    for number in lessons():
        reset(number, folder)
    print(f"The notebooks are in {folder}.")
    return folder


def lab_command(root, port, browser):
    """The command that starts JupyterLab for this machine only."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", "--ip=127.0.0.1", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", "--LabApp.news_url=None", "--ServerApp.log_level=WARN"]
    command += [f"--LabApp.default_url=/lab/tree/notebooks/{FIRST}"] + ["--no-browser"] * (not browser)
    # In a container everybody is root; Jupyter wants to be told that this is meant.
    return command + ["--allow-root"] * (hasattr(os, "geteuid") and os.geteuid() == 0)


def has_display():
    """Whether a browser window can be opened here."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def free_port(first=8888):
    """The first port from `first` on that nobody listens on."""
    for port in range(first, first + 100):
        with socket.socket() as door:
            try:
                door.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise OSError(f"No free port from {first} to {first + 99}: stop another JupyterLab, or say --port.")
