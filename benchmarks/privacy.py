"""Attacks and distances: time, beside scipy's tree for the nearest neighbours.

python benchmarks/privacy.py
"""

import importlib.util
import resource
import time
from pathlib import Path

import pandas as pd
from scipy.spatial import cKDTree

from workshop.measures.attacks import inference, linkability, membership, singling_out
from workshop.measures.disclosure import disclosures, replicated_uniques
from workshop.measures.distances import closest_records
from workshop.measures.space import Space

PATH = Path(__file__).resolve().parents[1] / "data" / "make_gifts.py"


def gifts(n):
    """The gifts process, without keys and words."""
    spec = importlib.util.spec_from_file_location("make_gifts", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = module.make(n).drop(columns=["respondent", "first_name", "remark"])
    return table.assign(education=pd.Categorical(table["education"], module.EDUCATION, ordered=True))


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    people, made, others = gifts(5_000), gifts(5_001).head(5_000), gifts(5_002).head(5_000)
    keys = ["age", "region", "household_size", "education"]
    print("5,000 records x 12 columns, 500 attacks, one core:")
    for name, attack in {
        "singling out": lambda: singling_out(people, made, others),
        "linkability": lambda: linkability(people, made, others, ["age", "income"], ["greenness", "gift_spending"]),
        "inference": lambda: inference(people, made, others, keys, "income"),
        "membership by distance": lambda: membership(people, made, others),
        "membership by density ratio": lambda: membership(people, made, others, method="density ratio"),
        "replicated uniques": lambda: replicated_uniques(people, made, keys),
        "disclosure of all targets": lambda: disclosures(people, made, keys, groups={"income": 5}),
    }.items():
        print(f"  {name:28} {seconds(attack):.2f} s")

    people, made = gifts(20_000), gifts(20_001).head(20_000)
    ours = seconds(lambda: closest_records(people, made))
    space = Space(people)
    points, others = space.points(people), space.points(made)
    peer = seconds(lambda: cKDTree(points).query(others, 2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"20,000 x 20,000 records, {points.shape[1]} dimensions, nearest people twice over: {ours:.1f} s, peak {peak:.2f} GB"
    )
    print(f"  scipy's tree, once over: {peer:.1f} s ({2 * peer / ours:.1f} times as long for twice)")


if __name__ == "__main__":
    main()
