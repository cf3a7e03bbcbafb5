"""Which notes somebody reads on what they see: everybody's, their team's, and what they wrote for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor

VISIBILITY = ("all", "team", "private")


@dataclass(frozen=True)
class Confidence:
    """Whose notes a reader reads. `everything` is for jobs, which show them to nobody."""

    everything: bool
    reader: UUID | None = None
    circle: frozenset[UUID] | None = frozenset()

    @staticmethod
    def of(session: Session, actor: Actor | None = None) -> Confidence:
        """Of `actor`, or of whoever this session was opened for. Asked of the database once a session."""
        who = actor or session.info.get("reader")
        if not isinstance(who, Actor) or who.kind == "system":
            return Confidence(True)
        known: dict[UUID | None, Confidence] = session.info.setdefault("confidence", {})
        if who.actor_id not in known:
            reader = identity.behind(session, who)
            known[who.actor_id] = Confidence(False, reader, identity.circle(session, reader) if reader else frozenset())
        return known[who.actor_id]

    def given(self) -> dict[str, Any]:
        """The values of what `confided` asks."""
        return {
            "note_all": self.everything, "note_reader": self.reader, "note_circle": sorted(self.circle or ()),
            "note_team": self.circle is None,
        }  # fmt: skip


def confided(table: str) -> str:
    """The condition in SQL on a table of notes, or on a name for it."""
    return (
        f"(CAST(:note_all AS boolean) OR {table}.visibility = 'all' OR {table}.author_id = CAST(:note_reader AS uuid) "
        f"OR ({table}.visibility = 'team' AND (CAST(:note_team AS boolean) "
        f"OR {table}.author_id = ANY(CAST(:note_circle AS uuid[])))))"
    )
