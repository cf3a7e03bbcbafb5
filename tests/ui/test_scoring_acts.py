"""What administrators do to the scoring at once: nobody's act is taken for another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import pytest

from salescompass import identity, scoring
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import NotFound
from salescompass.ui.admin_scoring import acts
from salescompass.ui.admin_scoring.content import Content


@pytest.fixture
def actor(tenant: UUID) -> Actor:
    return identity.system_actor(tenant, "Test")


def test_of_two_who_publish_the_second_is_told_that_there_is_no_draft(tenant: UUID, actor: Actor) -> None:
    with tenant_session(tenant) as session:
        scoring.start_draft(session, actor)
        assert acts.publish_draft(session, actor, note="first")
    for note in ("", "second"):
        with tenant_session(tenant) as session, pytest.raises(NotFound, match="somebody else"):
            acts.publish_draft(session, actor, note=note)
    with tenant_session(tenant) as session:
        assert [(one.version, one.note) for one in scoring.versions(session)] == [(2, "first"), (1, "As delivered")]


def test_changes_of_several_at_once_are_all_in_the_draft(tenant: UUID, actor: Actor) -> None:
    types = ["page_viewed", "form_submitted", "email_opened", "meeting_held"]

    def with_points(type_key: str, content: Content) -> Content:
        rule = {"key": type_key, "type": type_key, "points": 7, "group": "active", "how": "once", "most": 0}
        return {**content, "rules": [*content["rules"], {**rule, "conditions": []}]}

    def change(type_key: str) -> None:
        with tenant_session(tenant) as session:
            acts.change_draft(session, actor, change=partial(with_points, type_key))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, types))
    with tenant_session(tenant) as session:
        draft = scoring.draft(session)
        assert draft is not None
        assert sorted(rule.key for rule in draft.rules) == sorted(types)
