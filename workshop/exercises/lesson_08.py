"""The exercises of notebook 08: a joint model by hand, the same step by step, and what a copula loses."""

import numpy as np
import pandas as pd

from workshop.exercises.base import Exercise, Mistake, describe_value
from workshop.measures.tables import table_utility
from workshop.models.copula import GaussianCopula


class AllAtOnce(Exercise):
    """8.1: mean, covariance, and draws from them."""

    number = "8.1"
    answers = ("mean", "covariance", "joint")
    given = ("observed",)

    def solve(self, observed):
        mean, covariance = observed.mean(), observed.cov()
        joint = np.random.default_rng(1).multivariate_normal(mean, covariance, len(observed))
        return {"mean": mean, "covariance": covariance, "joint": joint}

    def flaw(self, answer, given):
        d = given["observed"].shape[1]
        for name, shape in (("mean", (d,)), ("covariance", (d, d))):
            if np.shape(answer[name]) != shape:
                return f"{name} should hold {' by '.join(map(str, shape))} numbers, but it is {describe_value(answer[name])}."
        if np.ndim(answer["joint"]) != 2 or np.shape(answer["joint"])[1] != d:
            return f"joint should be a table of {d} columns, but it is {describe_value(answer['joint'])}."
        return None

    def is_right(self, answer, given):
        reference = self.solve(**given)
        joint = np.asarray(answer["joint"], dtype=float)
        spread, n = np.sqrt(np.diag(reference["covariance"])), len(joint)
        return (
            np.allclose(answer["mean"], reference["mean"], rtol=1e-3)
            and np.allclose(answer["covariance"], reference["covariance"], rtol=1e-2)
            and n >= 100
            and (np.abs(joint.mean(axis=0) - reference["mean"]) < 5 * spread / np.sqrt(n)).all()
            and (np.abs(np.cov(joint.T) - reference["covariance"]) < 8 * np.outer(spread, spread) / np.sqrt(n))
            .all()
            .all()
        )

    def praise(self, answer, given):
        rho = np.corrcoef(np.asarray(answer["joint"], dtype=float).T)[0, 1]
        return f"Mothers and daughters of nobody, with a correlation of {rho:.2f}. Five numbers were enough: two means, two variances, one covariance."

    otherwise = "family.mean(), family.cov(), and rng.multivariate_normal(mean, covariance, 2000)."
    mistakes = (
        Mistake(
            "correlations for covariances",
            lambda observed: {**AllAtOnce().solve(observed), "covariance": observed.corr()},
            "That is the correlation: it has ones on the diagonal and has lost the units. Use .cov().",
            lambda answer, given: np.allclose(np.diag(np.asarray(answer["covariance"], dtype=float)), 1),
        ),
        Mistake(
            "each by itself",
            lambda observed: {
                **AllAtOnce().solve(observed),
                "joint": np.random.default_rng(1).normal(observed.mean(), observed.std(), observed.shape),
            },
            "Your draws have the right means, but mothers and daughters do not go together: draw both at once, with the covariance.",
            lambda answer, given: (
                np.shape(answer["joint"])[1] == 2
                and len(answer["joint"]) >= 100
                and abs(np.corrcoef(np.asarray(answer["joint"], dtype=float).T)[0, 1]) < 0.15
                and abs(given["observed"].corr().iloc[0, 1]) > 0.3
            ),
        ),
        Mistake(
            "the observed records",
            lambda observed: {**AllAtOnce().solve(observed), "joint": observed.to_numpy()},
            "joint holds the observed pairs themselves: that is copying, not drawing.",
            lambda answer, given: np.array_equal(np.asarray(answer["joint"]), given["observed"].to_numpy()),
        ),
    )


