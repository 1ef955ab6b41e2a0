"""A template's way back: sent in, compared with the drafts, confirmed, put into them; none published."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cities.models import Territory
from indicators import messages
from indicators.models import Entry, Indicator, Observation, Report, ReportingForm, Source, Upload
from indicators.services.entering import Cell, save_cells
from indicators.services.marking import marked_workbook
from indicators.services.reverting import revert_upload
from indicators.services.uploading import UploadError, apply_upload, confirm_upload, preview_upload
from tests.indicators.filled_templates import FilledTemplate

pytestmark = pytest.mark.django_db

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


@pytest.mark.parametrize("door", [DOOR, ORDINARY])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_filled_template_becomes_entries_and_nothing_is_published(
    client_of: Browsers, user: Cast, door: str, language: str
) -> None:
    desk, before = Desk(client_of("analyst"), user("analyst")), Observation.objects.count()
    with override(language):
        template = desk.download()
        template.type(WATER, FIGURE, 99.4)
        template.type(WATER, COMMENT, "in May")
        template.type(SCHOOLS, FIGURE, "x")
        upload = desk.send(template, door)
        assert (upload.state, upload.counts["new"], upload.form.code) == ("previewed", 2, FORM)  # type: ignore[union-attr]
        assert upload.source.code == "akimat-almaty"
        assert not Entry.objects.exists()
        assert desk.confirm(upload).state == "applied"
    assert (entry().value, entry().status, entry().comment) == (Decimal("99.4"), "A", "in May")
    assert entry().changed_by == user("analyst")
    assert (entry(SCHOOLS).value, entry(SCHOOLS).status) == (None, "Q")
    assert Report.objects.get().state == "draft"
    assert Observation.objects.count() == before


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


def test_a_download_that_is_sent_back_as_it_is_changes_nothing(desk: Desk) -> None:
    desk.type("99.4", "in May")
    upload = desk.send(desk.download())
    assert (upload.counts.get("unchanged"), upload.counts.get("changed"), upload.counts.get("new")) == (
        1,
        None,
        None,
    )
    assert upload.counts["missing"] == ReportingForm.objects.get(code=FORM).lines.count() - 1
    desk.confirm(upload)
    assert entry().version == 1


def test_a_change_of_the_draft_is_shown_and_made(desk: Desk) -> None:
    desk.type("99.4", "in May")
    template = desk.download()
    template.type(WATER, FIGURE, 99.6)
    upload = desk.send(template)
    assert "<del>99.4</del><ins>99.6</ins>" in desk.page(upload)
    desk.confirm(upload)
    assert (entry().value, entry().comment, entry().version) == (Decimal("99.6"), "in May", 2)


def test_a_comment_alone_leaves_the_figure(desk: Desk) -> None:
    desk.type("99.123456789012345678")
    template = desk.download()
    template.type(WATER, COMMENT, "in May")
    desk.confirm(desk.send(template))
    assert (entry().value, entry().comment) == (Decimal("99.123456789012345678"), "in May")


def test_what_a_colleague_typed_meanwhile_is_not_undone_by_cells_that_were_left_alone(desk: Desk) -> None:
    desk.type("99.4")
    template = desk.download()
    template.type(SCHOOLS, FIGURE, 20)
    desk.type("99.7", version=1)
    desk.confirm(desk.send(template))
    assert (entry().value, entry(SCHOOLS).value) == (Decimal("99.7"), 20)


def test_what_a_colleague_typed_meanwhile_is_shown_before_it_is_overruled(desk: Desk) -> None:
    desk.type("99.4")
    template = desk.download()
    template.type(WATER, FIGURE, 99.6)
    desk.type("99.7", version=1)
    upload = desk.send(template)
    assert "<del>99.7</del><ins>99.6</ins>" in desk.page(upload)
    desk.confirm(upload)
    assert entry().value == Decimal("99.6")


def test_what_a_colleague_types_between_preview_and_confirmation_is_compared_anew(desk: Desk) -> None:
    desk.type("99.4")
    template = desk.download()
    template.type(WATER, FIGURE, 99.6)
    template.type(SCHOOLS, FIGURE, 20)
    upload = desk.send(template)
    desk.type("99.7", version=1)
    assert desk.confirm(upload).state == "received"
    assert (entry().value, Entry.objects.count()) == (Decimal("99.7"), 1)
    preview_upload(upload.pk)
    upload.refresh_from_db()
    assert "<del>99.7</del><ins>99.6</ins>" in desk.page(upload)
    assert desk.confirm(upload).state == "applied"
    assert (entry().value, entry(SCHOOLS).value) == (Decimal("99.6"), 20)


def test_a_blank_template_takes_nothing_away(desk: Desk) -> None:
    desk.type("99.4", "in May")
    blank = desk.download("blank")
    blank.type(SCHOOLS, FIGURE, 20)
    desk.confirm(desk.send(blank))
    assert (entry().value, entry().comment, entry(SCHOOLS).value) == (Decimal("99.4"), "in May", 20)


def test_a_figure_deleted_from_a_filled_template_is_deleted_from_the_draft(desk: Desk) -> None:
    desk.type("99.4")
    template = desk.download()
    template.type(WATER, FIGURE, None)
    upload = desk.send(template)
    assert upload.counts["changed"] == 1
    desk.confirm(upload)
    assert (entry().value, entry().status) == (None, "A")


def test_a_comment_that_looks_like_a_formula_comes_back_as_text(desk: Desk) -> None:
    formula = '=HYPERLINK("http://example.org","here")'
    template = desk.download()
    template.type(WATER, FIGURE, 99.4)
    template.type(WATER, COMMENT, formula).data_type = "s"
    desk.confirm(desk.send(template))
    assert entry().comment == formula
    cell = desk.download().cell(WATER, COMMENT)
    assert (cell.value, cell.data_type) == (formula, "s")


def test_a_submitted_report_is_not_changed(desk: Desk) -> None:
    desk.type("99.4")
    template = desk.download()
    template.type(WATER, FIGURE, 99.6)
    Report.objects.update(state="submitted", submitted_by=desk.user, submitted_at="2026-01-01T00:00Z")
    upload = desk.send(template)
    assert problems(upload) == ["report_not_open"]
    assert "Have it returned" in desk.page(upload, "rejected")


def test_a_report_submitted_between_preview_and_confirmation_is_not_changed(desk: Desk) -> None:
    desk.type("99.4")
    template = desk.download()
    template.type(WATER, FIGURE, 99.6)
    upload = desk.send(template)
    Report.objects.update(state="submitted", submitted_by=desk.user, submitted_at="2026-01-01T00:00Z")
    assert desk.confirm(upload).state == "received"
    preview_upload(upload.pk)
    upload.refresh_from_db()
    assert (problems(upload), entry().value) == (["report_not_open"], Decimal("99.4"))


def test_foreign_territories_are_rejected_cell_by_cell(
    form: ReportingForm, desk: Desk, client_of: Browsers, user: Cast
) -> None:
    form.territories.add(Territory.objects.get(code="astana"))
    template = Desk(client_of("analyst"), user("analyst")).download()
    template.type(WATER, "figure astana", 98)
    template.type(WATER, FIGURE, 99.4)
    upload = desk.send(template)
    assert (problems(upload), upload.counts["new"]) == (["outside_mandate"], 1)
    desk.confirm(upload)
    assert entry().report.territory.code == "almaty"


def test_who_confirms_needs_the_mandate_for_every_territory(
    form: ReportingForm, client_of: Browsers, user: Cast
) -> None:
    form.territories.add(Territory.objects.get(code="astana"))
    everywhere = Desk(client_of("analyst"), user("analyst"))
    template = everywhere.download()
    template.type(WATER, "figure astana", 98)
    upload = everywhere.send(template)
    with pytest.raises(UploadError, match="outside_mandate"):
        confirm_upload(upload=upload, by=user("almaty.analyst"))


def test_an_impossible_figure_and_a_long_comment_are_rejected(desk: Desk) -> None:
    Indicator.objects.filter(code=WATER).update(minimum=Decimal(0), maximum=Decimal(100))
    template = desk.download()
    template.type(WATER, FIGURE, 101)
    template.type(SCHOOLS, COMMENT, "a" * 501)
    upload = desk.send(template)
    assert set(problems(upload)) == {"out_of_range", "comment_too_long"}
    shown = desk.page(upload, "rejected")
    assert "101 lies outside the possible range of the indicator (0 – 100)" in shown
    assert "501 characters, at most 500" in shown


def test_lines_that_the_form_no_longer_asks_for_are_rejected(form: ReportingForm, desk: Desk) -> None:
    template = desk.download()
    template.type(WATER, FIGURE, 99.4)
    form.lines.filter(indicator__code=WATER).delete()
    assert problems(desk.send(template)) == ["line_not_in_form"]


def test_territories_for_which_the_form_is_no_longer_filled_in_are_rejected(
    form: ReportingForm, client_of: Browsers, user: Cast
) -> None:
    form.territories.add(Territory.objects.get(code="astana"))
    desk = Desk(client_of("analyst"), user("analyst"))
    template = desk.download()
    template.type(WATER, "figure astana", 98)
    form.territories.remove(Territory.objects.get(code="astana"))
    assert problems(desk.send(template)) == ["territory_not_in_form"]


def test_a_line_that_stands_twice_is_taken_once(desk: Desk) -> None:
    template = desk.download()
    place = template.type(WATER, FIGURE, 99.4)
    page = place.parent
    page.append([cell.value for cell in page[place.row]])
    assert problems(desk.send(template)) == ["duplicate_figure"]


def test_each_stray_cell_is_named(desk: Desk) -> None:
    template = desk.download()
    place = template.type(WATER, FIGURE, 99.4)
    place.parent.cell(place.row, 1).value = "watre"
    upload = desk.send(template)
    assert problems(upload) == ["unknown_line_code"]
    shown = desk.page(upload, "rejected")
    assert f"Report!{place.coordinate}" in shown
    assert "“watre”" in shown


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


def test_its_errors_are_marked_in_it_and_it_remains_a_template(desk: Desk) -> None:
    template = desk.download()
    place = template.type(WATER, FIGURE, "much")
    template.type(SCHOOLS, FIGURE, 20)
    upload = desk.send(template)
    stream = BytesIO()
    marked_workbook(upload).save(stream)
    marked = FilledTemplate(stream.getvalue())
    [page] = marked.pages
    assert "not a number" in page[place.coordinate].comment.text
    marked.type(WATER, FIGURE, 99.4)
    desk.confirm(desk.send(marked))
    assert (entry().value, entry(SCHOOLS).value) == (Decimal("99.4"), 20)


def test_while_it_is_put_into_the_drafts_the_page_says_so(desk: Desk) -> None:
    template = desk.download()
    template.type(WATER, FIGURE, 99.4)
    upload = desk.send(template)
    desk.client.post(reverse("indicators:upload-confirm", args=[upload.pk]))
    assert "The figures are being put into the drafts." in desk.page(upload)


def test_deleted_lines_stay_as_they_are_in_the_draft(desk: Desk) -> None:
    desk.type("99.4")
    template = desk.download()
    place = template.cell(WATER, FIGURE)
    place.parent.delete_rows(place.row)
    template.type(SCHOOLS, FIGURE, 20)
    upload = desk.send(template)
    assert "Lines and columns deleted from the file: 1." in desk.page(upload)
    desk.confirm(upload)
    assert (entry().value, entry(SCHOOLS).value) == (Decimal("99.4"), 20)


@pytest.mark.parametrize("period", ["2023", "2025"])
def test_the_template_of_another_period_fills_in_that_period(desk: Desk, period: str) -> None:
    template = desk.download(period=period)
    template.type(WATER, FIGURE, 99.4)
    desk.confirm(desk.send(template))
    assert str(Report.objects.get().period) == period


def failed(upload: Upload) -> str:
    assert upload.state == "failed"
    return messages.failure(upload.failure["code"], upload.failure["params"])  # type: ignore[index]


def test_a_file_that_is_no_template_is_refused_at_the_templates_door(desk: Desk) -> None:
    upload = desk.send(b"Year,REF_AREA,Value\n2024,KZALA,5.4\n")
    assert "not a template of the portal" in failed(upload)
    assert "Download the template" in desk.page(upload)


@pytest.mark.parametrize("door", [DOOR, ORDINARY])
def test_a_damaged_template_is_refused_with_the_cure(client_of: Browsers, user: Cast, door: str) -> None:
    desk = Desk(client_of("analyst"), user("analyst"))
    template = desk.download()
    template.passport["period"].value = "2023"
    assert "Download the template anew" in failed(desk.send(template, door))


def test_a_form_that_ends_before_the_period_is_refused(form: ReportingForm, desk: Desk) -> None:
    template = desk.download(period="2025")
    ReportingForm.objects.update(last_day="2024-12-31")
    assert f"of the form {FORM} for 2025" in failed(desk.send(template))


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


def test_filling_needs_as_many_queries_for_a_cell_as_for_many(
    desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries, form: ReportingForm
) -> None:
    template = desk.download()
    for line in form.lines.select_related("indicator"):
        template.type(line.indicator.code, FIGURE, "x")
    upload = desk.send(template)
    assert upload.counts["new"] == form.lines.count()
    confirm_upload(upload=upload, by=desk.user)
    with django_assert_max_num_queries(40):
        apply_upload(upload.pk)
    assert Entry.objects.count() == form.lines.count()


def test_figures_that_were_pasted_as_texts_are_read(desk: Desk) -> None:
    template = desk.download()
    template.type(WATER, FIGURE, " 99,4 ")
    desk.confirm(desk.send(template))
    assert entry().value == Decimal("99.4")
