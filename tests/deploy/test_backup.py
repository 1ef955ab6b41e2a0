"""A back-up restored elsewhere is the same portal; a bad one is refused, and nothing is touched."""

import hashlib
import http.client
import io
import json
import os
import re
import stat
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
import pyrage
import pytest
from django.db import connection
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from deploy.ports import free_port
from tests.connections import WAITING
from tests.deploy.instances import Instance, instance
from tests.patience import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.django_db

PASSWORD = "kept-over-the-night"
SETTING_UP = f"""
import django
django.setup()
from accounts.models import User
user = User.objects.get(email="analyst@bagdar.example")
user.set_password("{PASSWORD}")
user.save()
"""
SENDING = """
import django, itertools, sys
django.setup()
from django.core.files.base import ContentFile
from django.db import transaction
from accounts.models import User
from indicators.models import Source
from indicators.services.uploading import receive_upload
user, source = User.objects.get(email="analyst@bagdar.example"), Source.objects.first()
for number in itertools.count() if len(sys.argv) == 1 else range(int(sys.argv[1])):
    row = f"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\\nneet-share,kazakhstan,2011,{number}\\n"
    with transaction.atomic():
        receive_upload(file=ContentFile(row.encode() * 50, name="table.csv"), user=user, source=source)
    print(number, flush=True)
"""


