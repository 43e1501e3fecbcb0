"""The README of a release: synthetic in its first line, then how it was made, what it is good for, and what is in the folder."""

from workshop.release.script import in_code
from workshop.risk_utility import LADDER

_FILES = {
    "codebook.md": "what each variable means",
    "utility.html": "how much the data resemble the observed ones (opens in a browser)",
    "disclosure.html": "what they give away (opens in a browser)",
    "recipe.json": "the model: a page of metadata that can be read and sampled again (Generative Metadata Format)",
    "datapackage.json": "the table described for machines (Frictionless Data Package)",
    "croissant.json": "the same as schema.org's JSON-LD (Croissant)",
    "SHA256SUMS.txt": "checksums: `sha256sum -c SHA256SUMS.txt` on Linux, `shasum -a 256 -c SHA256SUMS.txt` on a Mac",
}


def readme(about, model, synthetic, uses, made, files):
    """The text.

    Parameters
    ----------
    about : dict
        name, title, description, creator, licence, citation, date.
    model : GenerativeModel
    synthetic : pandas.DataFrame
    uses : dict of str -> bool or None
        From `risk_utility.ladder`; None where it was not tested.
    made : dict
        seed, keys, cautions, copies (synthetic records that equal a person), versions ({package: version}).
    files : list of str

    Returns
    -------
    str
    """
    by_answer = {answer: [use for use, yes in uses.items() if yes is answer] for answer in (True, False, None)}
    n, copies = len(synthetic), made["copies"]
    equal = f" {copies:,} of them nevertheless equal a person: read what they give away." if copies > n / 2 else ""
    versions = ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    seed = "without a seed" if made["seed"] is None else f"with the seed {made['seed']}"
    lines = [
        f"# SYNTHETIC data: {about['title']}",
        "",
        f"**The {n:,} records in this folder are synthetic. They were drawn from a model: no record stands for a person.**{equal}",
        *(["", about["description"]] if about["description"] else []),
        "",
        "## What they are good for",
        "",
        *(f"- {use}: {LADDER[use]}" for use in by_answer[True]),
        "",
        "**Not for:**",
        "",
        *(f"- {use}: not supported (wanted: {LADDER[use]})" for use in by_answer[False]),
        *(f"- {use}: not tested (wanted: {LADDER[use]})" for use in by_answer[None]),
        "- decisions about people, or conclusions that nobody has checked on the observed data",
        "",
        "`utility.html` shows the measures.",
        "",
        "## What they give away",
        "",
        f"Tested with somebody in mind who knows of a person: {', '.join(made['keys'])}.",
        "",
        *(f"- {one}" for one in made["cautions"] or ["No threshold was crossed."]),
        "- `disclosure.html` tells what was tested, and what was not. No test proves that data are anonymous.",
        "",
        "## How they were made",
        "",
        f"`{_settings(model)}`, fitted to {model.n_records_:,} observed records, sampled {seed}.",
        "",
        *(_steps(model) or _families(model)),
        f"Made on {about['date']} with {versions}. `make_{about['name']}.py` makes the table again, for whoever has the observed one.",
        "",
        "## What is in this folder",
        "",
        *(f"- `{file}`: {_what(file, about['name'])}" for file in sorted(files, key=_place)),
        "",
        "## Citation and licence",
        "",
        f"- Citation: {about['citation'] or 'not stated'}",
        f"- Creator: {about['creator'] or 'not stated'}",
        f"- Licence: {about['licence'] or 'not stated; without a licence nobody may use the data: ask the creator'}",
        "",
    ]
    return "\n".join(lines)


def _settings(model):
    try:
        return in_code(model, set())
    except ValueError:
        return type(model).__name__


def _steps(model):
    """The order, the methods and the predictors of a sequential model."""
    if not hasattr(model, "steps"):
        return []
    lines = ["| | variable | method | predictors |", "|---|---|---|---|"]
    lines += [
        f"| {number} | {row.variable} | {row.method} | {row.predictors} |" for number, row in model.steps.iterrows()
    ]
    return [*lines, ""]


def _families(model):
    """What kind of distribution each variable was drawn from, without its parameters."""
    variables = getattr(model, "variables_", None) or getattr(getattr(model, "recipe_", None), "variables_", {})
    if not variables:
        return []
    lines = [f"| {name} | {variable.family.name} |" for name, variable in variables.items()]
    return ["| variable | family |", "|---|---|", *lines, ""]


def _place(file):
    """The table first, then what explains it, then what is for machines."""
    return [".csv", ".parquet", ".md", ".html", ".py", ".json", ".txt"].index(f".{file.rpartition('.')[2]}"), file


def _what(file, name):
    known = {
        f"{name}.csv": "the table; comma, UTF-8, missing values are empty",
        f"{name}.parquet": "the same table with its types",
        f"make_{name}.py": "the script that made it, without any observed value",
    }
    return {**_FILES, **known}.get(file, "")
