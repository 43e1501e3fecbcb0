"""Keys, names and words are never drawn from what people gave: they are made anew."""

from dataclasses import replace

from workshop.models import families
from workshop.models.disclosure import USUAL_K
from workshop.models.metadata import Metadata
from workshop.models.texts import Pattern
from workshop.models.toy import LEFT_OUT
from workshop.models.variable import Variable


class MadeAnew:
    """What makes a key, a name or a text anew.

    Parameters
    ----------
    series : pandas.Series
    kind : str
    family : Family, optional
        The family to draw from; a pattern is learned for keys, and text is left out, if none is given.
    """

    def __init__(self, series, kind, family=None):
        self.taken = series.iloc[:0]
        if family is None and kind == "text":
            self.variable = Variable(str(series.name), kind, series.dtype, 0.0, families.Constant(LEFT_OUT))
            return
        recipe = Metadata({series.name: family} if family else None, privacy=None if family else USUAL_K)
        self.variable = replace(recipe.fit(series.to_frame()).variables_[str(series.name)], missing=0.0)
        if isinstance(self.variable.family, Pattern) and self.variable.family.unique:
            self.taken = series.dropna()

    def draw(self, n, rng):
        """n new values. Of keys only those that nobody has: as many more are drawn as there may be."""
        values = self.variable.sample(n + len(self.taken), rng)
        if len(self.taken):
            values = values[~values.isin(self.taken)].iloc[:n].reset_index(drop=True)
        return values
