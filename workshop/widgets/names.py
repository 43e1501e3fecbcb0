"""Names for sliders, so that somebody who does not see them hears which one it is and where it stands (slider_names.js)."""

from pathlib import Path

import anywidget


class SliderNames(anywidget.AnyWidget):
    """Shows nothing; names the handles of the sliders that stand in the same box."""

    _esm = Path(__file__).with_name("slider_names.js")
