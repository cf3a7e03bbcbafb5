"""A made-up company's records, kept twice: in the database, and here, where their facts are told without it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text
from sqlmodel import Session, SQLModel

from salescompass.crm import name_norm
from salescompass.kit.ids import new_id

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
WORDS = [
    "Retail",
    "retail ",
    "Ｒetail",
    "RETAIL park",
    "Straße",
    "STRASSE",
    "Zürich",
    "zoo",
    "Ωmega",
    "a_b%c",
    "😀 fun",
]
TYPES = {"link_clicked": "in", "email_replied": "in", "email_sent": "out", "won_note": "own"}
ZONES = ["Europe/Paris", "Pacific/Auckland", "America/Sao_Paulo", "UTC"]
Row = dict[str, Any]


class World:
    """Rows by table, as they are inserted."""

    def __init__(self, seed: int, *, accounts: int = 16, people: int = 36, deals: int = 24, events: int = 300) -> None:
        self.chance = random.Random(seed)
        self.told: dict[UUID, Any] = {}
        self.zone = ZoneInfo(ZONES[seed % len(ZONES)])
        self.members = [new_id() for _ in range(3)]
        self.tags = [new_id() for _ in range(4)]
        self.pipelines = [new_id()]
        self.stages = [new_id() for _ in range(3)]
        self.account = self._accounts(accounts)
        self.person = [self._person() for _ in range(people)]
        self.product = [self._product(n) for n in range(4)]
        self.opportunity = [self._deal() for _ in range(deals)]
        self.parts = self._parts()
        self.record_tag = self._tagged()
        self.fields = {kind: new_id() for kind in ("text", "number", "date", "boolean", "choice")}
        self.custom_value = self._custom()
        self.event = [self._event() for _ in range(events)]
        self.score, self.score_snapshot = self._scores()
        self.action = [self._action() for _ in range(60)]
        self.band_crossing = [self._crossing() for _ in range(60)]

    def some(self, values: Any, *, missing: float = 0.2) -> Any:
        """One of these, or None."""
        return None if self.chance.random() < missing else self.chance.choice(list(values))

    def moment(self, *, missing: float = 0.0) -> datetime | None:
        """A moment near the beginnings of days in the tenant's zone, and anywhere."""
        if self.chance.random() < missing:
            return None
        midnight = datetime.combine(NOW.astimezone(self.zone).date(), datetime.min.time(), self.zone)
        back = timedelta(days=self.chance.randrange(45))
        step = self.chance.choice([0, 1, -1, self.chance.randrange(-80_000_000_000, 80_000_000_000)])
        return (midnight - back).astimezone(UTC) + timedelta(microseconds=step)

    def day(self) -> date | None:
        """A day around today."""
        return self.some([NOW.date() + timedelta(days=n) for n in range(-40, 40)])

    def _words(self, *names: str) -> Row:
        found: Row = {}
        for name in names:
            found[name] = self.some(WORDS)
            found[f"{name}_norm"] = found[name] and name_norm(found[name])
        return found

    def _record(self) -> Row:
        name = f"{self.chance.choice(WORDS)} {self.chance.randrange(100)}"
        return {
            "id": new_id(), "name": name, "name_norm": name_norm(name), "owner_id": self.some(self.members),
            "created_at": self.moment(), "updated_at": self.moment(),
            "deleted_at": NOW if self.chance.random() < 0.1 else None,
        }  # fmt: skip

    def _money(self, name: str) -> Row:
        return {name: self.some([0, 1, 99, 100, 10**12]), "currency": self.some(["USD", "EUR", "USD"])}

    def _accounts(self, number: int) -> list[Row]:
        found: list[Row] = []
        for n in range(number):
            more = {
                "domain_norm": self.some([f"shop{n}.example", f"park{n}.example"]),
                "size": self.some([0, 5, 10, 250]),
                "lifecycle": self.some(["prospect", "customer", "other"]),
                "parent_id": self.some([one["id"] for one in found]) if found else None,
            }
            words = self._words("industry", "country", "city")
            found.append({**self._record(), **words, **self._money("revenue_minor"), **more})
        return found

    def _person(self) -> Row:
        one = self._record()
        email = self.some([f"{one['id'].hex}@shop.example"])
        return {
            **one, **self._words("title", "lead_status", "source_original"), 
            "kind": self.some(["lead", "contact"], missing=0),
            "account_id": self.some([row["id"] for row in self.account]), "email": email, "email_norm": email,
            "status": self.some(["active", "left"], missing=0), "converted_at": self.moment(missing=0.5),
        }  # fmt: skip

    def _product(self, n: int) -> Row:
        more = {"name": f"Product {n}", "name_norm": f"product {n}", "active": n % 2 == 0}
        one = {**self._record(), **self._words("series"), **self._money("price_minor"), **more}
        del one["owner_id"]
        return one

    def _deal(self) -> Row:
        return {
            **self._record(), **self._words("source"), **self._money("amount_minor"),
            "account_id": self.some([row["id"] for row in self.account]), "pipeline_id": self.pipelines[0],
            "stage_id": self.some(self.stages, missing=0), "state": self.some(["open", "won", "lost"], missing=0),
            "product_id": self.some([row["id"] for row in self.product]), "close_date": self.day(),
            "stage_entered_at": self.moment(), "probability": self.chance.randrange(101),
        }  # fmt: skip

    def _parts(self) -> list[Row]:
        found = {}
        for deal in self.opportunity:
            for _ in range(self.chance.randrange(4)):
                person, role = self.chance.choice(self.person)["id"], self.chance.choice(["champion", "user"])
                found[deal["id"], person, role] = {"opportunity_id": deal["id"], "person_id": person, "role": role}
        return list(found.values())

    def _tagged(self) -> list[Row]:
        kinds = (("account", self.account), ("person", self.person), ("opportunity", self.opportunity))
        return [
            {"object_type": kind, "object_id": row["id"], "tag_id": tag}
            for kind, rows in kinds
            for row in rows
            for tag in self.chance.sample(self.tags, self.chance.choice([0, 0, 1, 2, 3]))
        ]

    def _custom(self) -> list[Row]:
        empty = {"text": None, "text_norm": None, "number": None, "at": None}
        found = []
        for row in self.account:
            day = self.day() or NOW.date()
            word = self.chance.choice(WORDS)
            values: dict[str, Row] = {
                "text": {"text": word, "text_norm": name_norm(word)},
                "number": {"number": self.chance.choice([0.0, 0.1, -2.5, 10.0])},
                "date": {"at": datetime.combine(day, datetime.min.time(), UTC)},
                "boolean": {"text": (truth := self.chance.choice(["true", "false"])), "text_norm": truth},
                "choice": {"text": (choice := self.chance.choice(["Gold", "Silver"])), "text_norm": name_norm(choice)},
            }
            for kind, value in values.items():
                if self.chance.random() < 0.7:
                    found.append({**empty, "field_id": self.fields[kind], "object_id": row["id"], **value})
        return found

    def _event(self) -> Row:
        type_key, direction = self.chance.choice(list(TYPES.items()))
        person = self.some(self.person)
        account = person["account_id"] if person else self.some([row["id"] for row in self.account])
        at = self.moment() or NOW
        return {
            "id": new_id(), "occurred_at": min(at, NOW + timedelta(hours=self.chance.choice([0, 1]))), "type": type_key,
            "direction": direction, "channel": "web", "account_id": account, "person_id": person and person["id"],
            "opportunity_id": self.some([row["id"] for row in self.opportunity], missing=0.5),
            "verdict": self.some(["human", "unknown", "bot", "likely_bot"], missing=0), "source": "api",
            "duplicate_of": new_id() if self.chance.random() < 0.1 else None,
            "merged_into": new_id() if self.chance.random() < 0.1 else None,
        }  # fmt: skip

    def _action(self) -> Row:
        state = self.some(["proposed", "accepted", "in_progress", "snoozed", "done", "dismissed", "expired"], missing=0)
        about = {"account": self.account, "person": self.person, "opportunity": self.opportunity}
        return {
            "id": new_id(), "kind": "call", "title": "Call", "state": state, "due_to": self.moment(missing=0.3),
            "closed_at": self.moment() if state in ("done", "dismissed", "expired") else None,
            **{f"{name}_id": self.some([row["id"] for row in rows], missing=0.4) for name, rows in about.items()},
        }  # fmt: skip

    def _scores(self) -> tuple[list[Row], list[Row]]:
        scores, snapshots = [], []
        week = NOW.date() - timedelta(days=7)
        for kind, rows in (("account", self.account), ("person", self.person)):
            for row in rows:
                subject = {"subject_kind": kind, "subject_id": row["id"]}
                if self.chance.random() < 0.7:
                    value = self.chance.choice([0.0, 14.999, 15.0, 40.0, 70.1, 99.0])
                    band = self.chance.choice(["cold", "cool", "warm", "hot"])
                    scores.append({**subject, "value": value, "band": band, "raw": [], "as_of": NOW})
                if self.chance.random() < 0.5:
                    snapshots.append({**subject, "day": week, "value": self.chance.choice([0.1, 15.0, 40.0])})
        return scores, snapshots

    def _crossing(self) -> Row:
        kind = self.chance.choice(["account", "person"])
        before, after = self.chance.sample(["cold", "cool", "warm", "hot"], 2)
        return {
            "id": new_id(), "subject_kind": kind, "subject_id": self.chance.choice(getattr(self, kind))["id"],
            "from_band": before, "to_band": after, "value": 20.0, "cause": "events", "at": self.moment(),
        }  # fmt: skip

    def keep(self, session: Session) -> None:
        """Write it all into the session's tenant."""
        say = session.connection().execute
        say(text("UPDATE tenant_public SET zone = :zone, currency = 'USD'"), {"zone": self.zone.key})
        for member in self.members:
            say(
                text("INSERT INTO membership (id, name, email, status, zone) VALUES (:id, :name, '', 'active', 'UTC')"),
                {"id": member, "name": "Member"},
            )
        named = [{"id": one, "name": f"N{n}", "name_norm": f"n{n}"} for n, one in enumerate([*self.tags, *self.stages])]
        own = [
            {"id": one, "object_type": "account", "key": kind, "label": f"Own {kind}", "kind": kind,
             "choices": ["Gold", "Silver"] if kind == "choice" else []}
            for kind, one in self.fields.items()
        ]  # fmt: skip
        rows: dict[str, list[Row]] = {
            "tag": named[:4], "pipeline": [{"id": self.pipelines[0], "name": "Sales", "name_norm": "sales"}],
            "stage": [
                {**row, "pipeline_id": self.pipelines[0], "rot_days": self.rots(row["id"])} for row in named[4:]
            ],
            "custom_field": own, "account": self.account, "person": self.person, "product": self.product,
            "opportunity": self.opportunity, "opportunity_person": self.parts, "record_tag": self.record_tag,
            "custom_value": self.custom_value, "event": self.event, "score": self.score,
            "score_snapshot": self.score_snapshot, "action": self.action, "band_crossing": self.band_crossing,
        }  # fmt: skip
        for name, told in rows.items():
            say(insert(SQLModel.metadata.tables[name]), told)

    def rots(self, stage_id: Any) -> int | None:
        """After how many days in a stage a deal rots; the first keeps it for ever."""
        return 9 * self.stages.index(stage_id) or None

    def records(self, kind: str) -> list[Row]:
        """Every record of a kind that is not in the trash."""
        return [row for row in getattr(self, kind) if not row.get("deleted_at")]

    @cached_property
    def by_id(self) -> dict[UUID, Row]:
        """Every record that is not in the trash."""
        return {
            row["id"]: row for kind in ("account", "person", "opportunity", "product") for row in self.records(kind)
        }
