"""Bring back a pristine notebook, and keep what the learner made of it.

The pristine notebooks travel inside the package. The learner's own is copied first; only when the copy is safe does the
pristine one take its place, in one step, so that at no moment is there half a notebook or none.
"""

import json
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

PRISTINE = Path(__file__).with_name("lessons")


def lessons(pristine=PRISTINE):
    """The pristine notebooks, as {"00": path, …}."""
    return {path.name[:2]: path for path in sorted(Path(pristine).glob("[0-9][0-9]-*.ipynb"))}


def reset(number, folder="notebooks", pristine=PRISTINE):
    """Bring back one notebook.

    Parameters
    ----------
    number : str
        Such as "01".
    folder : str or pathlib.Path
        Where the learner's notebooks are.
    pristine : str or pathlib.Path
        Where the pristine ones are.

    Returns
    -------
    str
        What was done, in a sentence.

    Raises
    ------
    ValueError
        If there is no such notebook.
    OSError
        If the copy or the notebook cannot be written; the learner's notebook is then as it was.
    """
    known = lessons(pristine)
    number = str(number).zfill(2)
    if number not in known:
        raise ValueError(f"There is no notebook {number}; there are {', '.join(known)}.")
    fresh, mine = known[number], Path(folder) / known[number].name
    if mine.exists() and mine.read_bytes() == fresh.read_bytes():
        return f"{mine.name} is as fresh as it can be; nothing was changed."
    kept = copy_beside(mine) if mine.exists() else None
    mine.parent.mkdir(parents=True, exist_ok=True)
    _put_in_place(fresh, mine)
    return f"{mine.name} is fresh again." + (f" What you had is kept in {kept.name}." if kept else "")


def rescue(folder="notebooks"):
    """Bring back notebooks that were cut off: Jupyter was killed, or the machine went down, in the middle of saving.

    While it writes, Jupyter keeps the version before under the name .~NN-….ipynb. Where a notebook cannot be read and that version can, it takes
    its place; the broken one is kept beside it.

    Parameters
    ----------
    folder : str or pathlib.Path

    Returns
    -------
    list of str
        What was done, a sentence for each notebook.
    """
    said = []
    for spare in sorted(Path(folder).glob(".~*.ipynb")):
        mine = spare.with_name(spare.name.removeprefix(".~"))
        if _is_notebook(spare) and not _is_notebook(mine):
            kept = copy_beside(mine) if mine.exists() and mine.stat().st_size else None
            os.replace(spare, mine)
            beside = f" What was cut off is kept in {kept.name}." if kept else ""
            said.append(f"{mine.name} was cut off while it was saved; the version before is back.{beside}")
    return said


def _is_notebook(path):
    try:
        return "cells" in json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def copy_beside(mine):
    """Copy a file to one of its own beside it, never over another; return where."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    for attempt in range(1, 1000):
        kept = mine.with_name(f"{mine.stem}.mine-{stamp}{f'-{attempt}' if attempt > 1 else ''}{mine.suffix}")
        try:
            with open(kept, "xb") as file:  # "x": never over another copy
                file.write(mine.read_bytes())
            return kept
        except FileExistsError:
            continue
        except OSError:
            kept.unlink(missing_ok=True)
            raise
    raise FileExistsError(f"There are too many copies of {mine.name}: remove some of {mine.stem}.mine-*.")


def _put_in_place(fresh, mine):
    handle, unfinished = tempfile.mkstemp(prefix=".unfinished-", dir=mine.parent)
    os.close(handle)
    try:
        shutil.copyfile(fresh, unfinished)
        shutil.copymode(mine if mine.exists() else fresh, unfinished)
        os.replace(unfinished, mine)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise
