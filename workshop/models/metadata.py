"""Metadata synthesis: each variable gets the family with the lowest BIC, and the recipe is a page that people can read.

The idea is metasyn's (van Kesteren and colleagues, 2023): describe each variable alone, by its type, its share of missing
values and a distribution with a few parameters; sample from that. Nothing is kept about how variables go together, which
is why a privacy officer can read the whole model, line by line.
"""

from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral

import numpy as np
import pandas as pd

from workshop.models import counts, disclosure, families, patterns, selection, texts
from workshop.models.base import GenerativeModel
from workshop.models.families import Family, Values
from workshop.models.variable import Missing, Variable
from workshop.numeric import Scale
from workshop.table import LABEL_LIKE, NUMBER_LIKE, kind_of

#: Text that most strings do not follow a pattern of, or of more words than this, is free text.
MOST_WORDS = 4
_TEXT_FAMILIES = ("multinoulli", "regex", "text_date", "freetext", "constant", "na")


class Metadata(GenerativeModel):
    """Each variable from the parametric family with the lowest BIC.

    Parameters
    ----------
    families : dict, optional
        Variable -> the family to use instead of the best one: its name ("lognormal"), or a family with its parameters
        (`Faker("first_name", "nl_NL")`), which is used as it is.
    privacy : int, optional
        The fewest records that anything in the recipe may rest on, at least 3; 11 is usual. None leaves the recipe
        unprotected: minima, maxima and rare labels are somebody's.
    bins : int, default 20
        For the family "histogram".

    Attributes
    ----------
    variables_ : dict of str -> Variable
        The recipe.
    remarks_ : list of str
        What was left out, changed or does not fit well, in words.

    Examples
    --------
    >>> incomes = pd.Series(np.random.default_rng(1).lognormal(10, 0.5, 500), name="income")
    >>> model = Metadata().fit(incomes)
    >>> model.ranking("income").family[0]
    'lognormal'
    >>> model.sample(3, rng=1).gt(0).all()
    np.True_
    """

    why_not_to_publish = (
        "some values in the recipe, and so in this file, come from very few people. "
        "Look at model.disclosures(), or protect them with privacy=11 (here: --set privacy=11)."
    )

    def __init__(self, families=None, privacy=None, bins=20):
        self.families = families
        self.privacy = privacy
        self.bins = bins

    def _fit(self, table):
        chosen = self._check_settings(table)
        self.variables_ = {name: self._fit_variable(table[name], chosen.get(name)) for name in table.columns}
        self.remarks_ = [remark for variable in self.variables_.values() for remark in variable.remarks]

    def _check_settings(self, table):
        if not isinstance(self.bins, Integral) or isinstance(self.bins, bool) or self.bins < 1:
            raise ValueError(f"bins must be a whole number, 1 or more; got {self.bins!r}.")
        if self.privacy is not None and (
            not isinstance(self.privacy, Integral) or isinstance(self.privacy, bool) or self.privacy < 3
        ):
            raise ValueError(f"privacy must be None or a whole number of records, 3 or more; got {self.privacy!r}.")
        if self.families is not None and not isinstance(self.families, Mapping):
            raise ValueError(f'families must be a dict such as {{"income": "lognormal"}}; got {self.families!r}.')
        chosen = dict(self.families or {})
        for name, family in chosen.items():
            if name not in table.columns:
                raise ValueError(f"families names '{name}', but the table has no such column.")
            if not isinstance(family, str | Family):
                raise ValueError(f"The family of '{name}' must be a name or a family; got {family!r}.")
        return chosen

    def _fit_variable(self, series, chosen):
        kind, missing = kind_of(series), float(series.isna().mean())
        present, k = series.dropna(), self.privacy or 1
        remarks = []
        if self.privacy and 0 < series.isna().sum() < k:
            missing = 0.0
        if kind != "empty" and self.privacy and len(present) < k:
            remarks.append(f"'{series.name}': fewer than {k} records have a value, so all are left out.")
            present = present.iloc[:0]
        variable = Variable(str(series.name), kind, series.dtype, missing, Missing())
        if present.empty:
            return replace(variable, missing=1.0, remarks=tuple(remarks))
        if isinstance(chosen, Family):
            _check_suits(variable, chosen)
            step = Scale.of(series, kind).step if kind in NUMBER_LIKE else 1
            return replace(variable, family=chosen, step=step)
        try:
            if kind in NUMBER_LIKE or kind == "key" and pd.api.types.is_numeric_dtype(series.dtype):
                variable = self._fit_numbers(variable, present, chosen)
            elif kind in LABEL_LIKE and not _is_date_text(present, kind):
                variable = self._fit_labels(variable, present, chosen)
            else:
                variable = self._fit_text(variable, present, chosen)
        except ValueError as error:
            raise ValueError(f"'{series.name}': {error}.") from None
        if self.privacy and isinstance(variable.family, families.Constant):
            variable = replace(variable, family=families.Constant(_dummy(variable)))
            remarks.append(f"'{series.name}': everybody has the same value, so a made-up one stands in its place.")
        return replace(variable, remarks=(*variable.remarks, *remarks))

    def _fit_numbers(self, variable, present, chosen):
        name = variable.name
        if variable.kind == "key" or chosen in ("key", "unique_key"):
            scale = Scale("discrete", present.dtype)
            family = counts.UniqueKey.fit(Values(scale.to_numbers(present), whole=True))
            if family is None:
                raise ValueError("values repeat, so it is no key")
            if self.privacy:
                family = replace(family, lower=1)
            remark = f"'{name}' is a key: the synthetic records get new ones."
            return replace(variable, kind="key", family=family, remarks=(remark,))
        scale = Scale.of(present, variable.kind)
        numbers = scale.to_numbers(present)
        observed = Values(numbers, scale.whole)
        decimals = observed.decimals if variable.kind == "continuous" else None
        values = self._protected(observed, chosen)
        if values is None:
            remark = f"'{name}': a few records decide everything, so all are left out."
            return replace(variable, missing=1.0, remarks=(remark,))
        ranked = selection.rank(values, variable.kind, int(self.bins))
        if chosen:
            best = selection.fit_family(chosen, values, variable.kind, int(self.bins))
            if best is None:
                raise ValueError(f"the family '{chosen}' cannot have made these values")
        else:
            best = ranked[0]
        family = disclosure.merge_rare(best.family, values.n, self.privacy)
        remarks = []
        if best.distance > selection.POOR_FIT:
            remarks.append(
                f"'{name}': no family fits well; {best.family.name} is off by {best.distance:.2f} (Kolmogorov-Smirnov)."
                if not chosen
                else f"'{name}': {chosen} is off by {best.distance:.2f} (Kolmogorov-Smirnov)."
            )
        if len(observed.distinct) == observed.n > 100 and variable.kind == "discrete":
            remarks.append(f"'{name}' never repeats: if it is a key, say families={{'{name}': 'key'}}.")
        return replace(
            variable,
            family=family,
            step=scale.step,
            decimals=decimals,
            ranking=tuple(ranked),
            remarks=tuple(remarks),
            stands_out="" if self.privacy else disclosure.standing_out(family, observed, scale),
            at_ends=(int(observed.counts[0]), int(observed.counts[-1])),
        )

    def _protected(self, observed, chosen):
        """The values that the families see: micro-aggregated, if privacy is on."""
        if not self.privacy or observed.low == observed.high:
            return observed
        few_values = observed.whole and len(observed.distinct) * counts.Multinoulli.FEWEST_EACH <= observed.n
        if few_values:
            kept = observed.distinct[disclosure.frequent(observed.counts, self.privacy)]
            if len(kept) and np.isin(observed.numbers, kept).mean() > 0.8:
                return Values(observed.numbers[np.isin(observed.numbers, kept)], True)
        numbers = disclosure.micro_aggregate(observed.numbers, self.privacy, observed.whole)
        return Values(numbers, observed.whole) if len(numbers) else None

    def _fit_labels(self, variable, present, chosen):
        _only(chosen, ("multinoulli", "constant"), variable)
        if isinstance(present.dtype, pd.CategoricalDtype):
            found = present.value_counts(sort=False).reindex(present.cat.categories)
        else:
            found = present.value_counts().sort_index()
        labels, shares, remarks = list(found.index), found.to_numpy(dtype=float), []
        if self.privacy:
            kept = (shares == 0) | disclosure.frequent(
                shares, self.privacy
            )  # a level that nobody has gives nobody away
            dropped, labels, shares = (
                int((~kept).sum()),
                [x for x, keep in zip(labels, kept, strict=True) if keep],
                shares[kept],
            )
            if not shares.any():
                remark = f"'{variable.name}': no label has {self.privacy} records, so all are left out."
                return replace(variable, missing=1.0, dtype=_without_labels(variable.dtype), remarks=(remark,))
            if dropped:
                were = (
                    "label with fewer than {} records was" if dropped == 1 else "labels with fewer than {} records were"
                )
                remarks.append(f"'{variable.name}': {dropped} {were.format(self.privacy)} left out.")
            if isinstance(present.dtype, pd.CategoricalDtype) and len(labels) < len(present.cat.categories):
                variable = replace(variable, dtype=pd.CategoricalDtype(labels, ordered=present.dtype.ordered))
        if len(labels) == 1:
            return replace(variable, family=families.Constant(_plain(labels[0])), remarks=tuple(remarks))
        family = counts.Multinoulli(tuple(map(_plain, labels)), tuple((shares / shares.sum()).tolist()))
        return replace(variable, family=family, remarks=tuple(remarks))

    def _fit_text(self, variable, present, chosen):
        _only(chosen, (*_TEXT_FAMILIES, "key"), variable)
        if chosen == "multinoulli":
            return self._fit_labels(variable, present, chosen)
        strings, fewest = present.astype(str), max(self.privacy or 0, disclosure.USUAL_K)
        unique = variable.kind == "key" or chosen == "key"
        if chosen in (None, "text_date"):
            family = texts.TextDate.fit(strings, keep=self.privacy or 1)
            if family:
                return replace(variable, family=family)
        if chosen in (None, "regex", "key"):
            wordy = strings.iloc[:1000].str.count(r"\S+").mean() > MOST_WORDS and not chosen
            sequence = None if wordy else patterns.learn(strings.to_numpy(dtype=object), fewest)[0]
            if sequence is not None:
                remark = f"'{variable.name}' is a key: the synthetic records get new ones." if unique else None
                remarks = (remark,) if unique else ()
                return replace(variable, family=texts.Pattern(sequence, unique), remarks=remarks)
        if unique:
            family = texts.Pattern(patterns.parse(r"key\-[0-9]{9}"), unique=True)
            return replace(
                variable, family=family, remarks=(f"'{variable.name}' is a key: the synthetic records get new ones.",)
            )
        if chosen in ("regex", "text_date", "constant"):
            raise ValueError(f"the family '{chosen}' cannot have made these values")
        remark = f"'{variable.name}' is text: the synthetic records get filler of the same length."
        return replace(variable, family=texts.FreeText.fit(strings), remarks=(remark,))

    def _sample(self, n, rng):
        columns = {}
        for name, variable in self.variables_.items():
            try:
                columns[name] = variable.sample(n, rng)
            except ValueError as error:
                raise ValueError(f"'{name}': {error}.") from None
        return pd.DataFrame(columns, index=pd.RangeIndex(n))

    def _theta(self):
        rows = []
        for name, variable in self.variables_.items():
            rows.append((name, "family", variable.family.name))
            rows += [(name, parameter, value) for parameter, value in _flat(variable.family)]
            if variable.missing:
                rows.append((name, "share missing", variable.missing))
        return rows

    @property
    def n_parameters(self):
        """Free parameters of all families, and the shares of missing values."""
        self._require_fit()
        return sum(variable.family.n_free + (0 < variable.missing < 1) for variable in self.variables_.values())

    @property
    def keeps_records(self):
        """True where the recipe holds values that come from few records: see `disclosures()`."""
        return hasattr(self, "variables_") and not self.privacy and len(self.disclosures()) > 0

    def ranking(self, name):
        """All families that were tried for a variable, the chosen one first.

        Parameters
        ----------
        name : str
            A variable with numbers, dates or times.

        Returns
        -------
        pandas.DataFrame
            Columns family, parameters, log_likelihood, bic, difference (to the lowest BIC) and distance
            (Kolmogorov-Smirnov, 0 to 1).
        """
        variable = self._variable(name)
        ranked = variable.ranking
        lowest = min((one.bic for one in ranked), default=0.0)
        return pd.DataFrame(
            {
                "family": [one.family.name for one in ranked],
                "parameters": [one.family.n_free for one in ranked],
                "log_likelihood": [one.log_likelihood for one in ranked],
                "bic": [one.bic for one in ranked],
                "difference": [one.bic - lowest for one in ranked],
                "distance": [one.distance for one in ranked],
            }
        )

    def disclosures(self, k=disclosure.USUAL_K):
        """Every value in the recipe that comes from few records.

        Parameters
        ----------
        k : int, default 11
            How many records are few: fewer than this.

        Returns
        -------
        pandas.DataFrame
            Columns variable, what, value, records (how many have it, about) and why.
        """
        self._require_fit()
        rows = []
        for variable in self.variables_.values():
            rows += disclosure.disclosed(variable, self.n_records_, max(k, self.privacy or 0), bool(self.privacy))
        return pd.DataFrame(rows, columns=["variable", "what", "value", "records", "why"])

    def _variable(self, name):
        self._require_fit()
        if name not in self.variables_:
            raise ValueError(f"There is no variable '{name}'; choose one of {', '.join(self.variables_)}.")
        return self.variables_[name]

    def save(self, path, overwrite=False, fallback=True):
        """Write the recipe as a GMF 2.1 file, which metasyn reads too: see `gmf.save`."""
        from workshop.models.gmf import save

        return save(self, path, overwrite=overwrite, fallback=fallback)

    @classmethod
    def load(cls, path):
        """A model from a recipe in the Generative Metadata Format: see `gmf.load`."""
        from workshop.models.gmf import load

        return load(path)


