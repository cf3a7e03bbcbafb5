"""Reaching people: the inbox inside the product, and letters by email; `tell` is how anything reaches anybody."""

from salescompass.notifications.choices import EMAIL, ChoiceView, choose_notifications, notification_choices
from salescompass.notifications.digest import send_digests
from salescompass.notifications.inbox import (
    TABS,
    NotificationView,
    acknowledge,
    inbox,
    mark_read,
    snooze,
    unread,
)
from salescompass.notifications.kinds import KINDS, Kind
from salescompass.notifications.mail import deliver
from salescompass.notifications.telling import TOPIC, tell

__all__ = [
    "EMAIL",
    "KINDS",
    "TABS",
    "TOPIC",
    "ChoiceView",
    "Kind",
    "NotificationView",
    "acknowledge",
    "choose_notifications",
    "deliver",
    "inbox",
    "mark_read",
    "notification_choices",
    "send_digests",
    "snooze",
    "tell",
    "unread",
]
