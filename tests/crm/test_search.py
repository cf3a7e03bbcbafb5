"""Finding accounts and people by how their name begins."""

from __future__ import annotations

from sqlmodel import Session

from salescompass import crm
from salescompass.kit import clock
from salescompass.kit.ids import new_id
from salescompass.vocabulary import PersonKind, SubjectKind


def test_names_are_found_by_their_beginning_addresses_and_domains_whole(session: Session) -> None:
    at, acme = clock.now(), new_id()
    account = crm.AccountRecord(acme, "Ácme Works", "acme.example", None, at)
    person = crm.PersonRecord(new_id(), PersonKind.CONTACT, acme, "Acelin Moor", "acelin@acme.example", at)
    crm.ensure_records(session, accounts=[account], people=[person])

    found = crm.find(session, "ác")
    assert [(one.kind, one.name, one.detail) for one in found] == [(SubjectKind.ACCOUNT, "Ácme Works", "acme.example")]
    assert [one.name for one in crm.find(session, "ACE")] == ["Acelin Moor"]
    assert crm.find(session, "acelin")[0].detail == "Ácme Works"
    assert [one.name for one in crm.find(session, "acme.example")] == ["Ácme Works"]
    assert [one.name for one in crm.find(session, "acelin@acme.example")] == ["Acelin Moor"]
    assert [one.name for one in crm.find(session, "works")] == ["Ácme Works"]
    assert [one.name for one in crm.find(session, "wo")] == [], "two letters begin names, not words in them"
    assert crm.find(session, "  ") == []
    assert crm.find(session, "%") == []
