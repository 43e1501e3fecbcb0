"""The exercises of notebook 07: a choice for each use, a release attacked, and the closing quiz."""

import numpy as np

from workshop.exercises.base import Exercise, Mistake, describe_value, is_number
from workshop.measures.handed_on import handed_on


class ChooseForAUse(Exercise):
    """7.1: three uses, three choices."""

    number = "7.1"
    answers = ("for_teacher", "for_reviewer", "for_company")
    CHOICES = ("metadata", "cart", "nothing")

    def solve(self):
        return dict(zip(self.answers, self.CHOICES, strict=True))

    def flaw(self, answer, given):
        for name in self.answers:
            if not isinstance(answer[name], str) or answer[name] not in self.CHOICES:
                return f'{name} should be "metadata", "cart" or "nothing", but it is {describe_value(answer[name])}.'
        return None

    def is_right(self, answer, given):
        return answer == self.solve()

    def praise(self, answer, given):
        return "As little as each use needs. 'Nothing' is an answer, too: who does not say what for cannot be told what is enough."

    otherwise = "Go through them one by one: what is the lowest rung of the ladder that this use needs?"
    mistakes = (
        Mistake(
            "trees to run a script",
            lambda: {**ChooseForAUse().solve(), "for_teacher": "cart"},
            "To run the script the teacher needs columns and types, not what goes with what: metadata will do, and give less away.",
            lambda answer, given: answer["for_teacher"] == "cart",
        ),
        Mistake(
            "metadata for the finding",
            lambda: {**ChooseForAUse().solve(), "for_reviewer": "metadata"},
            "Metadata loses what goes with what: the reviewer would find nothing, and think that Alice was wrong.",
            lambda answer, given: answer["for_reviewer"] == "metadata",
        ),
        Mistake(
            "everything for the company",
            lambda: {**ChooseForAUse().solve(), "for_company": "cart"},
            "Every detail, for any purpose, forever: no synthetic table is good for that without giving people away, and Alice made a promise.",
            lambda answer, given: answer["for_company"] in ("cart", "metadata"),
        ),
        Mistake(
            "nothing for anybody",
            lambda: dict.fromkeys(ChooseForAUse.answers, "nothing"),
            "Then nobody can learn from Alice's work. Two of the three can be helped without giving anybody away.",
            lambda answer, given: set(map(str, answer.values())) == {"nothing"},
        ),
    )


class BreakIt(Exercise):
    """7.2: what a released table shows of single people."""

    number = "7.2"
    answers = ("n_incomes", "millionaire")
    given = ("observed", "released")
    LIMIT = 1_000_000

    @staticmethod
    def row(observed, released):
        """rare, handed_on and records for income; zeros if none was handed on."""
        found = handed_on(observed[["income"]], released[["income"]])
        return found.loc["income"] if len(found) else found.reindex(["income"], fill_value=0).loc["income"]

    def solve(self, observed, released):
        return {
            "n_incomes": int(self.row(observed, released)["handed_on"]),
            "millionaire": bool((released["income"] > self.LIMIT).any()),
        }

    def flaw(self, answer, given):
        if not is_number(answer["n_incomes"]):
            return f"n_incomes should be one number, but it is {describe_value(answer['n_incomes'])}."
        if not isinstance(answer["millionaire"], bool | np.bool_):
            return f"millionaire should be True or False, but it is {describe_value(answer['millionaire'])}."
        return None

    def is_right(self, answer, given):
        return answer == self.solve(**given)

    def praise(self, answer, given):
        who = (
            "and the richest man of the islands is among them"
            if answer["millionaire"]
            else "but the richest man of the islands is not among them this time"
        )
        return f"{answer['n_incomes']} incomes of single people are in the table, {who}. The disclosure page says the same."

    otherwise = "handed_on(people[['income']], released[['income']]), its column handed_on; and (released['income'] > 1_000_000).any()."
    mistakes = (
        Mistake(
            "all incomes that only one person has",
            lambda observed, released: {
                **BreakIt().solve(observed, released),
                "n_incomes": int(BreakIt.row(observed, released)["rare"]),
            },
            "That is how many incomes only one person has. How many of these came back (the column handed_on)?",
            lambda answer, given: answer["n_incomes"] == BreakIt.row(**given)["rare"],
        ),
        Mistake(
            "records for incomes",
            lambda observed, released: {
                **BreakIt().solve(observed, released),
                "n_incomes": int(BreakIt.row(observed, released)["records"]),
            },
            "That is how many synthetic records have such an income. How many different incomes are they?",
            lambda answer, given: (
                answer["n_incomes"] == BreakIt.row(**given)["records"] != BreakIt.row(**given)["handed_on"]
            ),
        ),
        Mistake(
            "the other way about the millionaire",
            lambda observed, released: {
                **BreakIt().solve(observed, released),
                "millionaire": not BreakIt().solve(observed, released)["millionaire"],
            },
            "Look again for more than 1,000,000: (released['income'] > 1_000_000).any().",
            lambda answer, given: (
                isinstance(answer["millionaire"], bool | np.bool_)
                and bool(answer["millionaire"]) != BreakIt().solve(**given)["millionaire"]
            ),
        ),
    )


class ClosingQuiz(Exercise):
    """7.3: five statements."""

    number = "7.3"
    answers = ("q1", "q2", "q3", "q4", "q5")

    def solve(self):
        return dict(zip(self.answers, (False, False, False, True, True), strict=True))

    def flaw(self, answer, given):
        for name in self.answers:
            if not isinstance(answer[name], bool | np.bool_):
                return f"{name} should be True or False, but it is {describe_value(answer[name])}."
        return None

    def is_right(self, answer, given):
        return all(bool(answer[name]) == truth for name, truth in self.solve().items())

    def praise(self, answer, given):
        return "Five of five. You could explain this workshop to somebody else now: do it."

    otherwise = "Not all of them. Go through the five again with your partner."

    @staticmethod
    def wrong(name):
        """Whether exactly this answer is wrong."""
        truth = ClosingQuiz().solve()

        def alone(answer, given):
            flags = {
                key: isinstance(value, bool | np.bool_) and bool(value) == truth[key] for key, value in answer.items()
            }
            return not flags.pop(name) and isinstance(answer[name], bool | np.bool_) and all(flags.values())

        return alone

    @staticmethod
    def but(name):
        """The right answers, but this one."""
        return lambda: {**ClosingQuiz().solve(), name: not ClosingQuiz().solve()[name]}


ClosingQuiz.mistakes = tuple(
    Mistake(name, ClosingQuiz.but(name), says, ClosingQuiz.wrong(name))
    for name, says in (
        (
            "q1",
            "Four of five. 1: each histogram knows one variable only, so what goes with what is lost (notebook 01).",
        ),
        ("q2", "Four of five. 2: a flexible model hands on what it saw; synthetic is no promise (notebook 06)."),
        ("q3", "Four of five. 3: without names, age, postcode and moving date still point at people (notebook 00)."),
        ("q4", "Four of five. 4: what works on everybody was not given away by the data (notebook 06)."),
        ("q5", "Four of five. 5: that is the trade-off; look at the curve in notebook 02 again."),
    )
)

EXERCISES = (ChooseForAUse(), BreakIt(), ClosingQuiz())
