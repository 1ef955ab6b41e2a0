"""What of a filled template is refused: by whom it is sent, what it holds, what became of its form."""

from decimal import Decimal
from io import BytesIO

import pytest

from cities.models import Territory
from indicators.models import Indicator, Report, ReportingForm
from indicators.services.marking import marked_workbook
from indicators.services.uploading import UploadError, confirm_upload, preview_upload
from tests.indicators.filled_templates import FilledTemplate
from tests.indicators.template_filling.conftest import (
    COMMENT,
    DOOR,
    FIGURE,
    FORM,
    ORDINARY,
    SCHOOLS,
    WATER,
    Browsers,
    Cast,
    Desk,
    entry,
    failed,
    problems,
)

pytestmark = pytest.mark.django_db


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
