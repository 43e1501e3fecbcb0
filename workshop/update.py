"""Bring in new lessons with git, and leave every notebook that the learner has changed exactly as it is.

`git pull` stops when a notebook was changed on both sides, and a merge would write marks into it that no notebook survives. So changed files are
first copied beside, then the new lessons come in, then the learner's own are put back. The fresh lesson waits in the package: `workshop reset NN`.
"""

import os
import shutil
import subprocess
from pathlib import Path

from workshop.reset import copy_beside


def update(folder="."):
    """Bring in what is new.

    Parameters
    ----------
    folder : str or pathlib.Path
        Inside a clone of the repository.

    Returns
    -------
    str
        What was done, in a sentence or two.

    Raises
    ------
    ValueError
        If this is no clone, the other side cannot be reached, or commits were made on both sides; nothing is changed then.
    OSError
        If a copy cannot be written; nothing is changed then.
    """
    root = Path(
        _git(
            folder, "rev-parse", "--show-toplevel", or_say="This folder is no clone of the workshop's repository"
        ).strip()
    )
    _git(root, "fetch", "--quiet", or_say="The new lessons cannot be fetched")
    _git(
        root,
        "rev-parse",
        "--verify",
        "--quiet",
        "@{upstream}",
        or_say="This branch follows no other, so nothing new can come",
    )
    theirs = _paths(root, "HEAD..@{upstream}")
    if not theirs:
        return "There is nothing new; nothing was changed."
    if _git(root, "rev-list", "@{upstream}..HEAD").strip():
        raise ValueError("You made commits of your own, so nothing was changed: bring the two together with git pull.")
    changed = sorted(set(theirs) & set(_paths(root, "HEAD")))
    untracked = _listed(_git(root, "ls-files", "--others", "-z", "--", *theirs))
    mine = sorted(name for name in {*changed, *untracked} if (root / name).is_file())
    copies = _safe_copies(root, mine)
    try:
        if changed:
            _git(root, "checkout", "--quiet", "HEAD", "--", *changed)
        for name in untracked:
            (root / name).unlink()
        _git(root, "merge", "--ff-only", "--quiet", "@{upstream}", or_say="The new lessons could not be put in")
    finally:
        for name, kept in copies.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(kept, root / name)
    return _in_words(mine)


def _safe_copies(root, names):
    """The learner's files, copied beside; all or none."""
    copies = {}
    try:
        for name in names:
            copies[name] = copy_beside(root / name)
            shutil.copystat(root / name, copies[name])
    except OSError:
        for kept in copies.values():
            kept.unlink(missing_ok=True)
        raise
    return copies


def _in_words(mine):
    if not mine:
        return "The new lessons are in."
    numbers = [Path(name).name[:2] for name in mine if name.endswith(".ipynb")]
    kept = f"The new lessons are in. You had changed {', '.join(mine)}: yours stay as they are."
    return kept + (f" For a fresh one, with yours kept beside it: workshop reset {numbers[0]}." if numbers else "")


def _paths(root, revisions):
    """The files that differ, as paths from the root."""
    return _listed(_git(root, "diff", "--name-only", "-z", "--no-renames", revisions, "--"))


def _listed(names):
    return [name for name in names.split("\0") if name]


def _git(folder, *arguments, or_say=None):
    """What git answers; or a ValueError in a sentence."""
    # No questions (a password, an editor) that a learner in a terminal of JupyterLab would not know how to answer.
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        run = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, env=quiet)
    except FileNotFoundError:
        raise ValueError("git is not installed: new lessons come with a new version of the package.") from None
    if run.returncode:
        reason = (run.stderr.strip().splitlines() or ["git gave no reason"])[-1]
        raise ValueError(f"{or_say or 'git could not do it'}: {reason.rstrip('.')}.")
    return run.stdout
