"""`workshop reset` brings back a pristine notebook and never loses what a learner typed."""

import errno
import os

import pytest

from workshop import reset as tool
from workshop.reset import lessons, reset


@pytest.fixture
def places(tmp_path):
    pristine, mine = tmp_path / "pristine", tmp_path / "notebooks"
    pristine.mkdir(), mine.mkdir()
    (pristine / "00-start-here.ipynb").write_text("fresh 00")
    (pristine / "01-models.ipynb").write_text("fresh 01")
    (mine / "01-models.ipynb").write_text("what I typed")
    return mine, pristine


def kept(folder):
    return sorted(path.read_text() for path in folder.glob("*.mine-*"))


def test_the_notebook_is_fresh_and_the_learners_copy_is_beside_it(places):
    mine, _ = places
    said = reset("01", *places)
    assert (mine / "01-models.ipynb").read_text() == "fresh 01"
    assert kept(mine) == ["what I typed"] and next(mine.glob("*.mine-*")).name in said


def test_resetting_again_and_again_keeps_every_copy(places):
    mine, _ = places
    for text in ("first", "second", "third"):
        (mine / "01-models.ipynb").write_text(text)
        reset(1, *places)
    assert kept(mine) == ["first", "second", "third"]


def test_a_fresh_notebook_is_left_alone(places):
    mine, _ = places
    reset("01", *places)
    before = sorted(mine.iterdir())
    assert "nothing was changed" in reset("01", *places)
    assert sorted(mine.iterdir()) == before


def test_a_lost_notebook_is_brought_back(places):
    mine, _ = places
    assert reset("00", *places) == "00-start-here.ipynb is fresh again."
    assert (mine / "00-start-here.ipynb").read_text() == "fresh 00" and kept(mine) == []


def test_an_unknown_number_lists_what_there_is(places):
    with pytest.raises(ValueError, match="no notebook 07; there are 00, 01"):
        reset("07", *places)


@pytest.mark.parametrize("step", ["read_bytes", "copyfile", "replace"])
def test_a_full_disk_leaves_the_learners_notebook_as_it_was(places, monkeypatch, step):
    mine, _ = places

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "read_bytes":
        original = tool.Path.read_bytes
        calls = iter([original, original])
        monkeypatch.setattr(tool.Path, "read_bytes", lambda self: next(calls, full)(self))
    else:
        monkeypatch.setattr(tool.shutil if step == "copyfile" else tool.os, step, full)
    with pytest.raises(OSError, match="No space left"):
        reset("01", *places)
    assert (mine / "01-models.ipynb").read_text() == "what I typed"
    assert not [name for name in os.listdir(mine) if name.startswith(".unfinished")]


def test_the_package_carries_the_lessons():
    assert {"00", "01"} <= set(lessons())
