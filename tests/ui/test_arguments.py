"""What a browser may send: every kind has a bound, and what does not fit never reaches a handler."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.ui.arguments import (
    Count,
    Email,
    Id,
    Ids,
    Items,
    Name,
    Number,
    Refused,
    Text,
    kinds_of,
    read_arguments,
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=400),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=20), inner, max_size=8),
    max_leaves=30,
)


class Invitation(TypedDict):
    email: Email
    name: Name
    roles: Annotated[list[str], Items(3, Text(20))]
    send: bool
    days: Annotated[int, Number(1, 30)]


class Screen:
    def every_kind(
        self,
        one: Id,
        many: Ids,
        count: Count,
        word: Annotated[str, Text(5)],
        sort: Literal["name", "date"],
        flag: bool,
        form: Invitation,
        perhaps: Id | None = None,
    ) -> None: ...

    def invite(self, form: Invitation) -> None: ...

    def boundless(self, text: str) -> None: ...

    def untyped(self, text) -> None: ...  # type: ignore[no-untyped-def]

    def loose(self, **anything: Any) -> None: ...


KINDS = kinds_of(Screen.every_kind)
FORM = {"email": "a@b.example", "name": "Ann", "roles": ["rep"], "send": "on", "days": "7"}
GOOD = {
    "one": "01a1f89d-7dc8-7bd7-8900-d09c0c1568be",
    "many": ["01A1F89D-7DC8-7BD7-8900-D09C0C1568BE"],
    "count": 3,
    "word": "hello",
    "sort": "date",
    "flag": True,
    "form": FORM,
}
REQUIRED = frozenset(GOOD)


def test_arguments_that_fit_are_read() -> None:
    read = read_arguments(KINDS, REQUIRED, GOOD)
    assert read["many"] == [GOOD["one"]]
    assert read["form"] == {"email": "a@b.example", "name": "Ann", "roles": ["rep"], "send": True, "days": 7}
    assert "perhaps" not in read
    assert read_arguments(KINDS, REQUIRED, GOOD | {"perhaps": None})["perhaps"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("one", "nobody"),
        ("one", "1" * 5000),
        ("one", None),
        ("many", [GOOD["one"]] * 201),
        ("many", "text"),
        ("count", 10_001),
        ("count", True),
        ("count", "9" * 19),
        ("count", 1.5),
        ("word", "sixsix"),
        ("word", "\x00"),
        ("word", "\ud800"),
        ("word", ["hello"]),
        ("sort", "price"),
        ("flag", "perhaps"),
        ("flag", 2),
        ("form", "text"),
        ("form", {str(n): n for n in range(61)}),
        ("form", FORM | {"days": "0"}),
        ("form", FORM | {"email": "x" * 321}),
        ("form", FORM | {"roles": ["a"] * 4}),
        ("more", 1),
    ],
)
def test_arguments_that_do_not_fit_are_refused(name: str, value: Any) -> None:
    with pytest.raises(Refused):
        read_arguments(KINDS, REQUIRED, GOOD | {name: value})


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_argument_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        read_arguments(KINDS, REQUIRED, {key: value for key, value in GOOD.items() if key != name})


@given(st.dictionaries(st.sampled_from([*GOOD, "self", "x"]), ANY_JSON, max_size=8))
def test_anything_else_is_refused_and_never_crashes(given: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_arguments(KINDS, REQUIRED, given)


@given(st.dictionaries(st.sampled_from([*FORM, "other"]), ANY_JSON))
def test_a_form_is_read_or_refused(form: dict[str, Any]) -> None:
    kinds = kinds_of(Screen.invite)
    try:
        read = read_arguments(kinds, frozenset({"form"}), {"form": form})["form"]
    except Refused:
        return
    assert set(read) == set(Invitation.__annotations__)
    assert len(read["email"]) <= 320
    assert 1 <= read["days"] <= 30


def test_a_form_as_its_entries_keeps_repeated_fields() -> None:
    entries = [["email", "a@b.example"], ["name", "Ann"], ["roles", "rep"], ["roles", "admin"], ["days", "3"]]
    form = read_arguments(kinds_of(Screen.invite), frozenset({"form"}), {"form": {"__reflex_form_data__": entries}})[
        "form"
    ]
    assert form["roles"] == ["rep", "admin"]
    assert form["send"] is False


def test_the_field_of_a_form_is_named() -> None:
    with pytest.raises(Refused) as refused:
        read_arguments(KINDS, REQUIRED, GOOD | {"form": FORM | {"days": "many"}})
    assert refused.value.field == "days"


@pytest.mark.parametrize("function", [Screen.boundless, Screen.untyped, Screen.loose])
def test_a_parameter_without_bound_fails_the_import(function: Any) -> None:
    with pytest.raises(TypeError, match=r"bound"):
        kinds_of(function)
