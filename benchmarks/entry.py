"""Typing into a form of 500 cells: what saving one cell takes in the server.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.entry [--saves 300]

Over the real data; the form asks for 20 indicators in 25 territories, and every cell holds a figure. Prints
the median, the 95th percentile and the ratio to the baseline in the same run: a page that answers its reader
without a figure (the API's list of units). The figures are made up; the servers are thrown away.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Organisation, User  # noqa: E402
from cities.models import Territory  # noqa: E402
from indicators.models import Breakdown, FormLine, Indicator, ReportingForm, Source  # noqa: E402

SHEET = "/en/reports/benchmark/2024/"
LINES, TERRITORIES = 20, 25


def measure(saves: int) -> dict[str, float]:
    """Milliseconds of the saves, of the baseline and of the whole sheet as JSON."""
    client, cells = _client(), _cells()
    filled = _timed(lambda: _save(client, cells, "1"))
    saved = [_timed(partial(_save, client, [cells[n % len(cells)]], str(n % 90 + 1))) for n in range(saves)]
    baseline = [_timed(lambda: client.get("/api/v1/units/")) for _ in range(saves)]
    return {
        "cells": len(cells),
        "all cells at once": filled,
        "save, median": statistics.median(saved),
        "save, 95th percentile": sorted(saved)[int(saves * 0.95)],
        "baseline, median": statistics.median(baseline),
        "whole sheet": _timed(lambda: client.get(f"{SHEET}state/")),
    }


def _client() -> Client:
    """A browser of the analyst of the whole country, with a form of his."""
    settings.ALLOWED_HOSTS.append("testserver")
    form = ReportingForm.objects.create(
        code="benchmark",
        frequency="A",
        organisation=Organisation.objects.get(code="demo-akimat"),
        source=Source.objects.filter(kind="akimat")[0],
    )
    form.territories.set(Territory.objects.exclude(level="country").order_by("pk")[:TERRITORIES])
    total = Breakdown.objects.get(code="")
    indicators = Indicator.objects.filter(minimum__lte=1, maximum=None).order_by("-code")[:LINES]
    FormLine.objects.bulk_create(FormLine(form=form, indicator=each, breakdown=total) for each in indicators)
    client = Client()
    client.force_login(User.objects.get(email="analyst@bagdar.example"))
    return client


def _cells() -> list[dict[str, Any]]:
    form = ReportingForm.objects.get(code="benchmark")
    territories = form.territories.values_list("pk", flat=True)
    lines = form.lines.values_list("pk", flat=True)
    return [{"report": place, "line": line, "version": 0} for place in territories for line in lines]


def _save(client: Client, cells: list[dict[str, Any]], value: str) -> None:
    body = json.dumps({"cells": [{**cell, "value": value} for cell in cells]})
    answer = client.post(f"{SHEET}save/", body, content_type="application/json").json()
    for cell in cells:
        cell["version"] = answer["cells"][f"{cell['report']}:{cell['line']}"]["version"]


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Prepares the data and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=300)
    saves = parser.parse_args().saves
    call_command("migrate", verbosity=0)
    call_command("prepare", verbosity=0)
    figures = measure(saves)
    for name, value in figures.items():
        print(f"{name:<24}{value:>10.1f}{'' if name == 'cells' else ' ms'}")
    print(f"{'ratio to the baseline':<24}{figures['save, median'] / figures['baseline, median']:>10.1f}")


if __name__ == "__main__":
    main()
