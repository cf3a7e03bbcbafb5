"""Who follows a record, and telling them what happens with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass.identity import Actor
from salescompass.kit import clock, live
from salescompass.kit.errors import Invalid, NotFound
from salescompass.models import Follower, Membership
from salescompass.together.objects import thing
from salescompass.vocabulary import Topic

FOLLOWED = ("account", "person", "opportunity", "action")


@dataclass(frozen=True)
class FollowView:
    """Whether oneself follows something, and who does."""

    following: bool
    members: tuple[tuple[UUID, str], ...]


def followers(session: Session, actor: Actor, *, object_type: str, object_id: UUID) -> FollowView:
    """Who follows a record or an action."""
    _seen(session, actor, object_type, object_id)
    query = (
        select(Membership.id, Membership.name)
        .join(Follower, col(Follower.member_id) == col(Membership.id))
        .where(Follower.object_type == object_type, Follower.object_id == object_id, Follower.state == "following")
        .where(Membership.status == "active")
        .order_by(col(Membership.name), col(Membership.id))
    )
    found = tuple((member_id, name) for member_id, name in session.exec(query))
    return FollowView(any(one == actor.member_id for one, _ in found), found)


def follow(session: Session, actor: Actor, *, object_type: str, object_id: UUID, on: bool = True) -> FollowView:
    """Follow something, or leave off."""
    if actor.member_id is None:
        raise NotFound("Only members follow")
    _seen(session, actor, object_type, object_id)
    session.connection().execute(
        _CHOOSE,
        {"type": object_type, "id": object_id, "member": actor.member_id, "state": "following" if on else "left",
         "now": clock.now()},
    )  # fmt: skip
    live.publish(session, Topic.RECORDS, [object_id])
    return followers(session, actor, object_type=object_type, object_id=object_id)


def make_follow(session: Session, things: Sequence[tuple[str, UUID]], members: Collection[UUID]) -> None:
    """Who writes about something, or is named there, follows it from then on; who has left stays away."""
    pairs = [(kind, one, member) for kind, one in things if kind in FOLLOWED for member in sorted(members)]
    if pairs:
        session.connection().execute(
            _MAKE,
            {"types": [one[0] for one in pairs], "ids": [one[1] for one in pairs],
             "members": [one[2] for one in pairs], "now": clock.now()},
        )  # fmt: skip


def followers_of(session: Session, object_type: str, ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The members who follow each of these."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    query = select(Follower.object_id, Follower.member_id).where(
        Follower.object_type == object_type, col(Follower.object_id).in_(list(ids)), Follower.state == "following"
    )
    for object_id, member_id in session.exec(query):
        found[object_id].add(member_id)
    return found


def _seen(session: Session, actor: Actor, object_type: str, object_id: UUID) -> None:
    if object_type not in FOLLOWED:
        raise Invalid(f"One of {', '.join(FOLLOWED)} is followed", field="object_type")
    thing(session, actor, object_type, object_id)


_CHOOSE = text(
    "INSERT INTO follower (object_type, object_id, member_id, state, at) VALUES (:type, :id, :member, :state, :now) "
    "ON CONFLICT (tenant_id, object_type, object_id, member_id) DO UPDATE SET state = excluded.state, at = excluded.at"
)
_MAKE = text(
    "INSERT INTO follower (object_type, object_id, member_id, at) SELECT type, id, member, :now FROM "
    "unnest(CAST(:types AS text[]), CAST(:ids AS uuid[]), CAST(:members AS uuid[])) AS t (type, id, member) "
    "ORDER BY type, id, member ON CONFLICT DO NOTHING"
)
