"""A KPI's page: what it draws, whom it names, and that it stays sensible where much or all is missing."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from cities.models import Territory
from indicators.models import Observation
from indicators.services.publishing import publish
from programmes.models import Benchmark, Kpi
from programmes.services.recomputing import recompute
from tests.pixels import read_png
from tests.programmes.pages.kpis import (
    TODAY,
    a_group,
    a_kpi,
    computed,
    figure,
    page_of,
    target,
    towns,
)
from tests.programmes.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db
NEET = "/en/programmes/almaty-2025/kpis/KPI-7/"
HOSTILE = "</title><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"

Queries = Callable[..., Any]


def chart_of(html: str) -> ElementTree.Element:
    """The chart for wide screens."""
    svg = re.search(r"<svg[^>]*chart-drawing--wide.*?</svg>", html, flags=re.S)
    assert svg is not None
    return ElementTree.fromstring(svg.group())


def drawn(html: str, kind: str) -> int:
    """How many marks of the kind are in the chart, its keys left out."""
    marks = chart_of(html).iter()
    return sum(mark.get("class") == kind for mark in marks) - (
        "m0 -3h18v6h-18z" in html and kind == "chart-original"
    )


def test_an_amended_target_stands_beside_the_one_first_set(client: Client) -> None:
    kpi = a_kpi()
    target(kpi, 2030, 80, valid_to=dt.date(2025, 1, 1))
    target(kpi, 2030, 60, valid_from=dt.date(2025, 1, 1), act=kpi.programme.acts.first())
    computed(kpi, figure(kpi, 2022, 40), figure(kpi, 2023, 45))
    html = html_of(client, page_of(kpi))
    assert drawn(html, "chart-original") == 1
    assert drawn(html, "chart-target") == 1
    assert "target as first set" in html
    assert "Targets as first set – 2030: 80" in html
    assert "replaced" in text_of(client, page_of(kpi))
    [row] = [row for row in rows_of(client, kpi) if row["year"] == "2030"]
    assert (row["target"], row["target_first_set"]) == ("60.0", "80.0")


def test_before_the_amendment_there_is_only_the_first_target(client: Client) -> None:
    kpi = a_kpi()
    target(kpi, 2030, 80, valid_to=dt.date(2025, 1, 1))
    target(kpi, 2030, 60, valid_from=dt.date(2025, 1, 1), act=kpi.programme.acts.first())
    at = dt.datetime(2024, 1, 10, tzinfo=dt.UTC)
    computed(kpi, figure(kpi, 2022, 40), figure(kpi, 2021, 39), at=at)
    html = html_of(client, f"{page_of(kpi)}?as_of=2024-06-01")
    assert drawn(html, "chart-original") == 0


def test_actuals_say_that_they_are_provisional_estimated_or_revised(client: Client) -> None:
    kpi = a_kpi()
    publish([figure(kpi, 2021, 39)])
    publish([figure(kpi, 2021, 40)], reason="The Bureau corrected it")
    computed(kpi, figure(kpi, 2022, 41, "E"), figure(kpi, 2023, 42, "P"))
    html = html_of(client, page_of(kpi))
    text = text_of(client, page_of(kpi))
    assert "2021: 40" in html
    assert "revised since first published; 2022: 41" in html
    for word in ("Provisional", "Estimated", "Revised since first published"):
        assert word in text
    marks = {row["year"]: row["marks"] for row in rows_of(client, kpi)}
    assert marks == {"2021": "revised", "2022": "estimated", "2023": "provisional"}


def test_other_places_are_drawn_where_they_can_be(client: Client) -> None:
    kpi = a_kpi()
    computed(kpi, figure(kpi, 2022, 40), figure(kpi, 2023, 45))
    for code, place, value in (("near", "Astana", 50), ("far", "Oslo", 5000)):
        Benchmark.objects.create(
            programme=kpi.programme, kpi=kpi, code=code, place_kk=place, place_ru=place, place_en=place,
            name_en="Share", name_kk="Share", name_ru="Share", unit=kpi.indicator.unit, value=value,
            period_start=dt.date(2022, 1, 1),
        )  # fmt: skip
    html = html_of(client, page_of(kpi))
    assert "Astana 50" in html
    assert "1 figure of another place lies too far away to be drawn here; the table has it." in text_of(
        client, page_of(kpi)
    )


def test_a_kpi_with_nothing_at_all_has_a_sensible_page(client: Client) -> None:
    kpi = a_kpi()
    recompute([kpi.pk], TODAY)
    text = text_of(client, page_of(kpi))
    assert "It cannot be judged:" in text
    assert "The document states no baseline." in text
    assert "There are neither figures nor targets by year." in text
    assert "The document names no body that answers for this promise." in text
    assert "The chart as a file" not in text
    assert client.get(f"{page_of(kpi)}chart.svg").status_code == 404
    assert "There are too few figures for a chart." in text_of(client, f"{page_of(kpi)}embed/")
    assert rows_of(client, kpi) == []


@pytest.mark.parametrize("case", ["no target", "no actual", "one point", "never computed"])
def test_a_kpi_that_lacks_something_has_a_page_and_files(client: Client, case: str) -> None:
    kpi = a_kpi()
    if case == "no actual":
        target(kpi, 2030, 60)
    if case != "never computed":
        figures = [figure(kpi, 2023, 45), *([figure(kpi, 2022, 40)] if case == "no target" else [])]
        computed(kpi, *(figures if case != "no actual" else []))
    html_of(client, page_of(kpi))
    assert client.get(page_of(kpi), {"format": "json"}).status_code == 200


def test_a_name_of_300_characters_and_hostile_text_are_shown_as_text(client: Client) -> None:
    kpi = a_kpi(f"{HOSTILE} {'Ұзақ атау ' * 30}"[:300])
    computed(kpi, figure(kpi, 2022, 40), figure(kpi, 2023, 45))
    html = html_of(client, page_of(kpi))
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    for address in ("chart.svg", "embed/"):
        body = client.get(f"{page_of(kpi)}{address}").content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body
    svg = client.get(f"{page_of(kpi)}chart.svg").content.decode()
    texts = [each.text or "" for each in ElementTree.fromstring(svg).iter() if each.tag.endswith("text")]
    assert any(text.startswith("</title><script>") for text in texts)
    assert any(text.endswith("…") for text in texts)
    assert client.get(f"{page_of(kpi)}chart.png").status_code == 200


def test_the_snippet_for_other_sites_cannot_be_broken_by_a_name(client: Client) -> None:
    kpi = a_kpi('"></iframe><script>alert(1)</script>')
    computed(kpi, figure(kpi, 2022, 40), figure(kpi, 2023, 45))
    html = html_of(client, page_of(kpi))
    shown = re.search(r"<pre class=\"snippet\".*?</pre>", html, flags=re.S)
    assert shown is not None
    # What the reader copies has the quotation mark escaped once more, so that the attribute stays whole.
    assert "title=&quot;&amp;quot;&amp;gt;&amp;lt;/iframe" in shown.group()


def test_the_chart_is_a_png_with_real_pixels(client: Client) -> None:
    response = client.get("/kk/programmes/almaty-2025/kpis/KPI-7/chart.png")
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'attachment; filename="almaty-2025-KPI-7.png"'
    image = read_png(response.content)
    assert image.width == 1440
    assert image.height > 700
    assert len(image.colours) > 50


def test_the_svg_has_title_place_unit_and_source(client: Client) -> None:
    svg = client.get(f"{NEET}chart.svg").content.decode()
    assert "Almaty · per cent" in svg
    assert "Source: Bureau of National Statistics" in svg
    assert "/en/programmes/almaty-2025/kpis/KPI-7/</text>" in svg


def rows_of(client: Client, kpi: Kpi) -> list[dict[str, str]]:
    """The page's figures from its CSV."""
    text = client.get(page_of(kpi), {"format": "csv"}).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_figures_of_the_chart_are_a_file(client: Client) -> None:
    rows = client.get(NEET, {"format": "json"}).json()
    of_2023 = next(row for row in rows if row["year"] == 2023)
    assert (of_2023["actual"], of_2023["target"], of_2023["verdict"]) == (5.2, 5.7, "met")
    assert next(row for row in rows if row["year"] == 2022)["baseline"] == 6.3
    assert client.get(NEET, {"format": "xml"}).status_code == 200


