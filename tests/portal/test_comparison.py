"""Comparison: territories side by side, and ranks among peers chosen by a rule that is said."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cities.models import Territory
from portal.peers import peers_of, rules_for
from tests.portal.test_territory_list import publish
from tests.programmes.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db
PAGE = "/en/compare/"
RATE = "indicator=unemployment-rate"


def file_of(client: Client, query: str) -> list[dict[str, str]]:
    content = client.get(f"{PAGE}?{query}&format=csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_without_territories_it_says_what_to_do(client: Client) -> None:
    text = text_of(client, PAGE)
    assert "Choose two to 6 territories" in text
    assert "Add a territory" in text


def test_figures_stand_side_by_side_as_lines_and_as_a_table(client: Client) -> None:
    html = html_of(client, f"{PAGE}?with=almaty&with=astana&{RATE}")
    assert html.count('class="places-line places-line--') == 4
    assert 'role="img"' in html
    rows = file_of(client, f"with=almaty&with=astana&{RATE}")
    assert {row["territory"] for row in rows} == {"almaty", "astana"}
    assert {"year": "2023", "value": "4.5"}.items() <= next(
        row for row in rows if row["territory"] == "astana" and row["year"] == "2023"
    ).items()


def test_a_kpi_is_compared_by_the_figures_of_its_breakdown(client: Client) -> None:
    rows = file_of(client, "with=almaty&with=astana&indicator=almaty-2025:KPI-7")
    assert {row["subject"] for row in rows} == {"almaty-2025:KPI-7"}
    assert {row["territory"] for row in rows} == {"almaty", "astana"}


def test_without_a_choice_it_compares_what_most_of_them_have(client: Client) -> None:
    html = html_of(client, f"{PAGE}?with=almaty&with=astana")
    assert html.count('id="side-') == 3


def ranking(client: Client, query: str) -> list[dict[str, str]]:
    return file_of(client, f"table=ranking&{query}")


def test_the_rank_is_among_peers_of_the_chosen_rule_with_their_number(client: Client) -> None:
    text = text_of(client, f"{PAGE}?with=almaty&{RATE}&period=2023&peers=group:oblasts")
    assert re.search(r"Almaty has rank \d+ of 20 territories with a figure", text)
    assert "The peers: Regions and cities of republican significance. 20 territories in all." in text
    assert "Rank 1 is the lowest figure." in text
    assert "Figures that differ by less than 0.1 share a rank" in text
    rows = ranking(client, f"with=almaty&{RATE}&period=2023&peers=group:oblasts")
    assert len(rows) == 20
    ranks = [int(row["rank"]) for row in rows]
    assert ranks[0] == 1
    assert all(rank == 1 + sum(other < rank for other in ranks) for rank in ranks)
    assert [Decimal(row["value"]) for row in rows] == sorted(Decimal(row["value"]) for row in rows)


def test_peers_without_a_figure_are_listed(client: Client) -> None:
    text = text_of(client, f"{PAGE}?with=kentau&with=ridder&{RATE}&period=2009&peers=group:monotowns-2012")
    assert re.search(r"has rank 1 of \d territor(y|ies) with a figure|has rank \d", text)
    assert re.search(r"2\d peers have no figure and no rank:.*Ridder", text)


def test_those_that_did_not_exist_are_named(client: Client) -> None:
    text = text_of(client, f"{PAGE}?with=karaganda-oblast&with=abai-oblast&{RATE}&period=2015")
    assert "In 2015 there was no Abai Region" in text
    assert "Did not exist then: Abai Region, Turkistan Region, Ulytau Region, Zhetisu Region." in text
    ranked = {row["territory"] for row in ranking(client, f"with=karaganda-oblast&{RATE}&period=2015")}
    assert "abai-oblast" not in ranked


def test_a_provisional_figure_and_another_source_are_uncertain(client: Client) -> None:
    publish("unemployment-rate", "almaty", 2023, "4.8", status="P")
    publish("unemployment-rate", "almaty", 2023, "1.1", source="document-004")
    text = text_of(client, f"{PAGE}?with=almaty&{RATE}&period=2023&peers=group:oblasts")
    assert "By other sources it would have a rank from 1 to" in text
    assert "Its figure may still change." in text
    assert "What is uncertain" in text


def test_peers_of_like_size_need_a_population_figure(client: Client) -> None:
    text = text_of(client, f"{PAGE}?with=ridder&indicator=population&peers=population&band=10")
    assert "Population within ±10 % of its own, by the latest figure of each" in text
    listed = {
        row["territory"]
        for row in ranking(client, "with=ridder&indicator=population&peers=population&band=10")
    }
    assert {"ridder", "kulsary", "shakhtinsk"} <= listed
    assert "temirtau" not in listed
    text = text_of(client, f"{PAGE}?with=astana&{RATE}&peers=population")
    assert "No population figure of Astana is published" in text


def test_the_same_oblast_is_a_rule_of_its_own() -> None:
    district = Territory.objects.get(code="medeu-district")
    city = Territory.objects.get(code="almaty")
    rules = {rule.code: rule for rule in rules_for(district, city)}
    assert set(rules) == {"level", "oblast", "group:almaty-districts", "population"}
    found = peers_of(district, rules["oblast"], city, 25, timezone.localdate())
    assert {each.parent_id for each in found.territories} == {city.pk}
    assert len(found.territories) == 8
    everywhere = peers_of(district, rules["level"], city, 25, timezone.localdate())
    assert len(everywhere.territories) > 8


def test_membership_is_that_of_the_period() -> None:
    oblast = Territory.objects.get(code="almaty-oblast")
    rule = next(each for each in rules_for(oblast, oblast) if each.code == "group:oblasts")
    codes = [
        {each.code for each in peers_of(oblast, rule, oblast, 25, day).territories}
        for day in (dt.date(2015, 12, 31), dt.date(2023, 12, 31))
    ]
    assert "south-kazakhstan-oblast" in codes[0] - codes[1]
    assert "shymkent" in codes[1] - codes[0]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("with=almaty&with=atlantis", "There is no territory “atlantis”: it is left out."),
        ("with=almaty&with=a%00b&indicator=%00", "There is no territory “a\ufffdb”: it is left out."),
        ("with=almaty&with=almaty", "A territory that is named twice is shown once."),
        ("with=almaty&indicator=happiness", "There is no indicator or KPI “happiness”: it is left out."),
        ("with=almaty&indicator=almaty-2025:KPI-99", "“almaty-2025:KPI-99”: it is left out."),
        ("with=almaty&period=soon", "“soon” is no period such as 2023 or 2024-Q3 and is ignored."),
        (f"with=almaty&{RATE}&period=1950", "There are no figures of 1950"),
        ("with=almaty&peers=friends", "“friends” is none of the choices here and is ignored."),
        ("with=almaty&band=7", "“7” is none of the choices here and is ignored."),
        ("with=almaty&of=astana", "“astana” is none of the choices here and is ignored."),
        ("with=almaty&by=neet", "“neet” is none of the choices here and is ignored."),
        (
            "with=almaty&with=astana&with=aktau&with=semey&with=oral&with=kentau&with=abai",
            "At most 6 territories fit side by side: the first 6 of 7 are shown.",
        ),
        (
            "with=almaty&"
            + "&".join(
                f"indicator={c}"
                for c in ("unemployment-rate", "neet-share", "life-expectancy", "population",
                          "manufacturing-share", "park-areas-size", "cultural-institutions")
            ),
            "At most 6 indicators are compared at once: the first 6 are shown.",
        ),
    ],
)  # fmt: skip
def test_what_is_asked_for_in_vain_is_said(client: Client, query: str, said: str) -> None:
    text = text_of(client, f"{PAGE}?{query}")
    assert said in text
    assert "among its peers" in text


def test_territories_without_common_figures_are_a_sensible_page(client: Client) -> None:
    text = text_of(client, f"{PAGE}?with=almaty&with=kosshy&{RATE}")
    assert "No annual figure of: Kosshy." in text
    text = text_of(client, f"{PAGE}?with=kosshy")
    assert "No figure of what is chosen has been published yet." in text
    text = text_of(client, f"{PAGE}?with=kosshy&{RATE}")
    assert "None of the chosen territories has a figure to be ranked by." in text


def test_sixty_years_of_six_territories_fit(client: Client) -> None:
    codes = ("almaty", "astana", "shymkent", "semey", "ridder", "kentau")
    for year in range(1965, 2024):
        publish("unemployment-rate", "ridder", year, f"{year % 9}.{year % 7}")
    html = html_of(client, f"{PAGE}?{'&'.join(f'with={code}' for code in codes)}&{RATE}")
    assert "1965" in html
    assert len(html) < 300_000


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_answers_in_every_language_without_inline_styles(client: Client, language: str) -> None:
    html = html_of(client, f"/{language}/compare/?with=almaty&with=astana")
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)


def test_it_keeps_to_its_queries(client: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    for query in (
        f"with=almaty&{RATE}",
        f"with=almaty&with=astana&with=shymkent&{RATE}&indicator=neet-share&indicator=life-expectancy",
        "with=ridder&indicator=population&peers=population",
    ):
        with django_assert_max_num_queries(20):
            client.get(f"{PAGE}?{query}")
