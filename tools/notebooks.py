"""Make the notebooks from the lessons' text: `python tools/notebooks.py [--check] [02 08 …]`.

A lesson is written once, in solutions/NN-name.py. From it come the solved notebook beside it (executed, with output), the
learner's notebook in notebooks/ with the exercises open, and a pristine copy of that in the package, for `workshop reset`.
"""

import argparse
import base64
import mimetypes
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbgrader.preprocessors import ClearSolutions

ROOT = Path(__file__).resolve().parents[1]
SOLUTIONS, NOTEBOOKS, PRISTINE = ROOT / "solutions", ROOT / "notebooks", ROOT / "workshop" / "lessons"
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read_lesson(path):
    """The lesson as a notebook: pictures attached, the kernel named, and cell names that stay the same."""
    notebook = jupytext.read(path)
    notebook.metadata = nbformat.from_dict(KERNEL)
    notebook.nbformat_minor = 5
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{path.stem[:2]}-{number:03d}"
        cell.metadata.pop("lines_to_next_cell", None)
        pictures = re.findall(r"\(attachment:([^)]+)\)", cell.source) if cell.cell_type == "markdown" else []
        if pictures:
            cell.attachments = {
                name: {mimetypes.guess_type(name)[0]: _encoded(path.parent / "images" / name)} for name in pictures
            }
    return notebook


def open_exercises(solved):
    """The learner's notebook: what stands between the solution markers is gone."""
    notebook = deepcopy(solved)
    clear = ClearSolutions(code_stub={"python": ""}, enforce_metadata=False)
    notebook, _ = clear.preprocess(notebook, {})
    for cell in notebook.cells:
        cell.source = re.sub(
            r"\n\s*\n(\s*\n)+", "\n\n", re.sub(r"[ \t]+$", "", cell.source, flags=re.MULTILINE)
        ).strip()
    return notebook


def execute(notebook, **settings):
    """Run every cell in place; an error in any of them ends the making. `settings` go to the NotebookClient."""
    client = NotebookClient(
        notebook,
        timeout=900,  # on a computer that does other things, too
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
        **settings,
    )
    client.execute()
    return notebook


def text_of(notebook):
    """The bytes of a notebook file."""
    return nbformat.writes(notebook) + "\n"


def sources(notebook):
    """What a notebook says, without its output."""
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def out_of_step():
    """Files that do not follow from their source, as paths."""
    stale = []
    for lesson in sorted(SOLUTIONS.glob("[0-9][0-9]-*.py")):
        solved, name = read_lesson(lesson), f"{lesson.stem}.ipynb"
        opened = text_of(open_exercises(solved))
        stale += [folder / name for folder in (NOTEBOOKS, PRISTINE) if _text(folder / name) != opened]
        executed = _text(SOLUTIONS / name)
        if not executed or sources(nbformat.reads(executed, as_version=4)) != sources(solved):
            stale.append(SOLUTIONS / name)
    return [path.relative_to(ROOT) for path in stale]


def make(numbers=()):
    """Write all notebooks, or those with these numbers."""
    PRISTINE.mkdir(exist_ok=True)
    lessons = sorted(SOLUTIONS.glob("[0-9][0-9]-*.py"))
    wanted = [lesson for lesson in lessons if not numbers or lesson.stem[:2] in numbers]
    # Each runs in a kernel of its own, so two at a time keep two cores busy.
    with ThreadPoolExecutor(2) as pool:
        for name in pool.map(_make, wanted):
            print(f"made {name}", flush=True)


def _make(lesson):
    solved, name = read_lesson(lesson), f"{lesson.stem}.ipynb"
    opened = text_of(open_exercises(solved))
    for folder in (NOTEBOOKS, PRISTINE):
        (folder / name).write_text(opened, encoding="utf-8")
    (SOLUTIONS / name).write_text(text_of(execute(solved)), encoding="utf-8")
    return name


def _encoded(path):
    return base64.b64encode(path.read_bytes()).decode()


def _text(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a notebook is out of step with its source"
    )
    parser.add_argument("numbers", nargs="*", metavar="NN", help="only these lessons")
    options = parser.parse_args()
    if not options.check:
        return make(options.numbers)
    stale = out_of_step()
    if stale:
        sys.exit("Out of step with solutions/*.py: " + ", ".join(map(str, stale)) + ". Run `make notebooks`.")


if __name__ == "__main__":
    main()
