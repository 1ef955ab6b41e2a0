"""The one door: figures become observations, revisions and outbox rows together, or not at all."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cities.models import Territory
from indicators.models import (
    Breakdown,
    Indicator,
    Observation,
    ObservationRevision,
    Series,
    Source,
    TouchedSeries,
)
from indicators.services.publishing import Figure, Published, ReasonRequiredError, publish

pytestmark = pytest.mark.django_db
UNPUBLISHED = "sdg-10-6-1"


def figure(value: str | None = "1.5", status: str = "A", year: int = 2020, **parts: str) -> Figure:
    """A figure in Akmola oblast, by default of an indicator that has none."""
    return Figure(
        indicator_id=Indicator.objects.get(code=parts.get("indicator", UNPUBLISHED)).pk,
        territory_id=Territory.objects.get(code=parts.get("territory", "akmola-oblast")).pk,
        breakdown_id=Breakdown.objects.get(code="").pk,
        source_id=Source.objects.get(code="bureau").pk,
        frequency="A",
        period_start=dt.date(year, 1, 1),
        value=None if value is None else Decimal(value),
        status=status,
        origin="Sheet1!B7",
    )


def published() -> Observation:
    return Observation.objects.get(series__indicator__code=UNPUBLISHED, period_start=dt.date(2020, 1, 1))


def revisions() -> list[tuple[Decimal | None, str]]:
    rows = ObservationRevision.objects.filter(series__indicator__code=UNPUBLISHED).order_by("pk")
    return list(rows.values_list("value", "reason"))


def test_a_new_figure_is_published_with_its_first_revision() -> None:
    assert publish([figure()]) == Published(1, 0, 0)
    assert published().value == Decimal("1.5")
    assert revisions() == [(Decimal("1.5"), "")]
    assert TouchedSeries.objects.filter(series__indicator__code=UNPUBLISHED).count() == 1


def test_the_same_figure_again_changes_nothing() -> None:
    publish([figure()])
    TouchedSeries.objects.all().delete()
    assert publish([figure("1.50")]) == Published(0, 0, 1)
    assert len(revisions()) == 1
    assert not TouchedSeries.objects.exists()


def test_a_change_needs_a_reason() -> None:
    publish([figure()])
    with pytest.raises(ReasonRequiredError):
        publish([figure("2"), figure("3", year=2021)])
    assert published().value == Decimal("1.5")
    assert not Observation.objects.filter(
        series__indicator__code=UNPUBLISHED, period_start__year=2021
    ).exists()


def test_a_change_with_a_reason_is_a_revision_beside_the_first() -> None:
    publish([figure()])
    assert publish([figure("2")], reason="The Bureau corrected it") == Published(0, 1, 0)
    assert published().value == 2
    assert revisions() == [(Decimal("1.5"), ""), (Decimal(2), "The Bureau corrected it")]


def test_a_figures_own_reason_comes_before_the_general_one() -> None:
    publish([figure()])
    publish([figure("2")._replace(reason="own")], reason="general")
    assert revisions()[-1][1] == "own"


def test_a_figure_may_become_missing_with_a_status() -> None:
    publish([figure()])
    publish([figure(None, status="O")], reason="Withdrawn")
    assert (published().value, published().status) == (None, "O")


def test_the_state_of_a_past_day_can_be_asked_for() -> None:
    monday, tuesday = (dt.datetime(2024, 3, day, tzinfo=dt.UTC) for day in (4, 5))
    publish([figure()], at=monday)
    publish([figure("2")], at=tuesday, reason="Corrected")
    known = Observation.objects.filter(series__indicator__code=UNPUBLISHED)
    for day, value in ((monday, Decimal("1.5")), (tuesday, Decimal(2))):
        assert [getattr(row, "value_then") for row in known.as_of(day)] == [value]  # noqa: B009 - an annotation
    assert not known.as_of(monday - dt.timedelta(days=1)).exists()


def test_thirty_digits_stay_thirty_digits() -> None:
    publish([figure("123456789012345.678901234567890123")])
    assert published().value == Decimal("123456789012345.678901234567890123")


@pytest.mark.parametrize(
    ("value", "status"), [(None, "A"), ("1", "O"), ("NaN", "A"), ("Infinity", "A"), ("-Infinity", "A")]
)
def test_the_database_refuses_what_is_neither_a_number_nor_missing(value: str | None, status: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        publish([figure(value, status=status)])
    assert not Series.objects.filter(indicator__code=UNPUBLISHED).exists()


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_history(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format("indicators_observationrevision"))


def test_a_figure_given_twice_is_refused_whole() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        publish([figure("1"), figure("2")], at=timezone.now())
    assert revisions() == []
