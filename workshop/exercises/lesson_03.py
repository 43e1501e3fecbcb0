"""The exercises of notebook 03: kinds of variables, the BIC, what a recipe gives away, Alice's script, and what got lost."""

import re

import numpy as np
from scipy import stats

from workshop.exercises.base import Exercise, Mistake, describe_value, numbers
from workshop.exercises.giveaways import FindGiveaways
from workshop.exercises.kinds import MendKinds


def _likelihoods(observed):
    x = numbers(observed)
    x = x[x > 0]
    logs = np.log(x)
    return (
        len(x),
        stats.norm(x.mean(), x.std()).logpdf(x).sum(),
        stats.lognorm(logs.std(), scale=np.exp(logs.mean())).logpdf(x).sum(),
        stats.norm(logs.mean(), logs.std()).logpdf(logs).sum(),
    )


def _bics(observed, charge=lambda n: 2 * np.log(n), factor=-2, lognormal=2):
    n, *likelihood = _likelihoods(observed)
    return {
        "bic_normal": float(charge(n) + factor * likelihood[0]),
        "bic_lognormal": float(charge(n) + factor * likelihood[lognormal - 1]),
    }


class ComputeBIC(Exercise):
    """3.2: the BIC of a normal and of a lognormal distribution of income."""

    number = "3.2"
    answers = ("bic_normal", "bic_lognormal")
    given = ("observed",)

    def solve(self, observed):
        return _bics(observed)

    def is_right(self, answer, given):
        reference = self.solve(**given)
        close = [np.isclose(answer[name], reference[name], rtol=0, atol=1.0) for name in self.answers]
        return all(close)

    def praise(self, answer, given):
        gap = answer["bic_normal"] - answer["bic_lognormal"]
        better = "lognormal" if gap > 0 else "normal"
        return f"The {better} wins by {abs(gap):,.0f}. Both have two parameters, so here the likelihood alone decides."

    otherwise = "BIC = k · ln(n) - 2 · log-likelihood, with k = 2 and n the number of incomes that are not missing."
    mistakes = (
        Mistake(
            "the logarithm of a logarithm",
            lambda observed: dict.fromkeys(ComputeBIC.answers, float("nan")),
            "A BIC is missing (nan): a negative number has no logarithm. loglik_normal and loglik_lognormal are logarithms already.",
            lambda answer, given: any(isinstance(value, float) and np.isnan(value) for value in answer.values()),
        ),
        Mistake(
            "plus",
            lambda observed: _bics(observed, factor=2),
            "The log-likelihood was added. It is taken away, twice: a family that makes the data likely gets a low BIC.",
            lambda answer, given: _near(answer, _bics(given["observed"], factor=2)),
        ),
        Mistake(
            "once",
            lambda observed: _bics(observed, factor=-1),
            "The log-likelihood was taken away once. The BIC takes it away twice: - 2 * loglik_normal.",
            lambda answer, given: _near(answer, _bics(given["observed"], factor=-1)),
        ),
        Mistake(
            "another logarithm",
            lambda observed: _bics(observed, lambda n: 2 * np.log10(n)),
            "ln is the natural logarithm, np.log in Python. This is np.log10.",
            lambda answer, given: _near(answer, _bics(given["observed"], lambda n: 2 * np.log10(n)), 0.3),
        ),
        Mistake(
            "the likelihoods themselves",
            lambda observed: _bics(observed, lambda n: 0, 1),
            "These are the log-likelihoods. Multiply by -2 and add what the parameters cost: k · ln(n).",
        ),
        Mistake(
            "no charge for parameters",
            lambda observed: _bics(observed, lambda n: 0),
            "That is -2 · log-likelihood. The parameters are still free of charge: add k · ln(n), with k = 2.",
            lambda answer, given: _near(answer, _bics(given["observed"], lambda n: 0)),
        ),
        Mistake(
            "AIC",
            lambda observed: _bics(observed, lambda n: 4),
            "That is the AIC, which charges 2 for each parameter. The BIC charges ln(n).",
            lambda answer, given: _near(answer, _bics(given["observed"], lambda n: 4)),
        ),
        Mistake(
            "logarithms without their slope",
            lambda observed: _bics(observed, lognormal=3),
            "bic_lognormal is the BIC of a normal distribution of log(income): a density of other numbers cannot be compared. "
            "Use stats.lognorm on the incomes themselves.",
            lambda answer, given: _near(answer, _bics(given["observed"], lognormal=3)),
        ),
        Mistake(
            "swapped",
            lambda observed: dict(zip(("bic_lognormal", "bic_normal"), _bics(observed).values(), strict=True)),
            "The two are swapped: the first name takes the BIC of the normal distribution.",
        ),
        Mistake(
            "missing incomes counted",
            lambda observed: _bics(observed, lambda n: 2 * np.log(len(observed) + 0.0)),
            "n counts the missing incomes too. Only those that are there belong to the likelihood: n = len(present).",
            lambda answer, given: (
                len(given["observed"]) > _likelihoods(given["observed"])[0]
                and _near(answer, _bics(given["observed"], lambda n: 2 * np.log(len(given["observed"]))), 0.05)
            ),
        ),
    )


def _near(answer, wrong, tolerance=1.0):
    return all(abs(answer[name] - wrong[name]) < tolerance for name in wrong)


