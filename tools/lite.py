"""JupyterLite: the lessons in the learner's own browser, with no server and nothing to install.

Python is Pyodide there. When a kernel starts it fetches the compiled packages from Pyodide's own place, and `workshop` with the other
packages of pure Python from the site, so that no lesson needs a line that installs something. `tools/website.py` calls `build`.
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pkginfo import get_metadata

ROOT = Path(__file__).resolve().parents[1]
#: The release whose packages `tests/browser/test_site.py` runs the lessons with.
PYODIDE = "0.27.7"
PYODIDE_URL = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/pyodide.js"
#: What Pyodide brings, by the names of its lock file.
FROM_PYODIDE = ("joblib", "markupsafe", "matplotlib", "numpy", "pandas", "scikit-learn", "scipy", "threadpoolctl")
#: What the site brings, of pure Python: in the versions of this environment, so that widgets and their pages belong together.
FROM_SITE = (
    "anywidget",
    "comm",
    "et-xmlfile",
    "ipywidgets",
    "jinja2",
    "jupyterlab-widgets",
    "openpyxl",
    "patsy",
    "psygnal",
    "seaborn",
    "tqdm",
    "typing-extensions",
)
#: Comes with the kernel, or only makes sense beside a server.
GIVEN = {"ipython", "traitlets", "widgetsnbextension", "colorama"}
#: Asked for by another, but not by what we use of it.
NOT_NEEDED = {"watchfiles"}
#: JupyterLab's own parts beside it: Python, sliders and the timer. An author's panels stay at home.
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
#: The lessons that are tested in the browser.
LESSONS = "0[0-7]-*.ipynb"
#: From the folder of the kernel's worker to the wheels: Pyodide reads such addresses from there.
WHEELS_FROM_WORKER = "../../../../pypi/"


def build(out, work, pyodide=None):
    """Make JupyterLite.

    Parameters
    ----------
    out : pathlib.Path
        The folder to fill; it is made anew.
    work : pathlib.Path
        Where wheels and sources are gathered.
    pyodide : pathlib.Path, optional
        A folder with a Pyodide to carry along; without it, browsers fetch it from where its makers publish it.
    """
    wheels, source = work / "wheels", work / "lite"
    for folder in (out, source):
        shutil.rmtree(folder, ignore_errors=True)
    made = gather_wheels(wheels)
    missing = missing_requirements(made)
    if missing:
        sys.exit(
            f"JupyterLite would lack {', '.join(sorted(missing))}: add them to FROM_SITE or FROM_PYODIDE in tools/lite.py."
        )
    lessons = source / "files" / "notebooks"
    lessons.mkdir(parents=True)
    for lesson in sorted((ROOT / "notebooks").glob(LESSONS)):
        shutil.copy2(lesson, lessons)
    if pyodide:
        (source / "static").mkdir()
        os.symlink(Path(pyodide).resolve(), source / "static" / "pyodide")
    (source / "overrides.json").write_text(json.dumps(free_arrows()), encoding="utf-8")
    (source / "jupyter-lite.json").write_text(json.dumps(settings(made), indent=2), encoding="utf-8")
    parts = [str(Path(sys.prefix) / "share" / "jupyter" / "labextensions" / name) for name in EXTENSIONS]
    chosen = {"LiteBuildConfig": {"ignore_sys_prefix": ["federated_extensions"], "federated_extensions": parts}}
    (source / "jupyter_lite_config.json").write_text(json.dumps(chosen), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--apps=lab", "--no-sourcemaps", "--contents=files"]
    command += [f"--lite-dir={source}", f"--output-dir={out.resolve()}"]
    command += [part for wheel in made for part in ("--piplite-wheels", str(wheel))]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"JupyterLite could not be built:\n{(done.stdout + done.stderr)[-3000:]}")


def gather_wheels(folder):
    """`workshop` as a wheel, made here, and the others as their makers publish them."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("synthetic_data_workshop-*.whl"):
        old.unlink()
    wanted = [f"{name}=={version(name)}" for name in FROM_SITE]
    pure = ["--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none", "--python-version=3.12"]
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "download", "--no-deps", *pure, f"--dest={folder}", *wanted], check=True)
    subprocess.run([*pip, "wheel", "--no-deps", f"--wheel-dir={folder}", str(ROOT)], check=True)
    stems = {f"{canonicalize_name(name)}-{version(name)}" for name in FROM_SITE}
    made = sorted(path for path in folder.glob("*.whl") if stem(path) in stems or path.stem.startswith("synthetic_"))
    assert len(made) == len(FROM_SITE) + 1, made
    return made


def stem(wheel):
    """The name and version of a wheel, from its file's name.

    >>> stem(Path("et_xmlfile-2.0.0-py3-none-any.whl"))
    'et-xmlfile-2.0.0'
    """
    name, number = wheel.name.split("-")[:2]
    return f"{canonicalize_name(name)}-{number}"


def missing_requirements(wheels):
    """What the wheels ask for and nobody brings to Pyodide, as a set of names."""
    there = {"sys_platform": "emscripten", "python_version": "3.12", "platform_system": "Emscripten", "extra": ""}
    asked = set()
    for wheel in wheels:
        for line in get_metadata(str(wheel)).requires_dist:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate(there):
                asked.add(canonicalize_name(need.name))
    return asked - set(FROM_PYODIDE) - set(FROM_SITE) - GIVEN - NOT_NEEDED - {"packaging"}


def free_arrows():
    """The content of overrides.json: the left and right arrows move a slider, and not from heading to heading."""
    taken = {"ArrowLeft": "move-cursor-heading-above-or-collapse", "ArrowRight": "move-cursor-heading-below-or-expand"}
    where = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
    off = [
        {"command": f"notebook:{name}", "keys": [key], "selector": where, "disabled": True}
        for key, name in taken.items()
    ]
    return {"@jupyterlab/shortcuts-extension:shortcuts": {"shortcuts": off}}


def settings(wheels):
    """The content of jupyter-lite.json: which Pyodide, and what a kernel loads while it starts."""
    kernel = {
        "pyodideUrl": PYODIDE_URL,
        # A learner's browser talks to this site and to Pyodide's, and to nobody else.
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": [*FROM_PYODIDE, *(WHEELS_FROM_WORKER + wheel.name for wheel in wheels)]},
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Synthetic data workshop",
            "exposeAppInBrowser": True,  # for whoever wants to look inside, as the tests do
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
        },
    }
