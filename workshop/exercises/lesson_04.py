"""The exercises of notebook 04: one step by hand, the order of the steps, what is derived, a rule, and the size of the leaves."""

import numpy as np
import pandas as pd

from workshop.exercises.base import Exercise, Mistake, describe_value, is_number
from workshop.exercises.one_step import OneStep
from workshop.formulas import Formula
from workshop.models.conditional import Passive
from workshop.models.sequential import Sequential

YEARS = 'years(moved_in, "2025-06-30")'


class ReadThePlan(Exercise):
    """4.2: the order, the methods and the predictors, read off the table of steps."""

    number = "4.2"
    answers = ("first", "of_income", "helps")
    given = ("model",)

    def solve(self, model):
        steps = model.steps
        predictors = dict(zip(steps["variable"], steps["predictors"].str.split(", "), strict=True))
        return {
            "first": steps["variable"][steps["method"] == "sample"].iloc[0],
            "of_income": len(predictors["income"]),
            "helps": "gift_spending" in predictors["greenness"],
        }

    def flaw(self, answer, given):
        if not isinstance(answer["first"], str) or answer["first"] not in set(given["model"].steps["variable"]):
            return f"first should be the name of a variable, but it is {describe_value(answer['first'])}."
        if not is_number(answer["of_income"]):
            return f"of_income should be one number, but it is {describe_value(answer['of_income'])}."
        if not isinstance(answer["helps"], bool | np.bool_):
            return f"helps should be True or False, but it is {describe_value(answer['helps'])}."
        return None

    def is_right(self, answer, given):
        reference = self.solve(**given)
        return all(answer[name] == reference[name] for name in self.answers)

    def praise(self, answer, given):
        return f"{answer['first']} starts, as it is; every later variable may look at all before it, and never at one that comes later."

    otherwise = "Read one row of model.steps after the other: the method of the first rows, and the predictors of income and of greenness."
    mistakes = (
        Mistake(
            "the key",
            lambda model: {**ReadThePlan().solve(model), "first": "respondent"},
            "respondent is made anew and says nothing about anybody. Which variable is the first to be drawn from observed values?",
            lambda answer, given: (
                isinstance(answer["first"], str)
                and str(given["model"].steps.set_index("variable")["method"].get(answer["first"], "")).startswith(
                    "made anew"
                )
            ),
        ),
        Mistake(
            "the first tree",
            lambda model: {**ReadThePlan().solve(model), "first": "region"},
            "That one comes out of a tree, which looks at another variable. Which row has a method that looks at none?",
            lambda answer, given: (
                isinstance(answer["first"], str)
                and given["model"].steps.set_index("variable")["method"].get(answer["first"]) == "CART"
            ),
        ),
        Mistake(
            "the row of income",
            lambda model: {**ReadThePlan().solve(model), "of_income": 8},
            "of_income is the row in which income stands. Count the names in its last column.",
            lambda answer, given: (
                answer["of_income"] == given["model"].steps.index[given["model"].steps["variable"] == "income"][0]
            ),
        ),
        Mistake(
            "all the others",
            lambda model: {**ReadThePlan().solve(model), "of_income": 14},
            "Not all the others: only variables that were drawn before income can help, and keys and words never do.",
            lambda answer, given: answer["of_income"] == len(given["model"].steps) - 1,
        ),
        Mistake(
            "looking ahead",
            lambda model: {**ReadThePlan().solve(model), "helps": True},
            "gift_spending comes after greenness, so it cannot help to draw it. It is the other way round.",
            lambda answer, given: answer["helps"] is True,
        ),
    )


