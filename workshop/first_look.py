"""A guided look at a table of your own: which columns are of the wrong kind, and the line of code that mends each.

Programs guess; people know. `look_over` guesses what could be wrong, says how sure it is, and leaves the deciding to you: it changes nothing.
"""

from dataclasses import dataclass, field
from html import escape

import pandas as pd

from workshop.suspicions import Finding, of_column
from workshop.table import TableError

_IMPORTS = (("pd.", "import pandas as pd"), ("as_numbers(", "from workshop import as_numbers"))


@dataclass(frozen=True)
class FirstLook:
    """What was found.

    Attributes
    ----------
    findings : tuple of Finding
        In the order of the columns.
    n_columns : int
    """

    findings: tuple
    n_columns: int
    _table: pd.DataFrame = field(repr=False, compare=False)

    @property
    def sentence(self):
        """How much was found."""
        if not self.findings:
            return (
                f"Nothing odd was found in {self.n_columns} columns. That is no promise: look at describe(table), too."
            )
        certain = sum(finding.certain for finding in self.findings)
        columns = len({finding.column for finding in self.findings})
        return (
            f"{len(self.findings)} thing{'s' * (len(self.findings) != 1)} to look at in {columns} of {self.n_columns} columns: {certain} without doubt, "
            f"{len(self.findings) - certain} that only you can decide. Nothing was changed."
        )

    @property
    def lines(self):
        """The lines of what is beyond doubt, with the imports they need, to copy."""
        lines = [finding.line for finding in self.findings if finding.certain]
        needed = [line for sign, line in _IMPORTS if any(sign in one for one in lines)]
        return "\n".join([*needed, *lines])

    def mended(self):
        """The table after the lines that are beyond doubt; the one that was looked at stays as it is."""
        table = self._table
        for finding in self.findings:
            if finding.certain:
                table = finding.mend(table)
        return table

    def __len__(self):
        return len(self.findings)

    def __repr__(self):
        said = [
            f"{finding.column} ({'certain' if finding.certain else 'you decide'}): {finding.what}\n    {finding.line}"
            for finding in self.findings
        ]
        return "\n".join([self.sentence, *said])

    def _repr_html_(self):
        if not self.findings:
            return f"<p>{escape(self.sentence)}</p>"
        left = ' style="text-align: left; vertical-align: top"'
        head = "".join(
            f'<th scope="col"{left}>{name}</th>'
            for name in ("column", "what was found", "the line that mends it", "sure?")
        )
        rows = "".join(
            f'<tr><th scope="row"{left}>{escape(finding.column)}</th><td{left}>{escape(finding.what)}</td>'
            f'<td style="text-align: left; vertical-align: top; min-width: 22em"><code style="white-space: pre-wrap; overflow-wrap: break-word">{escape(finding.line)}</code></td>'
            f"<td{left}>{'yes' if finding.certain else 'you decide'}</td></tr>"
            for finding in self.findings
        )
        copy = (
            f"<details><summary>The lines without doubt, to copy</summary><pre>{escape(self.lines)}</pre></details>"
            if self.lines
            else ""
        )
        return f"<table><caption{left}>{escape(self.sentence)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{copy}"


def look_over(table):
    """Look for columns of the wrong kind: numbers and dates that are text, codes for missing, labels that differ by a space, names of people …

    Parameters
    ----------
    table : pandas.DataFrame
        It is not changed. In the proposed lines it is called `table`.

    Returns
    -------
    FirstLook
        Shows itself as a table in a notebook; `.lines` to copy, `.mended()` to see.

    Raises
    ------
    TableError
        If it is no table with one name for each column.

    Examples
    --------
    >>> look_over(pd.DataFrame({"price": ["1.234,50", "99,95"], "town": ["Ely", "Ely "]}))
    2 things to look at in 2 of 2 columns: 2 without doubt, 0 that only you can decide. Nothing was changed.
    price (certain): Numbers, read as text because of decimal commas and marks between thousands (.).
        table['price'] = as_numbers(table['price'], decimal=',', thousands='.')
    town (certain): 1 of its 2 labels differs from another one by spaces only: for a program these are two.
        table['town'] = table['town'].str.strip()
    """
    if not isinstance(table, pd.DataFrame):
        raise TableError(
            f"Expected a table (a pandas DataFrame) but got {type(table).__name__}: read it with read_table."
        )
    if len(table) == 0 or not len(table.columns):
        raise TableError("The table is empty: give it at least one row and one column.")
    if not all(isinstance(name, str) for name in table.columns) or not table.columns.is_unique:
        raise TableError(
            "Every column needs a name of its own that is a word: rename them, for example with table.columns = table.columns.astype(str)."
        )
    findings = [*_of_names(table)]
    for name in table.columns:
        findings += [] if name.startswith("Unnamed: ") else of_column(table[name])
    findings += _of_records(table)
    return FirstLook(tuple(findings), table.shape[1], table)


def _of_names(table):
    for name in table.columns:
        if name.startswith("Unnamed: "):
            yield Finding(
                name,
                "A column without a name, most often the numbers of the rows.",
                f"table = table.drop(columns={name!r})",
                True,
                lambda one, name=name: one.drop(columns=name),
            )


def _of_records(table):
    try:
        repeated = int(table.duplicated().sum())
    except TypeError:  # values that cannot be compared; their column has its own finding
        return
    # Where many are equal, the columns have few values, and it is no slip.
    if 0 < repeated <= len(table) / 20 and table.shape[1] >= 4:
        yield Finding(
            "(records)",
            f"{repeated:,} record{'s equal' if repeated > 1 else ' equals'} an earlier one in every column. If the same person was entered twice, take them out.",
            "table = table.drop_duplicates(ignore_index=True)",
            False,
            lambda one: one.drop_duplicates(ignore_index=True),
        )
