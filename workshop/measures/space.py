"""Records as points, so that one can ask how far apart two people are.

A number becomes its place among the observed values (0 the lowest, 1 the highest), a label a corner of its own, at distance 1 from every other
label; a missing value is as far from every number as one label from another.
"""

import numpy as np
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from workshop.measures.pair import Pair

#: Labels beyond the most frequent ones share a corner.
MOST_CORNERS = 100


class Space:
    """Where the records of several tables lie.

    Parameters
    ----------
    reference : pandas.DataFrame
        The table whose values set the scale.
    variables : list of str, optional
        All that can be compared, if left out.
    """

    def __init__(self, reference, variables=None):
        self.reference = reference
        self.variables = list(Pair.of(reference, reference, variables).variables)

    def points(self, table):
        """The records of a table as points: an array of shape (n, d).

        Raises
        ------
        TableError
            If a variable is missing, or of another type.
        """
        columns = []
        for variable in Pair.of(self.reference, table, self.variables).variables.values():
            if variable.is_number:
                columns += _of_numbers(variable.observed, variable.synthetic)
            else:
                columns += _of_labels(variable.observed, variable.synthetic)
        return np.column_stack(columns)


def _of_numbers(reference, values):
    known = np.sort(reference[~np.isnan(reference)])
    absent = np.isnan(values)
    if not len(known):
        return [np.full(len(values), 0.5), absent.astype(float)]
    # The middle of the steps up to and below a value, so that equal values have equal places.
    places = (np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")) / (2 * len(known))
    # Beyond a trillion ranges all is equally far; the square of more would be no number.
    beyond = np.minimum((values - known[-1]) / (np.ptp(known) or 1), 1e12)
    outside = np.where(values > known[-1], 1e-6 * (1 + beyond), 0.0)
    places = np.where(absent, 0.5, places + outside)
    return [places, absent.astype(float)]


def _of_labels(reference, codes):
    seen, counts = np.unique(reference[reference >= 0], return_counts=True)
    corners = [*seen[np.argsort(-counts, kind="stable")][:MOST_CORNERS], -1]
    found = [(codes == corner) / np.sqrt(2) for corner in corners]
    return [*found, (~np.isin(codes, corners)) / np.sqrt(2)]


def nearest(points, others, k=1):
    """The k nearest of other points, and how far they are.

    Parameters
    ----------
    points : numpy.ndarray, shape (n, d)
    others : numpy.ndarray, shape (m, d)
    k : int, default 1

    Returns
    -------
    (numpy.ndarray, numpy.ndarray)
        Euclidean distances and row numbers of the others, both of shape (n, k).
    """
    k = min(k, len(others))
    with threadpool_limits(1):
        places = (
            NearestNeighbors(n_neighbors=k, algorithm="brute").fit(others).kneighbors(points, return_distance=False)
        )
    # Measured again, one by one: the quick way loses the last digits, and an exact copy must be at distance 0.
    distances = np.stack([np.sqrt(((points - others[column]) ** 2).sum(axis=1)) for column in places.T], axis=1)
    return distances, places
