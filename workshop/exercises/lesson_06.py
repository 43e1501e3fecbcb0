"""The exercises of notebook 06: replicated uniques, membership, attribute disclosure, and what each dial costs."""

import numpy as np
import pandas as pd

from workshop.exercises.base import Exercise, Mistake, describe_value, is_number
from workshop.measures.attacks import membership
from workshop.measures.disclosure import disclosure, replicated_uniques, without_replicated_uniques


class FindUniques(Exercise):
    """6.1: the replicated uniques, counted and removed."""

    number = "6.1"
    answers = ("n_replicated", "cleaned")
    given = ("observed", "synthetic", "keys")

    def solve(self, observed, synthetic, keys):
        return {
            "n_replicated": replicated_uniques(observed, synthetic, keys).replicated_uniques,
            "cleaned": without_replicated_uniques(observed, synthetic, keys),
        }

    def flaw(self, answer, given):
        if not is_number(answer["n_replicated"]):
            return f"n_replicated should be one number, but it is {describe_value(answer['n_replicated'])}."
        if not isinstance(answer["cleaned"], pd.DataFrame):
            return f"cleaned should be a table, but it is {describe_value(answer['cleaned'])}."
        return None

    def is_right(self, answer, given):
        reference = self.solve(**given)
        left = replicated_uniques(given["observed"], answer["cleaned"], given["keys"]).replicated_uniques
        return (
            answer["n_replicated"] == reference["n_replicated"]
            and len(answer["cleaned"]) == len(reference["cleaned"])
            and left == 0
        )

    def praise(self, answer, given):
        return (
            f"{answer['n_replicated']} synthetic records pointed at one real person each; now none does. But the people are not gone from the model: "
            "their values still sit in the other records."
        )

    otherwise = "Count with replicated_uniques(people, synthetic, keys), and take out with without_replicated_uniques(people, synthetic, keys)."
    mistakes = (
        Mistake(
            "nothing removed",
            lambda observed, synthetic, keys: {
                "n_replicated": FindUniques().solve(observed, synthetic, keys)["n_replicated"],
                "cleaned": synthetic,
            },
            "cleaned still holds all synthetic records: hand the tables to without_replicated_uniques.",
            lambda answer, given: (
                isinstance(answer["cleaned"], pd.DataFrame) and len(answer["cleaned"]) == len(given["synthetic"])
            ),
        ),
        Mistake(
            "real people removed",
            lambda observed, synthetic, keys: {
                "n_replicated": FindUniques().solve(observed, synthetic, keys)["n_replicated"],
                "cleaned": without_replicated_uniques(synthetic, observed, keys),
            },
            "cleaned holds real people: the order of the tables is observed first, synthetic second.",
            lambda answer, given: (
                isinstance(answer["cleaned"], pd.DataFrame)
                and "respondent" in answer["cleaned"]
                and answer["cleaned"]["respondent"].isin(given["observed"]["respondent"]).any()
            ),
        ),
        Mistake(
            "too many removed",
            lambda observed, synthetic, keys: {
                "n_replicated": FindUniques().solve(observed, synthetic, keys)["n_replicated"],
                "cleaned": synthetic[synthetic.duplicated(keys, keep=False)],
            },
            "cleaned has lost more records than the replicated uniques. A record that is alone but points at nobody may stay.",
            lambda answer, given: (
                isinstance(answer["cleaned"], pd.DataFrame)
                and len(answer["cleaned"]) < len(FindUniques().solve(**given)["cleaned"])
            ),
        ),
        Mistake(
            "a share",
            lambda observed, synthetic, keys: {
                **FindUniques().solve(observed, synthetic, keys),
                "n_replicated": FindUniques().solve(observed, synthetic, keys)["n_replicated"] / len(synthetic),
            },
            "n_replicated is a share or a percentage. How many records is that? Take .replicated_uniques.",
            lambda answer, given: (
                is_number(answer["n_replicated"])
                and np.isclose(
                    answer["n_replicated"] * np.array([1, 0.01]),
                    FindUniques().solve(**given)["n_replicated"] / len(given["synthetic"]),
                ).any()
            ),
        ),
        Mistake(
            "several people behind it",
            lambda observed, synthetic, keys: {
                **FindUniques().solve(observed, synthetic, keys),
                "n_replicated": replicated_uniques(observed, synthetic, keys).synthetic_uniques_in_observed,
            },
            "Those are synthetic records whose keys some real people have. Only a person who is alone with the keys is pointed at: .replicated_uniques.",
            lambda answer, given: answer["n_replicated"] == replicated_uniques(**given).synthetic_uniques_in_observed,
        ),
        Mistake(
            "all who stand alone",
            lambda observed, synthetic, keys: {
                **FindUniques().solve(observed, synthetic, keys),
                "n_replicated": replicated_uniques(observed, synthetic, keys).unique_in_observed,
            },
            "Those are the real people who are alone with their keys. Count only those who come back, alone, in the synthetic data.",
            lambda answer, given: answer["n_replicated"] == replicated_uniques(**given).unique_in_observed,
        ),
        Mistake(
            "all synthetic records that stand alone",
            lambda observed, synthetic, keys: {
                **FindUniques().solve(observed, synthetic, keys),
                "n_replicated": replicated_uniques(observed, synthetic, keys).unique_in_synthetic,
            },
            "Those are all synthetic records that are alone with their keys. Most of them point at nobody: take .replicated_uniques.",
            lambda answer, given: answer["n_replicated"] == replicated_uniques(**given).unique_in_synthetic,
        ),
    )


