"""What a comparison of observed with synthetic data says, in numbers and in words.

Every picture of `figures.py` takes its title and its description from here: a finding of a few words, and the numbers behind
it. The distances are those of Kolmogorov and Smirnov (for numbers) and total variation (for labels); a difference that two
samples from the same source would show as well is not called a difference.
"""

import numpy as np
import pandas as pd

from workshop.numeric import Scale
from workshop.table import KINDS, LABEL_LIKE, NUMBER_LIKE, TableError, as_table, kind_of

#: Below this largest gap between two cumulative curves (or difference of shares) we say "much the same".
MUCH_THE_SAME = 0.05
MOST_LEVELS = 12
MISSING = "missing"
_DAY, _HOUR, _MINUTE, _SECOND = 8.64e10, 3.6e9, 6e7, 1e6  # in microseconds


def compare(observed, synthetic, kind=None):
    """What there is to say about one variable, observed against synthetic.

    Parameters
    ----------
    observed, synthetic : pandas.Series
        The variable in both tables; they may differ in length.
    kind : str, optional
        One of `workshop.table.KINDS`; read off the observed values if left out.

    Returns
    -------
    Numbers, Labels, Words or Nothing
        With attributes name, kind, finding (a few words) and detail (the numbers); `str()` gives it all.

    Raises
    ------
    TableError
        If the values cannot be understood, or the two are of different types.
    ValueError
        If there is no such kind.
    """
    if kind is not None and kind not in KINDS:
        raise ValueError(f"There is no kind '{kind}': choose one of {', '.join(KINDS)}.")
    observed, synthetic = _column(observed), _column(synthetic)
    kind = kind or kind_of(observed)
    if observed.dropna().empty or synthetic.dropna().empty:
        return Nothing(observed, synthetic, kind)
    if kind in NUMBER_LIKE:
        return Numbers(observed, synthetic, kind)
    return (Labels if kind in LABEL_LIKE else Words)(observed, synthetic, kind)


def in_words(observed, synthetic, kind=None):
    """What `compare_variable` would show, in a sentence or three, without drawing it.

    Examples
    --------
    >>> in_words(pd.Series(["ann", "bob"], name="who"), pd.Series(["ann", "eve"], name="who"), kind="text")
    'who: 1 of 2 synthetic values are copies. 2 different values observed, 2 synthetic.'
    """
    return str(compare(observed, synthetic, kind))


class _Comparison:
    def __init__(self, observed, synthetic, kind):
        # A name of several lines would break the page of words, a line for each variable.
        self.kind, self.name = kind, "values" if observed.name is None else " ".join(str(observed.name).split())
        self.missing = observed.isna().mean(), synthetic.isna().mean()

    def __str__(self):
        first, second = self.missing
        missing = f" Missing: {first:.1%} observed, {second:.1%} synthetic." if abs(first - second) > 0.01 else ""
        return f"{self.name}: {self.finding}. {self.detail}{missing}"


