"""Disclosure: who stands out in both tables, and what their keys give away about them.

Keys are what an attacker knows of a person (sex, age, region), the target is what the attacker wants to know. The figures and their names
are those of R synthpop's `disclosure` and `replicated.uniques` (Raab, Nowok and Dibben, 2024, "Practical privacy metrics for synthetic data"),
the CAP family is that of Taub and Elliot (2019). All are percentages of records. Values are compared as they are, not as they are printed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from html import escape

import numpy as np
import pandas as pd

from workshop.measures.pair import Pair
from workshop.measures.tables import grouped
from workshop.settings import whole
from workshop.table import LABEL_LIKE, NUMBER_LIKE, TableError, as_table, kind_of

#: Disclosure rests on one level if this share of the rightly disclosed records has it.
DOMINANT = 0.9


@dataclass(frozen=True)
class ReplicatedUniques:
    """Records that are unique on some keys, and come back in the synthetic data.

    Attributes
    ----------
    keys : tuple of str
    unique_in_observed, unique_in_synthetic : int
        Records whose keys nobody else has.
    synthetic_uniques_in_observed : int
        Synthetic uniques whose keys occur among the observed records.
    replicated_uniques : int
        Unique in both: such a synthetic record points at one real person.
    n_synthetic : int
    """

    keys: tuple
    unique_in_observed: int
    unique_in_synthetic: int
    synthetic_uniques_in_observed: int
    replicated_uniques: int
    n_synthetic: int

    @property
    def sentence(self):
        """What the figures say."""
        share = self.replicated_uniques / self.n_synthetic if self.n_synthetic else 0.0
        return (
            f"{self.replicated_uniques:,} of {self.n_synthetic:,} synthetic records ({share:.1%}) have {_listed(self.keys)} in common with exactly "
            f"one observed person, and with no other synthetic record. {self.unique_in_observed:,} observed people are alone with theirs."
        )

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>"


@dataclass(frozen=True)
class Disclosure:
    """What keys give away: about identity, and about a target. Percentages of records.

    Attributes
    ----------
    keys : tuple of str
    target : str
    UiO, UiS : float
        Unique on the keys in observed and in synthetic data.
    UiOiS : float
        Unique in observed data, and the keys occur in the synthetic data.
    repU : float
        Unique in both.
    Dorig, Dsyn : float
        The keys determine the target, in observed and in synthetic data.
    iS : float
        Observed records whose keys occur in the synthetic data.
    DiS : float
        And there the keys determine the target.
    DiSCO : float
        And rightly: the attacker learns the truth.
    DiSDiO : float
        And they determine it in the observed data, too.
    baseCAPd, CAPd, CAPs, DCAP, TCAP : float
        Chance of a right guess: without keys, from observed keys, from synthetic keys about synthetic records, from synthetic keys about observed
        records, and where the synthetic keys determine the target.
    max_denom, mean_denom : float
        The largest and the mean number of observed people who share disclosed keys and target; not percentages.
    dominant : str
        The level of the target on which most of DiSCO rests, or "".
    """

    keys: tuple
    target: str
    UiO: float
    UiS: float
    UiOiS: float
    repU: float
    Dorig: float
    Dsyn: float
    iS: float
    DiS: float
    DiSCO: float
    DiSDiO: float
    baseCAPd: float
    CAPd: float
    CAPs: float
    DCAP: float
    TCAP: float
    max_denom: float
    mean_denom: float
    dominant: str = ""

    @property
    def figures(self):
        """dict of name -> percentage."""
        return {
            one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("keys", "target", "dominant")
        }

    @property
    def sentence(self):
        """What the figures say."""
        warning = (
            f" Nearly all of them have {self.target} {self.dominant}, which most people have: a weak disclosure."
            if self.dominant
            else ""
        )
        return (
            f"Who knows {_listed(self.keys)} of a person learns {self.target} for certain, and rightly, about {self.DiSCO:.1f} % of the people "
            f"(in the observed data it would be {self.Dorig:.1f} %), and can point at {self.repU:.1f} % as unique in both.{warning}"
        )

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>"


def replicated_uniques(observed, synthetic, keys=None):
    """Count the records that are unique on some keys in both tables.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    keys : list of str, optional
        All columns that can be compared, if left out.

    Returns
    -------
    ReplicatedUniques

    Raises
    ------
    TableError
        If a key is missing from one of the tables, or cannot be compared.

    Examples
    --------
    >>> one = pd.DataFrame({"age": [30, 30, 81], "sex": ["f", "f", "m"]})
    >>> replicated_uniques(one, one).replicated_uniques
    1
    """
    pair = Pair.of(observed, synthetic, keys)
    d, s, first, second = _counts(pair)
    return ReplicatedUniques(
        tuple(pair.variables),
        int((d == 1).sum()),
        int((s == 1).sum()),
        int(((s == 1) & (d > 0)).sum()),
        int(((s == 1) & (d == 1)).sum()),
        pair.n_synthetic,
    )


def without_replicated_uniques(observed, synthetic, keys=None):
    """The synthetic table without the records that are unique on the keys in both tables.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    keys : list of str, optional

    Returns
    -------
    pandas.DataFrame
        With a new index; the table that was given is not changed.
    """
    pair = Pair.of(observed, synthetic, keys)
    d, s, _, second = _counts(pair)
    return synthetic[~((d == 1) & (s == 1))[second]].reset_index(drop=True)


def disclosure(observed, synthetic, keys, target, groups=None):
    """What somebody who knows the keys of a person learns from the synthetic data.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    keys : list of str
        What the attacker knows.
    target : str
        What the attacker wants to know.
    groups : int or dict, optional
        Cut numbers into so many groups: all of them, or variable -> number of groups. Compared as they are if left out.

    Returns
    -------
    Disclosure

    Raises
    ------
    TableError
        If a variable cannot be compared.
    ValueError
        If the target is one of the keys.
    """
    keys = [keys] if isinstance(keys, str) else list(keys)
    return _of_pair(Pair.of(observed, synthetic, [*keys, target]), keys, target, groups)


def _of_pair(pair, keys, target, groups):
    if target in keys:
        raise ValueError(f"The target '{target}' is among the keys: what is known need not be found out.")
    key = _joined([_codes(pair.variables[name], groups) for name in keys])
    goal = _codes(pair.variables[target], groups)
    n, m, size, levels = pair.n_observed, pair.n_synthetic, key.max() + 1, goal.max() + 1
    d, s = np.bincount(key[:n], minlength=size), np.bincount(key[n:], minlength=size)
    # Records of each key with each level of the target; only the combinations that occur.
    both, cell = np.unique(key.astype(np.int64) * levels + goal, return_inverse=True)
    cell = cell.ravel()
    dt, st = np.bincount(cell[:n], minlength=len(both)), np.bincount(cell[n:], minlength=len(both))
    of_key = both // levels
    determined_d, determined_s = (_determined(counts, of_key, size) for counts in (dt, st))
    k, c = key[:n], cell[:n]
    in_s, dis = s[k] > 0, determined_s[k]
    rightly = dis & (st[c] > 0)
    found = goal[:n][rightly]
    together = dt[np.unique(c[rightly])]
    shares = np.bincount(goal[:n], minlength=levels) / n
    dominant = ""
    if len(found):
        level = int(np.bincount(found).argmax())
        if (found == level).mean() >= DOMINANT and shares[level] > 0.5:
            dominant = _level_name(pair.variables[target], level, groups)

    def percent(flags, total):
        return float(100 * flags.sum() / total)

    disco, i_s = percent(rightly, n), percent(in_s, n)
    return Disclosure(
        tuple(keys),
        target,
        UiO=percent(d == 1, n),
        UiS=percent(s == 1, m),
        UiOiS=percent((d == 1) & (s > 0), n),
        repU=percent((d == 1) & (s == 1), n),
        Dorig=percent(determined_d[k], n),
        Dsyn=percent(determined_s[key[n:]], m),
        iS=i_s,
        DiS=percent(dis, n),
        DiSCO=disco,
        DiSDiO=percent(rightly & determined_d[k], n),
        baseCAPd=float(100 * (shares**2).sum()),
        CAPd=float(100 * (dt[c] / d[k]).mean()),
        CAPs=float(100 * (st[cell[n:]] / s[key[n:]]).mean()),
        DCAP=float(100 * np.where(in_s, st[c] / np.maximum(s[k], 1), 0.0).mean()),
        TCAP=100 * disco / i_s if i_s else 0.0,
        max_denom=float(together.max(initial=0)),
        mean_denom=float(together.mean()) if len(together) else float("nan"),
        dominant=dominant,
    )


def disclosures(observed, synthetic, keys, targets=None, groups=None):
    """The same for every target: what do these keys give away?

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    keys : list of str
    targets : list of str, optional
        All other columns that can be compared, if left out.
    groups : int, optional

    Returns
    -------
    pandas.DataFrame
        One line for each target, the largest DiSCO first; the figures of Disclosure, and `dominant`.
    """
    keys = [keys] if isinstance(keys, str) else list(keys)
    observed = as_table(observed)
    if targets is None:
        targets = [
            name
            for name in observed.columns
            if name not in keys and kind_of(observed[name]) in (*NUMBER_LIKE, *LABEL_LIKE)
        ]
    if not targets:
        raise TableError("There is no target: the tables hold nothing but keys.")
    pair = Pair.of(observed, synthetic, [*keys, *targets])
    found = {target: _of_pair(pair, keys, target, groups) for target in targets}
    rows = [{**one.figures, "dominant": one.dominant} for one in found.values()]
    return pd.DataFrame(rows, index=pd.Index(found, name="target")).sort_values("DiSCO", ascending=False, kind="stable")


def disclosed_records(observed, synthetic, keys, target, groups=None):
    """The observed records about whom the synthetic data tell the truth for certain (DiSCO).

    Parameters
    ----------
    As for `disclosure`.

    Returns
    -------
    pandas.DataFrame
        Rows of the observed table, with their own index: keys and target.
    """
    keys = [keys] if isinstance(keys, str) else list(keys)
    observed = as_table(observed)
    pair = Pair.of(observed, synthetic, [*keys, target])
    key = _joined([_codes(pair.variables[name], groups) for name in keys])
    goal = _codes(pair.variables[target], groups)
    n, levels = pair.n_observed, goal.max() + 1
    both, cell = np.unique(key.astype(np.int64) * levels + goal, return_inverse=True)
    cell = cell.ravel()
    st = np.bincount(cell[n:], minlength=len(both))
    determined = _determined(st, both // levels, key.max() + 1)
    return observed.loc[determined[key[:n]] & (st[cell[:n]] > 0), [*keys, target]]


def _counts(pair):
    """Observed and synthetic records of each combination of keys, and the combination of each record of either table."""
    key = _joined([_codes(variable, None) for variable in pair.variables.values()])
    n, size = pair.n_observed, key.max() + 1
    return np.bincount(key[:n], minlength=size), np.bincount(key[n:], minlength=size), key[:n], key[n:]


def _codes(variable, groups):
    """Each different value (or group of numbers) as a number from 0 on; missing is a value. Products of them need 64 bits, also in a browser."""
    groups = _groups_of(variable, groups)
    if groups:
        return grouped(variable, groups)[0].astype(np.intp)
    _, codes = np.unique(variable.both, return_inverse=True)  # nan is equal to nan here
    return codes.ravel()


def _groups_of(variable, groups):
    """Into how many groups a variable is cut, or None."""
    groups = groups.get(variable.name) if isinstance(groups, Mapping) else groups
    if groups is None or not variable.is_number:
        return None
    whole(groups, "groups", 1)
    return int(groups)


def _joined(columns):
    """Each different combination as a number from 0 on."""
    joined = columns[0]
    for column in columns[1:]:
        _, joined = np.unique(joined.astype(np.int64) * (column.max() + 1) + column, return_inverse=True)
        joined = joined.ravel()
    return np.unique(joined, return_inverse=True)[1].ravel()


def _determined(counts, of_key, size):
    """For each key: whether exactly one level of the target occurs with it."""
    return np.bincount(of_key.astype(np.intp), counts > 0, size) == 1


def _level_name(variable, code, groups):
    if _groups_of(variable, groups):
        # The bounds of a group are values of people: said to two digits, they are nobody's.
        return re.sub(
            r"-?\d[\d.]*(?:e[+-]?\d+)?", _to_two_digits, grouped(variable, _groups_of(variable, groups))[2][code]
        )
    value = np.unique(variable.both)[code]
    if variable.is_number:
        return f"{value:.6g}"
    return "missing" if value < 0 else str(variable.levels[int(value)])


def _to_two_digits(found):
    return f"{float(f'{float(found[0]):.1e}'):,.10g}"


def _listed(names):
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
