"""The embedded PostgreSQL: on a Unix socket only, with passwords, owned by an unprivileged account."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from deploy.embedded import paths
from deploy.embedded.accounts import Account
from deploy.embedded.errors import LaunchError
from deploy.embedded.processes import Child

SOCKET_NAME = ".s.PGSQL.5432"
OWNER = DATABASE = "bagdar"
"""The role that the portal connects as: it owns its database and is no superuser."""
UNSAFE_BUT_FAST = ("fsync", "synchronous_commit", "full_page_writes")
FIRST_WITH_UNICODE_FAST, FIRST_WITH_BUILTIN = 18, 17


ARCHIVE_SECONDS = 60
"""How old what is not yet in the archive may be, while anything is written at all."""


def archiving(folder: Path) -> dict[str, str]:
    """The settings by which a server keeps all that it writes in the folder (`deploy.embedded.recovery`)."""
    return {
        "archive_mode": "on",
        "archive_library": "basic_archive",
        "basic_archive.archive_directory": str(folder),
        "archive_timeout": str(ARCHIVE_SECONDS),
    }


class Postgres:
    """One cluster in `home`/postgres, reached through `sockets`."""

    def __init__(self, programs: Path, home: Path, sockets: Path, account: Account, log: Path) -> None:
        self.programs, self.home, self.sockets = programs, home, sockets
        self.account, self.log = account, log
        self.data = home / "postgres"
        # Neither PG* variables nor locales of the user's shell may reach the server.
        self.environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}

    @property
    def url(self) -> str:
        password = paths.secret(self.home / "database_password")
        return f"postgres://{OWNER}:{password}@{quote(str(self.sockets), safe='')}:5432/{DATABASE}"

    def initialise(self, *, throwaway: bool = False) -> None:
        """Create the cluster once; one that an interrupted start left half-made is made again."""
        if self.data.exists():
            return self._check_version()
        partial = self.home / "postgres.new"
        if partial.exists():
            shutil.rmtree(partial)
        self.account.claim(partial)
        password_file = self.sockets / "password"
        password_file.write_text(paths.secret(self.home / "postgres_password"))
        os.chown(password_file, self.account.uid, self.account.gid)
        command = [str(self.programs / "initdb"), f"--pgdata={partial}", "--username=postgres"]
        command += [f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8", *self._locale()]
        command += ["--no-instructions", *(["--no-sync"] if throwaway else [])]
        try:
            self._run(command)
        finally:
            password_file.unlink()
        partial.rename(self.data)

    def _run(self, command: list[str]) -> None:
        with self.log.open("ab") as log:
            done = subprocess.run(  # noqa: S603 - our own command, no shell
                self.account.leashed(command, signal.SIGTERM),
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.sockets,
            )
        if done.returncode:
            paths.require_space(self.home, 50_000_000)
            raise LaunchError(
                f"The database could not be created ({paths.last_line(self.log)}); see {self.log}."
            )

    def _version(self) -> int:
        answer = subprocess.run(  # noqa: S603 - our own command, no shell
            [self.programs / "postgres", "--version"], check=True, capture_output=True, text=True
        )
        return int(answer.stdout.split()[2].partition(".")[0])

    def _locale(self) -> list[str]:
        """Unicode rules that do not depend on the machine's locales, as far as the version has them."""
        version = self._version()
        if version < FIRST_WITH_BUILTIN:
            return ["--locale=C.UTF-8"]
        rules = "PG_UNICODE_FAST" if version >= FIRST_WITH_UNICODE_FAST else "C.UTF-8"
        return ["--locale=C", "--locale-provider=builtin", f"--builtin-locale={rules}"]

    def _check_version(self) -> None:
        written_by, installed = int((self.data / "PG_VERSION").read_text()), self._version()
        if written_by != installed:
            raise LaunchError(
                f"{self.data} was written by PostgreSQL {written_by}, and {installed} is installed; "
                "install the former one, or dump the database with it and restore it here."
            )

    def child(self, *, throwaway: bool = False) -> Child:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "random_page_cost": "1.1",  # of memory and SSDs: a page is as near as the next one
        }
        if archive := os.environ.get("WAL_ARCHIVE"):
            settings |= archiving(self.account.claim(Path(archive).resolve()))
        settings |= dict.fromkeys(UNSAFE_BUT_FAST, "off") if throwaway else {}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            name="PostgreSQL",
            command=[str(self.programs / "postgres"), "-D", str(self.data), *options],
            environment=self.environment,
            log=self.log,
            directory=self.data,
            account=self.account,
            stop_signal=signal.SIGINT,  # fast shutdown: clients are disconnected, everything is written
            patience=60,
            before_start=self._forget_former_run,
        )

    def _forget_former_run(self) -> None:
        """Remove the lock files of a killed server: its number may be another process's by now.

        Safe because the instance is locked and its orphans were ended; should one of them still be attached
        to the shared memory of this cluster, PostgreSQL itself refuses to start.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def is_ready(self) -> bool:
        """Whether the server answers; as soon as it does, the portal's role and database exist."""
        password = paths.secret(self.home / "postgres_password")
        try:
            connection = psycopg2.connect(
                host=str(self.sockets), port=5432, user="postgres", password=password, dbname="postgres"
            )
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise LaunchError(
                    f"The password in {self.home / 'postgres_password'} is not that of {self.data}; "
                    "restore that file."
                ) from error
            return False
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            if cursor.fetchone() == (True,):  # on its way back to a moment
                connection.close()
                return False
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = %s", [OWNER])
            change = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
            own_password = sql.Literal(paths.secret(self.home / "database_password"))
            statement = sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}")
            cursor.execute(statement.format(change, sql.Identifier(OWNER), own_password))
            cursor.execute("SELECT datname FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                create = sql.SQL("CREATE DATABASE {} OWNER {}")
                cursor.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        connection.close()
        return True
