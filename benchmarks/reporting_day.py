"""Reporting day: analysts save, others send files in, readers and machines read, everything is recomputed.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.reporting_day
        [--rows 10000000] [--scale 0.1] [--seconds 120]

The day of a country is 300 analysts who save a cell every ten seconds, 20 people who send in a file each
minute, 500 readers of pages and 50 clients of the API, and one recomputation of everything; `--scale` is the
part of it that is let loose here. Gunicorn, a worker and beat run as they come, on the machine of those who
ask. Beside them somebody asks every half second for `/healthz`, the trivial view. Prints by kind: requests,
errors, 50th, 95th and 99th percentile in milliseconds and the ratio of the medians to the trivial view; the
files that were published and after how long; memory and connections at the beginning and at the end.
"""

import argparse
import csv
import gzip
import http.client
import io
import itertools
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psutil  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Mandate, Organisation, User  # noqa: E402
from benchmarks.page_world import PLACES, PROGRAMMES, build, is_built  # noqa: E402
from benchmarks.serving import wait_for  # noqa: E402
from cities.models import Territory  # noqa: E402
from deploy.ports import free_port  # noqa: E402
from indicators.models import Breakdown, FormLine, Indicator, ReportingForm, Source  # noqa: E402
from programmes.models import Kpi  # noqa: E402

FORM, PERIOD, LINES = "reporting-day", "2024", 20
TOKEN = "a" * 32
FIGURES_OF_A_FILE = 200
BOUNDARY = "reporting-day-boundary"
DONE = {"applied", "failed", "reverted"}


