"""PostgreSQL and Valkey together, and the environment in which the portal finds them."""

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from deploy.embedded import accounts, paths, postgres, programs, valkey
from deploy.embedded.errors import LaunchError
from deploy.embedded.orphans import end_orphans
from deploy.embedded.processes import Child, Pause, wait_until

LONGEST_SOCKET_PATH = 107
NEEDS_NO_QUOTING = re.compile(r"[A-Za-z0-9._/-]+")


class Servers:
    """The servers of the instance in `var`, except those that the environment names already.

    Made with the instance locked. `children` are to be started in their order and stopped in reverse.
    """

    def __init__(self, var: Path, *, throwaway: bool = False) -> None:
        self.var, self.throwaway = var, throwaway
        self.postgres: postgres.Postgres | None = None
        self.valkey: valkey.Valkey | None = None
        self.sockets: Path | None = None
        self.children: list[Child] = []
        wants_postgres, wants_valkey = (not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
        if not (wants_postgres or wants_valkey):
            end_orphans(var, var)
            return
        home, account = accounts.settle(var)
        end_orphans(var, home)
        self.sockets = sockets = account.claim(socket_directory(home))
        if wants_postgres:
            found, log = programs.postgres(account, home), paths.log_file(var, "postgres")
            self.postgres = postgres.Postgres(found, home, sockets, account, log)
        if wants_valkey:
            found, log = programs.valkey(account, home), paths.log_file(var, "valkey")
            self.valkey = valkey.Valkey(found, home, sockets, account, log)

    def initialise(self) -> None:
        """Create the data that does not exist yet, and the children that will serve it."""
        if self.valkey:
            self.valkey.initialise()
            self.children.append(self.valkey.child())
        if self.postgres:
            self.postgres.initialise(throwaway=self.throwaway)
            self.children.insert(0, self.postgres.child(throwaway=self.throwaway))

    def wait(self, pause: Pause = time.sleep) -> None:
        """Wait until all that was started answers."""
        ready = [server.is_ready for server in (self.postgres, self.valkey) if server]
        for is_ready, child in zip(ready, self.children, strict=True):
            wait_until(is_ready, child, pause)

    def tidy(self) -> None:
        """Remove the directory of the sockets, which may be in /tmp, once the servers have stopped."""
        if self.sockets:
            with suppress(OSError):  # not empty: the next launcher takes it over
                self.sockets.rmdir()

    def environment(self) -> dict[str, str]:
        """The environment for the portal's processes, noted down for commands that join them later."""
        found = {"BAGDAR_VAR": str(self.var), "BAGDAR_EMBEDDED": "1"}
        if not os.environ.get("SECRET_KEY"):
            found["SECRET_KEY"] = paths.secret(self.var / "secret_key")
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url
        _note(self.var).write_text(json.dumps(found))
        return dict(os.environ) | found


def running_environment(var: Path) -> dict[str, str]:
    """The environment for a command that joins the running instance in `var`."""
    note = _note(var)
    if not note.exists():
        raise LaunchError(f"Bağdar is only starting in {var}; try again in a few seconds.")
    found: dict[str, str] = json.loads(note.read_text())
    return dict(os.environ) | found


def _note(var: Path) -> Path:
    return var / "run" / "environment.json"


def socket_directory(home: Path) -> Path:
    """`sockets` in `home`, or a private directory in /tmp where a socket's path would be too long.

    Clients take the path from a URL, so that it must not need quoting there either.
    """
    inside = home / "sockets"
    longest = inside / postgres.SOCKET_NAME
    if len(os.fsencode(longest)) <= LONGEST_SOCKET_PATH and NEEDS_NO_QUOTING.fullmatch(str(inside)):
        return inside
    return Path("/tmp") / f"bagdar-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"  # noqa: S108 - claimed


@contextmanager
def servers(var: Path, *, throwaway: bool = False) -> Iterator[dict[str, str]]:
    """Run both servers of the instance in `var`; yields the environment for the portal's processes.

    `throwaway` gives up safety against a crash for speed, for data that nobody will miss.
    """
    var = var.resolve()
    paths.prepare(var)
    paths.require_space(var)
    with paths.instance_lock(var), ExitStack() as started:
        both = Servers(var, throwaway=throwaway)
        started.callback(both.tidy)
        both.initialise()
        for child in both.children:
            started.callback(child.stop)
            child.start()
        both.wait()
        yield both.environment()


@contextmanager
def throwaway_servers() -> Iterator[dict[str, str]]:
    """Run both servers on empty data that is deleted afterwards."""
    # /tmp and not TMPDIR: short enough for a socket's path, and open to the servers' own account.
    with tempfile.TemporaryDirectory(prefix="bagdar-", dir="/tmp") as directory:
        Path(directory).chmod(0o711)
        with servers(Path(directory), throwaway=True) as environment:
            yield environment
