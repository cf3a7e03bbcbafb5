"""How somebody outside names an account or a person. Pure."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from salescompass.crm.names import domain_norm, email_norm, name_norm, tidy


class BadReference(ValueError):
    """A reference that can name nobody; `pointer` tells the wrong field."""

    def __init__(self, message: str, pointer: str) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


class AccountRef(NamedTuple):
    """An account as named outside. Its keys are tried in the order id, external_id, domain, name."""

    id: UUID | None = None
    external_id: str | None = None
    domain: str | None = None
    name: str | None = None
    owner_email: str | None = None

    @staticmethod
    def of(
        *,
        id: UUID | None = None,
        external_id: str | None = None,
        domain: str | None = None,
        name: str | None = None,
        owner_email: str | None = None,
    ) -> AccountRef:
        """A reference with its keys in their compared form. Raises BadReference."""
        owner = _address(owner_email, "/owner_email")
        found = AccountRef(id, _plain(external_id), _domain(domain), _name(name), owner)
        if not (found.id or found.external_id or found.domain or found.name):
            raise BadReference("give one of id, external_id, domain, name", "")
        return found

    @property
    def name_norm(self) -> str | None:
        """The name in its compared form."""
        return name_norm(self.name) if self.name else None


class PersonRef(NamedTuple):
    """A person as named outside. Keys are tried in the order id, external_id, email, name."""

    id: UUID | None = None
    external_id: str | None = None
    email: str | None = None
    email_norm: str | None = None
    name: str | None = None

    @staticmethod
    def of(
        *, id: UUID | None = None, external_id: str | None = None, email: str | None = None, name: str | None = None
    ) -> PersonRef:
        """A reference with its keys in their compared form. Raises BadReference."""
        address = _plain(email)
        found = PersonRef(id, _plain(external_id), address, _address(email, "/email"), _name(name))
        if not (found.id or found.external_id or found.email_norm or found.name):
            raise BadReference("give one of id, external_id, email, name", "")
        return found

    @property
    def name_norm(self) -> str | None:
        """The name in its compared form."""
        return name_norm(self.name) if self.name else None


def _plain(text: str | None) -> str | None:
    return (tidy(text) or None) if text else None


def _name(text: str | None) -> str | None:
    name = _plain(text)
    if name is None and text and text.strip():
        raise BadReference("nothing of this name can be seen", "/name")
    return name


def _domain(text: str | None) -> str | None:
    if not text or not text.strip():
        return None
    found = domain_norm(text)
    if found is None:
        raise BadReference("this is no domain; give one like acme.com", "/domain")
    return found


def _address(text: str | None, pointer: str) -> str | None:
    if not text or not text.strip():
        return None
    found = email_norm(text)
    if found is None:
        raise BadReference("this is no email address; give one like ada@acme.com", pointer)
    return found
