"""The exercises of notebook 09: the discriminator's loss, a gradient checked, and mode collapse counted."""

import numpy as np

from workshop.exercises.base import Exercise, Mistake


def _p(scores):
    return 1 / (1 + np.exp(-np.asarray(scores, dtype=float)))


class WhatTheDetectiveLoses(Exercise):
    """9.1: the loss of a discriminator."""

    number = "9.1"
    answers = ("loss", "guessing")
    given = ("observed", "made_up")

    def solve(self, observed, made_up):
        loss = -np.log(_p(observed)).mean() - np.log(1 - _p(made_up)).mean()
        return {"loss": float(loss), "guessing": float(2 * np.log(2))}

    def praise(self, answer, given):
        return f"{answer['loss']:.2f} is less than {answer['guessing']:.2f}: this detective can tell. If the forger becomes perfect, it is back at 2 · ln 2."

    otherwise = "Turn scores into p, take the mean of −log p over the observed and of −log(1 − p) over the made-up ones, and add the two."
    mistakes = (
        Mistake(
            "the made-up ones believed",
            lambda observed, made_up: {
                "loss": float(-np.log(_p(observed)).mean() - np.log(_p(made_up)).mean()),
                "guessing": float(2 * np.log(2)),
            },
            "For made-up records the detective is right with a low p: take log(1 − p) there.",
        ),
        Mistake(
            "a mean of the two",
            lambda observed, made_up: {
                name: value / 2 for name, value in WhatTheDetectiveLoses().solve(observed, made_up).items()
            },
            "Both are half of it: the two means are added, not averaged.",
        ),
        Mistake(
            "the sign",
            lambda observed, made_up: {
                name: -value for name, value in WhatTheDetectiveLoses().solve(observed, made_up).items()
            },
            "A loss is positive: there is a minus before each logarithm.",
        ),
        Mistake(
            "guessing is no loss",
            lambda observed, made_up: {**WhatTheDetectiveLoses().solve(observed, made_up), "guessing": 0.0},
            "Who guesses does lose: with a score of 0, p is one half, and −log(0.5) is not 0.",
        ),
        Mistake(
            "logarithms to base 10",
            lambda observed, made_up: {
                name: value / np.log(10) for name, value in WhatTheDetectiveLoses().solve(observed, made_up).items()
            },
            "These are logarithms to base 10: use np.log, the natural one.",
        ),
    )


class CheckAGradient(Exercise):
    """9.2: a derivative by finite differences."""

    number = "9.2"
    answers = ("slope",)
    given = ("loss_at", "weight")
    STEP = 1e-4

    def solve(self, loss_at, weight):
        slope = (loss_at(weight + self.STEP) - loss_at(weight - self.STEP)) / (2 * self.STEP)
        loss_at(weight)  # leaves the network as it was
        return {"slope": slope}

    def praise(self, answer, given):
        return "To many digits the same as the chain rule. The tests of this workshop do it for every weight of several networks."

    otherwise = "Take loss_at(weight + 0.0001) − loss_at(weight − 0.0001), and divide by 0.0002."
    mistakes = (
        Mistake(
            "half the distance",
            lambda loss_at, weight: {"slope": 2 * CheckAGradient().solve(loss_at, weight)["slope"]},
            "Twice too steep: from one side to the other it is 0.0002, not 0.0001.",
        ),
        Mistake(
            "not divided",
            lambda loss_at, weight: {
                "slope": CheckAGradient().solve(loss_at, weight)["slope"] * 2 * CheckAGradient.STEP
            },
            "That is the difference of the losses. Divide it by the distance, 0.0002.",
        ),
        Mistake(
            "downhill for uphill",
            lambda loss_at, weight: {"slope": -CheckAGradient().solve(loss_at, weight)["slope"]},
            "The sign is wrong: the loss to the right minus the loss to the left.",
        ),
        Mistake(
            "the loss itself",
            lambda loss_at, weight: {"slope": loss_at(weight)},
            "That is the loss, not how steep it is.",
        ),
    )


class HowManyTowns(Exercise):
    """9.3: the groups that a network makes."""

    number = "9.3"
    answers = ("n_careless", "n_careful")
    given = ("towns",)
    ENOUGH = 0.02

    @staticmethod
    def count(town, enough, nowhere=False):
        """How many towns have at least this share of the records."""
        shares = town.value_counts() / len(town)
        return int((shares[(shares.index >= 0) | nowhere] >= enough).sum())

    def _counts(self, towns, **settings):
        enough = settings.pop("enough", self.ENOUGH)
        return {name: self.count(towns[name[2:]], enough, **settings) for name in self.answers}

    def solve(self, towns):
        return self._counts(towns)

    def praise(self, answer, given):
        return f"{answer['n_careless']} of 8 and {answer['n_careful']} of 8. Whoever lives in the other towns is not in the synthetic data."

    otherwise = "Count the towns from 0 to 7 whose share is at least 0.02."
    mistakes = (
        Mistake(
            "nowhere is no town",
            lambda towns: HowManyTowns()._counts(towns, nowhere=True),
            "The number −1 stands for records that lie in no town: do not count it.",
        ),
        Mistake(
            "every town with anybody in it",
            lambda towns: HowManyTowns()._counts(towns, enough=0.0),
            "You counted towns with hardly anybody in them: ask for at least 2 % of the records.",
        ),
        Mistake(
            "swapped",
            lambda towns: dict(zip(HowManyTowns.answers, [*HowManyTowns()._counts(towns).values()][::-1], strict=True)),
            "The two are swapped.",
        ),
        Mistake(
            "records for towns",
            lambda towns: {name: int((towns[name[2:]] >= 0).sum()) for name in HowManyTowns.answers},
            "These are records that lie in a town. How many different towns are there?",
        ),
    )


EXERCISES = (WhatTheDetectiveLoses(), CheckAGradient(), HowManyTowns())
