"""A class on this machine, to measure and to test: a real JupyterHub with the rules of `jupyterhub_config.py`, and learners who use it.

A `Learner` does what a browser does: fills in the login page, waits for a server, lets nbgitpuller fetch the lessons, opens a
notebook, starts its kernel, runs its cells over the kernel's websocket, and saves. Everything stays on 127.0.0.1.
"""

import asyncio
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import nbformat
import psutil
from hashauthenticator import generate_password_digest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))
from passwords import LENGTH, make_secret  # noqa: E402

FIRST_USER_NUMBER = 220_000  # far from the numbers that a system hands out


class Hub:
    """JupyterHub with a class of `learners`, as a context manager.

    Parameters
    ----------
    learners, instructors : list of str
        Names that may log in.
    repository : pathlib.Path
        A local git repository that the lessons are fetched from.
    """

    def __init__(self, learners, repository, instructors=("teacher",)):
        self.learners, self.instructors, self.repository = list(learners), list(instructors), Path(repository)

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rehearsal-"))
        self.folder.chmod(0o711)  # learners may pass through, and not look around
        self.homes, rules = self.folder / "homes", self.folder / "class"
        self.homes.mkdir(mode=0o711)
        rules.mkdir(mode=0o700)
        (rules / "learners.txt").write_text("\n".join(self.learners))
        (rules / "instructors.txt").write_text("\n".join(self.instructors))
        self.secret = make_secret(rules)
        (self.folder / "gitconfig").write_text("[safe]\n\tdirectory = *\n")  # the repository belongs to somebody else
        self.port, hub_port, proxy_port = free_ports(3)
        self.address, before = f"http://127.0.0.1:{self.port}", way_to_be_others()
        self.own_users = before is not None
        environment = {
            **os.environ,
            "WORKSHOP_CLASS": str(rules),
            "WORKSHOP_REPOSITORY": f"file://{self.repository}",
            "PYTHONPATH": str(self.repository),  # lessons and package are of one version
            "REHEARSAL_HOMES": str(self.homes),
            "REHEARSAL_USERS": str(FIRST_USER_NUMBER if self.own_users else 0),
            "REHEARSAL_GIT": str(self.folder / "gitconfig"),
            "REHEARSAL_PORT": str(self.port),
            "REHEARSAL_HUB_PORT": str(hub_port),
            "REHEARSAL_PROXY_PORT": str(proxy_port),
            "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(32),
        }
        command = [*(before or []), sys.executable, "-m", "jupyterhub", "-f", str(HERE / "rehearsal_config.py")]
        with open(self.folder / "hub.log", "w") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        """Stop everything that was started, and only that."""
        mine = psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []
        mine += [process for processes in self.processes().values() for process in processes]
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for process in mine:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(mine, timeout=10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self, patience=60):
        end = time.monotonic() + patience
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/hub/login", timeout=5).close()
                return
            except OSError:
                time.sleep(0.3)
        raise RuntimeError(f"the hub did not start:\n{self.log()[-3000:]}")

    def log(self):
        return (self.folder / "hub.log").read_text(encoding="utf-8", errors="replace")

    def password(self, name):
        """What stands on somebody's slip."""
        return generate_password_digest(name, self.secret, LENGTH)

    def lessons(self, name):
        """A learner's folder of lessons."""
        return self.homes / name / self.repository.name

    def own_processes(self):
        """The hub, its proxy and its services, without anybody's server."""
        learners = {process.pid for processes in self.processes().values() for process in processes}
        mine = psutil.Process(self.process.pid)
        return [process for process in (mine, *mine.children(recursive=True)) if process.pid not in learners]

    def processes(self):
        """Each learner's server and kernels, as {name: processes}, known by what the hub told them."""
        found = {}
        for process in psutil.process_iter():
            try:
                environment = process.environ()
            except psutil.Error:
                continue
            name = environment.get("JUPYTERHUB_USER")
            if name and environment.get("HOME") == str(self.homes / name):
                found.setdefault(name, []).append(process)
        return found


@dataclass
class Run:
    """What running one notebook gave: seconds, and the errors as `name: message`."""

    notebook: str
    seconds: float
    cells: int
    errors: list = field(default_factory=list)


