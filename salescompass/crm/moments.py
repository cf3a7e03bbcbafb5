"""What happened with records beside their events: notes, deals that went through stages, changes of weight."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass.crm.confiding import Confidence, confided
from salescompass.crm.history import ChangeView, change_views
from salescompass.crm.lists import in_reach
from salescompass.kit.pagination import Page, Position, position
from salescompass.models import RecordChange

MOMENTS = ("note", "stage", "change")
WEIGHTY = ("owner_id", "account_id", "parent_id", "amount_minor", "close_date", "lifecycle", "lead_status")
"""The fields whose changes a timeline tells; a stage is told by the stays in it."""
_ACTS = ["converted", "restored"]
_MOST = 200
_LAST = ("infinity", UUID(int=2**128 - 1))


@dataclass(frozen=True)
class Moment:
    """A note (`text` is its body), a stage entered (`text`, from `before`; None: the deal is new), or a change."""

    kind: str
    id: UUID
    at: datetime
    object_type: str
    object_id: UUID
    who: str
    text: str
    before: str | None = None
    change: ChangeView | None = None


def moments(
    session: Session,
    *,
    objects: Mapping[str, Collection[UUID]],
    kinds: Collection[str] = MOMENTS,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Moment]:
    """A page of moments of these records (ids by type), the latest first; records out of reach are left out."""
    seen = [(name, one) for name, ids in objects.items() for one in sorted(in_reach(session, name, ids))]
    if not seen:
        return Page(())
    limit = max(1, min(limit, _MOST))
    after = position(cursor)
    at, last = (after.at.isoformat(), after.id) if after else _LAST
    rows = session.connection().execute(
        _MOMENTS,
        {
            "types": [name for name, _ in seen],
            "ids": [one for _, one in seen],
            "deals": [one for name, one in seen if name == "opportunity"],
            "kinds": list(kinds),
            "weighty": list(WEIGHTY),
            "acts": _ACTS,
            "at": at,
            "last": last,
            "limit": limit + 1,
            **Confidence.of(session).given(),
        },
    ).all()  # fmt: skip
    shown = rows[:limit]
    changes = _changes(session, [row.id for row in shown if row.kind == "change"])
    found = [replace(Moment(*row), change=changes.get(row.id)) for row in shown]
    more = Position(shown[-1].at, shown[-1].id).cursor() if len(rows) > limit else None
    return Page(tuple(found), more)


def _changes(session: Session, ids: Collection[UUID]) -> dict[UUID, ChangeView]:
    if not ids:
        return {}
    rows = session.exec(select(RecordChange).where(col(RecordChange.id).in_(ids))).all()
    return {one.id: one for one in change_views(session, rows)}


_OBJECTS = "unnest(CAST(:types AS text[]), CAST(:ids AS uuid[])) AS o (type, id)"
_MOMENTS = text(
    "WITH noted AS (SELECT 'note' AS kind, n.id, n.created_at AS at, n.object_type, n.object_id, "  # noqa: S608
    "  coalesce(m.name, '') AS who, n.body AS text, CAST(NULL AS text) AS before "
    f"  FROM {_OBJECTS} JOIN note n ON n.object_type = o.type AND n.object_id = o.id "
    "  LEFT JOIN membership m ON m.id = n.author_id WHERE 'note' = ANY(:kinds) AND n.deleted_at IS NULL "
    f"  AND {confided('n')}), "
    "stays AS (SELECT 'stage', h.id, h.entered_at, 'opportunity', h.opportunity_id, coalesce(m.name, ''), stage.name, "
    "  lag(stage.name) OVER (PARTITION BY h.opportunity_id ORDER BY h.entered_at, h.id) "
    "  FROM stage_history h JOIN stage ON stage.id = h.stage_id LEFT JOIN membership m ON m.id = h.moved_by "
    "  WHERE 'stage' = ANY(:kinds) AND h.opportunity_id = ANY(:deals)), "
    "changed AS (SELECT 'change', c.id, c.at, c.object_type, c.object_id, c.actor_name, '', NULL "
    f"  FROM {_OBJECTS} JOIN record_change c ON c.object_type = o.type AND c.object_id = o.id "
    "  WHERE 'change' = ANY(:kinds) AND (c.act = ANY(:acts) OR jsonb_exists_any(c.changes, :weighty))) "
    "SELECT * FROM (SELECT * FROM noted UNION ALL SELECT * FROM stays UNION ALL SELECT * FROM changed) AS moment "
    "WHERE (at, id) < (CAST(:at AS timestamptz), CAST(:last AS uuid)) ORDER BY at DESC, id DESC LIMIT :limit"
)
