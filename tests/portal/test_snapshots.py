"""Bulk snapshots: whole, consistent, described truly, kept for a while, and downloadable."""

import csv
import datetime as dt
import gzip
import hashlib
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from common.exporting import copying
from common.exporting.columns import Table
from indicators.models import Observation
from portal.bulk import RESULTS, TABLES
from portal.bulk.describing import CODE_BOOK
from portal.services import snapshots as service
from portal.services.snapshots import (
    DESCRIPTOR,
    make_snapshot,
    read_descriptor,
    remove_old_snapshots,
    snapshots,
    snapshots_folder,
)
from portal.tasks import make_snapshot_task, prune_task

pytestmark = pytest.mark.django_db

MEDDLE = """
INSERT INTO indicators_unit (code, name_kk, name_ru, name_en, symbol_kk, symbol_ru, symbol_en, aliases)
VALUES ('MEDDLED', '', '', '', '', '', '', '[]') ON CONFLICT DO NOTHING
"""
READ: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
}


@pytest.fixture
def snapshot() -> Path:
    """A snapshot of the real data."""
    made = make_snapshot()
    assert made is not None
    return made


def rows_of(folder: Path, resource: dict[str, Any]) -> list[dict[str, str]]:
    """The rows of a resource, unpacked."""
    content = (folder / resource["path"]).read_bytes()
    text = gzip.decompress(content) if resource.get("compression") == "gz" else content
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def test_every_file_is_what_its_descriptor_says(snapshot: Path) -> None:
    package = read_descriptor(snapshot)
    listed = {each["path"] for each in package["resources"]}
    assert {each.name for each in snapshot.iterdir()} == {*listed, DESCRIPTOR}
    assert [each["name"] for each in package["resources"]] == [*(each.name for each in TABLES), "codebook"]
    for resource in package["resources"]:
        content = (snapshot / resource["path"]).read_bytes()
        assert len(content) == resource["bytes"]
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == resource["hash"]


def test_every_cell_is_of_its_type_and_every_key_leads_somewhere(snapshot: Path) -> None:
    package = read_descriptor(snapshot)
    resources = {each["name"]: each for each in package["resources"]}
    tables = {name: rows_of(snapshot, each) for name, each in resources.items()}
    checked = 0
    for name, resource in resources.items():
        schema, rows = resource["schema"], tables[name]
        assert rows, name
        assert [*rows[0]] == [field["name"] for field in schema["fields"]]
        for field in schema["fields"]:
            cells = [row[field["name"]] for row in rows if row[field["name"]] != ""]
            assert all(READ[field["type"]](cell) is not None for cell in cells)
            if codes := field.get("constraints", {}).get("enum"):
                assert set(cells) <= set(codes), (name, field["name"])
        for key in schema.get("primaryKey", ()):
            assert len({row[key] for row in rows}) == len(rows)
        for foreign in schema.get("foreignKeys", ()):
            [here], [there] = foreign["fields"], foreign["reference"]["fields"]
            known = {row[there] for row in tables[foreign["reference"]["resource"] or name]} | {""}
            assert {row[here] for row in rows} <= known, (name, here)
            checked += 1
    assert checked > 30


def test_it_holds_everything_that_is_published(snapshot: Path) -> None:
    resources = {each["name"]: each for each in read_descriptor(snapshot)["resources"]}
    for table in TABLES:
        assert len(rows_of(snapshot, resources[table.name])) == table.rows().count()
    figures = {row["id"]: row for row in rows_of(snapshot, resources["observations"])}
    one = Observation.objects.select_related("series__indicator").latest("value")
    found = [row for row in figures.values() if row["indicator"] == one.series.indicator.code]
    assert str(one.value) in {row["value"] for row in found}


def test_the_code_book_explains_every_code_in_three_languages(snapshot: Path) -> None:
    package = read_descriptor(snapshot)
    [book] = [each for each in package["resources"] if each["path"] == CODE_BOOK]
    explained = {(row["table"], row["field"], row["code"]): row for row in rows_of(snapshot, book)}
    assert all(row["kk"] and row["ru"] and row["en"] for row in explained.values())
    for resource in package["resources"][:-1]:
        for field in resource["schema"]["fields"]:
            assert (resource["name"], field["name"], "") in explained
            for code in field.get("constraints", {}).get("enum", ()):
                assert (resource["name"], field["name"], code) in explained
    assert explained["progress", "verdict", "met"]["ru"] == "достигнуто"


