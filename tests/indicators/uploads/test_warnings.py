"""What is doubtful in a file's figures stands beside them before anybody confirms."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import Upload
from indicators.services import warning

pytestmark = pytest.mark.django_db

Send = Callable[..., Upload]
HEAD = "Year,UNIT_MEASURE,REF_AREA,URBANISATION,SEX,Value\n"
NEET = "indicator_8-6-1.csv"


def checks(upload: Upload) -> dict[str, list[str]]:
    """The checks that found something, by period of the figure."""
    rows = upload.figures.filter(details__has_key="warnings")
    return {str(row.period_start)[:4]: [said[0] for said in (row.details or {})["warnings"]] for row in rows}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5.4", {}),
        ("54", {"2024": ["outlier"]}),
        ("0.54", {"2024": ["outlier"]}),
    ],
)
def test_a_doubtful_figure_is_marked(send: Send, value: str, expected: dict[str, list[str]]) -> None:
    upload = send(NEET, HEAD + f"2024,PT,KZALA,,,{value}\n")
    assert checks(upload) == expected
    assert upload.findings["doubtful"] == len(expected)


def test_the_page_says_what_is_odd_and_shows_only_that(
    send: Send, client_of: Callable[[str], Client]
) -> None:
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,54\n2024,PT,KZAST,,,5.1\n")
    page = reverse("indicators:upload-detail", args=[upload.pk])
    answer = client_of("analyst").get(page, {"show": "new", "doubtful": "on"})
    assert [figure.territory.code for figure in answer.context["figures"]] == ["almaty"]
    assert 'class="reason"' in answer.content.decode()


def test_figures_that_are_not_new_are_not_asked_about(send: Send) -> None:
    upload = send(NEET, HEAD + "2023,PT,KZALA,,,5.2\n")
    assert checks(upload) == {}


def test_too_many_figures_are_not_judged(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warning, "MOST_JUDGED", 0)
    upload = send(NEET, HEAD + "2024,PT,KZALA,,,54\n")
    assert upload.findings["doubtful"] is None
