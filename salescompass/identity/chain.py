"""The hash chain over each tenant's audit trail: what a link is, and how a chain is checked.

A link is SHA-256 over the link before it, its own number and the row as the database stores it. So an edit, a deletion,
an insertion or a new order breaks the chain at the first row concerned. A cut-off end leaves a whole chain behind: that
is found by the heads, which the sealer also notes outside the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    seq: int | None
    audit_id: UUID | None
    reason: str


class Sealed(NamedTuple):
    """A link as stored, with the row it seals as text (None when the row is gone)."""

    seq: int
    audit_id: UUID
    prev_hash: bytes
    hash: bytes
    row: str | None


@dataclass(frozen=True)
class Walk:
    """How far a chain holds."""

    seq: int
    head: bytes
    broken: Break | None


def genesis(tenant_id: UUID) -> bytes:
    """What the first link is linked to: different for each tenant."""
    return hashlib.sha256(b"salescompass audit " + tenant_id.bytes).digest()


def link(before: bytes, seq: int, row: str) -> bytes:
    """The hash of one link."""
    return hashlib.sha256(before + seq.to_bytes(8, "big") + row.encode()).digest()


def walk(tenant_id: UUID, links: Iterable[Sealed], heads: Mapping[int, bytes]) -> Walk:
    """Follow the chain to its end, or to the first link that does not hold; `heads` are those noted elsewhere."""
    seq, before = 0, genesis(tenant_id)
    for sealed in links:
        broken = _fault(seq + 1, before, sealed, heads)
        if broken:
            return Walk(seq, before, broken)
        seq, before = sealed.seq, sealed.hash
    known = max(heads, default=0)
    if known > seq:
        return Walk(seq, before, Break(seq + 1, None, f"the end is cut off: links {seq + 1} to {known} are gone"))
    return Walk(seq, before, None)


def _fault(expected: int, before: bytes, sealed: Sealed, heads: Mapping[int, bytes]) -> Break | None:
    if sealed.seq != expected:
        return Break(expected, None, "a link is missing")
    if sealed.row is None:
        return Break(sealed.seq, sealed.audit_id, "the row is gone")
    if sealed.prev_hash != before or link(before, sealed.seq, sealed.row) != sealed.hash:
        return Break(sealed.seq, sealed.audit_id, "the row or its place was changed")
    if sealed.seq in heads and heads[sealed.seq] != sealed.hash:
        return Break(sealed.seq, sealed.audit_id, "the chain was rewritten: its noted head is another")
    return None
