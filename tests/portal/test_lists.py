"""What lists share: their pages by number, and what their filters are set to."""

import re

import pytest
from django.core.paginator import Paginator
from django.test import Client

from accounts.templatetags.lists import page_numbers
from programmes.models import Measure
from tests.programmes.pages.reading import html_of, words

pytestmark = pytest.mark.django_db
MEASURES = "/en/programmes/almaty-2025/measures/"


def pagination(html: str) -> str:
    return html.partition('class="pagination"')[2].partition("</nav>")[0]


def summary(html: str) -> str:
    """What the fold around the filters says."""
    return words(
        html.partition("filters-fold")[2].partition("<summary>")[2].partition("</summary>")[0]
    ).strip()


@pytest.mark.parametrize(
    ("page", "numbers"),
    [
        (1, [1, 2, "…", 30]),
        (15, [1, "…", 14, 15, 16, "…", 30]),
        (30, [1, "…", 29, 30]),
    ],
)
def test_far_pages_are_left_out_but_for_the_first_and_the_last(page: int, numbers: list[object]) -> None:
    assert page_numbers(Paginator(range(300), 10).page(page)) == numbers


def test_a_list_says_which_of_its_rows_are_shown_and_leads_to_the_others(client: Client) -> None:
    total = Measure.objects.filter(programme__code="almaty-2025").count()
    shown = pagination(html_of(client, f"{MEASURES}?page=2"))
    assert f"Page 2 of {-(-total // 20)} (21–40 of {total})" in words(shown)
    assert 'aria-current="page">2<' in shown
    assert 'href="?page=3#list"' in shown


def test_pages_keep_the_conditions_and_their_order(client: Client) -> None:
    links = re.findall(r'href="([^"]+)"', pagination(html_of(client, f"{MEASURES}?overdue=yes&order=plan")))
    assert links
    assert all(link.startswith("?overdue=yes&amp;order=plan&amp;page=") for link in links)


def test_a_list_of_one_page_has_no_numbers(client: Client) -> None:
    assert 'class="pagination"' not in html_of(client, f"{MEASURES}?q=A1-23")


def test_the_fold_says_which_filters_are_set(client: Client) -> None:
    assert summary(html_of(client, MEASURES)) == "What to show"
    set_to = summary(html_of(client, f"{MEASURES}?overdue=yes&territory=medeu-district"))
    assert "Territory: Medeu District" in set_to
    assert "Overdue: overdue only" in set_to


def test_a_filter_that_is_not_heeded_is_not_said_to_be_set(client: Client) -> None:
    assert summary(html_of(client, f"{MEASURES}?overdue=perhaps")) == "What to show"


def test_a_search_is_shown_as_it_was_typed(client: Client) -> None:
    html = html_of(client, MEASURES + "?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt;"
        in html.partition("filters-fold")[2].partition("</summary>")[0]
    )


def test_a_choice_among_rows_is_named_as_a_person_names_it(client: Client) -> None:
    html = html_of(client, "/en/papers/?kind=quality&programme=almaty-2025")
    assert "Kind: report on data quality" in summary(html)
    assert "Programme: " in summary(html)
