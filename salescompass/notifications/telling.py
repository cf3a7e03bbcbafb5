"""Telling members something: the one place that decides who hears of it, when, and by which ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import identity
from salescompass.crm import tidy
from salescompass.identity import Availability
from salescompass.kit import clock, jobs, live
from salescompass.kit.ids import new_id
from salescompass.notifications.kinds import KINDS, Kind
from salescompass.vocabulary import Topic

TOPIC = "notifications"
AGAIN = timedelta(minutes=30)
"""What is told again about the same subject within this time is the same line."""
DIGEST_AT = time(8)
"""When the day's letter goes out, on each member's clock."""


@dataclass(frozen=True)
class _Way:
    """How one member hears of it: in the inbox from `due`, by email at `mail_at`."""

    shown: bool
    due: datetime
    mail: str
    mail_at: datetime | None


def tell(
    session: Session,
    members: Collection[UUID],
    kind: str,
    *,
    subject: str,
    title: str,
    body: str = "",
    link: str = "",
    by: UUID | None = None,
    once: bool = False,
    now: datetime | None = None,
) -> frozenset[UUID]:
    """Tell members something, each in the way they chose; returns who got a new line.

    `subject` is what it is about (`account:ID`): told again within half an hour it is the same line, counted and unread
    again, without another letter; with `once` it is never told again. `by` is who did it, and knows. Only active
    members are told. In quiet hours only what is critical is shown at once; all else, and every letter, comes after.
    """
    of, at = KINDS[kind], now or clock.now()
    ways = _ways(session, of, sorted({one for one in members if one != by}), at)
    if not ways:
        return frozenset()
    words = {"kind": of.key, "subject": subject[:200], "title": tidy(title)[:200], "body": body[:1000]}
    words["link"] = link[:500]
    again = frozenset() if once else _told_again(session, ways, words, at)
    fresh = _tell_anew(session, {one: ways[one] for one in ways if one not in again}, words, at, once)
    _announce(session, {one: ways[one] for one in again | frozenset(fresh)}, at)
    _write_letters(session, fresh, ways)
    return frozenset(fresh)


def _ways(session: Session, of: Kind, members: list[UUID], at: datetime) -> dict[UUID, _Way]:
    """How each of these hears of it; who is not active, or wants neither way, is left out."""
    if not members:
        return {}
    rows = session.connection().execute(_CHOSEN, {"members": members, "kind": of.key}).all()
    there = identity.availabilities(session, [row.id for row in rows])
    found = {}
    for row in rows:
        shown, email = (True, of.email) if row.in_app is None else (row.in_app, row.email)
        if not row.has_address:
            email = "off"
        if shown or email != "off":
            found[row.id] = _way(of, there[row.id], shown, email, at)
    return found


def _way(of: Kind, there: Availability, shown: bool, email: str, at: datetime) -> _Way:
    quiet = there.quiet_until(at) or at
    mail_at = {"now": quiet, "digest": next_digest(there, at), "off": None}[email]
    return _Way(shown, at if of.critical else quiet, "none" if email == "off" else email, mail_at)


def next_digest(there: Availability, at: datetime) -> datetime:
    """When the next letter of the day goes out to this member."""
    here = there.local(at)
    due = datetime.combine(here.date(), DIGEST_AT, tzinfo=here.tzinfo)
    if due <= here:
        due = datetime.combine(here.date() + timedelta(days=1), DIGEST_AT, tzinfo=here.tzinfo)
    due = due.astimezone(UTC)
    return there.quiet_until(due) or due


def _told_again(session: Session, ways: Mapping[UUID, _Way], words: Mapping[str, str], at: datetime) -> frozenset[UUID]:
    """Who has a line about it already, which now says the latest."""
    given = {**words, "members": list(ways), "due": [one.due for one in ways.values()], "since": at - AGAIN}
    return frozenset(session.connection().execute(_AGAIN, given).scalars())


def _tell_anew(
    session: Session, ways: Mapping[UUID, _Way], words: Mapping[str, str], at: datetime, once: bool
) -> dict[UUID, UUID]:
    """A new line for each; its id by member. Of two who tell the same at the same moment, the second adds to it."""
    if not ways:
        return {}
    given: dict[str, Any] = {
        "ids": [new_id() for _ in ways],
        "members": list(ways),
        "shown": [one.shown for one in ways.values()],
        "due": [one.due for one in ways.values()],
        "mail": [one.mail for one in ways.values()],
        "mail_at": [one.mail_at for one in ways.values()],
        "slot": 0 if once else 1 + int(at.timestamp() // AGAIN.total_seconds()),
        "now": at,
        **words,
    }
    rows = session.connection().execute(_ONCE if once else _ANEW, given)
    return {row.membership_id: row.id for row in rows if row.fresh}


def _announce(session: Session, ways: Mapping[UUID, _Way], at: datetime) -> None:
    """Open pages hear of it after commit; those of whom it keeps quiet, when that ends."""
    now = [one for one, way in ways.items() if way.shown and way.due <= at]
    if now:
        live.publish(session, TOPIC, now)
    later: dict[datetime, list[str]] = defaultdict(list)
    for one, way in ways.items():
        if way.shown and way.due > at:
            later[way.due].append(str(one))
    for due, members in sorted(later.items()):
        jobs.put(session, Topic.NOTIFICATIONS_DUE, {"members": members}, due_at=due)


def _write_letters(session: Session, fresh: Mapping[UUID, UUID], ways: Mapping[UUID, _Way]) -> None:
    """Letters that are wanted now wait in the outbox, at most until quiet hours end; the day's are gathered."""
    due: dict[datetime | None, list[dict[str, str]]] = defaultdict(list)
    for member_id, line_id in fresh.items():
        if ways[member_id].mail == "now":
            letter = {"letter": "notification", "notification_id": str(line_id)}
            due[ways[member_id].mail_at].append(letter)
    for at, letters in due.items():
        later = at if at is not None and at > clock.now() else None
        jobs.put_many(session, Topic.MAIL, letters, due_at=later)


