"""The KPI page explains the row of the year that is asked for."""

import re

import pytest
from django.test import Client

from tests.programmes.explanations import NEET, TOWNS, words_of

pytestmark = pytest.mark.django_db


def test_the_page_explains_the_year_that_is_asked_for() -> None:
    page = words_of(Client(), f"{NEET}?year=2022")
    assert "With the figures of 2022, by version 2.0 of the method." in page
    assert "(3.8 − 6.3) ÷ (3 − 6.3) = 75.8 %" in page
    assert "A figure of a year after 2022, the baseline's own." in page
    assert 'href="?year=2022#computed"' in Client().get(NEET).content.decode()


@pytest.mark.parametrize("year", ["1900", "x", "٢٠٢٣", "-1", "2023.0"])
def test_a_year_without_figures_is_unknown(year: str) -> None:
    assert Client().get(NEET, {"year": year}).status_code == 404


@pytest.mark.parametrize("path", [NEET, TOWNS, f"{TOWNS}?territory=temirtau"])
def test_every_figure_leads_to_its_origin(path: str) -> None:
    page = Client().get(path).content.decode()
    targets = set(re.findall(r'href="#(figure-[^"]+)"', page))
    assert targets
    assert [each for each in targets if page.count(f'id="{each}"') != 1] == []
