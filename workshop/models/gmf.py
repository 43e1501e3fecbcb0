"""Reading and writing the Generative Metadata Format (GMF 2.1), the JSON files of metasyn.

A file is a page for people: each variable with its type, its share of missing values, and a distribution with its parameters.
What metasyn's format has no word for (a gamma, the order of levels, decimals) stands beside it under the key "workshop",
which metasyn passes over; in the place that metasyn reads stands the nearest family it knows. Reading trusts nothing:
every field is checked before it is used, nothing is executed, and whatever is wrong is said in one sentence.
"""

import json
import math
import os
from datetime import UTC, date, datetime, time, timedelta
from importlib import metadata as installed
from pathlib import Path

import numpy as np
import pandas as pd

from workshop.models import counts, families, mixtures, patterns, texts
from workshop.models.families import Family
from workshop.models.metadata import Metadata, Missing, Variable
from workshop.table import KINDS

VERSION = "2.1"
_READABLE = ("1.0", "1.1", "2.0", "2.1")
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
_MICROSECONDS = {"days": 86_400_000_000, "hours": 3_600_000_000, "minutes": 60_000_000, "seconds": 1_000_000,
                 "milliseconds": 1_000, "microseconds": 1}  # fmt: skip
_TIME_KINDS = ("date", "datetime", "time", "duration")


class RecipeError(ValueError):
    """The file is no recipe that can be used; the message says where and why."""


# --- writing -----------------------------------------------------------------------------------------------------------


