"""Templates of actions: versions, use and success, filled for records that are seen."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import actions, crm, identity
from salescompass.actions import TemplateFields
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Changed, Conflict, Denied, Invalid, NotFound
from tests.rules.telling import House

CALL = TemplateFields(
    "Call", "call", "Call {{person.first_name}} of {{account.name}}", talk_track="Hello!", due_hours=4
)


@pytest.fixture
def boss(tenant: UUID) -> Actor:
    return identity.system_actor(tenant, "Robin Boss")


def test_a_template_has_versions_and_goes_back(session: Session, boss: Actor) -> None:
    made = actions.save_template(session, boss, CALL)
    assert (made.version, made.row_version, made.talk_track) == (1, 1, "Hello!")
    same = actions.save_template(session, boss, CALL, template_id=made.id, row_version=1)
    assert same == made
    more = actions.save_template(session, boss, replace(CALL, effort_minutes=20), template_id=made.id, row_version=1)
    assert (more.version, more.effort_minutes) == (2, 20)
    with pytest.raises(Changed):
        actions.save_template(session, boss, CALL, template_id=made.id, row_version=1)
    back = actions.restore_template(session, boss, template_id=made.id, version=1)
    assert (back.version, back.effort_minutes) == (3, 10)
    assert [one.version for one in actions.template_versions(session, template_id=made.id)] == [3, 2, 1]
    gone = actions.retire_template(session, boss, template_id=made.id)
    assert gone.retired
    assert made.id not in {one.id for one in actions.templates(session)}
    with pytest.raises(Conflict):
        actions.retire_template(session, boss, template_id=made.id)
    assert not actions.retire_template(session, boss, template_id=made.id, back=True).retired


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"), ({"kind": "dance"}, "kind"), ({"title": ""}, "title"),
        ({"message": "{{no.such}}"}, "message"), ({"effort_minutes": 0}, "effort_minutes"),
        ({"due_hours": 0}, "due_hours"), ({"outcomes": ("fine",)}, "outcomes"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_its_field(session: Session, boss: Actor, change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.save_template(session, boss, replace(CALL, **change))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_the_products_templates_come_once(session: Session, boss: Actor) -> None:
    many = actions.install_templates(session)
    assert many == len(actions.templates(session)) == 7
    assert actions.install_templates(session) == 0


def test_a_template_is_filled_for_records_in_sight(house: House) -> None:
    robin = house.hire("Robin")
    with tenant_session(house.tenant_id) as session:
        account = crm.create_record(session, house.boss, "accounts", {"name": "Acme", "domain": "acme.example"}).id
        fields = {"name": "Ada Okafor", "email": "ada@acme.example", "account_id": str(account)}
        person = crm.create_record(session, house.boss, "contacts", fields).id
        made = actions.save_template(session, house.boss, CALL)
        with pytest.raises(Denied):
            actions.save_template(session, robin, CALL)
        new = actions.fill_template(session, robin, template_id=made.id, account_id=account, person_id=person)
        assert (new.title, new.template_version) == ("Call Ada of Acme", 1)
        done = actions.create(session, robin, new)
        actions.complete(session, robin, action_id=done.action.id, outcome="positive")
        (used,) = [one for one in actions.templates(session) if one.id == made.id]
        assert (used.used, used.done, used.succeeded) == (1, 1, 1)
        with pytest.raises(NotFound):
            actions.fill_template(session, robin, template_id=made.id, account_id=person)
