"""The class's rules, with servers that are started on this machine alone: what `rehearsal.py` runs JupyterHub with.

Nothing but 127.0.0.1 is listened on. Each learner has a home folder of their own, and, where root starts the hub, a user number of
their own too, as on The Littlest JupyterHub. Limits are announced to the servers, but only systemd or Kubernetes enforces them.
"""

import os
import sys
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner

c = get_config()  # noqa: F821
load_subconfig(str(Path(__file__).with_name("jupyterhub_config.py")))  # noqa: F821

HOMES = Path(os.environ["REHEARSAL_HOMES"])
FIRST_USER_NUMBER = int(os.environ["REHEARSAL_USERS"])  # 0: everybody is the user who runs the hub
BINARIES = Path(sys.executable).parent


class OwnUser(SimpleLocalProcessSpawner):
    """Starts a server in the learner's home folder, as the learner."""

    home_dir_template = str(HOMES / "{username}")

    def make_preexec_fn(self, name):
        home, number = Path(self.home_dir), FIRST_USER_NUMBER and FIRST_USER_NUMBER + self.user.id
        home.mkdir(mode=0o700, exist_ok=True)
        if number:
            os.chown(home, number, number)

        def become_the_learner():
            os.umask(0o077)
            if number:
                os.setgroups([])
                os.setgid(number)
                os.setuid(number)
            os.chdir(home)

        return become_the_learner


c.JupyterHub.spawner_class = OwnUser
c.Spawner.cmd = [str(BINARIES / "jupyterhub-singleuser")]
if os.geteuid() == 0 and not FIRST_USER_NUMBER:
    c.Spawner.args.append("--allow-root")
c.Spawner.environment = {
    "PATH": f"{BINARIES}{os.pathsep}{os.environ['PATH']}",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "GIT_CONFIG_SYSTEM": os.environ["REHEARSAL_GIT"],
}
c.JupyterHub.bind_url = f"http://127.0.0.1:{os.environ['REHEARSAL_PORT']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{os.environ['REHEARSAL_HUB_PORT']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ['REHEARSAL_PROXY_PORT']}"
# The proxy in Python needs no Node.js. It hands a stream on when it is over, and by itself serves ten requests at a time: it must
# wait for slow starts, and serve a class.
PROXY = """
from configurable_http_proxy.cli import main
from tornado.httpclient import AsyncHTTPClient
AsyncHTTPClient.configure(None, max_clients=1000, defaults={"connect_timeout": 300, "request_timeout": 300})
main()
"""
c.ConfigurableHTTPProxy.command = [sys.executable, "-c", PROXY, "--proxy-timeout=300000"]