class Learner:
    """Somebody who logs in at the hub and works through notebooks, with a browser's manners."""

    def __init__(self, hub, name):
        self.hub, self.name = hub, name
        self.web = httpx.AsyncClient(base_url=hub.address, follow_redirects=True, timeout=180)

    async def log_in(self, password=None):
        """Fill in the login page; return the answer."""
        page = await self.web.get("/hub/login")
        hidden = re.search(r'name="_xsrf"\s+value="([^"]+)"', page.text).group(1)
        given = {"username": self.name, "password": password or self.hub.password(self.name), "_xsrf": hidden}
        return await self.web.post("/hub/login", params={"next": "/hub/home"}, data=given)

    async def enter(self, patience=180):
        """Ask for a server, wait for it, and return the page on which it opens."""
        end = time.monotonic() + patience
        page = await self.web.get("/hub/spawn")
        while time.monotonic() < end:
            if page.url.path.startswith(f"/user/{self.name}/"):
                self.opened = page
                return page
            await asyncio.sleep(0.5)
            page = await self.web.get(f"/hub/spawn-pending/{self.name}")
        raise RuntimeError(f"{self.name} got no server: {page.status_code} at {page.url}\n{self.hub.log()[-3000:]}")

    async def fetch_lessons(self):
        """What the page of nbgitpuller does when it is shown; return its messages."""
        asked = dict(urllib.parse.parse_qsl(self.opened.url.query.decode()))
        where = {key: asked[key] for key in ("repo", "targetpath")}
        messages = []
        async with self.web.stream("GET", self._own("git-pull/api"), params=where, headers=self._manners()) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    messages.append(json.loads(line[6:]))
        if messages[-1]["phase"] != "finished":
            raise RuntimeError(f"{self.name} got no lessons: {messages[-1]}")
        return messages

    async def open(self, path):
        """The notebook as the server hands it out."""
        answer = await self.web.get(self._own(f"api/contents/{path}"), params={"content": 1})
        answer.raise_for_status()
        return nbformat.from_dict(answer.json()["content"])

    async def run(self, path):
        """Open a notebook, run every cell, save it with its output; the kernel stays open, as a learner's does."""
        started = time.monotonic()
        notebook = await self.open(path)
        wanted = {"path": path, "name": path, "type": "notebook", "kernel": {"name": notebook.metadata.kernelspec.name}}
        session = await self.web.post(self._own("api/sessions"), json=wanted, headers=self._manners())
        session.raise_for_status()
        channel = await self._channel(session.json()["kernel"]["id"])
        code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
        for number, cell in enumerate(code, start=1):
            cell.outputs, cell.execution_count = await _execute(channel, cell.source), number
        channel.close()
        content = {"type": "notebook", "format": "json", "content": notebook}
        saved = await self.web.put(self._own(f"api/contents/{path}"), json=content, headers=self._manners())
        saved.raise_for_status()
        errors = [
            f"{path}, cell {number}: {output['ename']}: {output['evalue']}"
            for number, cell in enumerate(code, start=1)
            for output in cell.outputs
            if output["output_type"] == "error"
        ]
        return Run(path, time.monotonic() - started, len(code), errors)

    async def close(self):
        await self.web.aclose()

    def _own(self, path):
        return f"/user/{self.name}/{path}"

    def _manners(self):
        """The header that shows that a request comes from the server's own page."""
        tokens = [
            cookie.value for cookie in self.web.cookies.jar if cookie.name == "_xsrf" and self.name in cookie.path
        ]
        return {"X-XSRFToken": tokens[0], "Referer": f"{self.hub.address}{self._own('lab')}"}

    async def _channel(self, kernel):
        address = f"{self.hub.address}{self._own(f'api/kernels/{kernel}/channels')}".replace("http", "ws", 1)
        jar = [cookie for cookie in self.web.cookies.jar if self._own("").startswith(cookie.path)]
        headers = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar), "Origin": self.hub.address}
        return await websocket_connect(HTTPRequest(address, headers=headers), max_message_size=2**28)


