"""Watched files: what is new comes in, and what is wrong is told."""

import datetime as dt
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from indicators.messages import watch_problem
from indicators.models import Source, Upload, WatchedFile
from indicators.services import fetching
from indicators.services.fetching import FetchError, fetched
from indicators.services.looking import due_files, look_at
from indicators.services.uploading import apply_upload, confirm_upload, preview_upload

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Watch = Callable[[str], WatchedFile]
TABLE = "Year,REF_AREA,Value\n"


class Office(BaseHTTPRequestHandler):
    """A statistics office's server: some files, and addresses that behave badly."""

    files: dict[str, bytes] = {}
    asked: list[dict[str, str]] = []

    def do_GET(self) -> None:
        """Answers."""
        self.asked.append(dict(self.headers))
        name = self.path.lstrip("/")
        if name.startswith("redirect="):
            self.send_response(302)
            self.send_header("Location", name.removeprefix("redirect="))
            self.end_headers()
        elif name == "endless.csv":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"0" * 65536)
        elif name not in self.files:
            self.send_error(404)
        else:
            self.give(self.files[name])

    def give(self, content: bytes) -> None:
        """The file, unless the client has it."""
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        known = self.headers.get("If-None-Match") == etag
        self.send_response(304 if known else 200)
        self.send_header("ETag", etag)
        self.end_headers()
        if not known:
            self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Quietly."""

    def handle(self) -> None:
        """A client that has heard enough is no error."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


