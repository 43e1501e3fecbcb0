"""Write instructors/cards.md: the words of all cards, from the exercises themselves: `python tools/cards.py [--check]`."""

import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "instructors" / "cards.md"
sys.path.insert(0, str(ROOT))

from workshop.exercises import exercises  # noqa: E402

HEAD = """# What the cards say

Every mistake that an exercise knows, and the sentence that a learner reads. Made from the exercises by `make cards`; what to say next stands
in [INSTRUCTORS.md](../INSTRUCTORS.md).
"""


def page():
    """The page as text: a table for each notebook."""
    parts = [HEAD]
    in_order = sorted(exercises().values(), key=lambda exercise: [int(part) for part in exercise.number.split(".")])
    for lesson, group in groupby(in_order, key=lambda exercise: exercise.number.split(".")[0]):
        parts.append(f"\n## Notebook {lesson.zfill(2)}\n\n| exercise | mistake | the card |\n|---|---|---|\n")
        for exercise in group:
            parts += [
                f"| {exercise.number} | {mistake.name} | {_cell(mistake.says)} |\n" for mistake in exercise.mistakes
            ]
    return "".join(parts)


def _cell(text):
    """A sentence as a table can hold it: a bar would end the cell, a star would slant it."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def main():
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        sys.exit("instructors/cards.md is out of step with the exercises. Run `make cards`.")


if __name__ == "__main__":
    main()
