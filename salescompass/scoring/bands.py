"""Bands follow the path of a score. Pure.

A crossing counts at the edge itself, up or down; then that edge is held until the score has gone five points away from
it, so a score that hovers about an edge crosses once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salescompass.scoring.configuration import BANDS
from salescompass.vocabulary import Band

LEAVE = 5.0
"""How far a score must go from an edge before crossing it counts again."""


@dataclass(frozen=True, slots=True)
class Place:
    """The band a subject is in, and the edge it crossed and is still near to."""

    band: Band = Band.COLD
    held: float | None = None


def band_at(edges: Sequence[float], score: float) -> Band:
    """The band of a score that has no past."""
    return BANDS[sum(score >= edge for edge in edges)]


def moved(edges: Sequence[float], place: Place, score: float) -> Place:
    """Where a subject is once it has this score; another band than before is a crossing."""
    held = place.held if place.held in edges and abs(score - (place.held or 0.0)) < LEAVE else None
    band = band_at(edges, score)
    if band is place.band or held is not None:
        return Place(place.band, held)
    crossed = edges[min(BANDS.index(band), BANDS.index(place.band)) : max(BANDS.index(band), BANDS.index(place.band))]
    near = [edge for edge in crossed if abs(score - edge) < LEAVE]
    return Place(band, near[0] if near else None)


def along(edges: Sequence[float], scores: Sequence[float]) -> list[Band]:
    """The bands that a path of scores goes through."""
    found: list[Band] = []
    place = Place(band_at(edges, scores[0])) if scores else Place()
    for score in scores:
        place = moved(edges, place, score)
        found.append(place.band)
    return found


def turning_points(edges: Sequence[float], place: Place) -> tuple[float, ...]:
    """The scores at which the place may change."""
    if place.held is None:
        return tuple(edges)
    return (*edges, place.held - LEAVE, place.held + LEAVE)
