"""Child processes and signals: starting, watching and ending what the launcher is responsible for."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType

from deploy.embedded.accounts import Account
from deploy.embedded.errors import LaunchError

MARK = "BAGDAR_SUPERVISED"
"""Environment variable of every supervised process: the instance directory that it belongs to."""

Pause = Callable[[float], object]


class StopRequested(Exception):  # noqa: N818 - a wish, not an error
    """Ctrl-C, SIGTERM or the end of the terminal session."""


class Signals:
    """Turns signals into something to wait for, so that none arrives in the middle of a step."""

    STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __enter__(self) -> "Signals":
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._handlers = {
            number: signal.signal(number, _noted)
            for number in (*self.STOP, signal.SIGCHLD)
            # Under nohup, the end of the session is to be ignored.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN
        }
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._reader.close()
        self._writer.close()

    def wait(self, seconds: float) -> None:
        """Wait until a child ends, at most `seconds`; raise StopRequested when the launcher is to end."""
        if select.select([self._reader], [], [], seconds)[0]:
            received = self._reader.recv(1024)
            if any(number in received for number in self.STOP):
                raise StopRequested


def _noted(number: int, frame: FrameType | None) -> None:
    """The wake-up descriptor carries the signal; a handler must exist for Python to write to it."""


@dataclass
class Child:
    """One process with its log, in a session of its own so that Ctrl-C reaches the launcher alone."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    directory: Path
    account: Account = field(default_factory=Account.current)
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals | None = None
    """Sent by the kernel when the launcher is killed; the stop signal unless said otherwise."""
    patience: float = 10
    """Seconds from the stop signal until the process is killed."""
    on_console: bool = False
    """Whether standard output goes to the launcher's own instead of the log."""
    before_start: Callable[[], None] | None = None
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        if self.before_start:
            self.before_start()
        command = self.account.leashed(self.command, self.orphan_signal or self.stop_signal)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=None if self.on_console else log,
                stderr=log,
                cwd=self.directory,
                env=dict(self.environment),
                start_new_session=True,
            )

    @property
    def status(self) -> int | None:
        """The exit status; None while the process runs, or before it was started."""
        return self.process.poll() if self.process else None

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask the process to end, wait, and kill whatever is left of its session."""
        if self.process is None:
            return
        if self.is_alive:
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def wait_until(
    ready: Callable[[], bool], child: Child, pause: Pause = time.sleep, seconds: float = 300
) -> None:
    """Wait until `ready()`; LaunchError when `child` ends or `seconds` pass before that."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not child.is_alive:
            raise LaunchError(f"{child.name} stopped while starting; see {child.log}.")
        if time.monotonic() > deadline:
            raise LaunchError(f"{child.name} was not ready within {seconds:.0f} s; see {child.log}.")
        pause(0.02)
