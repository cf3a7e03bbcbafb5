"""A tenant with one of everything, each thing marked, so that a leak can be recognised wherever it comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session

from salescompass import crm, events, identity, reactions, scoring
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.database import owner_engine, tenant_session
from salescompass.kit.pagination import Position
from salescompass.models import BulkEdit, BulkEditRow, Table
from salescompass.vocabulary import Source, Topic
from tests import world_past
from tests.publishing import finish_publishing
from tests.world_actions import add_actions
from tests.world_assignment import add_assignment
from tests.world_files import add_files
from tests.world_rules import add_rules
from tests.world_together import add_together

PASSWORD = "walnut harbour seven"  # a pass phrase of this test, nobody's

_addresses = count(int(IPv4Address("10.0.0.1")))


def own_address() -> str:
    """An address of the network that nobody signed in from: sign-ins are limited by it, and tests are fast."""
    return str(IPv4Address(next(_addresses)))


@dataclass
class World:
    """A tenant, its mark, and the ids of what it has."""

    mark: str
    tenant_id: UUID = field(default_factory=uuid4)
    slug: str = ""
    ids: dict[str, UUID] = field(default_factory=dict)
    at: datetime = field(default_factory=now)
    key: str = ""
    token: str = ""
    phone: str = ""
    cursor: str = ""
    calendar: str = ""
    role: str = ""
    clicks: tuple[UUID, ...] = ()
    stages: tuple[UUID, ...] = ()

    def session(self) -> Any:
        """A session inside this tenant."""
        return tenant_session(self.tenant_id)

    @property
    def actor(self) -> Actor:
        """Its signed-in administrator."""
        actor = identity.authenticate(self.token)
        assert actor is not None
        return actor

    @property
    def email(self) -> str:
        """Its administrator's address."""
        return f"admin@{self.slug}.example"


def build(mark: str, *, bare: bool = False) -> World:
    """A tenant with one of everything; a bare one has people only, so that counts tell the two apart."""
    world = World(mark=mark, slug=f"{mark}-{uuid4().hex[:6]}")
    world.tenant_id = identity.create_tenant(
        name=f"{mark} Ltd", slug=world.slug, admin_email=world.email, admin_password=PASSWORD
    ).tenant_id
    world.token = identity.sign_in(
        email=world.email, password=PASSWORD, ip=own_address(), user_agent=f"{mark} browser", device=None
    ).token
    other = identity.sign_in(
        email=world.email, password=PASSWORD, ip=own_address(), user_agent=f"{mark} phone", device=None
    )
    world.phone = other.token
    actor = world.actor
    world.ids["member"] = actor.member_id or uuid4()
    world.ids["session"] = other.actor.session_id or uuid4()
    with world.session() as session:
        _people_of_the_house(session, world, actor)
        if not bare:
            _records(session, world)
            _sales(session, world, actor)
            _machinery(session, world, actor)
            _scoring(session, world, actor)
            add_files(session, world, actor)
            add_assignment(session, world, actor)
            add_actions(session, world, actor)
            add_together(session, world, actor)
            add_rules(session, world, actor)
    return world


def _people_of_the_house(session: Session, world: World, actor: Actor) -> None:
    identity.update_profile(session, actor, name=f"{world.mark} Admin")
    role = identity.save_role(session, actor, key=None, name=f"{world.mark} role", permissions=["feed.read"])
    invited = identity.invite(
        session, actor, email=f"new@{world.slug}.example", name=f"{world.mark} Newcomer", role_keys=["rep"]
    )
    active = identity.create_user(
        session, email=f"rep@{world.slug}.example", password=None, role="rep", name=f"{world.mark} Rep"
    )
    gone = identity.create_user(session, email=f"gone@{world.slug}.example", role="rep", name=f"{world.mark} Gone")
    identity.disable_member(session, actor, member_id=gone.id)
    key = identity.create_key(session, actor, name=f"{world.mark} key", scopes=["*"])
    world.key = key.key
    world.ids |= {"invited": invited.id, "colleague": active.id, "disabled": gone.id, "key": key.id}
    world.role = role.key


def _records(session: Session, world: World) -> None:
    item = events.read_event(
        {
            "type": "proposal_viewed",
            "account": {"name": f"{world.mark} Buyer", "domain": f"{world.slug}-buyer.example"},
            "contact": {"email": f"{world.mark}@{world.slug}-buyer.example", "name": f"{world.mark} Person"},
            "properties": {"document": f"{world.mark} proposal"},
            "idempotency_key": f"{world.mark}-1",
        },
        now=world.at,
    )
    outcome = events.record(session, item, source=Source.API)
    assert outcome.id is not None
    entry = events.feed(session).items[0]
    world.at = entry.occurred_at
    reactions.events_recorded(session, events.EventBatch((outcome.id,), (world.at,)))
    world.ids |= {"event": outcome.id, "account": entry.account_id, "person": entry.person_id}  # type: ignore[dict-item]
    _ledger(session, world)
    _views(session, world, world.actor)
    # A place in its feed that lies before its events.
    world.cursor = Position(datetime(2015, 1, 1, tzinfo=UTC), uuid4()).cursor()


