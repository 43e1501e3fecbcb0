"""A script run in this very process, for the learner's browser, where no other can be started."""

import contextlib
import io
import os
import runpy
import sys
from importlib.util import find_spec
from types import ModuleType
from unittest.mock import patch

import matplotlib as mpl
from matplotlib import pyplot as plt

from workshop.measures.least_squares import ols

STOOD_IN = "The package statsmodels is not in this browser: the workshop's own least squares stood in for it, and give the same figures."


def run_here(script, folder):
    """Run a script in a folder as if it were alone, and put everything back afterwards.

    Parameters
    ----------
    script : pathlib.Path
    folder : pathlib.Path

    Returns
    -------
    tuple of str
        What went wrong ("" if nothing), and a sentence on what stood in for a package ("" if nothing did).
    """
    before, shown, backend = os.getcwd(), plt.get_fignums(), mpl.get_backend()
    stand_ins = {} if _is_there("statsmodels") else _statsmodels()
    quiet = contextlib.redirect_stdout(io.StringIO())
    try:
        os.chdir(folder)
        with patch.dict(sys.modules, stand_ins), mpl.rc_context(), quiet, contextlib.redirect_stderr(io.StringIO()):
            runpy.run_path(str(script), run_name="__main__")
        return "", STOOD_IN if stand_ins else ""
    except (Exception, SystemExit) as cause:  # a script may fail in any way; its last line is told
        return f"{type(cause).__name__}: {cause}", ""
    finally:
        os.chdir(before)
        for number in set(plt.get_fignums()) - set(shown):
            plt.close(number)
        mpl.use(backend)


def _is_there(package):
    try:
        return find_spec(package) is not None
    except ValueError:  # its place in sys.modules is taken by something else
        return False


def _statsmodels():
    names = ("statsmodels", "statsmodels.formula", "statsmodels.formula.api")
    modules = {name: ModuleType(name) for name in names}
    modules["statsmodels"].formula = modules["statsmodels.formula"]
    modules["statsmodels.formula"].api = modules["statsmodels.formula.api"]
    modules["statsmodels.formula.api"].ols = ols
    return modules
