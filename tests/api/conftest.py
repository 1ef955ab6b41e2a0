"""A small world of its own beside the real data, and the ways to ask about it."""

import datetime as dt
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test import Client

from cities.models import Territory, TerritoryGroup
from common.changes import cluster
from indicators.models import Breakdown, Indicator, Observation, ObservationRevision, Series, Source, Unit
from programmes.models import (
    Benchmark,
    Discrepancy,
    Document,
    Funding,
    Goal,
    Inquiry,
    Kpi,
    LegalAct,
    Measure,
    Programme,
    Progress,
    QualityFinding,
    Standing,
    Target,
)

THIRTY_DIGITS = Decimal("123456789012345.678901234567890")
NOON = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)

ENDPOINTS = {
    "programmes": "test-programme",
    "discrepancies": "test-programme:D-1",
    "goals": "test-programme:1.1",
    "kpis": "test-programme:KPI-1",
    "targets": "test-programme:KPI-1:2025:adoption",
    "observations": "test-indicator:test-city:TEST=A:test-source:2022",
    "legal-acts": "test-programme:adoption",
    "measures": "test-programme:M-1",
    "funding": "test-programme:F-1",
    "benchmarks": "test-programme:B-1",
    "inquiries": "test-inquiry",
    "revisions": "900000000000",
    "territory-groups": "test-towns",
    "progress": "test-programme:KPI-1:test-city:2022",
    "standings": "test-programme:KPI-1:test-city",
    "quality-findings": "jump:test-indicator:test-city:TEST=A:test-source:2022",
    "territories": "test-city",
    "indicators": "test-indicator",
    "sources": "test-source",
    "units": "TEST_UNIT",
}
"""Every list, with the id of a row of the small world in it."""

Get = Callable[..., Any]


def named(text: str, field: str = "name") -> dict[str, str]:
    """The text in three languages that can be told apart."""
    return {f"{field}_{code}": f"{text} {code}" for code in ("kk", "ru", "en")}


@dataclass(frozen=True)
class World:
    """What the rows of the small world hang on."""

    country: Territory
    city: Territory
    indicator: Indicator
    source: Source
    breakdown: Breakdown
    series: Series
    programme: Programme
    kpi: Kpi


