"""What Sphinx reads: the pages of site/, the lessons with their answers folded, the repository's documents, and a page for each module."""

import ast
import base64
import os
import re
import shutil
from pathlib import Path

import links
import nbformat

ROOT = Path(__file__).resolve().parents[1]
#: Documents of the repository that are pages of the site.
DOCUMENTS = {
    "INSTRUCTORS.md": "instructors",
    "instructors/cards.md": "cards",
    "COMING-FROM-R.md": "COMING-FROM-R",
    "data/codebook.md": "codebook",
    "CONTRIBUTING.md": "contributing",
}
#: Files that pages offer as they are.
FILES = {"instructors/handout.html": "handout.html"}
#: Floors of the package, as pages of the API: a heading, and the modules under it.
FLOORS = (
    ("Tables", ("data", "table", "dials", "at_scale", "look")),
    ("Models", ("models.",)),
    ("Measures", ("measures.", "risk_utility")),
    ("Pictures", ("figures", "utility_pictures", "findings", "risk_utility_picture")),
    ("Releases", ("release.",)),
    ("Lessons", ("exercises", "widgets", "health", "reset", "lab", "browser")),
)
LITE = "lite/lab/index.html?path=notebooks/"
ANSWER = re.compile(r"\n?[ \t]*### BEGIN SOLUTION\n(.*?)\n?[ \t]*### END SOLUTION", re.DOTALL)


def gather(folder):
    """Fill an empty folder with everything that Sphinx reads."""
    shutil.copytree(ROOT / "site", folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "solutions" / "images" / "locked-file.svg", folder)
    lessons = sorted((ROOT / "solutions").glob("[0-9][0-9]-*.ipynb"))
    for path in lessons:
        write_lesson(path, folder / "lessons")
    for name, page in DOCUMENTS.items():
        if (ROOT / name).exists():
            text = (ROOT / name).read_text(encoding="utf-8")
            (folder / f"{page}.md").write_text(with_links(text, name), encoding="utf-8")
    modules = write_api(folder / "api")
    write_front(folder, lessons)
    return modules


def write_front(folder, lessons):
    """The landing page: buttons, the list of lessons, and what stands in the margin."""
    repository = links.address()
    listed = [f"- [{title_of(path)}](lessons/{path.name})" for path in lessons]
    page = (folder / "index.md").read_text(encoding="utf-8").replace("REPOSITORY", repository)
    page = page.replace("<!-- launch -->", launch(None, "")).replace("<!-- lessons -->", "\n".join(listed))
    instructors = [page for name, page in DOCUMENTS.items() if (ROOT / name).exists()]
    page += toctree("Lessons", [f"lessons/{path.stem}" for path in lessons])
    page += toctree("Beside the lessons", ["glossary", *instructors, "api/index"])
    (folder / "index.md").write_text(page, encoding="utf-8")


def toctree(caption, pages):
    return f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(pages) + "\n```\n"


def launch(lesson, up):
    """The buttons that open the workshop, or one lesson of it, to work in. `up` leads to the site's first page."""
    name, binder = lesson or "00-start-here.ipynb", links.binder(links.address())
    in_browser = f'<a class="first" href="{up}{LITE}{name}">Open in your browser</a>'
    on_binder = f'<a href="{binder.replace("00-start-here.ipynb", name)}">Open on Binder</a>'
    code = "" if lesson else f'<a href="{links.address()}">Code</a>'
    tested = lesson is None or lesson < "08"
    return f'<div class="launch">{in_browser if tested else ""}{on_binder}{code}</div>'


def title_of(path):
    return re.match(r"# (.+)", nbformat.read(path, as_version=4).cells[0].source).group(1)


