"""What a learner made survives new lessons, a full disk and a save that was cut off, with nothing lost."""

import json
import os
import subprocess

import nbformat
import pytest

from workshop import update as tool
from workshop.cli import main
from workshop.lab import find_notebooks
from workshop.reset import rescue
from workshop.update import update

PRISTINE = "notebooks/01-models.ipynb"


def notebook(text):
    return nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text, id="one")])) + "\n"


def git(folder, *arguments):
    who = ["-c", "user.name=Author", "-c", "user.email=author@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True, text=True).stdout


def publish(author, files, message="new"):
    """Commit these files on the authors' side; None takes a file away."""
    for name, text in files.items():
        path = author / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink() if text is None else path.write_text(text)
    git(author, "add", "--all")
    git(author, "commit", "--quiet", "--message", message)


@pytest.fixture
def sides(tmp_path, monkeypatch):
    """The authors' repository and a learner's clone of it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    author, mine = tmp_path / "author", tmp_path / "mine"
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", author], check=True)
    publish(
        author, {PRISTINE: notebook("mean = ..."), "notebooks/02-more.ipynb": notebook("two"), "README.md": "first"}
    )
    subprocess.run(["git", "clone", "--quiet", author, mine], check=True)
    return author, mine


def everything(folder):
    """All that stands in a folder, as text by path."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def test_a_changed_notebook_stays_as_it_is_while_new_lessons_come_in(sides):
    author, mine = sides
    (mine / PRISTINE).write_text(notebook("mean = 42  # my answer"))
    publish(
        author, {PRISTINE: notebook("mean = ...  # a better question"), "notebooks/03-new.ipynb": notebook("three")}
    )
    said = update(mine)
    assert (mine / PRISTINE).read_text() == notebook("mean = 42  # my answer")
    assert (mine / "notebooks/03-new.ipynb").read_text() == notebook("three")
    assert PRISTINE in said and "workshop reset 01" in said
    assert not list(mine.rglob("*.mine-*")), "the copy went back to its place"


def test_an_unchanged_notebook_is_brought_up_to_date(sides):
    author, mine = sides
    (mine / PRISTINE).write_text(notebook("my answer"))
    publish(author, {"notebooks/02-more.ipynb": notebook("two, better"), "README.md": "second"})
    assert update(mine) == "The new lessons are in."
    assert everything(mine) == everything(author) | {PRISTINE: notebook("my answer")}


def test_updating_again_and_again_keeps_the_answers(sides):
    author, mine = sides
    (mine / PRISTINE).write_text(notebook("my answer"))
    for version in range(3):
        publish(author, {PRISTINE: notebook(f"version {version}")})
        update(mine)
        assert (mine / PRISTINE).read_text() == notebook("my answer")
    assert update(mine) == "There is nothing new; nothing was changed."


def test_an_update_from_inside_the_folder_of_notebooks_works(sides):
    author, mine = sides
    publish(author, {PRISTINE: notebook("better")})
    assert update(mine / "notebooks") == "The new lessons are in."
    assert (mine / PRISTINE).read_text() == notebook("better")


def test_a_file_of_the_learners_own_under_the_name_of_a_new_lesson_stays(sides):
    author, mine = sides
    (mine / "notebooks/03-new.ipynb").write_text(notebook("my own notes"))
    publish(author, {"notebooks/03-new.ipynb": notebook("three"), "notebooks/04-next.ipynb": notebook("four")})
    update(mine)
    assert (mine / "notebooks/03-new.ipynb").read_text() == notebook("my own notes")
    assert (mine / "notebooks/04-next.ipynb").exists()


def test_a_changed_notebook_that_the_authors_took_away_stays(sides):
    author, mine = sides
    (mine / PRISTINE).write_text(notebook("my answer"))
    publish(author, {PRISTINE: None})
    update(mine)
    assert (mine / PRISTINE).read_text() == notebook("my answer")


def test_a_notebook_that_the_learner_threw_away_comes_back(sides):
    author, mine = sides
    (mine / PRISTINE).unlink()
    publish(author, {PRISTINE: notebook("better")})
    update(mine)
    assert (mine / PRISTINE).read_text() == notebook("better")


def test_names_with_blanks_and_accents_are_carried_safely(sides):
    author, mine = sides
    name = "notebooks/05 été.ipynb"
    publish(author, {name: notebook("five")})
    update(mine)
    (mine / name).write_text(notebook("my answer"))
    publish(author, {name: notebook("five, better")})
    assert name in update(mine)
    assert (mine / name).read_text() == notebook("my answer")


def test_commits_on_both_sides_are_left_to_the_learner(sides):
    author, mine = sides
    publish(mine, {PRISTINE: notebook("my answer")})
    publish(author, {PRISTINE: notebook("better")})
    before = everything(mine)
    with pytest.raises(ValueError, match="commits of your own, so nothing was changed"):
        update(mine)
    assert everything(mine) == before


def test_without_a_way_to_the_authors_nothing_is_changed(sides):
    author, mine = sides
    (mine / PRISTINE).write_text(notebook("my answer"))
    author.rename(author.with_name("gone"))
    before = everything(mine)
    with pytest.raises(ValueError, match="The new lessons cannot be fetched: ") as refusal:
        update(mine)
    assert everything(mine) == before and "\n" not in str(refusal.value)


def test_outside_a_clone_the_command_says_so_in_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert main(["update"]) == 2
    said = capsys.readouterr().err
    assert "no clone of the workshop's repository" in said and said.count("\n") == 1


def test_a_full_disk_before_the_update_leaves_everything_as_it_was(sides, monkeypatch):
    author, mine = sides
    for name in (PRISTINE, "notebooks/02-more.ipynb"):
        (mine / name).write_text(notebook("my answer"))
    publish(author, {PRISTINE: notebook("better"), "notebooks/02-more.ipynb": notebook("better")})
    before, copying = everything(mine), tool.copy_beside

    def full_at_the_second(path):
        if path.name.startswith("02"):
            raise OSError(28, "No space left on device")
        return copying(path)

    monkeypatch.setattr(tool, "copy_beside", full_at_the_second)
    with pytest.raises(OSError, match="No space left"):
        update(mine)
    assert everything(mine) == before


@pytest.mark.parametrize("broken", ["checkout", "merge"])
def test_an_update_that_fails_halfway_gives_the_learner_everything_back(sides, monkeypatch, broken):
    author, mine = sides
    (mine / PRISTINE).write_text(notebook("my answer"))
    (mine / "notebooks/03-new.ipynb").write_text(notebook("my own notes"))
    publish(author, {PRISTINE: notebook("better"), "notebooks/03-new.ipynb": notebook("three")})
    before, asking = everything(mine), tool._git

    def failing(folder, *arguments, **say):
        if arguments[0] == broken:
            raise ValueError("No space left on device.")
        return asking(folder, *arguments, **say)

    monkeypatch.setattr(tool, "_git", failing)
    with pytest.raises(ValueError, match="No space left"):
        update(mine)
    assert everything(mine) == before


def test_an_update_that_is_killed_halfway_leaves_the_answers_beside(sides, monkeypatch):
    author, mine = sides
    (mine / PRISTINE).write_text(notebook("my answer"))
    publish(author, {PRISTINE: notebook("better")})

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(tool.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        update(mine)
    assert notebook("my answer") in everything(mine).values()


# A save that was cut off.


@pytest.mark.parametrize("cut", ["", "{", notebook("my answer, longer")[:80]], ids=["empty", "a brace", "a half"])
def test_a_notebook_that_was_cut_off_while_saving_comes_back(tmp_path, cut):
    (tmp_path / "01-models.ipynb").write_text(cut)
    (tmp_path / ".~01-models.ipynb").write_text(notebook("my answer"))
    (said,) = rescue(tmp_path)
    assert (tmp_path / "01-models.ipynb").read_text() == notebook("my answer")
    assert [path.read_text() for path in tmp_path.glob("*.mine-*")] == ([cut] if cut else [])
    assert "01-models.ipynb was cut off" in said


def test_a_notebook_that_is_whole_is_never_replaced_by_an_earlier_version(tmp_path):
    (tmp_path / "01-models.ipynb").write_text(notebook("newer"))
    (tmp_path / ".~01-models.ipynb").write_text(notebook("older"))
    assert rescue(tmp_path) == []
    assert (tmp_path / "01-models.ipynb").read_text() == notebook("newer")


def test_a_broken_notebook_stays_where_the_earlier_version_is_broken_too(tmp_path):
    (tmp_path / "01-models.ipynb").write_text("{")
    (tmp_path / ".~01-models.ipynb").write_text("[")
    assert rescue(tmp_path) == [] and (tmp_path / "01-models.ipynb").read_text() == "{"


def test_jupyter_keeps_the_version_before_under_the_name_that_is_looked_for(tmp_path, monkeypatch):
    fileio = pytest.importorskip("jupyter_server.services.contents.fileio")
    path = tmp_path / "01-models.ipynb"
    path.write_text(notebook("my answer"))
    # Killed in the middle of the writing: nothing that Jupyter would do afterwards is done.
    monkeypatch.setattr(fileio, "replace_file", lambda *_: None)
    with pytest.raises(KeyboardInterrupt), fileio.atomic_writing(str(path)) as file:
        file.write(notebook("my answer and more")[:60])
        file.flush()
        raise KeyboardInterrupt
    assert rescue(tmp_path) and path.read_text() == notebook("my answer")


def test_laying_out_the_lessons_again_never_touches_what_is_there(tmp_path):
    folder = find_notebooks(tmp_path)
    first = folder / "00-start-here.ipynb"
    changed = json.loads(first.read_text(encoding="utf-8"))
    changed["cells"].append(nbformat.v4.new_code_cell("mine", id="mine"))
    first.write_text(json.dumps(changed))
    before = everything(folder)
    assert find_notebooks(tmp_path) == folder and everything(folder) == before
