"""Signing in and out over HTTP, because only HTTP can set an HttpOnly cookie.

Every route is a POST with a JSON body and checks where it was sent from. It answers `{"ok": true, "next": PATH}` or a
problem with `errors`, and sets or clears the session's cookie.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.types import Message

from salescompass import identity
from salescompass.api.bodies import parse, read_body
from salescompass.identity import SignedIn, client_ip
from salescompass.kit.errors import Denied, FieldError, SalesCompassError
from salescompass.kit.settings import settings

log = logging.getLogger(__name__)

LARGEST_FORM = 64 * 1024
HOME, SIGN_IN = "/today", "/sign-in"
_SESSION_SECONDS = 30 * 24 * 3600
_DEVICE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie


async def same_origin(request: Request) -> None:
    """Refuse what another site's page sent. Programs send neither header and have no cookies of a victim."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if (site is not None and site not in ("same-origin", "none")) or (
        origin is not None and not _is_ours(origin, request.headers.get("host", ""))
    ):
        raise Denied("This request came from another site's page")


def _is_ours(origin: str, host: str) -> bool:
    sent, public = urlsplit(origin.lower()), urlsplit(settings().base_url.lower())
    return (sent.scheme, sent.netloc) == (public.scheme, public.netloc) or (
        sent.scheme in ("http", "https") and sent.netloc != "" and sent.netloc == host.lower()
    )


async def from_where(request: Request) -> str:
    """The client's address, also for the audit trail of whatever this request does."""
    peer = request.client.host if request.client else ""
    address = identity.client_address(peer, request.headers.get("x-forwarded-for"), settings().trusted_proxies)
    client_ip.set(address)
    return address


ClientIp = Annotated[str, Depends(from_where)]


class FormRoute(APIRoute):
    """A route that a form posts to.

    Nobody needs to be signed in, so little is read: a body is small. A field that is wrong is named as a pointer into
    the body that was sent.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with `field` turned into `pointer`."""
        handler = super().get_route_handler()

        async def pointing(request: Request) -> Response:
            body = await read_body(request, LARGEST_FORM)
            if body and "json" in request.headers.get("content-type", "json").lower():
                parse(body)  # refuses what is nested too deep, in the words of every other route

            async def again() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            try:
                return await handler(Request(request.scope, again))
            except SalesCompassError as error:
                error.errors = tuple(
                    FieldError(one.message, pointer=one.pointer or f"/{one.field}") for one in error.errors
                )
                raise

        return pointing


router = APIRouter(
    prefix="/auth", tags=["auth"], route_class=FormRoute, dependencies=[Depends(same_origin), Depends(from_where)]
)

Text = Annotated[str, Field(max_length=1024)]


class SignInForm(BaseModel):
    """Address and password; `next` is the page somebody was on their way to."""

    email: Text
    password: Text
    next: Text = ""


class InvitationForm(BaseModel):
    """The link's token, one's name as colleagues see it, and a password."""

    token: Text
    name: Text
    password: Text


class ResetRequestForm(BaseModel):
    """Whose password is to be reset."""

    email: Text


class ResetForm(BaseModel):
    """The link's token and the new password."""

    token: Text
    password: Text


class SwitchForm(BaseModel):
    """The tenant to go to."""

    tenant_id: UUID


@router.post("/sign-in")
def sign_in(form: SignInForm, request: Request, response: Response, ip: ClientIp) -> dict[str, Any]:
    """Begin a session. One that this browser had ends."""
    signed_in = identity.sign_in(
        email=form.email,
        password=form.password,
        ip=ip,
        user_agent=request.headers.get("user-agent", ""),
        device=request.cookies.get(identity.device_cookie()),
    )
    identity.sign_out(request.cookies.get(identity.session_cookie()))
    _set_cookies(response, signed_in)
    return {"ok": True, "next": _own_path(form.next)}


@router.post("/sign-out")
def sign_out(request: Request, response: Response) -> dict[str, Any]:
    """End the session, on the server too."""
    identity.sign_out(request.cookies.get(identity.session_cookie()))
    response.delete_cookie(
        identity.session_cookie(), path="/", secure=identity.secure_cookies(), httponly=True, samesite="lax"
    )
    response.headers["clear-site-data"] = '"cache"'
    return {"ok": True, "next": SIGN_IN}


@router.post("/invitation")
def accept_invitation(form: InvitationForm, request: Request, response: Response, ip: ClientIp) -> dict[str, Any]:
    """Join a tenant by the link of a letter, and begin a session."""
    signed_in = identity.accept_invitation(
        form.token,
        name=form.name,
        password=form.password,
        ip=ip,
        user_agent=request.headers.get("user-agent", ""),
        device=request.cookies.get(identity.device_cookie()),
    )
    identity.sign_out(request.cookies.get(identity.session_cookie()))
    _set_cookies(response, signed_in)
    return {"ok": True, "next": HOME}


@router.post("/reset-request")
def request_reset(form: ResetRequestForm, tasks: BackgroundTasks, ip: ClientIp) -> dict[str, Any]:
    """Ask for a link. The answer, and its time, are the same whether or not there is an account."""
    tasks.add_task(_send_reset, identity.ask_for_reset(form.email, ip))
    return {"ok": True}


@router.post("/reset")
def reset_password(form: ResetForm, request: Request, response: Response) -> dict[str, Any]:
    """Set a new password by a link. Every session ends; signing in comes next."""
    device = identity.reset_password(form.token, form.password, device=request.cookies.get(identity.device_cookie()))
    _set(response, identity.device_cookie(), device, _DEVICE_SECONDS)
    return {"ok": True, "next": SIGN_IN}


@router.post("/switch-tenant")
def switch_tenant(form: SwitchForm, request: Request, response: Response) -> dict[str, Any]:
    """Go to another tenant one belongs to. The session in the old one ends."""
    signed_in = identity.switch_tenant(request.cookies.get(identity.session_cookie()), form.tenant_id)
    _set_cookies(response, signed_in)
    return {"ok": True, "next": HOME}


@router.post("/refresh")
def refresh(request: Request, response: Response) -> dict[str, Any]:
    """Give a day-old session a new token; pages call it once when they load."""
    fresh = identity.rotate(request.cookies.get(identity.session_cookie()))
    if fresh:
        _set(response, identity.session_cookie(), fresh, _SESSION_SECONDS)
    return {"ok": True}


def _send_reset(norm: str) -> None:
    try:
        identity.send_reset(norm)
    except Exception:
        # The answer has gone out already; the person asks again when no letter comes.
        log.exception("a reset letter could not be queued")


def _set_cookies(response: Response, signed_in: SignedIn) -> None:
    _set(response, identity.session_cookie(), signed_in.token, _SESSION_SECONDS)
    if signed_in.device_token:
        _set(response, identity.device_cookie(), signed_in.device_token, _DEVICE_SECONDS)


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=identity.secure_cookies(),
        httponly=True,
        samesite="lax",
    )


def _own_path(path: str) -> str:
    """The path, if it is one of ours: never another site's address in disguise."""
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and len(path) <= 500
    return path if ours and path.isprintable() else HOME