def test_only_the_page_for_other_sites_may_be_framed(client: Client) -> None:
    embedded, own = client.get(f"{NEET}embed/"), client.get(NEET)
    assert "frame-ancestors *" in embedded["Content-Security-Policy"]
    assert "X-Frame-Options" not in embedded
    assert "default-src 'none'" in embedded["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in own["Content-Security-Policy"]
    assert own["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("query", "shown"), [("?theme=dark", "dark"), ("?theme=light", "light"), ("?theme=x", "")]
)
def test_a_framed_chart_can_keep_to_one_scheme(client: Client, query: str, shown: str) -> None:
    html = html_of(client, f"{NEET}embed/{query}")
    assert (f'data-theme="{shown}"' in html) is bool(shown)
    assert 'href="http' in html
    assert "Source: Bureau of National Statistics" in html


def test_bodies_that_answer_are_named(client: Client) -> None:
    text = text_of(client, "/en/programmes/monotowns-2012-2020/kpis/M-4/").partition("Who answers for it")[2]
    assert "Measures it Bureau of National Statistics" in text
    assert "The measures of the whole programme are answered for by:" in text
    assert "Akims of oblasts" in text


def test_doubts_about_its_figures_are_said(client: Client) -> None:
    text = text_of(client, "/en/programmes/monotowns-2012-2020/kpis/M-4/?territory=arkalyk")
    doubts = text.partition("What is doubtful in these figures")[2]
    assert "Arkalyk, Unemployment rate, 2009" in doubts
    assert "Kentau, Unemployment rate, 2009" not in doubts


def test_sixty_years_of_two_hundred_towns_stay_a_short_page(
    client: Client, django_assert_max_num_queries: Queries
) -> None:
    members = towns(200)
    kpi = a_kpi(group=a_group(members))
    target(kpi, 2030, 60)
    figures = [
        figure(kpi, year, number + year / 100, territory=town)
        for number, town in enumerate(members)
        for year in range(1966, 2026)
    ]
    computed(kpi, *figures)
    with django_assert_max_num_queries(28):
        html = html_of(client, page_of(kpi))
    assert html.count("<g transform=") == 2 * 12
    assert "The first 12 of 200 places" in text_of(client, page_of(kpi))
    with django_assert_max_num_queries(8):
        places = html_of(client, f"{page_of(kpi)}places/?page=9")
    assert places.count("<g transform=") == 2 * 8
    assert "193–200 of 200" in places
    rows = client.get(f"{page_of(kpi)}places/", {"format": "json"}).json()
    assert len(rows) == 200 * 61
    assert Observation.objects.filter(series__indicator=kpi.indicator_id).count() == 200 * 60


def test_districts_are_compared_in_the_year_that_they_share(client: Client) -> None:
    path = "/en/programmes/almaty-2025/kpis/0-10/"
    html = html_of(client, path)
    assert html.count('class="chart-bar"') == 2 * 8
    assert "Figures of 2022." in text_of(client, path)
    rows = client.get(f"{path}places/", {"format": "json"}).json()
    assert {row["period"] for row in rows} == {"2022"}
    assert (
        Territory.objects.get(code="alatau-district").name in {row["name"] for row in rows} or len(rows) == 8
    )


@pytest.mark.parametrize(
    ("path", "budget"),
    [
        (NEET, 29),
        ("/en/programmes/monotowns-2012-2020/kpis/M-4/", 35),
        (f"{NEET}embed/", 9),
        (f"{NEET}chart.svg", 9),
    ],
)
def test_a_page_about_a_kpi_keeps_to_its_number_of_queries(
    client: Client, django_assert_max_num_queries: Queries, path: str, budget: int
) -> None:
    with django_assert_max_num_queries(budget):
        client.get(path)


def test_the_json_of_a_kpi_without_figures_is_an_empty_list(client: Client) -> None:
    kpi = a_kpi()
    assert json.loads(client.get(page_of(kpi), {"format": "json"}).content) == []
