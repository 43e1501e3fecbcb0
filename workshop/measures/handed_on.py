"""Values that only one person has, and that came back in the synthetic data."""

import pandas as pd

from workshop.measures.pair import Pair
from workshop.table import as_table


def handed_on(observed, synthetic, fewest=1):
    """Which variables hand on values of single people.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    fewest : int, default 1
        Of values that at most so many observed records have.

    Returns
    -------
    pandas.DataFrame
        By variable: rare (how many such values there are), handed_on (how many of them occur in the synthetic data) and records (synthetic records
        with one of them); only variables where at least one occurs, the most first. Whole numbers may occur by chance.

    Raises
    ------
    TableError
        If one of them is no table, or they have other columns.

    Examples
    --------
    >>> observed = pd.DataFrame({"income": [10, 10, 99]})
    >>> handed_on(observed, pd.DataFrame({"income": [10, 99, 99]}))
              rare  handed_on  records
    variable
    income       1          1        2
    """
    observed, synthetic = as_table(observed), as_table(synthetic)
    Pair.of(observed, synthetic)
    rows = {}
    for name in observed.columns:
        if name not in synthetic:
            continue
        counts = observed[name].dropna().value_counts()
        rare = counts.index[(counts > 0) & (counts <= fewest)]
        back = synthetic[name].dropna()
        back = back[back.isin(rare)]
        if len(back):
            rows[name] = (len(rare), back.nunique(), len(back))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["rare", "handed_on", "records"])
    return table.rename_axis("variable").sort_values("handed_on", ascending=False, kind="stable")
