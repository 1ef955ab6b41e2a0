"""The whole portal on one machine: prepares it, runs it, and stops it in order."""

import hashlib
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import paths
from deploy.embedded.errors import LaunchError
from deploy.embedded.processes import MARK, Child, Signals, StopRequested, wait_until
from deploy.embedded.servers import Servers
from deploy.embedded.supervisor import Supervisor

READY_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Options:
    """What the operator's environment says."""

    var: Path
    host: str
    port: int
    concurrency: int

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Options":
        def number(name: str, default: int, highest: int) -> int:
            written = environment.get(name) or str(default)
            if not written.isdecimal() or not 1 <= int(written) <= highest:
                raise LaunchError(f"{name} must be a whole number from 1 to {highest}, not {written!r}.")
            return int(written)

        return cls(
            var=paths.instance_directory(environment.get("BAGDAR_VAR")),
            host=environment.get("HOST") or "127.0.0.1",
            port=number("PORT", 8000, 65_535),
            concurrency=number("CELERY_CONCURRENCY", 1, 64),
        )

    @property
    def address(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def local_host(self) -> str:
        """Where this machine itself finds the portal."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared only


def require_free_port(host: str, port: int) -> None:
    """Raise LaunchError unless the web server will be able to listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise LaunchError(
            f"Port {port} on {host} cannot be used ({error.strerror}); choose another one with PORT=..."
        ) from error


def say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def up(options: Options) -> None:
    """Run the portal until Ctrl-C or SIGTERM. Raises LaunchError when it cannot start."""
    paths.prepare(options.var)
    paths.require_space(options.var)
    with paths.instance_lock(options.var), Signals() as signals, ExitStack() as ending:
        require_free_port(options.host, options.port)
        try:
            portal = Portal(options, signals)
            ending.callback(portal.stop)
            portal.start()
            portal.keep()
        except StopRequested:
            say("Stopping.")
    say("Bağdar has stopped.")


class Portal:
    """The portal's processes on top of the servers."""

    def __init__(self, options: Options, signals: Signals) -> None:
        self.options, self.signals = options, signals
        self.began = time.monotonic()
        self.supervisor = Supervisor(say)
        self.steps: list[Child] = []
        self.servers = Servers(options.var)
        address = {"HOST": options.host, "PORT": str(options.port), MARK: str(options.var)}
        self.environment = self.servers.environment() | address

    def start(self) -> None:
        """Bring everything up; the page server answers before the data are loaded."""
        static = self._collect_static()
        self.servers.initialise()
        for child in self.servers.children:
            self.supervisor.start(child)
        self.servers.wait(self._pause)
        self._note("The database is running")
        self._finish(self._step("migrate", "migrate", "--noinput"))
        if static:
            self._finish(static)
            self._static_stamp.write_text(self._static_inputs())
        self._note("The database's tables and the static files are up to date")
        web = self._web()
        self.supervisor.start(web)
        self._finish(self._step("prepare", "prepare", on_console=True))
        wait_until(self._is_ready, web, self._pause, READY_PATIENCE_SECONDS)
        self._note(f"Bağdar is ready: http://{self.options.address}/")
        self.supervisor.start(self._worker())
        self.supervisor.start(self._beat())

    def keep(self) -> None:
        """Restart what dies, until StopRequested."""
        while True:
            self.signals.wait(1)
            self.supervisor.mend()

    def stop(self) -> None:
        for step in self.steps:
            step.stop()
        self.supervisor.stop()
        self.servers.tidy()

    def _note(self, text: str) -> None:
        say(f"{text} ({time.monotonic() - self.began:.1f} s)")

    def _pause(self, seconds: float) -> None:
        self.signals.wait(seconds)
        self.supervisor.require_all()

    def _step(self, name: str, *arguments: str, on_console: bool = False) -> Child:
        """Start one administrative command."""
        step = self._python(name, "manage.py", *arguments)
        step.on_console = on_console
        step.start()
        self.steps.append(step)
        return step

    def _finish(self, step: Child) -> None:
        while step.is_alive:
            self._pause(0.5)
        if step.status:
            paths.require_space(self.options.var, 50_000_000)
            cause = paths.last_line(step.log)
            raise LaunchError(f"{step.name} failed ({cause}); see {step.log}.")

    def _python(self, name: str, *arguments: str) -> Child:
        return Child(
            name=name,
            command=[sys.executable, *arguments],
            environment=self.environment,
            log=paths.log_file(self.options.var, name),
            directory=paths.REPOSITORY,
        )

    def _web(self) -> Child:
        configuration = ["-c", "deploy/gunicorn.conf.py", "--bind", self.options.address]
        return self._python("web", "-m", "gunicorn", "config.wsgi", *configuration)

    def _worker(self) -> Child:
        # One worker has nobody to gossip with, and looking for others costs a second at each start.
        alone = ["--without-gossip", "--without-mingle", "--concurrency", str(self.options.concurrency)]
        worker = self._python(
            "worker", "-m", "celery", "-A", "config", "worker", *alone, "--loglevel", "INFO"
        )
        worker.orphan_signal = signal.SIGQUIT  # the queue dies with the launcher: finish nothing, end at once
        return worker

    def _beat(self) -> Child:
        schedule = str(self.options.var / "run" / "beat-schedule")
        return self._python("beat", "-m", "celery", "-A", "config", "beat", "--schedule", schedule)

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(self.options.local_host, self.options.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _collect_static(self) -> Child | None:
        """Start collecting the static files, unless nothing that goes in has changed since the last time."""
        stamp = self._static_stamp
        collected = (self.options.var / "static").is_dir()
        if collected and stamp.exists() and stamp.read_text() == self._static_inputs():
            return None
        return self._step("collectstatic", "collectstatic", "--noinput")

    @property
    def _static_stamp(self) -> Path:
        return self.options.var / "run" / "static-stamp"

    def _static_inputs(self) -> str:
        """A digest of names, sizes and times of what `collectstatic` reads; packages by their stamp."""
        repository = paths.REPOSITORY
        files = [Path(sys.prefix) / ".installed-requirements.txt", *repository.glob("config/settings*.py")]
        files += (path for folder in ("static", "*/static") for path in repository.glob(f"{folder}/**/*"))
        files.append(
            Path(os.environ.get("BAGDAR_NODE_MODULES") or repository / "node_modules") / ".package-lock.json"
        )
        digest = hashlib.sha256()
        for file in sorted(file for file in files if file.is_file()):
            facts = file.stat()
            digest.update(f"{file} {facts.st_size} {facts.st_mtime_ns}\n".encode())
        return digest.hexdigest()
