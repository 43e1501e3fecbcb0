"""The codebook of a synthetic table, made from the synthetic data alone: what stands in it, everybody may know."""

import pandas as pd

from workshop.table import KINDS, LABEL_LIKE, NUMBER_LIKE, as_table, kind_of

#: Of more different labels than this, the most frequent ones are listed.
MOST_LEVELS = 20


def codebook(synthetic, descriptions=None, units=None):
    """One line for each variable.

    Parameters
    ----------
    synthetic : pandas.DataFrame
    descriptions, units : dict of str -> str, optional
        What a variable means, and its unit.

    Returns
    -------
    pandas.DataFrame
        Columns variable, kind, unit, values (range, or labels), missing (share) and description.

    Raises
    ------
    ValueError
        If a variable is described that is not there.
    """
    synthetic = as_table(synthetic)
    for given in (descriptions, units):
        unknown = [name for name in given or {} if name not in synthetic]
        if unknown:
            raise ValueError(f"'{unknown[0]}' is described, but there is no such column.")
    rows = [
        (
            name,
            kind_of(synthetic[name]),
            (units or {}).get(name, ""),
            values_in_words(synthetic[name]),
            float(synthetic[name].isna().mean()),
            (descriptions or {}).get(name, ""),
        )
        for name in synthetic.columns
    ]
    return pd.DataFrame(rows, columns=["variable", "kind", "unit", "values", "missing", "description"])


def values_in_words(series):
    """The range of numbers, the labels of a category, or how many different values there are."""
    kind, present = kind_of(series), series.dropna()
    if kind in NUMBER_LIKE:
        low, high = present.min(), present.max()
        different = present.nunique()
        return f"{_plain(low, kind)} to {_plain(high, kind)}" + f" ({different} different)" * (different <= MOST_LEVELS)
    if kind in LABEL_LIKE:
        levels = (
            list(present.cat.categories[present.cat.codes.value_counts().sort_index().index])
            if kind == "ordered"
            else list(present.value_counts().index)
        )
        shown = (" < " if kind == "ordered" else ", ").join(map(str, levels[:MOST_LEVELS]))
        return shown + (f" and {len(levels) - MOST_LEVELS} more" if len(levels) > MOST_LEVELS else "")
    return "none" if kind == "empty" else f"{present.nunique():,} different"


def _plain(value, kind):
    if kind == "date":
        return str(value)[:10]
    return f"{value + 0.0:.10g}" if isinstance(value, float) else str(value)  # + 0.0: nobody wants to read -0


def as_markdown(book, title):
    """The codebook as a Markdown page."""
    lines = [
        f"# Codebook of the SYNTHETIC table: {title}",
        "",
        "Made from the synthetic table alone: nothing stands here that is not in the table, but what the author says in words.",
        "",
    ]
    lines += ["| variable | kind | unit | values | missing | description |", "|---|---|---|---|---|---|"]
    for row in book.itertuples():
        kind = f"{row.kind}: {KINDS[row.kind]}"
        cells = (row.variable, kind, row.unit, row.values, f"{row.missing:.1%}", row.description)
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
