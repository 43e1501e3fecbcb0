"""The pages for instructors agree with what they are about: the exercises, the lessons, the slides, the commands."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.exercises import exercises

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")
HANDOUT = (ROOT / "instructors" / "handout.html").read_text(encoding="utf-8")
LESSONS = {
    path.stem[:2]: path.read_text(encoding="utf-8") for path in sorted((ROOT / "solutions").glob("[0-9][0-9]-*.py"))
}
MAIN = [number for number in LESSONS if number <= "07"]
KNOWN = exercises()


def prose(lesson):
    """The prose of a lesson in one line, without the signs of comments."""
    return re.sub(r"\s+", " ", re.sub(r"(?m)^# ?", "", LESSONS[lesson]))


def section(number):
    """What stands under the heading of an exercise."""
    found = re.search(rf"(?ms)^#### {re.escape(number)} (.+?)\n(.*?)(?=^#{{3,4}} |^\*\*To discuss|\Z)", TEXT)
    assert found, f"INSTRUCTORS.md says nothing of exercise {number}"
    return found.groups()


def of_main():
    return [number for number in KNOWN if f"{int(number.split('.')[0]):02}" in MAIN]


def plan(minutes):
    """A plan's lines as (from, to, what, leave out), times in minutes."""
    table = re.search(rf"<!-- plan {minutes} -->\n(.*?)\n\n", TEXT, re.DOTALL).group(1).splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    clock = [[int(hour) * 60 + int(minute) for hour, minute in (time.split(":") for time in row[:2])] for row in cells]
    return [(*times, row[2], row[4]) for times, row in zip(clock, cells, strict=True)]


@pytest.mark.parametrize("number", of_main())
def test_an_exercise_is_there_under_the_title_that_it_has_in_its_lesson(number):
    lesson = LESSONS[f"{int(number.split('.')[0]):02}"]
    assert f"### Exercise {number}: {section(number)[0]}\n" in lesson


@pytest.mark.parametrize("number", of_main())
def test_what_is_said_of_an_exercise_is_about_mistakes_that_its_card_knows(number):
    said = re.findall(r"(?m)^- \*\*(.+?)\*\*: (.+)$", section(number)[1])
    names, cards = zip(*((mistake.name, mistake.says) for mistake in KNOWN[number].mistakes), strict=True)
    assert [name for name, _ in said if name not in names] == []
    assert len({name for name, _ in said}) == len(said) >= 3
    assert all(len(word) >= 6 and word not in cards for _, word in said)


def test_no_exercise_is_explained_that_does_not_exist():
    assert set(re.findall(r"(?m)^#### (\d+\.\d+) ", TEXT)) == set(of_main())


@pytest.mark.parametrize("lesson", MAIN)
def test_the_question_to_discuss_is_that_of_the_lesson_and_has_a_good_answer(lesson):
    question = re.search(r"\*\*To discuss:\*\* (.+?) \*\*Next:", prose(lesson)).group(1)
    asked = re.search(rf"(?ms)^### {lesson} .*?^\*\*To discuss:\*\* (.+?)\n\*A good answer\*(.+?)\n\n", TEXT)
    assert asked.group(1) == question
    assert len(asked.group(2)) > 60


def test_the_extras_are_there_with_each_of_their_exercises():
    for lesson in LESSONS.keys() - MAIN:
        row = re.search(rf"(?m)^\| {lesson} [A-Z].+$", TEXT)
        assert row, f"INSTRUCTORS.md has no line for notebook {lesson}"
        for number in (number for number in KNOWN if int(number.split(".")[0]) == int(lesson)):
            assert f"{number}:" in row.group(), number


