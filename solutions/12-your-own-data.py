# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 12 Your own data
#
# *Extra, 40 minutes, in pairs.* Afterwards you can take a file of your own from reading to a release, in seven steps: read, look over, set people
# aside, choose a model for the use, sample, measure, release.

# %%
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

from workshop import PairTimer, check, describe, look_over, read_table

Path("practice").mkdir(exist_ok=True)
PairTimer(minutes=8)

# %% [markdown]
# ## A file to practise on
#
# No file of your own at hand? Here is one: 3,000 women who filled in a questionnaire about their marriage in 1974 (`fair`, from statsmodels). The
# cell writes it as such files arrive: made by several hands, on a computer that speaks another language. The day, the number and the slips are ours.

# %%
rng, n = np.random.default_rng(12), 3000
women = sm.datasets.fair.load_pandas().data.head(n)
schools = {9: "grade school", 12: "high school", 14: "some college", 16: "college"}
survey = pd.DataFrame({"number": rng.permutation(9000)[:n] + 1000})
survey["age"] = women["age"].round().astype(int)
survey["education"] = women["educ"].map(schools).fillna("graduate school")
survey.loc[rng.random(n) < 0.1, "education"] += " "
survey["married"] = women["yrs_married"].map("{:g} years".format).str.replace(".", ",")
survey["children"] = women["children"].astype(int)
survey["religious"] = women["religious"].astype(int).mask(rng.random(n) < 0.03, 99)
survey[["rating", "affairs"]] = women[["rate_marriage", "affairs"]].round(3)
days = pd.Timestamp("1974-03-01") + pd.to_timedelta(rng.integers(0, 90, n), "D")
survey["filled_in"] = days.strftime("%d.%m.%Y")
survey["country"] = "US"
survey.to_csv("practice/survey.csv", sep=";", decimal=",", encoding="cp1252", index=False)

# %% [markdown]
# ## 1 Read
#
# Semicolons, decimal commas, an old encoding: `read_table` finds them out. It also reads tsv, xlsx, parquet, SPSS (sav) and Stata (dta). **To use a file of
# your own, change this one line**; all that follows works on it. (In Binder or in a browser, drop it into the file list on the left first. Do that only
# with data that may leave your computer.)

# %%
FILE = "practice/survey.csv"

raw = read_table(FILE)
describe(raw)

# %% [markdown]
# **Predict first:** which columns have the wrong kind? What is text that should be a number, a day, or fewer names?
#
# ## 2 Look over
#
# In doubt `read_table` leaves text as it is: "0123" turned into 123 is lost for good. `look_over` says what could be wrong, and proposes the line that
# mends it. It changes nothing: a program guesses, you know.

# %%
look_over(raw)

# %% [markdown]
# ### Exercise 12.1: mend
#
# **A drives.** Run the lines that are beyond doubt (unfold them below the table above and copy them), and those of the others that you agree with. Then
# say `mended = table`.

# %%
table = raw.copy()
mended = ...
### BEGIN SOLUTION
from workshop import as_numbers

table["education"] = table["education"].str.strip()
table["married"] = as_numbers(table["married"], decimal=",", unit="years")
table["religious"] = table["religious"].mask(table["religious"].isin([99]))
table["filled_in"] = pd.to_datetime(table["filled_in"], format="%d.%m.%Y")
table = table.drop(columns=["number", "country"])
mended = table
### END SOLUTION

mended = check("12.1", raw=raw, mended=mended)
describe(mended)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# Below the table stands "The lines without doubt, to copy". Paste them between `table = raw.copy()` and `mended = ...`.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# from workshop import as_numbers
#
# table["education"] = table["education"].str.strip()
# table["married"] = as_numbers(table["married"], decimal=",", unit="years")
# table["religious"] = table["religious"].mask(table["religious"].isin([99]))
# table["filled_in"] = pd.to_datetime(table["filled_in"], format="%d.%m.%Y")
# table = table.drop(columns=["number", "country"])
# mended = table
# ```
#
# </details>

# %% [markdown]
# ## 3 Set people aside
#
# A risk says something only beside the same attack on people whom no model has seen. So some are set aside **before** anything is fitted.

# %% [markdown]
# ### Exercise 12.2: a hold-out
#
# **B drives.** Set a third of the records of `mended` aside, by chance: `people` are for the models, `others` for nobody but the attacker. `split(table,
# share=, rng=)` gives both.

# %%
from workshop import split

people, others = ..., ...
### BEGIN SOLUTION
people, others = split(mended, share=1 / 3, rng=1)
### END SOLUTION

people, others = check("12.2", mended=mended, people=people, others=others)
len(people), len(others)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `share` is the part that is set aside. Nobody may be on both sides.
#
# </details>
# <details><summary>Hint 2: the line itself</summary>
#
# ```python
# people, others = split(mended, share=1/3, rng=1)
# ```
#
# </details>

# %% [markdown]
# ## 4 Choose a model for the use
#
# What shall the data be good for? Take a rung of the ladder of notebook 02: "run the script", "show variation", "show association", "correlate". And what may
# an attacker know of a person? `likely_keys` makes a guess; put your own names there.

