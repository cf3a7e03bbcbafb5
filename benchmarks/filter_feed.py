"""Filtering the feed: what the server takes beside a blank counter and its own SQL, and when the person sees it."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser
from sqlalchemy import event

from benchmarks import blank_app
from benchmarks.browser import chromium, signed_in
from benchmarks.clients import BLANK, COUNT, OPEN
from benchmarks.figure import Figure, p95
from benchmarks.house import EMAIL, PASSWORD, House, furnished
from benchmarks.instance import attached, free_port
from benchmarks.slow_line import slow_line
from benchmarks.sockets import Act, crowd, visit
from salescompass import identity
from salescompass.events import Lens
from salescompass.kit.database import app_engine, tenant_session
from salescompass.ui.feed.view import feed_page

_CHANNELS = ("email", "web")
_CHOOSE = """(channel) => new Promise((done, failed) => {
  const begun = performance.now(), list = document.querySelector('select[aria-label=Channel]');
  const look = () => {
    const first = document.querySelector('a[data-row]');
    if (!first || !first.href.includes('channel=' + channel)) return;
    watch.disconnect();
    done(performance.now() - begun);
  };
  const watch = new MutationObserver(look);
  watch.observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['href']});
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(list, channel);
  list.dispatchEvent(new Event('change', {bubbles: true}));
  setTimeout(() => failed(new Error('nothing came')), 15000);
})"""


def measure(*, quick: bool) -> list[Figure]:
    """p95 in milliseconds."""
    n, times = (20, 1) if quick else (200, 3)
    blank_app.build()
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        blank_app.serving() as (blank, _),
        furnished(
            Path(folder), accounts=50 if quick else 200, events=2_000 if quick else 20_000,
            SALESCOMPASS_PUBLIC_URL=f"http://127.0.0.1:{port}",
        ) as house,
        slow_line(port, urlsplit(house.url).port or 0, one_way=0.02),
    ):  # fmt: skip
        filters = [visit("/feed", channel=channel) for channel in _CHANNELS]
        cookie = house.cookie(f"http://127.0.0.1:{port}")
        limits, ours, seen, far = [], [], [], []
        for _ in range(times):
            counter = asyncio.run(_server(blank, [COUNT], n, "", BLANK))
            limits.append(counter + _sql(house, n) + 5)
            ours.append(asyncio.run(_server(house.url, filters, n, cookie, OPEN)))
            seen.append(_clicks(browser, house.url, cookie, n // 4))
            far.append(_clicks(browser, f"http://127.0.0.1:{port}", cookie, n // 4))
    limit, server, near, away = (statistics.median(one) for one in (limits, ours, seen, far))
    return [
        Figure("15", "filter the feed, server p95; limit: counter + SQL + 5 ms", limit, server, "ms", 1.0),
        Figure("15", "choose a filter to rows, p95, at most 50 ms", 50.0, near, "ms", 1.0),
        Figure("15", "the same, 40 ms round trip, at most 100 ms", 100.0, away, "ms", 1.0),
    ]


async def _server(url: str, acts: list[Act], n: int, cookie: str, opened: Act) -> float:
    """One client, one act after the other."""
    (client,) = await crowd(url, 1, cookies=[cookie], opened=opened)
    waits = [await client.do(acts[number % len(acts)]) for number in range(n)]
    client.close()
    return p95(waits) * 1000


def _sql(house: House, n: int) -> float:
    """What the statements of a page of the feed take by themselves."""
    waits: list[float] = []
    with attached(house.data):
        token = identity.sign_in(email=EMAIL, password=PASSWORD, ip="127.0.0.1", user_agent="bench").token
        actor = identity.authenticate(token)
        assert actor is not None
        began, spent = [0.0], [0.0]
        event.listen(app_engine(), "before_cursor_execute", lambda *_: began.__setitem__(0, time.perf_counter()))
        event.listen(
            app_engine(), "after_cursor_execute",
            lambda *_: spent.__setitem__(0, spent[0] + time.perf_counter() - began[0]),
        )  # fmt: skip
        for number in range(n):
            spent[0] = 0.0
            with tenant_session(actor.tenant_id) as session:
                feed_page(session, actor, lens=Lens(lane="signals", channel=_CHANNELS[number % 2]), cursor=None)
            waits.append(spent[0])
    return p95(waits) * 1000


def _clicks(browser: Browser, url: str, cookie: str, n: int) -> float:
    with signed_in(browser, f"{url}/feed", cookie) as page:
        page.wait_for_selector("a[data-row]")
        page.wait_for_timeout(1000)
        waits = []
        for number in range(n):
            waits.append(float(page.evaluate(_CHOOSE, _CHANNELS[number % 2])))
            page.wait_for_timeout(300)
        return p95(waits)
