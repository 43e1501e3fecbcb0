"""Attacks, played for real: what does somebody learn about people from the synthetic data, beyond what they learn about anybody?

Each attack is made on people who were in the observed data, and in the same way on people who were not (a hold-out from the same source). What
succeeds on both comes from the population, which synthetic data are there to show; the excess is what was given away about those in the data.
The three questions and the form are those of Giomi, Boenisch, Wehmeyer and Tasnádi (2023, "A unified framework for quantifying privacy risk in
synthetic data"); membership by distance is that of Hilprecht and others (2019), by density ratio, in its simplest form, that of
van Breugel and others (2023).
"""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
from scipy import stats

from workshop.measures.pair import Pair
from workshop.measures.space import Space, nearest
from workshop.settings import at_least, whole
from workshop.table import TableError, as_table

ATTACKS = 500
_Z = stats.norm.ppf(0.975)


@dataclass(frozen=True)
class Attack:
    """How often an attack succeeds.

    Attributes
    ----------
    name : str
    on_members, on_others : int
        Attacks made on people who were in the data, and on people of the hold-out.
    hits_members, hits_others : int
        How many of them succeeded.
    says : str
        What was tried, in words.
    """

    name: str
    on_members: int
    hits_members: int
    on_others: int
    hits_others: int
    says: str

    @property
    def rate(self):
        """Share of attacks on members that succeed."""
        return self.hits_members / self.on_members if self.on_members else 0.0

    @property
    def baseline(self):
        """Share of attacks on the hold-out that succeed."""
        return self.hits_others / self.on_others if self.on_others else 0.0

    @property
    def excess(self):
        """The difference of the two: what the data gave away."""
        return self.rate - self.baseline

    @property
    def interval(self):
        """95 % interval of the excess (Newcombe, 1998, method 10: from the Wilson intervals of both rates)."""
        low, high = wilson(self.hits_members, self.on_members)
        low_other, high_other = wilson(self.hits_others, self.on_others)
        return (
            float(self.excess - np.hypot(self.rate - low, high_other - self.baseline)),
            float(self.excess + np.hypot(high - self.rate, self.baseline - low_other)),
        )

    @property
    def risk(self):
        """Excess over what was left to find, (rate − baseline) / (1 − baseline), not below 0: the risk as anonymeter defines it."""
        return max(0.0, self.excess / (1 - self.baseline)) if self.baseline < 1 else 0.0

    @property
    def sentence(self):
        """What the figures say."""
        low, high = self.interval
        verdict = "no more than chance" if low <= 0 else "something was given away"
        return (
            f"{self.says}: {self.rate:.1%} succeed on people in the data, {self.baseline:.1%} on others. "
            f"Excess {100 * self.excess:.1f} points (95 % interval {100 * low:.1f} to {100 * high:.1f}): {verdict}."
        )

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>"