def alice_effect(data):
    """Alice's result: by how many percent 10 more points of greenness raise what givers spend on gifts."""
    givers = data[data["gift_spending"] > 0]
    slope = np.polyfit(givers["greenness"].astype(float), np.log1p(givers["gift_spending"].astype(float)), 1)[0]
    return float(100 * np.expm1(10 * slope))


class RunAlice(Exercise):
    """3.4: Alice's script, on the observed and on the synthetic data."""

    number = "3.4"
    answers = ("effect_observed", "effect_synthetic")
    given = ("observed", "synthetic")

    def solve(self, observed, synthetic):
        return {"effect_observed": alice_effect(observed), "effect_synthetic": alice_effect(synthetic)}

    def is_right(self, answer, given):
        # Whoever reads the results off, rounded to whole percent, is right as well.
        reference = self.solve(**given)
        return all(abs(answer[name] - reference[name]) <= 0.5 for name in self.answers)

    def praise(self, answer, given):
        return (
            f"The script runs on both, unchanged. Its finding ({answer['effect_observed']:.0f} %) is gone from the synthetic data "
            f"({answer['effect_synthetic']:.1f} %): this model kept each variable, and nothing of what goes together."
        )

    otherwise = "Call the script twice: alice(gifts) and alice(synthetic)."
    mistakes = (
        Mistake(
            "swapped",
            lambda observed, synthetic: dict(
                effect_observed=alice_effect(synthetic), effect_synthetic=alice_effect(observed)
            ),
            "The two are swapped: effect_observed comes from gifts, effect_synthetic from synthetic.",
            lambda answer, given: _close(answer, given, "synthetic", "observed"),
        ),
        Mistake(
            "observed twice",
            lambda observed, synthetic: dict.fromkeys(RunAlice.answers, alice_effect(observed)),
            "Both come from the observed data. The second should come from synthetic.",
            lambda answer, given: _close(answer, given, "observed", "observed"),
        ),
        Mistake(
            "synthetic twice",
            lambda observed, synthetic: dict.fromkeys(RunAlice.answers, alice_effect(synthetic)),
            "Both come from the synthetic data. The first should come from gifts.",
            lambda answer, given: _close(answer, given, "synthetic", "synthetic"),
        ),
        Mistake(
            "a share",
            lambda observed, synthetic: {
                name: value / 100 for name, value in RunAlice().solve(observed, synthetic).items()
            },
            "The script says percent. Take its result as it is, not divided by 100.",
            lambda answer, given: np.isclose(
                answer["effect_observed"], alice_effect(given["observed"]) / 100, atol=0.006
            ),
        ),
    )


def _close(answer, given, first, second):
    expected = alice_effect(given[first]), alice_effect(given[second])
    return all(abs(value - wanted) < 0.01 for value, wanted in zip(answer.values(), expected, strict=True))


class WhatGotLost(Exercise):
    """3.5: which of six statements is no longer true of the synthetic data."""

    number = "3.5"
    answers = ("lost",)
    lost = frozenset("CEF")

    def solve(self):
        return {"lost": "CEF"}

    def flaw(self, answer, given):
        if self._letters(answer) is None:
            return f"lost should be letters such as 'AB', but it is {describe_value(answer['lost'])}."
        return None

    @staticmethod
    def _letters(answer):
        lost = answer["lost"]
        if isinstance(lost, list | tuple | set) and all(isinstance(letter, str) for letter in lost):
            lost = "".join(lost)
        if not isinstance(lost, str):
            return None
        letters = frozenset("".join(part for part in re.findall("[A-Z]+", lost.upper()) if part != "AND"))
        return letters if letters and letters <= frozenset("ABCDEF") else None

    def is_right(self, answer, given):
        return self._letters(answer) == self.lost

    def praise(self, answer, given):
        return "C, E and F say how variables go together, and a recipe with one line for each variable has no place for that."

    otherwise = "Ask of each statement: is it about one variable alone, or about two together?"
    mistakes = (
        Mistake(
            "everything",
            lambda: {"lost": "ABCDEF"},
            "Not everything is lost: A, B and D are about one variable alone. Look at the pictures above.",
            lambda answer, given: WhatGotLost._letters(answer) == frozenset("ABCDEF"),
        ),
        Mistake(
            "one variable alone",
            lambda: {"lost": "AC"},
            "A, B and D are about one variable alone: the recipe has a line for each of them, so they are kept.",
            lambda answer, given: bool((WhatGotLost._letters(answer) or frozenset()) & frozenset("ABD")),
        ),
        Mistake(
            "only Alice's finding",
            lambda: {"lost": "C"},
            "C is lost. So is everything else that two variables say together: look for it in D, E and F.",
            lambda answer, given: WhatGotLost._letters(answer) == frozenset("C"),
        ),
        Mistake(
            "missing values forgotten",
            lambda: {"lost": "CF"},
            "Right so far. One more: who does not tell their income? Here too a second variable plays its part.",
            lambda answer, given: WhatGotLost._letters(answer) == frozenset("CF"),
        ),
        Mistake(
            "the computed variable forgotten",
            lambda: {"lost": "CE"},
            "Right so far. One more: one of these variables is computed from another. Does it still agree with it?",
            lambda answer, given: WhatGotLost._letters(answer) == frozenset("CE"),
        ),
    )


EXERCISES = (MendKinds(), ComputeBIC(), FindGiveaways(), RunAlice(), WhatGotLost())
