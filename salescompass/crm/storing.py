"""Writing many records at once, with what hangs on them: changes, words to search by, custom fields, tags, stages."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, DateTime, TextClause, Uuid, text
from sqlmodel import Session

from salescompass.crm.custom_values import CustomDefinition
from salescompass.crm.drafts import Draft
from salescompass.crm.names import name_norm
from salescompass.crm.record_fields import RECORD_TYPES, RecordType
from salescompass.crm.stays import move_stages, return_to_stages
from salescompass.crm.words import record_words
from salescompass.identity import Actor
from salescompass.kit.ids import new_id
from salescompass.vocabulary import RecordKind

_KINDS = ((Uuid, "uuid"), (BigInteger, "bigint"), (Boolean, "boolean"), (DateTime, "timestamptz"), (Date, "date"))
_DEAL = ("state", "probability", "stage_entered_at")


def written_columns(of: RecordType) -> tuple[str, ...]:
    """The columns a change may touch."""
    return (*of.columns, *(_DEAL if of.object_type == "opportunity" else ()))


@cache
def sql_type(table: str, column: str) -> str:
    """The type of a record's column, as SQL calls it."""
    of = next(one for one in RECORD_TYPES.values() if one.object_type == table)
    found = of.table.columns[column].type
    return next((name for kind, name in _KINDS if isinstance(found, kind)), "text")


def _arrays(table: str, columns: Iterable[str]) -> str:
    return ", ".join(f"CAST(:{name} AS {sql_type(table, name)}[])" for name in columns)


@cache
def _insertion(kind: RecordKind, filled: tuple[str, ...]) -> TextClause:
    of = RECORD_TYPES[kind]
    columns = ("id", *filled)
    fixed = dict.fromkeys(("created_by", *of.fixed))
    names = ", ".join([*columns, *fixed, "updated_at"])
    plain = ", ".join([*(_never_empty(name) for name in columns), *(f":fixed_{name}" for name in fixed), ":now"])
    listed = ", ".join(columns)
    return text(
        f"INSERT INTO {of.object_type} ({names}) SELECT {plain} "  # noqa: S608 - names of our own tables
        f"FROM unnest({_arrays(of.object_type, columns)}) AS t ({listed})"
    )


def _never_empty(column: str) -> str:
    """Columns that are never empty get what they would have had by themselves."""
    return "coalesce(created_at, :now)" if column == "created_at" else column


@cache
def _replacement(kind: RecordKind) -> TextClause:
    of = RECORD_TYPES[kind]
    columns = tuple(name for name in written_columns(of) if name != "created_at")
    sets = ", ".join(f"{name} = t.{name}" for name in columns)
    listed = ", ".join(("id", *columns))
    return text(
        f"UPDATE {of.object_type} SET {sets}, updated_at = :now, row_version = row_version + 1 "  # noqa: S608
        f"FROM unnest({_arrays(of.object_type, ('id', *columns))}) AS t ({listed}) "
        f"WHERE {of.object_type}.id = t.id"
    )


def write_drafts(
    session: Session,
    actor: Actor,
    of: RecordType,
    drafts: Sequence[Draft],
    customs: Mapping[UUID, CustomDefinition],
    *,
    now: datetime,
    batch_id: UUID | None,
    back: bool = False,
) -> None:
    """Write new records and those that differ, and note what changed; `back` is the way back to stages left."""
    new = [draft for draft in drafts if draft.new]
    changed = [(draft, found) for draft in drafts if not draft.new and (found := draft.changes(customs))]
    if new:
        fixed = {f"fixed_{name}": value for name, value in of.fixed.items()}
        # Most files tell of half the fields: what nobody has is not sent.
        filled = tuple(
            name for name in written_columns(of)
            if name == "created_at" or any(draft.now.get(name) is not None for draft in new)
        )  # fmt: skip
        rows = _columns(new, filled)
        session.connection().execute(
            _insertion(of.kind, filled), {**rows, **fixed, "fixed_created_by": actor.actor_id, "now": now}
        )
    if changed:
        rows = _columns([draft for draft, _ in changed], written_columns(of))
        session.connection().execute(_replacement(of.kind), {**rows, "now": now})
    touched = [*new, *(draft for draft, _ in changed)]
    notes: list[tuple[UUID, str, Mapping[str, Any]]] = [(draft.id, "created", {}) for draft in new] + [
        (draft.id, "changed", what) for draft, what in changed
    ]
    write_changes(session, actor, of.object_type, notes, now=now, batch_id=batch_id)
    _write_customs(session, touched)
    _write_tags(session, of.object_type, [draft for draft in touched if draft.tags is not None])
    moved = [draft for draft in touched if draft.moved]
    if moved:
        (return_to_stages if back else move_stages)(session, actor, moved, now)
    _each_word(session, _FIRST_TOKENS, of.object_type, _words_of({draft.id: draft.now for draft in new}))
    _reindex(session, of.object_type, [draft for draft, _ in changed])


