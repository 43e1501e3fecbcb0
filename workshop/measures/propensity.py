"""Propensity scores: a classifier is asked which records are synthetic. If it cannot say, nobody learns anything wrong from them.

pMSE is the mean squared distance of the scores from the share of synthetic records (Woo, Reiter, Oganian and Karr, 2009). S_pMSE divides it by
what chance brings: for a logistic regression by theory (Snoke, Raab, Nowok, Dibben and Slavkovic, 2018), for other classifiers by permuting
which record is called synthetic. Boosting is judged on records that it has not seen, by the area under the curve.
"""

import warnings
from dataclasses import dataclass, field
from html import escape
from itertools import combinations

import joblib
import numpy as np
from scipy import linalg
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from workshop.measures import scores as of_scores
from workshop.measures.pair import Pair
from workshop.settings import whole

METHODS = ("logistic", "logistic with pairs", "cart", "boosting")
#: The tree asks as long as a question leaves so many records on either side and takes away as much impurity as so many records have. (With
#: 3,000 records that is rpart's cp = 0.001; a fixed share would keep a tree of many records from asking at all.)
CART_MIN_LEAF, CART_WORTH = 5, 3
#: A column of the design that is left with less than this share of itself, given those before it, is dropped.
_INDEPENDENT = 1e-7
#: So many trees, of so many records each, take long enough for a bar.
_LONG_WORK = 2_000_000


@dataclass(frozen=True)
class Propensity:
    """How well a classifier tells synthetic from observed records.

    Attributes
    ----------
    method : str
    pMSE : float
        0 where all scores are alike; c(1 − c) at worst, with c the share of synthetic records.
    S_pMSE : float
        pMSE over what chance brings: about 1 is perfect. nan where it was not standardised.
    SPECKS, PO50, U : float
        Kolmogorov-Smirnov distance of the scores, percent told apart beyond 50, rank sum.
    auc : float
        Area under the curve: 0.5 where they cannot be told apart.
    df : int or None
        Coefficients of the logistic regression, without the intercept.
    scores : numpy.ndarray
        Observed and then synthetic records' scores.
    """

    method: str
    pMSE: float
    S_pMSE: float
    SPECKS: float
    PO50: float
    U: float
    auc: float
    df: int | None = None
    scores: np.ndarray = field(default=None, repr=False, compare=False)

    @property
    def sentence(self):
        """What the figures say."""
        told = f"A {self.method} classifier tells {50 + self.PO50:.0f} % of the records apart, where guessing gets 50 %"
        if self.method == "boosting":
            told += f"; area under the curve {self.auc:.2f} on records it had not seen (0.50 is perfect)"
            if self.auc < 0.47:
                return f"{told}: worse than guessing, a sign that synthetic records repeat observed ones."
            how = "hardly any" if self.auc < 0.53 else "little" if self.auc < 0.65 else "much"
            return f"{told}: it sees {how} difference."
        if np.isnan(self.S_pMSE):
            return f"{told}; not standardised, so this says little by itself."
        how = "no more than chance" if self.S_pMSE < 1.5 else "little" if self.S_pMSE < 3 else "much"
        return f"{told}; S_pMSE {self.S_pMSE:.2f}, where chance alone brings 1: it sees {how}."

    def _repr_html_(self):
        return f"<p>{escape(self.sentence)}</p>"


