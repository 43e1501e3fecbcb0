"""The public address stands in one place, and everything that shows it follows."""

import importlib.util
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: Addresses of others' projects that we point at.
OTHERS = {"https://github.com/sodascience/metasyn"}
spec = importlib.util.spec_from_file_location("links", ROOT / "tools" / "links.py")
links = importlib.util.module_from_spec(spec)
spec.loader.exec_module(links)


def test_readme_and_citation_show_the_address_of_pyproject():
    for path, text in links.linked().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `make links`"
        assert links.address() in text


def test_the_badge_opens_notebook_00_in_jupyterlab():
    badge = links.binder(links.address())
    assert badge.startswith("https://mybinder.org/v2/g")
    assert badge.endswith("/HEAD?urlpath=lab/tree/notebooks/00-start-here.ipynb")
    assert f"({badge})" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / "notebooks" / "00-start-here.ipynb").exists()


def test_github_and_gitlab_work_and_other_hosts_are_refused_with_a_word():
    assert "/v2/gh/owner/lessons/HEAD?" in links.binder("https://github.com/owner/lessons")
    assert "/v2/gl/group%2Flessons/HEAD?" in links.binder("https://gitlab.com/group/lessons")
    with pytest.raises(SystemExit, match="github.com or https://gitlab.com"):
        links.binder("https://codeberg.org/group/lessons")


def test_a_new_address_is_carried_everywhere(tmp_path):
    for name in ("pyproject.toml", "README.md", "CITATION.cff"):
        text = (ROOT / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            text.replace(links.address(), "https://github.com/new/home") if "toml" in name else text
        )
    for text in links.linked(tmp_path).values():
        assert "https://github.com/new/home" in text and links.address() not in text


def test_no_other_file_names_an_address_of_this_repository():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    shown = [
        name
        for name in listed.stdout.splitlines()
        if (ROOT / name).suffix in {".md", ".py", ".toml", ".cff", ".yml", ".ipynb"}
    ]
    texts = {
        name: (ROOT / name).read_text(encoding="utf-8")
        for name in shown
        if name not in ("tests/test_links.py", "tools/links.py")
    }
    assert sorted(name for name, text in texts.items() if links.address() in text) == [
        "CITATION.cff", "README.md", "pyproject.toml",
    ]  # fmt: skip
    ours = {links.address(), links.binder(links.address()), "https://mybinder.org/badge_logo.svg"}
    for name, text in texts.items():
        found = set(re.findall(r"https?://(?:\w+\.)?(?:github|gitlab|mybinder)\.(?:com|org)/[^\s)\"'`>]+", text))
        assert found <= ours | OTHERS, (name, found - ours - OTHERS)


def test_every_link_of_the_documents_to_a_file_leads_somewhere():
    for document in ("README.md", "CONTRIBUTING.md", "data/codebook.md"):
        path = ROOT / document
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert target.startswith("http") or (path.parent / target).exists(), (document, target)