def save(model, path, overwrite=False, fallback=True):
    """Write a fitted model as a GMF 2.1 file.

    Parameters
    ----------
    model : Metadata
    path : str or path
        Where to. It should end in .json.
    overwrite : bool
        Replace a file that is there already; what was in it is kept beside it, with .bak at the end of its name.
    fallback : bool
        Write the nearest family that metasyn knows in place of one that it does not (ours is kept beside it). False
        refuses such a model.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileExistsError
        If the file is there and `overwrite` is not said.
    ValueError
        If `fallback` is False and metasyn has no such family.
    """
    path = Path(path)
    if path.exists() and not overwrite:
        raise FileExistsError(f"'{path}' is there already: choose another name, or say overwrite=True.")
    text = json.dumps(to_gmf(model, fallback), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        if path.exists():
            path.replace(path.with_name(f"{path.name}.bak"))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def to_gmf(model, fallback=True):
    """The recipe of a fitted model as the dict that the file holds."""
    model._require_fit()
    variables = [_write_variable(one, model.n_records_, fallback) for one in model.variables_.values()]
    return {
        "gmf_version": VERSION,
        "provenance": {
            "created by": {"name": "synthetic-data-workshop", "version": installed.version("synthetic-data-workshop")},
            "creation time": datetime.now(UTC).isoformat(timespec="seconds"),
        },
        "tables": [
            {
                "name": "table",
                "n_rows": model.n_records_,
                "n_columns": len(variables),
                "workshop": {"privacy": None if model.privacy is None else int(model.privacy)},
                "vars": variables,
            }
        ],
        "relations": [],
    }


def _write_variable(variable, n, fallback):
    kind, dtype = _gmf_type(variable)
    own = {"kind": variable.kind, "dtype": _dtype_in_words(variable.dtype), "family": _own_family(variable.family)}
    if variable.step != 1:
        own["step"] = variable.step
    if variable.decimals is not None:
        own["decimals"] = variable.decimals
    written = {
        "name": variable.name,
        "type": kind,
        "dtype": dtype,
        "prop_missing": variable.missing,
        "distribution": _write_distribution(variable, kind, n, fallback),
        "workshop": own,
    }
    if variable.description:
        written["description"] = variable.description
    return written


def _gmf_type(variable):
    dtype, kind = variable.dtype, variable.kind
    if kind in _TIME_KINDS:
        zone = getattr(dtype, "tz", None)
        polars = {
            "date": "Date" if str(dtype) == "object" else "Datetime(time_unit='us', time_zone=None)",
            "datetime": f"Datetime(time_unit='us', time_zone={str(zone)!r})"
            if zone
            else "Datetime(time_unit='us', time_zone=None)",
            "time": "Time",
            "duration": "Duration(time_unit='us')",
        }[kind]
        return ("datetime" if polars.startswith("Datetime") else kind), polars
    if kind in ("categorical", "ordered", "boolean"):
        labels = getattr(variable.family, "labels", (getattr(variable.family, "value", ""),))
        if kind == "boolean":
            return "categorical", "Boolean"
        if all(isinstance(label, int) and not isinstance(label, bool) for label in labels):
            return "discrete", "Int64"
        return (
            ("string", "String")
            if isinstance(variable.family, families.Constant | texts.TextFamily)
            else ("categorical", "Categorical")
        )
    if pd.api.types.is_numeric_dtype(dtype):
        return ("continuous", "Float64") if kind == "continuous" else ("discrete", "Int64")
    return "string", "String"


_CLASSES = {
    "uniform": "UniformDistribution",
    "normal": "NormalDistribution",
    "truncated_normal": "TruncatedNormalDistribution",
    "constant": "ConstantDistribution",
}
_PREFIX = {"continuous": "Continuous", "discrete": "Discrete", "date": "Date", "datetime": "DateTime", "time": "Time",
           "duration": "Duration", "string": "String"}  # fmt: skip


def _write_distribution(variable, kind, n, fallback):
    """What metasyn reads: the family itself, or the nearest that it knows."""
    family = variable.family
    if not fallback and not _is_core(family, kind):
        raise ValueError(
            f"'{variable.name}': metasyn has no family '{family.name}' for a {kind} variable; "
            f"choose another with families={{'{variable.name}': ...}}, or allow the nearest with fallback=True."
        )
    if isinstance(family, Missing):
        return _core("na", "NADistribution", {})
    if isinstance(family, texts.TextDate):
        family = family.as_pattern
    if isinstance(family, texts.Pattern):
        data = {"regex": patterns.regex_of(family.sequence), "counts": patterns.counts_of(family.sequence, n)}
        name = "UniqueRegexDistribution" if family.unique else "RegexDistribution"
        return {**_core("regex", name, {"regex_data": data}, family.unique), "version": "2.0"}
    if isinstance(family, texts.FreeText):
        return _core("freetext", "FreeTextDistribution", family.parameters)
    if isinstance(family, texts.Faker):
        name = "UniqueFakerDistribution" if family.unique else "FakerDistribution"
        return _core("faker", name, {"faker_type": family.faker_type, "locale": family.locale}, family.unique)
    if isinstance(family, counts.UniqueKey):
        return _core("unique_key", "UniqueKeyDistribution", family.parameters, unique=True)
    if isinstance(family, counts.Multinoulli):
        return _core(
            "multinoulli", "MultinoulliDistribution", {"labels": list(family.labels), "probs": list(family.probs)}
        )
    if isinstance(family, families.Constant) and kind == "categorical":
        return _core("multinoulli", "MultinoulliDistribution", {"labels": [family.value], "probs": [1.0]})
    if kind in _TIME_KINDS:
        return _write_times(variable, family, kind)
    if kind == "discrete":
        return _write_whole(family)
    return _write_number(family, kind)


def _is_core(family, kind):
    if kind in _TIME_KINDS:
        return isinstance(family, families.Uniform | families.Constant | Missing)
    special = (families.Gamma, families.Beta, mixtures.Spike, mixtures.TwoNormals, mixtures.Histogram,
               counts.NegativeBinomial, counts.ZeroInflatedPoisson, texts.TextDate)  # fmt: skip
    return not isinstance(family, special)


def _core(name, class_name, parameters, unique=False):
    return {
        "name": f"core.{name}",
        "version": "1.0",
        "class_name": class_name,
        "unique": unique,
        "parameters": parameters,
    }


def _write_number(family, kind):
    prefix = _PREFIX[kind]
    if family.name in _CLASSES:
        return _core(family.name, prefix + _CLASSES[family.name], family.parameters)
    if isinstance(family, families.Lognormal):
        return _core("lognormal", "LogNormalDistribution", family.parameters)
    if isinstance(family, families.Exponential):
        return _core("exponential", "ExponentialDistribution", family.parameters)
    draws = family.sample(4000, np.random.default_rng(0))
    low, high = _percentile_of(family, 0.001), _percentile_of(family, 0.999)
    return _core(
        "truncated_normal",
        "ContinuousTruncatedNormalDistribution",
        {"lower": low, "upper": high, "mean": float(draws.mean()), "sd": float(draws.std())},
    )


def _percentile_of(family, share):
    draws = np.sort(family.sample(4000, np.random.default_rng(0)))
    return float(draws[int(share * 3999)])


def _write_whole(family):
    """metasyn cuts drawn decimals off instead of rounding, so that its discrete bells sit half a step too low."""
    if isinstance(family, families.Constant):
        return _core("constant", "DiscreteConstantDistribution", {"value": int(family.value)})
    if isinstance(family, families.Uniform):
        bounds = {"lower": int(family.lower), "upper": int(family.upper) + 1}
        return _core("uniform", "DiscreteUniformDistribution", bounds)
    if isinstance(family, counts.Poisson):
        return _core("poisson", "PoissonDistribution", family.parameters)
    draws = family.sample(20_000, np.random.default_rng(0), whole=True)
    low, high = int(draws.min()), int(draws.max())
    if high - low < 200:
        values = np.arange(low, high + 1, dtype=float)
        shares = family.up_to(values, True) - family.below(values, True)
        kept = shares > 0
        probs = (shares[kept] / shares[kept].sum()).tolist()
        return _core(
            "multinoulli", "MultinoulliDistribution", {"labels": values[kept].astype(int).tolist(), "probs": probs}
        )
    if isinstance(family, families.Normal):
        return _core("normal", "DiscreteNormalDistribution", family.parameters)
    return _core(
        "truncated_normal",
        "DiscreteTruncatedNormalDistribution",
        {"lower": float(low), "upper": float(high), "mean": float(draws.mean()), "sd": float(max(draws.std(), 1e-3))},
    )


def _write_times(variable, family, kind):
    scale = variable.scale
    if isinstance(family, families.Constant):
        value = _moment(family.value * scale.step, kind)
        if kind == "duration":
            return _core(
                "uniform", "DurationUniformDistribution", {"lower": value, "upper": value, "precision": "seconds"}
            )
        return _core("constant", _PREFIX[kind] + "ConstantDistribution", {"value": value})
    if isinstance(family, families.Uniform | families.TruncatedNormal):
        ends = family.lower, family.upper
    else:
        draws = family.sample(4000, np.random.default_rng(0), whole=True)
        ends = draws.min(), draws.max()
    parameters = dict(zip(("lower", "upper"), (_moment(end * scale.step, kind) for end in ends), strict=True))
    if kind != "date":
        parameters["precision"] = next(name for name, size in _MICROSECONDS.items() if scale.step % size == 0)
    return _core("uniform", _PREFIX[kind] + "UniformDistribution", parameters)


def _moment(microseconds, kind):
    """Microseconds since 1970, or midnight, or of a length, in ISO 8601."""
    length = timedelta(microseconds=int(microseconds))
    if kind == "duration":
        days, rest = length.days, length - timedelta(days=length.days)
        hours, seconds = divmod(rest.seconds, 3600)
        return (
            f"P{days}DT{hours}H{seconds // 60}M{seconds % 60}S"
            if days
            else f"PT{hours}H{seconds // 60}M{seconds % 60}S"
        )
    moment = datetime(1970, 1, 1) + length
    return {"date": moment.date(), "datetime": moment, "time": moment.time()}[kind].isoformat()


def _own_family(family):
    """The family and its parameters, as ours reads them again."""
    parameters = {
        name: _own_family(value) if isinstance(value, Family) else list(value) if isinstance(value, tuple) else value
        for name, value in family.parameters.items()
    }
    if isinstance(family, texts.Pattern):
        parameters = {
            "regex": patterns.regex_of(family.sequence),
            "counts": patterns.counts_of(family.sequence, 10_000),
        }
        parameters["unique"] = family.unique
    return {"name": family.name, "parameters": parameters}


def _dtype_in_words(dtype):
    if isinstance(dtype, pd.CategoricalDtype):
        labels = [label.item() if isinstance(label, np.generic) else label for label in dtype.categories]
        return {
            "categories": [x if isinstance(x, str | int | float | bool) else str(x) for x in labels],
            "ordered": bool(dtype.ordered),
        }
    return str(dtype)


# --- reading -----------------------------------------------------------------------------------------------------------


def load(path):
    """A model from a GMF file, of metasyn (1.0 to 2.1) or of ours.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    Metadata
        Fitted, as it were: it can be sampled, shown and saved. It knows no ranking.

    Raises
    ------
    RecipeError
        If the file is broken, is of an unknown version, or holds what makes no sense.
    """
    path = Path(path)
    if path.stat().st_size > MOST_BYTES:
        raise RecipeError(f"'{path.name}' is larger than {MOST_BYTES // 10**6} MB: that is no recipe.")
    try:
        recipe = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise RecipeError(f"'{path.name}' is not text in UTF-8: it is no recipe.") from None
    except RecursionError:
        raise RecipeError(f"'{path.name}' is nested too deeply: it is no recipe.") from None
    except json.JSONDecodeError as error:
        raise RecipeError(f"'{path.name}' is broken JSON at line {error.lineno}: {error.msg}.") from None
    except RecipeError:
        raise
    except ValueError as error:
        raise RecipeError(f"'{path.name}' is broken: {error}.") from None
    return from_gmf(recipe)


def _refuse_constant(word):
    raise RecipeError(f"the file holds {word}, which is no number: put a number in its place.")


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
    if step not in _MICROSECONDS.values():
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
    kind_of_ours, pandas_dtype, step = _our_type(kind, dtype, short, given, missing)
    if short == "regex":
        family = _read_regex(
            given, distribution.get("unique") is True or "Unique" in str(distribution.get("class_name"))
        )
    elif short == "faker":
        family = _read_family(
            {"name": "faker", "parameters": {**given, "unique": distribution.get("unique") is True}}, whose
        )
    elif kind in _TIME_KINDS and short in ("uniform", "constant"):
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


def _our_type(kind, dtype, short, given, missing):
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
        labels = given.get("labels") if isinstance(given.get("labels"), list) else []
        if labels and all(isinstance(label, int) and not isinstance(label, bool) for label in labels):
            return "discrete", pd.Int64Dtype() if missing else np.dtype("int64"), 1
        return "categorical", pd.CategoricalDtype(labels) if labels else np.dtype(object), 1
    if kind == "string":
        return ("categorical" if short == "multinoulli" else "text"), pd.StringDtype(), 1
    step = _MICROSECONDS.get(given.get("precision", "days" if kind == "date" else "microseconds"), 1)
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
