"""The structure of codes, phone numbers and e-mail addresses, as a small regular expression that can be drawn from.

The idea is metasyn's (regexmodel, 2023): learn what such strings look like, not which ones there are. Ours looks at all
strings at once: each is cut into runs of digits, capitals, small letters and signs; strings with the same runs form a
shape; in each run, only what enough records share is kept as it is, everything else becomes a class such as [0-9]{4}.
The dialect is that of metasyn's files: literals, classes, {m,n} after a class, and groups (a|b).
"""

import re
from dataclasses import dataclass

import numpy as np

#: No string longer than this is taken for a code, and none is drawn.
LONGEST = 200
#: Strings that are looked at; of more, as many evenly spaced ones.
LOOKED_AT = 5_000
MOST_SHAPES = 30
_CHUNK = 100_000


@dataclass(frozen=True)
class Run:
    """Between `least` and `most` of some characters."""

    characters: str
    least: int = 1
    most: int = 1

    @property
    def is_literal(self):
        return len(self.characters) == 1 and self.least == self.most == 1

    @property
    def longest(self):
        return self.most

    def draw(self, n, rng):
        signs = np.array([ord(sign) for sign in self.characters], dtype=np.uint32)
        drawn = signs[rng.integers(0, len(signs), (n, self.most))] if len(signs) > 1 else np.full((n, self.most), signs)
        if self.least < self.most:
            drawn[np.arange(self.most) >= rng.integers(self.least, self.most + 1, n)[:, None]] = 0
        return drawn

    def __str__(self):
        if self.is_literal:
            return _escaped(self.characters)
        repeats = f"{{{self.least},{self.most}}}" if self.least < self.most else f"{{{self.most}}}"
        return f"[{_ranges(self.characters)}]{'' if self.least == self.most == 1 else repeats}"


@dataclass(frozen=True)
class Either:
    """One of several sequences, each with its weight."""

    options: tuple
    weights: tuple

    @property
    def longest(self):
        return max(_longest(option) for option in self.options)

    def draw(self, n, rng):
        weights = np.array(self.weights, dtype=float)
        chosen = rng.choice(len(weights), n, p=weights / weights.sum())
        drawn = np.zeros((n, self.longest), dtype=np.uint32)
        for number, option in enumerate(self.options):
            rows = np.flatnonzero(chosen == number)
            signs = _signs(option, len(rows), rng)
            drawn[rows, : signs.shape[1]] = signs
        return drawn

    def __str__(self):
        return f"({'|'.join(map(regex_of, self.options))})"


def draw_strings(sequence, n, rng):
    """n strings.

    Parameters
    ----------
    sequence : tuple of Run and Either
    n : int
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray of str

    Examples
    --------
    >>> draw_strings(parse(r"R\\-[0-9]{3}"), 2, np.random.default_rng(1))
    array(['R-457', 'R-901'], dtype='<U5')
    """
    parts = []
    for start in range(0, n, _CHUNK):
        signs = np.ascontiguousarray(_signs(sequence, min(_CHUNK, n - start), rng))
        parts.append(signs.view(f"<U{signs.shape[1]}")[:, 0] if signs.shape[1] else np.full(len(signs), ""))
    return np.concatenate(parts) if parts else np.array([], dtype=str)


def _signs(sequence, n, rng):
    """Code points in a row for each string, 0 after its end."""
    if not sequence:
        return np.zeros((n, 0), dtype=np.uint32)
    parts = [element.draw(n, rng) for element in sequence]
    signs = np.concatenate(parts, axis=1)
    if all(isinstance(one, Run) and one.least == one.most for one in sequence[:-1]):
        return signs
    present = signs > 0
    packed = np.zeros_like(signs)
    packed[np.arange(signs.shape[1]) < present.sum(axis=1)[:, None]] = signs[present]
    return packed


def _longest(sequence):
    return sum(element.longest for element in sequence)


def capacity(sequence):
    """How many different strings the pattern has, about (as a float: it can be huge)."""
    total = 1.0
    for one in sequence:
        if isinstance(one, Either):
            total *= sum(map(capacity, one.options))
        else:
            total *= float(len(one.characters)) ** min(one.most, 200)
    return total


