"""A primary, a replica that streams from it, and a portal before both: real servers with the real data."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
import requests
from django.conf import settings
from django.db import connection

from deploy.demonstration.databases import SUPERUSER, Server
from deploy.embedded import accounts, programs
from deploy.ports import free_port
from tests.patience import PATIENCE_SECONDS, eventually

KEY = "a-key-for-these-tests-and-nothing-else-0123456789"


@dataclass
class Pair:
    """The primary, its replica, and who may do what there."""

    primary: Server
    replica: Server
    user: str
    password: str
    superuser_password: str
    database: str

    def url(self, server: Server) -> str:
        return server.url(self.user, self.password, self.database)

    def on_primary(self, statement: str) -> Any:
        return self.primary.ask(
            statement, self.primary.url(SUPERUSER, self.superuser_password, self.database)
        )

    def on_replica(self, statement: str) -> Any:
        return self.replica.ask(
            statement, self.replica.url(SUPERUSER, self.superuser_password, self.database)
        )

    def key_of(self, name: str, scope: str) -> dict[str, str]:
        """The header with which a machine comes in as the demonstration user."""
        script = (
            "from accounts.services.keys import Scope, issue_key;"
            f"print(issue_key(user=user, label='Test', scopes=[Scope('{scope}')])[1])"
        )
        return {"Authorization": f"Api-Key {self._told(name, script)}"}

    def session_of(self, name: str, *, idle_seconds: int) -> dict[str, str]:
        """The cookie of somebody who has logged in and done nothing for so long."""
        script = (
            "import time; from django.contrib.sessions.backends.db import SessionStore;"
            f"then = int(time.time()) - {idle_seconds}; session = SessionStore();"
            "session.update(dict(_auth_user_id=str(user.pk), _auth_user_hash=user.get_session_auth_hash(),"
            "_auth_user_backend='allauth.account.auth_backends.AuthenticationBackend',"
            "began=then, seen=then)); session.save(); print(session.session_key)"
        )
        return {"sessionid": self._told(name, script)}

    def _told(self, name: str, script: str) -> str:
        """What the script prints last, before the primary, of the demonstration user `user`."""
        whose = f"from accounts.models import User; user = User.objects.get(email='{name}@bagdar.example');"
        shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", whose + script]
        environment = os.environ | {"DATABASE_URL": self.url(self.primary), "SECRET_KEY": KEY}
        told = subprocess.run(
            shell, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr
        return told.stdout.split()[-1]

    def wait_for_replica(self) -> None:
        """Until it has replayed what the primary has written so far."""
        position = self.on_primary("SELECT pg_current_wal_lsn()::text")
        eventually(lambda: self.on_replica(f"SELECT pg_last_wal_replay_lsn() >= '{position}'"))

    def pause_replica(self) -> None:
        """It has all that was written so far, and will have nothing that comes."""
        self.wait_for_replica()
        self.on_replica("SELECT pg_wal_replay_pause()")
        eventually(lambda: self.on_replica("SELECT pg_get_wal_replay_pause_state() = 'paused'"))


@dataclass
class Web:
    """A running portal and what it said."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.session.get(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_SECONDS, **more)

    def put(self, path: str, **more: Any) -> requests.Response:
        return self.session.put(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_SECONDS, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        return self.session.post(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_SECONDS, **more)


@pytest.fixture(scope="package")
def pair(django_db_setup: None) -> Iterator[Pair]:
    """Copies of the database of the tests, of which the first is a primary of its own."""
    var = Path(os.environ.get("BAGDAR_VAR", "/nowhere"))
    if not (var / "run" / "environment.json").exists():
        pytest.skip("the tests do not run on the embedded servers")
    home, account = accounts.settle(var)
    superuser_password = (home / "postgres_password").read_text().strip()
    found = programs.postgres(account, home)
    original = urlsplit(os.environ["DATABASE_URL"])
    running = Server(found, account, home / "sockets", 5432)
    running.folder = Path(str(settings.DATABASES["default"]["HOST"]))
    folder = Path(tempfile.mkdtemp(prefix="bagdar-pair-", dir="/tmp"))
    folder.chmod(0o711)
    primary = Server(found, account, folder / "primary", 5601)
    replica = Server(found, account, folder / "replica", 5602)
    try:
        primary.follow(running, superuser_password)
        primary.start()
        primary.promote()
        replica.follow(primary, superuser_password)
        replica.start()
        yield Pair(
            primary, replica, str(original.username), str(original.password), superuser_password,
            str(connection.settings_dict["NAME"]),
        )  # fmt: skip
    finally:
        for server in (replica, primary):
            server.stop(signal.SIGQUIT)
        shutil.rmtree(folder)


Serve = Callable[..., Web]


@pytest.fixture(scope="package")
def portals(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """`portals(REPLICA_URL="…")`: a portal of one process before the primary, as gunicorn runs it.

    It is started once for all tests that ask for the same.
    """
    started: dict[str, Web] = {}

    def start(**environment: str) -> Web:
        port = free_port()
        folder = tmp_path_factory.mktemp("web")
        log = folder / "web.log"
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-c", "deploy/gunicorn.conf.py"]
        url = urlsplit(os.environ["REDIS_URL"])
        own = {
            "DATABASE_URL": pair.url(pair.primary), "REPLICA_URL": pair.url(pair.replica),
            "REDIS_URL": f"{url.scheme}://{url.netloc}{url.path}?db=7", "WEB_CONCURRENCY": "1",
            "BAGDAR_VAR": str(folder), "SECRET_KEY": KEY,
            "API_LIMIT_ADDRESS": "0", "PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "tests.hosts.settings",
        }  # fmt: skip
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*command, "--bind", f"127.0.0.1:{port}"], cwd=settings.BASE_DIR, stdout=file, stderr=file,
                env=os.environ | own | environment,
            )  # fmt: skip
        return Web(port, process, log)

    def find(**environment: str) -> Web:
        key = repr(sorted(environment.items()))
        if key not in started:
            started[key] = start(**environment)
        return started[key]

    yield find
    for web in started.values():
        web.process.terminate()
        web.process.wait(PATIENCE_SECONDS)


@pytest.fixture
def serve(portals: Serve) -> Serve:
    """`serve(REPLICA_URL="…")`: such a portal, with nothing kept, and a new client of it."""

    def ready(**environment: str) -> Web:
        web = replace(portals(**environment), session=requests.Session())
        eventually(lambda: _is_ready(web))
        return web

    empty_redis()
    return ready


def _is_ready(web: Web) -> bool:
    assert web.process.poll() is None, web.log.read_text()[-2000:]
    try:
        return bool(web.get("/readyz").json()["status"] == "ready")
    except requests.ConnectionError:
        return False


def empty_redis() -> None:
    """As after a restart that lost everything."""
    url = urlsplit(os.environ["REDIS_URL"])
    with redis.Redis(unix_socket_path=url.path, db=7) as client:
        client.flushdb()
