"""Who is told, by which ways, and when: settings, quiet hours, the same thing twice, letters now and once a day."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from salescompass import identity, notifications
from salescompass.identity import Actor
from salescompass.kit import clock, mail
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Invalid, NotFound
from salescompass.kit.mail import Mail
from salescompass.models import Notification

Member = Callable[[UUID, str], Actor]
Tell = Callable[..., frozenset[UUID]]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def rows(tenant: UUID) -> list[Notification]:
    with tenant_session(tenant) as session:
        return list(session.exec(select(Notification).order_by(Notification.created_at, Notification.id)))  # type: ignore[arg-type]


def waiting(tenant: UUID, topic: str = "mail") -> list[tuple[dict[str, Any], datetime]]:
    """What stands in the outbox, and when it is due."""
    with tenant_session(tenant) as session:
        found = session.connection().execute(
            text("SELECT payload, due_at FROM outbox WHERE topic = :topic ORDER BY due_at, id"), {"topic": topic}
        )
        return [(payload, due) for payload, due in found if payload.get("letter") != "invitation"]


def sent(tenant: UUID, monkeypatch: pytest.MonkeyPatch) -> list[Mail]:
    """The letters that would go out if everything that waits went out now."""
    letters: list[Mail] = []
    monkeypatch.setattr(mail, "send", letters.append)
    for payload, _ in waiting(tenant):
        notifications.deliver(tenant, UUID(int=1), payload)
    return letters


def choose(of: Actor, kind: str, **ways: Any) -> None:
    with tenant_session(of.tenant_id) as session:
        notifications.choose_notifications(session, of, kind=kind, **ways)


def keep_quiet(of: Actor, start: time, end: time, zone: str = "UTC") -> None:
    with tenant_session(of.tenant_id) as session:
        identity.update_profile(session, of, zone=zone)
        identity.set_hours(session, of, quiet_from=start, quiet_to=end)


def test_the_usual_ways_hold_until_somebody_chooses(tenant: UUID, member: Member, tell: Tell) -> None:
    ann = member(tenant, "ann")
    with tenant_session(tenant) as session:
        usual = {one.kind: (one.in_app, one.email) for one in notifications.notification_choices(session, ann)}
    assert usual == {key: (True, kind.email) for key, kind in notifications.KINDS.items()}
    choose(ann, "followed", in_app=False)
    choose(ann, "mention", email="off")
    choose(ann, "export", in_app=False)
    for kind in ("followed", "mention", "export"):
        tell(ann, kind, kind, now=NOON)
    found = {row.kind: (row.shown, row.mail) for row in rows(tenant)}
    assert found == {"followed": (False, "digest"), "mention": (True, "none")}, "neither way: it is not told"
    with tenant_session(tenant) as session:
        assert [one.kind for one in notifications.inbox(session, ann).items] == ["mention"]
        assert notifications.unread(session, ann) == 1
        with pytest.raises(NotFound):
            notifications.choose_notifications(session, ann, kind="gossip", email="off")
        with pytest.raises(Invalid):
            notifications.choose_notifications(session, ann, kind="mention", email="pigeon")


def test_only_active_members_are_told_and_never_who_did_it(tenant: UUID, member: Member) -> None:
    ann, ben, eve = (member(tenant, name) for name in ("ann", "ben", "eve"))
    boss = identity.system_actor(tenant)
    everybody = [one.member_id for one in (ann, ben, eve) if one.member_id]
    with tenant_session(tenant) as session:
        identity.disable_member(session, boss, member_id=eve.member_id)  # type: ignore[arg-type]
        told = notifications.tell(session, everybody, "followed", subject="s", title="t", by=ben.member_id)
    assert told == {ann.member_id}


def test_the_same_subject_within_half_an_hour_is_one_line_and_one_letter(
    tenant: UUID, member: Member, tell: Tell
) -> None:
    ann = member(tenant, "ann")
    choose(ann, "followed", email="now")
    same = {"subject": "account:1"}
    assert tell(ann, "one note", now=NOON, **same) == {ann.member_id}
    with tenant_session(tenant) as session:
        notifications.mark_read(session, ann)
    assert tell(ann, "two notes", now=NOON + timedelta(minutes=29), **same) == frozenset()
    tell(ann, "another", now=NOON, subject="account:2")
    (line, _) = rows(tenant)
    assert (line.title, line.times, line.read_at) == ("two notes", 2, None)
    assert len(waiting(tenant)) == 2
    assert tell(ann, "later", now=NOON + timedelta(minutes=31), **same) == {ann.member_id}


def test_fifty_who_tell_the_same_at_once_make_one_line(tenant: UUID, member: Member, tell: Tell) -> None:
    ann = member(tenant, "ann")
    now = clock.now()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: tell(ann, f"{n}", subject="same", now=now), range(50)))
        list(pool.map(lambda n: tell(ann, f"{n}", "mention", subject="once", once=True, now=now), range(20)))
    assert sorted((line.subject, line.times) for line in rows(tenant)) == [("once", 1), ("same", 50)]


def test_quiet_hours_hold_everything_but_what_is_critical_and_lose_nothing(
    tenant: UUID, member: Member, tell: Tell
) -> None:
    ann = member(tenant, "ann")
    keep_quiet(ann, time(20), time(7), "Europe/Paris")
    choose(ann, "followed", email="now")
    night, morning = datetime(2026, 11, 20, 22, tzinfo=UTC), datetime(2026, 11, 21, 6, tzinfo=UTC)
    tell(ann, "held", now=night)
    tell(ann, "hot", "hot_signal", now=night)
    tell(ann, "by day", now=NOON)
    found = {line.title: (line.due_at, line.mail_at) for line in rows(tenant)}
    assert found == {"held": (morning, morning), "hot": (night, morning), "by day": (NOON, NOON)}
    assert [due for payload, due in waiting(tenant, "notifications.due")] == [morning]
    with pytest.MonkeyPatch.context() as patch, tenant_session(tenant) as session:
        patch.setattr(clock, "now", lambda: night)
        assert {one.title for one in notifications.inbox(session, ann).items} == {"hot", "by day"}
        patch.setattr(clock, "now", lambda: morning)
        assert notifications.inbox(session, ann).items[0].title == "held"


def test_a_letter_says_it_in_both_forms_with_a_way_in_and_a_way_out(
    tenant: UUID, member: Member, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = member(tenant, "ann")
    tell(ann, "<b>Bob</b> mentioned you\r\nBcc: x@y.example", "mention", body="About “Acme & Sons”")
    (letter,) = sent(tenant, monkeypatch)
    assert (letter.to, letter.subject) == (ann.email, "<b>Bob</b> mentioned you Bcc: x@y.example")
    for part in (letter.text, letter.html):
        assert "/feed" in part
        assert "/profile#notifications" in part
    assert "&lt;b&gt;Bob" in letter.html
    assert "Acme &amp; Sons" in letter.html
    assert mail.built(letter)["Subject"]


def test_what_was_read_or_whose_reader_left_is_not_sent(
    tenant: UUID, member: Member, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, eve = member(tenant, "ann"), member(tenant, "eve")
    tell(ann, "read", "mention")
    tell(eve, "gone", "mention")
    with tenant_session(tenant) as session:
        notifications.mark_read(session, ann)
        identity.disable_member(session, identity.system_actor(tenant), member_id=eve.member_id)  # type: ignore[arg-type]
    assert sent(tenant, monkeypatch) == []


def test_the_letter_of_the_day_goes_out_in_the_morning_once(
    tenant: UUID, member: Member, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = member(tenant, "ann"), member(tenant, "ben")
    keep_quiet(ann, time(22), time(23), "America/New_York")
    for title in ("one", "two"):
        tell(ann, title, now=NOON)
    tell(ann, "after breakfast", now=NOON + timedelta(hours=2))
    tell(ben, "ben's", now=NOON)
    assert _digests(tenant, NOON + timedelta(minutes=59)) == 0
    assert _digests(tenant, NOON + timedelta(hours=1)) == 1, "eight o'clock in New York"
    assert _digests(tenant, NOON + timedelta(hours=1)) == 0
    (letter,) = sent(tenant, monkeypatch)
    assert (letter.to, letter.subject) == (ann.email, "one, and 1 more")
    assert "two" in letter.text
    assert "after breakfast" not in letter.text
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: _digests(tenant, NOON + timedelta(days=2)), range(4)))
    assert sum(counts) == 2, "each letter once, whoever sends them at the same time"


def _digests(tenant: UUID, now: datetime) -> int:
    with tenant_session(tenant) as session:
        return notifications.send_digests(session, now=now)