def _sales(session: Session, world: World, actor: Actor) -> None:
    """A pipeline of its own, a field of its own."""
    stages = [crm.StageFields(f"{world.mark} open"), crm.StageFields("Won", 100, kind="won")]
    stages += [crm.StageFields("Lost", kind="lost"), crm.StageFields("Shut", kind="lost")]
    pipeline = crm.save_pipeline(session, actor, pipeline_id=None, name=f"{world.mark} pipeline", stages=stages)
    crm.save_custom_field(session, actor, object_type="account", key=None, label=f"{world.mark} field")
    for label in (f"{world.mark} more", f"{world.mark} old field"):
        crm.save_custom_field(session, actor, object_type="account", key=None, label=label)
    crm.retire_custom_field(session, actor, object_type="account", key=f"{world.mark}_old_field")
    usual = crm.pipelines(session)[0]
    unsold = crm.create_record(session, actor, "products", {"name": f"{world.mark} unsold", "active": False})
    product = crm.create_record(session, actor, "products", {"name": f"{world.mark} product"})
    gone = crm.create_record(session, actor, "products", {"name": f"{world.mark} old product"})
    crm.delete_records(session, actor, "products", [gone.id])
    lead = crm.create_record(session, actor, "leads", {"name": f"{world.mark} Lead"})
    deal = {"name": f"{world.mark} deal", "account_id": world.ids["account"], "stage_id": usual.stages[0].id}
    made = crm.create_record(session, actor, "opportunities", {**deal, "product_id": product.id})
    old = crm.create_record(session, actor, "opportunities", {"name": f"{world.mark} old deal"})
    crm.delete_records(session, actor, "opportunities", [old.id])
    crm.set_deal_role(session, actor, opportunity_id=made.id, person_id=world.ids["person"], role="champion")
    crm.tag_records(session, actor, "accounts", [world.ids["account"]], add=[f"{world.mark} tag"])
    world.ids["batch"] = uuid4()
    crm.edit_records(
        session, actor, "accounts", [world.ids["account"]], {"city": f"{world.mark} city"}, batch_id=world.ids["batch"]
    )
    _bulk_edits(session, world, actor)
    answer = identity.Answer(201, f"{world.mark} answer", {})
    identity.remember_answer(
        session, api_key_id=world.ids["key"], key=world.mark, request_hash="x", answer=answer, now=world.at
    )
    view = crm.save_view(session, actor, kind="accounts", name=f"{world.mark} view", state={}, shared=True)
    team = identity.save_team(session, actor, team_id=None, name=f"{world.mark} team", member_ids=[world.ids["member"]])
    world.ids |= {
        "pipeline": pipeline.id, "won": usual.stages[4].id, "product": product.id, "trashed": gone.id,
        "lead": lead.id, "deal": made.id, "view": view.id,
        "tag": crm.tags(session)[0].id, "team": team.id, "shut": pipeline.stages[3].id,
        "unsold": unsold.id,
    }  # fmt: skip
    world.stages = tuple(one.id for one in pipeline.stages[:3])


def _bulk_edits(session: Session, world: World, actor: Actor) -> None:
    """One that is done, and one that a worker is in the middle of."""
    tagged = crm.BulkAct(add_tags=[f"{world.mark} batch"])
    done = crm.begin_bulk_edit(
        session, actor, kind="accounts", act=tagged, words=f"{world.mark} tags", ids=[world.ids["account"]]
    )
    act = {"fields": {"city": f"{world.mark} town"}}
    edit = BulkEdit(member_id=world.ids["member"], kind="accounts", act=act, words=f"{world.mark} city", total=1)
    session.add(edit)
    session.flush()
    session.add(BulkEditRow(bulk_edit_id=edit.id, record_id=world.ids["account"]))
    session.flush()
    world.ids |= {"bulk_edit": done.id, "bulk_edit_running": edit.id}


def _views(session: Session, world: World, actor: Actor) -> None:
    """Of each list a view that is shared, and one that was deleted."""
    for kind in ("accounts", "contacts", "leads", "opportunities"):
        for key in (f"{kind}_view", f"{kind}_view_gone"):
            named = f"{world.mark} {key}"
            made = crm.save_view(session, actor, kind=kind, name=named, state={"q": world.mark}, shared=True)
            world.ids[key] = made.id
        crm.delete_view(session, actor, view_id=world.ids[f"{kind}_view_gone"])


