"""Fit for purpose: may this synthetic table stand in for the observed one, and do its variables go together as they should?"""

from html import escape

import numpy as np
import pandas as pd

from workshop.formulas import Formula
from workshop.measures.pair import Pair
from workshop.table import NUMBER_LIKE, as_table, kind_of

#: A share of missing values may differ by so many standard errors of the difference.
_MISSING_LIMIT = 3.0


class Checks(pd.DataFrame):
    """A table of checks: check, variable, passed, says. In a notebook a sentence stands above it."""

    @property
    def _constructor(self):
        return pd.DataFrame

    @property
    def passed_all(self):
        """Whether every check was passed."""
        return bool(self["passed"].all())

    @property
    def sentence(self):
        """How many checks were passed, and the first that was not."""
        failed = self[~self["passed"]]
        if failed.empty:
            return f"All {len(self)} checks passed."
        first = failed.iloc[0]
        return f"{len(failed)} of {len(self)} checks failed, first: {first['check']}, '{first['variable']}': {first['says']}."

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>{pd.DataFrame(self)._repr_html_()}"


def check_release(observed, synthetic, rules=None):
    """Whether a synthetic table has the form of the observed one, so that a script runs on either.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    rules : list of str, optional
        Conditions that must hold in every synthetic record, such as "years_here < age".

    Returns
    -------
    Checks
        A DataFrame: check (columns, type, levels, range, missing, rule), variable, passed, says.

    Raises
    ------
    TableError
        If one of them is no table.
    ValueError
        If a rule cannot be read.
    """
    observed, synthetic = as_table(observed), as_table(synthetic)
    rows = []
    for name in observed.columns:
        if name not in synthetic:
            rows.append(("columns", name, False, "missing from the synthetic table"))
            continue
        rows.append(("columns", name, True, "there"))
        rows += [(check, name, *verdict) for check, verdict in _of_variable(observed[name], synthetic[name])]
    rows += [
        ("columns", name, False, "not in the observed table") for name in synthetic.columns if name not in observed
    ]
    if set(observed.columns) == set(synthetic.columns):
        same = list(observed.columns) == list(synthetic.columns)
        rows.append(("order", "(all columns)", same, "as observed" if same else "another order of columns"))
    for text in [rules] if isinstance(rules, str) else rules or ():
        rows.append(("rule", text, *_of_rule(Formula(text), synthetic)))
    return Checks(rows, columns=["check", "variable", "passed", "says"])


def _of_rule(rule, synthetic):
    absent = [name for name in rule.names if name not in synthetic]
    if absent:
        return False, f"there is no column '{absent[0]}'"
    broken = int((~rule.holds(synthetic)).sum())
    return not broken, f"broken by {broken:,} synthetic records" if broken else "always holds"


def _of_variable(observed, synthetic):
    same = observed.dtype == synthetic.dtype
    yield "type", (bool(same), str(observed.dtype) if same else f"{synthetic.dtype} instead of {observed.dtype}")
    gone = observed.isna().mean(), synthetic.isna().mean()
    middle = (observed.isna().sum() + synthetic.isna().sum()) / (len(observed) + len(synthetic))
    error = np.sqrt(middle * (1 - middle) * (1 / len(observed) + 1 / len(synthetic)))
    yield (
        "missing",
        (bool(abs(gone[0] - gone[1]) <= _MISSING_LIMIT * error), f"{gone[0]:.1%} observed, {gone[1]:.1%} synthetic"),
    )
    kind = kind_of(observed)
    if kind in NUMBER_LIKE and same and synthetic.notna().any():
        low, high = observed.dropna().min(), observed.dropna().max()
        outside = (
            int(((synthetic < low) | (synthetic > high)).sum())
            if observed.dtype != object
            else sum(not low <= value <= high for value in synthetic.dropna())
        )
        yield (
            "range",
            (not outside, f"{outside:,} values outside {low} to {high}" if outside else f"within {low} to {high}"),
        )
    elif kind in ("categorical", "ordered", "boolean"):
        known = set(observed.dropna().unique())
        new = [level for level in synthetic.dropna().unique() if level not in known]
        yield "levels", (not new, f"new: {', '.join(map(str, new[:3]))}" if new else "no new ones")


def associations(observed, synthetic, variables=None):
    """How strongly each two variables go together, in both tables.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    variables : list of str, optional
        All that can be compared, if left out.

    Returns
    -------
    pandas.DataFrame
        By pair: measure (Pearson's correlation of two numbers, Cramér's V of two labels, the correlation ratio η of a number and a
        label), observed, synthetic, difference; the largest difference first. Records where one of the two is missing are left out.
    """
    pair = Pair.of(observed, synthetic, variables)
    names = list(pair.variables)
    rows = {}
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            first, second = pair.variables[one], pair.variables[other]
            measure, strength = _measure(first, second)
            found = [strength(getattr(first, side), getattr(second, side)) for side in ("observed", "synthetic")]
            rows[one, other] = (measure, *found, found[1] - found[0])
    index = pd.MultiIndex.from_tuples(rows, names=["variable", "with"]) if rows else None
    table = pd.DataFrame(list(rows.values()), index=index, columns=["measure", "observed", "synthetic", "difference"])
    return table.sort_values("difference", key=np.abs, ascending=False, kind="stable")


def _measure(first, second):
    if first.is_number and second.is_number:
        return "Pearson", _pearson
    if not first.is_number and not second.is_number:
        return "Cramér's V", _cramers_v
    return "correlation ratio", _correlation_ratio if second.is_number else lambda x, y: _correlation_ratio(y, x)


def _pearson(x, y):
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both] - x[both].mean() if both.any() else x[both], y[both] - y[both].mean() if both.any() else y[both]
    spread = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / spread) if spread > 0 else float("nan")


def _cramers_v(x, y):
    both = (x >= 0) & (y >= 0)
    if not both.any():
        return float("nan")
    _, x = np.unique(x[both], return_inverse=True)
    _, y = np.unique(y[both], return_inverse=True)
    rows, columns, n = x.max() + 1, y.max() + 1, len(x)
    if min(rows, columns) < 2:
        return float("nan")
    counts = np.bincount(x * columns + y, minlength=rows * columns).reshape(rows, columns)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    return float(np.sqrt(((counts - expected) ** 2 / expected).sum() / n / (min(rows, columns) - 1)))


def _correlation_ratio(labels, numbers):
    both = (labels >= 0) & ~np.isnan(numbers)
    if not both.any():
        return float("nan")
    _, labels = np.unique(labels[both], return_inverse=True)
    numbers = numbers[both] - numbers[both].mean()
    whole = numbers @ numbers
    counts = np.bincount(labels)
    means = np.bincount(labels, numbers) / counts
    return float(np.sqrt((counts * means**2).sum() / whole)) if whole > 0 else float("nan")
