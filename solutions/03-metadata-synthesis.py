# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 03 Metadata synthesis
#
# *45 minutes, in pairs.* Afterwards you can describe a table on one page, make synthetic data from that page alone, and find the
# lines in it that give somebody away.

# %%
import json

import numpy as np
import pandas as pd
from scipy import stats

from workshop import Metadata, PairTimer, check, compare_table, compare_variable, describe, load

PairTimer(minutes=8)

# %% [markdown]
# ## A recipe, one line for each variable
#
# Alice may not share her file. But may she share a *description* of it? "Age: whole numbers from 18 to 90, on average 49." From
# such lines, one for each variable, somebody else can make data with the same columns. That is **metadata synthesis**, the idea
# of the package metasyn.
#
# Every line begins with the **kind** of the variable: *discrete* are whole numbers, *continuous* those with decimals, *categorical*
# are labels; a *key* is different for everybody. A careless reader of Alice's file gets two kinds wrong. Which?

# %%
gifts = load("gifts")
careless = gifts.copy()
careless["postcode"] = careless["postcode"].astype(int)
careless["education"] = careless["education"].astype(str)
describe(careless)

# %%
careless[["postcode", "education"]].head()

# %% [markdown]
# ### Exercise 3.1: mend two kinds
#
# **A drives.** A postcode is no number: nobody adds postcodes up, and 0401 must not become 401. And the levels of education
# have an order. Mend both columns.

# %%
school = ["primary", "lower secondary", "upper secondary", "bachelor", "master or higher"]
mended = ...
### BEGIN SOLUTION
mended = careless.copy()
mended["postcode"] = mended["postcode"].astype(str).str.zfill(4)
mended["education"] = pd.Categorical(mended["education"], school, ordered=True)
### END SOLUTION

mended = check("3.1", observed=careless, mended=mended)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# Begin with `mended = careless.copy()`. Then give `mended["postcode"]` and `mended["education"]` new values.
#
# </details>
# <details><summary>Hint 2: the methods</summary>
#
# `.astype(str)` makes text of numbers, `.str.zfill(4)` puts zeros in front until there are four digits.
# `pd.Categorical(values, levels, ordered=True)` is a category with an order: R's `factor(values, levels, ordered = TRUE)`.
#
# </details>
# <details><summary>Hint 3: the lines themselves</summary>
#
# ```python
# mended = careless.copy()
# mended["postcode"] = mended["postcode"].astype(str).str.zfill(4)
# mended["education"] = pd.Categorical(mended["education"], school, ordered=True)
# ```
#
# </details>

# %% [markdown]
# ## A family for each variable
#
# After the kind comes the **family**: a shape with a few parameters, such as the normal distribution in notebook 01. There the
# bell curve made negative incomes. Other families suit other variables.
#
# **Predict first:** which family suits income, and which suits gift_spending, where every fourth person says 0? Then pick.
# The list begins with the best one.

# %%
from workshop import explore_families

units = {"income": "euro a year", "gift_spending": "euro a year", "greenness": "% of the area"}
units |= {"age": "years", "household_size": "people"}
explore_families(gifts, list(units), units=units)

# %% [markdown]
# ## How to choose: the BIC
#
# A family is good if it makes the data likely. But more parameters always help a little, so they must cost something. The
# **Bayesian information criterion** weighs the two: BIC = k · ln(n) − 2 · ln(L). Here k is the number of parameters, n the number
# of values, and ln(L) the log-likelihood: the sum of the logarithms of the densities. The lowest BIC wins.

# %%
present = gifts["income"].dropna()
n = len(present)
loglik_normal = stats.norm(present.mean(), present.std(ddof=0)).logpdf(present).sum()
logs = np.log(present)
lognormal = stats.lognorm(logs.std(ddof=0), scale=np.exp(logs.mean()))
loglik_lognormal = lognormal.logpdf(present).sum()
pd.Series({"n": n, "normal": loglik_normal, "lognormal": loglik_lognormal}).round(1)

# %% [markdown]
# ### Exercise 3.2: two families, two BICs
#
# **B drives.** Both families have two parameters. Compute the BIC of each. Which one wins, and by how much?

# %%
bic_normal = ...
bic_lognormal = ...
### BEGIN SOLUTION
bic_normal = 2 * np.log(n) - 2 * loglik_normal
bic_lognormal = 2 * np.log(n) - 2 * loglik_lognormal
### END SOLUTION

given = {"observed": gifts["income"]}
answers = {"bic_normal": bic_normal, "bic_lognormal": bic_lognormal}
bic_normal, bic_lognormal = check("3.2", **given, **answers)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# All you need has a name already: `n`, `loglik_normal` and `loglik_lognormal`. k is 2.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# bic_normal = 2 * np.log(n) - 2 * loglik_normal
# bic_lognormal = 2 * np.log(n) - 2 * loglik_lognormal
# ```
#
# </details>

# %% [markdown]
# The package does the same for every variable and every family that suits its kind. It keeps the whole ranking. *Distance* is the
# largest gap between the observed and the fitted cumulative curve.

# %%
model = Metadata().fit(gifts)
model.ranking("income").round(2)

# %% [markdown]
# ## The whole recipe is a page
#
# A recipe can be written down as a text file, in the Generative Metadata Format that metasyn reads too. Open
# `gifts_recipe.json` in the list of files on the left, or look at three of its lines here. Where metasyn lacks our
# family, the nearest that it knows stands under `distribution`, and ours under `workshop`. (A *multinoulli* is a list of labels
# with their shares; *prop_missing* is the share of missing values.)

