"""Own product analytics: how often each member used each handler in each hour, and nothing about what was in it.

Counted in memory, so that counting costs a click nothing; written every ten seconds by one statement a tenant. A killed
process loses at most those ten seconds.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from salescompass.identity.actor import Actor
from salescompass.identity.flags import flag_on
from salescompass.kit.clock import now
from salescompass.kit.database import tenant_session

log = logging.getLogger(__name__)

FLUSH_SECONDS = 10
_MOST_WAITING = 50_000
_LONGEST_HANDLER = 100

Use = tuple[UUID, UUID, str, datetime]  # tenant, member, handler, hour

_lock = threading.Lock()
_waiting: Counter[Use] = Counter()


def count(actor: Actor, handler: str, *, at: datetime | None = None) -> None:
    """One use of a handler by a member. Keys and the system are not counted."""
    if actor.member_id is None:
        return
    hour = (at or now()).replace(minute=0, second=0, microsecond=0)
    use = (actor.tenant_id, actor.member_id, handler[:_LONGEST_HANDLER], hour)
    with _lock:
        if use in _waiting or len(_waiting) < _MOST_WAITING:
            _waiting[use] += 1


def flush_usage() -> int:
    """Write what has been counted. Returns how many counters; those of a tenant that fails wait for the next time."""
    with _lock:
        taken = dict(_waiting)
        _waiting.clear()
    tenants: dict[UUID, list[tuple[Use, int]]] = {}
    for use, n in taken.items():
        tenants.setdefault(use[0], []).append((use, n))
    written = 0
    for tenant_id, uses in tenants.items():
        try:
            if flag_on(tenant_id, "usage_counters"):
                _write(tenant_id, uses)
                written += len(uses)
        except Exception:
            log.warning("usage: %d counters wait for the next time", len(uses), exc_info=True)
            with _lock:
                _waiting.update(dict(uses))
    return written


def _write(tenant_id: UUID, uses: list[tuple[Use, int]]) -> None:
    uses.sort()  # in one order, so that two processes never wait for each other in a circle
    with tenant_session(tenant_id) as session:
        session.connection().execute(
            text(
                "INSERT INTO usage_counter (membership_id, handler, hour, n) "
                "SELECT * FROM unnest(CAST(:members AS uuid[]), CAST(:handlers AS text[]), "
                "CAST(:hours AS timestamptz[]), CAST(:counts AS bigint[])) "
                "ON CONFLICT (tenant_id, membership_id, handler, hour) DO UPDATE SET n = usage_counter.n + excluded.n"
            ),
            {
                "members": [use[1] for use, _ in uses],
                "handlers": [use[2] for use, _ in uses],
                "hours": [use[3] for use, _ in uses],
                "counts": [n for _, n in uses],
            },
        )
