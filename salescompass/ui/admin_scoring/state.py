"""What the page of scoring knows and does: a draft, its effect, and what was published."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx

from salescompass import crm, scoring
from salescompass.kit.errors import Conflict, NotFound
from salescompass.kit.ids import parse_id
from salescompass.ui import routes
from salescompass.ui.admin_scoring import acts
from salescompass.ui.admin_scoring.acts import ScoringLook
from salescompass.ui.admin_scoring.content import (
    NumbersForm,
    RuleForm,
    tried_earlier,
    with_numbers,
    with_rule,
    without_rule,
)
from salescompass.ui.admin_scoring.rows import PreviewLook, RuleRow
from salescompass.ui.arguments import Number, Search, Text
from salescompass.ui.arrivals import arrivals
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen
from salescompass.vocabulary import SubjectKind, Topic

_MOST_NAMED = 10
RuleKey = Annotated[str, Text(130)]
Version = Annotated[int, Number(1, 1_000_000)]


class PublishForm(TypedDict):
    """Why it is published."""

    note: Annotated[str, Text(500)]


class ScoringState(Screen, rx.State):
    """Scoring. The address names the rule a dialog is about, the version to go back to, and accounts to look at."""

    look: ScoringLook = ScoringLook()
    picked: RuleRow = RuleRow()
    returning: int = 0
    effect: PreviewLook = PreviewLook()
    has_effect: bool = False
    computing: bool = False
    matches: list[dict[str, str]] = []
    loaded: bool = False

    @guarded("scoring.manage", track=False)
    async def load(self) -> Any:
        """Read the configuration; with a draft, its effect follows."""
        await self._read()
        return ScoringState.show_effect

    @guarded("scoring.manage", background=True, track=False)
    async def show_effect(self) -> None:
        """Compute what the draft would do: nothing is written."""
        if not self.look.drafting:
            return
        async with self:
            self.computing = True
        try:
            found = await self._do("scoring.manage", acts.preview_draft, accounts=self._named())
        except NotFound:
            found = None
        async with self:
            self.computing, self.has_effect = False, found is not None
            self.effect = found or PreviewLook()

    @guarded("scoring.manage", background=True, track=False)
    async def listen(self) -> None:
        """While a version is being published, notice that it is live."""
        async for _ in arrivals(self._notes(Topic.SCORES)):
            if self.look.publishing:
                async with self:
                    await self._read()

    @guarded("scoring.manage")
    async def start(self) -> Any:
        """Begin a draft as a copy of what is live; one that somebody else has begun is shown."""
        with suppress(Conflict):
            await self._do("scoring.manage", scoring.start_draft)
        await self._read()
        return ScoringState.show_effect

    @guarded("scoring.manage")
    async def discard(self) -> Any:
        """Throw the draft away."""
        await self._do("scoring.manage", scoring.discard_draft)
        self.has_effect, self.effect = False, PreviewLook()
        await self._read()
        return done("The draft is gone; nothing changed")

    @guarded("scoring.manage")
    async def save_numbers(self, form: NumbersForm) -> Any:
        """Write groups and bands to the draft."""
        doing = self._do(
            "scoring.manage", acts.change_draft, change=partial(with_numbers, form=form), note=form["note"]
        )
        return await self._after("numbers", doing, "The draft is saved")

    @guarded("scoring.manage")
    async def save_rule(self, form: RuleForm) -> Any:
        """Write a rule to the draft."""
        doing = self._do("scoring.manage", acts.change_draft, change=partial(with_rule, form=form))
        return await self._after("rule", doing, "The rule is in the draft")

    @guarded("scoring.manage")
    async def drop_rule(self, key: RuleKey) -> Any:
        """Take a rule out of the draft."""
        await self._do("scoring.manage", acts.change_draft, change=partial(without_rule, key=key))
        await self._read()
        return [
            rx.redirect(routes.SCORING, replace=True),
            ScoringState.show_effect,
            done("The rule is out of the draft"),
        ]

    @guarded("scoring.manage")
    async def try_earlier(self, key: RuleKey) -> Any:
        """Have a rule tried before the one above it."""
        await self._do("scoring.manage", acts.change_draft, change=partial(tried_earlier, key=key))
        await self._read()
        return ScoringState.show_effect

    @guarded("scoring.manage")
    async def publish(self, form: PublishForm) -> Any:
        """Make the draft live, and score everybody by it."""
        doing = self._do("scoring.manage", acts.publish_draft, note=form["note"])
        published, answer = await form_outcome("publish", doing)
        if published is None:
            return answer
        self.has_effect, self.effect = False, PreviewLook()
        await self._read()
        return [answer, done(_said(self.look))]

    @guarded("scoring.manage")
    async def roll_back(self, version: Version) -> Any:
        """Publish an earlier version again."""
        await self._do("scoring.manage", scoring.roll_back, version=version)
        await self._read()
        return [rx.redirect(routes.SCORING, replace=True), done(_said(self.look))]

    @guarded("scoring.manage", track=False)
    async def find(self, text: Search) -> None:
        """Accounts whose name begins so, each with the address that adds it to those looked at."""
        found = await self._do("scoring.manage", crm.find, text)
        named = [str(one) for one in self._named()]
        self.matches = [
            {
                "name": one.name,
                "detail": one.detail,
                "href": routes.scoring(accounts=",".join([*named, str(one.id)][-_MOST_NAMED:])),
            }
            for one in found
            if one.kind is SubjectKind.ACCOUNT
        ]

    def _named(self) -> list[UUID]:
        """The accounts that the address names."""
        given = str(self.router.url.query_parameters.get("accounts", ""))[:600].split(",")
        return [found for text in given[:_MOST_NAMED] if (found := parse_id(text)) is not None]

    async def _after(self, form: str, doing: Any, text: str) -> Any:
        result, answer = await form_outcome(form, doing)
        if result is None:
            return answer
        await self._read()
        return [answer, rx.redirect(routes.SCORING, replace=True), ScoringState.show_effect, done(text)]

    async def _read(self) -> None:
        self.look = await self._do("scoring.manage", acts.scoring_look)
        query = self.router.url.query_parameters
        rule, type_key = str(query.get("rule", "")), str(query.get("type", ""))
        empty = RuleRow(type=type_key[:63], group=self.look.groups[min(1, len(self.look.groups) - 1)].key)
        self.picked = next((row for row in self.look.rules if row.key == rule), empty)
        version = str(query.get("version", ""))
        self.returning = int(version) if version.isascii() and version.isdigit() and len(version) < 7 else 0
        self.loaded = True


def _said(look: ScoringLook) -> str:
    if look.publishing:
        return "The version is being published; it is live in a moment"
    return f"Version {look.live} is live, and everybody is scored by it"
