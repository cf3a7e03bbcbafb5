"""Whom we do business with: accounts and people, and how the outside world names them."""

from salescompass.crm.bulk import AccountRecord, PersonRecord, Present, ensure_records
from salescompass.crm.custom_fields import custom_fields, retire_custom_field, save_custom_field
from salescompass.crm.custom_values import CustomDefinition
from salescompass.crm.directory import Unresolved
from salescompass.crm.drafts import RowOutcome
from salescompass.crm.editing import create_record, edit_records, move_stage, update_record
from salescompass.crm.fields import object_types
from salescompass.crm.lists import count_records, get_record, get_records, list_records, record_ids, sortable
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
from salescompass.crm.trash import delete_records, purge_trash, restore_records, trash
from salescompass.crm.upserts import upsert_records
from salescompass.crm.views import RecordView

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
    "RecordView",
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
    "count_records",
    "create_record",
    "custom_fields",
    "delete_pipeline",
    "delete_records",
    "domain_norm",
    "edit_records",
    "email_norm",
    "ensure_records",
    "find",
    "get_record",
    "get_records",
    "list_records",
    "move_stage",
    "name_norm",
    "object_types",
    "own_fields",
    "people",
    "person",
    "pipelines",
    "purge_trash",
    "record_ids",
    "resolve_subjects",
    "restore_records",
    "retire_custom_field",
    "save_custom_field",
    "save_pipeline",
    "sortable",
    "tidy",
    "trash",
    "update_record",
    "upsert_records",
]
