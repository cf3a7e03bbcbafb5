"""API keys: `sc_<prefix>_<secret>`. The prefix is shown in lists; of the whole only the SHA-256 is stored."""

from __future__ import annotations

import secrets
import string
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session, col, select

from salescompass.identity import audit
from salescompass.identity.actor import Actor, system_actor
from salescompass.identity.directory import plain_name
from salescompass.identity.permissions import check_scopes, scope_permissions, scopes_need
from salescompass.identity.roles import may_hand_out
from salescompass.identity.tokens import plausible, token_hash
from salescompass.kit.clock import now as present
from salescompass.kit.database import array, fetch, session_tenant, system_session
from salescompass.kit.errors import Exists, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import ApiKey

_NOTE_USE_EVERY = timedelta(seconds=60)
_LETTERS = string.ascii_letters + string.digits  # no underscore: it parts the three pieces
_MOST = 200


@dataclass(frozen=True)
class NewKey:
    """A key just made: the only time its text is known."""

    id: UUID
    key: str
    prefix: str


@dataclass(frozen=True)
class KeyView:
    """A key as the list shows it. `state` is active, expired or revoked."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    state: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def create_key(
    session: Session, actor: Actor | None, *, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> NewKey:
    """A new key. A member can give it no right that they lack themselves; None is the operator."""
    name, wanted = plain_name(name), check_scopes(scopes)
    by = actor or system_actor(session_tenant(session))
    may_hand_out(by, scopes_need(wanted))
    if expires_at is not None and expires_at <= present():
        raise Invalid("Choose a time in the future", field="expires_at")
    if session.exec(select(ApiKey.id).where(ApiKey.name == name)).first():
        raise Exists(f"There is a key named {name} already", field="name")
    if len(session.exec(select(ApiKey.id).where(col(ApiKey.revoked_at).is_(None))).all()) >= _MOST:
        raise Invalid(f"At most {_MOST} keys: revoke one first", field="name")
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
    key = f"sc_{prefix}_" + "".join(secrets.choice(_LETTERS) for _ in range(43))
    row = ApiKey(
        tenant_id=session_tenant(session),
        id=new_id(),
        name=name,
        prefix=prefix,
        key_hash=token_hash(key),
        scopes=list(wanted),
        expires_at=expires_at,
        created_by=by.member_id,
    )
    session.add(row)
    session.flush()
    detail = {"name": name, "prefix": prefix, "scopes": list(wanted)}
    audit.record(session, by, "key.created", object_type="api_key", object_id=row.id, detail=detail)
    return NewKey(row.id, key, prefix)


def authenticate_key(key: str | None, *, now: datetime | None = None) -> Actor | None:
    """The key's actor; None when it is unknown, expired, revoked or its tenant is shut."""
    return authenticate_keys([key], now=now)[0]


def authenticate_keys(given: Sequence[str | None], *, now: datetime | None = None) -> list[Actor | None]:
    """The actor of each key, with one look-up for all of them."""
    hashes = [token_hash(str(key)) if plausible(key) and str(key).startswith("sc_") else None for key in given]
    wanted = [one for one in hashes if one]
    if not wanted:
        return [None] * len(hashes)
    now = now or present()
    query = (
        "SELECT k.key_hash, k.tenant_id, k.id, k.name, k.scopes, k.last_used_at, t.name AS tenant_name, t.slug "
        "FROM api_key k JOIN tenant t ON t.id = k.tenant_id WHERE k.key_hash = ANY(:hashes) AND k.revoked_at IS NULL "
        "AND (k.expires_at IS NULL OR k.expires_at > :now) AND t.status = 'active'"
    )
    with system_session() as system:
        rows = system.connection().execute(text(query), {"hashes": wanted, "now": now}).all()
        for row in rows:
            if row.last_used_at is None or now - row.last_used_at >= _NOTE_USE_EVERY:
                _note_use(system, row, now)
    actors = {bytes(row.key_hash): _actor(row) for row in rows}
    return [actors.get(one) if one else None for one in hashes]


def keys_in_force(session: Session, key_ids: Collection[UUID]) -> set[UUID]:
    """Those of these keys of the tenant that are neither revoked nor expired, as this transaction sees it."""
    found = fetch(
        session,
        "SELECT id FROM api_key WHERE id = ANY(%s::uuid[]) AND revoked_at IS NULL "
        "AND (expires_at IS NULL OR expires_at > now())",
        (array(key_ids),),
    )
    return {key_id for (key_id,) in found}


def _note_use(system: Session, row: Row[Any], now: datetime) -> None:
    """Several requests at once write it once: the others see it done and skip."""
    system.connection().execute(
        text(
            "UPDATE api_key SET last_used_at = :now WHERE tenant_id = :tenant AND id = :id "
            "AND last_used_at IS NOT DISTINCT FROM :before"
        ),
        {"now": now, "tenant": row.tenant_id, "id": row.id, "before": row.last_used_at},
    )


def _actor(row: Row[Any]) -> Actor:
    return Actor(
        tenant_id=row.tenant_id,
        name=row.name,
        kind="key",
        permissions=scope_permissions(row.scopes),
        scopes=frozenset(row.scopes),
        key_id=row.id,
        tenant_name=row.tenant_name,
        tenant_slug=row.slug,
    )


def keys(session: Session) -> list[KeyView]:
    """All keys of the tenant, the newest first."""
    rows = session.exec(select(ApiKey).order_by(col(ApiKey.created_at).desc(), col(ApiKey.id).desc()).limit(1000)).all()
    return [_view(row, present()) for row in rows]


def revoke_key(session: Session, actor: Actor, *, key_id: UUID) -> KeyView:
    """Make a key useless, at once and for good."""
    row = session.exec(select(ApiKey).where(ApiKey.id == key_id)).first()
    if row is None:
        raise NotFound("There is no such key")
    if row.revoked_at is None:
        row.revoked_at = present()
        session.add(row)
        session.flush()
        audit.record(session, actor, "key.revoked", object_type="api_key", object_id=row.id, detail={"name": row.name})
    return _view(row, present())


def _view(row: ApiKey, now: datetime) -> KeyView:
    expired = row.expires_at is not None and row.expires_at <= now
    state = "revoked" if row.revoked_at else "expired" if expired else "active"
    return KeyView(
        row.id, row.name, row.prefix, tuple(row.scopes), state, row.created_at, row.expires_at, row.last_used_at
    )
