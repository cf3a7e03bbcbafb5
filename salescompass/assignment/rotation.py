"""Whose turn it is: smooth weighted round robin. Pure.

Each turn everybody who can take part gains their weight, and whoever is chosen pays the sum: so over any number of
turns nobody is two away from their share, and after as many as the weights sum up to, all have it to the full.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID


def turn(
    weights: Mapping[UUID, int], credits: Mapping[UUID, int], *, taken_by: UUID | None = None
) -> tuple[UUID, dict[UUID, int]]:
    """Who is next of those with a weight, and the credits afterwards; with `taken_by` the turn is theirs already.

    Whoever takes no part keeps their credit. Between equals the id decides, so that the same turn has the same answer.
    """
    gained = {one: credits.get(one, 0) + weight for one, weight in weights.items()}
    chosen = max(gained, key=lambda one: (gained[one], one)) if taken_by is None else taken_by
    return chosen, {**credits, **gained, chosen: gained[chosen] - sum(weights.values())}
