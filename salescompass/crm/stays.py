"""How long deals were in which stage: a row for each stay, open for the stage a deal is in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.drafts import Draft
from salescompass.identity import Actor
from salescompass.kit.ids import new_id


def move_stages(session: Session, actor: Actor, drafts: Sequence[Draft], now: datetime) -> None:
    """Note the stage that each deal has left and the one it has entered."""
    session.connection().execute(_LEAVE, {"ids": [one.id for one in drafts if not one.new], "now": now})
    session.connection().execute(
        _ENTER,
        {
            "ids": [new_id() for _ in drafts],
            "deals": [one.id for one in drafts],
            "stages": [one.now["stage_id"] for one in drafts],
            "times": [one.now["stage_entered_at"] for one in drafts],
            "by": actor.member_id,
        },
    )


def return_to_stages(session: Session, actor: Actor, drafts: Sequence[Draft], now: datetime) -> None:
    """Forget that these deals have left the stage they are back in; a deal of another past enters it anew."""
    ids = [one.id for one in drafts]
    stages = [one.now["stage_id"] for one in drafts]
    back = session.connection().execute(_RETURN, {"deals": ids, "stages": stages}).all()
    since = {row.opportunity_id: row.entered_at for row in back}
    move_stages(session, actor, [one for one in drafts if one.id not in since], now)
    session.connection().execute(
        text(
            "UPDATE opportunity SET stage_entered_at = t.at "
            "FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS t (id, at) WHERE opportunity.id = t.id"
        ),
        {"ids": list(since), "times": list(since.values())},
    )


_LEAVE = text(
    "UPDATE stage_history SET left_at = greatest(:now, entered_at) WHERE opportunity_id = ANY(:ids) AND left_at IS NULL"
)
_ENTER = text(
    "INSERT INTO stage_history (id, opportunity_id, stage_id, entered_at, moved_by) "
    "SELECT id, deal, stage, at, CAST(:by AS uuid) FROM unnest(CAST(:ids AS uuid[]), CAST(:deals AS uuid[]), "
    "CAST(:stages AS uuid[]), CAST(:times AS timestamptz[])) AS t (id, deal, stage, at)"
)
_RETURN = text(
    "WITH last AS (SELECT DISTINCT ON (h.opportunity_id) h.opportunity_id, h.id, h.stage_id, h.entered_at "
    "  FROM stage_history h WHERE h.opportunity_id = ANY(:deals) AND h.left_at IS NOT NULL "
    "  ORDER BY h.opportunity_id, h.left_at DESC, h.id DESC), "
    "meant AS (SELECT last.* FROM last JOIN unnest(CAST(:deals AS uuid[]), CAST(:stages AS uuid[])) AS t (deal, stage) "
    "  ON t.deal = last.opportunity_id AND t.stage = last.stage_id), "
    "gone AS (DELETE FROM stage_history h USING meant "
    "  WHERE h.opportunity_id = meant.opportunity_id AND h.left_at IS NULL) "
    "UPDATE stage_history h SET left_at = NULL FROM meant WHERE h.id = meant.id "
    "RETURNING h.opportunity_id, h.entered_at"
)
