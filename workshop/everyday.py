"""`workshop synthesize`: a synthetic version of a table, or a whole release, with a sensible default for everything.

Who says nothing gets what the workshop advises: the least flexible model first (metadata, each variable alone, no value of fewer than eleven people);
for a release, a fifth of the people set aside to play the attacker, and keys that look like what somebody may know of a person.
"""

import re
import secrets
import sys
from contextlib import contextmanager
from pathlib import Path

from tqdm.auto import tqdm

from workshop.models.disclosure import USUAL_K

#: Words in the names of variables that a neighbour or a colleague knows.
_KNOWN_OF_PEOPLE = set(
    "age sex gender birth born year region province county state country city town municipality postcode zip education educ degree school occupation "
    "occ job profession household hhsize children kids marital married nationality religion race ethnicity".split()
)
_MOST_VALUES, _MOST_KEYS = 100, 3
#: Of smaller tables nobody is set aside: the attacks would say nothing, and the model would miss them.
_FEWEST_TO_SPLIT = 500
#: Numbers and texts that --set can say.
_PLAIN_WORDS = {"true": True, "false": False, "none": None}


def synthesize(options):
    """Do what the command line asks for.

    Parameters
    ----------
    options : argparse.Namespace
        As `workshop.cli` makes it.

    Raises
    ------
    ValueError, OSError, ImportError
        In one sentence; nothing is left half-written.
    """
    is_release = _names_a_folder(options)
    out = Path(options.out or f"synthetic_{options.file.stem}.csv")
    _check(options, out, is_release)
    if is_release:
        return _release(options, out)
    if options.dry_run:
        return _say_what_would_be_done(options, out)
    return _table(options, out)


def _names_a_folder(options):
    given = options.out
    return bool(given) and (given.endswith(("/", "\\")) or not Path(given).suffix or Path(given).is_dir())


def _check(options, out, is_release):
    from workshop.release.make import check_folder

    is_recipe = options.file.suffix.lower() == ".json"
    if out.exists() and options.file.exists() and out.samefile(options.file):
        raise ValueError(f"--out names the observed file itself ({out}): choose another name.")
    if options.recipe and options.model not in (None, "metadata"):
        raise ValueError("Only --model metadata writes a recipe: leave --recipe out, or choose that model.")
    if is_recipe and (options.set or options.model or options.smooth is not None):
        raise ValueError("A recipe has no settings: leave --model, --set and --smooth out.")
    if is_release and is_recipe:
        raise ValueError(
            "A release is measured against the observed table, which a recipe does not hold: give the table."
        )
    if is_release and options.recipe:
        raise ValueError("A release holds the recipe itself: leave --recipe out.")
    asked = [
        name
        for name in ("keys", "holdout", "formula", "description", "label", "title", "creator", "licence", "citation")
        if getattr(options, name)
    ]
    if asked and not is_release:
        raise ValueError(
            f"--{asked[0]} is for a whole release: name a folder, such as --out release/, or leave it out."
        )
    if is_release:
        try:
            check_folder(out, options.force)
        except FileExistsError as error:
            raise FileExistsError(str(error).replace("say overwrite=True", "say --force")) from None
    for path in filter(None, (None if is_release else out, options.recipe)):
        if path.exists() and not options.force:
            raise FileExistsError(f"'{path}' is there already: choose another name, or say --force.")


def _table(options, out):
    """A synthetic table in one file."""
    from workshop.data import write_table

    with _progress(4) as tell:
        model = _fitted(options, tell)
        tell("drawing")
        synthetic = model.sample(options.rows, rng=options.seed)
        tell("writing")
        write_table(synthetic, out, overwrite=options.force)
    print(
        f"{out}: {len(synthetic):,} SYNTHETIC records of {synthetic.shape[1]} variables, made with {model!r} from {options.file.name}."
    )
    _say_remarks(model)
    if options.recipe:
        print(f"{model.save(options.recipe, overwrite=options.force)}: the recipe, in the Generative Metadata Format.")
    if options.model is None and options.file.suffix.lower() != ".json":
        print(
            "  Each variable is drawn by itself, so what goes with what is lost. --model cart keeps it, and gives more away: measure both with --out release/."
        )
    if model.keeps_records:
        print(f"workshop: {model.why_not_to_publish}", file=sys.stderr)


