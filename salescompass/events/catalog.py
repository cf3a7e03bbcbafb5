"""The registry of built-in event types. A new one is a line here: validation, filters and documents read this table.

The keys are a public contract: add, never rename. `direction` says who acted, `group` how fast the weight fades,
`points` are the default weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from salescompass.vocabulary import Direction, Group

IN, OUT, OWN = Direction.IN, Direction.OUT, Direction.OWN
PASSIVE, ACTIVE, INTENT = Group.PASSIVE, Group.ACTIVE, Group.INTENT


@dataclass(frozen=True)
class EventType:
    """What the product knows of a kind of event."""

    key: str
    family: str
    direction: Direction
    channel: str
    points: float
    group: str
    object_key: str | None = None
    """The property that names what was acted on: a page, a document, a message, a form, a call."""
    window: int | None = None
    """Seconds within which the same act on the same object is the same act told twice."""
    name: str = ""
    json_schema: Mapping[str, Any] | None = None
    """What its properties must look like; None takes anything."""
    own: bool = False
    """True for a type that the tenant defined."""
    retired: bool = False
    """No longer taken from outside; what was recorded stays and counts."""

    @property
    def label(self) -> str:
        """The type in words, as screens show it."""
        return self.name or self.key.replace("_", " ").capitalize()


_TYPES = (
    EventType("email_sent", "email", OUT, "email", 0, PASSIVE),
    EventType("email_delivered", "email", OUT, "email", 0, PASSIVE),
    EventType("email_opened", "email", IN, "email", 1, PASSIVE),
    EventType("link_clicked", "email", IN, "email", 4, ACTIVE),
    EventType("email_replied", "email", IN, "email", 12, INTENT),
    EventType("email_bounced", "email", IN, "email", 0, PASSIVE),
    EventType("email_unsubscribed", "email", IN, "email", -15, ACTIVE),
    EventType("email_complained", "email", IN, "email", -25, ACTIVE),
    EventType("website_visit", "web", IN, "web", 1, PASSIVE),
    EventType("page_viewed", "web", IN, "web", 1, PASSIVE),
    EventType("landing_page_visited", "web", IN, "web", 2, PASSIVE),
    EventType("pricing_viewed", "web", IN, "web", 8, INTENT),
    EventType("form_submitted", "web", IN, "web", 10, ACTIVE),
    EventType("document_viewed", "document", IN, "document", 3, ACTIVE),
    EventType("content_downloaded", "document", IN, "document", 5, ACTIVE),
    EventType("document_shared", "document", IN, "document", 6, ACTIVE),
    EventType("proposal_sent", "document", OUT, "document", 0, INTENT),
    EventType("proposal_viewed", "document", IN, "document", 15, INTENT),
    EventType("proposal_accepted", "document", IN, "document", 30, INTENT),
    EventType("proposal_rejected", "document", IN, "document", -20, INTENT),
    EventType("video_viewed", "video", IN, "video", 3, ACTIVE),
    EventType("video_completed", "video", IN, "video", 6, ACTIVE),
    EventType("call_completed", "conversation", IN, "call", 10, ACTIVE),
    EventType("call_attempted", "conversation", OUT, "call", 0, PASSIVE),
    EventType("meeting_scheduled", "conversation", IN, "meeting", 10, INTENT),
    EventType("meeting_held", "conversation", IN, "meeting", 18, INTENT),
    EventType("meeting_missed", "conversation", IN, "meeting", -8, ACTIVE),
    EventType("demo_requested", "conversation", IN, "web", 20, INTENT),
    EventType("demo_completed", "conversation", IN, "meeting", 20, INTENT),
    EventType("message_received", "conversation", IN, "social", 8, ACTIVE),
    EventType("message_sent", "conversation", OUT, "social", 0, PASSIVE),
    EventType("webinar_registered", "event", IN, "webinar", 4, ACTIVE),
    EventType("webinar_attended", "event", IN, "webinar", 12, ACTIVE),
    EventType("webinar_missed", "event", IN, "webinar", -2, PASSIVE),
    EventType("social_interaction", "community", IN, "social", 3, PASSIVE),
    EventType("community_contribution", "community", IN, "community", 4, ACTIVE),
    EventType("ticket_opened", "support", IN, "support", 0, ACTIVE),
    EventType("ticket_resolved", "support", OWN, "support", 0, PASSIVE),
    EventType("survey_answered", "support", IN, "survey", 5, ACTIVE),
    EventType("signed_up", "product", IN, "product", 15, INTENT),
    EventType("logged_in", "product", IN, "product", 1, PASSIVE),
    EventType("feature_used", "product", IN, "product", 3, ACTIVE),
    EventType("limit_reached", "product", IN, "product", 15, INTENT),
    EventType("payment_received", "commerce", IN, "billing", 10, ACTIVE),
    EventType("renewal_due", "commerce", OWN, "billing", 0, INTENT),
    EventType("lead_created", "record", OWN, "crm", 0, PASSIVE),
    EventType("lead_qualified", "record", OWN, "crm", 0, PASSIVE),
    EventType("lead_converted", "record", OWN, "crm", 0, PASSIVE),
    EventType("opportunity_created", "record", OWN, "crm", 0, PASSIVE),
    EventType("opportunity_stage_changed", "record", OWN, "crm", 0, PASSIVE),
    EventType("opportunity_won", "record", OWN, "crm", 0, PASSIVE),
    EventType("opportunity_lost", "record", OWN, "crm", 0, PASSIVE),
    EventType("task_completed", "record", OWN, "crm", 0, PASSIVE),
    EventType("note_added", "record", OWN, "crm", 0, PASSIVE),
    EventType("owner_changed", "record", OWN, "crm", 0, PASSIVE),
    EventType("contract_cancelled", "churn", IN, "billing", -60, INTENT),
)

_OPEN, _VIEW, _FORM, _CALL = 60 * 60, 30 * 60, 2 * 60, 10 * 60

NEAR: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "email_opened": ("message_id", _OPEN),
        "website_visit": ("url", _VIEW),
        "page_viewed": ("url", _VIEW),
        "landing_page_visited": ("url", _VIEW),
        "pricing_viewed": ("url", _VIEW),
        "document_viewed": ("document_id", _VIEW),
        "proposal_viewed": ("document_id", _VIEW),
        "video_viewed": ("url", _VIEW),
        "form_submitted": ("form_id", _FORM),
        "call_completed": ("call_id", _CALL),
        "call_attempted": ("call_id", _CALL),
    }
)
"""Types of which the same act may be told twice: the property that names its object, and within how many seconds."""


def _with_window(known: EventType) -> EventType:
    object_key, window = NEAR.get(known.key, (None, None))
    return replace(known, object_key=object_key, window=window)


BUILT_IN: Mapping[str, EventType] = MappingProxyType({known.key: _with_window(known) for known in _TYPES})
