# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 13 A million records
#
# *Extra, 30 minutes, in pairs.* Afterwards you can say before a long run how much memory and time it will take, let the cores of your computer share the
# work, and watch a cluster of processes while it works.

# %%
import joblib
import numpy as np
import pandas as pd

from workshop import Metadata, PairTimer, Sequential, check
from workshop.at_scale import Growth, Workers, growth_picture, how_many, many_gifts, measured

RECORDS = how_many()
PairTimer(minutes=8)

# %% [markdown]
# ## How much will it weigh?
#
# The private file holds 2,000 people. A register holds millions. Here are a million people from the same process as Alice's (in a browser, and where
# `WORKSHOP_RECORDS` says so, fewer).

# %%
people = many_gifts(RECORDS)
people.dtypes.astype(str).to_frame("type")

# %% [markdown]
# A number takes 8 bytes. A category takes 1 byte for each record: its labels are stored once, and each record holds only the number of its label.

# %% [markdown]
# ### Exercise 13.1: before you load it
#
# **A drives.** How many megabytes (millions of bytes) do all records of these six columns take? Reckon; do not look.

# %%
megabytes = ...
### BEGIN SOLUTION
megabytes = RECORDS * (4 * 8 + 2 * 1) / 1e6
### END SOLUTION

megabytes = check("13.1", table=people, megabytes=megabytes)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# How many of the six columns are numbers, how many are categories? Add the bytes of one record, then take `RECORDS` of them.
#
# </details>
# <details><summary>Hint 2: the line itself</summary>
#
# ```python
# megabytes = RECORDS * (4 * 8 + 2 * 1) / 1e6
# ```
#
# </details>

# %%
in_memory = people.memory_usage().sum() / 1e6
regions = people["region"].head(10_000).astype(object)
as_text = regions.memory_usage(deep=True) / 10_000
f"{in_memory:,.1f} MB. A region as text would take {as_text:.0f} bytes, not 1."

# %% [markdown]
# ## How long will it take?
#
# Nobody starts a run of hours to find out that it takes days. Three small runs are enough to foretell a large one. With a million people a leaf of 5 is
# needlessly small; here each leaf holds at least 100.


# %%
def grow(table, **settings):
    """Trees for a table."""
    return Sequential(min_leaf=100, progress=False, **settings).fit(table)