def wilson(hits, n):
    """The 95 % interval of a share (Wilson, 1927).

    >>> tuple(round(float(end), 3) for end in wilson(0, 100))
    (0.0, 0.037)
    """
    if not n:
        return 0.0, 1.0
    p, z2 = hits / n, _Z**2
    middle, half = (p + z2 / (2 * n)) / (1 + z2 / n), _Z * np.sqrt(p * (1 - p) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def split(table, share=0.5, rng=None):
    """Set people aside before fitting: (those to fit to, the hold-out).

    Parameters
    ----------
    table : pandas.DataFrame
    share : float, default 0.5
        Of the people, in the hold-out.
    rng : int, numpy.random.Generator or None

    Returns
    -------
    (pandas.DataFrame, pandas.DataFrame)
    """
    table = as_table(table)
    at_least(share, "share", 0)
    aside = round(len(table) * share)
    if not 0 < aside < len(table):
        raise ValueError(f"share must leave people on both sides; {share!r} of {len(table):,} leaves nobody on one.")
    order = np.random.default_rng(rng).permutation(len(table))
    return table.iloc[order[aside:]].reset_index(drop=True), table.iloc[order[:aside]].reset_index(drop=True)


def singling_out(observed, synthetic, holdout, variables=None, attacks=ATTACKS, n_variables=3, rng=0):
    """Find a description that fits exactly one person.

    From a synthetic record the attacker takes a few values ("at least 81 years, in the north, income at most 9,000"; numbers below their median
    give "at most", others "at least") and keeps the descriptions that fit exactly one synthetic record. A hit fits exactly one person.

    Parameters
    ----------
    observed, synthetic, holdout : pandas.DataFrame
    variables : list of str, optional
    attacks : int, default 500
    n_variables : int, default 3
        Of each description.
    rng : int, numpy.random.Generator or None

    Returns
    -------
    Attack
    """
    whole(attacks, "attacks", 1)
    whole(n_variables, "n_variables", 1)
    rng = np.random.default_rng(rng)
    tables = [_columns(observed, table, variables) for table in (observed, synthetic, holdout)]
    names = list(tables[0])
    chosen = min(n_variables, len(names))
    hits, made = np.zeros(2, dtype=int), 0
    middles = {
        name: np.nanmedian(values) if numeric and not np.isnan(values).all() else 0.0
        for name, (values, numeric) in tables[1].items()
    }
    # Both tables as long as the shorter one: a description fits exactly one of few people more easily than of many.
    sizes = min(len(observed), len(holdout))
    rows = [rng.permutation(len(observed))[:sizes], None, rng.permutation(len(holdout))[:sizes]]
    for _ in range(20 * attacks):
        if made == attacks:
            break
        record, asked = rng.integers(len(synthetic)), rng.permutation(len(names))[:chosen]
        fits = [
            np.ones(len(table) if row is None else sizes, dtype=bool)
            for table, row in zip((observed, synthetic, holdout), rows, strict=True)
        ]
        for name in (names[place] for place in asked):
            value, numeric = tables[1][name][0][record], tables[1][name][1]
            for side, row in enumerate(rows):
                column = tables[side][name][0] if row is None else tables[side][name][0][row]
                if not numeric or value != value:
                    fits[side] &= (column == value) if value == value else np.isnan(column)
                else:
                    fits[side] &= column <= value if value < middles[name] else column >= value
        if fits[1].sum() == 1:
            made += 1
            hits += [fits[0].sum() == 1, fits[2].sum() == 1]
    says = f"Singling out with {chosen} values of a synthetic record"
    return Attack("singling out", made, int(hits[0]), made, int(hits[1]), says)


def linkability(observed, synthetic, holdout, first, second, attacks=ATTACKS, neighbours=1, rng=0):
    """Link two halves of what is known of a person.

    The attacker holds two files without names: one with some columns, one with others. For a person, the nearest synthetic records are looked up by
    either half; a hit is a synthetic record that is nearest by both.

    Parameters
    ----------
    observed, synthetic, holdout : pandas.DataFrame
    first, second : list of str
        The columns of the two files.
    attacks : int, default 500
    neighbours : int, default 1
        So many nearest synthetic records are looked at.
    rng : int, numpy.random.Generator or None

    Returns
    -------
    Attack
    """
    first, second = _names(first), _names(second)
    if set(first) & set(second):
        raise ValueError(
            f"'{sorted(set(first) & set(second))[0]}' is in both halves: a column that both files hold links them by itself."
        )
    whole(neighbours, "neighbours", 1)
    members, others = _victims(observed, holdout, attacks, rng)
    found = []
    for people in (members, others):
        places = []
        for names in (first, second):
            space = Space(synthetic, names)  # the attacker knows the synthetic data alone
            places.append(nearest(space.points(people), space.points(synthetic), neighbours)[1])
        found.append(int((places[0][:, :, None] == places[1][:, None, :]).any(axis=(1, 2)).sum()))
    says = f"Linking {_listed(first)} with {_listed(second)}"
    return Attack("linkability", len(members), found[0], len(others), found[1], says)


def inference(observed, synthetic, holdout, keys, target, within=0.1, attacks=ATTACKS, rng=0):
    """Guess a value of a person from the most similar synthetic record.

    Parameters
    ----------
    observed, synthetic, holdout : pandas.DataFrame
    keys : list of str
        What the attacker knows.
    target : str
        What is guessed.
    within : float, default 0.1
        A guess of a number is right if it is off by at most this share of the truth.
    attacks : int, default 500
    rng : int, numpy.random.Generator or None

    Returns
    -------
    Attack
    """
    keys = _names(keys)
    if target in keys:
        raise ValueError(f"The target '{target}' is among the keys: what is known need not be guessed.")
    at_least(within, "within", 0)
    members, others = _victims(observed, holdout, attacks, rng)
    space, hits = Space(synthetic, keys), []
    of_synthetic = space.points(synthetic)
    for people in (members, others):
        place = nearest(space.points(people), of_synthetic)[1][:, 0]
        variable = Pair.of(people, synthetic, [target]).variables[target]
        truth, guess = variable.observed, variable.synthetic[place]
        right = guess == truth
        if variable.is_number:
            right = (np.abs(guess - truth) <= within * np.abs(truth)) | (np.isnan(guess) & np.isnan(truth))
        hits.append(int(right.sum()))
    how = f" within {within:.0%}" if Pair.of(observed, synthetic, [target]).variables[target].is_number else ""
    return Attack(
        "inference", len(members), hits[0], len(others), hits[1], f"Guessing {target}{how} from {_listed(keys)}"
    )


def membership(observed, synthetic, holdout, variables=None, method="distance", attacks=ATTACKS, rng=0):
    """Guess who was in the data.

    "distance": those who lie nearest to a synthetic record. "density ratio": those where the synthetic data are densest in comparison with other
    people, for which half of the hold-out serves. Half of all victims are accused, so that blind guessing accuses half of the members.

    Parameters
    ----------
    observed, synthetic, holdout : pandas.DataFrame
    variables : list of str, optional
    method : {"distance", "density ratio"}
    attacks : int, default 500
    rng : int, numpy.random.Generator or None

    Returns
    -------
    Attack
        A hit is an accused person; the baseline counts those accused wrongly.
    """
    if method not in ("distance", "density ratio"):
        raise ValueError(f'method must be "distance" or "density ratio"; got {method!r}.')
    rng = np.random.default_rng(rng)
    space = Space(synthetic, variables)
    reference = None
    if method == "density ratio":
        reference, holdout = split(holdout, 0.5, rng)
    members, others = _victims(observed, holdout, attacks, rng)
    size = min(len(members), len(others))
    points = [space.points(people.head(size)) for people in (members, others)]
    if method == "distance":
        suspicion = -nearest(np.vstack(points), space.points(synthetic))[0][:, 0]
    else:
        suspicion = _suspicion_by_ratio(np.vstack(points), space.points(synthetic), space.points(reference))
    # Ties are broken by lot, so that exactly half are accused.
    accused = np.zeros(2 * size, dtype=bool)
    accused[np.lexsort((rng.random(2 * size), -suspicion))[:size]] = True
    return Attack(
        "membership",
        size,
        int(accused[:size].sum()),
        size,
        int(accused[size:].sum()),
        f"Guessing by {method} who was in the data",
    )


def _suspicion_by_ratio(victims, synthetic, reference):
    """How much denser the synthetic records are around each victim than other people are, by the distance to the nearest of either.

    (The density around a point is the higher, the nearer its nearest neighbour: Loftsgaarden and Quesenberry, 1965.)
    """
    to_synthetic, to_others = (nearest(victims, points)[0][:, 0] for points in (synthetic, reference))
    return np.log(to_others + 1e-9) - np.log(to_synthetic + 1e-9)


def invert_recipe(recipe, observed, variable, within=0.1):
    """Read the richest person off a metadata recipe.

    The attacker knows how many people there were, and guesses that the largest value is the upper bound of the family, if it has one, and otherwise
    the value that one of so many people exceeds.

    Parameters
    ----------
    recipe : Metadata
        Fitted, or loaded from its file.
    observed : pandas.DataFrame
        To tell whether the guess is right.
    variable : str
        A number.
    within : float, default 0.1
        A guess is right if it is off by at most this share.

    Returns
    -------
    pandas.Series
        guess, truth, right (bool) and from ("upper bound" or "the tail").
    """
    if variable not in recipe.variables_ or variable not in observed:
        raise TableError(f"There is no variable '{variable}' in the recipe and in the table.")
    family, truth = recipe.variables_[variable].family, float(observed[variable].max())
    upper = getattr(family, "upper", None)
    if upper is None:
        draws = np.array([family.sample(recipe.n_records_, np.random.default_rng(seed)).max() for seed in range(25)])
        upper = np.median(draws)
    found = "upper bound" if getattr(family, "upper", None) is not None else "the tail"
    return pd.Series(
        {
            "guess": float(upper),
            "truth": truth,
            "right": bool(abs(upper - truth) <= within * abs(truth)),
            "from": found,
        },
        name=variable,
    )


def _columns(reference, table, variables):
    """Each variable of a table as comparable numbers, and whether it is one."""
    pair = Pair.of(reference, table, variables)
    return {name: (one.synthetic.astype(float), one.is_number) for name, one in pair.variables.items()}


def _victims(observed, holdout, attacks, rng):
    whole(attacks, "attacks", 1)
    rng = np.random.default_rng(rng)
    observed, holdout = as_table(observed), as_table(holdout)
    return [table.iloc[rng.permutation(len(table))[:attacks]].reset_index(drop=True) for table in (observed, holdout)]


def _names(names):
    names = [names] if isinstance(names, str) else list(names)
    if not names:
        raise TableError("An attacker who knows nothing learns nothing: name at least one column.")
    return names


def _listed(names):
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def attacks_table(found):
    """Several attacks, one line each: attack, rate, baseline, excess, low, high."""
    rows = [(one.says, one.rate, one.baseline, one.excess, *one.interval) for one in found]
    return pd.DataFrame(rows, columns=["attack", "rate", "baseline", "excess", "low", "high"])
