"""One event told whole: who, what and where, what it did to scores then and now, and what it set off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from salescompass import events, scoring
from salescompass.events import FeedEntry
from salescompass.identity import Actor
from salescompass.kit.clock import rfc3339
from salescompass.kit.currencies import exponent
from salescompass.scoring import CrossingView, Impact, Step
from salescompass.ui import routes
from salescompass.ui.band_causes import caused
from salescompass.ui.clock_words import day_of, day_words, exact_words, time_words, zone_of
from salescompass.ui.event_groups import event_row
from salescompass.ui.people import in_sentence
from salescompass.ui.score_words import ScoreLook, band_word, change, decimal, score_look
from salescompass.vocabulary import SubjectKind

_MOST_FACTS, _LONGEST_FACT, _LONGEST_RAW = 12, 200, 20_000
_CURRENCY = re.compile("[A-Z]{3}")
_SOURCES = {"api": "the API", "import": "a file", "screen": "a screen of ours", "system": "SalesCompass"}
_NOT_COUNTED = {
    "machine": "A machine did it, so it adds nothing to any score.",
    "own": "We did it ourselves, so it adds nothing to any score.",
    "duplicate": "The same act was told before; it counts once.",
    "merged": "Merged with another event; it counts there.",
    "nobody": "It names neither a person nor an account.",
}


@dataclass(frozen=True)
class StepLook:
    """A score before and after the event."""

    name: str
    href: str
    before: str
    after: str
    look: ScoreLook


@dataclass(frozen=True)
class SetOff:
    """Something that followed from the event."""

    icon: str
    title: str
    detail: str
    at: str
    href: str = ""


@dataclass(frozen=True)
class Fact:
    """A name and a value."""

    name: str
    value: str
    href: str = ""


@dataclass(frozen=True)
class EventSheet:
    """An event as its sheet shows it. `found` is False for an id that is none of this tenant's."""

    id: str = ""
    found: bool = False
    title: str = ""
    sub: str = ""
    icon: str = "activity"
    tile: str = ""
    steps: list[StepLook] = field(default_factory=list)
    points: str = ""
    why_href: str = ""
    not_counted: str = ""
    set_off: list[SetOff] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    raw: str = ""


def event_story(
    session: Session, actor: Actor, *, event_id: UUID, now: datetime, at: datetime | None = None
) -> EventSheet:
    """The sheet of an event, found at once by when it happened (`at`). Raises NotFound, also for another tenant's."""
    entry = events.event(session, event_id, at) if at else events.event_by_id(session, event_id)
    zone = zone_of(actor.zone)
    config = scoring.live_config(session)
    impact = scoring.impacts(session, [entry], config=config).get(entry.id)
    effect = scoring.effect(session, entry, now=now, config=config)
    labels = {key: known.label for key, known in events.types(session).items() if known.own}
    row = event_row(entry, zone, names=labels)
    day = day_words(day_of(entry.occurred_at, zone), day_of(now, zone))
    day = day.lower() if day in ("Today", "Yesterday") else day
    who = [in_sentence(name) for name in (entry.person_name, entry.account_name) if name]
    return EventSheet(
        id=str(entry.id),
        found=True,
        title=labels.get(entry.type, entry.label),
        sub=", ".join([*who, f"{day} {row.at}"]),
        icon=row.icon,
        tile=row.tile,
        steps=list(_steps(config, entry, impact)),
        points=_points(session, entry, effect, config, now) if effect.counts else "",
        why_href=_why_href(entry),
        not_counted=_NOT_COUNTED.get(effect.reason, "") if not effect.counts else "",
        set_off=list(_set_off(session, entry, impact, zone, row.verdict, row.verdict_icon)),
        facts=list(_facts(entry, zone)),
        raw=_raw(entry) if actor.may("events.raw") else "",
    )


def _steps(config: scoring.Config, entry: FeedEntry, impact: Impact | None) -> Iterator[StepLook]:
    if impact is None:
        return
    sides: tuple[tuple[Step | None, str | None, str], ...] = (
        (impact.person, entry.person_name, routes.contact(str(entry.person_id))),
        (impact.account, entry.account_name, routes.account(str(entry.account_id))),
    )
    for step, name, href in sides:
        if step is not None and name:
            look = score_look(step.after, scoring.BANDS[sum(step.after >= edge for edge in config.edges)].value)
            yield StepLook(name, href, decimal(step.before), decimal(step.after), look)


def _points(session: Session, entry: FeedEntry, effect: scoring.Effect, config: scoring.Config, now: datetime) -> str:
    """`+6.0 points, worth 2.1 now: 1.4 of the score today. Halved every 45 days.`"""
    rule = next((one for one in config.rules if one.key == effect.rule), None)
    if rule is None:
        return ""
    group = config.groups[config.group_at(rule.group)]
    share = decimal(scoring.worth_now(session, entry, now=now, config=config))
    return (
        f"{change(effect.points)[0]} points, worth {decimal(effect.remaining)} now: {share} of the score today. "
        f"Halved every {group.half_life:g} days."
    )


