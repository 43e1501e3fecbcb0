"""Utility of tables: do the counts of one, two or three variables agree in observed and synthetic data?

Numbers are cut into groups, the cells of the table counted in both data sets, and the counts compared. The statistics, their names and
the grouping are those of R synthpop's `utility.tab` (Raab, Nowok and Dibben, 2021, "Assessing, visualizing and improving the utility of
synthetic data"); with d observed and s synthetic records in a cell, N records in all and c = Σs / N the share of synthetic ones.
"""

from dataclasses import dataclass, fields
from html import escape
from itertools import combinations

import numpy as np
import pandas as pd

from workshop.measures.pair import Pair
from workshop.measures.scores import specks_of_counts, u_of_counts
from workshop.settings import whole

GROUPS = 5


@dataclass(frozen=True)
class TableUtility:
    """How well a table of counts is kept. Standardised figures (`S_…`) are about 1 where only chance differs, 10 or more where it is bad.

    Attributes
    ----------
    variables : tuple of str
    pMSE, S_pMSE : float
        Mean squared distance of the propensity scores of the cells from c; divided by what chance brings.
    VW, S_VW : float
        Voas and Williamson: Σ (s − d·c/(1−c))² / ((s+d)·c).
    FT, S_FT : float
        Freeman and Tukey: 4 Σ (√s − √(d·c/(1−c)))².
    JSD, S_JSD : float
        Jensen-Shannon divergence, in bits.
    G, S_G : float
        The likelihood ratio, over cells with records of both sorts.
    SPECKS, PO50, U : float
        Kolmogorov-Smirnov distance of the cells' scores, percent of records told apart beyond 50, Wilcoxon's rank sum.
    MabsDD, WMabsDD, S_WMabsDD : float
        Mean absolute difference of densities, and the weighted one.
    dBhatt : float
        Bhattacharyya distance, √(1 − Σ√(p_d·p_s)).
    df, dfG : int
        Cells with any record, less one; cells with records of both sorts, less one.
    """

    variables: tuple
    pMSE: float
    S_pMSE: float
    VW: float
    S_VW: float
    FT: float
    S_FT: float
    JSD: float
    S_JSD: float
    G: float
    S_G: float
    SPECKS: float
    PO50: float
    U: float
    MabsDD: float
    WMabsDD: float
    S_WMabsDD: float
    dBhatt: float
    df: int
    dfG: int

    @property
    def figures(self):
        """dict of statistic -> value."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "variables"}

    @property
    def sentence(self):
        """What the figures say."""
        names = " by ".join(self.variables)
        if self.pMSE == 0:
            return f"{names}: the counts are the same."
        if not self.df:
            return f"{names}: there is only one cell, so nothing can differ."
        how = (
            "no worse than chance"
            if self.S_pMSE < 1.5
            else "well kept"
            if self.S_pMSE < 3
            else "roughly kept"
            if self.S_pMSE < 10
            else "badly kept"
        )
        return f"{names}: {how} (S_pMSE {self.S_pMSE:.2f}, where chance alone brings 1; {self.df + 1:,} cells)."

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>"


def table_utility(observed, synthetic, variables, groups=GROUPS):
    """How well the table of one, two or three variables is kept.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    variables : str or list of str
    groups : int, default 5
        Numbers are cut at the quantiles of both data sets together into so many groups. A missing value is a group of its own.

    Returns
    -------
    TableUtility

    Raises
    ------
    TableError
        If a variable cannot be compared.

    Examples
    --------
    >>> one = pd.DataFrame({"sex": ["f"] * 60 + ["m"] * 40})
    >>> other = pd.DataFrame({"sex": ["f"] * 50 + ["m"] * 50})
    >>> round(table_utility(one, other, "sex").S_pMSE, 3)
    4.04
    """
    whole(groups, "groups", 1)
    pair = Pair.of(observed, synthetic, variables)
    codes, sizes = zip(*(grouped(variable, groups)[:2] for variable in pair.variables.values()), strict=True)
    return _utility(tuple(pair.variables), *_counts(codes, sizes, pair.n_observed))


def table_utilities(observed, synthetic, variables=None, way=2, groups=GROUPS):
    """The utility of all tables of so many variables.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    variables : list of str, optional
        All that can be compared, if left out.
    way : {1, 2, 3}, default 2
        How many variables make a table.
    groups : int, default 5

    Returns
    -------
    pandas.DataFrame
        One line for each table, the worst first: the variables as index, the statistics of TableUtility as columns.
    """
    whole(groups, "groups", 1)
    if way not in (1, 2, 3):
        raise ValueError(f"way must be 1, 2 or 3; got {way!r}.")
    pair = Pair.of(observed, synthetic, variables)
    if len(pair.variables) < way:
        raise ValueError(f"Tables of {way} variables need at least {way}; there are {len(pair.variables)}.")
    coded = {name: grouped(variable, groups)[:2] for name, variable in pair.variables.items()}
    rows = {}
    for names in combinations(coded, way):
        codes, sizes = zip(*(coded[name] for name in names), strict=True)
        rows[names if way > 1 else names[0]] = _utility(names, *_counts(codes, sizes, pair.n_observed)).figures
    index = (
        pd.MultiIndex.from_tuples(rows, names=["variable", "with", "and"][:way])
        if way > 1
        else pd.Index(rows, name="variable")
    )
    return pd.DataFrame(list(rows.values()), index=index).sort_values("S_pMSE", ascending=False)


def cell_differences(observed, synthetic, variables, groups=GROUPS):
    """Which cells of a table differ, by how many standard errors.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    variables : str or list of str
        One, two or three.
    groups : int, default 5

    Returns
    -------
    pandas.DataFrame
        One line for each cell: the group of each variable, counts observed and synthetic, and the standardised difference z, of
        which about 95 % lie between -2 and 2 by chance; the largest first.
    """
    whole(groups, "groups", 1)
    pair = Pair.of(observed, synthetic, variables)
    codes, sizes, names = zip(*(grouped(variable, groups) for variable in pair.variables.values()), strict=True)
    d, s = _counts(codes, sizes, pair.n_observed)
    c = s.sum() / (s + d).sum()
    with np.errstate(invalid="ignore"):
        z = (s - d * c / (1 - c)) / np.sqrt((s + d) * c)
    cells = np.unravel_index(np.arange(len(d)), sizes)
    table = pd.DataFrame(
        {
            name: np.array(labels, dtype=object)[cell]
            for name, labels, cell in zip(pair.variables, names, cells, strict=True)
        }
    )
    table = table.assign(observed=d, synthetic=s, z=z)[d + s > 0]
    return table.sort_values("z", key=np.abs, ascending=False, kind="stable").reset_index(drop=True)


def grouped(variable, groups=GROUPS):
    """The group of each value, observed and then synthetic.

    Numbers are cut at the quantiles (type 7) of both data sets together, intervals closed on the left, the last one on both sides, equal
    cuts dropped; missing values are the last group.

    Returns
    -------
    (numpy.ndarray of int, int, list of str)
        Codes, number of groups, and their names.
    """
    values = variable.both
    if not variable.is_number:
        codes, names = values, [str(level) for level in variable.levels]
        absent = codes < 0
    else:
        absent = np.isnan(values)
        cuts = (
            np.unique(np.quantile(values[~absent], np.linspace(0, 1, groups + 1))) if not absent.all() else np.zeros(1)
        )
        codes = np.clip(np.searchsorted(cuts, values, side="right") - 1, 0, max(len(cuts) - 2, 0))
        names = [f"{low:.6g} to {high:.6g}" for low, high in zip(cuts[:-1], cuts[1:], strict=True)] or [
            f"{cuts[0]:.6g}"
        ]
    if absent.any():
        codes = np.where(absent, len(names), codes)
        names = [*names, "missing"]
    return codes, len(names), names


def _counts(codes, sizes, n_observed):
    """Observed and synthetic records in each cell of the table."""
    cells = np.ravel_multi_index(codes, sizes)
    n = int(np.prod(sizes))
    return np.bincount(cells[:n_observed], minlength=n), np.bincount(cells[n_observed:], minlength=n)


def _utility(names, d, s):
    """All statistics from the counts of the cells."""
    some = d + s > 0
    d, s = d[some].astype(float), s[some].astype(float)
    n_d, n_s = d.sum(), s.sum()
    n = n_d + n_s
    c = n_s / n
    expected = d * c / (1 - c)
    df = len(d) - 1
    vw = float(((s - expected) ** 2 / ((s + d) * c)).sum())
    ft = float(4 * ((np.sqrt(s) - np.sqrt(expected)) ** 2).sum())
    p, q = d / n_d, s / n_s
    middle = (p + q) / 2
    jsd = float((_x_log2(p, middle) + _x_log2(q, middle)).sum() / 2)
    shared = (d > 0) & (s > 0)
    df_g = int(shared.sum()) - 1
    ratio = (s[shared] / s[shared].sum()) / (d[shared] / d[shared].sum())
    g = float(2 * (s[shared] * np.log(ratio)).sum())
    wmabsdd = float((np.abs(s - expected) / np.sqrt((s + d) * c)).sum() / np.sqrt(2 / np.pi))
    rightly = np.maximum(s, d).sum() if n_s == n_d else np.where(s / (s + d) > c, s, d).sum()
    return TableUtility(
        variables=names,
        pMSE=float(vw * c * (1 - c) ** 2 / n),
        S_pMSE=_over(vw, df),
        VW=vw,
        S_VW=_over(vw, df),
        FT=ft,
        S_FT=_over(ft, df),
        JSD=jsd,
        S_JSD=_over(2 * n * jsd / np.log(2), df),
        G=g,
        S_G=_over(g, df_g),
        SPECKS=specks_of_counts(d, s),
        PO50=float(100 * rightly / n - 50),
        U=u_of_counts(d, s),
        MabsDD=float(np.abs(s - expected).sum() / n_s),
        WMabsDD=wmabsdd,
        S_WMabsDD=_over(wmabsdd, df),
        dBhatt=float(np.sqrt(max(0.0, 1 - np.sqrt(p * q).sum()))),
        df=df,
        dfG=df_g,
    )


def _x_log2(x, y):
    return np.where(x > 0, x * np.log2(np.where(x > 0, x, 1) / y), 0.0)


def _over(statistic, df):
    return float(statistic / df) if df > 0 else float("nan")