class Numbers(_Comparison):
    """Two columns of numbers, dates or times. The first of these findings that holds is reported:

    1. values below 0, which the observed data do not have (more than 0.5%);
    2. much the same: the Kolmogorov-Smirnov distance is below 0.05;
    3. no difference beyond chance: that distance is below the 5% limit of its test;
    4. a middle half that is at least 25% wider or 20% narrower;
    5. a median that moved by more than a fifth of the observed middle half.
    """

    def __init__(self, observed, synthetic, kind):
        super().__init__(observed, synthetic, kind)
        try:
            self.scale = Scale.of(observed, kind)
            same_steps = Scale(kind, synthetic.dtype, self.scale.step)
            self.observed, self.synthetic = self.scale.to_numbers(observed), same_steps.to_numbers(synthetic)
        except (TypeError, ValueError, AttributeError):
            raise TableError(
                f"Column '{self.name}' cannot be compared as {kind}: it is {observed.dtype} in the observed data and "
                f"{synthetic.dtype} in the synthetic; give both the same type."
            ) from None
        self.negative = 0.0 if self.observed.min() < 0 or kind in ("date", "datetime") else (self.synthetic < 0).mean()
        self.finding = self._finding()
        low, middle, high = self._in_words([25, 50, 75])
        self.detail = (
            f"Median {middle[0]} observed, {middle[1]} synthetic; middle half {low[0]} to {high[0]} observed, "
            f"{low[1]} to {high[1]} synthetic."
        )

    def _finding(self):
        low, middle, high = np.percentile(self.observed, [25, 50, 75])
        low_s, middle_s, high_s = np.percentile(self.synthetic, [25, 50, 75])
        gap = largest_gap(self.observed, self.synthetic)
        if self.negative > 0.005:
            return f"{self.negative:.0%} of the synthetic values lie below 0"
        if gap < MUCH_THE_SAME:
            return "much the same"
        if gap < explained_by_chance(len(self.observed), len(self.synthetic)):
            return "no difference beyond chance"
        spread = (high_s - low_s) / (high - low) if high > low else 1
        if spread > 3:
            return f"synthetic spread {f'{spread:,.0f} times' if spread < 1e4 else 'far more than 1,000 times'} as wide"
        if not 0.8 <= spread <= 1.25:
            return f"synthetic spread {abs(spread - 1):.0%} {'wider' if spread > 1 else 'narrower'}"
        if abs(middle_s - middle) > 0.2 * (high - low):
            later = ("later", "earlier") if self.kind in ("date", "datetime", "time") else ("higher", "lower")
            return f"synthetic values lie {later[int(middle_s < middle)]}"
        return "the shapes differ"

    def _in_words(self, percentiles):
        """For each percentile a pair of words: observed, synthetic."""
        both = [np.percentile(values, percentiles) for values in (self.observed, self.synthetic)]
        if self.kind in ("continuous", "discrete"):
            words = [[number(value) for value in values] for values in both]
        elif self.kind == "duration":
            unit, size = self.clock()
            words = [[f"{number(value)} {unit}" for value in values * self.scale.step / size] for values in both]
        else:
            to_the_minute = np.ptp(self.observed) * self.scale.step > _DAY
            words = [self.scale.to_series(values).astype(str).str[: 16 if to_the_minute else None] for values in both]
        return list(zip(*words, strict=True))

    def clock(self):
        """The unit in which times are shown, and how many microseconds it has."""
        if self.kind == "time":
            return "hours", _HOUR
        longest = np.percentile(np.abs(self.observed), 75) * self.scale.step
        units = (("days", _DAY), ("hours", _HOUR), ("minutes", _MINUTE))
        return next(((unit, size) for unit, size in units if longest >= 2 * size), ("seconds", _SECOND))

    def edges(self):
        """Edges of about 40 bins over all but far-off values, and how many values lie outside.

        A side is cut at the percentile 0.25 or 99.5 if its tail is more than half as long as all between the two.
        """
        both = np.concatenate([self.observed, self.synthetic])
        low, high = np.percentile(both, [0.25, 99.5])
        longest_tail = 0.5 * (high - low)
        low = low if low - both.min() > longest_tail else both.min()
        high = high if both.max() - high > longest_tail else both.max()
        if self.scale.whole and np.abs(both).max() < 2**50:
            edges = self._whole_edges(low, high)
        else:
            margin = 0.0 if high > low else 0.5 + 0.01 * abs(low)
            edges = np.linspace(low - margin, high + margin, 41)
            if low < 0 < high:  # No bar may hold values of both sides of zero.
                width = edges[1] - edges[0]
                edges = width * np.arange(np.floor(low / width), np.ceil(high / width) + 1)
        return edges, int(((both < edges[0]) | (both > edges[-1])).sum())

    def _whole_edges(self, low, high):
        # Each bin holds equally many whole steps, and as many nights as days; else some bars stand out for no reason.
        width = max(1, np.ceil((high - low + 1) / 40))
        start = (np.floor(low / width) * width if low < 0 < high else np.floor(low)) - 0.5
        if self.kind in ("datetime", "time", "duration"):
            for steps in np.array([_DAY, _HOUR, _MINUTE]) / self.scale.step:
                if width > steps / 2:
                    start, width = np.floor(low / steps) * steps, np.ceil(width / steps) * steps
                    break
        return np.arange(start, high + width, width)


