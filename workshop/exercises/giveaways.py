"""Exercise 3.3: lines of a recipe that give somebody away, and a recipe without such lines."""

import numpy as np
import pandas as pd

from workshop.exercises.base import Exercise, Mistake, describe_value
from workshop.models.base import GenerativeModel
from workshop.models.metadata import Metadata
from workshop.table import kind_of


class FindGiveaways(Exercise):
    """3.3: three variables whose line in the recipe gives somebody away, and a recipe without such lines."""

    number = "3.3"
    answers = ("found", "safe")
    given = ("observed",)

    def solve(self, observed):
        listed = Metadata().fit(observed).disclosures()["variable"].drop_duplicates()
        return {"found": listed.head(3).tolist(), "safe": Metadata(privacy=11).fit(observed)}

    def flaw(self, answer, given):
        found, safe = _listed(answer["found"]), answer["safe"]
        if found is None:
            return f"found should be a list of names of variables, such as ['age', …], but it is {describe_value(answer['found'])}."
        unknown = [name for name in found if name not in given["observed"].columns]
        if unknown:
            return f"There is no variable '{unknown[0]}' in the table."
        if not isinstance(safe, GenerativeModel):
            return f"safe should be a fitted model, but it is {describe_value(safe)}."
        if len(safe.sample(2, rng=1).columns) < len(given["observed"].columns):
            return "safe knows only some of the variables. Fit it to the whole table: .fit(gifts)."
        return None

    def is_right(self, answer, given):
        listed = set(Metadata().fit(given["observed"]).disclosures()["variable"])
        found = set(_listed(answer["found"]))
        return len(found & listed) >= 3 and found <= listed

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
            "too little protection",
            lambda observed: {"found": ["income"], "safe": Metadata(privacy=5).fit(observed)},
            "safe has lines that rest on fewer than 11 people: ask for privacy=11.",
            lambda answer, given: isinstance(answer["safe"], Metadata) and answer["safe"].privacy < 11,
        ),
        Mistake(
            "more protection than asked for",
            lambda observed: {"found": ["income"], "safe": Metadata(privacy=20).fit(observed)},
            "That is safer than asked for, but it has a price: with 20, nobody lives on the islands any more. Take privacy=11 here.",
            lambda answer, given: isinstance(answer["safe"], Metadata) and answer["safe"].privacy > 11,
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
            lambda answer, given: _listed(answer["found"]) is not None and len(set(_listed(answer["found"]))) < 3,
        ),
        Mistake(
            "keys and names",
            lambda observed: {
                "found": ["respondent", "first_name", "postcode"],
                "safe": Metadata(privacy=11).fit(observed),
            },
            "Keys, names and free text name people in the file, but the recipe holds none of them: they are made anew. "
            "Take variables from model.disclosures().",
            lambda answer, given: any(
                name in given["observed"] and kind_of(given["observed"][name]) in ("key", "text")
                for name in _listed(answer["found"]) or ()
            ),
        ),
        Mistake(
            "a harmless variable",
            lambda observed: {
                "found": ["region", "gives_to_charity", "income"],
                "safe": Metadata(privacy=11).fit(observed),
            },
            "One of the variables that you found is harmless: every number in its line rests on many records. Compare with model.disclosures().",
            lambda answer, given: (
                set(_listed(answer["found"])) <= set(given["observed"].columns)
                and not set(_listed(answer["found"]))
                <= set(Metadata().fit(given["observed"]).disclosures()["variable"])
            ),
        ),
    )


def _listed(found):
    """The names that were found, however they are held together, or None."""
    if isinstance(found, list | tuple | set | np.ndarray | pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
        return list(found) if all(isinstance(name, str) for name in found) else None
    return None


def _toy(observed):
    from workshop.models.toy import Normal

    return Normal().fit(observed)
