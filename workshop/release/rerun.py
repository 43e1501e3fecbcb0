"""Alice's script, unchanged, on any table: the table is put under the name of the private file into an empty folder, and the script is run there."""

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pandas as pd

from workshop import browser
from workshop.data import write_table
from workshop.release.in_browser import run_here
from workshop.table import TableError, as_table

PRIVATE_FILE = "super_private_data_file.csv"
_PACKAGE = Path(__file__).resolve().parents[1]
#: In the repository, or inside the installed package.
SCRIPTS = (_PACKAGE.parent / "data" / "analysis.py", _PACKAGE / "_data" / "analysis.py")


@dataclass(frozen=True)
class Rerun:
    """What the script wrote.

    Attributes
    ----------
    results : pandas.DataFrame
        By coefficient: estimate, se, p.
    figure : bytes
        A png file.
    note : str
        What stood in for a package that is not there, if anything did.
    """

    results: pd.DataFrame
    figure: bytes = field(repr=False)
    note: str = ""

    @property
    def sentence(self):
        """The finding."""
        percent = self.results.loc["percent per 10 points", "estimate"]
        p = self.results.loc["greenness", "p"]
        return f"{percent:+.1f} % for 10 more points of greenness ({'p < 0.001' if p < 0.001 else f'p = {p:.3f}'})"

    def beside(self, *others, names):
        """Several results side by side, each under its name."""
        return SideBySide(tuple(zip(names, (self, *others), strict=True)))

    def _repr_html_(self):
        return SideBySide((("", self),))._repr_html_()


@dataclass(frozen=True)
class SideBySide:
    """Named results; a notebook shows their figures in a row."""

    made: tuple = field(repr=False)

    def __repr__(self):
        return "; ".join(f"{name}: {one.sentence}" for name, one in self.made)

    def _repr_html_(self):
        cells = "".join(
            f'<figure style="flex: 1 1 180px; max-width: 320px; margin: 0 1em 0 0"><figcaption><strong>{escape(name)}</strong><br>{escape(one.sentence)}</figcaption>'
            f'<img alt="{escape(name)}: usual gift spending in five groups of greenness; {escape(one.sentence)}" style="width: 100%" '
            f'src="data:image/png;base64,{base64.b64encode(one.figure).decode()}"></figure>'
            for name, one in self.made
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in dict.fromkeys(one.note for _, one in self.made) if note)
        return f'<div style="display: flex; flex-wrap: wrap">{cells}</div>{notes}'


def rerun(table, script=None):
    """Run Alice's script on a table.

    Parameters
    ----------
    table : pandas.DataFrame, str or path
        The table, or a csv file that is taken as it is.
    script : str or path, optional
        Another script that reads the private file and writes results.csv and figure.png; `data/analysis.py` if left out.

    Returns
    -------
    Rerun

    Raises
    ------
    TableError
        If there is no such file, or the script fails on it.
    """
    script = Path(script) if script else next(path for path in SCRIPTS if path.exists())
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if isinstance(table, str | Path):
            if not Path(table).is_file():
                raise TableError(f"There is no file '{table}': make the release first, or check the name.")
            shutil.copyfile(table, folder / PRIVATE_FILE)
        else:
            write_table(as_table(table), folder / PRIVATE_FILE)
        trouble, note = run_here(script.resolve(), folder) if browser.IN_BROWSER else _run_apart(script, folder)
        if trouble:
            raise TableError(f"{script.name} fails on this table: {trouble:.200}.")
        return Rerun(pd.read_csv(folder / "results.csv", index_col=0), (folder / "figure.png").read_bytes(), note)


def _run_apart(script, folder):
    """As `run_here`, in a process of its own."""
    quiet = {**os.environ, "MPLBACKEND": "Agg"}
    ran = subprocess.run(
        [sys.executable, script.resolve()], cwd=folder, env=quiet, capture_output=True, text=True, check=False
    )
    return (ran.stderr.strip().splitlines() or ["no message"])[-1] if ran.returncode else "", ""
