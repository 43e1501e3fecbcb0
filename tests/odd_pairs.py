"""Odd pairs of tables, observed and synthetic, and what must become of each with every measure.

WORKS: every measure gives a result. REFUSED: every measure that looks at both tables says in a sentence why not. EITHER: the one or the other, as
the measure needs; what it may never be is another error, a warning, or a changed table.
"""

import numpy as np
import pandas as pd
from odd_tables import WORKS

REFUSED, EITHER = "refused", "either"
N = 30


def people(seed=1, **others):
    """People with a number, a whole number, a label, a yes or no, and a day; `others` replaces columns."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "plain": rng.normal(size=N),
            "odd": rng.integers(0, 5, N),
            "label": pd.Categorical(rng.choice(list("abc"), N)),
            "yes": rng.random(N) < 0.5,
            "day": pd.Timestamp("2025-06-01") + pd.to_timedelta(rng.integers(0, 5, N), unit="D"),
        }
    )
    return table.assign(**others)


def made(**others):
    """The synthetic table beside `people()`."""
    return people(2, **others)


def missing(table):
    return pd.DataFrame({name: pd.Series([None] * len(table), dtype=object) for name in table})


def both(change):
    return change(people()), change(made())


COLUMN = people()
DAYS, HALF = COLUMN["day"], N // 2
CONSTANT = {"plain": 1.0, "odd": 3, "label": pd.Categorical(["a"] * N), "yes": True, "day": DAYS[0]}

#: name: (how the pair is made, what is expected)
PAIRS = {
    "alike": (lambda: (people(), made()), WORKS),
    "the same table twice": (lambda: (people(), people()), WORKS),
    # rows and columns
    "no synthetic record": (lambda: (people(), made().head(0)), REFUSED),
    "no observed record": (lambda: (people().head(0), made()), REFUSED),
    "one synthetic record": (lambda: (people(), made().head(1)), EITHER),
    "one observed record": (lambda: (people().head(1), made()), EITHER),
    "one record each": (lambda: (people().head(1), made().head(1)), EITHER),
    "two records each": (lambda: (people().head(2), made().head(2)), EITHER),
    "sizes far apart": (lambda: (people().head(8), pd.concat([made()] * 40, ignore_index=True)), EITHER),
    "another order of columns": (lambda: (people(), made()[["day", "yes", "label", "odd", "plain"]]), EITHER),
    "a column less": (lambda: (people(), made().drop(columns="odd")), EITHER),
    "a column more": (lambda: (people(), made(more=1.5)), EITHER),
    "no column in common": (lambda: (people(), made().add_prefix("x")), EITHER),
    "one column in common": (lambda: (people(), made()[["odd"]]), EITHER),
    "one column": (lambda: both(lambda table: table[["odd"]]), EITHER),
    "one column of labels": (lambda: both(lambda table: table[["label"]]), EITHER),
    "100 columns": (
        lambda: tuple(
            pd.DataFrame(np.random.default_rng(seed).normal(size=(12, 100))).add_prefix("x") for seed in (1, 2)
        ),
        EITHER,
    ),
    "collinear columns": (lambda: both(lambda table: table.assign(odd=2 * table["plain"])), EITHER),
    "a column twice": (lambda: (people(), made().rename(columns={"odd": "plain"})), REFUSED),
    "columns on two levels": (
        lambda: (people(), made().set_axis(pd.MultiIndex.from_product([list("abcde"), ["x"]]), axis=1)),
        REFUSED,
    ),
    # no tables
    "two variables": (lambda: (people()["odd"], made()["odd"]), EITHER),
    "a variable against a table": (lambda: (people()["odd"], made()), EITHER),
    "a table against None": (lambda: (people(), None), REFUSED),
    "None against a table": (lambda: (None, made()), REFUSED),
    "a table against a list": (lambda: (people(), [1, 2, 3]), REFUSED),
    "a table against an array": (lambda: (people(), np.ones((3, 2))), REFUSED),
    # indexes and names
    "another index": (lambda: (people(), made().set_axis(range(100, 100 + N))), WORKS),
    "an index with repetitions": (lambda: both(lambda table: table.set_axis([7] * N)), WORKS),
    "an index of texts": (lambda: (people().set_axis([f"p{n}" for n in range(N)]), made()), WORKS),
    "an index named as a column": (lambda: both(lambda table: table.rename_axis("odd")), WORKS),
    "names in quotes and markup": (
        lambda: both(lambda table: table.rename(columns={"odd": 'it\'s "odd"', "plain": "a\nb", "label": "<b>&$x^2$"})),
        EITHER,
    ),
    "names that mean something in Python": (
        lambda: both(lambda table: table.rename(columns={"plain": "np", "label": "self", "yes": "index"})),
        EITHER,
    ),
    "values that are markup": (
        lambda: (people(label="<script>alert(1)</script>"), made(label="$x^2$ {0} %s\n")),
        EITHER,
    ),
    # types
    "numbers against text": (lambda: (people(), made(odd="a")), EITHER),
    "text against numbers": (lambda: (people(odd="a"), made()), EITHER),
    "numbers as text": (lambda: (people(), made(odd=COLUMN["odd"].astype(str))), EITHER),
    "whole numbers against decimals": (lambda: (people(), made(odd=COLUMN["odd"] + 0.5)), WORKS),
    "whole numbers as floats": (lambda: (people(), made(odd=COLUMN["odd"].astype(float))), WORKS),
    "whole numbers as Int64": (lambda: (people(), made(odd=COLUMN["odd"].astype("Int64"))), WORKS),
    "decimals in half the bits": (lambda: (people(), made(plain=COLUMN["plain"].astype("float32"))), WORKS),
    "sparse against dense": (lambda: (people(), made(odd=pd.arrays.SparseArray(COLUMN["odd"]))), WORKS),
    "yes and no against numbers": (lambda: (people(), made(yes=COLUMN["yes"].astype(int))), EITHER),
    "numbers against yes and no": (lambda: (people(odd=COLUMN["yes"].astype(int)), made(odd=COLUMN["yes"])), EITHER),
    "yes and no against text": (lambda: (people(), made(yes="yes")), EITHER),
    "dates against text": (lambda: (people(), made(day="2025-06-01")), EITHER),
    "dates against numbers": (lambda: (people(), made(day=5)), EITHER),
    "dates against dates with a zone": (lambda: (people(), made(day=DAYS.dt.tz_localize("UTC"))), EITHER),
    "dates of two zones": (
        lambda: (people(day=DAYS.dt.tz_localize("Asia/Kolkata")), made(day=DAYS.dt.tz_localize("UTC"))),
        EITHER,
    ),
    "dates in another unit": (lambda: (people(), made(day=DAYS.astype("datetime64[s]"))), WORKS),
    "dates as Python objects": (lambda: (people(), made(day=DAYS.dt.date)), EITHER),
    "lengths of time against dates": (lambda: (people(day=DAYS - DAYS.min()), made()), EITHER),
    "lists in the synthetic table": (lambda: (people(), made(odd=[[1]] * N)), REFUSED),
    "mixed objects in the synthetic table": (lambda: (people(), made(odd=[1, "a", None] * (N // 3))), REFUSED),
    # levels
    "a category against text": (lambda: (people(), made(label=COLUMN["label"].astype(str))), WORKS),
    "text against a category": (lambda: (people(label=COLUMN["label"].astype(str)), made()), WORKS),
    "text of two types": (
        lambda: (people(label=COLUMN["label"].astype(object)), made(label=COLUMN["label"].astype("string"))),
        WORKS,
    ),
    "no level in common": (lambda: (people(), made(label=pd.Categorical(["x"] * N))), EITHER),
    "one level more": (lambda: (people(), made(label=pd.Categorical(["a", "z"] * HALF))), EITHER),
    "levels of another type": (lambda: (people(), made(label=pd.Categorical([1, 2] * HALF))), EITHER),
    "levels in another order": (
        lambda: (people(), made(label=COLUMN["label"].cat.reorder_categories(list("cba"), ordered=True))),
        WORKS,
    ),
    "a category of numbers against numbers": (
        lambda: (people(label=pd.Categorical([1, 2] * HALF)), made(label=[1, 2] * HALF)),
        EITHER,
    ),
    "a different label for everybody": (
        lambda: (people(label=[f"l {n}" for n in range(N)]), made(label=[f"l {n}" for n in range(9, N + 9)])),
        EITHER,
    ),
    # constant and missing
    "constant observed": (lambda: (people(**CONSTANT), made()), EITHER),
    "constant synthetic": (lambda: (people(), made(**CONSTANT)), EITHER),
    "both constant": (lambda: (people(**CONSTANT), made(**CONSTANT)), EITHER),
    "a number all missing in the synthetic table": (lambda: (people(), made(odd=np.nan)), EITHER),
    "a number all missing in the observed table": (lambda: (people(odd=np.nan), made()), EITHER),
    "a number all missing in both": (lambda: (people(odd=np.nan), made(odd=np.nan)), EITHER),
    "labels all missing in the synthetic table": (
        lambda: (people(), made(label=pd.Categorical([None] * N, list("abc")))),
        EITHER,
    ),
    "labels all missing in the observed table": (lambda: (people(label=None), made()), EITHER),
    "all missing in the synthetic table": (lambda: (people(), missing(made())), EITHER),
    "all missing in the observed table": (lambda: (missing(people()), made()), EITHER),
    "all missing in both": (lambda: (missing(people()), missing(made())), EITHER),
    "half missing": (lambda: (people(), made(plain=COLUMN["plain"].where(COLUMN["yes"]))), WORKS),
    "one value among missing ones": (
        lambda: (people(plain=[1.5] + [np.nan] * (N - 1)), made(plain=[np.nan] * (N - 1) + [2.5])),
        EITHER,
    ),
    # numbers
    "infinities in the synthetic table": (lambda: (people(), made(plain=np.inf)), REFUSED),
    "infinities in the observed table": (lambda: (people(plain=-np.inf), made()), REFUSED),
    "huge against tiny": (
        lambda: (people(plain=1e140 * COLUMN["plain"]), made(plain=1e-140 * COLUMN["plain"])),
        EITHER,
    ),
    "equal but for rounding": (lambda: (people(plain=0.1 + 0.2), made(plain=0.3)), EITHER),
    "zeros of both signs": (lambda: (people(plain=0.0), made(plain=-0.0)), EITHER),
    "whole numbers to the edges": (lambda: (people(odd=[-(2**63), 2**63 - 1] * HALF), made(odd=0)), EITHER),
    "uint64 against int64": (
        lambda: (people(odd=np.array([2**64 - 1, 0] * HALF, dtype="uint64")), made(odd=-1)),
        EITHER,
    ),
}
