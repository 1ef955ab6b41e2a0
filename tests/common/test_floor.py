"""The position that replicas must have reached, while Redis comes and goes."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from common.databases import floor


@pytest.fixture
def valkey(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The socket at which the tests' Valkey will answer once it is linked there."""
    socket = tmp_path / "valkey.sock"
    cache = {**settings.CACHES["default"], "LOCATION": f"unix://{socket}"}
    settings.CACHES = {**settings.CACHES, "default": cache}
    monkeypatch.setattr(floor, "PATIENCE_SECONDS", 0)
    return socket


def test_what_redis_could_not_be_told_it_is_told_later(valkey: Path, settings: Settings) -> None:
    assert not floor.raise_floor(7)
    assert not floor.raise_floor(5)
    assert floor.floor() is None
    valkey.symlink_to(urlsplit(settings.REDIS_URL).path)
    assert floor.floor() == 7
    assert floor.raise_floor(6)
    assert floor.floor() == 7
