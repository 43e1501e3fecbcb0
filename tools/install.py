"""Install packages into an environment: `python tools/install.py ENVIRONMENT PACKAGE …`.

By uv, which takes seconds where pip takes minutes; by pip wherever uv cannot be had or does not get through.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CACHE = Path(__file__).resolve().parents[1] / ".cache" / "uv"


def find_uv(python):
    """The program uv: this machine's, or one that pip fetches into .cache; None where there is none."""
    found = os.environ.get("UV") or shutil.which("uv") or shutil.which("uv", path=str(CACHE / "bin"))
    if not found:
        fetch = ["install", "--quiet", "--disable-pip-version-check", "--target", CACHE, "uv>=0.4"]
        subprocess.run([python, "-m", "pip", *fetch], stderr=subprocess.DEVNULL)
        found = shutil.which("uv", path=str(CACHE / "bin"))
    return found


def install(environment, packages):
    """Install, and leave it to pip to explain what cannot be done."""
    python = Path(environment) / "bin" / "python"
    uv = find_uv(python)
    if uv and not subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *packages]).returncode:
        return
    if uv:
        print("uv did not get through; pip takes over.", flush=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    sys.exit(subprocess.run(pip).returncode)


if __name__ == "__main__":
    install(sys.argv[1], sys.argv[2:])
