"""The exercises of notebook 05: pMSE by hand, standardised, with classifiers, and Alice's regression on both tables."""

import numpy as np

from workshop.exercises.base import Exercise, Mistake, is_number, same
from workshop.exercises.repairing import RepairTheWorst
from workshop.measures.fits import compare_fit, overlap_in_words
from workshop.measures.propensity import propensity

ALICE = "np.log1p(gift_spending) ~ greenness + np.log(income)"


def _scores(both, groups):
    return both["is_synthetic"].groupby(groups, observed=True).transform("mean")


class ByHand(Exercise):
    """5.1: pMSE of one category and of one number in groups."""

    number = "5.1"
    answers = ("pmse_region", "pmse_age")
    given = ("both", "age_group")

    def solve(self, both, age_group):
        return {
            "pmse_region": float(((_scores(both, both["region"]) - 0.5) ** 2).mean()),
            "pmse_age": float(((_scores(both, age_group) - 0.5) ** 2).mean()),
        }

    def praise(self, answer, given):
        return (
            f"{answer['pmse_region']:.6f} and {answer['pmse_age']:.6f}: the scores hardly leave 0.5. 0 is perfect and 0.25 the worst. But is this small enough? "
            "That depends on the number of records and of groups: standardise it next."
        )

    otherwise = "Give each record the share of synthetic ones in its group, take 0.5 away, square, and take the mean over all records."
    mistakes = (
        Mistake(
            "not squared",
            lambda both, age_group: {
                "pmse_region": float((_scores(both, both["region"]) - 0.5).mean()),
                "pmse_age": float((_scores(both, age_group) - 0.5).mean()),
            },
            "Differences above and below 0.5 cancel out to 0. Square them before you take the mean.",
            lambda answer, given: all(abs(value) < 1e-12 for value in answer.values()),
        ),
        Mistake(
            "mean over groups",
            lambda both, age_group: {
                "pmse_region": float(
                    ((both.groupby("region", observed=True)["is_synthetic"].mean() - 0.5) ** 2).mean()
                ),
                "pmse_age": float(((both["is_synthetic"].groupby(age_group, observed=True).mean() - 0.5) ** 2).mean()),
            },
            "That is the mean over the groups, in which the few islanders count as much as everybody in the west. Take it over the records: .transform('mean').",
        ),
        Mistake(
            "rounded",
            lambda both, age_group: {name: round(value, 4) for name, value in ByHand().solve(both, age_group).items()},
            "That is rounded so much that little is left: these numbers are small, and the next step multiplies them. Keep all digits.",
            lambda answer, given: any(
                all(value == round(ByHand().solve(**given)[name], digits) for name, value in answer.items())
                for digits in (3, 4, 5)
            ),
        ),
        Mistake(
            "without a square",
            lambda both, age_group: {
                "pmse_region": float((_scores(both, both["region"]) - 0.5).abs().mean()),
                "pmse_age": float((_scores(both, age_group) - 0.5).abs().mean()),
            },
            "That is the mean distance from 0.5. pMSE squares the distances first: ** 2.",
        ),
        Mistake(
            "the sum",
            lambda both, age_group: {
                name: value * len(both) for name, value in ByHand().solve(both, age_group).items()
            },
            "That is the sum over all records. pMSE is their mean.",
        ),
        Mistake(
            "every year of age a group",
            lambda both, age_group: {
                **ByHand().solve(both, age_group),
                "pmse_age": float(((_scores(both, both["age"]) - 0.5) ** 2).mean()),
            },
            "pmse_region is right. For pmse_age every year of age was a group of its own: group by age_group.",
        ),
        Mistake(
            "the root of it",
            lambda both, age_group: {
                name: float(np.sqrt(value)) for name, value in ByHand().solve(both, age_group).items()
            },
            "That is the square root. pMSE stays squared.",
        ),
        Mistake(
            "0.5 forgotten",
            lambda both, age_group: {
                "pmse_region": float((_scores(both, both["region"]) ** 2).mean()),
                "pmse_age": float((_scores(both, age_group) ** 2).mean()),
            },
            "That is about 0.25 because 0.5 was not taken away: how far is each score from 0.5?",
            lambda answer, given: all(0.2 < value < 0.3 for value in answer.values()),
        ),
        Mistake(
            "swapped",
            lambda both, age_group: dict(
                zip(("pmse_age", "pmse_region"), ByHand().solve(both, age_group).values(), strict=True)
            ),
            "The two are swapped: the first name takes the pMSE of the regions.",
        ),
        Mistake(
            "the same twice",
            lambda both, age_group: dict.fromkeys(ByHand.answers, ByHand().solve(both, age_group)["pmse_region"]),
            "Both are the pMSE of the regions. The second should group by age_group.",
        ),
    )


