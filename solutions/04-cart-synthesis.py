# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 04 CART synthesis
#
# *45 minutes, in pairs.* Afterwards you can make synthetic data that keep what goes together, steer how they are made, and say
# what the size of a leaf has to do with privacy.

# %%
import numpy as np
import pandas as pd

from workshop import PairTimer, Passive, Sequential, check, compare_table, explore_tree, load
from workshop.figures import Picture
from workshop.formulas import Formula

PairTimer(minutes=8)

# %% [markdown]
# ## One variable after the other
#
# In notebook 03 each variable was drawn alone, and Alice's finding was gone. Now we draw each variable **given those before
# it**: say, first the region, then the age given the region, then the income given region and age, and so on. In letters:
# p(x1) · p(x2 | x1) · p(x3 | x1, x2) …
#
# For p(gift_spending | greenness) we need a model. A **tree** asks questions such as "is greenness at most 55.5?" until people
# who are alike sit in the same **leaf**. It looks at all observed people who gave something. (CART is short for *classification and
# regression trees*.)

# %%
from matplotlib import pyplot as plt
from sklearn.tree import DecisionTreeRegressor, plot_tree

gifts = load("gifts")
givers = gifts[gifts["gift_spending"] > 0]
tree = DecisionTreeRegressor(min_samples_leaf=250)
tree.fit(givers[["greenness"]], np.log1p(givers["gift_spending"]))

figure, ax = plt.subplots(figsize=(7.2, 3.4), layout="constrained")
plot_tree(tree, feature_names=["greenness"], impurity=False, precision=1, fontsize=8, ax=ax)
words = "Each box: its question, its number of people, their mean of log(1 + gift_spending)."
Picture(words, figure)

# %% [markdown]
# A synthetic person lives where 70 % is green. She goes down the tree into a leaf. What shall she spend?
#
# **Predict first:** if we gave her the *mean* of her leaf, what would be wrong with the synthetic data?
#
# CART synthesis does something else: one of the observed people in her leaf, the **donor**, hands on a value.

# %% [markdown]
# ### Exercise 4.1: one step by hand
#
# **A drives.** Find what all people in her leaf spent (`donors`), and draw one of these values (`drawn`).

# %%
rng = np.random.default_rng(1)
leaf = tree.apply(pd.DataFrame({"greenness": [70.0]}))[0]
donors = ...
drawn = ...
### BEGIN SOLUTION
donors = givers["gift_spending"][tree.apply(givers[["greenness"]]) == leaf]
drawn = rng.choice(donors)
### END SOLUTION

given = {"observed": givers, "tree": tree, "greenness": 70.0}
donors, drawn = check("4.1", **given, donors=donors, drawn=drawn)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `tree.apply(givers[["greenness"]])` gives the leaf of each observed giver. Whose leaf equals `leaf`?
#
# </details>
# <details><summary>Hint 2: how to choose and to draw</summary>
#
# `givers["gift_spending"][condition]` keeps the values where the condition holds. `rng.choice(values)` draws one of them.
#
# </details>
# <details><summary>Hint 3: the lines themselves</summary>
#
# ```python
# donors = givers["gift_spending"][tree.apply(givers[["greenness"]]) == leaf]
# drawn = rng.choice(donors)
# ```
#
# </details>

# %% [markdown]
# ## A tree whose leaves hand out donors
#
# With two predictors the tree cuts a plane into boxes. Move *leaf size*: small leaves follow the data closely. Move *person*: her
# donors light up. **Watch the last number**: how many synthetic people are copies?

# %%
units = {"income": "euro a year", "gift_spending": "euro a year", "greenness": "% of the area"}
explore_tree(givers, ["greenness", "income", "gift_spending"], units=units)

# %% [markdown]
# ## All variables at once
#
# `Sequential` takes such a step for every variable. `steps` shows the order, the method and the predictors.

# %%
model = Sequential().fit(gifts)
synthetic = model.sample(rng=1)
model.steps

# %% [markdown]
# ### Exercise 4.2: read the plan
#
# **B drives.** Which variable is the `first` that is drawn from observed values, without looking at any other? How many predictors
# has income (`of_income`)? Does gift_spending help to draw greenness (`helps`, True or False)?

# %%
first = ...
of_income = ...
helps = ...
### BEGIN SOLUTION
first = "postcode"
of_income = 5
helps = False
### END SOLUTION

answers = {"first": first, "of_income": of_income, "helps": helps}
first, of_income, helps = check("4.2", model=model, **answers)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# "made anew" means: what stands there is invented. (For a remark, trees decide only whether there is one.) Look for the first method
# that is something else.
#
# </details>
# <details><summary>Hint 2: where to look</summary>
#
# The last column holds the predictors. `model.steps.set_index("variable").loc["income", "predictors"]` shows those of income in full.
#
# </details>
# <details><summary>Hint 3: the answers</summary>
#
# `first = "postcode"`, `of_income = 5`, `helps = False`: greenness comes before gift_spending.
#
# </details>

# %% [markdown]
# **Predict first:** will Alice's finding survive this time? Her script again, on the observed and on the synthetic people:


# %%
def alice(data):
    """By how many percent 10 more points of greenness raise what givers spend on gifts."""
    givers = data[data["gift_spending"] > 0]
    slope, _ = np.polyfit(givers["greenness"], np.log1p(givers["gift_spending"]), 1)
    return 100 * np.expm1(10 * slope)


effects = pd.Series({"observed": alice(gifts), "synthetic": alice(synthetic)})
effects.round(1).to_frame("effect in percent")

# %%
shown = ["age", "income", "greenness", "gift_spending", "household_size", "education"]
units |= {"age": "years", "household_size": "people"}
compare_table(gifts, synthetic, shown, units=units)

