"""Alice's analysis: more generous gifting behaviour in greener neighbourhoods.

It reads a file from the folder where it is run, and writes results.csv and figure.png beside it.
"""

import matplotlib
import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

matplotlib.use("Agg")  # a picture in a file needs no window
import matplotlib.pyplot as plt

gifts = pd.read_csv("super_private_data_file.csv")

# Among people who give anything: does greenness go with larger gifts, at the same income?
givers = gifts[(gifts["gift_spending"] > 0) & (gifts["income"] > 0)]
model = smf.ols("np.log1p(gift_spending) ~ greenness + np.log(income)", givers).fit()
results = pd.DataFrame({"estimate": model.params, "se": model.bse, "p": model.pvalues})
results.loc["percent per 10 points"] = [100 * np.expm1(10 * model.params["greenness"]), np.nan, np.nan]
results.round(4).to_csv("results.csv", index_label="coefficient")

# Mean gifts in five groups of neighbourhoods, from grey to green.
groups = pd.cut(givers["greenness"], [0, 20, 40, 60, 80, 100], include_lowest=True)
means = np.expm1(np.log1p(givers["gift_spending"]).groupby(groups, observed=False).mean())
figure, ax = plt.subplots(figsize=(4, 3), layout="constrained")
ax.plot(["0-20", "20-40", "40-60", "60-80", "80-100"], means, marker="o", color="#333333")
ax.set(xlabel="greenness (%)", ylabel="usual gift spending (euro)", ylim=(0, None))
figure.savefig("figure.png", dpi=100)