def test_it_shows_one_moment_though_others_write_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    other = connection.copy()
    genuine = service._write_table

    def meddle_and_write(folder: Path, table: Table, theirs: Any) -> Any:
        with other.cursor() as cursor:
            cursor.execute(MEDDLE)
            if table not in RESULTS:
                # Neither does it hold up a recomputation that wants to exchange the tables of results.
                cursor.execute("BEGIN; LOCK TABLE programmes_progress NOWAIT; ROLLBACK")
        return genuine(folder, table, theirs)

    try:
        monkeypatch.setattr(service, "_write_table", meddle_and_write)
        made = make_snapshot()
    finally:
        with other.cursor() as cursor:
            cursor.execute("DELETE FROM indicators_unit WHERE code = 'MEDDLED'")
            removed = cursor.rowcount
        other.close()
    assert made is not None
    assert removed == 1
    [units] = [each for each in read_descriptor(made)["resources"] if each["name"] == "units"]
    assert "MEDDLED" not in {row["code"] for row in rows_of(made, units)}


def test_what_has_not_changed_is_not_kept_twice(snapshot: Path) -> None:
    assert make_snapshot() is None
    assert snapshots() == [snapshot]


def test_the_nightly_jobs_make_it_and_remove_the_old_ones() -> None:
    old = snapshots_folder() / "20200101T000000Z"
    old.mkdir(parents=True)
    (old / DESCRIPTOR).write_text('{"resources": []}')
    make_snapshot_task()
    prune_task()
    [made] = snapshots()
    said = io.StringIO()
    call_command("make_snapshot", stdout=said)
    assert said.getvalue() == "Nothing has changed since the last snapshot.\n"
    assert snapshots() == [made]


def test_a_failure_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    (snapshots_folder() / ".making-killed").mkdir(parents=True)

    def break_off(*args: object) -> bytes:
        raise OSError("no space left")

    monkeypatch.setattr(copying, "heading", break_off)
    with pytest.raises(OSError, match="no space"):
        make_snapshot()
    assert list(snapshots_folder().iterdir()) == []


def test_a_second_process_leaves_it_to_the_first() -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('portal.snapshot'))")
        assert make_snapshot() is None
    finally:
        other.close()
    assert snapshots() == []


def test_old_ones_are_removed_but_never_the_newest(snapshot: Path) -> None:
    for name in ("20200101T000000Z", "20210101T000000Z"):
        (snapshots_folder() / name).mkdir()
    assert remove_old_snapshots(timezone.now() - dt.timedelta(days=30)) == 2
    assert snapshots() == [snapshot]
    assert remove_old_snapshots(timezone.now() + dt.timedelta(days=1)) == 0


def test_it_is_listed_and_can_be_fetched_again_cheaply(snapshot: Path) -> None:
    client = Client()
    [listed] = client.get("/api/v1/bulk/").json()["results"]
    assert listed["name"] == snapshot.name
    assert client.get(listed["descriptor"]).getvalue() == (snapshot / DESCRIPTOR).read_bytes()
    file = next(each for each in listed["files"] if each["name"] == "observations.csv.gz")
    response: Any = client.get(file["address"], headers={"Accept-Encoding": "gzip"})
    content = b"".join(response.streaming_content)
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    assert int(response["Content-Length"]) == len(content) == file["bytes"]
    assert "Content-Encoding" not in response
    again = client.get(file["address"], headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    latest = client.get("/api/v1/bulk/latest/observations.csv.gz")
    assert (latest.status_code, f"http://testserver{latest['Location']}") == (302, file["address"])


@pytest.mark.parametrize(
    "path",
    ["latest/nothing.csv.gz", "20200101T000000Z/datapackage.json", "latest/../../secret", "x/units.csv.gz"],
)
def test_other_files_are_not_served(snapshot: Path, path: str) -> None:
    response = Client().get(f"/api/v1/bulk/{path}", follow=True)
    assert response.status_code == 404


def test_without_a_snapshot_the_list_is_empty() -> None:
    assert Client().get("/api/v1/bulk/").json() == {"results": []}
    assert Client().get("/api/v1/bulk/latest/units.csv.gz").status_code == 404


def test_the_descriptor_names_licence_and_publisher_where_they_are_configured(settings: Any) -> None:
    settings.DATA_LICENCE, settings.PUBLISHER_NAME = "https://example.org/licence", "An office"
    made = make_snapshot()
    assert made is not None
    package = json.loads((made / DESCRIPTOR).read_text())
    assert package["licenses"][0]["path"] == "https://example.org/licence"
    assert package["contributors"] == [{"title": "An office", "role": "publisher"}]
