# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 06 Privacy
#
# *25 minutes, in pairs.* Afterwards you can play the attacker on synthetic data, say what was given away and what everybody knows
# anyway, and turn the dials that give less away.

# %%
import numpy as np
import pandas as pd

from workshop import Metadata, PairTimer, Sequential, check, load
from workshop.dials import code_ends, labelled, round_to
from workshop.measures.attacks import inference, membership, split
from workshop.measures.disclosure import disclosure, replicated_uniques, without_replicated_uniques
from workshop.risk_utility import Tradeoff, tradeoff
from workshop.widgets.membership_game import play_membership

PairTimer(minutes=6)

# %% [markdown]
# ## Set people aside first
#
# An attack that works on *everybody* says nothing about those in the data: who knows that somebody is old guesses rightly that they
# have lived here for long. So we split Alice's respondents **before** fitting. The models see `people`; `others` are never shown to them.

# %%
gifts = load("gifts")
people, others = split(gifts, share=0.5, rng=2)
small = Sequential(min_leaf=2).fit(people).sample(rng=1)
large = Sequential(min_leaf=50).fit(people).sample(rng=1)
alone = Metadata(privacy=11).fit(people).sample(rng=1)

# %% [markdown]
# An attacker asks three things. **Who is this?** **Was this person in the data?** **What is this person's secret?**
#
# ## Who is this? Replicated uniques
#
# You know three things about your neighbour: age, region and household size. If nobody else in the real data has the same three, and
# exactly one synthetic record has them, that record seems to *be* your neighbour.

# %%
keys = ["age", "region", "household_size"]
replicated_uniques(people, small, keys)

# %% [markdown]
# ### Exercise 6.1: find them, and take them out
#
# **A drives.** How many synthetic records of `small` are replicated uniques (`n_replicated`)? Make a table without them (`cleaned`).

# %%
n_replicated = ...
cleaned = ...
### BEGIN SOLUTION
n_replicated = replicated_uniques(people, small, keys).replicated_uniques
cleaned = without_replicated_uniques(people, small, keys)
### END SOLUTION

given = {"observed": people, "synthetic": small, "keys": keys}
n_replicated, cleaned = check("6.1", **given, n_replicated=n_replicated, cleaned=cleaned)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# The result of `replicated_uniques` has an attribute of the same name. `without_replicated_uniques` takes the same three things.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# n_replicated = replicated_uniques(people, small, keys).replicated_uniques
# cleaned = without_replicated_uniques(people, small, keys)
# ```
#
# </details>

# %% [markdown]
# ## Was this person in the data?
#
# Play it: you see a person and the most similar synthetic record. A plays against small leaves, B against large ones. **Predict
# first:** who will score higher?

# %%
known = ["age", "education", "income", "region", "greenness", "gift_spending"]
play_membership(people, others, small, large, known)

# %% [markdown]
# A machine does the same for 1,000 people: half of them were in the data, half were not. It accuses the half that lies nearest to a
# synthetic record. `membership(observed, synthetic, holdout)` tells how often it is right beyond chance: the **excess**.

# %%
membership(people, alone, others)

# %% [markdown]
# ### Exercise 6.2: the excess
#
# **B drives.** What is the excess for `small`, and for `large`?

# %%
excess_small = ...
excess_large = ...
### BEGIN SOLUTION
excess_small = membership(people, small, others).excess
excess_large = membership(people, large, others).excess
### END SOLUTION

given = {"observed": people, "others": others, "small": small, "large": large}
answers = {"excess_small": excess_small, "excess_large": excess_large}
excess_small, excess_large = check("6.2", **given, **answers)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# As in the cell above, with another table in the middle, and `.excess` at the end.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# excess_small = membership(people, small, others).excess
# excess_large = membership(people, large, others).excess
# ```
#
# </details>

# %% [markdown]
# ## What is this person's secret?
#
# Suppose it is a secret whether somebody gives to charity. Look up your neighbour's three keys in the synthetic data. If all who share
# them give the same answer, you believe it. **DiSCO** is the share of people about whom you then believe the truth.

# %% [markdown]
# ### Exercise 6.3: three keys and a secret
#
# **A drives.** `disclosure(observed, synthetic, keys, target)` has a `.DiSCO`, in percent. What is it for `people` and `small`? And for
# the `others`, who were never in the data (`baseline`)?

# %%
disco = ...
baseline = ...
### BEGIN SOLUTION
disco = disclosure(people, small, keys, "gives_to_charity").DiSCO
baseline = disclosure(others, small, keys, "gives_to_charity").DiSCO
### END SOLUTION

