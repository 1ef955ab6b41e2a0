"""The pages of evidence: contradictions, printed figures, deputies' inquiries."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client
from django.utils.translation import override

from indicators.models import Source
from programmes.evidence.provenance import KINDS, provenance
from programmes.evidence.tracing import KIND_WORDS, Trace, places
from programmes.models import Citation, Discrepancy, Inquiry, Programme
from tests.programmes.pages.test_pages import text_of

pytestmark = pytest.mark.django_db
Queries = Callable[..., Any]

REGISTER, FIGURES, INQUIRIES = "/en/discrepancies/", "/en/provenance/", "/en/inquiries/"
NEET = f"{REGISTER}almaty-2025/D-004-9/"


def pages(client: Client, path: str) -> Iterator[Any]:
    """Every page of a list."""
    first: Any = client.get(path)
    yield first
    for number in range(2, first.context["page"].paginator.num_pages + 1):
        yield client.get(f"{path}&page={number}")


def traces(client: Client, **query: str) -> list[Trace]:
    """The figures on the first page that answers the query."""
    answer: Any = client.get(FIGURES, query)
    found: list[Trace] = answer.context["traces"]
    return found


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_answers_in_its_language_without_inline_styles_or_scripts(
    client: Client, language: str
) -> None:
    inquiries = [f"inquiries/{code}/" for code in Inquiry.objects.values_list("code", flat=True)]
    sorts = ("programme_id", "kind", "rule")
    one_of_each = Discrepancy.objects.order_by(*sorts).distinct(*sorts)
    recorded = one_of_each.values_list("programme__code", "code")
    entries = [f"discrepancies/{programme}/{code}/" for programme, code in recorded]
    for path in ["discrepancies/", "provenance/", "inquiries/", *inquiries, *entries]:
        response = client.get(f"/{language}/{path}")
        html = response.content.decode()
        assert response.status_code == 200, path
        assert f'<html lang="{language}">' in html
        assert not re.search(r"<[^>]+\s(style|on\w+)=", html), path
        assert not re.search(r"<style|<script(?![^>]*\ssrc=)", html), path


@pytest.mark.parametrize("path", [f"{REGISTER}almaty-2025/D-9/", f"{REGISTER}no/D-004-9/", f"{INQUIRIES}no/"])
def test_an_unknown_code_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_register_holds_every_contradiction_once_by_programme(client: Client) -> None:
    html = "".join(page.content.decode() for page in pages(client, f"{REGISTER}?q="))
    listed = re.findall(r'href="/en/discrepancies/([^"/]+)/([^"/]+)/"', html)
    assert listed == list(Discrepancy.objects.values_list("programme__code", "code"))
    for programme in Programme.objects.annotate(number=Count("discrepancies")).exclude(number=0):
        heading = html.partition(f'<h2 id="{programme.code}">')[2].partition("</h2>")[0]
        assert programme.short_name_en in heading
        assert f"{programme.number} contradiction" in heading


def test_an_entry_says_what_is_stated_where_what_is_used_and_why(client: Client) -> None:
    for path in (f"{REGISTER}?q=NEET", NEET):
        text = text_of(client, path)
        assert "Official statistics: 27.7 thousand people, 6.3 %. used here section 4.4, line 3536" in text
        assert "section 7.1, line 4781" in text
        assert Discrepancy.objects.get(code="D-004-9").reason_en in text
        assert "KPI-7" in text
        assert "Recorded by a person, and found by the rule: the same figure is printed" in text


@pytest.mark.parametrize(
    "conditions",
    [
        {"programme": "semey-2050"},
        {"kind": "sum"},
        {"rule": "baseline"},
        {"is_recorded": "false"},
        {"programme": "almaty-2025", "kind": "value", "is_recorded": "true"},
    ],
)
def test_the_register_counts_and_shows_what_is_asked_for(client: Client, conditions: dict[str, str]) -> None:
    wanted: dict[str, Any] = {
        "programme__code" if name == "programme" else name: value.capitalize()
        if name == "is_recorded"
        else value
        for name, value in conditions.items()
    }
    answer: Any = client.get(REGISTER, conditions)
    expected = set(Discrepancy.objects.filter(**wanted))
    assert 0 < answer.context["page"].paginator.count == len(expected)
    assert set(answer.context["page"]) <= expected
    assert answer.context["recorded"] + answer.context["found"] == len(expected)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("neet", "D-004-9"),
        ("молодёжи NEET", "D-004-9"),
        ("ЖАСТАРЫНЫҢ саны", "D-004-9"),
        ("d-001-9", "D-001-9"),
    ],
)
def test_words_are_sought_in_the_names_of_all_languages_and_in_codes(
    client: Client, words: str, code: str
) -> None:
    answer: Any = client.get(REGISTER, {"q": words})
    assert code in {discrepancy.code for discrepancy in answer.context["page"]}
    assert answer.context["page"].paginator.count < 5


@pytest.mark.parametrize("path", [f"{REGISTER}?kind=colour", f"{FIGURES}?document=999", f"{FIGURES}?q=%00"])
def test_a_condition_that_is_not_understood_is_named_and_nothing_is_shown(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert 'class="field-error"' in html
    assert "Nothing matches." in html


def test_places_are_those_whose_citations_yield_a_figure() -> None:
    assert set(places()) == {figure.citation for figure in provenance()}


def test_the_pages_of_a_document_together_hold_every_figure_of_it(client: Client) -> None:
    path = f"{FIGURES}?document=001"
    shown = [trace.figure for page in pages(client, path) for trace in page.context["traces"]]
    with override("en"):
        assert shown == [figure for figure in provenance() if figure.document == "001"]


def test_every_kind_of_figure_has_a_word_and_a_filter(client: Client) -> None:
    assert tuple(KIND_WORDS) == KINDS
    for kind in KINDS:
        found = traces(client, kind=kind)
        assert {trace.figure.kind for trace in found} == {kind}


def test_figures_are_found_by_document_section_and_name(client: Client) -> None:
    found = traces(client, document="004", section="KPI", q="доля neet")
    assert found
    for trace in found:
        assert (trace.figure.document, trace.figure.section) == ("004", "KPI")
        assert trace.figure.name == "Share of NEET youth"


def test_a_figure_stands_with_its_unit_period_territory_and_lines_and_leads_to_its_page(
    client: Client,
) -> None:
    text = text_of(client, f"{FIGURES}?document=004&section=KPI&kind=target&q=NEET")
    assert "target · almaty-2025:KPI-7 5.7 % 2023 Almaty table of KPIs, line 5219" in text
    trace = traces(client, document="004", section="KPI", kind="target", q="NEET")[0]
    assert trace.url == "/en/programmes/almaty-2025/kpis/KPI-7/"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "statistic"])
def test_the_page_of_what_a_figure_is_of_exists(client: Client, kind: str) -> None:
    for url in {trace.url for trace in traces(client, kind=kind)}:
        assert client.get(url).status_code == 200, url


def test_a_figure_printed_in_another_unit_is_shown_as_printed_and_as_kept(client: Client) -> None:
    text = text_of(client, f"{FIGURES}?document=000&kind=statistic&q=population")
    assert "349.9 thousand persons kept as 349,900 persons" in text


def test_a_qualified_figure_says_so_and_a_year_has_no_separator(client: Client) -> None:
    assert "about 1.7 " in text_of(client, f"{FIGURES}?document=000&q=landscaping")
    assert "2050" in {trace.printed for trace in traces(client, document="000", kind="rule")}


@pytest.mark.parametrize(("format", "content_type"), [("csv", "text/csv"), ("json", "application/json")])
def test_the_whole_list_can_be_taken_along(client: Client, format: str, content_type: str) -> None:
    links = re.findall(r'href="(/api/v1/provenance/[^"]+)"', client.get(FIGURES).content.decode())
    [link] = [link.replace("&amp;", "&") for link in links if f"format={format}" in link]
    response: Any = client.get(link)
    assert response["Content-Type"].startswith(content_type)
    assert "Share of NEET youth" in b"".join(response.streaming_content).decode()


def test_inquiries_are_listed_with_what_came_of_them(client: Client) -> None:
    text = text_of(client, INQUIRIES)
    inquiries = list(Inquiry.objects.all())
    assert inquiries
    for inquiry in inquiries:
        assert inquiry.number in text
        assert inquiry.topic_en in text
        assert inquiry.outcome_en in text


def test_an_inquiry_shows_questions_answers_places_and_what_its_date_is_of(client: Client) -> None:
    inquiry = Inquiry.objects.get(code="ds-275")
    text = text_of(client, f"{INQUIRIES}ds-275/")
    assert "26 June 2023" in text
    parts = [inquiry.date_note_en, inquiry.addressees_en, inquiry.replied_by_en, inquiry.outcome_en]
    for question in inquiry.questions.all():
        parts += [question.text_en, question.answer_en]
    assert [part for part in parts if part not in text] == []
    assert "lines 19–21, 217–218" in text
    assert all(territory.name_en in text for territory in inquiry.territories.all())


def test_an_inquiry_shows_every_statistical_figure_of_its_reply(client: Client) -> None:
    for inquiry in Inquiry.objects.select_related("document"):
        answer: Any = client.get(f"{INQUIRIES}{inquiry.code}/")
        stated = Citation.objects.filter(
            document=inquiry.document, series__source__kind=Source.Kind.DOCUMENT
        ).values_list("pk", flat=True)
        assert {trace.figure.citation.pk for trace in answer.context["traces"]} == set(stated)


@pytest.mark.parametrize(
    ("path", "budget"),
    [
        (REGISTER, 9),
        (NEET, 7),
        (FIGURES, 46),
        (f"{FIGURES}?page=15", 46),
        (f"{FIGURES}?q=share&section=4.5", 46),
        (INQUIRIES, 5),
        (f"{INQUIRIES}ds-200/", 22),
    ],
)
def test_a_page_keeps_to_its_number_of_queries(
    client: Client, django_assert_max_num_queries: Queries, path: str, budget: int
) -> None:
    with django_assert_max_num_queries(budget):
        client.get(path)
