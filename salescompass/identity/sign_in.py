"""Signing in: limits first, one hash for everybody, and the same answer for every reason to refuse."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from salescompass.identity import audit
from salescompass.identity.actor import system_actor
from salescompass.identity.devices import known_device, remember_device
from salescompass.identity.directory import address, user_by_norm
from salescompass.identity.hashing import check_password
from salescompass.identity.homes import home_of
from salescompass.identity.networks import network
from salescompass.identity.passwords import LONGEST, normalised, storable
from salescompass.identity.sessions import SignedIn, authenticate, begin_session
from salescompass.identity.throttle import FREE_ATTEMPTS, one_more, seconds_left, wait_after
from salescompass.kit.clock import now as present
from salescompass.kit.database import system_session, tenant_session
from salescompass.kit.errors import Invalid, TooMany, Unauthenticated
from salescompass.kit.rate_limit import Limit, Tally, enforce, seconds_to_wait, still_open
from salescompass.models import Device, User

REFUSED = "Email or password is wrong, or the account is closed"
_WAIT = "Too many attempts. Wait a moment, or reset your password"

ATTEMPTS = Limit("sign-in", 300, 60)
FAILURES = (Limit("sign-in-failures", 100, 60), Limit("sign-in-failures-hour", 1000, 3600))
_STRANGERS = Tally("strangers", 24 * 3600)


@dataclass(frozen=True)
class _Candidate:
    """What one look at the database says about an attempt, before any hashing."""

    user: User | None
    attempts: int


def sign_in(*, email: str, password: str, ip: str, user_agent: str, device: str | None = None) -> SignedIn:
    """A new session for the right password. Raises Unauthenticated, the same for every reason, or TooMany."""
    enforce(ATTEMPTS, network(ip), _WAIT)
    for limit in FAILURES:
        still_open(limit, network(ip), _WAIT)
    now = present()
    if not email.strip() or not password or len(password) > 4 * LONGEST or not storable(password):
        raise Unauthenticated(REFUSED, field="email")
    found = _count_attempt(email, device, now)
    fits, better = check_password(normalised(password), found.user.password_hash if found.user else None)
    if found.user is None or not fits:
        for limit in FAILURES:
            seconds_to_wait(limit, network(ip))
        _report(found, ip)
        raise Unauthenticated(REFUSED, field="email")
    return _let_in(found.user, better, ip=ip, user_agent=user_agent, device=device, now=now)


def _count_attempt(email: str, device: str | None, now: datetime) -> _Candidate:
    """Count before hashing. Raises TooMany while this address, from this kind of device, must wait."""
    try:
        norm = address(email).norm
    except Invalid:
        return _count_stranger(email)
    with system_session() as system:
        user = user_by_norm(system, norm)
        if user is None:
            return _count_stranger(norm)
        row: Device | User | None = known_device(system, user.id, device, lock=True)
        if row is None:
            system.refresh(user, with_for_update=True)
            row = user
        seconds = seconds_left(row.retry_at, now=now)
        if seconds:
            raise TooMany(_WAIT, retry_after=seconds)
        row.failed_sign_ins, row.retry_at = one_more(row.failed_sign_ins, row.retry_at, now=now)
        system.add(row)
        return _Candidate(user, row.failed_sign_ins)


def _count_stranger(norm: str) -> _Candidate:
    """An address nobody has waits exactly as one that somebody has, so that waiting says nothing."""
    key = hashlib.sha256(norm.encode("utf-8", "surrogatepass")).hexdigest()
    seconds = _STRANGERS.closed_for(key)
    if seconds:
        raise TooMany(_WAIT, retry_after=seconds)
    attempts = _STRANGERS.add(key)
    wait = wait_after(attempts).total_seconds()
    if wait:
        _STRANGERS.close(key, wait)
    return _Candidate(None, attempts)


def _let_in(user: User, better: str | None, *, ip: str, user_agent: str, device: str | None, now: datetime) -> SignedIn:
    with system_session() as system:
        home = home_of(system, user.id)
        if home is None:
            raise Unauthenticated(REFUSED, field="email")
        _clear(system, user.id, device, better, now)
        device_token = remember_device(system, user.id, device, now=now)
        begun = begin_session(system, home, user_agent=user_agent, ip=ip, action="session.signed_in")
    actor = authenticate(begun)
    if actor is None:
        raise Unauthenticated(REFUSED, field="email")
    return SignedIn(begun, device_token, actor)


def _clear(system: Session, user_id: UUID, device: str | None, better: str | None, now: datetime) -> None:
    """A success clears the count it was made under, and only that: a known device says nothing about strangers."""
    user = system.exec(select(User).where(User.id == user_id).with_for_update()).one()
    if known_device(system, user_id, device) is None:
        user.failed_sign_ins, user.retry_at = 0, None
    if better:
        user.password_hash = better
    user.last_sign_in_at = now
    system.add(user)


def _report(found: _Candidate, ip: str) -> None:
    """One line in the trail when somebody begins to be kept waiting, not one for every guess."""
    if found.user is None or found.attempts != FREE_ATTEMPTS:
        return
    with system_session() as system:
        home = home_of(system, found.user.id)
    if home is None:
        return
    with tenant_session(home.tenant_id) as session:
        audit.record(
            session,
            system_actor(home.tenant_id),
            "session.throttled",
            object_type="member",
            object_id=home.member_id,
            detail={"attempts": found.attempts, "ip": ip},
        )
