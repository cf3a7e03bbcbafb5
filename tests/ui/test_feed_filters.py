"""The feed's address: every filter is in it, nonsense is left out, and links change one thing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from salescompass.ui.feed.filters import View, dates_words, day_of_fold, view_of

TODAY, PARIS = date(2026, 11, 20), ZoneInfo("Europe/Paris")


def _view(**query: str) -> View:
    return view_of(query, PARIS, TODAY)


def test_the_bare_address_shows_signals() -> None:
    view = _view()
    assert view.lens.lane == "signals"
    assert view.href() == "/feed"
    assert not view.narrowed


def test_every_filter_survives_the_way_into_the_address_and_back() -> None:
    given = {
        "lane": "noise", "type": "proposal_viewed", "channel": "web", "verdict": "bot", "account": str(uuid4()),
        "person": str(uuid4()), "since": "2026-11-01", "until": "2026-11-02",
    }  # fmt: skip
    view = _view(**given)
    assert dict(view.chosen) == given
    query = dict(part.split("=") for part in view.href().split("?")[1].split("&"))
    assert dict(_view(**query).chosen) == given
    assert view.lens == _view(**query).lens
    assert view.lens.since == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert view.lens.until == datetime(2026, 11, 2, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "query",
    [
        {"lane": "other"}, {"verdict": "maybe"}, {"account": "x"}, {"person": "1"}, {"when": "soon"},
        {"since": "yesterday"}, {"until": "2026-13-40"}, {"since": "0001-01-01"}, {"event": "x"},
        {"type": "page\0viewed"}, {"type": "\ud800"}, {"channel": "\0"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_left_out(query: dict[str, str]) -> None:
    view = _view(**query)
    assert view.href() == "/feed"
    assert view.event == ""


def test_a_link_changes_one_thing_and_reading_on_starts_again() -> None:
    view = _view(type="pricing_viewed", before="abc", when="7d")
    assert view.href(channel="web") == "/feed?type=pricing_viewed&channel=web&when=7d"
    assert view.href(type="") == "/feed?when=7d"
    event = str(uuid4())
    assert view.at(event) == f"/feed?type=pricing_viewed&when=7d&before=abc&event={event}"
    assert view.href(**day_of_fold("2026-11-19")) == (
        "/feed?lane=noise&type=pricing_viewed&since=2026-11-19&until=2026-11-19"
    )


def test_dates_in_words() -> None:
    assert dates_words({"when": "7d"}) == "Last 7 days"
    assert dates_words({"since": "2026-11-01"}) == "Since 1 Nov 2026"
    assert dates_words({"until": "2026-11-02"}) == "Until 2 Nov 2026"
    assert dates_words({"since": "2026-11-01", "until": "2026-11-02"}) == "1 Nov 2026 to 2 Nov 2026"
    assert dates_words({"since": "2026-11-01", "until": "2026-11-01"}) == "1 Nov 2026"
    assert dates_words({}) == ""
    assert _view(when="today").lens.since == datetime(2026, 11, 19, 23, tzinfo=UTC)
