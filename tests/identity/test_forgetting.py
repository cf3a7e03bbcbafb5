"""What can open nothing any more does not stay for ever; what still can is left alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from salescompass import identity
from salescompass.kit import clock
from salescompass.kit.database import system_session
from tests import world


def _sessions(tenant_id: UUID) -> int:
    with system_session() as session:
        query = text("SELECT count(*) FROM session WHERE tenant_id = :tenant")
        return int(session.connection().execute(query, {"tenant": tenant_id}).scalar() or 0)


def test_ended_sessions_go_after_a_month_and_living_ones_stay(servers: dict[str, str]) -> None:
    w = world.build("elder", bare=True)
    identity.sign_out(w.phone)
    now = clock.now()
    identity.forget_ended(now=now + timedelta(days=29))
    assert _sessions(w.tenant_id) == 2
    identity.forget_ended(now=now + timedelta(days=31) - timedelta(minutes=1))
    assert _sessions(w.tenant_id) == 1
    assert identity.authenticate(w.token) is not None


def test_a_link_and_a_browser_are_forgotten_in_their_time(servers: dict[str, str]) -> None:
    w = world.build("linked", bare=True)
    who = {"email": w.email}

    def kept(table: str) -> int:
        query = text(f'SELECT count(*) FROM {table} t JOIN "user" u ON u.id = t.user_id WHERE u.email_norm = :email')  # noqa: S608
        with system_session() as session:
            return int(session.connection().execute(query, who).scalar() or 0)

    assert kept("device") > 0
    identity.forget_ended(now=clock.now() + timedelta(days=360))
    assert kept("device") > 0
    identity.forget_ended(now=clock.now() + timedelta(days=366))
    assert kept("device") == 0
