"""Exercise 3.1: a postcode that became a number, an order that got lost, and how people mend them."""

import pandas as pd

from workshop.exercises.base import Exercise, Mistake, describe_value
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
        if len(mended.columns) < len(given["observed"].columns):
            return "Some columns are gone. Begin again with mended = careless.copy()."
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
            "too many zeros",
            lambda observed: {
                "mended": MendKinds().solve(observed)["mended"].assign(postcode="0" + observed["postcode"].astype(str))
            },
            "Some postcodes have more than four digits now: a zero belongs only in front of those that have three. .str.zfill(4) does that.",
            lambda answer, given: answer["mended"]["postcode"].astype(str).str.len().max() > 4,
        ),
        Mistake(
            "numbers for levels",
            lambda observed: {
                "mended": MendKinds()
                .solve(observed)["mended"]
                .assign(education=observed["education"].astype(str).map(SCHOOL.index))
            },
            "education is a number now. Numbers have an order, but they also say that levels are equally far apart, "
            "and the names are gone. Keep the names: pd.Categorical(mended['education'], school, ordered=True).",
            lambda answer, given: pd.api.types.is_numeric_dtype(
                getattr(answer["mended"]["education"].dtype, "categories", answer["mended"]["education"]).dtype
            ),
        ),
        Mistake(
            "levels spelt otherwise",
            lambda observed: {
                "mended": MendKinds()
                .solve(observed)["mended"]
                .assign(
                    education=observed["education"]
                    .astype("category")
                    .cat.set_categories([level.title() for level in SCHOOL], ordered=True)
                )
            },
            "Some people have lost their education: a level that is spelt otherwise than in the data becomes missing. Use the list school as it is.",
            lambda answer, given: (
                answer["mended"]["education"].isna().sum() > given["observed"]["education"].isna().sum()
            ),
        ),
        Mistake(
            "category without an order",
            lambda observed: {
                "mended": MendKinds()
                .solve(observed)["mended"]
                .assign(education=observed["education"].astype("category"))
            },
            "education has no order yet: give pd.Categorical the list school and ordered=True.",
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
        Mistake(
            "upside down",
            lambda observed: {
                "mended": MendKinds()
                .solve(observed)["mended"]
                .assign(education=pd.Categorical(observed["education"].astype(str), SCHOOL[::-1], ordered=True))
            },
            "education is ordered from the highest to the lowest level. The list begins with the lowest, as school does.",
            lambda answer, given: list(answer["mended"]["education"].cat.categories) == SCHOOL[::-1],
        ),
    )
