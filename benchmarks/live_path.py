"""From a posted event to another person's open page: row, score and why, beside Reflex's own shortest way.

The limit: a blank Reflex application that takes a POST, sends it over Redis, and shows it from a background event.
"""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from benchmarks import blank_app
from benchmarks.browser import chromium, signed_in
from benchmarks.figure import Figure, p95
from benchmarks.house import House, furnished
from benchmarks.instance import ROOT
from salescompass.kit import embedded

RATE = 200
# When something first stood in the page, by the clock of this machine.
_WATCH = """() => {
  window.firstSeen = {};
  const look = () => {
    const now = Date.now(), seen = key => { window.firstSeen[key] ??= now };
    document.querySelectorAll('a[data-row]').forEach(a => seen('row ' + new URL(a.href).searchParams.get('event')));
    document.querySelectorAll('.moved, .pill, h1.rt-Heading, [role=status]').forEach(e => seen('text ' + e.innerText));
  };
  new MutationObserver(look).observe(document.body,
    {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['href']});
  look();
}"""
_SEEN = """([wanted, from]) => new Promise((done, failed) => {
  const begun = Date.now();
  const look = () => {
    const found = wanted.map(part => Object.entries(window.firstSeen)
      .filter(([key, at]) => key.includes(part) && at >= from).map(([, at]) => at).sort()[0]);
    if (found.every(Boolean)) done(Math.max(...found));
    else if (Date.now() - begun > 15000)
      failed(new Error('not seen: ' + wanted + ' in ' + JSON.stringify(window.firstSeen)));
    else setTimeout(look, 20);
  };
  look();
})"""

_SILENCE = """(wait) => new Promise(done => {
  const told = [performance.now()], clock = document.querySelector('.meta .num');
  new MutationObserver(() => told.push(performance.now()))
    .observe(clock, {subtree: true, childList: true, characterData: true});
  setTimeout(() => {
    told.push(performance.now());
    done(Math.max(...told.slice(1).map((at, n) => at - told[n])) / 1000);
  }, wait);
})"""

Post = Callable[[dict[str, Any] | str], Any]


def measure(*, quick: bool) -> list[Figure]:
    """Milliseconds from the first byte of the request to the page that shows it, idle and in a stream of events."""
    samples, times = (10, 1) if quick else (40, 3)
    accounts, events = (50, 2_000) if quick else (200, 20_000)
    blank_app.build()
    limits, idle, busy, pill, still = [], [], [], [], []
    rates: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        embedded.servers(Path(folder) / "blank") as addresses,
        blank_app.serving(redis_url=addresses["REDIS_URL"]) as (blank, _),
        furnished(Path(folder) / "house", accounts=accounts, events=events) as house,
    ):
        for turn in range(times):
            limits.append(p95(_blank(browser, blank, samples)))
            idle.append(p95(_records(browser, house, f"idle{turn}", samples)))
            pill.append(p95(_feed(browser, house, samples)))
            with _stream(house, rates):
                busy.append(p95(_records(browser, house, f"busy{turn}", samples)))
                still.append(_longest_silence(browser, house, samples / 2))
    limit, here = statistics.median(limits), statistics.median(idle)
    at_rate = f"{statistics.median(rates):.0f} events/s"
    return [
        Figure("24", "POST to row and score in a page, p95", limit, here, "ms", 10.0, floor="at most 250 ms"),
        Figure("24", "the same, at most 250 ms idle", 250.0, here, "ms", 1.0),
        Figure("24", f"the same at {at_rate}, at most 1 s", 1000.0, statistics.median(busy), "ms", 1.0),
        Figure("24", "POST to the feed's count, p95", limit, statistics.median(pill), "ms", 10.0),
        Figure("F53", f"the feed's longest silence at {at_rate}, at most 2 s", 2.0, statistics.median(still), "s", 1.0),
    ]


def _blank(browser: Browser, url: str, samples: int) -> list[float]:
    with signed_in(browser, f"{url}/live") as page, _poster(f"{url}/post") as post:
        page.wait_for_selector("h1", state="attached")
        page.wait_for_timeout(1000)
        page.evaluate(_WATCH)
        return [_one(page, post, f"number {n}.", partial(_nth_number, n)) for n in range(samples)]


def _records(browser: Browser, house: House, mark: str, samples: int) -> list[float]:
    """Each sample is another account, whose page somebody has open."""
    cookie, found = house.cookie(), []
    with _poster(f"{house.url}/api/v1/events", key=house.key) as post:
        for n in range(samples):
            account = {"name": f"Watched {mark} {n}"}
            told = post({"type": "page_viewed", "account": account, "contact": {"email": f"first@{mark}{n}.example"}})
            while not house.get(f"/api/v1/accounts/{told['account_id']}/score")["score"]:
                time.sleep(0.05)
            with signed_in(browser, f"{house.url}/accounts/{told['account_id']}", cookie) as page:
                page.wait_for_selector(f"a[data-row][href*='{told['id']}']")
                page.wait_for_timeout(700)
                page.evaluate(_WATCH)
                event = {"type": "proposal_accepted", "account": account, "contact": {"email": f"p@{mark}{n}.example"}}
                found.append(_one(page, post, event, lambda told: [f"row {told['id']}", ": score +"]))
    return found


def _feed(browser: Browser, house: House, samples: int) -> list[float]:
    """The feed counts what is new above the page."""
    found = []
    with (
        signed_in(browser, f"{house.url}/feed", house.cookie()) as page,
        _poster(f"{house.url}/api/v1/events", key=house.key) as post,
    ):
        page.wait_for_selector("a[data-row]")
        page.wait_for_timeout(700)
        page.evaluate(_WATCH)
        for n in range(1, samples + 1):
            event = {"type": "email_replied", "account": {"name": "Pill"}, "contact": {"email": f"p{n}@pill.example"}}
            found.append(_one(page, post, event, partial(_nth_new, n)))
            page.wait_for_timeout(400)
    return found


def _longest_silence(browser: Browser, house: House, seconds: float) -> float:
    """How long an open feed said nothing new while events came all the time; its clock shows whole seconds."""
    with signed_in(browser, f"{house.url}/feed", house.cookie()) as page:
        page.wait_for_selector("a[data-row]")
        page.wait_for_timeout(2000)
        return float(page.evaluate(_SILENCE, seconds * 1000))


def _nth_number(n: int, _told: Any) -> list[str]:
    return [f"number {n}."]


def _nth_new(n: int, _told: Any) -> list[str]:
    return [f"text {n} new"]


def _one(page: Page, post: Post, body: Any, wanted: Callable[[Any], list[str]]) -> float:
    begun = time.time() * 1000
    told = post(body)
    return float(page.evaluate(_SEEN, [wanted(told), begun - 1])) - begun


@contextmanager
def _poster(url: str, *, key: str = "") -> Iterator[Post]:
    """Posts on one kept connection; what was answered."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    def post(body: dict[str, Any] | str) -> Any:
        connection.request("POST", place.path, body if isinstance(body, str) else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 201, text
        return json.loads(text) if key else text

    try:
        yield post
    finally:
        connection.close()


@contextmanager
def _stream(house: House, rates: list[float]) -> Iterator[None]:
    """Events at the rate that the feed must stay live at; what was managed goes to `rates`."""
    command = [sys.executable, "-m", "benchmarks.stream", house.url, house.key, str(RATE)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(3)
        yield
        rates.append(float(process.communicate(timeout=30)[0]))
    finally:
        process.kill()
