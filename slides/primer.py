# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # How to create synthetic data
#
# A tool for open science
#
# A primer. Then you do it yourselves, in pairs.

# %% [markdown] slideshow={"slide_type": "notes"}
# Welcome. This is the whole story in half an hour; in the notebooks everybody does each step by hand. Do not explain code now. Ask: who
# has ever wanted data that they were not given? Leave the hands up for a moment: they are the reason for this workshop.

# %% slideshow={"slide_type": "skip"}
import tempfile
from itertools import zip_longest

import numpy as np
import pandas as pd
import pictures
from matplotlib.ticker import NullLocator, PercentFormatter
from sklearn.tree import DecisionTreeRegressor
from stage import axes, legend, percent, say, show, table, untitled

from workshop import (
    GAN,
    Bootstrap,
    Histogram,
    Metadata,
    Normal,
    Sequential,
    Tradeoff,
    compare_fit,
    compare_variable,
    load,
    make_release,
    propensity,
    split,
)
from workshop.dials import code_ends, round_to
from workshop.figures import OBSERVED, SYNTHETIC
from workshop.measures.attacks import inference
from workshop.measures.disclosure import disclosure
from workshop.risk_utility import LADDER
from workshop.risk_utility_picture import draw_curve

gifts = load("gifts")
people, others = split(gifts, share=0.5, rng=2)
income = gifts["income"]
measured = Tradeoff.load("gifts")


def show_incomes(synthetic, height):
    """The observed incomes beside synthetic ones."""
    ax = axes(height=height)
    picture = compare_variable(income, synthetic, unit="euro a year", ax=ax)
    untitled(ax)
    ax.locator_params(axis="x", nbins=5)
    show(picture)


def alice(data):
    """By how many percent 10 more points of greenness raise what givers spend on gifts."""
    givers = data[data["gift_spending"] > 0]
    slope, _ = np.polyfit(givers["greenness"], np.log1p(givers["gift_spending"]), 1)
    return 100 * np.expm1(10 * slope)


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Alice's script is open; her data are locked

# %%
show(pictures.locked_file())

# %% [markdown] slideshow={"slide_type": "notes"}
# Alice reports "more generous gifting behaviour in greener neighbourhoods". Her script begins with pd.read_csv("super_private_data_file.csv").
# You only want to run the script and learn from the analysis. But the people in that file told her what they earn and give, and she
# promised to keep it to herself. Ask: what can she share instead? Collect answers before the next slide but one.

# %% slideshow={"slide_type": "slide"}
say(f"## What she found: 10 more points of green, {percent(alice(gifts) / 100)} more gifts")

# %%
givers = gifts[gifts["gift_spending"] > 0]
groups = pd.cut(givers["greenness"], [0, 20, 40, 60, 80, 100], include_lowest=True)
usual = np.expm1(np.log1p(givers["gift_spending"]).groupby(groups, observed=False).mean())
ax = axes(height=540)
ax.plot(["0–20", "20–40", "40–60", "60–80", "80–100"], usual, "o-", color=OBSERVED, linewidth=2)
ax.set(xlabel="how green the neighbourhood is (%)", ylabel="usual gifts\n(euro a year)", ylim=(0, None))
show(
    ax.figure,
    f"What givers usually spend rises with greenness, from {usual.iloc[0]:.0f} to {usual.iloc[-1]:.0f} euro a year.",
)

# %% [markdown] slideshow={"slide_type": "notes"}
# This is her figure, from the private file: among people who give anything, by five groups of greenness. Our Alice's respondents are
# simulated, so the true effect is known and stands in the codebook: 16 % at the same income. Remember the number in the title. All
# morning we ask whether it survives.

# %% slideshow={"slide_type": "slide"}
known = ["age", "postcode", "household_size"]
unique = 1 - gifts.duplicated(known, keep=False).mean()
say(f"""
## Without the names, most people can still be found

<p class="large">{percent(unique)}</p>

of the {len(gifts):,} respondents are alone with their age, their postcode and the size of their household.

Whoever knows these three about a neighbour finds her line, and reads her income.
""")

