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


def readme(about, model, synthetic, uses, cautions, files, versions):
    """The text.

    Parameters
    ----------
    about : dict
        name, title, description, creator, licence, citation, date.
    model : GenerativeModel
    synthetic : pandas.DataFrame
    uses : dict of str -> bool
        From `risk_utility.ladder`.
    cautions : list of str
    files : list of str
    versions : dict of str -> str

    Returns
    -------
    str
    """
    good = [use for use, yes in uses.items() if yes]
    bad = [use for use, yes in uses.items() if not yes]
    lines = [
        f"# SYNTHETIC data: {about['title']}",
        "",
        f"**The {len(synthetic):,} records in this folder are synthetic. They were drawn from a model, and describe no person.** {about['description']}",
        "",
        "## What they are good for",
        "",
        *(f"- {use}: {LADDER[use]}" for use in good),
        "",
        "**Not for:**",
        "",
        *(f"- {use}: not supported (wanted: {LADDER[use]})" for use in bad),
        "- decisions about people, or conclusions that nobody has checked on the observed data",
        "",
        "`utility.html` shows the measures.",
        "",
        "## What they give away",
        "",
        *(f"- {one}" for one in cautions),
        "- `disclosure.html` tells what was tested, and what was not. No test proves that data are anonymous.",
        "",
        "## How they were made",
        "",
        f"`{_settings(model)}`, fitted to {model.n_records_:,} observed records.",
        "",
        *_steps(model),
        f"Made on {about['date']} with {', '.join(f'{name} {number}' for name, number in versions.items())}. `make_{about['name']}.py` makes the table again, for "
        "whoever has the observed one.",
        "",
        "## What is in this folder",
        "",
        *(f"- `{name}`: {_what(name, about['name'])}" for name in files),
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


def _what(file, name):
    known = {
        f"{name}.csv": "the table; comma, UTF-8, missing values are empty",
        f"{name}.parquet": "the same table with its types",
        f"make_{name}.py": "the script that made it, without any observed value",
    }
    return {**_FILES, **known}.get(file, "")