def _columns(drafts: Sequence[Draft], names: Iterable[str]) -> dict[str, list[Any]]:
    return {"id": [one.id for one in drafts], **{name: [one.now.get(name) for one in drafts] for name in names}}


def write_changes(
    session: Session,
    actor: Actor,
    object_type: str,
    notes: Sequence[tuple[UUID, str, Mapping[str, Any]]],
    *,
    now: datetime,
    batch_id: UUID | None = None,
) -> None:
    """Note one act on each of these records."""
    if not notes:
        return
    session.connection().execute(
        _CHANGES,
        {
            "ids": [new_id() for _ in notes],
            "objects": [object_id for object_id, _, _ in notes],
            "acts": [act for _, act, _ in notes],
            "changes": [json.dumps(what).replace("\\u0000", "") for _, _, what in notes],
            "type": object_type,
            "kind": actor.kind,
            "actor": actor.actor_id,
            "name": actor.name[:200],
            "now": now,
            "batch": batch_id,
        },
    )


def index(session: Session, object_type: str, records: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Make records found by these words, beside those they are found by already."""
    _each_word(session, _TOKENS, object_type, _words_of(records))


def _words_of(records: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, Collection[str]]:
    return {one: record_words(record) for one, record in records.items()}


def _reindex(session: Session, object_type: str, drafts: Sequence[Draft]) -> None:
    """Words that changed records have no more, and those they have from now on."""
    gone: dict[UUID, Collection[str]] = {}
    come: dict[UUID, Collection[str]] = {}
    for draft in drafts:
        before, after = record_words(draft.before), record_words(draft.now)
        if before != after:
            gone[draft.id], come[draft.id] = before - after, after - before
    _each_word(session, _LOST_TOKENS, object_type, gone)
    _each_word(session, _TOKENS, object_type, come)


def _each_word(
    session: Session, statement: TextClause, object_type: str, words: Mapping[UUID, Collection[str]]
) -> None:
    """One text a record: the driver writes few long texts much faster than many short ones."""
    told = {object_id: _BETWEEN.join(some) for object_id, some in words.items() if some}
    if told:
        given = {"type": object_type, "ids": list(told), "words": list(told.values()), "between": _BETWEEN}
        session.connection().execute(statement, given)


def unindex(session: Session, object_type: str, ids: Collection[UUID]) -> None:
    """Make records found no more."""
    if ids:
        session.connection().execute(
            text("DELETE FROM search_token WHERE object_type = :type AND object_id = ANY(:ids)"),
            {"type": object_type, "ids": list(ids)},
        )


def _write_customs(session: Session, drafts: Sequence[Draft]) -> None:
    values = [(field_id, one.id, value) for one in drafts for field_id, value in one.customs.items()]
    if not values:
        return
    fields, objects = [one[0] for one in values], [one[1] for one in values]
    session.connection().execute(_FORGET_VALUES, {"fields": fields, "objects": objects})
    kept = [(field_id, object_id, value) for field_id, object_id, value in values if value is not None]
    if kept:
        session.connection().execute(
            _VALUES,
            {
                "fields": [one[0] for one in kept],
                "objects": [one[1] for one in kept],
                "texts": [one[2].text for one in kept],
                "norms": [one[2].text_norm for one in kept],
                "numbers": [one[2].number for one in kept],
                "times": [one[2].at for one in kept],
            },
        )


def _write_tags(session: Session, object_type: str, drafts: Sequence[Draft]) -> None:
    if drafts:
        set_tags(session, object_type, {draft.id: draft.tags or () for draft in drafts})


def set_tags(session: Session, object_type: str, wanted: Mapping[UUID, Sequence[str]]) -> None:
    """Give each record exactly these tags; words that nobody has used yet become tags."""
    names = {name_norm(name): name for tags in wanted.values() for name in tags}
    ids: dict[str, UUID] = {}
    if names:
        given = {"ids": [new_id() for _ in names], "names": [names[one] for one in sorted(names)]}
        session.connection().execute(_TAGS, {**given, "norms": sorted(names)})
        found = session.connection().execute(
            text("SELECT name_norm, id FROM tag WHERE name_norm = ANY(:norms)"), {"norms": sorted(names)}
        )
        ids = {row[0]: row[1] for row in found}
    session.connection().execute(
        text("DELETE FROM record_tag WHERE object_type = :type AND object_id = ANY(:objects)"),
        {"type": object_type, "objects": list(wanted)},
    )
    pairs = [(ids[name_norm(name)], object_id) for object_id, tags in wanted.items() for name in tags]
    if pairs:
        session.connection().execute(
            _RECORD_TAGS, {"type": object_type, "tags": [one[0] for one in pairs], "objects": [one[1] for one in pairs]}
        )


_CHANGES = text(
    "INSERT INTO record_change (id, object_type, object_id, act, changes, actor_kind, actor_id, actor_name, at, "
    "batch_id) SELECT id, :type, object, act, CAST(what AS jsonb), :kind, CAST(:actor AS uuid), :name, :now, "
    "CAST(:batch AS uuid) FROM unnest(CAST(:ids AS uuid[]), CAST(:objects AS uuid[]), CAST(:acts AS text[]), "
    "CAST(:changes AS text[])) AS t (id, object, act, what)"
)
_BETWEEN = "\x1f"
_WORDS = (
    "unnest(CAST(:words AS text[]), CAST(:ids AS uuid[])) AS t (words, id), "
    "unnest(string_to_array(words, :between)) AS word"
)
# Sorted, so that two batches never wait for each other in a ring.
_INDEX = (
    f"INSERT INTO search_token (token, object_type, object_id) SELECT word, :type, id FROM {_WORDS} "  # noqa: S608
    "ORDER BY word, id"
)
_FIRST_TOKENS, _TOKENS = text(_INDEX), text(f"{_INDEX} ON CONFLICT DO NOTHING")
_LOST_TOKENS = text(
    f"DELETE FROM search_token USING {_WORDS} WHERE search_token.token = word "  # noqa: S608
    "AND search_token.object_type = :type AND search_token.object_id = t.id"
)
_FORGET_VALUES = text(
    "DELETE FROM custom_value USING unnest(CAST(:fields AS uuid[]), CAST(:objects AS uuid[])) AS t (field, object) "
    "WHERE custom_value.field_id = t.field AND custom_value.object_id = t.object"
)
_VALUES = text(
    "INSERT INTO custom_value (field_id, object_id, text, text_norm, number, at) SELECT * FROM "
    "unnest(CAST(:fields AS uuid[]), CAST(:objects AS uuid[]), CAST(:texts AS text[]), CAST(:norms AS text[]), "
    "CAST(:numbers AS float8[]), CAST(:times AS timestamptz[]))"
)
_TAGS = text(
    "INSERT INTO tag (id, name, name_norm) SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), "
    "CAST(:norms AS text[])) ON CONFLICT DO NOTHING"
)
_RECORD_TAGS = text(
    "INSERT INTO record_tag (tag_id, object_type, object_id) SELECT tag, :type, object "
    "FROM unnest(CAST(:tags AS uuid[]), CAST(:objects AS uuid[])) AS t (tag, object) ON CONFLICT DO NOTHING"
)
