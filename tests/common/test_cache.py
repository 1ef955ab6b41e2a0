"""The cache in Redis."""

import pytest
import redis
from django.core.cache import cache


def test_commands_share_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.set("word", "сөз")
    made = []
    monkeypatch.setattr(redis.Redis, "__init__", lambda *_args, **_options: made.append(1))
    assert (cache.get("word"), cache.get_many(["word"])) == ("сөз", {"word": "сөз"})
    assert cache.delete("word")
    assert made == []
