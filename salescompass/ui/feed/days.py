"""The days of the feed as they are drawn: once for all who look at the same page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from salescompass.events import DayCount
from salescompass.ui.drawn import Drawn, drawn_once
from salescompass.ui.event_groups import Line, grouped
from salescompass.ui.feed.filters import View, day_of_fold


def drawn_days(shown: tuple[Line, ...], counts: tuple[Mapping[date, DayCount], ...], view: View, today: date) -> Drawn:
    """The lines by days; `counts` are those of the pages that they came with, the last page first."""
    folding = view.lens.lane == "signals" and not view.lens.verdict

    def draw() -> Drawn:
        return Drawn(
            grouped(
                shown,
                today,
                link=view.opening(),
                days={day: count for page in counts for day, count in page.items()},
                folded_link=(lambda day: view.href(**day_of_fold(day))) if folding else None,
                noise=view.lens.lane == "noise",
            )
        )

    return drawn_once((shown, *counts), (today, view.at("")), draw)