# %% [markdown] slideshow={"slide_type": "notes"}
# Nothing here needs a computer criminal: three things that every neighbour knows. Replacing names by numbers is not enough. In notebook 00
# they look at one record and ask which columns would lead them to a person.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What could she share instead?
#
# | she shares | is it safe? | does it run? | does it show anything? |
# |---|---|---|---|
# | only the script | yes | no | no |
# | the file without names | often not | yes | everything |
# | random numbers | yes | yes | nothing |
# | **synthetic data** | **it depends** | **yes** | **it depends** |
#
# It depends on the **model** from which they are drawn.

# %% [markdown] slideshow={"slide_type": "notes"}
# Go through the answers from the room: each falls into one of the lines. The last line is today's subject. "It depends" is not a dodge:
# by the end everybody can say on what, and measure it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Synthetic data are people who do not exist, drawn from a model of people who do

# %%
show(pictures.pipeline())

# %% [markdown] slideshow={"slide_type": "notes"}
# The picture of the day; it is also on the page that everybody gets. Observed data are blue with solid lines, synthetic data orange with
# dashed lines, in all notebooks. A model is fitted, has parameters, and can be sampled. Then two questions, always the same two.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A generative model: fit it, look at θ, sample it

# %% tags=["show-code"]
model = Normal().fit(income)
model.theta.round(3)

# %% tags=["show-code"]
model.sample(3, rng=2).round().tolist()

# %% [markdown] slideshow={"slide_type": "notes"}
# Three calls, the same for every model of the day: fit, theta, sample. Here the model is the bell curve. It has learned three numbers
# about income: mean, standard deviation, and the share of people who do not tell. Then it makes three people.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## <code>rnorm</code> is such a model, with two dials

# %% tags=["show-code"]
rng = np.random.default_rng(2025)
draws = rng.normal(1, 1.5, 10_000)

# %%
ax = axes(height=400)
ax.hist(draws, bins=60, density=True, facecolor="white", edgecolor=SYNTHETIC, hatch="////", label="draws")
x = np.linspace(-5, 7, 200)
ax.plot(
    x, np.exp(-((x - 1) ** 2) / (2 * 1.5**2)) / np.sqrt(2 * np.pi * 1.5**2), color="#1A1A1A", linewidth=2, label="model"
)
ax.set(xlabel="value", ylabel="density", xlim=(-5, 7))
legend(ax, loc="upper right")
show(ax.figure, "A histogram of ten thousand draws follows the bell curve with mean 1 and standard deviation 1.5.")

# %% [markdown] slideshow={"slide_type": "notes"}
# People who come from R know rnorm(n, mean, sd); in NumPy the size comes last. The two dials are the mean and the standard deviation. So
# far we set them by hand. The seed makes it repeatable: the same seed, the same people.

# %% slideshow={"slide_type": "slide"}
drawn = Normal().fit(income).sample(rng=1)
say(
    f"## Fitted to incomes, a bell curve makes {percent((drawn < 0).sum() / drawn.notna().sum())} of the people earn less than nothing"
)

# %%
show_incomes(drawn, 530)

# %% [markdown] slideshow={"slide_type": "notes"}
# Now the data set the dials: mean and standard deviation of the observed incomes. Both are right in the synthetic data, and still the
# picture is wrong. A model makes what it knows and guesses the rest. Ask for a prediction before you show this one: where will it look
# wrong?

# %% slideshow={"slide_type": "slide"}
say("## Two parameters are enough, if you know something about incomes")

# %%
logs = np.log(income[income > 0])
mended = pd.Series(np.exp(np.random.default_rng(1).normal(logs.mean(), logs.std(), len(income))), name="income")
show_incomes(mended, 455)
say("Draw the **logarithm** of income from a bell curve, and undo it.")

# %% [markdown] slideshow={"slide_type": "notes"}
# Still two parameters. It is better because we knew something: incomes are positive and multiply rather than add. In notebook 03 the
# computer tries many such families, and keeps the best by the BIC.

# %% slideshow={"slide_type": "slide"}
say("## A histogram is a generative model, too")

