"""Files that are sent in while the disk is full: the sender hears what is missing, and nothing is stored."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from indicators.models import Source, Upload

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk"),
]
TABLE = "Регион;2023\n" + "Алматы;5,2\n" * 5_000


@pytest.fixture(autouse=True)
def _full_disk(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The folder of uploaded files has room for 4 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", folder], check=True)
    settings.MEDIA_ROOT = str(folder)
    yield
    subprocess.run(["umount", "--lazy", folder], check=True)


def send(client: Client, address: str, source: object) -> Any:
    """Sends the table in; what is raised within becomes an answer, as it does behind a web server."""
    client.raise_request_exception = False
    return client.post(address, {"file": SimpleUploadedFile("a.csv", TABLE.encode()), "source": source})


def test_the_page_says_that_nothing_was_stored(client_of: Callable[[str], Client]) -> None:
    source = Source.objects.get(code="bureau")
    address = reverse("indicators:upload-list").replace("/kk/", "/en/")
    answer = send(client_of("analyst"), address, source.pk)
    assert answer.status_code == 503
    assert "The disk is full. Nothing was stored." in answer.content.decode()
    assert answer.headers["Retry-After"]
    assert not Upload.objects.exists()


def test_a_program_hears_a_problem(client_of: Callable[[str], Client]) -> None:
    answer = send(client_of("analyst"), "/api/v1/uploads/?lang=en", "bureau")
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert not Upload.objects.exists()
