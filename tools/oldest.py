"""Print the lower bounds of pyproject.toml as exact versions, for pip's --constraint: `python tools/oldest.py`."""

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
#: What a learner's environment holds. The author's and the tests' own tools may be new.
EXTRAS = ("lab", "files")


def lower_bounds(path=PYPROJECT):
    """The oldest allowed version of each package that a learner has, as a dict."""
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [line for extra in EXTRAS for line in project["optional-dependencies"][extra]]
    return dict(re.fullmatch(r"([\w-]+)>=([\d.]+)", line).groups() for line in wanted)


if __name__ == "__main__":
    for name, version in lower_bounds().items():
        print(f"{name}=={version}")
