"""The pages of papers: what everybody may read, and how one is ordered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from papers.models import Paper
from papers.services.ordering import order_paper
from papers.tasks import make_paper_task
from programmes.models import Programme

pytestmark = pytest.mark.django_db

Browsers = Callable[[str], Client]
ASKED = {"programme": "monotowns-2012-2020", "first_year": "2012", "last_year": "2015", "language": "en"}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The papers handed to workers."""
    found: list[int] = []
    monkeypatch.setattr("papers.views.send", found.append)
    return found


def test_a_deputy_orders_a_report_and_finds_its_progress(
    client_of: Browsers, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    browser = client_of("deputy")
    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post(reverse("papers:paper-order", args=["programme"]), ASKED, follow=True)
    page = response.content.decode()
    paper = Paper.objects.get()
    assert sent == [paper.pk]
    assert f'hx-get="{reverse("papers:paper-progress", args=[paper.pk])}"' in page
    assert "<progress" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first_year": "2016"}, "comes before the first"),
        ({"first_year": "1999"}, "runs from 2012 to 2020"),
        ({"last_year": "soon"}, "whole number"),
        ({"programme": "nothing"}, "not one of"),
        ({"language": "de"}, "not one of"),
    ],
)
def test_nonsense_in_an_order_is_refused_with_the_cure(
    client_of: Browsers, changed: dict[str, str], words: str
) -> None:
    response = client_of("deputy").post("/en/papers/new/programme/", ASKED | changed)
    assert words in response.content.decode()
    assert not Paper.objects.exists()


def test_an_unknown_kind_does_not_exist(client_of: Browsers) -> None:
    assert client_of("deputy").get("/en/papers/new/novel/").status_code == 404


def test_strangers_are_asked_to_log_in_before_they_order(client_of: Browsers) -> None:
    response = client_of("anonymous").get("/en/papers/new/quality/")
    assert response.status_code == 302
    assert "login" in response.headers["Location"]


def test_strangers_read_ready_papers_and_no_others(client_of: Browsers, paper: Paper) -> None:
    browser = client_of("anonymous")
    assert browser.get(reverse("papers:paper-detail", args=[paper.pk])).status_code == 404
    assert browser.get(reverse("papers:paper-file", args=[paper.pk, "pdf"])).status_code == 404
    make_paper_task(paper.pk)
    assert browser.get(reverse("papers:paper-detail", args=[paper.pk])).status_code == 200
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        response = browser.get(reverse("papers:paper-file", args=[paper.pk, form]))
        assert b"".join(response).startswith(start)
        assert f"bagdar-{paper.pk}.{form}" in response.headers["Content-Disposition"]


def test_progress_loads_the_page_anew_once_it_is_done(client_of: Browsers, paper: Paper) -> None:
    address = reverse("papers:paper-progress", args=[paper.pk])
    assert "HX-Refresh" not in client_of("deputy").get(address).headers
    make_paper_task(paper.pk)
    assert client_of("deputy").get(address).headers["HX-Refresh"] == "true"


def test_a_failed_paper_says_why_and_what_to_do(client_of: Browsers, paper: Paper) -> None:
    Paper.objects.filter(pk=paper.pk).update(state="failed", failure={"code": "gave_up", "attempts": 3})
    page = client_of("deputy").get(f"/en/papers/{paper.pk}/").content.decode()
    assert "tried 3 times. Order it anew" in page


def test_a_nonsensical_filter_is_said_and_ignored(client_of: Browsers, paper: Paper) -> None:
    make_paper_task(paper.pk)
    page = client_of("anonymous").get("/en/papers/?kind=novel&programme=x").content.decode()
    assert "novel" in page
    assert reverse("papers:paper-file", args=[paper.pk, "pdf"]).removeprefix("/kk") in page


def test_the_form_begins_with_the_programme_that_a_page_leads_from(client_of: Browsers) -> None:
    page = client_of("deputy").get("/en/papers/new/programme/?programme=almaty-2025").content.decode()
    assert '<option value="almaty-2025" selected>' in page
    assert 'value="2022"' in page


def test_the_list_takes_a_fixed_number_of_queries(
    client_of: Browsers, paper: Paper, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_paper_task(paper.pk)
    for language in ("ru", "en"):
        other = order_paper(by=paper.ordered_by, kind=Paper.Kind.QUALITY, language=language)
        make_paper_task(other.pk)
    with django_assert_max_num_queries(6):
        client_of("anonymous").get("/en/papers/")


def test_the_title_of_a_paper_stands_in_its_own_language(client_of: Browsers, paper: Paper) -> None:
    make_paper_task(paper.pk)
    page = client_of("anonymous").get(f"/en/papers/{paper.pk}/").content.decode()
    assert '<h1 lang="kk">' in page
    assert Programme.objects.get(code="monotowns-2012-2020").name_kk in page
