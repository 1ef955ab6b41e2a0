"""Sending a file in from the command line."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from indicators.models import Upload

pytestmark = pytest.mark.django_db

HEAD = "Year,REF_AREA,Value\n"
CALL = {"user": "analyst@bagdar.example", "source": "bureau"}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "indicator_8-6-1.csv"
    path.write_text(HEAD + "2024,KZALA,5.4\n")
    return path


def run(path: Path, **options: Any) -> str:
    written = io.StringIO()
    call_command("upload_file", str(path), **{**CALL, **options}, stdout=written)
    return written.getvalue()


def test_it_takes_the_file_in_and_leaves_it_to_a_worker(table: Path) -> None:
    assert "SHA-256" in run(table)
    assert Upload.objects.get().state == Upload.State.RECEIVED


def test_it_waits_until_the_file_is_read_and_prints_the_counts(table: Path) -> None:
    assert "new: 1\n" in run(table, wait=True)
    assert Upload.objects.get().state == Upload.State.PREVIEWED


def test_it_publishes_what_it_was_told_to_confirm(table: Path) -> None:
    assert "State: applied" in run(table, wait=True, confirm=True)
    assert Upload.objects.get().counts["published"] == {"new": 1, "changed": 0, "unchanged": 0}


def test_the_same_file_again_changes_nothing_and_is_no_error(table: Path) -> None:
    run(table, wait=True, confirm=True)
    assert "unchanged: 1\n" in run(table, wait=True, confirm=True)


@pytest.mark.parametrize("row", ["2024,Atlantis,5.4\n", "2023,KZALA,5.3\n"])
def test_what_needs_a_person_has_an_exit_status_of_its_own(table: Path, row: str) -> None:
    table.write_text(HEAD + row)
    with pytest.raises(CommandError) as refused:
        run(table, wait=True, confirm=True)
    assert refused.value.returncode == 3


def test_a_reason_lets_published_figures_be_changed(table: Path) -> None:
    table.write_text(HEAD + "2023,KZALA,5.3\n")
    assert "State: applied" in run(table, wait=True, confirm=True, reason="Final figures")


@pytest.mark.parametrize(
    "options",
    [
        {"user": "nobody@bagdar.example"},
        {"user": "approver@bagdar.example"},
        {"source": "akimat-almaty"},
        {"indicator": "nothing"},
    ],
)
def test_it_refuses_whom_and_what_the_page_refuses(table: Path, options: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        run(table, **options)
    assert not Upload.objects.exists()


def test_a_file_that_is_no_table_is_an_error_that_says_why(table: Path) -> None:
    table.write_text("")
    with pytest.raises(CommandError, match="empty"):
        run(table)
    table.write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
    with pytest.raises(CommandError) as refused:
        run(table, wait=True)
    assert refused.value.returncode == 1


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        run(tmp_path / "nothing.csv")
