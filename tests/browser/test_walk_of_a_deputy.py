"""A deputy before a session: what slipped, who answers, a sheet to take along; a letter, and its reply."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import docx
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.acts import publish_table, read_until
from tests.browser.tables import WASTE, bureau_workbook

Reader = Callable[..., Page]
Picture = Callable[[Page, str], None]
TODAY = localdate()
RELEASED, SESSION = TODAY - dt.timedelta(days=45), TODAY - dt.timedelta(days=20)
NUMBER, KPI, NAME = "ДС-77", "3.2-1", "Доля переработки твёрдых бытовых отходов"
TOPIC = "О переработке отходов"
POINTS = ["Почему доля переработки снизилась?", "Какие меры приняты и кто за них отвечает?"]
ANSWERS = ["Отходов стало больше, чем могут переработать.", "Строится комплекс; отвечает акимат."]


def test_a_deputy_prepares_a_session_asks_and_reads_the_reply(
    reader: Reader, tmp_path: Path, picture: Picture
) -> None:
    statistician = reader("kk", "analyst")
    publish_waste(statistician, tmp_path, 2024, "30", released_on=str(RELEASED))
    publish_waste(statistician, tmp_path, 2025, "21.3")

    deputy = reader("ru", "deputy")
    see_what_slipped(deputy)
    picture(deputy, "walk-deputy-page-ru")
    take_the_sheet_along(deputy)
    address = register_the_letter(deputy)
    attach_the_figure(deputy)
    picture(deputy, "walk-deputy-figures-ru")
    see_that_nothing_is_answered_yet(deputy, address)

    analyst, approver = reader("ru", "almaty.analyst"), reader("kk", "approver")
    assign_the_letter(reader("ru", "coordinator"), address)
    draft_the_reply(analyst, address)
    picture(analyst, "walk-reply-drafted-ru")
    approve_and_publish(approver, address)

    publish_waste(statistician, tmp_path, 2025, "22.6")
    see_later_figures_beside_the_frozen_ones(deputy, address)
    picture(deputy, "walk-reply-published-ru")
    open_the_letter(deputy, tmp_path)
    anybody_may_read_it(reader("en", is_phone=True), address.replace("/ru/", "/en/"))


def publish_waste(page: Page, folder: Path, year: int, value: str, *, released_on: str = "") -> None:
    """How much waste is recycled, as the Bureau tells it."""
    publish_table(page, bureau_workbook(folder, WASTE, [year], [Decimal(value)]), released_on=released_on)


def section(page: Page, heading: str) -> Locator:
    """The part of a page under the heading of that id."""
    return page.locator(f"section[aria-labelledby={heading}]")


def see_what_slipped(page: Page) -> None:
    """The deputy's own city is chosen; the day of the last session is asked for, and remembered."""
    page.locator(".site-nav--inside a[href$='/deputy/']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Алматы")
    page.fill("input[name=since]", str(SESSION))
    page.locator("form.filters button[type=submit]").click()
    slipped = section(page, "slipped")
    read_until(page, slipped, "21,3")
    line = slipped.get_by_role("listitem").filter(has_text=NAME)
    expect(line).to_contain_text("по плану")
    expect(line.locator(".sheet-answers")).not_to_be_empty()
    expect(section(page, "late").get_by_role("listitem").first).to_be_visible()
    expect(section(page, "answerers").get_by_role("listitem").first).to_be_visible()
    page.goto("/ru/deputy/")
    expect(page.locator("input[name=since]")).to_have_value(str(SESSION))


def take_the_sheet_along(page: Page) -> None:
    """One page of A4 that says what slipped."""
    link = page.locator("main a[href*='format=pdf']").get_attribute("href")
    answer = page.request.get(f"{page.url.partition('?')[0]}{link}")
    [sheet] = PdfReader(io.BytesIO(answer.body())).pages
    assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == (595, 842)
    text = " ".join(sheet.extract_text().split())
    assert "Алматы" in text
    assert "21,3" in text


