"""The notebooks: in step with their source, written by the rules, and running to their end however they are answered."""

import re
import sys
from pathlib import Path

import nbformat
import pytest
from memory import kernels_with
from nbclient.exceptions import DeadKernelError

ROOT = Path(__file__).resolve().parents[1]
pytest.importorskip("nbgrader", reason="the author's tools are not installed")
sys.path.insert(0, str(ROOT / "tools"))
import notebooks as tool  # noqa: E402

LESSONS = sorted((ROOT / "solutions").glob("[0-9][0-9]-*.py"))
SOLVED = {lesson.stem: tool.read_lesson(lesson) for lesson in LESSONS}
#: All tests of a notebook go to one process, which runs it once.
NAMES = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in SOLVED]
STATES = [pytest.param(False, id="untouched", marks=pytest.mark.once), pytest.param(True, id="solved")]
OPEN = {name: tool.open_exercises(solved) for name, solved in SOLVED.items()}
#: Gigabytes that a kernel gets; notebook 13 is about a million records.
MEMORY, MEMORY_OF_A_MILLION = 1.0, 1.5
CELLS = [(name, cell) for name, notebook in SOLVED.items() for cell in notebook.cells]


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def text_of_outputs(notebook):
    return "\n".join(
        str(output.get("text", output.get("data", {}).get("text/plain", ""))) for output in outputs(notebook)
    )


@pytest.fixture(scope="module")
def run():
    done = {}

    def once(name, solved=False, replace=()):
        key = (name, solved, replace)
        if key not in done:
            notebook = nbformat.from_dict((SOLVED if solved else OPEN)[name])
            for cell in notebook.cells:
                for old, new in replace:
                    cell.source = cell.source.replace(old, new)
            # Where the system cannot limit a kernel, what it took is read off and held against the same limit.
            limit = MEMORY_OF_A_MILLION if name.startswith("13") else MEMORY
            with kernels_with(limit) as kernels:
                done[key] = tool.execute(notebook, kernel_manager_class=kernels)
            assert kernels.peak is None or kernels.peak <= limit, f"{name} took {kernels.peak:.2f} GB"
        return done[key]

    return once


def test_a_kernel_that_wants_more_memory_than_there_is_ends():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("filled = bytearray(b'x' * 600_000_000)")])
    notebook.metadata = nbformat.from_dict(tool.KERNEL)
    with kernels_with(0.3) as kernels:
        if not kernels.limited:
            pytest.skip("only root may limit a kernel's memory")
        with pytest.raises(DeadKernelError):
            tool.execute(notebook, kernel_manager_class=kernels)


def test_all_notebooks_are_in_step_with_their_source():
    assert tool.out_of_step() == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("solved", STATES)
def test_a_notebook_runs_to_its_end_without_error_or_warning(run, name, solved):
    notebook = run(name, solved)
    assert not [output for output in outputs(notebook) if output.output_type in ("error", "stream")]
    assert "arning" not in text_of_outputs(notebook)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("solved", STATES)
def test_every_exercise_is_open_when_untouched_and_right_when_solved(run, name, solved):
    asked = re.findall(r'check\("([\d.]+)"', "\n".join(cell.source for cell in SOLVED[name].cells))
    assert asked
    for number in asked:
        assert f"Exercise {number} · {'Right' if solved else 'Still open'}" in text_of_outputs(run(name, solved))


@pytest.mark.parametrize(("column", "solved"), [("mdvis", False), ("mdvis", True), ("disea", True), ("lpi", True)])
def test_notebook_01_works_on_the_rand_health_insurance_table(run, tmp_path_factory, column, solved):
    randhie = pytest.importorskip("statsmodels.datasets").randhie
    path = tmp_path_factory.mktemp("rand") / "randhie.csv"
    randhie.load_pandas().data.to_csv(path, index=False)
    line = 'income = load("gifts")["income"]'
    assert sum(line in cell.source for cell in SOLVED["01-generative-models"].cells) == 1
    replace = ((line, f"from workshop import read_table\nincome = read_table({str(path)!r})[{column!r}]"),)
    notebook = run("01-generative-models", solved, replace)
    assert not [output for output in outputs(notebook) if output.output_type in ("error", "stream")]
    state = "Right" if solved else "Still open"
    assert len(re.findall(rf"Exercise 1\.\d · {state}", text_of_outputs(notebook))) == 5


