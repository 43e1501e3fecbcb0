"""Observed and synthetic table side by side: the same variables as comparable numbers and codes, or one sentence why not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workshop.numeric import Scale
from workshop.table import LABEL_LIKE, NUMBER_LIKE, TableError, as_table, kind_of

#: A missing label.
MISSING = -1


@dataclass(frozen=True, eq=False)
class PairedVariable:
    """One variable of both tables.

    Attributes
    ----------
    name, kind : str
    observed, synthetic : numpy.ndarray
        Numbers as floats, nan where missing; labels as codes, -1 where missing.
    levels : tuple
        The labels that the codes stand for, of both tables; empty for numbers.
    """

    name: str
    kind: str
    observed: np.ndarray
    synthetic: np.ndarray
    levels: tuple = ()

    @property
    def is_number(self):
        return self.kind in NUMBER_LIKE

    @property
    def both(self):
        """Observed and then synthetic values."""
        return np.concatenate([self.observed, self.synthetic])


@dataclass(frozen=True, eq=False)
class Pair:
    """Both tables.

    Attributes
    ----------
    variables : dict of str -> PairedVariable
    n_observed, n_synthetic : int
    """

    variables: dict
    n_observed: int
    n_synthetic: int

    @property
    def is_synthetic(self):
        """For observed and then synthetic records: whether a record is synthetic."""
        return np.repeat([False, True], [self.n_observed, self.n_synthetic])

    @classmethod
    def of(cls, observed, synthetic, variables=None):
        """Put two tables side by side.

        Parameters
        ----------
        observed, synthetic : pandas.DataFrame
        variables : list of str, optional
            All that are numbers, dates, times or labels if left out; keys and words are not compared.

        Raises
        ------
        TableError
            If a variable is missing from one of them, or the two are of different types.
        """
        observed, synthetic = as_table(observed), as_table(synthetic)
        if variables is None:
            kinds = {name: kind_of(observed[name]) for name in observed.columns}
            variables = [name for name, kind in kinds.items() if kind in NUMBER_LIKE or kind in LABEL_LIKE]
        else:
            variables = [variables] if isinstance(variables, str) else list(variables)
            kinds = {name: kind_of(observed[name]) for name in variables if name in observed}
        for name in variables:
            for label, table in (("observed", observed), ("synthetic", synthetic)):
                if name not in table:
                    raise TableError(f"The {label} table has no column '{name}': give both tables the same columns.")
            if kinds[name] not in NUMBER_LIKE and kinds[name] not in LABEL_LIKE:
                raise TableError(
                    f"Column '{name}' is {kinds[name]}, which cannot be compared in numbers: leave it out."
                )
        if not variables:
            raise TableError("There is nothing to compare: the tables share no column of numbers, dates or labels.")
        paired = {name: _paired(name, kinds[name], observed[name], synthetic[name]) for name in variables}
        return cls(paired, len(observed), len(synthetic))


def _paired(name, kind, observed, synthetic):
    if kind in NUMBER_LIKE:
        try:
            step = Scale.of(observed, kind).step
            numbers = [_numbers(series, Scale(kind, series.dtype, step)) for series in (observed, synthetic)]
        except (TypeError, ValueError, AttributeError):
            raise TableError(
                f"Column '{name}' cannot be compared as {kind}: it is {observed.dtype} in the observed data and "
                f"{synthetic.dtype} in the synthetic; give both the same type."
            ) from None
        return PairedVariable(name, kind, *numbers)
    known = list(observed.cat.categories) if isinstance(observed.dtype, pd.CategoricalDtype) else []
    both = pd.concat([observed.astype(object), synthetic.astype(object)], ignore_index=True)
    if pd.api.types.is_numeric_dtype(synthetic.dtype) and synthetic.dtype.kind != "b" and not _are_numbers(observed):
        raise TableError(
            f"Column '{name}' cannot be compared: it holds labels in the observed data and numbers in the synthetic; "
            "give both the same type."
        )
    new = sorted(set(both.dropna()) - set(known), key=lambda level: (str(type(level)), str(level)))
    levels = pd.Index(known + new, dtype=object)
    codes = levels.get_indexer(pd.Index(both, dtype=object))
    codes[both.isna().to_numpy()] = MISSING
    return PairedVariable(name, kind, codes[: len(observed)], codes[len(observed) :], tuple(levels))


def _numbers(series, scale):
    if series.notna().any() and kind_of(series) not in NUMBER_LIKE and not pd.api.types.is_numeric_dtype(series.dtype):
        raise TypeError
    numbers = np.full(len(series), np.nan)
    numbers[series.notna().to_numpy()] = scale.to_numbers(series)
    return numbers


def _are_numbers(series):
    categories = series.cat.categories if isinstance(series.dtype, pd.CategoricalDtype) else series.dropna()
    return pd.api.types.is_numeric_dtype(categories.dtype)
