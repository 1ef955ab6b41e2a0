"""Files to send in, and the way from a file to its preview."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File

from accounts.models import User
from indicators.models import Source, Upload
from indicators.services.uploading import preview_upload, receive_upload

Send = Callable[..., Upload]


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
        preview_upload(received.pk)
        received.refresh_from_db()
        return received

    return upload
