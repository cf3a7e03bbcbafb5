"""By what a row's record is known. A weak key counts only where no strong one contradicts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from salescompass import crm
from salescompass.vocabulary import RecordKind, UnknownSubjects

_PEOPLE = (RecordKind.CONTACTS, RecordKind.LEADS)


def known_by(
    session: Session, kind: RecordKind, bodies: Mapping[int, dict[str, Any]], keys: tuple[str, ...]
) -> dict[int, tuple[str, ...]]:
    """The keys for each row. Where an account is found by its name, the row gets its id.

    Somebody with another address is not the same person for having the same name, and a deal with a key of its own is
    no other deal that is called alike. An account is known by its name where domain and external id do not say no.
    """
    if kind in _PEOPLE:
        for body in bodies.values():
            parts = [body[part] for part in ("first_name", "last_name") if part in body]
            if parts and "name" not in body:
                body["name"] = " ".join(crm.tidy(part) for part in parts)
    if len(keys) == 1 or kind is RecordKind.PRODUCTS:
        return dict.fromkeys(bodies, keys)
    strong = tuple(key for key in keys if key != "name")
    found = {at: strong if any(body.get(key) for key in strong) else ("name",) for at, body in bodies.items()}
    if kind is RecordKind.ACCOUNTS and "name" in keys:
        return {**found, **_by_name(session, bodies)}
    return found


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
