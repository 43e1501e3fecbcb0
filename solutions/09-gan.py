# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 09 A GAN with a million parameters
#
# *Extra, 40 minutes, in pairs.* Afterwards you can say how two networks learn from each other, check a gradient yourself, watch a network learn
# a table, and recognise when it has stopped learning: mode collapse.

# %%
import numpy as np
import pandas as pd

from workshop import GAN, GaussianCopula, PairTimer, check, load, propensity, watch_training
from workshop.models.networks import Network
from workshop.widgets.training import draw_training

PairTimer(minutes=8)

# %% [markdown]
# ## A forger and a detective
#
# The **generator** turns random numbers into records. The **discriminator** gives each record a score: high for "observed", low for
# "made up". The detective learns to tell; the forger learns to be believed. Nobody tells the forger what the data look like: it sees only
# how well the detective can be fooled.
#
# A score s becomes a probability by 1 / (1 + exp(−s)). The detective's **loss** is the mean of −log p over observed records, plus the mean of
# −log(1 − p) over made-up ones.

# %%
scores_observed = np.array([2.0, 0.5, 1.0])
scores_made_up = np.array([-1.5, 0.2, -0.3])

# %% [markdown]
# ### Exercise 9.1: what the detective loses
#
# **A drives.** Compute the `loss` for these six records. And what would a detective lose who can only guess, and so gives everybody the score 0
# (`guessing`)?

# %%
loss = ...
guessing = ...
### BEGIN SOLUTION
p_observed = 1 / (1 + np.exp(-scores_observed))
p_made_up = 1 / (1 + np.exp(-scores_made_up))
loss = -np.log(p_observed).mean() - np.log(1 - p_made_up).mean()
guessing = -np.log(0.5) - np.log(0.5)
### END SOLUTION

given = {"observed": scores_observed, "made_up": scores_made_up}
loss, guessing = check("9.1", **given, loss=loss, guessing=guessing)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# First turn both arrays of scores into probabilities. A score of 0 is a probability of one half.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# p_observed = 1 / (1 + np.exp(-scores_observed))
# p_made_up = 1 / (1 + np.exp(-scores_made_up))
# loss = -np.log(p_observed).mean() - np.log(1 - p_made_up).mean()
# guessing = -np.log(0.5) - np.log(0.5)
# ```
#
# </details>

# %% [markdown]
# ## Downhill
#
# Both networks learn in the same way: for every weight, ask whether the loss falls if it grows a little, and take a step that way. This slope is the
# **gradient**. `backward` works it out for all weights at once, by the chain rule. Can it be trusted? Change one weight a little, and see.

# %%
rng = np.random.default_rng(9)
network, x = Network([2, 3, 1], rng, float), rng.normal(size=(5, 2))
gradients, _ = network.backward(2 * network.forward(x) / 5)
by_chain_rule = gradients[0][0, 0]
weight = float(network.weights[0][0, 0])


def loss_at(value):
    """The loss (here: the mean squared output) if the first weight had this value."""
    network.weights[0][0, 0] = value
    return float((network.forward(x) ** 2).mean())


# %% [markdown]
# ### Exercise 9.2: check a gradient
#
# **B drives.** How steep is `loss_at` at `weight`? Step a little (0.0001) to either side, and divide the difference by the distance.

# %%
slope = ...
### BEGIN SOLUTION
slope = (loss_at(weight + 0.0001) - loss_at(weight - 0.0001)) / 0.0002
### END SOLUTION

slope = check("9.2", loss_at=loss_at, weight=weight, slope=slope)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# From `weight - 0.0001` to `weight + 0.0001` the distance is 0.0002.
#
# </details>
# <details><summary>Hint 2: the line itself</summary>
#
# ```python
# slope = (loss_at(weight + 0.0001) - loss_at(weight - 0.0001)) / 0.0002
# ```
#
# </details>

# %%
pd.Series({"by the chain rule": by_chain_rule, "by your two steps": slope}).round(6)

# %% [markdown]
# ## Watch it learn
#
# Some 76,000 parameters, 1,200 steps, about ten seconds. On the left the losses; on the right a sample beside the observed data. **Predict
# first:** where will the detective's loss end if the forger becomes perfect?
#
# Press ■ in the toolbar to stop it, and run the second cell again to go on.

# %%
gifts = load("gifts")
gan = GAN(steps=0).fit(gifts)
gan.n_parameters

