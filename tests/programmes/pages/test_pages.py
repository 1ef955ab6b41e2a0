"""Every public page in every language: it answers, it says what it must, and its queries do not grow."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.translation import override

from programmes.labels import WORDS
from programmes.models import Goal, Kpi, Programme
from programmes.services.recomputing import recompute
from programmes.templatetags.standings import from_kept
from tests.forgotten import listening

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")
NEET = "/en/programmes/almaty-2025/kpis/KPI-7/"

Queries = Callable[..., Any]


def text_of(client: Client, path: str) -> str:
    """The page's words without markup, with single ordinary spaces."""
    response = client.get(path)
    assert response.status_code == 200, path
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_answers_in_its_language_without_inline_styles_or_scripts(
    client: Client, language: str
) -> None:
    paths = ["", "programmes/"]
    paths += [f"programmes/{code}/" for code in Programme.objects.values_list("code", flat=True)]
    paths += [f"programmes/{p}/goals/{g}/" for p, g in Goal.objects.values_list("programme__code", "code")]
    paths += [f"programmes/{p}/kpis/{k}/" for p, k in Kpi.objects.values_list("programme__code", "code")]
    assert len(paths) > 60
    for path in paths:
        with listening():
            response = client.get(f"/{language}/{path}")
        html = response.content.decode()
        assert response.status_code == 200, path
        assert f'<html lang="{language}">' in html
        assert not re.search(r"<[^>]+\s(style|on\w+)=", html), path
        assert "<style" not in html
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def test_a_list_of_kpis_counts_how_a_groups_members_stand(client: Client) -> None:
    kpi = Kpi.objects.get(programme__code="monotowns-2012-2020", code="M-4")
    counts = Counter(each.standing for each in kpi.standings.all())
    text = text_of(client, "/en/programmes/monotowns-2012-2020/")
    assert counts
    assert all(f"{count} × {WORDS[code]}" in text for code, count in counts.items())
    assert from_kept({"no_data": 2, "met": 1, "missed": 0}) == [("met", 1), ("no_data", 2)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_is_in_the_readers_language(client: Client, language: str) -> None:
    programme = Programme.objects.get(code="almaty-2025")
    with override(language):
        headline = programme.kpis.filter(is_headline=True)
        names = [programme.name, *(kpi.name for kpi in headline)]
    text = text_of(client, f"/{language}/programmes/almaty-2025/")
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize(
    "path",
    [
        "/en/programmes/almaty-2031/",
        "/en/programmes/almaty-2025/goals/9.9/",
        "/en/programmes/almaty-2025/kpis/KPI-99/",
        "/en/programmes/almaty-2025/kpis/KPI-7/?territory=semey",
        "/en/programmes/monotowns-2012-2020/kpis/M-4/?territory=almaty",
    ],
)
def test_an_unknown_code_leads_to_a_helpful_page(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert 'href="/en/programmes/"' in response.content.decode()


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/en/programmes/").status_code == 405


def test_the_monotowns_page_says_that_the_programme_was_repealed(client: Client) -> None:
    text = text_of(client, "/en/programmes/monotowns-2012-2020/")
    assert "Repealed: no longer in force from 1 January 2015." in text
    assert "№ 728" in text


def test_the_neet_page_explains_its_number(client: Client) -> None:
    recompute(today=dt.date(2026, 11, 20))  # later the figure is too old to judge by
    text = text_of(client, NEET)
    assert "5.2 % in 2023 against 5.7 % expected: on track towards 3 % in 2030." in text
    assert "(5.2 − 6.3) ÷ (5.7 − 6.3) = 183.3 %" in text
    assert "(5.2 − 6.3) ÷ (3 − 6.3) = 33.3 %" in text
    assert "5.7 ÷ 5.2 = 109.6 %" in text
    assert "5.2 ≤ 5.7 met" in text
    assert "data/statistics/bureau/neet-share.csv:" in text
    assert "D-004-9" in text
    assert "table of KPIs, line 5219" in text


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_figures_have_a_decimal_comma_and_years_no_separator(client: Client, language: str) -> None:
    text = text_of(client, f"/{language}/programmes/almaty-2025/kpis/KPI-7/")
    assert "(5,2 − 6,3) ÷ (5,7 − 6,3) = 183,3 %" in text
    assert "2 023" not in text
    assert "2023" in text


def test_the_chart_names_its_figures_for_those_who_cannot_see_it(client: Client) -> None:
    response = client.get(f"{NEET}chart.svg")
    assert response["Content-Type"] == "image/svg+xml"
    svg = response.content.decode().replace("\u00a0", " ")
    assert "Baseline – 2022: 6.3 %. Targets – 2023: 5.7 %; 2024: 5.1 %" in svg
    assert "style=" not in svg


def test_a_group_kpi_lists_every_member_and_shows_one_on_request(client: Client) -> None:
    path = "/en/programmes/monotowns-2012-2020/kpis/M-4/"
    html = client.get(path).content.decode()
    assert html.count("?territory=") == 27
    text = text_of(client, f"{path}?territory=arkalyk")
    assert "There is no figure for 2020; the latest is 9.4 % in 2009." in text


def test_a_kpi_without_figures_says_so(client: Client) -> None:
    text = text_of(client, "/en/programmes/almaty-2025/kpis/KPI-1/")
    assert "No figure has been published yet, so nobody can say whether the promise is kept." in text
    assert "≤ 70 place" in text


def test_the_language_switch_leads_to_the_same_page_in_the_other_language(client: Client) -> None:
    html = client.get(f"{NEET}?territory=almaty").content.decode()
    leads_to = f"{NEET}?territory=almaty"
    assert f'href="/language/ru/?{urlencode({"next": leads_to})}"' in html
    response = client.get("/language/ru/", {"next": leads_to})
    assert response["Location"] == leads_to.replace("/en/", "/ru/")
    assert response.cookies["language"].value == "ru"
    assert client.get("/language/ru/", {"next": "https://elsewhere.kz/"})["Location"] == "/ru/"
    assert client.get("/language/de/").status_code == 404


@pytest.mark.parametrize(
    ("name", "shown"), [("anonymous", False), ("analyst", True), ("approver", False), ("deputy", False)]
)
def test_navigation_offers_uploads_only_to_those_who_may(
    client_of: Callable[[str], Client], name: str, shown: bool
) -> None:
    html = client_of(name).get("/en/").content.decode()
    assert (">Uploads</a>" in html) is shown


@pytest.mark.parametrize(
    ("path", "budget"),
    [
        ("/en/", 17),
        ("/en/programmes/", 4),
        ("/en/programmes/almaty-2025/", 25),
        ("/en/programmes/monotowns-2012-2020/", 25),
        ("/en/programmes/monotowns-2012-2020/goals/G/", 27),
        ("/en/programmes/monotowns-2012-2020/kpis/M-4/", 35),
        ("/en/programmes/monotowns-2012-2020/kpis/M-4/?territory=arkalyk", 30),
        (NEET, 29),
    ],
)
def test_a_page_keeps_to_its_number_of_queries(
    client: Client, django_assert_max_num_queries: Queries, path: str, budget: int
) -> None:
    with django_assert_max_num_queries(budget):
        client.get(path)


def test_more_kpis_need_no_more_queries(client: Client, django_assert_num_queries: Queries) -> None:
    path = "/en/programmes/almaty-2025/"
    with django_assert_num_queries(30, exact=False) as before:
        client.get(path)
    for kpi in Kpi.objects.filter(programme__code="almaty-2025"):
        kpi.pk, kpi.code = None, f"{kpi.code}-again"
        kpi.save()
    with django_assert_num_queries(len(before)):
        client.get(path)
