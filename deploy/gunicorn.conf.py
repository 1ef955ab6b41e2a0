# ruff: noqa: N999 - the name that gunicorn gives it
"""gunicorn's configuration, for `bin/up` and for the units and images in this directory alike."""

import gc
import os

workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
preload_app = True  # the workers share the memory of what is imported
max_requests = 5_000
max_requests_jitter = 500
timeout = 60
graceful_timeout = 8  # less than a launcher or an orchestrator waits before it kills
control_socket_disable = True
if os.path.isdir("/dev/shm"):  # noqa: S108 - heartbeats must not wait for a busy disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def when_ready(server: object) -> None:
    """Keep the collector from touching, and so copying, the pages shared with the workers."""
    gc.freeze()
