"""Make the private file of the workshop: `python data/make_gifts.py [--check]`.

Two thousand respondents who do not exist, drawn from the process below. Every true effect has a name at the top, so that
learners can compare what a synthetic table shows with what is true. The same bytes come out on every run.
"""

import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd

FILE = Path(__file__).with_name("super_private_data_file.csv")
SEED = 20250630
N = 2000
INTERVIEWS_END = np.datetime64("2025-06-30")

REGIONS = {"north": 0.24, "east": 0.28, "south": 0.21, "west": 0.26, "islands": 0.01}
GREENNESS_OF_REGION = {"north": 58, "east": 44, "south": 52, "west": 33, "islands": 80}
EDUCATION = ["primary", "lower secondary", "upper secondary", "bachelor", "master or higher"]
EDUCATION_CUTS = [-2.6, -1.0, 0.4, 1.6]  # of a latent normal score
EDUCATION_PER_YEAR_OF_AGE = -0.012

LOG_INCOME = {
    "intercept": 9.75,
    "education": 0.17,
    "years_after_18": 0.026,
    "years_after_18_squared": -0.00034,
    "sd": 0.42,
}
INCOME_MISSING = {"intercept": -1.85, "age_minus_50": 0.025, "education_minus_2": -0.35}  # log odds
GREENNESS = {"log_income": 5.0, "sd": 15.0}
GIVES = {"intercept": 0.35, "greenness": 0.016, "log_income": 0.4}  # log odds of spending anything on gifts
LOG1P_GIFTS = {"intercept": 3.9, "greenness": 0.015, "log_income": 0.45, "sd": 0.75}  # of those who spend anything
CHARITY = {"intercept": -1.1, "gives_gifts": 1.2, "age_minus_45": 0.012}  # log odds
TYPICAL_LOG_INCOME = 10.3

#: The person who stands out, whom an attacker would look for.
OUTLIER = {"first_name": "Ottokar", "postcode": "0907", "region": "islands", "education": "master or higher", "age": 58, "household_size": 2,
           "income": 1_240_000, "greenness": 91.3, "gift_spending": 48_500.0, "gives_to_charity": "yes"}  # fmt: skip

NAMES = """Anna Emma Sofia Maria Julia Lena Laura Sara Eva Nora Lucas Daan Noah Liam Jan Peter Thomas Martin Paul David Mohammed Ali
Fatima Aisha Yusuf Elif Mehmet Zeynep Emine Hassan Amina Ibrahim Layla Omar Samira Karim Nadia Tariq Ines Rania Ana Carlos Lucia Pablo
Carmen Diego Elena Javier Marta Miguel Isabel Luis Pilar Jorge Rosa Andres Teresa Manuel Irene Rafael Giulia Marco Chiara Luca Francesca
Matteo Alessia Giovanni Elisa Paolo Federica Stefano Bianca Enzo Camille Louis Chloe Hugo Manon Jules Lea Antoine Juliette Pierre Margaux
Olivier Celine Mathieu Aurelie Benoit Sylvie Luc Katarzyna Piotr Agnieszka Tomasz Magdalena Pawel Ewa Krzysztof Joanna Marek Beata Jacek
Irena Andrzej Zofia Wojciech Petra Jiri Tereza Ondrej Lucie Vojtech Hana Milos Zuzana Radek Katja Jens Anke Uwe Heike Dirk Silke Bernd
Ulrike Ralf Birgit Holger Astrid Lars Ingrid Sven Freja Nils Maja Erik Linnea Anders Signe Magnus Tove Gustav Saga Oskar Ebba Axel Alva
Aino Eero Helmi Veikko Tuuli Mikko Kaisa Jussi Marja Timo Siobhan Declan Niamh Eoin Aoife Cian Grainne Padraig Maeve Ronan Megan Rhys
Cerys Owain Nia Gareth Bronwen Emrys Fiona Hamish Isla Callum Ailsa Fergus Mairi Angus Eleni Giorgos Despina Nikos Vasiliki Kostas
Ioanna Dimitris Zoe Spyros Iva Stoyan Kalina Boyan Desislava Plamen Ioana Bogdan Andreea Radu Mihaela Vlad Simona Dragos Ilinca Sorin
Ivana Marko Jelena Nikola Milica Luka Snezana Goran Vesna Zoran Agnes Bela Katalin Laszlo Zsofia Gergely Reka Tamas Ildiko Attila
Kristjan Liis Tonu Rasa Jonas Egle Darius Ruta Mantas Ilze Janis Liga Andris Dace Femke Sander Marijke Wouter Anouk Joost Sanne Bram
Fleur Thijs Lotte Ruben Roos Gijs Merel Sjoerd Wietske Ayse Burak Defne Emre Priya Arjun Anjali Rohan Mei Wei Linh Minh Yuki Kenji
Adaeze Chinedu Amara Kwame Abena Kofi Zanele Thabo Makena Jabari Salma Bilal Noor Idris Hala Rashid""".split()

