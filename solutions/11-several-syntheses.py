# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 11 Several syntheses
#
# *Extra, 30 minutes, in pairs.* Afterwards you can say why one synthetic table makes you too sure, combine the results of several, and show by
# simulation that the combined intervals keep their promise.

# %%
import numpy as np
import pandas as pd

from workshop import PairTimer, Sequential, check, compare_fit, load
from workshop.intervals import draw_intervals
from workshop.utility_pictures import forest

PairTimer(minutes=8)
rng = np.random.default_rng(11)

# %% [markdown]
# ## Twice by chance
#
# The observed people are a sample of everybody: chance, once. The synthetic people are a sample of a model of the observed ones: chance, **twice**. A
# program that is given the synthetic table knows nothing of that. It computes a standard error as if it were the first chance alone.
#
# How wrong is that? Here is a world where we know the truth: everybody's mean is 50. `study` observes 100 people, and makes m synthetic tables from a
# normal distribution fitted to them.

# %%
TRUTH, N = 50, 100


def study(m):
    """The mean of each of m synthetic tables, and its variance as a program says (s² / n)."""
    observed = rng.normal(TRUTH, 10, N)
    synthetic = rng.normal(observed.mean(), observed.std(ddof=1), (m, N))
    return synthetic.mean(axis=1), synthetic.var(axis=1, ddof=1) / N


def coverage(low, high):
    """The share of intervals that hold the truth."""
    return np.mean((np.array(low) <= TRUTH) & (TRUTH <= np.array(high)))


# %% [markdown]
# ### Exercise 11.1: too sure
#
# **A drives.** A reader takes **one** synthetic table and believes its interval: the mean ± 1.96 · √variance. Here are 4,000 readers. How many of their 95 %
# intervals hold the truth (`share`)? **Predict first.**

# %%
one = [study(m=1) for _ in range(4000)]
means = np.array([mean[0] for mean, _ in one])
variances = np.array([variance[0] for _, variance in one])

share = ...
### BEGIN SOLUTION
reach = 1.96 * np.sqrt(variances)
share = coverage(means - reach, means + reach)
### END SOLUTION

share = check("11.1", means=means, variances=variances, truth=TRUTH, share=share)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `reach = 1.96 * np.sqrt(variances)` is an array of 4,000 numbers. `coverage(low, high)` takes two such arrays.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# reach = 1.96 * np.sqrt(variances)
# share = coverage(means - reach, means + reach)
# ```
#
# </details>

# %% [markdown]
# ## The combining rule
#
# Let v be the mean of the m variances. The mean of m synthetic tables differs from the truth because of the observed people (v) and because
# of the synthetic ones (v / m). So its variance is
#
# **T = v · (1 + 1/m)** (Raab, Nowok and Dibben, 2016).
#
# One table is allowed, with twice the variance. Five tables are nearly as good as the observed data: 1.2 instead of 1.

# %% [markdown]
# ### Exercise 11.2: combine
#
# **B drives.** Now each of 4,000 readers gets five tables. Take for each the mean of the five means, and T. How many of the intervals hold the truth
# (`combined`)?

# %%
five = [study(m=5) for _ in range(4000)]
means_5 = np.array([means for means, _ in five])  # 4,000 rows, 5 columns
variances_5 = np.array([variances for _, variances in five])

combined = ...
### BEGIN SOLUTION
middle = means_5.mean(axis=1)
reach = 1.96 * np.sqrt(variances_5.mean(axis=1) * (1 + 1 / 5))
combined = coverage(middle - reach, middle + reach)
### END SOLUTION

combined = check("11.2", means=means_5, variances=variances_5, truth=TRUTH, combined=combined)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `.mean(axis=1)` takes the mean of each row. With m = 5, T is the mean variance times 1.2.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# middle = means_5.mean(axis=1)
# reach = 1.96 * np.sqrt(variances_5.mean(axis=1) * (1 + 1 / 5))
# combined = coverage(middle - reach, middle + reach)
# ```
#
# </details>

# %%
reach, middle = 1.96 * np.sqrt(variances), means_5.mean(axis=1)
reach_5 = 1.96 * np.sqrt(variances_5.mean(axis=1) * 1.2)
intervals = {"one table": (means - reach, means + reach)}
intervals["five tables, combined"] = middle - reach_5, middle + reach_5
draw_intervals(intervals, TRUTH)

# %% [markdown]
# The rule for every m, and what happens without it:


# %%
def coverages(m, readers=4000):
    """With the combining rule, and with the variance as a program gives it."""
    results = np.array([study(m) for _ in range(readers)])  # readers, mean or variance, m
    middle, v = results.mean(axis=2).T
    found = {}
    for name, variance in {"combined": v * (1 + 1 / m), "as the program says": v}.items():
        reach = 1.96 * np.sqrt(variance)
        found[name] = coverage(middle - reach, middle + reach)
    return found | {"width": 2 * 1.96 * np.sqrt(v * (1 + 1 / m)).mean()}


pd.DataFrame({m: coverages(m) for m in (1, 2, 5, 20)}).T.rename_axis("m").round(3)

# %% [markdown]
# With the rule 95 % is 95 %, but for chance. What more tables buy is shorter intervals, and from five on little. (Each table is one more chance for an
# attacker, too.)
#
# ## Alice's regression, from five tables
#
# `sample_many` draws several tables, `compare_fit` fits the regression to each, and `.combined()` applies the rule.

# %%
gifts = load("gifts")
tables = Sequential().fit(gifts).sample_many(5, rng=1)
fit = compare_fit("np.log1p(gift_spending) ~ greenness", gifts, tables)
forest(fit)

# %%
fit.combined().round(4)

# %% [markdown]
# ### Exercise 11.3: by hand
#
# **A drives.** `fit.estimates` and `fit.variances` hold the results of the five tables: a row for each table; the second column is greenness. Combine
# them yourself: `estimate` and `se` (the root of T) for greenness.

# %%
estimate = ...
se = ...
### BEGIN SOLUTION
estimate = fit.estimates[:, 1].mean()
se = np.sqrt(fit.variances[:, 1].mean() * (1 + 1 / 5))
### END SOLUTION

given = {"estimates": fit.estimates, "variances": fit.variances}
estimate, se = check("11.3", **given, estimate=estimate, se=se)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `fit.estimates[:, 1]` are five slopes. The rule is the one of exercise 11.2.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# estimate = fit.estimates[:, 1].mean()
# se = np.sqrt(fit.variances[:, 1].mean() * (1 + 1 / 5))
# ```
#
# </details>

# %% [markdown]
# The rule takes care of chance, not of a wrong model: intervals around the wrong number keep no promise. Utility (notebook 05) comes first.
# `fit.combined("sample")` answers another question: what would the *observed* data have given? Then only v / m counts.

# %%
fit.combined("sample").round(4)

# %% [markdown]
# ## Three lines to remember
#
# 1. Synthetic data are a sample of a sample: one table's own interval is too narrow, and 95 % becomes 83 %.
# 2. With m tables take the mean of the estimates, and v · (1 + 1/m) for the variance.
# 3. Five tables are nearly enough; publish the rule with them, or nobody will use it.
#
# **To discuss:** would you publish one table or five? Who of your readers would combine them?
#
# **Next:** [12 Your own data](12-your-own-data.ipynb): the same steps on a table of yours.
