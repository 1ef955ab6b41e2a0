"""Names are found however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.folding import fold, in_russian_layout, words_of

ALIKE = [
    ("Алматы", "almaty"),
    ("АЛМАТЫ", "Алматы"),
    ("жұмыссыздық", "жумыссыздык"),
    ("жұмыссыздық", "zhumyssyzdyk"),
    ("жұмыссыздық", "jumyssyzdyq"),
    ("жұмыссыздық", "jūmyssyzdyq"),
    ("безработица", "bezrabotica"),
    ("безработица", "bezrabotitsa"),
    ("Шымкент", "shymkent"),
    ("Шымкент", "Şymkent"),
    ("Щучинск", "schuchinsk"),
    ("Щучинск", "shchuchinsk"),
    ("Өскемен", "oskemen"),
    ("Өскемен", "Оскемен"),
    ("Қызылорда", "Kyzylorda"),
    ("Қызылорда", "Qyzylorda"),
    ("Ұлытау", "ulytau"),
    ("Жетісу", "zhetisu"),
    ("Жетісу", "Жетису"),
    ("Ақтөбе", "Актобе"),
    ("Әлеуметтік", "aleumettik"),
    ("Әлеуметтік", "äleumettik"),
    ("Ғалымдар", "galymdar"),
    ("Ғалымдар", "ghalymdar"),
    ("еңбек", "енбек"),
    ("һауа", "хауа"),
    ("Семей", "semey"),
    ("Семей", "semei"),
    ("Зырян", "Zyryan"),
    ("Юность", "yunost"),
    ("Ёлка", "елка"),
    ("Алма-Ата", "алма ата"),
    ("объём", "обьем"),
    ("экспорт", "eksport"),
    ("Харьков", "Kharkov"),
    ("  8.6.1  ", "8 6 1"),
    ("café", "cafe"),
]
APART = [("Алматы", "Алтай"), ("Семей", "Семинар"), ("1", "11"), ("шаг", "саг")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_it_reads_two_ways_of_typing_a_name_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), APART)
def test_it_keeps_other_words_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["", "   ", "—", "…!?", "'"])
def test_it_finds_nothing_to_search_for_in_mere_signs(text: str) -> None:
    assert fold(text) == ""


def test_it_keeps_words_and_numbers_in_their_order() -> None:
    assert fold("№ 215, «Жол картасы» – 2020") == "215 jol kartasi 2020"


def test_it_says_where_each_word_stands() -> None:
    text = "Жұмыссыздық, 2024"
    assert [(text[start:end], folded) for start, end, folded in words_of(text)] == [
        ("Жұмыссыздық", "jumissizdik"),
        ("2024", "2024"),
    ]


def test_it_reads_what_was_typed_on_the_wrong_keyboard() -> None:
    assert in_russian_layout("Fkvfns") == "алматы"


@given(st.text())
def test_it_leaves_nothing_but_plain_words_of_any_text(text: str) -> None:
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in fold(text).split())
