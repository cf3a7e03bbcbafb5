"""The facts of a made-up company's records, told the long way: without the database, and without the loader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from salescompass.conditions import EventCount
from tests.conditions.worlds import NOW, Row, World


class Told:
    """The facts of one record, told from the rows at hand: every value the long way."""

    def __init__(self, world: World, kind: str, row: Row) -> None:
        self.world, self.kind, self.row, self.id = world, kind, row, row["id"]
        self.values, self.related, self.shown = _Values(self), _Related(self), dict[str, Any]()

    def own(self, key: str) -> Any:
        """The value of a column, in its compared form."""
        if key.endswith("_minor"):
            return self.row[key] if self.row["currency"] in (None, "USD") else None
        if key == "days_in_stage":
            return self.row["stage_entered_at"]
        if key == "domain":
            return self.row["domain_norm"]
        return self.row.get(f"{key}_norm", self.row.get(key))

    def days_over(self) -> int | None:
        """How many days longer a deal is in its stage than meant."""
        rots = self.world.rots(self.row["stage_id"])
        return None if rots is None else (NOW - self.row["stage_entered_at"]) // timedelta(days=1) - rots

    def champion_of(self) -> int:
        """In how many open deals a person is the champion."""
        open_deals = {
            one["id"] for one in self.world.opportunity if one["state"] == "open" and one["deleted_at"] is None
        }
        mine = [part for part in self.world.parts if part["person_id"] == self.id and part["role"] == "champion"]
        return sum(part["opportunity_id"] in open_deals for part in mine)

    def scored(self, key: str) -> Any:
        """What the score says."""
        mine = [row for row in self.world.score if row["subject_id"] == self.id]
        then = [row["value"] for row in self.world.score_snapshot if row["subject_id"] == self.id]
        if key == "velocity":
            return mine[0]["value"] - (then[0] if then else 0.0) if mine else 0.0
        return (mine[0]["value"] if mine else 0.0) if key == "score" else (mine[0]["band"] if mine else "cold")

    def acted(self, key: str) -> Any:
        """What its actions say."""
        mine = [row for row in self.world.action if row[f"{self.kind}_id"] == self.id]
        awaited = [row for row in mine if row["closed_at"] is None]
        if key == "open_actions":
            return len(awaited)
        if key == "next_action_due":
            return min((row["due_to"] for row in awaited if row["due_to"]), default=None)
        return max((row["closed_at"] for row in mine if row["state"] == "done"), default=None)

    @cached_property
    def events(self) -> list[Row]:
        """What happened with it."""
        return [event for event in self.world.event if event[f"{self.kind}_id"] == self.id]

    @cache  # noqa: B019 - as long as the world is there
    def happened(self, counted: EventCount) -> list[datetime]:
        """When the events that count happened."""
        first = None
        if counted.days is not None:
            today = NOW.astimezone(self.world.zone).date()
            first = today - timedelta(days=counted.days)
        found = []
        for event in self.events:
            human = event["verdict"] in ("human", "unknown")
            if (
                event["duplicate_of"] is None
                and event["merged_into"] is None
                and event["occurred_at"] <= NOW
                and (first is None or event["occurred_at"].astimezone(self.world.zone).date() >= first)
                and (event["type"] in counted.types if counted.types else event["direction"] == "in")
                and (counted.who == "any" or human is (counted.who == "human"))
            ):
                found.append(event["occurred_at"])
        return found

    def _days(self) -> list[date]:
        since = NOW - timedelta(days=180)
        return sorted({at.astimezone(UTC).date() for at in self.happened(EventCount()) if at >= since})

    def rhythm(self) -> int | None:
        """The longest of nine in ten of its pauses."""
        days = self._days()
        pauses = sorted((after - before).days for before, after in pairwise(days))
        return pauses[-(-9 * len(pauses) // 10) - 1] if len(pauses) >= 3 else None

    def quiet(self) -> bool:
        """Whether it has been silent for longer than it ever is."""
        days, usual, today = self._days(), self.rhythm(), NOW.date()
        return usual is not None and (today - days[-1]).days > usual and (today - days[0]).days >= 14

    def engaged(self) -> int:
        """With how many people it was engaged in 30 days."""
        since, counted = NOW - timedelta(days=30), set(self.happened(EventCount()))
        return len(
            {
                event["person_id"]
                for event in self.events
                if event["person_id"]
                and since <= event["occurred_at"] <= NOW
                and event["direction"] == "in"
                and event["verdict"] in ("human", "unknown")
                and event["duplicate_of"] is None
                and event["merged_into"] is None
                and event["occurred_at"] in counted
            }
        )

    def fell(self) -> datetime | None:
        """When it last went into a colder band."""
        order = ["cold", "cool", "warm", "hot"]
        mine = [row for row in self.world.band_crossing if row["subject_id"] == self.id]
        return max(
            (row["at"] for row in mine if order.index(row["to_band"]) < order.index(row["from_band"])), default=None
        )

    def pipeline(self) -> int:
        """What its open deals are worth."""
        mine = [row for row in self.world.records("opportunity") if row["account_id"] == self.id]
        worth = [row["amount_minor"] for row in mine if row["state"] == "open" and row["currency"] in (None, "USD")]
        return sum(one for one in worth if one is not None)

    def custom(self, kind: str) -> Any:
        """The value of a field of the tenant's own."""
        for row in self.world.custom_value:
            if row["field_id"] == self.world.fields[kind] and row["object_id"] == self.id:
                return {
                    "text": row["text_norm"], "number": row["number"], "date": row["at"] and row["at"].date(),
                    "boolean": row["text"] == "true", "choice": row["text"],
                }[kind]  # fmt: skip
        return None