def _why_href(entry: FeedEntry) -> str:
    if entry.account_id:
        return routes.account(str(entry.account_id), panel="why")
    return routes.contact(str(entry.person_id), panel="why") if entry.person_id else ""


def _set_off(
    session: Session, entry: FeedEntry, impact: Impact | None, zone: ZoneInfo, verdict: str, icon: str
) -> Iterator[SetOff]:
    told = time_words(entry.received_at, zone, seconds=True)
    judged = {"Ours": "Our own doing", "Told twice": "Told twice"}.get(verdict, f"Judged {verdict.lower()}")
    reasons = ", ".join(entry.verdict_reasons)
    yield SetOff(icon, judged, reasons or ("nothing speaks for a machine" if verdict == "Unknown" else ""), told)
    if entry.duplicate_of:
        earlier = routes.feed(lane="noise", event=str(entry.duplicate_of))
        yield SetOff("layers", "Folded under the first telling", "open it to compare", told, earlier)
    for one in _crossings(session, entry, impact):
        name = entry.account_name if one.kind is SubjectKind.ACCOUNT else entry.person_name
        at = time_words(one.at, zone, seconds=True)
        look = score_look(one.score, one.to_band)
        yield SetOff(look.icon, f"{name} became {band_word(one.to_band)}", f"was {band_word(one.from_band)}", at)


def _crossings(session: Session, entry: FeedEntry, impact: Impact | None) -> list[CrossingView]:
    """The bands that the event made its person and its account leave."""
    found: list[CrossingView] = []
    subjects = ((SubjectKind.PERSON, entry.person_id), (SubjectKind.ACCOUNT, entry.account_id))
    for kind, subject_id in subjects:
        if subject_id is not None:
            found += [
                one
                for one in scoring.crossings(session, kind=kind, subject_id=subject_id)
                if caused(one, entry, impact)
            ]
    return sorted(found, key=lambda one: one.at)


def _facts(entry: FeedEntry, zone: ZoneInfo) -> Iterator[Fact]:
    if entry.person_id:
        yield Fact("Person", entry.person_name or "Without a name", routes.contact(str(entry.person_id)))
    if entry.account_id:
        yield Fact("Account", entry.account_name or "Without a name", routes.account(str(entry.account_id)))
    yield Fact("Happened", exact_words(entry.occurred_at, zone))
    if entry.received_at - entry.occurred_at > timedelta(minutes=1):
        yield Fact("Told to us", exact_words(entry.received_at, zone))
    yield Fact("Where", f"{entry.channel.capitalize()}, from {_SOURCES.get(entry.source, entry.source)}")
    yield from _of_properties(entry.properties)


def _of_properties(properties: Mapping[str, Any]) -> Iterator[Fact]:
    said = [(name, value) for name, value in properties.items() if isinstance(value, str | int | float)]
    if (money := _money(properties)) is not None:
        yield Fact("Amount", money)
        said = [(name, value) for name, value in said if name not in ("amount", "currency")]
    for name, value in said[:_MOST_FACTS]:
        words = "yes" if value is True else "no" if value is False else str(value)
        shown = words if len(words) <= _LONGEST_FACT else words[: _LONGEST_FACT - 1] + "…"
        yield Fact(name.replace("_", " ").capitalize()[:60], shown)


def _money(properties: Mapping[str, Any]) -> str | None:
    """An amount in the smallest unit of its currency, as events tell it: `EUR 23,000.00`."""
    amount, currency = properties.get("amount"), str(properties.get("currency", ""))
    if not isinstance(amount, int) or isinstance(amount, bool) or not _CURRENCY.fullmatch(currency):
        return None
    decimals = exponent(currency)
    return f"{currency} {amount / 10**decimals:,.{decimals}f}".replace("-", "−")


def _raw(entry: FeedEntry) -> str:
    """The event as the API tells it."""
    whole = {
        "id": str(entry.id),
        "type": entry.type,
        "occurred_at": rfc3339(entry.occurred_at),
        "received_at": rfc3339(entry.received_at),
        "account_id": str(entry.account_id) if entry.account_id else None,
        "contact_id": str(entry.person_id) if entry.person_id else None,
        "direction": entry.direction,
        "channel": entry.channel,
        "verdict": entry.verdict,
        "verdict_reasons": list(entry.verdict_reasons),
        "actor": entry.actor,
        "source": entry.source,
        "duplicate_of": str(entry.duplicate_of) if entry.duplicate_of else None,
        "merged_into": str(entry.merged_into) if entry.merged_into else None,
        "properties": entry.properties,
    }
    text = json.dumps(whole, indent=2, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_RAW else text[:_LONGEST_RAW] + "\n… cut; the API gives the whole event"