class Labels(_Comparison):
    """Two columns of labels, and their shares of all records; missing counts as a label.

    The finding names the label whose share differs most, if by 0.05 and by more than chance explains. If there is none, many
    small differences count when their sum (the total variation distance) exceeds by 0.05 what chance alone would bring.
    """

    def __init__(self, observed, synthetic, kind):
        super().__init__(observed, synthetic, kind)
        ordered = isinstance(observed.dtype, pd.CategoricalDtype) and observed.dtype.ordered
        order = _labels(observed.cat.categories).tolist() if ordered else []
        shares = pd.DataFrame({"observed": _shares(observed), "synthetic": _shares(synthetic)})
        shares = shares.reindex([*shares.index, *sorted({*order} - {*shares.index}, key=order.index)]).fillna(0.0)
        shares = shares.sort_values("observed", ascending=False, kind="stable")
        most = (shares["synthetic"] - shares["observed"]).abs().idxmax()
        self.finding = self._finding(shares, most, (len(observed), len(synthetic)))
        self.detail = f"Largest difference: '{most}', {shares.observed[most]:.1%} observed and {shares.synthetic[most]:.1%} synthetic."
        levels = shares.drop(index=MISSING, errors="ignore")
        if most in levels.index[MOST_LEVELS:]:
            kept = levels.index[: MOST_LEVELS - 1].append(pd.Index([most]))
            levels = pd.concat([levels.loc[kept], levels.drop(index=kept)])
        self.others = levels.iloc[MOST_LEVELS:]
        levels = levels.iloc[:MOST_LEVELS]
        if ordered:
            place = {level: number for number, level in enumerate(order)}
            levels = levels.sort_index(key=lambda index: index.map(lambda level: place.get(level, len(order))))
        #: The shares to draw: the most frequent levels, the one that differs most, and missing.
        self.shares = pd.concat([levels, shares[shares.index == MISSING]])

    def _finding(self, shares, most, sizes):
        difference = shares["synthetic"] - shares["observed"]
        if abs(difference[most]) >= max(MUCH_THE_SAME, explained_by_chance(*sizes)):
            level = MISSING if most == MISSING else f"'{shorten(most, 20)}'"
            return f"{level} is {'more' if difference[most] > 0 else 'less'} frequent in the synthetic data"
        if abs(difference[most]) >= MUCH_THE_SAME:
            return "no difference beyond chance"
        pooled = np.average(shares, axis=1, weights=sizes)
        by_chance = np.sqrt(2 / np.pi * pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1])).sum() / 2
        return (
            "many shares differ" if difference.abs().sum() / 2 > by_chance + MUCH_THE_SAME else "much the same shares"
        )


class Words(_Comparison):
    """Two columns of text or of keys: how many synthetic values also stand in the observed data."""

    def __init__(self, observed, synthetic, kind):
        super().__init__(observed, synthetic, kind)
        present = synthetic.dropna().astype(object)
        copied = int(present.isin(set(observed.dropna().astype(object))).sum())
        self.finding = f"{copied:,} of {len(present):,} synthetic values are copies"
        self.detail = f"{observed.nunique():,} different values observed, {synthetic.nunique():,} synthetic."


class Nothing(_Comparison):
    """One of the two columns holds no values."""

    def __init__(self, observed, synthetic, kind):
        super().__init__(observed, synthetic, kind)
        sides = [label for label, series in (("observed", observed), ("synthetic", synthetic)) if series.dropna().empty]
        self.finding = f"no {' and no '.join(sides)} values"
        self.detail = "There is nothing to compare."


def largest_gap(first, second):
    """The Kolmogorov-Smirnov distance: the largest gap between the two cumulative curves, from 0 to 1.

    >>> largest_gap(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    1.0
    """
    points = np.concatenate([first, second])
    curves = [np.searchsorted(np.sort(values), points, side="right") / len(values) for values in (first, second)]
    return float(np.abs(curves[0] - curves[1]).max())


def explained_by_chance(n, m):
    """The gap that two samples from one distribution, of n and m values, exceed only once in twenty times.

    The 5% limit of the Kolmogorov-Smirnov test in large samples: 1.358 √(1/n + 1/m) (Smirnov 1948).

    >>> round(float(explained_by_chance(200, 200)), 3)
    0.136
    """
    return 1.358 * np.sqrt(1 / n + 1 / m)


def number(value):
    """A number as people write it, with four digits that count.

    >>> number(1234567.8), number(0.123456)
    ('1,234,568', '0.1235')
    """
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:,.4g}"


def shorten(text, length):
    """Text that fits: its beginning and its end.

    >>> shorten("upper secondary education, general", 20)
    'upper seconda…eneral'
    """
    text = " ".join(str(text).split())
    return text if len(text) <= length else f"{text[: length - 7]}…{text[-6:]}"


def _column(series):
    if not isinstance(series, pd.Series):
        raise TableError(
            f"Expected a column (a pandas Series) but got {type(series).__name__}: choose one with df['name']."
        )
    return as_table(series).iloc[:, 0].rename(series.name)


def _labels(values):
    """Values as words; one that is called "missing" gets quotation marks, as it is not a missing value."""
    return pd.Series(values).astype(str).astype(object).replace({MISSING: f"“{MISSING}”"})


def _shares(series):
    labels = pd.concat([_labels(series.dropna()), pd.Series([MISSING] * int(series.isna().sum()), dtype=object)])
    return labels.value_counts(normalize=True)
