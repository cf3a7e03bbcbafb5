"""What rows name by words becomes ids: owners, companies, products, pipelines and stages, a batch at a time.

An owner or a product that nothing fits is listed and left out, never guessed. A company or a stage that is not there
is made: the file says that there is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import crm
from salescompass.imports.kinds import RowFault, Run
from salescompass.imports.typed_rows import TypedRow
from salescompass.models import Membership, Product
from salescompass.vocabulary import RecordKind, UnknownSubjects

_MOST_UNKNOWN = 200


class Unknown:
    """Names that nothing fits, by what they should name."""

    def __init__(self) -> None:
        self.names: dict[str, Counter[str]] = {}

    def add(self, what: str, name: str) -> None:
        """Count a name."""
        found = self.names.setdefault(what, Counter())
        if name in found or len(found) < _MOST_UNKNOWN:
            found[name[:200]] += 1


def _one_each(pairs: Iterable[tuple[str, UUID]]) -> dict[str, UUID]:
    """Ids by name; a name that two have means neither."""
    found: dict[str, UUID | None] = {}
    for name, one in pairs:
        found[name] = None if found.get(name, one) != one else one
    return {name: one for name, one in found.items() if one is not None}


def members(session: Session) -> dict[str, UUID]:
    """The members of the tenant by their address and by their name."""
    rows = session.exec(select(Membership.id, Membership.email_norm, Membership.name)).all()
    by_name = _one_each((crm.name_norm(name), member_id) for member_id, _, name in rows)
    return {**by_name, **{email: member_id for member_id, email, _ in rows if email}}


def owner_ids(session: Session, rows: Sequence[TypedRow], unknown: Unknown) -> dict[int, UUID]:
    """The owner of each row that names one, by its number."""
    if not any("owner" in row.values for row in rows):
        return {}
    known = members(session)
    found = {}
    for row in rows:
        name = row.values.get("owner")
        if name is None:
            continue
        member_id = known.get(crm.name_norm(name))
        if member_id is None:
            unknown.add("owners", name.strip())
        else:
            found[row.number] = member_id
    return found


def product_ids(session: Session, rows: Sequence[TypedRow], unknown: Unknown) -> dict[int, UUID]:
    """The product of each row that names one, by its number."""
    names = {row.number: crm.name_norm(row.values["product"]) for row in rows if "product" in row.values}
    if not names:
        return {}
    live = select(Product.name_norm, Product.sku_norm, Product.id).where(col(Product.deleted_at).is_(None))
    wanted = sorted(set(names.values()))
    fits = live.where(col(Product.name_norm).in_(wanted) | col(Product.sku_norm).in_(wanted))
    products = session.exec(fits).all()
    known = {key: product_id for name, sku, product_id in products for key in (sku, name) if key}
    found = {}
    for row in rows:
        if row.number not in names:
            continue
        if names[row.number] in known:
            found[row.number] = known[names[row.number]]
        else:
            unknown.add("products", row.values["product"].strip())
    return found


def account_refs(rows: Sequence[TypedRow]) -> dict[int, crm.AccountRef | RowFault]:
    """The company of each row that names one."""
    found: dict[int, crm.AccountRef | RowFault] = {}
    for row in rows:
        told = {part: row.values.get(key) for part, key in _ACCOUNT_PARTS.items()}
        if any(told.values()):
            try:
                found[row.number] = crm.AccountRef.of(**told)
            except crm.BadReference as error:
                found[row.number] = RowFault(f"Company: {error.message}")
    return found


_ACCOUNT_PARTS = {"external_id": "account_external_id", "domain": "account_domain", "name": "account"}


def account_ids(
    session: Session, refs: Mapping[int, crm.AccountRef | RowFault], run: Run, made: Counter[str]
) -> dict[int, UUID | RowFault]:
    """The ids of the companies named. Those that are not there are made, once each."""
    found: dict[int, UUID | RowFault] = {n: one for n, one in refs.items() if isinstance(one, RowFault)}
    whole = {number: one for number, one in refs.items() if isinstance(one, crm.AccountRef)}
    distinct = list(dict.fromkeys(whole.values()))
    known = _known(session, distinct)
    missing = [one for one in distinct if one not in known]
    if missing:
        for one, outcome in zip(missing, _make(session, missing, run), strict=True):
            known[one] = outcome.id or RowFault(f"Company: {outcome.reason}")
            made["accounts"] += outcome.status == "created"
    return found | {number: known[one] for number, one in whole.items()}


def _known(session: Session, refs: Sequence[crm.AccountRef]) -> dict[crm.AccountRef, UUID | RowFault]:
    asked = [crm.SubjectRef(account=one) for one in refs]
    subjects = crm.resolve_subjects(session, asked, unknown=UnknownSubjects.REJECT).subjects
    found: dict[crm.AccountRef, UUID | RowFault] = {}
    for one, subject in zip(refs, subjects, strict=True):
        if isinstance(subject, crm.Subject):
            if subject.account_id:
                found[one] = subject.account_id
        elif not subject.message.startswith("no such"):
            found[one] = RowFault(f"Company: {subject.message}")
    return found


def _make(session: Session, refs: Sequence[crm.AccountRef], run: Run) -> list[crm.RowOutcome]:
    rows = [
        {
            "name": one.name or one.domain or one.external_id,
            **({"domain": one.domain} if one.domain else {}),
            **({"external_id": one.external_id} if one.external_id else {}),
        }
        for one in refs
    ]
    return crm.upsert_records(
        session, run.actor, RecordKind.ACCOUNTS, rows,
        key=("external_id", "domain", "name"), batch_id=run.batch_id, now=run.now,
    )  # fmt: skip
