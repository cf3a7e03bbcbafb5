"""Conditions on candidates, with what was seen; whose the action would be; and both as data that is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import conditions
from salescompass.actions import Subject, subjects
from salescompass.assignment import About, assignees_for
from salescompass.conditions import Catalogue, Group, Leaf, Related, Seen, Tree, explain_node
from salescompass.rules.deciding import Candidate, Decision, Whose

_MOST_WORDS = 200


@dataclass
class Looker:
    """Looks at the records of one rule. What it has seen of a moment it does not ask again."""

    session: Session
    tree: Tree
    catalogue: Catalogue
    now: datetime
    known: dict[UUID, Subject] = field(default_factory=dict)
    _seen: dict[tuple[UUID, datetime], Seen] = field(default_factory=dict)
    _whose: dict[UUID, Whose] = field(default_factory=dict)
    _teams: dict[UUID, frozenset[UUID]] | None = None

    def ready(self, candidates: Sequence[Candidate]) -> None:
        """Read what is needed of candidates of one moment, a few statements for all of them."""
        ids, at = [one.subject_id for one in candidates], candidates[0].at if candidates else self.now
        if candidates and candidates[0].proven:
            self.load(ids, at)
        else:
            self.prepare(ids, at)
            ids = [one for one in ids if (seen := self.look_at(one, at)) is not None and seen.holds]
        self.prepare_owners(ids)

    def load(self, ids: Collection[UUID], at: datetime) -> None:
        """Read these records."""
        new = [one for one in ids if one not in self.known]
        self.known |= subjects(self.session, self.tree.object, new, currency=self.catalogue.currency, at=at)

    def prepare(self, ids: Collection[UUID], at: datetime) -> None:
        """Read these records, and what the conditions look at."""
        self.load(ids, at)
        asked = [one for one in ids if one in self.known and (one, at) not in self._seen]
        if asked and not self.tree.empty:
            found = conditions.facts(self.session, self.tree, asked, catalogue=self.catalogue, now=at)
            for one, known in found.items():
                self._seen[one, at] = conditions.evaluate(self.tree, known, catalogue=self.catalogue, now=at)

    def look(self, candidate: Candidate) -> Seen | None:
        """The conditions on a record at the moment of what set the rule off; None when it is not there."""
        if candidate.proven:
            self.load([candidate.subject_id], candidate.at)
            return Seen(self.tree.root, True) if candidate.subject_id in self.known else None
        return self.look_at(candidate.subject_id, candidate.at)

    def prove(self, fired: Sequence[Decision]) -> list[Decision]:
        """What fired at one moment, with what was seen also where it was known that the conditions hold."""
        self.prepare([one.candidate.subject_id for one in fired if one.candidate.proven], fired[0].candidate.at)
        return [
            replace(one, seen=self.look_at(one.candidate.subject_id, one.candidate.at)) if one.candidate.proven else one
            for one in fired
        ]

    def look_at(self, subject_id: UUID, at: datetime) -> Seen | None:
        """The conditions on a record at a moment."""
        self.prepare([subject_id], at)
        if subject_id not in self.known:
            return None
        return Seen(self.tree.root, True) if self.tree.empty else self._seen.get((subject_id, at))

    def prepare_owners(self, ids: Collection[UUID]) -> None:
        """Ask whose the actions for these records would be, all at once; nobody's turn is taken by asking."""
        new = [one for one in ids if one in self.known and one not in self._whose]
        self._whose |= dict(zip(new, self.whose(new, keep=False), strict=True))

    def owner(self, candidate: Candidate) -> Whose:
        """Whose the action would be."""
        self.prepare_owners([candidate.subject_id])
        return self._whose[candidate.subject_id]

    def whose(self, ids: Sequence[UUID], *, keep: bool) -> list[Whose]:
        """Whose the actions are, by the ladder of assignment; with `keep` they are given, and turns are taken."""
        about = [About(one.account_id, one.person_id, one.opportunity_id) for one in map(self.known.__getitem__, ids)]
        if about and self._teams is None:
            self._teams = _teams(self.session)
        teams = self._teams or {}
        return [
            Whose(one.member_id, one.because, teams.get(one.member_id, frozenset()) if one.member_id else frozenset())
            for one in assignees_for(self.session, about, now=self.now, keep=keep)
        ]


def _teams(session: Session) -> dict[UUID, frozenset[UUID]]:
    """Which teams each member is in, with those above them."""
    found = session.connection().execute(
        text(
            "SELECT tm.member_id AS id, array_agg(t.path) AS paths FROM team_member tm "
            "JOIN team t ON t.id = tm.team_id GROUP BY tm.member_id"
        )
    )
    return {row.id: frozenset(UUID(part) for path in row.paths for part in path.split("/") if part) for row in found}


def trace_of(tree: Tree, seen: Seen | None, catalogue: Catalogue, named: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each condition in words, whether it held, and the value that was seen: as it is kept and shown."""
    if seen is None or tree.empty:
        return []
    return [
        {
            "words": explain_node(one.node, tree.object, catalogue=catalogue, names=named)[:_MOST_WORDS],
            "holds": one.holds,
            "seen": _value(one, catalogue, named),
        }
        for one in _leaves(seen)
    ]


def _leaves(seen: Seen) -> Iterator[Seen]:
    if isinstance(seen.node, Group):
        for one in seen.of:
            yield from _leaves(one)
    else:
        yield seen


def _value(seen: Seen, catalogue: Catalogue, named: Mapping[str, str]) -> str:
    value = seen.seen
    if isinstance(seen.node, Related):
        return f"{value or 0} of them"
    if value is None:
        return "not known"
    if isinstance(value, frozenset):
        return ", ".join(sorted(named.get(str(one), str(one)) for one in value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(catalogue.zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(seen.node, Leaf) and seen.node.path.endswith("_minor"):
        return f"{catalogue.currency} {value / 100:,.2f}"
    return named.get(str(value), str(value))[:_MOST_WORDS]
