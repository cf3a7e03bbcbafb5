"""Is a person or a machine behind an event? Machines are kept in the ledger, and never score or trigger. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from salescompass.vocabulary import ActorKind, Verdict

BURST_TYPE = "link_clicked"
BURST_LINKS, BURST_SPAN = 4, timedelta(seconds=10)
"""So many different links of one message within this time is a scanner at work, not a reader."""

_PROXIES = re.compile(r"GoogleImageProxy|ggpht\.com|YahooMailProxy|YahooCacheSystem|Outlook-?ImageProxy", re.IGNORECASE)
_BOTS = re.compile(
    r"(?<!cu)bot\b|crawler|spider|slurp|curl/|wget/|python-requests|python-urllib|httpx/|aiohttp/|go-http-client|"
    r"libwww|java/|okhttp/|headlesschrome|phantomjs|puppeteer|playwright|facebookexternalhit|barracuda|mimecast|"
    r"proofpoint|symantec|safelinks|urldefense|scrapy|axios/|node-fetch|monitoring|uptime",
    re.IGNORECASE,
)
_OPENS = ("email_opened",)


def verdict_of(
    actor: ActorKind | None, *, type_key: str = "", properties: Mapping[str, Any] | None = None
) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict on an event sent with an API key or imported, with its reasons.

    What the sender declares counts first; else the user agent among the properties, if there is one.
    """
    if actor is ActorKind.HUMAN:
        return Verdict.HUMAN, ("declared human by the sender",)
    if actor is ActorKind.MACHINE:
        return Verdict.BOT, ("declared a machine by the sender",)
    agent = (properties or {}).get("user_agent")
    if isinstance(agent, str):
        if type_key in _OPENS and _PROXIES.search(agent):
            return Verdict.PROXY_OPEN, ("opened by a mail provider's proxy",)
        named = _BOTS.search(agent[:1000])
        if named:
            return Verdict.BOT, (f"user agent names a machine: {named.group().strip('/ ')}",)
    return Verdict.UNKNOWN, ()


def bursts(clicks: Iterable[tuple[datetime, UUID, str]]) -> set[UUID]:
    """The clicks (time, id, link) of one person on one message that are part of a burst."""
    ordered: Sequence[tuple[datetime, UUID, str]] = sorted(clicks)
    found: set[UUID] = set()
    start = 0
    for end in range(len(ordered)):
        while ordered[end][0] - ordered[start][0] > BURST_SPAN:
            start += 1
        within = ordered[start : end + 1]
        if len({link for _, _, link in within}) >= BURST_LINKS:
            found |= {event_id for _, event_id, _ in within}
    return found
