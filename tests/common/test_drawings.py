"""Drawings: whatever is written in them is text, and nothing that a template names may be missing."""

from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template
from jinja2 import UndefinedError

from common.charts.bars import Row
from common.drawings import Wording, bar_chart, standing_alone, svg

HOSTILE = """<script>alert("1")</script> & 'x' {{ 7 * 7 }} {% if %}"""


def test_texts_are_escaped_and_not_templates() -> None:
    pair = bar_chart([Row(HOSTILE, 3), Row("B", None)], Wording("k", HOSTILE, HOSTILE, str))
    assert pair
    whole = standing_alone(pair.wide, [HOSTILE], [HOSTILE])
    assert "<script" not in whole
    root = ET.fromstring(whole)
    texts = [each.text for each in root.iter() if each.tag.endswith(("title", "desc"))]
    assert texts == [HOSTILE, HOSTILE]


def test_a_value_that_is_missing_is_an_error_instead_of_a_gap() -> None:
    with pytest.raises(UndefinedError, match="'spark' is undefined"):
        svg("portal/spark.svg", {})


def test_a_page_draws_by_a_tag() -> None:
    spark = {"lines": ["M0 0L<1"], "points": [(1, 2.5)], "last": (3, 4)}
    page = Template('{% load drawings %}{% drawing "portal/spark.svg" spark=spark %}')
    drawn = page.render(Context({"spark": spark}))
    assert drawn == svg("portal/spark.svg", {"spark": spark})
    assert 'd="M0 0L&lt;1"' in drawn
    assert 'cx="1" cy="2.5"' in drawn
