"""Every file and cell that cannot be used: what is said, that nothing is published, that the file is kept."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File
from django.utils.translation import override

from accounts.models import User
from indicators import messages
from indicators.models import Observation, Source, TouchedSeries, Upload
from indicators.services.uploading import preview_upload, receive_upload
from indicators.tables import FileProblem, ProblemCode
from indicators.templatetags.uploads import failure, problem

pytestmark = pytest.mark.django_db

Send = Callable[..., Upload]
HEAD = "Year,UNIT_MEASURE,REF_AREA,URBANISATION,SEX,Value\n"
NEET = "indicator_8-6-1.csv"


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 600_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("empty.csv", b"", "empty_file", "The file is empty"),
        ("blank.csv", b"\n \n,,\n", "no_figures", "No table was found"),
        ("report.xlsx", b"%PDF-1.7\n" + bytes(range(256)), "not_a_table", "another kind of file (pdf)"),
        ("bomb.xlsx", zip_bomb, "zip_bomb", "unreasonably large"),
        ("notes.csv", "Some, words\nand, no table\n", "no_figures", "No table was found"),
        ("letter.csv", "Some words\nand no table\n", "not_a_table", "another kind of file"),
        (
            "table.csv",
            "Год,Регион,Значение\n2024,г. Алматы,5.4\n",
            "unknown_indicator",
            "Choose the indicator",
        ),
    ],
)
def test_a_file_that_cannot_be_used(
    send: Send, name: str, content: bytes | str | Callable[[], bytes], code: str, words: str
) -> None:
    before = Observation.objects.count()
    sent = content() if callable(content) else content
    upload = send(name, sent)
    assert (upload.state, upload.failure and upload.failure["code"]) == (Upload.State.FAILED, code)
    with override("en"):
        assert words.lower() in failure(upload).lower()
    with upload.file.open("rb") as kept:
        assert kept.read() == (sent.encode() if isinstance(sent, str) else sent)
    assert not upload.figures.exists()
    assert Observation.objects.count() == before
    assert not TouchedSeries.objects.exists()


def test_two_hundred_megabytes_are_kept_and_refused(user: Callable[[str], User], tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as large:
        large.truncate(200 * 1024 * 1024)
    with path.open("rb") as stream:
        source = Source.objects.get(code="bureau")
        upload = receive_upload(file=File(stream, "large.csv"), user=user("analyst"), source=source)
    preview_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.failure is not None
    assert upload.failure["code"] == "too_large"
    assert upload.file.size == 200 * 1024 * 1024


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("2024,PT,Атлантида,,,5.4", "unknown_territory", "“Атлантида” is no known territory"),
        ("2024,PT,Абай,,,5.4\n2024,PT,Абай,,,5.5", "duplicate_row", "stands in several rows"),
        ("2024,PT,KZALA,,,many", "not_a_number", "“many” is not a number"),
        ("2024,PT,KZALA,,,5.4.1", "not_a_number", "is not a number"),
        ("soon,PT,KZALA,,,5.4", "bad_period", "“soon” is no period"),
        ("1066,PT,KZALA,,,5.4", "bad_period", "“1066” is no period"),
        ("2099,PT,KZALA,,,5.4", "future_period", "2099 has not begun yet"),
        ("2024,PT,KZALA,,,101", "out_of_range", "101 lies outside the possible range"),
        ("2024,PT,KZALA,,,-1", "out_of_range", "-1 lies outside the possible range"),
        ("2024,PT,KZALA,,X,5.4", "unknown_category", "“X” is no known category"),
        ("2024,PT,KZALA,,,5.4\n2024,PT,KZALA,,,5.5", "duplicate_row", "stands in several rows"),
    ],
)
def test_a_cell_that_cannot_be_used(send: Send, row: str, code: str, words: str) -> None:
    upload = send(NEET, f"{HEAD}{row}\n2022,PT,KZALA,,,3.8\n")
    assert upload.state == Upload.State.PREVIEWED
    rejected = list(upload.figures.filter(change="rejected").order_by("pk"))
    assert {figure.problem for figure in rejected} == {code}
    assert rejected[0].row == 2
    with override("en"):
        assert words in problem(rejected[0])
    assert upload.counts["unchanged"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_recognised(send: Send, encoding: str, separator: str) -> None:
    decimal = "5.4" if separator == "," else "5,4"
    rows = [
        ("Год", "Регион", "Значение"),
        ("2024", "г. Алматы", decimal),
        ("2024", "Акмолинская область", decimal),
    ]
    text = "\n".join(separator.join(row) for row in rows)
    upload = send("indicator_8-6-1.csv", text.encode(encoding))
    assert upload.counts.get("new") == 2


def test_every_code_has_its_words() -> None:
    assert {code.value for code in FileProblem} <= set(messages.FAILURES)
    assert {code.value for code in ProblemCode} <= set(messages.PROBLEMS)
