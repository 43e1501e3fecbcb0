"""A hub for a class: who may log in, what a learner gets, and lessons that come in without overwriting anybody's work."""

import asyncio
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from traitlets.config import PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
HUB = ("jupyterhub", "hashauthenticator", "oauthenticator", "nbgitpuller")
if missing := [name for name in HUB if importlib.util.find_spec(name) is None]:
    message = f"NO HUB: {', '.join(missing)} not installed: pip install 'synthetic-data-workshop[hub]'"
    pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message, allow_module_level=True)


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


links, passwords = module(ROOT / "tools" / "links.py"), module(DEPLOY / "passwords.py")


@pytest.fixture
def people(tmp_path, monkeypatch):
    """The folder of a class with three learners, ready."""
    (tmp_path / "learners.txt").write_text("ada\nkim  # sits in front\n\nnoor\n")
    (tmp_path / "instructors.txt").write_text("teacher\n")
    monkeypatch.setenv("WORKSHOP_CLASS", str(tmp_path))
    passwords.make_secret(tmp_path)
    return tmp_path


def rules():
    return PyFileConfigLoader("jupyterhub_config.py", path=str(DEPLOY)).load_config()


def test_the_names_on_the_lists_may_log_in_and_nobody_else(people):
    authenticator = rules().Authenticator
    assert authenticator.allowed_users == {"ada", "kim", "noor"} and authenticator.admin_users == {"teacher"}
    assert authenticator.allow_all is False and authenticator.allow_existing_users is False


@pytest.mark.parametrize("file", ["learners.txt", "instructors.txt", "secret"])
def test_without_a_list_or_a_secret_the_hub_says_what_is_missing_and_stays_shut(people, file):
    (people / file).unlink()
    with pytest.raises(SystemExit, match=rf"{file}: No such file.*passwords\.py"):
        rules()


def test_a_secret_that_can_be_guessed_is_refused(people):
    (people / "secret").write_text("workshop\n")
    with pytest.raises(SystemExit, match="too short to keep anybody out"):
        rules()


def test_every_rule_is_one_that_jupyterhub_knows(people):
    from hashauthenticator import HashAuthenticator
    from jupyterhub.app import JupyterHub
    from jupyterhub.auth import Authenticator
    from jupyterhub.spawner import Spawner

    known = {kind.__name__: kind.class_traits(config=True) for kind in (JupyterHub, Authenticator, Spawner)}
    known["HashAuthenticator"] = HashAuthenticator.class_traits(config=True)
    known["SystemdSpawner"] = {
        **known["Spawner"],
        "isolate_tmp": None,
    }  # from its own package, on the machine of the class
    config = rules()
    assert set(config) == set(known)
    assert all(set(config[section]) <= set(known[section]) for section in config)


def test_memory_and_cores_are_limited_for_whichever_spawner(people, monkeypatch):
    assert {(rules()[name].mem_limit, rules()[name].cpu_limit) for name in ("Spawner", "SystemdSpawner")} == {
        ("3G", 2.0)
    }
    monkeypatch.setenv("WORKSHOP_MEMORY", "1G")
    assert rules().Spawner.mem_limit == "1G"


def test_a_server_opens_on_notebook_00_after_fetching_the_lessons(people):
    assert rules().Spawner.default_url == f"/{links.fetch(links.address())}"


def test_idle_servers_are_stopped_by_a_service_that_may_do_nothing_else(people):
    (service,), (role,) = rules().JupyterHub.services, rules().JupyterHub.load_roles
    assert "--timeout=7200" in service["command"] and "admin" not in service
    assert role["services"] == [service["name"]]
    assert set(role["scopes"]) == {"list:users", "read:users:activity", "read:servers", "delete:servers"}


def slips(people, capsys):
    passwords.main([str(people), "--hub", "https://hub.example.org/"])
    said = capsys.readouterr().out
    return dict(re.findall(r"Name: +(\S+)\nPassword: +(\S+)\n", said)), said


def test_the_password_on_a_slip_opens_the_door_of_that_name_alone(people, capsys):
    from hashauthenticator import HashAuthenticator

    handed_out, said = slips(people, capsys)
    door = HashAuthenticator(config=rules())
    tried = {
        (name, of): asyncio.run(door.authenticate(None, {"username": name, "password": handed_out[of]}))
        for name in handed_out
        for of in handed_out
    }
    assert tried == {(name, of): name if name == of else None for name, of in tried}
    assert list(handed_out) == ["teacher", "ada", "kim", "noor"] and said.count("https://hub.example.org\n") == 4
    assert all(len(password) == 16 for password in handed_out.values())


