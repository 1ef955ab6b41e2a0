"""The catalogue of indicators: its list and an indicator's own page."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from cities.models import Territory
from indicators.models import Breakdown, Indicator, Observation, Series, Source
from portal.series_chart import draw
from tests.programmes.pages.reading import html_of, text_of, words

pytestmark = pytest.mark.django_db
UNEMPLOYMENT = "/en/indicators/unemployment-rate/"
Queries = Callable[..., Any]


class TestList:
    def test_it_says_how_many_there_are(self, client: Client) -> None:
        total = Indicator.objects.count()
        assert f"{total:,} indicators are in the catalogue" in text_of(client, "/en/indicators/")

    def test_it_shows_unit_source_years_places_and_promises(self, client: Client) -> None:
        text = text_of(client, "/en/indicators/?q=unemployment+rate")
        assert "Unemployment rate" in text
        assert "Bureau of National Statistics" in text
        assert "2009–2023" in text

    @pytest.mark.parametrize("query", ["q=жумыссыздык", "q=bezrabotica", "q=unemployement"])
    def test_words_are_found_as_the_search_finds_them(self, client: Client, query: str) -> None:
        assert "/indicators/unemployment-rate/" in html_of(client, f"/en/indicators/?{query}")

    def test_it_narrows_by_source_use_frequency_and_unit(self, client: Client) -> None:
        html = html_of(client, "/en/indicators/?source=bureau&programme=any&frequency=A&unit=PT")
        assert "/indicators/neet-share/" in html
        assert "/indicators/population/" not in html

    def test_unused_ones_can_be_asked_for(self, client: Client) -> None:
        count = Indicator.objects.filter(kpis=None).count()
        assert f"{count:,} indicators of the" in text_of(client, "/en/indicators/?programme=none")

    def test_an_unknown_value_is_said_and_not_heeded(self, client: Client) -> None:
        text = text_of(client, "/en/indicators/?source=nobody&unit=parsec")
        assert "“nobody” is not known under “Source” and is not heeded." in text
        assert "“parsec” is not known under “Unit”" in text
        assert f"{Indicator.objects.count():,} indicators are in the catalogue" in text

    def test_nothing_found_is_said(self, client: Client) -> None:
        assert "Nothing matches." in text_of(client, "/en/indicators/?q=qqqqqq")

    def test_its_file_has_every_indicator(self, client: Client) -> None:
        content = client.get("/en/indicators/?format=csv").content.decode("utf-8-sig")
        rows = {row["code"]: row for row in csv.DictReader(io.StringIO(content))}
        assert len(rows) == Indicator.objects.count()
        assert rows["unemployment-rate"]["first"] == "2009"

    def test_its_queries_do_not_grow(self, client: Client, django_assert_max_num_queries: Queries) -> None:
        with django_assert_max_num_queries(12):
            client.get("/en/indicators/?programme=any")


class TestDetail:
    def test_an_unknown_code_is_not_found(self, client: Client) -> None:
        assert client.get("/en/indicators/nothing-of-the-kind/").status_code == 404

    def test_the_number_comes_first_then_what_it_means(self, client: Client) -> None:
        text = text_of(client, UNEMPLOYMENT)
        assert "Kazakhstan: 4.7 % (2023)" in text
        assert "Collection instrument" in text
        assert "8.5.2" in text

    def test_another_place_and_breakdown_can_be_chosen(self, client: Client) -> None:
        text = text_of(client, f"{UNEMPLOYMENT}?territory=almaty&breakdown=SEX%3DF")
        assert "Almaty, Women:" in text

    def test_what_is_not_there_is_said_and_the_next_best_shown(self, client: Client) -> None:
        text = text_of(client, f"{UNEMPLOYMENT}?territory=atlantis&period=1812")
        assert "There are no figures for “atlantis”" in text
        assert "There are no figures for “1812”" in text
        assert "Kazakhstan: 4.7 % (2023)" in text

    def test_every_place_stands_beside_it_the_largest_first(self, client: Client) -> None:
        text = text_of(client, UNEMPLOYMENT).partition("By territory, 2023")[2]
        assert text.index("Mangystau") < text.index("Karaganda")

    def test_the_drawing_has_a_name_and_a_text(self, client: Client) -> None:
        html = html_of(client, UNEMPLOYMENT).partition('id="places"')[0]
        assert html.count('role="img"') == 2
        assert "2023: 4.7\u00a0%" in html

    def test_places_are_drawn_side_by_side_in_the_order_of_their_figures(self, client: Client) -> None:
        html = html_of(client, UNEMPLOYMENT)
        drawing = html.partition('id="panels-text-wide">')[2].partition("</svg>")[0]
        told = drawing.partition("</desc>")[0].split("; ")
        assert drawing.count("<g transform=") == len(told) == 12
        figures = [float(re.findall(r"([\d.]+)\u00a0% \(2023\)", each)[0]) for each in told]
        assert figures == sorted(figures, reverse=True)
        assert "12 of the 21 places over time, all on the same scale" in words(html)

    def test_the_other_places_are_on_the_next_page_of_the_drawing(self, client: Client) -> None:
        html = html_of(client, UNEMPLOYMENT)
        assert 'href="?panels=2#panels"' in html
        second = html_of(client, f"{UNEMPLOYMENT}?panels=2")
        assert (
            second.partition('id="panels-text-wide">')[2].partition("</svg>")[0].count("<g transform=") == 9
        )
        assert "By territory, 2023" in words(second)

    def test_the_places_drawn_stand_in_a_table_too(self, client: Client) -> None:
        html = html_of(client, UNEMPLOYMENT)
        table = html.partition("The places drawn as a table")[2].partition("</table>")[0]
        assert table.count('<th scope="row">') == 12
        assert re.findall(r'class="num">(\d{4})<', table) == ["2018", "2019", "2020", "2021", "2022", "2023"]

    def test_an_indicator_of_one_place_has_no_panels(self, client: Client) -> None:
        lone = (
            Series.objects.filter(breakdown__code="")
            .values_list("indicator__code")
            .annotate(places=Count("territory", distinct=True))
        )
        code = lone.filter(places=1).order_by("indicator__code")[0][0]
        assert 'id="panels"' not in html_of(client, f"/en/indicators/{code}/")

    def test_promises_and_doubts_are_named(self, client: Client) -> None:
        text = text_of(client, UNEMPLOYMENT)
        assert "1 promise is measured by this indicator." in text
        assert "Monotowns 2020" in text
        assert "findings of the checks concern its figures" in text

    def test_one_without_figures_says_so(self, client: Client) -> None:
        code = Indicator.objects.filter(series=None).values_list("code", flat=True)[0]
        text = text_of(client, f"/en/indicators/{code}/")
        assert "No figure of this indicator has been published yet." in text

    def test_one_with_a_single_figure_has_no_drawing(self, client: Client) -> None:
        figures = Observation.objects.filter(series__indicator__unit__code="PT", series__breakdown__code="")
        lone = next(
            code
            for code in figures.values_list("series__indicator__code", flat=True).distinct()[:200]
            if Observation.objects.filter(series__indicator__code=code).count() == 1
        )
        html = html_of(client, f"/en/indicators/{lone}/")
        assert 'class="chart-drawing' not in html

    def test_its_file_has_every_place_and_period(self, client: Client) -> None:
        content = client.get(f"{UNEMPLOYMENT}?format=csv").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(content)))
        assert {"territory", "period", "value", "status"} <= rows[0].keys()
        shown = Observation.objects.filter(
            series__indicator__code="unemployment-rate",
            series__source__code="bureau",
            series__breakdown__code="",
        )
        assert len(rows) == shown.count()

    def test_missing_is_shown_as_missing_and_zero_as_a_value(self, client: Client) -> None:
        series = Series.objects.get(
            indicator__code="unemployment-rate",
            territory__code="kazakhstan",
            source__code="bureau",
            breakdown__code="",
        )
        figures = Observation.objects.filter(series=series)
        figures.filter(period_start="2023-01-01").update(value=None, status="Q")
        figures.filter(period_start="2022-01-01").update(value=0)
        text = text_of(client, UNEMPLOYMENT)
        assert "2023 – missing value: suppressed" in text
        assert "2022: 0 %" in html_of(client, UNEMPLOYMENT).replace("\u00a0", " ")

    def test_sixty_years_of_two_hundred_places_make_a_sensible_page(
        self, client: Client, django_assert_max_num_queries: Queries
    ) -> None:
        indicator = Indicator.objects.filter(series=None)[0]
        territories = list(Territory.objects.all()[:200])
        total, source = Breakdown.objects.get(code=""), Source.objects.get(code="bureau")
        series = Series.objects.bulk_create(
            Series(indicator=indicator, territory=each, breakdown=total, source=source, frequency="A")
            for each in territories
        )
        Observation.objects.bulk_create(
            Observation(
                series=each,
                period_start=dt.date(year, 1, 1),
                value=Decimal(year % 17),
                published_at=timezone.now(),
            )
            for each in series
            for year in range(1965, 2025)
        )
        with django_assert_max_num_queries(26):
            text = text_of(client, f"/en/indicators/{indicator.code}/")
        assert "Table: 60 figures" in text
        assert "200 places of 200 have a figure" in text
        assert len(client.get(f"/en/indicators/{indicator.code}/").content) < 300_000

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_it_answers_in_every_language(self, client: Client, language: str) -> None:
        html = html_of(client, f"/{language}/indicators/neet-share/?territory=almaty")
        assert f'<html lang="{language}">' in html
        assert " style=" not in html

    def test_the_page_of_its_promises_alone_still_answers(self, client: Client) -> None:
        assert client.get(f"{UNEMPLOYMENT}kpis/").status_code == 200


class TestDrawing:
    def test_a_single_figure_is_not_drawn(self) -> None:
        assert draw([(2020, 5.0)], 1, str, "wide") is None

    def test_a_missing_year_is_a_gap(self) -> None:
        chart = draw([(2018, 1.0), (2019, 2.0), (2021, 3.0), (2022, 2.5)], 1, str, "wide")
        assert chart is not None
        assert len(chart.lines) == 2

    def test_quarters_a_year_apart_are_not_joined(self) -> None:
        chart = draw([(2018.0, 1.0), (2018.25, 2.0), (2019.25, 3.0)], 0.25, str, "narrow")
        assert chart is not None
        assert len(chart.lines) == 1
        assert len(chart.points) == 3

    @pytest.mark.parametrize("size", ["wide", "narrow"])
    def test_everything_lies_within(self, size: str) -> None:
        figures = [(1950.0 + year, (-1.0) ** year * year * 1e9) for year in range(75)]
        chart = draw(figures, 1, lambda value: f"{value:,.0f}", size)
        assert chart is not None
        assert chart.left < chart.width / 2
        for x, y in chart.points:
            assert chart.left <= x <= chart.width
            assert 0 <= y <= chart.height

    def test_equal_figures_are_drawn_level(self) -> None:
        chart = draw([(2020.0, 5.0), (2021.0, 5.0)], 1, str, "wide")
        assert chart is not None
        assert len({y for _x, y in chart.points}) == 1