grow(people.head(1000))  # the first run loads what later runs find ready
sizes = [RECORDS // 50, RECORDS // 20, RECORDS // 8]
took = [measured(lambda n=n: grow(people.head(n))) for n in sizes]
runs = pd.DataFrame({"records": sizes, "seconds": [one.seconds for one in took]})
runs.round(2)

# %% [markdown]
# Work like this grows as a power of the records: seconds = a · nᵇ. Take logarithms, and it is a straight line: log(seconds) = log(a) + b · log(n). A slope
# b of 1 means twice the time for twice the records.

# %% [markdown]
# ### Exercise 13.2: foretell the large run
#
# **B drives.** Fit the line: what is its `slope`, and how many seconds will all `RECORDS` take (`predicted`)?

# %%
slope = ...
predicted = ...
### BEGIN SOLUTION
slope, intercept = np.polyfit(np.log(runs["records"]), np.log(runs["seconds"]), 1)
predicted = np.exp(intercept + slope * np.log(RECORDS))
### END SOLUTION

slope, predicted = check("13.2", runs=runs, n=RECORDS, slope=slope, predicted=predicted)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `np.polyfit(x, y, 1)` gives slope and intercept of a straight line. The line is straight between the logarithms, so the prediction must come back from
# the logarithm, too.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# slope, intercept = np.polyfit(np.log(runs["records"]), np.log(runs["seconds"]), 1)
# predicted = np.exp(intercept + slope * np.log(RECORDS))
# ```
#
# </details>

# %%
growth = Growth.of(runs["records"], runs["seconds"])
growth_picture(runs, growth, RECORDS)

# %% [markdown]
# **Predict also:** metadata synthesis looks at each variable by itself. Will it take a tenth of the trees' time, the same, or ten times as much? Talk it
# over, then run the next cell; the trees may take a minute.

# %%
recipe = measured(lambda: Metadata().fit(people))
trees = measured(lambda: grow(people))
drawn = measured(lambda: trees.result.sample(rng=13))

took = {"metadata, fit": recipe, "trees, fit on one core": trees, "trees, sample": drawn}
rows = [(one.seconds, one.megabytes) for one in took.values()]
pd.DataFrame(rows, index=list(took), columns=["seconds", "megabytes"]).round(1)

# %%
growth_picture(runs, growth, RECORDS, trees.seconds)

# %% [markdown]
# The megabytes are the most that the whole notebook held at that time. If the large run took longer than foretold, something else ran on the
# computer, or the data no longer fitted into the processor's own small memory (its cache).
#
# ## Many hands
#
# The trees of all variables are grown on the *observed* data, so no tree has to wait for another: they can grow side by side. Only drawing must go one
# variable after the other. This is what each tree took:

# %%
seconds = pd.Series({step.name: step.seconds for step in trees.result.steps_})
seconds.round(2)

# %% [markdown]
# ### Exercise 13.3: how much do more cores help?
#
# **A drives.** Write a function: the shortest time in which so many cores can grow these trees, if each tree grows on one core. With one core it is the
# sum. With a hundred it is … what?


# %%
def at_best(seconds, cores):
    shortest = ...
    ### BEGIN SOLUTION
    shortest = max(max(seconds), sum(seconds) / cores)
    ### END SOLUTION
    return shortest


at_best = check("13.3", at_best=at_best)
best = pd.Series({cores: at_best(seconds, cores) for cores in (1, 2, 4, 100)})
best.rename_axis("cores").round(2)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# The work is shared, so it is at least the sum divided by the cores. But no tree is shared, so it is also at least as long as the longest.
#
# </details>
# <details><summary>Hint 2: the line itself</summary>
#
# ```python
#     shortest = max(max(seconds), sum(seconds) / cores)
# ```
#
# </details>

# %% [markdown]
# `n_jobs=2` lets joblib grow two trees at a time, in two threads of this program. **Predict first:** how near to the best will it come,
# on a computer with two free cores or more?

# %%
trees = None  # make room
threads = measured(lambda: grow(people, n_jobs=2))
alone, best = sum(seconds), at_best(seconds, 2)
f"{threads.seconds:.1f} s in two threads; {alone:.1f} s alone, {best:.1f} s at best."

# %% [markdown]
# ## A cluster of processes
#
# joblib can also hand the trees to other processes, or to other computers. Dask makes such a cluster: here of two processes on your own computer. On a
# real cluster only the line that makes the workers changes.

# %%
threads = None  # make room
workers = Workers(2)
workers

# %% [markdown]
# If there is an address, open it in a new tab (on your own computer; from Binder or a hub it cannot be reached), and go on: each rectangle is a tree that
# grows in one of the processes.

# %%
with joblib.parallel_config(backend=workers.backend):
    cluster = measured(lambda: grow(people, n_jobs=2))
workers.close()
f"{cluster.seconds:.1f} s and at most {cluster.megabytes:,.0f} MB, the processes included"

# %% [markdown]
# Was it faster than one core? The processes need the data first: what is sent costs time, and memory in each of them. For six trees on one computer,
# threads do as well; a cluster pays where the work is long and the computers are many.

# %% [markdown]
# ## Is it the same table?
#
# The random numbers of each tree were decided before anybody knew where it would grow. **Predict:** do the trees of the cluster and those grown here, on
# one core, give the same table?

# %%
synthetic = cluster.result.sample(rng=13)
synthetic.equals(drawn.result)

# %% [markdown]
# And does it still tell Alice's story?

# %%
GREEN = [0, 20, 40, 60, 80, 100]


def mean_gifts(table):
    """Mean gift spending in five groups of neighbourhoods, from grey to green."""
    groups = pd.cut(table["greenness"], GREEN, include_lowest=True)
    return table["gift_spending"].groupby(groups, observed=True).mean()


pd.DataFrame({"observed": mean_gifts(people), "synthetic": mean_gifts(synthetic)}).round(0)

# %% [markdown]
# ## Three lines to remember
#
# 1. Reckon the memory before you load: records times bytes; categories instead of text.
# 2. Three small runs and a straight line between logarithms foretell a large one.
# 3. More cores help until the longest single piece; a cluster pays for what it must send.
#
# **To discuss:** how many records does the largest table of your institute have, and would a sample of it do?
#
# **Next:** that was the last extra. Back home to [00 Start here](00-start-here.ipynb), or to your own data: `workshop synthesize --help`.
