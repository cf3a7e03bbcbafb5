"""Reaching people: the bell inside the product, and letters by email."""

from salescompass.notifications.inbox import TOPIC, NotificationView, inbox, mark_read, notify, unread, was_told
from salescompass.notifications.mail import deliver

__all__ = ["TOPIC", "NotificationView", "deliver", "inbox", "mark_read", "notify", "unread", "was_told"]