@pytest.fixture
def office(settings: Settings) -> Iterator[str]:
    """The address of the server, which may be asked."""
    settings.WATCH_PRIVATE_HOSTS = ["127.0.0.1"]
    Office.files, Office.asked = {}, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Office)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder in which files may be watched."""
    path = tmp_path / "exchange"
    path.mkdir()
    settings.WATCH_ROOT = str(path)
    return path


@pytest.fixture
def watch(user: Cast) -> Watch:
    """`watch(address)`: a file watched for the analyst."""

    def make(address: str) -> WatchedFile:
        source = Source.objects.get(code="bureau")
        return WatchedFile.objects.create(address=address, source=source, user=user("analyst"))

    return make


def look(watched: WatchedFile) -> Upload | None:
    """Looks now, whenever it was looked at last, and reads what comes in."""
    WatchedFile.objects.filter(pk=watched.pk).update(looked_at=None)
    upload = look_at(watched.pk)
    if upload:
        preview_upload(upload.pk)
        upload.refresh_from_db()
    watched.refresh_from_db()
    return upload


def publish(upload: Upload | None, user: User) -> None:
    assert upload is not None
    confirm_upload(upload=upload, by=user, reason="Published by the Bureau")
    apply_upload(upload.pk)


def refused(address: str) -> str:
    with pytest.raises(FetchError) as error, fetched(address):
        pass
    assert "%" not in watch_problem(error.value.code, error.value.params)
    return error.value.code


def test_a_new_file_becomes_an_upload_that_waits_for_its_user(office: str, watch: Watch, user: Cast) -> None:
    Office.files["indicator_8-6-1.csv"] = (TABLE + "2024,KZALA,5.4\n").encode()
    watched = watch(f"{office}/indicator_8-6-1.csv?format=csv")
    Office.files["indicator_8-6-1.csv?format=csv"] = Office.files["indicator_8-6-1.csv"]
    upload = look(watched)
    assert upload is not None
    assert (upload.state, upload.user, upload.watch) == (Upload.State.PREVIEWED, user("analyst"), watched)
    assert upload.file_name == "indicator_8-6-1.csv"
    assert upload.counts == {"new": 1, "missing": 0}


def test_a_file_that_is_as_it_was_is_not_even_sent(office: str, watch: Watch) -> None:
    Office.files["indicator_8-6-1.csv"] = (TABLE + "2024,KZALA,5.4\n").encode()
    watched = watch(f"{office}/indicator_8-6-1.csv")
    assert look(watched)
    assert look(watched) is None
    assert Office.asked[-1]["If-None-Match"] == watched.etag
    assert Upload.objects.count() == 1


def test_the_same_bytes_under_another_tag_are_the_same_file(office: str, watch: Watch) -> None:
    Office.files["indicator_8-6-1.csv"] = (TABLE + "2024,KZALA,5.4\n").encode()
    watched = watch(f"{office}/indicator_8-6-1.csv")
    look(watched)
    WatchedFile.objects.update(etag='"another"')
    assert look(watched) is None
    assert Upload.objects.count() == 1


def test_the_newest_file_of_a_folder_is_taken(folder: Path, watch: Watch) -> None:
    for number, year in enumerate((2024, 2022)):
        path = folder / f"indicator_8-6-1.{year}.csv"
        path.write_text(TABLE + f"{year},KZALA,5.4\n")
        os.utime(path, (number, number))
    upload = look(watch(str(folder)))
    assert upload is not None
    assert upload.file_name == "indicator_8-6-1.2022.csv"


def test_it_is_looked_at_when_it_is_due_and_not_before(folder: Path, watch: Watch) -> None:
    watched = watch(str(folder / "a.csv"))
    assert due_files() == [watched]
    look_at(watched.pk)
    assert due_files() == []
    assert look_at(watched.pk) is None
    WatchedFile.objects.update(looked_at=timezone.now() - dt.timedelta(hours=25))
    assert due_files() == [watched]
    WatchedFile.objects.update(is_active=False)
    assert due_files() == []


def test_another_layout_than_the_published_one_raises_an_alarm(office: str, watch: Watch, user: Cast) -> None:
    watched = watch(f"{office}/neet.csv")
    Office.files["neet.csv"] = b"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nneet-share,KZALA,2024,5.4\n"
    publish(look(watched), user("analyst"))
    Office.files["neet.csv"] = b"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nneet-share,KZALA,2024,5.5\n"
    assert look(watched)
    assert watched.problem is None
    Office.files["neet.csv"] = b"INDICATOR,REF_AREA,2023,2024\nneet-share,KZALA,5.2,5.5\n"
    upload = look(watched)
    assert watched.problem is not None
    assert watched.problem["kind"] == "layout_changed"
    publish(upload, user("analyst"))
    watched.refresh_from_db()
    assert watched.problem is None


def test_a_file_that_is_no_table_any_more_raises_an_alarm(office: str, watch: Watch) -> None:
    watched = watch(f"{office}/neet.csv")
    Office.files["neet.csv"] = b"<!DOCTYPE html><html><body>We have moved</body></html>"
    upload = look(watched)
    assert upload is not None
    assert upload.state == Upload.State.FAILED
    assert watched.problem == {
        "kind": "layout_changed", "code": "not_a_table", "params": {"found": "html"}, "upload": upload.pk,
    }  # fmt: skip


def test_a_file_that_was_missed_three_times_raises_an_alarm_that_ends_when_it_is_back(
    office: str, watch: Watch
) -> None:
    watched = watch(f"{office}/indicator_8-6-1.csv")
    for _ in range(2):
        look(watched)
        assert watched.problem is None
    look(watched)
    assert watched.problem is not None
    assert (watched.problem["kind"], watched.problem["code"]) == ("not_reached", "answered")
    Office.files["indicator_8-6-1.csv"] = (TABLE + "2024,KZALA,5.4\n").encode()
    assert look(watched)
    assert (watched.problem, watched.failures) == (None, 0)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0.0.0.0", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "2130706433",
     "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]", "224.0.0.1", "[2002:7f00:1::]",
     "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]", "[64:ff9b:1::808:808]", "[::127.0.0.1]"],
)  # fmt: skip
def test_hosts_of_the_own_network_are_not_asked(host: str) -> None:
    assert refused(f"http://{host}/table.csv") == "forbidden_host"


def test_a_redirect_is_followed_to_an_allowed_host_only(office: str) -> None:
    Office.files["table.csv"] = b"a,b\n"
    with fetched(f"{office}/redirect=/table.csv") as found:
        assert found is not None
        assert found.file.read() == b"a,b\n"
    assert refused(f"{office}/redirect=http://169.254.169.254/latest/") == "forbidden_host"
    assert refused(f"{office}/redirect=http://localhost:{office.rpartition(':')[2]}/") == "forbidden_host"
    assert refused(f"{office}/redirect=file:///etc/passwd") == "bad_address"
    assert refused(f"{office}/redirect=redirect=") == "too_many_redirects"


def test_a_body_without_end_is_cut_off(
    office: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    assert refused(f"{office}/endless.csv") == "too_large"
    monkeypatch.setattr(fetching, "DEADLINE", -1)
    assert refused(f"{office}/endless.csv") == "too_slow"


def test_a_host_that_does_not_answer_is_named(office: str) -> None:
    assert refused("http://127.0.0.1:9/table.csv") == "not_reached"
    assert refused("http://127.0.0.1:99999/table.csv") == "bad_address"


def test_a_path_outside_the_folder_is_not_read(folder: Path, settings: Settings) -> None:
    (folder / "link.csv").symlink_to("/etc/passwd")
    (folder / "inner").mkdir()
    for path in ("/etc/passwd", f"{folder}/../x", str(folder / "link.csv"), "table.csv", "ftp://host/a"):
        assert refused(path) == "outside_folder"
    assert refused(str(folder / "inner")) == "no_file"
    settings.WATCH_ROOT = ""
    assert refused(str(folder)) == "outside_folder"


def test_an_administrator_sees_what_is_wrong(
    office: str, watch: Watch, client_of: Callable[[str], Client]
) -> None:
    watched = watch(f"{office}/neet.csv")
    for _ in range(3):
        look(watched)
    client = client_of("administrator")
    headers = {"Accept-Language": "en"}
    for page in (
        reverse("admin:indicators_watchedfile_changelist"),
        reverse("admin:indicators_watchedfile_change", args=[watched.pk]),
    ):
        assert "404" in client.get(page, headers=headers).content.decode()
    assert client_of("analyst").get(reverse("admin:indicators_watchedfile_changelist")).status_code == 302
