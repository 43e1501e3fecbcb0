# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 08 Joint models
#
# *Extra, 30 minutes, in pairs.* Afterwards you can draw from a joint distribution by hand, show that it is the same as going step by step
# when all is normal, and say where the two part.

# %%
import numpy as np
import pandas as pd

from workshop import GaussianCopula, MultivariateNormal, PairTimer, Sequential, check, load
from workshop.clouds import compare_clouds
from workshop.measures.tables import table_utility

PairTimer(minutes=7)

# %% [markdown]
# ## All at once, or one after the other?
#
# Notebook 04 drew one variable after the other: p(x) · p(y | x). A **joint** model writes down p(x, y) at once. For numbers the best known is
# the **multivariate normal**: a mean for each, a variance for each, a covariance for each pair.
#
# Here are the heights (in cm) of 2,000 mothers and daughters who do not exist.

# %%
rng = np.random.default_rng(8)
drawn = rng.multivariate_normal([162, 164], [[36, 18], [18, 40]], 2000)
family = pd.DataFrame(drawn, columns=["mother", "daughter"]).round(1)
family.describe().loc[["mean", "std"]].round(1)

# %% [markdown]
# ### Exercise 8.1: all at once
#
# **A drives.** Find the `mean` of both (two numbers) and their `covariance` (a table of two by two). Draw 2,000 synthetic pairs from them: `joint`.

# %%
mean = ...
covariance = ...
joint = ...
### BEGIN SOLUTION
mean = family.mean()
covariance = family.cov()
joint = rng.multivariate_normal(mean, covariance, 2000)
### END SOLUTION

given = {"observed": family, "mean": mean, "covariance": covariance}
mean, covariance, joint = check("8.1", **given, joint=joint)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# A table has `.mean()` and `.cov()`. A random generator has `rng.multivariate_normal(mean, covariance, n)`.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# mean = family.mean()
# covariance = family.cov()
# joint = rng.multivariate_normal(mean, covariance, 2000)
# ```
#
# </details>

# %% [markdown]
# ## One after the other
#
# Draw a mother. Then draw her daughter, **given the mother**: a line, and a normal rest around it. Everything needed is in the
# covariances:
#
# slope = cov(x, y) / var(x), and the rest has the variance var(y) − slope · cov(x, y).

# %% [markdown]
# ### Exercise 8.2: step by step
#
# **B drives.** Compute the `slope` and the standard deviation of the rest (`rest_sd`).

# %%
slope = ...
rest_sd = ...
### BEGIN SOLUTION
cov = family.cov()
slope = cov.loc["mother", "daughter"] / cov.loc["mother", "mother"]
rest_sd = np.sqrt(cov.loc["daughter", "daughter"] - slope * cov.loc["mother", "daughter"])
### END SOLUTION

slope, rest_sd = check("8.2", observed=family, slope=slope, rest_sd=rest_sd)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `cov = family.cov()`, then `cov.loc["mother", "daughter"]` is one number of it. A standard deviation is the root of a variance.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# cov = family.cov()
# slope = cov.loc["mother", "daughter"] / cov.loc["mother", "mother"]
# rest_sd = np.sqrt(cov.loc["daughter", "daughter"] - slope * cov.loc["mother", "daughter"])
# ```
#
# </details>

# %%
mothers = rng.normal(family["mother"].mean(), family["mother"].std(), 20_000)
line = family["daughter"].mean() + slope * (mothers - family["mother"].mean())
steps = np.column_stack([mothers, line + rng.normal(0, rest_sd, 20_000)])
tables = {"observed": family, "joint": joint, "step by step": steps}
names = ["variance of mothers", "covariance", "variance of daughters"]
covariances = {name: np.cov(np.transpose(table)) for name, table in tables.items()}
pd.DataFrame({name: cov[[0, 0, 1], [0, 1, 1]] for name, cov in covariances.items()}, names).round(1)

# %% [markdown]
# The same, but for chance. **For normal numbers a joint model and a chain of linear regressions are one model, written in two ways.** The
# ready-made classes agree, too:

