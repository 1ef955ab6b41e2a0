"""The portal on three hosts: what runs where, and under which settings."""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import Any

from celery import Celery

from deploy.demonstration.databases import SUPERUSER, Server
from deploy.demonstration.network import NETWORK, address_of, inside
from deploy.embedded import accounts, programs
from deploy.embedded.paths import REPOSITORY

DATABASE_PORT, REDIS_PORT, WEB_PORT = 5433, 6390, 8080
OWNER = "bagdar"


def wait_until(holds: Callable[[], Any], seconds: float = 60, every: float = 0.1) -> float:
    """Seconds until it holds; raises TimeoutError. What cannot be asked does not hold."""
    began = time.monotonic()
    while True:
        with suppress(OSError):
            if holds():
                return time.monotonic() - began
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{getattr(holds, '__doc__', None) or 'what was expected'} did not come about")
        time.sleep(every)


class World:
    """Host 1: primary, web, worker. Host 2: web, worker. Host 3: replica, Valkey, beat."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bagdar-demonstration-", dir="/var/tmp"))
        self.folder.chmod(0o711)
        self.account = accounts.server_account(self.folder)
        self.password, self.superuser_password = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        found = programs.postgres(self.account, self.folder)
        self.primary, self.replica = (
            Server(found, self.account, self.folder / name, DATABASE_PORT, address_of(host), inside(host))
            for name, host in (("primary", 1), ("replica", 3))
        )
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_error: object) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for server in (self.replica, self.primary):
            server.stop(signal.SIGQUIT)
        rmtree(self.folder, ignore_errors=True)

    @property
    def environment(self) -> Mapping[str, str]:
        """The same on all hosts: the primary is whichever server can be written to."""
        login = f"postgres://{OWNER}:{self.password}@"
        both = f"{address_of(1)},{address_of(3)}:{DATABASE_PORT}/{OWNER}?target_session_attrs=read-write"
        return os.environ | {
            "BAGDAR_VAR": str(self.folder / "var"), "SECRET_KEY": self.password * 4,
            "DATABASE_URL": login + both, "REPLICA_URL": f"{login}{address_of(3)}:{DATABASE_PORT}/{OWNER}",
            "REDIS_URL": f"redis://:{self.password}@{address_of(3)}:{REDIS_PORT}/0",
            "ALLOWED_HOSTS": ",".join(map(address_of, (1, 2))), "WEB_CONCURRENCY": "1", "PYTHONUTF8": "1",
            "API_LIMIT_ADDRESS": "0", "INSECURE_HTTP": "1",
        }  # fmt: skip

    def prepare(self) -> None:
        """Databases, Valkey, and the portal's own data."""
        (self.folder / "var" / "log").mkdir(parents=True)
        self.primary.create(self.superuser_password, f"{NETWORK}.0/24")
        self.primary.start()
        self.on_primary(f"CREATE ROLE {OWNER} LOGIN PASSWORD '{self.password}'", "postgres")
        self.on_primary(f"CREATE DATABASE {OWNER} OWNER {OWNER}", "postgres")
        server = programs.valkey(self.account, self.folder)
        settings = ["--bind", address_of(3), "--port", str(REDIS_PORT), "--requirepass", self.password]
        self.start(3, "valkey", [str(server), *settings, "--save", "", "--appendonly", "no"])
        for words in (["migrate"], ["collectstatic", "--noinput"], ["prepare"]):
            self.run(1, ["manage.py", *words, "--verbosity", "0"])

    def replicate(self) -> None:
        """From here on nothing is confirmed before the replica has it."""
        self.replica.follow(self.primary, self.superuser_password)
        self.replica.start()
        self.on_primary("ALTER SYSTEM SET synchronous_standby_names = '*'", "postgres")
        self.on_primary("SELECT pg_reload_conf()", "postgres")

    def start(self, host: int, name: str, command: list[str]) -> None:
        """Starts a process on the host; its log is `var/log/<name>.log`."""
        with self.log(name).open("ab") as log:
            self.processes.append(
                subprocess.Popen(  # noqa: S603 - our own commands, no shell
                    [*inside(host), *command],
                    cwd=REPOSITORY,
                    env=self.environment,
                    start_new_session=True,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            )

    def start_web(self, host: int) -> None:
        """The web server of the host."""
        bind = f"{address_of(host)}:{WEB_PORT}"
        command = ["-m", "gunicorn", "config.wsgi", "-c", "deploy/gunicorn.conf.py", "--bind", bind]
        self.start(host, f"web-{host}", [sys.executable, *command])

    def start_worker(self, host: int, concurrency: int, queues: str) -> None:
        """A worker of the queues."""
        words = ["--concurrency", str(concurrency), "-n", f"host{host}@bagdar", "-Q", queues]
        command = ["-m", "celery", "-A", "config", "worker", "--loglevel", "INFO", *words]
        self.start(host, f"worker-{host}", [sys.executable, *command])

    def let_import(self, host: int) -> None:
        """From now on the host's worker takes imports, too."""
        with Celery(broker=self.environment["REDIS_URL"]) as app:
            app.control.add_consumer(
                "imports", exchange="bagdar", routing_key="imports", destination=[f"host{host}@bagdar"]
            )

    def start_beat(self) -> None:
        """The one beat."""
        schedule = str(self.folder / "var" / "beat")
        self.start(
            3, "beat", [sys.executable, "-m", "celery", "-A", "config", "beat", "--schedule", schedule]
        )

    def run(self, host: int, words: list[str]) -> str:
        """Runs Python on the host; returns its last line."""
        done = subprocess.run(  # noqa: S603 - our own commands, no shell
            [*inside(host), sys.executable, *words], cwd=REPOSITORY, env=self.environment, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()[-1500:]}")
        return done.stdout.strip().rpartition("\n")[2]

    def hand(self, *words: str) -> Any:
        """Has somebody do something, on the host that survives."""
        return json.loads(self.run(3, ["-m", "deploy.demonstration.hand", *words]) or "null")

    def on_primary(self, statement: str, database: str = OWNER) -> Any:
        """Asks the first primary, as its superuser."""
        return self.ask(self.primary, statement, database)

    def ask(self, server: Server, statement: str, database: str = OWNER) -> Any:
        """Asks one of the servers."""
        return server.ask(statement, server.url(SUPERUSER, self.superuser_password, database))

    def log(self, name: str) -> Path:
        """The log of the process."""
        return self.folder / "var" / "log" / f"{name}.log"