# %%
coarse = Histogram(bins=40).fit(income)
show_incomes(coarse.sample(rng=1), 470)
say(f"Pick a **bin**, then a **value** in it. Here: {coarse.n_parameters} parameters, and no opinion about the shape.")

# %% [markdown] slideshow={"slide_type": "notes"}
# Two steps: pick a bin with probability in proportion to its count, then any value inside it. Everybody writes it in three lines in
# notebook 01. With 40 bins it is still crude, because one very rich person stretches the range. More bins would help. Would they?

# %% slideshow={"slide_type": "slide"}
distinct = np.unique(income.dropna())
bins = 2 ** np.arange(1, 23)
alone = np.array([(np.histogram(distinct, n)[0] == 1).sum() for n in bins]) / len(distinct)
copier = bins[alone >= 0.5][0]
say(f"## With {copier:,} bins, a histogram copies half of the people")

# %%
ax = axes(height=500)
ax.plot(bins, alone, "o-", color=SYNTHETIC, linewidth=2)
ax.axhline(0.5, color="#777777", linewidth=0.9)
ax.set(xscale="log", xlabel="bins", ylabel="incomes alone\nin their bin", ylim=(-0.03, 1.05))
ax.yaxis.set_major_formatter(PercentFormatter(1))
ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
ax.set_xticks([10, 1_000, 100_000])
ax.xaxis.set_minor_locator(NullLocator())
show(
    ax.figure,
    f"The share of incomes that are alone in their bin grows with the number of bins, and passes one half at {copier:,}.",
)

# %% [markdown] slideshow={"slide_type": "notes"}
# Who is alone in a narrow bin is copied: whoever draws from it draws that person. The number surprises people: most guess as many bins as
# there are people. Too few parameters, and the model makes people with negative incomes; too many, and it copies people.

# %% slideshow={"slide_type": "slide"}
say("## The more flexible the model p(X | θ), the more it shows, and the more it gives away")

# %%
spectrum = {"bell curves": Normal(), "metadata": Metadata(), "trees": Sequential(min_leaf=5), "bootstrap": Bootstrap()}
show(pictures.clouds(people, spectrum, ["greenness", "gift_spending"]))
say("From bell curves to drawing real people again: where on this line do you want to be?")

# %% [markdown] slideshow={"slide_type": "notes"}
# One plane, four models. Blue dots are observed, orange crosses are synthetic. Bell curves: gifts below zero. Metadata: each axis is right,
# the plane is not. Trees: hard to tell by eye. Bootstrap: every cross lies on a dot, because real people are drawn again. The next
# slides walk from left to right.

# %% slideshow={"slide_type": "slide"}
safe = Metadata(privacy=11).fit(gifts)
alone = safe.sample(rng=1)
say("## Metadata synthesis: a page, with one line for each variable")


# %%
def line(name):
    """A variable of the recipe: its family and its parameters."""
    values = safe.theta[safe.theta["variable"] == name].set_index("parameter")["value"]
    family = values.pop("family").replace("_", " ")
    said = [f"{values.pop('lower'):.0f} to {values.pop('upper'):.0f}"] if "lower" in values else []
    said += [f"{key} {value:.3g}" for key, value in values.items() if "share" not in key]
    shares = {
        key.removeprefix("share of ").strip("'"): percent(value) for key, value in values.items() if "share of " in key
    }
    said += [f"{level} {share}" for level, share in list(shares.items())[:2]] + ["…"] * (len(shares) > 2)
    said += [f"{percent(values[key])} missing" for key in values.index if key == "share missing"]
    return {"variable": name, "family": family, "parameters": ", ".join(said)}


table(pd.DataFrame([line(name) for name in ("age", "greenness", "income", "region")]))
say("The family is chosen by the **BIC**. The page can be read by a privacy officer, and **metasyn** reads it, too.")

# %% [markdown] slideshow={"slide_type": "notes"}
# Kind, family, parameters. The lowest BIC chooses: it weighs how likely the data are against the number of parameters. The page is all that
# leaves Alice's room, and everything on it can be checked by eye: this is its great strength.

