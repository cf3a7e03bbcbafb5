"""Writing records from rows, many at a time: each row makes a record, changes one, changes nothing, or is refused.

The rows of a batch are taken one after the other, as if each had come alone, so a later row finds what an earlier one
made; what is written is written by a handful of statements. The unique keys of a batch are guarded by the tenant's
lock on subjects, as those of events are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session

from salescompass.crm.changed import tell_changed
from salescompass.crm.custom_fields import custom_fields
from salescompass.crm.custom_values import CustomDefinition
from salescompass.crm.drafts import CUSTOM, Draft, Given, RowOutcome, RowRefused, give, read_row
from salescompass.crm.hierarchy import refuse_loops
from salescompass.crm.matching import ID, Drafts, key_column, key_value, load, load_by_custom, load_customs
from salescompass.crm.record_fields import RECORD_TYPES, RecordType
from salescompass.crm.rules import Surroundings, finish
from salescompass.crm.seeing import Sight
from salescompass.crm.storing import write_drafts
from salescompass.crm.surroundings import surroundings
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import hold
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id
from salescompass.vocabulary import RecordKind

Mode = Literal["insert", "update", "upsert"]
MOST_ROWS = 5000


def upsert_records(
    session: Session,
    actor: Actor,
    kind: RecordKind | str,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: str | Sequence[str] = (),
    mode: Mode = "upsert",
    batch_id: UUID | None = None,
    now: datetime | None = None,
) -> list[RowOutcome]:
    """One outcome a row, in order. Fields are named as in the API's bodies; None empties a field, one not named stays.

    `key` names the fields by which a record is known (`id`, one of the fields, or `custom.KEY`), the surest first:
    the first that finds one decides. `insert` skips rows whose record is there, `update` skips those whose is not.
    A row that changes nothing is skipped. `batch_id` marks what is changed, so that it can be undone.
    """
    if len(rows) > MOST_ROWS:
        raise ValueError(f"at most {MOST_ROWS} rows at once")
    of = RECORD_TYPES[RecordKind(kind)]
    batch = _Batch(session, actor, of, (key,) if isinstance(key, str) else tuple(key), mode, now or clock.now())
    return batch.run(rows, batch_id)


def put_back(
    session: Session, actor: Actor, of: RecordType, rows: Sequence[Mapping[str, Any]], *, now: datetime
) -> list[RowOutcome]:
    """Give records, by their ids, the values they had: also those that are otherwise given once."""
    return _Batch(session, actor, of, (ID,), "update", now, exactly=True).run(rows, None)


class _Batch:
    """The work on one batch."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        of: RecordType,
        keys: tuple[str, ...],
        mode: Mode,
        now: datetime,
        *,
        exactly: bool = False,
    ) -> None:
        self.exactly = exactly
        self.session, self.actor, self.of, self.keys, self.mode, self.now = session, actor, of, keys, mode, now
        self.drafts = Drafts(of)
        known = custom_fields(session, of.object_type)
        self.customs = {one.key: one for one in known if not one.retired}
        self.by_id: dict[UUID, CustomDefinition] = {one.id: one for one in known}
        for name in keys:
            if name != ID and name not in of.fields and name.removeprefix(CUSTOM) not in self.customs:
                raise Invalid(f"{of.many} have no field {name[:80]}", field="key")
        self.found_by = tuple(dict.fromkeys((*keys, *(one.key for one in of.uniques))))
        self.around = Surroundings(now)
        self.unseen: frozenset[UUID] = frozenset()

    def run(self, rows: Sequence[Mapping[str, Any]], batch_id: UUID | None) -> list[RowOutcome]:
        """Read, match, change in memory; then write."""
        read = [self._read(row) for row in rows]
        given = [one for one in read if not isinstance(one, RowOutcome)]
        if self.of.object_type in ("account", "person"):
            hold(self.session, "subjects")
        self._load(given)
        self.around = surroundings(self.session, self.actor, self.of, [one for _, one in given], self.now)
        outcomes = [one if isinstance(one, RowOutcome) else self._take(*one) for one in read]
        touched = list(self.drafts.by_id.values())
        loops = refuse_loops(self.session, touched) if "parent_id" in self.of.fields else frozenset()
        if loops:
            outcomes = [_looped(one) if one.id in loops else one for one in outcomes]
            touched = [draft for draft in touched if draft.id not in loops]
        write_drafts(
            self.session, self.actor, self.of, touched, self.by_id, now=self.now, batch_id=batch_id, back=self.exactly
        )
        tell_changed(self.session, self.actor, self.of, touched)
        return outcomes

    def _read(self, row: Mapping[str, Any]) -> tuple[UUID | None, Given] | RowOutcome:
        try:
            record_id = row.get(ID) if ID in self.keys else None
            parsed = parse_id(record_id) if record_id is not None else None
            if record_id is not None and parsed is None:
                raise RowRefused("Give an id", ID)
            rest = {name: value for name, value in row.items() if name != ID or ID not in self.keys}
            return parsed, read_row(self.of, rest, self.customs)
        except RowRefused as refused:
            return refused.outcome

    def _load(self, given: Sequence[tuple[UUID | None, Given]]) -> None:
        wanted: dict[str, dict[Any, None]] = {key: {} for key in self.found_by}
        for record_id, one in given:
            for key in self.found_by:
                value = key_value(self.of, key, one, record_id, self.customs)
                if value is not None:
                    wanted[key][value] = None
        for key in self.keys:
            if key.startswith(CUSTOM) and wanted[key]:
                self._load_by_own(key, list(wanted[key]), wanted)
        load(self.session, self.of, {key: list(values) for key, values in wanted.items()}, self.drafts)
        load_customs(self.session, self.by_id, self.drafts)
        self.unseen = Sight.of(self.session, self.of.object_type, self.actor).hidden(self.session, self.drafts.by_id)

    def _load_by_own(self, key: str, values: list[Any], wanted: dict[str, dict[Any, None]]) -> None:
        holders = load_by_custom(self.session, self.customs[key.removeprefix(CUSTOM)], values)
        load(self.session, self.of, {ID: list(holders)}, self.drafts)
        for object_id, value in holders.items():
            if object_id in self.drafts.by_id:
                self.drafts.add_under(self.drafts.by_id[object_id], key, value)

    def _take(self, record_id: UUID | None, given: Given) -> RowOutcome:
        try:
            draft = self._match(record_id, given)
            if draft is None:
                return self._create(given, record_id)
            if self.mode == "insert":
                return RowOutcome("skipped", draft.id, f"This {self.of.one} is there already")
            return self._change(draft, given)
        except RowRefused as refused:
            return refused.outcome

    def _match(self, record_id: UUID | None, given: Given) -> Draft | None:
        surer: dict[str, Any] = {}
        for key in self.keys:
            value = key_value(self.of, key, given, record_id, self.customs)
            if value is None:
                continue
            found = self.drafts.find(key, value, surer)
            if not key.startswith(CUSTOM):
                surer[key_column(self.of, key)] = value
            if found is not None:
                if found.id in self.unseen:
                    raise RowRefused(
                        f"Another {self.of.sharing} has this key, whose owner's records you do not see", key
                    )
                return found
        return None

    def _create(self, given: Given, record_id: UUID | None) -> RowOutcome:
        if record_id is not None or self.mode == "update":
            reason = f"There is no such {self.of.one}"
            return RowOutcome("failed", None, reason, ID) if record_id else RowOutcome("skipped", None, reason)
        draft = self.drafts.blank()
        self._apply(draft, given)
        for own in self.customs.values():
            if own.required and draft.customs.get(own.id) is None:
                raise RowRefused(f"{own.label} is missing", CUSTOM + own.key)
        self._remember(draft, given)
        return RowOutcome("created", draft.id)

    def _change(self, draft: Draft, given: Given) -> RowOutcome:
        trial = Draft(
            self.of, draft.id, draft.new, draft.before, draft.row_version,
            customs_before=draft.customs_before, customs=dict(draft.customs),
            tags_before=draft.tags_before, tags=draft.tags,
        )  # fmt: skip
        trial.now = dict(draft.now)
        self._apply(trial, given, beside=draft)
        same = trial.now == draft.now and trial.customs == draft.customs and trial.tags == draft.tags
        if same or not (draft.new or trial.changes(self.by_id)):
            return RowOutcome("skipped", draft.id, "Nothing to change")
        draft.now, draft.customs, draft.tags = trial.now, trial.customs, trial.tags
        self._remember(draft, given)
        return RowOutcome("updated", draft.id)

    def _apply(self, draft: Draft, given: Given, beside: Draft | None = None) -> None:
        """Change a record by a row, and see that no other has one of its keys."""
        give(draft, given, exactly=self.exactly)
        finish(draft, given, self.around, exactly=self.exactly)
        for one in self.of.uniques:
            value = draft.now.get(key_column(self.of, one.key))
            holder = self.drafts.holder(one.key, value, beside or draft) if value is not None else None
            if holder is not None:
                raise RowRefused(f"Another {self.of.sharing} has this {one.label.lower()}", one.key, taken=True)

    def _remember(self, draft: Draft, given: Given) -> None:
        self.drafts.add(draft, (key for key in self.found_by if not key.startswith(CUSTOM)))
        for key in self.keys:
            if key.startswith(CUSTOM):
                self.drafts.add_under(draft, key, key_value(self.of, key, given, None, self.customs))


def _looped(one: RowOutcome) -> RowOutcome:
    refused = RowRefused("A company cannot stand above one that it belongs to", "parent_id")
    return refused.outcome if one.status != "failed" else one
