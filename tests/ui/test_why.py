"""The panel "Why this score": rows that add up to their person, people that add up to the score, as printed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from salescompass.scoring import Contribution, NotCounted, PersonPart, Why
from salescompass.ui.record.why import MOST_ROWS, WhyLook, why_look
from salescompass.vocabulary import SubjectKind

TODAY, ACCOUNT = date(2026, 11, 20), uuid4()
LABELS = {"proposal_viewed": "Proposal viewed"}


def _of(person: UUID | None, share: float, n: int = 1, day: date = TODAY) -> Contribution:
    return Contribution("proposal_viewed", "proposal_viewed", day, n, 15.0, 12.0, share, person)


def _why(contributions: list[Contribution], kind: SubjectKind = SubjectKind.ACCOUNT, **more: object) -> Why:
    people = list(dict.fromkeys(one.person_id for one in contributions))
    parts = [
        PersonPart(one, 50.0, 0.7, sum(part.share for part in contributions if part.person_id == one)) for one in people
    ]
    values: dict[str, object] = {
        "kind": kind, "subject_id": ACCOUNT, "name": "Acme", "score": sum(one.share for one in contributions),
        "band": "warm", "velocity": 0.0, "as_of": datetime(2026, 11, 20, tzinfo=UTC), "configuration_version": 3,
        "contributions": tuple(contributions), "rest": None,
        "people": tuple(parts) if kind is SubjectKind.ACCOUNT else (), "not_counted": (), "effort": 0, **more,
    }  # fmt: skip
    return Why(**values)  # type: ignore[arg-type]


def _number(text: str) -> int:
    return round(float(text.replace("−", "-")) * 10)


def _look(why: Why, counted: dict[UUID, int] | None = None) -> WhyLook:
    names = {part.person_id: "Devin Okafor" for part in why.people if part.person_id}
    return why_look(why, names, LABELS, counted or {}, TODAY)


@given(st.lists(st.tuples(st.sampled_from([uuid4(), uuid4(), None]), st.floats(-2, 20)), min_size=1, max_size=30))
def test_everything_printed_adds_up(told: list[tuple[UUID | None, float]]) -> None:
    why = _why([_of(person, share) for person, share in told])
    if not 0 <= why.score <= 100:
        return
    counted = {key: sum(person == key or (person is None and key == ACCOUNT) for person, _ in told) for key in
               {person or ACCOUNT for person, _ in told}}  # fmt: skip
    look = _look(why, counted)
    assert sum(_number(person.share) for person in look.people) == _number(look.total)
    for person in look.people:
        assert sum(_number(row.share) for row in person.rows) == _number(person.share)


def test_the_largest_are_rows_and_the_others_one_row_with_their_number() -> None:
    person = uuid4()
    shares = [_of(person, 10.0 - n, day=date(2026, 11, 20 - n)) for n in range(8)]
    (one,) = _look(_why(shares), {person: 11}).people
    assert len(one.rows) == MOST_ROWS + 1
    assert one.rows[-1].label == "6 more events"
    assert one.rows[0].label == "Proposal viewed"
    assert one.rows[1].when == "yesterday"
    assert one.href == f"/contacts/{person}?panel=why"


def test_repeats_raw_points_and_narrow_rules_are_told() -> None:
    narrow = Contribution("proposal_viewed:pricing_page", "proposal_viewed", TODAY, 3, 30.0, 21.34, 21.1, uuid4())
    (one,) = _look(_why([narrow]), {}).people
    assert one.rows[0].label == "Proposal viewed, pricing page ×3"
    assert one.rows[0].raw == "30.0 points, 21.3 left"


def test_a_persons_own_score_has_rows_without_a_name() -> None:
    (one,) = _look(_why([_of(None, 12.0)], SubjectKind.PERSON), {ACCOUNT: 1}).people
    assert (one.name, len(one.rows)) == ("", 1)
    assert _look(_why([], SubjectKind.PERSON)).people == []


def test_what_did_not_count_is_told_apart() -> None:
    at = datetime(2026, 11, 19, tzinfo=UTC)
    left_out = (
        NotCounted("machine", "link_clicked", 10, at),
        NotCounted("machine", "email_opened", 4, at),
        NotCounted("own", "email_sent", 31, at),
    )
    look = _look(_why([_of(None, 5.0)], not_counted=left_out, effort=31))
    assert [one.what for one in look.apart] == ["14 machine hits", "Your own effort 31"]
    assert look.people[0].name == "Without a person"
    assert look.version == 3
