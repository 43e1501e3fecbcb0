"""What somebody should decide on before a release leaves the house: each threshold that is crossed, in plain words."""

from scipy import stats

from workshop.measures.disclosure import disclosure, replicated_uniques
from workshop.measures.space import Space
from workshop.table import NUMBER_LIKE, kind_of

#: What crosses these is said first. Copies are held against as many as people make of each other.
LIMITS = {"replicated uniques": 0.01, "DiSCO": 5.0, "excess": 0.05}


def cautions_about(synthetic, observed, keys, holdout, report, model):
    """The cautions.

    What is found about people of the hold-out as well was not given away by the data, and is taken off.

    Parameters
    ----------
    synthetic, observed : pandas.DataFrame
    keys : list of str
    holdout : pandas.DataFrame or None
    report : DisclosureReport
        Of the same tables.
    model : GenerativeModel

    Returns
    -------
    list of str
    """
    found = [
        *_about_uniques(synthetic, observed, keys, holdout, report),
        *_about_certainty(synthetic, observed, keys, holdout, report),
        *_about_copies(synthetic, observed, holdout, report),
        *_about_attacks(report),
    ]
    if model.keeps_records:
        found.append(
            "The synthetic values are those of observed people, put together anew: see the table in disclosure.html."
        )
    return found


def _about_uniques(synthetic, observed, keys, holdout, report):
    count, n = report.uniques.replicated_uniques, len(synthetic)
    by_chance, said = 0.0, ""
    if holdout is not None:
        by_chance = len(observed) / len(holdout) * replicated_uniques(holdout, synthetic, keys).replicated_uniques
        said = f" (of as many people who were not in the data: {by_chance:.0f})"
    if count - by_chance > LIMITS["replicated uniques"] * n:
        yield (
            f"{count:,} of {n:,} synthetic records have the {', '.join(keys)} of exactly one person{said}: "
            "take them out with without_replicated_uniques."
        )


def _about_certainty(synthetic, observed, keys, holdout, report):
    target, worst = report.targets.index[0], report.targets.iloc[0]
    by_chance, said = 0.0, ""
    if holdout is not None:
        groups = {target: 5} if kind_of(observed[target]) in NUMBER_LIKE and observed[target].nunique() > 20 else None
        by_chance = disclosure(holdout, synthetic, keys, target, groups).DiSCO
        said = f" (of people who were not in the data: {by_chance:.1f} %)"
    if worst["DiSCO"] - by_chance > LIMITS["DiSCO"] and not worst["dominant"]:
        yield (
            f"Who knows {', '.join(keys)} of a person learns {target} for certain, and rightly, in {worst['DiSCO']:.1f} % of the cases{said}."
        )


def _about_copies(synthetic, observed, holdout, report):
    exact, n = report.distances.exact, len(synthetic)
    if not exact:
        return
    names = Space(observed).variables
    if holdout is None:
        by_chance, who = observed[names].duplicated(keep=False).mean(), "the people themselves"
    else:
        both = holdout[names].merge(observed[names].drop_duplicates(), how="left", indicator=True)
        by_chance, who = (both["_merge"] == "both").mean(), "people who were not in the data"
    if exact / n > by_chance:
        yield (
            f"{exact:,} of {n:,} synthetic records ({exact / n:.1%}) equal a person in every variable that can be compared; "
            f"of {who}, {by_chance:.1%} equal one."
        )


def _about_attacks(report):
    if report.attacks is None:
        yield "No attack was played, because no people were set aside (holdout)."
        return
    # Several attacks are several chances of a false alarm: each interval is widened so that one in twenty releases has one (Bonferroni).
    wider = stats.norm.ppf(1 - 0.025 / len(report.attacks)) / stats.norm.ppf(0.975)
    for attack in report.attacks.itertuples():
        if attack.excess > max(LIMITS["excess"], wider * (attack.excess - attack.low)):
            yield (
                f"{attack.attack} succeeds {100 * attack.excess:.0f} points more often on people in the data than on others "
                f"(95 % interval {100 * attack.low:.0f} to {100 * attack.high:.0f})."
            )
