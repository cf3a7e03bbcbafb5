"""The feed's view is its address: what the filters mean, what they are called, and the links that change one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from salescompass.events import NOISE, SIGNALS, Lens
from salescompass.kit.clock import parse_day
from salescompass.kit.ids import parse_id
from salescompass.ui import routes
from salescompass.vocabulary import Verdict

WHEN = {"today": (0, "Today"), "7d": (6, "Last 7 days"), "30d": (29, "Last 30 days"), "90d": (89, "Last 90 days")}
VERDICTS = {
    Verdict.HUMAN.value: "Human",
    Verdict.UNKNOWN.value: "Unknown",
    Verdict.PROXY_OPEN.value: "Mail proxy",
    Verdict.LIKELY_BOT.value: "Likely a machine",
    Verdict.BOT.value: "Machine",
}
NAMES = ("lane", "type", "channel", "verdict", "account", "person", "when", "since", "until")
_LONGEST = 80


@dataclass(frozen=True)
class Choice:
    """A filter's choice."""

    value: str
    label: str


@dataclass(frozen=True)
class View:
    """What the address asks for. `chosen` holds only what is valid, so links never carry rubbish on."""

    lens: Lens = field(default_factory=lambda: Lens(lane=SIGNALS))
    chosen: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    event: str = ""

    @property
    def narrowed(self) -> bool:
        """True when something but the lane is chosen."""
        return bool(set(self.chosen) - {"lane"})

    def href(self, **changes: str) -> str:
        """The address of this view with changes; an empty value takes a filter away."""
        wanted = {**self.chosen, **changes}
        return _address(tuple((name, wanted[name]) for name in (*NAMES, "before", "event") if wanted.get(name)))

    def at(self, event_id: str) -> str:
        """This view with an event open; empty closes it."""
        return self.opening()(event_id)

    @property
    def lane_hrefs(self) -> dict[str, str]:
        """The addresses of both lanes, narrowed as this one."""
        return {"signals": self.href(lane=""), "noise": self.href(lane=NOISE)}

    @property
    def without(self) -> dict[str, str]:
        """The addresses of this view with one filter less, or with none."""
        one_less = {name: self.href(**{name: ""}) for name in ("type", "channel", "verdict", "account", "person")}
        nothing = dict.fromkeys(set(self.chosen) - {"lane"}, "")
        return {**one_less, "dates": self.href(when="", since="", until=""), "all": self.href(**nothing)}

    def opening(self) -> Callable[[str], str]:
        """`at`, for many events."""
        plain = self.href(before=self.before)
        start = f"{plain}{'&' if '?' in plain else '?'}event="
        return lambda event_id: f"{start}{event_id}" if event_id else plain


def view_of(query: Mapping[str, object], zone: ZoneInfo, today: date) -> View:
    """The view an address asks for; what makes no sense is left out."""
    given = {name: str(query.get(name, ""))[:_LONGEST].strip() for name in NAMES}
    account, person = parse_id(given["account"]), parse_id(given["person"])
    since, until = _day(given["since"]), _day(given["until"])
    valid = {
        "lane": given["lane"] == NOISE,
        # What cannot be printed, like NUL, no database text has: it narrows nothing.
        "type": bool(given["type"]) and given["type"].isprintable(),
        "channel": bool(given["channel"]) and given["channel"].isprintable(),
        "verdict": given["verdict"] in VERDICTS,
        "account": account is not None,
        "person": person is not None,
        "when": given["when"] in WHEN,
        "since": since is not None and given["when"] not in WHEN,
        "until": until is not None and given["when"] not in WHEN,
    }
    chosen = {name: given[name] for name in NAMES if valid[name]}
    if "when" in chosen:
        since, until = today - timedelta(days=WHEN[chosen["when"]][0]), None
    lens = Lens(
        lane=NOISE if "lane" in chosen else SIGNALS,
        type=chosen.get("type", ""),
        channel=chosen.get("channel", ""),
        verdict=chosen.get("verdict", ""),
        account_id=account,
        person_id=person,
        since=_midnight(since, zone) if since else None,
        until=_midnight(until + timedelta(days=1), zone) if until else None,
    )
    event = parse_id(str(query.get("event", ""))[:36])
    return View(lens, chosen, str(query.get("before", ""))[:200], str(event) if event else "")


def dates_words(chosen: Mapping[str, str]) -> str:
    """The dates that were chosen, in words; empty when none were."""
    if "when" in chosen:
        return WHEN[chosen["when"]][1]
    since, until = chosen.get("since", ""), chosen.get("until", "")
    if since and until:
        return f"{_said(since)} to {_said(until)}" if since != until else _said(since)
    if since:
        return f"Since {_said(since)}"
    return f"Until {_said(until)}" if until else ""


def day_of_fold(day: str) -> dict[str, str]:
    """The filters that open one day's noise."""
    return {"lane": NOISE, "when": "", "since": day, "until": day}


@lru_cache(2000)
def _address(query: tuple[tuple[str, str], ...]) -> str:
    return f"{routes.FEED}?{urlencode(query, quote_via=quote)}" if query else routes.FEED


def _day(text: str) -> date | None:
    try:
        found = parse_day(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2200 else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _said(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%b %Y}"
