"""What colleagues do together: notes, mentions, and following what happens with a record."""

from salescompass.together.followers import FollowView, follow, followers
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
from salescompass.together.telling import nameable

__all__ = [
    "FollowView",
    "Nameable",
    "NoteView",
    "VersionView",
    "add_note",
    "delete_note",
    "edit_note",
    "follow",
    "followers",
    "nameable",
    "note_history",
    "notes",
    "pieces",
]
