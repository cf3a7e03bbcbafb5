"""The demo tenant: made on the first start, so that there is something to sign in to."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from salescompass.cli.output import say
from salescompass.kit.kept import made_once

SLUG, NAME = "demo", "Halden Supply"
_PEOPLE = (
    ("admin@demo.example", "Anna Snelling", "admin"),
    ("marketer@demo.example", "Mira Sand", "marketer"),
    ("manager@demo.example", "Max Oldenburg", "manager"),
    ("rep@demo.example", "Rosa Lind", "rep"),
)
_ACCOUNTS, _EVENTS, _SEED = 60, 6000, 1
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class DemoUser:
    """Somebody of the demo tenant and the password they were given."""

    email: str
    name: str
    role: str
    password: str


def ensure_demo(data: Path, *, wanted: bool) -> list[DemoUser]:
    """The demo users, made now if nobody has any tenant yet; none when there is no demo tenant.

    Passwords are kept before anything is made, and each step is skipped when it is done: a start that was
    killed half-way is completed by the next.
    """
    from salescompass import identity

    slugs = {tenant.slug for tenant in identity.all_tenants()}
    kept = data / "demo-users"
    if SLUG in slugs and not kept.exists():
        return []
    if SLUG not in slugs and (slugs or not wanted):
        return []
    users = [DemoUser(**row) for row in json.loads(made_once(kept, _new_users))]
    if SLUG not in slugs:
        first = users[0]
        identity.create_tenant(
            name=NAME, slug=SLUG, admin_email=first.email, admin_password=first.password, admin_name=first.name
        )
    _complete(users)
    if wanted:
        _fill()
    return users


def _complete(users: list[DemoUser]) -> None:
    from salescompass import identity
    from salescompass.kit.database import tenant_session

    tenant_id = identity.tenant_by_slug(SLUG).tenant_id
    with tenant_session(tenant_id) as session:
        there = {member.email for member in identity.members(session)}
    if len(there) > 1:
        # Once the second user is there the demo is complete, or somebody has changed it.
        return
    with tenant_session(tenant_id) as session:
        for user in users:
            if user.email not in there:
                identity.create_user(session, email=user.email, password=user.password, role=user.role, name=user.name)


def _fill() -> None:
    """A year of events, so that a new user sees life at once; one that was interrupted is completed."""
    from salescompass import demo, identity
    from salescompass.kit import database

    tenant = identity.tenant_by_slug(SLUG)
    if demo.is_due(tenant.tenant_id):
        say("Filling the demo tenant ...")
        demo.bring_in(tenant, accounts=_ACCOUNTS, events=_EVENTS, seed=_SEED)
        database.dispose()


def _new_users() -> str:
    def password() -> str:
        return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))

    rows = [{"email": email, "name": name, "role": role, "password": password()} for email, name, role in _PEOPLE]
    return json.dumps(rows)


def told(users: list[DemoUser], address: str) -> str:
    """What is printed at every start."""
    width = max(len(user.email) for user in users)
    lines = [f"  {user.email:<{width}}  {user.password}  ({user.role})" for user in users]
    return "\n".join([f"Demo tenant {NAME}: sign in at {address}/sign-in", *lines, "  (passwords as first given)"])