# %%
watch_training(gan, gifts, ["greenness", "gift_spending"], steps=1200)

# %%
copula = GaussianCopula().fit(gifts)
areas = {}
for name, model in {"GAN": gan, "copula": copula}.items():
    areas[name] = propensity(gifts, model.sample(rng=1), "boosting").auc
pd.Series(areas, name="area under the curve").round(2)

# %% [markdown]
# Here another detective comes (the classifier of notebook 05): 0.5 would be guessing, 1 is never wrong. The network's own detective was down to guessing,
# and yet this one can tell: **a loss of 1.39 does not make a perfect forger.** The copula of notebook 08, 280 numbers fitted in less than a second, is
# harder to tell from real people. (Keys and texts are made anew: a network must not learn them.)
#
# ## When it stops learning
#
# Eight towns lie in a ring. A forger may find that one town fools the detective, and then make nothing else: **mode collapse**. It comes with large
# steps, small batches, and a detective that nobody holds back (`penalty=0`).

# %%
place = rng.integers(0, 8, 2000)
circle = np.column_stack([np.cos(place * np.pi / 4), np.sin(place * np.pi / 4)])
ring = pd.DataFrame(2 * circle + rng.normal(0, 0.1, (2000, 2)), columns=["x", "y"])
careless = GAN(hidden=128, batch=16, rate=0.01, penalty=0, steps=1500).fit(ring)
draw_training(careless, ring, ["x", "y"])

# %%
careful = GAN(hidden=64, layers=4, rate=0.005, penalty=0.1, steps=1500).fit(ring)
draw_training(careful, ring, ["x", "y"])


# %% [markdown]
# ### Exercise 9.3: how many towns?
#
# **A drives.** `town_of` gives each record the number of its town, 0 to 7, or −1 if it lies in none. How many towns have at least 2 % of the
# records, in the sample of the `careless` and in that of the `careful` network?


# %%
def town_of(table):
    """The number of each record's town, or -1."""
    town = np.rint(np.arctan2(table["y"], table["x"]) / (np.pi / 4)).astype(int) % 8
    east, north = 2 * np.cos(town * np.pi / 4), 2 * np.sin(town * np.pi / 4)
    return town.mask(np.hypot(table["x"] - east, table["y"] - north) > 0.5, -1)


networks = {"careless": careless, "careful": careful}
towns = {name: town_of(gan.sample(2000, rng=1)) for name, gan in networks.items()}

# %%
n_careless = ...
n_careful = ...
### BEGIN SOLUTION
found = {name: town[town >= 0].value_counts() / len(town) for name, town in towns.items()}
n_careless = (found["careless"] >= 0.02).sum()
n_careful = (found["careful"] >= 0.02).sum()
### END SOLUTION

n_careless, n_careful = check("9.3", towns=towns, n_careless=n_careless, n_careful=n_careful)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `towns["careless"].value_counts() / 2000` gives the shares. Leave out the line −1.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# found = {name: town[town >= 0].value_counts() / len(town) for name, town in towns.items()}
# n_careless = (found["careless"] >= 0.02).sum()
# n_careful = (found["careful"] >= 0.02).sum()
# ```
#
# </details>

# %% [markdown]
# Collapse is a danger for science: a small group of people may be missing from the synthetic data, and no mean and no picture of all will show it.
#
# ## A million
#
# The same code with 700 units in each layer has more than a million parameters: six hundred for each person in the table. Ten steps to see it
# start. Write 4000 instead, and get a coffee: it takes some four minutes on two cores.

# %%
big = GAN(hidden=700, rate=0.0003, penalty=5, steps=0).fit(gifts)
big.n_parameters

# %%
watch_training(big, gifts, ["greenness", "gift_spending"], steps=10)

# %% [markdown]
# With more parameters than values, a network *can* learn records by heart. So `keeps_records` is True for every GAN: publish its sample after
# you have measured what it gives away (notebook 06), and never the network itself.
#
# ## Three lines to remember
#
# 1. A generator learns to fool a discriminator, until that one can only guess (loss 1.39). Another one may still tell.
# 2. Watch for mode collapse: count the groups, do not trust the average.
# 3. A million parameters are no merit by themselves: for tables of a few thousand people, trees do as well in a tenth of a second.
#
# **To discuss:** who could check a model with a million parameters, and who a page of metadata?
#
# **Next:** [10 Differential privacy](10-differential-privacy.ipynb): noise that hides whether you were there.
