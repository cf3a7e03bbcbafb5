"""Every table, one file per family. A table is born in the change that both writes and reads it."""

from salescompass.models.base import Table
from salescompass.models.crm import Account, Person
from salescompass.models.events import Event, EventKey, PersonDay
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

__all__ = [
    "Account", "ApiKey", "AuditLog", "AuditSeal", "BandCrossing", "Device", "ErrorEvent", "Event", "EventBucket",
    "EventKey", "EventMerge", "EventRule", "EventTypeRow", "FeatureFlag", "FlagOverride", "Membership",
    "MembershipRole", "Notification", "Outbox", "Person", "PersonDay", "ResetToken", "Role", "RolePermission",
    "ScheduleLock", "Score", "ScoreConfig", "ScoreSnapshot", "SessionRow", "Table", "Tenant", "TenantPublic",
    "UsageCounter", "User",
]  # fmt: skip
