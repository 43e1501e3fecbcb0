"""What several tests share."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: Notebook 13 is opened many times here; its million records are measured when it is made, and in benchmarks/million.py.
os.environ.setdefault("WORKSHOP_RECORDS", "20000")
#: Runs in an environment of its own.
collect_ignore = ["golden/make_anonymeter.py"]


@pytest.fixture(scope="session")
def fresh_copy(tmp_path_factory):
    """The repository as a newcomer gets it: what git tracks or would track, in an empty folder."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so there is no telling what a newcomer would get")
    copy = tmp_path_factory.mktemp("fresh") / "workshop"
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = ROOT / name, copy / name
        if source.exists() or source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    return copy
