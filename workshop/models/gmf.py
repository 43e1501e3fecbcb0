"""Files in the Generative Metadata Format (GMF 2.1), the JSON of metasyn: a page that people can read.

Each variable stands there with its type, its share of missing values, and a distribution with its parameters.
"""

import json
import os
from pathlib import Path

from workshop.models.gmf_reading import RecipeError, from_gmf
from workshop.models.gmf_writing import to_gmf

MOST_BYTES = 100_000_000


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
