"""CART synthesis: time beside the floor (bare scikit-learn fits of the same trees), growth with the records, and utility.

python benchmarks/sequential.py            1,000 to 1,000,000 records on one core, and utility on three tables of statsmodels
python benchmarks/sequential.py --million  a million records on two cores, with the peak memory

R synthpop 1.9-2 took 2.9 s at 10,000 and 99.8 s at 100,000 records of ten mixed columns on such a machine.
"""

import importlib.util
import resource
import sys
import time
import warnings
from pathlib import Path

import pandas as pd

from workshop.measures.tables import table_utilities
from workshop.models import trees
from workshop.models.sequential import Sequential

ROOT = Path(__file__).resolve().parents[1]
warnings.simplefilter("ignore")


def _module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GIFTS = _module(ROOT / "data" / "make_gifts.py")


def mixed(n):
    """Ten mixed columns of the gifts process: whole, decimal, date, two nominal, one ordered, missing values, a heap at zero."""
    table = GIFTS.make(n).drop(columns=["respondent", "first_name", "postcode", "answered_at", "remark"])
    return table.assign(education=pd.Categorical(table["education"], GIFTS.EDUCATION, ordered=True))


class Floor:
    """Adds up what scikit-learn alone takes to grow the trees."""

    def __enter__(self):
        self.seconds, self.kept = 0.0, {}
        for kind in (trees.DecisionTreeRegressor, trees.DecisionTreeClassifier):
            self.kept[kind] = kind.fit
            kind.fit = self._timed(kind.fit)
        return self

    def _timed(self, fit):
        def timed(*given, **settings):
            start = time.perf_counter()
            grown = fit(*given, **settings)
            self.seconds += time.perf_counter() - start
            return grown

        return timed

    def __exit__(self, *error):
        for kind, fit in self.kept.items():
            kind.fit = fit


def seconds(work):
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def times():
    Sequential().fit(mixed(200)).sample()
    print("  records      fit   sample   floor   (fit + sample) / floor")
    before = None
    for n in (1_000, 10_000, 100_000, 1_000_000):
        table = mixed(n)
        with Floor() as floor:
            model, fit = seconds(lambda table=table: Sequential(progress=False).fit(table))
        _, sample = seconds(lambda model=model: model.sample(rng=1))
        total = fit + sample
        growth = "" if before is None else f"   {total / before:.1f} times the line above"
        print(f"{n:>9,}  {fit:6.3f}  {sample:7.3f}  {floor.seconds:6.3f}   {total / floor.seconds:.2f}{growth}")
        before = total


def utility():
    from statsmodels import datasets

    print("mean two-way S_pMSE over 5 syntheses (1 is what chance alone brings)")
    for name in ("fair", "anes96", "randhie"):
        table = getattr(datasets, name).load_pandas().data
        model = Sequential().fit(table)
        found = [table_utilities(table, made)["S_pMSE"].mean() for made in model.sample_many(5, rng=1)]
        print(f"  {name:8} {sum(found) / len(found):.2f}   {table.shape[0]:,} records x {table.shape[1]} columns")


def million():
    table = mixed(1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    model, fit = seconds(lambda: Sequential(n_jobs=2, progress=False).fit(table))
    _, sample = seconds(lambda: model.sample(rng=1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"a million records, two cores: fit {fit:.1f} s, sample {sample:.1f} s, peak {peak:.2f} GB (the table alone {before:.2f} GB)"
    )


if __name__ == "__main__":
    if "--million" in sys.argv:
        million()
    else:
        times()
        utility()
