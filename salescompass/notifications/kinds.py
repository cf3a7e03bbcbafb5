"""What members are told of: one line a kind. A new kind is a line here; screens and settings read the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of notification: its words in the settings, and how it is told until a member chooses otherwise.

    `email` is now, digest or off. A `critical` one is shown at once also in quiet hours, and can be acknowledged.
    `tab` is the part of the inbox that shows it beside "all".
    """

    key: str
    words: str
    icon: str
    email: str
    critical: bool = False
    tab: str = ""


MENTIONS, ASSIGNED = "mentions", "assigned"

KINDS: dict[str, Kind] = {
    one.key: one
    for one in (
        Kind("mention", "Somebody mentions you", "at-sign", "now", critical=True, tab=MENTIONS),
        Kind("action_offered", "Somebody asks you to take an action over", "user-plus", "now", True, ASSIGNED),
        Kind("action_assigned", "An action becomes yours", "user-check", "digest", tab=ASSIGNED),
        Kind("offer_answered", "An offer of yours is taken or declined", "check", "off"),
        Kind("record_assigned", "An account, a person or a deal becomes yours", "user-check", "digest", tab=ASSIGNED),
        Kind("reminder", "A reminder of an action is due", "clock", "now", critical=True),
        Kind("hot_signal", "An account of yours becomes hot", "flame", "now", critical=True),
        Kind("score_drop", "The score of an account of yours falls sharply", "trending-down", "digest"),
        Kind("followed", "Something happens with what you follow", "bell", "digest"),
        Kind("export", "An export of yours is ready", "download", "off"),
        Kind("import", "An import of yours is done", "upload", "off"),
        Kind("roles_changed", "Your roles change", "shield-check", "now"),
    )
}
