"""What the text of a cell means."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.imports.values import Formats, Money, decimal, moment, parser
from salescompass.kit.importing import ValueKind


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1100.04", ".", "1100.04"),
        ("1,234,567.5", ".", "1234567.5"),
        ("1.234.567,5", ".", "1234567.5"),
        ("1.234,56", ",", "1234.56"),
        ("1234,5", ".", "1234.5"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1 234 567", ".", "1234567"),
        ("1\u202f234,50 €", ",", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("(12.5)", ".", "-12.5"),
        ("12-", ".", "-12"),
        ("\u22127", ".", "-7"),
        ("$1,200", ".", "1200"),
        ("USD -5", ".", "-5"),
        ("2e3", ".", "2000"),
        (".5", ".", "0.5"),
    ],
)
def test_numbers_as_people_write_them(text: str, mark: str, value: str) -> None:
    assert decimal(text, mark) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "1,2,3", "12,34,567", "--5", "1.2.3.4", "5 apples", "NaN", "1e999"])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        decimal(text, ".")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_any_number_is_read_as_it_was_written(number: Decimal) -> None:
    english = f"{number:,.2f}"
    assert decimal(english, ".") == number
    assert decimal(english.translate({44: ".", 46: ","}), ",") == number


def test_money_is_in_minor_units_of_its_currency() -> None:
    read = parser(ValueKind.MONEY, Formats())
    assert read("1,054.5") == Money(Decimal("1054.5"))
    assert read("1,054.5").minor("EUR") == 105_450
    assert read("1,054").minor("JPY") == 1054
    assert read("¥ 500 JPY").minor("USD") == 500
    assert read("GBP 2.50") == Money(Decimal("2.50"), "GBP")
    assert parser(ValueKind.MONEY, Formats(), scale=1_000_000)("1100.04").minor("USD") == 110_004_000_000
    with pytest.raises(ValueError, match="too large"):
        read("9" * 30)


def test_whole_numbers() -> None:
    read = parser(ValueKind.NUMBER, Formats())
    assert read("2,822") == 2822
    assert read("7.0") == 7
    with pytest.raises(ValueError, match="no whole number"):
        read("7.5")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("20-10-2016", "dmy", date(2016, 10, 20)),
        ("01/03/2017", "dmy", date(2017, 3, 1)),
        ("01/03/2017", "mdy", date(2017, 1, 3)),
        ("2017-03-01", "mdy", date(2017, 3, 1)),
        ("1.3.17", "dmy", date(2017, 3, 1)),
        ("17/03/01", "ymd", date(2017, 3, 1)),
        ("5 Oct 2016", "dmy", date(2016, 10, 5)),
        ("Oct 5, 2016", "mdy", date(2016, 10, 5)),
        ("5-Dez-99", "dmy", date(1999, 12, 5)),
        ("2016-10-20T08:00:00Z", "dmy", date(2016, 10, 20)),
    ],
)
def test_dates_by_their_order(text: str, order: str, day: date) -> None:
    assert parser(ValueKind.DATE, Formats(dates=order))(text) == day  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["31-02-2017", "yesterday", "13/13/2017", "2017", "2017-03-01 nonsense", "0/0/0"])
def test_what_is_no_date_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"no date|no day"):
        parser(ValueKind.DATE, Formats(dates="dmy"))(text)


def test_times_are_of_a_zone_and_kept_in_utc() -> None:
    assert moment("2026-01-05T10:00:00+02:00", "ymd", "UTC") == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert moment("05/01/2026 9:30 PM", "dmy", "Europe/Berlin") == datetime(2026, 1, 5, 20, 30, tzinfo=UTC)
    assert moment("05.07.2026", "dmy", "Europe/Berlin") == datetime(2026, 7, 4, 22, tzinfo=UTC)
    for text in ("05/01/2026 25 o'clock", "20260105", "2026-W12-3", "20260105T100000Z"):
        with pytest.raises(ValueError, match="no time"):
            moment(text, "dmy", "UTC")


def test_yes_and_no_telephones_tags_and_lines() -> None:
    flag = parser(ValueKind.FLAG, Formats())
    assert [flag(word) for word in ("Yes", "1", "TRUE", "ja")] == [True] * 4
    assert [flag(word) for word in ("no", "0", "False", "nein")] == [False] * 4
    with pytest.raises(ValueError, match="neither yes nor no"):
        flag("perhaps")
    phone = parser(ValueKind.PHONE, Formats())
    assert phone(" 0049 (30) 12 34-56 ext. 7") == "+49 (30) 12 34-56 ext. 7"
    with pytest.raises(ValueError, match="no telephone"):
        phone("call me")
    assert parser(ValueKind.TAGS, Formats())("a; b;;c ") == ("a", "b", "c")
    assert parser(ValueKind.TAGS, Formats())("a; b|c|") == ("a; b", "c")
    assert parser(ValueKind.LINES, Formats())(" one \r\n\ttwo ") == "one\ntwo"
    assert parser(ValueKind.TEXT, Formats())(" a\x07b\u00a0 c ") == "a b c"


@given(st.text(max_size=40), st.sampled_from(list(ValueKind)))
def test_any_text_is_a_value_or_a_sentence(text: str, kind: ValueKind) -> None:
    try:
        parser(kind, Formats(dates="dmy"))(text)
    except ValueError as refused:
        assert str(refused)  # noqa: PT017
