"""One page for those who must decide: what do these synthetic data give away? Plain words first, the figures under them."""

from dataclasses import dataclass, field
from html import escape

import pandas as pd

from workshop.measures.attacks import attacks_table, inference, membership, singling_out
from workshop.measures.disclosure import ReplicatedUniques, disclosures, replicated_uniques
from workshop.measures.distances import Distances, closest_records
from workshop.table import NUMBER_LIKE, as_table, kind_of

#: Numbers with more different values than this are cut into groups as targets.
_GROUPS, _MANY = 5, 20
_NOT_TESTED = (
    "Not tested: attackers who know other things than these keys; groups of people instead of single ones; several releases of the same data put "
    "together; what the program, the model or its settings give away. No figure here proves that data are anonymous."
)


@dataclass(frozen=True)
class DisclosureReport:
    """What was found.

    Attributes
    ----------
    sentences : tuple of str
        In plain words, the most important first.
    targets : pandas.DataFrame
        Attribute disclosure of each target.
    attacks : pandas.DataFrame or None
        With a hold-out: attack, rate, baseline, excess and its interval.
    uniques : ReplicatedUniques
    distances : Distances
    """

    sentences: tuple
    targets: pd.DataFrame
    attacks: pd.DataFrame | None
    uniques: ReplicatedUniques = field(default=None, repr=False)
    distances: Distances = field(default=None, repr=False)

    def __str__(self):
        return "\n".join(self.sentences)

    def _repr_html_(self):
        words = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)
        tables = [self.targets[["iS", "DiSCO", "Dorig", "TCAP", "baseCAPd"]].round(1)]
        if self.attacks is not None:
            tables.append(self.attacks.round(3))
        return words + "".join(table.to_html() for table in tables)


def disclosure_report(observed, synthetic, keys, holdout=None, targets=None, rng=0):
    """One page on what synthetic data give away.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    keys : list of str
        What an attacker may know of a person.
    holdout : pandas.DataFrame, optional
        People who were not in the data; without them there is no baseline, and the attacks are left out.
    targets : list of str, optional
        What an attacker may want to know; all other columns if left out.
    rng : int, numpy.random.Generator or None

    Returns
    -------
    DisclosureReport

    Raises
    ------
    TableError
        If the tables cannot be compared.
    """
    observed, synthetic = as_table(observed), as_table(synthetic)
    keys = [keys] if isinstance(keys, str) else list(keys)
    many = [
        name
        for name in observed.columns
        if name not in keys and kind_of(observed[name]) in NUMBER_LIKE and observed[name].nunique() > _MANY
    ]
    found = disclosures(observed, synthetic, keys, targets, dict.fromkeys(many, _GROUPS))
    uniques = replicated_uniques(observed, synthetic, keys)
    distances = closest_records(observed, synthetic, holdout, rng=rng)
    worst = found.iloc[0]
    sentences = [
        uniques.sentence,
        f"Who knows these of a person learns most about {found.index[0]}: for certain, and rightly, in {worst['DiSCO']:.1f} % of the cases "
        f"(from the observed data it would be {worst['Dorig']:.1f} %)."
        + (f" Mostly it is {worst['dominant']}, as for most people." if worst["dominant"] else ""),
        distances.sentence,
    ]
    attacks = None
    if holdout is not None:
        goal = found.index[0]
        made = [
            singling_out(observed, synthetic, holdout, rng=rng),
            inference(observed, synthetic, holdout, keys, goal, rng=rng),
            membership(observed, synthetic, holdout, rng=rng),
        ]
        sentences += [attack.sentence for attack in made]
        attacks = attacks_table(made)
    else:
        sentences.append("Without a hold-out no attack was played: set people aside before fitting, with split(table).")
    return DisclosureReport((*sentences, _NOT_TESTED), found, attacks, uniques, distances)