class StepByStep(Exercise):
    """8.2: slope and rest, from the covariances."""

    number = "8.2"
    answers = ("slope", "rest_sd")
    given = ("observed",)

    @staticmethod
    def parts(observed):
        """var(x), cov(x, y) and var(y)."""
        cov = observed.cov().to_numpy()
        return cov[0, 0], cov[0, 1], cov[1, 1]

    def solve(self, observed):
        var_x, cov, var_y = self.parts(observed)
        return {"slope": cov / var_x, "rest_sd": float(np.sqrt(var_y - cov**2 / var_x))}

    def praise(self, answer, given):
        return f"For each centimetre of the mother {answer['slope']:.2f} of the daughter, and a rest of {answer['rest_sd']:.1f} cm: a linear regression."

    otherwise = "slope = cov(x, y) / var(x); rest_sd is the root of var(y) − slope · cov(x, y)."
    mistakes = (
        Mistake(
            "a variance",
            lambda observed: {
                "slope": StepByStep().solve(observed)["slope"],
                "rest_sd": StepByStep().solve(observed)["rest_sd"] ** 2,
            },
            "rest_sd is the variance: take its root.",
        ),
        Mistake(
            "the correlation",
            lambda observed: {
                "slope": observed.corr().iloc[0, 1],
                "rest_sd": StepByStep().solve(observed)["rest_sd"],
            },
            "That slope is the correlation. Divide the covariance by the variance of the mother alone.",
        ),
        Mistake(
            "mothers given daughters",
            lambda observed: {
                "slope": StepByStep.parts(observed)[1] / StepByStep.parts(observed)[2],
                "rest_sd": StepByStep().solve(observed)["rest_sd"],
            },
            "That is the slope of mothers on daughters: divide by the variance of what you draw first.",
        ),
        Mistake(
            "no line taken off",
            lambda observed: {
                "slope": StepByStep().solve(observed)["slope"],
                "rest_sd": float(np.sqrt(StepByStep.parts(observed)[2])),
            },
            "That is how much all daughters differ. Given the mother they differ less: take off slope · cov(x, y) first.",
        ),
    )


class WhatACopulaLoses(Exercise):
    """8.3: the worlds whose pair a copula does not keep."""

    number = "8.3"
    answers = ("lost",)
    given = ("worlds",)
    BAD = 3

    def solve(self, worlds):
        def badly_kept(world):
            synthetic = GaussianCopula("empirical").fit(world).sample(rng=1)
            return table_utility(world, synthetic, list(world)).S_pMSE > self.BAD

        return {"lost": [name for name, world in worlds.items() if badly_kept(world)]}

    def flaw(self, answer, given):
        lost = answer["lost"]
        if not isinstance(lost, list | tuple | set | pd.Index):
            return f"lost should be a list of names, but it is {describe_value(lost)}."
        unknown = [name for name in lost if not isinstance(name, str) or name not in given["worlds"]]
        return f"{unknown[0]!r:.40} is no world: they are {', '.join(given['worlds'])}." if unknown else None

    def is_right(self, answer, given):
        return set(answer["lost"]) == set(self.solve(**given)["lost"])

    def praise(self, answer, given):
        return "Ranks know only up and down: where y goes down and up again, or both at once, the copula sees no association at all."

    otherwise = "Compute S_pMSE for each of the four worlds, and name those above 3."
    mistakes = (
        Mistake(
            "the bent line as well",
            lambda worlds: {"lost": [name for name in worlds if name != "line"]},
            "The bent line is kept: a copula looks at ranks, and a bent line has the same ranks as a straight one.",
            lambda answer, given: "bent line" in answer["lost"] and "line" not in answer["lost"],
        ),
        Mistake(
            "the kept ones",
            lambda worlds: {"lost": ["line", "bent line"]},
            "These are the worlds that are kept. A large S_pMSE is bad.",
            lambda answer, given: set(answer["lost"]) == {"line", "bent line"},
        ),
        Mistake(
            "one forgotten",
            lambda worlds: {"lost": ["valley"]},
            "That one is lost, but it is not the only one.",
            lambda answer, given: (
                0 < len(answer["lost"]) < 2 and set(answer["lost"]) < set(WhatACopulaLoses().solve(**given)["lost"])
            ),
        ),
    )


EXERCISES = (AllAtOnce(), StepByStep(), WhatACopulaLoses())
