"""Deals that come with their ids and their whole past, many at a time. One that is there already stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.names import name_norm
from salescompass.crm.storing import index
from salescompass.kit.ids import new_id
from salescompass.vocabulary import DealRole, DealType


@dataclass(frozen=True, slots=True)
class DealRecord:
    """A deal to be there, of its account's owner. `stays` are the stages it was in since when, the last one still."""

    id: UUID
    name: str
    account_id: UUID
    amount_minor: int
    currency: str
    type: DealType
    source: str | None
    lost_reason: str | None
    close_date: date
    stays: tuple[tuple[UUID, datetime], ...]
    people: tuple[tuple[UUID, DealRole], ...]


def ensure_deals(session: Session, deals: Sequence[DealRecord]) -> int:
    """Make the deals that are not there, with the stages they were in and the people who take part. How many."""
    sources = [one.source for one in deals]
    reasons = [one.lost_reason for one in deals]
    made = set(
        session.connection().execute(
            _DEALS,
            {
                "ids": [one.id for one in deals],
                "names": [one.name for one in deals],
                "norms": [name_norm(one.name) for one in deals],
                "accounts": [one.account_id for one in deals],
                "amounts": [one.amount_minor for one in deals],
                "currencies": [one.currency for one in deals],
                "types": [one.type.value for one in deals],
                "sources": sources,
                "source_norms": [name_norm(one) if one else None for one in sources],
                "reasons": reasons,
                "reason_norms": [name_norm(one) if one else None for one in reasons],
                "opened": [one.stays[0][1] for one in deals],
                "closing": [one.close_date for one in deals],
                "stages": [one.stays[-1][0] for one in deals],
                "since": [one.stays[-1][1] for one in deals],
            },
        ).scalars()
    )  # fmt: skip
    new = [one for one in deals if one.id in made]
    _write_stays(session, new)
    _write_people(session, new)
    index(session, "opportunity", {one.id: {"name_norm": name_norm(one.name)} for one in new})
    return len(new)


def _write_stays(session: Session, deals: Sequence[DealRecord]) -> None:
    stays = [
        (one.id, stage, since, left)
        for one in deals
        for (stage, since), left in zip(one.stays, [*(at for _, at in one.stays[1:]), None], strict=True)
    ]
    session.connection().execute(
        _STAYS,
        {
            "ids": [new_id() for _ in stays],
            "deals": [deal for deal, _, _, _ in stays],
            "stages": [stage for _, stage, _, _ in stays],
            "entered": [since for _, _, since, _ in stays],
            "left": [left for _, _, _, left in stays],
        },
    )


def _write_people(session: Session, deals: Sequence[DealRecord]) -> None:
    parts = [(one.id, person, role.value, one.stays[0][1]) for one in deals for person, role in one.people]
    session.connection().execute(
        _PARTS,
        {
            "deals": [deal for deal, _, _, _ in parts],
            "people": [person for _, person, _, _ in parts],
            "roles": [role for _, _, role, _ in parts],
            "times": [at for _, _, _, at in parts],
        },
    )


_DEALS = text(
    "INSERT INTO opportunity (id, name, name_norm, account_id, pipeline_id, stage_id, state, probability, "
    "stage_entered_at, amount_minor, currency, opened_on, close_date, closed_at, owner_id, source, source_norm, type, "
    "lost_reason, lost_reason_norm, created_at, updated_at) "
    "SELECT t.id, t.name, t.norm, t.account, stage.pipeline_id, stage.id, stage.kind, stage.probability, t.since, "
    "t.amount, t.currency, t.opened::date, t.closing, CASE WHEN stage.kind <> 'open' THEN t.since END, "
    "account.owner_id, t.source, t.source_norm, t.type, t.reason, t.reason_norm, t.opened, t.since "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:norms AS text[]), CAST(:accounts AS uuid[]), "
    "CAST(:amounts AS bigint[]), CAST(:currencies AS text[]), CAST(:types AS text[]), CAST(:sources AS text[]), "
    "CAST(:source_norms AS text[]), CAST(:reasons AS text[]), CAST(:reason_norms AS text[]), "
    "CAST(:opened AS timestamptz[]), CAST(:closing AS date[]), CAST(:stages AS uuid[]), CAST(:since AS timestamptz[])) "
    "AS t (id, name, norm, account, amount, currency, type, source, source_norm, reason, reason_norm, opened, closing, "
    "stage, since) JOIN stage ON stage.id = t.stage JOIN account ON account.id = t.account "
    "ORDER BY t.id ON CONFLICT DO NOTHING RETURNING id"
)
_STAYS = text(
    "INSERT INTO stage_history (id, opportunity_id, stage_id, entered_at, left_at) "
    "SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:deals AS uuid[]), CAST(:stages AS uuid[]), "
    "CAST(:entered AS timestamptz[]), CAST(:left AS timestamptz[]))"
)
_PARTS = text(
    "INSERT INTO opportunity_person (opportunity_id, person_id, role, created_at) "
    "SELECT * FROM unnest(CAST(:deals AS uuid[]), CAST(:people AS uuid[]), CAST(:roles AS text[]), "
    "CAST(:times AS timestamptz[])) ON CONFLICT DO NOTHING"
)
