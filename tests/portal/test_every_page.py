"""Every page of the portal: listed, open to whom it should be, under a strict policy, light enough."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.pages import ALSO, EXAMPLES, INSIDE, NO_PAGES, ON_THE_WAY, PageAddress, page_names, pages

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    "manifest-src 'self'",
}  # fmt: skip


def test_no_list_names_a_page_that_is_gone() -> None:
    assert {*EXAMPLES, *ALSO, *INSIDE, *NO_PAGES, *ON_THE_WAY} <= page_names()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.path)
def test_it_opens_under_a_strict_policy(client_of: Callable[[str], Client], page: PageAddress) -> None:
    response = client_of(page.role or "anonymous").get(f"/kk/{page.path}")
    assert response.status_code == 200
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY
    html = response.content.decode()
    assert " style=" not in html
    assert "<style" not in html