class KeepInStep(Exercise):
    """4.3: how many synthetic records disagree with themselves, and a model in which none does."""

    number = "4.3"
    answers = ("broken", "mended")
    given = ("observed", "synthetic")

    def solve(self, observed, synthetic):
        broken = int((synthetic["years_here"] != Formula(YEARS).of(synthetic)).sum())
        return {"broken": broken, "mended": Sequential(methods={"years_here": Passive(YEARS)}).fit(observed)}

    def flaw(self, answer, given):
        if not is_number(answer["broken"]):
            return f"broken should be a number of records, but it is {describe_value(answer['broken'])}. Count with .sum()."
        if not isinstance(answer["mended"], Sequential):
            return f"mended should be a fitted Sequential model, but it is {describe_value(answer['mended'])}."
        return None

    def is_right(self, answer, given):
        return answer["broken"] == self.solve(**given)["broken"] and _disagreeing(answer["mended"]) == 0

    def praise(self, answer, given):
        return f"{answer['broken']} of {len(given['synthetic']):,} synthetic people disagreed with themselves; with the formula nobody does."

    otherwise = "Count where years differs from synthetic['years_here'], and give years_here the formula: Passive('years(moved_in, \"2025-06-30\")')."
    mistakes = (
        Mistake(
            "not fitted",
            lambda observed, synthetic: {"broken": 1, "mended": Sequential(methods={"years_here": Passive(YEARS)})},
            "mended has not seen any data yet: add .fit(gifts).",
            lambda answer, given: (
                isinstance(answer["mended"], Sequential) and not hasattr(answer["mended"], "n_records_")
            ),
        ),
        Mistake(
            "without a formula",
            lambda observed, synthetic: {
                "broken": KeepInStep().solve(observed, synthetic)["broken"],
                "mended": Sequential().fit(observed),
            },
            "mended still draws years_here from a tree. Tell it the formula: methods={'years_here': Passive(…)}.",
            lambda answer, given: "years_here" not in (answer["mended"].methods or {}),
        ),
        Mistake(
            "another formula",
            lambda observed, synthetic: {
                "broken": KeepInStep().solve(observed, synthetic)["broken"],
                "mended": Sequential(methods={"years_here": Passive("2025 - year(moved_in)")}).fit(observed),
            },
            "The formula gives other years than the observed data have: read mended.remarks_. Whole years up to 2025-06-30 are needed.",
            lambda answer, given: hasattr(answer["mended"], "n_records_") and _disagreeing(answer["mended"]) > 0,
        ),
        Mistake(
            "those who agree",
            lambda observed, synthetic: {
                "broken": len(synthetic) - KeepInStep().solve(observed, synthetic)["broken"],
                "mended": KeepInStep().solve(observed, synthetic)["mended"],
            },
            "broken counts the people whose years agree. Count those where they differ: !=.",
            lambda answer, given: answer["broken"] == len(given["synthetic"]) - KeepInStep().solve(**given)["broken"],
        ),
        Mistake(
            "a share",
            lambda observed, synthetic: {
                "broken": KeepInStep().solve(observed, synthetic)["broken"] / len(synthetic),
                "mended": KeepInStep().solve(observed, synthetic)["mended"],
            },
            "broken is a share. Count the records: .sum() in place of .mean().",
            lambda answer, given: 0 < answer["broken"] < 1,
        ),
        Mistake(
            "a percentage",
            lambda observed, synthetic: {
                "broken": 100 * KeepInStep().solve(observed, synthetic)["broken"] / len(synthetic),
                "mended": KeepInStep().solve(observed, synthetic)["mended"],
            },
            "broken is a percentage. How many records is that?",
            lambda answer, given: np.isclose(
                answer["broken"], 100 * KeepInStep().solve(**given)["broken"] / len(given["synthetic"]), atol=0.05
            ),
        ),
        Mistake(
            "everybody counted",
            lambda observed, synthetic: {
                "broken": len(synthetic),
                "mended": KeepInStep().solve(observed, synthetic)["mended"],
            },
            "That is everybody: .count() counts False as well as True. .sum() counts True only.",
            lambda answer, given: answer["broken"] == len(given["synthetic"]),
        ),
    )


def _disagreeing(model):
    made = model.sample(1000, rng=1)
    return int((made["years_here"] != Formula(YEARS).of(made)).sum())


