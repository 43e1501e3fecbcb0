# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 01 Generative models
#
# *30 minutes, in pairs.* Afterwards you can draw data from a model, fit a model to data, and say why a model can be too simple
# and why it can be too flexible.

# %%
import numpy as np
import pandas as pd

from workshop import PairTimer, check, compare_variable, load

PairTimer(minutes=6)

# %% [markdown]
# ## A machine that makes data
#
# A **generative model** is a machine that makes data. You turn the crank and a new value comes out. The dials on the machine are
# its **parameters**; we write θ (*theta*) for all of them together.
#
# R users know one such machine: `rnorm(100, 1, 1.5)` makes 100 values from a normal distribution with mean 1 and standard
# deviation 1.5. In Python, all randomness comes from a generator that you make first. The number in it is the *seed*: with the
# same seed you get the same values.

# %%
rng = np.random.default_rng(2025)

# %% [markdown]
# ### Exercise 1.1: `rnorm` in Python
#
# **A drives.** Draw 100 values from a normal distribution with mean 1 and standard deviation 1.5.

# %%
draws = ...
### BEGIN SOLUTION
draws = rng.normal(1, 1.5, 100)
### END SOLUTION

draws = check("1.1", draws=draws)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `rng` has a method for each distribution. Type `rng.` and press Tab to see them.
#
# </details>
# <details><summary>Hint 2: the method</summary>
#
# `rng.normal(mean, sd, size)`. Mind the order: in R the size comes first, here it comes last. An error about an *integer* means
# that something like 1.5 stands where the size belongs.
#
# </details>
# <details><summary>Hint 3: the line itself</summary>
#
# ```python
# draws = rng.normal(1, 1.5, 100)
# ```
#
# </details>

# %% [markdown]
# **Predict first:** if you draw 10,000 values instead of 100, will the bars become wider, taller or smoother? Then move the
# sliders. Bars are draws; the line is the distribution that they come from.

# %%
from workshop import explore_normal

explore_normal()

# %% [markdown]
# ## From data to dials
#
# So far you set the dials. Now let the data set them: that is called **fitting**. Our data are the yearly incomes in Alice's
# file. (The next line is the only one in this notebook that reads data. Later, point it at numbers of your own.)

# %%
income = load("gifts")["income"]
unit = "euro a year"
income.describe().round(0)

# %% [markdown]
# ### Exercise 1.2: fit a normal distribution
#
# **B drives.** A normal distribution has two parameters, so θ = (μ, σ): its mean and its standard deviation. Which values suit
# `income` best?

# %%
mu = ...
sigma = ...
### BEGIN SOLUTION
mu = income.mean()
sigma = income.std()
### END SOLUTION

mu, sigma = check("1.2", observed=income, mu=mu, sigma=sigma)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# μ is the mean of the data, and σ their standard deviation. Two of the figures above are what you need, though rounded.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# mu = income.mean()
# sigma = income.std()
# ```
#
# </details>

# %% [markdown]
# The model is fitted, so you can turn the crank: as many synthetic people as there are observed ones.
#
# **Predict first:** where will the synthetic incomes look wrong?

# %%
synthetic = pd.Series(rng.normal(mu, sigma, len(income)), name=income.name)
compare_variable(income, synthetic, unit=unit)

# %% [markdown]
# The bell curve knows two things about income: its mean and its standard deviation. Both are right. It does not know that nobody
# here earns less than nothing, or that a few people earn very much. **A model makes what it knows, and guesses the rest.**
#
# (It does not know about missing values either: the sentence below the picture says so. We come back to them.)

# %% [markdown]
# ### Exercise 1.3: mend the negative incomes
#
# **A drives.** Make a column `mended` with as many synthetic incomes, none of them negative, and with a shape closer to the
# data. Talk before you type: what happens if you cut off, flip or drop the negative ones? Try it; the check has an opinion.

# %%
mended = ...
### BEGIN SOLUTION
log_income = np.log(income[income > 0])
mended = np.exp(rng.normal(log_income.mean(), log_income.std(), len(income)))
### END SOLUTION

mended = check("1.3", observed=income, mended=mended)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# A normal distribution always reaches below zero. So do not fit it to income, but to something that may be negative: is there a
# function of income that can take any value?
#
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Fit and draw the *logarithm* of income. Then undo the logarithm with `np.exp`, whose result is never negative.
#
# </details>
# <details><summary>Hint 3: the lines themselves</summary>
#
# ```python
# log_income = np.log(income[income > 0])
# mended = np.exp(rng.normal(log_income.mean(), log_income.std(), len(income)))
# ```
#
# </details>

# %%
mended = pd.Series(mended, name=income.name)
compare_variable(income, mended, unit=unit)

# %% [markdown]
# This model still has two parameters. It is better because *you* knew something about incomes. In notebook 03 the computer tries
# many such families and keeps the best.

# %% [markdown]
# ## A model without an opinion
#
# Now suppose that you know nothing about the shape. Then let the data draw it: cut the range into bins, and count how many
# people are in each. You know this picture as a histogram. It is a generative model too!

# %%
counts, edges = np.histogram(income.dropna(), bins=40)
pd.DataFrame({"from": edges[:-1], "to": edges[1:], "people": counts}).head().round(0)

