"""A model from the dict that a GMF file holds, metasyn's or ours.

Reading trusts nothing: every field is checked before it is used, nothing is executed, and whatever is wrong is said in one
sentence. What stands under the key "workshop" is ours, and goes before what metasyn would read.
"""

import math
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from workshop.models import counts, families, mixtures, patterns, texts
from workshop.models.gmf_writing import MICROSECONDS, TIME_KINDS
from workshop.models.metadata import Metadata
from workshop.models.variable import Missing, Variable
from workshop.table import KINDS

_READABLE = ("1.0", "1.1", "2.0", "2.1")
MOST_VARIABLES, MOST_RECORDS = 100_000, 10**12
MOST_BYTES, MOST_VARIABLES, MOST_RECORDS = 100_000_000, 100_000, 10**12
_OWN = {
    family.name: family
    for family in (
        families.Constant, families.Uniform, families.Normal, families.TruncatedNormal, families.Lognormal,
        families.Exponential, families.Gamma, families.Beta, mixtures.Spike, mixtures.TwoNormals, mixtures.Histogram,
        counts.Poisson, counts.NegativeBinomial, counts.ZeroInflatedPoisson, counts.Multinoulli, counts.UniqueKey,
        texts.Pattern, texts.TextDate, texts.FreeText, texts.Faker, Missing,
    )
}  # fmt: skip
_POSITIVE = ("sd", "sd_2", "rate", "shape", "a", "b", "scale", "size", "avg_words")
_SHARES = ("share",)


class RecipeError(ValueError):
    """The file is no recipe that can be used; the message says where and why."""


def from_gmf(recipe):
    """A model from the dict that a GMF file holds; raises RecipeError like `load`."""
    if not isinstance(recipe, dict):
        raise RecipeError("The file holds no recipe: it should begin with { and name its gmf_version.")
    version = recipe.get("gmf_version", "1.1")
    if version not in _READABLE:
        raise RecipeError(f"The recipe is of version {version!r}; this program reads {', '.join(_READABLE)}.")
    table = recipe
    if "tables" in recipe:
        tables = _field(recipe, "tables", list, "The recipe")
        if len(tables) != 1:
            raise RecipeError(f"The recipe describes {len(tables)} tables; this program reads files of one table.")
        table = tables[0]
    if not isinstance(table, dict):
        raise RecipeError("The recipe's table is not an object in braces.")
    n = _number(_field(table, "n_rows", int | float, "The table"), "The table", "n_rows", least=0, most=MOST_RECORDS)
    written = _field(table, "vars", list, "The table")
    if not 0 < len(written) <= MOST_VARIABLES:
        raise RecipeError(f"The recipe has {len(written):,} variables; it needs between 1 and {MOST_VARIABLES:,}.")
    model = Metadata()
    own = table.get("workshop")
    privacy = own.get("privacy") if isinstance(own, dict) else None
    if isinstance(privacy, int) and not isinstance(privacy, bool) and privacy >= 3:
        model.privacy = privacy
    variables = [_read_variable(one, number) for number, one in enumerate(written, start=1)]
    names = [variable.name for variable in variables]
    repeated = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if repeated:
        raise RecipeError(f"The variable '{repeated}' is described twice: rename one.")
    model.variables_ = {variable.name: variable for variable in variables}
    model.remarks_ = []
    model._series, model._name, model.n_records_ = False, None, int(n)
    return model


def _field(where, name, types, whose):
    if name not in where:
        raise RecipeError(f"{whose} has no '{name}'.")
    value = where[name]
    if not isinstance(value, types) or isinstance(value, bool):
        raise RecipeError(f"{whose} has a '{name}' of the wrong type: {str(value)[:40]!r}.")
    return value


def _number(value, whose, name, least=-math.inf, most=math.inf, above=None):
    fine = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    if not fine or not least <= value <= most or above is not None and not value > above:
        wanted = (
            "a number above 0"
            if above == 0
            else "a number between 0 and 1"
            if (least, most) == (0, 1)
            else "a plain number"
        )
        raise RecipeError(f"{whose} has {name} = {str(value)[:40]}: it must be {wanted}.")
    return float(value)


