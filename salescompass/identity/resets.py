"""A new password: by a link for those who forgot theirs, by the old one for those who know it."""

from __future__ import annotations

from sqlmodel import Session, select

from salescompass.identity import audit
from salescompass.identity.accounts import has_password
from salescompass.identity.actor import Actor
from salescompass.identity.devices import remember_device
from salescompass.identity.directory import address, user_by_norm
from salescompass.identity.hashing import hash_password
from salescompass.identity.homes import Home, home_of
from salescompass.identity.links import open_link, use_link
from salescompass.identity.members import MAIL
from salescompass.identity.networks import network
from salescompass.identity.passwords import accepted_password
from salescompass.identity.revocation import end_user_sessions
from salescompass.kit import jobs
from salescompass.kit.clock import now as present
from salescompass.kit.database import system_session, tenant_session
from salescompass.kit.errors import Denied, Invalid
from salescompass.kit.rate_limit import Limit, enforce, seconds_to_wait
from salescompass.models import User

PER_NETWORK = Limit("reset", 30, 3600)
PER_ADDRESS = Limit("reset-address", 5, 3600)
_TRIES = Limit("password-change", 10, 600)


def request_reset(email: str, ip: str) -> None:
    """Send a link, if somebody with this address can sign in. The caller learns nothing either way."""
    send_reset(ask_for_reset(email, ip))


def ask_for_reset(email: str, ip: str) -> str:
    """The part whose outcome may be told: Invalid for what is no address, TooMany for too many. Returns the address."""
    norm = address(email).norm
    enforce(PER_NETWORK, network(ip))
    return norm


def send_reset(norm: str) -> None:
    """The part that depends on who has an account: a door does it after its answer, so that its time says nothing."""
    if seconds_to_wait(PER_ADDRESS, norm):
        return
    with system_session() as system:
        user = user_by_norm(system, norm)
        home = home_of(system, user.id) if user else None
    if home is None:
        return
    with tenant_session(home.tenant_id) as session:
        jobs.put(session, MAIL, {"letter": "reset", "user_id": str(home.user_id), "name": home.name})
        audit.record(session, _own(home), "password.reset_requested", object_type="member", object_id=home.member_id)


def reset_password(token: str | None, password: str, *, device: str | None = None) -> str:
    """Set a new password by a link. Every session everywhere ends. Returns the device's cookie.

    The browser that held the link becomes a known device: so an owner whom a stranger's guesses keep waiting gets in.
    """
    with system_session() as system:
        link = open_link(system, "reset", token)
    stored = hash_password(accepted_password(password, about=(link.email, link.name)))
    now = present()
    with system_session() as system:
        use_link(system, link, "reset", now=now)
        user = system.exec(select(User).where(User.id == link.user_id).with_for_update()).one()
        user.password_hash, user.password_changed_at = stored, now
        user.failed_sign_ins, user.retry_at = 0, None
        system.add(user)
        end_user_sessions(system, user.id)
        device_token = remember_device(system, user.id, device, now=now)
        home = home_of(system, user.id)
        if home is not None:
            with tenant_session(home.tenant_id) as session:
                audit.record(session, _own(home), "password.reset", object_type="member", object_id=home.member_id)
    return device_token


def change_password(session: Session, actor: Actor, *, current: str, new: str) -> None:
    """Change one's own password. Every session but the present one ends, in every tenant."""
    if actor.user_id is None or actor.member_id is None:
        raise Denied("Only members have a password")
    enforce(_TRIES, str(actor.user_id))
    with system_session() as system:
        user = system.get_one(User, actor.user_id)
    if not has_password(user.password_hash, current):
        raise Invalid("This is not your present password", field="current")
    stored = hash_password(accepted_password(new, about=(user.email, user.name), field="new"))
    with system_session() as system:
        row = system.exec(select(User).where(User.id == actor.user_id).with_for_update()).one()
        row.password_hash, row.password_changed_at = stored, present()
        system.add(row)
        end_user_sessions(system, row.id, but=actor.session_id)
    audit.record(session, actor, "password.changed", object_type="member", object_id=actor.member_id)


def _own(home: Home) -> Actor:
    return Actor(home.tenant_id, home.name, "member", member_id=home.member_id)