# %%
ready = {"joint": MultivariateNormal(), "step by step": Sequential("linear")}
drawn = {name: model.fit(family).sample(20_000, rng=1) for name, model in ready.items()}
pd.DataFrame({name: table.corr().loc["mother"] for name, table in drawn.items()}).round(2)

# %% [markdown]
# ## When numbers are not normal: a copula
#
# Incomes are no bell curve, and a region is no number. A **Gaussian copula** lets each variable keep its own distribution, and says only how their
# *ranks* go together: behind each variable stands a hidden normal number, and the hidden numbers are correlated. So the whole model is a
# metadata recipe (notebook 03) with one page of correlations.

# %%
gifts = load("gifts")
copula = GaussianCopula(privacy=11).fit(gifts)
shown = ["age", "education", "income", "income is missing", "greenness", "gift_spending"]
copula.correlation_.loc[shown, shown].round(2)

# %% [markdown]
# Look at *income is missing*: older people say less often what they earn. Even that is one correlation. And although the copula knows
# what goes together, it keeps no record: `copula.keeps_records` is False.
#
# ## Where they part
#
# Four small worlds, each with two numbers. **Predict first:** which of them can a copula *not* keep?

# %%
x = rng.normal(size=1500)
noise = rng.normal(0, 0.4, 1500)
worlds = {
    "line": x + noise,
    "bent line": np.exp(x + noise),
    "valley": x**2 + noise,
    "cross": x * rng.choice([-1, 1], 1500) + noise,
}
worlds = {name: pd.DataFrame({"x": x, "y": y}) for name, y in worlds.items()}

# %% [markdown]
# ### Exercise 8.3: what a copula loses
#
# **A drives.** Fit `GaussianCopula("empirical")` to each world, sample with `rng=1`, and compute the `.S_pMSE` of the pair with `table_utility`: 1 is
# chance (notebook 05). Name the worlds that are `lost` (S_pMSE above 3), as a list. ("empirical" takes each variable as it was observed, so that only
# what goes together is on trial.)

# %%
lost = ...
### BEGIN SOLUTION
lost = []
for name, world in worlds.items():
    synthetic = GaussianCopula("empirical").fit(world).sample(rng=1)
    if table_utility(world, synthetic, ["x", "y"]).S_pMSE > 3:
        lost.append(name)
### END SOLUTION

lost = check("8.3", worlds=worlds, lost=lost)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `table_utility(world, synthetic, ["x", "y"]).S_pMSE` is one number. What do ranks know of a valley, which goes down and up again?
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# lost = []
# for name, world in worlds.items():
#     synthetic = GaussianCopula("empirical").fit(world).sample(rng=1)
#     if table_utility(world, synthetic, ["x", "y"]).S_pMSE > 3:
#         lost.append(name)
# ```
#
# </details>

# %%
copies = {name: GaussianCopula("empirical").fit(world).sample(rng=1) for name, world in worlds.items()}
compare_clouds(worlds, copies)

# %%
models = {"normal": MultivariateNormal(), "copula": GaussianCopula("empirical")}
models["trees"] = Sequential()
found = pd.DataFrame(index=list(worlds), columns=list(models), dtype=float)
for name, world in worlds.items():
    for kind, model in models.items():
        synthetic = model.fit(world).sample(rng=1)
        found.loc[name, kind] = table_utility(world, synthetic, ["x", "y"]).S_pMSE
found.round(1)

# %% [markdown]
# The multivariate normal keeps lines. The copula keeps everything that only rises or only falls. Trees keep all four, because
# each step may ask any question. **A simple joint model buys privacy with an assumption about shape.**
#
# ## Three lines to remember
#
# 1. A joint model says p(x, y) at once, a conditional one p(x) and then p(y | x); for normal numbers they are the same.
# 2. A Gaussian copula is a recipe and a page of correlations: it keeps what rises or falls together, and no records.
# 3. What goes down and up again, or both at once, needs a more flexible model.
#
# **To discuss:** could a privacy officer read a page of correlations? What would you tell them about it?
#
# **Next:** [09 A GAN](09-gan.ipynb): a joint model with a million parameters, and no assumption about shape.