def _ledger(session: Session, world: World) -> None:
    """Events told twice, two that are one, a burst of clicks that nobody has judged yet."""
    contact, actor = {"id": str(world.ids["person"])}, world.actor
    told: list[tuple[UUID, datetime]] = []
    pages = ["/a", "/b", "/c", "/a"]
    clicks = [{"url": f"/{place}", "message_id": "m"} for place in range(4)]
    for type_key, properties in [
        *(("page_viewed", {"url": page}) for page in pages),
        *(("link_clicked", click) for click in clicks),
    ]:
        item = events.read_event({"type": type_key, "contact": contact, "properties": properties}, now=world.at)
        done = events.record(session, item, source=Source.API)
        told.append((done.id, done.occurred_at))  # type: ignore[arg-type]
    world.ids |= {"one": told[0][0], "other": told[1][0], "merged": told[2][0], "folded": told[3][0]}
    events.merge(session, actor, survivor_id=told[0][0], survivor_at=world.at, merged_id=told[2][0], merged_at=world.at)
    world.clicks = tuple(event_id for event_id, _ in told[4:])
    world_past.tell_at_once(session, world.ids["person"], world.at)


def _scoring(session: Session, world: World, actor: Actor) -> None:
    """A rule of its own in force, a crossing, a day gone by, a draft, a type of its own."""
    fields = events.TypeFields(f"{world.mark}_signal", f"{world.mark} signal", "in", "web", points=3)
    events.save_type(session, actor, fields)
    rule = {
        "key": f"proposal_viewed:{world.mark}", "type": "proposal_viewed", "points": 40, "group": "intent",
        "how": "diminishing", "most": 0,
        "conditions": [{"property": "document", "operator": "contains", "value": world.mark}],
    }  # fmt: skip
    content = {**scoring.to_json(scoring.DEFAULT), "rules": [rule]}
    scoring.start_draft(session, actor)
    scoring.save_draft(session, actor, content=content, note=f"{world.mark} tuning")
    scoring.publish(session, actor)
    finish_publishing(session)
    # A third version with the same rules, so that there is one to go back to while a draft is written.
    scoring.start_draft(session, actor)
    scoring.save_draft(session, actor, content={**content, "k": 45}, note=f"{world.mark} wider")
    scoring.publish(session, actor)
    scoring.write_snapshots(session, now=world.at + timedelta(days=1))
    world_past.add_fallen_account(session, actor, f"{world.mark} Fallen", world.at)
    scoring.start_draft(session, actor)
    world.ids["crossing"] = scoring.crossings(session, ids=None)[0].id


def _machinery(session: Session, world: World, actor: Actor) -> None:
    identity.set_flag(session, actor, key="live_updates", enabled=False)
    identity.audit.record(session, actor, f"{world.mark}.done", object_type="test", object_id=f"{world.mark}")
    world.ids["letter"] = uuid4()
    session.connection().execute(
        text("INSERT INTO outbox (id, topic, payload, dead_at, last_error) VALUES (:id, :topic, '{}', now(), :error)"),
        {"id": world.ids["letter"], "topic": Topic.EVENTS_RECORDED, "error": f"{world.mark} failed"},
    )
    session.connection().execute(
        text(
            "INSERT INTO error_event (id, fingerprint, kind, message, place, request_id, release) "
            "VALUES (:id, :id, 'ValueError', :message, 'test', '', '')"
        ),
        {"id": uuid4(), "message": f"{world.mark} error"},
    )


# Columns that move whenever somebody looks, and tables that only count looking.
_RESTLESS = "'last_seen_at', 'last_used_at', 'rotated_at', 'updated_at'"
_COUNTERS = ("audit_seal", "usage_counter")


def snapshot(tenant_id: UUID) -> dict[str, str]:
    """A fingerprint of every row of a tenant and of its users, table by table, as the owner sees it."""
    wheres = {t.name: "tenant_id = :tenant" for t in Table.metadata.sorted_tables if "tenant_id" in t.columns}
    wheres["user"] = "id IN (SELECT user_id FROM membership WHERE tenant_id = :tenant)"
    found = {}
    with owner_engine().connect() as connection:
        for name, where in wheres.items():
            if name not in _COUNTERS:
                rows = f'SELECT (to_jsonb(t) - ARRAY[{_RESTLESS}])::text AS row FROM "{name}" t WHERE {where}'  # noqa: S608
                whole = f"SELECT md5(coalesce(string_agg(row, '|' ORDER BY row), '')) FROM ({rows}) r"  # noqa: S608
                found[name] = str(connection.execute(text(whole), {"tenant": tenant_id}).scalar())
    return found
