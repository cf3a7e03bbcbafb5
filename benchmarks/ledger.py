"""A tenant whose events are sent over HTTP: its key, its people, and bodies as an application would send them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.instance import migrated, running
from salescompass import identity
from salescompass.kit.database import tenant_session
from salescompass.kit.settings import settings

ACCOUNTS, PEOPLE = 2_000, 20_000
TYPES = ("page_viewed", "link_clicked", "email_replied", "pricing_viewed", "demo_requested", "proposal_viewed")


@dataclass(frozen=True)
class Sender:
    """A tenant, and a key that may write its events; `address` is where the instance listens."""

    tenant_id: UUID
    key: str
    address: str


@contextmanager
def receiving(data: Path, *options: str) -> Iterator[Sender]:
    """A running instance and a tenant in it; its servers are used from here too."""
    with running(data, "--no-demo", *options) as (address, _), migrated(data):
        tenant, key = tenant_with_key("bench")
        yield Sender(tenant, key, address)


def tenant_with_key(slug: str) -> tuple[UUID, str]:
    """A new tenant and the text of a key that may do everything."""
    tenant = identity.create_tenant(
        name=slug, slug=slug, admin_email=f"admin@{slug}.example", admin_password="a long pass phrase 7"
    ).tenant_id
    with tenant_session(tenant) as session:
        return tenant, identity.create_key(session, None, name="bench", scopes=("*",)).key


@contextmanager
def owner(*, autocommit: bool = True) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection as the owner: who may COPY into the ledger, and whom no policy stops."""
    address = settings().database_owner_url
    assert address is not None
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=autocommit) as connection:
        yield connection


def events(number: int, *, seed: int, days: float = 45.0) -> list[dict[str, Any]]:
    """Events of known people, each with a key of its own, over the last weeks."""
    chance, now = random.Random(seed), datetime.now(UTC)
    made = []
    for place in range(number):
        person = chance.randrange(PEOPLE)
        at = now - timedelta(seconds=chance.random() * days * 86400)
        made.append(
            {
                "type": chance.choice(TYPES),
                "occurred_at": at.isoformat(),
                "contact": {"email": f"person{person}@firm{person % ACCOUNTS}.example"},
                "account": {"domain": f"firm{person % ACCOUNTS}.example"},
                "properties": {"path": f"/page/{chance.randrange(10_000)}", "seconds": chance.randrange(600)},
                "idempotency_key": f"bench-{seed}-{place}",
            }
        )
    return made


def bulks(rows: list[dict[str, Any]], size: int) -> list[bytes]:
    """Bodies of the bulk endpoint."""
    return [json.dumps({"events": rows[at : at + size]}).encode() for at in range(0, len(rows), size)]


def everybody() -> list[dict[str, Any]]:
    """One event of each person, so that all are known before anything is measured."""
    return [
        {
            "type": "page_viewed",
            "contact": {"email": f"person{person}@firm{person % ACCOUNTS}.example"},
            "account": {"domain": f"firm{person % ACCOUNTS}.example"},
            "idempotency_key": f"bench-known-{person}",
        }
        for person in range(PEOPLE)
    ]
