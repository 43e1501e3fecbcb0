"""The trade-off, measured: how useful is the sample of each model, and what does it give away?

Every model is fitted to the same people. A classifier, and every attack, is also shown other people from the same source, so that what is true of
everybody counts neither for a model nor against it; tables and regressions are held against the people themselves, whose results a reader wants to see
again. All is measured over several seeds. The curve that joins the models, from one that gives everybody the same record to one that copies, is the
risk-utility map of Duncan, Keller-McNulty and Stokes (2001).
"""

import contextlib
import json
import time
import warnings
from dataclasses import dataclass, field
from html import escape
from importlib.metadata import version
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from scipy import stats
from sklearn.base import clone
from tqdm.auto import tqdm

from workshop.measures.attacks import ATTACKS, inference, linkability, membership, singling_out
from workshop.measures.fits import compare_fit
from workshop.measures.pair import Pair
from workshop.measures.propensity import propensity
from workshop.measures.release import associations, check_release
from workshop.measures.tables import table_utilities
from workshop.models.copula import GaussianCopula
from workshop.models.gan import GAN
from workshop.models.metadata import Metadata
from workshop.models.sequential import Sequential
from workshop.models.toy import Average, Bootstrap, Histogram, Normal
from workshop.risk_utility_picture import draw
from workshop.settings import whole
from workshop.table import NUMBER_LIKE, TableError, as_table, kind_of, with_columns

#: From knowing nothing to knowing everybody. The order is what theory says of both axes.
MODELS = {
    "constant": Average(),
    "normal": Normal(),
    "histogram (5 bins)": Histogram(5),
    "histogram (1,000 bins)": Histogram(1000),
    "metadata": Metadata(),
    "copula": GaussianCopula(),
    "GAN": GAN(progress=False),
    "CART (leaves of 100)": Sequential(min_leaf=100),
    "CART (leaves of 5)": Sequential(min_leaf=5),
    "bootstrap": Bootstrap(),
}
ATTACKED = ("singling out", "linkability", "inference", "membership")
#: What one may want of synthetic data, from little to much, and when a sample is taken to support it.
LADDER = {
    "know the data": "the same columns, types and labels",
    "run the script": "the regression can be computed",
    "show variation": "each variable is off by at most 10 points in any of five groups together (total variation), or by no more than chance",
    "show association": "of the pairs that go together (at least 0.2), four in five keep half of it",
    "correlate": "the associations of these pairs are off by 0.1 at most, on average",
    "estimate": "the confidence intervals of the regression overlap by half, on average",
    "answer anything": "tables of any three variables differ by no more than chance (mean S_pMSE at most 1.25)",
}
_KEPT = Path(__file__).with_name("lessons")


