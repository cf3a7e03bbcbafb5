"""The rules and templates of the product come to a tenant once each; what it has of them is never written over."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from salescompass import actions
from salescompass.catalogue import catalogue
from salescompass.kit import clock
from salescompass.kit.database import fetch
from salescompass.kit.ids import new_id
from salescompass.models import Rule, RuleVersion
from salescompass.rules.definition import AbsenceTrigger, EventTrigger
from salescompass.rules.shipped import SHIPPED
from salescompass.rules.store import known


def install(session: Session) -> int:
    """Give the tenant the rules it does not have yet, in force at once. Returns how many; asked often, so a glance."""
    (there,) = fetch(session, "SELECT count(*) FROM rule WHERE key IS NOT NULL")[0]
    return _install(session) if there < len(SHIPPED) else 0


def _install(session: Session) -> int:
    actions.install_templates(session)
    with_fields, now, made = known(session, catalogue(session)), clock.now(), 0
    have = set(session.exec(select(Rule.key)).all())
    for key, shipped in SHIPPED.items():
        if key in have:
            continue
        read = with_fields.read(shipped.definition)
        types = list(read.trigger.types) if isinstance(read.trigger, EventTrigger | AbsenceTrigger) else []
        statement = (
            insert(Rule)
            .values(
                id=new_id(), key=key, name=shipped.name, about=shipped.about, state="live", live_version=1,
                trigger_kind=read.trigger.kind, types=types, draft={}, published_at=now,
            )
            .on_conflict_do_nothing()
            .returning(col(Rule.id))
        )  # fmt: skip
        rule_id = session.connection().execute(statement).scalar()
        if rule_id is not None:
            version = RuleVersion(rule_id=rule_id, version=1, definition=read.to_json(), published_at=now)
            version.note = "Came with SalesCompass"
            session.add(version)
            made += 1
    session.flush()
    return made
