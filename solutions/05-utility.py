# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 05 Utility
#
# *30 minutes, in pairs.* Afterwards you can measure whether synthetic data can be told from the real ones, find what a model lost, and
# say whether a reader who reruns the analysis would come to the same conclusion.

# %%
import pandas as pd

from workshop import Metadata, PairTimer, Sequential, check, compare_fit, guess_the_fake, load, propensity
from workshop.measures.tables import table_utilities, table_utility
from workshop.utility_pictures import forest, heat_map

PairTimer(minutes=7)

# %% [markdown]
# ## Three synthetic tables
#
# `tree` comes from CART synthesis (notebook 04), `alone` from metadata, variable by variable (notebook 03). `careless` comes from
# trees as well, but somebody told the model that gift_spending depends on age and region only.

# %%
gifts = load("gifts")
tree = Sequential().fit(gifts).sample(rng=1)
alone = Metadata().fit(gifts).sample(rng=1)
few = {"gift_spending": ["age", "region"]}
careless = Sequential(predictors=few).fit(gifts).sample(rng=1)

# %% [markdown]
# ## Who is synthetic?
#
# Shuffle observed and synthetic records together. How likely is a record to be synthetic, if all you know is its region? That is
# the share of synthetic records in this region: its **propensity score**. If the synthetic data are good, each score is about 0.5.
#
# **pMSE** is the mean over all records of (score − 0.5)². 0 is perfect, 0.25 is the worst.

# %%
marked = [gifts.assign(is_synthetic=False), careless.assign(is_synthetic=True)]
both = pd.concat(marked, ignore_index=True)
age_group = pd.cut(both["age"], [18, 30, 45, 60, 75, 91], right=False)
pd.crosstab(both["region"], both["is_synthetic"])

# %% [markdown]
# ### Exercise 5.1: pMSE by hand
#
# **A drives.** Compute the pMSE of `region`, and that of age in the groups `age_group`.

# %%
pmse_region = ...
pmse_age = ...
### BEGIN SOLUTION
score = both.groupby("region")["is_synthetic"].transform("mean")
pmse_region = ((score - 0.5) ** 2).mean()
score = both.groupby(age_group, observed=True)["is_synthetic"].transform("mean")
pmse_age = ((score - 0.5) ** 2).mean()
### END SOLUTION

given = {"both": both, "age_group": age_group}
pmse_region, pmse_age = check("5.1", **given, pmse_region=pmse_region, pmse_age=pmse_age)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `both.groupby("region")["is_synthetic"].transform("mean")` gives each record the share of synthetic ones in its region.
#
# </details>
# <details><summary>Hint 2: from the scores to pMSE</summary>
#
# With these scores in `score`, pMSE is `((score - 0.5) ** 2).mean()`. For age, group by `age_group` in place of `"region"`.
#
# </details>
# <details><summary>Hint 3: the lines themselves</summary>
#
# ```python
# score = both.groupby("region")["is_synthetic"].transform("mean")
# pmse_region = ((score - 0.5) ** 2).mean()
# score = both.groupby(age_group, observed=True)["is_synthetic"].transform("mean")
# pmse_age = ((score - 0.5) ** 2).mean()
# ```
#
# </details>

# %% [markdown]
# ## Is that small?
#
# Even perfect synthetic data have a pMSE above 0, because they are drawn by chance. With N records in both tables, half of them synthetic,
# and k + 1 groups, chance brings k / (8 · N). **S_pMSE** is pMSE divided by that: 1 is what chance brings, below 3 is good, above 10 is bad.
#
# The map shows it for every *pair* of variables in `careless`, cut into groups and crossed. **Predict first:** which pair is worst?

# %%
heat_map(table_utilities(gifts, careless))

# %% [markdown]
# ### Exercise 5.2: standardise, and repair the worst
#
# **B drives.** Standardise `pmse_region`. Name the `worst` pair (a list of two names). Fit a model that keeps it (`repaired`).

# %%
s_pmse = ...
worst = ...
repaired = ...
### BEGIN SOLUTION
s_pmse = pmse_region / (4 / (8 * len(both)))
worst = ["greenness", "gift_spending"]
repaired = Sequential().fit(gifts)
### END SOLUTION

given = {"observed": gifts, "synthetic": careless, "pmse_region": pmse_region}
s_pmse, worst, repaired = check("5.2", **given, s_pmse=s_pmse, worst=worst, repaired=repaired)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# There are five regions, so k = 4; `len(both)` is N. The worst pair stands in the title of the map.
#
# </details>
# <details><summary>Hint 2: the repair</summary>
#
# `careless` was told `predictors={"gift_spending": ["age", "region"]}`. What happens if you say nothing of predictors?
#
# </details>
# <details><summary>Hint 3: the lines themselves</summary>
#
# ```python
# s_pmse = pmse_region / (4 / (8 * len(both)))
# worst = ["greenness", "gift_spending"]
# repaired = Sequential().fit(gifts)
# ```
#
# </details>

