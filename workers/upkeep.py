"""What is done by the clock: small, and safe to repeat."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session

from salescompass import (
    actions,
    assignment,
    crm,
    events,
    identity,
    imports,
    notifications,
    reactions,
    rules,
    scoring,
    together,
)
from salescompass.catalogue import catalogue
from salescompass.kit import clock
from salescompass.kit.database import tenant_session

log = logging.getLogger(__name__)

_PATIENCE = 40.0
"""Seconds that one round of writing snapshots may take; the next round goes on."""


def seal_audit() -> None:
    """Chain what was written to the audit logs since the last time."""
    identity.seal_due()


def forget_ended_sessions() -> None:
    """Delete sessions, links and browsers that can open nothing any more."""
    identity.forget_ended(now=clock.now())


def sweep_scores() -> None:
    """Rewrite stored scores that fall due, of all tenants; tell the bands that time alone has left."""
    for tenant in identity.all_tenants():
        try:
            _sweep(tenant.tenant_id)
        except Exception:
            # One tenant's trouble must not keep the others' scores old.
            log.exception("scores of tenant %s were not swept", tenant.tenant_id)


def _sweep(tenant_id: UUID) -> None:
    for _ in range(50):
        with tenant_session(tenant_id) as session:
            scored = scoring.sweep(session)
            reactions.bands_crossed(session, scored.crossing_ids)
        if scored.people + scored.accounts < scoring.MOST_SWEPT:
            return


def rank_actions() -> None:
    """Rank the open actions of all tenants anew: time, deals and outcomes change what they are worth."""
    for tenant in identity.all_tenants():
        after: UUID | None = None
        while True:
            try:
                with tenant_session(tenant.tenant_id) as session:
                    after = actions.rerank(session, at=clock.now(), after=after)
            except Exception:
                # One tenant's trouble must not keep the others' lists old.
                log.exception("actions of tenant %s were not ranked", tenant.tenant_id)
                break
            if after is None:
                break


def sweep_actions() -> None:
    """Wake actions, close those whose time or reason is over, end offers that nobody answered, of all tenants."""
    _for_each_tenant(_sweep_actions)


def _sweep_actions(session: Session) -> None:
    now = clock.now()
    for _ in range(10):
        if not actions.expire_and_wake(session, now=now).more:
            break
    actions.recheck(session, known=catalogue(session), now=now)


def write_snapshots() -> None:
    """Write the scores at the end of days gone by, where they are missing or have changed."""
    until = time.monotonic() + _PATIENCE
    for tenant in identity.all_tenants():
        while time.monotonic() < until:
            with tenant_session(tenant.tenant_id) as session:
                if not scoring.write_snapshots(session):
                    break


def fold_repeats() -> None:
    """Fold events of the last days that say again what others said, where their arrival could not show it."""
    _for_each_tenant(lambda session: events.fold_repeats(session, now=clock.now()))


def tell_drops() -> None:
    """Tell owners which of their accounts fell sharply by the end of yesterday."""
    _for_each_tenant(lambda session: reactions.scores_dropped(session, now=clock.now()))


def send_reminders() -> None:
    """Tell members of the actions that they wanted to be reminded of by now."""
    _for_each_tenant(lambda session: together.send_reminders(session, now=clock.now()))


def run_rules() -> None:
    """Let the rules with an hour look at all records, once a day each; give a new tenant the product's rules."""
    _for_each_tenant(lambda session: rules.run_due(session, now=clock.now()))


def send_digests() -> None:
    """Put the letters of the day into the outbox where a member's morning has come."""
    _for_each_tenant(lambda session: notifications.send_digests(session, now=clock.now()))


def _for_each_tenant(act: Callable[[Session], object]) -> None:
    """Do it for every tenant, each in a transaction of its own; one's trouble keeps nobody else waiting."""
    for tenant in identity.all_tenants():
        try:
            with tenant_session(tenant.tenant_id) as session:
                act(session)
        except Exception:
            log.exception("upkeep of tenant %s failed", tenant.tenant_id)


def move_idle_actions() -> None:
    """Give what rules have made and nobody touches to the next one."""
    _for_each_tenant(lambda session: assignment.move_idle(session, now=clock.now()))


def thin_snapshots() -> None:
    """Keep of the scores of more than two years ago one a week."""
    until = time.monotonic() + _PATIENCE
    for tenant in identity.all_tenants():
        while time.monotonic() < until:
            with tenant_session(tenant.tenant_id) as session:
                if not scoring.thin_snapshots(session):
                    break


def keep_records() -> None:
    """Keep deals as of the end of yesterday; empty the trash of what has lain there long; forget old answers
    and old files."""
    now = clock.now()
    for tenant in identity.all_tenants():
        with tenant_session(tenant.tenant_id) as session:
            crm.write_deal_snapshots(session, now=now)
            identity.forget_answers(session, now=now)
            crm.purge_trash(session, now=now)
            crm.forget_bulk_edits(session, now=now)
            imports.forget_old(session, now=now)
            rules.forget_runs(session, now=now)
