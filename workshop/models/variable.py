"""One variable of a recipe: its kind, its type, its share of missing values and its family."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from workshop.models import counts, families
from workshop.models.families import Family
from workshop.numeric import Scale
from workshop.table import NUMBER_LIKE


@dataclass(frozen=True)
class Missing(Family):
    """Nothing but missing values."""

    name = "na"


@dataclass(frozen=True)
class Variable:
    """One line of the recipe."""

    name: str
    kind: str
    dtype: object
    missing: float
    family: Family
    step: int = 1
    decimals: int | None = None
    description: str = ""
    #: What is known only while fitting, and never written: the other candidates, and remarks.
    ranking: tuple = field(default=(), compare=False, repr=False)
    remarks: tuple = field(default=(), compare=False, repr=False)
    stands_out: str = field(default="", compare=False, repr=False)
    at_ends: tuple = field(default=(1, 1), compare=False, repr=False)

    @property
    def scale(self):
        return Scale(self.kind, self.dtype, self.step)

    def sample(self, n, rng):
        values = self._present(n, rng)
        return values.mask(rng.random(n) < self.missing) if 0 < self.missing < 1 else values

    def _present(self, n, rng):
        family = self.family
        if isinstance(family, Missing):
            return _nothing(n, self.dtype)
        if isinstance(family, counts.Multinoulli) and self.kind not in NUMBER_LIKE:
            return self.labels(family.codes(n, rng))
        if self.kind in NUMBER_LIKE or isinstance(family, counts.UniqueKey):
            scale = self.scale if self.kind in NUMBER_LIKE else Scale("discrete", self.dtype)
            return self.values(family.sample(n, rng, scale.whole), scale)
        if isinstance(family, families.Constant):
            return pd.Series(np.full(n, family.value, dtype=object)).astype(self.dtype)
        return pd.Series(family.sample(n, rng)).astype(self.dtype)

    def values(self, numbers, scale=None):
        """Numbers as values of the variable's own type and precision."""
        scale = scale or self.scale
        return scale.to_series(
            np.round(numbers, self.decimals) if self.decimals is not None and not scale.whole else numbers
        )

    def labels(self, codes):
        """The labels with these numbers, of the variable's own type."""
        if isinstance(self.dtype, pd.CategoricalDtype):
            place = self.dtype.categories.get_indexer(list(self.family.labels))
            return pd.Series(pd.Categorical.from_codes(place[codes], dtype=self.dtype))
        return pd.Series(list(self.family.labels), dtype=self.dtype).take(codes).reset_index(drop=True)


def _nothing(n, dtype):
    """Missing values, of the same type if it can hold them."""
    try:
        return (
            pd.Series([None] * n, dtype=object).astype(dtype)
            if _holds_missing(dtype)
            else pd.Series(np.full(n, np.nan))
        )
    except (TypeError, ValueError):
        return pd.Series(np.full(n, np.nan))


def _holds_missing(dtype):
    return pd.api.types.is_extension_array_dtype(dtype) or dtype.kind not in "biu"