# %%
table_utility(gifts, repaired.sample(rng=1), worst)

# %% [markdown]
# ## Guess the fake
#
# Ten records, real people and made-up ones from `alone`. Can you tell? A logistic regression and boosted trees guess along.
# **Look for contradictions.** Take turns, and talk before you click.

# %%
shown = ["age", "education", "income", "region", "greenness", "gift_spending"]
shown += ["moved_in", "years_here"]
guess_the_fake(gifts, alone, shown)

# %% [markdown]
# The classifiers can be asked about all records at once. How often do they give a synthetic record a higher score than a real one? That
# is the **area under the curve**: 0.5 if they cannot tell, 1 if they always can.

# %% [markdown]
# ### Exercise 5.3: can they tell?
#
# **A drives.** `propensity(observed, synthetic, method)` has an `.auc`. Ask `"logistic"` and `"boosting"` about `alone`, with the
# columns in `shown`. **Predict first:** who sees more?

# %%
auc_logistic = ...
auc_boosting = ...
### BEGIN SOLUTION
auc_logistic = propensity(gifts[shown], alone[shown], "logistic").auc
auc_boosting = propensity(gifts[shown], alone[shown], "boosting").auc
### END SOLUTION

given = {"observed": gifts[shown], "synthetic": alone[shown]}
answers = {"auc_logistic": auc_logistic, "auc_boosting": auc_boosting}
auc_logistic, auc_boosting = check("5.3", **given, **answers)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `gifts[shown]` and `alone[shown]` are the two tables. The method is a word in quotes.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# auc_logistic = propensity(gifts[shown], alone[shown], "logistic").auc
# auc_boosting = propensity(gifts[shown], alone[shown], "boosting").auc
# ```
#
# </details>

# %%
propensity(gifts[shown], tree[shown], "boosting")

# %% [markdown]
# That is about `tree`. *Worse than guessing?* The trees hand out observed values, so many synthetic records look like a real person's twin,
# and the classifier takes them for that person. Notebook 06 asks what this means for privacy.

# %% [markdown]
# ## Would a reader come to the same conclusion?
#
# All this asked about the whole table. Alice's readers ask less: is her **finding** still there? `compare_fit` fits the same regression
# to both tables. The overlap of two 95 % intervals is 1 if they lie on each other, 0 if they just touch, and negative if they are apart.
# (*std_diff* is the difference of the coefficients in standard errors. *Lack of fit* looks at all coefficients at once: perfect synthetic
# data bring about one for each.)

# %%
alices_model = "np.log1p(gift_spending) ~ greenness + np.log(income)"
everybody = (gifts, tree, alone)
givers, givers_tree, givers_alone = [one[one["gift_spending"] > 0] for one in everybody]
fit_tree = compare_fit(alices_model, givers, givers_tree)
fit_alone = compare_fit(alices_model, givers, givers_alone)
fit_tree

# %%
forest(fit_tree)

# %%
forest(fit_alone)

# %% [markdown]
# ### Exercise 5.4: the overlap
#
# **B drives.** How much do the intervals of *greenness* overlap, in `fit_alone` and in `fit_tree`? Both have a table `.coefficients`.

# %%
overlap_alone = ...
overlap_tree = ...
### BEGIN SOLUTION
overlap_alone = fit_alone.coefficients.loc["greenness", "ci_overlap"]
overlap_tree = fit_tree.coefficients.loc["greenness", "ci_overlap"]
### END SOLUTION

given = {"observed": gifts, "alone": alone, "tree": tree}
answers = {"overlap_alone": overlap_alone, "overlap_tree": overlap_tree}
overlap_alone, overlap_tree = check("5.4", **given, **answers)

# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `fit_tree.coefficients` is a table: its rows are coefficients, and its last column is `ci_overlap`.
#
# </details>
# <details><summary>Hint 2: the lines themselves</summary>
#
# ```python
# overlap_alone = fit_alone.coefficients.loc["greenness", "ci_overlap"]
# overlap_tree = fit_tree.coefficients.loc["greenness", "ci_overlap"]
# ```
#
# </details>

# %% [markdown]
# ## Three lines to remember
#
# 1. Good synthetic data are hard to tell from real ones: propensity scores stay near 0.5, and S_pMSE near 1.
# 2. A test finds only what it looks for: variables alone, pairs, or everything together give three answers.
# 3. What counts is the use: for a reader it is enough that the intervals of the finding lie on each other.
#
# **To discuss:** which three numbers would you print in a paper about your synthetic data?
#
# **Next:** [06 Privacy](06-privacy.ipynb): what does an attacker learn?