def test_slips_can_be_printed_again_and_another_class_has_other_passwords(people, capsys):
    first, _ = slips(people, capsys)
    assert slips(people, capsys)[0] == first
    (people / "secret").unlink()
    assert not set(slips(people, capsys)[0].values()) & set(first.values())


def test_the_secret_is_for_its_owners_eyes_alone_and_not_shown(people, capsys):
    _, said = slips(people, capsys)
    assert (people / "secret").stat().st_mode & 0o777 == 0o600
    assert len((people / "secret").read_text().strip()) == 64 and (people / "secret").read_text().strip() not in said


@pytest.mark.parametrize(
    ("list_", "text", "sentence"),
    [
        ("learners.txt", "ada\nKim B\n", r"learners\.txt, line 2: 'Kim B' cannot be a login name"),
        ("learners.txt", "ada\nada\n", "line 2: 'ada' stands there twice"),
        ("learners.txt", "root;reboot\n", "cannot be a login name"),
        ("instructors.txt", "ada\n", "'ada' is on both lists"),
    ],
)
def test_a_list_that_cannot_work_is_refused_in_a_sentence(people, list_, text, sentence):
    (people / list_).write_text(text)
    with pytest.raises(SystemExit, match=sentence):
        passwords.main([str(people), "--hub", "https://hub.example.org"])


def test_a_missing_list_is_named(people):
    (people / "learners.txt").unlink()
    with pytest.raises(SystemExit, match=r"learners\.txt: No such file"):
        passwords.main([str(people), "--hub", "https://hub.example.org"])


#: What the chart of Zero to JupyterHub (3 and 4) knows of that we use, from its values.yaml.
CHART = {
    "hub": {"config", "concurrentSpawnLimit", "activeServerLimit"},
    "singleuser": {"image", "defaultUrl", "startTimeout", "memory", "cpu", "storage"},
    "singleuser.image": {"name", "tag"},
    "singleuser.memory": {"guarantee", "limit"},
    "singleuser.cpu": {"guarantee", "limit"},
    "singleuser.storage": {"capacity"},
    "cull": {"enabled", "timeout", "every", "maxAge"},
    "proxy": {"https"},
    "proxy.https": {"enabled", "type", "hosts", "letsencrypt"},
    "proxy.https.letsencrypt": {"contactEmail"},
    "scheduling": {"userPlaceholder", "podPriority"},
    "scheduling.userPlaceholder": {"replicas"},
    "scheduling.podPriority": {"enabled"},
    "prePuller": {"hook", "continuous"},
    "prePuller.hook": {"enabled"},
    "prePuller.continuous": {"enabled"},
}


def values(name="values.yaml"):
    return yaml.safe_load((DEPLOY / "kubernetes" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["values.yaml", "class.example.yaml"])
def test_the_charts_values_hold_only_keys_that_the_chart_knows(name):
    def check(tree, path):
        assert set(tree) <= (CHART[path] if path else {key for key in CHART if "." not in key}), path
        for key, value in tree.items():
            if isinstance(value, dict) and (place := f"{path}.{key}".lstrip(".")) != "hub.config":
                check(value, place)

    check(values(name), "")


@pytest.mark.parametrize("name", ["values.yaml", "class.example.yaml"])
def test_the_charts_rules_are_ones_that_jupyterhub_knows(name):
    from jupyterhub.app import JupyterHub
    from jupyterhub.auth import Authenticator
    from oauthenticator.generic import GenericOAuthenticator

    known = {
        kind.__name__: kind.class_traits(config=True) for kind in (JupyterHub, Authenticator, GenericOAuthenticator)
    }
    known["KubeSpawner"] = {"working_dir", "notebook_dir"}
    for section, settings in values(name)["hub"]["config"].items():
        assert set(settings) <= set(known[section]), section


def test_the_chart_lets_nobody_in_until_it_is_told_whom_and_holds_no_secret():
    config = values()["hub"]["config"]
    assert config["Authenticator"] == {
        "allow_all": False, "allow_existing_users": False, "allowed_users": [], "admin_users": [],
    }  # fmt: skip
    assert config["JupyterHub"]["authenticator_class"] == "generic-oauth"
    assert not {"client_id", "client_secret"} & set(config["GenericOAuthenticator"])
    assert values()["proxy"]["https"]["enabled"] is True


def test_the_chart_gives_a_learner_what_one_machine_does(people):
    one, many = rules(), values()
    assert many["singleuser"]["memory"]["limit"] == one.Spawner.mem_limit
    assert many["singleuser"]["cpu"]["limit"] == one.Spawner.cpu_limit
    assert many["singleuser"]["defaultUrl"] == one.Spawner.default_url
    assert f"--timeout={many['cull']['timeout']}" in one.JupyterHub.services[0]["command"]


def test_the_image_for_kubernetes_is_rendered_by_the_documented_command(fresh_copy):
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    written = re.search(r"jupyter-repo2docker (.*?) \.\n", text.replace("\\\n", "")).group(1)
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', written) if word != "--push"]
    command = [Path(sys.executable).parent / "jupyter-repo2docker", "--no-build", "--debug", *words, "."]
    run = subprocess.run(command, cwd=fresh_copy, capture_output=True, text=True, timeout=300)
    recipe = run.stdout + run.stderr
    assert run.returncode == 0, recipe[-2000:]
    # A learner's disk lies over /home/jovyan, so the package must be where it does not.
    assert "--target-repo-dir /srv/workshop" in written and "ARG REPO_DIR" in recipe
    assert values()["hub"]["config"]["KubeSpawner"]["notebook_dir"] == "/home/jovyan"
    assert recipe.index("RUN ./binder/postBuild") < recipe.index("RUN python -m pip install --no-cache-dir nbgitpuller")


@pytest.fixture
def lessons(tmp_path):
    """`(author, learner, pull)`: a repository of lessons, a learner's folder that came from it, and what the link does."""
    from nbgitpuller import GitPuller

    author, learner = tmp_path / "lessons", tmp_path / "home" / "lessons"
    (author / "notebooks").mkdir(parents=True)
    for number in ("01", "02", "03"):
        save(author, number, f"answer_{number} = ...", "print('as before')")
    shutil.copy(ROOT / ".gitattributes", author)
    git(author, "init", "--quiet", "--initial-branch=main")
    commit(author)

    def pull():
        return "".join(GitPuller(f"file://{author}", str(learner)).pull())

    pull()
    return author, learner, pull


def save(folder, number, *cells):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell, id=f"cell-{n}") for n, cell in enumerate(cells)]
    )
    nbformat.write(notebook, folder / "notebooks" / f"{number}-lesson.ipynb")