# %% [markdown]
# ## Zeros, missing values, derived variables
#
# Two things are done without being asked. The many **zeros** in gift_spending are a step of their own: does she give at all? Only
# then: how much? **Missing** incomes are a step, too, so they stay with those who do not tell: older people.

# %%
pd.DataFrame(
    {
        name: {
            "spends nothing": (table["gift_spending"] == 0).mean(),
            "income missing": table["income"].isna().mean(),
            "age if income is told": table["age"][table["income"].notna()].mean(),
            "age if income is missing": table["age"][table["income"].isna()].mean(),
        }
        for name, table in [("observed", gifts), ("synthetic", synthetic)]
    }
).round(2)

# %% [markdown]
# But a tree does not know that `years_here` is *computed* from `moved_in`: whole years up to 2025-06-30. A formula does.

# %%
years = Formula('years(moved_in, "2025-06-30")').of(synthetic)
synthetic[["moved_in", "years_here"]].assign(should_be=years.astype(int)).head(4)

# %% [markdown]
# ### Exercise 4.3: keep it in step
#
# **A drives.** How many synthetic people disagree with themselves (`broken`)? Then make a model in which `years_here` follows from the
# formula: `Sequential(methods={"years_here": Passive(…)})`.

# %%
broken = ...
mended = ...
### BEGIN SOLUTION
broken = (synthetic["years_here"] != years).sum()
mended = Sequential(methods={"years_here": Passive('years(moved_in, "2025-06-30")')}).fit(gifts)
### END SOLUTION

given = {"observed": gifts, "synthetic": synthetic}
broken, mended = check("4.3", **given, broken=broken, mended=mended)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# Compare the column `years_here` of `synthetic` with `years`, and count where they differ.
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# `Passive` takes the same text as `Formula` above. Do not forget `.fit(gifts)`.
#
# </details>
# <details><summary>Hint 3: the lines themselves</summary>
#
# ```python
# broken = (synthetic["years_here"] != years).sum()
# mended = Sequential(methods={"years_here": Passive('years(moved_in, "2025-06-30")')}).fit(gifts)
# ```
#
# </details>

# %% [markdown]
# ## Rules
#
# The privacy officer says: "So few people live on the islands. I agree only if **nobody there has an income** in your file." You could
# delete them afterwards, and forget it next time. A **rule** in the model cannot be forgotten:
# `rules={variable: {condition: value}}`.

# %% [markdown]
# ### Exercise 4.4: a rule that must hold
#
# **B drives.** Fit a model whose synthetic people on the islands never tell an income. The value `None` means missing.

# %%
ruled = ...
### BEGIN SOLUTION
ruled = Sequential(rules={"income": {'region == "islands"': None}}).fit(gifts)
### END SOLUTION

ruled = check("4.4", observed=gifts, ruled=ruled)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# The variable is income. The condition is about region, and is written as text: quotes around it, other quotes inside.
#
# </details>
# <details><summary>Hint 2: the condition</summary>
#
# `'region == "islands"'` holds for those who live there; `gifts["region"].unique()` shows how it is spelt.
#
# </details>
# <details><summary>Hint 3: the line itself</summary>
#
# ```python
# ruled = Sequential(rules={"income": {'region == "islands"': None}}).fit(gifts)
# ```
#
# </details>

# %%
many = ruled.sample(20_000, rng=1)
many["income"].isna().groupby(many["region"]).mean().round(3).to_frame("income missing")

# %% [markdown]
# ## Leaf size as a dial
#
# **Predict first:** with larger leaves, will Alice find more or less? And will more or fewer synthetic people look like exactly one
# real person? We turn the dial and measure both, as the mean of five syntheses: `effect` is in percent, `copied` is the share of the
# synthetic people whose age, greenness and household single out one real person.

# %%
known = ["age", "greenness", "household_size"]
# People whom these three values single out:
alone = pd.MultiIndex.from_frame(gifts[known].drop_duplicates(keep=False))


def measure(min_leaf):
    tables = Sequential(min_leaf=min_leaf).fit(gifts).sample_many(5, rng=1)
    copied = [pd.MultiIndex.from_frame(table[known]).isin(alone).mean() for table in tables]
    effect = np.mean([alice(table) for table in tables])
    return {"min_leaf": min_leaf, "effect": effect, "copied": np.mean(copied)}


dial = pd.DataFrame([measure(size) for size in (1, 5, 50, 500)])
dial.round(3)

# %% [markdown]
# ### Exercise 4.5: choose a leaf
#
# **A drives.** Which is the largest of these leaves that keeps at least 80 % of the effect that Alice found in the observed data?

# %%
chosen = ...
### BEGIN SOLUTION
chosen = dial["min_leaf"][dial["effect"] >= 0.8 * alice(gifts)].max()
### END SOLUTION

chosen = check("4.5", dial=dial, effect=alice(gifts), chosen=chosen)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `alice(gifts)` is what she found. Multiply it by 0.8 and compare with the column `effect`.
#
# </details>
# <details><summary>Hint 2: the line itself</summary>
#
# ```python
# chosen = dial["min_leaf"][dial["effect"] >= 0.8 * alice(gifts)].max()
# ```
#
# </details>

# %% [markdown]
# ## Three lines to remember
#
# 1. CART synthesis draws each variable given those before it: a tree finds people who are alike, and a donor hands on a value.
# 2. Formulas and rules belong into the model, where they hold in every record; a tree only comes close.
# 3. Larger leaves blur more and give less away; the size of the leaf is a dial between utility and privacy.
#
# **To discuss:** every single value is somebody's, and no record is. Would you call that anonymous?
#
# **Next:** [05 Utility](05-utility.ipynb): can anybody tell the synthetic from the real?