# %% slideshow={"slide_type": "slide"}
naked = Metadata().fit(gifts).disclosures()
say(f"""
## A smallest value is somebody's value

- A **minimum** or a **maximum** belongs to one person.
- A **label** that one person has is that person.
- The untouched page of `gifts` holds **{len(naked)}** values that come from few people.
- `Metadata(privacy=11)` makes every line rest on at least 11 people. Then **{len(safe.disclosures()) or "none"}** is left.
""")

# %% [markdown] slideshow={"slide_type": "notes"}
# In notebook 03 they look for these lines themselves: model.disclosures() lists them. The protected recipe leaves out rare labels, and takes
# its bounds from groups instead of single people. Ask: would you publish the page of your own study?

# %% slideshow={"slide_type": "slide"}
tree = Sequential().fit(gifts).sample(rng=1)
pairs = [
    ("greenness", "gift_spending"),
    ("age", "years_here"),
    ("age", "income"),
    ("income", "gift_spending"),
    ("greenness", "income"),
]
names = ["green, gifts", "age, years here", "age, income", "income, gifts", "green, income"]


def together(data):
    """How strongly the pairs go together: Spearman's correlation."""
    return [data[list(pair)].corr("spearman").iloc[0, 1] for pair in pairs]


say(
    f"## Each variable is right, but what goes together is gone: {percent(alice(gifts) / 100)} became {percent(alice(alone) / 100)}".replace(
        "-", "−"
    )
)

# %%
kept = pd.DataFrame({"observed": together(gifts), "metadata": together(alone)}, index=names)
words = "Correlations of five pairs: " + "; ".join(
    f"{name} {row.observed:.2f} observed, {row.metadata:.2f} synthetic" for name, row in kept.iterrows()
)
show(pictures.dots(kept, "Spearman's correlation", words, (-0.1, 0.5), reference=0))

# %% [markdown] slideshow={"slide_type": "notes"}
# The script runs, and that is worth a lot: it can be written and tested without seeing a real person. But each variable was drawn alone, so
# every correlation is about 0, and Alice's finding is gone. Means, shares and shapes are kept; whatever two variables say together is not.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## CART synthesis draws each variable given those before it
#
# p(x<sub>1</sub>) · p(x<sub>2</sub> | x<sub>1</sub>) · p(x<sub>3</sub> | x<sub>1</sub>, x<sub>2</sub>) · …

# %%
steps = Sequential().fit(gifts).steps.set_index("variable")
few = ["postcode", "region", "age", "income", "greenness", "gift_spending"]
shown = pd.DataFrame({"variable": few, "is drawn": [steps.loc[name, "method"] for name in few]})
counts = [len([word for word in steps.loc[name, "predictors"].split(",") if word.strip()]) for name in few]
shown["given"] = [
    f"the {count} before it" if count > 1 else "the one before it" if count else "nothing" for count in counts
]
table(shown)

# %% [markdown] slideshow={"slide_type": "notes"}
# First the postcode, from observed shares. Then each variable given all that were drawn before it: the idea of R's synthpop. The order
# matters: gift_spending comes after greenness, so it can learn from it, but not the other way round. model.steps shows the whole plan.

# %% slideshow={"slide_type": "slide"}
say("## A tree sorts people who are alike into leaves")

# %%
tree_of_gifts = DecisionTreeRegressor(min_samples_leaf=250).fit(
    givers[["greenness"]], np.log1p(givers["gift_spending"])
)
show(pictures.tree(tree_of_gifts, "green"))

# %% [markdown] slideshow={"slide_type": "notes"}
# Grey boxes ask, blue boxes are leaves: how many people they hold, and what these usually spend on gifts. Left is yes. A synthetic person with 70 % green
# goes down the tree. What shall she spend? Ask what would be wrong with giving her the mean of her leaf.

# %% slideshow={"slide_type": "slide"}
leaf = tree_of_gifts.apply(pd.DataFrame({"greenness": [70.0]}))[0]
inside = tree_of_gifts.apply(givers[["greenness"]]) == leaf
donors = givers[inside]
say(f"## One of the {len(donors)} people in her leaf, the donor, hands on a value")

