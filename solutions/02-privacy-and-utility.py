# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 02 Privacy and utility
#
# *25 minutes, in pairs.* Afterwards you can place a model on the trade-off between privacy and utility, name the three questions of an
# attacker, and climb the ladder of uses: what is a synthetic table good for?

# %%
from workshop import Metadata, PairTimer, Sequential, check, explore_spectrum, load
from workshop.measures.attacks import split
from workshop.risk_utility import Tradeoff, tradeoff

PairTimer(minutes=6)

# %% [markdown]
# ## Two corners
#
# In notebook 01 a bell curve knew two numbers about incomes, and a histogram with enough bins copied people. Between these lies a whole
# spectrum: **the more flexible p(X | θ), the more useful the synthetic data, and the more they give away.** How much more?
#
# Half of Alice's respondents are `people`: the models see them. The `others` are set aside, to tell what is known about *anybody*.

# %%
gifts = load("gifts")
people, others = split(gifts, share=0.5, rng=2)

# %% [markdown]
# Seven models, in the order of the alphabet:
#
# - **bootstrap** draws whole people again, as they are
# - **CART**, with leaves of 5 or of 100, draws each value from people who are alike in the values before it (notebook 04)
# - **constant** makes everybody the average person
# - **copula** knows each variable, and how strongly each two of them go together (notebook 08)
# - **metadata** draws each variable from the curve that suits it, one by one (notebook 03)
# - **normal** draws each variable from a bell curve, one by one

# %% [markdown]
# ### Exercise 2.1: predict the order
#
# **A drives.** Write the seven models in order, from the least to the most `useful`, and from the least to the most `risky`. Do not run
# the cells below before you both agree.

# %%
seven = ["bootstrap", "CART (leaves of 100)", "CART (leaves of 5)", "constant"]
seven += ["copula", "metadata", "normal"]
measured = Tradeoff.load("gifts")

useful = ...
risky = ...
### BEGIN SOLUTION
useful = list(measured.table.loc[seven, "utility"].sort_values().index)
risky = list(measured.table.loc[seven, "risk"].sort_values().index)
### END SOLUTION

useful, risky = check("2.1", measured=measured, models=seven, useful=useful, risky=risky)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# Who gives everybody the same record? Who copies people? These two are the ends of both lists.
#
# </details>
# <details><summary>Hint 2: in between</summary>
#
# A model that treats each variable alone cannot know what goes with what. The smaller the leaves of a tree, the closer it comes to copying.
#
# </details>
# <details><summary>Hint 3: a good answer for both</summary>
#
# ```python
# useful = ["constant", "normal", "metadata", "copula", "CART (leaves of 100)", "CART (leaves of 5)", "bootstrap"]
# risky = useful
# ```
#
# </details>

# %% [markdown]
# ## Through the spectrum
#
# Now move the slider from left to right, slowly. On the left you see what the model makes of greenness and gifts, on the right where it stands:
# **risk** is what attackers gain (in points), **utility** runs from 0 to 1. **Predict** at each move: does the star go up, or right?

# %%
explore_spectrum(people)

# %% [markdown]
# ## The curve, measured
#
# Ten models, each fitted and sampled ten times. Rest the mouse on a dot to read its figures (or go there with the Tab key). The larger the
# dot, the more parameters; the thin lines are 95 % intervals.

# %%
measured.picture()

# %% [markdown]
# Two things to see. From the constant to CART, **much use costs little risk**: the curve climbs steeply. From CART to copying people,
# **much risk buys little use**. Whoever publishes wants to be at the bend.
#
# Utility is the mean of three parts (more in notebook 05): can a classifier tell the table from other real people (*area under the curve*: 0.5 is
# guessing, 1 is never wrong), are pairs of variables kept (*S_pMSE*: 1 is chance), does Alice's regression come out the same (*overlap*: 1 is yes)?
#
# ## What an attacker asks
#
# 1. **Who is this?** *(singling out, linking)* A record that fits one person only.
# 2. **Was this person in the data?** *(membership)* In a file of patients, that is the secret.
# 3. **What is this person's secret?** *(inference)* A value that nobody told.

# %%
attacks = ["singling out", "linkability", "inference", "membership", "risk"]
(100 * measured.table[attacks]).round().astype(int)  # in points

