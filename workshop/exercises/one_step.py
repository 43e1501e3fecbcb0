"""Exercise 4.1: one step of CART synthesis by hand: the donors of one synthetic person, and a value from one of them."""

import numpy as np
import pandas as pd

from workshop.exercises.base import Exercise, Mistake, describe_value, is_number, numbers


def _leaf(tree, greenness):
    return tree.apply(pd.DataFrame({"greenness": np.ravel(greenness).astype(float)}))


class OneStep(Exercise):
    """4.1: the donors of one synthetic person, and a value from one of them."""

    number = "4.1"
    answers = ("donors", "drawn")
    given = ("observed", "tree", "greenness")

    def solve(self, observed, tree, greenness):
        same_leaf = _leaf(tree, observed["greenness"]) == _leaf(tree, greenness)[0]
        donors = observed["gift_spending"][same_leaf]
        return {"donors": donors, "drawn": float(np.random.default_rng(1).choice(donors))}

    def flaw(self, answer, given):
        try:
            numbers(answer["donors"], "donors")
        except ValueError:
            return (
                f"donors should be the gift spending of several people, but it is {describe_value(answer['donors'])}."
            )
        if np.ndim(answer["donors"]) == 0:
            return "donors should be the gift spending of several people, but it is one number."
        if not is_number(answer["drawn"]):
            return f"drawn should be one number, but it is {describe_value(answer['drawn'])}. rng.choice(donors) draws one."
        return None

    def is_right(self, answer, given):
        donors = np.sort(self.solve(**given)["donors"].to_numpy())
        return np.array_equal(np.sort(numbers(answer["donors"])), donors) and bool(np.isin(answer["drawn"], donors))

    def praise(self, answer, given):
        return (
            f"{len(answer['donors']):,} people sit in this leaf, and one of them handed on {answer['drawn']:,.2f} euro. "
            "That is one step of CART synthesis; the package takes one for each variable."
        )

    otherwise = (
        "The donors are the people whose leaf, tree.apply(givers[['greenness']]), is the leaf of the synthetic person."
    )
    mistakes = (
        Mistake(
            "yes and no",
            lambda observed, tree, greenness: {
                "donors": _leaf(tree, observed["greenness"]) == _leaf(tree, greenness)[0],
                "drawn": 50.0,
            },
            "donors holds True and False: who sits in the leaf. Choose with it: givers['gift_spending'][…].",
            lambda answer, given: np.asarray(answer["donors"]).dtype == bool and np.size(answer["donors"]) > 1,
        ),
        Mistake(
            "everybody",
            lambda observed, tree, greenness: {"donors": observed["gift_spending"], "drawn": 50.0},
            "Those are all givers. Only people in the same leaf are donors: compare tree.apply(givers[['greenness']]) with leaf.",
            lambda answer, given: len(numbers(answer["donors"])) == len(given["observed"]),
        ),
        Mistake(
            "the same greenness",
            lambda observed, tree, greenness: {
                "donors": observed["gift_spending"][observed["greenness"] == greenness],
                "drawn": 50.0,
            },
            "Those are the people with exactly the same greenness: very few. The tree groups people who are alike; take the whole leaf.",
            lambda answer, given: np.array_equal(
                np.sort(numbers(answer["donors"])),
                np.sort(given["observed"]["gift_spending"][given["observed"]["greenness"] == given["greenness"]]),
            ),
        ),
        Mistake(
            "leaf numbers",
            lambda observed, tree, greenness: {
                "donors": _leaf(tree, observed["greenness"])[
                    _leaf(tree, observed["greenness"]) == _leaf(tree, greenness)[0]
                ],
                "drawn": float(_leaf(tree, greenness)[0]),
            },
            "Those are the numbers of leaves. The donors are what these people spent: givers['gift_spending'][…].",
            lambda answer, given: (
                len(set(numbers(answer["donors"]))) == 1
                and numbers(answer["donors"])[0] in _leaf(given["tree"], given["observed"]["greenness"])
            ),
        ),
        Mistake(
            "people who gave nothing",
            lambda observed, tree, greenness: {
                "donors": [*OneStep().solve(observed, tree, greenness)["donors"], 0.0, 0.0],
                "drawn": 0.0,
            },
            "Among your donors are people who spent nothing. The tree was grown for givers: take donors from givers, not from gifts.",
            lambda answer, given: bool((numbers(answer["donors"]) == 0).any()),
        ),
        Mistake(
            "logarithms",
            lambda observed, tree, greenness: {
                "donors": np.log1p(OneStep().solve(observed, tree, greenness)["donors"]),
                "drawn": 4.5,
            },
            "Those are logarithms, which the tree was grown on. The donors hand on euros: givers['gift_spending'][…].",
            lambda answer, given: (
                len(numbers(answer["donors"])) == len(OneStep().solve(**given)["donors"])
                and np.allclose(
                    np.sort(numbers(answer["donors"])), np.sort(np.log1p(OneStep().solve(**given)["donors"]))
                )
            ),
        ),
        Mistake(
            "the mean of the leaf",
            lambda observed, tree, greenness: {
                "donors": OneStep().solve(observed, tree, greenness)["donors"],
                "drawn": float(OneStep().solve(observed, tree, greenness)["donors"].mean()),
            },
            "drawn is the mean of the donors. Then everybody in a leaf would spend the same. Draw one donor: rng.choice(donors).",
            lambda answer, given: np.isclose(answer["drawn"], np.mean(numbers(answer["donors"]))),
        ),
        Mistake(
            "what the tree expects",
            lambda observed, tree, greenness: {
                "donors": OneStep().solve(observed, tree, greenness)["donors"],
                "drawn": float(tree.predict(pd.DataFrame({"greenness": [float(greenness)]}))[0]),
            },
            "drawn is what the tree predicts: the mean of the leaf, here on a log scale. A synthetic value is drawn: rng.choice(donors).",
            lambda answer, given: np.isclose(
                answer["drawn"], given["tree"].predict(pd.DataFrame({"greenness": [float(given["greenness"])]}))[0]
            ),
        ),
        Mistake(
            "nobody's value",
            lambda observed, tree, greenness: {**OneStep().solve(observed, tree, greenness), "drawn": 0.123},
            "donors is right, but none of them spent what you drew. A donor hands on a value as it is: rng.choice(donors).",
            lambda answer, given: (
                is_number(answer["drawn"])
                and OneStep().is_right({**OneStep().solve(**given), "donors": answer["donors"]}, given)
                and not np.isin(answer["drawn"], OneStep().solve(**given)["donors"])
            ),
        ),
    )
