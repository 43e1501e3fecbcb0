"""Families of text: a learned pattern, dates written as text, names made up by faker, and filler for free text.

None of them can repeat what a person wrote: patterns keep only what many records share, filler is Latin.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from workshop.models import patterns
from workshop.models.families import Family

_FORMATS = (
    "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y",
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M",
)  # fmt: skip
_FILLER = (
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna "
    "aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat"
).split()
#: So many different texts or names are made; longer tables draw them again.
_POOL = 5_000


@dataclass(frozen=True)
class TextFamily(Family):
    """A family of strings. There is no likelihood: the structure decides."""

    @property
    def n_free(self):
        return len(self.parameters)


@dataclass(frozen=True)
class Pattern(TextFamily):
    """Strings of a learned structure, written as a regular expression; `unique` ones never repeat."""

    name = "regex"
    sequence: tuple
    unique: bool = False

    @property
    def parameters(self):
        return {"regex": patterns.regex_of(self.sequence)}

    @property
    def n_free(self):
        return patterns.n_parameters(self.sequence)

    def sample(self, n, rng, whole=False):
        if not self.unique:
            return patterns.draw_strings(self.sequence, n, rng)
        sequence = patterns.with_room_for(self.sequence, n)
        drawn = patterns.draw_strings(sequence, n, rng)
        while True:
            repeated = np.flatnonzero(pd.Series(drawn).duplicated())
            if not len(repeated):
                return drawn
            drawn[repeated] = patterns.draw_strings(sequence, len(repeated), rng)


@dataclass(frozen=True)
class TextDate(TextFamily):
    """Dates or date-times written as text in one format, every one between two bounds equally likely."""

    name = "text_date"
    format: str
    lower: str
    upper: str

    @classmethod
    def fit(cls, strings, keep=1):
        """The format that all strings follow, or None. The bounds are the `keep`-th smallest and largest."""
        some = strings.iloc[:: -(-len(strings) // 1000)]
        for form in _FORMATS:
            if not _is_written(some.iloc[0], form):
                continue
            if pd.to_datetime(some, format=form, errors="coerce").notna().all():
                moments = pd.to_datetime(strings, format=form, errors="coerce").dropna().sort_values()
                if len(moments) < max(0.99 * len(strings), 2 * keep):
                    return None
                ends = moments.iloc[[keep - 1, -keep]].dt.strftime("%Y-%m-%dT%H:%M:%S")
                return cls(form, *ends)
        return None

    @property
    def _by_day(self):
        return "%H" not in self.format

    def sample(self, n, rng, whole=False):
        first, last = (datetime.fromisoformat(end) for end in (self.lower, self.upper))
        if self._by_day:
            days = pd.date_range(first.date(), last.date()).strftime(self.format).to_numpy(dtype=object)
            return days[rng.integers(0, len(days), n)]
        seconds = rng.integers(0, int((last - first).total_seconds()) + 1, n).astype("timedelta64[s]")
        return pd.Series(np.datetime64(first, "s") + seconds).dt.strftime(self.format).to_numpy(dtype=object)

    @property
    def as_pattern(self):
        """A regular expression whose strings are all valid dates, for programs that know no dates in text."""
        parts = {
            "%Y": "(19|20)[0-9]{2}", "%m": "(0[1-9]|1[0-2])", "%d": "(0[1-9]|1[0-9]|2[0-8])",
            "%H": "(0[0-9]|1[0-9]|2[0-3])", "%M": "[0-5][0-9]", "%S": "[0-5][0-9]",
        }  # fmt: skip
        regex = "".join(sign if sign.isalnum() or sign == "%" else f"\\{sign}" for sign in self.format)
        for mark, written in parts.items():
            regex = regex.replace(mark, written)
        return Pattern(patterns.parse(regex))


def _is_written(text, form):
    try:
        return bool(datetime.strptime(text, form))
    except ValueError:
        return False


@dataclass(frozen=True)
class FreeText(TextFamily):
    """Filler with the observed number of sentences and words, and nothing of what was said."""

    name = "freetext"
    locale: str
    avg_sentences: float | None
    avg_words: float

    @classmethod
    def fit(cls, strings, locale="en_US"):
        strings = strings.iloc[:: -(-len(strings) // _POOL)]
        sentences = strings.str.count(r"[.!?]+(?:\s|$)").mean()
        words = strings.str.count(r"\w+").mean()
        return cls(locale, round(float(sentences), 1), round(float(words), 1))

    def sample(self, n, rng, whole=False):
        made = min(n, _POOL)
        lengths = np.clip(rng.poisson(self.avg_words, made), 1, 500)
        words = np.array(_FILLER)[rng.integers(0, len(_FILLER), int(lengths.sum()))]
        every = max(1, round(self.avg_words / self.avg_sentences)) if self.avg_sentences else 0
        texts = np.array(
            [_punctuated(text.tolist(), every) for text in np.split(words, np.cumsum(lengths)[:-1])], dtype=object
        )
        return texts[rng.integers(0, made, n)] if n > made else texts


def _punctuated(words, every):
    if not every:
        return " ".join(words)
    sentences = [words[start : start + every] for start in range(0, len(words), every)]
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)


@dataclass(frozen=True)
class Faker(TextFamily):
    """Made-up names, addresses or jobs of one language, from the package faker.

    `faker_type` is one of its providers ("first_name", "city", "job" …), `locale` a language and country ("nl_NL").
    """

    name = "faker"
    faker_type: str
    locale: str = "en_US"
    unique: bool = False

    def __post_init__(self):
        for setting in (self.faker_type, self.locale):
            if not isinstance(setting, str) or not setting.replace("_", "").isalnum() or setting.startswith("_"):
                raise ValueError(f"faker knows no '{setting}'")

    def sample(self, n, rng, whole=False):
        try:
            import faker
        except ImportError:
            raise ImportError("Made-up names need the package faker: pip install faker.") from None
        try:
            source = faker.Faker(self.locale)
            source.seed_instance(int(rng.integers(2**32)))
            make = getattr(source.unique if self.unique else source, self.faker_type)
            made = [str(make()) for _ in range(n if self.unique else min(n, _POOL))]
        except (AttributeError, TypeError):
            raise ValueError(f"faker knows no '{self.faker_type}' in '{self.locale}'") from None
        except faker.exceptions.UniquenessException:
            raise ValueError(f"faker has fewer than {n:,} different values of '{self.faker_type}'") from None
        made = np.array(made, dtype=object)
        return made[rng.integers(0, len(made), n)] if len(made) < n else made
