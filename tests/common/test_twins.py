"""A page's table as a file."""

import datetime as dt
import json
from decimal import Decimal

from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from common.twins import twin

COLUMNS = ("place", "value", "on", "note")
ROWS = [("Алматы", Decimal("1E+2"), dt.date(2024, 12, 31), None), ("=HYPERLINK(1)", 0, None, "-5")]


def asked(**query: str) -> HttpRequest:
    request = RequestFactory().get("/", query)
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def file_of(**query: str) -> HttpResponse:
    answer = twin(asked(**query), "places", COLUMNS, ROWS)
    assert answer is not None
    return answer


def test_a_page_is_no_file() -> None:
    assert twin(asked(), "places", COLUMNS, ROWS) is None


def test_csv_keeps_figures_exact_and_formulas_harmless() -> None:
    answer = file_of(format="csv")
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "place,value,on,note",
        "Алматы,100,2024-12-31,",
        "'=HYPERLINK(1),0,,-5",
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="places.csv"'


def test_json_names_every_column_in_every_row() -> None:
    first, _second = json.loads(file_of(format="json").content)
    assert first == {"place": "Алматы", "value": 100, "on": "2024-12-31", "note": None}


def test_a_format_that_does_not_exist_is_said_and_the_page_shown() -> None:
    request = asked(format="pdf")
    assert twin(request, "places", COLUMNS, ROWS) is None
    assert ["pdf" in str(message) for message in get_messages(request)] == [True]
