"""What makes a demo believable: who falls silent, who surges, when people work, what machines do."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from salescompass.demo.companies import PLACES
from salescompass.demo.kinds import INDUSTRIES, Role, Temper
from salescompass.demo.rhythm import easter, is_holiday, weight_of
from salescompass.events import BUILT_IN, Happening
from salescompass.vocabulary import Direction, PersonKind, Verdict
from tests.demo.conftest import UNTIL, Year


def _by_people(year: Year) -> list[Happening]:
    return [
        one
        for one in year.happenings
        if BUILT_IN[one.type].direction is Direction.IN and one.verdict.counts and one.type != "email_bounced"
    ]


def _of(story: tuple[Year, ...], temper: Temper) -> list[Year]:
    return [year for year in story if year.chapter.company.temper is temper]


def test_silent_accounts_were_lively_and_say_nothing_any_more(story: tuple[Year, ...]) -> None:
    silent = _of(story, Temper.SILENT)
    assert len(silent) >= 5
    for year in silent:
        told = [one.occurred_at for one in _by_people(year)]
        assert sum(at < UNTIL - timedelta(days=165) for at in told) > 20
        unsubscribed = {at for at in told if at > UNTIL - timedelta(days=60)}
        assert not unsubscribed


def test_surging_accounts_do_more_in_their_last_weeks_than_ever(story: tuple[Year, ...]) -> None:
    surging = _of(story, Temper.SURGING)
    assert len(surging) >= 5
    for year in surging:
        told = [one.occurred_at for one in _by_people(year)]
        lately = sum(at > UNTIL - timedelta(days=22) for at in told) / 22
        before = sum(at <= UNTIL - timedelta(days=22) for at in told) / 343
        assert lately > 3 * before


def test_deals_warm_up_and_die(story: tuple[Year, ...]) -> None:
    losing = _of(story, Temper.LOSING)
    assert losing
    for year in losing:
        lost = next(one.occurred_at for one in year.happenings if one.type == "opportunity_lost")
        around = sum(lost - timedelta(days=40) < one.occurred_at < lost for one in _by_people(year))
        after = sum(lost + timedelta(days=40) < one.occurred_at < lost + timedelta(days=80) for one in _by_people(year))
        assert around > 3 * after
        order = [one.type for one in year.happenings if one.type.startswith("opportunity_")]
        assert order[0] == "opportunity_created"
        assert order[-1] == "opportunity_lost"


def test_deals_that_are_open_have_no_end_yet(story: tuple[Year, ...]) -> None:
    for year in _of(story, Temper.DECIDING):
        types = {one.type for one in year.happenings}
        assert "demo_requested" in types
        assert not types & {"opportunity_won", "opportunity_lost"}


def test_even_four_accounts_have_all_the_drama(story: tuple[Year, ...]) -> None:
    assert [year.chapter.company.temper for year in story[:4]] == [
        Temper.SURGING, Temper.SILENT, Temper.WINNING, Temper.LOSING,
    ]  # fmt: skip


def test_three_industries_and_many_zones(story: tuple[Year, ...]) -> None:
    industries = Counter(year.chapter.company.industry for year in story)
    assert set(industries) == set(INDUSTRIES)
    assert min(industries.values()) == max(industries.values())
    assert len({year.chapter.company.zone for year in story}) >= 8


def test_committees_have_roles_and_one_champion(story: tuple[Year, ...]) -> None:
    for year in story:
        roles = Counter(person.role for person in year.chapter.people)
        assert roles[Role.CHAMPION] == roles[Role.DECIDER] == 1
        assert 3 <= roles.total() <= 8
    everybody = [person for year in story for person in year.chapter.people]
    assert {person.role for person in everybody} == set(Role)
    assert {person.kind for person in everybody} == set(PersonKind)


def test_several_of_a_committee_look_at_a_proposal(story: tuple[Year, ...]) -> None:
    for year in _of(story, Temper.WINNING):
        readers = {one.person_id for one in year.happenings if one.type == "proposal_viewed"}
        assert len(readers) >= 3


def test_people_work_in_the_hours_of_their_own_zone(story: tuple[Year, ...]) -> None:
    for zone in {year.chapter.company.zone for year in story}:
        told = [
            one.occurred_at.astimezone(ZoneInfo(zone))
            for year in story
            if year.chapter.company.zone == zone
            for one in _by_people(year)
        ]
        assert sum(6 <= at.hour < 20 for at in told) > 0.9 * len(told), zone
        assert sum(at.weekday() >= 5 for at in told) < 0.08 * len(told), zone


def test_holidays_are_quiet(story: tuple[Year, ...]) -> None:
    told: Counter[bool] = Counter()
    for year in story:
        zone = ZoneInfo(year.chapter.company.zone)
        told.update(_closed(zone.key, one.occurred_at.astimezone(zone)) for one in _by_people(year))
    assert told[True] < 0.02 * told.total()


def _closed(zone: str, at: datetime) -> bool:
    return is_holiday(zone, at.date())


def test_holidays_are_those_of_the_place() -> None:
    assert [easter(year) for year in (2024, 2025, 2026)] == [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5)]
    assert is_holiday("Europe/Berlin", date(2026, 4, 6))
    assert is_holiday("America/New_York", date(2026, 11, 26))
    assert not is_holiday("Europe/Berlin", date(2026, 11, 26))
    assert not is_holiday("Asia/Tokyo", date(2026, 12, 25))
    assert weight_of("Europe/Paris", date(2026, 8, 12)) < weight_of("Europe/Paris", date(2026, 6, 10))
    assert all(ZoneInfo(zone) for zone, _, _ in PLACES)


def test_machines_have_their_share_and_their_reasons(story: tuple[Year, ...]) -> None:
    verdicts = Counter(one.verdict for year in story for one in year.happenings)
    machine = sum(n for verdict, n in verdicts.items() if not verdict.counts)
    assert 0.04 < machine / verdicts.total() < 0.25
    assert set(verdicts) == set(Verdict)
    for year in story:
        for one in year.happenings:
            assert one.reasons if not one.verdict.counts else True


def test_scanners_click_every_link_at_once(story: tuple[Year, ...]) -> None:
    clicks: dict[object, list[Happening]] = {}
    for year in story:
        for one in year.happenings:
            if one.type == "link_clicked" and one.verdict is Verdict.LIKELY_BOT:
                clicks.setdefault(one.properties["message_id"], []).append(one)
    bursts = [one for one in clicks.values() if one[-1].occurred_at < UNTIL - timedelta(seconds=30)]
    assert len(bursts) > 20
    whole = [one for one in bursts if len({click.properties["url"] for click in one}) >= 4]
    # The last burst of an account may be cut off where its quota ends.
    assert len(whole) > 0.95 * len(bursts)
    assert all(one[-1].occurred_at - one[0].occurred_at < timedelta(seconds=10) for one in bursts)


def test_who_unsubscribed_or_left_gets_no_more_letters(story: tuple[Year, ...]) -> None:
    ends: Counter[str] = Counter()
    for year in story:
        for person_id in year.chapter.people_ids[1:]:
            own = [one for one in year.happenings if one.person_id == person_id]
            for kind in ("email_unsubscribed", "email_bounced"):
                end = next((one for one in own if one.type == kind), None)
                if end:
                    ends[kind] += 1
                    after = end.occurred_at + timedelta(days=2)
                    assert not [one for one in own if one.type == "email_sent" and one.occurred_at > after]
    assert ends["email_unsubscribed"] > 3
    assert ends["email_bounced"] > 3


def test_what_is_told_twice_repeats_its_first_within_the_window(story: tuple[Year, ...]) -> None:
    repeats = 0
    for year in story:
        known = {one.id: one for one in year.happenings}
        for one in year.happenings:
            if one.duplicate_of is None:
                assert one.key
                continue
            first, kind = known[one.duplicate_of], BUILT_IN[one.type]
            assert kind.window is not None
            assert kind.object_key is not None
            assert one.key is None
            assert (first.type, first.person_id, first.account_id) == (one.type, one.person_id, one.account_id)
            assert first.properties[kind.object_key] == one.properties[kind.object_key]
            assert timedelta(0) < one.occurred_at - first.occurred_at <= timedelta(seconds=kind.window)
            repeats += 1
    assert repeats > 50


def test_letters_to_many_go_out_on_one_morning(story: tuple[Year, ...]) -> None:
    mornings: dict[object, set[datetime]] = {}
    for year in story:
        zone = ZoneInfo(year.chapter.company.zone)
        for one in year.happenings:
            if one.type == "email_sent" and one.person_id and "campaign" in one.properties:
                mornings.setdefault(one.properties["campaign"], set()).add(one.occurred_at.astimezone(zone))
    assert len(mornings) > 15
    for times in mornings.values():
        assert len({at.date() for at in times}) == 1
        assert {at.hour for at in times} <= {9, 10}
