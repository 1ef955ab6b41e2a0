"""A PostgreSQL that others can follow, and replicas that stream from it: in folders of their own."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2

from deploy.embedded.accounts import Account

SUPERUSER = "postgres"
SETTINGS = {
    "wal_level": "replica", "wal_keep_size": "512MB",
    "hot_standby": "on", "hot_standby_feedback": "on", "shared_buffers": "64MB",
    "wal_receiver_timeout": "5s", "wal_sender_timeout": "5s", "wal_retrieve_retry_interval": "1s",
}  # fmt: skip


class DatabaseError(Exception):
    """A program of PostgreSQL failed; the text is the end of what it said."""


@dataclass
class Server:
    """One server: its data in `folder`/data, its sockets in `folder`; `host` is listened on, too.

    `inside` are the words that put a command into a network namespace.
    """

    programs: Path
    account: Account
    folder: Path
    port: int
    host: str = ""
    inside: Sequence[str] = ()
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, user: str, password: str, database: str) -> str:
        """How clients on this machine reach it, over the network if it listens there."""
        host = self.host or quote(str(self.folder), safe="")
        return f"postgres://{user}:{password}@{host}:{self.port}/{database}"

    def create(self, password: str, network: str) -> None:
        """An empty server, which lets in whoever knows a password from the network."""
        self.account.claim(self.folder)
        secret = self.folder / "password"
        secret.write_text(password)
        os.chown(secret, self.account.uid, self.account.gid)
        options = [f"--username={SUPERUSER}", f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8"]
        rules = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync"]
        self._run(["initdb", "-D", str(self.data), *options, *rules], password)
        secret.unlink()
        with (self.data / "pg_hba.conf").open("a") as file:
            for database in ("all", "replication"):
                file.write(f"host {database} all {network} scram-sha-256\n")

    def follow(self, primary: "Server", password: str) -> None:
        """Copies the primary's data, and what it takes to stream what is written from then on."""
        self.account.claim(self.folder)
        source = f"host={primary.host or primary.folder} port={primary.port} user={SUPERUSER}"
        command = ["pg_basebackup", "-D", str(self.data), "-d", source, "-R", "-X", "stream", "-c", "fast"]
        self._run([*command, "--no-sync"], password)

    def start(self) -> None:
        """Starts it, and waits until it lets clients in."""
        options = SETTINGS | {
            "listen_addresses": self.host, "port": str(self.port),
            "unix_socket_directories": str(self.folder),
        }  # fmt: skip
        words = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(self.programs / "postgres"), "-D", str(self.data), *words]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                [*self.inside, *self.account.leashed(command, signal.SIGINT)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            )  # fmt: skip
        self._wait()

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Ends it as if somebody switched it off (SIGQUIT), or in order."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(30)

    def promote(self) -> None:
        """Makes a replica the primary."""
        self._run(["pg_ctl", "promote", "-D", str(self.data), "-w", "-t", "30"], "")

    def ask(self, question: str, url: str) -> object:
        """The first value of the answer, over a connection of its own."""
        connection = psycopg2.connect(url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(question)
                row = cursor.fetchone() if cursor.description else None
                return row[0] if row else None
        finally:
            connection.close()

    def _wait(self, seconds: float = 60) -> None:
        """Its own word for it: a line in `postmaster.pid`."""
        until = time.monotonic() + seconds
        while not self._is_open():
            if (self.process and self.process.poll() is not None) or time.monotonic() > until:
                raise DatabaseError(_end_of(self.folder / "log"))
            time.sleep(0.05)

    def _is_open(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() in {"ready", "standby"}

    def _run(self, command: Sequence[str], password: str) -> None:
        words = [str(self.programs / command[0]), *command[1:]]
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            [*self.inside, *self.account.leashed(words, signal.SIGTERM)],
            check=False, capture_output=True, text=True, cwd=self.folder, timeout=300,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "PGPASSWORD": password},
        )  # fmt: skip
        if done.returncode:
            raise DatabaseError(done.stderr.strip()[-1000:])


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-10:])