class WasTheNeighbourIn(Exercise):
    """6.2: the excess of membership guesses, for small and for large leaves."""

    number = "6.2"
    answers = ("excess_small", "excess_large")
    given = ("observed", "others", "small", "large")

    def solve(self, observed, others, small, large):
        return {
            "excess_small": membership(observed, small, others).excess,
            "excess_large": membership(observed, large, others).excess,
        }

    def is_right(self, answer, given):
        reference = self.solve(**given)
        return all(abs(answer[name] - reference[name]) < 0.02 for name in self.answers)

    def praise(self, answer, given):
        return (
            f"{100 * answer['excess_small']:.0f} points above chance with small leaves, {100 * answer['excess_large']:.0f} with large ones. Being in the file "
            "can itself be the secret: think of a file of patients."
        )

    otherwise = "membership(people, table, others).excess, once with small and once with large."
    mistakes = (
        Mistake(
            "swapped",
            lambda observed, others, small, large: dict(
                zip(
                    ("excess_large", "excess_small"),
                    WasTheNeighbourIn().solve(observed, others, small, large).values(),
                    strict=True,
                )
            ),
            "The two are swapped: small leaves give more away.",
            lambda answer, given: all(
                abs(value - wanted) < 0.02
                for value, wanted in zip(
                    (answer["excess_large"], answer["excess_small"]),
                    WasTheNeighbourIn().solve(**given).values(),
                    strict=True,
                )
            ),
        ),
        Mistake(
            "who was in and who was not",
            lambda observed, others, small, large: {
                "excess_small": membership(others, small, observed).excess,
                "excess_large": membership(others, large, observed).excess,
            },
            "The excess is negative, as if the others had been in the data. First come people, last come others.",
            lambda answer, given: answer["excess_small"] < -0.05,
        ),
        Mistake(
            "the same twice",
            lambda observed, others, small, large: dict.fromkeys(
                WasTheNeighbourIn.answers, membership(observed, small, others).excess
            ),
            "Both are about small. For excess_large, large stands in the middle.",
            lambda answer, given: (
                answer["excess_small"] == answer["excess_large"]
                and abs(answer["excess_small"] - WasTheNeighbourIn().solve(**given)["excess_small"]) < 0.02
            ),
        ),
        Mistake(
            "the rate",
            lambda observed, others, small, large: {
                "excess_small": membership(observed, small, others).rate,
                "excess_large": membership(observed, large, others).rate,
            },
            "Those are the rates. Guessing blindly reaches 50 %, so what counts is .excess: the rate less the baseline.",
            lambda answer, given: all(is_number(value) and 0.5 <= value <= 1 for value in answer.values()),
        ),
        Mistake(
            "percent",
            lambda observed, others, small, large: {
                name: 100 * value for name, value in WasTheNeighbourIn().solve(observed, others, small, large).items()
            },
            "Shares lie between 0 and 1: take .excess as it is, not in percent.",
            lambda answer, given: all(map(is_number, answer.values())) and max(map(abs, answer.values())) > 1,
        ),
        Mistake(
            "nobody was outside",
            lambda observed, others, small, large: {
                "excess_small": membership(observed, small, observed).excess,
                "excess_large": membership(observed, large, observed).excess,
            },
            "Those are about 0, because people were compared with themselves. The third table is others: people who were not in the data.",
            lambda answer, given: (
                answer["excess_small"] == membership(given["observed"], given["small"], given["observed"]).excess
            ),
        ),
    )