def _read_variable(written, number):
    if not isinstance(written, dict):
        raise RecipeError(f"Variable {number} is not an object in braces.")
    name = _field(written, "name", str, f"Variable {number}")
    whose = f"'{name}'"
    if not name.strip():
        raise RecipeError(f"Variable {number} has an empty name.")
    missing = _number(_field(written, "prop_missing", int | float, whose), whose, "prop_missing", 0, 1)
    kind = _field(written, "type", str, whose)
    if kind not in ("continuous", "discrete", "categorical", "string", "date", "datetime", "time", "duration"):
        raise RecipeError(f"{whose} has the type '{kind[:40]}', which this format does not have.")
    description = written.get("description", "")
    description = description if isinstance(description, str) else ""
    own = written.get("workshop")
    try:
        if isinstance(own, dict):
            return _read_own(name, missing, own, description)
        distribution = _field(written, "distribution", dict, whose)
        dtype = written.get("dtype", "unknown")
        return _read_core(
            name, kind, dtype if isinstance(dtype, str) else "unknown", missing, distribution, description
        )
    except RecipeError:
        raise
    except (ValueError, OverflowError, TypeError, KeyError) as error:
        raise RecipeError(f"{whose}: {error}.") from None


def _read_own(name, missing, own, description):
    whose = f"'{name}'"
    kind = own.get("kind")
    if kind not in KINDS:
        raise RecipeError(f"{whose} has the kind {str(kind)[:40]!r}, which there is not.")
    family = _read_family(own.get("family"), whose)
    step = own.get("step", 1)
    if step not in MICROSECONDS.values():
        raise RecipeError(
            f"{whose} has the step {str(step)[:40]}: it must be that of a day, an hour, … in microseconds."
        )
    decimals = own.get("decimals")
    if decimals is not None and (
        isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 12
    ):
        raise RecipeError(f"{whose} has {str(decimals)[:40]} decimals: it must be a whole number from 0 to 12.")
    variable = Variable(name, kind, _read_dtype(own.get("dtype"), whose), missing, family, step, decimals, description)
    variable.sample(3, np.random.default_rng(0))  # whatever does not go together is found now, not later
    return variable


def _read_dtype(written, whose):
    if isinstance(written, dict):
        categories = written.get("categories")
        if (
            not isinstance(categories, list)
            or not categories
            or not all(isinstance(x, str | int | float) for x in categories)
        ):
            raise RecipeError(f"{whose} has categories that are no list of labels.")
        return pd.CategoricalDtype(categories, ordered=written.get("ordered") is True)
    known = (
        "int",
        "uint",
        "Int",
        "UInt",
        "float",
        "Float",
        "bool",
        "boolean",
        "object",
        "str",
        "string",
        "datetime64",
        "timedelta64",
        "large_string",
    )
    if not isinstance(written, str) or len(written) > 60 or not written.startswith(known):
        raise RecipeError(f"{whose} has the dtype {str(written)[:40]!r}, which this program does not know.")
    try:
        return pd.api.types.pandas_dtype(written)
    except TypeError:
        raise RecipeError(f"{whose} has the dtype {written[:40]!r}, which this program does not know.") from None


def _read_family(written, whose):
    if not isinstance(written, dict) or not isinstance(written.get("parameters"), dict):
        raise RecipeError(f"{whose} has no family with parameters.")
    family = _OWN.get(written.get("name")) if isinstance(written.get("name"), str) else None
    if family is None:
        raise RecipeError(f"{whose} has the family {str(written.get('name'))[:40]!r}, which there is not.")
    given = dict(written["parameters"])
    if family is texts.Pattern:
        return texts.Pattern(patterns.parse(given.get("regex"), given.get("counts")), given.get("unique") is True)
    expected = list(family.__dataclass_fields__)
    unknown = set(given) - set(expected)
    lacking = set(expected) - set(given) - {"scale", "consecutive", "unique", "locale"}
    if unknown or lacking:
        word = f"an unknown parameter '{sorted(unknown)[0][:40]}'" if unknown else f"no '{sorted(lacking)[0]}'"
        raise RecipeError(f"{whose} has a family {family.name} with {word}.")
    return _built(family, {name: _parameter(family, name, value, whose) for name, value in given.items()}, whose)


