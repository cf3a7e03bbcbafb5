"""What the page of an account or a person shows, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from salescompass import crm, events, identity, scoring
from salescompass.crm import RecordView
from salescompass.events import Lens
from salescompass.identity import Actor
from salescompass.scoring import CrossingView, DayScore, Why
from salescompass.ui import routes
from salescompass.ui.band_causes import FRESH, SOON, cause, in_time
from salescompass.ui.clock_words import day_of, day_words, time_words, zone_of
from salescompass.ui.components.event_words import headline
from salescompass.ui.event_groups import event_row
from salescompass.ui.people import initials, tint
from salescompass.ui.record.why import WhyLook, why_look
from salescompass.ui.record_times import RibbonLook, ribbon
from salescompass.ui.record_words import callable_number
from salescompass.ui.score_words import (
    ScoreLook,
    VelocityLook,
    band_word,
    decimal,
    score_look,
    sparkline,
    velocity_look,
    whole,
)
from salescompass.vocabulary import Band, RecordKind, SubjectKind

TREND_DAYS = 90
_MOST_PEOPLE, _SHOWN_PEOPLE = 200, 8
_ENGAGED = 1.0
_AROUND = 30
_CAUSES = {
    "events": "by events that were brought in or corrected",
    "time": "because time went by",
    "configuration": "because the scoring was changed",
}


@dataclass(frozen=True)
class PersonRow:
    """Somebody of an account."""

    id: str
    name: str
    detail: str
    part: str
    href: str
    initials: str
    tint: str
    look: ScoreLook


@dataclass(frozen=True)
class TrendRow:
    """A day of the trend, for its table."""

    day: str
    score: str


@dataclass(frozen=True)
class TrendLook:
    """The trend as a line, a sentence and a table."""

    path: str = ""
    words: str = ""
    first: str = ""
    rows: list[TrendRow] = field(default_factory=list)


@dataclass(frozen=True)
class RecordLook:
    """An account or a person, as the page shows it."""

    kind: str = "account"
    name: str = ""
    initials: str = ""
    tint: str = "iris"
    sub: str = ""
    account: str = ""
    account_href: str = ""
    email: str = ""
    phone: str = ""
    lead: bool = False
    look: ScoreLook = field(default_factory=ScoreLook)
    velocity: VelocityLook = field(default_factory=VelocityLook)
    band_words: str = ""
    crossed: str = ""
    people: list[PersonRow] = field(default_factory=list)
    others: list[PersonRow] = field(default_factory=list)
    engaged: str = ""
    last: str = ""
    last_at: str = ""
    trend: TrendLook = field(default_factory=TrendLook)
    ribbon: RibbonLook = field(default_factory=RibbonLook)
    why: WhyLook = field(default_factory=WhyLook)
    feed_href: str = ""
    live: bool = True


def record_look(
    session: Session, actor: Actor, *, kind: SubjectKind, record: RecordView, parts: Mapping[UUID, str], now: datetime
) -> RecordLook:
    """The score of a record and what is told with it; `parts` are what its people do in open deals."""
    record_id = record.id
    zone = zone_of(actor.zone)
    why = scoring.why(session, kind, record_id, now=now)
    labels = {key: known.label for key, known in events.types(session).items()}
    people = _people(session, record_id, parts) if kind is SubjectKind.ACCOUNT else []
    names = {UUID(row.id): row.name for row in people}
    lens = Lens(lane=events.SIGNALS, **{"account_id" if kind is SubjectKind.ACCOUNT else "person_id": record_id})
    last = next(iter(events.entries(session, lens, limit=1).items), None)
    engaged = sum(float(row.look.exact) >= _ENGAGED for row in people)
    days, edges = scoring.trend(session, kind, record_id, days=TREND_DAYS, now=now), scoring.live_config(session).edges
    own = {key: label for key, label in labels.items() if key not in events.BUILT_IN}
    return RecordLook(
        **_about(kind, record),
        kind=kind.value,
        look=score_look(why.score, why.band),
        velocity=velocity_look(why.velocity),
        band_words=_band_words(edges, why.band),
        crossed=_crossed(session, lens, kind, record_id, zone, now, own),
        people=people[:_SHOWN_PEOPLE],
        others=people[_SHOWN_PEOPLE:],
        engaged=f"{engaged} of {len(people)}",
        last=event_row(last, zone, names=own).title if last else "",
        last_at=last.occurred_at.isoformat() if last else "",
        trend=_trend(days, why),
        ribbon=ribbon(days, edges),
        why=why_look(why, _names(session, why, names), labels, _counted(session, why), now.date()),
        feed_href=routes.feed(**{kind.value: str(record_id)}),
        live=identity.flag_on(session, "live_updates", actor.member_id),
    )


def _about(kind: SubjectKind, record: RecordView) -> dict[str, Any]:
    if kind is SubjectKind.ACCOUNT:
        place = ", ".join(part for part in (record["industry"], record["city"] or record["country"]) if part)
        owner = record.names.get("owner_id")
        sub = ". ".join(part for part in (place or record["domain"], owner and f"Owner {owner}") if part)
        return {"name": record.name, "initials": record.name[:1].upper(), "tint": "iris", "sub": sub}
    at = record.names.get("account_id", "")
    return {
        "name": record.name,
        "initials": initials(record.name),
        "tint": tint(str(record.id)),
        "sub": record["title"] or crm.RECORD_TYPES[record.kind].one.capitalize(),
        "account": at,
        "account_href": routes.account(str(record["account_id"])) if at else "",
        "email": record["email"] or "",
        "phone": callable_number(record["phone"] or ""),
        "lead": record.kind is RecordKind.LEADS,
    }


def _people(session: Session, account_id: UUID, parts: Mapping[UUID, str]) -> list[PersonRow]:
    """The account's people, the warmest first."""
    found = crm.people(session, account_id=account_id, limit=_MOST_PEOPLE).items
    scores = scoring.scores(session, SubjectKind.PERSON, [one.id for one in found])
    ordered = sorted(found, key=lambda one: (-scores[one.id].score, one.name))
    return [
        PersonRow(
            str(one.id),
            one.name,
            one.email or one.kind.capitalize(),
            parts.get(one.id, ""),
            routes.contact(str(one.id)),
            initials(one.name),
            tint(str(one.id)),
            score_look(scores[one.id].score, scores[one.id].band),
        )
        for one in ordered
    ]


