"""The same rows in every format, page by page or whole, exactly."""

import csv
import datetime as dt
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from cities.models import Boundary
from common.exporting.copying import as_csv
from common.rest import whole
from indicators import json_stat
from indicators.exports import OBSERVATIONS
from indicators.models import Observation, Unit
from tests.api.conftest import ENDPOINTS, THIRTY_DIGITS, Get, World, named, observe

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
each_list = pytest.mark.parametrize("name", ENDPOINTS)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT.*Z")
FORMULA = '=HYPERLINK("http://example.org";"x")'


def body(path: str, **params: str | int) -> bytes:
    """The whole answer, also of a stream."""
    response: Any = Client().get(f"/api/v1/{path}/", params)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content) if response.streaming else response.content


def table(text: bytes) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def comparable(row: dict[str, str]) -> dict[str, object]:
    """The row with numbers as numbers (95.0 is 95) and moments as moments."""
    return {name: _comparable(text) for name, text in row.items()}


def _comparable(text: str) -> object:
    if MOMENT.fullmatch(text):
        return dt.datetime.fromisoformat(text)
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


@each_list
def test_a_whole_csv_holds_the_rows_of_the_pages(name: str) -> None:
    paged, streamed = (table(body(name, format="csv", limit=limit)) for limit in (10_000, "all"))
    assert len(paged) > 0
    assert list(map(comparable, streamed)) == list(map(comparable, paged))


@each_list
def test_a_workbook_holds_the_rows_of_the_csv(name: str) -> None:
    for limit in ("10", "all"):
        book = load_workbook(io.BytesIO(body(name, format="xlsx", limit=limit)))
        heading, *rows = book.active.values
        expected = [[*row.values()] for row in table(body(name, format="csv", limit=limit))]
        assert [*heading] == [*table(body(name, format="csv"))[0]]
        assert [[*map(as_written, row)] for row in rows] == [[*map(as_written, row)] for row in expected]


def as_written(cell: object) -> object:
    """Cells of workbooks and of CSV alike; numbers to the digits that a workbook keeps."""
    try:
        return None if cell in {None, ""} else f"{float(str(cell)) + 0:.14g}"
    except ValueError:
        return str(cell).replace("\r\n", "\n")


def test_a_filter_holds_for_whole_lists_too(world: World) -> None:
    rows = table(body("observations", format="csv", limit="all", indicator="test-indicator", status="A"))
    assert [row["id"] for row in rows] == [
        "test-indicator:test-city:TEST=A:test-source:2022",
        "test-indicator:test-city:_T:test-source:2022-Q2",
    ]
    assert rows[0]["value"] == str(THIRTY_DIGITS)
    assert rows[0]["published_at"] == "2026-01-31T12:00:00Z"


def test_a_whole_list_of_nothing_has_its_heading() -> None:
    text = body("observations", format="csv", limit="all", indicator="test-indicator", period_from="2050")
    assert text.decode().startswith("id,indicator,territory,breakdown,source,frequency,period,value,status,")
    assert text.count(b"\n") == 1


@pytest.mark.parametrize("name", ["observations", "progress", "standings", "units", "kpis"])
def test_a_whole_list_takes_no_more_queries_than_a_page(name: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        body(name, format="csv", limit="all")
    assert len(queries) <= 1


def test_no_text_becomes_a_formula() -> None:
    for start in ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", FORMULA, "http://example.org"):
        Unit.objects.all().filter(code="TEST_UNIT").update(**named(start))
        for limit in ("10000", "all"):
            sheet = load_workbook(io.BytesIO(body("units", format="xlsx", limit=limit))).active
            [name] = [row[1] for row in sheet.rows if row[0].value == "TEST_UNIT"]
            assert (name.value, name.data_type, name.hyperlink) == (f"{start} kk", "s", None)


def test_a_number_that_a_workbook_would_round_is_text() -> None:
    sheet = load_workbook(io.BytesIO(body("observations", format="xlsx", source="test-source"))).active
    values = [row[7] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in values] == [str(THIRTY_DIGITS), None, 0]


def test_a_list_too_long_for_a_workbook_is_refused(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "MOST_ROWS_OF_A_WORKBOOK", 2)
    assert load_workbook(io.BytesIO(body("programmes", format="xlsx", limit="all", territory="test-city")))
    problem = get("observations", format="xlsx", limit="all", expect=400)
    assert problem["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("units/?format=geojson", "format"),
        ("units/?format=sdmx-csv", "format"),
        ("kpis/?format=json-stat", "format"),
        ("observations/test:x:y:z:2022/?format=sdmx-csv", "format"),
        ("progress/test-programme:KPI-1:test-city:2022/explain/?format=csv", "format"),
        ("provenance/?format=xlsx", "format"),
        ("units/?limit=all", "limit"),
        ("territories/?format=geojson&limit=all", "limit"),
        ("observations/?format=sdmx-csv&limit=5", "limit"),
        ("observations/?format=csv&limit=all&cursor=x", "cursor"),
        ("progress/?format=csv&limit=all&as_of=2024-03-01&programme=test-programme", "limit"),
    ],
)
def test_an_unsuitable_format_is_named_with_those_that_suit(get: Get, address: str, field: str) -> None:
    [flaw] = get(f"/api/v1/{address}", expect=400, headers={"Accept-Language": "en"})["errors"]
    assert (flaw["code"], flaw["field"]) == ("bad_value", field)
    if field == "format":
        assert "json" in flaw["cure"]


