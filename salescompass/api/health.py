"""For whoever watches the servers: is the process alive, can it serve, and its numbers."""

from __future__ import annotations

import hmac
import ipaddress
from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlmodel import SQLModel

from salescompass import models
from salescompass.kit import wire
from salescompass.kit.database import app_engine
from salescompass.kit.errors import Denied, SalesCompassError
from salescompass.kit.metrics import metrics_text
from salescompass.kit.settings import settings

router = APIRouter(include_in_schema=False)


@router.get("/health/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/health/ready")
def ready() -> JSONResponse:
    """The process can serve: the database is there and fits this code. Without Redis it serves, degraded."""
    checks = {"database": "ok", "schema": "ok", "redis": "ok"}
    try:
        missing = _missing_columns()
        checks["schema"] = "ok" if not missing else f"missing {', '.join(sorted(missing)[:3])}"
    except Exception as error:
        checks["database"], checks["schema"] = f"away ({type(error).__name__})", "unknown"
    try:
        wire.wire().ping()
    except (RedisError, SalesCompassError, OSError):
        checks["redis"] = "away"
    serves = checks["database"] == "ok" and checks["schema"] == "ok"
    status = "unavailable" if not serves else "ok" if checks["redis"] == "ok" else "degraded"
    return JSONResponse({"status": status, "checks": checks}, status_code=200 if serves else 503)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Numbers for Prometheus: on this machine, or with the token."""
    if not _may_read_metrics(request):
        raise Denied("Metrics are for this machine, or whoever has the token")
    body, kind = metrics_text()
    return Response(body, headers={"Content-Type": kind})


def _may_read_metrics(request: Request) -> bool:
    token = settings().metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    # A proxy on this machine speaks for somebody else.
    forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    return not forwarded and request.client is not None and _is_loopback(request.client.host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def _wanted_columns() -> frozenset[str]:
    tables = SQLModel.metadata.tables
    known = {model.__tablename__ for model in vars(models).values() if hasattr(model, "__table__")}
    return frozenset(
        f"{name}.{column.name}" for name, table in tables.items() if name in known for column in table.columns
    )


def _missing_columns() -> set[str]:
    """Columns this code uses and the database lacks. Read from the catalog, which needs no rights on the tables."""
    with app_engine().connect() as connection:
        there: Any = connection.execute(
            text(
                "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                "JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
                "AND a.attnum > 0 AND NOT a.attisdropped"
            )
        ).scalars()
        return set(_wanted_columns()) - set(there)