# %%
from workshop import Metadata, Sequential, tradeoff
from workshop.everyday import likely_keys

use = "show association"
keys = likely_keys(people)

models = {"metadata": Metadata(privacy=11)}
models |= {f"leaves of {size}": Sequential(min_leaf=size) for size in (50, 5)}
measured = tradeoff(people, models, keys, others, seeds=1, attacks=300, progress=False)
measured.table[["show variation", "show association", "correlate", "utility", "risk"]].round(3)

# %% [markdown]
# A 1 says that the sample supports the use. `risk` is how much more often attacks succeed on the `people` than on the `others`; 0 is what one hopes for,
# and a little below or above it is chance.

# %% [markdown]
# ### Exercise 12.3: as little as the use needs
#
# **A drives.** Which model supports your use at the lowest risk? Write its name as `choice`, or `"none"` if no model does.

# %%
choice = ...
### BEGIN SOLUTION
choice = "leaves of 50"
### END SOLUTION

choice = check("12.3", measured=measured, use=use, choice=choice)
choice

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# First strike out the rows with a 0 in the column of your use. Then compare `risk`.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# fit = measured.table[measured.table[use] == 1]
# choice = fit["risk"].idxmin() if len(fit) else "none"
# ```
#
# </details>

# %% [markdown]
# ## 5 Sample, 6 measure
#
# One seed, one table. Where no model was good enough, the notebook goes on with the recipe: it gives away the least. **Predict first:** which
# variable will look worst?

# %%
from workshop import compare_table, disclosure_report

model = models.get(choice, models["metadata"]).fit(people)
synthetic = model.sample(rng=1)
compare_table(people, synthetic)

# %%
disclosure_report(people, synthetic, keys, others)

# %% [markdown]
# ## 7 Release
#
# The script of a release must find the very table that the model saw, mended and without the hold-out. So that table is kept beside the release, at home:
# `practice/people.parquet` is **not** for the public.

# %%
from workshop import make_release, write_table

write_table(people, "practice/people.parquet", overwrite=True)
about = {"title": Path(FILE).stem, "source": 'read_table("people.parquet")'}
about |= {"holdout": others, "seed": 1, "overwrite": True}
make_release(synthetic, model, people, keys, "release-own", **about)

# %% [markdown]
# Read the cautions aloud. Would you publish it? Then open `release-own/README-synthetic.md` as a stranger would.
#
# ## Files from SPSS and Stata
#
# These know more than a csv: labels of variables (they become the codebook's descriptions), labels of values, and **kinds of missing**. "Refused" and "does
# not know" are different answers. Here are 944 Americans who were asked in 1996 for their income (`anes96`); the more schooling, the more refuse.

# %%
import pyreadstat

voters = sm.datasets.anes96.load_pandas().data[["age", "educ", "income"]].copy()
chance = rng.random(944)
voters.loc[chance < 0.02 * voters["educ"], "income"] = -9
voters.loc[chance > 0.95, "income"] = -8
labels = {"income": {-9: "refused", -8: "does not know"}}
spss = {"variable_value_labels": labels, "missing_ranges": {"income": [-9, -8]}}
pyreadstat.write_sav(voters, "practice/voters.sav", **spss)

plain = read_table("practice/voters.sav")
kept = read_table("practice/voters.sav", user_missing="keep")
pd.DataFrame({"plain": plain["income"].describe(), "kept": kept["income"].describe()}).round(1)

# %% [markdown]
# By itself `read_table` makes both kinds missing, which suits every model. With `user_missing="keep"` they stay codes, and a mean of `kept` would be wrong. So
# the model must be told which numbers are none: `special_codes` says it.

# %%
from workshop import special_codes

voter_model = Sequential(special_codes=special_codes(kept)).fit(kept)
new_voters = voter_model.sample(5000, rng=1)
special_codes(kept)

# %% [markdown]
# ### Exercise 12.4: who refused?
#
# **B drives.** Which share of the new voters refused (`refused`)? And which share of the observed ones did (`refused_before`)? A refusal is -9.

# %%
refused = ...
refused_before = ...
### BEGIN SOLUTION
refused = (new_voters["income"] == -9).mean()
refused_before = (kept["income"] == -9).mean()
### END SOLUTION

answers = {"refused": refused, "refused_before": refused_before}
refused, refused_before = check("12.4", synthetic=new_voters, observed=kept, **answers)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `new_voters["income"] == -9` is True for who refused, and the mean of True and False is a share.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# refused = (new_voters["income"] == -9).mean()
# refused_before = (kept["income"] == -9).mean()
# ```
#
# </details>

# %% [markdown]
# ## Three lines to remember
#
# 1. Look before you fit: a 99 that means "no answer" is a number to every model.
# 2. Set people aside first; choose the use next, and the least risky model that supports it last.
# 3. Kinds of missing are answers, too: name them, and they come back.
#
# **To discuss:** what would you have to ask your data protection officer before you publish this release?
#
# **Next:** [13 A million records](13-a-million-records.ipynb): the same steps where a table no longer fits on the screen, nor in your patience.