def propensity(
    observed, synthetic, method="logistic", variables=None, permutations=50, rng=0, n_jobs=None, progress=None
):
    """Ask a classifier which records are synthetic.

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    method : {"logistic", "logistic with pairs", "cart", "boosting"}
        Logistic regression on all variables, or also on all pairs of them; a tree; gradient boosting, cross-validated in five parts.
    variables : list of str, optional
        All that can be compared, if left out.
    permutations : int, default 50
        For "cart": how often the records are shuffled to see what chance brings; 0 leaves S_pMSE out.
    rng : int, numpy.random.Generator or None
    n_jobs : int, optional
        How many permutations run side by side. The result is the same for any number.
    progress : bool, optional
        A bar: always, never, or for long work only (None).

    Returns
    -------
    Propensity

    Raises
    ------
    TableError
        If the tables cannot be compared.
    ValueError
        If there is no such method, or its regression would have more than 2,000 columns.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"x": np.random.default_rng(1).normal(size=400)})
    >>> propensity(table, table).pMSE < 1e-9
    True
    """
    if method not in METHODS:
        raise ValueError(f"There is no method '{method}': choose one of {', '.join(METHODS)}.")
    whole(permutations, "permutations", 0)
    pair, rng = Pair.of(observed, synthetic, variables), np.random.default_rng(rng)
    label, share = pair.is_synthetic, pair.n_synthetic / (pair.n_observed + pair.n_synthetic)
    df, standard = None, float("nan")
    if method.startswith("logistic"):
        # One thread: the work is small, and threads of thirty learners on one machine would wait for each other.
        with threadpool_limits(1):
            design = _independent(_design(pair, pairs=method != "logistic"))
            score, df = _logistic_scores(design, label), design.shape[1] - 1
        # Snoke and others (2018): the expected pMSE of data from the right model.
        standard = df * (1 - share) ** 2 * share / len(label)
    elif method == "cart":
        features = _features(pair)
        score = _tree_scores(features, label, rng.integers(2**31))
        if permutations:
            # Shuffled labels make two samples from one source, of which either varies; synthetic data vary alone. So half of it.
            standard = np.mean(_permuted(features, label, share, permutations, rng, n_jobs, progress)) / 2
    else:
        with threadpool_limits(1):
            score = _boosting_scores(pair, label, int(rng.integers(2**31)))
    pmse = of_scores.pmse(score, share)
    return Propensity(
        method,
        pmse,
        pmse / standard if standard > 0 else float("nan") if pmse else 0.0,
        of_scores.specks(score, label),
        of_scores.po50(score, label, share),
        of_scores.rank_sum(score, label),
        of_scores.area_under_curve(score, label),
        df,
        score,
    )


def _blocks(pair):
    """For each variable its columns in a regression: a number and whether it is missing, or all labels but the first."""
    for variable in pair.variables.values():
        values = variable.both
        if variable.is_number:
            absent = np.isnan(values)
            numbers = np.where(absent, 0.0, values)
            # Standardised: the same fit, with fewer digits lost.
            numbers = (numbers - numbers.mean()) / (numbers.std() or 1.0)
            yield [numbers] + [absent.astype(float)] * bool(absent.any())
        else:
            yield [(values == code).astype(float) for code in np.unique(values)[1:]]


#: The work of a regression grows with the square of its columns: with so many it takes a quarter of a minute, with ten thousand it would not end.
_MOST_COLUMNS = 2_000


def _design(pair, pairs):
    sizes = {name: max(2, len(variable.levels)) for name, variable in pair.variables.items()}
    total = sum(sizes.values())
    columns = total + pairs * (total**2 - sum(size**2 for size in sizes.values())) // 2
    if columns > _MOST_COLUMNS:
        most = max(sizes, key=sizes.get)
        raise ValueError(
            f"The regression would have {columns:,} columns, and {_MOST_COLUMNS:,} are the most: leave out '{most}', which brings {sizes[most]:,}, "
            'or choose the method "cart" or "boosting".'
        )
    blocks = list(_blocks(pair))
    columns = [column for block in blocks for column in block]
    if pairs:
        columns += [x * y for one, other in combinations(blocks, 2) for x in one for y in other]
    return np.column_stack([np.ones(pair.n_observed + pair.n_synthetic), *columns])