class WhatTheKeysTell(Exercise):
    """6.3: attribute disclosure about people in the data and about others."""

    number = "6.3"
    answers = ("disco", "baseline")
    given = ("observed", "others", "synthetic", "keys", "target")

    def solve(self, observed, others, synthetic, keys, target):
        return {
            "disco": disclosure(observed, synthetic, keys, target).DiSCO,
            "baseline": disclosure(others, synthetic, keys, target).DiSCO,
        }

    def is_right(self, answer, given):
        # Whoever reads whole percent off is right as well.
        return all(abs(answer[name] - value) <= 0.5 for name, value in self.solve(**given).items())

    def praise(self, answer, given):
        return (
            f"{answer['disco']:.1f} % of the people in the data, {answer['baseline']:.1f} % of people who were never asked. The second is what one learns about anybody; "
            "only the difference was given away."
        )

    otherwise = "disclosure(people, small, keys, target).DiSCO, and the same with others in place of people."
    mistakes = (
        Mistake(
            "swapped",
            lambda observed, others, synthetic, keys, target: dict(
                zip(
                    ("baseline", "disco"),
                    WhatTheKeysTell().solve(observed, others, synthetic, keys, target).values(),
                    strict=True,
                )
            ),
            "The two are swapped: disco is about people in the data, baseline about others.",
        ),
        Mistake(
            "a share",
            lambda observed, others, synthetic, keys, target: {
                name: value / 100
                for name, value in WhatTheKeysTell().solve(observed, others, synthetic, keys, target).items()
            },
            "DiSCO is in percent: take it as it is, not divided by 100.",
        ),
        Mistake(
            "the attack on nobody",
            lambda observed, others, synthetic, keys, target: {
                "disco": WhatTheKeysTell().solve(observed, others, synthetic, keys, target)["disco"],
                "baseline": disclosure(observed, others, keys, target).DiSCO,
            },
            "disco is right. For the baseline the attacker still holds small, but asks about others: disclosure(others, small, …).",
        ),
        Mistake(
            "whether rightly or not",
            lambda observed, others, synthetic, keys, target: {
                "disco": disclosure(observed, synthetic, keys, target).DiS,
                "baseline": disclosure(others, synthetic, keys, target).DiS,
            },
            "That is DiS: the keys determine the target, rightly or wrongly. DiSCO counts only the right ones.",
        ),
        Mistake(
            "the observed data themselves",
            lambda observed, others, synthetic, keys, target: {
                "disco": disclosure(observed, synthetic, keys, target).Dorig,
                "baseline": disclosure(others, synthetic, keys, target).Dorig,
            },
            "That is Dorig: what the real file would give away. Ask what the synthetic one does: DiSCO.",
        ),
        Mistake(
            "the same twice",
            lambda observed, others, synthetic, keys, target: dict.fromkeys(
                WhatTheKeysTell.answers, disclosure(observed, synthetic, keys, target).DiSCO
            ),
            "Both are about people in the data. The baseline is the same attack on others.",
            lambda answer, given: answer["disco"] == answer["baseline"] == WhatTheKeysTell().solve(**given)["disco"],
        ),
    )


class ChooseADial(Exercise):
    """6.4: the dial with the lowest risk that keeps Alice's finding."""

    number = "6.4"
    answers = ("chosen",)
    given = ("measured", "effect")

    def solve(self, measured, effect):
        kept = measured[measured["effect"] >= 0.8 * effect]
        return {"chosen": str(kept["risk"].idxmin())}

    def flaw(self, answer, given):
        if not isinstance(answer["chosen"], str) or answer["chosen"] not in given["measured"].index:
            return f"chosen should be the name of a line, such as {str(given['measured'].index[0])!r}, but it is {describe_value(answer['chosen'])}."
        return None

    def is_right(self, answer, given):
        return answer["chosen"] == self.solve(**given)["chosen"]

    def praise(self, answer, given):
        row = given["measured"].loc[answer["chosen"]]
        return (
            f"'{answer['chosen']}': {100 * row['risk']:.1f} points of risk, and Alice still finds {row['effect']:.0f} %. Another use of the data would "
            "choose another dial."
        )

    otherwise = "Keep the lines with at least 80 % of the observed effect; among them, which has the lowest risk?"
    mistakes = (
        Mistake(
            "the safest of all",
            lambda measured, effect: {"chosen": str(measured["risk"].idxmin())},
            "Nothing has a lower risk, but Alice's finding is gone: look at its effect.",
            lambda answer, given: (
                answer["chosen"] == given["measured"]["risk"].idxmin()
                and given["measured"].loc[answer["chosen"], "effect"] < 0.8 * given["effect"]
            ),
        ),
        Mistake(
            "the riskiest",
            lambda measured, effect: {"chosen": str(measured["risk"].idxmax())},
            "That is the line with the highest risk. Which one keeps the effect and gives less away?",
            lambda answer, given: answer["chosen"] == given["measured"]["risk"].idxmax(),
        ),
        Mistake(
            "useful, but not the safest",
            lambda measured, effect: {
                "chosen": str(measured[measured["effect"] >= 0.8 * effect]["risk"].sort_values().index[1])
            },
            "That keeps the effect, but another line does so too, with a lower risk.",
            lambda answer, given: (
                answer["chosen"] in given["measured"].index
                and given["measured"].loc[answer["chosen"], "effect"] >= 0.8 * given["effect"]
                and answer["chosen"] != ChooseADial().solve(**given)["chosen"]
            ),
        ),
        Mistake(
            "a number",
            lambda measured, effect: {"chosen": float(measured["risk"].min())},
            "chosen is the name of a line, in quotes, not a number from it.",
            lambda answer, given: is_number(answer["chosen"]) or isinstance(answer["chosen"], np.number),
        ),
    )


EXERCISES = (FindUniques(), WasTheNeighbourIn(), WhatTheKeysTell(), ChooseADial())