def with_room_for(sequence, n):
    """The pattern, lengthened by as many digits as n different strings need.

    >>> regex_of(with_room_for(parse("A[0-9]"), 100))
    'A[0-9]{3}'
    """
    digits = 0
    while capacity(sequence) * 10.0**digits < 4 * n:
        digits += 1
    if not digits:
        return sequence
    last = sequence[-1] if sequence else None
    if isinstance(last, Run) and last.characters == "0123456789" and last.least == last.most:
        return (*sequence[:-1], Run(last.characters, last.least + digits, last.most + digits))
    return (*sequence, Run("0123456789", digits, digits))


def n_parameters(sequence):
    """How many numbers and characters a pattern is made of."""
    return sum(
        1 + len(one.weights) + sum(map(n_parameters, one.options)) if isinstance(one, Either) else 3 for one in sequence
    )


def regex_of(sequence):
    """The pattern as a regular expression.

    >>> regex_of((Run("A"), Run("-"), Run("0123456789", 2, 4)))
    'A\\\\-[0-9]{2,4}'
    """
    return "".join(map(str, sequence))


def counts_of(sequence, weight):
    """The weights as metasyn writes them: a number for each element and one for the end, a list of lists for a group."""
    return [
        [counts_of(option, share) for option, share in zip(one.options, _shared(one.weights, weight), strict=True)]
        if isinstance(one, Either)
        else weight
        for one in sequence
    ] + [weight]


def _shared(weights, total):
    return [max(1, round(weight / sum(weights) * total)) for weight in weights]


def _escaped(sign):
    return sign if sign == " " else re.escape(sign)  # just as metasyn's reader wants it


def _ranges(characters):
    codes = sorted(map(ord, set(characters)))
    cuts = [0, *(i for i in range(1, len(codes)) if codes[i] != codes[i - 1] + 1), len(codes)]
    words = []
    for start, end in zip(cuts[:-1], cuts[1:], strict=True):
        first, last = chr(codes[start]), chr(codes[end - 1])
        simple = end - start > 2 and first.isalnum() and last.isalnum()
        words.append(f"{first}-{last}" if simple else "".join(_escaped(chr(code)) for code in codes[start:end]))
    return "".join(words)


# --- reading -----------------------------------------------------------------------------------------------------------


def parse(regex, counts=None):
    """A pattern from a regular expression in the dialect of metasyn's files.

    Parameters
    ----------
    regex : str
    counts : list, optional
        metasyn's weights. Without them the options of a group are equally likely.

    Returns
    -------
    tuple of Run and Either

    Raises
    ------
    ValueError
        If the expression is broken, uses what the dialect does not have, or makes strings longer than 200 characters.
    """
    if not isinstance(regex, str):
        raise ValueError(f"a regular expression must be text; got {type(regex).__name__}")
    if len(regex) > 20_000:
        raise ValueError("the regular expression is longer than 20,000 characters")
    sequence, rest = _parse_sequence(regex, 0)
    if rest:
        raise ValueError(f"the regular expression breaks off before '{rest[:20]}'")
    if _longest(sequence) > LONGEST:
        raise ValueError(f"the regular expression makes strings of more than {LONGEST} characters")
    return sequence if counts is None else _weighted(sequence, counts)


def _parse_sequence(text, depth):
    if depth > 20:
        raise ValueError("the groups of the regular expression lie more than 20 deep")
    elements = []
    while text and text[0] not in "|)":
        sign = text[0]
        if sign == "(":
            element, text = _parse_group(text[1:], depth)
        elif sign == "[":
            characters, text = _parse_class(text[1:])
            element, text = _parse_repeats(characters, text)
        elif sign == "\\" and len(text) > 1:
            element, text = _parse_repeats("0123456789" if text[1] == "d" else text[1], text[2:])
        elif sign in "*+?.{}^$]\\":
            raise ValueError(f"the regular expression uses '{sign}', which these files do not have")
        else:
            element, text = Run(sign), text[1:]
        elements.append(element)
    return tuple(elements), text


