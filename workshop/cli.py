"""The command for everyday use: workshop lab | doctor | reset NN | update | synthesize FILE."""

import argparse
import importlib.metadata
import sys
from pathlib import Path

from workshop.models import MODELS


def main(arguments=None):
    """Run the command; return its exit code: 0, 1 (the doctor found a problem) or 2 (it could not be done)."""
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
    synthesize.add_argument("--model", default="histogram", help=f"one of {', '.join(MODELS)} (default: histogram)")
    synthesize.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the model, such as bins=20"
    )
    synthesize.add_argument(
        "--out",
        type=Path,
        help="a file (default: synthetic_NAME.csv in this folder), or a folder such as release/ for a whole release",
    )
    synthesize.add_argument(
        "--keys",
        type=_names,
        metavar="A,B,C",
        help="for a release: what an attacker may know of a person (default: up to three variables with few values)",
    )
    synthesize.add_argument(
        "--smooth",
        nargs="?",
        const=True,
        type=_names,
        metavar="A,B",
        help="with --model cart: move the numbers of donors a little",
    )
    synthesize.add_argument("--dry-run", action="store_true", help="only say what would be done")
    synthesize.add_argument(
        "--recipe", type=Path, metavar="FILE.json", help="with --model metadata: write the recipe, too"
    )
    synthesize.add_argument("--rows", type=int, help="how many records (default: as many as observed)")
    synthesize.add_argument("--seed", type=int, help="a whole number; the same one gives the same table")
    synthesize.add_argument("--force", action="store_true", help="replace the file if it is there already")
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
    from workshop.data import write_table

    out = options.out or Path(f"synthetic_{options.file.stem}.csv")
    if out.exists() and out.samefile(options.file):
        raise ValueError(f"--out names the observed file itself ({out}): choose another name.")
    if options.recipe and options.model != "metadata":
        raise ValueError("Only --model metadata writes a recipe: leave --recipe out, or choose that model.")
    for path in filter(None, (out if out.suffix else None, options.recipe)):
        if path.exists() and not options.force:
            raise FileExistsError(f"'{path}' is there already: choose another name, or say --force.")
    if not out.suffix:
        return _release(options, out)
    if options.dry_run:
        return _say_what_would_be_done(options, out)
    model = _fitted(options)
    synthetic = model.sample(options.rows, rng=options.seed)
    write_table(synthetic, out, overwrite=options.force)
    print(
        f"{out}: {len(synthetic):,} SYNTHETIC records of {synthetic.shape[1]} variables, made with {model!r} from {options.file.name}."
    )
    for remark in getattr(model, "remarks_", []):
        print(f"  {remark}")
    if options.recipe:
        print(f"{model.save(options.recipe, overwrite=options.force)}: the recipe, in the Generative Metadata Format.")
    if model.keeps_records:
        print(f"workshop: {model.why_not_to_publish}", file=sys.stderr)


def _release(options, folder):
    """A whole release instead of one file."""
    import secrets

    from workshop.data import read_table
    from workshop.release.make import make_release

    if folder.exists() and not options.force:
        raise FileExistsError(f"'{folder}' is there already: choose another name with --out, or say --force.")
    if options.file.suffix.lower() == ".json":
        raise ValueError(
            "A release is measured against the observed table, which a recipe does not hold: give the table."
        )
    observed = read_table(options.file)
    keys = options.keys or _likely_keys(observed)
    if options.dry_run:
        return _say_what_would_be_done(options, folder, keys)
    model, seed = _fitted(options), secrets.randbelow(2**31) if options.seed is None else options.seed
    synthetic = model.sample(options.rows, rng=seed)
    source = f"read_table({options.file.name!r})"
    print(
        make_release(
            synthetic,
            model,
            observed,
            keys,
            folder,
            source=source,
            seed=seed,
            title=options.file.stem,
            overwrite=options.force,
        )
    )


def _likely_keys(observed):
    """What somebody may know of a person: the first three variables with few values."""
    from workshop.table import describe

    about = describe(observed)
    few = about[
        about["kind"].isin(["categorical", "ordered", "boolean", "discrete"]) & about["distinct"].between(2, 100)
    ]
    if few.empty:
        raise ValueError("No variable has few enough values to be known of a person: say --keys.")
    return list(few["variable"][:3])


def _say_what_would_be_done(options, out, keys=None):
    from workshop.data import read_table
    from workshop.table import describe

    observed = read_table(options.file)
    print(f"{options.file.name}: {len(observed):,} records of {observed.shape[1]} variables.")
    print(describe(observed).to_string(index=False))
    print(f"Would fit {_model(options)!r} and write {options.rows or len(observed):,} synthetic records to {out}.")
    if keys:
        print(f"It would be a release, measured with these keys: {', '.join(keys)}.")


def _fitted(options):
    """The model that was asked for, fitted to the table; or the one that a recipe describes."""
    from workshop.data import read_table

    if options.file.suffix.lower() == ".json":
        if options.set:
            raise ValueError("A recipe has no settings: leave --set out.")
        from workshop.models.metadata import Metadata

        return Metadata.load(options.file)
    return _model(options).fit(read_table(options.file))


def _model(options):
    """The model that was asked for, with its settings."""
    from workshop.models import make_model

    settings = dict(map(_setting, options.set))
    if options.smooth is not None:
        if options.model != "cart":
            raise ValueError("Only --model cart can smooth: leave --smooth out, or choose that model.")
        settings["smoothing"] = options.smooth
    return make_model(options.model, **settings)


def _names(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def _setting(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--set wants NAME=VALUE, such as bins=20; got '{text}'.")
    if value.lower() in ("true", "false"):
        return name, value.lower() == "true"
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value


def _in_words(error):
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error)
