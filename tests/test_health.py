"""The doctor: each thing that can be wrong has its own line, with what to do."""

import importlib.metadata
from collections import namedtuple

import pytest

from workshop import health
from workshop.health import Diagnosis, Finding, doctor


def problems(diagnosis):
    return [finding.what for finding in diagnosis.findings if finding.state == "problem"]


def test_a_sound_environment_is_told_so():
    diagnosis = doctor()
    assert diagnosis.healthy, diagnosis
    assert repr(diagnosis).endswith("This environment can run the workshop.")
    named = repr(diagnosis)
    assert all(word in named for word in ("Python 3", "numpy 2", "jupyterlab 4", "2,000 records", "MB of memory"))


def test_a_package_that_is_missing_or_too_old_is_named_with_the_remedy(monkeypatch):
    true_version = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.26.4" if name == "numpy" else true_version(name))
    assert problems(doctor()) == ["numpy 1.26.4 is too old: run  pip install 'numpy>=2.0'."]

    def gone(name):
        if name in ("ipywidgets", "pyreadstat"):
            raise importlib.metadata.PackageNotFoundError(name)
        return true_version(name)

    monkeypatch.setattr(importlib.metadata, "version", gone)
    diagnosis = doctor()
    assert problems(diagnosis) == ["ipywidgets is missing: run  pip install 'ipywidgets>=8.1'."]
    assert "○ pyreadstat is missing (only to read files of other programs)" in repr(diagnosis)


def test_lines_of_trouble(monkeypatch):
    monkeypatch.setattr(health, "free_memory", lambda: 300)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: namedtuple("Usage", "free")(50 * 2**20))
    monkeypatch.setattr(health.os, "access", lambda path, mode: False)
    found = " ".join(problems(doctor()))
    assert (
        "Only 300 MB of memory are free" in found and "Only 50 MB of disk" in found and "cannot be written to" in found
    )


def test_a_missing_kernel_and_unreadable_data_are_problems(monkeypatch):
    from jupyter_client import kernelspec

    import workshop.data

    def fail(*args):
        raise OSError("no such file")

    monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", fail)
    monkeypatch.setattr(workshop.data, "load", fail)
    found = " ".join(problems(doctor()))
    assert "kernel 'python3' is missing" in found and "data cannot be read (no such file)" in found


def test_memory_is_left_out_where_the_system_does_not_tell(monkeypatch):
    monkeypatch.setattr(health, "free_memory", lambda: None)
    assert doctor().healthy


@pytest.mark.parametrize("state", ["ok", "note", "problem"])
def test_text_and_html_say_the_same(state):
    diagnosis = Diagnosis((Finding(state, "something <b>"),))
    assert diagnosis.verdict in repr(diagnosis) and diagnosis.verdict in diagnosis._repr_html_()
    assert ("something &lt;b&gt;" in diagnosis._repr_html_()) == (state != "ok")
    assert diagnosis.healthy == (state != "problem")
