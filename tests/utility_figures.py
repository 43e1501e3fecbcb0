"""Utility by the formulas of tests/golden/README.md, written for the tests of models alone: S_pMSE of tables and of logistic regressions."""

from itertools import combinations

import numpy as np
import pandas as pd
import statsmodels.api as sm


def grouped(observed, synthetic, groups=5):
    """Both tables with numbers cut at the quantiles of both together; missing values as a level where observed ones are."""
    cut = {}
    for name in observed:
        both = pd.concat([observed[name], synthetic[name]], ignore_index=True)
        if pd.api.types.is_numeric_dtype(both.dtype):
            values = both.to_numpy(dtype=float, na_value=np.nan)
            breaks = np.unique(np.nanquantile(values, np.linspace(0, 1, groups + 1)))
            codes = np.clip(np.searchsorted(breaks, values, side="right") - 1, 0, max(len(breaks) - 2, 0))
            cut[name] = np.where(np.isnan(values), -1, codes)
        else:
            cut[name] = pd.factorize(both)[0]
    both = pd.DataFrame(cut)
    return both.iloc[: len(observed)], both.iloc[len(observed) :]


def s_pmse_of_table(observed, synthetic, names):
    """S_pMSE of the cross-table of grouped variables."""
    _, cells = np.unique(np.vstack([observed[names], synthetic[names]]), axis=0, return_inverse=True)
    cells = cells.ravel()
    d = np.bincount(cells[: len(observed)], minlength=cells.max() + 1)
    s = np.bincount(cells[len(observed) :], minlength=cells.max() + 1)
    c = s.sum() / (s.sum() + d.sum())
    vw = (((s - d * c / (1 - c)) ** 2) / ((s + d) * c)).sum()
    return vw / max(len(d) - 1, 1)


def two_way(observed, synthetic):
    """S_pMSE of all pairs of variables: a Series."""
    first, second = grouped(observed, synthetic)
    return pd.Series({pair: s_pmse_of_table(first, second, list(pair)) for pair in combinations(observed.columns, 2)})


def logistic(observed, synthetic, pairs=False):
    """S_pMSE of the propensity scores of a logistic regression on all variables, by statsmodels."""
    both = pd.concat([observed, synthetic], ignore_index=True)
    blocks = []
    for name in both:
        if pd.api.types.is_numeric_dtype(both[name].dtype):
            x = both[name].to_numpy(dtype=float, na_value=np.nan)
            gone = np.isnan(x)
            x = np.where(gone, 0, x)
            block = [(x - x.mean()) / (x.std() or 1)] + [gone.astype(float)] * bool(gone.any())
        else:
            codes = pd.factorize(both[name].astype(object), sort=True)[0]
            block = [(codes == level).astype(float) for level in np.unique(codes)[1:]]
        blocks.append(block)
    columns = [np.ones(len(both))] + [x for block in blocks for x in block]
    if pairs:
        columns += [x * y for one, other in combinations(blocks, 2) for x in one for y in other]
    design = np.column_stack(columns)
    _, r = np.linalg.qr(design)
    independent = np.abs(np.diag(r)) > 1e-7 * np.sqrt(len(design))
    design = design[:, independent]
    label = np.repeat([0, 1], [len(observed), len(synthetic)])
    score = sm.GLM(label, design, family=sm.families.Binomial()).fit().fittedvalues
    c, n, k = label.mean(), len(label), design.shape[1] - 1
    return float(((score - c) ** 2).mean() / (k * (1 - c) ** 2 * c / n))


def overlap(formula, observed, synthetic, family=None):
    """Mean overlap of the 95 % intervals of a regression on both tables, with the observed standard errors."""
    import statsmodels.formula.api as smf

    def fit(table):
        model = smf.ols(formula, table) if family is None else smf.glm(formula, table, family=family)
        return model.fit()

    one, other = fit(observed), fit(synthetic)
    half = 1.959963984540054 * one.bse
    shared = np.minimum(one.params, other.params) + half - (np.maximum(one.params, other.params) - half)
    return float((shared / (2 * half)).mean())