# %%
ax = axes(height=530)
ax.scatter(givers["greenness"], givers["gift_spending"], s=7, color="#AAAAAA", linewidths=0, label="other givers")
ax.scatter(donors["greenness"], donors["gift_spending"], s=9, color=OBSERVED, linewidths=0, label="her leaf")
value = np.random.default_rng(1).choice(donors["gift_spending"])
ax.scatter(70, value, s=110, marker="*", color=SYNTHETIC, edgecolor="black", linewidth=0.5, label="she", zorder=3)
ax.set(ylim=(0, 700), xlabel="green (%)", ylabel="gifts (euro)")
legend(ax)
show(
    ax.figure,
    f"Of all givers, {len(donors)} share the leaf of a person with 70 % green. One of them hands on what she spent: {value:.0f} euro.",
)

# %% [markdown] slideshow={"slide_type": "notes"}
# Not the mean: one observed value, drawn by chance from the leaf. So every single value is somebody's, and no record is. Keep that sentence
# for the discussion: would you call it anonymous?

# %% slideshow={"slide_type": "slide"}
say(
    f"## This time the finding survives: {percent(alice(gifts) / 100)} in the observed data, {percent(alice(tree) / 100)} in the synthetic"
)

# %%
kept["trees"] = together(tree)
words = "Correlations of five pairs: " + "; ".join(
    f"{name} {row.observed:.2f} observed, {row.trees:.2f} synthetic" for name, row in kept.iterrows()
)
show(pictures.dots(kept[["observed", "trees"]], "Spearman's correlation", words, (-0.1, 0.5), reference=0))

# %% [markdown] slideshow={"slide_type": "notes"}
# The same five pairs, now from trees. They are kept, and so is what Alice found. Zeros and missing values are steps of their own; formulas and
# rules can be written into the model. And the price?

# %% slideshow={"slide_type": "slide"}
three = ["age", "greenness", "household_size"]
single = pd.MultiIndex.from_frame(gifts[three].drop_duplicates(keep=False))
sizes = [1, 5, 50, 500]
tables = {size: Sequential(min_leaf=size).fit(gifts).sample_many(5, rng=1) for size in sizes}
effect = [np.mean([alice(one) for one in tables[size]]) for size in sizes]
copied = [np.mean([pd.MultiIndex.from_frame(one[three]).isin(single).mean() for one in tables[size]]) for size in sizes]
say("## Larger leaves blur more, and give less away")

# %%
left, right = axes(height=520, ncols=2)
left.plot([f"{size}" for size in sizes], effect, "X-", color=SYNTHETIC, markersize=8)
left.axhline(alice(gifts), color=OBSERVED, linewidth=1.6)
left.text(3.2, alice(gifts) + 0.7, "observed", color=OBSERVED, fontsize=10, ha="right")
left.set(ylim=(0, 25), xlabel="people in a leaf", ylabel="Alice's effect (%)")
right.plot([f"{size}" for size in sizes], copied, "X-", color=SYNTHETIC, markersize=8)
right.set(ylim=(-0.04, 1.05), xlabel="people in a leaf", ylabel="look like one person")
right.yaxis.set_major_formatter(PercentFormatter(1))
says = "; ".join(
    f"leaves of {size}: effect {one:.0f} %, {percent(two)} look like one real person"
    for size, one, two in zip(sizes, effect, copied, strict=True)
)
show(left.figure, says + ".")

# %% [markdown] slideshow={"slide_type": "notes"}
# The size of a leaf is a dial between utility and privacy. Left: what Alice finds, mean of five syntheses. Right: synthetic people who look
# like exactly one real person, by age, greenness and household size. With leaves of one, everybody is copied. From 5 to 50 the finding
# hardly changes.

# %% slideshow={"slide_type": "slide"}
small, million = measured.table.loc["GAN", "n_parameters"], GAN(hidden=700, steps=0).fit(gifts).n_parameters
say("## A GAN: a forger learns to fool a detective")

# %%
show(pictures.two_networks())
say(f"""
With **{small:,.0f}** parameters it is about as useful as a copula with {measured.table.loc["copula", "n_parameters"]:,.0f}.
With **{million:,}** it can learn people by heart.
""")

