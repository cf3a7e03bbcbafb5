"""From entries to lines, bursts and days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from salescompass.events import DayCount, FeedEntry
from salescompass.ui.event_groups import bursts, grouped, lines, measured, neighbours

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
UTC_ZONE, TODAY = ZoneInfo("UTC"), date(2026, 11, 20)
ADA, KEN, ACME = uuid4(), uuid4(), uuid4()


def _entry(minutes: int, person: UUID | None = ADA, kind: str = "proposal_viewed", **more: object) -> FeedEntry:
    at = NOON - timedelta(minutes=minutes)
    entry = FeedEntry(
        id=uuid4(), type=kind, occurred_at=at, received_at=at, account_id=ACME, person_id=person, opportunity_id=None,
        direction="in", channel="document", verdict="human", verdict_reasons=(), actor=None, source="api",
        duplicate_of=None, merged_into=None, properties={"page": f"page {minutes}"}, account_name="Acme",
        person_name="Ada" if person == ADA else "Ken",
    )  # fmt: skip
    return replace(entry, **more)  # type: ignore[arg-type]


def _lines(*entries: FeedEntry) -> list:  # type: ignore[type-arg]
    return lines(entries, UTC_ZONE, {})


def test_an_act_repeated_within_half_an_hour_is_one_line_whatever_happens_between() -> None:
    shown = _lines(_entry(0), _entry(5, KEN), _entry(10), _entry(18), _entry(60))
    assert [len(burst) for burst in bursts(shown)] == [3, 1, 1]
    (day,) = grouped(shown, TODAY, link=lambda one: f"?event={one}")
    assert [row.burst for row in day.rows] == ["×3 in 18 min", "", ""]
    assert [part.text for part in day.rows[0].parts] == ["page 0", "page 10", "page 18"]
    assert day.rows[0].parts[2].href == f"?event={shown[3].row.id}"
    assert day.rows[1].parts == []


def test_other_kinds_people_and_machines_are_lines_of_their_own() -> None:
    shown = _lines(_entry(0), _entry(1, kind="pricing_viewed"), _entry(2, KEN), _entry(3, verdict="bot"))
    assert [len(burst) for burst in bursts(shown)] == [1, 1, 1, 1]
    assert grouped(_lines(_entry(0), _entry(0)), TODAY)[0].rows[0].burst == "×2 within a minute"


def test_effects_of_a_burst_add_up_and_its_line_names_its_events() -> None:
    entries = [_entry(0), _entry(10), _entry(45, KEN)]
    shown = measured(_lines(*entries), {entries[0].id: 2.0, entries[1].id: 5.84}, {entries[1].id: "hot"})
    (day,) = grouped(shown, TODAY)
    burst, other = day.rows
    assert (burst.effect, burst.tone, burst.crossed) == ("+7.8", "up", "Hot")
    assert [part.effect for part in burst.parts] == ["+2.0", "+5.8"]
    assert (burst.holds, other.holds) == (f"{entries[0].id} {entries[1].id}", "")
    assert other.effect == ""


def test_days_are_the_readers_with_their_counts_and_folded_noise() -> None:
    count = DayCount(TODAY, 2, 1, 23, 9, 0, False)
    shown = _lines(_entry(0), _entry(60 * 14, KEN))
    today, yesterday = grouped(
        shown, TODAY, days={TODAY: count}, folded_link=lambda day: f"/feed?lane=noise&since={day}"
    )
    assert (today.title, today.note) == ("Today", "2 signals, 1 account")
    assert today.folded == "Folded as noise: 23 machine hits, 9 of our own"
    assert today.folded_href == "/feed?lane=noise&since=2026-11-20"
    (noise,) = grouped(shown[:1], TODAY, days={TODAY: count}, noise=True)
    assert (noise.note, noise.folded) == ("23 machine hits, 9 of our own", "")
    assert (yesterday.title, yesterday.note, yesterday.folded) == ("Yesterday", "", "")
    tokyo = grouped(lines([_entry(0), _entry(60 * 14, KEN)], ZoneInfo("Asia/Tokyo"), {}), TODAY)
    assert [group.title for group in tokyo] == ["Today"]


def test_neighbours_are_those_in_the_list() -> None:
    shown = _lines(_entry(0), _entry(1, KEN), _entry(2))
    ids = [line.row.id for line in shown]
    assert neighbours(shown, ids[1]) == (ids[2], ids[0])
    assert neighbours(shown, ids[0]) == (ids[1], "")
    assert neighbours(shown, "elsewhere") == ("", "")


def test_own_types_are_called_as_the_tenant_calls_them() -> None:
    entry = _entry(0, kind="quote_requested")
    (line,) = lines([entry], UTC_ZONE, {"quote_requested": "Quote requested"})
    assert line.row.title == "Ada: Quote requested"
    assert line.row.detail == "Acme, page 0"
    (known,) = lines([entry], UTC_ZONE, {}, account_known=True)
    assert known.row.detail == "page 0"
    (twice,) = lines([replace(entry, duplicate_of=uuid4())], UTC_ZONE, {})
    assert twice.row.verdict == "Told twice"
