"""Kept answers of the API beside a bare view of the same rows, and 304 beside a trivial view.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.api_kept [--rounds 5] [--seconds 4]

All are asked for in turns by wrk, over loopback, from the portal's own web server with every middleware, so
that whatever else the machine does falls on all of them alike. Prints requests per second and their ratios.
The bare view asks psycopg2 for the columns of 100 KPIs, without what they refer
to, and writes them with orjson.
"""

import argparse
import contextlib
import os
import re
import statistics
import subprocess
import sys
import time
from urllib.request import urlopen

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import orjson  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from common.rest.rendering import encode  # noqa: E402
from config.urls import urlpatterns as addresses  # noqa: E402
from programmes.models import LoadedPackage  # noqa: E402

LIST = "/api/v1/kpis/?programme=almaty-2025&limit=100"
HOST = "127.0.0.1:8113"

ROWS = """
SELECT kpi.* FROM programmes_kpi kpi JOIN programmes_programme programme ON programme.id = kpi.programme_id
WHERE programme.code = %s ORDER BY kpi.code LIMIT 100
"""


def trivial(request: HttpRequest) -> HttpResponse:
    """What 304 is compared with."""
    return HttpResponse("ok")


def bare(request: HttpRequest) -> HttpResponse:
    """What a kept list is compared with."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(ROWS, ["almaty-2025"])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return HttpResponse(orjson.dumps({"results": rows}, default=encode), content_type="application/json")


urlpatterns = [path("trivial/", trivial), path("bare/", bare), *addresses]


def serve() -> "subprocess.Popen[bytes]":
    """The portal's web server with these addresses."""
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--bind", HOST]
    server = subprocess.Popen([*command, "benchmarks.api_kept:application"], stderr=subprocess.DEVNULL)
    for _attempt in range(200):
        with contextlib.suppress(OSError), urlopen(f"http://{HOST}/trivial/"):
            return server
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def requests_a_second(address: str, seconds: int, *headers: str) -> float:
    """As wrk counts them, with four connections."""
    given = [part for header in headers for part in ("-H", header)]
    command = ["wrk", "-t1", "-c4", f"-d{seconds}s", *given, f"http://{HOST}{address}"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None or "Socket errors" in said:
        raise SystemExit(said)
    return float(found[1])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not LoadedPackage.objects.exists():
        call_command("prepare", stdout=sys.stderr)
    server = serve()
    try:
        with urlopen(f"http://{HOST}{LIST}") as answer:
            known = f"If-None-Match: {answer.headers['ETag']}"
        asked = {"trivial": ["/trivial/"], "304": [LIST, known], "bare": ["/bare/"], "kept": [LIST]}
        counted: dict[str, list[float]] = {name: [] for name in asked}
        for _round in range(options.rounds):
            for name, (address, *headers) in asked.items():
                counted[name].append(requests_a_second(address, options.seconds, *headers))
    finally:
        server.terminate()
        server.wait()
    median = {name: statistics.median(found) for name, found in counted.items()}
    for name, found in counted.items():
        print(f"{name:8} {median[name]:8.0f} requests a second, {min(found):.0f} to {max(found):.0f}")
    print(f"kept: {median['kept'] / median['bare']:.0%} of the bare view")
    print(f"304: {median['304'] / median['trivial']:.0%} of the trivial view")


if __name__ == "__main__":
    main()
else:
    settings.ROOT_URLCONF = "benchmarks.api_kept"
    application = get_wsgi_application()
