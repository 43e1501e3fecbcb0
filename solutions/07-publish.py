# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 07 Publish
#
# *15 minutes, in pairs.* Afterwards you can choose a kind of synthetic data for a use, make a release that a stranger understands, and let
# somebody try to break it before the world does.

# %%
import pandas as pd

from workshop import Metadata, PairTimer, Sequential, check, load
from workshop.measures.attacks import split
from workshop.measures.handed_on import handed_on
from workshop.release.make import make_release
from workshop.release.rerun import rerun

PairTimer(minutes=5)

# %% [markdown]
# ## What can Alice share?
#
# Back to the story. Three people ask Alice for her data:
#
# - **A teacher** wants her students to run Alice's script and see that it works.
# - **A reviewer** wants to see whether the finding is there, and to try another regression.
# - **A company** wants to train a program on every detail, forever, without saying for what.

# %% [markdown]
# ### Exercise 7.1: three uses, three choices
#
# **A drives.** Choose for each of them: `"metadata"`, `"cart"`, or `"nothing"` (come and ask again, or work with the real data in a secure room).
# The ladder of notebook 02 helps. Alice promised her respondents to keep what they earn and give to herself.

# %%
for_teacher = ...
for_reviewer = ...
for_company = ...
### BEGIN SOLUTION
for_teacher = "metadata"
for_reviewer = "cart"
for_company = "nothing"
### END SOLUTION

answers = {"for_teacher": for_teacher, "for_reviewer": for_reviewer}
for_teacher, for_reviewer, for_company = check("7.1", **answers, for_company=for_company)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# Take as little as the use needs. Does running a script need what goes with what? Does a regression?
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# for_teacher = "metadata"
# for_reviewer = "cart"
# for_company = "nothing"
# ```
#
# </details>

# %% [markdown]
# ## Make a release
#
# A table alone is not enough: somebody finds it in ten years, and takes it for real. `make_release` writes a folder with the data, a codebook, how they
# were made, two pages with measures, the script (without any observed value), descriptions for machines, and checksums.

# %%
people, others = split(load("gifts"), share=0.5, rng=2)
keys = ["age", "region", "household_size"]
given = {"holdout": others, "formula": "np.log1p(gift_spending) ~ greenness", "seed": 1}
given |= {"title": "Gifts between neighbours", "licence": "CC-BY-4.0", "overwrite": True}

recipe = Metadata(privacy=11).fit(people)
make_release(recipe.sample(rng=1), recipe, people, keys, "release-metadata", **given)

# %%
trees = Sequential(min_leaf=20).fit(people)
make_release(trees.sample(rng=1), trees, people, keys, "release-cart", **given)

# %% [markdown]
# Read the cautions aloud: they are in the README as well. Then open `release-cart` in the file browser on the left: `README-synthetic.md`, and
# `disclosure.html` (right-click, *Open in New Browser Tab*).
#
# ## Alice's script, unchanged
#
# `data/analysis.py` begins with `pd.read_csv("super_private_data_file.csv")`. Nobody changes a line of it: `rerun` puts a table under that name into an
# empty folder, and runs it there. **Predict first:** in which of the three is the finding?

# %%
made = {
    "private": rerun(people),
    "metadata": rerun("release-metadata/synthetic_data.csv"),
    "cart": rerun("release-cart/synthetic_data.csv"),
}
pd.DataFrame({name: one.results["estimate"] for name, one in made.items()}).round(3)

# %%
made["private"].beside(made["metadata"], made["cart"], names=list(made))

# %% [markdown]
# The script runs on all three. On the metadata release it finds nothing, and that is as it should be: *running* is all that it is for. On the
# trees' release the finding is there.
#
# ## Break it
#
# Give the keyboard to your partner. B has never seen the private file, only what was released.

# %% [markdown]
# ### Exercise 7.2: before the world does
#
# **B drives.** You are the attacker now. Read the released table. How many incomes in it belong to exactly one of the `people` (`n_incomes`; see
# `handed_on`)? And is there anybody with more than a million euro (`millionaire`, True or False)?

# %%
released = pd.read_csv("release-cart/synthetic_data.csv")

n_incomes = ...
millionaire = ...
### BEGIN SOLUTION
n_incomes = handed_on(people[["income"]], released[["income"]]).loc["income", "handed_on"]
millionaire = (released["income"] > 1_000_000).any()
### END SOLUTION

given = {"observed": people, "released": released}
n_incomes, millionaire = check("7.2", **given, n_incomes=n_incomes, millionaire=millionaire)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `handed_on(people[["income"]], released[["income"]])` is a table; the number is in its column `handed_on`. `.any()` tells whether one is True.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# n_incomes = handed_on(people[["income"]], released[["income"]]).loc["income", "handed_on"]
# millionaire = (released["income"] > 1_000_000).any()
# ```
#
# </details>

# %% [markdown]
# Values of single people in a file need not be a harm: an income by itself is nobody's. It becomes one where it stands beside things that
# somebody knows. That is what the disclosure page measures. What would you do now: smooth the incomes, code the top, larger leaves?

# %% [markdown]
# ### Exercise 7.3: the closing quiz
#
# **A drives.** Talk each one over, then write True or False for each.
#
# 1. A sample from histograms, variable by variable, keeps the correlations.
# 2. Synthetic data are always anonymous.
# 3. A file is synthetic as soon as all names in it are replaced.
# 4. A risk says something only beside the same attack on people who were not in the data.
# 5. The more flexible a model is, the more its sample can give away.

# %%
q1, q2, q3, q4, q5 = ..., ..., ..., ..., ...
### BEGIN SOLUTION
q1, q2, q3, q4, q5 = False, False, False, True, True
### END SOLUTION

q1, q2, q3, q4, q5 = check("7.3", q1=q1, q2=q2, q3=q3, q4=q4, q5=q5)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# 1: notebook 01. 2: notebook 06. 3: the beginning of notebook 00. 4: notebook 06. 5: notebook 02.
#
# </details>
# <details><summary>Hint 2: how many</summary>
#
# Two of the five are true.
#
# </details>

# %% [markdown]
# ## Three lines to remember
#
# 1. Choose the use first, then the least flexible model that reaches it; sometimes the answer is no.
# 2. A release says that it is synthetic, how it was made, what it is good for and what it gives away.
# 3. Let somebody try to break it before you publish, and say what you did not test.
#
# **To discuss:** what will you do differently next Monday with your own data?
#
# **Next:** the extras, as you like: [08 Joint models](08-joint-models.ipynb) goes on from here, [12 Your own data](12-your-own-data.ipynb) takes the same
# steps on a table of yours, [13 A million records](13-a-million-records.ipynb) makes it large. If you come from synthpop or metasyn, every call stands
# beside ours in `COMING-FROM-R.md`.