def _parameter(family, name, value, whose):
    if name == "rest":
        return _read_family(value, whose)
    if name == "value" and not isinstance(value, int | float):
        return value if isinstance(value, str) else _number(value, whose, name)
    if name == "labels":
        return _labels(value, whose)
    if name in ("probs", "shares", "edges"):
        return _numbers(value, whose, name)
    if name in ("consecutive", "unique"):
        return value is True
    if name in ("format", "locale", "faker_type") or family is texts.TextDate:
        return _field({name: value}, name, str, whose)
    if name == "avg_sentences" and value is None:
        return None
    if name == "lower" and family is counts.UniqueKey:
        return int(_number(value, whose, name, -(2**60), 2**60))
    if name == "value" and isinstance(value, bool):
        return value
    bounds = {"least": 0, "most": 1} if name in _SHARES else {}
    return _number(value, whose, name, above=0 if name in _POSITIVE else None, **bounds)


def _labels(value, whose):
    fine = isinstance(value, list) and value and all(isinstance(label, str | int | float | bool) for label in value)
    if not fine or len({(type(label), label) for label in value}) < len(value):
        raise RecipeError(f"{whose} has labels that are no list of different words or numbers.")
    return tuple(value)


def _numbers(value, whose, name):
    if not isinstance(value, list) or not value:
        raise RecipeError(f"{whose} has {name} that are no list of numbers.")
    if name == "edges":
        return tuple(_number(one, whose, name) for one in value)
    return tuple(_number(one, whose, f"one of its {name}", 0, 1) for one in value)


def _built(family, given, whose):
    """The family, if its parameters go together."""
    if "probs" in given or "shares" in given:
        shares = np.array(given.get("probs", given.get("shares")))
        other = given["labels"] if "probs" in given else given["edges"]
        if len(other) != len(shares) + ("edges" in given):
            raise RecipeError(
                f"{whose} has {len(shares)} shares for {len(other)} {'labels' if 'probs' in given else 'edges'}."
            )
        if abs(shares.sum() - 1) > 0.01:
            raise RecipeError(f"{whose} has shares that add up to {shares.sum():.3g} instead of 1.")
    if "edges" in given and not (np.diff(given["edges"]) > 0).all():
        raise RecipeError(f"{whose} has edges that do not increase.")
    if family in (families.Uniform, families.TruncatedNormal, texts.TextDate) and not given["lower"] <= given["upper"]:
        raise RecipeError(f"{whose} has a lower bound above its upper one.")
    if family is texts.TextDate:
        for end in ("lower", "upper"):
            datetime.fromisoformat(given[end])
        if given["format"] not in texts._FORMATS:
            raise RecipeError(
                f"{whose} has the date format {given['format'][:40]!r}, which this program does not write."
            )
    if family is texts.FreeText and not (given["avg_words"] <= 500 and (given["avg_sentences"] or 0) <= 500):
        raise RecipeError(f"{whose} asks for texts of more than 500 words.")
    if (
        given.get("rate", 0) > 1e15
        and family in (counts.Poisson, counts.ZeroInflatedPoisson)
        or given.get("mean", 0) > 1e15
        and family is counts.NegativeBinomial
    ):
        raise RecipeError(f"{whose} has counts beyond 1e15.")
    return family(**given)


_METASYN = {
    "uniform": families.Uniform, "normal": families.Normal, "truncated_normal": families.TruncatedNormal,
    "lognormal": families.Lognormal, "exponential": families.Exponential, "constant": families.Constant,
    "poisson": counts.Poisson, "multinoulli": counts.Multinoulli, "unique_key": counts.UniqueKey,
    "regex": texts.Pattern, "freetext": texts.FreeText, "faker": texts.Faker, "na": Missing,
}  # fmt: skip


