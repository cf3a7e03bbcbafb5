"""How references from outside become accounts and people."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass.crm import AccountRef, PersonRef, Resolution, Subject, SubjectRef, Unresolved, resolve_subjects
from salescompass.kit.database import tenant_session
from salescompass.models import Account, Membership, Person
from salescompass.vocabulary import UnknownSubjects


def about(account: dict[str, object] | None = None, person: dict[str, object] | None = None) -> SubjectRef:
    return SubjectRef(
        AccountRef.of(**account) if account else None,  # type: ignore[arg-type]
        PersonRef.of(**person) if person else None,  # type: ignore[arg-type]
    )


def one(session: Session, *refs: SubjectRef, unknown: UnknownSubjects = UnknownSubjects.CREATE) -> Subject:
    found = resolve_subjects(session, refs, unknown=unknown).subjects[-1]
    assert isinstance(found, Subject), found
    return found


def refused(session: Session, ref: SubjectRef, unknown: UnknownSubjects = UnknownSubjects.CREATE) -> Unresolved:
    found = resolve_subjects(session, [ref], unknown=unknown).subjects[0]
    assert isinstance(found, Unresolved), found
    return found


def test_a_new_subject_becomes_records_and_is_found_again(session: Session) -> None:
    ref = about({"domain": "Acme.com", "name": "Acme"}, {"email": "Ada@Acme.com", "name": "Ada"})
    first = resolve_subjects(session, [ref, ref])
    assert (first.accounts_made, first.people_made) == (1, 1)
    again = resolve_subjects(session, [ref])
    assert again == Resolution(first.subjects[:1])
    person = session.exec(select(Person)).one()
    assert (person.name, person.email, person.email_norm) == ("Ada", "Ada@Acme.com", "ada@acme.com")
    assert person.account_id == session.exec(select(Account.id)).one()


def test_keys_are_tried_in_order_and_the_others_change_nothing(session: Session) -> None:
    a = one(session, about({"external_id": "A", "domain": "a.example", "name": "First"}))
    b = one(session, about({"external_id": "B", "domain": "b.example", "name": "Second"}))
    assert one(session, about({"id": a.account_id, "external_id": "B"})) == a
    assert one(session, about({"external_id": "A", "domain": "b.example"})) == a
    assert one(session, about({"domain": "b.example", "name": "First"})) == b
    assert one(session, about({"external_id": "new", "domain": "a.example", "name": "Other"})) == a
    names = session.exec(select(Account.name, Account.external_id).order_by(col(Account.name))).all()
    assert names == [("First", "A"), ("Second", "B")]


def test_people_follow_the_same_order(session: Session) -> None:
    ada = one(session, about(None, {"external_id": "P1", "email": "ada@a.example", "name": "Ada"}))
    assert one(session, about(None, {"id": ada.person_id, "email": "else@a.example"})) == ada
    assert one(session, about(None, {"external_id": "P1", "email": "else@a.example"})) == ada
    assert one(session, about(None, {"external_id": "P2", "email": "ADA@a.example"})) == ada


def test_a_namesake_with_another_address_is_somebody_else(session: Session) -> None:
    one(session, about(None, {"email": "john@a.example", "name": "John Smith"}))
    one(session, about(None, {"email": "john@b.example", "name": "John Smith"}))
    problem = refused(session, about(None, {"name": "john  SMITH"}))
    assert problem.pointer == "/contact/name"


def test_a_name_that_fits_two_accounts_is_refused(session: Session) -> None:
    one(session, about({"domain": "acme.example", "name": "Acme"}))
    one(session, about({"domain": "acme.test", "name": "Acme"}))
    assert len(session.exec(select(Account)).all()) == 2
    assert refused(session, about({"name": "ACME"})).pointer == "/account/name"


def test_a_name_finds_the_one_account_it_fits(session: Session) -> None:
    first = one(session, about({"name": "Acme"}))
    assert one(session, about({"name": " acme "})) == first
    assert one(session, about({"name": "Acme", "domain": "acme.example"})) == first


def test_an_id_is_never_made_up(session: Session, make_tenant: Callable[[], UUID]) -> None:
    with tenant_session(make_tenant()) as other:
        theirs = one(other, about({"name": "Theirs"}, {"email": "x@y.example"}))
    for wrong in (uuid4(), theirs.account_id):
        assert refused(session, about({"id": wrong, "name": "N"})).pointer == "/account/id"
    for wrong in (uuid4(), theirs.person_id):
        assert refused(session, about(None, {"id": wrong, "email": "x@y.example"})).pointer == "/contact/id"


def test_a_person_joins_the_account_named(session: Session) -> None:
    one(session, about({"domain": "employer.example"}))
    found = one(session, about({"name": "Agency"}, {"email": "ada@employer.example"}))
    person = session.exec(select(Person)).one()
    assert person.account_id == found.account_id
    assert session.exec(select(Account.name).where(Account.id == found.account_id)).one() == "Agency"


def test_a_person_without_account_joins_that_of_their_domain(session: Session) -> None:
    account = one(session, about({"domain": "acme.example"}))
    found = one(session, about(None, {"email": "ada@acme.example"}))
    assert found.account_id == account.account_id


def test_a_known_person_without_account_joins_the_one_named(session: Session) -> None:
    alone = one(session, about(None, {"email": "ada@acme.example"}))
    named = one(session, about({"name": "Acme"}, {"email": "ada@acme.example"}))
    assert (alone.account_id, named.person_id) == (None, alone.person_id)
    person = session.exec(select(Person)).one()
    session.refresh(person)
    assert person.account_id == named.account_id is not None
    elsewhere = one(session, about({"name": "Agency"}, {"email": "ada@acme.example"}))
    session.refresh(person)
    assert person.account_id == named.account_id != elsewhere.account_id


def test_a_known_person_joins_the_account_that_got_the_domain_of_their_address(session: Session) -> None:
    one(session, about(None, {"email": "ada@acme.example"}))
    one(session, about(None, {"email": "bob@gmail.com"}))
    made = one(session, about({"domain": "acme.example"}))
    one(session, about({"domain": "gmail.com"}))
    assert one(session, about(None, {"email": "ada@acme.example"})).account_id == made.account_id
    assert one(session, about(None, {"email": "bob@gmail.com"})).account_id is None


def test_within_a_batch_who_joined_is_at_the_account_for_the_rest(session: Session) -> None:
    one(session, about(None, {"email": "ada@acme.example"}))
    refs = [about({"name": "Acme"}, {"email": "ada@acme.example"}), about(None, {"email": "ada@acme.example"})]
    first, second = resolve_subjects(session, refs).subjects
    assert first == second


def test_no_account_is_made_from_an_address(session: Session) -> None:
    found = one(session, about(None, {"email": "ada@acme.example"}))
    assert found.account_id is None
    assert session.exec(select(Account)).all() == []


def test_free_mail_is_nobodys_employer(session: Session) -> None:
    one(session, about({"domain": "gmail.com", "name": "Google Mail"}))
    assert one(session, about(None, {"email": "ada@gmail.com"})).account_id is None


def test_an_event_of_a_known_person_is_of_their_account(session: Session) -> None:
    first = one(session, about({"domain": "acme.example"}, {"email": "ada@private.example"}))
    assert one(session, about(None, {"email": "ada@private.example"})) == first


def test_an_owner_is_set_when_the_account_is_made_and_never_later(session: Session) -> None:
    admin = session.exec(select(Membership)).one()
    one(session, about({"name": "Mine", "owner_email": admin.email.upper()}))
    one(session, about({"name": "Nobodys"}))
    one(session, about({"name": "Nobodys", "owner_email": admin.email}))
    owners = dict(session.exec(select(Account.name, Account.owner_id)).all())
    assert owners == {"Mine": admin.id, "Nobodys": None}
    assert refused(session, about({"name": "X", "owner_email": "who@x.example"})).pointer == "/account/owner_email"


def test_a_refused_reference_leaves_nothing_behind(session: Session) -> None:
    problem = refused(session, about({"name": "Fresh"}, {"id": uuid4()}))
    assert problem.pointer == "/contact/id"
    assert session.exec(select(Account)).all() == []


def test_unknown_subjects_can_be_refused(session: Session) -> None:
    account = one(session, about({"domain": "acme.example"}))
    reject = UnknownSubjects.REJECT
    assert one(session, about({"domain": "acme.example"}), unknown=reject) == account
    assert refused(session, about({"domain": "b.example"}), reject).pointer == "/account/domain"
    assert refused(session, about(None, {"email": "a@b.example"}), reject).pointer == "/contact/email"
    assert session.exec(select(Person)).all() == []


def test_a_batch_means_what_its_references_mean_one_by_one(make_tenant: Callable[[], UUID]) -> None:
    refs = [
        about(None, {"email": "early@acme.example"}),
        about({"name": "Acme"}),
        about({"name": "Acme", "domain": "acme.example"}),
        about(None, {"email": "late@acme.example"}),
        about({"external_id": "7", "name": "acme"}, {"name": "Boss"}),
        about(None, {"name": "Boss"}),
    ]

    def story(batches: list[list[SubjectRef]]) -> list[tuple[str, ...]]:
        with tenant_session(make_tenant()) as session:
            for batch in batches:
                resolve_subjects(session, batch)
            rows = session.connection().execute(
                text(
                    "SELECT p.name, coalesce(a.name, '') FROM person p LEFT JOIN account a ON a.id = p.account_id "
                    "UNION ALL SELECT name, domain_norm FROM account ORDER BY 1, 2"
                )
            )
            return [tuple(row) for row in rows]

    assert story([refs]) == story([[ref] for ref in refs])


@pytest.mark.parametrize("named_by", ["domain", "name", "external_id"])
def test_the_same_new_subjects_at_once_become_one_record_each(tenant: UUID, named_by: str) -> None:
    subjects = [
        about({named_by: f"firm{number % 7}.example"}, {"email": f"p{number % 11}@firm{number % 7}.example"})
        for number in range(77)
    ]
    errors: list[BaseException] = []
    start = threading.Barrier(8)

    def writer(turn: int) -> None:
        try:
            start.wait()
            for offset in range(0, 77, 11):
                # Each writer meets the keys in another order.
                batch = subjects[offset : offset + 11][:: -1 if turn % 2 else 1]
                with tenant_session(tenant) as session:
                    resolve_subjects(session, batch)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=writer, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with tenant_session(tenant) as session:
        assert len(session.exec(select(Account)).all()) == 7
        assert len(session.exec(select(Person)).all()) == 77
