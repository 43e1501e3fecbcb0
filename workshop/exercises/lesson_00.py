"""The one exercise of notebook 00: it shows how a check works."""

from workshop.exercises.base import Exercise, Mistake


class CountRecords(Exercise):
    number = "0.1"
    answers = ("n_records",)
    given = ("observed",)

    def solve(self, observed):
        return {"n_records": len(observed)}

    def is_right(self, answer, given):
        return answer["n_records"] == len(given["observed"])

    def praise(self, answer, given):
        return f"{answer['n_records']:,.0f} records, one for each respondent. This is how every check in the workshop works."

    mistakes = (
        Mistake(
            "the number of the last row",
            lambda observed: {"n_records": len(observed) - 1},
            "That is the number of the last row. Python counts rows from 0, R from 1: there is one row more than this number.",
            lambda answer, given: answer["n_records"] == len(given["observed"]) - 1,
        ),
        Mistake(
            "columns",
            lambda observed: {"n_records": observed.shape[1]},
            "That is the number of columns: the variables. A record is a row. Try len(gifts).",
        ),
        Mistake(
            "cells",
            lambda observed: {"n_records": observed.size},
            "That is the number of cells: rows times columns. A record is a whole row. Try len(gifts).",
        ),
        Mistake(
            "complete records",
            lambda observed: {"n_records": len(observed.dropna())},
            "That counts only the records in which nothing is missing. Missing values are part of the data: count every row.",
        ),
        Mistake(
            "values in one column",
            lambda observed: {"n_records": int(observed.count().min())},
            ".count() leaves missing values out, so columns with gaps come out short. Try len(gifts).",
        ),
    )


EXERCISES = (CountRecords(),)