def _read_core(name, kind, dtype, missing, distribution, description):
    """A variable as metasyn wrote it."""
    whose = f"'{name}'"
    full = _field(distribution, "name", str, whose)
    short = full.rpartition(".")[2]
    if "operands" in distribution or full == "ColumnReference":
        raise RecipeError(
            f"{whose} is computed from other variables, which this program does not do yet: leave it out."
        )
    if short not in _METASYN:
        raise RecipeError(f"{whose} has the distribution '{full[:40]}', which this program does not know.")
    given = _field(distribution, "parameters", dict, whose)
    kind_of_ours, pandas_dtype, step = _our_type(kind, dtype, short, given, missing, whose)
    if short == "regex":
        family = _read_regex(
            given, distribution.get("unique") is True or "Unique" in str(distribution.get("class_name"))
        )
    elif short == "faker":
        family = _read_family(
            {"name": "faker", "parameters": {**given, "unique": distribution.get("unique") is True}}, whose
        )
    elif kind in TIME_KINDS and short in ("uniform", "constant"):
        family = _read_times(short, given, kind, step, whose)
    else:
        if short == "uniform" and kind == "discrete" and isinstance(given.get("upper"), int | float):
            given = {**given, "upper": given["upper"] - 1}  # theirs leaves the upper bound out
        family = _read_family({"name": short, "parameters": given}, whose)
    variable = Variable(name, kind_of_ours, pandas_dtype, missing, family, step, None, description)
    if isinstance(family, texts.Faker):
        return variable  # faker may not be installed; its settings were checked
    variable.sample(3, np.random.default_rng(0))
    return variable


def _our_type(kind, dtype, short, given, missing, whose):
    """Our kind, pandas' type and the step for a variable of metasyn's."""
    polars = dtype.partition("(")[0]
    if short == "na":
        return "empty", np.dtype("float64") if kind in ("continuous", "discrete") else np.dtype(object), 1
    if kind == "continuous":
        return "continuous", np.dtype("float64"), 1
    if kind == "discrete":
        return ("key" if short == "unique_key" else "discrete"), pd.Int64Dtype() if missing else np.dtype("int64"), 1
    if kind == "categorical":
        if polars == "Boolean":
            return "boolean", pd.BooleanDtype() if missing else np.dtype(bool), 1
        labels = list(_labels(given["labels"], whose)) if "labels" in given else []
        if labels and all(isinstance(label, int) and not isinstance(label, bool) for label in labels):
            return "discrete", pd.Int64Dtype() if missing else np.dtype("int64"), 1
        return "categorical", pd.CategoricalDtype(labels) if labels else np.dtype(object), 1
    if kind == "string":
        return ("categorical" if short == "multinoulli" else "text"), pd.StringDtype(), 1
    step = MICROSECONDS.get(given.get("precision", "days" if kind == "date" else "microseconds"), 1)
    types = {"date": "datetime64[us]", "datetime": "datetime64[us]", "time": "object", "duration": "timedelta64[us]"}
    return kind, np.dtype(types[kind]), step


def _read_regex(given, unique):
    data = given.get("regex_data", given)
    if isinstance(data, dict):
        return texts.Pattern(patterns.parse(data.get("regex"), data.get("counts")), unique)
    return texts.Pattern(patterns.parse(data), unique)


def _read_times(short, given, kind, step, whose):
    ends = ("value",) if short == "constant" else ("lower", "upper")
    steps = [_steps(_field(given, end, str, whose), kind) / step for end in ends]
    if short == "constant":
        return families.Constant(float(steps[0]))
    if steps[0] > steps[1]:
        raise RecipeError(f"{whose} has a lower bound above its upper one.")
    return (
        families.Uniform(math.ceil(steps[0]), math.floor(steps[1]))
        if steps[0] < steps[1]
        else families.Constant(steps[0])
    )


def _steps(written, kind):
    """Microseconds since 1970, midnight, or of a length."""
    if kind == "duration":
        return pd.Timedelta(written).value // 1000
    if kind == "time":
        moment = time.fromisoformat(written)
        return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond
    moment = (
        datetime.combine(date.fromisoformat(written), time()) if kind == "date" else datetime.fromisoformat(written)
    )
    return (moment.replace(tzinfo=None) - datetime(1970, 1, 1)) // timedelta(microseconds=1)