given = {"observed": people, "others": others, "synthetic": small}
given |= {"keys": keys, "target": "gives_to_charity"}
disco, baseline = check("6.3", **given, disco=disco, baseline=baseline)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# The target is `"gives_to_charity"`. For the baseline only the first table changes.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# disco = disclosure(people, small, keys, "gives_to_charity").DiSCO
# baseline = disclosure(others, small, keys, "gives_to_charity").DiSCO
# ```
#
# </details>

# %% [markdown]
# **Why not simply measure distances?** Suppose that all synthetic records lie far from all real ones, but every income is the real one plus
# 3 euro. No record is a copy, and every income can be read. Distance is a sign, not a proof: attacks ask what somebody *learns*.

# %% [markdown]
# ## Turn the dials
#
# The risk here: an attacker who knows five things guesses an income within 10 %, and is right more often about people in the data. The use:
# Alice's finding. *Top coding* lowers the highest incomes to one bound, *smoothing* moves a donor's income a little, so
# that it is nobody's own. Each dial costs something. **Predict first:** which one keeps the finding and lowers the risk most?


# %%
def alice(data):
    """By how many percent 10 more points of greenness raise what givers spend on gifts."""
    givers = data[data["gift_spending"] > 0]
    slope, _ = np.polyfit(givers["greenness"], np.log1p(givers["gift_spending"]), 1)
    return 100 * np.expm1(10 * slope)


def measure(tables):
    """Risk and use of several syntheses, on average."""
    five = ["age", "region", "household_size", "education", "greenness"]
    risk = [inference(people, table, others, five, "income").excess for table in tables]
    return {"risk": np.mean(risk), "effect": np.mean([alice(table) for table in tables])}


# %%
leaves = {size: Sequential(min_leaf=size).fit(people).sample_many(5, rng=1) for size in (2, 50)}
smooth = Sequential(min_leaf=2, smoothing=["income"]).fit(people).sample_many(5, rng=1)
dials = {
    "leaves of 2": leaves[2],
    "top coding": [code_ends(table, "income", top=0.95, by="share") for table in leaves[2]],
    "rounding to 5,000": [round_to(table, "income", 5000) for table in leaves[2]],
    "smoothing": smooth,
    "leaves of 50": leaves[50],
    "metadata": [Metadata(privacy=11).fit(people).sample(rng=seed) for seed in range(5)],
}
measured = pd.DataFrame({name: measure(tables) for name, tables in dials.items()}).T
measured.round(3)

# %% [markdown]
# `risk` is a share: 0.25 means that the attacker is right about 25 more of a hundred people if they were in the data. `effect` is in
# percent.

# %% [markdown]
# ### Exercise 6.4: choose a dial
#
# **B drives.** Which line has the lowest risk among those that keep at least 80 % of what Alice finds in `people`?

# %%
chosen = ...
### BEGIN SOLUTION
chosen = measured[measured["effect"] >= 0.8 * alice(people)]["risk"].idxmin()
### END SOLUTION

chosen = check("6.4", measured=measured, effect=alice(people), chosen=chosen)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `alice(people)` is what she finds there. Write the name of the line in quotes.
#
# </details>
# <details><summary>Hint 2: the line itself</summary>
#
# ```python
# chosen = measured[measured["effect"] >= 0.8 * alice(people)]["risk"].idxmin()
# ```
#
# </details>

# %% [markdown]
# ## The curve again, with your dots
#
# Here is the picture of notebook 02 with two of today's dials on it, each measured with three seeds: four attacks on one axis, three kinds of use
# on the other; the diamonds are yours. **Predict first:** where will each of them lie?

# %%
yours = {"leaves of 2": Sequential(min_leaf=2), "leaves of 50": Sequential(min_leaf=50)}
five = ["age", "region", "household_size", "education", "greenness"]
given = {"keys": five, "target": "income", "formula": "np.log1p(gift_spending) ~ greenness"}
measured_today = tradeoff(people, yours, holdout=others, seeds=3, **given)
Tradeoff.load("gifts").joined(measured_today).picture()

# %% [markdown]
# Last of all, whoever finds the file on a disk in ten years must know what it is. The cheapest dial says so in every record:

# %%
labelled(large)[["synthetic", "region", "age", "income", "greenness"]].head(3)

# %% [markdown]
# ## Three lines to remember
#
# 1. An attacker asks who somebody is, whether they were in the data, and what their secret is.
# 2. What works on people who were never in the data was not given away by it: every risk needs a baseline and an interval.
# 3. Each dial costs use and buys privacy; measure both, and say what you did not test.
#
# **To discuss:** for which of your data would *being in the file* be a secret already?
#
# **Next:** [07 Publish](07-publish.ipynb): a release that a stranger can use.
