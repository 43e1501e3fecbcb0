"""The command for everyday use: workshop lab | doctor | reset NN | update | synthesize FILE."""

import argparse
import importlib.metadata
import sys
from pathlib import Path

from workshop.models import MODELS


def main(arguments=None):
    """Run the command; return its exit code: 0, 1 (the doctor found a problem), 2 (it could not be done) or 130 (stopped with Ctrl-C)."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return 0
    try:
        return options.run(options) or 0
    except (ValueError, OSError, ImportError) as error:
        print(f"workshop: {_in_words(error)}", file=sys.stderr)
        return 2
    except MemoryError:
        print("workshop: this computer has too little memory for that: take fewer columns or records.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nworkshop: stopped; nothing half-written was left behind.", file=sys.stderr)
        return 130


def _parser():
    parser = argparse.ArgumentParser(
        prog="workshop", description="How to create synthetic data: the workshop's own command."
    )
    parser.add_argument("--version", action="version", version=importlib.metadata.version("synthetic-data-workshop"))
    commands = parser.add_subparsers(title="commands", metavar="")

    lab = commands.add_parser("lab", help="open the notebooks in JupyterLab")
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.add_argument("--port", type=int, help="the first free one from 8888 on if left out")
    lab.add_argument("--together", action="store_true", help="two people edit one notebook (see make together)")
    lab.add_argument("--network", action="store_true", help="with --together: let the partner in from another computer")
    lab.set_defaults(run=_lab)

    doctor = commands.add_parser("doctor", help="say whether this environment can run the workshop")
    doctor.set_defaults(run=_doctor)

    reset = commands.add_parser("reset", help="bring a notebook back fresh; yours is kept beside it")
    reset.add_argument("number", metavar="NN", help="such as 01, or all")
    reset.set_defaults(run=_reset)

    update = commands.add_parser("update", help="bring in new lessons; notebooks that you changed stay as they are")
    update.set_defaults(run=_update)

    synthesize = commands.add_parser("synthesize", help="make a synthetic version of a table")
    synthesize.add_argument(
        "file", type=Path, help="a csv, tsv, xlsx, parquet, sav or dta file, or a recipe (json); it is not changed"
    )
    synthesize.add_argument(
        "--model",
        help=f"one of {', '.join(MODELS)} (default: metadata, each variable by itself and no value of fewer than 11 people)",
    )
    synthesize.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the model, such as min_leaf=20"
    )
    synthesize.add_argument(
        "--smooth",
        nargs="?",
        const=True,
        type=_names,
        metavar="A,B",
        help="with --model cart: move the numbers of donors a little (all, or of these variables)",
    )
    synthesize.add_argument("--rows", type=int, help="how many records (default: as many as the model is fitted to)")
    synthesize.add_argument("--seed", type=int, help="a whole number; the same one gives the same table")
    synthesize.add_argument(
        "--out",
        help="a file (default: synthetic_NAME.csv in this folder), or a folder such as release/ for a whole release",
    )
    synthesize.add_argument(
        "--recipe", type=Path, metavar="FILE.json", help="with --model metadata: write the recipe, too"
    )
    synthesize.add_argument("--dry-run", action="store_true", help="only say what would be done")
    synthesize.add_argument(
        "--force", action="store_true", help="replace the file or the release if it is there already"
    )
    release = synthesize.add_argument_group("for a whole release")
    release.add_argument(
        "--keys",
        type=_names,
        metavar="A,B,C",
        help="what an attacker may know of a person (default: up to three variables with few values, such as age and region)",
    )
    release.add_argument(
        "--holdout",
        type=float,
        metavar="SHARE",
        help="of the people, set aside to play the attacker (default: 0.2; 0 of fewer than 500 people)",
    )
    release.add_argument("--formula", help='a regression that readers will run, such as "income ~ age + region"')
    release.add_argument("--label", action="store_true", help="a column that says of every record that it is synthetic")
    release.add_argument("--title", help="default: the name of the file")
    for name, what in (
        ("description", "what the data are about"),
        ("creator", "who made them"),
        ("licence", "by its short name, such as CC-BY-4.0"),
        ("citation", "how to cite them"),
    ):
        release.add_argument(f"--{name}", help=what)
    synthesize.set_defaults(run=_synthesize)
    return parser


def _lab(options):
    from workshop.lab import open_lab

    given = {"together": options.together, "network": options.network}
    return open_lab(browser=not options.no_browser, port=options.port, **given)


def _doctor(options):
    from workshop.health import doctor

    diagnosis = doctor()
    print(diagnosis)
    return 0 if diagnosis.healthy else 1


def _reset(options):
    from workshop.lab import find_notebooks
    from workshop.reset import lessons, reset

    folder = find_notebooks(Path.cwd())
    for number in lessons() if options.number == "all" else [options.number]:
        print(reset(number, folder))


def _update(options):
    from workshop.update import update

    print(update(Path.cwd()))


def _synthesize(options):
    from workshop.everyday import synthesize

    return synthesize(options)


def _names(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def _in_words(error):
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error)
