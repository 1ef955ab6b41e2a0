"""The template as a person downloads it: what stands in it, what may be typed, who gets it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from accounts.models import User
from cities.models import Territory
from indicators.models import Breakdown, Category, FormLine, Indicator, Report, ReportingForm
from indicators.periods import Period
from indicators.services.entering import Cell, reports_on, save_cells
from indicators.services.publishing import Figure, publish
from indicators.services.templating import make_template
from indicators.sheets import Sheet
from indicators.tables.template import HIDDEN_SHEET, read_template
from tests.indicators.filled_templates import FilledTemplate

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browsers = Callable[[str], Client]
FORM, WATER, SCHOOLS = "almaty-2025-annual", "central-water-access", "education-satisfaction"
PLACES = ("almaty", "astana", "shymkent")


@pytest.fixture
def form() -> ReportingForm:
    return ReportingForm.objects.select_related("source", "organisation").get(code=FORM)


def sheet_of(form: ReportingForm, *places: str, period: str = "2024") -> Sheet:
    asked = Period.parse(period)
    territories = [Territory.objects.get(code=code) for code in places or ("almaty",)]
    return Sheet(form, asked, reports_on(form=form, period=asked, territories=territories))


def typed(sheet: Sheet, user: User, value: str | None, status: str = "A", comment: str = "") -> None:
    line = next(line for line in sheet.lines if line.indicator.code == WATER)
    number = None if value is None else Decimal(value)
    cell = Cell(line.indicator, line.breakdown, number, status, comment, version=0)
    assert not save_cells(report=sheet.reports[0], cells=[cell], by=user).refused


def published(form: ReportingForm, period: str, value: str) -> None:
    line, asked = form.lines.get(indicator__code=WATER), Period.parse(period)
    place = Territory.objects.get(code="almaty").pk
    publish([Figure(line.indicator_id, place, line.breakdown_id, form.source_id, asked.frequency.value,
                    asked.start, Decimal(value), "A", "a test")])  # fmt: skip


def texts(template: FilledTemplate) -> str:
    cells = [cell.value for page in template.pages for row in page.iter_rows() for cell in row]
    return "\n".join(str(cell) for cell in cells if cell is not None)


def test_each_line_has_its_figure_status_and_comment_to_fill_in(form: ReportingForm) -> None:
    template = FilledTemplate(make_template(sheet_of(form)))
    [page] = template.pages
    for line in form.lines.all():
        for part in ("figure", "status", "comment"):
            assert not template.cell(line.indicator.code, f"{part} almaty").protection.locked
    is_open = [cell for row in page.iter_rows() for cell in row if not cell.protection.locked]
    assert len(is_open) == 3 * form.lines.count()
    assert page.protection.sheet
    assert page.protection.password is None
    assert page.freeze_panes == "D8"


def test_the_codes_are_out_of_sight(form: ReportingForm) -> None:
    content = make_template(sheet_of(form, *PLACES))
    template = FilledTemplate(content)
    for page in template.pages[:3]:
        assert page.row_dimensions[1].hidden
        assert page.column_dimensions["A"].hidden
    with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
        seen = {sheet.name: sheet.visible for sheet in workbook.sheets_metadata}
    assert seen.pop(HIDDEN_SHEET) == SheetVisibleEnum.VeryHidden
    assert all(visibility == SheetVisibleEnum.Visible for visibility in seen.values())


def test_of_several_territories_the_same_cell_of_each_sheet_is_the_same_figure(form: ReportingForm) -> None:
    template = FilledTemplate(make_template(sheet_of(form, *PLACES)))
    assert len(template.pages) == 4
    for place in PLACES:
        cells = [template.cell(WATER, f"{part} {place}") for part in ("figure", "status", "comment")]
        assert len({cell.coordinate for cell in cells}) == 1
        assert len({cell.parent.title for cell in cells}) == 3


def test_only_sheets_that_are_filled_in_say_how(form: ReportingForm) -> None:
    with override("en"):
        pages = FilledTemplate(make_template(sheet_of(form, *PLACES))).pages
    titles = [page["B2"].value for page in pages]
    assert titles[0] == form.name_en
    assert [title.rpartition(": ")[2] for title in titles[1:]] == ["Comments", "Statuses", "Previous values"]
    assert ["yellow" in str(page["B4"].value) for page in pages] == [True, True, True, False]


def test_a_closed_report_is_locked_beside_open_ones(form: ReportingForm, user: Cast) -> None:
    typed(sheet_of(form), user("analyst"), "99.4")
    Report.objects.update(state="submitted", submitted_by=user("analyst"), submitted_at="2026-01-01T00:00Z")
    template = FilledTemplate(make_template(sheet_of(form, *PLACES)))
    locked = [template.cell(WATER, f"figure {place}").protection.locked for place in PLACES]
    assert locked == [True, False, False]


def test_what_is_typed_stands_in_it_unless_a_blank_one_is_wanted(form: ReportingForm, user: Cast) -> None:
    typed(sheet_of(form), user("analyst"), "99.4", "P", "in May")
    template = FilledTemplate(make_template(sheet_of(form)))
    with override("en"):
        blank = FilledTemplate(make_template(sheet_of(form), is_filled=False))
    columns = ("figure almaty", "status almaty", "comment almaty")
    assert [template.cell(WATER, column).value for column in columns][::2] == [99.4, "in May"]
    assert template.cell(WATER, "status almaty").value
    assert [blank.cell(WATER, column).value or None for column in columns] == [None, None, None]


@pytest.mark.parametrize(("status", "mark"), [("Q", "x"), ("L", "…"), ("O", "…")])
def test_a_missing_figure_is_shown_by_its_mark_and_reason(
    form: ReportingForm, user: Cast, status: str, mark: str
) -> None:
    typed(sheet_of(form), user("analyst"), None, status)
    template = FilledTemplate(make_template(sheet_of(form)))
    assert template.cell(WATER, "figure almaty").value == mark


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_what_is_made_is_read_back_untouched_in_every_language(
    form: ReportingForm, user: Cast, tmp_path: Path, language: str
) -> None:
    typed(sheet_of(form), user("analyst"), "98.7654321", "E", " because\r\nso ")
    with override(language):
        for name, content in {
            "one": make_template(sheet_of(form)),
            "many": make_template(sheet_of(form, *PLACES)),
        }.items():
            path = tmp_path / f"{name}.xlsx"
            path.write_bytes(content)
            template = read_template(path)
            assert template
            assert (template.form, template.period, template.deleted) == (FORM, "2024", [])
            assert not any(cell.is_figure_touched or cell.is_comment_touched for cell in template.cells)
            assert not any(cell.problem for cell in template.cells)
            [said] = [cell for cell in template.cells if cell.content.value is not None]
            assert said.content == (Decimal("98.7654321"), "E", "because\nso")


def test_nothing_that_somebody_typed_becomes_a_formula(form: ReportingForm, user: Cast) -> None:
    comment = '=HYPERLINK("http://example.org","here")'
    typed(sheet_of(form), user("analyst"), "99.4", comment=comment)
    cell = FilledTemplate(make_template(sheet_of(form))).cell(WATER, "comment almaty")
    assert (cell.value, cell.data_type, cell.quotePrefix) == (comment, "s", True)


def test_the_rule_of_a_cell_names_its_range_and_allows_marks(form: ReportingForm) -> None:
    Indicator.objects.filter(code=WATER).update(minimum=Decimal("0"), maximum=Decimal("100"))
    with override("en"):
        template = FilledTemplate(make_template(sheet_of(form)))
    cell = template.cell(WATER, "figure almaty")
    rules = cell.parent.data_validations.dataValidation
    [rule] = [rule for rule in rules if cell.coordinate in rule.sqref]
    assert rule.type == "custom"
    for piece in (
        f"{cell.coordinate}>=0",
        f"{cell.coordinate}<=100",
        f'{cell.coordinate}="x"',
        '="…"',
        '="-"',
    ):
        assert piece in rule.formula1
    assert "from 0 to 100" in rule.error
    for rule in rules:
        assert len(rule.error) <= 255
        assert len(rule.errorTitle) <= 31
        assert len(rule.formula1) <= 255


def test_statuses_are_chosen_from_a_list_on_the_hidden_sheet(form: ReportingForm) -> None:
    with override("en"):
        template = FilledTemplate(make_template(sheet_of(form, *PLACES)))
    cell = template.cell(WATER, "status astana")
    [rule] = [r for r in cell.parent.data_validations.dataValidation if cell.coordinate in r.sqref]
    sheet, _, cells = rule.formula1.partition("!")
    offered = [row[0].value for row in template.book[sheet.strip("'")][cells.replace("$", "")]]
    assert offered[0] == "provisional value"
    assert len(offered) == 6


def test_figures_have_the_decimals_of_their_indicator(form: ReportingForm) -> None:
    Indicator.objects.filter(code=WATER).update(decimals=2)
    Indicator.objects.filter(code=SCHOOLS).update(decimals=0)
    template = FilledTemplate(make_template(sheet_of(form)))
    formats = [template.cell(code, "figure almaty").number_format for code in (WATER, SCHOOLS)]
    assert formats == ["#,##0.00", "#,##0"]


def test_it_prints_landscape_on_one_width_with_its_headings_repeated(form: ReportingForm) -> None:
    for page in FilledTemplate(make_template(sheet_of(form, *PLACES))).pages:
        assert page.page_setup.orientation == "landscape"
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_title_rows == "$6:$7"


def test_what_was_published_stands_beside(form: ReportingForm) -> None:
    published(form, "2023", "98.7")
    published(form, "2024", "99.1")
    [page] = FilledTemplate(make_template(sheet_of(form))).pages
    headings = [cell.value for cell in page[7]]
    row = [cell.value for cell in next(row for row in page.iter_rows() if row[0].value == WATER)]
    assert [row[3], row[4]] == [98.7, 99.1]
    assert len(headings) == 8


def test_a_quarterly_one_shows_the_quarter_before_too(form: ReportingForm) -> None:
    form.frequency = "Q"
    form.save()
    published(form, "2023-Q2", "1")
    published(form, "2024-Q1", "2")
    [page] = FilledTemplate(make_template(sheet_of(form, period="2024-Q2"))).pages
    row = [cell.value for cell in next(row for row in page.iter_rows() if row[0].value == WATER)]
    assert row[3:5] == [1, 2]


def test_a_breakdown_has_its_own_line_and_column(form: ReportingForm) -> None:
    line = form.lines.get(indicator__code=WATER)
    category = Category.objects.select_related("dimension").first()
    assert category
    part, _ = Breakdown.objects.get_or_create(code=f"{category.dimension.code}={category.code}")
    part.categories.set([category])
    FormLine.objects.create(form=form, indicator=line.indicator, breakdown=part)
    template = FilledTemplate(make_template(sheet_of(form)))
    cell = template.cell(f"{WATER} {part.code}", "figure almaty")
    assert cell.parent.cell(cell.row, 3).value == part.label
    assert cell.parent.freeze_panes == "E8"


def test_its_head_names_form_period_territory_and_the_last_day(form: ReportingForm) -> None:
    with override("en"):
        head = texts(FilledTemplate(make_template(sheet_of(form))))
    assert form.name_en in head
    assert "2024, Almaty. Due on 15 January 2025." in head


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("almaty.analyst", 200), ("analyst", 200), ("deputy", 403), ("approver", 403)],
)
def test_who_enters_figures_may_download_it(client_of: Browsers, name: str, status: int) -> None:
    address = reverse("indicators:sheet-template", args=[FORM, "2024"])
    assert client_of(name).get(address).status_code == status


@pytest.mark.parametrize(
    ("code", "period", "query"),
    [("no-form", "2024", ""), (FORM, "2024-Q1", ""), (FORM, "soon", ""), (FORM, "2024", "territory=astana")],
)
def test_what_is_not_asked_for_is_not_found(client_of: Browsers, code: str, period: str, query: str) -> None:
    address = reverse("indicators:sheet-template", args=[code, period])
    assert client_of("analyst").get(f"{address}?{query}").status_code == 404


def test_a_download_holds_only_what_its_reader_may_enter(form: ReportingForm, client_of: Browsers) -> None:
    form.territories.add(*Territory.objects.filter(code__in=PLACES))
    address = reverse("indicators:sheet-template", args=[FORM, "2024"])
    answer = client_of("almaty.analyst").get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="{FORM}_2024_almaty.xlsx"'
    mine = FilledTemplate(answer.getvalue())
    with pytest.raises(LookupError):
        mine.cell(WATER, "figure astana")
    everybodys = client_of("analyst").get(address)
    assert everybodys["Content-Disposition"] == f'attachment; filename="{FORM}_2024.xlsx"'
    assert FilledTemplate(everybodys.getvalue()).cell(WATER, "figure astana")
    one = client_of("analyst").get(address, {"territory": "astana"})
    assert one["Content-Disposition"].endswith('_astana.xlsx"')


def test_a_day_off_moves_the_last_day_in_the_head(form: ReportingForm) -> None:
    assert form.due_on(Period.parse("2022")) == dt.date(2023, 1, 16)
    with override("en"):
        head = texts(FilledTemplate(make_template(sheet_of(form, period="2022"))))
    assert "Due on 16 January 2023." in head