def register_the_letter(page: Page) -> str:
    """As it stands on paper; returns the address of the inquiry."""
    section(page, "inquiries").locator("a[href$='/inquiries/new/']").click()
    page.fill("input[name=number]", NUMBER)
    page.fill("input[name=date]", str(TODAY))
    page.select_option("select[name=language]", "ru")
    page.select_option("select[name=asker]", label="Пример: маслихат")
    page.fill("input[name=addressees]", "Депутатам маслихата города Алматы")
    page.fill("input[name=topic]", TOPIC)
    page.select_option("select[name=territory]", "almaty")
    page.select_option("select[name=programme]", "almaty-2025")
    page.get_by_label("Пример: акимат города").check()
    for number, text in enumerate(POINTS, start=1):
        page.fill(f"#point-{number}", text)
    page.locator(".form button.button--primary").click()
    expect(page.locator(".notice--success")).to_be_visible()
    return page.url.removesuffix("figures/")


def attach_the_figure(page: Page) -> None:
    """The KPI is found by a word of its name; its figure is copied as it is known today."""
    page.fill("input[name=q]", "отходов")
    page.locator("form.filters button[type=submit]").click()
    page.locator(f"main .rows a[href$='{KPI}']").click()
    page.select_option("select[name=question]", index=1)
    page.locator(".form button.button--primary").click()
    row = section(page, "attached").locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator("td.num").first).to_contain_text("21,3")


def see_that_nothing_is_answered_yet(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(TOPIC)
    for text in POINTS:
        expect(page.locator(".inquiry-points")).to_contain_text(text)
    expect(page.locator("a[href*='/papers/replies/']")).to_have_count(0)


def assign_the_letter(page: Page, address: str) -> None:
    page.goto(f"{address}assign/")
    page.get_by_label("Кто готовит ответ").select_option(label="almaty.analyst@bagdar.example")
    page.locator(".form button.button--primary").click()
    expect(page.locator(".notice--success")).to_be_visible()


def draft_the_reply(page: Page, address: str) -> None:
    """A notice leads to the letter; every point is answered, with the frozen figure in sight."""
    page.goto("/ru/notices/")
    expect(page.locator("main")).to_contain_text(NUMBER)
    page.goto(f"{address}answer/")
    expect(section(page, "frozen")).to_contain_text("21,3")
    for field, text in zip(page.locator("textarea").all(), ANSWERS, strict=True):
        field.fill(text)
    page.fill("input[name=signatory]", "Заместитель акима города")
    page.locator("button[name=submit]").click()
    expect(page.locator(".notice--success")).to_be_visible()


def approve_and_publish(page: Page, address: str) -> None:
    page.goto(address.replace("/ru/", "/kk/"))
    for step in ("approve", "publish"):
        page.click(f"button[name={step}]")
        expect(page.locator(".notice--success")).to_be_visible()


def see_later_figures_beside_the_frozen_ones(page: Page, address: str) -> None:
    page.goto(address)
    row = page.locator(".inquiry-figures tbody tr")
    read_until(page, row, "22,6")
    then, today = row.locator("td.num").first, row.locator("td.cell--derived")
    expect(then).to_contain_text("21,3")
    expect(then).not_to_contain_text("22,6")
    expect(today).to_contain_text("22,6")
    for text in ANSWERS:
        expect(page.locator(".inquiry-points")).to_contain_text(text)


def open_the_letter(page: Page, folder: Path) -> None:
    """A Word document in the letter's language, with the figures of its day."""
    with page.expect_download() as download:
        page.locator("a[href*='/papers/replies/']").click()
    file = folder / "reply.docx"
    download.value.save_as(file)
    letter = docx.Document(str(file))
    text = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    cells = [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
    assert all(each in text for each in (NUMBER, *ANSWERS))
    assert any("21,3" in cell for cell in cells)
    assert not any("22,6" in cell for cell in cells)
    assert letter.inline_shapes


def anybody_may_read_it(page: Page, address: str) -> None:
    page.goto("/en/inquiries/")
    page.locator(f"main a[href='{address[address.index('/en/') :]}']").click()
    expect(page.locator(".inquiry-points")).to_contain_text(ANSWERS[0])
    expect(page.locator(".inquiry-figures")).to_contain_text("21.3")
