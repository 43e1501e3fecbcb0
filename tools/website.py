"""Make the web site: `python tools/website.py [--out DIR] [--pyodide DIR] [--only pages|lite]`.

The pages are written in site/; lessons come from solutions/ with the output that `make notebooks` put there, API pages from the
docstrings, and the rest from the repository's own documents. Sphinx makes the pages; JupyterLite (tools/lite.py) and the slides
(tools/slides.py) stand beside them. Nothing on a page is fetched from elsewhere. The site is put in place when all of it is made.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import lite
import site_sources

ROOT = Path(__file__).resolve().parents[1]


def main():
    parser = argparse.ArgumentParser(description="Make the web site.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site")
    parser.add_argument("--pyodide", type=Path, help="carry along the Pyodide in this folder")
    parser.add_argument("--only", choices=["pages", "lite"], help="make one part")
    chosen = parser.parse_args()
    out, work = chosen.out.resolve(), ROOT / "build" / "site-work"
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=work) as folder:
        unfinished = Path(folder) / "site"
        unfinished.mkdir()
        if chosen.only != "lite":
            make_pages(unfinished, work)
        if chosen.only != "pages":
            lite.build(unfinished / "lite", work, chosen.pyodide)
        shutil.rmtree(out, ignore_errors=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(unfinished, out)
    print(f"The site is in {out}. To look at it:  {Path(sys.executable).name} -m http.server --directory {out}")


def make_pages(out, work):
    """The pages and the slides; a warning of Sphinx ends the making."""
    source = work / "pages"
    shutil.rmtree(source, ignore_errors=True)
    site_sources.gather(source)
    sphinx = [sys.executable, "-m", "sphinx", "--builder=html", "--fail-on-warning", "--keep-going", "--quiet"]
    done = subprocess.run([*sphinx, f"--doctree-dir={work / 'doctrees'}", str(source), str(out)])
    if done.returncode:
        sys.exit("The pages could not be made: see the lines above.")
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        # Sphinx calls what stands above a list in the margin a heading, and does not say of which level.
        page.write_text(text.replace('role="heading">', 'role="heading" aria-level="2">'), encoding="utf-8")
    if (ROOT / "slides").is_dir():
        subprocess.run([sys.executable, str(ROOT / "tools" / "slides.py"), "--out", str(out / "slides")], check=True)
    for name, place in site_sources.FILES.items():
        if (ROOT / name).exists():
            shutil.copy2(ROOT / name, out / place)
    (out / ".nojekyll").touch()  # or GitHub Pages leaves out every folder that begins with an underscore


if __name__ == "__main__":
    main()
