"""Names of territories as tables write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.tables import WordList
from indicators.tables.names import Kind, fold, footnote_mark, normalise_name


@pytest.mark.parametrize(
    ("texts", "key", "kind"),
    [
        (
            "г. Алматы|г.Алматы|г_Алматы|город Алматы|гор. Алматы|АЛМАТЫ Г.А.|Алматы қ.|Алматы қаласы|"
            "Алматы (қала)|Алматы қ.ә.|города Алматы|Алматы г.|«Алматы» қаласы",
            "алматы",
            Kind.CITY,
        ),
        ("Almaty City|Almaty (city)|city Almaty|Аlmaty city", "almaty", Kind.CITY),
        (
            "Акмолинская область|Акмолинская обл.|обл. Акмолинская|по Акмолинской области|"
            "Акмолинскую область|Акмолинская\u00a0область|1. Акмолинская область|Aкмолинская  oбласть*",
            "акмолинская",
            Kind.OBLAST,
        ),
        ("область Абай|Абай облысы|Абай обл", "абай", Kind.OBLAST),
        ("Северо-Казахстанская обл.|Северо – Казахстанская область", "северо казахстанская", Kind.OBLAST),
        ("West Kazakhstan region|West-Kazakhstan oblast", "west kazakhstan", Kind.OBLAST),
        ("Карасайский район|р-н Карасайский|Карасайского района", "карасайский", Kind.DISTRICT),
        ("Қарасай ауданы|Қарасай аудан|Қарасай  ауд\u0430ны", "қарасай", Kind.DISTRICT),
        ("Абралинский с.о.|Абралинский сельский округ", "абралинский", Kind.RURAL_DISTRICT),
        ("п. Бейнеу|пос. Бейнеу|посёлок Бейнеу|Бейнеу кенті|с.Бейнеу|село Бейнеу", "бейнеу", Kind.SETTLEMENT),
    ],
)
def test_variants_of_a_name_meet(texts: str, key: str, kind: Kind) -> None:
    found = {normalise_name(text) for text in texts.split("|")}
    assert {(name.key, name.kind, name.is_explicit) for name in found} == {(key, kind, True)}


@pytest.mark.parametrize(
    ("text", "key", "kind"),
    [
        ("Туркестанская*", "туркестанская", Kind.OBLAST),
        ("Аршалинский", "аршалинский", Kind.DISTRICT),
        ("Aршалинский", "аршалинский", Kind.DISTRICT),
        ("Алматы1)", "алматы", None),
        ("Алматы 1)", "алматы", None),
        ("Алматы²", "алматы", None),
        ("Солтүстiк Қазақстан", "солтүстік қазақстан", None),
        ("Республика Казахстан ", "республика казахстан", None),
        ("Семёновка", "семеновка", None),
        ("Akkol’", "akkol", None),
        ("г", "г", None),
    ],
)
def test_an_ending_only_hints_at_the_kind(text: str, key: str, kind: Kind | None) -> None:
    name = normalise_name(text)
    assert (name.key, name.kind, name.is_explicit) == (key, kind, False)


def test_kazakh_and_russian_letters_stay_apart() -> None:
    assert normalise_name("Ақсу").key != normalise_name("Аксу").key


def test_a_bracket_is_no_footnote_mark() -> None:
    assert fold("Население (15-24)") != fold("Население (15-29)")
    assert footnote_mark("Население (15-24)") == ""
    assert [footnote_mark(text) for text in ("Туркестанская**", "Алматы1)", "Алматы")] == ["**", "1)", ""]


def test_digits_of_a_code_are_kept() -> None:
    assert len({fold(code) for code in ("Q1", "Q2", "Y15T19", "Y15T24")}) == 4


@given(st.text())
def test_a_folded_name_folds_to_itself_whatever_it_was(text: str) -> None:
    folded = fold(text)
    assert "  " not in folded
    assert folded == folded.strip()
    assert normalise_name(text).key == normalise_name(text).key.strip()


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        ("процент|%|в %|в процентах|Проценты|пайыз|PT", "PT"),
        ("тыс. человек|тысяч человек|в тыс.чел.|тыс. чел", "THOUSANDS"),
        ("человек|чел.|адам", "PERSONS"),
    ],
)
def test_variants_of_a_unit_meet(words: WordList, texts: str, unit: str) -> None:
    assert {words.unit(text) for text in texts.split("|")} == {unit}
