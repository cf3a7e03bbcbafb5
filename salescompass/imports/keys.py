"""By what a row's record is known. A weak key counts only where no strong one contradicts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from salescompass import crm
from salescompass.imports.targets import OUR_ID
from salescompass.kit.ids import parse_id
from salescompass.vocabulary import RecordKind, UnknownSubjects

_PEOPLE = (RecordKind.CONTACTS, RecordKind.LEADS)


def known_by(
    session: Session, kind: RecordKind, bodies: Mapping[int, dict[str, Any]], keys: tuple[str, ...]
) -> dict[int, tuple[str, ...]]:
    """The keys for each row. Where a record is found by our id, or an account by its name, the row gets its id.

    Somebody with another address is not the same person for having the same name, and a deal with a key of its own is
    no other deal that is called alike. An account is known by its name where domain and external id do not say no.
    """
    if kind in _PEOPLE:
        for body in bodies.values():
            parts = [body[part] for part in ("first_name", "last_name") if part in body]
            if parts and "name" not in body:
                body["name"] = " ".join(crm.tidy(part) for part in parts)
    ours = _by_our_id(session, kind, bodies)
    bodies = {at: body for at, body in bodies.items() if at not in ours}
    keys = tuple(key for key in keys if key != OUR_ID)
    if len(keys) <= 1 or kind is RecordKind.PRODUCTS:
        return ours | dict.fromkeys(bodies, keys)
    strong = tuple(key for key in keys if key != "name")
    found = {at: strong if any(body.get(key) for key in strong) else ("name",) for at, body in bodies.items()}
    if kind is RecordKind.ACCOUNTS and "name" in keys:
        found |= _by_name(session, bodies)
    return ours | found


def _by_our_id(session: Session, kind: RecordKind, bodies: Mapping[int, dict[str, Any]]) -> dict[int, tuple[str, ...]]:
    """Rows that tell the id of a record that is here; of another tenant's ids nothing is known."""
    told = {at: parse_id(body.pop(OUR_ID)) for at, body in bodies.items() if OUR_ID in body}
    if not told:
        return {}
    table = crm.RECORD_TYPES[kind].table
    query = select(table.c.id).where(
        table.c.id.in_([one for one in told.values() if one]), table.c.deleted_at.is_(None)
    )
    here = set(session.connection().execute(query).scalars())
    found = {at: one for at, one in told.items() if one in here}
    for at, one in found.items():
        bodies[at]["id"] = one
    return dict.fromkeys(found, ("id",))


def _by_name(session: Session, bodies: Mapping[int, dict[str, Any]]) -> dict[int, tuple[str, ...]]:
    refs = {}
    for at, body in bodies.items():
        try:
            ref = crm.AccountRef.of(
                external_id=body.get("external_id"), domain=body.get("domain"), name=body.get("name")
            )
            refs[at] = crm.SubjectRef(account=ref)
        except crm.BadReference:
            continue  # the verb that writes it says what is wrong
    subjects = crm.resolve_subjects(session, list(refs.values()), unknown=UnknownSubjects.REJECT).subjects
    found: dict[int, tuple[str, ...]] = {}
    for at, subject in zip(refs, subjects, strict=True):
        if isinstance(subject, crm.Subject) and subject.account_id:
            bodies[at]["id"] = subject.account_id
            found[at] = ("id",)
    return found
