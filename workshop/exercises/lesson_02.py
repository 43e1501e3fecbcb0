"""The exercises of notebook 02: the order of models on the trade-off, one income guessed, and the ladder of uses."""

from scipy import stats

from workshop.exercises.base import Exercise, Mistake, describe_value, is_number


class PredictTheOrder(Exercise):
    """2.1: models in the order of their utility, and in that of their risk."""

    number = "2.1"
    answers = ("useful", "risky")
    given = ("measured", "models")
    #: So much must a predicted order agree with the measured one (Spearman's correlation).
    AGREES = 0.8

    def solve(self, measured, models):
        table = measured.table.loc[list(models)]
        return {"useful": list(table["utility"].sort_values().index), "risky": list(table["risk"].sort_values().index)}

    def flaw(self, answer, given):
        for name in self.answers:
            if not isinstance(answer[name], list | tuple):
                return f"{name} should be a list of names of models, but it is {describe_value(answer[name])}."
            if sorted(map(str, answer[name])) != sorted(given["models"]):
                return f"{name} should name each of the seven models once, spelled as in seven."
        return None

    def agreement(self, order, axis, measured):
        """Spearman's correlation with the measured order."""
        return stats.spearmanr(range(len(order)), measured.table.loc[list(order), axis]).statistic

    def is_right(self, answer, given):
        axes = {"useful": "utility", "risky": "risk"}
        return all(self.agreement(answer[name], axis, given["measured"]) >= self.AGREES for name, axis in axes.items())

    def praise(self, answer, given):
        found = [
            self.agreement(answer[name], axis, given["measured"])
            for name, axis in (("useful", "utility"), ("risky", "risk"))
        ]
        return f"Your orders agree with the measured ones: rank correlation {found[0]:.2f} for utility and {found[1]:.2f} for risk."

    otherwise = "That is not the measured order. Which of them copy people, which know what goes with what, and which look at one variable at a time?"
    mistakes = (
        Mistake(
            "the wrong way round",
            lambda measured, models: {
                name: order[::-1] for name, order in PredictTheOrder().solve(measured, models).items()
            },
            "The order is the other way round: begin with the least useful and the least risky.",
            lambda answer, given: (
                PredictTheOrder().flaw(answer, given) is None
                and PredictTheOrder().agreement(answer["useful"], "utility", given["measured"]) <= -0.8
            ),
        ),
        Mistake(
            "copies called useless",
            lambda measured, models: {
                **PredictTheOrder().solve(measured, models),
                "useful": [
                    "bootstrap",
                    *[name for name in PredictTheOrder().solve(measured, models)["useful"] if name != "bootstrap"],
                ],
            },
            "Copies of real people answer every question that the real data answer: the bootstrap is the most useful, not the least.",
            lambda answer, given: PredictTheOrder().flaw(answer, given) is None and answer["useful"][0] == "bootstrap",
        ),
        Mistake(
            "copies called safe",
            lambda measured, models: {
                **PredictTheOrder().solve(measured, models),
                "risky": [
                    "bootstrap",
                    *[name for name in PredictTheOrder().solve(measured, models)["risky"] if name != "bootstrap"],
                ],
            },
            "The bootstrap hands out whole records of real people: nothing is riskier.",
            lambda answer, given: PredictTheOrder().flaw(answer, given) is None and answer["risky"][-1] != "bootstrap",
        ),
        Mistake(
            "one variable at a time above trees",
            lambda measured, models: {
                "useful": [
                    "constant",
                    "copula",
                    "CART (leaves of 5)",
                    "CART (leaves of 100)",
                    "normal",
                    "metadata",
                    "bootstrap",
                ],
                "risky": PredictTheOrder().solve(measured, models)["risky"],
            },
            "Metadata looks at one variable at a time and loses what goes with what; trees keep it, so they are more useful.",
            lambda answer, given: (
                PredictTheOrder().flaw(answer, given) is None
                and list(answer["useful"]).index("metadata") > list(answer["useful"]).index("CART (leaves of 5)")
            ),
        ),
    )


def _alike(observed, synthetic):
    """The richest observed person, and the synthetic records of the same region and education."""
    person = observed.loc[observed["income"].idxmax()]
    same = (synthetic["region"] == person["region"]) & (synthetic["education"] == person["education"])
    alike = synthetic[same & synthetic["income"].notna()]
    if alike.empty:
        raise ValueError("no synthetic record has this person's region and education")
    return person, alike