def _names(session: Session, why: Why, known: Mapping[UUID, str]) -> dict[UUID, str]:
    """The names of the people who make a score; nearly always all known already."""
    names = dict(known)
    for part in why.people:
        if part.person_id is not None and part.person_id not in names:
            names[part.person_id] = crm.person(session, part.person_id).name
    return names


def _counted(session: Session, why: Why) -> dict[UUID, int]:
    """How many events count of everybody who makes a score."""
    people = [part.person_id for part in why.people if part.person_id]
    found = scoring.counted_events(session, why.kind, [why.subject_id])
    return found | scoring.counted_events(session, SubjectKind.PERSON, people)


def _band_words(edges: Sequence[float], band: str) -> str:
    low, middle, high = (f"{edge:g}" for edge in edges)
    return {
        Band.HOT.value: f"{high} or more",
        Band.WARM.value: f"{middle} to {high}",
        Band.COOL.value: f"{low} to {middle}",
        Band.COLD.value: f"below {low}",
    }[band]


def _crossed(
    session: Session,
    lens: Lens,
    kind: SubjectKind,
    record_id: UUID,
    zone: ZoneInfo,
    now: datetime,
    names: Mapping[str, str],
) -> str:
    """`Crossed from Warm to Hot today at 10:41, when Devin Okafor viewed the proposal.`"""
    last = next(iter(scoring.crossings(session, kind=kind, subject_id=record_id, limit=1)), None)
    if last is None:
        return ""
    day = day_words(day_of(last.at, zone), day_of(now, zone))
    day = day.lower() if day in ("Today", "Yesterday") else f"on {day}"
    at = time_words(last.at, zone)
    from_, to = band_word(last.from_band), band_word(last.to_band)
    return f"Crossed from {from_} to {to} {day} at {at}, {_reason(session, lens, last, names)}."


def _reason(session: Session, lens: Lens, crossing: CrossingView, names: Mapping[str, str]) -> str:
    """The event that made a score leave its band, else what kind of thing did."""
    near = replace(lens, since=crossing.at - FRESH, until=crossing.at + SOON)
    around = [one for one in events.entries(session, near, limit=_AROUND).items if in_time(crossing, one)]
    made = cause(crossing, around, scoring.impacts(session, around))
    if made is None:
        return _CAUSES[crossing.cause]
    return "when " + headline(made.type, made.person_name, made.account_name, names.get(made.type))


def _trend(days: Sequence[DayScore], why: Why) -> TrendLook:
    values = [day.value for day in days] + [why.score]
    best = max(range(len(values)), key=values.__getitem__)
    highest = "today" if best == len(days) else f"on {days[best].day.day} {days[best].day:%B}"
    words = (
        f"From {whole(values[0])} to {whole(why.score)} in {len(days)} days; highest {whole(values[best])}, {highest}."
    )
    rows = [TrendRow("Now", decimal(why.score))]
    rows += [TrendRow(f"{day.day.day} {day.day:%B %Y}", decimal(day.value)) for day in reversed(days)]
    first = f"{days[0].day.day} {days[0].day:%b}" if days else ""
    return TrendLook(sparkline(values, width=600, height=104, least=100), words, first, rows)
