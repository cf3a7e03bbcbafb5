"""A page with a counter, and one that shows what is posted: what Reflex costs by itself."""

import os

import redis.asyncio
import reflex as rx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

CHANNEL = "blank"


class State(rx.State):
    """One number."""

    count: int = 0

    @rx.event
    def add(self) -> None:
        """One more."""
        self.count += 1


class Live(rx.State):
    """The number that was posted last."""

    posted: str = ""

    @rx.event(background=True)
    async def listen(self) -> None:
        """Show what comes over Redis, as long as the page is open."""
        async with _redis().pubsub() as heard:
            await heard.subscribe(CHANNEL)
            async for message in heard.listen():
                if message["type"] == "message":
                    async with self:
                        self.posted = message["data"].decode()


def _redis() -> redis.asyncio.Redis:
    return redis.asyncio.Redis.from_url(os.environ["BLANK_REDIS"])


async def post(request: Request) -> Response:
    """Send a number to the pages that are open."""
    await _redis().publish(CHANNEL, await request.body())
    return PlainTextResponse("sent", status_code=201)


def index() -> rx.Component:
    """The counter."""
    return rx.container(rx.heading(State.count), rx.button("Add", on_click=State.add))


def live() -> rx.Component:
    """What was posted."""
    return rx.container(rx.heading(Live.posted))


app = rx.App(api_transformer=Starlette(routes=[Route("/post", post, methods=["POST"])]))
app.add_page(index)
app.add_page(live, route="/live", on_load=Live.listen)
