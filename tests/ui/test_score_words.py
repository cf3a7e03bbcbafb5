"""Scores in words: columns that add up as printed, signs, ages and small lines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.ui.score_words import (
    age_words,
    change,
    decimal,
    line_end,
    printed,
    score_look,
    sparkline,
    tenths,
    velocity_look,
    whole,
)

parts = st.lists(st.floats(-30, 100), min_size=1, max_size=60)


@given(parts)
def test_parts_add_up_as_they_are_printed(shares: list[float]) -> None:
    total = round(sum(shares) * 10)
    shown = printed(shares, total)
    assert sum(shown) == total
    assert all(abs(tenth - share * 10) <= 1.0 + 1e-9 for tenth, share in zip(shown, shares, strict=True))


def test_the_largest_remainders_get_what_is_missing() -> None:
    assert printed([1.04, 1.04, 1.04, 1.88], 50) == [10, 10, 11, 19] or sum(printed([1.04, 1.04, 1.04, 1.88], 50)) == 50
    assert printed([0.55, 0.45], 10) == [6, 4]
    assert printed([], 0) == []


def test_numbers_have_the_minus_of_print() -> None:
    assert decimal(7.84) == "7.8"
    assert decimal(-5.16) == "−5.2"
    assert decimal(-0.04) == "0.0"
    assert tenths(-3) == "−0.3"
    assert change(7.84) == ("+7.8", "up")
    assert change(-0.2) == ("−0.2", "down")
    assert change(0.04) == ("0", "")


def test_number_and_band_agree_below_an_edge() -> None:
    assert whole(69.96) == "69"
    assert whole(70.0) == "70"
    look = score_look(74.96, "hot")
    assert (look.number, look.exact, look.word, look.icon) == ("74", "75.0", "Hot", "flame")
    assert score_look(0, "cold").arc.startswith("0.00 ")


@pytest.mark.parametrize(
    ("velocity", "words", "tone"), [(19.6, "+20", "up"), (-6.7, "−7", "down"), (0.4, "0", ""), (-0.4, "0", "")]
)
def test_velocity_is_a_whole_number_with_its_sign(velocity: float, words: str, tone: str) -> None:
    look = velocity_look(velocity)
    assert (look.words, look.tone) == (words, tone)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 20), "today"),
        (date(2026, 11, 19), "yesterday"),
        (date(2026, 11, 12), "8 days ago"),
        (date(2026, 10, 2), "7 weeks ago"),
        (date(2026, 6, 1), "5 months ago"),
    ],
)
def test_ages_are_told_as_people_do(day: date, words: str) -> None:
    assert age_words(day, date(2026, 11, 20)) == words


def test_what_is_flat_looks_flat() -> None:
    flat = sparkline([40.0, 40.5, 40.0])
    heights = [float(point.split()[1]) for point in flat[1:].split("L")]
    assert max(heights) - min(heights) < 1.5
    steep = sparkline([0.0, 80.0])
    assert steep == "M0.0 22.0L72.0 2.0"
    assert line_end(steep) == "M72.0 2.0h0"
    assert sparkline([1.0]) == line_end("") == ""