@dataclass(frozen=True)
class Tradeoff:
    """What `tradeoff` measured.

    Attributes
    ----------
    runs : pandas.DataFrame
        One line for each model and seed: model, seed, auc (of boosting, against the hold-out), S_pMSE (mean of all pairs), overlap (of confidence
        intervals), utility (the mean of 2 · (1 − auc), 1 / S_pMSE and overlap, each from 0 to 1), the excess of each attack, risk (their mean),
        n_parameters, seconds, and the rungs of the ladder (1 where the sample supports it).
    about : dict
        What was measured: records, keys, target, formula, versions.
    """

    runs: pd.DataFrame = field(repr=False)
    about: dict

    @property
    def table(self):
        """By model: the means over seeds, and for utility and risk their 95 % interval (± utility_error, ± risk_error; Student's t)."""
        grouped = self.runs.groupby("model", sort=False)
        table = grouped.mean(numeric_only=True).drop(columns="seed")
        n = grouped.size()
        reach = stats.t.ppf(0.975, np.maximum(n - 1, 1)) / np.sqrt(n)
        for name in ("utility", "risk"):
            table[f"{name}_error"] = np.where(n > 1, grouped[name].std() * reach, np.nan)
        table["rung"] = (table[list(LADDER)] > 0.5).cumprod(axis=1).sum(axis=1).astype(int)
        return table

    def rank_correlation(self, order=tuple(MODELS)):
        """Spearman's correlation of an order of models with the measured one: (utility, risk), a Series.

        Parameters
        ----------
        order : sequence of str
            Names of models that were measured, the least flexible first. Those that were not are left out.
        """
        table = self.table
        known = [name for name in order if name in table.index]
        if len(known) < 3:
            raise ValueError(
                f"An order needs at least three models that were measured; these were: {', '.join(table.index)}."
            )
        found = {
            axis: stats.spearmanr(range(len(known)), table.loc[known, axis]).statistic for axis in ("utility", "risk")
        }
        return pd.Series(found)

    def joined(self, other):
        """These models and those of another measurement, which stand out in the picture; of models with the same name, the other's."""
        kept = self.runs[~self.runs["model"].isin(other.runs["model"])]
        about = {**self.about, "added": list(other.runs["model"].unique())}
        return Tradeoff(pd.concat([kept, other.runs], ignore_index=True), about)

    def save(self, path):
        """Write it as a small json file."""
        runs = self.runs.round(6).to_dict("list")
        Path(path).write_text(json.dumps({"about": self.about, "runs": runs}, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path="gifts"):
        """Read what `save` wrote; "gifts" is what was measured for the lessons.

        Raises
        ------
        OSError
            If there is no such file.
        ValueError
            If it is not such a file.
        """
        path = _KEPT / f"tradeoff-{path}.json" if path == "gifts" else Path(path)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            found = cls(pd.DataFrame(kept["runs"]), kept["about"])
            found.table  # noqa: B018 - refuses what is not complete
            return found
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name} does not hold a measured trade-off: {error!r:.80}.") from None

    @property
    def sentence(self):
        """What the figures say."""
        table = self.table
        most, least = table["utility"].idxmax(), table["risk"].idxmin()
        return (
            f"{len(table)} models, up to {self.runs.groupby('model').size().max()} seeds each. Most useful: {most} "
            f"({table.utility[most]:.2f} of 1, risk {_points(table.risk[most])}). "
            f"Least risky: {least} ({_points(table.risk[least])}, utility {table.utility[least]:.2f})."
        )

    def picture(self):
        """The curve and the ladder, as a Picture; diamonds are what was added by `joined`."""
        added = self.about.get("added", ())
        diamonds = f" The diamonds: {', '.join(added)}." if added else ""
        return draw(self.table, LADDER, self.sentence + diamonds, added)

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>"


def tradeoff(
    observed,
    models=None,
    keys=None,
    holdout=None,
    target=None,
    formula=None,
    seeds=5,
    attacks=ATTACKS,
    n_jobs=None,
    progress=True,
):
    """Fit models, and measure what their samples are good for and what they give away.

    Parameters
    ----------
    observed : pandas.DataFrame
        The people whom the models are fitted to.
    models : dict of str -> GenerativeModel, optional
        Under the names to show; `MODELS` if left out.
    keys : list of str
        What an attacker knows of somebody.
    holdout : pandas.DataFrame
        Other people from the same source; see `workshop.split`.
    target : str, optional
        What the attacker wants to guess; the first number that is no key, if left out.
    formula : str, optional
        The regression that a reader wants to run. Without it, the rungs about it are not measured and count as not reached.
    seeds : int, default 5
    attacks : int, default 500
        Of each kind.
    n_jobs : int, optional
        How many models are measured side by side; see joblib.
    progress : bool, default True
        A progress bar.

    Returns
    -------
    Tradeoff

    Raises
    ------
    TableError
        If the tables cannot be compared, or a key or target is missing.
    """
    observed, holdout = as_table(observed), as_table(holdout)
    whole(seeds, "seeds", 1)
    keys = [keys] if isinstance(keys, str) else list(keys or ())
    if not keys:
        raise TableError("An attacker who knows nothing learns nothing: name at least one column in keys.")
    compared = list(Pair.of(observed, holdout).variables)
    holdout = holdout[[name for name in observed if name in holdout]]
    for name in [*keys, *([target] if target else [])]:
        if name not in compared:
            raise TableError(f"'{name}' is no column that can be compared; choose among {', '.join(compared)}.")
    rest = [name for name in compared if name not in keys]
    if not rest or len(compared) < 3:
        raise TableError(
            "The trade-off needs at least three columns that can be compared, and one of them that is no key."
        )
    target = target or next((name for name in rest if kind_of(observed[name]) in NUMBER_LIKE), rest[0])
    models = dict(MODELS if models is None else models)

    def once(name, seed):
        model = clone(models[name])
        if "random_state" in model.get_params():
            model.set_params(random_state=seed)
        start = time.perf_counter()
        synthetic = model.fit(observed).sample(rng=seed)
        seconds = time.perf_counter() - start
        found = {"model": name, "seed": seed, **_utility(observed, synthetic, holdout, formula, seed)}
        three = observed, synthetic, holdout
        tried = (
            singling_out(*three, attacks=attacks, rng=seed),
            linkability(*three, keys, rest, attacks=attacks, rng=seed),
            inference(*three, keys, target, attacks=attacks, rng=seed),
            membership(*three, attacks=attacks, rng=seed),
        )
        found |= {attack.name: attack.excess for attack in tried}
        found["risk"] = float(np.mean([attack.excess for attack in tried]))
        return found | {"n_parameters": model.n_parameters, "seconds": seconds}

    tasks = [(name, seed) for name in models for seed in range(seeds)]
    done = joblib.Parallel(n_jobs, return_as="generator", prefer="threads")(
        joblib.delayed(once)(*task) for task in tasks
    )
    runs = pd.DataFrame(tqdm(done, "measuring", len(tasks), disable=not progress, leave=False))
    about = {
        "records": len(observed),
        "keys": keys,
        "target": target,
        "formula": formula,
        "attacks": attacks,
        "made with": {package: version(package) for package in ("numpy", "pandas", "scikit-learn")},
    }
    return Tradeoff(runs, about)


