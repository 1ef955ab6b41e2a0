"""A territory's profile: facts, promises, measures, statistics, parts, and what links lead on."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cities.models import Territory
from portal.views.profiles import A_PAGE
from programmes.models import Kpi, Measure, Standing
from tests.portal.test_territory_list import publish
from tests.programmes.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db


def page(code: str, query: str = "", language: str = "en") -> str:
    return f"/{language}/territories/{code}/{query}"


def file_of(client: Client, code: str, table: str) -> list[dict[str, str]]:
    content = client.get(page(code, f"?table={table}&format=csv")).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_it_says_what_the_territory_is(client: Client) -> None:
    text = text_of(client, page("ridder"))
    assert "Level City" in text
    assert "Part of East Kazakhstan Region" in text
    assert "KATO code 632400000" in text
    assert "Monotowns (list of 2012) No. 25 high potential" in text


def test_it_tells_its_history_with_links_to_the_others(client: Client) -> None:
    html = html_of(client, page("abai-oblast"))
    assert "8 June 2022" in html
    assert 'href="/en/territories/east-kazakhstan-oblast/"' in html
    assert "Exists since" in html


def test_a_territory_of_the_past_says_so(client: Client) -> None:
    text = text_of(client, page("south-kazakhstan-oblast"))
    assert "This territory existed until 19 June 2018." in text


def test_the_country_has_its_parts_and_no_parent(client: Client) -> None:
    text = text_of(client, page("kazakhstan"))
    assert "Part of" not in text
    assert "Zhetisu Region" in text.partition("What it consists of")[2]


def test_promises_of_a_group_are_promises_to_each_member(client: Client) -> None:
    html = html_of(client, page("ridder"))
    assert 'href="/en/programmes/monotowns-2012-2020/kpis/M-4/?territory=ridder"' in html
    assert "4 cannot be judged yet" in text_of(client, page("ridder"))
    rows = file_of(client, "ridder", "promises")
    assert {row["kpi"] for row in rows} == {"M-2", "M-3a", "M-3b", "M-4"}
    assert {row["standing"] for row in rows} == {"no_data"}


def test_what_has_slipped_comes_first(client: Client) -> None:
    kpi = Kpi.objects.filter(territory__code="almaty").order_by("-order").first()
    assert kpi is not None
    Standing.objects.filter(kpi=kpi, territory__code="almaty").update(standing="off_track")
    found = [row["standing"] for row in file_of(client, "almaty", "promises")]
    slipped = [word in {"off_track", "missed", "at_risk", "reversed"} for word in found]
    assert slipped == sorted(slipped, reverse=True)
    assert slipped[0]
    first_page = text_of(client, page("almaty")).partition("What was promised to it")[2]
    assert kpi.code in first_page


def test_many_promises_are_paged_and_the_file_holds_all(client: Client) -> None:
    count = Standing.objects.filter(territory__code="almaty").count()
    assert count > A_PAGE
    assert f"Page 1 of {-(-count // A_PAGE)}" in text_of(client, page("almaty"))
    assert len(file_of(client, "almaty", "promises")) == count
    assert len(html_of(client, page("almaty"))) < 300_000


def test_measures_and_their_money_are_counted(client: Client) -> None:
    count = Measure.objects.filter(territories__code="medeu-district").count()
    text = text_of(client, page("medeu-district"))
    assert f"{count} measures of the action plans name this territory." in text
    assert len(file_of(client, "medeu-district", "measures")) == count
    assert f"All {count} measures, overdue first" in text
    html = html_of(client, page("medeu-district"))
    assert 'href="/en/programmes/almaty-2025/measures/?territory=medeu-district"' in html


def test_the_latest_figure_comes_with_its_period_source_and_line(client: Client) -> None:
    assert 'class="places-spark"' in html_of(client, page("almaty"))
    rows = {row["indicator"]: row for row in file_of(client, "almaty", "figures")}
    sources = [row["source"] for row in rows.values()]
    assert sources[0] == "bureau"
    assert "bureau" not in sources[sources.count("bureau") :]
    assert rows["unemployment-rate"]["period"] == "2023"
    assert rows["unemployment-rate"]["source"] == "bureau"


def test_a_zero_is_shown_and_a_missing_figure_says_why(client: Client) -> None:
    publish("unemployment-rate", "ridder", 2024, "0")
    publish("neet-share", "ridder", 2024, None, status="L")
    text = text_of(client, page("ridder")).replace("\u00a0", " ")
    assert re.search(r"Unemployment rate .*? 0 % 2024", text)
    assert "missing value: data exist but were not collected" in text


def test_a_territory_of_which_nothing_is_known_is_a_sensible_page(client: Client) -> None:
    parent = Territory.objects.get(code="abai-oblast")
    Territory.objects.create(
        code="nowhere",
        level="settlement",
        parent=parent,
        name_kk="Ә" * 300,
        name_ru="<b>x</b>",
        name_en="<i>y</i>",
    )
    text = text_of(client, page("nowhere"))
    assert "No programme here promises anything to this territory." in text
    assert "No figure of this territory has been published yet." in text
    assert "&lt;i&gt;y&lt;/i&gt;" in html_of(client, page("nowhere"))
    assert "Ә" * 300 in html_of(client, page("nowhere", language="kk"))


def test_contradictions_that_touch_its_promises_are_listed(client: Client) -> None:
    html = html_of(client, page("ridder"))
    assert 'href="/en/discrepancies/monotowns-2012-2020/' in html


def test_it_leads_to_comparison_and_to_the_monotown_method(client: Client) -> None:
    html = html_of(client, page("ridder"))
    assert 'href="/en/compare/?with=ridder"' in html
    assert 'href="/en/methods/monotowns/ridder/"' in html


def test_an_unknown_code_is_not_found(client: Client) -> None:
    assert client.get(page("atlantis")).status_code == 404


@pytest.mark.parametrize("query", ["?page=999", "?page=x", "?figures=-1", "?table=poems&format=csv"])
def test_nonsense_is_answered_with_a_page_or_the_usual_file(client: Client, query: str) -> None:
    assert client.get(page("almaty", query)).status_code == 200


def test_files_are_json_too(client: Client) -> None:
    found = json.loads(client.get(page("almaty", "?table=figures&format=json")).content)
    assert {"indicator", "period", "value"} <= found[0].keys()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_kind_of_territory_answers_in_every_language(client: Client, language: str) -> None:
    levels = dict(Territory.objects.values_list("level", "code"))
    for code in {*levels.values(), "almaty", "semey-oblast"}:
        html = html_of(client, page(code, language=language))
        assert not re.search(r"<[^>]+\s(style|on\w+)=", html)


def test_it_keeps_to_its_queries_however_many_promises_there_are(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for code in ("almaty", "ridder", "kazakhstan"):
        with django_assert_max_num_queries(26):
            client.get(page(code))


def test_a_change_of_the_day_is_written_in_the_readers_words(client: Client) -> None:
    territory = Territory.objects.get(code="astana")
    assert territory.later_changes.filter(on=dt.date(2019, 3, 23)).exists()
    assert "Нұр-Сұлтан" in text_of(client, page("astana", language="kk"))


def test_the_longest_overdue_measures_come_first(client: Client) -> None:
    shown = html_of(client, page("almaty")).partition('id="measures"')[2].partition("</table>")[0]
    found = [
        Measure.objects.get(programme__code="almaty-2025", code=code)
        for code in re.findall(r'href="/en/programmes/almaty-2025/measures/([^"/]+)/"', shown)
    ]
    days = [measure.due_on for measure in found if measure.due_on]
    assert len(found) == 8
    assert days == sorted(days)
    assert days[-1] < dt.date.today()  # noqa: DTZ011 - any day will do


def test_contradictions_that_are_many_are_folded(client: Client) -> None:
    section = html_of(client, page("almaty")).partition('id="contradictions"')[2].partition("</section>")[0]
    open_part, _fold, folded = section.partition("<details")
    assert open_part.count('href="/en/discrepancies/') == 5
    rest = folded.count('href="/en/discrepancies/')
    assert f"{rest} more contradictions" in folded