@pytest.mark.parametrize("rubbish", ['"forty"', "None", "[1, None]"])
def test_a_notebook_answered_with_rubbish_runs_to_its_end(run, rubbish):
    notebook = run("01-generative-models", False, ((" = ...", f" = {rubbish}"),))
    assert not [output for output in outputs(notebook) if output.output_type in ("error", "stream")]
    assert len(re.findall(r"Exercise 1\.\d · Not yet", text_of_outputs(notebook))) == 5


def test_the_learners_notebooks_hold_no_solution_and_no_output():
    for name, notebook in OPEN.items():
        for cell in notebook.cells:
            assert "SOLUTION" not in cell.source, name
            assert not cell.get("outputs"), name


@pytest.mark.parametrize("name", NAMES)
def test_the_solved_notebooks_show_no_place_of_the_machine_that_ran_them(name):
    executed = (ROOT / "solutions" / f"{name}.ipynb").read_text(encoding="utf-8")
    assert not re.search(r"/(root|home|Users|tmp)/|C:\\\\Users", executed) and str(ROOT) not in executed


@pytest.mark.parametrize("name", NAMES)
def test_the_kernel_is_named_so_that_no_dialog_asks(name):
    assert OPEN[name].metadata.kernelspec.name == "python3"


def test_a_cell_of_code_has_at_most_fifteen_lines():
    assert not [
        (name, cell.source) for name, cell in CELLS if cell.cell_type == "code" and len(cell.source.splitlines()) > 15
    ]


def test_no_more_than_two_paragraphs_stand_in_a_cell_of_prose_beside_hints():
    for name, cell in CELLS:
        if cell.cell_type == "markdown":
            prose = re.sub(
                r"<details>.*?</details>|```.*?```|^#.*?$|^!\[.*?$|^\d\..*?$",
                "",
                cell.source,
                flags=re.DOTALL | re.MULTILINE,
            )
            assert len([part for part in prose.split("\n\n") if part.strip()]) <= 3, (name, cell.source)


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_names_its_driver_and_has_two_hints(name):
    text = "\n".join(cell.source for cell in SOLVED[name].cells if cell.cell_type == "markdown")
    exercises = re.split(r"### Exercise ", text)[1:]
    assert exercises
    for exercise in exercises:
        assert re.search(r"\*\*[AB] drives\.\*\*", exercise)
        assert exercise.count("<summary>Hint") >= 2


def test_drivers_alternate():
    for name, notebook in SOLVED.items():
        text = "\n".join(cell.source for cell in notebook.cells)
        drivers = re.findall(r"\*\*([AB]) drives", text)
        assert all(first != second for first, second in zip(drivers, drivers[1:], strict=False)), name


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_ends_with_three_lines_a_question_and_what_comes_next(name):
    ending = SOLVED[name].cells[-1].source
    assert len(re.findall(r"^\d\. ", ending, flags=re.MULTILINE)) == 3
    assert "**To discuss:**" in ending and "**Next:**" in ending


def test_every_link_leads_somewhere_and_every_picture_has_words():
    for name, cell in CELLS:
        for words, target in re.findall(
            r"(!?\[[^\]]*\])\(([^)]+)\)", cell.source if cell.cell_type == "markdown" else ""
        ):
            if target.startswith("attachment:"):
                assert target.removeprefix("attachment:") in cell.attachments
                assert len(words) > 20, (name, words)
            elif not target.startswith("http"):
                assert (ROOT / "notebooks" / target).exists(), (name, target)
