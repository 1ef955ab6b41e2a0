"""The outermost layer of a back-up: sealed with age (https://age-encryption.org) for those who may read it.

Who makes a back-up needs only the recipients' public keys; the key that opens it can be kept elsewhere.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pyrage

from portal.backups import BackupError

MARK = b"age-encryption.org/v1"
SUFFIX = ".age"


def recipients_of(keys: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """The public keys as age knows them; `BackupError` for what is none."""
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError as error:
        raise BackupError(
            f"BACKUP_RECIPIENTS holds something that is no public key of age ({error})."
        ) from None


def is_sealed(path: Path) -> bool:
    """Whether the file begins as age's do."""
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK


@contextmanager
def sealed(target: IO[bytes], keys: Sequence[str]) -> Iterator[IO[bytes]]:
    """What is written here reaches `target`, sealed if there are keys. Raises `OSError` as writing does."""
    if not keys:
        yield target
        return
    recipients = recipients_of(keys)
    reader, writer = _pipe()
    worker = _Worker(lambda: pyrage.encrypt_io(reader, target, recipients), reader)
    try:
        yield writer
    except BrokenPipeError:
        worker.finish()  # what went wrong behind the pipe says more
        raise
    finally:
        with suppress(OSError):
            writer.close()
        worker.join()
    worker.finish()


@contextmanager
def opened(path: Path, key_file: str) -> Iterator[IO[bytes]]:
    """The archive inside; `key_file` is needed if it is sealed. `BackupError` for a broken seal."""
    with path.open("rb") as file:
        if not is_sealed(path):
            yield file
            return
        identities = _identities(key_file)
        reader, writer = _pipe()
        worker = _Worker(lambda: pyrage.decrypt_io(file, writer, identities), writer)
        try:
            yield reader
            while reader.read(1024 * 1024):  # to the end: the last seal counts, too
                pass
        except BackupError as error:
            raise _broken(worker.error) if worker.error else error from None
        finally:
            reader.close()
            worker.join()
        if worker.error:
            raise _broken(worker.error)


def _broken(error: Exception) -> BackupError:
    return BackupError(f"The back-up cannot be opened: damaged, or sealed for another key ({error}).")


def _identities(key_file: str) -> list[pyrage.x25519.Identity]:
    """The secret keys in a file as `age-keygen` writes it."""
    if not key_file:
        raise BackupError("The back-up is sealed: name the file of its key in BACKUP_IDENTITY_FILE.")
    try:
        lines = Path(key_file).read_text().split()
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BackupError(f"The key in {key_file} cannot be read ({error}).") from None


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    reader, writer = os.pipe()
    return os.fdopen(reader, "rb"), os.fdopen(writer, "wb")


class _Worker:
    """One side of a pipe in a thread; closes its end however it ends."""

    def __init__(self, work: Callable[[], None], end: IO[bytes]) -> None:
        self._work, self._end = work, end
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:
            self.error = error
        finally:
            with suppress(OSError):
                self._end.close()

    def join(self) -> None:
        self._thread.join()

    def finish(self) -> None:
        """Raises what went wrong in the thread."""
        self.join()
        if self.error is not None:
            raise OSError(str(self.error)) from self.error
