"""A citizen with a phone, in Kazakh: from a mistyped word to a figure, its file, her town and its letters."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from playwright.sync_api import Page, expect

from tests.browser.acts import letter_to, unfold
from tests.browser.barriers import PHONE
from tests.browser.conftest import Portal
from tests.pixels import read_png

Reader = Callable[..., Page]
Picture = Callable[[Page, str], None]
KPI = "/kk/programmes/monotowns-2012-2020/kpis/M-4/"
ADDRESS = "citizen@example.org"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_citizen_finds_a_promise_takes_its_figures_and_follows_her_town(
    reader: Reader, portal: Portal, picture: Picture
) -> None:
    page = reader("kk", is_phone=True)
    search_without_kazakh_letters(page)
    picture(page, "walk-search-kk-phone")
    read_the_promise_in_her_town(page)
    picture(page, "walk-kpi-kk-phone")
    take_figures_and_chart(page)
    see_the_chart_on_another_site(page)
    go_to_the_town(page)
    picture(page, "walk-town-kk-phone")
    compare_it_with_another(page)
    picture(page, "walk-comparison-kk-phone")
    read_its_feed(page)
    subscribe_and_confirm(page, portal)
    picture(page, "walk-subscribed-kk-phone")
    end_the_subscription(page)
    be_lost_and_find_the_way(page)
    picture(page, "walk-lost-kk-phone")


def expect_no_sideways_scroll(page: Page) -> None:
    page.wait_for_load_state("load")  # its width is that of the styled page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def search_without_kazakh_letters(page: Page) -> None:
    page.get_by_role("searchbox").fill("жумыссыздык")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Жұмыссыздық деңгейі")
    expect_no_sideways_scroll(page)
    page.locator(f"main a[href='{KPI}']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("жұмыссыздық деңгейі")


def read_the_promise_in_her_town(page: Page) -> None:
    """The chart is drawn, and tables say the same: what was printed, what was promised."""
    expect(page.locator("figure.chart svg").locator("visible=true").first).to_be_visible()
    unfold(page.locator("main a[href*='territory=arkalyk']").first).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Арқалық")
    chart = page.locator("figure.chart svg").locator("visible=true").first
    expect(chart).to_have_accessible_name(re.compile("жұмыссыздық"))
    year = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="2020"))
    expect(unfold(year.first)).to_contain_text("5")
    expect_no_sideways_scroll(page)


def take_figures_and_chart(page: Page) -> None:
    rows = _downloaded(page, "main .files a[href*='format=csv']").decode("utf-8-sig").splitlines()
    assert any("2009" in row and "9.4" in row for row in rows)
    picture = read_png(_downloaded(page, "main .files a[href*='chart.png']"))
    assert picture.width >= 2 * PHONE["width"]
    assert len(picture.colours) > 1


def _downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.locator(link).first.click()
    return Path(download.value.path()).read_bytes()


def see_the_chart_on_another_site(page: Page) -> None:
    """The lines to copy name an address, which shows the chart and leads back."""
    kpi = page.url
    snippet = unfold(page.locator(".snippet")).inner_text()
    found = re.search(r'src="([^"]+)"', snippet)
    assert found is not None
    page.goto(urlsplit(found[1])._replace(scheme="", netloc="").geturl())
    expect(page.locator("svg").locator("visible=true").first).to_be_visible()
    expect_no_sideways_scroll(page)
    with page.expect_popup() as whole_story:
        page.locator("main a[target=_blank]").click()
    assert whole_story.value.url == kpi
    page.go_back()


def go_to_the_town(page: Page) -> None:
    page.locator("main header a[href='/kk/territories/arkalyk/']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Арқалық")
    promises = page.locator("section[aria-labelledby=promises]")
    expect(promises.locator(f"a[href^='{KPI}']")).to_be_visible()
    expect_no_sideways_scroll(page)


def compare_it_with_another(page: Page) -> None:
    unfold(page.locator("main a[href*='with=arkalyk&indicator=unemployment-rate']").first).click()
    page.select_option("#id_with", "aksu")
    page.locator("form.filters button[type=submit]").click()
    sides = page.locator("section[aria-labelledby^=side-]")
    for name in ("Арқалық", "Ақсу"):
        expect(sides.first).to_contain_text(name)
    assert "with=arkalyk&with=aksu" in page.url
    expect_no_sideways_scroll(page)


def read_its_feed(page: Page) -> None:
    """Back at the town: its page names the feed for feed readers, and links to it."""
    unfold(page.locator("main a[href='/kk/territories/arkalyk/']").first).click()
    link = page.locator("main a[href$='/feeds/territories/arkalyk.atom']")
    named = page.locator("head link[type='application/atom+xml']")
    assert link.get_attribute("href") == named.get_attribute("href")
    answer = page.request.get(urlsplit(page.url)._replace(path=str(link.get_attribute("href"))).geturl())
    feed = ElementTree.fromstring(answer.body())
    assert (feed.tag, feed.findtext(f"{ATOM}title")) == (f"{ATOM}feed", "Арқалық")


def subscribe_and_confirm(page: Page, portal: Portal) -> None:
    """Nothing is sent before whoever reads the address has agreed: opening the letter's link does not do."""
    page.locator("main a[href$='/subscriptions/new/?territory=arkalyk']").click()
    expect(page.locator("main")).to_contain_text("Арқалық")
    page.fill("input[name=email]", ADDRESS)
    page.select_option("select[name=frequency]", "weekly")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".notice--success")).to_contain_text(ADDRESS)
    letter = letter_to(ADDRESS, portal)
    found = re.search(r"\S+/kk/subscriptions/\S+/", letter)
    assert found is not None
    page.goto(urlsplit(found[0]).path)
    expect(page.locator("main")).to_contain_text("Арқалық")
    page.reload()
    page.locator("button[name=confirm]").click()
    expect(page.locator(".notice--success")).to_be_visible()
    expect(page.locator("button[name=confirm]")).to_have_count(0)


def end_the_subscription(page: Page) -> None:
    token = page.url
    page.locator("button[name=end]").click()
    expect(page.locator(".notice--success")).to_be_visible()
    answer = page.goto(token)
    assert answer is not None
    assert answer.status == 404


def be_lost_and_find_the_way(page: Page) -> None:
    """A mistyped code is no dead end: its words are searched for."""
    answer = page.goto("/kk/programmes/almaty-2025/kpis/jumyssyzdyq/")
    assert answer is not None
    assert answer.status == 404
    expect_no_sideways_scroll(page)
    page.locator("main [role=search] input[name=q]").fill("жумыссыздык")
    page.locator("main [role=search] button").click()
    expect(page.locator(f"main a[href='{KPI}']")).to_be_visible()
