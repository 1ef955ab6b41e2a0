"""A database with the data that ships with the portal, and a copy of the files to change."""

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from programmes import packages
from programmes.models import LoadedPackage
from programmes.packages.reading import Reader

State = dict[str, tuple[object, ...] | None]


class DataCopy:
    """A copy of `data/` in which text can be replaced."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def replace(self, file: str, old: str, new: str) -> int:
        """Replaces the first `old` by `new`; returns the line on which it begins."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    def load(self, *, prune: bool = False) -> packages.Summary:
        """Loads the copy."""
        return packages.load(self.root, prune=prune)


READ: dict[tuple[str, str, str], bytes] = {}
"""Of each text that its schema found no fault in, what the file is and holds."""


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are as they were in a case before are not parsed and checked again: a case changes one of
    many, and none changes a schema."""
    read = Reader._yaml

    def known(self: Reader, path: Path, schema: str) -> Any:
        key = (self.name(path), self.text(path), schema)
        if key not in READ:
            READ[key] = pickle.dumps(read(self, path, schema))
        return pickle.loads(READ[key])

    monkeypatch.setattr(Reader, "_yaml", known)


@pytest.fixture(autouse=True)
def _loaded(db: None) -> None:
    packages.load(settings.DATA_DIR)


@pytest.fixture
def data(tmp_path: Path) -> DataCopy:
    return DataCopy(Path(shutil.copytree(settings.DATA_DIR, tmp_path / "data")))


@pytest.fixture
def state() -> Callable[[], State]:
    """`state()`: count and hash of the rows of each table, but the moment of the load itself."""

    def hashes() -> State:
        tables = [
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if model._meta.app_label in {"accounts", "cities", "indicators", "programmes"}
            and model is not LoadedPackage
        ]
        found: State = {}
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT count(*), sum(hashtextextended(row::text, 0)) FROM {table} row")
                found[table] = cursor.fetchone()
        return found

    return hashes
