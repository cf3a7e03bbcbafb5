"""The records a batch of references may mean, in memory, and the rules that pick one. Pure.

References are resolved one after the other, as if each had come alone: a record planned for one is found by the next.
A name identifies only where it contradicts nothing: an account of the same name with another domain or external id is
another account; a person given with an address or external id is never taken for a namesake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from salescompass.crm.free_mail import is_free_mail
from salescompass.crm.names import email_domain, name_norm
from salescompass.crm.refs import AccountRef, PersonRef
from salescompass.kit.ids import new_id


class Unresolved(Exception):
    """A reference that stands for no record, and why; `pointer` is relative to the event."""

    def __init__(self, message: str, pointer: str) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


class KnownAccount(NamedTuple):
    """What identifies an account."""

    id: UUID
    name_norm: str
    domain: str | None = None
    external_id: str | None = None


class KnownPerson(NamedTuple):
    """What identifies a person, and the account the person is at."""

    id: UUID
    name_norm: str
    email_norm: str | None = None
    external_id: str | None = None
    account_id: UUID | None = None


@dataclass(frozen=True)
class NewAccount:
    """An account to be made."""

    known: KnownAccount
    name: str
    owner_id: UUID | None


@dataclass(frozen=True)
class NewPerson:
    """A person to be made."""

    known: KnownPerson
    name: str
    email: str | None


@dataclass
class Directory:
    """Known records by each of their keys, and those planned so far."""

    owner_of: Callable[[str], UUID | None] = lambda _: None
    may_create: bool = True
    new_accounts: list[NewAccount] = field(default_factory=list)
    new_people: list[NewPerson] = field(default_factory=list)
    joining: dict[UUID, UUID] = field(default_factory=dict)
    """Known people without account, and the account they are at from now on."""
    _accounts: dict[tuple[str, object], KnownAccount] = field(default_factory=dict)
    _accounts_named: dict[str, list[KnownAccount]] = field(default_factory=lambda: defaultdict(list))
    _people: dict[tuple[str, object], KnownPerson] = field(default_factory=dict)
    _people_named: dict[str, list[KnownPerson]] = field(default_factory=lambda: defaultdict(list))

    def add_account(self, known: KnownAccount) -> None:
        """Make an account findable."""
        if ("id", known.id) in self._accounts:
            return
        self._accounts["id", known.id] = known
        if known.external_id:
            self._accounts["external_id", known.external_id] = known
        if known.domain:
            self._accounts["domain", known.domain] = known
        self._accounts_named[known.name_norm].append(known)

    def add_person(self, known: KnownPerson) -> None:
        """Make a person findable."""
        if ("id", known.id) in self._people:
            return
        self._people["id", known.id] = known
        if known.external_id:
            self._people["external_id", known.external_id] = known
        if known.email_norm:
            self._people["email", known.email_norm] = known
        self._people_named[known.name_norm].append(known)

    def resolve(
        self, account_ref: AccountRef | None, person_ref: PersonRef | None
    ) -> tuple[KnownAccount | None, KnownPerson | None]:
        """The records one event names: known, or planned now. Raises Unresolved, and then plans nothing."""
        account, new_account, person, new_person = None, None, None, None
        if account_ref:
            account = self._find_account(account_ref)
            if account is None:
                new_account = self._new_account(account_ref)
                account = new_account.known
        if person_ref:
            person = self._find_person(person_ref, account)
            if person is None:
                new_person = self._new_person(person_ref, account)
                person = new_person.known
        if new_account:
            self.new_accounts.append(new_account)
            self.add_account(new_account.known)
        if new_person:
            self.new_people.append(new_person)
            self.add_person(new_person.known)
        elif person and person.account_id is None:
            person = self._joined(person, account or self._employer(person.email_norm))
        return account, person

    def _joined(self, person: KnownPerson, at: KnownAccount | None) -> KnownPerson:
        """The person, who is at this account from now on."""
        if at is None:
            return person
        joined = person._replace(account_id=at.id)
        for key, value in (("id", person.id), ("external_id", person.external_id), ("email", person.email_norm)):
            if value:
                self._people[key, value] = joined
        namesakes = self._people_named[person.name_norm]
        namesakes[namesakes.index(person)] = joined
        self.joining[person.id] = at.id
        return joined

    def _find_account(self, ref: AccountRef) -> KnownAccount | None:
        for key, value in (("id", ref.id), ("external_id", ref.external_id), ("domain", ref.domain)):
            found = self._accounts.get((key, value)) if value else None
            if found:
                return found
            if value and key == "id":
                raise Unresolved("no such account", "/account/id")
        namesakes = [known for known in self._accounts_named.get(ref.name_norm or "", ()) if _may_be(known, ref)]
        if len(namesakes) > 1:
            raise Unresolved("two accounts have this name: give id, external_id or domain", "/account/name")
        return namesakes[0] if namesakes else None

    def _new_account(self, ref: AccountRef) -> NewAccount:
        name = ref.name or ref.domain or ref.external_id or ""
        if not self.may_create:
            given = "external_id" if ref.external_id else "domain" if ref.domain else "name"
            raise Unresolved("no such account", f"/account/{given}")
        owner = self.owner_of(ref.owner_email) if ref.owner_email else None
        if ref.owner_email and owner is None:
            raise Unresolved("no user here has this address", "/account/owner_email")
        return NewAccount(KnownAccount(new_id(), name_norm(name), ref.domain, ref.external_id), name, owner)

    def _find_person(self, ref: PersonRef, account: KnownAccount | None) -> KnownPerson | None:
        for key, value in (("id", ref.id), ("external_id", ref.external_id), ("email", ref.email_norm)):
            found = self._people.get((key, value)) if value else None
            if found:
                return found
            if value and key == "id":
                raise Unresolved("no such contact", "/contact/id")
        if ref.external_id or ref.email_norm:
            return None
        namesakes = self._people_named.get(ref.name_norm or "", [])
        if account:
            namesakes = [known for known in namesakes if known.account_id == account.id]
        if len(namesakes) > 1:
            raise Unresolved("two people have this name: give id, external_id or email", "/contact/name")
        return namesakes[0] if namesakes else None

    def _new_person(self, ref: PersonRef, account: KnownAccount | None) -> NewPerson:
        name = ref.name or ref.email or ref.external_id or ""
        if not self.may_create:
            given = "external_id" if ref.external_id else "email" if ref.email else "name"
            raise Unresolved("no such contact", f"/contact/{given}")
        at = account or self._employer(ref.email_norm)
        known = KnownPerson(new_id(), name_norm(name), ref.email_norm, ref.external_id, at.id if at else None)
        return NewPerson(known, name, ref.email)

    def _employer(self, email_norm: str | None) -> KnownAccount | None:
        domain = email_domain(email_norm) if email_norm else ""
        return None if not domain or is_free_mail(domain) else self._accounts.get(("domain", domain))


def _may_be(known: KnownAccount, ref: AccountRef) -> bool:
    """A namesake is meant only when it holds no other value of a stronger key given."""
    other_domain = ref.domain and known.domain and known.domain != ref.domain
    other_id = ref.external_id and known.external_id and known.external_id != ref.external_id
    return not other_domain and not other_id