class KeepARule(Exercise):
    """4.4: nobody on the islands has an income in the synthetic file."""

    number = "4.4"
    answers = ("ruled",)
    given = ("observed",)

    def solve(self, observed):
        return {"ruled": Sequential(rules={"income": {'region == "islands"': None}}).fit(observed)}

    def flaw(self, answer, given):
        ruled = answer["ruled"]
        if isinstance(ruled, pd.DataFrame):
            return (
                "ruled is a table. A rule belongs into the model, where it holds in every table that comes out of it."
            )
        if not isinstance(ruled, Sequential):
            return f"ruled should be a fitted Sequential model, but it is {describe_value(ruled)}."
        if not hasattr(ruled, "n_records_"):
            return "ruled has not seen any data yet: add .fit(gifts)."
        return None

    def is_right(self, answer, given):
        made = answer["ruled"].sample(5000, rng=1)
        islands = made["region"] == "islands"
        return (
            islands.any()
            and made.loc[islands, "income"].isna().all()
            and made.loc[~islands, "income"].isna().mean() < 0.3
        )

    def praise(self, answer, given):
        return "Nobody on the islands tells an income, in any table that this model will ever make. Trees can be wrong; a rule cannot."

    otherwise = (
        'The rule belongs to income; its condition is region == "islands", and its value None, which means missing.'
    )
    mistakes = (
        Mistake(
            "no rule",
            lambda observed: {"ruled": Sequential().fit(observed)},
            "ruled has no rule yet: Sequential(rules={…}). Only a rule holds in every table that the model makes.",
            lambda answer, given: isinstance(answer["ruled"], Sequential) and not answer["ruled"].rules,
        ),
        Mistake(
            "zero instead of missing",
            lambda observed: {"ruled": Sequential(rules={"income": {'region == "islands"': 0}}).fit(observed)},
            "The rule sets income to a number. 0 euro is an income, too: a very low one. Missing is None.",
            lambda answer, given: not all(pd.isna(value) for value in answer["ruled"].rules.get("income", {}).values()),
        ),
        Mistake(
            "another variable",
            lambda observed: {"ruled": Sequential(rules={"years_here": {'region == "islands"': 0}}).fit(observed)},
            "The rule is about another variable. Whose value must be missing? That name comes first: rules={'income': {…}}.",
            lambda answer, given: "income" not in answer["ruled"].rules,
        ),
        Mistake(
            "a condition that never holds",
            lambda observed: {"ruled": Sequential(rules={"income": {'region == "Islands"': None}}).fit(observed)},
            "The condition never holds: nobody lives in a region of that name. Compare with gifts['region'].unique().",
            lambda answer, given: (
                not any(Formula(text).holds(given["observed"]).any() for text in answer["ruled"].rules["income"])
            ),
        ),
        Mistake(
            "everybody",
            lambda observed: {"ruled": Sequential(rules={"income": {"age > 0": None}}).fit(observed)},
            "Now hardly anybody has an income. The condition should hold on the islands only.",
            lambda answer, given: answer["ruled"].sample(500, rng=1)["income"].isna().mean() > 0.5,
        ),
    )


class ChooseALeaf(Exercise):
    """4.5: the largest leaf that still keeps Alice's finding."""

    number = "4.5"
    answers = ("chosen",)
    given = ("dial", "effect")

    def solve(self, dial, effect):
        return {"chosen": int(dial["min_leaf"][dial["effect"] >= 0.8 * effect].max())}

    def is_right(self, answer, given):
        return answer["chosen"] == self.solve(**given)["chosen"]

    def praise(self, answer, given):
        row = given["dial"].set_index("min_leaf").loc[int(answer["chosen"])]
        return (
            f"With {answer['chosen']:.0f} in a leaf Alice still finds {row['effect']:.0f} %, and {row['copied']:.0%} of the records share age, "
            "greenness and household with exactly one real person. Notebook 06 asks what that is worth to an attacker."
        )

    otherwise = (
        "Go through the table from below: which is the first line whose effect is at least 0.8 times the observed one?"
    )
    mistakes = (
        Mistake(
            "the most useful",
            lambda dial, effect: {"chosen": int(dial["min_leaf"].min())},
            "With one person in a leaf everybody is copied. The finding survives in larger leaves, too: how large may they be?",
            lambda answer, given: answer["chosen"] == given["dial"]["min_leaf"].min(),
        ),
        Mistake(
            "the most private",
            lambda dial, effect: {"chosen": int(dial["min_leaf"].max())},
            "In leaves that large Alice's finding is mostly gone: look at the column effect. Go one line up.",
            lambda answer, given: answer["chosen"] == given["dial"]["min_leaf"].max(),
        ),
        Mistake(
            "a line number",
            lambda dial, effect: {"chosen": 2},
            "That is the number of a line. chosen is the size of the leaf in that line, from the column min_leaf.",
            lambda answer, given: (
                answer["chosen"] in given["dial"].index and answer["chosen"] not in set(given["dial"]["min_leaf"])
            ),
        ),
        Mistake(
            "smaller than need be",
            lambda dial, effect: {"chosen": 5},
            "That keeps the finding, but a larger leaf does so as well, and gives less away.",
            lambda answer, given: (
                answer["chosen"] in set(given["dial"]["min_leaf"])
                and answer["chosen"] < ChooseALeaf().solve(**given)["chosen"]
            ),
        ),
    )


EXERCISES = (OneStep(), ReadThePlan(), KeepInStep(), KeepARule(), ChooseALeaf())
