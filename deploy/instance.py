"""A portal of one's own in a folder, and people who use it over HTTP: for trying out faults and loads."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg2

from deploy.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = re.compile(r"^ +(\S+@bagdar\.example) +(\S+)$")
LOG_IN = "/en/accounts/login/"


@dataclass(frozen=True)
class Answer:
    """The status as digits, or "cut" where no answer came; the body as text."""

    status: str
    text: str = ""


class Person:
    """A browser: keeps its cookies, and does not give up when a connection breaks."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self.send("GET", path, b"", {})

    def post_form(self, path: str, fields: dict[str, str]) -> Answer:
        kind = "application/x-www-form-urlencoded"
        return self.send("POST", path, urlencode(fields).encode(), {"Content-Type": kind})

    def post_json(self, path: str, what: object, **headers: str) -> Answer:
        return self.send(
            "POST", path, json.dumps(what).encode(), {"Content-Type": "application/json", **headers}
        )

    def post_file(self, path: str, fields: dict[str, str], content: bytes, **headers: str) -> Answer:
        line = "a-line-that-no-file-has"
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="table.csv"\r\n'
        body = "".join(parts).encode() + head.encode() + b"Content-Type: text/csv\r\n\r\n"
        body += content + f"\r\n--{line}--\r\n".encode()
        return self.send(
            "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={line}", **headers}
        )

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        own = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if token := self.cookies.get("csrftoken"):
            own["X-CSRFToken"] = token
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        try:
            connection.request(method, path, body, own | headers)
            found = connection.getresponse()
            text = found.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return Answer("cut")
        finally:
            connection.close()
        for line in found.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        return Answer(str(found.status), text)

    def log_in(self, email: str, password: str) -> None:
        page = self.get(LOG_IN).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        fields = {"csrfmiddlewaretoken": token[1] if token else "", "login": email, "password": password}
        answer = self.post_form(LOG_IN, fields)
        if answer.status != "302":
            raise RuntimeError(f"{email} cannot log in: {answer.status}.")


class Instance:
    """A portal in a folder; once it runs: where its database is, and who may log in."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.passwords: dict[str, str] = {}
        self.environment: dict[str, str] = {}
        self._people: dict[str, Person] = {}

    @contextmanager
    def running(self) -> Iterator["Instance"]:
        """Starts it, waits until it is ready, and stops it at the end."""
        own = {"BAGDAR_VAR": str(self.var), "PORT": str(self.port), "PYTHONUTF8": "1"}
        kept = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
        }
        self.launcher = subprocess.Popen(
            [sys.executable, "-m", "deploy.embedded", "up"],
            cwd=ROOT, env=kept | own, text=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            self._read_until_ready()
            note = json.loads((self.var / "run" / "environment.json").read_text())
            self.environment = kept | own | note
            yield self
        finally:
            self.launcher.terminate()
            self.launcher.communicate(timeout=120)

    def _read_until_ready(self) -> None:
        for line in self.launcher.stdout or ():
            if match := PASSWORD.match(line):
                self.passwords[match[1]] = match[2]
            if "is ready" in line:
                return
        raise RuntimeError("The portal did not start.")

    @property
    def url(self) -> str:
        return self.environment["DATABASE_URL"]

    def person(self, name: str) -> Person:
        """Somebody who has logged in, and stays so."""
        if name not in self._people:
            person = Person(self.port)
            person.log_in(f"{name}@bagdar.example", self.passwords[f"{name}@bagdar.example"])
            self._people[name] = person
        return self._people[name]

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        opened = psycopg2.connect(self.url, connect_timeout=5)
        try:
            with opened.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()
        finally:
            opened.close()

    def processes(self, pattern: str, *, deep: bool = False) -> list[int]:
        """The parts whose command line holds the pattern; with `deep`, what they have started, too."""
        found = [pid for pid in _children(self.launcher.pid) if pattern in _command(pid)]
        return [*found, *(child for pid in found for child in _children(pid))] if deep else found

    def wait_until_whole(self, seconds: float = 60) -> None:
        """Until each of its parts runs again."""
        deadline = time.monotonic() + seconds
        parts = ("gunicorn", " worker ", " beat ", "valkey-server", "postgres -D")
        while time.monotonic() < deadline:
            if (
                all(self.processes(part) for part in parts)
                and Person(self.port).get("/readyz").status == "200"
            ):
                return
            time.sleep(0.2)
        raise RuntimeError("The portal did not recover.")


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.name))
    return found


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
