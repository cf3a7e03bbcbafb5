"""The views that come with the product: they can be read, and name whom they say."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from salescompass import conditions, crm, events, identity
from salescompass.catalogue import catalogue
from salescompass.kit import clock
from salescompass.models import Score
from salescompass.vocabulary import RecordKind, Source


def _who(session: Session, name: str) -> set[str]:
    view = next(one for one in crm.shipped_views("accounts") if one.name == name)
    known = catalogue(session)
    tree = conditions.parse(json.loads(view.state["where"]), known, object="account")
    found = session.connection().execute(conditions.matching(tree, catalogue=known, now=clock.now())).scalars()
    return {crm.get_record(session, "accounts", one).name for one in found}


def _account(session: Session, tenant: UUID, name: str, score: float = 0.0, **fields: str) -> UUID:
    actor = identity.system_actor(tenant)
    made = crm.create_record(session, actor, "accounts", {"name": name, **fields}).id
    band = "warm" if score >= 40 else "cold"
    session.add(
        Score(
            tenant_id=tenant,
            subject_kind="account",
            subject_id=made,
            value=score,
            band=band,
            raw=[],
            as_of=clock.now(),
            config_version=1,
        )
    )
    session.flush()
    return made


def _active(session: Session, account_id: UUID, days: list[int]) -> None:
    now = clock.now()
    for back in days:
        body = {
            "type": "page_viewed",
            "account": {"id": str(account_id)},
            "occurred_at": (now - timedelta(days=back)).isoformat(),
        }
        events.record(session, events.read_event(body, now=now), source=Source.API)


def test_every_view_can_be_read_and_told(session: Session) -> None:
    known = catalogue(session)
    for kind in RecordKind:
        for view in crm.shipped_views(kind):
            tree = conditions.parse(json.loads(view.state["where"]), known, object="account")
            assert conditions.explain(tree, catalogue=known)
    assert [one.name for one in crm.shipped_views("accounts")] == [
        "Top engaged",
        "Engaged but no open deal",
        "Gone quiet",
    ]


def test_they_name_whom_they_say(session: Session, tenant: UUID) -> None:
    actor = identity.system_actor(tenant)
    dealing = _account(session, tenant, "Dealing", 60)
    crm.create_record(session, actor, "opportunities", {"name": "Deal", "account_id": str(dealing)})
    _account(session, tenant, "Waiting", 45)
    _account(session, tenant, "Cold", 39.9)
    assert _who(session, "Top engaged") == {"Dealing", "Waiting"}
    assert _who(session, "Engaged but no open deal") == {"Waiting"}


def test_quiet_is_who_is_silent_for_longer_than_ever(session: Session, tenant: UUID) -> None:
    weekly = [40 + 7 * n for n in range(8)]
    _active(session, _account(session, tenant, "Silent"), weekly)
    _active(session, _account(session, tenant, "Former", lifecycle="former"), weekly)
    _active(session, _account(session, tenant, "Monthly"), [25, 55, 85, 115, 145])
    _active(session, _account(session, tenant, "New"), [4, 5, 6, 7, 8])
    _active(session, _account(session, tenant, "Lively"), [0, 3, 6, 9, 12, 15, 18])
    assert _who(session, "Gone quiet") == {"Silent"}
