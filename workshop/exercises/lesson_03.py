"""The exercises of notebook 03: kinds of variables, the BIC, what a recipe gives away, Alice's script, and what got lost."""

import numpy as np
import pandas as pd
from scipy import stats

from workshop.exercises.base import Exercise, Mistake, describe_value, numbers
from workshop.models.base import GenerativeModel
from workshop.models.metadata import Metadata
from workshop.table import kind_of

SCHOOL = ["primary", "lower secondary", "upper secondary", "bachelor", "master or higher"]


class MendKinds(Exercise):
    """3.1: a postcode that became a number, and an order that got lost."""

    number = "3.1"
    answers = ("mended",)
    given = ("observed",)

    def solve(self, observed):
        mended = observed.copy()
        mended["postcode"] = mended["postcode"].astype(str).str.zfill(4)
        mended["education"] = pd.Categorical(mended["education"].astype(str), SCHOOL, ordered=True)
        return {"mended": mended}

    def flaw(self, answer, given):
        mended = answer["mended"]
        if not isinstance(mended, pd.DataFrame):
            return f"mended should be a table, but it is {describe_value(mended)}. Begin with mended = careless.copy()."
        for name in ("postcode", "education"):
            if name not in mended:
                return f"The column '{name}' is gone. Begin again with mended = careless.copy()."
        if len(mended) != len(given["observed"]):
            return "Some records are gone. Begin again with mended = careless.copy()."
        return None

    def is_right(self, answer, given):
        mended, reference = answer["mended"], self.solve(**given)["mended"]
        education = mended["education"]
        return (
            mended["postcode"].astype(str).tolist() == reference["postcode"].tolist()
            and kind_of(education) == "ordered"
            and list(education.cat.categories) == SCHOOL
            and education.astype(str).tolist() == reference["education"].astype(str).tolist()
        )

    def praise(self, answer, given):
        return "0401 is a postcode again, and the five levels of education know their order. A model can only keep what its table says."

    otherwise = "Look at mended[['postcode', 'education']].dtypes and at the first postcodes: each has four digits, and education is ordered."
    mistakes = (
        Mistake(
            "nothing changed",
            lambda observed: {"mended": observed.copy()},
            "postcode is still a number, and education has no order yet. Mend both.",
            lambda answer, given: (
                pd.api.types.is_numeric_dtype(answer["mended"]["postcode"])
                and kind_of(answer["mended"]["education"]) != "ordered"
            ),
        ),
        Mistake(
            "education only",
            lambda observed: {"mended": MendKinds().solve(observed)["mended"].assign(postcode=observed["postcode"])},
            "Education is right. postcode is still a number: nobody adds postcodes up, so make it text with .astype(str).",
            lambda answer, given: pd.api.types.is_numeric_dtype(answer["mended"]["postcode"]),
        ),
        Mistake(
            "zeros lost",
            lambda observed: {
                "mended": MendKinds().solve(observed)["mended"].assign(postcode=observed["postcode"].astype(str))
            },
            "postcode is text now, but 401 should be 0401: fill it up to four digits with .str.zfill(4).",
            lambda answer, given: answer["mended"]["postcode"].astype(str).str.len().min() < 4,
        ),
        Mistake(
            "category without an order",
            lambda observed: {
                "mended": MendKinds()
                .solve(observed)["mended"]
                .assign(education=observed["education"].astype("category"))
            },
            "education is a category now, but without an order: give pd.Categorical the list school and ordered=True.",
            lambda answer, given: kind_of(answer["mended"]["education"]) != "ordered",
        ),
        Mistake(
            "ordered by the alphabet",
            lambda observed: {
                "mended": MendKinds()
                .solve(observed)["mended"]
                .assign(education=pd.Categorical(observed["education"].astype(str), ordered=True))
            },
            "education is ordered, but by the alphabet: bachelor comes before primary. Hand the list school to pd.Categorical.",
            lambda answer, given: list(answer["mended"]["education"].cat.categories) == sorted(SCHOOL),
        ),
    )


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


