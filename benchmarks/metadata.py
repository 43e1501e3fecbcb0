"""Metadata synthesis beside metasyn 3.0: how often the right family, how near the truth, how fast.

python benchmarks/metadata.py            right families, text, and speed at 10,000 records (some minutes)
python benchmarks/metadata.py --large    speed at 100,000 records (metasyn takes minutes)
python benchmarks/metadata.py --million  ours alone at a million records, with its peak memory
"""

import contextlib
import io
import re
import resource
import sys
import time
import warnings

import metasyn
import numpy as np
import pandas as pd
from scipy import stats

from workshop.models.families import Values
from workshop.models.metadata import Metadata
from workshop.models.selection import rank

warnings.simplefilter("ignore")
BELL = stats.truncnorm(-0.5, 2, 5, 4)
AGES = stats.truncnorm((18 - 40) / 20, (90 - 40) / 20, 40, 20)
CONTINUOUS = {
    "uniform": stats.uniform(-3, 10), "normal": stats.norm(50, 10), "truncated_normal": BELL,
    "lognormal": stats.lognorm(0.8, scale=np.e), "exponential": stats.expon(scale=2),
}  # fmt: skip
WHOLE = {
    "uniform": stats.randint(1, 7), "uniform (0 to 99)": stats.randint(0, 100), "poisson": stats.poisson(3),
    "poisson (40)": stats.poisson(40), "normal (rounded)": stats.norm(100, 15), "truncated_normal (rounded)": AGES,
    "multinoulli (0 or 1)": stats.bernoulli(0.2),
    "multinoulli (five points)": stats.rv_discrete(values=([1, 2, 3, 4, 5], [0.1, 0.2, 0.4, 0.2, 0.1])),
}  # fmt: skip


class TwoHumps:
    @staticmethod
    def rvs(size, random_state):
        return np.where(
            random_state.random(size) < 0.4, random_state.normal(0, 1, size), random_state.normal(5, 1.5, size)
        )


class SpikeAtZero:
    @staticmethod
    def rvs(size, random_state):
        return np.where(random_state.random(size) < 0.4, 0, random_state.lognormal(3, 0.9, size))


BEYOND = {"gamma": stats.gamma(2, scale=3), "histogram (two humps)": TwoHumps, "spike (at zero)": SpikeAtZero}


def draws(truth, n, seed, whole):
    x = truth.rvs(size=n, random_state=np.random.default_rng(seed))
    return np.rint(x) if whole else x


def gap(one, other):
    """The Kolmogorov-Smirnov distance of draws from the truth, which stands here as half a million draws."""
    return stats.ks_2samp(one, other, method="asymp").statistic


def theirs(x, whole):
    series = pd.DataFrame({"x": x.astype("int64") if whole else x})
    with contextlib.redirect_stderr(io.StringIO()):
        frame = metasyn.MetaFrame.fit_dataframe(series, progress_bar=False)
    return frame.meta_vars[0].distribution


def right_families(times):
    print("right family and distance: ours / metasyn's")
    for kind, truths, whole in (("continuous", CONTINUOUS, False), ("whole", WHOLE, True), ("beyond", BEYOND, False)):
        averages = {}
        for name, truth in truths.items():
            line, many = [], np.sort(draws(truth, 500_000, 999, whole))
            for n in (100, 1000, 10_000):
                hits, distances = np.zeros(2), np.zeros(2)
                for seed in range(times):
                    x = draws(truth, n, seed, whole)
                    ours = rank(Values(x, whole), "discrete" if whole else "continuous")[0].family
                    peer = theirs(x, whole)
                    names = ours.name, peer.name.split(".")[-1] if hasattr(peer, "name") else ""
                    hits += [one == name.split(" (")[0] for one in names]
                    if n == 10_000 and seed < 5:
                        mine = ours.sample(20_000, np.random.default_rng(seed), whole)
                        np.random.seed(seed)  # noqa: NPY002
                        other = np.array([peer.draw() for _ in range(20_000)], dtype=float)
                        distances += np.array([gap(mine, many), gap(other, many)]) / 5
                averages.setdefault(n, []).append(hits / times)
                line.append(f"{n}: {hits[0] / times:.0%} / {hits[1] / times:.0%}")
            print(f"  {kind} {name}: {'; '.join(line)}; distance {distances[0]:.4f} / {distances[1]:.4f}", flush=True)
        for n, rows in averages.items():
            ours, peer = np.mean(rows, axis=0)
            print(f"  {kind} average at {n:,}: {ours:.1%} / {peer:.1%}")


