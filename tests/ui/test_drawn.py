"""What many people look at is drawn once and written once."""

from __future__ import annotations

import json
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from reflex_base.utils.format import json_dumps

from salescompass.ui.drawn import Drawn, drawn_once, written

Texts = st.text(max_size=20)


@dataclass(frozen=True)
class Row:
    """A row of a page."""

    name: str
    n: int


def test_it_is_made_once_of_the_same_things_and_anew_of_others() -> None:
    made: list[str] = []

    def make() -> list[str]:
        made.append("made")
        return list(made)

    lines, others = (Row("a", 1),), (Row("a", 2),)
    first = drawn_once((lines,), "today", make)
    assert drawn_once((lines,), "today", make) is first
    assert drawn_once((lines,), "tomorrow", make) is not first
    assert drawn_once((others,), "today", make) is not first
    assert len(made) == 3


def test_what_was_made_of_things_that_are_gone_is_never_given_for_new_ones() -> None:
    for n in range(500):
        assert drawn_once((Row("somebody", n),), "one place", lambda n=n: n) == n  # type: ignore[misc]


@given(st.lists(st.tuples(Texts, st.integers())), Texts, Texts)
def test_a_message_says_the_same_whether_its_rows_were_written_before_or_not(
    rows: list[tuple[str, int]], beside: str, other: str
) -> None:
    made = [Row(name, n) for name, n in rows]
    delta = {"feed": {"days": made, "said": beside}, "shell": {"days": made[:1], "name": other}}
    drawn = {"feed": {"days": Drawn(made), "said": beside}, "shell": {"days": Drawn(made[:1]), "name": other}}
    assert json.loads(written(drawn, json_dumps)) == json.loads(json_dumps(delta))
    assert json.loads(written(drawn, json_dumps)) == json.loads(json_dumps(drawn))
