"""Can this environment run the workshop? The doctor looks at what the lessons need and says it in plain words."""

import importlib.metadata
import os
import re
import shutil
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

from workshop import browser

DISTRIBUTION = "synthetic-data-workshop"
LEAST_MEMORY = 700  # megabytes: what a notebook may need
LEAST_DISK = 200  # megabytes
#: What the lessons do in a browser without a package.
_ELSEWHERE = {
    "statsmodels": " (only for regressions other than least squares, which the workshop fits itself)",
}
_SIGNS = {"ok": "✓", "note": "○", "problem": "✗"}


@dataclass(frozen=True)
class Finding:
    """One thing that the doctor looked at: "ok", "note" or "problem", and what to do about it."""

    state: str
    what: str


@dataclass(frozen=True)
class Diagnosis:
    """All findings, as text for a terminal and as a table for a notebook."""

    findings: tuple

    @property
    def healthy(self):
        """Whether the workshop can run."""
        return all(finding.state != "problem" for finding in self.findings)

    @property
    def verdict(self):
        """The diagnosis in a sentence."""
        problems = sum(finding.state == "problem" for finding in self.findings)
        if not problems:
            return "This environment can run the workshop."
        return f"This environment cannot run the workshop yet: {problems} problem{'s' * (problems > 1)} to solve."

    def __repr__(self):
        return "\n".join([*(f"{_SIGNS[finding.state]} {finding.what}" for finding in self.findings), self.verdict])

    def _repr_html_(self):
        rows = "".join(
            f'<tr><td style="text-align: left">{_SIGNS[finding.state]} {finding.state}</td>'
            f'<td style="text-align: left">{escape(finding.what)}</td></tr>'
            for finding in self.findings
            if finding.state != "ok"
        )
        fine = sum(finding.state == "ok" for finding in self.findings)
        table = f'<table aria-label="What the doctor found">{rows}</table>' if rows else ""
        sign = _SIGNS["ok" if self.healthy else "problem"]
        return f"<p><strong>{sign} {self.verdict}</strong> {fine} of {len(self.findings)} things are as they should be.</p>{table}"


def doctor():
    """Look at Python, the packages, the kernel, the data, the memory and the disk.

    Returns
    -------
    Diagnosis
        Shows itself in a notebook; `print` it elsewhere.
    """
    return Diagnosis((_python(), *_packages(), _kernel(), _data(), _memory(), *_disk(), _news()))


def _python():
    # No comparison: pip does not install the package on a Python that is too old.
    return Finding("ok", f"Python {'.'.join(map(str, sys.version_info[:3]))}")


def _packages():
    """One finding for each package that the workshop's own metadata ask for."""
    try:
        wanted = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return [Finding("problem", "The package of the workshop is not installed: run  make lab  in its folder.")]
    findings, taken = [], ("jupyterlab",) if browser.IN_BROWSER else ()
    for line in wanted:
        asked = re.fullmatch(r"([\w-]+)>=([\d.]+)(?:;\s*extra\s*==\s*['\"](\w+)['\"])?", line.replace(" ", ""))
        if asked and asked.group(3) in (None, "lab", "files") and asked.group(1) not in taken:
            findings.append(_package(*asked.groups()))
    return findings


def _package(name, least, extra):
    state = "note" if extra == "files" else "problem"
    purpose = " (only to read files of other programs)" if extra == "files" else ""
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        if browser.IN_BROWSER:
            state, purpose = "note", _ELSEWHERE.get(name, purpose)
        return Finding(state, f"{name} is missing{purpose}: {browser.how_to_get(name, f'{name}>={least}')}.")
    if _as_numbers(version) < _as_numbers(least):
        return Finding(state, f"{name} {version} is too old{purpose}: run  pip install '{name}>={least}'.")
    return Finding("ok", f"{name} {version}")


def _as_numbers(version):
    return [int(part) for part in re.findall(r"\d+", version.split("+")[0])[:3]]


def _kernel():
    if browser.IN_BROWSER:
        return Finding("ok", "Python runs in this browser; what you do is kept here, and on no other machine")
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception:  # no jupyter_client, no such kernel, or a broken one: the remedy is the same
        return Finding("problem", "The notebooks' kernel 'python3' is missing: run  pip install ipykernel.")
    # A bare "python" stands for the Python that runs Jupyter.
    if Path(command).is_absolute() and not os.path.samefile(Path(command).parent, Path(sys.executable).parent):
        return Finding("note", f"The kernel 'python3' runs {command}, not this Python ({sys.executable}).")
    return Finding("ok", "The notebooks' kernel is there")


def _data():
    try:
        from workshop.data import load

        return Finding("ok", f"The data can be read: {len(load('gifts')):,} records")
    except Exception as error:  # whatever is wrong, the learner gets a sentence
        return Finding("problem", f"The data cannot be read ({error}): download the workshop again.")


def _memory():
    megabytes = free_memory()
    if megabytes is None:
        return Finding("ok", "Free memory: not told by this system")
    if megabytes < LEAST_MEMORY:
        return Finding(
            "problem", f"Only {megabytes:,} MB of memory are free: close other programs ({LEAST_MEMORY} MB are needed)."
        )
    return Finding("ok", f"{megabytes:,} MB of memory are free")


def free_memory():
    """Free memory in megabytes, or None where the system does not tell (it does on Linux)."""
    try:
        found = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"))
    except OSError:
        return None
    return int(found.group(1)) // 1024 if found else None


def _disk():
    megabytes = shutil.disk_usage(".").free // 2**20
    if megabytes < LEAST_DISK:
        yield Finding("problem", f"Only {megabytes:,} MB of disk are free: make room ({LEAST_DISK} MB are needed).")
    else:
        yield Finding("ok", f"{megabytes:,} MB of disk are free")
    if not os.access(".", os.W_OK):
        yield Finding(
            "problem", f"The folder {Path.cwd()} cannot be written to: copy the workshop to a folder of your own."
        )


def _news():
    if browser.IN_BROWSER:
        return Finding("ok", "JupyterLite does not ask about news")
    config = Path(sys.prefix) / "etc" / "jupyter" / "labconfig" / "page_config.json"
    if config.exists() and "announcements" in config.read_text(encoding="utf-8"):
        return Finding("ok", "JupyterLab will not ask about news")
    command = 'jupyter labextension disable "@jupyterlab/apputils-extension:announcements"'
    return Finding("note", f"JupyterLab may ask about news when it opens; to switch that off:  {command}")
