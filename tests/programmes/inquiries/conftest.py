"""A letter of the deputy of Almaty, and figures that have been known since February."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Organisation, User
from cities.models import Territory
from indicators.services.publishing import Figure, publish
from programmes.models import Inquiry, Kpi, Programme, Standing
from programmes.services.freezing import Wanted
from programmes.services.registering import Letter, attach_figures, register_inquiry

MARCH = dt.date(2026, 3, 2)
Registers = Callable[..., Inquiry]


@pytest.fixture
def letter(db: None) -> Letter:
    return Letter(
        number="ДС-12", date=MARCH, language="ru", topic="О молодёжи без работы и учёбы",
        addressees="Депутатам маслихата города Алматы",
        asker=Organisation.objects.get(code="demo-maslikhat"),
        addressed_to=[Organisation.objects.get(code="demo-akimat")],
        territory=Territory.objects.get(code="almaty"),
        programme=Programme.objects.get(code="almaty-2025"),
        points=["Почему доля NEET не снижается?", "Какие меры приняты?"],
    )  # fmt: skip


@pytest.fixture
def registered(letter: Letter, user: Callable[[str], User]) -> Registers:
    """`registered(number="7")`: an inquiry of the deputy's, the letter changed so."""

    def register(**changes: object) -> Inquiry:
        return register_inquiry(letter=replace(letter, **changes), by=user("deputy"))  # type: ignore[arg-type]

    return register


@pytest.fixture
def known_since_february(db: None) -> None:
    with connection.cursor() as cursor:  # history is append-only; only a test may have been there before
        cursor.execute("ALTER TABLE indicators_observationrevision DISABLE TRIGGER USER")
        cursor.execute("UPDATE indicators_observationrevision SET recorded_at = '2026-02-01T12:00Z'")
        cursor.execute("UPDATE indicators_observation SET published_at = '2026-02-01T12:00Z'")
        cursor.execute("ALTER TABLE indicators_observationrevision ENABLE TRIGGER USER")


@pytest.fixture
def neet(known_since_february: None) -> Kpi:
    return Kpi.objects.select_related("indicator__unit", "breakdown").get(
        programme__code="almaty-2025", code="KPI-7"
    )


@pytest.fixture
def freeze(user: Callable[[str], User]) -> Callable[[Inquiry, Kpi], None]:
    def attach(inquiry: Inquiry, kpi: Kpi) -> None:
        attach_figures(inquiry=inquiry, wanted=[Wanted(kpi, kpi.territory)], by=user("deputy"))

    return attach


def put(kpi: Kpi, year: int, value: str) -> None:
    """Publishes the figure today, from the source that serves the KPI."""
    series = Standing.objects.get(kpi=kpi).series
    assert series is not None
    figure = Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, "A",
        dt.date(year, 1, 1), Decimal(value), "A", "test",
    )  # fmt: skip
    publish([figure], reason="revised", at=timezone.now())
