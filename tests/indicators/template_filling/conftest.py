"""An analyst's desk: a template is downloaded, filled in, sent back and confirmed."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from cities.models import Territory
from indicators import messages
from indicators.models import Entry, Report, ReportingForm, Source, Upload
from indicators.services.entering import Cell, save_cells
from indicators.services.uploading import apply_upload, preview_upload
from tests.indicators.filled_templates import FilledTemplate

Cast = Callable[[str], User]
Browsers = Callable[[str], Client]
FORM, WATER, SCHOOLS = "almaty-2025-annual", "central-water-access", "education-satisfaction"
FIGURE, STATUS, COMMENT = "figure almaty", "status almaty", "comment almaty"
DOOR, ORDINARY = "sheet-fill", "upload-list"


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with override("en"):
        yield


@pytest.fixture
def form() -> ReportingForm:
    return ReportingForm.objects.get(code=FORM)


class Desk:
    """An analyst who works with templates."""

    def __init__(self, client: Client, user: User) -> None:
        self.client, self.user = client, user

    def download(self, query: str = "", period: str = "2024") -> FilledTemplate:
        address = reverse("indicators:sheet-template", args=[FORM, period])
        return FilledTemplate(self.client.get(f"{address}?{query}").getvalue())

    def send(self, content: FilledTemplate | bytes, door: str = DOOR) -> Upload:
        """Sends the file in, and has the worker read it."""
        sent = content if isinstance(content, bytes) else content.content()
        posted = {"file": SimpleUploadedFile("filled.xlsx", sent)}
        if door == DOOR:
            answer = self.client.post(reverse("indicators:sheet-fill", args=[FORM, "2024"]), posted)
        else:
            bureau = Source.objects.get(code="bureau").pk
            answer = self.client.post(reverse("indicators:upload-list"), {**posted, "source": bureau})
        assert answer.status_code == 302, answer.content.decode()
        upload = Upload.objects.latest("pk")
        assert answer["Location"] == reverse("indicators:upload-detail", args=[upload.pk])
        preview_upload(upload.pk)
        upload.refresh_from_db()
        return upload

    def confirm(self, upload: Upload) -> Upload:
        """Confirms what was shown, and has the worker do it."""
        self.client.post(reverse("indicators:upload-confirm", args=[upload.pk]))
        apply_upload(upload.pk)
        upload.refresh_from_db()
        return upload

    def page(self, upload: Upload, show: str = "") -> str:
        address = reverse("indicators:upload-detail", args=[upload.pk])
        return " ".join(self.client.get(f"{address}?show={show}").content.decode().split())

    def type(self, value: str, comment: str = "", version: int = 0) -> None:
        """Types into the sheet instead."""
        report = Report.objects.filter(form__code=FORM, period_start="2024-01-01").first() or Report(
            form=ReportingForm.objects.get(code=FORM),
            territory=Territory.objects.get(code="almaty"),
            period_start="2024-01-01",
        )
        line = ReportingForm.objects.get(code=FORM).lines.get(indicator__code=WATER)
        cell = Cell(line.indicator, line.breakdown, Decimal(value), "A", comment, version)
        assert not save_cells(report=report, cells=[cell], by=self.user).refused


@pytest.fixture
def desk(client_of: Browsers, user: Cast) -> Desk:
    return Desk(client_of("almaty.analyst"), user("almaty.analyst"))


def entry(indicator: str = WATER) -> Entry:
    return Entry.objects.get(report__form__code=FORM, indicator__code=indicator)


def problems(upload: Upload) -> list[str]:
    return list(upload.figures.filter(change="rejected").order_by("pk").values_list("problem", flat=True))


def failed(upload: Upload) -> str:
    assert upload.state == "failed"
    return messages.failure(upload.failure["code"], upload.failure["params"])  # type: ignore[index]
