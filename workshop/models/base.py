"""The contract that every generative model keeps: it is fitted, has parameters θ, and can be sampled.

`rnorm` keeps it, a histogram keeps it, and so does a network with a million parameters. What a model does with its data
is in its own file; this one holds what all of them share. The form (settings in the constructor, `fit` returns the model,
learned attributes end in an underscore) is scikit-learn's, so `clone`, `get_params` and `set_params` work.
"""

from numbers import Integral

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from workshop.table import as_table


class GenerativeModel(BaseEstimator):
    """A model p(X | θ) of a table.

    A new model says how to learn in `_fit(table)`, how to draw in `_sample(n, rng)`, and what it knows in `_theta()`.
    """

    #: True where θ holds values copied from records, or as good as that: do not publish such a model.
    keeps_records = False
    #: What to say where `keeps_records` is true.
    why_not_to_publish = "this model keeps records, so the file holds copies of real people. Do not publish it."

    def fit(self, data):
        """Learn θ from observed data.

        Parameters
        ----------
        data : pandas.DataFrame or pandas.Series
            The observed data, one record in each row. It is not changed.

        Returns
        -------
        self

        Raises
        ------
        TableError
            If the table cannot be used; the message names the column and the remedy.
        ValueError
            If a setting of the model makes no sense.
        """
        table = as_table(data)
        self._series = isinstance(data, pd.Series)
        self._name = data.name if self._series else None
        self._fit(table)
        self.n_records_ = len(table)
        return self

    def sample(self, n=None, rng=None):
        """Draw synthetic records from the fitted model.

        Parameters
        ----------
        n : int, optional
            How many records; as many as were fitted if left out.
        rng : int, numpy.random.Generator or None
            The source of randomness. The same int gives the same table.

        Returns
        -------
        pandas.DataFrame or pandas.Series
            Same columns, order and types as the data that were fitted.

        Raises
        ------
        NotFittedError
            If the model has not been fitted.
        ValueError
            If `n` or `rng` makes no sense.
        """
        self._require_fit()
        n = self.n_records_ if n is None else n
        if not isinstance(n, Integral) or isinstance(n, bool) or n < 0:
            raise ValueError(f"n must be a whole number of records, 0 or more; got {n!r}.")
        try:
            rng = np.random.default_rng(rng)
        except (TypeError, ValueError):
            raise ValueError(f"rng must be a whole number, a numpy Generator or None; got {rng!r}.") from None
        synthetic = self._sample(int(n), rng)
        return synthetic.iloc[:, 0].rename(self._name) if self._series else synthetic

    @property
    def theta(self):
        """DataFrame (variable, parameter, value): everything that the model knows."""
        self._require_fit()
        return pd.DataFrame(self._theta(), columns=["variable", "parameter", "value"])

    @property
    def n_parameters(self):
        """The number of parameters: how flexible the model is."""
        return len(self.theta)

    def _require_fit(self):
        if not hasattr(self, "n_records_"):
            raise NotFittedError(f"This {type(self).__name__} knows nothing yet: call .fit(table) first.")

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": repr(self)}
