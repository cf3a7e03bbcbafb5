"""Events, acts and days in words; links as functions; icons that exist."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from salescompass.events import BUILT_IN
from salescompass.ui import routes
from salescompass.ui.admin_audit.words import act_words, detail_words
from salescompass.ui.clock_words import day_of, day_words, time_words, zone_of
from salescompass.ui.components.event_words import detail, event_icon, headline, is_quiet, verdict_chip
from salescompass.ui.people import initials, tint

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("key", sorted(BUILT_IN))
def test_every_built_in_event_type_has_a_sentence_of_its_own_or_reads_well(key: str) -> None:
    said = headline(key, "Ada", "Engines")
    assert said.startswith("Ada")
    assert "_" not in said


def test_an_unknown_type_is_shown_by_its_name() -> None:
    assert headline("custom_thing.done", "Ada", None) == "Ada: custom thing done"
    assert headline("custom_thing", None, None) == "Custom thing"
    assert headline("pricing_viewed", None, "Engines") == "Engines viewed pricing"


def test_a_name_turns_no_sentence_and_one_that_shows_nothing_is_somebody() -> None:
    assert headline("pricing_viewed", "Eve\u202e\u2066", None) == "Eve viewed pricing"
    assert headline("pricing_viewed", "\u05d3\u05d5\u05d3", None) == "\u2068\u05d3\u05d5\u05d3\u2069 viewed pricing"
    for nothing in ("\u200b", "\u3164 \u200d", "\u202e"):
        assert headline("pricing_viewed", nothing, "Engines") == "Somebody viewed pricing"
    assert detail("Ada", "\u200b", {"page": "\u202ePlans", "title": "\u200b"}) == "Plans"


def test_the_detail_names_the_account_and_what_it_was_about() -> None:
    assert detail("Ada", "Engines", {"page": "Plans", "ms": 3}) == "Engines, Plans"
    assert detail("Ada", "Engines", {"document": "Offer", "page": 4}) == "Engines, Offer, page 4"
    assert detail(None, "Engines", {}) == ""
    assert detail("Ada", None, {"title": "x" * 500}).endswith("…")
    assert len(detail("Ada", None, {"title": "x" * 500})) == 120
    assert detail("Ada", None, {"title": {"nested": 1}, "page": True}) == ""


def test_machines_people_and_ourselves_are_told_apart() -> None:
    assert verdict_chip("human", "in")[0] == "Human"
    assert verdict_chip("unknown", "in")[0] == "Unknown"
    assert {verdict_chip(one, "in")[0] for one in ("bot", "likely_bot", "proxy_open")} == {"Machine"}
    assert verdict_chip("human", "out")[0] == "Ours"
    assert is_quiet("email_sent", "out")
    assert is_quiet("email_unsubscribed", "in")
    assert not is_quiet("pricing_viewed", "in")


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "assets/icons.svg").read_text()))
    named = {place.icon for place in routes.PLACES} | {deed.icon for deed in routes.DEEDS}
    named |= {event_icon(key) for key in BUILT_IN} | {event_icon("anything else")}
    for file in (ROOT / "salescompass/ui").rglob("*.py"):
        text = file.read_text()
        named |= set(re.findall(r'\bicon\("([a-z0-9-]+)"', text))
        named |= set(re.findall(r'icon_name="([a-z0-9-]+)"', text))
        named |= set(re.findall(r'"(?:solid|outline|ghost|danger|success|warning)", "([a-z0-9-]+)"', text))
    assert named - there == set()


def test_days_are_those_of_the_reader() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    paris = ZoneInfo("Europe/Paris")
    assert day_of(late, paris) == date(2026, 11, 21)
    assert time_words(late, paris) == "00:30"
    assert time_words(late, paris, seconds=True) == "00:30:00"
    today = date(2026, 11, 20)
    assert day_words(today, today) == "Today"
    assert day_words(date(2026, 11, 19), today) == "Yesterday"
    assert day_words(date(2026, 11, 2), today) == "Monday 2 November"
    assert day_words(date(2019, 11, 2), today) == "2 November 2019"
    assert zone_of("Nowhere/At all").key == "UTC"


def test_links_are_functions_that_quote_what_they_are_given() -> None:
    assert routes.users(dialog="invite") == "/admin/users#invite"
    assert routes.users("id 1", "roles") == "/admin/users?member=id%201#roles"
    assert routes.audit("key.created", "") == "/admin/audit?action=key.created"
    assert routes.audit("a&b=c") == "/admin/audit?action=a%26b%3Dc"


def test_every_shortcut_is_used_once() -> None:
    keys = [one.keys for one in (*routes.PLACES, *routes.DEEDS) if one.keys]
    assert len(keys) == len(set(keys))


def test_acts_of_the_trail_read_as_sentences() -> None:
    assert act_words("member.invited") == "invited a colleague"
    assert act_words("thing.happened_twice") == "thing: happened twice"
    assert detail_words({"email": "a@b.example", "roles": ["rep"], "failed": 0}) == "a@b.example, roles rep"
    assert detail_words({"before": ["rep"], "after": ["rep", "admin"]}) == "rep → rep, admin"
    assert detail_words({"before": None, "after": True}) == "default → on"


def test_people_keep_their_initials_and_tint() -> None:
    assert initials("Ada King Lovelace") == "AL"
    assert initials("ada") == "A"
    assert initials("  ") == ""
    assert tint("one") == tint("one")