def tell(world: World, kind: str, row: Row) -> Told:
    """The facts of a record; the same each time."""
    if row["id"] not in world.told:
        world.told[row["id"]] = Told(world, kind, row)
    return world.told[row["id"]]


class _Values(Mapping[Any, Any]):
    def __init__(self, told: Told) -> None:
        self.told = told

    def __getitem__(self, key: Any) -> Any:
        told = self.told
        if isinstance(key, tuple):
            return len(told.happened(key[1]))
        if key in ("rhythm_days", "gone_quiet", "people_engaged", "band_fell_at", "open_pipeline"):
            names = {"rhythm_days": "rhythm", "gone_quiet": "quiet", "people_engaged": "engaged"}
            names |= {"band_fell_at": "fell", "open_pipeline": "pipeline"}
            return getattr(told, names[key])()
        if key == "two_way_at":
            return max(told.happened(EventCount(("email_replied",))), default=None)
        if key in ("last_event_at", "days_silent"):
            return max(told.happened(EventCount()), default=None)
        if key in ("score", "band", "velocity"):
            return told.scored(key)
        if key in ("open_actions", "next_action_due", "last_action_done_at"):
            return told.acted(key)
        if key in ("days_over", "champion_of"):
            return getattr(told, key)()
        if key == "tags":
            return frozenset(row["tag_id"] for row in told.world.record_tag if row["object_id"] == told.id)
        return told.custom(key.removeprefix("custom_")) if key.startswith("custom_") else told.own(key)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


class _Related(Mapping[str, tuple[Told, ...]]):
    def __init__(self, told: Told) -> None:
        self.told = told

    def __getitem__(self, key: str) -> tuple[Told, ...]:
        told, world, mine = self.told, self.told.world, self.told.id
        if key in ("account", "parent", "product"):
            found = [world.by_id.get(told.row[f"{key}_id"])]
            kind = "account" if key == "parent" else key
        elif key == "children":
            kind, found = "account", [row for row in world.records("account") if row["parent_id"] == mine]
        else:
            kind = "person" if key == "people" else "opportunity"
            ends = {"person": "person_id", "opportunity": "opportunity_id"}
            if told.kind in ends:
                there = {part[ends[kind]] for part in world.parts if part[ends[told.kind]] == mine}
                found = [world.by_id.get(one) for one in there]
            else:
                found = [row for row in world.records(kind) if row[f"{told.kind}_id"] == mine]
        return tuple(tell(world, kind, row) for row in found if row)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0
