"""Who an event is about: references become accounts and people, a whole batch with a handful of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.directory import Directory, KnownAccount, KnownPerson, Unresolved
from salescompass.crm.lookups import look_up
from salescompass.crm.names import email_domain
from salescompass.crm.refs import AccountRef, PersonRef
from salescompass.crm.storing import index
from salescompass.kit.database import array, fetch, hold
from salescompass.kit.errors import Unavailable
from salescompass.vocabulary import UnknownSubjects

REPEATED = Unresolved("one of the same name came before", "")
"""The answer to a reference that gave way to one before it."""


class SubjectRef(NamedTuple):
    """Whom one event names."""

    account: AccountRef | None = None
    person: PersonRef | None = None


class Subject(NamedTuple):
    """The records one event is about."""

    account_id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True)
class Resolution:
    """One answer per reference, in order, and how many records were made."""

    subjects: tuple[Subject | Unresolved, ...]
    accounts_made: int = 0
    people_made: int = 0


def resolve_subjects(
    session: Session,
    refs: Sequence[SubjectRef],
    *,
    unknown: UnknownSubjects = UnknownSubjects.CREATE,
    names: Sequence[str | None] | None = None,
) -> Resolution:
    """Find the records that references mean, and make those that are missing (or reject, as `unknown` says).

    Of several references with the same one of `names` only the first that can be resolved is, the others are REPEATED:
    nothing is made for them. Who is at no account yet joins the one named with them, or that of their address's domain.
    Records are made and joined under the tenant's lock on subjects, held until the transaction ends: two batches that
    name the same new account at once make one, and no order of keys can deadlock. Finding takes no lock.
    """
    named = names or [None] * len(refs)
    directory, subjects = _resolved(session, refs, named, unknown)
    accounts_made = people_made = 0
    made: list[Directory] = []
    if directory.new_accounts or directory.new_people or directory.joining:
        hold(session, "subjects")
        for _ in range(5):
            directory, subjects = _resolved(session, refs, named, unknown)
            accounts, people = _insert(session, directory)
            made.append(directory)
            accounts_made, people_made = accounts_made + accounts, people_made + people
            if accounts == len(directory.new_accounts) and people == len(directory.new_people):
                break
            # Somebody who does not take the lock made one of them meanwhile: look again.
        else:
            raise Unavailable("accounts and people are being changed too fast; try again")
        _make_found(session, made)
    return Resolution(tuple(subjects), accounts_made, people_made)


def _resolved(
    session: Session, refs: Sequence[SubjectRef], names: Sequence[str | None], unknown: UnknownSubjects
) -> tuple[Directory, list[Subject | Unresolved]]:
    directory = _loaded(session, refs, may_create=unknown is UnknownSubjects.CREATE)
    answers: dict[SubjectRef, Subject | Unresolved] = {}
    taken: set[str] = set()
    found: list[Subject | Unresolved] = []
    for ref, name in zip(refs, names, strict=True):
        if name in taken:
            found.append(REPEATED)
            continue
        answer = answers.get(ref)
        if answer is None:
            answer = answers[ref] = _resolve(directory, ref)
        found.append(answer)
        if name is not None and isinstance(answer, Subject):
            taken.add(name)
    return directory, found


def _resolve(directory: Directory, ref: SubjectRef) -> Subject | Unresolved:
    try:
        account, person = directory.resolve(ref.account, ref.person)
    except Unresolved as problem:
        return problem
    account_id = account.id if account else person.account_id if person else None
    return Subject(account_id, person.id if person else None)


def _make_found(session: Session, made: Sequence[Directory]) -> None:
    """Have search find what was made. After more than one round some of it was made by somebody else."""
    accounts = {one.known.id: one.known for directory in made for one in directory.new_accounts}
    people = {one.known.id: one.known for directory in made for one in directory.new_people}
    if len(made) > 1:
        standing = (("account", accounts), ("person", people))
        there = {row[0] for table, made_now in standing for row in look_up(session, table, "id", {"id": made_now})}
        accounts = {one: known for one, known in accounts.items() if one in there}
        people = {one: known for one, known in people.items() if one in there}
    index(session, "account", {
        one.id: {"name_norm": one.name_norm, "domain_norm": one.domain, "external_id": one.external_id}
        for one in accounts.values()
    })  # fmt: skip
    index(session, "person", {
        one.id: {"name_norm": one.name_norm, "email_norm": one.email_norm, "external_id": one.external_id}
        for one in people.values()
    })  # fmt: skip


def _loaded(session: Session, refs: Sequence[SubjectRef], *, may_create: bool) -> Directory:
    accounts = {ref.account for ref in refs if ref.account}
    people = {ref.person for ref in refs if ref.person}
    directory = Directory(owner_of=_owners(session, accounts), may_create=may_create)
    employers = {email_domain(person.email_norm) for person in people if person.email_norm}
    accounts_by: dict[str, Iterable[Any]] = {
        "id": {ref.id for ref in accounts},
        "external_id": {ref.external_id for ref in accounts},
        "domain_norm": {ref.domain for ref in accounts} | employers,
        "name_norm": {ref.name_norm for ref in accounts},
    }
    for row in look_up(session, "account", _ACCOUNT, accounts_by):
        directory.add_account(KnownAccount(*row))
    anonymous = {ref for ref in people if not (ref.id or ref.external_id or ref.email_norm)}
    people_by: dict[str, Iterable[Any]] = {
        "id": {ref.id for ref in people},
        "external_id": {ref.external_id for ref in people},
        "email_norm": {ref.email_norm for ref in people},
        "name_norm": {ref.name_norm for ref in anonymous},
    }
    for row in look_up(session, "person", _PERSON, people_by):
        directory.add_person(KnownPerson(*row))
    return directory


def _owners(session: Session, refs: Iterable[AccountRef]) -> Callable[[str], UUID | None]:
    named = {ref.owner_email for ref in refs if ref.owner_email}
    return dict(fetch(session, MEMBERS_BY_EMAIL, (array(named),)) if named else []).get


def _insert(session: Session, directory: Directory) -> tuple[int, int]:
    """Write what was planned; returns how many accounts and people were really made."""
    made_accounts = made_people = 0
    if directory.new_accounts:
        new = directory.new_accounts
        made_accounts = session.connection().execute(
            INSERT_ACCOUNTS,
            {
                "ids": [one.known.id for one in new],
                "names": [one.name for one in new],
                "name_norms": [one.known.name_norm for one in new],
                "domains": [one.known.domain for one in new],
                "external_ids": [one.known.external_id for one in new],
                "owners": [one.owner_id for one in new],
            },
        ).rowcount  # fmt: skip
    if directory.new_people and made_accounts == len(directory.new_accounts):
        people = directory.new_people
        made_people = session.connection().execute(
            INSERT_PEOPLE,
            {
                "ids": [one.known.id for one in people],
                "names": [one.name for one in people],
                "name_norms": [one.known.name_norm for one in people],
                "emails": [one.email for one in people],
                "email_norms": [one.known.email_norm for one in people],
                "external_ids": [one.known.external_id for one in people],
                "accounts": [one.known.account_id for one in people],
            },
        ).rowcount  # fmt: skip
    if directory.joining and (made_accounts, made_people) == (len(directory.new_accounts), len(directory.new_people)):
        joining = {"ids": list(directory.joining), "accounts": list(directory.joining.values())}
        session.connection().execute(JOIN_ACCOUNTS, joining)
    return made_accounts, made_people


_ACCOUNT = "id, name_norm, domain_norm, external_id"
_PERSON = "id, name_norm, email_norm, external_id, account_id"
MEMBERS_BY_EMAIL = "SELECT email_norm, id FROM membership WHERE email_norm = ANY(%s::text[])"
INSERT_ACCOUNTS = text(
    "INSERT INTO account (id, name, name_norm, domain_norm, external_id, owner_id) "
    "SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:name_norms AS text[]), "
    "CAST(:domains AS text[]), CAST(:external_ids AS text[]), CAST(:owners AS uuid[])) ON CONFLICT DO NOTHING"
)
INSERT_PEOPLE = text(
    "INSERT INTO person (id, name, name_norm, email, email_norm, external_id, account_id) "
    "SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:name_norms AS text[]), "
    "CAST(:emails AS text[]), CAST(:email_norms AS text[]), CAST(:external_ids AS text[]), "
    "CAST(:accounts AS uuid[])) ON CONFLICT DO NOTHING"
)
JOIN_ACCOUNTS = text(
    "UPDATE person SET account_id = j.account, updated_at = now() "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:accounts AS uuid[])) AS j (id, account) "
    "WHERE person.id = j.id AND person.account_id IS NULL"
)
