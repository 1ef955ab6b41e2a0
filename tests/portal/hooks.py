"""A machine that is told by webhooks: a real server, which answers as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Heard(NamedTuple):
    """A request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


class Machine:
    """What it heard, and with which status it answers; `slowly` it sends one byte after another for ever."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.status = 204
        self.answer = b""
        self.headers: dict[str, str] = {}
        self.slowly = False
        self.url = ""


@contextmanager
def running() -> Iterator[Machine]:
    """The machine on a free port of the loopback."""
    machine = Machine()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            machine.heard.append(Heard(self.path, dict(self.headers), body))
            self.send_response(machine.status)
            for name, value in machine.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(machine.answer)
            while machine.slowly and not over.wait(0.1):
                self.wfile.write(b".")

        def log_message(self, *args: object) -> None:
            """Quietly."""

        def handle(self) -> None:
            """A client that hangs up is no error."""
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    machine.url = f"http://127.0.0.1:{server.server_port}/told?of=changes"
    try:
        yield machine
    finally:
        over.set()
        server.shutdown()
        server.server_close()
