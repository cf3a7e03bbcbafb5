"""Whom we do business with: accounts and people, and how the outside world names them."""

from salescompass.crm.bulk import AccountRecord, PersonRecord, Present, ensure_records, has_accounts
from salescompass.crm.directory import Unresolved
from salescompass.crm.names import domain_norm, email_norm, name_norm, tidy
from salescompass.crm.refs import AccountRef, BadReference, PersonRef
from salescompass.crm.subjects import Resolution, Subject, SubjectRef, resolve_subjects

__all__ = [
    "AccountRecord",
    "AccountRef",
    "BadReference",
    "PersonRecord",
    "PersonRef",
    "Present",
    "Resolution",
    "Subject",
    "SubjectRef",
    "Unresolved",
    "domain_norm",
    "email_norm",
    "ensure_records",
    "has_accounts",
    "name_norm",
    "resolve_subjects",
    "tidy",
]
