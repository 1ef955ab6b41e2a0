"""The public page of data quality: everybody reads, some acknowledge."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from programmes.models import Kpi, Programme, QualityFinding
from programmes.quality import Check
from programmes.services.checking_quality import check_quality
from tests.programmes.pages.reading import html_of, text_of, words
from tests.programmes.quality.test_checking_quality import DIFFERENCE, REASON, SLIP, TODAY, of

pytestmark = pytest.mark.django_db
PAGE = "/en/quality/"
ClientOf = Callable[[str], Client]


@pytest.fixture(scope="module", autouse=True)
def _checked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Everything has been checked, once for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        check_quality(today=TODAY)
        yield
        transaction.set_rollback(True)


def acknowledge(client: Client, finding: QualityFinding, **answer: str) -> Any:
    """The form of a finding, sent."""
    form = {"reason": REASON, "signature": finding.signature, "next": f"{PAGE}?programme=almaty-2025"}
    return client.post(f"{PAGE}{finding.pk}/", {**form, **answer})


@pytest.mark.parametrize("name", ["anonymous", "analyst", "approver"])
def test_everybody_reads_how_many_findings_wait(client_of: ClientOf, name: str) -> None:
    text = text_of(client_of(name), PAGE)
    count = QualityFinding.objects.count()
    assert f"{count} findings are open; 0 have been acknowledged." in text
    assert ("Why it is right as it is" in text) is (name == "approver")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("rule", [check.value for check in Check])
def test_every_check_has_its_page_in_every_language(client: Client, language: str, rule: str) -> None:
    answer: Any = client.get(f"/{language}/quality/", {"rule": rule})
    assert answer.status_code == 200
    assert {finding.rule for finding in answer.context["page"]} <= {rule}
    assert not re.search(r"%\(|None|\bnan\b", words(answer.content.decode()))


def test_a_finding_is_a_sentence_with_its_figures(client: Client) -> None:
    assert (
        "Semey, Annual mean concentration of PM2.5 and PM10 in the air, Suspended particles PM10, 2014: "
        "0.215 mg/m³ is about 10 times the neighbouring 0.021: a slip of the decimal point?"
    ) in text_of(client, f"{PAGE}?rule=unit_slip").replace("\xa0", " ")
    text = text_of(client, f"{PAGE}?rule=sources_differ").replace("\xa0", " ")
    assert "17 %; Bureau of National Statistics" in text


@pytest.mark.parametrize(
    ("rule", "change", "said"),
    [
        ("no_targets", {}, "No target is in force."),
        ("zero_or_negative_baseline", {"form": "multiple", "baseline_value": -2}, "but the baseline is −2"),
        ("baseline_after_targets", {"baseline_start": "2031-01-01"}, "of 2031-Q1, the last target of 2030"),
        ("absurd", {"baseline_value": 10**300}, "the baseline is 1 · 10^300: no quantity"),
        ("targets_against_comparator", {"comparator": "at_least"}, "must be at least its target, but"),
        ("out_of_range", {"baseline_value": 120}, "the baseline, 120 %, cannot be: the limit is 100."),
    ],
)  # fmt: skip
def test_definitions_are_told_in_words(
    client: Client, rule: str, change: dict[str, object], said: str
) -> None:
    kpi = Kpi.objects.filter(programme__code="almaty-2025", code="KPI-7")
    kpi.update(**change)
    if not change:
        kpi.get().targets.all().delete()
    check_quality([kpi.get().indicator_id], TODAY)
    text = text_of(client, f"{PAGE}?rule={rule}&programme=almaty-2025").replace("\xa0", " ")
    assert "Almaty 2025, KPI-7 " in text
    assert said in text


def test_it_is_filtered_by_programme_and_territory(client: Client) -> None:
    for programme in Programme.objects.all():
        answer: Any = client.get(PAGE, {"programme": programme.code})
        expected = QualityFinding.objects.filter(kpis__programme=programme).distinct().count()
        assert answer.context["page"].paginator.count == expected
    unused: Any = client.get(PAGE, {"programme": "none", "territory": "astana"})
    assert unused.context["page"].paginator.count > 0
    assert {finding.territory.code for finding in unused.context["page"]} == {"astana"}


def test_a_question_that_is_not_understood_is_answered_with_nothing(client: Client) -> None:
    assert "Nothing matches." in text_of(client, f"{PAGE}?rule=nonsense")


def test_without_findings_it_says_so(client: Client) -> None:
    QualityFinding.objects.all().delete()
    assert "Nothing is doubtful: every check passes." in text_of(client, PAGE)


def test_an_approver_acknowledges_and_everybody_reads_why(client_of: ClientOf) -> None:
    finding = of(DIFFERENCE)
    answer = acknowledge(client_of("approver"), finding)
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?programme=almaty-2025")
    text = text_of(client_of("anonymous"), f"{PAGE}?rule=sources_differ")
    assert REASON in text
    assert "1 has been acknowledged." in text
    assert "@" not in text
    acknowledge(client_of("approver"), finding, withdraw="")
    assert REASON not in text_of(client_of("anonymous"), f"{PAGE}?rule=sources_differ")


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("analyst", 403), ("coordinator", 403), ("deputy", 403), ("approver", 302)],
)
def test_only_those_who_may_acknowledge(client_of: ClientOf, name: str, status: int) -> None:
    assert acknowledge(client_of(name), of(DIFFERENCE)).status_code == status
    assert (of(DIFFERENCE).state == "acknowledged") is (name == "approver")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"reason": " "}, "Say why the figure is right as it is."),
        ({"signature": "1 2"}, "The figures have changed since you saw them."),
    ],
)
def test_a_bad_acknowledgement_is_refused_with_the_cure(
    client_of: ClientOf, answer: dict[str, str], said: str
) -> None:
    client = client_of("approver")
    acknowledge(client, of(DIFFERENCE), **answer)
    assert said in text_of(client, PAGE)
    assert of(DIFFERENCE).state == "open"


def test_it_leads_nowhere_else(client_of: ClientOf) -> None:
    answer = acknowledge(client_of("approver"), of(DIFFERENCE), next="https://example.org/")
    assert answer["Location"] == PAGE


def test_its_queries_do_not_grow_with_the_findings(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(20):
        html_of(client, PAGE)


def test_the_api_has_the_same_findings(client: Client) -> None:
    rows = client.get("/api/v1/quality-findings/", {"limit": "10000", "lang": "en"}).json()["results"]
    assert {row["id"] for row in rows} == set(QualityFinding.objects.values_list("key", flat=True))
    (slip,) = client.get("/api/v1/quality-findings/", {"rule": "unit_slip", "state": "open"}).json()[
        "results"
    ]
    assert (slip["id"], slip["territory"], slip["period"], slip["value"]) == (SLIP, "semey", "2014", 0.215)
    none = client.get("/api/v1/quality-findings/", {"state": "acknowledged"}).json()["results"]
    assert none == []
