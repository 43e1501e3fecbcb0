"""How near synthetic records come to real people, and whether nearer than to people who were not in the data.

Distance alone is a poor proof of privacy. A table can keep every person at a distance and still give an income away, because all that
matters is in the few columns that an attacker looks at; and a table can come near to many because people are alike. So distances to the people in the
data are held against distances to a hold-out, and attacks (`attacks.py`) ask what can be learned.
"""

from dataclasses import dataclass, field
from html import escape

import numpy as np

from workshop.measures.attacks import wilson
from workshop.measures.space import Space, nearest

#: A copy is near if it is nearer than this share of the distances between real people and their own nearest neighbours.
NEAR = 0.05


@dataclass(frozen=True)
class Distances:
    """Distances to the closest record.

    Attributes
    ----------
    to_members, to_others : numpy.ndarray
        From each synthetic record to the nearest person in the data, and to the nearest in the hold-out (empty without one).
    ratio : numpy.ndarray
        Distance to the nearest over that to the second nearest person in the data: near 0 where one person stands out as the source.
    exact, near : int
        Synthetic records that equal a person, and that are nearer to one than 19 of 20 people are to their nearest neighbour.
    nearer_to_members : float
        Share of synthetic records that lie nearer to a person in the data than to one of an equally large hold-out: 0.5 is perfect.
    """

    to_members: np.ndarray = field(repr=False)
    to_others: np.ndarray = field(repr=False)
    ratio: np.ndarray = field(repr=False)
    exact: int
    near: int
    nearer_to_members: float

    @property
    def interval(self):
        """95 % interval of `nearer_to_members`."""
        n = len(self.to_members)
        return wilson(self.nearer_to_members * n, n) if len(self.to_others) else (0.0, 1.0)

    @property
    def sentence(self):
        """What the figures say."""
        n = len(self.to_members)
        copies = (
            f"{self.exact:,} of {n:,} synthetic records equal a person in the data, {self.near:,} come very near to one"
        )
        if not len(self.to_others):
            return f"{copies}. Without a hold-out nobody can say whether that is much."
        low, high = self.interval
        verdict = "more than chance: people in the data shine through" if low > 0.5 else "as chance would have it"
        return f"{copies}. {self.nearer_to_members:.0%} lie nearer to them than to a hold-out ({low:.0%} to {high:.0%}), {verdict}. Distance alone proves no privacy."

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>"


def closest_records(observed, synthetic, holdout=None, variables=None, rng=0):
    """Distances from synthetic records to the closest people.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    holdout : pandas.DataFrame, optional
        People who were not in the data; see `attacks.split`.
    variables : list of str, optional
        All that can be compared, if left out.
    rng : int, numpy.random.Generator or None
        Picks as many from either side, if one is larger, and breaks ties.

    Returns
    -------
    Distances

    Raises
    ------
    TableError
        If the tables cannot be compared.
    """
    rng = np.random.default_rng(rng)
    space = Space(observed, variables)
    people, made = space.points(observed), space.points(synthetic)
    two, _ = nearest(made, people, 2)
    second = two[:, -1]
    ratio = np.divide(two[:, 0], second, out=np.ones(len(two)), where=second > 0)
    among_people = nearest(people, people, 2)[0][:, -1]
    near = int((two[:, 0] <= np.quantile(among_people, NEAR)).sum())
    to_others, share = np.zeros(0), float("nan")
    if holdout is not None:
        others = space.points(holdout)
        size = min(len(people), len(others))
        some = [points[rng.permutation(len(points))[:size]] for points in (people, others)]
        to_some, to_others = (nearest(made, points)[0][:, 0] for points in some)
        share = float(((to_some < to_others) + 0.5 * (to_some == to_others)).mean())
    return Distances(two[:, 0], to_others, ratio, int((two[:, 0] == 0).sum()), near, share)
