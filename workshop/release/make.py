"""Put a release together: data, codebook, how it was made, what it is good for and what it gives away, all checked and summed.

The release appears when it is complete; if anything goes wrong on the way, nothing of it is left behind.
"""

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from html import escape
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from workshop.data import write_table
from workshop.dials import labelled
from workshop.labelled import descriptions as said_by_file
from workshop.measures.handed_on import handed_on
from workshop.measures.report import disclosure_report
from workshop.models.metadata import Metadata
from workshop.release.cautions import cautions_about
from workshop.release.codebook import as_markdown, codebook
from workshop.release.measures_pages import disclosure_page, utility_page
from workshop.release.readme import readme
from workshop.release.script import check_source, script, versions
from workshop.release.standards import croissant, data_package, sha256
from workshop.risk_utility import ladder
from workshop.table import TableError, as_table, with_columns

SUMS = "SHA256SUMS.txt"
#: Rungs of the ladder that ask for a regression: without a formula nobody can tell.
_ASK_FOR_A_FORMULA = ("run the script", "estimate")


@dataclass(frozen=True)
class Release:
    """What was written.

    Attributes
    ----------
    folder : pathlib.Path
    files : tuple of str
    cautions : tuple of str
        What somebody should decide on before the folder leaves the house.
    """

    folder: Path
    files: tuple
    cautions: tuple = field(default=())

    def __str__(self):
        return "\n".join([f"{self.folder}: {len(self.files)} files.", *(f"Caution: {one}" for one in self.cautions)])

    def _repr_html_(self):
        cautions = "".join(f"<p><strong>Caution.</strong> {escape(one)}</p>" for one in self.cautions)
        return f"<p>A release in the folder <strong>{escape(str(self.folder))}</strong>: {escape(', '.join(self.files))}.</p>{cautions}"


def make_release(
    synthetic,
    model,
    observed,
    keys,
    to="release",
    *,
    name="synthetic_data",
    title="Synthetic data",
    description="",
    descriptions=None,
    units=None,
    holdout=None,
    formula=None,
    source='read_table("observed.csv")',
    seed=None,
    label=False,
    include_model=None,
    creator="",
    licence="",
    citation="",
    url="",
    overwrite=False,
    tell=None,
):
    """Write a folder that a stranger can use.

    Parameters
    ----------
    synthetic, observed : pandas.DataFrame
        The observed data are measured against, and never written.
    model : GenerativeModel
        That the synthetic data were drawn from.
    keys : list of str
        What an attacker may know of a person.
    to : str or path, default "release"
        The folder to make.
    name : str, default "synthetic_data"
        Of the data files.
    title, description : str
    descriptions, units : dict of str -> str, optional
        By variable, for the codebook; labels of variables that the observed file brought along (`workshop.labelled`) stand where nothing is said.
    holdout : pandas.DataFrame, optional
        People who were not fitted, so that attacks can be played.
    formula : str, optional
        The regression that a reader will want to run.
    source : str
        A Python expression that gives the observed table, for the script. It is written, not run.
    seed : int, optional
        The rng with which `synthetic` was sampled, for the script.
    label : bool, default False
        Whether a column says of every record that it is synthetic.
    include_model : bool, optional
        Whether to put the recipe of a Metadata model in; if it keeps no records, if left out.
    creator, licence, citation, url : str
        For the README and the descriptions for machines. The licence by its short name, such as "CC-BY-4.0".
    overwrite : bool, default False
        Whether an earlier release in this folder may be replaced. Another folder never is.
    tell : callable, optional
        Called with a few words before each long piece of work, for a progress bar.

    Returns
    -------
    Release

    Raises
    ------
    TableError
        If the tables do not belong together.
    ValueError
        If a setting makes no sense, or a model that keeps records would be included.
    FileExistsError, OSError
        If the folder is there already or cannot be written; nothing is left behind.
    """
    synthetic, observed, folder = as_table(synthetic), as_table(observed), Path(to)
    keys = [keys] if isinstance(keys, str) else list(keys)
    _check(synthetic, observed, model, keys, name, include_model)
    check_source(source)
    check_folder(folder, overwrite)
    about = {
        "name": name,
        "title": title,
        "description": description,
        "creator": creator,
        "licence": licence,
        "citation": citation,
        "url": url,
        "date": date.today().isoformat(),
    }
    tell = tell or (lambda words: None)
    tell("playing the attacker")
    report = disclosure_report(observed, synthetic, keys, holdout)
    back = handed_on(observed, synthetic)
    cautions = cautions_about(synthetic, observed, keys, holdout, report, model)
    written = _text_of_script(model, synthetic, observed, name, source, seed, label, cautions)
    tell("measuring what the data are good for")
    uses = ladder(observed, synthetic, formula)
    uses |= dict.fromkeys(() if formula else _ASK_FOR_A_FORMULA)
    shown = labelled(_without_unused_levels(synthetic)) if label else _without_unused_levels(synthetic)
    meanings = {
        **said_by_file(observed),
        **(descriptions or {}),
        **({"synthetic": "says that the record is synthetic"} if label else {}),
    }
    book = codebook(shown, meanings, units)
    tell("writing the pages")
    with _unfinished(folder) as inside:
        csv = inside / f"{name}.csv"
        write_table(shown, csv)
        if find_spec("pyarrow"):
            write_table(shown, inside / f"{name}.parquet")
        _write(inside / "codebook.md", as_markdown(book, title))
        _write(inside / f"make_{name}.py", written)
        if include_model or include_model is None and isinstance(model, Metadata) and not model.keeps_records:
            model.save(inside / "recipe.json")
        _write(inside / "utility.html", utility_page(title, observed, synthetic, formula, uses))
        _write(inside / "disclosure.html", disclosure_page(title, report, back, cautions, keys, model.keeps_records))
        _write(inside / "datapackage.json", _json(data_package(shown, book, csv, about)))
        _write(inside / "croissant.json", _json(croissant(shown, book, csv, about)))
        files = sorted(path.name for path in inside.iterdir())
        made = {
            "seed": seed,
            "keys": keys,
            "cautions": cautions,
            "copies": report.distances.exact,
            "versions": versions(),
        }
        _write(inside / "README-synthetic.md", readme(about, model, shown, uses, made, [*files, SUMS]))
        files = sorted(path.name for path in inside.iterdir())
        _write(inside / SUMS, "".join(f"{sha256(inside / file)}  {file}\n" for file in files))
        _put_in_place(inside, folder)
    return Release(folder, (*files, SUMS), tuple(cautions))