REMARK_OPENINGS = [
    "We usually give",
    "I like to give",
    "My partner and I give",
    "Since last year I give",
    "In this street people give",
    "I hardly ever give",
]
REMARK_THINGS = [
    "flowers",
    "books",
    "home-made jam",
    "money in a card",
    "second-hand toys",
    "vegetables from the garden",
    "concert tickets",
    "cake",
]
REMARK_RECEIVERS = ["to the neighbours", "to my grandchildren", "to colleagues who leave", "to friends who move house", "to the volunteers of the park", "to nobody in particular"]  # fmt: skip
REMARK_ENDINGS = ["at New Year", "when somebody is ill", "on birthdays", "because the garden gives too much", "as my mother did", "if I can afford it", "and I enjoy it"]  # fmt: skip
#: Remarks that give somebody away or that a careless reader of csv files stumbles over.
SPECIAL_REMARKS = [
    'My brother, the baker on the market square, says: "Gifts are never free."',
    "I am the only vet in this village, so everybody knows me",
    "Great questions! 🎁🌳",
    "None",
    "Too personal; I do not want to answer this, sorry",
    "We live in the yellow house next to the lighthouse",
]


def make(n=N, seed=SEED):
    """The table: one row for each respondent. With another n or seed, another sample from the same process."""
    rng = np.random.default_rng(seed)
    age = np.floor(18 + 73 * rng.beta(1.7, 2.1, n)).astype(int)
    region = rng.choice(list(REGIONS), n, p=list(REGIONS.values()))
    score = rng.normal(EDUCATION_PER_YEAR_OF_AGE * (age - 50), 1)
    education = np.searchsorted(EDUCATION_CUTS, score)

    years = age - 18
    c = LOG_INCOME
    expected = (
        c["intercept"]
        + c["education"] * education
        + c["years_after_18"] * years
        + c["years_after_18_squared"] * years**2
    )
    log_income = rng.normal(expected, c["sd"])
    deviation = log_income - TYPICAL_LOG_INCOME
    m = INCOME_MISSING
    income_missing = _happens(
        m["intercept"] + m["age_minus_50"] * (age - 50) + m["education_minus_2"] * (education - 2), rng
    )

    mean_greenness = np.vectorize(GREENNESS_OF_REGION.get)(region) + GREENNESS["log_income"] * deviation
    greenness = np.clip(rng.normal(mean_greenness, GREENNESS["sd"]), 0, 100).round(1)
    gives = _happens(GIVES["intercept"] + GIVES["greenness"] * greenness + GIVES["log_income"] * deviation, rng)
    g = LOG1P_GIFTS
    log1p_gifts = rng.normal(g["intercept"] + g["greenness"] * greenness + g["log_income"] * deviation, g["sd"])
    charity = _happens(
        CHARITY["intercept"] + CHARITY["gives_gifts"] * gives + CHARITY["age_minus_45"] * (age - 45), rng
    )

    moved_in = INTERVIEWS_END - np.floor(rng.beta(0.9, 2.2, n) * (age - 1) * 365.25 + 16).astype("timedelta64[D]")
    day = rng.integers(1, 29, n).astype("timedelta64[D]")
    second = np.clip(rng.normal(15 * 3600, 3.3 * 3600, n), 6.5 * 3600, 23.5 * 3600).astype("timedelta64[s]")

    table = pd.DataFrame(
        {
            "respondent": _respondents(n, rng),
            "first_name": rng.choice(NAMES, n, p=_long_tail(len(NAMES))),
            "postcode": _postcodes(region, rng),
            "region": region,
            "education": np.array(EDUCATION)[education],
            "age": age,
            "household_size": np.minimum(1 + rng.poisson(1.2, n), 9),
            "income": np.rint(np.exp(log_income)),
            "greenness": greenness,
            "gift_spending": np.where(gives, np.expm1(log1p_gifts), 0).round(2),
            "gives_to_charity": np.where(charity, "yes", "no"),
            "moved_in": moved_in,
            "years_here": _whole_years_until_the_end(moved_in),
            "answered_at": np.datetime64("2025-06-01", "s") + day + second,
            "remark": _remarks(n, rng),
        }
    )
    table.loc[income_missing, "income"] = np.nan
    somebody = rng.choice(np.flatnonzero(table["years_here"] < 40))
    table.loc[somebody, list(OUTLIER)] = list(OUTLIER.values())
    return table


