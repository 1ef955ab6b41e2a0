"""The file of a back-up: written once from front to back, and checked as a whole before it is used."""

import hashlib
import io
import json
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any

from portal.backups import BackupError

FORMAT = b"1"
HEADER = "bagdar-backup"
CHECKSUMS = "checksums.txt"
MANIFEST = re.compile(r"manifest-([0-9a-f]{64})\.json")
PIECE = 8 * 1024 * 1024
"""Bytes of a dump that are held in memory at a time."""
MOST_MANIFEST_BYTES = 50_000_000


@dataclass(frozen=True)
class Manifest:
    """What is in a back-up. `migrations` as `app.name`, `tables` with their rows, `missing`: files that the
    database names and that were lost before, `secret_key`: a mark of the key, not the key."""

    at: str
    postgresql: int
    migrations: list[str]
    tables: dict[str, int]
    files: int
    file_bytes: int
    missing: list[str] = field(default_factory=list)
    secret_key: str = ""
    checksums: str = ""


class Counting:
    """A file that is read, with its checksum so far."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


class Writer:
    """Writes the members of a back-up one after another."""

    def __init__(self, target: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._checksums = tempfile.TemporaryFile()  # noqa: SIM115 - as many lines as there are files
        self._add(HEADER, io.BytesIO(FORMAT), len(FORMAT))

    def add_file(self, name: str, file: IO[bytes], size: int, modified: float) -> None:
        """An uploaded file of `size` bytes, by its name in the media folder."""
        self._add(f"media/{name}", file, size, modified)

    def add_dump(self, name: str, source: IO[bytes]) -> None:
        """All that `source` gives, in pieces: how long it will be is not known before."""
        number = 0
        while piece := source.read(PIECE):
            self._add(f"database/{name}.dump.{number:06}", io.BytesIO(piece), len(piece))
            number += 1

    def finish(self, manifest: Manifest) -> None:
        """The checksums and the manifest, without which a back-up is none."""
        size = self._checksums.tell()
        self._checksums.seek(0)
        digest = self._add(CHECKSUMS, self._checksums, size)
        text = json.dumps(asdict(manifest) | {"checksums": digest}, ensure_ascii=False, indent=1).encode()
        self._add(f"manifest-{hashlib.sha256(text).hexdigest()}.json", io.BytesIO(text), len(text))
        self._tar.close()
        self._checksums.close()

    def _add(self, name: str, file: IO[bytes], size: int, modified: float = 0) -> str:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, modified, 0o600
        counting = Counting(file)
        self._tar.addfile(member, counting)
        self._tar.members.clear()  # type: ignore[attr-defined] # it would remember them all
        digest = counting.digest.hexdigest()
        self._checksums.write(f"{digest}  {name}\n".encode())
        return digest


@contextmanager
def _sound() -> Iterator[None]:
    """Says of a broken archive that it is one."""
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"The file is damaged or no back-up of Bağdar ({error}).") from error


def members(source: IO[bytes]) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Name, size and content of each member, of which nothing is held; `BackupError` for what is no tar."""
    with _sound(), tarfile.open(fileobj=source, mode="r|") as tar:
        while member := tar.next():
            tar.members.clear()  # type: ignore[attr-defined]
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise BackupError(f"The back-up is damaged: {member.name} is no file.")
            yield member.name, member.size, content


def verify(source: IO[bytes]) -> Manifest:
    """Reads everything, compares every checksum, and returns the manifest; `BackupError` for any fault."""
    found = hashlib.sha256()
    checksums = ""
    with _sound():
        for number, (name, size, content) in enumerate(members(source)):
            if match := MANIFEST.fullmatch(name):
                return _manifest(content, size, match[1], checksums)
            digest = _digest(content)
            if number == 0 and (name != HEADER or digest != hashlib.sha256(FORMAT).hexdigest()):
                raise BackupError("The file is no back-up of Bağdar that this version can read.")
            if name == CHECKSUMS:
                checksums = digest
                if checksums != found.hexdigest():
                    raise BackupError("The back-up is damaged: a checksum is wrong. Take another one.")
            found.update(f"{digest}  {name}\n".encode())
    raise BackupError("The back-up is cut off: its end is missing. Take another one.")


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := content.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _manifest(content: IO[bytes], size: int, digest: str, checksums: str) -> Manifest:
    text = content.read() if size <= MOST_MANIFEST_BYTES else b""
    if hashlib.sha256(text).hexdigest() != digest:
        raise BackupError("The back-up is damaged: its manifest is another one. Take another back-up.")
    try:
        fields: dict[str, Any] = json.loads(text)
        manifest = Manifest(**fields)
    except (ValueError, TypeError) as error:
        raise BackupError("The manifest is not one that this version can read.") from error
    if not checksums or manifest.checksums != checksums:
        raise BackupError("The back-up is damaged: its checksums are not those of its manifest.")
    return manifest


def part_of(member: tuple[str, int, IO[bytes]]) -> tuple[str, str]:
    """What a member is part of: ("media", ""), ("database", the dump's name); of neither: ("", "")."""
    kind, slash, name = member[0].partition("/")
    return (kind, name.partition(".")[0] if kind == "database" else "") if slash else ("", "")


def safe_name(name: str) -> str:
    """A file's name in the media folder; `BackupError` where it would lead out of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise BackupError(f"The back-up holds a file with the forbidden name {name!r}; it is not restored.")
    return str(path)
