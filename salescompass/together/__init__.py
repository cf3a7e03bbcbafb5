"""What colleagues do together: notes, mentions, following records; reminders of actions, and one's calendar."""

from salescompass.together.calendars import (
    CalendarView,
    make_calendar,
    my_calendar,
    read_calendar,
    revoke_calendar,
    tenant_of_calendar,
)
from salescompass.together.followers import FollowView, follow, followers
from salescompass.together.happenings import records_moved, tell_hot
from salescompass.together.mentions import Nameable, pieces
from salescompass.together.notes import (
    NoteView,
    VersionView,
    add_note,
    delete_note,
    edit_note,
    note_history,
    notes,
)
from salescompass.together.reminders import ReminderView, drop_reminder, reminders, send_reminders, set_reminder
from salescompass.together.telling import nameable

__all__ = [
    "CalendarView",
    "FollowView",
    "Nameable",
    "NoteView",
    "ReminderView",
    "VersionView",
    "add_note",
    "delete_note",
    "drop_reminder",
    "edit_note",
    "follow",
    "followers",
    "make_calendar",
    "my_calendar",
    "nameable",
    "note_history",
    "notes",
    "pieces",
    "read_calendar",
    "records_moved",
    "reminders",
    "revoke_calendar",
    "send_reminders",
    "set_reminder",
    "tell_hot",
    "tenant_of_calendar",
]
