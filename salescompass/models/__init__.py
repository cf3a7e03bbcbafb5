"""Every table, one file per family. A table is born in the change that both writes and reads it."""

from salescompass.models.base import Table
from salescompass.models.bulk_edits import BulkEdit, BulkEditRow
from salescompass.models.crm import (
    Account,
    Opportunity,
    OpportunityPerson,
    OpportunitySnapshot,
    Person,
    Pipeline,
    Product,
    Stage,
    StageHistory,
)
from salescompass.models.events import Event, EventKey, PersonDay
from salescompass.models.files import ImportBatch, ImportMapping, ListExport
from salescompass.models.identity import (
    ApiKey,
    AuditLog,
    AuditSeal,
    Device,
    FeatureFlag,
    FlagOverride,
    Membership,
    MembershipRole,
    Notification,
    ResetToken,
    Role,
    RolePermission,
    SessionRow,
    Tenant,
    TenantPublic,
    UsageCounter,
    User,
)
from salescompass.models.machinery import ErrorEvent, Outbox, ScheduleLock
from salescompass.models.records import (
    CustomField,
    CustomValue,
    Idempotent,
    Note,
    RecordChange,
    RecordTag,
    SavedView,
    SearchToken,
    Tag,
)
from salescompass.models.scoring import (
    BandCrossing,
    EventBucket,
    EventMerge,
    EventRule,
    EventTypeRow,
    Score,
    ScoreConfig,
    ScoreSnapshot,
)
from salescompass.models.teams import RoleScope, Team, TeamMember

__all__ = [
    "Account", "ApiKey", "AuditLog", "AuditSeal", "BandCrossing", "BulkEdit", "BulkEditRow", "CustomField",
    "CustomValue",
    "Device", "ErrorEvent", "Event", "EventBucket", "EventKey", "EventMerge", "EventRule", "EventTypeRow",
    "FeatureFlag", "FlagOverride", "Idempotent", "ImportBatch", "ImportMapping", "ListExport", "Membership",
    "MembershipRole", "Note", "Notification", "Opportunity", "OpportunityPerson", "OpportunitySnapshot", "Outbox",
    "Person", "PersonDay", "Pipeline", "Product", "RecordChange", "RecordTag", "ResetToken", "Role", "RolePermission",
    "RoleScope", "SavedView", "ScheduleLock", "Score", "ScoreConfig", "ScoreSnapshot", "SearchToken", "SessionRow",
    "Stage", "StageHistory", "Table", "Tag", "Team", "TeamMember", "Tenant", "TenantPublic", "UsageCounter", "User",
]  # fmt: skip
