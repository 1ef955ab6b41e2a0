"""The errors of a file, marked in the file itself."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from openpyxl.comments import Comment

from indicators.models import Upload
from indicators.services import marking
from indicators.services.marking import error_workbook, mark_errors
from indicators.services.uploading import preview_upload

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
Send = Callable[..., Upload]
TIDY = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,COMMENT\n"


def workbook_of(upload: Upload, language: str = "en") -> Any:
    mark_errors(upload.pk, language)
    path = error_workbook(upload, language)
    assert path is not None
    return openpyxl.load_workbook(path)


def marked(sheet: Any) -> dict[str, str]:
    """The coloured cells, with their comments."""
    return {
        cell.coordinate: cell.comment.text if cell.comment else ""
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == marking.FILL.fgColor.rgb
    }


@pytest.fixture
def original() -> openpyxl.Workbook:
    """A workbook with what people put into workbooks: a merged title, a formula, a width, a comment."""
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = "NEET"
    sheet.append(["Доля молодёжи NEET"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"])
    sheet.append(["neet-share", "KZALA", "2024", 5.4])
    sheet.append(["neet-share", "Atlantis", "2024", 5.4])
    sheet.append(["neet-share", "KZAKM", "2024", "five"])
    sheet["F4"] = "=D4*2"
    sheet["D6"].comment = Comment("As the office wrote it", "Analyst")
    sheet.column_dimensions["B"].width = 33
    return workbook


def saved(workbook: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_rejected_cells_are_coloured_and_say_why(send: Send, original: openpyxl.Workbook) -> None:
    upload = send("table.xlsx", saved(original))
    assert upload.counts["rejected"] == 2
    marks = marked(workbook_of(upload)["NEET"])
    assert marks.keys() == {"B5", "D6"}
    assert "Atlantis" in marks["B5"]
    assert marks["D6"].startswith("As the office wrote it\n")
    assert "Write it as 12.5" in marks["D6"]


def test_the_rest_of_the_workbook_stays_as_it_is(send: Send, original: openpyxl.Workbook) -> None:
    sheet = workbook_of(send("table.xlsx", saved(original)))["NEET"]
    assert sheet["F4"].value == "=D4*2"
    assert sheet.column_dimensions["B"].width == 33
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A1:D1"]


def test_comments_are_in_the_readers_language(send: Send) -> None:
    upload = send("table.csv", TIDY + "neet-share,Atlantis,2024,5.4,\n")
    texts = {
        language: marked(workbook_of(upload, language).worksheets[0])["B2"] for language in ("kk", "ru", "en")
    }
    assert len(set(texts.values())) == 3


@pytest.mark.parametrize("name", ["table.csv", "table.json"])
def test_any_other_format_becomes_a_workbook_of_its_cells(send: Send, name: str) -> None:
    record = '"INDICATOR": "neet-share", "REF_AREA": "Atlantis", "TIME_PERIOD": "2024", "OBS_VALUE": "5,4"'
    rows = f'[{{{record}, "NOTE": "a\\u0007"}}]'
    content = rows if name.endswith("json") else TIDY + 'neet-share,Atlantis,2024,"5,4",\n'
    sheet = workbook_of(send(name, content)).worksheets[0]
    assert [cell.value for cell in sheet[2]][:4] == ["neet-share", "Atlantis", "2024", "5,4"]
    assert marked(sheet).keys() == {"B2"}


def test_a_text_that_looks_like_a_formula_stays_a_text_in_an_xlsx(
    send: Send, original: openpyxl.Workbook
) -> None:
    sheet: Any = original.active
    sheet["G4"] = "=1+2"
    sheet["G4"].data_type = "s"
    cell = workbook_of(send("table.xlsx", saved(original)))["NEET"]["G4"]
    assert (cell.value, cell.data_type) == ("=1+2", "s")


@pytest.mark.parametrize("text", ["=1+2", "+1", "-x", "@SUM(A1)"])
def test_what_looks_like_a_formula_in_a_text_file_stays_a_text(send: Send, text: str) -> None:
    upload = send("table.csv", TIDY + f"neet-share,Atlantis,2024,5.4,{text}\nneet-share,{text},2024,1,\n")
    sheet = workbook_of(upload).worksheets[0]
    for cell in (sheet["E2"], sheet["B3"]):
        assert (cell.value, cell.data_type) == (text, "s")


def test_a_corrected_workbook_is_accepted(send: Send) -> None:
    upload = send("indicator_8-6-1.csv", "Year,REF_AREA,Value\n2024,KZALA,five\n2024,KZAKM,5.4\n")
    workbook = workbook_of(upload)
    workbook.worksheets[0]["C2"] = 5.5
    again = send("indicator_8-6-1.xlsx", saved(workbook))
    assert again.counts == {"new": 2, "missing": 0}


def test_of_very_many_errors_the_first_are_commented_and_the_file_says_so(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "MOST_COMMENTS", 2)
    upload = send(
        "table.csv", TIDY + "".join(f"neet-share,Atlantis,{year},1,\n" for year in range(2000, 2005))
    )
    workbook = workbook_of(upload)
    assert workbook.sheetnames[0] == "Errors"
    assert "5 cells" in workbook.worksheets[0]["A1"].value
    assert [bool(text) for text in marked(workbook.worksheets[1]).values()] == [
        True,
        True,
        False,
        False,
        False,
    ]
    again = send("again.xlsx", saved(workbook))
    assert again.counts["rejected"] == 5


def test_a_workbook_too_large_to_be_taken_apart_is_written_plainly(
    send: Send, original: openpyxl.Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "MOST_CELLS_KEPT", 3)
    sheet = workbook_of(send("table.xlsx", saved(original)))["NEET"]
    assert marked(sheet).keys() == {"B5", "D6"}
    assert sheet["D4"].value == 5.4


def test_the_page_waits_for_the_worker_and_then_gives_the_file(send: Send, client_of: Browser) -> None:
    upload = send("table.csv", TIDY + "neet-share,Atlantis,2024,5.4,\n")
    client, page = client_of("analyst"), reverse("indicators:upload-errors", args=[upload.pk])
    assert page in client.get(reverse("indicators:upload-detail", args=[upload.pk])).content.decode()
    waiting = client.get(page)
    assert waiting.status_code == 202
    assert "hx-get" in waiting.content.decode()
    mark_errors(upload.pk, waiting.headers["Content-Language"])
    assert "hx-get" not in client.get(page, headers={"HX-Request": "true"}).content.decode()
    response = client.get(page)
    assert response.headers["Content-Disposition"] == 'attachment; filename="table.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets  # type: ignore[attr-defined]


def test_it_is_made_anew_when_the_file_is_read_again(send: Send) -> None:
    upload = send("table.csv", TIDY + "neet-share,Atlantis,2024,5.4,\n")
    workbook_of(upload)
    first = error_workbook(upload, "en")
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.RECEIVED)
    preview_upload(upload.pk)
    workbook_of(upload)
    assert list(Path(settings.MEDIA_ROOT).glob("uploads/errors/*")) == [error_workbook(upload, "en")]
    assert error_workbook(upload, "en") != first


def test_a_file_without_errors_has_no_such_page(send: Send, client_of: Browser) -> None:
    upload = send("table.csv", TIDY + "neet-share,KZALA,2024,5.4,\n")
    page = reverse("indicators:upload-errors", args=[upload.pk])
    assert client_of("analyst").get(page).status_code == 404
    assert client_of("almaty.analyst").get(page).status_code == 404