def _utility(observed, synthetic, holdout, formula, seed):
    """Utility in three ways, and the rungs of the ladder."""
    auc = propensity(holdout, synthetic, "boosting", rng=seed).auc
    pairs, overlap = table_utilities(observed, synthetic)["S_pMSE"].mean(), _overlap(observed, synthetic, formula)
    parts = [2 * (1 - max(auc, 0.5)), min(1.0, 1 / pairs)]
    if formula:
        parts.append(max(0.0, overlap) if np.isfinite(overlap) else 0.0)
    held = {rung: float(yes) for rung, yes in ladder(observed, synthetic, formula).items()}
    return {"auc": auc, "S_pMSE": float(pairs), "overlap": float(overlap), "utility": float(np.mean(parts)), **held}


_MOST_IN_TRIPLES = 30


def ladder(observed, synthetic, formula=None):
    """Which uses a synthetic table supports.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
        With at least three columns that can be compared.
    formula : str, optional
        The regression that a reader wants to run; without it the rungs about it are not reached.

    Returns
    -------
    dict of str -> bool
        By rung of `LADDER`, which says what was tested.
    """
    observed, synthetic = as_table(observed), as_table(synthetic)
    single = table_utilities(observed, synthetic, way=1)
    # Triples grow with the cube: of many columns, some that are spread evenly stand for all.
    names = [name for name in observed.columns if name in single.index][:: -(-len(single) // _MOST_IN_TRIPLES)]
    triples = table_utilities(observed, synthetic, names, way=3)
    overlap = _overlap(observed, synthetic, formula)
    pairs_of_ranks = associations(_ranked(observed), _ranked(synthetic))
    strong = pairs_of_ranks[pairs_of_ranks["observed"].abs() >= 0.2].fillna(0.0)
    lost = strong["observed"] - strong["synthetic"]
    checks = check_release(observed, synthetic)
    held = (
        checks[checks["check"].isin(["columns", "type", "levels", "order"])]["passed"].all(),
        np.isfinite(overlap),
        ((single["SPECKS"] <= 0.1) | (single["S_pMSE"] <= 1.25)).all(),
        len(strong) > 0 and (strong["synthetic"] / strong["observed"] >= 0.5).mean() >= 0.8,
        len(strong) > 0 and lost.abs().mean() <= 0.1,
        overlap >= 0.5,
        triples["S_pMSE"].mean() <= 1.25,
    )
    return {rung: bool(yes) for rung, yes in zip(LADDER, held, strict=True)}


def _overlap(observed, synthetic, formula):
    """The mean overlap of confidence intervals; nan without a formula, or if it cannot be computed."""
    if not formula:
        return np.nan
    # A poor sample makes a poor regression: that is what is measured here, and no reason to warn.
    with warnings.catch_warnings(record=True), contextlib.suppress(ValueError):
        warnings.simplefilter("always")  # whoever turned warnings into errors did not mean these
        return compare_fit(formula, observed, synthetic).mean_ci_overlap
    return np.nan


def _points(share):
    points = round(100 * share)
    return f"{points} point{'s' * (points != 1)}"


def _ranked(table):
    """Numbers as their ranks, so that one person who stands out does not make a correlation."""
    numbers = [name for name in table if kind_of(table[name]) in ("continuous", "discrete")]
    return with_columns(table, {name: table[name].rank() for name in numbers})
