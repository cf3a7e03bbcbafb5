"""Who hears of a note: whom it names, once each; and who follows what it is about. Never who may not read it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, select

from salescompass import identity, notifications
from salescompass.crm import name_norm
from salescompass.identity import Actor, Colleague
from salescompass.kit.database import session_tenant
from salescompass.kit.ids import new_id
from salescompass.models import Mention, Note
from salescompass.together.followers import followers_of, make_follow
from salescompass.together.mentions import Nameable, Named, named_in
from salescompass.together.objects import Thing, readers, thing

_EXCERPT = 300
_TEAM, _MEMBER = "team", "member"


def nameable(
    session: Session, actor: Actor, *, object_type: str, object_id: UUID, beginning: str = "", visibility: str = "all",
    limit: int = 8,
) -> list[Nameable]:  # fmt: skip
    """Who may be named in a note there: members who may read it, and teams with one; by the beginning of a name."""
    about = thing(session, actor, object_type, object_id)
    wanted = name_norm(beginning)
    found = _nameable(session, _readers(session, actor, about, visibility))
    fitting = [one for one in found if _begins(one.name, wanted)]
    others = [one for one in fitting if one.id != actor.member_id]
    return others[: max(1, min(limit, 50))]


def _begins(name: str, wanted: str) -> bool:
    norm = name_norm(name)
    return norm.startswith(wanted) or any(part.startswith(wanted) for part in norm.split())


def tell_of_note(
    session: Session, actor: Actor, about: Thing, note: Note, picked: Collection[str], *, fresh: bool
) -> None:
    """Write down whom a note names, and tell them and the followers."""
    people = _readers(session, actor, about, note.visibility)
    new = _remember(session, note, named_in(note.body, _nameable(session, people), picked))
    teams = {one.id for one in new if one.kind == _TEAM}
    direct = {one.id for one in new if one.kind == _MEMBER}
    named = {one.id for one in people if one.id in direct or one.team_ids & teams}
    title = f"{actor.name} mentioned you: {about.name}"
    excerpt, subject = note.body[:_EXCERPT], f"note:{note.id}"
    link = about.link if about.object_type in ("event", "action") else f"{about.link}#notes"
    notifications.tell(
        session, named, "mention", subject=subject, title=title, body=excerpt, link=link, by=actor.member_id, once=True
    )
    may = {one.id for one in people}
    if fresh:
        heard = {one for kind, thing_id in about.followed for one in followers_of(session, kind, [thing_id])[thing_id]}
        heard = ((heard | about.concerned) & may) - named
        notifications.tell(
            session, heard, "followed", subject=f"notes:{about.object_type}:{about.id}",
            title=f"{actor.name} wrote a note: {about.name}", body=excerpt, link=link, by=actor.member_id,
        )  # fmt: skip
    author = {actor.member_id} if actor.member_id else set()
    make_follow(session, about.followed, named | author if note.visibility != "private" else author)


def _readers(session: Session, actor: Actor, about: Thing, visibility: str) -> list[Colleague]:
    circle = identity.circle(session, actor.member_id) if actor.member_id and visibility == "team" else None
    everybody = identity.colleagues(session)
    return readers(about, everybody, visibility=visibility, author=actor.member_id, circle=circle)


def _nameable(session: Session, people: Collection[Colleague]) -> list[Nameable]:
    """Members by name, then the teams that one of them is in."""
    inside = frozenset().union(*(one.team_ids for one in people)) if people else frozenset()
    found = [Nameable(_MEMBER, one.id, one.name) for one in people]
    return found + [Nameable(_TEAM, one.id, one.name, "Team") for one in identity.teams(session) if one.id in inside]


def _remember(session: Session, note: Note, named: list[Named]) -> list[Named]:
    """Keep whom the note names; returns those it did not name before, ever."""
    rows = session.exec(select(Mention).where(Mention.note_id == note.id)).all()
    known = {row.member_id or row.team_id: row for row in rows}
    for one in named:
        if one.id in known:
            known[one.id].label = one.label
            session.add(known[one.id])
            continue
        row = Mention(tenant_id=session_tenant(session), id=new_id(), note_id=note.id, label=one.label)
        row.team_id, row.member_id = (one.id, None) if one.kind == _TEAM else (None, one.id)
        session.add(row)
    session.flush()
    return [one for one in named if one.id not in known]
