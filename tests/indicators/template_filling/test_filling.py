"""A template's way back: sent in, compared with the drafts, confirmed, put into them; none published."""

from decimal import Decimal

import pytest
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from indicators.models import Entry, Observation, Report, ReportingForm
from indicators.services.uploading import apply_upload, confirm_upload, preview_upload
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
)

pytestmark = pytest.mark.django_db


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


def test_figures_that_were_pasted_as_texts_are_read(desk: Desk) -> None:
    template = desk.download()
    template.type(WATER, FIGURE, " 99,4 ")
    desk.confirm(desk.send(template))
    assert entry().value == Decimal("99.4")


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