class TellApart(Exercise):
    """5.3: the area under the curve of a logistic regression and of boosted trees."""

    number = "5.3"
    answers = ("auc_logistic", "auc_boosting")
    given = ("observed", "synthetic")

    def solve(self, observed, synthetic):
        return {
            "auc_logistic": propensity(observed, synthetic, "logistic").auc,
            "auc_boosting": propensity(observed, synthetic, "boosting").auc,
        }

    def is_right(self, answer, given):
        reference = self.solve(**given)
        return (
            abs(answer["auc_logistic"] - reference["auc_logistic"]) < 0.005
            and abs(answer["auc_boosting"] - reference["auc_boosting"]) < 0.03
        )

    def praise(self, answer, given):
        return (
            f"{answer['auc_logistic']:.2f} and {answer['auc_boosting']:.2f}. The regression looks at each variable alone, where all is well; the trees look at "
            "variables together, where everything was lost. A test finds only what it looks for."
        )

    otherwise = 'propensity(gifts[shown], alone[shown], …).auc: these eight columns, once with "logistic" and once with "boosting".'
    mistakes = (
        Mistake(
            "the whole result",
            lambda observed, synthetic: {
                "auc_logistic": propensity(observed, synthetic),
                "auc_boosting": propensity(observed, synthetic, "boosting"),
            },
            "Those are whole results. Add .auc to take the area under the curve.",
            lambda answer, given: any(hasattr(value, "auc") for value in answer.values()),
        ),
        Mistake(
            "swapped",
            lambda observed, synthetic: dict(
                zip(("auc_boosting", "auc_logistic"), TellApart().solve(observed, synthetic).values(), strict=True)
            ),
            "The two are swapped: the logistic regression is the one that sees hardly anything.",
            lambda answer, given: (
                abs(answer["auc_logistic"] - TellApart().solve(**given)["auc_boosting"]) < 0.03
                and abs(answer["auc_boosting"] - TellApart().solve(**given)["auc_logistic"]) < 0.005
            ),
        ),
        Mistake(
            "pMSE",
            lambda observed, synthetic: {
                "auc_logistic": propensity(observed, synthetic).pMSE,
                "auc_boosting": propensity(observed, synthetic, "boosting").pMSE,
            },
            "Those are below 0.3, so they are no areas under a curve. Take .auc of the result.",
            lambda answer, given: all(is_number(value) and 0 <= value < 0.3 for value in answer.values()),
        ),
        Mistake(
            "percent told apart",
            lambda observed, synthetic: {
                "auc_logistic": propensity(observed, synthetic).PO50,
                "auc_boosting": propensity(observed, synthetic, "boosting").PO50,
            },
            "Areas under a curve lie between 0 and 1. Take .auc of the result as it is, not .PO50, and not in percent.",
            lambda answer, given: any(is_number(value) and value > 1 for value in answer.values()),
        ),
        Mistake(
            "the same twice",
            lambda observed, synthetic: dict.fromkeys(TellApart.answers, propensity(observed, synthetic).auc),
            'Both come from the logistic regression. The second is asked of "boosting".',
            lambda answer, given: (
                answer["auc_logistic"] == answer["auc_boosting"]
                and abs(answer["auc_logistic"] - propensity(**given).auc) < 0.005
            ),
        ),
    )


