"""Odd tables that nobody plans for, and what must become of each: it works, or it is refused in a sentence that helps.

What happens is stated for each case, so a change of mind has to be made here too.
"""

import datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

try:
    import pyarrow as pa
except ImportError:
    pa = None

WORKS = "works"


def refused(column, remedy, match=""):
    """Expect a refusal that names this column (None: the table as a whole) and holds the words of this remedy."""
    return column, remedy, match


def one(values, **kwargs):
    """A table with one odd variable, `odd`, beside a plain one."""
    odd = pd.Series(values, **kwargs)
    return pd.DataFrame({"plain": np.linspace(0, 1, len(odd)), "odd": odd})


def objects(*values):
    return one(list(values), dtype=object)


def arrow(values, kind):
    return one(pd.array(values, dtype=pd.ArrowDtype(kind)))


DAY = datetime.date(2025, 6, 1)
NOON = datetime.datetime(2025, 6, 1, 12)
UTC = datetime.UTC
UTC_NOON = NOON.replace(tzinfo=UTC)

#: name: (how the table is made, what is expected)
CASES = {
    # no table
    "None": (lambda: None, refused(None, "wrap it with pd.DataFrame", "NoneType")),
    "a string": (lambda: "gifts.csv", refused(None, "wrap it with pd.DataFrame", "str")),
    "a numpy array": (lambda: np.ones((3, 2)), refused(None, "wrap it with pd.DataFrame", "ndarray")),
    "a list of dicts": (lambda: [{"a": 1}, {"a": 2}], refused(None, "wrap it with pd.DataFrame", "list")),
    "a dict of lists": (lambda: {"a": [1, 2]}, refused(None, "wrap it with pd.DataFrame", "dict")),
    "a group-by": (lambda: pd.DataFrame({"a": [1, 1]}).groupby("a"), refused(None, "wrap it with pd.DataFrame")),
    # shape
    "no rows": (lambda: pd.DataFrame({"a": pd.Series([], dtype=float)}), refused(None, "at least one row")),
    "no columns": (lambda: pd.DataFrame(index=range(3)), refused(None, "at least one", "no columns")),
    "nothing at all": (lambda: pd.DataFrame(), refused(None, "at least one")),
    "a Series without rows": (lambda: pd.Series([], dtype=float, name="a"), refused(None, "at least one row")),
    "one row": (lambda: pd.DataFrame({"n": [3], "x": [1.5], "t": ["a"], "d": pd.to_datetime([NOON])}), WORKS),
    "two rows": (lambda: pd.DataFrame({"n": [3, 5], "x": [1.5, 2], "t": ["a", "b"], "b": [True, False]}), WORKS),
    "500 columns": (lambda: pd.DataFrame(np.arange(2500.0).reshape(5, 500)).add_prefix("x"), WORKS),
    "a Series": (lambda: pd.Series([1.5, 2.5, None], name="x"), WORKS),
    "a Series without a name": (lambda: pd.Series([1, 2, 3]), WORKS),
    "a Series named by a number": (lambda: pd.Series([1, 2, 3], name=7), WORKS),
    # names
    "duplicate column names": (lambda: pd.DataFrame([[1, 2]], columns=["a", "a"]), refused("a", "rename one of them")),
    "numbers as column names": (lambda: pd.DataFrame([[1, 2]]), refused("0", "df.columns.astype(str)")),
    "a missing column name": (lambda: pd.DataFrame([[1, 2]], columns=["a", None]), refused("nan|None", "rename it")),
    "a tuple as column name": (
        lambda: pd.DataFrame([[1]], columns=pd.Index([("a", 1)], tupleize_cols=False)),
        refused("a", "rename it"),
    ),
    "an empty column name": (lambda: pd.DataFrame({"": [1], "a": [2]}), refused("''", "rename it")),
    "a blank column name": (lambda: pd.DataFrame({"  ": [1]}), refused("'  '", "rename it")),
    "column names on two levels": (
        lambda: pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])),
        refused(None, "join them", "several levels"),
    ),
    "emoji as column name": (lambda: pd.DataFrame({"😀": [1.5, 2, 3], "né\nw": ["🎁", "🎄", None]}), WORKS),
    "names that models use": (
        lambda: pd.DataFrame({"n": [1, 2], "rng": [1.5, 2], "self": [0, 1], "index": [3, 4]}),
        WORKS,
    ),
    # index
    "an index on two levels": (
        lambda: pd.DataFrame({"x": [1.5, 2, 3]}, index=pd.MultiIndex.from_tuples([(1, "a"), (1, "b"), (2, "a")])),
        WORKS,
    ),
    "an index with repetitions": (
        lambda: pd.DataFrame({"x": [1.5, 2, None], "t": list("aab")}, index=[7, 7, 7]),
        WORKS,
    ),
    "an index of dates, named as a column": (
        lambda: pd.DataFrame(
            {"x": [1.5, 2.0]}, index=pd.DatetimeIndex([NOON, UTC_NOON.replace(tzinfo=None)], name="x")
        ),
        WORKS,
    ),
    # missing values
    "a column all missing": (lambda: one([np.nan] * 4), WORKS),
    "a column of nothing but None": (lambda: objects(None, None, None), WORKS),
    "a column of nothing but NaT": (lambda: one(pd.to_datetime([None, None])), WORKS),
    "a column of nothing but NA": (lambda: one(pd.array([None, None], dtype="Int64")), WORKS),
    "a category all missing": (lambda: one(pd.Categorical([None, None], ["a", "b"])), WORKS),
    "a category without levels": (lambda: one(pd.Categorical([None, None], [])), WORKS),
    "a table all missing": (
        lambda: pd.DataFrame({"a": [np.nan] * 3, "b": [None] * 3, "c": pd.to_datetime([None] * 3)}),
        WORKS,
    ),
    "three ways to be missing": (lambda: objects("a", None, np.nan, pd.NA, "b"), WORKS),
    "one value among missing ones": (lambda: one([np.nan] * 9 + [2.5]), WORKS),
    # numbers
    "infinities": (
        lambda: one([1.0, np.inf, -np.inf]),
        refused("odd", "replace([np.inf, -np.inf], np.nan)", "2 infinite"),
    ),
    "infinity in Float64": (lambda: one(pd.array([1.0, np.inf], dtype="Float64")), refused("odd", "replace([np.inf")),
    "infinity among objects": (lambda: objects(1.0, np.inf), refused("odd", "pd.to_numeric")),
    "complex numbers": (lambda: one([1j, 2 + 1j]), refused("odd", "real and its imaginary part")),
    "complex numbers as objects": (
        lambda: objects(1j, 2),
        refused("odd", "real and its imaginary part|same simple type"),
    ),
    "integers beyond 64 bits": (lambda: objects(2**63, 2**70, 5), refused("odd", "pd.to_numeric|astype(float)")),
    "integers as objects": (lambda: objects(1, 2, None), refused("odd", "pd.to_numeric")),
    "numbers as objects": (lambda: objects(1, 2.5, None), refused("odd", "pd.to_numeric")),
    "Decimal": (lambda: objects(Decimal("1.10"), Decimal("2.20")), refused("odd", "astype(float)")),
    "fractions": (lambda: objects(Fraction(1, 3), Fraction(2, 3)), refused("odd", "astype(str)", "Fraction")),
    "float16": (lambda: one(np.array([0.1, 65504, -65504, 2.5], dtype="float16")), WORKS),
    "float32": (lambda: one(np.array([0.1, 3e38, -3e38], dtype="float32")), WORKS),
    "the largest floats": (lambda: one([1.7e308, -1.7e308, 0.5]), refused("odd", "divide them")),
    "the smallest floats": (lambda: one([5e-324, 0.0, 1e-323]), WORKS),
    "floats that are neighbours": (lambda: one([0.1 + 0.2, 0.3, 0.3]), WORKS),
    "large floats that are neighbours": (lambda: one([1e15 + 0.5, 1e15 + 0.625, 1e15]), WORKS),
    "one number again and again": (lambda: one([2.5] * 5), WORKS),
    "zeros of both signs": (lambda: one([0.0, -0.0, 0.0]), WORKS),
    "uint8 to its edges": (lambda: one(np.array([0, 255, 255, 0, 128], dtype="uint8")), WORKS),
    "int8 to its edges": (lambda: one(np.array([-128, 127, 127] * 9, dtype="int8")), WORKS),
    "all of int8": (lambda: one(np.arange(-128, 128).astype("int8")), WORKS),
    "int64 to its edges": (lambda: one([-(2**63), 2**63 - 1, 0]), WORKS),
    "uint64 to its edges": (lambda: one(np.array([0, 2**64 - 1, 2**63], dtype="uint64")), WORKS),
    "identifiers of 19 digits": (lambda: one([9_007_199_254_740_993 + i for i in (0, 5, 2)]), WORKS),
    "Int64": (lambda: one(pd.array([1, None, 300], dtype="Int64")), WORKS),
    "UInt8": (lambda: one(pd.array([0, None, 255], dtype="UInt8")), WORKS),
    "Float64": (lambda: one(pd.array([1.5, None, 3.25], dtype="Float64")), WORKS),
    "Float32": (lambda: one(pd.array([1.5, None, 3.25], dtype="Float32")), WORKS),
    "sparse numbers": (lambda: one(pd.arrays.SparseArray([0.0, 0.0, 1.5, 0.0])), WORKS),
    "sparse whole numbers": (lambda: one(pd.arrays.SparseArray([0, 0, 3, 0])), WORKS),
    # yes or no
    "boolean": (lambda: one([True, False, True]), WORKS),
    "boolean with missing": (lambda: one(pd.array([True, None, False], dtype="boolean")), WORKS),
    "yes and no as objects": (lambda: objects(True, None, False), WORKS),
    "sparse boolean": (lambda: one(pd.arrays.SparseArray([True, False, False])), WORKS),
    # labels and text
    "10,000 texts": (lambda: one([f"text {i}" for i in range(10_000)]), WORKS),
    "10,000 levels": (lambda: one(pd.Categorical([f"level {i}" for i in range(10_000)])), WORKS),
    "emoji as values": (lambda: one(["😀", "👩‍👩‍👧", None, "😀"]), WORKS),
    "empty texts": (lambda: one(["", " ", "a", ""]), WORKS),
    "string dtype": (lambda: one(["a", None, "b"], dtype="string"), WORKS),
    "numpy texts": (lambda: one(list(np.array(["a", "b", "a"])), dtype=object), WORKS),
    "a text of a million letters": (lambda: one(["a" * 1_000_000, "b"]), WORKS),
    "a category of whole numbers": (lambda: one(pd.Categorical([3, 1, None, 3])), WORKS),
    "a category of numbers": (lambda: one(pd.Categorical([0.5, 1.5, 0.5])), WORKS),
    "a category of yes and no": (lambda: one(pd.Categorical([True, False, None])), WORKS),
    "a category of dates": (lambda: one(pd.Categorical(pd.to_datetime(["2025-06-01", "2025-06-02"]))), WORKS),
    "a category of intervals": (lambda: one(pd.cut(pd.Series([1, 5, 9]), 3)), WORKS),
    "a category of mixed types": (lambda: one(pd.Categorical([1, "a", None])), WORKS),
    "a category with unused levels": (lambda: one(pd.Categorical(["a", "a"], ["z", "a", "b"])), WORKS),
    "an ordered category": (
        lambda: one(pd.Categorical(["low", None, "high"], ["low", "mid", "high"], ordered=True)),
        WORKS,
    ),
    # dates and times
    "dates": (lambda: objects(DAY, None, datetime.date(1850, 1, 1)), WORKS),
    "dates of year 1 and 9999": (lambda: objects(datetime.date.min, DAY, datetime.date.max), WORKS),
    "times of day": (lambda: objects(datetime.time(0), datetime.time(23, 59, 59, 999_999), None), WORKS),
    "times with a zone": (
        lambda: objects(datetime.time(1, tzinfo=UTC), datetime.time(2, tzinfo=UTC)),
        refused("odd", "replace(tzinfo=None)", "time zone"),
    ),
    "date-times as objects": (lambda: objects(NOON, None, NOON + datetime.timedelta(1)), WORKS),
    "date-times to year 9999": (
        lambda: one(np.array(["0001-01-01", "9999-12-31T23:59:59"], dtype="datetime64[s]")),
        WORKS,
    ),
    "date-times to the nanosecond": (
        lambda: one(pd.to_datetime(["1677-09-22", "2262-04-11T01:02:03.123456789"], format="ISO8601")),
        WORKS,
    ),
    "time zones": (lambda: one(pd.date_range("2025-03-30", periods=5, freq="h", tz="Europe/Amsterdam")), WORKS),
    "a fixed offset": (lambda: one(pd.to_datetime(["2025-06-01T10:00+05:30", None])), WORKS),
    "date-times with and without a zone": (lambda: objects(NOON, UTC_NOON), refused("odd", "utc=True", "time zone")),
    "date-times with a zone as objects": (lambda: objects(UTC_NOON, None), refused("odd", "utc=True", "time zone")),
    "dates beside date-times": (lambda: objects(DAY, NOON), refused("odd", "pd.to_datetime")),
    "date-times beside dates": (lambda: objects(NOON, DAY), refused("odd", "pd.to_datetime")),
    "timedelta": (lambda: one(pd.to_timedelta(["1 days", None, "-02:03:04.5"])), WORKS),
    "timedelta to its edges": (lambda: one([pd.Timedelta.min, pd.Timedelta.max]), WORKS),
    "timedelta as objects": (lambda: objects(datetime.timedelta(1), None, datetime.timedelta(hours=3)), WORKS),
    "periods": (lambda: one(pd.period_range("2025-01", periods=3, freq="M")), refused("odd", "to_timestamp")),
    "intervals": (lambda: one(pd.interval_range(0, 3)), refused("odd", "astype(str)")),
    # other Python objects
    "lists": (lambda: objects([1, 2], [3], []), refused("odd", "astype(str)", "list")),
    "dicts": (lambda: objects({"a": 1}, {"b": 2}), refused("odd", "astype(str)", "dict")),
    "sets": (lambda: objects({1, 2}, set()), refused("odd", "astype(str)", "set")),
    "tuples": (lambda: objects((1, 2), (3, 4)), refused("odd", "astype(str)", "tuple")),
    "arrays": (lambda: objects(np.arange(2), np.arange(3)), refused("odd", "astype(str)", "ndarray")),
    "a table in a table": (lambda: objects(pd.DataFrame({"a": [1]}), None), refused("odd", "astype(str)", "DataFrame")),
    "numbers and text": (lambda: objects(1, "two", 3.0), refused("odd", "astype(str)", "float, int, str")),
    "text and yes or no": (lambda: objects("a", True), refused("odd", "astype(str)", "bool, str")),
    "bytes": (lambda: objects(b"a", b"b"), refused("odd", "str.decode")),
    "plain objects": (lambda: objects(object, len), refused("odd", "astype(str)")),
}
if pa:
    CASES |= {
        "Arrow whole numbers": (lambda: arrow([1, None, 300], pa.int64()), WORKS),
        "Arrow uint8": (lambda: arrow([0, None, 255], pa.uint8()), WORKS),
        "Arrow numbers": (lambda: arrow([1.5, None, 3.25], pa.float64()), WORKS),
        "Arrow infinity": (lambda: arrow([1.5, float("inf")], pa.float64()), refused("odd", "replace([np.inf")),
        "Arrow yes and no": (lambda: arrow([True, None, False], pa.bool_()), WORKS),
        "Arrow texts": (lambda: arrow(["a", None, "b"], pa.string()), WORKS),
        "Arrow large texts": (lambda: arrow(["a", None, "b"], pa.large_string()), WORKS),
        "Arrow timestamps": (lambda: arrow([NOON, None, NOON + datetime.timedelta(1)], pa.timestamp("us")), WORKS),
        "Arrow timestamps with a zone": (lambda: arrow([UTC_NOON, None], pa.timestamp("s", "Europe/Paris")), WORKS),
        "Arrow days": (lambda: arrow([DAY, None, datetime.date(9999, 12, 31)], pa.date32()), WORKS),
        "Arrow durations": (lambda: arrow([datetime.timedelta(1), None], pa.duration("s")), WORKS),
        "Arrow nulls": (lambda: arrow([None, None], pa.null()), WORKS),
        "Arrow decimals": (
            lambda: arrow([Decimal("1.10"), None], pa.decimal128(9, 2)),
            refused("odd", "astype(float)"),
        ),
        "Arrow lists": (lambda: arrow([[1, 2], None], pa.list_(pa.int64())), refused("odd", "astype(str)")),
        "Arrow structs": (lambda: arrow([{"a": 1}], pa.struct([("a", pa.int64())])), refused("odd", "astype(str)")),
        "Arrow bytes": (lambda: arrow([b"a", b"b"], pa.binary()), refused("odd", "decode|astype(str)")),
        "Arrow times": (
            lambda: arrow([datetime.time(1), None], pa.time64("us")),
            refused("odd", "astype(object)|astype(str)"),
        ),
        "Arrow categories": (
            lambda: one(
                pd.Series(
                    pa.array(["a", "b"]).dictionary_encode(),
                    dtype=pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())),
                )
            ),
            refused("odd", "astype('category')|astype(str)"),
        ),
    }
