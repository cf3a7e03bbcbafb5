"""Whom we do business with: accounts and people, and how the outside world names them."""

from salescompass.crm.bulk import AccountRecord, PersonRecord, Present, ensure_records
from salescompass.crm.directory import Unresolved
from salescompass.crm.names import domain_norm, email_norm, name_norm, tidy
from salescompass.crm.records import AccountView, PersonView, account, accounts, people, person
from salescompass.crm.refs import AccountRef, BadReference, PersonRef
from salescompass.crm.search import Match, find
from salescompass.crm.subjects import Resolution, Subject, SubjectRef, resolve_subjects

__all__ = [
    "AccountRecord",
    "AccountRef",
    "AccountView",
    "BadReference",
    "Match",
    "PersonRecord",
    "PersonRef",
    "PersonView",
    "Present",
    "Resolution",
    "Subject",
    "SubjectRef",
    "Unresolved",
    "account",
    "accounts",
    "domain_norm",
    "email_norm",
    "ensure_records",
    "find",
    "name_norm",
    "people",
    "person",
    "resolve_subjects",
    "tidy",
]