def _overlap(observed, synthetic):
    return float(compare_fit(ALICE, observed, synthetic).coefficients.loc["greenness", "ci_overlap"])


def _givers(table):
    return table[table["gift_spending"] > 0]


class SameConclusion(Exercise):
    """5.4: the overlap of the intervals of greenness, in either synthetic table."""

    number = "5.4"
    answers = ("overlap_alone", "overlap_tree")
    given = ("observed", "alone", "tree")

    def solve(self, observed, alone, tree):
        return {
            "overlap_alone": _overlap(_givers(observed), _givers(alone)),
            "overlap_tree": _overlap(_givers(observed), _givers(tree)),
        }

    def is_right(self, answer, given):
        return same(answer, self.solve(**given), 0.01)

    def praise(self, answer, given):
        return (
            f"From the trees, {overlap_in_words(answer['overlap_tree'])}; from the metadata, {overlap_in_words(answer['overlap_alone'])}. "
            "Whoever reads Alice's paper and reruns it on the trees' data comes to her conclusion."
        )

    otherwise = "Take the row of greenness and the column ci_overlap: fit.coefficients.loc['greenness', 'ci_overlap']."
    mistakes = (
        Mistake(
            "swapped",
            lambda observed, alone, tree: dict(
                zip(
                    ("overlap_tree", "overlap_alone"),
                    SameConclusion().solve(observed, alone, tree).values(),
                    strict=True,
                )
            ),
            "The two are swapped: the larger one belongs to the trees.",
        ),
        Mistake(
            "percent",
            lambda observed, alone, tree: {
                name: 100 * value for name, value in SameConclusion().solve(observed, alone, tree).items()
            },
            "That is in percent. Take the overlap as it stands in the table: 1 if the intervals lie on each other.",
        ),
        Mistake(
            "the row below",
            lambda observed, alone, tree: {
                name: compare_fit(ALICE, _givers(observed), _givers(table)).coefficients["ci_overlap"].iloc[2]
                for name, table in (("overlap_alone", alone), ("overlap_tree", tree))
            },
            "That is the overlap of np.log(income), the row below. Python counts rows from 0; better take greenness by its name: .loc['greenness'].",
        ),
        Mistake(
            "everybody",
            lambda observed, alone, tree: {
                "overlap_alone": _overlap(observed, alone),
                "overlap_tree": _overlap(observed, tree),
            },
            "That is a regression on everybody, also on those who spend nothing. Alice looks at givers: take fit_alone and fit_tree.",
        ),
        Mistake(
            "the mean of all coefficients",
            lambda observed, alone, tree: {
                name: compare_fit(ALICE, _givers(observed), _givers(table)).mean_ci_overlap
                for name, table in (("overlap_alone", alone), ("overlap_tree", tree))
            },
            "That is the mean over all coefficients. Alice's finding is about greenness: take its row.",
        ),
        Mistake(
            "standardised differences",
            lambda observed, alone, tree: {
                name: float(
                    compare_fit(ALICE, _givers(observed), _givers(table)).coefficients.loc["greenness", "std_diff"]
                )
                for name, table in (("overlap_alone", alone), ("overlap_tree", tree))
            },
            "Those are the differences in standard errors. The overlap stands in the next column: ci_overlap.",
        ),
        Mistake(
            "the same table twice",
            lambda observed, alone, tree: dict.fromkeys(
                SameConclusion.answers, _overlap(_givers(observed), _givers(tree))
            ),
            "Both come from the same table. overlap_alone is about givers_alone.",
            lambda answer, given: (
                answer["overlap_alone"] == answer["overlap_tree"] in SameConclusion().solve(**given).values()
            ),
        ),
    )


EXERCISES = (ByHand(), RepairTheWorst(), TellApart(), SameConclusion())
