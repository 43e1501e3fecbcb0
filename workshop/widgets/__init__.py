"""What moves in a notebook: the timer for a pair, and pictures with sliders."""
