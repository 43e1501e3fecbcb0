"""Reading csv files: ours, which recognises every column and refuses what is not sound, beside pandas' own reader and Python's csv module.

python benchmarks/reading.py    a table of 200,000 records and 15 columns; seconds of one core, and the most memory, each in a process of its own
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from workshop.data import read_table
from workshop.delimited import _careful, _recognised, named_table

WAYS = ("nothing but the imports", "pandas.read_csv", "read_table", "read_table, line by line")


def write(path, n=200_000):
    """Numbers, whole numbers, labels with commas, a key and a day."""
    rng = np.random.default_rng(1)
    table = pd.DataFrame({f"x{i}": rng.normal(size=n) for i in range(5)})
    table = table.assign(**{f"n{i}": rng.integers(0, 100, n) for i in range(4)})
    table = table.assign(**{f"label{i}": rng.choice(["aa", "b, c", "d"], n) for i in range(4)})
    table["key"] = np.arange(n) + 1000
    table["day"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 2000, n), "D")
    table.to_csv(path, index=False)


def read(way, path):
    if way == "pandas.read_csv":
        pd.read_csv(path)
    elif way == "read_table":
        read_table(path)
    elif way == "read_table, line by line":
        names, columns = _careful(path.read_bytes(), ",", path.name)
        named_table(names, _recognised(columns, ","))


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write(path)
        print(f"{path.stat().st_size / 1e6:.0f} million bytes, 200,000 records, 15 columns")
        found = {}
        for way in WAYS:
            runs = [
                subprocess.run(
                    [sys.executable, __file__, way, path], capture_output=True, text=True, check=True
                ).stdout.split()
                for _ in range(3)
            ]
            found[way] = min(float(run[0]) for run in runs), min(float(run[1]) for run in runs)
            seconds, memory = found[way]
            print(f"  {way:<26} {seconds:5.2f} s, {memory:5.0f} million bytes at the peak")
        quick, slow, bare = (found[way][0] for way in ("read_table", "read_table, line by line", "pandas.read_csv"))
        print(
            f"  ours is {slow / quick:.1f} times as quick as line by line, and takes {quick / bare:.1f} times as long as pandas"
        )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        start = time.process_time()
        read(sys.argv[1], Path(sys.argv[2]))
        print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
    else:
        main()