def write_lesson(path, folder):
    """A lesson to read: pictures as files, answers folded away, what only moves in the lesson told in words."""
    folder.mkdir(exist_ok=True)
    notebook = nbformat.read(path, as_version=4)
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for name, kinds in cell.pop("attachments", {}).items():
                (folder / name).write_bytes(base64.b64decode(next(iter(kinds.values()))))
            cell.source = cell.source.replace("(attachment:", "(")
            cells.append(cell)
        else:
            cell.outputs = [shown for shown in map(readable, cell.outputs) if shown]
            cells += folded(cell)
    head = cells[0].source.split("\n", 1)
    cells[0].source = f"{head[0]}\n\n{launch(path.name, '../')}\n{head[1] if len(head) > 1 else ''}"
    notebook.cells = cells
    nbformat.write(nbformat.from_dict(notebook), folder / path.name)


def folded(cell):
    """A cell of code as a learner finds it; then, folded, the answer; then what the answer gives."""
    answers = ANSWER.findall(cell.source)
    if not answers:
        return [cell]
    opened = nbformat.v4.new_code_cell(re.sub(r"\n{3,}", "\n\n", ANSWER.sub("", cell.source)).strip())
    lines = "\n\n".join(answers)
    answer = nbformat.v4.new_markdown_cell(
        f"<details><summary>One answer</summary>\n\n```python\n{lines}\n```\n\n</details>"
    )
    cell.metadata["tags"] = ["remove-input"]
    return [opened, answer, cell] if cell.outputs else [opened, answer]


def readable(output):
    """An output without what needs a running kernel: instead of a widget, a sentence."""
    data = output.get("data", {})
    if not any("widget" in kind for kind in data):
        return output
    words = "".join(data.get("text/plain", ""))
    if re.match(r"\w+\(", words) or "it/s" in words:  # the innards of a slider, or a bar that is gone
        words = "Here are sliders and buttons: open the lesson to move them." if "it/s" not in words else ""
    if not words:
        return None
    html = f'<p class="in-the-lesson">{words}</p>'
    return nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": words})


def with_links(text, name):
    """A document of the repository with links that hold on the site: to its page, or to the file in the public repository."""
    here = Path(name).parent

    def led(match):
        words, target, anchor = match.groups()
        path = os.path.normpath(here / target)
        if not (ROOT / path).exists():
            return match.group(0)
        if path in DOCUMENTS:
            return f"{words}({DOCUMENTS[path]}.md{anchor or ''})"
        if path in FILES:
            return f'<a href="{FILES[path]}">{words[1:-1]}</a>'
        if re.fullmatch(r"(notebooks|solutions)/\d\d-[\w-]+\.ipynb", path):
            return f"{words}(lessons/{Path(path).name})"
        return f"{words}({links.address()}/blob/HEAD/{path}{anchor or ''})"

    return re.sub(r"(\[[^\]]*\])\((?!\w+:)([^)#\s]+)(#[^)\s]*)?\)", led, text)


def write_api(folder):
    """A page for each module that has something to show, and an index by floors."""
    folder.mkdir()
    pages, listed = (
        {},
        ["# Functions and models", "", "Made from the docstrings; the examples are run by the tests.", ""],
    )
    for path in sorted((ROOT / "workshop").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT / "workshop").with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) for node in tree.body):
            pages[name] = (ast.get_docstring(tree) or "").split("\n")[0]
    chosen = []
    for heading, wanted in FLOORS:
        listed += [f"## {heading}", ""]
        for name in pages:
            belongs = any(name == one or (one.endswith(".") and name.startswith(one)) for one in wanted)
            if belongs and name not in chosen:
                chosen.append(name)
                listed.append(f"- [`workshop.{name}`]({name}.rst): {pages[name]}")
                title = f"workshop.{name}"
                text = f"{title}\n{'=' * len(title)}\n\n.. automodule:: {title}\n   :members:\n"
                (folder / f"{name}.rst").write_text(text, encoding="utf-8")
        listed.append("")
    (folder / "index.md").write_text("\n".join(listed) + toctree("API", chosen), encoding="utf-8")
    return chosen
