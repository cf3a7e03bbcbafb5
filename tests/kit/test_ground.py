"""Ids, times and cursors: small things that everything stands on."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.kit.clock import parse_rfc3339, rfc3339
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import new_id, parse_id
from salescompass.kit.pagination import Position, position


def test_ids_rise_also_when_many_threads_make_them() -> None:
    ids = [new_id() for _ in range(5000)]
    assert ids == sorted(ids)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id(), range(5000)))
    assert len(set(made)) == 5000
    assert {(i.version, i.variant) for i in made} == {(7, "specified in RFC 4122")}


def test_an_id_carries_its_time() -> None:
    milliseconds = new_id().int >> 80
    assert abs(milliseconds - datetime.now(UTC).timestamp() * 1000) < 5000


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_an_id(text: str) -> None:
    found = parse_id(text)
    assert found is None or parse_id(str(found)) == found


@pytest.mark.parametrize("text", ["2016-12-31T23:59:60Z", "2017-01-01T00:59:60.5+01:00"])
def test_a_leap_second_is_the_last_moment_before_it(text: str) -> None:
    assert rfc3339(parse_rfc3339(text)) == "2016-12-31T23:59:59.999999Z"


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)), st.integers(-1439, 1439))
def test_a_time_written_is_the_time_read(moment: datetime, offset: int) -> None:
    from datetime import timezone

    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert parse_rfc3339(rfc3339(aware)) == aware
    assert parse_rfc3339(aware.isoformat(timespec="microseconds")) == aware


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-20",
        "2026-11-20T10:42:00",
        "20261120T104200Z",
        "2026-13-01T00:00:00Z",
        "now",
        "²026-11-20T10:42:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T10:42:60Z",
    ],
)
def test_a_time_without_offset_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_rfc3339(text)


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)), st.uuids())
def test_a_cursor_leads_back_to_its_place(at: datetime, row_id: object) -> None:
    place = Position(at, row_id)  # type: ignore[arg-type]
    assert position(place.cursor()) == place


@given(st.text(max_size=200))
def test_a_foreign_cursor_is_a_clear_error(text: str) -> None:
    with suppress(Invalid):
        found = position(text)
        assert found is None or position(found.cursor()) == found


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_has_no_utc_is_refused(at: str) -> None:
    with pytest.raises(ValueError, match="year"):
        parse_rfc3339(at)
    with pytest.raises(Invalid):
        position(base64.urlsafe_b64encode(json.dumps([at, str(new_id())]).encode()).decode())
