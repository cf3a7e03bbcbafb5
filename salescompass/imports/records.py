"""Accounts, contacts, leads, opportunities and products from files, over the one verb that writes records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import crm
from salescompass.imports import closing
from salescompass.imports.keys import known_by
from salescompass.imports.kinds import Plan, RowFault, Run
from salescompass.imports.mapping import Column
from salescompass.imports.references import Unknown, account_ids, account_refs, owner_ids, product_ids
from salescompass.imports.stages import places
from salescompass.imports.targets import TARGETS
from salescompass.imports.typed_rows import TypedRow, moments_of, moved, typed_reader
from salescompass.imports.values import Money
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import BatchResult, FileRow, RowResult, Target, ValueKind
from salescompass.models import CustomField
from salescompass.vocabulary import DealType, Lifecycle, RecordKind

_MONEY = {"price": "price_minor", "revenue": "revenue_minor", "amount": "amount_minor"}
_WORDS = frozenset({
    "owner", "account", "account_domain", "account_external_id", "parent", "pipeline", "stage", "product",
})  # fmt: skip
"""Fields that name another thing by words."""
_CUSTOM_KINDS = {
    "number": ValueKind.DECIMAL,
    "date": ValueKind.DATE,
    "boolean": ValueKind.FLAG,
}
_CHOICES: dict[str, dict[str, str]] = {
    "lifecycle": {
        "subscriber": Lifecycle.PROSPECT, "lead": Lifecycle.PROSPECT, "opportunity": Lifecycle.PROSPECT,
        "marketing qualified lead": Lifecycle.PROSPECT, "sales qualified lead": Lifecycle.PROSPECT,
        "evangelist": Lifecycle.CUSTOMER, "former customer": Lifecycle.FORMER,
    },
    "type": {
        "new business": DealType.NEW, "newbusiness": DealType.NEW, "new customer": DealType.NEW,
        "existing business": DealType.EXPANSION, "existingbusiness": DealType.EXPANSION,
        "existing customer - upgrade": DealType.EXPANSION, "upsell": DealType.EXPANSION,
        "existing customer - renewal": DealType.RENEWAL,
    },
}  # fmt: skip
"""What other programs call the values of our choices."""


class Records:
    """A kind of records from a file."""

    digests = False

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind

    def targets(self, session: Session) -> tuple[Target, ...]:
        """The fields that columns may become, those of the tenant's own last."""
        object_type = crm.RECORD_TYPES[self.kind].object_type
        own = select(CustomField).where(CustomField.object_type == object_type, col(CustomField.retired_at).is_(None))
        custom = tuple(
            Target(f"custom.{one.key}", one.label, _CUSTOM_KINDS.get(one.kind, ValueKind.TEXT))
            for one in session.exec(own.order_by(col(CustomField.position), col(CustomField.key)))
        )
        return (*TARGETS[self.kind], *custom)

    def check(self, columns: Sequence[str], mapped: Mapping[str, Column]) -> None:
        """Raises Invalid when nothing of the file becomes anything."""
        if not mapped:
            raise Invalid(
                f"No column of the file is like a field of {self.kind}: it has {', '.join(columns)[:300]}",
                field="file", code="missing_columns",
            )  # fmt: skip

    def reader(self, plan: Plan, targets: Sequence[Target]) -> Callable[[FileRow], TypedRow]:
        """What reads the file's rows."""
        return typed_reader(plan, targets)

    def moments(self, row: TypedRow, now: datetime) -> Sequence[datetime]:
        """When a row happened; times that no record can have are none."""
        return [at for at in moments_of(row) if 1900 <= at.year < 2200]

    def apply(self, session: Session, rows: Sequence[TypedRow], run: Run) -> BatchResult:
        """Bring rows in: what they name becomes ids, then all are written at once."""
        unknown, made = Unknown(), Counter[str]()
        owners = owner_ids(session, rows, unknown)
        products = product_ids(session, rows, unknown)
        accounts = account_ids(session, account_refs(rows), run, made)
        stood = places(session, rows, run, made)
        bodies: list[dict[str, Any] | RowFault] = []
        for row in rows:
            at = accounts.get(row.number)
            if isinstance(at, RowFault):
                bodies.append(at)
                continue
            body = _body(moved(row.values, run.shift), run.plan.currency)
            if at is not None:
                body["account_id"] = at
            if row.number in owners:
                body["owner_id"] = owners[row.number]
            if row.number in products:
                body["product_id"] = products[row.number]
            if place := stood.get(row.number):
                body["pipeline_id"] = place.pipeline_id
                if place.stage_id:
                    body["stage_id"] = place.stage_id
            bodies.append(body)
        results, ids = self._write(session, bodies, run)
        if self.kind is RecordKind.ACCOUNTS:
            results = self._join_parents(session, rows, results, ids, run, made, unknown)
        return BatchResult(tuple(results), dict(made), {what: dict(names) for what, names in unknown.names.items()})

    def _write(
        self, session: Session, bodies: Sequence[dict[str, Any] | RowFault], run: Run
    ) -> tuple[list[RowResult], list[UUID | None]]:
        """Write all rows, those that are known by the same keys together."""
        results = [RowResult("failed", str(body)) for body in bodies]
        ids: list[UUID | None] = [None] * len(bodies)
        groups: dict[tuple[str, ...], list[tuple[int, dict[str, Any]]]] = {}
        good = {at: body for at, body in enumerate(bodies) if isinstance(body, dict)}
        for at, keys in known_by(session, self.kind, good, run.plan.keys).items():
            groups.setdefault(keys, []).append((at, good[at]))
        for keys, rows in groups.items():
            outcomes = crm.upsert_records(
                session, run.actor, self.kind, [body for _, body in rows],
                key=keys, mode=run.plan.mode, batch_id=run.batch_id, now=run.now,
            )  # fmt: skip
            for (at, _), one in zip(rows, outcomes, strict=True):
                results[at], ids[at] = RowResult(one.status, one.reason), one.id
        return results, ids

    def _join_parents(
        self,
        session: Session,
        rows: Sequence[TypedRow],
        results: list[RowResult],
        ids: Sequence[UUID | None],
        run: Run,
        made: Counter[str],
        unknown: Unknown,
    ) -> list[RowResult]:
        """Parents come last: they may stand further down in the same file."""
        joining = {
            at: TypedRow(row.number, {"account": row.values["parent"]})
            for at, row in enumerate(rows)
            if "parent" in row.values and ids[at] is not None and results[at].status != "failed"
            and not (run.plan.mode == "insert" and results[at].status == "skipped")
        }  # fmt: skip
        if not joining:
            return results
        parents = account_ids(session, account_refs(list(joining.values())), run, made)
        found = {at: parents[row.number] for at, row in joining.items()}
        whole = {at: one for at, one in found.items() if isinstance(one, UUID)}
        outcomes = crm.upsert_records(
            session, run.actor, RecordKind.ACCOUNTS, [{"id": ids[at], "parent_id": one} for at, one in whole.items()],
            key="id", mode="update", batch_id=run.batch_id, now=run.now,
        )  # fmt: skip
        for at, outcome in zip(whole, outcomes, strict=True):
            if outcome.status == "failed":
                found[at] = RowFault(outcome.reason)
            elif outcome.status == "updated" and results[at].status == "skipped":
                results[at] = RowResult("updated")
        for at, one in found.items():
            if isinstance(one, RowFault):
                unknown.add("parents", rows[at].values["parent"])
        return results

    def finish(self, session: Session, run: Run) -> Mapping[str, int]:
        """Accounts without owner take that of their deals."""
        if self.kind is not RecordKind.OPPORTUNITIES:
            return {}
        return {"accounts": closing.give_owners(session, run)}


def _body(values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """A row as the verb takes it, but for what it names by words. Amounts are of the row's currency, else of this."""
    told = values.get("currency")
    usual = told.strip().upper() if told else currency
    body: dict[str, Any] = {}
    for name, value in values.items():
        if name in _WORDS:
            continue
        if isinstance(value, Money):
            body[_MONEY[name]] = value.minor(usual)
            if value.currency:
                body["currency"] = value.currency
        elif name in _CHOICES:
            body[name] = _CHOICES[name].get(crm.name_norm(value), value)
        elif name != "currency" or "currency" not in body:
            body[name] = value
    return body
