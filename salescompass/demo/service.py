"""Bringing a demo into a tenant: some accounts a transaction, so that one that was interrupted is simply started again.

The trail says which demos were started and finished: the same one again adds nothing.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Session

from salescompass import events as ledger
from salescompass import identity
from salescompass.demo import companies, writing
from salescompass.demo.world import MOST_AN_ACCOUNT, Plan
from salescompass.demo.writing import Progress
from salescompass.identity import MemberView, TenantView
from salescompass.kit import clock, live
from salescompass.kit.database import session_tenant, tenant_session
from salescompass.kit.errors import Invalid
from salescompass.vocabulary import Topic

MOST_ACCOUNTS = min(100_000, companies.MOST)
_STARTED, _FINISHED = "demo.started", "demo.finished"


@dataclass(frozen=True)
class DemoReport:
    """What a demo is, and what of it was written now."""

    tenant: str
    seed: int
    until: str
    accounts: int
    contacts: int
    events: int
    created: int
    skipped: int
    accounts_created: int
    contacts_created: int
    deals: int
    deals_created: int
    scored: int
    seconds: float


def bring_in(
    tenant: TenantView,
    *,
    accounts: int,
    events: int,
    seed: int,
    until: datetime | None = None,
    progress: Progress = lambda _: None,
) -> DemoReport:
    """Bring in a demo whose year ends at `until`: by default now, or where the same demo that is there ended.

    The same demo again adds nothing; one that was interrupted is completed.
    """
    began, now = time.monotonic(), clock.now()
    _check(accounts, events, until, now)
    asked = Plan(tenant.slug, seed, accounts, events, until or now.replace(second=0, microsecond=0))
    plan, finished = _known(tenant.tenant_id, asked, given=until is not None)
    owners = _owners(tenant.tenant_id)
    report = DemoReport(
        tenant.slug, seed, clock.rfc3339(plan.until), accounts, 0, events, 0, 0, 0, 0, 0, 0, 0, 0.0
    )  # fmt: skip
    # Closed when it is left, however: then nothing of it is under way any more.
    with closing(writing.write(tenant.tenant_id, plan, owners)) as parts:
        for part in parts:
            report = _with(report, part)
            progress(f"{report.created + report.skipped:,} of {events:,} events ({report.skipped:,} were there)")
    if report.created or not finished:
        report = replace(report, scored=writing.score(tenant.tenant_id, plan, owners, progress))
        _note(tenant.tenant_id, _FINISHED, plan)
    writing.write_snapshots(tenant.tenant_id, progress)
    return replace(report, seconds=round(time.monotonic() - began, 2))


def _with(report: DemoReport, part: writing.Written) -> DemoReport:
    return replace(
        report,
        contacts=report.contacts + part.contacts,
        created=report.created + part.created,
        skipped=report.skipped + part.skipped,
        accounts_created=report.accounts_created + part.accounts_made,
        contacts_created=report.contacts_created + part.contacts_made,
        deals=report.deals + part.deals,
        deals_created=report.deals_created + part.deals_made,
    )


def is_due(tenant_id: UUID) -> bool:
    """True for a tenant in which nothing happened yet, or whose demo was started and never finished."""
    with tenant_session(tenant_id) as session:
        started, finished = (
            {entry.object_id for entry in identity.audit_entries(session, action=name, limit=1000).items}
            for name in (_STARTED, _FINISHED)
        )
        return bool(started - finished) if started else not ledger.feed(session, limit=1).items


def _check(accounts: int, events: int, until: datetime | None, now: datetime) -> None:
    if not 1 <= accounts <= MOST_ACCOUNTS:
        raise Invalid(f"Choose 1 to {MOST_ACCOUNTS:,} accounts", field="accounts")
    if not 1 <= events <= accounts * MOST_AN_ACCOUNT:
        raise Invalid(
            f"Choose 1 to {accounts * MOST_AN_ACCOUNT:,} events: {MOST_AN_ACCOUNT:,} an account at most", field="events"
        )
    if until and not datetime(2012, 1, 1, tzinfo=UTC) <= until <= now:
        raise Invalid("The year ends between 2012 and now", field="until")


def _known(tenant_id: UUID, asked: Plan, *, given: bool) -> tuple[Plan, bool]:
    """The plan to follow, and whether it was finished before. One that is not known yet is noted as started."""
    with tenant_session(tenant_id) as session:
        trail = {name: identity.audit_entries(session, action=name, limit=1000).items for name in (_STARTED, _FINISHED)}
        plan = asked
        for entry in trail[_STARTED]:
            detail = entry.detail
            same = (detail["seed"], detail["accounts"], detail["events"]) == (asked.seed, asked.accounts, asked.events)
            ends = clock.parse_rfc3339(str(detail["until"]))
            if same and (ends == asked.until if given else True):
                plan = replace(asked, until=ends)
                break
        else:
            _record(session, _STARTED, plan)
        return plan, any(entry.object_id == plan.mark for entry in trail[_FINISHED])


def _note(tenant_id: UUID, action: str, plan: Plan) -> None:
    with tenant_session(tenant_id) as session:
        _record(session, action, plan)
        for topic in (Topic.EVENTS_STORED, Topic.EVENTS):
            live.publish(session, topic, [])


def _record(session: Session, action: str, plan: Plan) -> None:
    identity.audit.record(
        session,
        identity.system_actor(session_tenant(session), "Demo"),
        action,
        object_type="demo",
        object_id=plan.mark,
        detail={
            "seed": plan.seed,
            "accounts": plan.accounts,
            "events": plan.events,
            "until": clock.rfc3339(plan.until),
        },
    )


def _owners(tenant_id: UUID) -> list[UUID]:
    """Whose accounts they are: the reps', else everybody's."""
    with tenant_session(tenant_id) as session:
        members = [member for member in identity.members(session) if member.status == "active"]
    members.sort(key=lambda member: member.email)

    def of(*roles: str) -> list[MemberView]:
        return [member for member in members if set(roles) & set(member.roles)]

    return [member.id for member in of("rep", "manager") or members]
