"""What papers say, gathered from the packages that ship with the portal."""

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.translation import override

from cities.models import Territory
from papers.contents.judging import Span, judgements, target_of
from papers.contents.monotowns import monotown_report
from papers.contents.programme import programme_report
from papers.contents.quality import quality_report
from papers.contents.strategy import strategy_check
from papers.document import Document, Heading, Picture, Table, Text
from programmes.models import Kpi, Measure, Programme, QualityFinding, Standing
from programmes.overview import rollups

pytestmark = pytest.mark.django_db

ALMATY, MONOTOWNS = "almaty-2025", "monotowns-2012-2020"


def programme(code: str) -> Programme:
    return Programme.objects.get(code=code)


def report(code: str, first: int, last: int, language: str = "en") -> Document:
    with override(language):
        return programme_report(programme(code), Span(first, last, timezone.localdate()))


def sheet(document: Document, name: str) -> list[Table]:
    return [table for table in document.tables if table.sheet == name]


def cells(document: Document) -> list[str]:
    return [cell.text for table in document.tables for row in table.rows for cell in row]


def test_the_report_counts_promises_as_the_programmes_page_does() -> None:
    rollup = rollups()[programme(ALMATY).pk]
    document = report(ALMATY, 2022, timezone.localdate().year)
    with override("en"):
        assert document.summary == rollup.sentence
    assert sum(int(row[1].number) for row in sheet(document, "Standing")[0].rows) == rollup.total


def test_every_kpi_stands_in_the_report_with_its_figures() -> None:
    document = report(ALMATY, 2022, 2026)
    rows = [row for table in sheet(document, "KPIs") for row in table.rows]
    assert len(rows) == programme(ALMATY).kpis.count()
    known = Standing.objects.filter(kpi__programme__code=ALMATY, actual__isnull=False).count()
    figures = [row[3] for row in rows if row[3].number]
    assert len(figures) == known
    assert all(cell.notes for cell in figures)
    assert all(cell.is_missing for row in rows if not (cell := row[3]).number)


def test_every_note_leads_to_a_source() -> None:
    document = report(ALMATY, 2022, 2026)
    numbers = {source.number for source in document.sources}
    notes = {note for table in document.tables for row in table.rows for cell in row for note in cell.notes}
    assert notes
    assert notes <= numbers


def test_figures_after_an_earlier_period_are_left_out() -> None:
    document = report(ALMATY, 2022, 2023)
    periods = {row[3].period for table in sheet(document, "KPIs") for row in table.rows if row[3].period}
    assert periods
    assert max(map(int, periods)) <= 2023


def test_a_target_of_the_period_comes_before_later_ones() -> None:
    kpi = next(kpi for kpi in Kpi.objects.filter(programme__code=ALMATY) if kpi.targets.count() > 2)
    years = sorted(target.period.year for target in kpi.targets.all())
    chosen = target_of(kpi, Span(years[0], years[0], timezone.localdate()))
    assert chosen is not None
    assert chosen.period.year == years[0]


@pytest.mark.parametrize(("months", "standing"), [(36, "on_track"), (35, "stale")])
def test_figures_too_old_at_the_end_of_the_period_judge_nothing(months: int, standing: str) -> None:
    kpi = Kpi.objects.get(programme__code=ALMATY, code="KPI-2")  # its latest figure is that of 2022
    Kpi.objects.filter(pk=kpi.pk).update(tolerance_months=months)
    [judged] = judgements(kpi.programme, Span(2022, 2025, dt.date(2026, 11, 21)))[kpi.pk]
    assert judged.code == standing


def test_measures_that_fell_due_are_listed_as_not_done_until_they_are() -> None:
    def overdue() -> int:
        document = report(MONOTOWNS, 2012, 2015)
        return sum(len(table.rows) for table in sheet(document, "Measures") if "not recorded" in table.part)

    before = overdue()
    measure = Measure.objects.filter(
        programme__code=MONOTOWNS, state="planned", deadline__type="one_off"
    ).first()
    assert measure is not None
    Measure.objects.filter(pk=measure.pk).update(state="done")
    assert overdue() == before - 1


