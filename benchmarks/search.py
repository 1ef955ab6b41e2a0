"""Search over 5,000 KPIs and 10,000 measures.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.search

The real data, and copies of its KPIs and measures with a number in their names until there are so many.
Prints for each kind of question the 50th and 95th percentile of the whole page in the server, the time of a
build and of a fingerprint, and PostgreSQL's plan of one question; all is rolled back.
"""

import os
import time
from collections.abc import Callable, Sequence

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from portal.models import SearchEntry  # noqa: E402
from portal.searching import find  # noqa: E402
from portal.services.indexing import fingerprint, rebuild, refresh_search  # noqa: E402
from programmes.models import Kpi, Measure  # noqa: E402

KPIS, MEASURES, TIMES = 5_000, 10_000, 40
QUESTIONS = {
    "a rare word": ("жумыссыздык", "unemployment", "зырян", "NEET"),
    "a word of most entries": ("алматы", "almaty", "доля", "share"),
    "several words": ("доля школ", "уровень безработицы", "almaty schools"),
    "mistyped": ("безроботица", "алмааты", "unemployement"),
    "on the other keyboard": ("fkvfns", "itvtq"),
    "only some words are known": ("xylophone schools", "кенгуру школ"),
    "one letter": ("а", "m"),
    "nothing": ("qqqqqqq",),
}


def fill() -> None:
    """Copies KPIs and measures, keys apart, until there are enough."""
    for model, wanted in ((Kpi, KPIS), (Measure, MEASURES)):
        table = model._meta.db_table
        fields = [str(f.column) for f in model._meta.concrete_fields if not f.primary_key]
        taken = {
            "code": "left(code, 50) || '-copy-' || copy",
            **{n: f"{n} || ' ' || copy" for n in ("name_kk", "name_en")},
        }
        quote = connection.ops.quote_name
        copies = -(-wanted // model._default_manager.count()) - 1
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(map(quote, fields))}) "
                f"SELECT {', '.join(taken.get(field, quote(field)) for field in fields)} "
                f"FROM {table}, generate_series(1, {copies}) copy LIMIT {wanted}"
            )


def percentiles(action: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """Milliseconds: the 50th and the 95th percentile."""
    times = []
    for number in range(TIMES):
        began = time.perf_counter()
        action(texts[number % len(texts)])
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return times[TIMES // 2], times[int(TIMES * 0.95)]


def timed(action: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def main() -> None:
    """Measures and prints."""
    settings.ALLOWED_HOSTS = ["testserver"]
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # none are collected here
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}
    call_command("migrate", verbosity=0)
    call_command("prepare", verbosity=0)
    with transaction.atomic():
        fill()
        print(f"first build: {timed(refresh_search):.1f} s, {SearchEntry.objects.count():,} entries")
        print(f"build where nothing differs: {timed(rebuild):.1f} s; fingerprint: {timed(fingerprint):.2f} s")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE portal_searchentry, portal_searchword")
        client = Client()
        client.get("/en/search/?q=warm")
        plain, _slow = percentiles(lambda _text: client.get("/healthz"), [""])
        print(f"a trivial view: {plain:.1f} ms\n{'page':34}{'p50, ms':>10}{'p95, ms':>10}{'x trivial':>10}")
        for name, texts in QUESTIONS.items():
            middle, slow = percentiles(lambda text: client.get("/en/search/", {"q": text}), texts)
            print(f"{name:34}{middle:10.0f}{slow:10.0f}{middle / plain:10.0f}")
        print(find("уровень безработицы").entries[:25].explain(analyze=True))
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
