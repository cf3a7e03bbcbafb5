"""Silences, the day that a timeline goes back from, and the bands of the past."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from salescompass.kit.pagination import position
from salescompass.scoring import DayScore
from salescompass.ui.components.event_rows import DayGroup, EventRow
from salescompass.ui.event_groups import Line, grouped
from salescompass.ui.record_times import cursor_at, day_in, ribbon, with_silences

TODAY = date(2026, 11, 20)
EDGES = (15.0, 40.0, 70.0)


def _line(days_ago: int, kind: str = "human") -> Line:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC) - timedelta(days=days_ago)
    row = EventRow(f"{kind}-{days_ago}", "09:00", "", "mail", "", "Somebody wrote", "", "", "check", kind)
    return Line(row, (row.id,), at, at.date(), "")


def _told(*shown: Line, today: date | None = TODAY) -> dict[str, str]:
    days: list[DayGroup] = with_silences(grouped(shown, TODAY), shown, today)
    return {one.day: one.silence for one in days if one.silence}


def test_a_silence_is_told_between_what_they_did_whatever_we_did_meanwhile() -> None:
    shown = [_line(1), _line(10, "ours"), _line(20, "machine"), _line(24), _line(30)]
    assert _told(*shown) == {"2026-10-27": "Silent 23 days"}


def test_a_silence_that_lasts_is_told_and_none_where_the_newest_is_not_shown() -> None:
    assert _told(_line(3, "moment"), _line(14)) == {"2026-11-06": "Silent for 14 days"}
    assert _told(_line(3, "moment"), _line(14), today=None) == {}
    assert _told(_line(13)) == {}


def test_a_day_ends_where_the_reader_lives() -> None:
    place = position(cursor_at(date(2026, 3, 1), ZoneInfo("Europe/Paris")))
    assert place is not None
    assert place.at.astimezone(UTC) == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert cursor_at(None, ZoneInfo("UTC")) is None


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "9999-99"])
def test_what_is_no_day_is_the_newest(text: str) -> None:
    assert day_in(text) is None


def test_the_last_day_there_is_does_no_harm() -> None:
    assert cursor_at(day_in("9999-12-31"), ZoneInfo("UTC")) is None


def test_the_ribbon_follows_the_bands_and_a_score_about_an_edge_crosses_once() -> None:
    scores = [10, 16, 14, 17, 30, 45, 72, 71, 20, 20]
    days = [DayScore(date(2026, 11, 1) + timedelta(days=n), float(score)) for n, score in enumerate(scores)]
    look = ribbon(days, EDGES)
    assert [(one.band, round(one.percent)) for one in look.parts] == [
        ("cold", 10), ("cool", 40), ("warm", 10), ("hot", 20), ("cool", 20),
    ]  # fmt: skip
    assert look.words.startswith("Cold on 1 Nov; Cool from 2 Nov to 5 Nov; Warm on 6 Nov; Hot")
    assert ribbon([], EDGES).parts == []
