"""Instances of the portal beside one another: each has a database of the test's server and a folder."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2
from django.conf import settings
from django.db import connection

from tests.connections import END
from tests.deploy.conftest import ROOT
from tests.patience import PATIENCE_SECONDS

ROWS = "SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE \"C\"), '')) FROM {} t"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences ORDER BY sequencename"


class Instance:
    """A database and a folder; `run` is `manage.py` there."""

    def __init__(self, url: str, var: Path) -> None:
        self.url, self.var = url, var
        self.var.mkdir(parents=True, exist_ok=True)
        self.env = os.environ | {
            "DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL, "BAGDAR_VAR": str(var),
            "SECRET_KEY": "the key of these tests", "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUTF8": "1",
        }  # fmt: skip

    @property
    def media(self) -> Path:
        return self.var / "media"

    def begin(self, *words: str, **also: str) -> "subprocess.Popen[str]":
        """A Python process of the portal."""
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT, env=self.env | also, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *words: str, **also: str) -> tuple[int, str]:
        """The exit code of `manage.py WORDS...` and all that it said."""
        process = self.begin("manage.py", *words, **also)
        said, complained = process.communicate(timeout=PATIENCE_SECONDS)
        return process.returncode, said + complained

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Rows of the database; a statement that has none is simply done."""
        opened = psycopg2.connect(self.url)
        with opened, opened.cursor() as cursor:
            cursor.execute(statement)
            found = cursor.fetchall() if cursor.description else []
        opened.close()
        return found

    def tables(self) -> dict[str, object]:
        """A checksum of all rows of each table."""
        names = [str(name) for (name,) in self.ask(TABLES)]
        return {name: self.ask(ROWS.format(name))[0][0] for name in names}

    def sequences(self) -> list[tuple[object, ...]]:
        """Each sequence and how far it is."""
        return self.ask(SEQUENCES)

    def files(self) -> dict[str, str]:
        """A checksum of each uploaded file."""
        paths = [path for path in self.media.rglob("*") if path.is_file()]
        return {
            str(path.relative_to(self.media)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
        }


def url_of(name: str) -> str:
    """Of a database of the test's server."""
    parts = connection.settings_dict
    host, password = quote(str(parts["HOST"]), safe=""), quote(str(parts["PASSWORD"]))
    return f"postgres://{parts['USER']}:{password}@{host}:{parts['PORT'] or 5432}/{name}"


@contextmanager
def instance(var: Path, name: str, *, template: str = "template0") -> Iterator[Instance]:
    """An instance with a database of that name, a copy of the template, gone at the end."""
    name = f"{name}_{connection.settings_dict['NAME']}"
    administering = psycopg2.connect(url_of("postgres"))
    administering.autocommit = True
    try:
        with administering.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(END, [template])
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            yield Instance(url_of(name), var)
            cursor.execute(END, [name])
            cursor.execute(f'DROP DATABASE "{name}"')
    finally:
        administering.close()
