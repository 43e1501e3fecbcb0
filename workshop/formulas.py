"""Formulas and conditions that a person writes about a table: `weight / (height / 100) ** 2`, `age < 18 and region == "west"`.

They look like Python and are read with Python's own parser, but nothing is ever executed: only the signs and functions
listed here are known, and each works on whole columns at once. A comparison with a missing value is false.
"""

import ast
import operator
import re

import numpy as np
import pandas as pd

LONGEST = 1_000

_ARITHMETIC = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARISONS = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _years(first, last):
    """Whole years from one date to another, as one counts birthdays."""
    first, last = _dates(first), _dates(last)
    not_yet = np.less(last.month * 100 + last.day, first.month * 100 + first.day)
    return pd.Series(np.atleast_1d(last.year - first.year - not_yet).astype(float))


def _days(first, last):
    return pd.Series(np.atleast_1d((_dates(last) - _dates(first)) / pd.Timedelta(days=1)))


def _part(name):
    return lambda dates: pd.Series(np.atleast_1d(getattr(_dates(dates), name)).astype(float))


def _dates(values):
    return pd.DatetimeIndex(pd.to_datetime(values)) if isinstance(values, pd.Series) else pd.Timestamp(values)


#: The functions that a formula may call.
FUNCTIONS = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "log": np.log,
    "log1p": np.log1p,
    "exp": np.exp,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": lambda x, digits=0.0: np.round(x, int(digits)),
    "min": np.minimum,
    "max": np.maximum,
    "missing": pd.isna,
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "hour": _part("hour"),
    "days": _days,
    "years": _years,
}


