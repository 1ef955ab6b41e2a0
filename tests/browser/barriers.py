"""What keeps readers out: axe's findings, what is wider than the screen, how much comes over the wire."""

from typing import Any

from django.conf import settings
from playwright.sync_api import CDPSession, Page

AXE = settings.NODE_MODULES / "axe-core/axe.min.js"
# Nothing that it looks for needs the stylesheets once more, which it would otherwise fetch first.
RUN = """
axe.run({
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
  preload: false,
}).then(({violations}) => violations)
"""
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
UPRIGHT, ACROSS = 680, 1009
"""180 and 267 millimetres."""


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe finds on the page as it is shown: the rule and the first element that breaks it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in page.evaluate(RUN)]


def barriers_on_any_screen(page: Page) -> list[tuple[str, str, str]]:
    """What axe finds on the page on a dark phone and on a light desktop, which the page is left on."""
    found = []
    for screen, size, scheme in (("dark phone", PHONE, "dark"), ("light desktop", DESKTOP, "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [(screen, *each) for each in barriers(page)]
    return found


def sideways(page: Page, width: int) -> int:
    """By how many pixels the page is wider than a screen of the width."""
    page.set_viewport_size({"width": width, "height": 800})
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def off_paper(page: Page) -> int:
    """By how many pixels the page is wider than A4 between its margins; wide tables lie across."""
    is_across = page.locator(".table--matrix, .sheet-table").count() > 0
    page.emulate_media(media="print", color_scheme="light")
    over = sideways(page, ACROSS if is_across else UPRIGHT)
    page.emulate_media(media="screen")
    return over


class Scales:
    """Weighs what a page brings over the wire, with nothing kept from before."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.session.on("Network.loadingFinished", self._add)
        self.bytes = self.requests = 0

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])
        self.requests += 1

    def reset(self) -> None:
        """The next page begins."""
        self.bytes = self.requests = 0
