"""The rules of a class, for any JupyterHub: who may log in, what a learner gets, where the lessons come from.

It says nothing of how servers are started: The Littlest JupyterHub loads it as
`/opt/tljh/config/jupyterhub_config.d/workshop.py` and starts each learner as a Linux user of their own. The folder
`/etc/workshop` (or $WORKSHOP_CLASS) holds the names of the class and a secret; `passwords.py` beside this file makes both ready.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlencode

#: Carried here by `make links`.
REPOSITORY = "https://github.com/synthetic-data-workshop/synthetic-data-workshop"
FIRST = "notebooks/00-start-here.ipynb"
CLASS = Path(os.environ.get("WORKSHOP_CLASS", "/etc/workshop"))


def names(file):
    """The names in a file of the class, one a line; `#` begins a remark."""
    lines = (line.partition("#")[0].strip().lower() for line in read(file).splitlines())
    return {line for line in lines if line}


def read(file):
    try:
        return (CLASS / file).read_text(encoding="utf-8")
    except OSError as error:
        sys.exit(f"{CLASS / file}: {error.strerror}. Make the class ready with passwords.py (see deploy/README.md).")


def fetch_lessons(repository):
    """Where a server opens: nbgitpuller brings what is new, keeps what the learner changed, and shows notebook 00."""
    folder = repository.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
    place = {"repo": repository, "targetpath": folder, "urlpath": f"lab/tree/{folder}/{FIRST}"}
    return f"/git-pull?{urlencode(place)}"


c = get_config()  # noqa: F821 (JupyterHub hands it in)

# Who may log in: the names on the two lists, each with a password of their own, and nobody else.
c.JupyterHub.authenticator_class = "hashauthenticator.HashAuthenticator"
c.HashAuthenticator.secret_key = read("secret").strip()
c.HashAuthenticator.password_length = 16
c.Authenticator.allowed_users = names("learners.txt")
c.Authenticator.admin_users = names("instructors.txt")
c.Authenticator.allow_all = False
c.Authenticator.allow_existing_users = False  # a name taken off the list is shut out, though its files stay
if len(c.HashAuthenticator.secret_key) < 32:
    sys.exit(f"{CLASS / 'secret'} is too short to keep anybody out: remove it, and run passwords.py again.")

# What a learner gets. The Littlest JupyterHub sets the limits of its own spawner, so they are said to both.
for spawner in (c.Spawner, c.SystemdSpawner):
    spawner.mem_limit = os.environ.get("WORKSHOP_MEMORY", "3G")
    spawner.cpu_limit = float(os.environ.get("WORKSHOP_CORES", "2"))
c.SystemdSpawner.isolate_tmp = True  # what one learner leaves in /tmp no other sees
c.Spawner.default_url = fetch_lessons(os.environ.get("WORKSHOP_REPOSITORY", REPOSITORY))
c.Spawner.args = ["--LabApp.news_url=None"]  # no pop-up that asks about news
c.Spawner.http_timeout = c.Spawner.start_timeout = 120  # thirty at once start slowly
c.JupyterHub.concurrent_spawn_limit = 40

# A server that nobody has used for two hours is stopped: its files stay, its kernels do not.
IDLE = 2 * 60 * 60
c.JupyterHub.services = [
    {
        "name": "cull-idle",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}", "--cull-every=300"],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "cull-idle",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["cull-idle"],
    }
]
