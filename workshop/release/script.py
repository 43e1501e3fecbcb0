"""The script that makes a synthetic table again, for whoever has the observed one. It holds settings, and no observed value."""

import ast
from dataclasses import fields, is_dataclass
from importlib.metadata import metadata, version

from sklearn.base import BaseEstimator

_PACKAGES = ("synthetic-data-workshop", "numpy", "pandas", "scikit-learn", "scipy")


def versions():
    """What the script was run with, as {package: version}."""
    return {name: version(name) for name in _PACKAGES}


def check_source(source):
    """Refuse what is not one Python expression (it is only read here, never run)."""
    try:
        ast.parse(source, mode="eval")
    except (SyntaxError, TypeError, ValueError):
        raise ValueError(
            f"source must be one Python expression that gives the observed table, such as 'read_table(\"my_file.csv\")'; got {source!r:.60}."
        ) from None


def script(model, columns, file, source, seed, n, label=None):
    """The text of a Python script.

    Parameters
    ----------
    model : GenerativeModel
        Its settings are written, not what it has learned.
    columns : list of str
    file : str
        The csv file to write.
    source : str
        A Python expression that gives the observed table.
    seed : int or None
    n : int
        Records.
    label : str, optional
        The name of a column that says "SYNTHETIC".

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a setting cannot be written as code.
    """
    needed = set()
    code = in_code(model, needed)
    homes = sorted(f"from {home} import {name}" for home, name in needed)
    helpers = sorted(name for name in ("load", "read_table") if name + "(" in source) + ["write_table"]
    if "split(" in source:
        homes = ["from workshop.measures.attacks import split", *homes]
    marked = f"synthetic = labelled(synthetic, {label!r})\n" if label else ""
    known = "\n".join(f"#   {name} {number}" for name, number in versions().items())
    address = metadata("synthetic-data-workshop").get("Project-URL", "").partition(", ")[2]
    return f'''"""Makes the synthetic table {file} again. It needs the observed table, which is not part of this release."""

# The same bytes come out with these versions:
{known}
# To install the first: pip install "synthetic-data-workshop @ git+{address}"

{f"from workshop.dials import labelled{chr(10)}" if label else ""}from workshop.data import {", ".join(helpers)}
{chr(10).join(homes)}

observed = {source}
observed = observed[{list(columns)!r}]
model = {code}
synthetic = model.fit(observed).sample({n}, rng={seed!r})
{marked}write_table(synthetic, {file!r})
'''


def in_code(value, needed):
    """A setting as Python code; what must be imported is put into the set `needed` as (module, name)."""
    if isinstance(value, BaseEstimator):
        usual = type(value)().get_params() if _has_defaults(type(value)) else {}
        given = {
            name: one
            for name, one in value.get_params(deep=False).items()
            if name not in usual or _differs(one, usual[name])
        }
        return _call(value, given, needed)
    if is_dataclass(value):
        return _call(value, {field.name: getattr(value, field.name) for field in fields(value) if field.init}, needed)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{in_code(key, needed)}: {in_code(one, needed)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        inner = ", ".join(in_code(one, needed) for one in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    raise ValueError(
        f"The setting {value!r:.60} cannot be written as code: the script would not run. Use a word, a number or a Method instead."
    )


def _call(value, arguments, needed):
    needed.add((type(value).__module__, type(value).__name__))
    return f"{type(value).__name__}({', '.join(f'{name}={in_code(one, needed)}' for name, one in arguments.items())})"


def _has_defaults(kind):
    try:
        kind()
    except TypeError:
        return False
    return True


def _differs(one, other):
    return type(one) is not type(other) or one != other