def texts(n, rng):
    """Columns of text and the regular expression of a valid value."""
    first, last = np.array(["anna", "bob", "carla", "dirk", "eva", "finn"]), np.array(["smith", "jones", "visser"])
    numbers = rng.integers(10**7, 10**8, n)
    capitals = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    labels = [f"label {letter}{letter}" for letter in capitals[:20]]
    return {
        "3 labels": (rng.choice(["red", "green", "dark blue"], n), "red|green|dark blue"),
        "20 labels": (rng.choice(labels, n), "|".join(labels)),
        "dates": ((pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 999, n), unit="D")).strftime("%Y-%m-%d").to_numpy(), r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
        "e-mail": (np.array([f"{a}.{b}{c % 9000}@{d}" for a, b, c, d in zip(rng.choice(first, n), rng.choice(last, n), numbers, rng.choice(["gmail.com", "uu.nl"], n), strict=True)]), r"[a-z]+\.[a-z]+\d{1,4}@[a-z]+\.[a-z]{2,3}"),
        "codes": (np.array([f"{a}-{b % 9000 + 1000}" for a, b in zip(rng.choice(["NL", "BE"], n), numbers, strict=True)]), r"(NL|BE)-[1-9]\d{3}"),
        "postcodes": (np.array([f"{a % 9000 + 1000} {b}{c}" for a, b, c in zip(numbers, rng.choice(capitals, n), rng.choice(capitals, n), strict=True)]), r"[1-9]\d{3} [A-Z]{2}"),
        "phones": (np.array([f"+31 6 {a}" for a in numbers]), r"\+31 6 \d{8}"),
    }  # fmt: skip


def valid_texts():
    print("valid strings among 1,000: ours / metasyn's")
    columns = texts(1000, np.random.default_rng(1))
    table = pd.DataFrame({name: values for name, (values, _) in columns.items()})
    ours = Metadata().fit(table).sample(1000, rng=1)
    with contextlib.redirect_stderr(io.StringIO()):
        peer = metasyn.MetaFrame.fit_dataframe(table, progress_bar=False).synthesize(1000).to_pandas()
    for name, (_, regex) in columns.items():
        shares = [np.mean([re.fullmatch(regex, str(one)) is not None for one in frame[name]]) for frame in (ours, peer)]
        print(f"  {name}: {shares[0]:.1%} / {shares[1]:.1%}")


def mixed(n):
    """24 columns: numbers of eight shapes, keys, categories, structured and free text, dates."""
    rng = np.random.default_rng(1)
    some = texts(n, rng)
    start = pd.Timestamp("2020-01-01")
    words = np.array(list("abcdefgh"))
    return pd.DataFrame(
        {
            "normal": rng.normal(50, 10, n), "lognormal": rng.lognormal(1, 0.8, n), "uniform": rng.uniform(-3, 7, n),
            "exponential": rng.exponential(2, n), "poisson": rng.poisson(3, n), "age": np.rint(AGES.rvs(n, random_state=rng)).astype(int),
            "spike": SpikeAtZero.rvs(n, rng), "dice": rng.integers(1, 7, n),
            "id": np.arange(n), "key": [f"K{i:07d}" for i in rng.permutation(n)],
            "region": rng.choice(["north", "east", "south"], n), "level": pd.Categorical(rng.choice(["low", "high"], n)),
            "yes": rng.random(n) < 0.3, "label": some["20 labels"][0], "grade": pd.Categorical(rng.choice(list("abcde"), n)),
            "code": some["codes"][0], "postcode": some["postcodes"][0], "phone": some["phones"][0], "mail": some["e-mail"][0],
            "note": [" ".join(["said"] + list(row)) for row in rng.choice(words, (n, 6))],
            "day": start + pd.to_timedelta(rng.integers(0, 999, n), unit="D"), "moment": start + pd.to_timedelta(rng.integers(0, 10**8, n), unit="s"),
            "income": np.where(rng.random(n) < 0.1, np.nan, rng.lognormal(10, 0.5, n)), "score": np.where(rng.random(n) < 0.2, np.nan, rng.normal(0, 1, n)),
        }
    )  # fmt: skip


def seconds(job):
    started = time.perf_counter()
    done = job()
    return done, time.perf_counter() - started


def speed(n):
    table, few = mixed(n), mixed(200)
    Metadata().fit(few)  # both have everything imported before the clock starts
    with contextlib.redirect_stderr(io.StringIO()):
        metasyn.MetaFrame.fit_dataframe(few, progress_bar=False)
    model, fit = seconds(lambda: Metadata().fit(table))
    _, sample = seconds(lambda: model.sample(rng=1))
    with contextlib.redirect_stderr(io.StringIO()):
        frame, their_fit = seconds(lambda: metasyn.MetaFrame.fit_dataframe(table, progress_bar=False))
        _, their_sample = seconds(lambda: frame.synthesize(n))
    print(f"{n:,} records x {table.shape[1]} columns: ours / metasyn's")
    print(f"  fit    {fit:7.2f} s / {their_fit:7.1f} s: {their_fit / fit:.0f} times faster")
    print(f"  sample {sample:7.2f} s / {their_sample:7.1f} s: {their_sample / sample:.0f} times faster")


def million():
    table = mixed(1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    model, fit = seconds(lambda: Metadata().fit(table))
    _, sample = seconds(lambda: model.sample(rng=1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"a million records: fit {fit:.1f} s, sample {sample:.1f} s, peak {peak:.2f} GB (with the table alone {before:.2f} GB)"
    )


if __name__ == "__main__":
    if "--million" in sys.argv:
        million()
    elif "--large" in sys.argv:
        speed(100_000)
    else:
        speed(10_000)
        valid_texts()
        right_families(times=50 if "--full" in sys.argv else 10)
