"""Finding accounts and people by the beginning of their name, or by a whole address or domain."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.names import domain_norm, email_norm, name_norm
from salescompass.vocabulary import SubjectKind


@dataclass(frozen=True)
class Match:
    """A record that was found. `detail` tells it from others of the same name."""

    kind: SubjectKind
    id: UUID
    name: str
    detail: str


_MATCHES = text(
    "(SELECT 'account', id, name, coalesce(domain_norm, '') FROM account "
    " WHERE name_norm LIKE :pattern OR domain_norm = :domain ORDER BY name_norm, id LIMIT :most) UNION ALL "
    "(SELECT 'person', person.id, person.name, coalesce(account.name, person.email, '') FROM person "
    " LEFT JOIN account ON account.id = person.account_id "
    " WHERE person.name_norm LIKE :pattern OR person.email_norm = :email ORDER BY person.name_norm, person.id "
    " LIMIT :most)"
)


def find(session: Session, beginning: str, *, limit: int = 6) -> list[Match]:
    """Accounts, then people, so many of each at most; none for an empty text."""
    wanted = name_norm(beginning)
    if not wanted:
        return []
    pattern = "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in wanted) + "%"
    given = {
        "pattern": pattern, "domain": domain_norm(beginning), "email": email_norm(beginning), "most": limit,
    }  # fmt: skip
    return [
        Match(SubjectKind(kind), record_id, name, detail)
        for kind, record_id, name, detail in session.connection().execute(_MATCHES, given)
    ]
