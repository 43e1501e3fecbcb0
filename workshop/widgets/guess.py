"""Guess the fake: a record is shown; is it observed or synthetic? Your score stands beside those of two classifiers."""

from html import escape

import ipywidgets
import numpy as np

from workshop.measures.pair import Pair
from workshop.measures.propensity import propensity
from workshop.settings import whole
from workshop.table import TableError, as_table

_PLAYERS = {"logistic": "a logistic regression", "boosting": "boosted trees"}


class GuessTheFake(ipywidgets.VBox):
    """A card with a record and two buttons.

    Attributes
    ----------
    deck : pandas.DataFrame
        The records to be shown, in order.
    is_synthetic : numpy.ndarray of bool
    scores : dict of str -> int
        Right guesses so far: "you", and each classifier's.
    """

    def __init__(self, deck, is_synthetic, guesses):
        self.deck, self.is_synthetic, self.guesses = deck, is_synthetic, guesses
        self.scores = dict.fromkeys(["you", *guesses], 0)
        self.turn = 0
        self.card, self.result = ipywidgets.HTML(), ipywidgets.HTML()
        wide = {"layout": ipywidgets.Layout(width="170px")}
        self.buttons = {
            "observed": ipywidgets.Button(
                description="A real person", tooltip="I think this record was observed", **wide
            ),
            "synthetic": ipywidgets.Button(description="Made up", tooltip="I think this record is synthetic", **wide),
        }
        for name, button in self.buttons.items():
            button.on_click(lambda _, name=name: self.guess(name == "synthetic"))
        super().__init__([self.card, ipywidgets.HBox(list(self.buttons.values())), self.result])
        self._deal()

    def guess(self, synthetic):
        """Take a guess (True: synthetic), count it, and show the next record."""
        if self.turn >= len(self.deck):
            return
        truth = bool(self.is_synthetic[self.turn])
        self.scores["you"] += bool(synthetic) == truth
        for name, guesses in self.guesses.items():
            self.scores[name] += bool(guesses[self.turn]) == truth
        self.turn += 1
        verdict = "✓ Right" if bool(synthetic) == truth else "✗ No"
        was = "synthetic" if truth else "a real person"
        self._deal()
        self.result.value = f'<p role="status">{verdict}: it was {was}. {escape(self.standing)}</p>'

    @property
    def standing(self):
        """Who has guessed how many rightly."""
        others = ", ".join(f"{_PLAYERS[name]} {self.scores[name]}" for name in self.guesses)
        words = f"After {self.turn} of {len(self.deck)}: you {self.scores['you']}, {others}."
        return words if self.turn < len(self.deck) else f"{words} Guessing blindly gets about {len(self.deck) // 2}."

    def _deal(self):
        over = self.turn >= len(self.deck)
        for button in self.buttons.values():
            button.disabled = over
        if over:
            self.card.value = "<p><strong>That was the last record.</strong> Run the cell again for the same ones.</p>"
            return
        record = self.deck.iloc[self.turn]
        rows = "".join(
            f"<tr><th scope='row' style='text-align: left; padding-right: 1.5em'>{escape(str(name))}</th><td>{escape(shown_value(value))}</td></tr>"
            for name, value in record.items()
        )
        self.card.value = (
            f"<table><caption>Record {self.turn + 1} of {len(self.deck)}: who is this?</caption>{rows}</table>"
        )


def guess_the_fake(observed, synthetic, variables=None, turns=10, rng=1):
    """A game: ten records, some observed and some synthetic. Who tells them apart: you, a logistic regression, or boosted trees?

    Parameters
    ----------
    observed, synthetic : pandas.DataFrame
    variables : list of str, optional
        What is shown, and what the classifiers see; all that can be compared, if left out.
    turns : int, default 10
    rng : int, numpy.random.Generator or None
        Picks the records.

    Returns
    -------
    GuessTheFake

    Raises
    ------
    TableError
        If the tables cannot be compared, or hold fewer records than turns.
    """
    whole(turns, "turns", 1)
    observed, synthetic = as_table(observed), as_table(synthetic)
    pair = Pair.of(observed, synthetic, variables)
    if min(len(observed), len(synthetic)) < turns:
        raise TableError(f"The game needs at least {turns} records of each table: choose fewer turns.")
    names, rng = list(pair.variables), np.random.default_rng(rng)
    share = pair.n_synthetic / (pair.n_observed + pair.n_synthetic)
    guesses = {name: propensity(observed, synthetic, name, names).scores > share for name in _PLAYERS}
    is_synthetic = rng.random(turns) < 0.5
    places = np.where(is_synthetic, rng.permutation(len(synthetic))[:turns], rng.permutation(len(observed))[:turns])
    tables = observed[names], synthetic[names]
    deck = tables[0].astype(object).iloc[places % len(observed)].reset_index(drop=True)
    made = tables[1].astype(object).iloc[places % len(synthetic)].reset_index(drop=True)
    deck[is_synthetic] = made[is_synthetic]
    in_both = places + is_synthetic * pair.n_observed
    return GuessTheFake(deck, is_synthetic, {name: guess[in_both] for name, guess in guesses.items()})


def shown_value(value):
    """A value of a record, as people read it."""
    if value is None or value != value:
        return "missing"
    if hasattr(value, "strftime"):
        return str(value)[:16].removesuffix(" 00:00")
    return f"{value:,.10g}" if isinstance(value, float | np.floating) else str(value)
