"""A fitted model as the dict that a GMF 2.1 file holds.

What metasyn's format has no word for (a gamma, the order of levels, decimals) stands beside it under the key "workshop",
which metasyn passes over; in the place that metasyn reads stands the nearest family it knows.
"""

from datetime import UTC, datetime, timedelta
from importlib import metadata as installed

import numpy as np
import pandas as pd

from workshop.models import counts, families, mixtures, patterns, texts
from workshop.models.families import Family
from workshop.models.variable import Missing

VERSION = "2.1"
MICROSECONDS = {"days": 86_400_000_000, "hours": 3_600_000_000, "minutes": 60_000_000, "seconds": 1_000_000,
                 "milliseconds": 1_000, "microseconds": 1}  # fmt: skip
TIME_KINDS = ("date", "datetime", "time", "duration")


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
    if kind in TIME_KINDS:
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
    if kind in TIME_KINDS:
        return _write_times(variable, family, kind)
    if kind == "discrete":
        return _write_whole(family)
    return _write_number(family, kind)


def _is_core(family, kind):
    if kind in TIME_KINDS:
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
        parameters["precision"] = next(name for name, size in MICROSECONDS.items() if scale.step % size == 0)
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
