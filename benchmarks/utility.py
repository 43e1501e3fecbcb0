"""Utility measures: all tables of 20 columns at 100,000 records, and S_pMSE of a tree with 50 permutations, each beside a floor.

python benchmarks/utility.py
"""

import time
import warnings
from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from workshop.measures import propensity as of_propensity
from workshop.measures.density_ratio import density_ratio
from workshop.measures.pair import Pair
from workshop.measures.propensity import propensity
from workshop.measures.tables import grouped, table_utilities

warnings.simplefilter("ignore")


def mixed(n, columns, seed):
    """Numbers, whole numbers and labels in turn, all of them a little related."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=n)
    kinds = (
        lambda x: x.round(3),
        lambda x: np.where(rng.random(n) < 0.05, np.nan, np.exp(x).round(2)),
        lambda x: np.digitize(x, [-1, 0, 1.2]),
        lambda x: np.array([*"abcdefgh"])[np.digitize(x, np.linspace(-1.5, 1.5, 7))],
    )
    return pd.DataFrame({f"x{i}": kinds[i % 4](common * 0.5 + rng.normal(size=n)) for i in range(columns)})


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def tables():
    observed, synthetic = mixed(100_000, 20, 1), mixed(100_000, 20, 2)
    ours = seconds(lambda: (table_utilities(observed, synthetic, way=1), table_utilities(observed, synthetic, way=2)))
    pair = Pair.of(observed, synthetic)
    cut = pd.DataFrame({name: grouped(variable)[0] for name, variable in pair.variables.items()})
    halves = cut.iloc[: len(observed)], cut.iloc[len(observed) :]
    floor = seconds(
        lambda: [pd.crosstab(half[one], half[other]) for half in halves for one, other in combinations(cut, 2)]
    )
    print(f"20 columns x 100,000 records, all 20 + 190 tables, every statistic: {ours:.2f} s")
    print(f"  pandas crosstabs of the same groups, counting alone: {floor:.2f} s ({floor / ours:.1f} times ours)")


def trees():
    observed, synthetic = mixed(5_000, 10, 1), mixed(5_000, 10, 2)
    ours = seconds(lambda: propensity(observed, synthetic, "cart", permutations=50, n_jobs=2, progress=False))
    pair = Pair.of(observed, synthetic)
    features, label = of_propensity._features(pair)[0], pair.is_synthetic
    rng = np.random.default_rng(1)

    def bare():
        tree = DecisionTreeClassifier(
            min_samples_leaf=5, min_impurity_decrease=of_propensity.CART_WORTH / len(label) / 2
        )
        tree.fit(features, rng.permutation(label))

    floor = seconds(lambda: [bare() for _ in range(51)])
    print(f"S_pMSE of a tree, 50 permutations, 5,000 + 5,000 records x 10 columns, two cores: {ours:.2f} s")
    print(f"  51 bare scikit-learn fits on one core: {floor:.2f} s ({ours / floor:.2f} of it)")
    for method in ("logistic", "logistic with pairs", "boosting"):
        took = seconds(lambda method=method: propensity(observed, synthetic, method))
        print(f"  {method}: {took:.2f} s")
    print(f"  density ratio: {seconds(lambda: density_ratio(observed, synthetic)):.2f} s")


if __name__ == "__main__":
    tables()
    trees()
