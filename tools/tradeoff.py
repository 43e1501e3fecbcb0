"""Measure the trade-off of the lessons: `python tools/tradeoff.py`. Five minutes; the result is kept for notebooks 02 and 06."""

from pathlib import Path

from workshop import load, split
from workshop.risk_utility import tradeoff

KEPT = Path(__file__).resolve().parents[1] / "workshop" / "lessons" / "tradeoff-gifts.json"
SETTINGS = {
    "keys": ["age", "region", "household_size", "education", "greenness"],
    "target": "income",
    "formula": "np.log1p(gift_spending) ~ greenness",
    "seeds": 10,
}

if __name__ == "__main__":
    people, others = split(load("gifts"), 0.5, rng=2)
    measured = tradeoff(people, holdout=others, **SETTINGS)
    measured.save(KEPT)
    print(measured.table.drop(columns="seconds").round(3).to_string())
    print(measured.rank_correlation().round(3).to_string())