def _parse_group(text, depth):
    options = []
    while True:
        option, text = _parse_sequence(text, depth + 1)
        options.append(option)
        if not text:
            raise ValueError("a group of the regular expression is not closed")
        sign, text = text[0], text[1:]
        if sign == ")":
            return Either(tuple(options), (1,) * len(options)), text


def _parse_class(text):
    if text.startswith("^"):
        raise ValueError("the regular expression uses '[^', which these files do not have")
    characters = []
    while text and text[0] != "]":
        first, text = (text[1:2], text[2:]) if text[0] == "\\" else (text[0], text[1:])
        if len(text) > 1 and text[0] == "-" and text[1] != "]":
            last, text = text[1], text[2:]
            if not first or ord(last) < ord(first) or ord(last) - ord(first) > 500:
                raise ValueError(f"the regular expression has a range '{first}-{last}' that makes no sense")
            characters += map(chr, range(ord(first), ord(last) + 1))
        else:
            characters.append(first)
    if not text or not "".join(characters):
        raise ValueError("a class [...] of the regular expression is empty or not closed")
    return "".join(dict.fromkeys(characters)), text[1:]


def _parse_repeats(characters, text):
    if not text.startswith("{"):
        return Run(characters), text
    inside, closed, rest = text[1:].partition("}")
    numbers = inside.split(",")
    if not closed or len(numbers) > 2 or not all(number.isdecimal() and len(number) < 7 for number in numbers):
        raise ValueError(
            f"the regular expression repeats '{{{inside[:12]}}}', which is no number of times up to {LONGEST}"
        )
    least, most = int(numbers[0]), int(numbers[-1])
    if not least <= most <= LONGEST:
        raise ValueError(f"the regular expression repeats '{{{inside}}}', which is no number of times up to {LONGEST}")
    return Run(characters, least, most), rest


def _weighted(sequence, counts):
    if not isinstance(counts, list) or len(counts) < len(sequence):
        raise ValueError("the counts of the regular expression do not belong to it")
    elements = []
    for element, count in zip(sequence, counts, strict=False):
        if isinstance(element, Either):
            if not isinstance(count, list) or len(count) != len(element.options):
                raise ValueError("the counts of the regular expression do not belong to it")
            options = tuple(_weighted(option, own) for option, own in zip(element.options, count, strict=True))
            weights = tuple(_total(own) for own in count)
            if not sum(weights) > 0:
                raise ValueError("the counts of a group of the regular expression add up to nothing")
            element = Either(options, weights)
        elements.append(element)
    return tuple(elements)


def _total(counts):
    first = counts[0] if isinstance(counts, list) and counts else counts
    if isinstance(first, list):
        return sum(map(_total, first))
    if isinstance(first, bool) or not isinstance(first, int | float) or not 0 <= first < 1e15:
        raise ValueError("the counts of the regular expression do not belong to it")
    return first


# --- learning ----------------------------------------------------------------------------------------------------------

_DIGIT, _CAPITAL, _SMALL, _FIRST_SIGN = 1, 2, 3, 4
#: How finely characters are told apart, finest first: small letters as capitals, then digits as well.
_MERGED = ({}, {_SMALL: _CAPITAL}, {_SMALL: _CAPITAL, _DIGIT: _CAPITAL})


