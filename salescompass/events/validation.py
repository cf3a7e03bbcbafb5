"""What an event from outside must look like, and what it means once read. Pure.

Each problem names its place by a JSON pointer and says how to mend it. Nothing is guessed: a field nobody knows is an
error, since a misspelt `occurred_at` would otherwise move an event to today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from salescompass.crm import AccountRef, BadReference, PersonRef, SubjectRef
from salescompass.events.catalog import BUILT_IN, EventType
from salescompass.events.plain_data import flaw_in_data, storable
from salescompass.events.schemas import flaws_in
from salescompass.kit.clock import parse_rfc3339
from salescompass.kit.errors import FieldError, Invalid
from salescompass.kit.ids import parse_id
from salescompass.vocabulary import ActorKind

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=5)
LARGEST_PROPERTIES = 32_768
DEEPEST_PROPERTIES = 8
_KEPT = 16_384
"""References that were read: the same accounts and people are named over and over."""
_SORTED = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


Text = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(storable)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class AccountBody(_Body):
    """The company. Keys are tried in the order id, external_id, domain, name; the others fill a new record."""

    id: Text | None = None
    external_id: Text | None = None
    domain: Text | None = None
    name: Text | None = None
    owner_email: Text | None = Field(None, description="Owner of the account, used when it is created.")


class ContactBody(_Body):
    """The person. Keys are tried in the order id, external_id, email, name; the others fill a new record."""

    id: Text | None = None
    external_id: Text | None = None
    email: Text | None = None
    name: Text | None = None


class OpportunityBody(_Body):
    """The deal."""

    id: Text | None = None
    external_id: Text | None = None
    name: Text | None = None


class EventBody(_Body):
    """Something that happened. Name the account, the contact, or both."""

    type: Text = Field(description="A type of the catalog, like `proposal_viewed`.", examples=["proposal_viewed"])
    occurred_at: Text | None = Field(
        None, description="RFC 3339 with offset; now when left out.", examples=["2026-11-20T10:42:00+01:00"]
    )
    account: AccountBody | None = None
    contact: ContactBody | None = None
    opportunity: OpportunityBody | None = None
    properties: dict[str, Any] = Field(default_factory=dict, description="Anything else, kept as it is.")
    idempotency_key: Text | None = Field(None, description="The same key never makes a second event.")
    actor: Literal["human", "machine"] | None = Field(None, description="Who acted, when you know.")


class EventIn(NamedTuple):
    """An event that was read and may be recorded."""

    type: EventType
    occurred_at: datetime
    subject: SubjectRef
    properties: dict[str, Any]
    key: str | None
    actor: ActorKind | None
    body_hash: bytes


def read_event(
    body: Any, *, now: datetime, body_hash: bytes | None = None, types: Mapping[str, EventType] = BUILT_IN
) -> EventIn:
    """The event in a JSON body. Raises Invalid with every problem found. `types` are those that the tenant knows."""
    if not _surely_in_form(body):
        try:
            EventBody.model_validate(body)
        except ValidationError as error:
            raise _invalid(FieldError(_plain(one), pointer=pointer(one["loc"])) for one in error.errors()) from None
    problems: list[FieldError] = []
    kind = types.get(body["type"])
    if kind is None:
        known = sorted(one.key for one in types.values() if not one.retired)
        problems.append(FieldError(f"unknown type; known are {', '.join(known)}", pointer="/type"))
    elif kind.retired:
        problems.append(FieldError("this type is retired: it is taken no more", pointer="/type"))
    occurred_at = _moment(body.get("occurred_at"), now, problems)
    subject = _subject(body, problems)
    properties = body.get("properties", {})
    flaw = _flaw_in_properties(properties)
    if flaw:
        problems.append(FieldError(flaw, pointer="/properties"))
    elif kind is not None and kind.json_schema is not None:
        wrong = flaws_in(properties, kind.json_schema)
        problems += [FieldError(what, pointer=f"/properties{at}") for at, what in wrong]
    if problems or kind is None:
        raise _invalid(problems)
    told = body.get("actor")
    actor = ActorKind(told) if told else None
    return EventIn(
        kind, occurred_at, subject, properties, body.get("idempotency_key"), actor, body_hash or hash_of(body)
    )


_PARTS = {
    "account": frozenset(AccountBody.model_fields),
    "contact": frozenset(ContactBody.model_fields),
    "opportunity": frozenset(OpportunityBody.model_fields),
}
_TEXTS = {"type", "occurred_at", "idempotency_key"}


def _surely_in_form(body: Any) -> bool:
    """Whether a body is what EventBody says at a glance, as nearly all are: anything unusual is looked at by that."""
    if type(body) is not dict or "type" not in body:
        return False
    for name, value in body.items():
        kind = type(value)
        if kind is str:
            if name not in _TEXTS or not 0 < len(value) < 256 or not value.isprintable():
                return False
        elif kind is not dict:
            return False
        elif name != "properties":
            known = _PARTS.get(name)
            if known is None or not value.keys() <= known:
                return False
            for text in value.values():
                if type(text) is not str or not 0 < len(text) < 256 or not text.isprintable():
                    return False
    return True


def hash_of(body: object) -> bytes:
    """Tells whether two bodies say the same: their keys may come in any order, the idempotency key is left out."""
    told = {key: value for key, value in body.items() if key != "idempotency_key"} if isinstance(body, dict) else body
    return hashlib.sha256(_SORTED.encode(told).encode()).digest()


def pointer(path: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _invalid(problems: Iterable[FieldError]) -> Invalid:
    found = tuple(problems)
    return Invalid("; ".join(f"{one.pointer or 'event'}: {one.message}" for one in found[:3]), errors=found)


def _plain(error: Any) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "model_type":
        return "give an object"
    return {"Extra inputs are not permitted": "no such field", "Field required": "this field is needed"}.get(
        message, message[:1].lower() + message[1:]
    )


def flaw_of_time(at: datetime, now: datetime) -> str:
    """Why the ledger takes no event of this time, or an empty text."""
    return "before 2010-01-01" if at < EARLIEST else "more than 5 minutes ahead" if at > now + AHEAD else ""


def _moment(text: str | None, now: datetime, problems: list[FieldError]) -> datetime:
    if text is None:
        return now
    try:
        at = parse_rfc3339(text)
    except ValueError:
        at, flaw = now, "give an RFC 3339 time with offset, like 2026-11-20T10:42:00+01:00"
    else:
        flaw = flaw_of_time(at, now)
    if flaw:
        problems.append(FieldError(flaw, pointer="/occurred_at"))
    return min(at, now)


def _subject(body: Mapping[str, Any], problems: list[FieldError]) -> SubjectRef:
    account = person = None
    named, who, deal = body.get("account"), body.get("contact"), body.get("opportunity")
    try:
        if named is not None:
            get = named.get
            account = _account(get("id"), get("external_id"), get("domain"), get("name"), get("owner_email"))
    except BadReference as error:
        problems.append(FieldError(error.message, pointer="/account" + error.pointer))
    try:
        if who is not None:
            get = who.get
            person = _person(get("id"), get("external_id"), get("email"), get("name"))
    except BadReference as error:
        problems.append(FieldError(error.message, pointer="/contact" + error.pointer))
    if deal is not None:
        problems.append(FieldError("no such opportunity", pointer="/opportunity"))
    if named is None and who is None and deal is None:
        problems.append(FieldError("name an account or a contact", pointer=""))
    return SubjectRef(account, person)


@lru_cache(_KEPT)
def _account(
    id: str | None, external_id: str | None, domain: str | None, name: str | None, owner_email: str | None
) -> AccountRef:
    return AccountRef.of(id=_id(id), external_id=external_id, domain=domain, name=name, owner_email=owner_email)


@lru_cache(_KEPT)
def _person(id: str | None, external_id: str | None, email: str | None, name: str | None) -> PersonRef:
    return PersonRef.of(id=_id(id), external_id=external_id, email=email, name=name)


def _id(text: str | None) -> UUID | None:
    if text is None:
        return None
    found = parse_id(text)
    if found is None:
        raise BadReference("this is no id; ids look like 0190f3c2-5b7e-7c3a-9d4e-2f6a1b8c0d1e", "/id")
    return found


def _flaw_in_properties(properties: Mapping[str, Any]) -> str:
    """Why properties cannot be kept, or an empty text."""
    if _surely_fine(properties):
        return ""
    flaw = flaw_in_data(properties, deepest=DEEPEST_PROPERTIES)
    if flaw:
        return flaw
    too_large = len(json.dumps(properties, ensure_ascii=False).encode()) > LARGEST_PROPERTIES
    return f"larger than {LARGEST_PROPERTIES // 1024} KiB" if too_large else ""


def _surely_fine(properties: Mapping[str, Any]) -> bool:
    """Whether nothing can be wrong at a glance, as with nearly all properties: flat, plain and small."""
    most = 0
    for name, value in properties.items():
        kind = type(value)
        if not name.isprintable():
            return False
        if kind is str:
            if not value.isprintable():
                return False
            most += len(value)
        elif kind is int:
            if not -(2**63) <= value <= 2**63:
                return False
        elif kind is not bool and value is not None:
            return False
        most += len(name) + 32
    return most * 4 <= LARGEST_PROPERTIES  # a character is at most four bytes, or is escaped by one more
