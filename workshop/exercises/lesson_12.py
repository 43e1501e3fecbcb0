"""The exercises of notebook 12: a file of one's own mended, people set aside, a model chosen, and kinds of missing that come back."""

import pandas as pd

from workshop.exercises.base import Exercise, Mistake, describe_value, is_number
from workshop.first_look import look_over
from workshop.measures.attacks import split


def _is_table(value):
    return isinstance(value, pd.DataFrame) and len(value.columns) > 0 and value.columns.is_unique


def _certain(table):
    """What is beyond doubt, for a table that can be looked over."""
    return [finding for finding in look_over(table).findings if finding.certain]


class Mend(Exercise):
    """12.1: the lines that mend the table as it was read."""

    number = "12.1"
    answers = ("mended",)
    given = ("raw",)

    def solve(self, raw):
        look = look_over(raw)
        return {"mended": look.mended().drop(columns=list(self.may_go(raw)), errors="ignore")}

    @staticmethod
    def may_go(raw):
        """Columns that it is proposed to leave out."""
        return {finding.column for finding in look_over(raw).findings if finding.column not in finding.mend(raw)}

    @staticmethod
    def lost(answer, raw):
        """Whether values are missing that no proposed line takes out."""
        allowed = raw.isna().sum().to_dict()
        for finding in look_over(raw).findings:
            after = finding.mend(raw)
            if finding.column in after:
                allowed[finding.column] = max(allowed[finding.column], int(after[finding.column].isna().sum()))
        mended = answer["mended"]
        return any(mended[name].isna().sum() > allowed[name] for name in mended if name in allowed)

    @staticmethod
    def untouched(answer, raw):
        """Whether nothing was done although there was something to do."""
        return bool(_certain(raw)) and answer["mended"].equals(raw)

    @staticmethod
    def codes_left(answer, given):
        """Whether codes for missing are the only thing that is left."""
        left = _certain(answer["mended"])
        return bool(left) and all("for missing" in finding.what for finding in left)

    def flaw(self, answer, given):
        mended = answer["mended"]
        if not _is_table(mended):
            return f"mended should be a table (a pandas DataFrame), but it is {describe_value(mended)}."
        if len(mended) > len(given["raw"]):
            return f"mended has {len(mended):,} records, but {len(given['raw']):,} were read."
        left = _certain(mended)
        if left:
            return f"Not all of it yet: look_over(mended) still finds something in '{left[0].column}'. {left[0].what}"
        return None

    def is_right(self, answer, given):
        return set(given["raw"].columns) - set(answer["mended"].columns) <= self.may_go(given["raw"])

    def praise(self, answer, given):
        mended, raw = answer["mended"], given["raw"]
        says = f"All {len(mended):,} records are there, {mended.shape[1]} of {raw.shape[1]} columns, and nothing odd is left that is beyond doubt."
        left = [name for name in mended if name in self.may_go(raw)]
        return says + (f" '{left[0]}' is still there, though it points at people: are you sure?" if left else "")

    otherwise = "A column is gone that could be mended. Leave out only what look_over proposes to leave out."
    mistakes = (
        Mistake(
            "as it was read",
            lambda raw: {"mended": raw.copy()},
            "That is the table as it was read. Run the proposed lines on it first: they stand below the table of look_over, to copy.",
            lambda answer, given: _is_table(answer["mended"]) and Mend.untouched(answer, given["raw"]),
        ),
        Mistake(
            "records thrown out",
            lambda raw: {"mended": look_over(raw).mended().iloc[: len(raw) // 2]},
            "Records are gone. Who left something open is a person, too, and often a special one: missing values are part of the data.",
            lambda answer, given: _is_table(answer["mended"]) and len(answer["mended"]) < len(given["raw"]),
        ),
        Mistake(
            "columns thrown out",
            lambda raw: {"mended": raw.drop(columns=list(dict.fromkeys(finding.column for finding in _certain(raw))))},
            "You left out columns that one line can mend. Only what is the same for everybody, or names people, should go.",
            lambda answer, given: (
                _is_table(answer["mended"])
                and not set(given["raw"].columns) - set(answer["mended"].columns) <= Mend.may_go(given["raw"])
            ),
        ),
        Mistake(
            "values lost by force",
            lambda raw: {"mended": look_over(raw).mended().assign(**{raw.columns[1]: None})},
            "More is missing now than the file left open: some line threw away what it did not understand (errors='coerce' does that).",
            lambda answer, given: _is_table(answer["mended"]) and Mend.lost(answer, given["raw"]),
        ),
        Mistake(
            "codes for missing left in",
            lambda raw: {
                "mended": look_over(raw)
                .mended()
                .assign(**{one.column: raw[one.column] for one in _certain(raw) if "for missing" in one.what})
            },
            "Nearly: a code for missing is still a number. To a model somebody is 99 there. Use the line with .mask(…).",
            lambda answer, given: _is_table(answer["mended"]) and Mend.codes_left(answer, given),
        ),
    )


class SetAside(Exercise):
    """12.2: people and hold-out."""

    number = "12.2"
    answers = ("people", "others")
    given = ("mended",)

    def solve(self, mended):
        return dict(zip(self.answers, split(mended, 1 / 3, 1), strict=True))

    @staticmethod
    def records(table):
        """The records as numbers, sorted, so that tables can be compared whatever their order."""
        return sorted(pd.util.hash_pandas_object(table.astype(str), index=False))

    @staticmethod
    def share(answer, given):
        """The part of the table that is set aside."""
        return len(answer["others"]) / len(given["mended"]) if _is_table(answer["others"]) else 0.3

    @staticmethod
    def on_both_sides(answer, given):
        """Whether the two together are not the table."""
        both = pd.concat([answer["people"], answer["others"]])
        return SetAside.records(both) != SetAside.records(given["mended"])

    @staticmethod
    def in_order(answer, given):
        """Whether the first records are on one side and the last on the other."""
        first, mended = answer["people"], given["mended"]
        if not _is_table(first):
            return False
        beginnings = (mended.head(len(first)), mended.tail(len(first)))
        return any(first.reset_index(drop=True).equals(part.reset_index(drop=True)) for part in beginnings)

    def flaw(self, answer, given):
        for name in self.answers:
            if not _is_table(answer[name]):
                return f"{name} should be a table (a pandas DataFrame), but it is {describe_value(answer[name])}."
            if list(answer[name]) != list(given["mended"]):
                return f"{name} should have the columns of mended, all of them and in the same order."
        return None

    def is_right(self, answer, given):
        return not self.on_both_sides(answer, given)

    def praise(self, answer, given):
        return f"{len(answer['people']):,} for the models, {len(answer['others']):,} whom none of them will see."

    otherwise = (
        "The two together should be the table: everybody on exactly one side. split(mended, share=1/3, rng=1) does it."
    )
    mistakes = (
        Mistake(
            "nobody set aside",
            lambda mended: {"people": mended, "others": split(mended, 1 / 3, 1)[1]},
            "Everybody is in people, so the models would see the hold-out as well. Take both from one call of split.",
            lambda answer, given: _is_table(answer["people"]) and len(answer["people"]) == len(given["mended"]),
        ),
        Mistake(
            "the two swapped",
            lambda mended: {"people": split(mended, 1 / 3, 1)[1], "others": split(mended, 1 / 3, 1)[0]},
            "More people are set aside than are left for the models. share is the part that is set aside, and people come first.",
            lambda answer, given: SetAside.share(answer, given) > 0.55,
        ),
        Mistake(
            "too few",
            lambda mended: dict(zip(SetAside.answers, split(mended, 0.03, 1), strict=True)),
            "That is too few set aside: an attack on so few people says nothing for certain. A third is a good start.",
            lambda answer, given: SetAside.share(answer, given) < 0.1,
        ),
        Mistake(
            "the first and the last",
            lambda mended: {"people": mended.head(2 * len(mended) // 3), "others": mended.iloc[2 * len(mended) // 3 :]},
            "You cut the file in two where it stands. Files are often sorted (by place, by day), so the two sides are different people: draw by chance.",
            lambda answer, given: SetAside.in_order(answer, given),
        ),
        Mistake(
            "drawn twice",
            lambda mended: {
                "people": mended.sample(frac=2 / 3, random_state=1),
                "others": mended.sample(frac=1 / 3, random_state=2),
            },
            "Some are on both sides, and some on none: they were drawn twice. One call of split gives two halves that belong together.",
            lambda answer, given: (
                all(map(_is_table, answer.values()))
                and len(answer["people"]) + len(answer["others"])
                in range(len(given["mended"]) - 2, len(given["mended"]) + 3)
                and list(answer["people"]) == list(answer["others"]) == list(given["mended"])
                and SetAside.on_both_sides(answer, given)
            ),
        ),
    )


class ChooseAModel(Exercise):
    """12.3: the lowest risk among the models that support a use."""

    number = "12.3"
    answers = ("choice",)
    given = ("measured", "use")

    @staticmethod
    def supporting(measured, use):
        return measured.table[measured.table[use] > 0.5]

    def solve(self, measured, use):
        fit = self.supporting(measured, use)
        return {"choice": fit["risk"].idxmin() if len(fit) else "none"}

    def flaw(self, answer, given):
        names = [*given["measured"].table.index, "none"]
        if not isinstance(answer["choice"], str) or answer["choice"] not in names:
            listed = ", ".join(f'"{name}"' for name in names)
            return f"choice should be one of {listed}, but it is {describe_value(answer['choice'])}."
        return None

    def is_right(self, answer, given):
        fit = self.supporting(**given)
        if answer["choice"] == "none" or fit.empty:
            return answer["choice"] == "none" and fit.empty
        return answer["choice"] in fit.index and fit["risk"][answer["choice"]] == fit["risk"].min()

    def praise(self, answer, given):
        if answer["choice"] == "none":
            return f'No model supports "{given["use"]}" here. That is a finding: ask for less, or work with the real data in a secure room.'
        risk = given["measured"].table["risk"][answer["choice"]]
        return f'It supports "{given["use"]}", and its risk of {risk:.3f} is the lowest of those that do.'

    otherwise = "It supports the use, but another one does so at a lower risk. Compare the column risk."

    @staticmethod
    def supports(answer, given):
        return answer["choice"] in ChooseAModel.supporting(**given).index

    mistakes = (
        Mistake(
            "the lowest risk, whatever the use",
            lambda measured, use: {"choice": measured.table["risk"].idxmin()},
            "Its sample does not support your use: a 0 stands in that column. Strike out such rows first, then compare the risks.",
            lambda answer, given: (
                answer["choice"] in given["measured"].table.index and not ChooseAModel.supports(answer, given)
            ),
        ),
        Mistake(
            "the most useful",
            lambda measured, use: {"choice": measured.table["utility"].idxmax()},
            "That is the most useful one. Your use is supported at a lower risk as well: take as little as it needs.",
            lambda answer, given: (
                answer["choice"] == given["measured"].table["utility"].idxmax()
                and not ChooseAModel().is_right(answer, given)
            ),
        ),
        Mistake(
            "none, though one will do",
            lambda measured, use: {"choice": "none"},
            "There is a model that supports your use: look for a 1 in that column.",
            lambda answer, given: answer["choice"] == "none" and len(ChooseAModel.supporting(**given)) > 0,
        ),
    )


class WhoRefused(Exercise):
    """12.4: the share of one kind of missing, in both tables."""

    number = "12.4"
    answers = ("refused", "refused_before")
    given = ("synthetic", "observed")

    @staticmethod
    def shares(synthetic, observed, who):
        return {"refused": float(who(synthetic["income"])), "refused_before": float(who(observed["income"]))}

    def solve(self, synthetic, observed):
        return self.shares(synthetic, observed, lambda income: (income == -9).mean())

    def flaw(self, answer, given):
        for name in self.answers:
            if not is_number(answer[name]):
                return f"{name} should be one number, but it is {describe_value(answer[name])}."
        return None

    def praise(self, answer, given):
        return (
            f"{answer['refused']:.1%} of the new voters refuse, {answer['refused_before']:.1%} of the observed ones did: the kind of missing came back. "
            "With plain missing values nobody could tell."
        )

    otherwise = "For each table the share of records whose income is -9: (… == -9).mean()."
    mistakes = (
        Mistake(
            "those who do not know",
            lambda synthetic, observed: WhoRefused.shares(synthetic, observed, lambda income: (income == -8).mean()),
            "-8 is who does not know. A refusal is -9.",
        ),
        Mistake(
            "both kinds together",
            lambda synthetic, observed: WhoRefused.shares(synthetic, observed, lambda income: (income < 0).mean()),
            "That is everybody without an income, whatever the reason. Tell the kinds apart: only -9 is a refusal.",
        ),
        Mistake(
            "counts",
            lambda synthetic, observed: WhoRefused.shares(synthetic, observed, lambda income: (income == -9).sum()),
            "These are numbers of people. The tables have different sizes, so compare shares: .mean() instead of .sum().",
        ),
        Mistake(
            "among those without an income",
            lambda synthetic, observed: WhoRefused.shares(
                synthetic, observed, lambda income: (income == -9).sum() / (income < 0).sum()
            ),
            "That is the share among those without an income. Divide by everybody.",
        ),
        Mistake(
            "looked for missing values",
            lambda synthetic, observed: WhoRefused.shares(synthetic, observed, lambda income: income.isna().mean()),
            'No income is missing here: with user_missing="keep" a refusal is the number -9.',
        ),
        Mistake(
            "the two tables swapped",
            lambda synthetic, observed: WhoRefused.shares(observed, synthetic, lambda income: (income == -9).mean()),
            "The two are swapped: refused is about new_voters, refused_before about kept.",
        ),
    )


EXERCISES = (Mend(), SetAside(), ChooseAModel(), WhoRefused())
