"""Generative models. A model joins the everyday command by one line in `MODELS`."""

import importlib

#: Name on the command line -> where the class is. Looked up only when it is asked for.
MODELS = {
    "average": "workshop.models.toy:Average",
    "normal": "workshop.models.toy:Normal",
    "histogram": "workshop.models.toy:Histogram",
    "metadata": "workshop.models.metadata:Metadata",
    "copula": "workshop.models.copula:GaussianCopula",
    "cart": "workshop.models.sequential:Sequential",
    "gan": "workshop.models.gan:GAN",
    "bootstrap": "workshop.models.toy:Bootstrap",
}


def model_class(name):
    """The class of a registered model.

    >>> model_class("histogram").__name__
    'Histogram'
    """
    if name not in MODELS:
        raise ValueError(f"There is no model '{name}'; choose one of {', '.join(MODELS)}.")
    module, _, attribute = MODELS[name].partition(":")
    return getattr(importlib.import_module(module), attribute)


def make_model(name, **settings):
    """A new model by its registered name.

    Parameters
    ----------
    name : str
        One of `MODELS`.
    **settings
        Settings of that model.

    Raises
    ------
    ValueError
        If there is no such model, or it has no such setting.

    Examples
    --------
    >>> make_model("histogram", bins=10)
    Histogram(bins=10)
    """
    chosen = model_class(name)
    unknown = sorted(set(settings) - set(chosen().get_params()))
    if unknown:
        known = ", ".join(chosen().get_params()) or "none"
        raise ValueError(f"The model '{name}' has no setting '{unknown[0]}'; its settings are: {known}.")
    return chosen(**settings)