# %% [markdown] slideshow={"slide_type": "notes"}
# Two networks learn from each other until the detective can only guess. It is the same contract: fit, parameters, sample. For a table of a
# few thousand people trees do as well in a tenth of a second. A GAN may forget a small group altogether (mode collapse), and no mean shows
# it. Extra notebook 09 builds one.

# %% slideshow={"slide_type": "slide"}
say("## Much use costs little risk; then much risk buys little use")

# %%
ax = axes(height=545)
draw_curve(ax, measured.table)
ax.set_ylim(-0.16, 1.02)
untitled(ax)
show(ax.figure, measured.sentence)

# %% [markdown] slideshow={"slide_type": "notes"}
# The picture that stays. Ten models, each fitted and sampled ten times. From the constant to trees the curve climbs steeply: much use costs
# little risk. From trees to copying, much risk buys little use. Whoever publishes wants to be at the bend. The larger the dot, the more
# parameters. Ask first: where do you expect the GAN?

# %% slideshow={"slide_type": "slide"}
say("## The ladder of uses: each rung asks for more")

# %%
rungs = {rung: measured.table.index[measured.table["rung"] == place] for place, rung in enumerate(LADDER, start=1)}
stand = [", ".join(dict.fromkeys(name.split(" (")[0] for name in names)) for names in rungs.values()]
table(pd.DataFrame({"what you want to do": list(LADDER), "models that come as far as this": stand})[::-1])

# %% [markdown] slideshow={"slide_type": "notes"}
# Read it from the bottom up: getting to know the data (columns, types, labels), running the script, showing each variable, showing what goes
# together, correlating, estimating a regression, answering anything. A model on a rung supports all rungs below it. Each rung was tested on each sample. The advice of the day: the lowest
# rung that your use needs, and the least flexible model that reaches it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## An attacker asks three questions
#
# 1. **Who is this?** <br>A record that fits one person only.
# 2. **Was this person in the data?** <br>In a file of patients, that is the secret.
# 3. **What is this person's secret?** <br>A value that nobody told.

# %% [markdown] slideshow={"slide_type": "notes"}
# In the words of the field: singling out and linking, membership, inference. Whoever says "it is anonymous" must say against which of the
# three. In notebooks 02 and 06 they are the attackers.

# %% slideshow={"slide_type": "slide"}
risky = Sequential(min_leaf=2).fit(people).sample(rng=10)
him = people.loc[people["income"].idxmax()]


def guessed(data):
    """The income of the record from his region and education that is nearest to him in age."""
    alike = data[(data["region"] == him["region"]) & (data["education"] == him["education"])].dropna(subset="income")
    return alike.loc[(alike["age"] - him["age"]).abs().idxmin(), "income"]


stranger = Metadata().fit(people).sample(rng=1)
say(f"""
## Who stands out is in danger first

The newspaper writes about a man of **{him["age"]}**, with a "{him["education"]}", from the **{him["region"]}**.

| his income | euro a year |
|:--|--:|
| the truth, in the locked file | {him["income"]:,.0f} |
| read off trees with leaves of two | {guessed(risky):,.0f} |
| read off a metadata table | {guessed(stranger):,.0f} |

A model can only hand out what it saw.
""")

# %% [markdown] slideshow={"slide_type": "notes"}
# Exercise 2.2. The attack is nothing but looking up: same region, same education, nearest age. With leaves of two, his line comes back. The
# same attack on metadata finds islanders as well, but their incomes are nobody's.

# %% slideshow={"slide_type": "slide"}
keys = ["age", "region", "household_size"]
risky = Sequential(min_leaf=2).fit(people).sample(rng=1)
about = [disclosure(whom, risky, keys, "gives_to_charity").DiSCO / 100 for whom in (people, others)]
say("## What works on everybody was not given away by the data")

