"""Exercise 1.3: incomes without negative ones, and the ways in which people get rid of them."""

import numpy as np
from scipy import stats

from workshop.exercises import samples
from workshop.exercises.base import Exercise, Mistake, describe_value, numbers


class MendNegatives(Exercise):
    """1.3: incomes that cannot be negative."""

    number = "1.3"
    answers = ("mended",)
    given = ("observed",)

    def solve(self, observed):
        income = numbers(observed)
        logs = np.log(income[income > 0])
        return {"mended": np.exp(_rng().normal(logs.mean(), logs.std(ddof=1), len(observed)))}

    def flaw(self, answer, given):
        mended, n = answer["mended"], len(given["observed"])
        if np.ndim(mended) != 1:
            return f"mended should be a column of {n:,} incomes, but it is {describe_value(mended)}."
        missing = np.isnan(np.asarray(mended, dtype=float)).mean()
        # Whoever leaves as many incomes missing as there are in the data has thought one step further.
        if missing > 0.05 + np.isnan(np.asarray(given["observed"], dtype=float)).mean():
            return (
                f"{missing:.0%} of your incomes are missing. The logarithm of 0, or of a number below, does not exist: "
                "take it of the observed incomes, log_income = np.log(income[income > 0]), and not of draws."
            )
        if len(mended) not in samples.sizes(given["observed"]):
            return f"mended holds {len(mended):,} incomes, but there should be {n:,}: one for each respondent, size=len(income)."
        return None

    def is_right(self, answer, given):
        # Clearly nearer to the data than the plain normal distribution: by a fifth, or by more than chance does among so many.
        plain, by_chance = samples.distance_of_normal(given["observed"]), 1.36 / np.sqrt(len(answer["mended"]))
        return samples.distance(answer["mended"], given["observed"]) < max(0.8 * plain, plain - by_chance)

    def praise(self, answer, given):
        return (
            "Nobody has a negative income, and the shape is better too: the largest gap between the two cumulative curves "
            f"fell from {samples.distance_of_normal(given['observed']):.2f} (plain normal) to {samples.distance(answer['mended'], given['observed']):.2f}."
        )

    otherwise = (
        "No income is negative, but the shape is no better than the plain normal one. Try the logarithm of income."
    )
    mistakes = (
        Mistake(
            "still negative",
            lambda observed: {"mended": samples.normal_draws(observed, _rng())},
            "Some incomes are still below zero. Fit and draw on a scale on which every value is possible: the logarithm.",
            lambda answer, _: bool((np.asarray(answer["mended"], dtype=float) < 0).any()),
        ),
        Mistake(
            "the log not undone",
            lambda observed: {"mended": np.log(MendNegatives().solve(observed)["mended"])},
            "These are logarithms of incomes. Bring them back to euros with np.exp.",
            lambda answer, given: (
                np.nanmedian(answer["mended"]) < 2 * np.log(np.median(samples.positive(given["observed"])))
                and np.median(samples.positive(given["observed"])) > 50
            ),
        ),
        Mistake(
            "euros in np.exp",
            # What np.exp makes of euros, without its warning.
            lambda observed: {"mended": np.where(samples.normal_draws(observed, _rng()) > 709, np.inf, 0.0)},
            "Some of your incomes are infinite: np.exp got euros. It undoes a logarithm, so draw logarithms of incomes first.",
            lambda answer, given: bool(np.isinf(np.asarray(answer["mended"], dtype=float)).any()),
        ),
        Mistake(
            "negatives dropped",
            lambda observed: {"mended": (draws := samples.normal_draws(observed, _rng()))[draws >= 0]},
            "Some people are gone: the negative ones were dropped. Your synthetic table must have as many records as before.",
            lambda answer, given: (
                np.ndim(answer["mended"]) == 1
                and len(answer["mended"]) < len(given["observed"])
                and len(answer["mended"]) not in samples.sizes(given["observed"])
                and _cut_off(answer, given)
            ),
        ),
        Mistake(
            "negatives made missing",
            lambda observed: {"mended": np.where((draws := samples.normal_draws(observed, _rng())) < 0, np.nan, draws)},
            "The negative incomes are missing now. In the data somebody's income is missing if they do not tell it, "
            "not because a model made nonsense of it. Model the logarithm instead.",
            lambda answer, given: (
                bool(np.isnan(np.asarray(answer["mended"], dtype=float)).any()) and _cut_off(answer, given)
            ),
        ),
        Mistake(
            "clipped",
            lambda observed: {"mended": np.clip(samples.normal_draws(observed, _rng()), 0, None)},
            "Every negative income became exactly the same value. Look at the picture: "
            "a heap of people at one income that nobody in the real data has.",
            lambda answer, given: samples.heap(answer["mended"]) > samples.heap(numbers(given["observed"])) + 0.02,
        ),
        Mistake(
            "observed records",
            lambda observed: {"mended": _rng().choice(numbers(observed), len(observed))},
            "These are the observed incomes, drawn again. Nothing is negative, but every value is a real person's. "
            "Draw from a model instead.",
            lambda answer, given: (
                samples.mostly_distinct(given["observed"])
                and np.isin(numbers(answer["mended"]), numbers(given["observed"])).mean() > 0.9
            ),
        ),
        Mistake(
            "folded",
            lambda observed: {"mended": np.abs(samples.normal_draws(observed, _rng()))},
            "The sign was taken off: somebody with -20,000 now earns 20,000. "
            "That puts too many people at low incomes, for no reason in the data. Model the logarithm instead.",
            lambda answer, given: _follows(
                answer, given, lambda x, mu, sd: stats.foldnorm.cdf(x, abs(mu) / sd, scale=sd)
            ),
        ),
        Mistake(
            "drawn again until positive",
            lambda observed: {"mended": samples.redrawn(observed, _rng())},
            "Nothing is negative any more, but the mean has moved up and the shape is still a bell with its left side cut off. "
            "Model the logarithm instead.",
            lambda answer, given: _cut_off(answer, given),
        ),
        Mistake(
            "logarithms of the mean and the standard deviation",
            lambda observed: {
                "mended": np.exp(
                    _rng().normal(np.log(numbers(observed).mean()), np.log(numbers(observed).std()), len(observed))
                )
            },
            "You took the logarithms of μ and σ. Take the logarithm of every income first, "
            "and then the mean and the standard deviation of these logarithms.",
            lambda answer, given: _sd_of_logs(answer["mended"]) > 3 * max(1, _sd_of_logs(given["observed"])),
        ),
        Mistake(
            "two kinds of logarithm",
            lambda observed: {
                "mended": np.exp(
                    _rng().normal(
                        np.log10(samples.positive(observed)).mean(),
                        np.log10(samples.positive(observed)).std(),
                        len(observed),
                    )
                )
            },
            "You took np.log10 and undid it with np.exp, which belongs to np.log. Use 10 ** draws, or np.log.",
            lambda answer, given: np.isclose(
                np.log(np.nanmedian(answer["mended"])),
                np.log10(np.median(samples.positive(given["observed"]))),
                rtol=0.02,
            ),
        ),
        Mistake(
            "the variance of the logarithms",
            lambda observed: {
                "mended": np.exp(
                    _rng().normal(
                        np.log(samples.positive(observed)).mean(),
                        np.log(samples.positive(observed)).var(),
                        len(observed),
                    )
                )
            },
            "The spread is too small: you drew with the variance of the logarithms. rng.normal wants their standard deviation, .std().",
            lambda answer, given: (
                abs(_sd_of_logs(given["observed"]) - 1) > 0.2
                and np.isclose(_sd_of_logs(answer["mended"]), _sd_of_logs(given["observed"]) ** 2, rtol=0.1)
            ),
        ),
    )


def _cut_off(answer, given):
    """Whether the incomes follow the fitted normal distribution with everything below zero cut off."""
    return _follows(answer, given, lambda x, mu, sd: stats.truncnorm.cdf(x, -mu / sd, np.inf, loc=mu, scale=sd))


def _follows(answer, given, cdf):
    # A few values follow many a distribution.
    enough = len(answer["mended"]) > len(given["observed"]) / 2
    return enough and samples.follows(answer["mended"], given["observed"], cdf)


def _sd_of_logs(values):
    return float(np.log(samples.positive(values)).std())


def _rng():
    return np.random.default_rng(1)
