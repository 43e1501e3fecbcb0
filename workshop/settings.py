"""Settings that make no sense are refused in one sentence."""

from numbers import Integral, Real

import numpy as np


def whole(value, name, least):
    """Refuse what is not a whole number of at least `least`."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be a whole number, {least} or more; got {value!r}.")


def at_least(value, name, least):
    """Refuse what is not a number of at least `least`."""
    if not isinstance(value, Real) or isinstance(value, bool) or not value >= least or not np.isfinite(value):
        raise ValueError(f"{name} must be a number, {least} or more; got {value!r}.")