# %%
ax = axes(height=300)
bars = ax.barh(["never in the data", "in the data"], about[::-1], color=["#999999", OBSERVED], height=0.6)
ax.bar_label(bars, [percent(share) for share in about[::-1]], padding=3, fontsize=11)
ax.set(xlim=(0, 0.4), xticks=[0, 0.1, 0.2, 0.3, 0.4], xlabel="right about gives_to_charity (share of people)")
ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
show(
    ax.figure,
    f"An attacker is right about {percent(about[0])} of the people in the data, and about {percent(about[1])} of people who were never in it.",
)
say("""
An attacker who knows age, region and household size.

Only the **difference** was given away: every risk needs a baseline.
""")

# %% [markdown] slideshow={"slide_type": "notes"}
# Half of the people were set aside before fitting, and never shown to the model. Whatever an attacker gets right about them is what everybody
# knows anyway. A risk without this comparison says nothing. And distance is a sign, not a proof: what counts is what somebody learns.

# %% slideshow={"slide_type": "slide"}
shown = ["age", "education", "income", "region", "greenness", "gift_spending", "moved_in", "years_here"]
aucs = {
    name: propensity(gifts[shown], data[shown], "boosting").auc for name, data in (("metadata", alone), ("trees", tree))
}
say(f"""
## How useful? Ask first whether anybody can tell

Shuffle observed and synthetic records. How often does a classifier give the synthetic one the higher score?

| synthetic data from | area under the curve |
|:--|--:|
| metadata, variable by variable | {aucs["metadata"]:.2f} |
| trees | {aucs["trees"]:.2f} |

**0.5** is guessing, **1** is always right. Below 0.5: the records look like a real person's twin.
""")

# %% [markdown] slideshow={"slide_type": "notes"}
# The score of a record is its propensity: how likely it is to be synthetic. pMSE is the mean squared distance of these scores from one half;
# S_pMSE divides it by what chance brings. The trees' number is below one half, because many records resemble the very person whose value
# they carry. That is good for utility and is a question for privacy.

# %% slideshow={"slide_type": "slide"}
formula = "np.log1p(gift_spending) ~ greenness + np.log(income)"
fits = {
    name: compare_fit(formula, givers, data[data["gift_spending"] > 0])
    for name, data in (("trees", tree), ("metadata", alone))
}
green = {name: fit.coefficients.loc["greenness"] for name, fit in fits.items()}
say("## Then ask whether the finding survives")

# %%
rows = {"observed": (green["trees"]["observed"], green["trees"]["se_observed"])}
rows |= {name: (one["synthetic"], one["se_synthetic"]) for name, one in green.items()}
ax = axes(height=390)
for place, (name, (middle, se)) in enumerate(rows.items()):
    look = (
        {"color": OBSERVED, "marker": "o"}
        if name == "observed"
        else {"color": SYNTHETIC, "marker": "D", "linestyle": "--"}
    )
    ax.plot([middle - 1.96 * se, middle + 1.96 * se], [-place, -place], linewidth=2.5, markersize=0, **look)
    ax.plot(middle, -place, markersize=8, **look)
ax.axvline(0, color="#777777", linewidth=0.9)
ax.set_yticks([0, -1, -2], rows)
ax.set(ylim=(-2.6, 0.6), xlabel="coefficient of greenness, with its 95 % interval")
overlaps = ", ".join(f"{name} {one['ci_overlap']:.2f}" for name, one in green.items())
show(
    ax.figure,
    f"The interval from trees overlaps the observed one, that from metadata lies around 0. Overlap: {overlaps}.".replace(
        "-", "−"
    ),
)
say(f"**Overlap** of the intervals: {overlaps}. 1: they lie on each other; below 0: they are apart.".replace("-", "−"))

# %% [markdown] slideshow={"slide_type": "notes"}
# Alice's readers ask less than a classifier does: is her finding still there? The same regression on both tables, and the overlap of two 95 %
# intervals: 1 if they lie on each other, 0 if they just touch, negative if they are apart. A test finds only what it looks for, so report
# more than one.

# %% slideshow={"slide_type": "slide"}
say("## Each dial costs use and buys privacy")

