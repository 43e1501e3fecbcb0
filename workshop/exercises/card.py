"""The card that answers an exercise: the same words as HTML for the eye and as plain text for everything else."""

from dataclasses import dataclass
from html import escape

#: State -> sign, heading and colour (Okabe-Ito); the sign and the heading say it without the colour.
_LOOKS = {
    "right": ("✓", "Right", "#009E73"),
    "wrong": ("↻", "Not yet", "#E69F00"),
    "open": ("…", "Still open", "#56B4E9"),
}


@dataclass(frozen=True)
class Card:
    """What a learner sees below an exercise.

    Attributes
    ----------
    number : str
        Of the exercise, such as "1.2".
    state : str
        "right", "wrong" or "open".
    says : str
        What this very answer tells.
    """

    number: str
    state: str
    says: str

    def __repr__(self):
        sign, heading, _ = _LOOKS[self.state]
        return f"{sign} Exercise {self.number} · {heading}: {self.says}"

    def _repr_html_(self):
        sign, heading, colour = _LOOKS[self.state]
        return (
            f'<div role="status" style="border-left: 6px solid {colour}; padding: 0.5em 1em; margin: 0.3em 0; max-width: 46em;'
            f' background: color-mix(in srgb, {colour} 12%, transparent); line-height: 1.5">'
            f"<strong>{sign} Exercise {self.number} · {heading}</strong><br>{escape(self.says)}</div>"
        )
