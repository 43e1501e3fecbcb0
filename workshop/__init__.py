"""The helper package of the workshop *How to create synthetic data: a tool for open science*.

Open any file here: it is written to be read. Start with `models/toy.py`. Names are imported when they are first used, so
that `import workshop` costs next to nothing.
"""

import importlib
import sys

_HOME = {
    "load": "data",
    "read_table": "data",
    "write_table": "data",
    "as_numbers": "marks",
    "special_codes": "labelled",
    "plain_missing": "labelled",
    "look_over": "first_look",
    "describe": "table",
    "TableError": "table",
    "Average": "models.toy",
    "Normal": "models.toy",
    "Histogram": "models.toy",
    "Bootstrap": "models.toy",
    "Metadata": "models.metadata",
    "Faker": "models.texts",
    "Sequential": "models.sequential",
    "GaussianCopula": "models.copula",
    "MultivariateNormal": "models.multivariate",
    "GAN": "models.gan",
    "CART": "models.trees",
    "Forest": "models.trees",
    "Bagging": "models.trees",
    "Linear": "models.regressions",
    "PredictiveMeanMatching": "models.regressions",
    "Logistic": "models.regressions",
    "OrderedLogistic": "models.regressions",
    "Nested": "models.conditional",
    "Constant": "models.conditional",
    "Passive": "models.conditional",
    "compare_variable": "figures",
    "compare_table": "figures",
    "compare": "utility_pictures",
    "heat_map": "utility_pictures",
    "association_map": "utility_pictures",
    "forest": "utility_pictures",
    "thick_and_thin": "utility_pictures",
    "table_utility": "measures.tables",
    "table_utilities": "measures.tables",
    "cell_differences": "measures.tables",
    "propensity": "measures.propensity",
    "density_ratio": "measures.density_ratio",
    "compare_fit": "measures.fits",
    "combine": "measures.fits",
    "check_release": "measures.release",
    "associations": "measures.release",
    "replicated_uniques": "measures.disclosure",
    "disclosure": "measures.disclosure",
    "disclosure_report": "measures.report",
    "split": "measures.attacks",
    "tradeoff": "risk_utility",
    "Tradeoff": "risk_utility",
    "make_release": "release.make",
    "check": "exercises",
    "doctor": "health",
    "PairTimer": "widgets.timer",
    "explore_normal": "widgets.explorers",
    "explore_histogram": "widgets.explorers",
    "explore_families": "widgets.explorers",
    "explore_spectrum": "widgets.spectrum",
    "watch_training": "widgets.training",
    "explore_tree": "widgets.tree",
    "guess_the_fake": "widgets.guess",
}

__all__ = sorted(_HOME)

if sys.platform == "emscripten":
    from workshop.browser import settle

    settle()


def __getattr__(name):
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"workshop has no '{name}'; it has {', '.join(__all__)}")


def __dir__():
    return __all__
