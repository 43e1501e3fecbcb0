# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 10 Differential privacy
#
# *Extra, 30 minutes, in pairs.* Afterwards you can say what ε promises, add the noise that keeps the promise, count a budget, and see what it costs.

# %%
import numpy as np
import pandas as pd
from scipy import stats

from workshop import PairTimer, check, compare_variable, load
from workshop.models.private import Accountant, PrivateHistogram, PrivateMetadata, laplace

PairTimer(minutes=7)
gifts = load("gifts")
rng = np.random.default_rng(10)

# %% [markdown]
# ## A promise
#
# Attacks (notebook 06) tell what *these* attackers found. **Differential privacy** promises something about all of them: whatever is published, it
# would have been nearly as likely **without you in the data**. "Nearly" is ε: no result becomes more than exp(ε) times likelier. With
# ε = 0.1 that is 1.1 times, with ε = 1 it is 2.7, with ε = 10 it is 22,026.
#
# The promise is kept by noise. How much? As much as hides one person: the **sensitivity**, the most that one person can change the answer,
# divided by ε.

# %% [markdown]
# ### Exercise 10.1: a noisy count
#
# **A drives.** How many people live on the islands? One person changes this count by at most 1. With ε = 0.5, what is the `scale` of the
# noise? Add one draw of `rng.laplace(0, scale)` to the true count: `noisy`.

# %%
count = int((gifts["region"] == "islands").sum())

scale = ...
noisy = ...
### BEGIN SOLUTION
scale = 1 / 0.5
noisy = count + rng.laplace(0, scale)
### END SOLUTION

scale, noisy = check("10.1", count=count, epsilon=0.5, scale=scale, noisy=noisy)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# The scale is the sensitivity divided by ε. A smaller ε is a stronger promise, and needs more noise.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# scale = 1 / 0.5
# noisy = count + rng.laplace(0, scale)
# ```
#
# </details>

# %% [markdown]
# ## One person and a mean
#
# The mean income of 2,000 people: how much can one person change it? If somebody may earn *anything*, without limit, and no noise would hide them.
# So numbers need **bounds**, stated beforehand and not read off the data. What lies outside is moved to the bound.

# %% [markdown]
# ### Exercise 10.2: how much can one person move a mean?
#
# **B drives.** Ages lie between 18 and 90, and there are 2,000 people. By how many years can the age of *one* person move the mean age
# (`moved_age`)? And incomes between 0 and 200,000: by how many euro can one person move that mean (`moved_income`)?

# %%
moved_age = ...
moved_income = ...
### BEGIN SOLUTION
moved_age = (90 - 18) / 2000
moved_income = (200_000 - 0) / 2000
### END SOLUTION

given = {"n": 2000, "ages": (18, 90), "incomes": (0, 200_000)}
moved_age, moved_income = check("10.2", **given, moved_age=moved_age, moved_income=moved_income)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# At most, one person goes from one bound to the other. The mean divides that by the number of people.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# moved_age = (90 - 18) / 2000
# moved_income = (200_000 - 0) / 2000
# ```
#
# </details>

# %%
clipped = gifts["income"].dropna().clip(0, 200_000)
moved = 200_000 / len(clipped)  # of those who said what they earn
noisy_means = [laplace(clipped.mean(), moved, epsilon, rng) for epsilon in (0.01, 0.1, 1, 10)]
names = ["ε = 0.01", "ε = 0.1", "ε = 1", "ε = 10", "truth"]
pd.Series([*noisy_means, clipped.mean()], names).round(0)

# %% [markdown]
# Ottokar's 1,240,000 euro count as 200,000: the bound costs something, too. (How many said what they earn is taken as known here; where it is not,
# it has to be asked with noise as well.)
#
# ## Why questions cost
#
# Ask the same question again and again, and the noise averages out. So every answer is paid for out of a **budget**: ε of all answers
# together is the sum.

# %%
asked = laplace(np.full(1000, float(count)), 1, 0.5, rng)
answers = {f"answer {i + 1}": asked[i] for i in range(4)}
pd.Series({**answers, "mean of 1,000 answers": asked.mean(), "truth": count}).round(1)

