"""The exercises of notebook 10: a noisy count, sensitivity, the budget, and coarse against noisy."""

from workshop.exercises.base import Exercise, Mistake, is_number


class NoisyCount(Exercise):
    """10.1: the scale of the noise, and a noisy count."""

    number = "10.1"
    answers = ("scale", "noisy")
    given = ("count", "epsilon")

    def solve(self, count, epsilon):
        return {"scale": 1 / epsilon, "noisy": count + 0.7 / epsilon}

    def is_right(self, answer, given):
        scale = 1 / given["epsilon"]
        # A Laplace draw is beyond 12 scales once in 160,000 times.
        return abs(answer["scale"] - scale) < 1e-6 and 0 < abs(answer["noisy"] - given["count"]) < 12 * scale

    def praise(self, answer, given):
        return f"The truth is {given['count']}, you publish {answer['noisy']:.1f}. Who was counted can always say: that was the noise."

    otherwise = "scale = 1 / 0.5, and noisy = count + rng.laplace(0, scale)."
    mistakes = (
        Mistake(
            "epsilon itself",
            lambda count, epsilon: {"scale": epsilon, "noisy": count + epsilon},
            "That is ε itself: a smaller ε must bring more noise, so divide by it.",
            lambda answer, given: is_number(answer["scale"]) and abs(answer["scale"] - given["epsilon"]) < 1e-9,
        ),
        Mistake(
            "the count as sensitivity",
            lambda count, epsilon: {"scale": count / epsilon, "noisy": count + 1.0},
            "That would hide everybody on the islands at once. One person changes the count by 1.",
            lambda answer, given: (
                is_number(answer["scale"]) and abs(answer["scale"] - given["count"] / given["epsilon"]) < 1e-6
            ),
        ),
        Mistake(
            "no noise",
            lambda count, epsilon: {"scale": 1 / epsilon, "noisy": count},
            "noisy is the true count: add one draw of rng.laplace(0, scale).",
            lambda answer, given: is_number(answer["noisy"]) and answer["noisy"] == given["count"],
        ),
        Mistake(
            "the noise alone",
            lambda count, epsilon: {"scale": 1 / epsilon, "noisy": 0.4 / epsilon},
            "That is the noise alone: add it to the count.",
            lambda answer, given: (
                is_number(answer["noisy"])
                and abs(answer["noisy"]) < 4 / given["epsilon"] < abs(answer["noisy"] - given["count"])
            ),
        ),
    )


class MoveAMean(Exercise):
    """10.2: the sensitivity of a mean between bounds."""

    number = "10.2"
    answers = ("moved_age", "moved_income")
    given = ("n", "ages", "incomes")

    def solve(self, n, ages, incomes):
        return {"moved_age": (ages[1] - ages[0]) / n, "moved_income": (incomes[1] - incomes[0]) / n}

    def praise(self, answer, given):
        return f"{answer['moved_age']:.3f} years and {answer['moved_income']:,.0f} euro. The more people, the less each one shows: large data sets need little noise."

    otherwise = "The distance between the bounds, divided by the number of people."
    mistakes = (
        Mistake(
            "not divided",
            lambda n, ages, incomes: {"moved_age": ages[1] - ages[0], "moved_income": incomes[1] - incomes[0]},
            "So far one person can move. The mean of 2,000 people moves 2,000 times less.",
        ),
        Mistake(
            "the upper bound alone",
            lambda n, ages, incomes: {"moved_age": ages[1] / n, "moved_income": incomes[1] / n},
            "A person of 90 cannot become 0 years old: the most is from 18 to 90.",
        ),
        Mistake(
            "half way",
            lambda n, ages, incomes: {name: value / 2 for name, value in MoveAMean().solve(n, ages, incomes).items()},
            "At most, one person goes the whole way from one bound to the other, not half of it.",
        ),
        Mistake(
            "upside down",
            lambda n, ages, incomes: {
                "moved_age": n / (ages[1] - ages[0]),
                "moved_income": n / (incomes[1] - incomes[0]),
            },
            "Upside down: divide the distance by the number of people.",
        ),
    )