@pytest.fixture(scope="module")
def source(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Instance]:
    """A copy of the prepared portal, with three uploaded files and a user who knows a password."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        connection.close()
        with instance(tmp_path_factory.mktemp("source"), "source", template=name) as found:
            for words in (("-c", SETTING_UP), ("-c", SENDING, "3")):
                assert found.begin(*words).wait(PATIENCE_SECONDS) == 0
            yield found


@pytest.fixture
def target(source: Instance, tmp_path: Path) -> Iterator[Instance]:
    """An instance with nothing in it."""
    with instance(tmp_path / "target", "target") as found:
        yield found


def back_up(source: Instance, folder: Path, **also: str) -> Path:
    """The only back-up in the folder."""
    code, said = source.run("backup", "--to", str(folder), **also)
    assert code == 0, said
    [found] = folder.iterdir()
    return found


@pytest.fixture(scope="module")
def backup(source: Instance, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return back_up(source, tmp_path_factory.mktemp("backups"))


def without_reset(tables: dict[str, object]) -> dict[str, object]:
    """But for the log that tells clients who keep a copy to begin anew."""
    return {name: rows for name, rows in tables.items() if name != "common_change"}


@pytest.fixture(scope="module")
def restored(
    backup: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Instance]:
    """An instance that was empty and has the back-up now."""
    with django_db_blocker.unblock(), instance(tmp_path_factory.mktemp("restored"), "restored") as found:
        code, said = found.run("restore", str(backup))
        assert (code, "3 files" in said) == (0, True), said
        yield found


def test_it_is_restored_row_by_row_and_byte_by_byte(source: Instance, restored: Instance) -> None:
    assert without_reset(restored.tables()) == without_reset(source.tables())
    assert len(restored.tables()) > 80
    assert restored.ask("SELECT count(*) FROM programmes_progress") != [(0,)]
    log = "SELECT count(*), count(*) FILTER (WHERE name = 'reset') FROM common_change"
    [(rows, resets)], [(before, resets_before)] = restored.ask(log), source.ask(log)
    assert (rows, resets) == (before + 1, resets_before + 1)  # type: ignore[operator]
    assert (restored.files(), len(restored.files())) == (source.files(), 3)


def test_sequences_and_uploads_go_on_where_they_were(source: Instance, restored: Instance) -> None:
    kept = [each for each in source.sequences() if each[0] != "common_change_id_seq"]
    assert [each for each in restored.sequences() if each[0] != "common_change_id_seq"] == kept
    assert restored.begin("-c", SENDING, "1").wait(PATIENCE_SECONDS) == 0
    assert len(restored.files()) == 4


def test_the_restored_portal_starts_and_people_log_in(restored: Instance) -> None:
    port = free_port()
    listening = (f"--bind=127.0.0.1:{port}", f"--log-file={restored.var / 'web.log'}")
    web = restored.begin(
        "-m", "gunicorn", "config.wsgi", *listening, DEBUG="1"
    )  # no static files are collected
    try:
        eventually(lambda: answers(port))
        assert ask(port, "GET", "/readyz")[0] == 200
        log_in = reverse("account_login")
        status, cookies, page = ask(port, "GET", log_in)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, (status, page)
        form = {"csrfmiddlewaretoken": token[1], "login": "analyst@bagdar.example", "password": PASSWORD}
        status, cookies, page = ask(port, "POST", log_in, form, cookies)
        assert (status, "sessionid" in cookies) == (302, True), page
    finally:
        web.terminate()
        web.communicate(timeout=PATIENCE_SECONDS)


def answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/healthz")[0] == 200
    except OSError:
        return False


def ask(
    port: int, method: str, path: str, form: dict[str, str] | None = None, cookies: str = ""
) -> tuple[int, str, str]:
    """Status, cookies and body of an answer."""
    to = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    to.request(method, path, urlencode(form or {}), headers)
    answer = to.getresponse()
    set_cookies = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or []))
    body = answer.read().decode()
    to.close()
    return answer.status, "; ".join(f"{name}={each.value}" for name, each in set_cookies.items()), body


def test_every_file_of_its_database_is_in_it_while_people_send_more(
    source: Instance, target: Instance, tmp_path: Path
) -> None:
    senders = [source.begin("-c", SENDING) for _each in range(2)]
    for sender in senders:
        assert sender.stdout is not None
        sender.stdout.readline()
    made = back_up(source, tmp_path / "busy")
    for sender in senders:
        sender.kill()
        sender.communicate()
    assert target.run("restore", str(made))[0] == 0
    count = "SELECT count(*) FROM indicators_upload"
    assert 3 < target.ask(count)[0][0] < source.ask(count)[0][0]  # type: ignore[operator]
    for name, digest in target.ask("SELECT file, sha256 FROM indicators_upload"):
        assert hashlib.sha256((target.media / str(name)).read_bytes()).hexdigest() == digest


def test_a_recomputation_can_exchange_its_results_while_one_is_made(source: Instance, tmp_path: Path) -> None:
    with closing(psycopg2.connect(source.url)) as holder:
        holder.cursor().execute("LOCK TABLE indicators_unit IN ACCESS EXCLUSIVE MODE")
        making = source.begin("manage.py", "backup", "--to", str(tmp_path))
        eventually(lambda: source.ask(WAITING))  # pg_dump of the rest
        source.ask("LOCK TABLE programmes_progress, programmes_standing IN ACCESS EXCLUSIVE MODE NOWAIT")
    assert making.wait(PATIENCE_SECONDS) == 0


def test_nobody_else_may_read_it_and_its_checksums_are_those_of_sha256sum(
    backup: Path, tmp_path: Path
) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    subprocess.run(["tar", "--extract", "--file", backup, "--directory", tmp_path], check=True)
    subprocess.run(["sha256sum", "--check", "--quiet", "checksums.txt"], check=True, cwd=tmp_path)
    [manifest] = tmp_path.glob("manifest-*.json")
    found = json.loads(manifest.read_text())
    assert (found["files"], found["missing"]) == (3, [])
    assert found["tables"]["indicators_upload"] == 3


def test_a_bad_one_is_refused_before_anything_is_touched(
    backup: Path, tmp_path: Path, target: Instance
) -> None:
    bad = bytearray(backup.read_bytes())
    bad[len(bad) * 2 // 3] ^= 4
    (tmp_path / "bad.tar").write_bytes(bad)
    code, said = target.run("restore", str(tmp_path / "bad.tar"))
    assert (code, "damaged" in said) == (1, True), said
    assert (target.tables(), target.files()) == ({}, {})


def test_what_is_there_is_replaced_only_when_told_and_when_nobody_is_connected(
    restored: Instance, backup: Path
) -> None:
    restored.ask("UPDATE accounts_user SET email = 'later@bagdar.example' WHERE email LIKE 'deputy%'")
    (restored.media / "later.txt").write_text("later")
    before, files = restored.tables(), restored.files()
    code, said = restored.run("restore", str(backup))
    assert (code, "--replace" in said) == (1, True), said
    with closing(psycopg2.connect(restored.url)):
        code, said = restored.run("restore", "--replace", str(backup))
    assert (code, "stop the portal first" in said) == (1, True), said
    assert (restored.tables(), restored.files()) == (before, files)

    code, said = restored.run("restore", "--replace", str(backup))
    assert code == 0, said
    assert restored.ask("SELECT count(*) FROM accounts_user WHERE email LIKE 'later%'") == [(0,)]
    assert restored.ask("SELECT count(*) FROM indicators_upload") == [(3,)]
    assert len(restored.files()) == 3


def test_a_sealed_one_of_a_restored_portal_shows_nothing_and_opens_with_its_key_alone(
    restored: Instance, target: Instance, tmp_path: Path
) -> None:
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"# the night's key\n{key}\n")
    made = back_up(restored, tmp_path / "sealed", BACKUP_RECIPIENTS=str(key.to_public()))
    assert made.name.endswith(".tar.age")
    assert b"media/" not in made.read_bytes()
    code, said = target.run("restore", str(made))
    assert (code, "BACKUP_IDENTITY_FILE" in said) == (1, True), said
    assert target.tables() == {}
    code, said = target.run("restore", str(made), BACKUP_IDENTITY_FILE=str(tmp_path / "key"))
    assert code == 0, said
    assert without_reset(target.tables()) == without_reset(restored.tables())
    assert target.files() == restored.files()


def test_a_restoration_that_fails_in_its_middle_leaves_everything_as_it_was(
    backup: Path, target: Instance, tmp_path: Path
) -> None:
    target.media.mkdir()
    (target.media / "mine.txt").write_text("mine")
    target.ask("CREATE TABLE mine AS SELECT 1")
    manifest = re.compile(rb"manifest-([0-9a-f]{64})\.json")
    with tarfile.open(backup) as whole, tarfile.open(tmp_path / "untrue.tar", "w") as untrue:
        for member in whole:
            content = whole.extractfile(member)
            assert content is not None
            text = content.read()
            if manifest.fullmatch(member.name.encode()):
                text = text.replace(b'"indicators_upload": 3', b'"indicators_upload": 4')
                member.name = f"manifest-{hashlib.sha256(text).hexdigest()}.json"
            untrue.addfile(member, io.BytesIO(text))
    code, said = target.run("restore", "--replace", str(tmp_path / "untrue.tar"))
    assert (code, "indicators_upload has not as many rows" in said) == (1, True), said
    assert target.ask("SELECT * FROM mine") == [(1,)]
    assert list(target.tables()) == ["mine"]
    assert [each.name for each in target.media.iterdir()] == ["mine.txt"]


def test_the_oldest_are_removed_and_last_json_says_how_it_went(source: Instance, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    old = [folder / f"bagdar-2026010{day}T000000Z.tar" for day in (1, 2, 3)]
    for each in (*old, folder / "notes.txt"):
        each.touch()
    assert source.run("backup", "--to", str(folder), "--keep", "2")[0] == 0
    oldest, newest, notes = sorted(each.name for each in folder.iterdir())
    assert (oldest, notes) == (old[2].name, "notes.txt")
    assert newest > oldest
    last = json.loads((source.var / "backup" / "last.json").read_text())
    assert (last["ok"], last["bytes"] > 100_000, last["seconds"] > 0) == (True, True, True)
    assert stat.S_IMODE((source.var / "backup" / "last.json").stat().st_mode) == 0o600


def test_a_file_that_was_lost_before_is_named_and_the_rest_is_kept(source: Instance, tmp_path: Path) -> None:
    [(name,)] = source.ask("SELECT file FROM indicators_upload ORDER BY id LIMIT 1")
    lost = source.media / str(name)
    lost.rename(tmp_path / "lost")
    code, said = source.run("backup", "--to", str(tmp_path / "incomplete"))
    (tmp_path / "lost").rename(lost)
    assert (code, str(name) in said) == (2, True), said
    assert len(list((tmp_path / "incomplete").iterdir())) == 1
    assert json.loads((source.var / "backup" / "last.json").read_text())["ok"] is False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_leaves_no_half_backup(source: Instance, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", small], check=True)
    try:
        code, said = source.run("backup", "--to", str(small))
        assert (code, "No space left" in said) == (1, True), said
        assert list(small.iterdir()) == []
        sealed = str(pyrage.x25519.Identity.generate().to_public())
        code, said = source.run("backup", "--to", str(small), BACKUP_RECIPIENTS=sealed)
        assert (code, "No space left" in said) == (1, True), said
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)
    assert json.loads((source.var / "backup" / "last.json").read_text())["ok"] is False
    assert not list(source.media.glob(".backing-up-*"))


def test_a_key_that_is_none_is_refused_at_once(source: Instance, tmp_path: Path) -> None:
    code, said = source.run("backup", "--to", str(tmp_path), BACKUP_RECIPIENTS="age1nonsense")
    assert (code, "BACKUP_RECIPIENTS" in said) == (1, True), said
