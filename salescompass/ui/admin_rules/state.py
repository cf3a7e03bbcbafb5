"""What the page of rules knows and does; the address names the rule that is looked at."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import conditions, identity, rules
from salescompass.catalogue import catalogue
from salescompass.conditions import Cancel, TooSlow
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Invalid, NotFound
from salescompass.kit.ids import parse_id
from salescompass.rules import RuleView
from salescompass.ui import routes
from salescompass.ui.admin_rules.forms import LONGEST_TREE, NewForm, RuleForm, beginning, definition_of
from salescompass.ui.admin_rules.looks import (
    RuleLook,
    RuleRow,
    RulesLook,
    RunLook,
    TrialLook,
    VersionLook,
    rules_look,
    trial_look,
)
from salescompass.ui.arguments import Id, Number, Text
from salescompass.ui.clock_words import zone_of
from salescompass.ui.condition_choices import Counts, read_json
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen

_MANAGE = "rules.manage"
_MOST = 10_000
Row = Annotated[int, Number(0, 10**9)]
_counts = Counts()


def begun(session: Session, actor: Actor, *, form: NewForm) -> RuleView:
    """A new rule, as a draft."""
    return rules.create_rule(session, actor, name=form["name"], definition=beginning(form))


def saved(session: Session, actor: Actor, *, form: RuleForm) -> RuleView:
    """The draft of a rule, as the form says."""
    before = rules.rule(session, rule_id=UUID(form["rule"]))
    definition = definition_of(form, before.draft or before.definition)
    return rules.save_draft(
        session, actor, rule_id=before.id, row_version=form["version"], definition=definition, name=form["name"],
        about=form["about"],
    )  # fmt: skip


def tried(session: Session, actor: Actor, *, rule_id: UUID) -> TrialLook:
    """What the rule as it is written would have done in the last 90 days."""
    one = rules.rule(session, rule_id=rule_id)
    definition = one.draft or one.definition
    found = rules.dry_run(session, actor, definition=definition)
    people = {member.id: member.name for member in identity.members(session)}
    return trial_look(found, zone_of(actor.zone), subject=definition["subject"], people=people)


def counted(session: Session, actor: Actor, *, subject: str, text: str, cancel: Cancel) -> str:
    """How many records conditions hold for now. Raises Invalid, or TooSlow when it is ended."""
    known = catalogue(session)
    tree = conditions.parse(read_json(text, LONGEST_TREE), known, object=subject)
    found = conditions.count(
        session, tree, catalogue=known, now=clock.now(), me=actor.member_id, cancel=cancel, most=_MOST + 1
    )
    return f"More than {_MOST:,}" if found > _MOST else f"{found:,}"


class RulesState(Screen, rx.State):
    """Rules, and the one that is looked at."""

    rows: list[RuleRow] = []
    one: RuleLook = RuleLook()
    runs: list[RunLook] = []
    versions: list[VersionLook] = []
    trial: TrialLook = TrialLook()
    trying: bool = False
    offered: dict[str, Any] = {}
    counted: dict[str, str] = {}
    missing: bool = False
    loaded: bool = False

    @guarded(_MANAGE, track=False)
    async def load(self) -> None:
        """All rules, and the one that the address names."""
        if str(self._rule_id or "") != self.one.id:
            self.trial = TrialLook()
        await self._read()

    @guarded(_MANAGE, form="new-rule")
    async def begin(self, form: NewForm) -> Any:
        """Begin a rule."""
        made, answer = await form_outcome("new-rule", self._do(_MANAGE, begun, form=form))
        return answer if made is None else [answer, rx.redirect(routes.rules(rule=str(made.id), dialog="edit"))]

    @guarded(_MANAGE, form="rule")
    async def save(self, form: RuleForm) -> Any:
        """Write the draft."""
        made, answer = await form_outcome("rule", self._do(_MANAGE, saved, form=form))
        yield answer  # before the form begins anew with what was kept
        if made is not None:
            self.trial = TrialLook()
            await self._read()

    @guarded(_MANAGE)
    async def try_out(self, rule: Id) -> Any:
        """See what it would have done in the last 90 days."""
        self.trying = True
        yield
        try:
            self.trial = await self._do(_MANAGE, tried, rule_id=UUID(rule))
        finally:
            self.trying = False

    @guarded(_MANAGE)
    async def publish(self, rule: Id, row: Row) -> Any:
        """Put the draft in force."""
        return await self._changed(rules.publish_rule, rule, row, "The rule is in force")

    @guarded(_MANAGE)
    async def pause(self, rule: Id, row: Row) -> Any:
        """Let it rest."""
        return await self._changed(rules.pause_rule, rule, row, "The rule is paused")

    @guarded(_MANAGE)
    async def resume(self, rule: Id, row: Row) -> Any:
        """Put it in force again."""
        return await self._changed(rules.resume_rule, rule, row, "The rule is in force again")

    @guarded(_MANAGE)
    async def discard(self, rule: Id, row: Row) -> Any:
        """Throw the draft away; a rule that was never in force goes with it."""
        left = await self._do(_MANAGE, rules.discard_draft, rule_id=UUID(rule), row_version=row)
        self.trial = TrialLook()
        if left is None:
            return [rx.redirect(routes.RULES, replace=True), done("The rule is gone")]
        await self._read()
        return done("The draft is thrown away")

    @guarded(_MANAGE)
    async def roll_back(self, rule: Id, row: Row, version: Annotated[int, Number(1, 10**6)]) -> Any:
        """Put an earlier version in force again."""
        words = f"Version {version} is in force again"
        return await self._changed(rules.roll_back_rule, rule, row, words, version=version)

    @guarded(_MANAGE, background=True, track=False)
    async def measure(self, tree: Annotated[str, Text(LONGEST_TREE)]) -> None:
        """Count what conditions hold for; the count of this tab before it is ended."""
        token = self.router.session.client_token
        count = _counts.begin(token)
        try:
            words = await self._do(_MANAGE, counted, subject=self.one.subject or "account", text=tree, cancel=count)
            counts = "1"
        except TooSlow:
            words, counts = "Counting takes long; it can be saved all the same.", ""
        except Invalid as error:
            words, counts = error.message, ""
        finally:
            newest = _counts.end(token, count)
        if newest:
            async with self:
                self.counted = {"tree": tree, "words": words, "counts": counts}

    @property
    def _rule_id(self) -> UUID | None:
        return parse_id(str(self.router.url.query_parameters.get("rule", ""))[:36])

    async def _changed(self, verb: Any, rule: str, row: int, words: str, **more: Any) -> Any:
        await self._do(_MANAGE, verb, rule_id=UUID(rule), row_version=row, **more)
        await self._read()
        return done(words)

    async def _read(self) -> None:
        try:
            found: RulesLook = await self._do(_MANAGE, rules_look, rule_id=self._rule_id, editing=True)
            self.missing = False
        except NotFound:
            found = await self._do(_MANAGE, rules_look, rule_id=None, editing=False)
            self.missing = True
        self.rows, self.one, self.runs, self.versions = found.rows, found.one, found.runs, found.versions
        self.offered, self.loaded = found.offered, True
