"""The directory in which one instance keeps everything (BAGDAR_VAR), and its lock, secrets and logs."""

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.embedded.errors import AlreadyRunningError, LaunchError

REPOSITORY = Path(__file__).resolve().parents[2]
NEEDED_BYTES = 500_000_000
LOG_LIMIT_BYTES = 5_000_000


def instance_directory(value: str | None) -> Path:
    """BAGDAR_VAR, or `var` in the repository, as an absolute path without symbolic links."""
    return Path(value or REPOSITORY / "var").resolve()


def prepare(var: Path) -> None:
    """Create `var` and the folders in it that belong to the portal itself.

    `var` may be crossed but not listed by others, so that the servers' own account reaches its data when
    the launcher is root; a directory that exists already keeps its mode.
    """
    try:
        if not var.exists():
            var.mkdir(parents=True)
            var.chmod(0o711)
        for name in ("log", "media", "run"):
            (var / name).mkdir(mode=0o700, exist_ok=True)
        (var / "run" / "lock").open("a").close()
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise LaunchError(
            f"{var} cannot be written ({error.strerror}); set BAGDAR_VAR to a directory that can be."
        ) from error


def require_space(directory: Path, needed: int = NEEDED_BYTES) -> None:
    """Raise LaunchError when the disk under `directory` has fewer than `needed` bytes left."""
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise LaunchError(
            f"The disk under {directory} has {free // 10**6} MB left and {needed // 10**6} MB are needed; "
            "free some space and start again."
        )


@contextmanager
def instance_lock(var: Path) -> Iterator[None]:
    """Hold `var` for one launcher; the kernel lets go of it however the launcher ends."""
    with (var / "run" / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunningError(
                f"Bağdar is already running in {var} (process {lock.read().strip() or 'unknown'}); "
                "stop it first, or give this one its own BAGDAR_VAR and PORT."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def secret(path: Path) -> str:
    """The secret kept in `path`, readable by this user alone; made on first use.

    The alphabet (A-Z, a-z, 0-9, `-`, `_`) needs no quoting in a URL.
    """
    if path.exists() and (kept := path.read_text().strip()):
        return kept
    made = secrets.token_urlsafe(48)
    partial = path.with_name(f".{path.name}.new")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(made)
    partial.replace(path)
    return made


def log_file(var: Path, name: str) -> Path:
    """The log of one process; a log past the limit is first set aside as `<name>.log.1`."""
    path = var / "log" / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path


def last_line(log: Path) -> str:
    """The last line that says something, or nothing."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        lines = file.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
