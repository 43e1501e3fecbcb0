"""The lessons in the learner's own browser: what Python cannot do there, and what is done or said instead.

There, Python is Pyodide (compiled to WebAssembly, inside JupyterLite): one thread, no other process, and of the compiled packages only
those that Pyodide carries.
"""

import logging
import os
import sys

IN_BROWSER = sys.platform == "emscripten"
#: Compiled packages that Pyodide carries, and fetches as soon as a cell imports them.
FETCHED = ("pyarrow", "statsmodels")


def settle():
    """Keep quiet about what cannot be otherwise here (no thread to watch a bar, a cache of fonts made each time), and make folders that hold."""
    from threadpoolctl import ThreadpoolController
    from tqdm import tqdm

    # There is one thread. Looking for libraries with more, as scikit-learn does all the time, takes a second of asking JupyterLite for files.
    ThreadpoolController._find_libraries_pyodide = lambda self: None

    # JupyterLite keeps a folder that is not open to all, as those of tempfile, as an empty file.
    make_folder = os.mkdir
    os.mkdir = lambda path, mode=0o777, *, dir_fd=None: make_folder(path, dir_fd=dir_fd)

    tqdm.monitor_interval = 0
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


def how_to_get(package, asked=None):
    """What to do about a package that is missing, to end a sentence.

    Parameters
    ----------
    package : str
    asked : str, optional
        What pip is asked for, if more than the name.

    Returns
    -------
    str

    Examples
    --------
    >>> how_to_get("pyarrow", "pyarrow>=16.1")
    "run  pip install 'pyarrow>=16.1'"
    """
    if not IN_BROWSER:
        return f"run  pip install '{asked}'" if asked else f"run  pip install {package}"
    if package in FETCHED:
        return f"run  import {package}  in a cell, and it is fetched"
    return "it cannot run in a browser, so for this open the workshop on Binder or on your own computer"
