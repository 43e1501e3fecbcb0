"""Binder, without docker: repo2docker's recipe finds our files, and its steps make an environment that runs the lessons."""

import os
import re
import shutil
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from test_environment import CONDA_NAMES, environment

ROOT = Path(__file__).resolve().parents[1]


def test_binders_environment_is_a_link_to_the_one_above():
    assert (ROOT / "binder" / "environment.yml").readlink() == Path("../environment.yml")
    assert "-e ." not in (ROOT / "environment.yml").read_text(encoding="utf-8")


def test_repo2docker_renders_its_recipe_from_the_repository(fresh_copy):
    if not shutil.which("jupyter-repo2docker", path=str(Path(sys.executable).parent)):
        assert "CI" not in os.environ, "repo2docker is not installed"
        pytest.skip("repo2docker is not installed")
    command = [Path(sys.executable).parent / "jupyter-repo2docker", "--no-build", "--debug", "."]
    run = subprocess.run(command, cwd=fresh_copy, capture_output=True, text=True, timeout=300)
    recipe = run.stdout + run.stderr
    assert run.returncode == 0, recipe[-2000:]
    assert "Building conda environment for python=3.12" in recipe
    assert re.search(r"COPY --chown=\S+ src/binder/environment.yml", recipe)
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"' in recipe
    assert "RUN ./binder/postBuild" in recipe
    # postBuild runs in the folder of the repository, so that it finds the package there.
    assert recipe.rindex("WORKDIR ${REPO_DIR}") < recipe.index("RUN ./binder/postBuild")


@pytest.mark.fresh
def test_an_environment_made_as_binder_makes_it_runs_the_lessons(fresh_copy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("binder") / "env"
    venv.create(folder, with_pip=True)
    pypi_names = {conda: pypi for pypi, conda in CONDA_NAMES.items()}
    wanted = [re.match(r"[\w-]+", line).group() for line in environment()["dependencies"]]
    lines = [
        line.replace(name, pypi_names.get(name, name))
        for line, name in zip(environment()["dependencies"], wanted, strict=True)
    ]
    needs = [line for line, name in zip(lines, wanted, strict=True) if name not in ("python", "pip")]
    binaries = folder / "bin"
    clean = {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    subprocess.run([sys.executable, ROOT / "tools" / "install.py", folder, *needs], check=True)
    subprocess.run(["./binder/postBuild"], cwd=fresh_copy, env=clean | _pip_settings(), check=True)

    def run(notebook):
        command = [binaries / "jupyter", "execute", notebook]
        return subprocess.run(command, cwd=notebook.parent, env=clean, capture_output=True, text=True)

    with ThreadPoolExecutor(2) as two:  # two cores, two notebooks at a time
        for done in two.map(run, sorted((fresh_copy / "notebooks").glob("[0-9]*.ipynb"))):
            assert done.returncode == 0, done.stderr[-2000:]
    diagnosis = subprocess.run(
        [binaries / "workshop", "doctor"], cwd=fresh_copy, env=clean, capture_output=True, text=True
    )
    assert diagnosis.stdout.endswith("This environment can run the workshop.\n"), diagnosis.stdout


def _pip_settings():
    """Where this machine's pip finds packages (postBuild needs hatchling to install the package)."""
    import os

    return {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "XDG_", "SSL_", "REQUESTS_"))}