# %%
five = ["age", "region", "household_size", "education", "greenness"]
leaves = {size: Sequential(min_leaf=size).fit(people).sample_many(5, rng=1) for size in (2, 50)}
dials = {
    "leaves of 2": leaves[2],
    "top coding": [code_ends(one, "income", top=0.95, by="share") for one in leaves[2]],
    "rounding to 5,000": [round_to(one, "income", 5000) for one in leaves[2]],
    "smoothing": Sequential(min_leaf=2, smoothing=["income"]).fit(people).sample_many(5, rng=1),
    "leaves of 50": leaves[50],
    "metadata": [Metadata(privacy=11).fit(people).sample(rng=seed) for seed in range(5)],
}
dialled = pd.DataFrame(
    {
        name: {
            "risk, points": 100 * np.mean([inference(people, one, others, five, "income").excess for one in many]),
            "Alice's effect, %": np.mean([alice(one) for one in many]),
        }
        for name, many in dials.items()
    }
).T.rename_axis("dial")
figures = dialled.map(lambda value: f"{value:.0f}".replace("-0", "0").replace("-", "−")).reset_index()
table(figures, numbers=("risk, points", "Alice's effect, %"))
say(
    f"Without any dial she would find {percent(alice(people) / 100)} here. Risk: guessing an income, beyond the baseline."
)

# %% [markdown] slideshow={"slide_type": "notes"}
# The last table of notebook 06. Top coding hides only the few at the top. Rounding and smoothing act on one variable. Larger leaves act on
# everything. Which line keeps the finding and has the least risk? The room answers; it is exercise 6.4.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Choose the use first, then the least flexible model that reaches it
#
# | who asks | for what | Alice shares |
# |---|---|---|
# | a teacher | students run Alice's script | **metadata** |
# | a reviewer | the finding, another regression | **trees** |
# | a company | every detail, forever | **nothing** |
#
# Sometimes the answer is no: come and ask again, or work with the real data in a secure room.

# %% [markdown] slideshow={"slide_type": "notes"}
# Exercise 7.1. Ask the room before you read the last column aloud. For the reviewer: leaves large enough, attacks measured, and a word on
# what was not tested. The company's answer is not a failure: no synthetic table answers every question without giving people away.

# %% slideshow={"slide_type": "slide"}
with tempfile.TemporaryDirectory() as folder:
    publishable = Sequential(min_leaf=20).fit(people)
    given = {"holdout": others, "formula": "np.log1p(gift_spending) ~ greenness", "seed": 1}
    release = make_release(publishable.sample(rng=1), publishable, people, keys, f"{folder}/release", **given)
    files = sorted(path.name for path in release.folder.iterdir())
columns = [files[start::2] for start in range(2)]
say("## A release says that it is synthetic, how it was made, and what it gives away")

# %%
rows = ["".join(f"<td><code>{name}</code></td>" for name in pair) for pair in zip_longest(*columns, fillvalue="")]
say("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
say(
    "No model that keeps records, no observed value in the script. Let somebody **try to break it** before you publish."
)

# %% [markdown] slideshow={"slide_type": "notes"}
# A table alone is not enough: somebody finds it in ten years and takes it for real. make_release writes this folder. Alice's script runs on it
# without a changed line. In notebook 07 the partner, who never saw the private file, gets the folder and the task to break it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Three lines to remember
#
# 1. A generative model is fitted, has parameters θ, and can be sampled: a bell curve, a page of metadata, trees, a network.
# 2. The more flexible it is, the more its sample shows, and the more it gives away. Measure both.
# 3. Choose the use first, then the least flexible model that reaches it. Sometimes the answer is no.

# %% [markdown] slideshow={"slide_type": "notes"}
# Let somebody in the room say each line in their own words. To discuss, if there is time: for which of your data would being in the file be a
# secret already?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Now you: in pairs, notebook 00
#
# - One **drives** and types. The other **navigates** and says what to try. Swap at each exercise.
# - **Predict** before you run.
# - Answer wrongly on purpose: a card tells what this very mistake means. Nothing breaks.
# - Stuck? Unfold a **hint**. The last one is the line itself.

# %% [markdown] slideshow={"slide_type": "notes"}
# Show where the notebooks are, and wait until every pair has run the doctor's cell in notebook 00. Pairs who do not know each other: names into
# the timer. Go round; the first ten minutes decide who dares to ask.
