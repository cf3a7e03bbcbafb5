"""Feature flags: is a feature on for this tenant or member?

A kill beats everything; then comes the tenant's own choice; then the installation's switch with its percentage, which
is sticky: the same member stays on the same side while it grows. Answers come from a snapshot of at most four
seconds, so a kill works everywhere within ten; when the database is away the last snapshot holds, or the default.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from salescompass.identity import audit
from salescompass.identity.actor import Actor
from salescompass.identity.flag_registry import FLAGS, Flag
from salescompass.kit.database import after_commit, owner_engine, session_tenant, tenant_session
from salescompass.kit.errors import Invalid, NotFound, Unavailable
from salescompass.models import FeatureFlag, FlagOverride

log = logging.getLogger(__name__)

FRESH_SECONDS = 4.0
_MOST_TENANTS = 10_000


@dataclass(frozen=True)
class GlobalState:
    """A flag for the whole installation."""

    enabled: bool
    percent: int = 100
    killed: bool = False


@dataclass(frozen=True)
class Snapshot:
    """All that is set for one tenant, as of a moment."""

    states: Mapping[str, GlobalState] = field(default_factory=dict)
    overrides: Mapping[str, bool] = field(default_factory=dict)
    until: float = 0.0


@dataclass(frozen=True)
class FlagView:
    """A flag as the admin sees it. `choice` is the tenant's own, None when it follows the installation."""

    key: str
    name: str
    does: str
    owner: str
    remove_by: date
    stale: bool
    on: bool
    choice: bool | None
    killed: bool
    percent: int


def evaluate(flag: Flag, snapshot: Snapshot, subject: str) -> bool:
    """Whether the flag is on for a subject."""
    state = snapshot.states.get(flag.key)
    if state is not None and state.killed:
        return False
    if flag.key in snapshot.overrides:
        return snapshot.overrides[flag.key]
    if state is None:
        return flag.default
    return state.enabled and bucket(flag.key, subject) < state.percent * 100


def bucket(key: str, subject: str) -> int:
    """A number from 0 to 9,999 that stays the same for a flag and a subject, and differs between flags."""
    return int.from_bytes(hashlib.sha256(f"{key}:{subject}".encode()).digest()[:8], "big") % 10_000


def flag_on(where: Session | UUID, key: str, member_id: UUID | None = None) -> bool:
    """Is this feature on here? `where` is a session or a tenant's id; with a member the percentage is of members."""
    flag = FLAGS[key]
    tenant_id = where if isinstance(where, UUID) else session_tenant(where)
    return evaluate(flag, _snapshots.of(tenant_id), str(member_id or tenant_id))


def flags(session: Session) -> list[FlagView]:
    """Every flag, with what holds for this tenant now."""
    snapshot, today = _read(session), date.today()
    subject = str(session_tenant(session))
    views = []
    for flag in FLAGS.values():
        state = snapshot.states.get(flag.key, GlobalState(flag.default))
        views.append(
            FlagView(
                flag.key,
                flag.name,
                flag.does,
                flag.owner,
                flag.remove_by,
                flag.remove_by < today,
                evaluate(flag, snapshot, subject),
                snapshot.overrides.get(flag.key),
                state.killed,
                state.percent if state.enabled else 0,
            )
        )
    return views


def stale_flags(today: date | None = None) -> list[Flag]:
    """Flags that should be gone by now."""
    return [flag for flag in FLAGS.values() if flag.remove_by < (today or date.today())]


def set_flag(session: Session, actor: Actor, *, key: str, enabled: bool | None) -> FlagView:
    """The tenant's own choice; None follows the installation again."""
    _known(key)
    tenant_id = session_tenant(session)
    row = session.exec(select(FlagOverride).where(FlagOverride.flag_key == key)).first()
    before = row.enabled if row else None
    if enabled is None:
        if row is not None:
            session.delete(row)
    else:
        row = row or FlagOverride(tenant_id=tenant_id, flag_key=key, enabled=enabled)
        row.enabled = enabled
        session.add(row)
    session.flush()
    detail = {"before": before, "after": enabled}
    audit.record(session, actor, "flag.set", object_type="flag", object_id=key, detail=detail)
    after_commit(session, lambda: _snapshots.forget(tenant_id))
    return next(view for view in flags(session) if view.key == key)


def set_global_flag(
    key: str, *, enabled: bool | None = None, percent: int | None = None, killed: bool | None = None
) -> GlobalState:
    """The operator's switch for the whole installation; what is None stays as it is."""
    flag = _known(key)
    if percent is not None and not 0 <= percent <= 100:
        raise Invalid("Choose from 0 to 100", field="percent")
    values = {"key": key, "enabled": enabled, "percent": percent, "killed": killed, "default": flag.default}
    with owner_engine().begin() as connection:
        row = connection.execute(
            text(
                "INSERT INTO feature_flag (key, enabled, percent, killed) VALUES (:key, "
                "coalesce(:enabled, :default), coalesce(:percent, 100), coalesce(:killed, false)) "
                "ON CONFLICT (key) DO UPDATE SET enabled = coalesce(:enabled, feature_flag.enabled), "
                "percent = coalesce(:percent, feature_flag.percent), "
                "killed = coalesce(:killed, feature_flag.killed), updated_at = now() "
                "RETURNING enabled, percent, killed"
            ),
            values,
        ).one()
    log.warning("flag %s set for the installation: %s", key, dict(row._mapping))
    return GlobalState(row.enabled, row.percent, row.killed)


def _known(key: str) -> Flag:
    if key not in FLAGS:
        raise NotFound("There is no such flag", field="key")
    return FLAGS[key]


def _read(session: Session) -> Snapshot:
    states = {
        row.key: GlobalState(row.enabled, row.percent, row.killed) for row in session.exec(select(FeatureFlag)).all()
    }
    overrides = {row.flag_key: row.enabled for row in session.exec(select(FlagOverride)).all()}
    return Snapshot(states, overrides, time.monotonic() + FRESH_SECONDS)


class _Snapshots:
    """The latest snapshot of each tenant, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[UUID, Snapshot] = OrderedDict()

    def of(self, tenant_id: UUID) -> Snapshot:
        """A snapshot that is fresh, or as fresh as can be had."""
        kept = self._kept.get(tenant_id)
        if kept is not None and kept.until > time.monotonic():
            return kept
        try:
            with tenant_session(tenant_id) as session:
                fresh = _read(session)
        except (SQLAlchemyError, Unavailable, OSError):
            log.warning("flags: the database is away, going on with what was known", exc_info=True)
            old = kept or Snapshot()
            fresh = Snapshot(old.states, old.overrides, time.monotonic() + FRESH_SECONDS)
        with self._lock:
            self._kept[tenant_id] = fresh
            self._kept.move_to_end(tenant_id)
            while len(self._kept) > _MOST_TENANTS:
                self._kept.popitem(last=False)
        return fresh

    def forget(self, tenant_id: UUID) -> None:
        """Ask the database next time."""
        with self._lock:
            self._kept.pop(tenant_id, None)


_snapshots = _Snapshots()
