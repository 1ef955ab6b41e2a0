"""Files to send in, and the way from a file to its preview."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.core.files import File
from openpyxl import Workbook

from accounts.models import User
from indicators.models import Source, Upload
from indicators.services.uploading import preview_upload, receive_upload

Send = Callable[..., Upload]
Row = Sequence[str | int | float]


@pytest.fixture
def send(user: Callable[[str], User], tmp_path: Path) -> Send:
    """`send("table.csv", content)`: an analyst's upload, read by the worker's service."""

    def upload(name: str, content: bytes | str, *, by: str = "analyst", source: str = "bureau") -> Upload:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with path.open("rb") as stream:
            received = receive_upload(
                file=File(stream, name),
                user=user(by),
                source=Source.objects.get(code=source),
            )
        return read(received)

    return upload


def read(upload: Upload) -> Upload:
    """What a worker does next, and the upload as it is then."""
    preview_upload(upload.pk)
    upload.refresh_from_db()
    return upload


def workbook(**sheets: Sequence[Row]) -> bytes:
    """An XLSX file with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
