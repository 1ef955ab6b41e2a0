"""The file of a back-up: whole or refused, and read in a memory that does not grow with it."""

import hashlib
import io
import os
import tracemalloc
from collections.abc import Callable

import pytest

from portal.backups import BackupError
from portal.backups.archive import PIECE, Manifest, Writer, members, part_of, safe_name, verify

MANIFEST = Manifest("2026-11-21T00:00:00+00:00", 18, ["common.0001_changes"], {"common_change": 4}, 2, 9)


def written(dump: bytes = b"dump" * 1000) -> bytes:
    target = io.BytesIO()
    writer = Writer(target)
    writer.add_file("uploads/2026/11/ұ.csv", io.BytesIO(b"first"), 5, 0)
    writer.add_file("uploads/2026/11/b.csv", io.BytesIO(b"next"), 4, 0)
    writer.add_dump("rest", io.BytesIO(dump))
    writer.finish(MANIFEST)
    return target.getvalue()


def test_what_was_written_is_read_again() -> None:
    archive = written()
    assert verify(io.BytesIO(archive)).tables == {"common_change": 4}
    found = {name: content.read() for name, _size, content in members(io.BytesIO(archive))}
    assert found["media/uploads/2026/11/ұ.csv"] == b"first"
    assert found["database/rest.dump.000000"] == b"dump" * 1000
    lines = found["checksums.txt"].decode().splitlines()
    assert f"{hashlib.sha256(b'next').hexdigest()}  media/uploads/2026/11/b.csv" in lines


def test_a_dump_is_cut_into_pieces_and_belongs_together() -> None:
    archive = written(os.urandom(2 * PIECE + 5))
    parts = [part_of(member) for member in members(io.BytesIO(archive))]
    assert parts.count(("database", "rest")) == 3
    assert parts.count(("media", "")) == 2


@pytest.mark.parametrize("place", range(0, 13_000, 97))
def test_no_bit_can_change_unnoticed_where_something_is_said(place: int) -> None:
    archive = bytearray(written())
    archive[place] ^= 1
    try:
        found = verify(io.BytesIO(archive))
    except BackupError:
        return
    # What is between the members says nothing.
    kept = [(name, content.read()) for name, _size, content in members(io.BytesIO(archive))]
    assert kept == [(name, content.read()) for name, _size, content in members(io.BytesIO(written()))]
    assert found.tables == MANIFEST.tables


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.7])
def test_it_is_refused_when_it_is_cut_off(kept: float) -> None:
    archive = written()
    with pytest.raises(BackupError):
        verify(io.BytesIO(archive[: int(len(archive.rstrip(b"\0")) * kept)]))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda archive: archive[: archive.index(b"manifest-")], "its end is missing"),
        (lambda archive: archive.replace(b'"tables"', b'"tablet"'), "its manifest is another one"),
        (lambda archive: archive.replace(b"next", b"text"), "a checksum is wrong"),
        (lambda archive: b"", "no back-up"),
        (lambda archive: b"PK\3\4" + bytes(5000), "no back-up"),
        (lambda archive: b"\x1f\x8b" + archive, "no back-up"),
    ],
)
def test_it_is_said_what_is_wrong(spoil: Callable[[bytes], bytes], words: str) -> None:
    with pytest.raises(BackupError, match=words):
        verify(io.BytesIO(spoil(written())))


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", "a\0b"])
def test_no_file_leads_out_of_the_folder(name: str) -> None:
    with pytest.raises(BackupError, match="forbidden name"):
        safe_name(name)


def test_many_files_and_a_long_dump_need_no_more_memory() -> None:
    class Endless(io.RawIOBase):
        left = 12 * PIECE

        def read(self, size: int = -1) -> bytes:
            given = min(size, self.left)
            self.left -= given
            return bytes(given)

    with open(os.devnull, "wb") as nowhere:
        tracemalloc.start()
        writer = Writer(nowhere)
        for number in range(5_000):
            writer.add_file(f"uploads/{number}.csv", io.BytesIO(b"x"), 1, 0)
        writer.add_dump("rest", Endless())  # type: ignore[arg-type]
        writer.finish(MANIFEST)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 4 * PIECE
