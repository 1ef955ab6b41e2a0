"""Search over everything: however it is typed, in three languages at once."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from cities.models import Territory, TerritoryAlias
from indicators.models import Indicator
from portal.highlighting import marked
from portal.models import SearchBuild, SearchEntry
from portal.searching import Reading, find, suggestions
from portal.services.indexing import refresh_search
from programmes.models import Measure
from tests.programmes.pages.reading import text_of

pytestmark = pytest.mark.django_db
Kind = SearchEntry.Kind
UNEMPLOYMENT = (Kind.INDICATOR, "unemployment-rate")


def best(text: str, kind: str = "") -> list[tuple[str, str]]:
    return [(entry.kind, entry.code) for entry in find(text, kind).entries[:5]]


@pytest.mark.parametrize("text", ["Алматы", "almaty", "АЛМАТЫ", "fkvfns", "Алмааты", "алматa"])
def test_it_finds_a_city_however_it_is_typed(text: str) -> None:
    assert (Kind.TERRITORY, "almaty") in best(text)


@pytest.mark.parametrize(
    "text",
    [
        "жұмыссыздық", "жумыссыздык", "jumyssyzdyq", "zhumyssyzdyk", "жумысыздык", "безработица",
        "безработицы", "bezrabotica", "bezrabotitsa", "безроботица", "unemployment", "unemployement",
        "уровень безработицы",
    ],
)  # fmt: skip
def test_it_finds_an_indicator_in_three_languages_and_in_spite_of_errors(text: str) -> None:
    assert UNEMPLOYMENT in best(text)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("зырян", Kind.TERRITORY, "altai"),  # by its former name
        ("728", Kind.ACT, "728"),
        ("semey 2050", Kind.PROGRAMME, "semey-2050"),
        ("neet", Kind.KPI, "KPI-7"),
        ("моноқалалар әдіс", Kind.PAGE, "programmes:monotown-method"),
        ("8-5-2", Kind.INDICATOR, "unemployment-rate"),
    ],
)
def test_it_finds_things_of_every_kind(text: str, kind: str, code: str) -> None:
    assert (kind, code) in best(text, kind)


def test_a_name_comes_before_what_only_begins_with_it_or_mentions_it() -> None:
    found = [entry.title_en for entry in find("almaty", Kind.TERRITORY).entries]
    assert found[0] == "Almaty"
    assert found.index("Almaty") < found.index("Almaty agglomeration")


def test_it_says_how_the_words_had_to_be_read() -> None:
    assert find("almaty").reading == Reading.PLAIN
    assert find("fkvfns").reading == Reading.OTHER_KEYBOARD
    assert find("алмааты").reading == Reading.SPELT_LIKE
    assert find("unemployment xylophone").reading == Reading.SOME


@pytest.mark.parametrize(
    "text", ["", " ", "…", "%", "_", "\\", "'; DROP TABLE", "|", "a" * 500, "\u0000", "№"]
)
def test_nonsense_is_no_error(client: Client, text: str) -> None:
    assert client.get(reverse("portal:search"), {"q": text}).status_code == 200


def test_every_entry_leads_to_a_page_that_answers(client: Client) -> None:
    for kind in Kind.values:
        hits = find("а", kind).hits(SearchEntry.objects.filter(kind=kind).order_by("?")[:3])
        for hit in hits:
            if hit.address:
                assert client.get(hit.address.partition("#")[0]).status_code == 200, hit.address


def test_only_territories_may_lack_a_page() -> None:
    for kind in set(Kind.values) - {Kind.TERRITORY}:
        entries = SearchEntry.objects.filter(kind=kind)[:1]
        assert all(hit.address for hit in find("x").hits(entries)), kind


def test_it_marks_the_words_and_nothing_else_is_markup() -> None:
    assert marked("Уровень <b>безработицы</b>", ["bezrabotits"]) == (
        "Уровень &lt;b&gt;<mark>безработицы</mark>&lt;/b&gt;"
    )


def test_a_hostile_name_is_shown_as_text(client: Client) -> None:
    Territory.objects.filter(code="semey").update(name_en="<script>alert(1)</script> Semey")
    refresh_search()
    html = client.get("/en/search/?q=semey").content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>Semey</mark>" in html


class TestPage:
    def test_it_shows_the_best_of_each_kind_with_its_words_marked(self, client: Client) -> None:
        html = client.get("/kk/search/?q=жумыссыздык").content.decode()
        assert '<a href="/kk/indicators/unemployment-rate/"><mark>Жұмыссыздық</mark> деңгейі</a>' in html

    def test_a_name_found_in_another_language_is_shown_beside_the_readers(self, client: Client) -> None:
        html = client.get("/ru/search/?q=unemployment").content.decode()
        assert "Уровень безработицы" in html
        assert "<mark>Unemployment</mark>" in html

    def test_it_counts_by_kind_and_by_programme(self, client: Client) -> None:
        text = text_of(client, "/en/search/?q=almaty")
        counts = find("almaty").counts_by_kind()
        assert f"KPIs {counts['kpi']}" in text
        assert f"Almaty 2025 {find('almaty').counts_by_programme()['almaty-2025']:,}" in text

    def test_it_narrows_to_a_kind_and_a_programme(self, client: Client) -> None:
        text = text_of(client, "/en/search/?q=share&kind=kpi&programme=almaty-2025")
        count = find("share").entries.filter(kind="kpi", programme="almaty-2025").count()
        assert f"{count} things are found by “share”." in text

    def test_a_kind_that_does_not_exist_is_said_and_not_heeded(self, client: Client) -> None:
        text = text_of(client, "/en/search/?q=almaty&kind=poem")
        assert "There is no “poem” to narrow the search to." in text
        assert "Territories" in text

    def test_nothing_found_says_what_to_try(self, client: Client) -> None:
        text = text_of(client, "/en/search/?q=qqqqqqq")
        assert "Nothing is found by “qqqqqqq”." in text
        assert "All indicators" in text

    def test_its_file_has_what_it_found(self, client: Client) -> None:
        content = client.get("/en/search/?q=unemployment&format=csv").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(content)))
        assert {"indicator", "kpi"} <= {row["kind"] for row in rows}
        assert rows[0].keys() >= {"kind", "programme", "code", "title_kk", "title_ru", "title_en"}

    @pytest.mark.parametrize("query", ["q=almaty", "q=almaty&kind=measure", "q=алмааты", "q=", "q=zzz+xyz"])
    def test_its_queries_do_not_grow(
        self, client: Client, django_assert_max_num_queries: Callable[..., Any], query: str
    ) -> None:
        with django_assert_max_num_queries(8):
            client.get(f"/en/search/?{query}")


class TestIndex:
    def test_it_is_not_built_anew_while_nothing_has_changed(self) -> None:
        refresh_search()
        assert not refresh_search()
        assert SearchBuild.objects.get().entries == SearchEntry.objects.count()

    def test_what_is_renamed_is_found_by_its_new_name_alone(self) -> None:
        measure = Measure.objects.exclude(state="excluded").first()
        assert measure is not None
        Measure.objects.filter(pk=measure.pk).update(name_en="Hygrometer sanctuary")
        assert refresh_search()
        assert best("hygrometer") == [(Kind.MEASURE, measure.code)]
        Measure.objects.filter(pk=measure.pk).update(name_en=measure.name_en)
        refresh_search()
        assert find("hygrometer").reading != Reading.PLAIN

    def test_a_new_alias_is_found(self) -> None:
        TerritoryAlias.objects.create(
            territory=Territory.objects.get(code="almaty"), language="ru", text="Город яблок"
        )
        refresh_search()
        assert (Kind.TERRITORY, "almaty") in best("город яблок")

    def test_what_has_gone_is_not_found(self) -> None:
        unused = Indicator.objects.filter(series=None, kpis=None).first()
        assert unused is not None
        code = unused.code
        unused.delete()
        refresh_search()
        assert not SearchEntry.objects.filter(kind=Kind.INDICATOR, code=code).exists()

    def test_rows_that_stay_are_not_written(self) -> None:
        refresh_search()
        before = dict(SearchEntry.objects.values_list("code", "pk"))
        Measure.objects.filter(code=Measure.objects.values("code")[:1]).update(name_en="Hygrometer")
        refresh_search()
        assert dict(SearchEntry.objects.values_list("code", "pk")) == before


def test_an_address_that_leads_nowhere_has_suggestions() -> None:
    with override("en"):
        hits = suggestions("programmes almaty-2026 kpis unemploiment", 3)
    assert 0 < len(hits) <= 3
    assert all(hit.address for hit in hits)


def test_there_may_be_nothing_to_suggest() -> None:
    assert suggestions("") == suggestions("…") == []
