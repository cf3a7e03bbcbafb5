"""The plain page of a list of records, past the framework: those that a key asks for at once share a transaction.

Plain is a page by its cursor, and not a long one. A list narrowed by values or a filter may take its time, and nobody
waits for it here: it goes through the application, as does whatever is wrong with the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request, Response

from salescompass import crm
from salescompass.api.callers import NO_KEY, Busy, gone, too_many
from salescompass.api.direct import Endpoint
from salescompass.api.record_shapes import LISTS, pages_given
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Unauthenticated
from salescompass.kit.gathering import Gathering
from salescompass.vocabulary import RecordKind

LONGEST_PAGE, USUAL_PAGE = 100, 50
Asked = tuple[str | None, int]
"""The page's cursor and how many records."""
_Line = tuple[UUID, UUID | None, RecordKind]
_READER = Busy("crm:read", parameters=False)


def _endpoint(kind: RecordKind) -> Endpoint:
    async def plain_page(request: Request) -> Response | None:
        asked = _plain(request.scope["query_string"])
        if asked is None:
            return None
        actor = await _READER(request)
        body = await _PAGES.ask((actor.tenant_id, actor.key_id, kind), (actor, asked))
        return Response(body, media_type="application/json")

    return plain_page


def _plain(query: bytes) -> Asked | None:
    """What a plain query asks for; None for any other."""
    try:
        given = parse_qsl(query.decode("ascii"), keep_blank_values=True, strict_parsing=True) if query else []
    except ValueError:
        return None
    values = dict(given)
    limit, cursor = values.pop("limit", str(USUAL_PAGE)), values.pop("cursor", None)
    if values or len(given) != len(dict(given)) or not (limit.isascii() and limit.isdigit() and len(limit) <= 3):
        return None
    fits = 1 <= int(limit) <= LONGEST_PAGE and (cursor is None or 0 < len(cursor) <= 500)
    return (cursor, int(limit)) if fits else None


def _read(line: _Line, calls: Sequence[tuple[Actor, Asked]]) -> list[bytes | Exception]:
    """The pages that a key asks for at once, as JSON."""
    tenant_id, _, kind = line
    reader = calls[0][0]
    refused = too_many([actor for actor, _ in calls])
    with tenant_session(tenant_id, reader=reader) as session:
        if gone(session, [reader]):
            return [Unauthenticated(NO_KEY) for _ in calls]
        wanted = [asked for (_, asked), one in zip(calls, refused, strict=True) if one is None]
        pages = crm.list_pages(session, kind, wanted)
        bodies = iter(pages_given(session, kind, [one for one in pages if not isinstance(one, Exception)]))
    found = iter([one if isinstance(one, Exception) else next(bodies) for one in pages])
    return [next(found) if one is None else one for one in refused]


_PAGES: Gathering[_Line, tuple[Actor, Asked], bytes] = Gathering(_read, most=16)

DIRECT = {("GET", f"/api/v1/{kind.value}"): _endpoint(kind) for kind in LISTS}
"""Endpoints that are called directly, by method and path."""