class Told:
    """What was asked, how long it took, and what went wrong."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: dict[str, list[str]] = defaultdict(list)
        self.files: list[float] = []
        self.recomputed: float | None = None
        self.indicators, self.kpis = 1_000, 100  # to be asked for; KPIs in each programme


class Someone:
    """Somebody with a connection of his own, and a session if he has one."""

    def __init__(self, told: Told, server: str, kind: str, session: str = "") -> None:
        self.told, self.server, self.kind = told, server, kind
        self.headers = {"Accept-Encoding": "gzip", "X-CSRFToken": TOKEN}
        if session:
            names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
            self.headers["Cookie"] = f"{names[0]}={session}; {names[1]}={TOKEN}"

    def ask(
        self, path: str, body: bytes | None = None, kind: str = "", **more: str
    ) -> tuple[int, Any, bytes]:
        """Status, headers and body; the time is noted. Status 0 where nobody answered."""
        began = time.perf_counter()
        asked = http.client.HTTPConnection(self.server, timeout=60)
        try:
            asked.request("GET" if body is None else "POST", path, body, {**self.headers, **more})
            answer = asked.getresponse()
            status, headers, content = answer.status, answer.headers, answer.read()
            if headers.get("Content-Encoding") == "gzip":
                content = gzip.decompress(content)
        except (OSError, http.client.HTTPException) as error:
            status, headers, content = 0, http.client.HTTPMessage(), str(error).encode()
        finally:
            asked.close()
        kind = kind or self.kind
        self.told.times[kind].append((time.perf_counter() - began) * 1000)
        if status not in {200, 201, 304}:
            self.told.errors[kind].append(f"{status} {path} {content[:120]!r}")
        return status, headers, content


def analyst(me: Someone, choose: random.Random, cells: list[dict[str, Any]]) -> Iterator[float]:
    """Types figures into his own cells, one after another."""
    while True:
        cell = choose.choice(cells)
        body = json.dumps({"cells": [{**cell, "value": str(choose.randint(1, 90))}]}).encode()
        path = f"/en/reports/{FORM}/{PERIOD}/save/"
        status, _headers, answer = me.ask(path, body, **{"Content-Type": "application/json"})
        if status == 200:
            cell["version"] = json.loads(answer)["cells"][f"{cell['report']}:{cell['line']}"]["version"]
        yield choose.uniform(5, 15)


def sender(me: Someone, choose: random.Random) -> Iterator[float]:
    """Sends in a file of revised figures each minute, and asks until it is published."""
    while True:
        most = me.told.indicators - FIGURES_OF_A_FILE // PLACES
        year, indicator = choose.randint(2006, 2025), choose.randint(1, most)
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"])
        for number in range(FIGURES_OF_A_FILE):
            place = number % PLACES + 1
            code = f"bench-{indicator + number // PLACES}"
            rows.writerow([code, f"bench-{place}", year, choose.randint(10, 900) / 10])
        body = _form({"source": "bureau", "confirm": "true", "reason": "revised"}, text.getvalue())
        began = time.perf_counter()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        status, _headers, answer = me.ask("/api/v1/uploads/", body, **{"Content-Type": kind})
        state, number = "", json.loads(answer)["id"] if status == 201 else 0
        while status == 201 and state not in DONE:
            yield 1
            answer = me.ask(f"/api/v1/uploads/{number}/", kind="asks for an upload")[2]
            state = json.loads(answer)["state"]
        if state == "applied":
            me.told.files.append(time.perf_counter() - began)
        elif state:
            me.told.errors[me.kind].append(f"{state} {answer[:300]!r}")
        yield max(0.0, 60 - (time.perf_counter() - began)) * choose.uniform(0.5, 1.5)


def _form(fields: dict[str, str], content: str) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    parts.append(f'{head}"file"; filename="figures.csv"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n')
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def reader(me: Someone, choose: random.Random) -> Iterator[float]:
    """Goes from page to page."""
    while True:
        programme, place = choose.randint(1, PROGRAMMES - 1), choose.randint(1, PLACES)
        kpi = f"/kk/programmes/bench-{programme}/kpis/K-{choose.randrange(me.told.kpis)}/"
        home, others = f"/{choose.choice(['kk', 'ru', 'en'])}/", f"/ru/territories/bench-{place}/"
        me.ask(choose.choice([home, f"/ru/programmes/bench-{programme}/", kpi, others]))
        yield choose.uniform(5, 15)


def client(me: Someone, choose: random.Random) -> Iterator[float]:
    """Reads lists, with the ETag of the last answer."""
    etags: dict[str, str] = {}
    while True:
        programme = f"bench-{choose.randint(1, PROGRAMMES - 1)}"
        path = choose.choice(
            [
                f"/api/v1/kpis/?programme={programme}",
                f"/api/v1/progress/?programme={programme}&year_from=2024",
                f"/api/v1/observations/?indicator=bench-{choose.randint(1, me.told.indicators)}&limit=1000",
            ]
        )
        known = {"If-None-Match": etags[path]} if path in etags else {}
        _status, headers, _body = me.ask(path, None, "", **known)
        etags[path] = headers.get("ETag", "")
        yield choose.uniform(1, 3)


def recomputer(me: Someone) -> Iterator[float]:
    """Has everything recomputed once, after ten seconds."""
    yield 10
    began = time.perf_counter()
    _status, _headers, answer = me.ask("/api/v1/recomputations/", b"")
    run, state = json.loads(answer).get("id"), ""
    while run and state not in {"done", "failed", "cancelled"}:
        yield 1
        state = json.loads(me.ask(f"/api/v1/recomputations/{run}/")[2])["state"]
    if state == "done":
        me.told.recomputed = time.perf_counter() - began
    while True:
        yield 3600


def prober(me: Someone) -> Iterator[float]:
    """Asks for the trivial view."""
    while True:
        me.ask("/healthz")
        yield 0.5


def crowd(told: Told, server: str, scale: float) -> list[Iterator[float]]:
    """Everybody, each with what he does next as soon as the pause that he gives is over."""
    choose = random.Random()  # else a second day would send the first one's figures

    def many(of_a_country: int) -> range:
        return range(max(1, round(of_a_country * scale)))

    told.indicators = Indicator.objects.filter(code__startswith="bench-").count()
    told.kpis = Kpi.objects.filter(programme__code="bench-1").count()
    cells = _cells()
    analysts = [(f"analyst-{n}@bench.example", cells[n :: len(many(300))]) for n in many(300)]
    upload = session_of("analyst@bagdar.example")
    return [
        *(
            analyst(Someone(told, server, "saves a cell", session_of(mail)), choose, own)
            for mail, own in analysts
        ),
        *(sender(Someone(told, server, "sends a file in", upload), choose) for _n in many(20)),
        *(reader(Someone(told, server, "reads a page"), choose) for _n in many(500)),
        *(client(Someone(told, server, "reads a list"), choose) for _n in many(50)),
        recomputer(Someone(told, server, "recomputation", session_of("administrator@bagdar.example"))),
        prober(Someone(told, server, "trivial view")),
    ]


def session_of(email: str) -> str:
    """The cookie of somebody who has logged in."""
    browser = Client()
    browser.force_login(User.objects.get(email=email))
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def _cells() -> list[dict[str, Any]]:
    form = ReportingForm.objects.get(code=FORM)
    keys = itertools.product(*(each.values_list("pk", flat=True) for each in (form.territories, form.lines)))
    return [{"report": place, "line": line, "version": 0} for place, line in keys]


def prepare(scale: float) -> None:
    """A form for all places, and its analysts."""
    office = Organisation.objects.get(code="demo-akimat")
    form, is_new = ReportingForm.objects.get_or_create(
        code=FORM, frequency="A", organisation=office, source=Source.objects.filter(kind="akimat")[0]
    )
    if is_new:
        form.territories.set(Territory.objects.filter(code__startswith="bench-"))
        total = Breakdown.objects.get(code="")
        found = Indicator.objects.filter(minimum__lte=1, maximum=None).order_by("-code")[:LINES]
        FormLine.objects.bulk_create(FormLine(form=form, indicator=each, breakdown=total) for each in found)
    country = Territory.objects.get(parent=None)
    for number in range(max(1, round(300 * scale))):
        user, _new = User.objects.get_or_create(email=f"analyst-{number}@bench.example")
        Mandate.objects.get_or_create(user=user, role="analyst", organisation=office, territory=country)


@contextmanager
def portal(folder: Path, port: int) -> Iterator[list[psutil.Process]]:
    """Web, worker and beat as they come."""
    environment = {**os.environ, "API_LIMIT_ADDRESS": "0"}
    celery = ["-m", "celery", "-A", "config"]
    commands = [
        ["-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "config.wsgi"],
        [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"],
        [*celery, "beat", "--schedule", str(folder / "beat"), "--loglevel", "WARNING"],
    ]
    started = [subprocess.Popen([sys.executable, *command], env=environment) for command in commands]
    try:
        wait_for(f"127.0.0.1:{port}", started[0])
        yield [psutil.Process(each.pid) for each in started]
    finally:
        for each in reversed(started):
            each.send_signal(signal.SIGTERM)
        for each in started:
            each.wait(60)


def weight(processes: list[psutil.Process]) -> str:
    """Their memory, and how many connections PostgreSQL has."""
    family = {each for one in processes for each in (one, *one.children(recursive=True))}
    megabytes = sum(each.memory_full_info().pss for each in family if each.is_running()) / 1e6
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return f"{megabytes:.0f} MB in {len(family)} processes, {cursor.fetchone()[0]} connections"


def run(people: list[Iterator[float]], seconds: float) -> None:
    """Each in a thread of his own, beginning one after another within ten seconds, until the time is over."""
    until, over = time.monotonic() + seconds, threading.Event()

    def live(one: Iterator[float], delay: float) -> None:
        pause = delay
        while time.monotonic() + pause < until and not over.wait(pause):
            pause = next(one)

    delays = [10 * number / len(people) for number in range(len(people))]
    threads = [threading.Thread(target=live, args=each) for each in zip(people, delays, strict=True)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def report(told: Told, seconds: float, say: Callable[[str], None]) -> None:
    """The table."""
    base = statistics.median(told.times["trivial view"])
    say(f"{'':22}{'requests':>9}{'a second':>9}{'errors':>7}{'p50':>8}{'p95':>8}{'p99':>8}{'×':>7}")
    for kind, times in told.times.items():
        cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
        numbers = "".join(f"{cuts[at]:8.0f}" for at in (49, 94, 98))
        rate, wrong = len(times) / seconds, len(told.errors[kind])
        say(f"{kind:22}{len(times):9}{rate:9.1f}{wrong:7}{numbers}{cuts[49] / base:7.1f}")
    if told.files:
        say(f"files published: {len(told.files)}, after {statistics.median(told.files):.1f} s in the median, "
            f"{max(told.files):.1f} s at most")  # fmt: skip
    say(f"everything recomputed: {f'{told.recomputed:.0f} s' if told.recomputed else 'not within the time'}")
    for kind, errors in told.errors.items():
        for error in errors[:5]:
            say(f"{kind}: {error}")


def make_ready(rows: int, kpis: int, scale: float) -> None:
    """Builds the world, if there is none yet, with its analysts, and gathers static files."""
    if not is_built():
        build(rows, kpis)
    prepare(scale)
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.ALLOWED_HOSTS.append("testserver")


def main() -> None:
    """Builds, lets the day pass, and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--kpis", type=int, default=5_000)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seconds", type=int, default=120)
    options = parser.parse_args()
    make_ready(options.rows, options.kpis, options.scale)
    port, told = free_port(), Told()
    with TemporaryDirectory() as folder, portal(Path(folder), port) as processes:
        people = crowd(told, f"127.0.0.1:{port}", options.scale)
        before = weight(processes)
        run(people, options.seconds)
        after = weight(processes)
    print(f"{len(people)} at work for {options.seconds} s")
    report(told, options.seconds, print)
    print(f"before: {before}\nafter: {after}")


if __name__ == "__main__":
    main()
