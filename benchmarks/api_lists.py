"""A list of the API over HTTP beside a bare view of the same rows, in requests per second.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.api_lists [--kpis 5000] [--seconds 10]

Asks gunicorn (one process, as it comes) with wrk on the loopback, one after the other in rounds: a view that
answers "ok"; a bare view that sends the list's own SQL through psycopg2 and writes the rows with orjson; the
list of a programme's 100 KPIs, computed (each request under another host name, so that nothing kept fits)
and kept; and the answer 304 to a client that has it. Prints the median of the rounds, and the ratios.
"""

import argparse
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import orjson  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402

from benchmarks.page_world import build, is_built  # noqa: E402
from common.rest.rendering import encode  # noqa: E402
from config.urls import urlpatterns as addresses  # noqa: E402

LIST = "/api/v1/kpis/?programme=bench-1"
ROUNDS, CONNECTIONS = 3, 4
SQL = "BENCH_SQL"
COMPUTED = """
local number = 0
request = function()
  number = number + 1
  return wrk.format("GET", nil, {["Host"] = "n" .. number .. "." .. os.time() .. ".localhost"})
end
"""


def trivial(request: HttpRequest) -> HttpResponse:
    """What a 304 is compared with."""
    return HttpResponse("ok")


def bare(request: HttpRequest) -> HttpResponse:
    """What the list is compared with: its own query, and no more than its rows as JSON."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(Path(os.environ[SQL]).read_text())
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(orjson.dumps(rows, default=encode), content_type="application/json")


urlpatterns = [path("trivial/", trivial), path("bare/", bare), *addresses]


def application() -> WSGIHandler:
    """The portal with the two views beside it."""
    settings.ROOT_URLCONF = "benchmarks.api_lists"
    settings.ALLOWED_HOSTS.append(".localhost")
    return WSGIHandler()


def sql_of_the_list() -> str:
    """The statement that reads the rows."""
    settings.ALLOWED_HOSTS.append("testserver")
    with CaptureQueriesContext(connection) as captured:
        assert len(Client().get(LIST).json()["results"]) == 100
    return max((query["sql"] for query in captured.captured_queries), key=len)


def per_second(address: str, seconds: int, *options: str) -> float:
    """Requests per second; stops with what wrk says where any failed."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *options, address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None, said
    assert "Non-2xx" not in said, said
    return float(found[1])


def status_of(address: str, *headers: str) -> str:
    """The status of the answer, told by curl."""
    options = [part for header in headers for part in ("-H", header)]
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *options, address]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def wait_for(address: str, process: subprocess.Popen[bytes]) -> Client:
    """Until the server answers."""
    host, port = address.removeprefix("http://").split(":")
    for _ in range(1_200):
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return Client()
        assert process.poll() is None, "the server has ended"
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rounds(server: str, folder: Path, seconds: int) -> dict[str, float]:
    """The median of the rounds of each measure."""
    script = folder / "computed.lua"
    script.write_text(COMPUTED)
    headers = subprocess.run(
        ["curl", "-s", "-o", "/dev/null", "-D", "-", f"{server}{LIST}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    [etag] = re.findall(r"(?im)^etag: (.*?)\r?$", headers)
    # As wrk asks, which says nothing of what it accepts.
    assert status_of(f"{server}{LIST}", f"If-None-Match: {etag}", "Accept:", "User-Agent:") == "304"
    measures = {
        "trivial": (f"{server}/trivial/",),
        "bare": (f"{server}/bare/",),
        "computed": (f"{server}{LIST}", "-s", str(script)),
        "kept": (f"{server}{LIST}",),
        "unchanged": (f"{server}{LIST}", "-H", f"If-None-Match: {etag}"),
    }
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(ROUNDS):
        for name, (address, *options) in measures.items():
            found[name].append(per_second(address, seconds, *options))
    return {name: statistics.median(values) for name, values in found.items()}


def main() -> None:
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kpis", type=int, default=5_000)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    if not is_built():
        build(options.rows, options.kpis)
    with TemporaryDirectory() as folder:
        statement = Path(folder) / "list.sql"
        statement.write_text(sql_of_the_list())
        server = f"127.0.0.1:{free_port()}"
        command = [
            "-m",
            "gunicorn",
            "-w",
            "1",
            "-b",
            server,
            "--log-level",
            "error",
            "benchmarks.api_lists:application()",
        ]
        environment = {**os.environ, SQL: str(statement), "API_LIMIT_ADDRESS": "0"}
        process = subprocess.Popen([sys.executable, *command], env=environment)
        try:
            wait_for(f"http://{server}", process)
            found = rounds(f"http://{server}", Path(folder), options.seconds)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
    for name, value in found.items():
        print(f"{name:10}{value:>10.0f} requests a second")
    for name, to in (("computed", "bare"), ("kept", "bare"), ("unchanged", "trivial")):
        print(f"{name} to {to}: {found[name] / found[to]:.2f}")


if __name__ == "__main__":
    main()
