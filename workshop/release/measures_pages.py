"""The two pages of measures: what the data are good for, and what they give away."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from workshop.figures import _STYLE, OBSERVED, SYNTHETIC, Picture
from workshop.findings import shorten
from workshop.measures.fits import compare_fit
from workshop.measures.propensity import propensity
from workshop.measures.tables import table_utilities
from workshop.release import pages
from workshop.risk_utility import LADDER
from workshop.utility_pictures import forest, heat_map

_WORDS = {True: "yes", False: "no", None: "not tested"}
_MOST_TARGETS = 12


def utility_page(title, observed, synthetic, formula, uses):
    """The page on utility, as html.

    Parameters
    ----------
    title : str
    observed, synthetic : pandas.DataFrame
    formula : str or None
    uses : dict of str -> bool or None
        By rung of the ladder; None where it was not tested.

    Returns
    -------
    str
    """
    told = propensity(observed, synthetic)
    single = table_utilities(observed, synthetic, way=1)["S_pMSE"]
    rows = [(use, _WORDS[yes], LADDER[use]) for use, yes in uses.items()]
    parts = [
        pages.paragraph(
            "How much these data resemble the observed ones. This page shows measures and never the observed values. S_pMSE compares how the "
            "records are spread: about 1 is what chance brings, below 3 is good, above 10 is bad."
        ),
        pages.paragraph(told.sentence),
        pages.heading("What the data are good for"),
        pages.table(pd.DataFrame(rows, columns=["use", "supported", "tested by"]), "Uses, from little to much"),
    ]
    if not formula:
        parts.append(pages.paragraph("No regression was named, so nobody tested whether one can be trusted."))
    parts += [
        pages.heading("Pairs of variables"),
        pages.picture(heat_map(table_utilities(observed, synthetic))),
        pages.heading("Each variable by itself"),
        pages.table(single.reset_index(), "S_pMSE of each variable, the worst first"),
    ]
    if formula and uses["run the script"]:
        fit = compare_fit(formula, observed, synthetic)
        parts += [
            pages.heading("A regression on both"),
            pages.paragraph(fit.sentence),
            pages.picture(forest(fit)),
        ]
    return pages.page("Utility of the synthetic data", title, parts)


def disclosure_page(title, report, back, cautions, keys, keeps_records):
    """The page on what the data give away, as html.

    Parameters
    ----------
    title : str
    report : DisclosureReport
    back : pandas.DataFrame
        From `handed_on`.
    cautions : list of str
    keys : list of str
    keeps_records : bool
        Whether the model hands out values of people.

    Returns
    -------
    str
    """
    parts = [
        pages.paragraph(
            "What somebody could learn about a person who was in the observed data. The attacker in mind already knows of that person: "
            f"{', '.join(keys)} (the keys)."
        ),
        *([pages.caution(one) for one in cautions] or [pages.paragraph("No threshold was crossed.")]),
        pages.heading("In plain words"),
        *(pages.paragraph(sentence) for sentence in report.sentences),
        pages.heading("Values of single people"),
    ]
    if back.empty:
        parts.append(pages.paragraph("No synthetic record has a value that only one observed person has."))
    else:
        parts += [
            pages.paragraph(
                "Values that exactly one observed person has, and that occur in the synthetic data: how many different values only one person has, how "
                "many of them came back, and in how many synthetic records. Numbers, dates and codes can also agree by chance"
                + (". " if keeps_records else ", and here all do: the model holds no value of a single person. ")
                + "The values themselves are not named here."
            ),
            pages.table(
                back.reset_index().rename(
                    columns={"rare": "only one person's", "handed_on": "handed on", "records": "synthetic records"}
                ),
                "Values handed on, by variable",
            ),
        ]
    shown = report.targets[["iS", "DiSCO", "Dorig", "TCAP", "baseCAPd"]].rename_axis("target").reset_index()
    parts += [
        pages.heading("What the keys tell"),
        pages.picture(_certainty_picture(report.targets)),
        pages.table(shown, "Attribute disclosure, in percent, the worst first"),
        pages.paragraph(
            "iS: observed people whose keys occur in the synthetic data. DiSCO: people of whom the keys tell the target for certain, and rightly. Dorig: "
            "the same, from the observed data. TCAP: where the keys are certain, how often they are right. baseCAPd: how often a guess without keys is right."
        ),
    ]
    if report.attacks is not None:
        parts += [
            pages.heading("Attacks"),
            pages.table(report.attacks, "Share of attacks that succeed, on people in the data and on others"),
            pages.paragraph(
                "rate: on people in the data. baseline: on people who were not in them. excess: the difference, which is what the data gave away, with its "
                "95 % interval from low to high."
            ),
        ]
    return pages.page("What the synthetic data give away", title, parts)


def _certainty_picture(targets):
    """Of how many people the keys tell each variable for certain: from the observed and from the synthetic data."""
    shown = targets.head(_MOST_TARGETS)[::-1]
    places, worst = np.arange(len(shown)), targets.iloc[0]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(6.4, 1.3 + 0.32 * len(shown)), layout="constrained")
        ax = figure.subplots()
        ax.hlines(places, shown["DiSCO"], shown["Dorig"], color="#999999", linewidth=1)
        ax.plot(shown["Dorig"], places, "o", color=OBSERVED, label="from the observed data")
        ax.plot(shown["DiSCO"], places, "D", color=SYNTHETIC, label="from the synthetic data")
        ax.set_yticks(places, [shorten(name, 24) for name in shown.index])
        ax.set(xlim=(0, None), xlabel="learned for certain, and rightly (% of people)")
        ax.set_title(f"most: {shorten(targets.index[0], 30)}, {worst['DiSCO']:.1f} %")
        ax.legend(loc="upper center", bbox_to_anchor=(0.4, -0.2 - 0.5 / len(shown)), ncols=2)
    words = (
        f"The keys tell most about {targets.index[0]}: for certain, and rightly, of {worst['DiSCO']:.1f} % of the people; with the observed data it would be "
        f"{worst['Dorig']:.1f} %."
    )
    return Picture(words, figure)
