"""What a client tells while things are killed, and what of it counts: known without asking the house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

CREW = 5
LINKS = 4
_TURN = 20
"""Each turn of so many events has one of every kind below."""
_KINDS: dict[int, dict[str, Any]] = {
    9: {"type": "email_opened"},
    10: {"type": "email_opened", "actor": "human"},
    11: {"type": "pricing_viewed"},
    12: {"type": "proposal_viewed"},
    13: {"type": "email_replied", "actor": "human"},
    14: {"type": "email_sent"},
    15: {"type": "link_clicked", "actor": "machine"},
    16: {"type": "page_viewed", "actor": "machine"},
    19: {"type": "email_unsubscribed"},
}
_OURS_OR_MACHINES = {14, 15, 16}
_SCANNER, _NOBODYS = 17, 18


def _midnight() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Story:
    """So many events with keys, of people and companies; some ours, some machines', some a scanner's.

    The clicks of one scanner come in different requests: the last of them, whichever that is, gives all of them away.
    """

    total: int
    people: int = 50
    start: datetime = field(default_factory=_midnight)

    def event(self, number: int) -> dict[str, Any]:
        """The body of an event, always the same."""
        place, turn = number % _TURN, number // _TURN
        days = 1 + number % 80
        if number % 1000 == 999:
            # Few and lately, so that each moves the score that is watched; the last of all by far the most.
            body, days = {"type": "proposal_viewed" if number == self.total - 1 else "page_viewed", **_WATCHED}, 1
        elif place == _SCANNER:
            return self._click(number, *divmod(turn, LINKS))
        elif place == _NOBODYS:
            body = {"type": "community_contribution", "account": self._company(turn)}
        else:
            body = {"type": "page_viewed", **_KINDS.get(place, {}), **self._somebody(number)}
        at = self.start - timedelta(days=days, minutes=number * 7 % 1440)
        return {**body, "occurred_at": at.isoformat(), "idempotency_key": f"event {number}"}

    def _click(self, number: int, scan: int, link: int) -> dict[str, Any]:
        at = self.start - timedelta(days=1 + scan % 80, minutes=scan * 11 % 1440, seconds=-link)
        return {
            "type": "link_clicked",
            "properties": {"message_id": f"letter {scan}", "url": f"https://sender.example/{link}"},
            "occurred_at": at.isoformat(),
            "idempotency_key": f"event {number}",
            **self._somebody(scan),
        }

    def _company(self, number: int) -> dict[str, str]:
        place = number % (self.people // CREW)
        return {"name": f"Company {place}", "domain": f"company{place}.example"}

    def _somebody(self, number: int) -> dict[str, Any]:
        who = number % self.people
        company = self._company(who)
        return {"contact": {"email": f"p{who}@{company['domain']}"}, "account": company}

    def counts(self, number: int) -> bool:
        """Whether an event counts once all have come."""
        place = number % _TURN
        if place == _SCANNER:
            return (number // _TURN // LINKS * LINKS + LINKS - 1) * _TURN + _SCANNER >= self.total
        return place not in _OURS_OR_MACHINES

    @property
    def numbers(self) -> Iterator[int]:
        """Every event."""
        return iter(range(self.total))


WATCHED = "Watched Works"
_WATCHED = {
    "contact": {"email": "wanda@watched.example", "name": "Wanda"},
    "account": {"name": WATCHED, "domain": "watched.example"},
}