def _release(options, folder):
    """A whole release in a folder."""
    from workshop.data import read_table
    from workshop.measures.attacks import split
    from workshop.release.make import make_release

    with _progress(7) as tell:
        tell("reading")
        observed = read_table(options.file)
        keys = options.keys or likely_keys(observed)
        unknown = [key for key in keys if key not in observed]
        if unknown:
            raise ValueError(
                f"keys must name columns that somebody may know, but there is no '{unknown[0]}'; choose among {', '.join(observed.columns[:8])}."
            )
        seed = secrets.randbelow(2**31) if options.seed is None else options.seed
        share = _share_aside(options, observed)
        source, others, people = f"read_table({options.file.name!r})", None, observed
        if share:
            people, others = split(observed, share, seed)
            people.attrs.update(observed.attrs)
            source = f"split({source}, {share!r}, {seed})[0]"
        if options.dry_run:
            tell(None)
            return _say_what_would_be_done(options, folder, observed, people, keys)
        tell("fitting")
        model = _model(options).fit(people)
        tell("drawing")
        release = make_release(
            model.sample(options.rows, rng=seed),
            model,
            people,
            keys,
            folder,
            name=f"synthetic_{re.sub(r'[^A-Za-z0-9_-]+', '_', options.file.stem).strip('_') or 'data'}",
            title=options.title or options.file.stem,
            description=options.description or "",
            holdout=others,
            formula=options.formula,
            source=source,
            seed=seed,
            label=options.label,
            creator=options.creator or "",
            licence=options.licence or "",
            citation=options.citation or "",
            overwrite=options.force,
            tell=tell,
        )
    print(release)
    _say_remarks(model)
    aside = f"; {len(others):,} people were set aside to play the attacker" if others is not None else ""
    print(f"Measured with somebody in mind who knows {', '.join(keys)} (choose with --keys){aside}.")
    print(f"Read {folder / 'README-synthetic.md'} and {folder / 'disclosure.html'} before you give it to anybody.")


def _say_remarks(model):
    for remark in getattr(model, "remarks_", []):
        print(f"  {remark}")


def likely_keys(observed):
    """What somebody may know of a person: up to three variables with few values, those first whose names say so.

    Parameters
    ----------
    observed : pandas.DataFrame

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If no variable has few enough values.

    Examples
    --------
    >>> import pandas as pd
    >>> likely_keys(pd.DataFrame({"score": [1, 2, 2], "age": [30, 40, 40], "income": [1.5, 2.5, 2.5]}))
    ['age', 'score']
    """
    from workshop.table import describe

    about = describe(observed)
    kinds = ["categorical", "ordered", "boolean", "discrete", "continuous"]
    few = list(about.loc[about["kind"].isin(kinds) & about["distinct"].between(2, _MOST_VALUES), "variable"])
    if not few:
        raise ValueError("No variable has few enough values to be known of a person: say --keys.")
    said = [name for name in few if _KNOWN_OF_PEOPLE & set(re.split(r"[^a-z]+", str(name).lower()))]
    ordered = said + [name for name in few if name not in said]
    return ordered[: max(1, min(_MOST_KEYS, len(observed.columns) - 1))]


def _share_aside(options, observed):
    if options.holdout is not None:
        if not 0 <= options.holdout < 1:
            raise ValueError(
                f"--holdout is a share of the people, from 0 (nobody) to less than 1; got {options.holdout:g}."
            )
        return options.holdout
    return 0.2 if len(observed) >= _FEWEST_TO_SPLIT else 0


def _say_what_would_be_done(options, out, observed=None, people=None, keys=None):
    from workshop.data import read_table
    from workshop.table import describe

    if options.file.suffix.lower() == ".json":
        model = _fitted(options, lambda words: None)
        print(
            f"Would draw {options.rows or model.n_records_:,} synthetic records from the recipe {options.file.name} and write them to {out}."
        )
        return
    observed = read_table(options.file) if observed is None else observed
    people = observed if people is None else people
    print(f"{options.file.name}: {len(observed):,} records of {observed.shape[1]} variables.")
    print(describe(observed).to_string(index=False))
    print(f"Would fit {_model(options)!r} and write {options.rows or len(people):,} synthetic records to {out}.")
    if keys:
        aside = f" {len(observed) - len(people):,} people would be set aside to play the attacker." * (
            len(people) < len(observed)
        )
        print(f"It would be a release, measured with these keys: {', '.join(keys)}.{aside}")


def _fitted(options, tell):
    """The model that was asked for, fitted to the table; or the one that a recipe describes."""
    from workshop.data import read_table

    tell("reading")
    if options.file.suffix.lower() == ".json":
        from workshop.models.metadata import Metadata

        return Metadata.load(options.file)
    model, observed = _model(options), read_table(options.file)
    tell("fitting")
    return model.fit(observed)


def _model(options):
    """The model that was asked for, with its settings; where a model can protect small groups, it does unless told otherwise."""
    from workshop.models import make_model, model_class

    name, settings = options.model or "metadata", dict(map(_setting, options.set))
    if options.smooth is not None:
        if name != "cart":
            raise ValueError("Only --model cart can smooth: leave --smooth out, or choose that model.")
        settings["smoothing"] = options.smooth
    if "privacy" in model_class(name)().get_params() and settings.get("marginals") != "empirical":
        settings.setdefault("privacy", USUAL_K)
    return make_model(name, **settings)


def _setting(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--set wants NAME=VALUE, such as min_leaf=20; got '{text}'.")
    if value.lower() in _PLAIN_WORDS:
        return name, _PLAIN_WORDS[value.lower()]
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value


@contextmanager
def _progress(steps):
    """A bar in a terminal, and nothing in a file or a pipe. It hands out what to call with a few words before each step."""
    with tqdm(
        total=steps, disable=None, leave=False, bar_format="{desc:<36}|{bar}| {n_fmt}/{total_fmt} {elapsed}"
    ) as bar:
        started = False

        def tell(words):
            nonlocal started
            if words is None:
                return bar.close()
            bar.update(int(started))
            bar.set_description_str(words)
            started = True

        yield tell
