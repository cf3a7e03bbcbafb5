"""First load in a real browser: bytes against a blank Reflex application, and what the person feels."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks import blank_app
from benchmarks.browser import chromium
from benchmarks.figure import Figure, median_of
from benchmarks.instance import running

# Chromium's own "slow 4G": 1.6 Mbit/s down, 750 kbit/s up, 150 ms.
SLOW_4G = {"offline": False, "downloadThroughput": 200_000, "uploadThroughput": 93_750, "latency": 150}
LCP = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => last = e.startTime))
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(last), 500);
})"""
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) sum += e.value }))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300);
})"""


def measure(*, quick: bool) -> list[Figure]:
    """Bytes of the first load, largest contentful paint and layout shift."""
    blank_app.build()
    times = 1 if quick else 3
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        blank_app.serving() as (blank, _),
        running(Path(folder), "--no-demo") as (ours, _),
    ):
        limit = median_of(lambda: _bytes(browser, blank), times=times)
        figures = [
            Figure("18", f"first load of {name}, gzip", limit, size, "bytes", gate)
            for name, path, gate in (("a blank page", "/not-there", 1.5), ("sign-in", "/sign-in", 2.0))
            for size in [median_of(lambda path=path: _bytes(browser, ours + path), times=times)]  # type: ignore[misc]
        ]
        return figures + _felt(browser, ours + "/sign-in", times)


def _bytes(browser: Browser, address: str) -> float:
    """Bytes over the wire until the page is quiet, in a browser that has nothing cached."""
    page = browser.new_context(extra_http_headers={"Accept-Encoding": "gzip"}).new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    received: list[float] = []
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    page.context.close()
    return sum(received)


def _felt(browser: Browser, address: str, times: int) -> list[Figure]:
    def paint(slow: bool) -> float:
        page = browser.new_context().new_page()
        if slow:
            _slow_down(page)
        page.goto(address, wait_until="load")
        found = float(page.evaluate(LCP)) / 1000
        page.context.close()
        return found

    page = browser.new_context().new_page()
    page.goto(address, wait_until="networkidle")
    shift = float(page.evaluate(SHIFT))
    page.context.close()
    return [
        Figure("18", "largest paint, loopback", 0.6, median_of(lambda: paint(False), times=times), "s", 1.0),
        Figure("18", "largest paint, 4x CPU and slow 4G", 2.5, median_of(lambda: paint(True), times=times), "s", 1.0),
        Figure("18", "layout shift", 0.1, shift, "CLS", 1.0),
    ]


def _slow_down(page: Page) -> None:
    devtools: Any = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_4G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