class GuessAnIncome(Exercise):
    """2.2: the income of a person who stands out."""

    number = "2.2"
    answers = ("guess",)
    given = ("observed", "synthetic")

    def solve(self, observed, synthetic):
        person, alike = _alike(observed, synthetic)
        return {"guess": float(alike.loc[(alike["age"] - person["age"]).abs().idxmin(), "income"])}

    def is_right(self, answer, given):
        truth = given["observed"]["income"].max()
        return abs(answer["guess"] - truth) <= 0.1 * truth

    def praise(self, answer, given):
        truth = given["observed"]["income"].max()
        return f"His true income is {truth:,.0f} euro: three things from a newspaper were enough. (With another seed he may not be there: the risk is a chance.)"

    otherwise = "Keep the records with his region and education; among them, take the income of the one whose age is nearest to 58."
    mistakes = (
        Mistake(
            "the mean of everybody",
            lambda observed, synthetic: {"guess": float(synthetic["income"].mean())},
            "That is the mean of everybody: what you would guess about anyone. Use what you know about him.",
        ),
        Mistake(
            "the mean of the islands",
            lambda observed, synthetic: {
                "guess": float(
                    synthetic.loc[synthetic["region"] == _alike(observed, synthetic)[0]["region"], "income"].mean()
                )
            },
            "That is the mean of the islands. One record resembles him more than the others: which one?",
        ),
        Mistake(
            "the nearest in age, wherever they live",
            lambda observed, synthetic: {
                "guess": float(
                    synthetic.dropna(subset=["income"]).loc[
                        lambda table: (table["age"] - observed.loc[observed["income"].idxmax(), "age"]).abs().idxmin(),
                        "income",
                    ]
                )
            },
            "That is somebody of his age, but not from the islands with a master's degree: filter by both first.",
        ),
        Mistake(
            "an age",
            lambda observed, synthetic: {"guess": float(_alike(observed, synthetic)[1]["age"].iloc[0])},
            "That is an age, not an income: take the column income of the record.",
            lambda answer, given: is_number(answer["guess"]) and 0 < answer["guess"] < 120,
        ),
    )


class LadderOfUses(Exercise):
    """2.3: for each use the least flexible model that supports it."""

    number = "2.3"
    answers = ("for_script", "for_variation", "for_correlation", "for_anything")
    given = ("measured",)
    USES = ("run the script", "show variation", "correlate", "answer anything")

    def solve(self, measured):
        table = measured.table
        return {name: str((table[use] > 0.5).idxmax()) for name, use in zip(self.answers, self.USES, strict=True)}

    def flaw(self, answer, given):
        models = given["measured"].table.index
        for name in self.answers:
            if not isinstance(answer[name], str) or answer[name] not in models:
                return f"{name} should be the name of a model, such as 'metadata', but it is {describe_value(answer[name])}."
        return None

    def is_right(self, answer, given):
        return answer == self.solve(**given)

    def praise(self, answer, given):
        return "As much as needed, as little as possible. For running a script even the constant will do, and it gives nobody away."

    @staticmethod
    def supports(answer, given):
        """Whether each answer supports its use."""
        table = given["measured"].table
        return [
            bool(table.loc[answer[name], use] > 0.5)
            for name, use in zip(LadderOfUses.answers, LadderOfUses.USES, strict=True)
        ]

    otherwise = "For each use go up from the constant, and stop at the first full square."
    mistakes = (
        Mistake(
            "copies for everything",
            lambda measured: dict.fromkeys(LadderOfUses.answers, "bootstrap"),
            "Copies support every use, but they give everybody away. Take the least flexible model that will do.",
            lambda answer, given: set(map(str, answer.values())) == {"bootstrap"},
        ),
        Mistake(
            "trees for everything",
            lambda measured: dict.fromkeys(LadderOfUses.answers, "CART (leaves of 5)"),
            "Trees are more than a script needs, and less than 'answer anything' asks for.",
            lambda answer, given: len(set(map(str, answer.values()))) == 1 and "CART" in str(answer["for_script"]),
        ),
        Mistake(
            "metadata for correlations",
            lambda measured: {**LadderOfUses().solve(measured), "for_correlation": "metadata"},
            "Metadata draws each variable alone, so its correlations are about 0, whatever they were.",
            lambda answer, given: answer["for_correlation"] in ("metadata", "normal", "constant"),
        ),
        Mistake(
            "a sledgehammer for the script",
            lambda measured: {**LadderOfUses().solve(measured), "for_script": "metadata"},
            "That runs the script, but a less flexible model does so too.",
            lambda answer, given: (
                LadderOfUses().flaw(answer, given) is None
                and all(LadderOfUses.supports(answer, given))
                and answer != LadderOfUses().solve(**given)
            ),
        ),
        Mistake(
            "not enough",
            lambda measured: {**LadderOfUses().solve(measured), "for_anything": "CART (leaves of 5)"},
            "At least one of these models does not support its use: look for the full square.",
            lambda answer, given: (
                LadderOfUses().flaw(answer, given) is None and not all(LadderOfUses.supports(answer, given))
            ),
        ),
    )


EXERCISES = (PredictTheOrder(), GuessAnIncome(), LadderOfUses())