def cells(folder, number):
    notebook = json.loads((folder / "notebooks" / f"{number}-lesson.ipynb").read_text())
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def git(folder, *words):
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def commit(author):
    git(author, "add", "--all")
    git(author, "-c", "user.name=Author", "-c", "user.email=author@example.org", "commit", "--quiet", "-m", "Lessons")


def test_a_notebook_that_both_changed_stays_as_the_learner_left_it(lessons):
    author, learner, pull = lessons
    save(learner, "01", "answer_01 = 42", "print('as before')")
    before = (learner / "notebooks" / "01-lesson.ipynb").read_bytes()
    save(author, "01", "answer_01 = ...  # a better question", "print('as before')", "print('a new cell')")
    commit(author)
    pull()
    assert (learner / "notebooks" / "01-lesson.ipynb").read_bytes() == before


def test_two_versions_of_a_notebook_are_never_mixed(lessons):
    author, learner, pull = lessons
    save(learner, "01", "answer_01 = 42", "print('as before')")
    save(author, "01", "answer_01 = ...", "print('quite another end, in lines that the learner left alone')")
    commit(author)
    pull()
    assert cells(learner, "01") == ["answer_01 = 42", "print('as before')"]


def test_new_lessons_arrive_and_untouched_ones_are_brought_up_to_date(lessons):
    author, learner, pull = lessons
    save(learner, "01", "answer_01 = 42", "print('as before')")
    save(author, "02", "answer_02 = ...", "print('mended')")
    save(author, "04", "answer_04 = ...")
    commit(author)
    pull()
    assert cells(learner, "01")[0] == "answer_01 = 42"
    assert cells(learner, "02")[1] == "print('mended')" and cells(learner, "04") == ["answer_04 = ..."]


def test_a_learners_own_file_is_kept_beside_a_new_lesson_of_the_same_name(lessons):
    author, learner, pull = lessons
    save(learner, "04", "mine = 4")
    save(author, "04", "answer_04 = ...")
    commit(author)
    pull()
    kept = [path for path in (learner / "notebooks").glob("04-lesson_*.ipynb")]
    assert cells(learner, "04") == ["answer_04 = ..."] and len(kept) == 1 and "mine = 4" in kept[0].read_text()


def test_pulling_twice_and_after_a_lesson_was_withdrawn_loses_nothing(lessons):
    author, learner, pull = lessons
    save(learner, "03", "answer_03 = 'mine'")
    (author / "notebooks" / "03-lesson.ipynb").unlink()
    commit(author)
    pull(), pull()
    assert cells(learner, "03") == ["answer_03 = 'mine'"]


def test_a_lesson_that_was_deleted_comes_back_fresh(lessons):
    _, learner, pull = lessons
    (learner / "notebooks" / "02-lesson.ipynb").unlink()
    pull()
    assert cells(learner, "02") == ["answer_02 = ...", "print('as before')"]
