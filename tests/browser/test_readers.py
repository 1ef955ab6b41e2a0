"""What a deputy and a citizen see: in their language, on a phone, without barriers."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Reader = Callable[..., Page]
Picture = Callable[[Page, str], None]
PROGRAMME = "/{}/programmes/almaty-2025/"


def test_the_front_door_opens_in_kazakh_and_remembers_another_language(reader: Reader) -> None:
    page = reader("kk")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    page.click(".languages a[lang=ru]")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_a_citizen_walks_from_home_to_a_kpi(reader: Reader, picture: Picture) -> None:
    page = reader("kk", is_phone=True)
    picture(page, "home-kk-phone")
    page.locator("main a[href$='/programmes/almaty-2025/']").first.click()
    picture(page, "programme-kk-phone")
    page.locator("main a[href$='/kpis/KPI-4/']").first.click()
    expect(page.locator(".number-value")).to_have_text("77,32")
    expect(page.locator("main svg").first).to_be_visible()
    page.wait_for_load_state("load")  # its width is that of the styled page
    picture(page, "kpi-kk-phone")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_a_deputy_reads_and_is_kept_out_of_the_workshop(reader: Reader, picture: Picture) -> None:
    page = reader("ru", "deputy")
    page.goto(PROGRAMME.format("ru"))
    expect(page.locator("main")).to_contain_text("KPI-7")
    expect(page.locator("nav a[href$='/uploads/']")).to_have_count(0)
    picture(page, "programme-ru-deputy")
