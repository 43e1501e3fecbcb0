"""The public address stands in one place, and everything that shows it follows."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: Addresses of others' projects that we point at.
OTHERS = {"https://github.com/sodascience/metasyn"}
spec = importlib.util.spec_from_file_location("links", ROOT / "tools" / "links.py")
links = importlib.util.module_from_spec(spec)
spec.loader.exec_module(links)


def test_every_file_that_shows_the_address_shows_that_of_pyproject():
    for path, text in links.linked().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `make links`"
        assert links.address() in text or quote(links.address(), safe="") in text


def test_the_link_for_a_class_goes_through_the_hubs_login_and_fetches_these_lessons():
    parts = urlsplit(links.hub_link("https://hub.example.org/", "https://github.com/owner/lessons"))
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "hub.example.org", "/hub/user-redirect/git-pull")
    assert dict(parse_qsl(parts.query)) == {
        "repo": "https://github.com/owner/lessons",
        "targetpath": "lessons",
        "urlpath": "lab/tree/lessons/notebooks/00-start-here.ipynb",
    }
    with pytest.raises(SystemExit, match="looks like https://hub.example.org"):
        links.hub_link("hub", "https://github.com/owner/lessons")


def test_the_command_prints_the_link_for_a_class():
    command = [sys.executable, "tools/links.py", "--hub", "https://hub.example.org"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.strip() == links.hub_link("https://hub.example.org", links.address())


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
    for name in ("pyproject.toml", *(path.relative_to(ROOT).as_posix() for path in links.linked())):
        text = (ROOT / name).read_text(encoding="utf-8")
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(
            text.replace(links.address(), "https://github.com/new/home") if "toml" in name else text
        )
    for text in map(unquote, links.linked(tmp_path).values()):
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
        "CITATION.cff", "README.md", "deploy/jupyterhub_config.py", "pyproject.toml",
    ]  # fmt: skip
    ours = {links.address(), links.binder(links.address()), "https://mybinder.org/badge_logo.svg"}
    for name, text in texts.items():
        found = set(re.findall(r"https?://(?:\w+\.)?(?:github|gitlab|mybinder)\.(?:com|org)/[^\s)\"'`>]+", text))
        assert found <= ours | OTHERS, (name, found - ours - OTHERS)


def test_every_link_of_the_documents_to_a_file_leads_somewhere():
    for document in ("README.md", "CONTRIBUTING.md", "data/codebook.md", "deploy/README.md"):
        path = ROOT / document
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert target.startswith("http") or (path.parent / target).exists(), (document, target)
