"""Carry the public address from pyproject.toml to where it is shown: `python tools/links.py [--check]`.

The address stands in one place, `[project.urls] Repository`. The badges and links of README.md (between two markers) and the
address in CITATION.cff are made from it.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


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


def linked(root=ROOT):
    """The files that show the address, as {path: text that they should have}."""
    repository = address(root)
    name = repository.rsplit("/", 1)[1]
    links = (
        f"[![Launch the workshop on Binder](https://mybinder.org/badge_logo.svg)]({binder(repository)})\n\n"
        f"```\ngit clone {repository}\ncd {name}\nmake lab\n```\n"
    )
    readme, citation = root / "README.md", root / "CITATION.cff"
    return {
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
    stale = [path for path, text in linked().items() if path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        sys.exit(f"Out of step: {', '.join(path.name for path in stale)}. Run `make links`." if stale else 0)
    for path, text in linked().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