# %%
purse = Accountant(epsilon=1.0)
purse.spend(0.5, "people on the islands")
purse.table()

# %% [markdown]
# ### Exercise 10.3: count the budget
#
# **A drives.** 1,000 answers with ε = 0.5 each: what is ε of all of them together (`together`)? And if the budget is 1 for 1,000 answers that cost
# the same, what is ε of `each`?

# %%
together = ...
each = ...
### BEGIN SOLUTION
together = 1000 * 0.5
each = 1 / 1000
### END SOLUTION

together, each = check("10.3", n=1000, epsilon=0.5, budget=1.0, together=together, each=each)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# What is spent on the same people adds up.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# together = 1000 * 0.5
# each = 1 / 1000
# ```
#
# </details>

# %% [markdown]
# ## Noisy synthetic data
#
# Whatever is made from a private result stays private. So: add noise to a histogram once, and draw as much synthetic data from it as you like. Bounds
# and labels must be stated; the variables share the budget. **Predict first:** at which ε will you not recognise the ages any more?

# %%
bounds = {"age": (18, 90), "income": (0, 200_000), "greenness": (0, 100)}
table = gifts[list(bounds)]
strong, weak = (PrivateHistogram(epsilon, bounds, random_state=1).fit(table) for epsilon in (0.05, 5))
compare_variable(table["age"], strong.sample(rng=1)["age"], unit="years")

# %%
compare_variable(table["age"], weak.sample(rng=1)["age"], unit="years")

# %% [markdown]
# Noise has the same size in every bin, so bins with few people drown first. Fewer, wider bins have less noise, but are coarse. Which wins?
# Here is the largest gap between the cumulative curves of greenness, observed and synthetic, on average over 20 fits.


# %%
def gap(bins, epsilon):
    """The Kolmogorov-Smirnov distance of greenness."""
    gaps = []
    for seed in range(20):
        model = PrivateHistogram(epsilon, bounds, bins=bins, random_state=seed).fit(table)
        drawn = model.sample(rng=1)["greenness"].dropna()
        gaps.append(stats.ks_2samp(drawn, table["greenness"]).statistic)
    return np.mean(gaps)


epsilons = (0.05, 0.5, 5)
gaps = pd.DataFrame({bins: [gap(bins, epsilon) for epsilon in epsilons] for bins in (5, 20, 1000)}, epsilons)
gaps.rename_axis(index="ε", columns="bins").round(3)

# %% [markdown]
# ### Exercise 10.4: coarse or noisy?
#
# **B drives.** How many bins are best with the strong promise, ε = 0.05 (`for_strong`)? And with the weak one, ε = 5 (`for_weak`)?

# %%
for_strong = ...
for_weak = ...
### BEGIN SOLUTION
for_strong = gaps.loc[0.05].idxmin()
for_weak = gaps.loc[5].idxmin()
### END SOLUTION

for_strong, for_weak = check("10.4", gaps=gaps, for_strong=for_strong, for_weak=for_weak)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# Find the smallest gap in the first line, and in the last one. The answer is what stands at the top of its column.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# for_strong = gaps.loc[0.05].idxmin()
# for_weak = gaps.loc[5].idxmin()
# ```
#
# </details>

# %% [markdown]
# Metadata can be private as well: noise is added to a count, a sum and a sum of squares, from which follow the mean and the standard deviation. The whole
# model is one page.

# %%
PrivateMetadata(epsilon=1, bounds=bounds, random_state=1).fit(table).theta.round(2)

# %% [markdown]
# These classes are for teaching: they draw noise with ordinary random numbers, which a determined attacker can exploit, and whoever knows `random_state`
# can take the noise away. For data that matter use a library that was built and checked for it, such as OpenDP.
#
# ## Three lines to remember
#
# 1. ε limits what anybody can learn from your being in the data; small is strong, and noise is the price.
# 2. Noise is as large as one person can change the answer, divided by ε; so bounds are stated beforehand.
# 3. Everything that is asked of the same people is added up, and the budget ends.
#
# **To discuss:** who should decide on ε, and what would they have to know?
#
# **Next:** [11 Several syntheses](11-several-syntheses.ipynb): why one synthetic table makes you too sure.
