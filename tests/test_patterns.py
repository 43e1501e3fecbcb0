"""Patterns of text: learned strings are valid, nothing rare is kept, broken expressions are refused."""

import re
import time

import numpy as np
import pandas as pd
import pytest

from workshop.models.patterns import counts_of, draw_strings, learn, parse, regex_of
from workshop.models.texts import FreeText, Pattern, TextDate

R = np.random.default_rng(1)
N = 2000
LETTERS = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
FIRST, LAST = ["anna", "bob", "carla", "dirk", "eva", "finn"], ["smith", "jones", "jansen", "visser", "bakker"]
STRINGS = {
    "postcodes": ([f"{R.integers(1000, 9999)} {''.join(R.choice(LETTERS, 2))}" for _ in range(N)], r"[1-9]\d{3} [A-Z]{2}", 1),
    "phones": ([f"+31 6 {R.integers(10**7, 10**8)}" for _ in range(N)], r"\+31 6 \d{8}", 1),
    "codes": ([f"{R.choice(['NL', 'BE'])}-{R.integers(1000, 9999)}-{R.choice(LETTERS)}" for _ in range(N)], r"(NL|BE)-[1-9]\d{3}-[A-Z]", 1),
    "two shapes": ([R.choice([f"06-{R.integers(10**7, 10**8)}", f"(0{R.integers(10, 99)}) {R.integers(100, 999)}"]) for _ in range(N)], r"06-\d{8}|\(0\d\d\) \d{3}", 1),
    "hexadecimal": ([f"{R.integers(2**60):015x}" for _ in range(N)], r"[0-9a-f]{15}", 1),
    "e-mail": ([f"{R.choice(FIRST)}{R.choice(['.', '_', ''])}{R.choice(LAST)}{R.integers(1, 99)}@{R.choice(['gmail.com', 'uu.nl'])}" for _ in range(N)], r"[a-z]+[._]?[a-z]*\d*@[a-z]+\.[a-z]{2,3}", 0.9),
}  # fmt: skip


@pytest.mark.parametrize("name", STRINGS)
def test_drawn_strings_are_valid(name):
    strings, regex, share = STRINGS[name]
    pattern, covered = learn(strings, fewest=11)
    drawn = draw_strings(pattern, 2000, np.random.default_rng(2))
    assert covered > 0.95
    assert np.mean([re.fullmatch(regex, one) is not None for one in drawn]) >= share
    assert all(re.fullmatch(regex_of(pattern), one) for one in drawn[:200])
    again = parse(regex_of(pattern), counts_of(pattern, 1000))
    assert (
        np.mean([re.fullmatch(regex, one) is not None for one in draw_strings(again, 500, np.random.default_rng(2))])
        >= share
    )


@pytest.mark.parametrize("name", STRINGS)
def test_a_rare_string_leaves_no_trace(name):
    pattern, _ = learn(STRINGS[name][0] + ["SECRET-canary", "ÿ~¿"], fewest=11)
    assert not re.search("SECRET|canary|ÿ|¿", regex_of(pattern))


def test_sentences_have_no_pattern():
    words = R.choice(FIRST + LAST + ["a", "Sunday,", "12", "to-day"], (500, 9))
    assert learn([" ".join(row[: R.integers(1, 9)]) for row in words], fewest=11)[0] is None


@pytest.mark.parametrize(
    "regex",
    ["(a|b", "[abc", "[]", "a*", "a+", "[^a]", "a)", "[a-z]{3", "[a-z]{2,1}", "[a-z]{1000000000}", "[a-z]{x}", "(" * 50 + "a" + ")" * 50, "a" * 10**6, None, 7, "[z-a]", "\\"],
)  # fmt: skip
def test_a_broken_expression_is_refused_at_once(regex):
    started = time.perf_counter()
    with pytest.raises(ValueError, match="regular expression"):
        parse(regex)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("counts", [[1], {}, "x", [[1], [2]], [[[0], [0]], 1], [[["a"], ["b"]], 1], [[[-1], [2]], 1]])
def test_counts_of_another_expression_are_refused(counts):
    with pytest.raises(ValueError, match="counts"):
        parse("(a|b)", counts)


def test_weights_are_kept():
    drawn = draw_strings(parse("(a|b)", [[[30, 30], [70, 70]], 100]), 20_000, np.random.default_rng(1))
    assert (drawn == "a").mean() == pytest.approx(0.3, abs=0.02)


def test_unique_strings_never_repeat_and_grow_where_there_is_no_room():
    drawn = Pattern(parse("A[0-9]{2}"), unique=True).sample(5000, np.random.default_rng(1))
    assert len(set(drawn)) == 5000 and all(re.fullmatch(r"A\d{5}", one) for one in drawn)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"])
def test_dates_in_text_are_recognised_and_drawn_within_their_bounds(form):
    days = pd.Timestamp("2019-03-01") + pd.to_timedelta(R.integers(0, 10**8, 500), unit="s")
    family = TextDate.fit(pd.Series(days.strftime(form)))
    assert family.format == form
    drawn = pd.to_datetime(pd.Series(family.sample(3000, np.random.default_rng(1))), format=form)
    first, last = pd.to_datetime(pd.Series(days.strftime(form)), format=form).agg(["min", "max"])
    assert drawn.min() >= first and drawn.max() <= last
    elsewhere = family.as_pattern.sample(500, np.random.default_rng(1))
    assert pd.to_datetime(pd.Series(elsewhere), format=form).notna().all()


def test_free_text_repeats_no_word():
    texts = pd.Series(["Grandmother hid the silver. Then she left."] * 50)
    family = FreeText.fit(texts)
    drawn = " ".join(family.sample(500, np.random.default_rng(1))).lower()
    assert not set(re.findall(r"\w+", drawn)) & set(re.findall(r"\w{4,}", " ".join(texts).lower()))
    assert len(drawn.split()) / 500 == pytest.approx(7, abs=0.7)
