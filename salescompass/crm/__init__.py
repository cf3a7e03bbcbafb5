"""Whom we do business with: accounts and people, and how the outside world names them."""

from salescompass.crm.board import BoardColumn, Total, deal_board, holds_deals
from salescompass.crm.bulk import AccountRecord, PersonRecord, Present, ensure_records
from salescompass.crm.bulk_deals import DealRecord, ensure_deals
from salescompass.crm.bulk_edits import (
    BulkEditView,
    BulkResult,
    begin_bulk_edit,
    bulk_edit,
    bulk_results,
    cancel_bulk_edit,
    undo_bulk_edit,
)
from salescompass.crm.bulk_work import BulkAct, forget_bulk_edits, go_on_with_bulk_edit
from salescompass.crm.confiding import VISIBILITY, Confidence, confided
from salescompass.crm.conversion import Converted, convert_lead
from salescompass.crm.custom_fields import custom_fields, order_custom_fields, retire_custom_field, save_custom_field
from salescompass.crm.custom_values import CustomDefinition
from salescompass.crm.deal_people import DealPerson, deal_people, set_deal_role
from salescompass.crm.deals import MOST_BESIDE, DealBeside, deals_of
from salescompass.crm.directory import Unresolved
from salescompass.crm.drafts import RowOutcome
from salescompass.crm.editing import create_record, edit_records, move_stage, update_record
from salescompass.crm.fields import object_types
from salescompass.crm.history import ChangeView, record_changes
from salescompass.crm.list_order import Ranking, sortable
from salescompass.crm.lists import (
    MOST_COUNTED,
    count_records,
    get_record,
    get_records,
    list_pages,
    list_records,
    record_ids,
)
from salescompass.crm.moments import MOMENTS, WEIGHTY, Moment, moments
from salescompass.crm.names import domain_norm, email_norm, name_norm, tidy
from salescompass.crm.own_fields import own_fields
from salescompass.crm.pipelines import (
    USUAL_STAGES,
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
from salescompass.crm.saved_views import ListView, delete_view, save_view, saved_views
from salescompass.crm.search import Found, Match, find, search_records
from salescompass.crm.seeing import Ownership, Sight, ownerships
from salescompass.crm.shipped_views import shipped_views
from salescompass.crm.similar import Similar, SimilarDeal, similar_deals
from salescompass.crm.snapshots import Stay, stage_stays, write_deal_snapshots
from salescompass.crm.stages import order_stages, remove_stage, save_stage, set_usual_pipeline, stage_use
from salescompass.crm.subjects import REPEATED, Resolution, Subject, SubjectRef, resolve_subjects
from salescompass.crm.tags import TagView, delete_tag, rename_tag, tag_records, tags
from salescompass.crm.trash import KEPT, delete_records, purge_trash, restore_records, trash
from salescompass.crm.trash_list import TrashView, trashed
from salescompass.crm.undo import Undone, undo_batch, undo_own_act
from salescompass.crm.upserts import upsert_records
from salescompass.crm.views import RecordView

__all__ = [
    "KEPT",
    "MOMENTS",
    "MOST_BESIDE",
    "MOST_COUNTED",
    "RECORD_TYPES",
    "REPEATED",
    "USUAL_STAGES",
    "VISIBILITY",
    "WEIGHTY",
    "AccountRecord",
    "AccountRef",
    "AccountView",
    "BadReference",
    "BoardColumn",
    "BulkAct",
    "BulkEditView",
    "BulkResult",
    "ChangeView",
    "Confidence",
    "Converted",
    "CustomDefinition",
    "DealBeside",
    "DealPerson",
    "DealRecord",
    "Found",
    "Holds",
    "ListView",
    "Match",
    "Moment",
    "Ownership",
    "PersonRecord",
    "PersonRef",
    "PersonView",
    "PipelineView",
    "Present",
    "Ranking",
    "RecordField",
    "RecordType",
    "RecordView",
    "Resolution",
    "RowOutcome",
    "Sight",
    "Similar",
    "SimilarDeal",
    "StageFields",
    "StageView",
    "Stay",
    "Subject",
    "SubjectRef",
    "TagView",
    "Total",
    "TrashView",
    "Undone",
    "Unresolved",
    "account",
    "accounts",
    "begin_bulk_edit",
    "bulk_edit",
    "bulk_results",
    "cancel_bulk_edit",
    "confided",
    "convert_lead",
    "count_records",
    "create_record",
    "custom_fields",
    "deal_board",
    "deal_people",
    "deals_of",
    "delete_pipeline",
    "delete_records",
    "delete_tag",
    "delete_view",
    "domain_norm",
    "edit_records",
    "email_norm",
    "ensure_deals",
    "ensure_records",
    "find",
    "forget_bulk_edits",
    "get_record",
    "get_records",
    "go_on_with_bulk_edit",
    "holds_deals",
    "list_pages",
    "list_records",
    "moments",
    "move_stage",
    "name_norm",
    "object_types",
    "order_custom_fields",
    "order_stages",
    "own_fields",
    "ownerships",
    "people",
    "person",
    "pipelines",
    "purge_trash",
    "record_changes",
    "record_ids",
    "remove_stage",
    "rename_tag",
    "resolve_subjects",
    "restore_records",
    "retire_custom_field",
    "save_custom_field",
    "save_pipeline",
    "save_stage",
    "save_view",
    "saved_views",
    "search_records",
    "set_deal_role",
    "set_usual_pipeline",
    "shipped_views",
    "similar_deals",
    "sortable",
    "stage_stays",
    "stage_use",
    "tag_records",
    "tags",
    "tidy",
    "trash",
    "trashed",
    "undo_batch",
    "undo_bulk_edit",
    "undo_own_act",
    "update_record",
    "upsert_records",
    "write_deal_snapshots",
]