# %%
path = model.save("gifts_recipe.json", overwrite=True)
recipe = json.loads(path.read_text(encoding="utf-8"))
lines = {variable["name"]: variable for variable in recipe["tables"][0]["vars"]}
{
    name: {"prop_missing": lines[name]["prop_missing"], **lines[name]["workshop"]["family"]}
    for name in ("income", "greenness", "household_size")
}

# %% [markdown]
# **Before you go on:** would *you* publish this page? A smallest value is somebody's value. A label that one person has is that
# person. Say out loud what you would not want to read about yourself.

# %% [markdown]
# ### Exercise 3.3: who is given away?
#
# **A drives.** `model.disclosures()` lists every value in the recipe that comes from few people; here are its last twelve lines. Name
# three variables that give somebody away, and fit a recipe in which every line rests on at least 11 people. (Ask for no more than 11:
# protection has a price.)

# %%
model.disclosures().tail(12)

# %%
found = ...
safe = ...
### BEGIN SOLUTION
found = ["income", "household_size", "age"]
safe = Metadata(privacy=11).fit(gifts)
### END SOLUTION

found, safe = check("3.3", observed=gifts, found=found, safe=safe)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `found` is a list of three names, such as `["region", …]`. Take them from the first column of the table above.
#
# </details>
# <details><summary>Hint 2: the setting</summary>
#
# `Metadata` has a setting `privacy`: the number of records that every line must rest on. Then `.fit(gifts)`, as before.
#
# </details>
# <details><summary>Hint 3: the lines themselves</summary>
#
# ```python
# found = ["income", "household_size", "age"]
# safe = Metadata(privacy=11).fit(gifts)
# ```
#
# </details>

# %%
safe.remarks_

# %% [markdown]
# ## From the page to people
#
# The protected recipe is all that leaves Alice's room. Turn the crank: 2,000 people who do not exist.

# %%
synthetic = safe.sample(rng=1)
synthetic.head(4)

# %%
compare_variable(gifts["income"], synthetic["income"], unit="euro a year")

# %% [markdown]
# **Predict first:** Alice's script asks by how many percent gifts rise where there are 10 more points of green. On the synthetic
# people, will it find more, less, or nothing?


# %%
def alice(data):
    """By how many percent 10 more points of greenness raise what givers spend on gifts."""
    givers = data[data["gift_spending"] > 0]
    slope, _ = np.polyfit(givers["greenness"], np.log1p(givers["gift_spending"]), 1)
    return 100 * np.expm1(10 * slope)


# %% [markdown]
# ### Exercise 3.4: run Alice's script
#
# **B drives.** Run the script on the observed and on the synthetic data.

# %%
effect_observed = ...
effect_synthetic = ...
### BEGIN SOLUTION
effect_observed = alice(gifts)
effect_synthetic = alice(synthetic)
### END SOLUTION

given = {"observed": gifts, "synthetic": synthetic}
answers = {"effect_observed": effect_observed, "effect_synthetic": effect_synthetic}
effect_observed, effect_synthetic = check("3.4", **given, **answers)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `alice` is a function of a table. You have two tables: `gifts` and `synthetic`.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# effect_observed = alice(gifts)
# effect_synthetic = alice(synthetic)
# ```
#
# </details>

# %% [markdown]
# The script runs, and that is worth a lot: you could write and test it without ever seeing a real person. But look at each
# variable alone, and then at how they go together.

# %%
shown = ["age", "greenness", "gift_spending", "household_size", "region", "moved_in"]
compare_table(gifts, synthetic, shown, units=units)

# %% [markdown]
# The two tables that follow hold **rank correlations** (Spearman's): 1 if the person with more of one has more of the other, too, 0 if
# the two have nothing to do with each other.

# %%
together = ["age", "income", "greenness", "gift_spending", "years_here"]
shades = {"cmap": "coolwarm", "vmin": -1, "vmax": 1, "axis": None}
observed = gifts[together].corr("spearman").style.format("{:.2f}")
observed.background_gradient(**shades).set_caption("observed")

# %%
alone = synthetic[together].corr("spearman").style.format("{:.2f}")
alone.background_gradient(**shades).set_caption("synthetic: gone grey")

# %% [markdown]
# ### Exercise 3.5: what got lost?
#
# **A drives.** Which of these are no longer true of the synthetic data? Write the letters, such as `"AB"`.
#
# A: people are 49 years old on average · B: about 1 % live on the islands · C: who lives in a greener place spends more ·
# D: about one in four spends nothing on gifts · E: older people tell their income less often · F: `years_here` agrees with
# `moved_in`

# %%
lost = ...
### BEGIN SOLUTION
lost = "CEF"
### END SOLUTION

lost = check("3.5", lost=lost)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# The recipe has one line for each variable. Which statements are about one variable alone?
#
# </details>
# <details><summary>Hint 2: how to look</summary>
#
# `(2025 - synthetic["moved_in"].dt.year - synthetic["years_here"]).describe()` should stay near 0, and
# `synthetic["age"].groupby(synthetic["income"].isna()).mean()` should differ, if these were kept. Try the same with `gifts`.
#
# </details>
# <details><summary>Hint 3: the answer</summary>
#
# Three are lost: those that name two variables. `lost = "CEF"`
#
# </details>

# %% [markdown]
# ## Three lines to remember
#
# 1. A recipe gives each variable a kind, a family and a few parameters; the lowest BIC chooses.
# 2. Minima, maxima and rare labels are somebody's: every line should rest on enough people.
# 3. Scripts run on such data, and means and shares are kept; whatever two variables say together is gone.
#
# **To discuss:** which of your own studies could you share as such a page tomorrow, and who would have to agree?
#
# **Next:** [04 CART synthesis](04-cart-synthesis.ipynb), which keeps what goes together.
