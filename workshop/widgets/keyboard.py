"""Sliders and pickers for those who work by keyboard or listen (keyboard.js)."""

from pathlib import Path

import anywidget


class ByKeyboard(anywidget.AnyWidget):
    """Shows nothing. In the box where it stands, sliders get names, and keys that are pressed in a control stay there."""

    _esm = Path(__file__).with_name("keyboard.js")
