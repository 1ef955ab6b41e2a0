"""The portal under gunicorn, with the settings it is run with, for a benchmark to ask."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.ports import free_port


def wait_for(server: str, process: subprocess.Popen[bytes]) -> None:
    """Until it (host:port) answers."""
    host, port = server.split(":")
    for _ in range(1_200):
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        assert process.poll() is None, "the server has ended"
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


@contextmanager
def serving(application: str = "config.wsgi", **environment: str) -> Iterator[str]:
    """Serves it, to whoever asks as often as he likes, and gives host:port; WEB_CONCURRENCY processes."""
    server = f"127.0.0.1:{free_port()}"
    command = ["-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--log-level", "error", "--bind", server]
    process = subprocess.Popen(
        [sys.executable, *command, application],
        env={**os.environ, "API_LIMIT_ADDRESS": "0", "LOG_LEVEL": "ERROR", **environment},
    )
    try:
        wait_for(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
