"""Make a class ready: `sudo python3 deploy/passwords.py /etc/workshop --hub https://hub.example.org` prints a slip for everybody.

The folder holds `learners.txt` and `instructors.txt`, one name a line. A secret is made there once, readable by its owner alone.
Each password comes from the secret and the name, so nothing else is stored, and the slips can be printed again at any time.
Needs `jupyterhub-hashauthenticator`, as the hub does: run it with the hub's own Python.
"""

import argparse
import os
import re
import secrets
import sys
from pathlib import Path

from hashauthenticator import generate_password_digest

LENGTH = 16  # as in jupyterhub_config.py
NAME = re.compile(r"[a-z][a-z0-9-]{0,23}")


def make_secret(folder):
    """The secret of the class: made once, never replaced, and never readable by others, not even for a moment."""
    path = folder / "secret"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()


def read_names(path):
    """The names on a list, in order.

    Raises
    ------
    ValueError
        If a name cannot be that of a Linux user, or stands there twice.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        name = line.partition("#")[0].strip()
        if not name:
            continue
        if not NAME.fullmatch(name):
            raise ValueError(
                f"{path.name}, line {number}: '{name}' cannot be a login name: use up to 24 of a-z, 0-9 and -, beginning with a letter."
            )
        if name in found:
            raise ValueError(f"{path.name}, line {number}: '{name}' stands there twice: give one of them another name.")
        found.append(name)
    return found


def slips(names, secret, hub):
    """What each person is handed, as text to print and cut."""
    return "".join(
        f"{'- ' * 30}\nAddress:   {hub}\nName:      {name}\nPassword:  {generate_password_digest(name, secret, LENGTH)}\n"
        for name in names
    )


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description="Print a slip with address, name and password for everybody in a class."
    )
    parser.add_argument("folder", type=Path, help="holds learners.txt and instructors.txt")
    parser.add_argument("--hub", required=True, help="the hub's address, such as https://hub.example.org")
    options = parser.parse_args(arguments)
    try:
        people = {file: read_names(options.folder / file) for file in ("instructors.txt", "learners.txt")}
        if both := set(people["learners.txt"]) & set(people["instructors.txt"]):
            raise ValueError(f"'{min(both)}' is on both lists: an instructor need not be a learner, too.")
        secret = make_secret(options.folder)
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}.")
    except ValueError as error:
        sys.exit(str(error))
    for names in people.values():
        print(slips(names, secret, options.hub.rstrip("/")), end="")


if __name__ == "__main__":
    main()
