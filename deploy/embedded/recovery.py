"""Back to a moment: a copy of the embedded database, and what it wrote since then (docs/reliability.md).

A server that runs with WAL_ARCHIVE keeps in that folder all that it writes. From a copy of its data and that
folder comes the database of any moment after the copy.
"""

import datetime as dt
import os
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

from deploy.embedded import accounts, paths, programs
from deploy.embedded.accounts import Account
from deploy.embedded.errors import LaunchError
from deploy.embedded.postgres import SOCKET_NAME
from deploy.embedded.servers import socket_directory


def make_base(var: Path, folder: Path) -> None:
    """Copies the data of the running server into a folder that is made; LaunchError where that fails."""
    home, account = accounts.settle(var)
    sockets = socket_directory(home)
    if not (sockets / SOCKET_NAME).exists():
        raise LaunchError(f"The database in {var} is not running; start the portal first.")
    account.claim(folder)
    command = [str(programs.postgres(account, home) / "pg_basebackup"), f"--pgdata={folder}"]
    command += [f"--host={sockets}", "--username=postgres", "--no-password", "--checkpoint=fast"]
    _run(account, command, {"PGPASSWORD": paths.secret(home / "postgres_password")})


def recover(var: Path, folder: Path, until: str) -> None:
    """Puts the copy in the place of the data of the instance, which must be stopped, to be as of a moment.

    The server goes through its archive when it is started next. What was there stays beside it.
    """
    archive = Path(os.environ.get("WAL_ARCHIVE") or "/nowhere").resolve()
    if not archive.is_dir():
        raise LaunchError("Name the folder of what the server has written in WAL_ARCHIVE.")
    moment = _moment(until)
    paths.prepare(var)
    with paths.instance_lock(var):
        home, account = accounts.settle(var)
        _run(account, [str(programs.postgres(account, home) / "pg_verifybackup"), str(folder)])
        partial, data = home / "postgres.new", home / "postgres"
        if partial.exists():
            shutil.rmtree(partial)
        shutil.copytree(folder, partial, symlinks=True)
        for place in (partial, *partial.rglob("*")):
            os.chown(place, account.uid, account.gid, follow_symlinks=False)
        with (partial / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"restore_command = '{_fetching(archive)}'\n")
            settings.write(f"recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n")
        signal_file = partial / "recovery.signal"
        signal_file.touch()
        os.chown(signal_file, account.uid, account.gid)
        if data.exists():
            data.rename(home / f"postgres.before-{time.strftime('%Y%m%dT%H%M%S')}")
        partial.rename(data)


def _fetching(archive: Path) -> str:
    """The command by which the server gets a file of the archive, as its settings quote it."""
    folder = shlex.quote(str(archive)).replace("%", "%%").replace("'", "''")
    return f"cp {folder}/%f %p"


def _moment(written: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise LaunchError(f"{written!r} is no moment with its zone, such as 2026-11-21T22:04:00+05:00.")
    return moment.isoformat(sep=" ")


def _run(account: Account, command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(  # noqa: S603 - our own command, no shell
        account.leashed(command, signal.SIGTERM),
        check=False, capture_output=True, text=True, cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"} | (environment or {}),
    )  # fmt: skip
    if done.returncode:
        cause = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LaunchError(f"{Path(command[0]).name} failed: {cause}")