class FindGiveaways(Exercise):
    """3.3: three variables whose line in the recipe gives somebody away, and a recipe without such lines."""

    number = "3.3"
    answers = ("found", "safe")
    given = ("observed",)

    def solve(self, observed):
        listed = Metadata().fit(observed).disclosures()["variable"].drop_duplicates()
        return {"found": listed.head(3).tolist(), "safe": Metadata(privacy=11).fit(observed)}

    def flaw(self, answer, given):
        found, safe = answer["found"], answer["safe"]
        if not isinstance(found, list | tuple | set) or not all(isinstance(name, str) for name in found):
            return f"found should be a list of names of variables, but it is {describe_value(found)}."
        unknown = [name for name in found if name not in given["observed"].columns]
        if unknown:
            return f"There is no variable '{unknown[0]}' in the table."
        if not isinstance(safe, GenerativeModel):
            return f"safe should be a fitted model, but it is {describe_value(safe)}."
        return None

    def is_right(self, answer, given):
        listed = set(Metadata().fit(given["observed"]).disclosures()["variable"])
        return len(set(answer["found"]) & listed) >= 3 and set(answer["found"]) <= listed

    def praise(self, answer, given):
        left_out = len(getattr(answer["safe"], "remarks_", []))
        return f"No line of the new recipe rests on fewer than {answer['safe'].privacy} records. It made {left_out} remarks: read them in safe.remarks_."

    otherwise = "Read the first column of model.disclosures(): name three different variables from it."
    mistakes = (
        Mistake(
            "not fitted",
            lambda observed: {"found": ["income"], "safe": Metadata(privacy=11)},
            "safe has not seen any data yet: add .fit(gifts).",
            lambda answer, given: (
                isinstance(answer["safe"], GenerativeModel) and not hasattr(answer["safe"], "n_records_")
            ),
        ),
        Mistake(
            "no protection",
            lambda observed: {"found": ["income"], "safe": Metadata().fit(observed)},
            "safe is as open as before: tell Metadata that every line must rest on 11 records, with privacy=11.",
            lambda answer, given: isinstance(answer["safe"], Metadata) and answer["safe"].privacy is None,
        ),
        Mistake(
            "another model",
            lambda observed: {"found": ["income"], "safe": _toy(observed)},
            "safe is another model: here we protect the recipe of Metadata(privacy=11).",
            lambda answer, given: (
                isinstance(answer["safe"], GenerativeModel) and not isinstance(answer["safe"], Metadata)
            ),
        ),
        Mistake(
            "one thing three times",
            lambda observed: {"found": ["income"] * 3, "safe": Metadata(privacy=11).fit(observed)},
            "Those are fewer than three different variables. model.disclosures() lists more.",
            lambda answer, given: isinstance(answer["found"], list | tuple | set) and len(set(answer["found"])) < 3,
        ),
        Mistake(
            "a harmless variable",
            lambda observed: {
                "found": ["region", "gives_to_charity", "income"],
                "safe": Metadata(privacy=11).fit(observed),
            },
            "One of the variables that you found is harmless: every number in its line rests on many records. Compare with model.disclosures().",
            lambda answer, given: (
                set(answer["found"]) <= set(given["observed"].columns)
                and not set(answer["found"]) <= set(Metadata().fit(given["observed"]).disclosures()["variable"])
            ),
        ),
    )


def _toy(observed):
    from workshop.models.toy import Normal

    return Normal().fit(observed)


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
        reference = self.solve(**given)
        return all(abs(answer[name] - reference[name]) < 0.01 for name in self.answers)

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
        letters = frozenset(lost.upper()) - frozenset(" ,;")
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
    )


EXERCISES = (MendKinds(), ComputeBIC(), FindGiveaways(), RunAlice(), WhatGotLost())
