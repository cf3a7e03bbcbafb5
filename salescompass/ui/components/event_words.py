"""An event in words: who did what, the detail under it, its icon and the verdict on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salescompass.ui.people import in_sentence
from salescompass.vocabulary import Verdict

_VERBS = {
    "email_sent": ("was sent an email", "send"),
    "email_delivered": ("got an email", "mail-check"),
    "email_opened": ("opened an email", "mail-open"),
    "link_clicked": ("clicked a link", "mouse-pointer-click"),
    "email_replied": ("replied by email", "reply"),
    "email_bounced": ("could not be reached by email", "mail-warning"),
    "email_unsubscribed": ("unsubscribed", "mail-x"),
    "email_complained": ("marked an email as spam", "mail-warning"),
    "website_visit": ("visited the website", "globe"),
    "page_viewed": ("viewed a page", "eye"),
    "landing_page_visited": ("visited a landing page", "globe"),
    "pricing_viewed": ("viewed pricing", "circle-dollar-sign"),
    "form_submitted": ("sent a form", "inbox"),
    "document_viewed": ("viewed a document", "file-text"),
    "content_downloaded": ("downloaded content", "download"),
    "document_shared": ("shared a document", "share-2"),
    "proposal_sent": ("was sent a proposal", "send"),
    "proposal_viewed": ("viewed the proposal", "file-text"),
    "proposal_accepted": ("accepted the proposal", "file-check"),
    "proposal_rejected": ("rejected the proposal", "file-x"),
    "video_viewed": ("watched a video", "video"),
    "video_completed": ("watched a video to the end", "video"),
    "call_completed": ("took a call", "phone"),
    "call_attempted": ("was called, without an answer", "phone-missed"),
    "meeting_scheduled": ("scheduled a meeting", "calendar"),
    "meeting_held": ("met with us", "calendar-check"),
    "meeting_missed": ("missed a meeting", "calendar-x"),
    "demo_requested": ("asked for a demo", "presentation"),
    "demo_completed": ("saw a demo", "presentation"),
    "message_received": ("wrote a message", "message-square"),
    "message_sent": ("was sent a message", "send"),
    "webinar_registered": ("registered for a webinar", "calendar"),
    "webinar_attended": ("attended a webinar", "presentation"),
    "webinar_missed": ("missed a webinar", "calendar-x"),
    "social_interaction": ("reacted on social media", "share-2"),
    "community_contribution": ("contributed to the community", "git-branch"),
    "ticket_opened": ("opened a ticket", "life-buoy"),
    "ticket_resolved": ("had a ticket resolved", "circle-check"),
    "survey_answered": ("answered a survey", "star"),
    "signed_up": ("signed up", "user-plus"),
    "logged_in": ("logged in", "log-in"),
    "feature_used": ("used a feature", "puzzle"),
    "limit_reached": ("reached a limit", "gauge"),
    "payment_received": ("paid", "credit-card"),
    "renewal_due": ("has a renewal due", "calendar-clock"),
    "contract_cancelled": ("cancelled the contract", "file-x"),
}
_NEGATIVE = {
    "email_bounced", "email_unsubscribed", "email_complained", "proposal_rejected", "meeting_missed",
    "webinar_missed", "contract_cancelled",
}  # fmt: skip
# The properties that say what an event was about, best first; an address says it when nothing better does.
_ABOUT = ("title", "subject", "document", "page", "feature", "project", "name", "topic", "activity", "note")
_SAID = 2
_MOST = 120

_VERDICTS = {
    Verdict.HUMAN: ("Human", "user-check", "human"),
    Verdict.UNKNOWN: ("Unknown", "circle-question-mark", "unknown"),
}


def did(event_type: str) -> str:
    """What the person did, after their name."""
    known = _VERBS.get(event_type)
    return known[0] if known else f"had “{_words(event_type)}”"


def event_icon(event_type: str) -> str:
    """The icon of the event's kind."""
    return _VERBS.get(event_type, ("", "notebook-pen"))[1]


def is_quiet(event_type: str, direction: str) -> bool:
    """True for what we did ourselves and for bad news: its tile is grey."""
    return direction != "in" or event_type in _NEGATIVE


def headline(event_type: str, person: str | None, account: str | None, label: str | None = None) -> str:
    """Who did what; `label` is what the tenant calls a type of its own."""
    known = _VERBS.get(event_type)
    if (named := person or account) is None:
        return label or _words(event_type).capitalize()
    who = in_sentence(named)
    return f"{who} {known[0]}" if known else f"{who}: {label or _words(event_type)}"


def detail(person: str | None, account: str | None, properties: Mapping[str, Any]) -> str:
    """The account, and what the event was about."""
    company = in_sentence(account, "") if person and account else ""
    return ", ".join(part for part in (company, about(properties)) if part)


def about(properties: Mapping[str, Any]) -> str:
    """What the event was about."""
    told = [in_sentence(_said(name, properties[name]), "") for name in _ABOUT if _sayable(properties.get(name))]
    said = [text for text in told if text]
    if not said and _sayable(properties.get("url")):
        said = [str(properties["url"]).strip()]
    return ", ".join(text if len(text) <= _MOST else text[: _MOST - 1].rstrip() + "…" for text in said[:_SAID])


def verdict_chip(verdict: str, direction: str) -> tuple[str, str, str]:
    """Word, icon and kind of the chip: was it a person, a machine, or our own doing?"""
    if direction != "in":
        return "Ours", "building-2", "ours"
    return _VERDICTS.get(Verdict(verdict), ("Machine", "bot", "machine"))


def _said(name: str, value: Any) -> str:
    """A page is a name or a number; a bare number would say nothing."""
    return f"page {value}" if name == "page" and isinstance(value, int) else str(value)


def _sayable(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip() != ""


def _words(event_type: str) -> str:
    return event_type.replace("_", " ").replace(".", " ").strip()