def test_a_media_type_that_does_not_suit_is_answered_with_those_that_do() -> None:
    response = Client().get("/api/v1/units/", headers={"Accept": "application/geo+json"})
    [flaw] = response.json()["errors"]
    assert (response.status_code, flaw["code"], flaw["field"]) == (406, "unsuitable_format", "Accept")
    assert "text/csv" in flaw["cure"]


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("territories", "application/geo+json"),
        ("observations", "application/vnd.sdmx.data+csv;version=2.0.0"),
        ("units", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_formats_are_found_by_the_accept_header(path: str, media_type: str) -> None:
    response = Client().get(f"/api/v1/{path}/", headers={"Accept": media_type})
    assert response["Content-Type"].replace(" ", "") == media_type


def test_territories_are_features_with_outlines_or_points(world: World) -> None:
    outline = {"type": "Polygon", "coordinates": [[[76.0, 43.0], [77.0, 43.0], [77.0, 44.0], [76.0, 43.0]]]}
    Boundary.objects.create(territory=world.city, geometry=outline, source="Test", loaded_at=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        found = json.loads(body("territories", format="geojson", limit=10_000))
    assert len(queries) == 3
    by_code = {each["id"]: each for each in found["features"]}
    assert by_code["test-city"]["geometry"] == outline
    assert by_code["test-land"]["geometry"] is None
    assert by_code["almaty"]["geometry"]["type"] == "Point"
    assert json.loads(body("territories/test-city", format="geojson"))["geometry"] == outline
    page: Any = Client().get("/api/v1/territories/", {"format": "geojson", "limit": "1"})
    assert page["Link"].endswith('rel="next"')


def test_a_cube_holds_every_figure_at_its_place(world: World) -> None:
    found = json.loads(
        body("observations", format="json-stat", indicator="test-indicator", lang="en"), parse_float=Decimal
    )
    assert (found["version"], found["class"]) == ("2.0", "dataset")
    assert found["id"] == ["indicator", "territory", "breakdown", "source", "period"]
    index = {name: found["dimension"][name]["category"]["index"] for name in found["id"]}
    assert found["size"] == [len(index[name]) for name in found["id"]]
    assert index["period"] == ["2022", "2022-Q2", "2023"]
    rows = Observation.objects.filter(series__indicator=world.indicator).select_related("series__breakdown")
    for row in rows:
        at = 0
        place = ("test-indicator", "test-city", str(row.series.breakdown), "test-source", str(row.period))
        for name, code in zip(found["id"], place, strict=True):
            at = at * len(index[name]) + index[name].index(code)
        assert found["value"].pop(str(at)) == row.value
    assert found["value"] == {}
    assert [*found["status"].values()] == ["L"]
    assert found["dimension"]["indicator"]["category"]["unit"]["test-indicator"]["label"] == "unit en"


def test_a_cube_that_would_be_too_large_is_refused(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stat, "MOST_FIGURES", 2)
    problem = get("observations", format="json-stat", indicator="test-indicator", expect=400)
    assert problem["errors"][0]["code"] == "selection_too_large"


def test_a_reader_who_stops_leaves_the_connection_in_order(world: World) -> None:
    for year in range(1901, 1999):
        observe(world.series, year, Decimal(year))
    dt_before = dt.datetime.now(dt.UTC)
    pieces = as_csv(OBSERVATIONS)
    assert next(pieces).startswith(b"id,")
    assert next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert dt.datetime.now(dt.UTC) - dt_before < dt.timedelta(seconds=10)
    connection.ensure_connection()
    assert not connection.connection.closed


def test_a_stream_is_compressed_piece_by_piece() -> None:
    response: Any = Client().get(
        "/api/v1/observations/", {"format": "csv", "limit": "all"}, headers={"Accept-Encoding": "gzip"}
    )
    assert response.streaming
    assert response["Content-Encoding"] == "gzip"
    assert "Content-Length" not in response
    assert len(list(response.streaming_content)) > 1


@pytest.mark.parametrize("name", ["csv", "xlsx", "sdmx-csv"])
def test_the_head_of_a_stream_comes_without_it(name: str) -> None:
    limit = {} if name == "sdmx-csv" else {"limit": "all"}
    with CaptureQueriesContext(connection) as queries:
        response: Any = Client().head("/api/v1/observations/", {"format": name, **limit})
    assert (response.status_code, response.getvalue()) == (200, b"")
    assert "attachment" in response["Content-Disposition"]
    assert len(queries) <= 2
