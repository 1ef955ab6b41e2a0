"""The checks on the real data, and what becomes of their findings when figures change."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cities.models import Territory
from indicators.models import Indicator, Observation, Series
from programmes.models import Kpi, QualityFinding
from programmes.services.acknowledging import (
    AcknowledgementError,
    acknowledge_finding,
    withdraw_acknowledgement,
)
from programmes.services.checking_quality import check_quality

pytestmark = pytest.mark.django_db

SLIP = "unit_slip:air-pollutant-concentration:semey:SERIES=_L_KZ_110602_1A:bureau:2014"
DIFFERENCE = "sources_differ:municipal-waste-recycled-share:almaty:_T:document-004:2021"
JUMP = "jump:manufacturing-share:astana:_T:bureau:2019"
REASON = "Checked with the Bureau: the method changed."
TODAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _checked(db: None) -> None:
    """Everything has been checked."""
    check_quality(today=TODAY)


def contents() -> list[tuple[object, ...]]:
    """All findings with the KPIs that they concern, as a reader could compare them."""
    rows = QualityFinding.objects.order_by("key", "kpis").values_list(
        "key", "value", "compared", "low", "high", "number", "signature", "kpis"
    )
    return list(rows)


def change(series: Series, year: int, value: str) -> None:
    """Another figure is published."""
    figures = Observation.objects.filter(series=series, period_start=dt.date(year, 1, 1))
    figures.update(value=Decimal(value))


def of(key: str) -> QualityFinding:
    """The finding with the key."""
    return QualityFinding.objects.select_related("series", "territory").get(key=key)


def test_the_document_states_the_counts_of_the_real_data() -> None:
    text = (settings.BASE_DIR / Path("docs/data-quality.md")).read_text()
    counts = Counter(QualityFinding.objects.values_list("rule", flat=True))
    for rule, count in counts.items():
        assert f"| `{rule}` | {count} |" in text
    assert f"{sum(counts.values())} findings" in text


def test_known_contradictions_are_found() -> None:
    slip, difference = of(SLIP), of(DIFFERENCE)
    assert (slip.value, slip.number) == (0.215, 10)
    assert (difference.value, difference.compared) == (17, 14)
    assert [kpi.code for kpi in difference.kpis.all()] == ["3.2-1"]
    assert QualityFinding.objects.filter(key=JUMP, value=22.9, compared=4.1).exists()


def test_a_second_check_changes_nothing() -> None:
    before, moments = contents(), list(QualityFinding.objects.order_by("pk").values_list("pk", "found_at"))
    assert check_quality(today=TODAY) == QualityFinding.objects.count()
    assert contents() == before
    assert list(QualityFinding.objects.order_by("pk").values_list("pk", "found_at")) == moments


def test_a_check_of_what_was_touched_finds_what_a_check_of_everything_does() -> None:
    waste = of(DIFFERENCE).other
    assert waste is not None
    for year in (2019, 2020, 2021, 2022):
        change(waste, year, "170")
    kpi = Kpi.objects.get(programme__code="almaty-2025", code="KPI-7")
    kpi.targets.all().delete()
    check_quality([waste.indicator_id, kpi.indicator_id], TODAY)
    touched = contents()
    assert QualityFinding.objects.filter(rule="out_of_range", series=waste).count() == 4
    assert of("no_targets:almaty-2025:KPI-7").kpi == kpi
    check_quality(today=TODAY)
    assert contents() == touched


def test_nothing_touched_is_nothing_checked() -> None:
    assert check_quality([], TODAY) == 0
    assert QualityFinding.objects.exists()


@pytest.mark.parametrize("power", ["1e300", "-1e300", "1e-300", "1e400", "1e-400", "0", "-5"])
def test_any_number_that_is_stored_can_be_checked(power: str) -> None:
    series = of(JUMP).series
    assert series is not None
    change(series, 2019, power)
    kpi = Kpi.objects.filter(form="level", baseline_value__isnull=False, baseline_start__isnull=False)[0]
    Kpi.objects.filter(pk=kpi.pk).update(baseline_value=Decimal(power))
    kpi.targets.update(value=Decimal(power), value_max=None)
    check_quality(today=TODAY)
    found = QualityFinding.objects.filter(series=series, period_start=dt.date(2019, 1, 1))
    rule = {"0": "jump", "-5": "out_of_range"}.get(power, "absurd")
    assert (rule in found.values_list("rule", flat=True)) is (power != "0")
    assert found.count() <= 1


def test_it_reads_in_a_few_queries() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        check_quality(today=TODAY)
    assert len(queries) <= 20


def test_a_finding_that_is_mended_goes() -> None:
    series = of(SLIP).series
    assert series is not None
    change(series, 2014, "0.0215")
    check_quality([series.indicator_id], TODAY)
    assert not QualityFinding.objects.filter(key=SLIP).exists()


def test_an_acknowledgement_holds_as_long_as_the_figures_do(user: Callable[[str], User]) -> None:
    finding = of(DIFFERENCE)
    acknowledge_finding(
        finding=finding, by=user("approver"), reason=f"  {REASON} ", signature=finding.signature
    )
    check_quality(today=TODAY)
    finding = of(DIFFERENCE)
    assert (finding.state, finding.acknowledged_reason) == ("acknowledged", REASON)
    assert finding.other is not None
    change(finding.other, 2021, "13")
    check_quality([finding.other.indicator_id], TODAY)
    finding = of(DIFFERENCE)
    assert (finding.state, finding.has_changed, finding.acknowledged_reason) == ("open", True, REASON)
    change(finding.series, 2021, "13")  # type: ignore[arg-type]
    check_quality(today=TODAY)
    assert not QualityFinding.objects.filter(key=DIFFERENCE).exists()


def test_an_acknowledged_finding_that_comes_back_is_still_acknowledged(user: Callable[[str], User]) -> None:
    finding = of(DIFFERENCE)
    assert finding.series is not None
    acknowledge_finding(finding=finding, by=user("approver"), reason=REASON, signature=finding.signature)
    change(finding.series, 2021, "14")
    check_quality(today=TODAY)
    assert of(DIFFERENCE).state == "gone"
    assert not QualityFinding.objects.current().filter(key=DIFFERENCE).exists()
    change(finding.series, 2021, "17")
    check_quality(today=TODAY)
    assert (of(DIFFERENCE).state, of(DIFFERENCE).acknowledged_reason) == ("acknowledged", REASON)


@pytest.mark.parametrize(
    ("name", "key", "allowed"),
    [
        ("approver", DIFFERENCE, True),
        ("administrator", DIFFERENCE, True),
        ("analyst", DIFFERENCE, False),
        ("almaty.analyst", DIFFERENCE, False),
        ("coordinator", DIFFERENCE, False),
        ("deputy", DIFFERENCE, False),
    ],
)
def test_those_may_acknowledge_who_answer_for_the_territory(
    user: Callable[[str], User], name: str, key: str, allowed: bool
) -> None:
    finding = of(key)
    if not allowed:
        with pytest.raises(AcknowledgementError, match="not_allowed"):
            acknowledge_finding(finding=finding, by=user(name), reason=REASON, signature=finding.signature)
        return
    acknowledge_finding(finding=finding, by=user(name), reason=REASON, signature=finding.signature)
    assert of(key).state == "acknowledged"
    withdraw_acknowledgement(finding=finding, by=user(name))
    assert (of(key).state, of(key).acknowledged_by) == ("open", None)


def test_an_approver_of_one_city_may_not_acknowledge_for_another(user: Callable[[str], User]) -> None:
    approver = user("approver")
    approver.mandates.update(territory=Territory.objects.get(code="almaty"))
    elsewhere, here = of(JUMP), of(DIFFERENCE)
    with pytest.raises(AcknowledgementError, match="not_allowed"):
        acknowledge_finding(finding=elsewhere, by=approver, reason=REASON, signature=elsewhere.signature)
    acknowledge_finding(finding=here, by=approver, reason=REASON, signature=here.signature)


@pytest.mark.parametrize(
    ("reason", "signature", "code"), [("  ", None, "reason_missing"), (REASON, "1 2", "changed")]
)
def test_an_acknowledgement_needs_a_reason_and_the_figures_that_were_seen(
    user: Callable[[str], User], reason: str, signature: str | None, code: str
) -> None:
    finding = of(DIFFERENCE)
    with pytest.raises(AcknowledgementError, match=code):
        acknowledge_finding(
            finding=finding, by=user("approver"), reason=reason, signature=signature or finding.signature
        )


def test_the_database_refuses_an_acknowledgement_without_a_reason(user: Callable[[str], User]) -> None:
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    whole = {
        "acknowledged_by": user("approver"), "acknowledged_at": moment, "acknowledged_reason": REASON,
        "acknowledged_signature": "17 14",
    }  # fmt: skip
    findings = QualityFinding.objects.filter(key=DIFFERENCE)
    for name, empty in {"acknowledged_by": None, "acknowledged_at": None, "acknowledged_reason": " "}.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            findings.update(**{**whole, name: empty})
    findings.update(**whole)


def test_a_new_break_takes_a_jump_away() -> None:
    Indicator.objects.get(code="manufacturing-share").breaks.create(first_day=dt.date(2019, 1, 1))
    check_quality(today=TODAY)
    assert not QualityFinding.objects.filter(key=JUMP).exists()
