"""The web site of a newcomer's copy, made by `make site` and opened on this machine alone.

While writing tests, WORKSHOP_SITE=/a/folder opens a site that was made before (with --pyodide).
"""

import functools
import http.server
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import offline_pyodide

ROOT = Path(__file__).resolve().parents[1]
READY = """async () => {
    const context = jupyterapp.shell.currentWidget.context;
    await context.ready;
    const session = context.sessionContext;
    await session.ready;
    while (!session.session?.kernel) await new Promise(wait => setTimeout(wait, 100));
    await session.session.kernel.info;
    window.ready = true;
    await jupyterapp.commands.execute("notebook:run-all-cells");
    window.ended = true;
}"""
CELLS = "() => jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells"
PICTURE = ".jp-OutputArea-output :is(img, svg):not(button *)"


def make(fresh_copy, folder):
    """The folder of the site, and the versions of Pyodide's packages in it."""
    versions = offline_pyodide.assemble(folder / "pyodide", ROOT / ".cache" / "pyodide")
    made = Path(os.environ.get("WORKSHOP_SITE", folder / "site"))
    if "WORKSHOP_SITE" not in os.environ:
        command = ["make", "site", f"ARGS=--out {made} --pyodide {folder / 'pyodide'}"]
        done = subprocess.run(command, cwd=fresh_copy, capture_output=True, text=True)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return made, versions


def missing_tools():
    """What this machine lacks to make the site without a network later."""
    return [tool for tool in ("npm", "make") if not shutil.which(tool)]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, *words):
        pass

    def copyfile(self, source, target):
        try:
            super().copyfile(source, target)
        except OSError:  # a page was closed while it loaded
            pass


class Site:
    """A site that is being served, and what its visitors asked of other machines."""

    def __init__(self, folder, versions, browser):
        self.folder, self.versions, self.browser, self.outside = folder, versions, browser, []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.contexts = []

    def window(self, **settings):
        """A browser of a learner of their own, whose every request outside this machine is stopped and written down."""
        context = self.browser.new_context(**{"viewport": {"width": 1200, "height": 1000}, **settings})
        context.route("**/*", self._let_through)
        self.contexts.append(context)
        return context

    def _let_through(self, route):
        if route.request.url.startswith((self.address, "data:", "blob:")):
            return route.continue_()
        self.outside.append(route.request.url)
        route.abort()

    def close(self):
        for context in self.contexts:
            context.close()
        self.server.shutdown()


class Lessons:
    """Notebooks in JupyterLite, two at a time: while one is looked at, the next is running."""

    def __init__(self, site, names):
        self.site, self.names, self.context, self.running = site, names, site.window(), {}

    def start(self, name):
        if name in self.running:
            return
        page = self.context.new_page()
        lesson = Lesson(page, time.monotonic())
        page.on("response", lesson.weigh)
        page.goto(f"{self.site.address}/lite/lab/index.html?path=notebooks/{name}")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context", timeout=120_000)
        page.evaluate(f"() => {{ ({READY})().catch(error => window.ended = String(error)); }}")
        self.running[name] = lesson

    def ran(self, name, patience=900):
        """The lesson when all its cells have run."""
        self.start(name)
        for other in self.names[self.names.index(name) + 1 :][:1]:
            self.start(other)
        lesson = self.running[name]
        for _ in range(patience * 2):
            for one in self.running.values():
                one.look()
            if lesson.ended:
                break
            lesson.page.wait_for_timeout(500)
        assert lesson.ended is True, f"{name}: {lesson.ended or 'did not come to its end'}"
        return lesson


class Lesson:
    """A notebook in a page, and how long and how much it took to load."""

    def __init__(self, page, started):
        self.page, self.started, self.bytes, self.ready, self.pictured, self.ended = page, started, 0, None, None, None

    def weigh(self, response):
        self.bytes += int(response.headers.get("content-length", 0))

    def look(self):
        """Note what has happened since."""
        if self.ended:
            return
        now = time.monotonic() - self.started
        if not self.ready and self.page.evaluate("window.ready"):
            self.ready = now
        if not self.pictured and self.page.locator(PICTURE).count():
            self.pictured = now
        self.ended = self.page.evaluate("window.ended") or None
        self.seconds = now

    def cells(self):
        return self.page.evaluate(CELLS)

    def told(self):
        """How it went, in a line."""
        picture = f"first picture after {self.pictured:.0f} s" if self.pictured else "no picture"
        return f"Python ready after {self.ready:.0f} s, {picture}, all run after {self.seconds:.0f} s, {self.bytes / 1e6:.0f} MB loaded"
