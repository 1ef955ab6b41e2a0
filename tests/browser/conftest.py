"""A running portal, started by `bin/up` with its own data, and a browser for its readers."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from deploy.ports import free_port
from tests.patience import PATIENCE_SECONDS, eventually

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass
class Portal:
    """Where it listens, its data, and the demonstration users' passwords."""

    url: str
    var: Path
    passwords: dict[str, str] = field(default_factory=dict)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """To be chosen, or left out, by their mark."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """What a newcomer has after `bin/up`."""
    var = tmp_path_factory.mktemp("portal")
    port = free_port()
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}
    }
    environment |= {"BAGDAR_VAR": str(var), "PORT": str(port), "WEB_CONCURRENCY": "2", "SECRET_KEY": ""}
    output = var / "console.txt"
    with output.open("wb") as console:
        process = subprocess.Popen([ROOT / "bin/up"], env=environment, stdout=console, stderr=console)
    try:
        started = Portal(f"http://127.0.0.1:{port}", var)
        _wait_until_ready(started.url, process, output)
        started.passwords = dict(
            re.findall(r"^ +(\S+)@bagdar\.example +(\S+)$", output.read_text(), re.MULTILINE)
        )
        yield started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", output: Path) -> None:
    def is_ready() -> bool:
        assert process.poll() is None, output.read_text()
        return "is ready" in output.read_text() and _answers(f"{url}/readyz")

    eventually(is_ready, output.read_text)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=PATIENCE_SECONDS) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or whichever is found; in CI it must be there."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and CI may not skip the browser tests.")
        pytest.skip("Chromium is not installed: browser tests are skipped.")
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        sandbox = os.geteuid() != 0
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, chromium_sandbox=sandbox)
        yield browser
        browser.close()


class Complaints:
    """What pages do that they may not: ask another host, miss a file, report an error on the console."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.found: list[str] = []
        self.addresses: set[str] = set()
        self.missing: set[str] = set()

    def listen(self, page: Page) -> None:
        page.on("request", self._note_request)
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.found.append(str(error)))

    def all(self) -> list[str]:
        """Every complaint; an address that the test itself opened may lead nowhere."""
        return self.found + sorted(self.missing - self.addresses)

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in {self.host, ""}:
            self.found.append(request.url)
        if request.is_navigation_request():
            self.addresses.add(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        # A test may cut the network; the browser's own note of that is no fault of the page.
        if message.type != "error" or "ERR_INTERNET_DISCONNECTED" in message.text:
            return
        if "status of 404" in message.text:
            self.missing.add(message.location["url"])
        else:
            self.found.append(message.text)


@pytest.fixture
def reader(chromium: Browser, portal: Portal) -> Iterator[Callable[..., Page]]:
    """`reader("ru")` is an anonymous reader's page; `reader("kk", "analyst")` one who has logged in.

    Whatever a page does, nothing is to complain of.
    """
    contexts: list[BrowserContext] = []
    complaints = Complaints(portal.url)

    def open_page(language: str, role: str = "", *, is_phone: bool = False) -> Page:
        size = {"width": 390, "height": 844} if is_phone else {"width": 1280, "height": 900}
        context = chromium.new_context(viewport=size, base_url=portal.url)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        complaints.listen(page)
        page.goto(f"/{language}/")
        if role:
            page.goto(f"/{language}/accounts/login/")
            page.fill("input[name=login]", f"{role}@bagdar.example")
            page.fill("input[name=password]", portal.passwords[role])
            page.click("main button[type=submit]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints.all() == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a screenshot in `BAGDAR_SCREENSHOTS`, if that is set, to be looked at."""

    def take(page: Page, name: str) -> None:
        if folder := os.environ.get("BAGDAR_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take
