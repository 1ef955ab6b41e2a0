"""Collected files lie there compressed, so that nobody compresses them for a reader."""

from pathlib import Path

import brotli

from common.static_files import QUALITY, CollectedFiles
from config import settings_servers


def test_a_collected_file_lies_there_as_brotli_too(tmp_path: Path) -> None:
    content = b".chart { fill: none; stroke: currentColor }\n" * 200
    (tmp_path / "look.css").write_bytes(content)
    storage = CollectedFiles(location=tmp_path, base_url="/static/")
    collected = dict.fromkeys(["look.css"], (storage, "look.css"))
    names = [name for _original, name, _processed in storage.post_process(collected)]
    packed = [tmp_path / name for name in names if name and name.endswith(".css.br")]
    assert packed
    assert {each.read_bytes() for each in packed} == {brotli.compress(content, quality=QUALITY)}


def test_they_are_collected_so() -> None:
    assert settings_servers.STORAGES["staticfiles"]["BACKEND"] == "common.static_files.CollectedFiles"
