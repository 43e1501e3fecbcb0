"""One list of dependencies, in two places; and an import that costs nothing."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import workshop

yaml = pytest.importorskip("yaml")
ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: PyPI's name -> conda-forge's name, where they differ.
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def learner_needs():
    extras = PROJECT["optional-dependencies"]
    return [
        re.fullmatch(r"([\w-]+)(.*)", line).groups()
        for line in PROJECT["dependencies"] + extras["lab"] + extras["files"]
    ]


def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def test_environment_yml_lists_what_pyproject_lists():
    wanted = {f"{CONDA_NAMES.get(name, name)}{bound}" for name, bound in learner_needs()}
    assert set(environment()["dependencies"]) - {"pip", "python=3.12"} == wanted


def test_conda_forge_alone_is_asked():
    assert environment()["channels"] == ["conda-forge", "nodefaults"]
    assert environment()["name"] == PROJECT["name"]


def test_every_dependency_has_a_lower_bound_and_no_upper_one():
    assert all(re.fullmatch(r">=[\d.]+", bound) for _, bound in learner_needs())


def test_the_lower_bounds_are_what_the_browsers_python_has():
    bounds = dict(learner_needs())
    expected = {
        "numpy": ">=2.0",
        "pandas": ">=2.2.3",
        "scipy": ">=1.14",
        "scikit-learn": ">=1.6",
        "matplotlib": ">=3.8.4",
    }
    assert {name: bounds[name] for name in expected} == expected


def test_every_dependency_says_why():
    lists = re.findall(
        r'^    "[\w-]+[>=\d.]*",(.*)$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    said = [line for line in lists if "# " in line]
    assert len(said) >= 15 and len(lists) - len(said) <= 2  # pytest needs no reason


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, workshop; print([name for name in sys.modules if '.' not in name])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("pandas", "numpy", "seaborn", "sklearn", "statsmodels", "ipywidgets", "matplotlib", "scipy"):
        assert f"'{heavy}'" not in loaded


def test_every_name_that_the_package_hands_on_is_there():
    for name in workshop.__all__:
        assert callable(getattr(workshop, name)), name
    with pytest.raises(AttributeError, match="workshop has no 'rnorm'; it has"):
        workshop.rnorm  # noqa: B018


def test_a_file_imports_only_from_floors_below_it():
    floors = [
        "table",
        "numeric",
        "browser",
        "files",
        "text_files",
        "marks",
        "recognition",
        "delimited",
        "labelled",
        "spreadsheets",
        "settings",
        "formulas",
        "data",
        "suspicious_text",
        "suspicions",
        "first_look",
        "models",
        "measures",
        "dials",
        "findings",
        "figures",
        "clouds",
        "intervals",
        "utility_pictures",
        "risk_utility_picture",
        "risk_utility",
        "at_scale",
        "release",
        "reset",
        "update",
        "health",
        "lab",
        "exercises",
        "widgets",
        "everyday",
        "cli",
    ]
    for path in (ROOT / "workshop").rglob("*.py"):
        floor = path.relative_to(ROOT / "workshop").parts[0].removesuffix(".py")
        if floor not in floors:
            continue
        for imported in re.findall(
            r"^\s*(?:from|import) workshop\.(\w+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE
        ):
            assert floors.index(imported) <= floors.index(floor), (path.name, imported)
