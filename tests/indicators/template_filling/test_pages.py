"""What the pages say of a filled template, and who may send one in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cities.models import Territory
from indicators import messages
from indicators.models import ReportingForm, Upload
from indicators.services.reverting import revert_upload
from indicators.services.uploading import UploadError
from tests.indicators.template_filling.conftest import (
    COMMENT,
    FIGURE,
    FORM,
    SCHOOLS,
    STATUS,
    WATER,
    Browsers,
    Desk,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("deputy", 403), ("approver", 403), ("almaty.analyst", 302)]
)
def test_who_enters_figures_may_send_it_in(client_of: Browsers, name: str, status: int) -> None:
    address = reverse("indicators:sheet-fill", args=[FORM, "2024"])
    answer = client_of(name).post(address, {"file": SimpleUploadedFile("a.xlsx", b"PK")})
    assert answer.status_code == status
    assert Upload.objects.exists() is (name == "almaty.analyst")


def test_a_strangers_form_is_not_found(form: ReportingForm, client_of: Browsers) -> None:
    form.territories.set([Territory.objects.get(code="astana")])
    address = reverse("indicators:sheet-fill", args=[FORM, "2024"])
    answer = client_of("almaty.analyst").post(address, {"file": SimpleUploadedFile("a.xlsx", b"PK")})
    assert answer.status_code == 404


def test_nothing_sent_is_answered_on_the_page(client_of: Browsers) -> None:
    client = client_of("almaty.analyst")
    answer = client.post(reverse("indicators:sheet-fill", args=[FORM, "2024"]), follow=True)
    assert "This field is required." in answer.content.decode()


def test_the_sheets_page_offers_it(client_of: Browsers) -> None:
    page = client_of("almaty.analyst").get(reverse("indicators:sheet", args=[FORM, "2024"])).content.decode()
    address = reverse("indicators:sheet-template", args=[FORM, "2024"])
    assert f'href="{address}"' in page
    assert f'href="{address}?blank"' in page
    assert f'action="{reverse("indicators:sheet-fill", args=[FORM, "2024"])}"' in page


def test_the_page_says_that_drafts_are_filled_in_and_links_to_them(desk: Desk) -> None:
    template = desk.download()
    template.type(WATER, FIGURE, 99.4)
    template.type(SCHOOLS, STATUS, "missing value: data exist but were not collected")
    template.type(SCHOOLS, COMMENT, "<b>next</b> year")
    upload = desk.send(template)
    shown = desk.page(upload)
    sheet = reverse("indicators:sheet", args=[FORM, "2024"])
    for text in ("Put what is new or changed into the drafts", f'href="{sheet}"', "99.4",
                 "data exist but were not collected", "&lt;b&gt;next&lt;/b&gt; year"):  # fmt: skip
        assert text in shown
    assert "Publish what is new" not in shown
    applied = desk.page(desk.confirm(upload))
    assert "Put into the drafts." in applied
    assert "Published." not in applied
    for anchor in ("file", "difference", "published"):
        assert f'href="#{anchor}"' in applied
        assert f'id="{anchor}"' in applied
    assert ('href="#recognised"' in applied, "In the drafts" in applied) == (False, True)


def test_while_it_is_put_into_the_drafts_the_page_says_so(desk: Desk) -> None:
    template = desk.download()
    template.type(WATER, FIGURE, 99.4)
    upload = desk.send(template)
    desk.client.post(reverse("indicators:upload-confirm", args=[upload.pk]))
    assert "The figures are being put into the drafts." in desk.page(upload)


def test_it_cannot_be_undone_for_it_published_nothing(desk: Desk) -> None:
    template = desk.download()
    template.type(WATER, FIGURE, 99.4)
    upload = desk.confirm(desk.send(template))
    address = reverse("indicators:upload-revert", args=[upload.pk])
    assert address not in desk.page(upload)
    assert desk.client.get(address).status_code == 302
    with pytest.raises(UploadError, match="published_nothing") as refused:
        revert_upload(upload=upload, by=desk.user, reason="a slip")
    assert "correct the drafts" in messages.upload_error(refused.value.code, refused.value.params)
