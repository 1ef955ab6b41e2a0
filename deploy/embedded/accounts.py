"""The account that the embedded servers run under, and the place where it can reach them.

PostgreSQL refuses to run as root. For an ordinary user the servers run as that user and live in BAGDAR_VAR.
For root they run as the owner of the data that exists already, else as `bagdar` where an operator has made
such an account, else as `daemon` or `nobody`. When that account cannot enter BAGDAR_VAR (under /root, for
instance), no directory's mode is loosened: the data then lives in a directory of its own under /var/lib,
which `servers.path` in BAGDAR_VAR names, and the programs are copied there when they too are out of reach.
"""

import os
import pwd
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.errors import LaunchError

CANDIDATES = ("bagdar", "daemon", "nobody")
STATE = Path("/var/lib")
LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @classmethod
    def current(cls) -> "Account":
        return cls(os.geteuid(), os.getegid())

    def leashed(self, command: list[str], stop: int) -> list[str]:
        """The command line that runs `command` as this account and sends it `stop` when we die."""
        head = [sys.executable, "-I", "-S", str(LEASH), str(int(stop)), str(os.getpid())]
        return [*head, str(self.uid), str(self.gid), *command]

    def may(self, permission: str, path: Path) -> bool:
        """Whether this account has `permission` ("r" or "x") on `path`, every directory above included."""
        command = self.leashed(["/bin/sh", "-c", f'test -{permission} "$0"', str(path)], stop=9)
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0  # noqa: S603

    def claim(self, directory: Path) -> Path:
        """Create `directory` for this account alone, or make sure that an existing one is just that."""
        try:
            directory.mkdir(mode=0o700)
        except FileExistsError:
            found = directory.lstat()
            private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
            if not private or found.st_uid not in {self.uid, os.geteuid()}:
                raise LaunchError(
                    f"{directory} is not a private directory of user {self.uid}; "
                    "move it away and start again."
                ) from None
        os.chown(directory, self.uid, self.gid)
        return directory


def server_account(home: Path) -> Account:
    """The account for the servers whose data is, or will be, in `home`."""
    if os.geteuid() != 0:
        return Account.current()
    data = home / "postgres"
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise LaunchError("PostgreSQL does not run as root, and there is no user daemon or nobody to run it as.")


def settle(var: Path) -> tuple[Path, Account]:
    """Where the servers' data lives and whose it is: `var` itself whenever the account can reach it."""
    pointer = var / "servers.path"
    if pointer.exists():
        home = Path(pointer.read_text().strip())
        _check_owner(home, var)
        return home, server_account(home)
    account = server_account(var)
    if os.geteuid() != 0 or account.may("x", var):
        return var, account
    if (var / "postgres").exists():
        raise LaunchError(
            f"The account of {var / 'postgres'} can no longer enter {var}; "
            "restore the modes of the directories above it, or run as that account."
        )
    home = Path(tempfile.mkdtemp(prefix="bagdar-", dir=STATE))
    home.chmod(0o711)
    (home / "owner").write_text(str(var))
    pointer.write_text(str(home))
    return home, account


def _check_owner(home: Path, var: Path) -> None:
    """Refuse data that is gone, or that still belongs to the directory which `var` was copied from."""
    if not home.is_dir():
        raise LaunchError(
            f"The servers' data in {home} is missing; restore it, or delete {var / 'servers.path'} "
            "to begin with an empty database."
        )
    owner = home / "owner"
    former = Path(owner.read_text())
    if former != var and (former / "servers.path").exists():
        raise LaunchError(
            f"{var} is a copy of {former} and would share its data in {home}; "
            f"delete {var / 'servers.path'} to begin with an empty database."
        )
    owner.write_text(str(var))