def _flat(family):
    rows = []
    for parameter, value in family.parameters.items():
        if isinstance(value, Family):
            rows += [("rest", value.name), *((f"rest {name}", inner) for name, inner in _flat(value))]
        elif parameter == "probs":
            rows += [(f"share of {label!r}", share) for label, share in zip(family.labels, family.probs, strict=True)]
        elif parameter == "shares":
            rows += [
                (f"share of {low:.10g} to under {high:.10g}", share)
                for low, high, share in zip(family.edges[:-1], family.edges[1:], value, strict=True)
            ]
        elif parameter not in ("labels", "edges"):
            rows.append((parameter, value))
    return rows


def _check_suits(variable, family):
    is_text = isinstance(family, texts.TextFamily)
    numeric = variable.kind in NUMBER_LIKE or pd.api.types.is_numeric_dtype(variable.dtype)
    if (
        numeric
        and is_text
        or not numeric
        and not is_text
        and not isinstance(family, counts.Multinoulli | families.Constant)
    ):
        raise ValueError(f"'{variable.name}' is {variable.kind}: it cannot have the family {family.name}.")


def _only(chosen, allowed, variable):
    if chosen is not None and chosen not in allowed:
        raise ValueError(f"a {variable.kind} variable has no family '{chosen}'; choose one of {', '.join(allowed)}")


def _is_date_text(present, kind):
    if kind != "categorical" or isinstance(present.dtype, pd.CategoricalDtype) or present.nunique() < 20:
        return False
    return texts.TextDate.fit(present.astype(str).drop_duplicates()) is not None


def _dummy(variable):
    """What stands for a value that everybody has."""
    if variable.kind in NUMBER_LIKE:
        return 0.0
    return False if variable.kind == "boolean" else "redacted"


def _without_labels(dtype):
    return pd.CategoricalDtype(["redacted"], ordered=dtype.ordered) if isinstance(dtype, pd.CategoricalDtype) else dtype


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value
