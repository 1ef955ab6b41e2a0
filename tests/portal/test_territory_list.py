"""Places: the maps, their table and files, what is asked for in vain, and how many queries it takes."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from cities.models import Territory, TerritoryGroup
from indicators.models import Breakdown, Indicator, Observation, Series, Source
from portal.map_names import short
from portal.tile_grid import BEFORE, DISTRICTS, TILES
from tests.programmes.pages.reading import html_of, text_of
from tests.programmes.pages.test_look import contrast, scheme

pytestmark = pytest.mark.django_db
PAGE = "/en/territories/"


def publish(
    indicator: str, territory: str, year: int, value: str | None, status: str = "A", source: str = "bureau"
) -> None:
    """Puts a figure beside those that are published."""
    series, _new = Series.objects.get_or_create(
        indicator=Indicator.objects.get(code=indicator),
        territory=Territory.objects.get(code=territory),
        breakdown=Breakdown.objects.get(code=""),
        source=Source.objects.get(code=source),
        frequency="A",
    )
    figure = {"value": value and Decimal(value), "status": status, "published_at": timezone.now()}
    Observation.objects.update_or_create(series=series, period_start=dt.date(year, 1, 1), defaults=figure)


def rows_of(client: Client, query: str) -> list[dict[str, str]]:
    """The table as a file."""
    content = client.get(f"{PAGE}?{query}&format=csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_every_territory_of_the_first_level_has_a_tile_of_its_own() -> None:
    first_level = Territory.objects.filter(level__in=["oblast", "republican_city"], valid_to=None)
    assert set(first_level.values_list("code", flat=True)) == set(TILES)
    assert len(set(TILES.values())) == len(TILES) == 20
    assert set(BEFORE.values()) <= set(TILES)


def test_every_district_of_almaty_has_a_tile_of_its_own() -> None:
    districts = Territory.objects.filter(parent__code="almaty", level="city_district")
    assert set(districts.values_list("code", flat=True)) == set(DISTRICTS)
    assert len(set(DISTRICTS.values())) == 8


def test_tiles_lie_as_their_territories_do() -> None:
    places = {each.code: each for each in Territory.objects.filter(code__in=TILES)}
    for code, (column, row) in TILES.items():
        for other, (column2, row2) in TILES.items():
            one, two = places[code], places[other]
            assert one.longitude is not None
            assert two.longitude is not None
            if column2 >= column + 2:
                assert two.longitude > one.longitude, (code, other)
            if row2 >= row + 2:
                assert two.latitude < one.latitude, (code, other)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "shortened"),
    [
        ("Солтүстік Қазақстан облысы", "СҚО"), ("Северо-Казахстанская область", "СКО"),
        ("North Kazakhstan Region", "NKR"), ("область Абай", "Абай"), ("Абай облысы", "Абай"),
        ("Алматы", "Алматы"), ("Turksib District", "Turksib"), ("Облысы", "Облысы"),
    ],
)  # fmt: skip
def test_short_names_are_made_by_rule(name: str, shortened: str) -> None:
    assert short(name) == shortened


def test_it_begins_with_a_sentence_and_shows_what_most_oblasts_have(client: Client) -> None:
    text = text_of(client, PAGE)
    assert re.search(r"there are figures for 20 of 5\d places\. Period: 20\d\d\.", text)


def test_a_tile_prints_its_figure_names_it_in_full_and_leads_to_the_profile(client: Client) -> None:
    html = html_of(client, f"{PAGE}?indicator=unemployment-rate&period=2023")
    assert (
        html.count('href="/en/territories/astana/"><title>Astana: 4.5 %</title>'.replace(" %", "\u00a0%"))
        == 2
    )
    assert 'role="group"' in html


def test_what_has_no_figure_is_hatched_and_said(client: Client) -> None:
    html = html_of(client, f"{PAGE}?indicator=unemployment-rate&period=2010")
    assert "<title>Abai Region: no figure</title>" in html
    assert "-hatch)" in html
    assert "did not exist then" in html


def test_towns_are_discs_with_their_numbers_and_a_list(client: Client) -> None:
    html = html_of(client, f"{PAGE}?indicator=population")
    numbers = TerritoryGroup.objects.get(code="monotowns-2012").memberships.count()
    assert numbers == 27
    assert html.count("<circle") == 2 * 26  # no place of Serebryansk is recorded
    assert "Not on the map, since no place is recorded: Serebryansk." in text_of(
        client, f"{PAGE}?indicator=population"
    )
    assert "Temirtau</a>: 179,853" in re.sub(r"\s+", " ", html)


def test_the_former_oblast_stands_on_todays_tile_in_its_years(client: Client) -> None:
    publish("unemployment-rate", "south-kazakhstan-oblast", 2009, "7.1")
    publish("unemployment-rate", "akmola-oblast", 2009, "7.3")
    html = html_of(client, f"{PAGE}?indicator=unemployment-rate&period=2009")
    assert "<title>South Kazakhstan Region: 7.1" in html
    assert "<title>Turkistan Region" not in html


def test_zero_is_a_value_and_a_missing_one_says_why(client: Client) -> None:
    publish("unemployment-rate", "astana", 2023, "0")
    publish("unemployment-rate", "almaty", 2023, None, status="Q")
    rows = {row["code"]: row for row in rows_of(client, "indicator=unemployment-rate&period=2023")}
    assert (rows["astana"]["value"], rows["almaty"]["value"]) == ("0", "")
    assert rows["almaty"]["note"] == "missing value: suppressed"
    assert "missing value: suppressed" in text_of(client, f"{PAGE}?indicator=unemployment-rate&period=2023")


def test_provisional_figures_and_other_sources_are_said(client: Client) -> None:
    publish("unemployment-rate", "astana", 2023, "4.5", status="P")
    publish("unemployment-rate", "astana", 2023, "6.2", source="document-004")
    text = text_of(client, f"{PAGE}?indicator=unemployment-rate&period=2023")
    assert "provisional value" in text
    assert "6.2" in text


def test_promises_are_coloured_by_the_share_kept_of_those_judged(client: Client) -> None:
    rows = {row["code"]: row for row in rows_of(client, "indicator=promises-kept")}
    assert rows["ridder"]["value"] == ""
    assert rows["ridder"]["note"] == "0 of 4 can be judged"
    assert re.fullmatch(r"\d+ of \d+ can be judged", rows["almaty"]["note"])


def test_promises_have_no_period(client: Client) -> None:
    text = text_of(client, f"{PAGE}?indicator=promises-kept&period=2020")
    assert "Promises are judged as of today: the period is ignored." in text


def test_the_table_is_sorted_as_kazakhs_sort(client: Client) -> None:
    names = [row["name"] for row in json.loads(client.get("/kk/territories/?sort=name&format=json").content)]
    assert names.index("Ақтөбе облысы") < names.index("Алматы") < names.index("Астана")
    assert names.index("Жітіқара") > names.index("Жетісу облысы")
    assert names.index("Ұлытау облысы") > names.index("Түрксіб ауданы")
    assert names.index("Шығыс Қазақстан облысы") > names.index("Хромтау")
    backwards = client.get("/kk/territories/?sort=-name&format=json").content
    assert [row["name"] for row in json.loads(backwards)] == names[::-1]


def test_the_table_is_sorted_by_figure_with_gaps_last(client: Client) -> None:
    for sort, order in (("value", 1), ("-value", -1)):
        found = [row["value"] for row in rows_of(client, f"indicator=life-expectancy&sort={sort}")]
        known = [Decimal(value) for value in found if value]
        assert known == sorted(known)[::order]
        assert found[len(known) :] == [""] * (len(found) - len(known))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("indicator=happiness", "“happiness” is none of the choices here and is ignored."),
        ("indicator=almaty-2025:KPI-7", "“almaty-2025:KPI-7” is none of the choices here"),
        ("period=soon", "“soon” is no period such as 2023 or 2024-Q3 and is ignored."),
        ("indicator=unemployment-rate&period=1950", "There are no figures of 1950: those of 2023 are shown."),
        ("indicator=unemployment-rate&period=2023-05", "There are no figures of 2023-05"),
        ("indicator=%00", "is none of the choices here and is ignored."),
        ("sort=colour", "“colour” is none of the choices here and is ignored."),
        ("map=globe", "“globe” is none of the choices here and is ignored."),
        ("format=pdf", "no file in the format “pdf”"),
        ("indicator=" + "x" * 500, "“" + "x" * 100 + "…” is none"),
    ],
)
def test_what_is_asked_for_in_vain_is_said_and_ignored(client: Client, query: str, said: str) -> None:
    text = text_of(client, f"{PAGE}?{query}")
    assert said in text
    assert "The same as a table" in text


def test_hostile_names_are_text(client: Client) -> None:
    Territory.objects.filter(code="astana").update(name_en='<script>alert("1")</script>' + "x" * 300)
    html = html_of(client, PAGE)
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_answers_in_every_language_without_inline_styles(client: Client, language: str) -> None:
    html = html_of(client, f"/{language}/territories/")
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert len(html) < 300_000


def test_it_keeps_to_its_queries(client: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    with django_assert_max_num_queries(12):
        client.get(f"{PAGE}?indicator=unemployment-rate")
    with django_assert_max_num_queries(9):
        client.get(f"{PAGE}?indicator=promises-kept")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_texts_stand_out_from_every_class(name: str) -> None:
    css = (settings.BASE_DIR / "static/css/places.css").read_text()
    colours = scheme(name)
    shares = dict(re.findall(r"--step-(\d): color-mix\(in srgb, var\(--action\) (\d+)%", css))
    assert shares.keys() == {"1", "2", "3", "4"}
    grounds = {
        step: mixed(colours["action"], colours["ground"], int(share)) for step, share in shares.items()
    }
    grounds["5"] = colours["action-strong"]
    for step, ground in grounds.items():
        assert contrast(colours["text" if step in "123" else "ground"], ground) >= 4.5
    for one, other in zip("1234", "2345", strict=True):
        assert contrast(grounds[one], grounds[other]) >= 1.2


def mixed(one: str, other: str, share: int) -> str:
    """The colour that `color-mix(in srgb, …)` makes."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round((a * share + b * (100 - share)) / 100):02x}" for a, b in pairs)
