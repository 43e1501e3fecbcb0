"""A timer for two people who program as a pair: one drives (types), the other navigates (thinks aloud).

It lives in the browser (timer.js, through anywidget), so it goes on counting while Python is busy.
"""

from pathlib import Path

import anywidget
import traitlets


class PairTimer(anywidget.AnyWidget):
    """A clock that counts down and asks the pair to swap.

    Parameters
    ----------
    minutes : float, default 5
        Length of a turn.

    Raises
    ------
    ValueError
        If `minutes` is not between 0.05 and 180.

    Examples
    --------
    >>> PairTimer(minutes=5)
    A timer of 5 minutes for a driver and a navigator. It runs in the browser: click Start.
    """

    _esm = Path(__file__).with_name("timer.js")
    _css = Path(__file__).with_name("timer.css")

    minutes = traitlets.Float(5.0).tag(sync=True)

    def __init__(self, minutes=5):
        if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0.05 <= minutes <= 180:
            raise ValueError(f"minutes must be a number from 0.05 to 180; got {minutes!r}.")
        super().__init__(minutes=float(minutes))

    def __repr__(self):
        return f"A timer of {self.minutes:g} minutes for a driver and a navigator. It runs in the browser: click Start."
