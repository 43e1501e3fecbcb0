"""Open the workshop in JupyterLab: find the notebooks (or lay them out), choose a door, and say where it is."""

import importlib.util
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import webbrowser
from pathlib import Path

from workshop.reset import lessons, rescue, reset

FIRST = "00-start-here.ipynb"


def open_lab(browser=True, port=None, start=None, together=False, network=False):
    """Run JupyterLab until it is stopped.

    Parameters
    ----------
    browser : bool
        Whether to open a browser window, where there is a display.
    port : int, optional
        The first free one from 8888 on if left out.
    start : pathlib.Path, optional
        Where to look for the notebooks; the current folder if left out.
    together : bool
        Whether two people edit one notebook at the same time (needs jupyter-collaboration).
    network : bool
        Whether the partner may come from another computer. Else nobody can, together or not.

    Returns
    -------
    int
        JupyterLab's exit code (on Windows; elsewhere JupyterLab takes the place of this process).
    """
    _refuse(together, network)
    folder = find_notebooks(start or Path.cwd())
    for sentence in rescue(folder):
        print(sentence)
    port, token = port or free_port(), secrets.token_hex(16)
    place = f"{port}/lab/tree/notebooks/{FIRST}?token={token}"
    shown = browser and has_display()
    print(
        f"Open this address in your browser: http://127.0.0.1:{place}\nTo stop: press Ctrl-C here, twice.", flush=True
    )
    command = lab_command(folder.parent, port, shown, ip="0.0.0.0" if network else "127.0.0.1")
    environment = {**os.environ, "JUPYTER_TOKEN": token}
    if together:
        trust(folder)
        command += together_options()
        print(for_the_partner(f"http://{own_address()}:{place}" if network else None), flush=True)
    if os.name == "nt":
        return subprocess.run(command, env=environment).returncode
    # In this process, so that whatever stops this command stops JupyterLab.
    os.execve(command[0], command, environment)


def _refuse(together, network):
    if network and not together:
        raise ValueError("--network lets a partner in: say --together, too.")
    if together and importlib.util.find_spec("jupyter_server_ydoc") is None:
        raise ImportError(
            "Two people in one notebook need jupyter-collaboration, in an environment of its own: make together, "
            "or pip install 'synthetic-data-workshop[lab,collaboration]'."
        )


def together_options():
    """What JupyterLab is told for two people. What they type is stored by the second, and not among the notebooks."""
    store = Path(tempfile.mkdtemp(prefix="workshop-together-"))
    return [
        f"--SQLiteYStore.db_path={store / 'edits.db'}",
        f"--YDocExtension.session_store_path={store / 'sessions.json'}",
    ]


def trust(folder):
    """Sign the notebooks without output, in which there is nothing to distrust.

    Else JupyterLab shows a card or a timer to the partner who ran the cell, and only its words to the other.
    """
    from nbformat import NO_CONVERT, read, sign

    notary = sign.NotebookNotary()
    for path in sorted(Path(folder).glob("*.ipynb")):
        try:
            notebook = read(path, as_version=NO_CONVERT)
        except (ValueError, OSError):
            continue  # cut off or not a notebook: JupyterLab says so when it is opened
        if not any(cell.get("outputs") for cell in notebook.get("cells", [])):
            notary.sign(notebook)


def for_the_partner(address):
    """What the partner is told: an address, or that the door is closed."""
    if address is None:
        return "Your partner opens the same address, on this computer: nobody else gets in. To let them in over a network: --network."
    return (
        f"Your partner opens: {address}\n"
        "Whoever has this address can read, change and run everything here as you can, and it travels unencrypted: "
        "use it in a network that you trust, give it to your partner alone, and stop when you are done."
    )


def own_address():
    """This computer's address in its network. No packet is sent: only the way to somewhere outside is asked for."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        try:
            door.connect(("192.0.2.1", 9))  # an address kept free for documentation
            return door.getsockname()[0]
        except OSError:
            return socket.gethostname()


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


def lab_command(root, port, browser, ip="127.0.0.1"):
    """The command that starts JupyterLab, for this machine only unless said otherwise."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", f"--ip={ip}", f"--port={port}"]
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
