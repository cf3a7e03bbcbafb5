"""Whom we do business with: accounts and people, and how the outside world names them."""

from salescompass.crm.bulk import AccountRecord, PersonRecord, Present, ensure_records
from salescompass.crm.custom_fields import custom_fields, retire_custom_field, save_custom_field
from salescompass.crm.custom_values import CustomDefinition
from salescompass.crm.directory import Unresolved
from salescompass.crm.drafts import RowOutcome
from salescompass.crm.fields import object_types
from salescompass.crm.names import domain_norm, email_norm, name_norm, tidy
from salescompass.crm.own_fields import own_fields
from salescompass.crm.pipelines import (
    PipelineView,
    StageFields,
    StageView,
    delete_pipeline,
    pipelines,
    save_pipeline,
)
from salescompass.crm.record_fields import RECORD_TYPES, Holds, RecordField, RecordType
from salescompass.crm.records import AccountView, PersonView, account, accounts, people, person
from salescompass.crm.refs import AccountRef, BadReference, PersonRef
from salescompass.crm.search import Match, find
from salescompass.crm.seeing import Sight
from salescompass.crm.subjects import Resolution, Subject, SubjectRef, resolve_subjects
from salescompass.crm.upserts import upsert_records

__all__ = [
    "RECORD_TYPES",
    "AccountRecord",
    "AccountRef",
    "AccountView",
    "BadReference",
    "CustomDefinition",
    "Holds",
    "Match",
    "PersonRecord",
    "PersonRef",
    "PersonView",
    "PipelineView",
    "Present",
    "RecordField",
    "RecordType",
    "Resolution",
    "RowOutcome",
    "Sight",
    "StageFields",
    "StageView",
    "Subject",
    "SubjectRef",
    "Unresolved",
    "account",
    "accounts",
    "custom_fields",
    "delete_pipeline",
    "domain_norm",
    "email_norm",
    "ensure_records",
    "find",
    "name_norm",
    "object_types",
    "own_fields",
    "people",
    "person",
    "pipelines",
    "resolve_subjects",
    "retire_custom_field",
    "save_custom_field",
    "save_pipeline",
    "tidy",
    "upsert_records",
]
