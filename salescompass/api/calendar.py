"""A member's actions for calendar programs: the address is the secret, so nothing else is asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from salescompass import together
from salescompass.api.auth import ClientIp
from salescompass.kit.database import tenant_session
from salescompass.kit.rate_limit import Limit, enforce

READS = Limit("calendar", times=60, seconds=3600)
"""Of one address: programs ask a few times an hour."""
TRIES = Limit("calendar tries", times=600, seconds=3600)
"""From one network, whatever it asks for."""
_HEADERS = {
    "cache-control": "private, max-age=300",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}

router = APIRouter(include_in_schema=False)


@router.get("/calendar/{token}.ics")
def calendar(token: Annotated[str, Path(max_length=100)], ip: ClientIp) -> Response:
    """The open actions with a day of whoever made this address."""
    enforce(TRIES, ip)
    tenant_id = together.tenant_of_calendar(token)
    enforce(READS, token)
    with tenant_session(tenant_id) as session:
        content = together.read_calendar(session, token=token)
    return Response(content.encode(), media_type="text/calendar; charset=utf-8", headers=_HEADERS)
