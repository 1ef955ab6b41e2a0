"""An analyst's sheet in the browser, and the places of its first lines."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

Reader = Callable[..., Page]
Picture = Callable[[Page, str], None]
ADDRESS = "/{}/reports/almaty-2025-annual/{}/"
RATING, WATER, INCOME, GROWTH, LIFE, BARRIERS = range(6)
"""The first lines of the form by their places; water and access without barriers lie between 0 and 100 %."""
YEAR, YEAR_TO_SUBMIT = 2024, 2022


class Sheet:
    """An analyst's sheet, emptied of what was typed before."""

    def __init__(
        self,
        reader: Reader,
        language: str = "ru",
        *,
        year: int = YEAR,
        is_phone: bool = False,
        is_empty: bool = True,
    ) -> None:
        self.page = reader(language, "almaty.analyst", is_phone=is_phone)
        self.address = ADDRESS.format(language, year)
        self.page.goto(self.address)
        self.status = self.page.locator("#sheet-status")
        self.panel = self.page.locator("#sheet-panel")
        self.dialog = self.page.locator("#sheet-paste")
        expect(self.page.get_by_role("grid")).to_be_visible()
        if is_empty:
            self.cell(RATING).click()
            self.press("Control+a", "Delete")
            expect(self.page.locator("td[data-key]:not([data-state=''])")).to_have_count(0)
            self.press("Escape")

    def cell(self, line: int) -> Locator:
        return self.page.locator("td[data-key]").nth(line)

    def figure(self, line: int) -> Locator:
        return self.cell(line).locator(".sheet-figure")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, line: int, text: str) -> None:
        self.cell(line).click()
        self.page.keyboard.type(text)
        self.press("Enter")

    def expect_figures(self, *figures: str) -> None:
        for line, figure in enumerate(figures):
            expect(self.figure(line)).to_have_text(figure)

    def expect_state(self, line: int, state: str) -> None:
        expect(self.cell(line)).to_have_attribute("data-state", state)

    def expect_focus(self, line: int) -> None:
        expect(self.cell(line)).to_be_focused()

    def copy(self, text: str) -> None:
        """Puts a text on the clipboard, as another program would."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