# %% [markdown]
# Each number says how much oftener an attack succeeds with the synthetic table than on the `others`, who are not in it. So 0 is "nothing learned from
# being in the data", and a little below or above it is chance. Risk is the mean of the four.

# %% [markdown]
# ### Exercise 2.2: guess an income
#
# **B drives.** You read in the newspaper about Ottokar: 58 years old, a "master or higher", and he lives on the "islands". `copied` is a synthetic
# table from trees with leaves of two people. Find the synthetic record with his region and education whose age is nearest to his.
# What income do you `guess`?

# %%
copied = Sequential(min_leaf=2).fit(people).sample(rng=10)

guess = ...
### BEGIN SOLUTION
alike = copied[(copied["region"] == "islands") & (copied["education"] == "master or higher")]
guess = alike.loc[(alike["age"] - 58).abs().idxmin(), "income"]
### END SOLUTION

guess = check("2.2", observed=people, synthetic=copied, guess=guess)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `copied[(copied["region"] == "islands") & (copied["education"] == "master or higher")]` shows whom to look at.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# alike = copied[(copied["region"] == "islands") & (copied["education"] == "master or higher")]
# guess = alike.loc[(alike["age"] - 58).abs().idxmin(), "income"]
# ```
#
# </details>

# %% [markdown]
# The same attack on a metadata table finds islanders as well, but their incomes are nobody's. **Who stands out is in danger first**, and only if the
# model hands out what it saw. Notebook 06 does this to a thousand people, and asks how often it would have worked anyway.

# %%
alone = Metadata().fit(people).sample(rng=1)
alone.loc[alone["region"] == "islands", ["region", "education", "age", "income"]].head()

# %% [markdown]
# ## The ladder of uses
#
# What do you want to do with the table? Each rung asks for more, and each was tested on every sample (the squares in the picture above):
# *know the data* (columns, types, labels) · *run the script* · *show variation* (each variable) · *show association* ·
# *correlate* · *estimate* (a regression) · *answer anything*.

# %% [markdown]
# ### Exercise 2.3: as much as needed, as little as possible
#
# **A drives.** For each use, name the **first** model (from the bottom of the right-hand picture, or in the order of `measured.table`) whose square is
# full.

# %%
for_script = ...
for_variation = ...
for_correlation = ...
for_anything = ...
### BEGIN SOLUTION
for_script = "constant"
for_variation = "metadata"
for_correlation = "copula"
for_anything = "bootstrap"
### END SOLUTION

answers = {"for_script": for_script, "for_variation": for_variation}
answers |= {"for_correlation": for_correlation, "for_anything": for_anything}
for_script, for_variation, for_correlation, for_anything = check("2.3", measured=measured, **answers)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `measured.table["run the script"]` shows the share of samples on which the script ran. More than a half counts as yes.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# for_script = "constant"
# for_variation = "metadata"
# for_correlation = "copula"
# for_anything = "bootstrap"
# ```
#
# </details>

# %% [markdown]
# ## Measure it yourself
#
# Put a model of your own on the curve, as a diamond. `tradeoff` fits, samples, and attacks; three seeds take a few seconds. Change `min_leaf`, or try
# `Histogram(bins=50)`. To measure all ten again, write `tradeoff(people, **given)`: a bar shows how far it is, for a minute or two.

# %%
keys = ["age", "region", "household_size", "education", "greenness"]
formula = "np.log1p(gift_spending) ~ greenness"
given = {"keys": keys, "holdout": others, "target": "income", "formula": formula, "seeds": 3}
mine = tradeoff(people, {"mine": Sequential(min_leaf=25)}, **given)
measured.joined(mine).picture()

# %% [markdown]
# ## Three lines to remember
#
# 1. Flexible models are useful and give away more; inflexible ones give away little and are good for little.
# 2. Attackers ask who somebody is, whether they were in the data, and what their secret is.
# 3. Choose the lowest rung that your use needs, and the least flexible model that reaches it.
#
# **To discuss:** which rung would have been enough for the data that you would like to share?
#
# **Next:** [03 Metadata synthesis](03-metadata-synthesis.ipynb): a recipe that a privacy officer can read.
