"""Browsers we know: a name for people, and a cookie that keeps strangers' failures apart from the owner's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from salescompass.identity.tokens import new_token, plausible, token_hash
from salescompass.kit.ids import new_id
from salescompass.models import Device

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """`Firefox on Windows`, as far as the browser says."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "Unknown device"


def known_device(system: Session, user_id: UUID, token: str | None, *, lock: bool = False) -> Device | None:
    """The device this cookie stands for, if it has signed this very person in before."""
    if not plausible(token):
        return None
    query = select(Device).where(Device.token_hash == token_hash(str(token)), Device.user_id == user_id)
    return system.exec(query.with_for_update() if lock else query).first()


def remember_device(system: Session, user_id: UUID, token: str | None, *, now: datetime) -> str:
    """The cookie of this device: the one it has when it is known for this person, else a new one."""
    device = known_device(system, user_id, token)
    if device is not None and token:
        device.failed_sign_ins, device.retry_at, device.last_seen_at = 0, None, now
        system.add(device)
        return token
    fresh = new_token()
    system.add(Device(id=new_id(), user_id=user_id, token_hash=token_hash(fresh), last_seen_at=now))
    system.flush()
    return fresh
