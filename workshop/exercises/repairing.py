"""Exercise 5.2: the standardised pMSE, the worst pair of variables, and a model that keeps it."""

import numpy as np
import pandas as pd

from workshop.exercises.base import Exercise, Mistake, describe_value, is_number, same
from workshop.measures.tables import table_utilities, table_utility
from workshop.models.sequential import Sequential


class RepairTheWorst(Exercise):
    """5.2: the standardised pMSE, the worst pair, and a model that keeps it."""

    number = "5.2"
    answers = ("s_pmse", "worst", "repaired")
    given = ("observed", "synthetic", "pmse_region")

    def solve(self, observed, synthetic, pmse_region):
        n, groups = len(observed) + len(synthetic), observed["region"].nunique()
        return {
            "s_pmse": float(pmse_region / ((groups - 1) / (8 * n))),
            "worst": list(table_utilities(observed, synthetic).index[0]),
            "repaired": Sequential().fit(observed),
        }

    def flaw(self, answer, given):
        if not is_number(answer["s_pmse"]):
            return f"s_pmse should be one number, but it is {describe_value(answer['s_pmse'])}."
        if _pair(answer["worst"]) is None:
            return f"worst should be a list of two names, such as ['age', 'region'], but it is {describe_value(answer['worst'])}."
        if not isinstance(answer["repaired"], Sequential):
            return f"repaired should be a fitted Sequential model, but it is {describe_value(answer['repaired'])}."
        return None

    def is_right(self, answer, given):
        reference = self.solve(**given)
        return (
            same({"s_pmse": answer["s_pmse"]}, reference, 0.01)
            and _pair(answer["worst"]) == set(reference["worst"])
            and _kept(answer["repaired"], given["observed"], reference["worst"]) < 3
        )

    def praise(self, answer, given):
        names, kept = list(answer["worst"]), _kept(answer["repaired"], given["observed"], list(answer["worst"]))
        before = table_utility(given["observed"], given["synthetic"], names).S_pMSE
        return f"{names[0]} with {names[1]} went from {before:.0f} down to {kept:.1f}, the mean of three syntheses. A model can only keep what it may look at."

    otherwise = (
        "s_pmse is pmse_region / (k / (8 * N)) with k = 4 and N = len(both); worst stands in the title of the map; "
        "in repaired, gift_spending may look at greenness."
    )
    mistakes = (
        Mistake(
            "not fitted",
            lambda observed, synthetic, pmse_region: {
                **RepairTheWorst().solve(observed, synthetic, pmse_region),
                "repaired": Sequential(),
            },
            "repaired has not seen any data yet: add .fit(gifts).",
            lambda answer, given: (
                isinstance(answer["repaired"], Sequential) and not hasattr(answer["repaired"], "n_records_")
            ),
        ),
        Mistake(
            "groups instead of groups less one",
            lambda observed, synthetic, pmse_region: {
                **RepairTheWorst().solve(observed, synthetic, pmse_region),
                "s_pmse": RepairTheWorst().solve(observed, synthetic, pmse_region)["s_pmse"] * 4 / 5,
            },
            "s_pmse is a little off: five regions leave four free parameters, k = 4, because the shares add up to one.",
            lambda answer, given: np.isclose(
                answer["s_pmse"], RepairTheWorst().solve(**given)["s_pmse"] * 4 / 5, rtol=0.01
            ),
        ),
        Mistake(
            "brackets",
            lambda observed, synthetic, pmse_region: {
                **RepairTheWorst().solve(observed, synthetic, pmse_region),
                "s_pmse": pmse_region / (4 / 8 * (len(observed) + len(synthetic))),
            },
            "s_pmse is tiny: 4 / 8 * N is half of N, because Python goes from left to right. Put brackets around 8 * N.",
            lambda answer, given: np.isclose(
                answer["s_pmse"],
                given["pmse_region"] / (4 / 8 * (len(given["observed"]) + len(given["synthetic"]))),
                rtol=0.01,
            ),
        ),
        Mistake(
            "not divided",
            lambda observed, synthetic, pmse_region: {
                **RepairTheWorst().solve(observed, synthetic, pmse_region),
                "s_pmse": pmse_region,
            },
            "s_pmse is still pMSE itself. Divide it by what chance brings: 4 / (8 * len(both)).",
            lambda answer, given: answer["s_pmse"] == given["pmse_region"],
        ),
        Mistake(
            "observed records alone",
            lambda observed, synthetic, pmse_region: {
                **RepairTheWorst().solve(observed, synthetic, pmse_region),
                "s_pmse": RepairTheWorst().solve(observed, synthetic, pmse_region)["s_pmse"] / 2,
            },
            "s_pmse is half of what it should be: N counts the records of both tables, len(both).",
            lambda answer, given: np.isclose(
                answer["s_pmse"], RepairTheWorst().solve(**given)["s_pmse"] / 2, rtol=0.01
            ),
        ),
        Mistake(
            "another pair",
            lambda observed, synthetic, pmse_region: {
                **RepairTheWorst().solve(observed, synthetic, pmse_region),
                "worst": ["age", "region"],
            },
            "That is not the worst pair: its S_pMSE is the largest number on the map, and stands in the title.",
            lambda answer, given: (
                _pair(answer["worst"]) is not None
                and _pair(answer["worst"]) != set(table_utilities(given["observed"], given["synthetic"]).index[0])
            ),
        ),
        Mistake(
            "fitted to the careless table",
            lambda observed, synthetic, pmse_region: {
                **RepairTheWorst().solve(observed, synthetic, pmse_region),
                "repaired": Sequential().fit(synthetic),
            },
            "The pair is still badly kept, though repaired may look at everything. Was it fitted to careless, where the pair is lost already? .fit(gifts)",
            lambda answer, given: (
                hasattr(answer["repaired"], "n_records_")
                and not answer["repaired"].predictors
                and _kept(answer["repaired"], given["observed"], _worst(given)) >= 3
            ),
        ),
        Mistake(
            "as careless as before",
            lambda observed, synthetic, pmse_region: {
                **RepairTheWorst().solve(observed, synthetic, pmse_region),
                "repaired": Sequential(predictors={"gift_spending": ["age", "region"]}).fit(observed),
            },
            "The pair is still badly kept: gift_spending must be allowed to look at greenness. Say nothing of predictors, or name it among them.",
            lambda answer, given: (
                hasattr(answer["repaired"], "n_records_")
                and _kept(answer["repaired"], given["observed"], _worst(given)) >= 3
            ),
        ),
    )


def _pair(worst):
    """The two names as a set, however they are held together, or None."""
    held = isinstance(worst, list | tuple | set | np.ndarray | pd.Index | pd.Series) and len(worst) == 2
    return set(worst) if held and all(isinstance(name, str) for name in worst) else None


def _worst(given):
    return table_utilities(given["observed"], given["synthetic"]).index[0]


def _kept(model, observed, pair):
    """The mean S_pMSE of a pair in three syntheses."""
    return float(np.mean([table_utility(observed, made, list(pair)).S_pMSE for made in model.sample_many(3, rng=1)]))