def test_an_empty_programme_makes_a_report() -> None:
    country = Territory.objects.get(level="country")
    names = {f"{field}_{code}": "Ұ" * 100 for field in ("name", "short_name") for code in ("kk", "ru", "en")}
    Programme.objects.create(
        code="empty", territory=country, starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 12, 31), **names
    )
    document = report("empty", 2024, 2025)
    assert not document.tables
    assert document.summary == "No promise here has been judged yet."


def test_the_report_of_a_programme_takes_a_fixed_number_of_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(50):
        report(ALMATY, 2022, 2026)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_report_is_written_in_its_language(language: str) -> None:
    with override(language):
        name = programme(ALMATY).name
        document = report(ALMATY, 2022, 2026, language)
    assert document.language == language
    assert name in document.title


def test_all_monotowns_stand_in_their_report() -> None:
    with override("en"):
        document = monotown_report(None)
    assert document is not None
    (towns,) = sheet(document, "Towns")
    assert len(towns.rows) == 27
    assert document.summary.startswith("27 towns:")


def test_a_monotown_is_told_with_criteria_promises_and_indicators() -> None:
    town = Territory.objects.get(code="stepnogorsk")
    with override("en"):
        document = monotown_report(town)
    assert document is not None
    assert sheet(document, "Criteria")
    (promises,) = sheet(document, "Promises")
    assert len(promises.rows) == Standing.objects.filter(territory=town).count()
    assert any(
        cell.number == "64316"
        for table in sheet(document, "Indicators")
        for row in table.rows
        for cell in row
    )


def test_a_place_that_is_no_monotown_has_no_report() -> None:
    assert monotown_report(Territory.objects.get(code="almaty")) is None


def test_the_check_of_a_strategy_lists_every_rule_and_counts_the_binding_ones() -> None:
    with override("en"):
        document = strategy_check(programme("semey-2050"), timezone.localdate())
    assert document is not None
    (rules,) = sheet(document, "Rules")
    assert len(rules.rows) == 45
    assert strategy_check(programme(ALMATY), timezone.localdate()) is None


def test_the_report_on_quality_lists_every_finding_in_words() -> None:
    with override("en"):
        document = quality_report(None)
    listed = sum(len(table.rows) for table in sheet(document, "Findings"))
    assert listed == QualityFinding.objects.current().count() > 0
    words = [row[1].text for table in sheet(document, "Findings") for row in table.rows]
    assert all(words)


def test_the_report_on_quality_may_be_of_one_programme() -> None:
    document = quality_report(programme(MONOTOWNS))
    expected = QualityFinding.objects.current().filter(kpis__programme__code=MONOTOWNS).distinct().count()
    assert ("Findings", str(expected)) in [(str(name), text) for name, text in document.facts] or expected


def test_drawings_come_with_a_description_and_their_figures() -> None:
    document = report(ALMATY, 2022, 2026)
    pictures = [block for block in document.blocks if isinstance(block, Picture)]
    assert pictures
    assert all(each.description and each.figures.rows and each.svg.startswith("<svg") for each in pictures)


def test_a_hostile_name_is_only_text() -> None:
    Kpi.objects.filter(programme__code=MONOTOWNS).update(name_en="\x0b<script>alert(1)</script>{{ 7*7 }}")
    document = report(MONOTOWNS, 2012, 2020)
    names = [row[0].text for table in sheet(document, "KPIs") for row in table.rows]
    assert all(name.startswith("<script>alert(1)</script>{{ 7*7 }}") for name in names)


def test_what_has_not_slipped_is_said_so() -> None:
    document = report(MONOTOWNS, 2012, 2015)
    at = next(i for i, block in enumerate(document.blocks) if block == Heading("What has slipped"))
    following = document.blocks[at + 1]
    assert isinstance(following, Text)
    assert following.text == "Nothing that can be judged has slipped."
