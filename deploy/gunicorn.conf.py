# ruff: noqa: N999 - the name that gunicorn gives it
"""gunicorn's configuration, for `bin/up` and for the units and images in this directory alike."""

import gc
import os
from collections.abc import Iterable, Iterator
from typing import Any

# Before the application is loaded: who waits for a page has gone after so long. Less than `timeout`.
os.environ.setdefault("STATEMENT_SECONDS", "30")

workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
preload_app = True  # the workers share the memory of what is imported
max_requests = 10_000
max_requests_jitter = 10_000  # workers that began together do not end together
timeout = 60
# SIGTERM: so long requests may go on; less than a launcher or an orchestrator waits before it kills.
graceful_timeout = int(os.environ.get("WEB_STOP_SECONDS") or 8)
control_socket_disable = True
if os.path.isdir("/dev/shm"):  # noqa: S108 - heartbeats must not wait for a busy disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def when_ready(server: object) -> None:
    """Keep the collector from touching, and so copying, the pages shared with the workers.

    A page makes some ten thousand objects and few cycles: it is looked for these once in a few pages.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class Lively:
    """An answer of which every piece is a sign of life: a long one is no hung worker."""

    def __init__(self, worker: Any, pieces: Iterable[bytes]) -> None:
        self.worker, self.pieces = worker, pieces

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            yield piece
            self.worker.notify()

    def close(self) -> None:
        """Closes the answer itself."""
        if hasattr(self.pieces, "close"):
            self.pieces.close()


def post_worker_init(worker: Any) -> None:
    """Gives the worker room for frames, and lets the arbiter see that it streams. Files that the kernel sends
    are left alone."""
    from deploy.frames import with_room  # noqa: PLC0415 - found only now, beside the application

    worker.run = with_room(worker.run)
    answer = worker.wsgi

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        pieces = answer(environ, start_response)
        is_file = isinstance(pieces, environ.get("wsgi.file_wrapper", ()))
        return pieces if is_file else Lively(worker, pieces)

    worker.wsgi = application
