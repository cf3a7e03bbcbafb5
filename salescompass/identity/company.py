"""The company that uses this: its name, its time zone, and the currency that it counts in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial

from sqlmodel import Session, select

from salescompass.identity import audit
from salescompass.identity.actor import Actor
from salescompass.identity.directory import known_zone, plain_name, rename_tenant
from salescompass.kit.currencies import CURRENCIES
from salescompass.kit.database import after_commit, session_tenant
from salescompass.kit.errors import Invalid
from salescompass.models import TenantPublic


@dataclass(frozen=True)
class CompanyView:
    """How a company is called, where its days begin, and what its amounts are compared in."""

    name: str
    zone: str
    currency: str


def company(session: Session) -> CompanyView:
    """The company whose members these are."""
    return _view(_row(session))


def change_company(
    session: Session, actor: Actor, *, name: str | None = None, zone: str | None = None, currency: str | None = None
) -> CompanyView:
    """Change what is not None. Amounts that are there keep the currency they were given in: nothing is converted."""
    actor.must("company.manage")
    row = _row(session)
    before = asdict(_view(row))
    row.name = row.name if name is None else plain_name(name)
    row.zone = row.zone if zone is None else known_zone(zone)
    row.currency = row.currency if currency is None else _known_currency(currency)
    session.add(row)
    session.flush()
    after = asdict(_view(row))
    changed = {field: [before[field], value] for field, value in after.items() if value != before[field]}
    if changed:
        audit.record(
            session, actor, "company.changed", object_type="tenant", object_id=session_tenant(session), detail=changed
        )
    if "name" in changed:
        after_commit(session, partial(rename_tenant, session_tenant(session), row.name))
    return _view(row)


def _row(session: Session) -> TenantPublic:
    return session.exec(select(TenantPublic)).one()


def _view(row: TenantPublic) -> CompanyView:
    return CompanyView(row.name, row.zone, row.currency)


def _known_currency(currency: str) -> str:
    told = currency.strip().upper()
    if told not in CURRENCIES:
        raise Invalid("Give a currency by its three letters in ISO 4217, such as EUR", field="currency")
    return told
