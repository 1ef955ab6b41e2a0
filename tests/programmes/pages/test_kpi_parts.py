"""A KPI's figures side by side: by place and by breakdown, page by page, with their files."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from cities.models import Territory
from indicators.models import Breakdown, Category, Dimension
from programmes.models import Kpi
from programmes.parts import compared_period, figures_of_places, places_within
from tests.pixels import read_png
from tests.programmes.pages.kpis import a_kpi, computed, figure, named, page_of
from tests.programmes.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db
Queries = Callable[..., Any]
NEET = "/en/programmes/almaty-2025/kpis/KPI-7/breakdowns/"


def breakdown(**categories: str) -> Breakdown:
    """The breakdown by categories of new dimensions, `SEX2="F"`."""
    code = "&".join(f"{dimension}={category}" for dimension, category in sorted(categories.items()))
    found, _is_new = Breakdown.objects.get_or_create(code=code)
    for dimension, category in categories.items():
        of, _is_new = Dimension.objects.get_or_create(
            code=dimension, defaults=named(f"By {dimension.lower()}")
        )
        part, _is_new = Category.objects.get_or_create(
            dimension=of, code=category, defaults=named(f"Cat {category}")
        )
        found.categories.add(part)
    return found


def a_broken_down_kpi() -> Kpi:
    """A KPI by sex, and by sex and age together, over two years."""
    kpi = a_kpi()
    parts = [breakdown(SEX2=sex) for sex in "FM"]
    parts += [breakdown(AGE2=age, SEX2=sex) for age in ("Y1", "Y2", "Y3") for sex in "FM"]
    figures = [
        figure(kpi, year, index + year / 1000, breakdown=part)
        for index, part in enumerate([kpi.breakdown, *parts])
        for year in (2022, 2023)
    ]
    computed(kpi, *figures)
    return kpi


def test_sex_and_age_can_be_looked_at_together(client: Client) -> None:
    kpi = a_broken_down_kpi()
    html = html_of(client, f"{page_of(kpi)}breakdowns/?by=AGE2.SEX2")
    assert html.count("<g transform=") == 2 * 7  # the total beside the six
    assert "By age2 × By sex2" in html
    only = html_of(client, f"{page_of(kpi)}breakdowns/?by=AGE2.SEX2&SEX2=F")
    assert only.count("<g transform=") == 2 * 4
    assert '<option value="F" selected' in " ".join(only.split())


def test_the_first_breakdown_is_shown_where_none_is_asked_for(client: Client) -> None:
    text = text_of(client, f"{page_of(a_broken_down_kpi())}breakdowns/")
    assert "by breakdown: By sex2" in text
    assert "3 series, all on the same scale." in text


@pytest.mark.parametrize("query", ["by=NONSENSE", "by=AGE2.SEX2&SEX2=X"])
def test_a_breakdown_that_does_not_exist_is_said_and_ignored(client: Client, query: str) -> None:
    response = client.get(f"{page_of(a_broken_down_kpi())}breakdowns/?{query}")
    assert response.status_code == 200
    [message] = get_messages(response.wsgi_request)
    assert "is ignored" in str(message)


def test_breakdowns_have_their_files(client: Client) -> None:
    path = f"{page_of(a_broken_down_kpi())}breakdowns/"
    rows = client.get(path, {"by": "SEX2", "format": "json"}).json()
    assert [(row["code"], row["period"]) for row in rows[2:4]] == [("SEX2=F", "2022"), ("SEX2=F", "2023")]
    assert (
        client.get(path, {"format": "csv"}).content.decode("utf-8-sig").startswith("code,name,period,value")
    )
    assert "By sex2" in client.get(path, {"format": "svg"}).content.decode()
    assert read_png(client.get(path, {"format": "png"}).content).width == 1440


def test_the_bureaus_series_by_sex_is_there(client: Client) -> None:
    html = html_of(client, NEET)
    assert html.count("<g transform=") == 2 * 3
    assert "This table as a file" in text_of(client, NEET)


@pytest.mark.parametrize("page", ["breakdowns/", "places/"])
def test_what_has_no_parts_has_no_such_page(client: Client, page: str) -> None:
    kpi = a_kpi()
    computed(kpi, figure(kpi, 2022, 40))
    assert client.get(f"{page_of(kpi)}{page}").status_code == 404
    html = html_of(client, page_of(kpi))
    assert f"/kpis/T-1/{page}" not in html


def test_the_year_that_most_parts_share_is_compared() -> None:
    kpi = a_kpi()
    city = Territory.objects.get(code="almaty")
    first, second, third = Territory.objects.filter(parent=city).order_by("code")[:3]
    computed(
        kpi,
        figure(kpi, 2021, 1, territory=first),
        figure(kpi, 2021, 2, territory=second),
        figure(kpi, 2022, 3, territory=third),
        figure(kpi, 2023, None, "O", territory=third),
    )
    places = places_within(kpi, city)
    parts = figures_of_places(kpi, places)
    period = compared_period(parts)
    assert set(places) == {first, second, third}
    assert period is not None
    assert period.start == dt.date(2021, 1, 1)
    [latest] = [part.latest for part in parts if part.code == third.code]
    assert latest is not None
    assert latest[1] == 3


@pytest.mark.parametrize(("path", "budget"), [(NEET, 8), ("/en/programmes/almaty-2025/kpis/0-10/places/", 5)])
def test_parts_keep_to_their_number_of_queries(
    client: Client, django_assert_max_num_queries: Queries, path: str, budget: int
) -> None:
    with django_assert_max_num_queries(budget):
        client.get(path)
