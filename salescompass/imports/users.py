"""Members of the tenant from files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from salescompass import identity
from salescompass.imports.batches import beside_id
from salescompass.imports.kinds import Plan, Run
from salescompass.imports.mapping import Column
from salescompass.imports.targets import TARGETS
from salescompass.imports.typed_rows import TypedRow, typed_reader
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import BatchResult, FileRow, RowResult, Target


class Users:
    """Members, their managers and teams."""

    digests = False

    def targets(self, session: Session) -> tuple[Target, ...]:
        """The fields that columns may become."""
        return TARGETS["users"]

    def check(self, columns: Sequence[str], mapped: Mapping[str, Column]) -> None:
        """Raises Invalid when no column names anybody."""
        if not {one.field for one in mapped.values()} & {"name", "first_name", "last_name", "email"}:
            raise Invalid("The file has no column with names or addresses", field="file", code="missing_columns")

    def reader(self, plan: Plan, targets: Sequence[Target]) -> Callable[[FileRow], TypedRow]:
        """What reads the file's rows."""
        return typed_reader(plan, targets)

    def moments(self, row: TypedRow, now: datetime) -> Sequence[datetime]:
        """Members have no dates."""
        return ()

    def apply(self, session: Session, rows: Sequence[TypedRow], run: Run) -> BatchResult:
        """Bring rows in, one after the other."""
        brought = identity.bring_members(
            session, run.actor, rows=[_member(row) for row in rows], now=run.now,
            keys=run.plan.keys, mode=run.plan.mode, dry=run.dry,
            batch_id=beside_id(run.batch_id) if run.batch_id else None,
        )  # fmt: skip
        made = {"users": brought.users_made, "teams": brought.teams_made}
        return BatchResult(tuple(RowResult(one.status, one.reason) for one in brought.outcomes), made)

    def finish(self, session: Session, run: Run) -> Mapping[str, int]:
        """Nothing follows."""
        return {}


def _member(row: TypedRow) -> identity.MemberRow:
    values = row.values
    parts = [values[part].strip() for part in ("first_name", "last_name") if part in values]
    name = values.get("name") or " ".join(parts) or None
    return identity.MemberRow(name, *(values.get(part) for part in ("email", "role", "manager", "team", "zone")))
