"""The written reports that a territory's profile leads to."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from cities.models import Territory
from papers.models import Paper
from papers.services.ordering import order_paper
from papers.tasks import make_paper_task
from programmes.models import Programme
from tests.programmes.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db
Browsers = Callable[[str], Client]


def reports(client: Client, code: str) -> str:
    """The section of reports in words."""
    text = text_of(client, f"/en/territories/{code}/")
    return text.partition("Written reports")[2].partition("All written reports")[0]


def ordered(**about: object) -> Paper:
    user = User.objects.get(email="deputy@bagdar.example")
    return order_paper(by=user, language="en", **about)  # type: ignore[arg-type]


def test_a_monotown_has_its_own_report_and_that_of_its_programme(client: Client) -> None:
    text = reports(client, "ridder")
    assert "Report on monotowns: Ridder" in text
    assert f"Report of a programme: {Programme.objects.get(code='monotowns-2012-2020').short_name_en}" in text
    assert "Check of a strategy" not in text


def test_a_city_with_a_strategy_has_its_check(client: Client) -> None:
    assert "Check of a strategy: " in reports(client, "semey")
    assert "Check of a strategy: " not in reports(client, "ridder")


def test_a_place_that_no_programme_names_is_offered_none(client: Client) -> None:
    parent = Territory.objects.get(code="abai-oblast")
    Territory.objects.create(
        code="nowhere", level="settlement", parent=parent, name_kk="a", name_ru="b", name_en="c"
    )
    assert "All written reports" not in text_of(client, "/en/territories/nowhere/")


def test_one_that_is_ready_is_a_link_with_its_day(client_of: Browsers) -> None:
    client_of("deputy")
    paper = ordered(kind=Paper.Kind.MONOTOWNS, territory=Territory.objects.get(code="ridder"))
    stranger = client_of("anonymous")
    assert "ready, figures of" not in reports(stranger, "ridder")
    make_paper_task(paper.pk)
    assert "Report on monotowns: Ridder ready, figures of" in reports(stranger, "ridder")
    assert "ready, figures of" not in reports(stranger, "temirtau")
    with override("en"):
        assert reverse("papers:paper-detail", args=[paper.pk]) in html_of(stranger, "/en/territories/ridder/")


def test_who_may_order_is_led_to_the_form_with_the_place_filled_in(client_of: Browsers) -> None:
    address = "/en/papers/new/monotowns/?territory=ridder"
    assert f'href="{address}"' not in html_of(client_of("anonymous"), "/en/territories/ridder/")
    deputy = client_of("deputy")
    assert f'href="{address}"' in html_of(deputy, "/en/territories/ridder/")
    assert '<option value="ridder" selected>' in html_of(deputy, address)
