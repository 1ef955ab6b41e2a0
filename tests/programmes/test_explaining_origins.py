"""Every figure of an explanation leads to where it comes from."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from indicators.models import Entry, Indicator, Report, ReportingForm, Source, Upload
from indicators.services.publishing import Figure, publish
from programmes.explaining.formulas import figures_in
from programmes.explaining.sentences import with_figures
from programmes.models import Kpi, LegalAct, Progress
from programmes.services.recomputing import recompute
from tests.programmes.explanations import (
    NEET,
    TOWNS,
    explained,
    fact_of,
    flaws_of,
    input_of,
    kpi_of,
    of_group,
    published,
    words_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def neet(db: None) -> Kpi:
    return kpi_of("almaty-2025", "KPI-7")


def test_the_actual_names_the_revision_in_use(neet: Kpi) -> None:
    territory = neet.territory_id
    assert territory is not None
    published(neet, territory, {"2024": "4.4"}, origin="a file:1")
    published(neet, territory, {"2024": "4.9"}, origin="a file:2", released_on=dt.date(2026, 1, 2))
    (figure,) = input_of(explained(neet, "almaty", 2024), "actual").figures
    revision = figure.revision
    assert (revision.value, revision.origin, revision.reason) == (Decimal("4.9"), "a file:2", "corrected")
    assert revision.released_on == dt.date(2026, 1, 2)
    assert figure.id.endswith(":almaty:_T:bureau:2024")


def test_a_figure_of_an_upload_names_its_file_and_cell(neet: Kpi, user: Callable[[str], User]) -> None:
    upload = Upload.objects.create(
        file_name="neet.xlsx", size=1, sha256="0" * 64, user=user("analyst"),
        source=Source.objects.get(code="bureau"),
    )  # fmt: skip
    assert neet.territory_id is not None
    published(neet, neet.territory_id, {"2024": "4.4"}, origin="Sheet1!B7", upload=upload)
    page = words_of(Client(), f"{NEET}?year=2024")
    assert "neet.xlsx, Sheet1!B7." in page
    (figure,) = input_of(explained(neet, "almaty", 2024), "actual").figures
    assert figure.page.endswith(f"/uploads/{upload.pk}/")


def test_a_figure_of_a_report_names_it(neet: Kpi, user: Callable[[str], User]) -> None:
    form = ReportingForm.objects.exclude(source__kind="document").first()
    assert form is not None
    assert neet.territory_id is not None
    start = dt.date(2024, 1, 1)
    report = Report.objects.create(form=form, territory_id=neet.territory_id, period_start=start)
    entry = Entry.objects.create(
        report=report, indicator=neet.indicator, breakdown=neet.breakdown, value=4, changed_by=user("analyst")
    )
    published(neet, neet.territory_id, {"2024": "4"}, origin=f"{form.code} 2024", entry=entry.pk)
    (figure,) = input_of(explained(neet, "almaty", 2024), "actual").figures
    assert figure.revision.origin == f"{form.code} 2024"
    assert figure.page.endswith(f"/reports/{form.code}/2024/")


def test_a_figure_of_a_document_names_its_lines() -> None:
    row = Progress.objects.filter(
        kpi__programme__code="almaty-2025", kpi__code="4.2-11", actual__isnull=False
    ).first()
    assert row is not None
    explanation = explained(kpi_of("almaty-2025", "4.2-11"), "almaty", row.year)
    (figure,) = input_of(explanation, "actual").figures
    lines = [line for citation in figure.citations for line in citation.lines]
    assert figure.revision.origin == f"004: {', '.join(map(str, lines))}"


@pytest.mark.parametrize(
    ("rule", "formula", "actual"),
    [
        ("sum", "1 + 2 + 3 + 6", 12.0),
        ("mean", "(1 + 2 + 3 + 6) ÷ 4", 3.0),
        ("last", "", 6.0),
    ],
)
def test_the_figures_within_a_year_are_shown(neet: Kpi, rule: str, formula: str, actual: float) -> None:
    Indicator.objects.filter(pk=neet.indicator_id).update(over_time=rule)
    neet.indicator.over_time = rule
    assert neet.territory_id is not None
    quarters = {f"2024-Q{number}": value for number, value in enumerate("1236", 1)}
    published(neet, neet.territory_id, quarters)
    explanation = explained(neet, "almaty", 2024)
    entered = input_of(explanation, "actual")
    assert entered.value == actual
    assert (with_figures(entered.formula) if entered.formula else "") == formula
    assert list(flaws_of(explanation)) == []
    sources = [each for each in explanation.inputs if each.code.startswith("period_")] or [entered]
    assert sources[-1].figures[0].observation.period.number == 4


def test_a_part_of_a_year_is_said_with_its_months(neet: Kpi) -> None:
    Indicator.objects.filter(pk=neet.indicator_id).update(over_time="sum")
    neet.indicator.over_time = "sum"
    assert neet.territory_id is not None
    published(neet, neet.territory_id, {"2024-Q1": "1", "2024-Q2": "1"})
    with override("en"):
        verdict = fact_of(explained(neet, "almaty", 2024), "verdict")
    assert (verdict.reason, verdict.word) == ("part_of_year", "")
    assert verdict.cure == "The rest of the year: 6 of 12 months are known."
    assert "The figure covers 6 months of the year." in words_of(Client(), f"{NEET}?year=2024")


def test_a_target_names_its_act_and_the_one_that_it_replaced(neet: Kpi) -> None:
    since = dt.date(2025, 3, 1)
    act = LegalAct.objects.create(
        programme=neet.programme, code="change", kind="amendment", number="17", title_en="Act of change"
    )
    original = neet.targets.get(period_start=dt.date(2025, 1, 1))
    original.valid_to = since
    original.save()
    neet.targets.create(period_start=original.period_start, value=Decimal("5.5"), act=act, valid_from=since)
    recompute([neet.pk])
    neet = kpi_of("almaty-2025", "KPI-7")
    entered = input_of(explained(neet, "almaty", 2025), "target_2025")
    assert (entered.value, entered.act, entered.in_force_since) == (5.5, act, since)
    assert [target.value for target in entered.replaced] == [Decimal("4.5")]
    page = words_of(Client(), f"{NEET}?year=2025")
    assert "Act of change, № 17 · in effect from 1 March 2025" in page
    assert "Originally ≤ 4.5 %, until 1 March 2025 · Act adopting the programme" in page


def test_a_threshold_says_whose_it_is(neet: Kpi) -> None:
    neet.programme.on_track_from = 0.9
    explanation = explained(neet, "almaty", 2023)
    assert (input_of(explanation, "on_track_from").basis, input_of(explanation, "at_risk_from").basis) == (
        "own",
        "default",
    )


def test_a_baseline_in_contradiction_leads_to_the_register() -> None:
    page = Client().get("/en/programmes/almaty-2025/kpis/KPI-4/").content.decode()
    entered = page.partition('id="figure-baseline"')[2].partition('id="figure-target')[0]
    assert 'href="/en/discrepancies/almaty-2025/D-004-5/"' in entered
    assert 'href="/en/provenance/?document=004&amp;section=KPI&amp;kind=baseline' in entered


@pytest.fixture
def towns(db: None) -> Kpi:
    """KPI M-2 with the number of small enterprises in each town in 2011 and 2015."""
    found = kpi_of("monotowns-2012-2020", "M-2")
    for number, standing in enumerate(found.standings.order_by("territory"), 1):
        published(found, standing.territory_id, {"2011": str(number), "2015": str(3 * number)})
    return found


def test_the_figure_of_a_group_is_made_of_its_members(towns: Kpi) -> None:
    explanation = of_group(towns, 2015)
    actual, baseline = input_of(explanation, "actual"), input_of(explanation, "baseline")
    assert (actual.value, baseline.value, baseline.basis) == (3 * 27 * 14, 27 * 14, "observed")
    assert actual.formula is not None
    assert len(list(figures_in(actual.formula))) == 27
    assert list(flaws_of(explanation)) == []
    page = words_of(Client(), f"{TOWNS}?year=2015")
    assert "For the group as a whole." in page
    assert "27 of 27 members have one." in page
    assert "1,134 ≥ 756 met" in page


def test_a_mean_and_a_ratio_of_a_group_are_shown(towns: Kpi) -> None:
    Indicator.objects.filter(pk=towns.indicator_id).update(aggregation="mean")
    recompute([towns.pk])
    explanation = of_group(towns, 2015)
    assert (input_of(explanation, "actual").value, list(flaws_of(explanation))) == (42.0, [])
    parts = Indicator.objects.exclude(pk=towns.indicator_id)[:2]
    Indicator.objects.filter(pk=towns.indicator_id).update(
        aggregation="ratio", numerator=parts[0], denominator=parts[1]
    )
    for standing in towns.standings.all():
        for part, value in zip(parts, ("1", "4"), strict=True):
            towns.indicator = part
            published(towns, standing.territory_id, {"2015": value})
    towns = kpi_of("monotowns-2012-2020", "M-2")
    recompute([towns.pk])
    explanation = of_group(towns, 2015)
    actual = input_of(explanation, "actual")
    assert actual.value == pytest.approx(0.25 * (100 if towns.indicator.unit.code.startswith("PT") else 1))
    assert list(flaws_of(explanation)) == []


def test_a_group_that_lacks_a_member_says_how_many_have_figures(towns: Kpi) -> None:
    first = towns.standings.order_by("territory")[0]
    publish(
        [
            Figure(
                towns.indicator_id, first.territory_id, towns.breakdown_id,
                Source.objects.get(code="bureau").pk, "A", dt.date(2015, 1, 1), None, "O", "test",
            )
        ],
        reason="withdrawn",
    )  # fmt: skip
    recompute([towns.pk])
    with override("en"):
        verdict = fact_of(of_group(towns, 2015), "verdict")
    assert verdict.reason == "incomplete_group"
    assert verdict.cure == "Figures of more members: 26 of 27 have one."


def test_a_town_starts_from_its_own_figure_where_the_document_names_the_year_alone(towns: Kpi) -> None:
    baseline = input_of(explained(towns, "temirtau", 2015), "baseline")
    assert baseline.basis == "observed"
    assert [figure.observation.period.year for figure in baseline.figures] == [2011]
    target = input_of(explained(towns, "temirtau", 2015), "target_2015")
    assert target.stated == "×2"
    assert target.formula is not None
    number = baseline.value or 0
    assert (with_figures(target.formula), target.value) == (f"{number:.0f} × 2", 2 * number)