class Formula:
    """A formula of the columns of a table.

    Parameters
    ----------
    text : str
        Names of columns (in backticks where they hold a space), numbers, text in quotes, `+ - * / // % **`, comparisons, `in`,
        `and`, `or`, `not`, `… if … else …`, and the functions in `FUNCTIONS`: `years(born, "2025-06-30")` counts whole years.

    Attributes
    ----------
    names : tuple of str
        The columns that it needs.

    Raises
    ------
    ValueError
        If it cannot be read, or holds anything else.

    Examples
    --------
    >>> people = pd.DataFrame({"weight": [80.0, 60.0], "height": [200, 150]})
    >>> Formula("weight / (height / 100) ** 2").of(people).round(2).tolist()
    [20.0, 26.67]
    >>> Formula("height > 160 or weight == 60").holds(people).tolist()
    [True, True]
    >>> Formula("open('secret.txt')")
    Traceback (most recent call last):
    ValueError: The formula "open('secret.txt')" calls 'open'; it may call abs, ceil, day, days, exp, floor, hour, log, log1p, max, min, missing, month, round, sqrt, year, years.
    """

    def __init__(self, text):
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
            raise ValueError(f"A formula must be text of at most {LONGEST:,} signs; got {text!r:.60}.")
        self.text = text
        quoted = []

        def placeholder(found):
            quoted.append(found.group(1))
            return f"_column_{len(quoted) - 1}_"

        try:
            tree = ast.parse(re.sub(r"`([^`]+)`", placeholder, text.strip()), mode="eval").body
            self._columns = {f"_column_{number}_": name for number, name in enumerate(quoted)}
            self._check(tree)
        except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
            if isinstance(error, ValueError) and str(error).startswith("The formula"):
                raise
            hint = " Equality is written ==, with two signs." if re.search("(?<![=<>!])=(?!=)", text) else ""
            raise ValueError(f'The formula "{text:.60}" cannot be read.{hint}') from None
        self._tree = tree
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        found = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)
        self.names = tuple(dict.fromkeys(self._columns.get(name, name) for name in found))

    def __repr__(self):
        return f"Formula({self.text!r})"

    def _check(self, node):
        known = True
        match node:
            case ast.Constant():
                known = isinstance(node.value, int | float | str)
            case ast.List() | ast.Tuple():
                known = all(isinstance(item, ast.Constant | ast.UnaryOp) for item in node.elts)
            case ast.BinOp():
                known = type(node.op) in _ARITHMETIC
            case ast.UnaryOp():
                known = not isinstance(node.op, ast.Invert)
            case ast.Compare():
                known = all(type(op) in _COMPARISONS or isinstance(op, ast.In | ast.NotIn) for op in node.ops)
            case ast.Call():
                name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
                if name not in FUNCTIONS:
                    raise ValueError(
                        f"The formula \"{self.text:.60}\" calls '{name:.30}'; it may call {', '.join(sorted(FUNCTIONS))}."
                    )
                known = not node.keywords and not any(isinstance(item, ast.Starred) for item in node.args)
            case ast.Name() | ast.BoolOp() | ast.IfExp():
                pass
            case _:
                known = False
        if not known:
            raise ValueError(
                f"The formula \"{self.text:.60}\" holds '{ast.unparse(node):.30}', which is not allowed there."
            )
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr_context | ast.operator | ast.unaryop | ast.cmpop | ast.boolop):
                if not (isinstance(node, ast.Call) and child is node.func):
                    self._check(child)

    def of(self, table):
        """Its value for each record.

        Parameters
        ----------
        table : pandas.DataFrame

        Returns
        -------
        pandas.Series
            With the index 0, 1, 2, …

        Raises
        ------
        ValueError
            If a column is missing, or its values are not of a kind that the formula can use.
        """
        absent = [name for name in self.names if name not in table]
        if absent:
            raise ValueError(f"The formula \"{self.text}\" needs the column '{absent[0]}', which is not there.")
        columns = {name: table[name].reset_index(drop=True) for name in self.names}
        try:
            with np.errstate(all="ignore"):
                value = self._value(self._tree, columns)
        except Exception as error:  # whatever pandas says of columns of the wrong kind ends in a sentence
            raise ValueError(f'The formula "{self.text}" cannot be worked out: {error}.') from None
        if not isinstance(value, pd.Series) or len(value) != len(table):
            value = np.ravel(np.asarray(value))
            value = pd.Series(np.full(len(table), value[0]))
        return value

    def holds(self, table):
        """For each record, whether it is true: an array of bool."""
        return _truth(self.of(table))

    def _value(self, node, columns):
        def value(part):
            return self._value(part, columns)

        match node:
            case ast.Constant():
                # Whole numbers as floats, so that a tower of powers overflows at once and does not count for ever.
                return float(node.value) if isinstance(node.value, int | float) else node.value
            case ast.Name():
                return columns[self._columns.get(node.id, node.id)]
            case ast.List() | ast.Tuple():
                return [value(item) for item in node.elts]
            case ast.BinOp():
                return _ARITHMETIC[type(node.op)](_number(value(node.left)), _number(value(node.right)))
            case ast.UnaryOp():
                operand = value(node.operand)
                if isinstance(node.op, ast.Not):
                    return pd.Series(~_truth(operand))
                return -_number(operand) if isinstance(node.op, ast.USub) else _number(operand)
            case ast.BoolOp():
                parts = [_truth(value(part)) for part in node.values]
                return pd.Series((np.logical_and if isinstance(node.op, ast.And) else np.logical_or).reduce(parts))
            case ast.IfExp():
                return pd.Series(np.where(_truth(value(node.test)), value(node.body), value(node.orelse)))
            case ast.Call():
                return FUNCTIONS[node.func.id](*map(value, node.args))
            case ast.Compare():
                return self._compare(node, value)

    @staticmethod
    def _compare(node, value):
        left, result = value(node.left), True
        for op, part in zip(node.ops, node.comparators, strict=True):
            right = value(part)
            if isinstance(op, ast.In | ast.NotIn):
                found = pd.Series(left).isin(right) ^ isinstance(op, ast.NotIn)
            else:
                found = _COMPARISONS[type(op)](left, right)
            result, left = _truth(found) & result, right
        return pd.Series(np.atleast_1d(result))


def _number(value):
    """What can be reckoned with; yes and no count as 1 and 0."""
    if isinstance(value, pd.Series):
        if value.dtype.kind == "b" or pd.api.types.is_numeric_dtype(value.dtype):
            return value.astype(float)
        if value.dtype.kind in "mM":
            return value
        raise TypeError(f"'{value.name}' does not hold numbers")
    if isinstance(value, str | list):
        raise TypeError(f"one cannot reckon with {value!r:.30}")
    return np.float64(value)


def _truth(value):
    """Yes or no for each record; missing counts as no."""
    if isinstance(value, pd.Series):
        return value.astype("boolean").fillna(False).to_numpy(dtype=bool)
    return np.atleast_1d(np.asarray(value, dtype=bool))