# %% [markdown]
# ### Exercise 1.4: write a histogram model
#
# **B drives.** To make one synthetic person, pick a bin, and then a value in it. Bins with more people must come up more often;
# within a bin every value is as likely as any other. Write it for `n` people at once.


# %%
def sample_histogram(counts, edges, n, rng):
    probability = ...  # of each bin: these add up to 1
    chosen = ...  # n numbers of bins, drawn with these probabilities
    values = ...  # for each chosen bin, a value between its two edges
    ### BEGIN SOLUTION
    probability = counts / counts.sum()
    chosen = rng.choice(len(counts), size=n, p=probability)
    values = rng.uniform(edges[chosen], edges[chosen + 1])
    ### END SOLUTION
    return values


sample_histogram = check("1.4", sample_histogram=sample_histogram)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# Three small steps: counts become probabilities; `rng.choice` picks bins; `rng.uniform(low, high)` picks values.
#
# </details>
# <details><summary>Hint 2: which bin</summary>
#
# `rng.choice(len(counts), size=n, p=probability)` gives `n` bin numbers. Bin number `b` reaches from `edges[b]` to `edges[b + 1]`,
# and this also works when `b` is a whole array of numbers.
#
# </details>
# <details><summary>Hint 3: the lines themselves</summary>
#
# ```python
# probability = counts / counts.sum()
# chosen = rng.choice(len(counts), size=n, p=probability)
# values = rng.uniform(edges[chosen], edges[chosen + 1])
# ```
#
# </details>

# %%
drawn = pd.Series(sample_histogram(counts, edges, len(income), rng), name=income.name)
compare_variable(income, drawn, unit=unit)

# %% [markdown]
# One very rich person stretches the range, so almost everybody sits in the first few bins, and the synthetic incomes are spread
# too evenly. More bins would help. Would they?

# %% [markdown]
# ## When a model becomes a copier
#
# More bins follow the data more closely. Is more always better? Move the slider to the right and read the sentence below the
# picture: it counts the values that have a bin all to themselves.
#
# **Predict first:** how many bins does it take until half of them do? As many as there are people?

# %%
from workshop import explore_histogram

explore_histogram(income, unit=unit)

# %% [markdown]
# ### Exercise 1.5: how many bins until it copies people?
#
# **A drives.** What is the smallest of the numbers 2, 4, 8, 16 … of bins, for which **at least half of the different values** of
# `income` have a bin to themselves? Read it off the slider or compute it.

# %%
bins_to_copy = ...
### BEGIN SOLUTION
distinct = np.unique(income.dropna())
for bins_to_copy in 2 ** np.arange(1, 23):
    people_in_bin, _ = np.histogram(distinct, bins_to_copy)
    if (people_in_bin == 1).sum() >= len(distinct) / 2:
        break
### END SOLUTION

bins_to_copy = check("1.5", observed=income, bins_to_copy=bins_to_copy)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# Move the slider above until the sentence says 50 % or more. Then go back one step: it must be less there.
#
# </details>
# <details><summary>Hint 2: with code</summary>
#
# Take each value once: `distinct = np.unique(income.dropna())`. For a number of bins, `np.histogram(distinct, bins)[0]` counts the
# values in each. How many of the counts are 1?
#
# </details>
# <details><summary>Hint 3: the lines themselves</summary>
#
# ```python
# distinct = np.unique(income.dropna())
# for bins_to_copy in 2 ** np.arange(1, 23):
#     people_in_bin, _ = np.histogram(distinct, bins_to_copy)
#     if (people_in_bin == 1).sum() >= len(distinct) / 2:
#         break
# ```
#
# </details>

# %% [markdown]
# ## Three models, one contract
#
# The package has these machines ready made. Every model in this workshop is used in the same way: set it up, `.fit(data)`,
# `.sample()`. At the far end stands the **bootstrap**: it draws the observed records again. No model is more
# faithful, and none gives away more.

# %%
from workshop import Bootstrap, Histogram, Normal

models = [Normal(), Histogram(bins=40), Histogram(bins=int(bins_to_copy)), Bootstrap()]
fitted = [model.fit(income) for model in models]
pd.DataFrame(
    {
        "model": [str(model) for model in fitted],
        "parameters": [model.n_parameters for model in fitted],
        "keeps records": [model.keeps_records for model in fitted],
    }
)

# %% [markdown]
# Each parameter is one number that the model has learned. (Incomes are whole euros, so bins are whole euros wide, and there are slightly
# fewer than asked for.) *Keeps records* says that the model holds values of real people, or as
# good as that: such a model must not be published. Look inside one of them, or read how it is written: put two question
# marks behind its name in a cell of your own, `Histogram??`, and run it.

# %%
fitted[0].theta

# %% [markdown]
# ## Three lines to remember
#
# 1. A generative model is fitted, has parameters θ, and can be sampled.
# 2. Too few parameters, and it makes people with negative incomes.
# 3. Too many, and it copies people.
#
# **To discuss:** the share of missing incomes is a parameter of these models too. Could it give somebody away?
#
# **Next:** [02 Privacy and utility](02-privacy-and-utility.ipynb), which puts every model on one curve.
