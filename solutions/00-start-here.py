# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Start here: how to create synthetic data
#
# *A tool for open science.* You work in pairs; this notebook takes 10 minutes.
#
# To run a cell, click on it and press **Shift + Enter**. Run the cells from top to bottom, and read what stands between them.

# %% [markdown]
# ## The story of Alice
#
# Alice reports "more generous gifting behaviour in greener neighbourhoods". Her script is public, and it begins like this:
#
# ```python
# gifts = pd.read_csv("super_private_data_file.csv")
# ```
#
# You only want to run her script and learn from the analysis. But the people in that file told Alice what they earn and give,
# and she promised them to keep it to herself. She may not share the file. **What can she share instead?**
#
# ![Alice's script is open for everybody, but the data file that it reads is locked. A synthetic file with the same columns could take its place.](attachment:locked-file.png)

# %% [markdown]
# Talk for a minute with your partner before you open the answer: what could Alice give you, so that her script runs?
#
# <details><summary>Some answers</summary>
#
# - **Nothing but the script.** Safe, but you cannot run it.
# - **The file without the names.** Often not safe: age, postcode and the moving date together can point to one person.
# - **Random numbers in the right columns.** Safe, and the script runs, but it shows nothing.
# - **Synthetic data:** records of people who do not exist, drawn from a *model* of the real ones. How much such records show,
#   and how much they give away, depends on the model. That is what this workshop is about.
#
# </details>

# %% [markdown]
# ## Does everything run?
#
# The next cell fetches four helpers from the package `workshop`, which comes with these notebooks. Then the doctor looks at
# your environment.

# %%
from workshop import PairTimer, check, doctor, load

doctor()

# %% [markdown]
# ## Pair up
#
# One of you **drives**: types, and nothing else. The other **navigates**: reads, thinks aloud and says what to try. At each
# exercise you swap. Decide who is A and who is B, type your names into the timer and start it.

# %%
PairTimer(minutes=5)

# %% [markdown]
# The clock lives in your browser: it goes on while Python is busy. Each exercise says who drives.

# %% [markdown]
# ## Be Alice for a morning
#
# To make synthetic data one has to hold the real ones. So today *you* have the private file. (Do not worry: nobody in it is
# real. It was simulated, so that you may look at everything; `data/codebook.md` tells how.)

# %%
gifts = load("gifts")
gifts.head()

# %% [markdown]
# Each row is a **record**: one respondent. Each column is a **variable**. `NaN` and `NaT` stand for missing values, R's `NA`.
#
# **If you come from R:** write `=` where R has `<-`, and `2**3` for `2^3`; Python counts from 0. A long message in red means that
# Python could not run a line. Its last sentence says why: mend the line, and run the cell again.

# %% [markdown]
# ### Exercise 0.1: how many records?
#
# **A drives.** Replace the dots, run the cell, and see what the check says. It is here so that you see how a check works:
# leave the dots, or give a wrong number on purpose, and nothing breaks.

# %%
n_records = ...
### BEGIN SOLUTION
n_records = len(gifts)
### END SOLUTION

n_records = check("0.1", observed=gifts, n_records=n_records)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# A record is a row. How long is the table?
#
# </details>
# <details><summary>Hint 2: the line itself</summary>
#
# ```python
# n_records = len(gifts)
# ```
#
# </details>

# %% [markdown]
# ## Who could you find?
#
# **B drives.** Alice took nothing out of this file. Suppose your neighbour took part, and you know roughly how old she is and
# when she moved in. Look at one record and ask yourselves: which columns would lead you to her, and what would you learn?

# %%
gifts.iloc[[7]].T

# %% [markdown]
# <details><summary>What we would look at</summary>
#
# - **They name her:** `respondent`, `first_name`.
# - **Together they point at her:** `postcode`, `age`, `household_size`, `moved_in`, `answered_at`.
# - **What you would learn:** `income`, `gift_spending`, `gives_to_charity`, and whatever she wrote into `remark`.
#
# In notebook 06 you will be the attacker and measure this.
#
# </details>

# %% [markdown]
# ## Three lines to remember
#
# 1. Synthetic data are records of people who do not exist, drawn from a model of people who do.
# 2. The model decides what the records show, and what they give away.
# 3. So two questions come up again and again: *how useful is it?* and *what does it give away?*
#
# **To discuss:** have you ever wanted data that you were not given? What would you have done with a synthetic version?
#
# **Next:** [01 Generative models](01-generative-models.ipynb)
