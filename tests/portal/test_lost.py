"""An address where nothing is: said in the reader's language, with a search for what it may have meant."""

import pytest
from django.test import Client

from portal.lost import LONGEST, words_of_address
from tests.programmes.pages.reading import words


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/kk/programmes/almaty-2035/", "almaty 2035"),
        ("/ru/programmes/semey-2050/kpis/KPI-999/", "semey 2050 KPI 999"),
        ("/kk/%D0%B6%D2%B1%D0%BC%D1%8B%D1%81%D1%81%D1%8B%D0%B7%D0%B4%D1%8B%D2%9B", "жұмыссыздық"),
        ("/en/search/", ""),
        ("/en/%FF%00<script>/", "script"),
    ],
)
def test_the_words_of_an_address_are_those_that_one_would_type(path: str, found: str) -> None:
    assert words_of_address(path) == found


def test_an_endless_address_gives_a_search_of_bearable_length() -> None:
    assert len(words_of_address("/kk/" + "сөз-" * 500)) <= LONGEST


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [("kk", "Мұндай бет жоқ"), ("ru", "Такой страницы нет"), ("en", "There is no such page")],
)
@pytest.mark.parametrize(
    "path", ["nowhere/", "programmes/none-2050/", "programmes/almaty-2025/kpis/none/", "territories/none/"]
)
def test_an_unknown_code_is_answered_in_the_readers_language(language: str, said: str, path: str) -> None:
    response = Client().get(f"/{language}/{path}")
    assert response.status_code == 404
    html = response.content.decode()
    assert said in words(html)
    assert f'<html lang="{language}">' in html
