"""What the package anonymeter says of the golden tables; writes anonymeter.json beside this file.

anonymeter 1.1 asks for numpy below 2, so it has an environment of its own: `python -m venv x; x/bin/pip install anonymeter; x/bin/python make_anonymeter.py`.
The table synthetic_independent.csv stands in for the hold-out. 500 attacks each; the figures vary a little from run to run, and their intervals say how much.
"""

import json
import warnings
from pathlib import Path

import pandas as pd
from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator

HERE = Path(__file__).parent
KEYS = ["sex", "age", "region", "education", "greenness"]
HALVES = (["age", "education", "income"], ["greenness", "gift_spending", "years_here"])


def read(name):
    table = pd.read_csv(HERE / f"{name}.csv")
    labels = list(table.select_dtypes(exclude="number"))
    return table.assign(**{label: table[label].astype(object).fillna("missing") for label in labels})


def main():
    warnings.simplefilter("ignore")
    found = {}
    for name in ("cart", "parametric"):
        tables = {
            "ori": read("observed"),
            "syn": read(f"synthetic_{name}"),
            "control": read("synthetic_independent"),
            "n_attacks": 500,
        }
        attacks = {
            "linkability": (LinkabilityEvaluator(aux_cols=HALVES, n_neighbors=1, **tables), {}),
            "label": (InferenceEvaluator(aux_cols=KEYS, secret="life_satisfaction", **tables), {}),
            "number": (InferenceEvaluator(aux_cols=KEYS, secret="years_here", regression=True, **tables), {}),
            "singling out": (SinglingOutEvaluator(n_cols=3, **tables), {"mode": "multivariate"}),
        }
        found[name] = {}
        for attack, (evaluator, how) in attacks.items():
            evaluator.evaluate(**how)
            rates, risk = evaluator.results(), evaluator.risk()
            found[name][attack] = {
                "rate": rates.attack_rate.value,
                "baseline": rates.control_rate.value,
                "risk": risk.value,
                "interval": list(risk.ci),
            }
    (HERE / "anonymeter.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
