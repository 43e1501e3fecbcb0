"""The membership game: was this person in the data? Two partners take turns; one plays against small leaves, the other against large ones."""

from html import escape

import ipywidgets
import numpy as np

from workshop.measures.space import Space, nearest
from workshop.settings import whole
from workshop.table import TableError, as_table
from workshop.widgets.guess import shown_value

_ROW = "text-align: left; padding-right: 1.5em"


class MembershipGame(ipywidgets.VBox):
    """A person beside the most similar synthetic record, and two buttons.

    Attributes
    ----------
    turns : list of (player, person, twin, bool)
        Whose turn it is, the two records, and whether the person was in the data.
    scores : dict of str -> int
    """

    def __init__(self, turns, labels):
        self.turns, self.labels, self.turn = turns, labels, 0
        self.scores = dict.fromkeys(labels, 0)
        self.card, self.result = ipywidgets.HTML(), ipywidgets.HTML()
        wide = {"layout": ipywidgets.Layout(width="190px")}
        self.buttons = {
            True: ipywidgets.Button(description="Was in the data", **wide),
            False: ipywidgets.Button(description="Was not", **wide),
        }
        for answer, button in self.buttons.items():
            button.on_click(lambda _, answer=answer: self.guess(answer))
        super().__init__([self.card, ipywidgets.HBox(list(self.buttons.values())), self.result])
        self._deal()

    def guess(self, was_in):
        """Take a guess of whoever's turn it is."""
        if self.turn >= len(self.turns):
            return
        player, _, _, truth = self.turns[self.turn]
        self.scores[player] += bool(was_in) == truth
        self.turn += 1
        verdict = "✓ Right" if bool(was_in) == truth else "✗ No"
        standing = ", ".join(
            f"partner {player} ({label}) {self.scores[player]}" for player, label in self.labels.items()
        )
        fact = "was in the data" if truth else "was not in the data"
        self._deal()
        self.result.value = f'<p role="status">{verdict}: this person {fact}. After {self.turn} of {len(self.turns)}: {escape(standing)}.</p>'

    def _deal(self):
        over = self.turn >= len(self.turns)
        for button in self.buttons.values():
            button.disabled = over
        if over:
            self.card.value = "<p><strong>That was the last person.</strong> Who had the easier table?</p>"
            return
        player, person, twin, _ = self.turns[self.turn]
        rows = "".join(
            f"<tr><th scope='row' style='{_ROW}'>{escape(str(name))}</th><td style='{_ROW}'>{escape(shown_value(person[name]))}</td>"
            f"<td>{escape(shown_value(twin[name]))}</td></tr>"
            for name in person.index
        )
        self.card.value = (
            f"<table><caption>Partner {player}, person {self.turn + 1} of {len(self.turns)}: was this person in the data?</caption>"
            f"<tr><td></td><th scope='col'>the person</th><th scope='col'>nearest synthetic record</th></tr>{rows}</table>"
        )


def play_membership(observed, others, small, large, variables, turns=10, rng=1):
    """Two partners guess in turn who was in the data: A sees synthetic data from small leaves, B from large ones.

    Parameters
    ----------
    observed, others : pandas.DataFrame
        People who were in the data, and people who were not.
    small, large : pandas.DataFrame
        Synthetic tables.
    variables : list of str
        What is known of a person.
    turns : int, default 10
    rng : int, numpy.random.Generator or None

    Returns
    -------
    MembershipGame

    Raises
    ------
    TableError
        If the tables cannot be compared, or hold fewer people than turns.
    """
    whole(turns, "turns", 2)
    rng = np.random.default_rng(rng)
    observed, others, small, large = map(as_table, (observed, others, small, large))
    variables = list(dict.fromkeys(variables))
    if min(len(observed), len(others)) < turns:
        raise TableError(f"The game needs at least {turns} people of either sort: choose fewer turns.")
    space, tables = Space(observed, variables), {"A": small, "B": large}
    played = []
    for turn in range(turns):
        player, was_in = "AB"[turn % 2], bool(rng.random() < 0.5)
        source = observed if was_in else others
        person = source.iloc[[rng.integers(len(source))]]
        place = nearest(space.points(person), space.points(tables[player]))[1][0, 0]
        played.append((player, person.iloc[0][variables], tables[player].iloc[place][variables], was_in))
    return MembershipGame(played, {"A": "small leaves", "B": "large leaves"})
