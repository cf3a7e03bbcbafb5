"""Bands follow the path: a crossing counts once, and again only after the score has gone away from the edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.scoring.bands import LEAVE, Place, band_at, moved, turning_points
from salescompass.scoring.configuration import DEFAULT
from salescompass.vocabulary import Band

EDGES = DEFAULT.edges


def path(*scores: float) -> list[str]:
    """The crossings of a path, as from>to."""
    place, crossings = Place(), []
    for score in scores:
        before, place = place, moved(EDGES, place, score)
        if place.band is not before.band:
            crossings.append(f"{before.band}>{place.band}")
    return crossings


@pytest.mark.parametrize(("score", "band"), [(0, "cold"), (14.99, "cold"), (15, "cool"), (40, "warm"), (70, "hot")])
def test_bands_by_the_edges(score: float, band: str) -> None:
    assert band_at(EDGES, score) == band


def test_a_crossing_counts_at_the_edge_up_and_down() -> None:
    assert path(69.9, 70) == ["cold>warm", "warm>hot"]
    assert path(90, 70, 69.9) == ["cold>hot", "hot>warm"]


def test_a_score_that_hovers_about_an_edge_crosses_once() -> None:
    assert path(50, 70.5, 69.5, 71, 66, 74) == ["cold>warm", "warm>hot"]
    assert path(90, 69, 71, 69, 74, 66) == ["cold>hot", "hot>warm"]


def test_five_points_away_it_counts_again() -> None:
    assert path(50, 71, 66, 65, 70) == ["cold>warm", "warm>hot", "hot>warm", "warm>hot"]
    assert path(50, 71, 75, 69.9) == ["cold>warm", "warm>hot", "hot>warm"]


def test_several_edges_at_once_are_one_crossing() -> None:
    assert path(0, 90, 3) == ["cold>hot", "hot>cold"]


@given(st.lists(st.floats(0, 100), max_size=60))
def test_away_from_an_edge_the_band_is_that_of_the_score(scores: list[float]) -> None:
    place = Place()
    for score in scores:
        place = moved(EDGES, place, score)
        if all(abs(score - edge) >= LEAVE for edge in EDGES):
            assert place == Place(band_at(EDGES, score))
        assert moved(EDGES, place, score) == place, "the same score again changes nothing"


def test_a_held_edge_lets_go_at_its_turning_points() -> None:
    assert turning_points(EDGES, Place(Band.HOT, 70.0)) == (*EDGES, 65.0, 75.0)
    assert turning_points(EDGES, Place(Band.HOT)) == EDGES
