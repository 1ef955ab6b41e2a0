"""Ends what a killed launcher left running, and nothing else. Without /proc it finds nothing."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from deploy.embedded.errors import LaunchError
from deploy.embedded.processes import MARK

PROC = Path("/proc")
SERVERS = {"postgres", "valkey-server", "redis-server"}
PATIENCE_SECONDS = 15


def end_orphans(var: Path, home: Path) -> list[int]:
    """End the processes of a former launcher of `var`; called with the instance locked. Returns their ids."""
    ended: list[int] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while found := list(_orphans(var, home)):
        overdue = time.monotonic() > deadline
        if time.monotonic() > deadline + PATIENCE_SECONDS:
            raise LaunchError(f"Process {found[0][0]} of a former run in {var} does not end; end it by hand.")
        for pid, program in found:
            if pid in ended and not overdue:
                continue
            polite = signal.SIGINT if program == "postgres" else signal.SIGTERM
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if overdue else polite)
            ended.append(pid)
        time.sleep(0.05)
    return sorted(set(ended))


def _orphans(var: Path, home: Path) -> Iterator[tuple[int, str]]:
    """Process id and program of each orphan that can be proved to belong to this instance.

    The servers are known by their program and working directory (they overwrite their environment, so it
    proves nothing); all others by the mark in their environment.
    """
    mark = f"{MARK}={var}".encode()
    data = {str(home / "postgres"), str(home / "valkey")}
    for entry in PROC.glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is another user's
            if int(entry.name) == os.getpid():
                continue
            program = Path(os.readlink(entry / "exe")).name.removesuffix(" (deleted)")
            serves = program in SERVERS and os.readlink(entry / "cwd") in data
            if serves or mark in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name), program
