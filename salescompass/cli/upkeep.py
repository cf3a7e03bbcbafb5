"""What is done once a day as the database's owner."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

_ORPHANS = (
    # A reference into the ledger carries (event_id, occurred_at) without a foreign key, so it is counted here.
    "SELECT count(*) FROM event_key k WHERE NOT EXISTS (SELECT 1 FROM event e"
    " WHERE e.tenant_id = k.tenant_id AND e.occurred_at = k.occurred_at AND e.id = k.event_id)",
)


def keep_up() -> dict[str, Any]:
    """Make the partitions of the coming months and count references that lead nowhere."""
    from salescompass.kit import partitions
    from salescompass.kit.database import owner_engine

    with owner_engine().begin() as connection:
        made = partitions.ensure(connection, datetime.now(UTC).date())
        return {"partitions": made, "orphans": orphans(connection)}


def orphans(connection: Connection) -> int:
    """How many references into the ledger lead nowhere."""
    return sum(connection.execute(text(statement)).scalar_one() for statement in _ORPHANS)