async def _execute(channel, source, patience=180):
    """Run one cell and gather its output, as Jupyter's messaging protocol has it."""
    number = secrets.token_hex(8)
    header = {"msg_id": number, "msg_type": "execute_request", "version": "5.3", "username": "", "session": number}
    content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await channel.write_message(json.dumps(message))
    outputs, replied, idle = [], False, False
    while not (replied and idle):
        text = await asyncio.wait_for(channel.read_message(), patience)
        if text is None:
            raise RuntimeError("the kernel hung up")
        answer = json.loads(text)
        if answer["parent_header"].get("msg_id") != number:
            continue
        kind, content = answer["header"]["msg_type"], answer["content"]
        replied |= kind == "execute_reply"
        idle |= kind == "status" and content["execution_state"] == "idle"
        if kind in ("stream", "display_data", "execute_result", "error"):
            outputs.append(nbformat.v4.output_from_msg(answer))
    return outputs


def way_to_be_others():
    """How a hub must be started so that each learner can be a user of their own: words to put before the command, or None.

    Only root can start a server as somebody else, and others must be able to read this Python and its packages. Where these lie in
    a closed folder (root's home, often), the hub runs in a view of the file system in which that folder holds nothing else.
    """
    if os.geteuid() != 0:
        return None
    needed = {Path(place).resolve() for place in (sys.base_prefix, sys.prefix, ROOT)}
    closed = {outer for place in needed for outer in reversed(place.parents) if not outer.stat().st_mode & stat.S_IXOTH}
    closed = sorted(folder for folder in closed if not closed & set(folder.parents))
    # Held open by number, the needed folders are still there when the closed one is covered.
    lines = ["set -e", "held=$(mktemp -d)", "mount -t tmpfs tmpfs $held"]
    hidden = sorted(place for place in needed if closed and set(closed) & set(place.parents))
    lines += [f"mkdir $held/{i}; mount --bind {shlex.quote(str(place))} $held/{i}" for i, place in enumerate(hidden)]
    lines += [f"mount -t tmpfs -o mode=711 tmpfs {shlex.quote(str(folder))}" for folder in closed]
    lines += [
        f"mkdir -p {shlex.quote(str(place))}; mount --move $held/{i} {shlex.quote(str(place))}"
        for i, place in enumerate(hidden)
    ]
    lines += ["umount $held", "rmdir $held", 'exec "$@"']
    before = ["unshare", "--mount", "sh", "-c", "\n".join(lines), "hub"] if closed else []
    become = f"import os; os.setgroups([]); os.setgid({FIRST_USER_NUMBER}); os.setuid({FIRST_USER_NUMBER})"
    become += f"; os.execv({sys.executable!r}, [{sys.executable!r}, '-c', 'import jupyterlab, workshop'])"
    try:
        tried = subprocess.run([*before, sys.executable, "-c", become], cwd="/", capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    return None if tried.returncode else before


def free_ports(n):
    """Ports of 127.0.0.1 that nobody listens on, all different."""
    doors = [socket.socket() for _ in range(n)]
    try:
        for door in doors:
            door.bind(("127.0.0.1", 0))
        return [door.getsockname()[1] for door in doors]
    finally:
        for door in doors:
            door.close()


def local_repository(folder):
    """The workshop as git would hand it out, committed once: what the lessons are fetched from when there is no net."""
    repository = Path(folder) / "synthetic-data-workshop"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).exists():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, repository / name, follow_symlinks=False)
    git(repository, "init", "--quiet", "--initial-branch=main")
    commit(repository, "The workshop")
    return repository


def commit(repository, message):
    """Commit everything in a repository, as an author of lessons."""
    git(repository, "add", "--all")
    git(repository, "-c", "user.name=Author", "-c", "user.email=author@example.org", "commit", "--quiet", "-m", message)


def git(repository, *words):
    """Run git in a repository; return what it says."""
    return subprocess.run(["git", *words], cwd=repository, check=True, capture_output=True, text=True).stdout


async def work_through(learner, notebooks):
    """Log in, get a server and the lessons, and run the notebooks one after the other; seconds until the lessons, and the runs."""
    started = time.monotonic()
    await learner.log_in()
    await learner.enter()
    await learner.fetch_lessons()
    waited = time.monotonic() - started
    return waited, [await learner.run(f"{learner.hub.repository.name}/{notebook}") for notebook in notebooks]