def _independent(design):
    """Only the columns that are no mixture of those before them, as R's glm keeps them."""
    lengths = np.linalg.norm(design, axis=0)
    design = design[:, lengths > 0] / lengths[lengths > 0]
    (r,) = linalg.qr(design, mode="r") if len(design) < design.shape[1] else (linalg.qr(design, mode="r")[0],)
    left = np.zeros(design.shape[1])
    left[: min(r.shape)] = np.abs(np.diag(r))
    return design[:, left > _INDEPENDENT] * np.sqrt(len(design))


def _logistic_scores(design, label):
    if design.shape[1] == 1:
        return np.full(len(label), label.mean())
    regression = LogisticRegression(C=np.inf, fit_intercept=False, solver="newton-cholesky", tol=1e-10, max_iter=100)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # where the tables do not overlap, the coefficients grow without end, and the scores are 0 and 1
        regression.fit(design, label)
    return regression.predict_proba(design)[:, 1]


_LARGEST = 1e30


def _features(pair):
    """One column for each variable, missing values below all others; and which columns are labels."""
    columns = []
    for variable in pair.variables.values():
        values = variable.both.astype(float)
        if variable.is_number:
            middle = np.nanmedian(values) if not np.isnan(values).all() else 0.0
            values = values - middle
            lowest = np.nanmin(values) if not np.isnan(values).all() else 0.0
            values = np.where(np.isnan(values), 2 * lowest - 1, values)
            # Trees go by order alone, and keep numbers in half the bits: larger ones would become infinite.
            values = values * min(1.0, _LARGEST / max(np.abs(values).max(), 1.0))
        columns.append(values)
    nominal = [not one.is_number and one.kind == "categorical" for one in pair.variables.values()]
    return np.asfortranarray(np.column_stack(columns), dtype=np.float32), nominal


def _tree_scores(features, label, seed):
    """The scores of a classification tree; labels without an order are put in that of their share of synthetic records."""
    numbers, nominal = features
    numbers = numbers.copy(order="F")
    for place in np.flatnonzero(nominal):
        codes = (numbers[:, place] + 1).astype(np.intp)
        count = np.bincount(codes)
        share = np.bincount(codes, label) / np.maximum(count, 1)
        numbers[:, place] = np.argsort(np.argsort(share, kind="stable"), kind="stable")[codes]
    impurity = 2 * label.mean() * (1 - label.mean())
    tree = DecisionTreeClassifier(
        min_samples_leaf=CART_MIN_LEAF,
        min_impurity_decrease=CART_WORTH / len(label) * impurity,
        random_state=int(seed),
    )
    tree.fit(numbers, label, check_input=False)
    return tree.tree_.value[tree.tree_.apply(numbers), 0, 1]


def _permuted(features, label, share, permutations, rng, n_jobs, progress):
    """pMSE of the tree where chance decides which record is called synthetic."""

    def once(child):
        return of_scores.pmse(_tree_scores(features, child.permutation(label), child.integers(2**31)), share)

    work = joblib.Parallel(n_jobs, prefer="threads", return_as="generator")
    hidden = not (len(label) * permutations >= _LONG_WORK if progress is None else progress)
    found = work(joblib.delayed(once)(child) for child in rng.spawn(permutations))
    return list(tqdm(found, "permuting", permutations, disable=hidden, leave=False))


def _boosting_scores(pair, label, seed):
    """Scores of gradient boosting, each from a model that has not seen the record."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    features, nominal = _features(pair)
    fewest = min(pair.n_observed, pair.n_synthetic)
    if fewest < 2:
        raise ValueError(
            "Boosting needs at least two records of each table, to keep some for judging: choose another method."
        )
    few = [flag and features[:, place].max() < 250 for place, flag in enumerate(nominal)]
    model = HistGradientBoostingClassifier(
        categorical_features=few, random_state=seed, max_iter=60, early_stopping=False
    )
    parts = StratifiedKFold(min(5, fewest), shuffle=True, random_state=seed)
    features = np.where(few, features + 1, features)
    return cross_val_predict(model, features, label, cv=parts, method="predict_proba")[:, 1]
