"""First contentful paint of public pages on a slow phone, cold, measured by the browser itself.

    python -m benchmarks.first_paint http://127.0.0.1:8000 [PATH ...]

Asks a running portal in Chromium through the DevTools protocol: processor four times slower, 1.6 Mbit/s
down, 0.75 Mbit/s up, 150 ms of latency, nothing kept from before. Prints for each page the least of three
times to the first contentful paint, its time to the load event in milliseconds, kB transferred and requests.
"""

import argparse
import shutil
from typing import Any

from playwright.sync_api import Browser, sync_playwright

PATHS = [
    "/kk/",
    "/kk/programmes/almaty-2025/",
    "/ru/programmes/almaty-2025/kpis/KPI-7/",
    "/kk/discrepancies/",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
}  # fmt: skip
MBIT = 1_000_000 / 8
SLOW = {
    "offline": False, "latency": 150, "downloadThroughput": 1.6 * MBIT, "uploadThroughput": 0.75 * MBIT,
}  # fmt: skip
PAINT = """() => new Promise(done => new PerformanceObserver(list => {
    const found = list.getEntriesByName("first-contentful-paint");
    if (found.length) done(found[0].startTime);
}).observe({type: "paint", buffered: true}))"""
LOADED = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"


def measure(browser: Browser, address: str) -> tuple[float, float, float, int]:
    """First contentful paint and load in milliseconds, kB, requests, of one cold visit."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="networkidle")
    found = page.evaluate(PAINT), page.evaluate(LOADED), sum(sizes) / 1000, len(sizes)
    context.close()
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("portal")
    parser.add_argument("paths", nargs="*", default=PATHS)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        print(f"{'page':60}{'paint':>8}{'load':>8}{'kB':>8}{'requests':>10}")
        for each in options.paths:
            paint, load, size, requests = min(measure(browser, f"{options.portal}{each}") for _ in range(3))
            print(f"{each:60}{paint:>8.0f}{load:>8.0f}{size:>8.0f}{requests:>10}")


if __name__ == "__main__":
    main()
