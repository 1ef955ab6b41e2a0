"""The page of what a programme's documents prescribe."""

import re

import pytest
from django.test import Client

from programmes.models import Rule
from tests.programmes.pages.reading import ALMATY, MONOTOWNS, address, html_of, row_of, text_of, words

pytestmark = pytest.mark.django_db


def test_every_rule_has_its_anchor_text_and_place(client: Client) -> None:
    html = html_of(client, address(MONOTOWNS, "rules/"))
    rules = Rule.objects.filter(programme__code=MONOTOWNS)
    assert len(rules) > 80
    for rule in rules:
        row = row_of(html, rule.code)
        assert rule.name_en in row
        assert "line" in row


def test_kinds_are_headings_in_readable_words(client: Client) -> None:
    html = html_of(client, address(MONOTOWNS, "rules/"))
    assert '<h2 id="potential_negative">Signs of a lack of prospects</h2>' in html
    assert "_" not in "".join(re.findall(r"<h2[^>]*>([^<]*)", html))


def test_numbers_have_units_and_years_are_not_grouped(client: Client) -> None:
    html = html_of(client, address(MONOTOWNS, "rules/"))
    assert "numbers: 75 km; 1 hours" in row_of(html, "R-001-NEG-1")
    assert "2012 calendar year" not in words(html)
    assert "numbers: 2012; 2013; 2020" in row_of(html, "R-001-STAGES")
    assert "numbers: 3,000,000 ₸" in row_of(html, "R-001-CREDIT-MAX")
    assert "paragraph 3" in row_of(html, "R-001-REP-Q")


def test_a_kind_that_is_not_known_is_other(client: Client) -> None:
    Rule.objects.filter(code="R-001-DEF").update(kind="riddle")
    html = html_of(client, address(MONOTOWNS, "rules/"))
    assert html.index('id="other"') < html.index('id="R-001-DEF"')


def test_a_programme_without_rules_says_so(client: Client) -> None:
    assert "is on record" in text_of(client, address(ALMATY, "rules/"))