_CHOSEN = text(
    "SELECT m.id, p.in_app, p.email, m.email <> '' AS has_address FROM membership m "
    "LEFT JOIN notification_pref p ON p.membership_id = m.id AND p.kind = :kind "
    "WHERE m.id = ANY(:members) AND m.status = 'active' ORDER BY m.id"
)
_AGAIN = text(
    "UPDATE notification SET times = times + 1, title = :title, body = :body, link = :link, read_at = NULL, "
    "acked_at = NULL, due_at = greatest(due_at, t.due) "
    "FROM unnest(CAST(:members AS uuid[]), CAST(:due AS timestamptz[])) AS t (member, due) "
    "WHERE membership_id = t.member AND kind = :kind AND subject = :subject AND created_at > :since "
    "RETURNING membership_id"
)
_INSERT = (
    "INSERT INTO notification (id, membership_id, kind, subject, slot, title, body, link, shown, due_at, mail, "
    "mail_at, created_at) SELECT id, member, :kind, :subject, :slot, :title, :body, :link, shown, due, mail, mail_at, "
    ":now FROM unnest(CAST(:ids AS uuid[]), CAST(:members AS uuid[]), CAST(:shown AS boolean[]), "
    "CAST(:due AS timestamptz[]), CAST(:mail AS text[]), CAST(:mail_at AS timestamptz[])) "
    "AS t (id, member, shown, due, mail, mail_at) ORDER BY member "
    "ON CONFLICT (tenant_id, membership_id, kind, subject, slot) DO "
)
_ONCE = text(_INSERT + "NOTHING RETURNING membership_id, id, true AS fresh")
_ANEW = text(
    _INSERT + "UPDATE SET times = notification.times + 1, title = excluded.title, body = excluded.body, "
    "link = excluded.link, read_at = NULL RETURNING membership_id, id, xmax = 0 AS fresh"
)