def as_csv(table):
    """The bytes of the file: fixed formats, so that no version of pandas writes them otherwise."""
    text = table.assign(
        income=table["income"].map("{:.0f}".format, na_action="ignore"),
        greenness=table["greenness"].map("{:.1f}".format),
        gift_spending=table["gift_spending"].map("{:.2f}".format),
        moved_in=table["moved_in"].dt.strftime("%Y-%m-%d"),
        answered_at=table["answered_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
    )
    file = io.StringIO()
    text.to_csv(file, index=False, lineterminator="\n")
    return file.getvalue().encode()


def _happens(log_odds, rng):
    return rng.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))


def _respondents(n, rng):
    """A number that never repeats, and two digits that check it."""
    numbers = 1000 + rng.permutation(max(9000, n))[:n]
    return [f"R-{number}-{number % 97:02d}" for number in numbers]


def _long_tail(size):
    weights = 1 / np.arange(4, size + 4) ** 0.9
    return weights / weights.sum()


def _postcodes(region, rng):
    """Four digits; the first two belong to the region, and half of the regions begin with 0."""
    first = np.vectorize({"north": 7, "east": 4, "south": 23, "west": 18, "islands": 9}.get)(region)
    return [f"{a:02d}{b:02d}" for a, b in zip(first, rng.integers(1, 31, len(region)), strict=True)]


def _whole_years_until_the_end(days):
    days = pd.to_datetime(pd.Series(days))
    not_yet = (days.dt.month * 100 + days.dt.day) > 630
    return 2025 - days.dt.year - not_yet


def _remarks(n, rng):
    parts = [rng.choice(words, n) for words in (REMARK_OPENINGS, REMARK_THINGS, REMARK_RECEIVERS, REMARK_ENDINGS)]
    remarks = np.array([" ".join(words) for words in zip(*parts, strict=True)], dtype=object)
    remarks[rng.random(n) > 0.15] = np.nan
    remarks[rng.permutation(n)[: len(SPECIAL_REMARKS)]] = SPECIAL_REMARKS
    return remarks


if __name__ == "__main__":
    new = as_csv(make())
    if "--check" not in sys.argv[1:]:
        FILE.write_bytes(new)
    elif not FILE.exists() or FILE.read_bytes() != new:
        sys.exit(f"{FILE.name} is not what this script makes: run it without --check.")