@pytest.fixture
def _knows_its_cluster(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer asks for the mark of this PostgreSQL, as once in a while one does: queries are counted."""
    monkeypatch.setattr("common.changes.ASKED_EVERY", math.inf)
    cluster()


@pytest.fixture
def world(_knows_its_cluster: None) -> World:
    """A programme with a KPI in a city, measured twice, and judged."""
    country = Territory.objects.create(code="test-land", level="country", **named("Land"))
    city = Territory.objects.create(code="test-city", level="city", parent=country, **named("City"))
    unit = Unit.objects.create(code="TEST_UNIT", **named("unit"))
    indicator = Indicator.objects.create(code="test-indicator", unit=unit, **named("Indicator"))
    source = Source.objects.create(code="test-source", kind="survey", **named("Source"))
    breakdown = Breakdown.objects.create(code="TEST=A")
    key = {"indicator": indicator, "territory": city, "source": source}
    series = Series.objects.create(breakdown=breakdown, frequency="A", **key)
    total, _ = Breakdown.objects.get_or_create(code="")
    quarterly = Series.objects.create(breakdown=total, frequency="Q", **key)
    observe(series, 2022, THIRTY_DIGITS)
    QualityFinding.objects.create(
        key=ENDPOINTS["quality-findings"], rule="jump", series=series, territory=city, frequency="A",
        period_start=dt.date(2022, 1, 1), value=9, compared=2, number=0.5, signature="9 2", found_at=NOON,
    )  # fmt: skip
    Observation.objects.create(
        series=series, period_start=dt.date(2023, 1, 1), value=None, status="L", published_at=NOON
    )
    Observation.objects.create(
        series=quarterly, period_start=dt.date(2022, 4, 1), value=0, published_at=NOON + dt.timedelta(days=1)
    )
    revised = Indicator.objects.create(code="test-revised", unit=unit, **named("Revised"))
    ObservationRevision.objects.create(
        pk=int(ENDPOINTS["revisions"]), period_start=dt.date(2010, 1, 1), value=THIRTY_DIGITS, status="A",
        series=Series.objects.create(breakdown=total, frequency="A", **{**key, "indicator": revised}),
        recorded_at=NOON - dt.timedelta(days=1),
    )  # fmt: skip
    group = TerritoryGroup.objects.create(code=ENDPOINTS["territory-groups"], **named("Group"))
    group.memberships.create(territory=city, number=1)
    programme, kpi = promise(city, indicator, breakdown)
    plan(programme, kpi, unit, city)
    return World(country, city, indicator, source, breakdown, series, programme, kpi)


def observe(series: Series, year: int, value: Decimal) -> Observation:
    """A published figure of the year."""
    return Observation.objects.create(
        series=series, period_start=dt.date(year, 1, 1), value=value, published_at=NOON
    )


def promise(city: Territory, indicator: Indicator, breakdown: Breakdown) -> tuple[Programme, Kpi]:
    """A programme whose KPI has a target in force, one that was replaced, and one of no act."""
    programme = Programme.objects.create(
        code="test-programme", territory=city, starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2030, 1, 1),
        **named("Programme"), **named("P.", "short_name"),
    )  # fmt: skip
    section = Goal.objects.create(programme=programme, code="I", kind="section", **named("Section"))
    goal = Goal.objects.create(programme=programme, code="1.1", kind="goal", parent=section, **named("Goal"))
    kpi = Kpi.objects.create(
        programme=programme, goal=goal, code="KPI-1", indicator=indicator, breakdown=breakdown,
        territory=city, comparator="at_least", form="level", baseline_value=THIRTY_DIGITS,
        baseline_start=dt.date(2020, 1, 1), **named("Promise"),
    )  # fmt: skip
    act = {"programme": programme, **named("Act", "title")}
    adoption = LegalAct.objects.create(code="adoption", kind="adoption", **act)
    amendment = LegalAct.objects.create(code="amendment", kind="amendment", **act)
    change, due, later = dt.date(2023, 6, 1), dt.date(2025, 1, 1), dt.date(2030, 1, 1)
    Target.objects.create(kpi=kpi, act=adoption, period_start=due, value=THIRTY_DIGITS, valid_to=change)
    Target.objects.create(kpi=kpi, act=amendment, period_start=due, value=7, valid_from=change)
    Target.objects.create(kpi=kpi, period_start=later, value=8, value_max=9)
    discrepancy = Discrepancy.objects.create(
        programme=programme, code="D-1", kind="value", **named("Contradiction"), **named("Reason", "reason")
    )
    discrepancy.kpis.set([kpi])
    discrepancy.statements.create(order=0, value=THIRTY_DIGITS, is_used=True, **named("One", "text"))
    Progress.objects.create(
        kpi=kpi,
        territory=city,
        year=2022,
        actual=0.95,
        verdict_reason="no_target",
        pace=0.5,
        course="off_track",
    )
    Standing.objects.create(
        kpi=kpi, territory=city, standing="off_track", year=2022, method="1.0", computed_at=NOON
    )
    return programme, kpi


def plan(programme: Programme, kpi: Kpi, unit: Unit, city: Territory) -> None:
    """What the programme plans to do and to spend, whom it measures itself by, and who asked."""
    measure = Measure.objects.create(
        programme=programme, goal=kpi.goal, code="M-1", deadline={"type": "one_off", "period": "2025"},
        deliverable_value=3, unit=unit, **named("Measure"),
    )  # fmt: skip
    measure.territories.set([city])
    Funding.objects.create(
        programme=programme, measure=measure, code="F-1", level="local", year_from=2024, year_to=2024,
        planned=THIRTY_DIGITS, **named("Money"),
    )  # fmt: skip
    Benchmark.objects.create(
        programme=programme, kpi=kpi, code="B-1", unit=unit, value=5, period_start=dt.date(2020, 1, 1),
        frequency="A", **named("Elsewhere"), **named("Place", "place"),
    )  # fmt: skip
    document = Document.objects.create(code="test-letter", kind="letter", **named("Letter", "title"))
    inquiry = Inquiry.objects.create(
        code="test-inquiry", number="DS-1", document=document, programme=programme,
        **named("Topic", "topic"), **named("Akim", "addressees"),
    )  # fmt: skip
    inquiry.kpis.set([kpi])
    inquiry.territories.set([city])
    inquiry.questions.create(order=1, **named("Why?", "text"), **named("Because.", "answer"))


@pytest.fixture
def get() -> Get:
    """`get("kpis", programme="x")`: the answer as JSON, numbers with a point as exact decimals."""

    def ask(
        path: str, *, expect: int = 200, headers: Mapping[str, str] | None = None, **params: object
    ) -> Any:
        address = path if path.startswith(("http", "/")) else f"/api/v1/{path}/"
        response = Client().get(address, params, headers=dict(headers or {}))  # type: ignore[arg-type]
        assert response.status_code == expect, response.content
        return json.loads(response.content, parse_float=Decimal)

    return ask


@pytest.fixture
def application(db: None) -> Iterator[WSGIHandler]:
    """The portal as gunicorn has it, but that it keeps the connection with the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in signals:
        signal.connect(close_old_connections)


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def served(application: WSGIHandler) -> Iterator[str]:
    """The address of the portal, served to other programs from within the test's transaction."""
    shared = connections["default"]
    shared.inc_thread_sharing()
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:

        def serve() -> None:
            connections["default"] = shared
            server.serve_forever(poll_interval=0.05)

        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
    shared.dec_thread_sharing()
