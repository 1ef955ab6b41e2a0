"""The pages of inquiries: what everybody reads, and a letter's way through the pages."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation
from cities.models import Territory
from programmes.models import Inquiry, Kpi
from tests.programmes.inquiries.conftest import Registers

pytestmark = pytest.mark.django_db
Browsers = Callable[[str], Client]
LIST = "/en/inquiries/"
HOSTILE = "<script>alert(1)</script>"


def text_of(client: Client, path: str, **params: str) -> str:
    response = client.get(path, params)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def page_of(inquiry: Inquiry, step: str = "") -> str:
    return f"{LIST}{inquiry.code}/{step}"


@pytest.fixture
def published(registered: Registers, freeze: Callable[[Inquiry, Kpi], None], neet: Kpi) -> Inquiry:
    inquiry = registered()
    freeze(inquiry, neet)
    akimat = Organisation.objects.get(code="demo-akimat")
    users = {"drafted_by": inquiry.registered_by, "approved_by": akimat.mandates.first().user}  # type: ignore[union-attr]
    inquiry.questions.update(answer_ru="Приняты меры.")
    Inquiry.objects.filter(pk=inquiry.pk).update(state="published", replied_on=timezone.localdate(), **users)
    inquiry.refresh_from_db()
    return inquiry


def test_a_letter_goes_its_way_through_the_pages(client_of: Browsers, neet: Kpi) -> None:
    deputy, coordinator = client_of("deputy"), client_of("coordinator")
    analyst, approver = client_of("almaty.analyst"), client_of("approver")
    akimat = Organisation.objects.get(code="demo-akimat")
    sent = {
        "number": "ДС-77", "date": timezone.localdate().isoformat(), "language": "kk",
        "asker": str(Organisation.objects.get(code="demo-maslikhat").pk), "addressees": "Депутаттарға",
        "topic": "Жастар", "territory": "almaty", "programme": "almaty-2025",
        "addressed_to": [str(akimat.pk)], "point": ["Неге?", "", "Қашан?"],
    }  # fmt: skip
    response = deputy.post(f"{LIST}new/", sent)
    inquiry = Inquiry.objects.get(number="ДС-77")
    assert response["Location"] == page_of(inquiry, "figures/")
    assert "KPI-7" in text_of(deputy, page_of(inquiry, "figures/"), q="NEET")
    chosen = page_of(inquiry, "figures/") + "?kpi=almaty-2025:KPI-7"
    assert deputy.get(chosen).status_code == 200
    deputy.post(chosen, {"territory": "almaty", "question": str(inquiry.questions.all()[0].pk)})
    assert inquiry.figures.get().kpi == neet
    coordinator.post(page_of(inquiry, "assign/"), {"to": f"{akimat.pk}:"})
    first, second = inquiry.questions.order_by("order")
    written = {f"answer-{first.pk}": "Себебі…", f"answer-{second.pk}": "2027 жылы", "signatory": "Әкім"}
    analyst.post(page_of(inquiry, "answer/"), {**written, "submit": ""})
    assert "The answer is shown once it is published." in text_of(deputy, page_of(inquiry))
    assert "Себебі…" in text_of(approver, page_of(inquiry))
    approver.post(page_of(inquiry, "decide/"), {"approve": ""})
    assert Client().get(page_of(inquiry)).status_code == 404
    approver.post(page_of(inquiry, "decide/"), {"publish": ""})
    page = text_of(Client(), page_of(inquiry))
    assert "Себебі…" in page
    assert "Әкім" in page
    assert neet.name_en in page
    assert "ДС-77" in text_of(Client(), LIST)


def test_a_letter_with_faults_is_shown_again_with_each_fault(client_of: Browsers) -> None:
    deputy = client_of("deputy")
    page = deputy.post(
        f"{LIST}new/",
        {"number": "9" * 33, "date": "2026-02-30", "topic": "ж" * 301, "territory": "astana",
         "point": ["", " "], "language": "xx", "programme": "nowhere"},
    ).content.decode()  # fmt: skip
    assert page.count("field-error") >= 7
    assert "Write at least one point." in page
    assert not Inquiry.objects.filter(document=None).exists()


def test_a_date_to_come_and_a_number_twice_are_named(client_of: Browsers, registered: Registers) -> None:
    registered()
    deputy = client_of("deputy")
    sent = {
        "number": "ДС-12", "date": "2026-05-05", "language": "ru", "topic": "т", "addressees": "д",
        "asker": str(Organisation.objects.get(code="demo-maslikhat").pk), "territory": "almaty",
        "addressed_to": [str(Organisation.objects.get(code="demo-akimat").pk)], "point": ["?"],
    }  # fmt: skip
    assert "is registered already" in deputy.post(f"{LIST}new/", sent).content.decode()
    later = {**sent, "number": "5", "date": (timezone.localdate() + dt.timedelta(1)).isoformat()}
    assert "still to come" in deputy.post(f"{LIST}new/", later).content.decode()


def test_room_for_more_points_keeps_what_is_typed(client_of: Browsers) -> None:
    page = client_of("deputy").post(f"{LIST}new/", {"point": ["a", "b", "c"], "more": ""}).content.decode()
    assert page.count('name="point"') == 5
    assert "field-error" not in page


def test_hostile_and_long_texts_are_shown_as_text(registered: Registers, client_of: Browsers) -> None:
    inquiry = registered(topic=HOSTILE + "ж" * 270, points=[HOSTILE], addressees=HOSTILE)
    client = client_of("deputy")
    for page in (LIST, page_of(inquiry), page_of(inquiry, "figures/")):
        text = text_of(client, page)
        assert HOSTILE not in text
    assert "&lt;script&gt;" in text_of(client, page_of(inquiry))
    file = client.get(LIST, {"format": "csv"}).content.decode("utf-8-sig")
    assert (
        HOSTILE in next(row for row in csv.DictReader(io.StringIO(file)) if row["number"] == "ДС-12")["topic"]
    )


def test_what_is_not_published_does_not_exist_for_strangers(
    registered: Registers, client: Client, client_of: Browsers
) -> None:
    inquiry = registered()
    for reader in (client, client_of("administrator")):
        assert reader.get(page_of(inquiry)).status_code == 404
        assert inquiry.number not in text_of(reader, LIST)
    for name in ("deputy", "coordinator", "approver", "almaty.analyst"):
        assert inquiry.number in text_of(client_of(name), LIST)


@pytest.mark.parametrize(
    ("params", "is_found"),
    [
        ({"state": "registered"}, True),
        ({"state": "published"}, False),
        ({"overdue": "1"}, True),
        ({"territory": "almaty"}, True),
        ({"programme": "almaty-2025"}, True),
        ({"programme": "semey-2050"}, False),
        ({"q": "молодёжи"}, True),
        ({"q": "neet снижается"}, True),
        ({"q": "нетакого"}, False),
    ],
)
def test_the_list_is_filtered(
    registered: Registers, client_of: Browsers, params: dict[str, str], is_found: bool
) -> None:
    registered()
    assert ("ДС-12" in text_of(client_of("deputy"), LIST, **params)) is is_found


@pytest.mark.parametrize(
    "params", [{"state": "dreamt"}, {"territory": "atlantis"}, {"q": "x" * 101}, {"overdue": "maybe"}]
)
def test_a_filter_that_is_not_understood_is_said_and_ignored(client: Client, params: dict[str, str]) -> None:
    page = text_of(client, LIST, **params)
    assert "it is ignored" in page
    assert "ДС-275" in page


def test_an_overdue_reply_is_marked(registered: Registers, client_of: Browsers) -> None:
    assert "overdue by" in text_of(client_of("coordinator"), page_of(registered()))


def test_frozen_figures_stand_beside_later_ones_and_come_as_a_file(
    published: Inquiry, client: Client
) -> None:
    page = text_of(client, page_of(published))
    frozen = published.figures.get()
    assert "nothing newer" in page or "revised" in page
    assert "2 March 2026" in page
    row = client.get(page_of(published), {"format": "json"}).json()[0]
    assert row["kpi"] == "almaty-2025:KPI-7"
    assert row["as_of"] == "2026-03-02"
    assert row["period"] == str(frozen.period)


@pytest.mark.parametrize("step", ["", "figures/", "assign/", "answer/"])
def test_an_inquiry_that_a_document_holds_is_read_and_not_worked_on(client_of: Browsers, step: str) -> None:
    status = client_of("approver").get(f"{LIST}ds-275/{step}").status_code
    assert status == (200 if not step else 404)


@pytest.mark.parametrize("kpi", ["nowhere:KPI-7", "almaty-2025:KPI-999", "\0", "x" * 500])
def test_a_kpi_that_does_not_exist_is_not_found(registered: Registers, client_of: Browsers, kpi: str) -> None:
    page = page_of(registered(), "figures/")
    assert client_of("deputy").get(page, {"kpi": kpi}).status_code == 404


@pytest.mark.parametrize("period", ["2024-13", "yesterday", "20244"])
def test_a_period_that_is_none_is_refused(
    registered: Registers, client_of: Browsers, neet: Kpi, period: str
) -> None:
    inquiry = registered()
    page = f"{page_of(inquiry, 'figures/')}?kpi=almaty-2025:KPI-7"
    text = client_of("deputy").post(page, {"territory": "almaty", "period": period}).content.decode()
    assert "field-error" in text
    assert not inquiry.figures.exists()


def test_the_pages_take_as_many_queries_however_much_they_show(
    published: Inquiry, registered: Registers, freeze: Callable[[Inquiry, Kpi], None], client: Client,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    almaty = Territory.objects.get(code="almaty")
    other = registered(number="ДС-99")
    for kpi in Kpi.objects.filter(programme__code="almaty-2025", territory=almaty)[:8]:
        freeze(other, kpi)
    Inquiry.objects.filter(pk=other.pk).update(
        state="published", replied_on="2026-04-01", drafted_by=published.drafted_by,
        approved_by=published.approved_by,
    )  # fmt: skip
    with django_assert_max_num_queries(20):
        text_of(client, page_of(other))
    with django_assert_max_num_queries(12):
        text_of(client, LIST)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_pages_are_there_in_every_language(
    published: Inquiry, client: Client, client_of: Browsers, language: str
) -> None:
    assert published.number in text_of(client, f"/{language}/inquiries/")
    assert published.topic_ru in text_of(client, f"/{language}/inquiries/{published.code}/")
    assert "<form" in text_of(client_of("deputy"), f"/{language}/inquiries/new/")