def _check(synthetic, observed, model, keys, name, include_model):
    if list(synthetic.columns) != list(observed.columns):
        odd = next(iter(sorted(set(synthetic.columns) ^ set(observed.columns))), synthetic.columns[0])
        raise TableError(
            f"The synthetic and the observed table do not have the same columns in the same order (see '{odd}'): release what was sampled from the model."
        )
    unknown = [key for key in keys if key not in observed]
    if unknown or not keys:
        named = f"there is no '{unknown[0]}'" if unknown else "none is given"
        raise TableError(
            f"keys must name columns that somebody may know, but {named}; choose among {', '.join(observed.columns[:8])}."
        )
    model._require_fit()
    if not isinstance(name, str) or not name.replace("_", "").replace("-", "").isalnum() or not name.isascii():
        raise ValueError(f"name must be made of letters, digits, - and _; got {name!r:.40}.")
    if include_model and model.keeps_records:
        raise ValueError(
            f"{type(model).__name__} keeps records of people, so it cannot be part of a release: leave include_model out."
        )
    if include_model and not isinstance(model, Metadata):
        raise ValueError("Only a Metadata model can be written as a file: leave include_model out.")


def check_folder(folder, overwrite):
    if folder.is_symlink() or folder.exists() and not folder.is_dir():
        raise FileExistsError(f"'{folder}' is there already and no folder: choose another name.")
    if folder.exists() and any(folder.iterdir()):
        if not overwrite:
            raise FileExistsError(
                f"The folder '{folder}' is there already: choose another name, or say overwrite=True."
            )
        if not (folder / SUMS).exists():
            raise FileExistsError(
                f"'{folder}' holds something else than a release, and stays as it is: choose another name."
            )
    if not folder.resolve().parent.is_dir():
        raise FileNotFoundError(f"There is no folder '{folder.parent}': make it first, or choose another.")


@contextmanager
def _unfinished(folder):
    """A folder beside the one to be made, which is gone afterwards, whatever happens."""
    path = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.resolve().parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _put_in_place(inside, folder):
    inside.chmod(0o755)
    if not folder.exists():
        os.rename(inside, folder)
        return
    earlier = inside.with_name(inside.name + "-earlier")
    os.rename(folder, earlier)
    try:
        os.rename(inside, folder)
    except OSError:
        os.rename(earlier, folder)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def _without_unused_levels(table):
    """A level that no synthetic record has may be the name of a single person's place."""
    categories = [name for name, dtype in table.dtypes.items() if isinstance(dtype, pd.CategoricalDtype)]
    return with_columns(table, {name: table[name].cat.remove_unused_categories() for name in categories})


def _text_of_script(model, synthetic, observed, name, source, seed, label, cautions):
    """The script; a caution is added if it would not give this very table."""
    if seed is None:
        cautions.append("No seed was given, so the script makes another table from the same model.")
    elif not model.sample(len(synthetic), rng=seed).equals(synthetic):
        cautions.append(
            "The table was changed after sampling, or drawn with another seed: the script makes another table."
        )
    return script(model, observed.columns, f"{name}.csv", source, seed, len(synthetic), "synthetic" if label else None)


def _write(path, text):
    path.write_text(text, encoding="utf-8", newline="\n")


def _json(content):
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