class CountTheBudget(Exercise):
    """10.3: sequential composition."""

    number = "10.3"
    answers = ("together", "each")
    given = ("n", "epsilon", "budget")

    def solve(self, n, epsilon, budget):
        return {"together": n * epsilon, "each": budget / n}

    def praise(self, answer, given):
        return f"ε = {answer['together']:g} promises nothing any more. And with {answer['each']:g} for each answer, the noise of a count has a scale of {1 / answer['each']:,.0f}."

    otherwise = "ε of all answers is the sum: 1,000 times 0.5. And a budget of 1 in 1,000 equal parts?"
    mistakes = (
        Mistake(
            "only once",
            lambda n, epsilon, budget: {"together": epsilon, "each": budget / n},
            "Every answer costs again: ε of all of them is the sum.",
        ),
        Mistake(
            "the root",
            lambda n, epsilon, budget: {"together": n**0.5 * epsilon, "each": budget / n},
            "Errors add by their squares, budgets do not: ε of all is the plain sum. (There are finer rules, which promise a little less.)",
        ),
        Mistake(
            "the whole budget each time",
            lambda n, epsilon, budget: {"together": n * epsilon, "each": budget},
            "Then the first answer would spend everything. Divide the budget by the number of answers.",
        ),
        Mistake(
            "how many answers",
            lambda n, epsilon, budget: {"together": n * epsilon, "each": budget / epsilon},
            "That is how many answers at 0.5 the budget buys. Asked is the ε of each of 1,000.",
        ),
    )


class CoarseOrNoisy(Exercise):
    """10.4: how many bins are best for a strong and for a weak promise."""

    number = "10.4"
    answers = ("for_strong", "for_weak")
    given = ("gaps",)

    @staticmethod
    def _at_ends(gaps, best):
        """One figure for the smallest and one for the largest ε."""
        ends = gaps.loc[gaps.index.min()], gaps.loc[gaps.index.max()]
        return dict(zip(CoarseOrNoisy.answers, (float(best(line)) for line in ends), strict=True))

    def solve(self, gaps):
        return self._at_ends(gaps, lambda line: line.idxmin())

    def praise(self, answer, given):
        return f"{answer['for_strong']:.0f} bins where noise is large, {answer['for_weak']:.0f} where it is small: the stronger the promise, the simpler the model that keeps anything."

    otherwise = "In the line of 0.05, and in the line of 5: which column has the smallest gap?"
    mistakes = (
        Mistake(
            "the worst",
            lambda gaps: CoarseOrNoisy._at_ends(gaps, lambda line: line.idxmax()),
            "These have the largest gaps. The smaller the gap, the better.",
        ),
        Mistake(
            "swapped",
            lambda gaps: dict(zip(CoarseOrNoisy.answers, [*CoarseOrNoisy().solve(gaps).values()][::-1], strict=True)),
            "The two are swapped: a small ε is a strong promise.",
        ),
        Mistake(
            "the gap itself",
            lambda gaps: CoarseOrNoisy._at_ends(gaps, lambda line: line.min()),
            "These are gaps. Asked is how many bins have them: the top of the column.",
        ),
        Mistake(
            "the same for both",
            lambda gaps: dict.fromkeys(CoarseOrNoisy.answers, CoarseOrNoisy().solve(gaps)["for_weak"]),
            "One of the two is right. With much noise, fewer bins may be better.",
            lambda answer, given: (
                answer["for_strong"] == answer["for_weak"] in CoarseOrNoisy().solve(**given).values()
                and len(set(CoarseOrNoisy().solve(**given).values())) == 2
            ),
        ),
    )


EXERCISES = (NoisyCount(), MoveAMean(), CountTheBudget(), CoarseOrNoisy())