def test_all_words_of_all_cards_stand_on_their_page():
    made = subprocess.run([sys.executable, ROOT / "tools" / "cards.py", "--check"], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


@pytest.mark.parametrize("minutes", [210, 90])
def test_a_plan_has_no_gap_and_lasts_as_long_as_it_says(minutes):
    rows = plan(minutes)
    assert rows[0][0] == 0 and rows[-1][1] == minutes
    assert all(first[1] == second[0] and first[0] < first[1] for first, second in zip(rows, rows[1:], strict=False))


def test_the_long_plan_goes_through_all_notebooks_and_leaves_out_only_what_exists():
    assert re.findall(r"notebook (\d\d)", " ".join(what for _, _, what, _ in plan(210))) == MAIN
    for minutes in (210, 90):
        for _, _, what, out in plan(minutes):
            lesson = "".join(re.findall(r"notebook (\d\d)", what))
            for number in re.findall(r"\d\.\d", out):
                assert number in KNOWN and int(number[0]) == int(lesson)
            for heading in re.findall(r"\*(.+?)\*", out):
                assert f"## {heading}" in LESSONS[lesson]


def test_a_notebook_gets_its_minutes_unless_something_is_left_out():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    needs = {number: int(minutes) for number, minutes in re.findall(r"\| \[(\d\d) [^|]+\| (\d+) \|", readme)}
    assert sum(needs.values()) == int(re.search(r"00 to 07 take (\d+) minutes", TEXT).group(1))
    for start, end, what, out in plan(210):
        lesson = re.search(r"notebook (\d\d)", what)
        assert not lesson or end - start >= needs[lesson.group(1)] or out, what


def test_both_plans_show_every_slide_once():
    tool = pytest.importorskip("jupytext")
    cells = tool.read(ROOT / "slides" / "primer.py").cells
    last = sum(cell.metadata.get("slideshow", {}).get("slide_type") == "slide" for cell in cells)
    assert f"{last} slides in 30 minutes" in TEXT
    for minutes in (210, 90):
        spans = re.findall(r"slides (\d+)–(\d+)", " ".join(what for _, _, what, _ in plan(minutes)))
        assert sorted(n for first, end in spans for n in range(int(first), int(end) + 1)) == list(range(1, last + 1))


def test_every_command_that_is_named_exists():
    commands = set(re.findall(r"`workshop (\w+)", TEXT + HANDOUT)) | set(re.findall(r"<code>workshop (\w+)", HANDOUT))
    helps = subprocess.run(
        [sys.executable, "-m", "workshop", "--help"], capture_output=True, text=True, cwd=ROOT
    ).stdout
    assert commands and all(re.search(rf"\b{command}\b", helps) for command in commands)
    targets = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert set(re.findall(r"`make ([a-z-]+)", TEXT)) <= set(targets)


@pytest.mark.parametrize("name", ["INSTRUCTORS.md", "instructors/cards.md"])
def test_every_link_leads_somewhere(name):
    text, folder = (ROOT / name).read_text(encoding="utf-8"), (ROOT / name).parent
    headings = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-") for line in re.findall(r"(?m)^#+ (.+)$", text)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings, target
        else:
            assert (folder / target).exists(), target


def test_the_calls_on_the_page_for_learners_run(tmp_path):
    code = "\n".join(html.unescape(block) for block in re.findall(r"<pre><code>(.*?)</code></pre>", HANDOUT, re.DOTALL))
    (tmp_path / "page.py").write_text(code, encoding="utf-8")
    # As for a learner, who does not see what pyparsing says to an older matplotlib.
    strict = ["-W", "error::UserWarning", "-W", "ignore::DeprecationWarning"]
    run = subprocess.run([sys.executable, *strict, "page.py"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "release" / "README-synthetic.md").exists()


def test_the_ladder_on_the_page_for_learners_is_the_measured_one():
    from workshop.risk_utility import LADDER

    rungs = re.findall(r'<th scope="row">([^<]+)</th>', HANDOUT.split("The ladder of uses")[1].split("</table>")[0])
    assert rungs == list(LADDER)[::-1]


def test_the_figures_of_machines_have_their_place():
    assert re.search(r"(?s)## How big a machine\n\n<!-- machine -->\n.+\n<!-- /machine -->", TEXT)
