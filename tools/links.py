"""Carry the public address from pyproject.toml to where it is shown: `python tools/links.py [--check]`.

The address stands in one place, `[project.urls] Repository`. The badges and links of README.md (between two markers), the
address in CITATION.cff and what a hub fetches the lessons from (deploy/) are made from it.
`python tools/links.py --hub https://hub.example.org` prints the link that a class at that hub is given.
"""

import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
FIRST = "notebooks/00-start-here.ipynb"


def address(root=ROOT):
    """The public address of the repository."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"].rstrip(
        "/"
    )


def binder(repository):
    """Where Binder opens notebook 00 in JupyterLab."""
    known = re.fullmatch(r"https://(github|gitlab)\.com/([\w.-]+)/([\w.-]+)", repository)
    if not known:
        sys.exit(
            f"Binder's badge needs an address like https://github.com or https://gitlab.com/owner/name, not {repository}."
        )
    host, owner, name = known.groups()
    provider = f"gh/{owner}/{name}" if host == "github" else f"gl/{owner}%2F{name}"
    return f"https://mybinder.org/v2/{provider}/HEAD?urlpath=lab/tree/notebooks/00-start-here.ipynb"


def fetch(repository):
    """What a server is asked for so that nbgitpuller fetches the lessons, keeps a learner's work, and opens notebook 00.

    Examples
    --------
    >>> fetch("https://github.com/owner/lessons")
    'git-pull?repo=https%3A%2F%2Fgithub.com%2Fowner%2Flessons&targetpath=lessons&urlpath=lab%2Ftree%2Flessons%2Fnotebooks%2F00-start-here.ipynb'
    """
    folder = repository.rstrip("/").rsplit("/", 1)[1].removesuffix(".git")
    place = {"repo": repository, "targetpath": folder, "urlpath": f"lab/tree/{folder}/{FIRST}"}
    return f"git-pull?{urlencode(place)}"


def hub_link(hub, repository):
    """The link for a class: whoever follows it logs in at the hub, and gets the lessons on a server of their own."""
    if not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[\w./-]*)?", hub):
        sys.exit(f"A hub's address looks like https://hub.example.org, not {hub}.")
    return f"{hub.rstrip('/')}/hub/user-redirect/{fetch(repository)}"


def linked(root=ROOT):
    """The files that show the address, as {path: text that they should have}."""
    repository = address(root)
    name = repository.rsplit("/", 1)[1]
    links = (
        f"[![Launch the workshop on Binder](https://mybinder.org/badge_logo.svg)]({binder(repository)})\n\n"
        f"```\ngit clone {repository}\ncd {name}\nmake lab\n```\n"
    )
    readme, citation = root / "README.md", root / "CITATION.cff"
    rules, values = root / "deploy" / "jupyterhub_config.py", root / "deploy" / "kubernetes" / "values.yaml"
    return {
        rules: re.sub(r'(?m)^REPOSITORY = ".*"$', f'REPOSITORY = "{repository}"', rules.read_text(encoding="utf-8")),
        values: re.sub(
            r"(?m)^  defaultUrl: .*$", f"  defaultUrl: /{fetch(repository)}", values.read_text(encoding="utf-8")
        ),
        readme: re.sub(
            r"(<!-- links -->\n).*?(<!-- /links -->)",
            rf"\g<1>{links}\g<2>",
            readme.read_text(encoding="utf-8"),
            flags=re.DOTALL,
        ),
        citation: re.sub(
            r"(?m)^repository-code: .*$", f"repository-code: {repository}", citation.read_text(encoding="utf-8")
        ),
    }


def main():
    if "--hub" in sys.argv[1:-1]:
        return print(hub_link(sys.argv[sys.argv.index("--hub") + 1], address()))
    stale = [path for path, text in linked().items() if path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        sys.exit(f"Out of step: {', '.join(path.name for path in stale)}. Run `make links`." if stale else 0)
    for path, text in linked().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
