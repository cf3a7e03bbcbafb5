"""Taking an import back: records first, then what was made for them."""

from __future__ import annotations

import time
from uuid import UUID

from salescompass import crm, identity
from salescompass.imports import batches
from salescompass.imports.stages import take_back_stages
from salescompass.kit import clock
from salescompass.kit.database import tenant_session


def undo_some(tenant_id: UUID, batch_id: UUID, until: float) -> bool:
    """Take back some of what an import did, the latest first. True when all of it was looked at."""
    while True:
        with tenant_session(tenant_id) as session:
            row = batches.row_of(session, batch_id, lock=True)
            if row.state != "undoing":
                return True
            actor = batches.actor_of(session, row)
            done = crm.undo_batch(session, actor, batch_id=batch_id)
            told = row.counts.get("undone", {"undone": 0, "kept": 0})
            told = {"undone": told["undone"] + done.undone, "kept": told["kept"] + done.kept}
            if not done.more:
                beside = batches.beside_id(batch_id)
                for n_undone, n_kept in (
                    take_back_stages(session, beside),
                    identity.take_members_back(session, actor, batch_id=beside),
                ):
                    told = {"undone": told["undone"] + n_undone, "kept": told["kept"] + n_kept}
            row.counts = {**row.counts, "undone": told}
            session.add(row)
            session.flush()
            if not done.more:
                batches.move(session, batch_id, "undone", of=("undoing",), now=clock.now())
                return True
        if time.monotonic() > until:
            return False
