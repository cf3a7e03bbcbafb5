"""What the running product tells about itself: logs with a request id, errors, numbers.

Nothing said here holds personal data: texts pass through `scrub` on their way out.
"""

import asyncio
import hashlib
import logging
import sys
import traceback
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from uuid import UUID

import structlog

from salescompass.kit.ids import new_id
from salescompass.kit.scrub import scrub, scrub_all
from salescompass.kit.settings import settings

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request, socket event or job that is being worked on; in every line of the log."""

log = logging.getLogger(__name__)


def configure_logging(json: bool = True) -> None:
    """Send all logging to stderr: one JSON object a line, or plain lines for commands."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        _scrubbed,
    ]
    last = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _scrubbed,
            last,
        ],
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(formatter)
    level = settings().log_level.upper() if json else "WARNING"
    logging.basicConfig(handlers=[stream], level=level, force=True)
    for noisy in ("alembic", "httpx", "rq.worker", "watchfiles"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _add_request_id(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if request_id.get():
        event.setdefault("request_id", request_id.get())
    return event


def _scrubbed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        key: scrub_all(value) if key not in ("timestamp", "request_id") and not key.startswith("_") else value
        for key, value in event.items()
    }


def init_sentry() -> bool:
    """Report errors where SALESCOMPASS_SENTRY_DSN says, without personal data. False when it says nothing."""
    dsn = settings().sentry_dsn
    if not dsn:
        return False
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=release(),
        # Local variables would hold rows, forms and passwords.
        include_local_variables=False,
        include_source_context=True,
        max_request_body_size="never",
        server_name="salescompass",
        before_send=lambda event, _hint: without_personal_data(event),
        before_breadcrumb=lambda crumb, _hint: scrub_all(crumb),
        traces_sample_rate=0.0,
    )
    return True


def without_personal_data(event: Any) -> Any:
    """A report for Sentry with nothing in it that names a person: ids stay, texts are scrubbed."""
    event.pop("extra", None)
    event["user"] = {"id": (event.get("user") or {}).get("id")}
    request = event.pop("request", None) or {}
    event["request"] = {"method": request.get("method"), "url": str(request.get("url", "")).split("?", 1)[0]}
    event.setdefault("tags", {})["request_id"] = request_id.get()
    for part in ("message", "logentry", "exception", "breadcrumbs"):
        if part in event:
            event[part] = scrub_all(event[part])
    return event


@cache
def release() -> str:
    """The version that runs."""
    try:
        return version("salescompass")
    except PackageNotFoundError:
        from salescompass import __version__

        return __version__


def record_error(error: BaseException, *, where: str, tenant_id: UUID | None = None) -> str:
    """Keep an unexpected error: in the log, on the tenant's error page, in Sentry. Returns a reference to quote."""
    reference = request_id.get() or str(new_id())
    if settings().sentry_dsn:
        # Before the log line: Sentry hears that too, and keeps the first of two reports.
        _report(error, where, tenant_id)
    log.error("unexpected error in %s", where, exc_info=error, extra={"reference": reference})
    if tenant_id is not None:
        row = _row_of(error, where, reference)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            _keep(tenant_id, row)
        else:
            # Writing it must not hold up the loop that serves everybody.
            _writer().submit(_keep, tenant_id, row)
    return reference


def _report(error: BaseException, where: str, tenant_id: UUID | None) -> None:
    import sentry_sdk

    with sentry_sdk.new_scope() as scope:
        scope.set_tag("where", where)
        if tenant_id is not None:
            # Enough to see that one tenant has the trouble, not enough to see which.
            scope.set_tag("tenant", hashlib.sha256(tenant_id.bytes).hexdigest()[:12])
        scope.capture_exception(error)


@cache
def _writer() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="errors")


def _row_of(error: BaseException, where: str, reference: str) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    # The same error at the same place is one row that counts, whatever values it speaks of.
    fingerprint = hashlib.sha256(f"{kind}|{place}|{where}".encode()).hexdigest()[:32]
    return {
        "id": new_id(),
        "fingerprint": fingerprint,
        "kind": kind,
        "message": scrub(str(error), limit=500),
        "place": f"{where} ({place.rpartition('/salescompass/')[2] or place})"[:300],
        "request_id": reference[:64],
        "release": release(),
    }


def _keep(tenant_id: UUID, row: dict[str, Any]) -> None:
    from sqlalchemy import text

    from salescompass.kit.database import tenant_session

    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    try:
        with tenant_session(tenant_id) as session:
            session.connection().execute(
                text(
                    f"INSERT INTO error_event ({names}) VALUES ({values}) "  # noqa: S608 - names are ours
                    "ON CONFLICT (tenant_id, fingerprint) DO UPDATE SET n = error_event.n + 1, last_seen = now(), "
                    "message = excluded.message, request_id = excluded.request_id, release = excluded.release"
                ),
                row,
            )
    except Exception:
        log.exception("an error could not be kept on the error page")
