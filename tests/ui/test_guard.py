"""Every handler of every state: declared with a guard, bounded, and closed to whoever may not call it."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psutil
import pytest
import reflex as rx
from reflex.state import BaseState
from reflex_base.registry import RegistrationContext

from salescompass import identity
from salescompass.salescompass import app
from salescompass.ui.guard import GUARD, Guard
from salescompass.ui.session import Screen
from tests.ui.conftest import Answer, Signed

Call = Callable[..., Answer]
SignIn = Callable[[UUID, str], Signed]

MEBIBYTE = 1024 * 1024
ROLES = ("rep", "manager", "marketer", "admin")
HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**18,
    3_000_000,
    float("1e308"),
    "",
    "x" * 60_000,
    "'; DROP TABLE event; --",
    "\x00",
    "\ud800",
    "../../etc/passwd",
    "00000000-0000-7000-8000-000000000000",
    [],
    ["x" * 100] * 500,
    {},
    {"$gt": ""},
    {"__class__": {"__init__": "x"}},
    {f"k{n}": "x" * 900 for n in range(60)},
)


def _states(of: type[BaseState] = rx.State) -> list[type[BaseState]]:
    found: list[type[BaseState]] = []
    for state in of.get_substates():
        found += [state, *_states(state)]
    return found


OURS = [state for state in _states() if state.__module__.startswith("salescompass.")]
HANDLERS = {
    f"{state.get_full_name()}.{name}": handler
    for state in OURS
    for name, handler in state.event_handlers.items()
    if name != "setvar"
}


def guard_of(name: str) -> Guard:
    guard: Guard = getattr(HANDLERS[name].fn, GUARD)
    return guard


def test_there_are_screens() -> None:
    assert len(OURS) >= 2
    assert len(HANDLERS) >= 5


def test_no_other_package_brings_states() -> None:
    foreign = {
        s.__module__.split(".")[0] for s in _states() if not s.__module__.startswith(("salescompass.", "tests."))
    }
    assert foreign <= {"reflex"}


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_every_handler_is_guarded_and_bounds_its_arguments(name: str) -> None:
    function = HANDLERS[name].fn
    assert hasattr(function, GUARD), f"{name} has neither @guarded nor @public"
    guard = guard_of(name)
    assert set(guard.kinds) == set(guard.order)
    assert all(hasattr(kind, "read") for kind in guard.kinds.values())
    assert guard.permission is None or guard.permission in identity.PERMISSIONS


@pytest.mark.parametrize("state", sorted(OURS, key=lambda one: one.__name__), ids=lambda state: state.__name__)
def test_every_public_method_is_a_declared_handler(state: type[BaseState]) -> None:
    assert issubclass(state, Screen)
    for name in vars(state):
        if name.startswith("_") or name == "setvar":
            continue
        value = inspect.getattr_static(state, name)
        if inspect.isfunction(value) or isinstance(value, staticmethod | classmethod):
            raise AssertionError(f"{state.__name__}.{name} is public but no handler")
        assert not name.startswith("set_"), f"{state.__name__}.{name} would let setvar write a variable"


def test_no_variable_can_be_set_by_name() -> None:
    namespace = app.event_namespace
    assert namespace is not None
    registered = RegistrationContext.get().event_handlers
    setters = [name for name in registered if name.endswith(".setvar") or ".set_" in name]
    assert setters
    for name in setters:
        assert not namespace._check_name({"name": name, "payload": {}}), name
    for name in HANDLERS:
        assert namespace._check_name({"name": name, "payload": {}}), name


def test_uploads_are_not_open() -> None:
    assert not any(getattr(route, "path", "").startswith("/_upload") for route in app._api.routes)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", sorted(name for name in HANDLERS if guard_of(name).permission))
def test_nobody_without_a_session_gets_anything(name: str, call: Call) -> None:
    for token in ("", "no-such-session", "A" * 43):
        answer = call(name, _sensible(name), token=token, path="/feed?before=x", background=guard_of(name).background)
        assert answer.data == {}
        assert [event.name for event in answer.events] == ["_call_script"]
        assert "/sign-in?next=%2Ffeed" in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_it_may_and_nothing_else(role: str, tenant: UUID, sign_in: SignIn, call: Call) -> None:
    member = sign_in(tenant, role)
    actor = identity.authenticate(member.token)
    assert actor is not None
    for name in sorted(HANDLERS):
        guard = guard_of(name)
        if guard.permission is None:
            continue
        answer = call(name, _sensible(name), token=member.token, background=guard.background)
        refused = "Your role does not allow this" in answer.text
        assert refused == (not actor.may(guard.permission)), f"{role} {name}: {answer.text[:300]}"
        assert "Something went wrong" not in answer.text, f"{role} {name}"
        assert not refused or answer.data == {}


def test_a_session_that_was_revoked_answers_no_more(tenant: UUID, sign_in: SignIn, call: Call) -> None:
    member = sign_in(tenant, "admin")
    name = next(n for n in sorted(HANDLERS) if n.endswith("shell_state.load"))
    assert call(name, _sensible(name), token=member.token).data
    identity.sign_out(member.token)
    answer = call(name, _sensible(name), token=member.token)
    assert answer.data == {}
    assert "/sign-in" in answer.text


def test_hostile_arguments_neither_crash_nor_fill_the_memory(tenant: UUID, sign_in: SignIn, call: Call) -> None:
    token = sign_in(tenant, "admin").token
    chance = random.Random(7)
    process = psutil.Process()
    for name in sorted(HANDLERS):
        guard = guard_of(name)
        names = [*guard.order, "surprise"]
        tries = [{key: value} for key in names for value in HOSTILE] if guard.order else [{"surprise": "x"}]
        for payload in chance.sample(tries, min(12, len(tries))):
            complete = _sensible(name) | payload
            before = process.memory_info().rss
            answer = call(name, complete, token=token, background=guard.background)
            assert process.memory_info().rss - before < 50 * MEBIBYTE, name
            assert "Traceback" not in answer.text
            assert "Something went wrong" not in answer.text, f"{name} {str(payload)[:200]}"


def _sensible(name: str) -> dict[str, Any]:
    """A payload that the handler takes, made from the kinds of its arguments."""
    guard = guard_of(name)
    return {key: _example(kind) for key, kind in guard.kinds.items() if key in guard.required}


def _example(kind: Any) -> Any:
    fields = getattr(kind, "fields", None)
    if fields is not None:
        return {key: _example(inner) for key, inner in fields.items()}
    if hasattr(kind, "most"):
        return []
    for value in ("01a1f89d-7dc8-7bd7-8900-d09c0c1568be", False, "text", *getattr(kind, "choices", ()), ""):
        try:
            kind.read(value)
        except ValueError:
            continue
        return value
    return kind.lowest
