"""A tenant of `tests/world.py` whose records are all a colleague's and say so, and a member who must not see them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.database import owner_engine, tenant_session
from tests import world as worlds
from tests.world import PASSWORD, World, own_address

VEIL = "veiled"
RECORDS = ("account", "person", "opportunity", "note", "custom_value", "record_tag", "opportunity_person", "action")
# What nobody owns goes with its account: so it is in one of the two tenants.
_OWNER = "CASE WHEN account_id IS NULL OR :owned THEN CAST(:owner AS uuid) END"
_MARKS = (
    "UPDATE account SET owner_id = :owner, name = :veil || name, city = :veil, domain_norm = :veil || domain_norm",
    f"UPDATE person SET owner_id = {_OWNER}, name = :veil || name, email = :veil || email",  # noqa: S608
    f"UPDATE opportunity SET owner_id = {_OWNER}, name = :veil || name",  # noqa: S608
    "UPDATE note SET body = :veil || body",
    "UPDATE note_version SET body = :veil || body",
    "UPDATE action SET title = :veil || title",
    "UPDATE event SET properties = properties || jsonb_build_object('document', CAST(:veil AS text))",
    'UPDATE record_change SET changes = \'{"city": [null, "veiled"]}\'',
)


def build(level: str) -> World:
    """A world whose records are marked and a colleague's; `narrow` has this level for every kind of record."""
    world = worlds.build("canary")
    actor = world.actor
    with world.session() as session:
        role = identity.save_role(session, actor, key=None, name="Narrow", permissions=sorted(identity.PERMISSIONS))
        levels = dict.fromkeys(("account", "person", "opportunity"), level)
        identity.set_role_scope(session, actor, key=role.key, levels=levels)
        email = f"narrow@{world.slug}.example"
        member = identity.create_user(session, email=email, password=PASSWORD, role="rep", name="Narrow")
        identity.set_roles(session, actor, member_id=member.id, role_keys=[role.key])
        identity.save_team(session, actor, team_id=None, name="Elsewhere", member_ids=[member.id])
    with owner_engine().begin() as connection:
        for mark in _MARKS:
            given = {
                "owner": world.ids["colleague"],
                "veil": f"{VEIL} ",
                "tenant": world.tenant_id,
                "owned": level == "own",
            }
            owned = " AND object_type <> 'product'" if " record_change " in mark else ""
            connection.execute(text(f"{mark} WHERE tenant_id = :tenant{owned}"), given)
    return world


@cache
def _token(slug: str) -> str:
    return identity.sign_in(
        email=f"narrow@{slug}.example", password=PASSWORD, ip=own_address(), user_agent="narrow", device=None
    ).token


def narrow(world: World) -> Actor:
    """Who may do everything, and sees records of their own or of their team only, of which there are none."""
    found = identity.authenticate(_token(world.slug))
    assert found is not None
    return found


@cache
def _key(tenant_id: UUID, slug: str) -> str:
    actor = identity.authenticate(_token(slug))
    assert actor is not None
    with tenant_session(tenant_id) as session:
        return identity.create_key(session, actor, name=f"narrow {uuid4()}", scopes=["*"]).key


def through_their_eyes(world: World) -> World:
    """The same tenant with their session and a key that they made."""
    token = _token(world.slug)
    return replace(world, token=token, phone=token, key=_key(world.tenant_id, world.slug))


def fingerprint(session: Session) -> list[str]:
    """Every marked record with what hangs on it, as it stands."""
    parts = [
        f"SELECT md5(coalesce(string_agg(row, '|' ORDER BY row), '')) "  # noqa: S608 - tables of ours
        f"FROM (SELECT (to_jsonb(t) - ARRAY['updated_at'])::text AS row FROM {table} t) r WHERE row LIKE '%{VEIL}%'"
        for table in RECORDS
    ]
    return list(session.connection().execute(text(" UNION ALL ".join(parts))).scalars())