def learn(strings, fewest):
    """The pattern that most of the strings follow.

    Parameters
    ----------
    strings : numpy.ndarray or list of str
    fewest : int
        A shape or a piece of text is kept only if at least so many strings have it.

    Returns
    -------
    pattern : tuple of Run and Either, or None
        None where there is no structure.
    covered : float
        The share of the strings that follow it.
    """
    some = np.asarray(strings[:: -(-len(strings) // LOOKED_AT)], dtype=str)
    length = some.dtype.itemsize // 4
    if length > LONGEST or length == 0 or len(some) < fewest:
        return None, 0.0
    signs = np.ascontiguousarray(some).view(np.uint32).reshape(len(some), length)
    present = np.unique(signs[signs > 0])
    classes, class_of = _classes(present), np.zeros(signs.max() + 1, dtype=np.uint8)
    best, covered = None, 0.0
    for merged in _MERGED:
        class_of[present] = [merged.get(one, one) for one in classes]
        kinds = class_of[signs]
        shapes = _shapes(kinds, fewest)
        share = sum(len(rows) for rows in shapes) / len(some)
        simpler = best is not None and share > covered - 0.02 and len(shapes) * 4 < len(best[2])
        if simpler or share > covered + 0.02:
            starts = np.diff(kinds, axis=1, prepend=0) != 0
            best, covered = (signs, starts, shapes), share
    if covered < 0.8:
        return None, covered
    signs, starts, shapes = best
    options = tuple(_sequence(signs[rows], starts[rows], fewest) for rows in shapes)
    return (options[0] if len(options) == 1 else (Either(options, tuple(map(len, shapes))),)), covered


def _classes(codes):
    """For each code point: digit, capital, small letter, or a sign of its own."""
    signs = iter(range(_FIRST_SIGN, 255))
    return [
        _DIGIT
        if chr(code).isdecimal()
        else _CAPITAL
        if chr(code).isupper()
        else _SMALL
        if chr(code).isalpha()
        else next(signs, 255)
        for code in codes.tolist()
    ]


def _shapes(kinds, fewest):
    """The rows of each shape that enough strings have, the most frequent first."""
    starts = np.diff(kinds, axis=1, prepend=0) != 0
    starts &= kinds > 0
    runs = np.zeros_like(kinds)
    runs[np.arange(kinds.shape[1]) < starts.sum(axis=1)[:, None]] = kinds[starts]
    _, shape, counts = np.unique(runs.view(f"S{runs.shape[1]}")[:, 0], return_inverse=True, return_counts=True)
    enough = max(fewest, 0.005 * len(kinds))
    order = [number for number in np.argsort(-counts, kind="stable")[:MOST_SHAPES] if counts[number] >= enough]
    return [np.flatnonzero(shape == number) for number in order]


def _sequence(signs, starts, fewest):
    """The pattern of strings of one shape."""
    number = np.cumsum(starts, axis=1) * (signs > 0)
    elements = []
    for run in range(1, number.max() + 1):
        inside = number == run
        lengths = inside.sum(axis=1)
        block = np.zeros((len(signs), lengths.max()), dtype=np.uint32)
        block[np.arange(lengths.max()) < lengths[:, None]] = signs[inside]
        elements += _words(block, fewest) or _characters(block, lengths, fewest)
    return tuple(elements)


def _words(block, fewest):
    """The run as one of a few words, if it is: each word is shared by enough strings."""
    words, counts = np.unique(block.view(f"<U{block.shape[1]}")[:, 0], return_counts=True)
    kept = counts >= max(fewest, 0.01 * len(block))
    most = 3 if words[0].isdecimal() else 20
    if not 0 < kept.sum() <= most or counts[kept].sum() < 0.95 * len(block):
        return None
    options = tuple(tuple(map(Run, str(word))) for word in words[kept])
    return options[0] if len(options) == 1 else (Either(options, tuple(counts[kept].tolist())),)


def _characters(block, lengths, fewest):
    """The run as classes of characters: one for each place if all are of one length, else one for all places."""
    if lengths.min() < lengths.max() or block.shape[1] > 16:
        return [Run(_class_of(block, fewest), int(lengths.min()), int(lengths.max()))]
    runs = []
    for place in range(block.shape[1]):
        characters = _class_of(block[:, place], fewest)
        if runs and runs[-1].characters == characters:
            runs[-1] = Run(characters, runs[-1].least + 1, runs[-1].most + 1)
        else:
            runs.append(Run(characters))
    return runs


def _class_of(signs, fewest):
    """The characters of a class. One that few strings have is left out, unless its whole alphabet is in use."""
    codes, counts = np.unique(signs[signs > 0], return_counts=True)
    found = {chr(code) for code, count in zip(codes, counts, strict=True) if count >= fewest} or set(map(chr, codes))
    if len(found & set("0123456789")) >= 7:
        found |= set("123456789" if "0" not in found else "0123456789")
    for alphabet in ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"):
        if len(found & set(alphabet)) >= 12:
            found |= set(alphabet)
    return "".join(sorted(found))
