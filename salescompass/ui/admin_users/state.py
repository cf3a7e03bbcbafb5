"""What the page of users and roles knows and does."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import identity, notifications
from salescompass.identity import Actor, MemberView
from salescompass.ui import routes
from salescompass.ui.admin_users.rows import RECORDS, MemberRow, RoleRow, member_row, role_row
from salescompass.ui.arguments import Email, Id, Items, Name, Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen

Key = Annotated[str, Text(60)]
Keys = Annotated[list[str], Items(50, Text(60))]


class InviteForm(TypedDict):
    """Whom to invite, and as what."""

    email: Email
    name: Name
    role: Keys


class AddressForm(TypedDict):
    """The address of a member who has none."""

    member: Id
    email: Email


class RolesForm(TypedDict):
    """A member's roles."""

    member: Id
    role: Keys


class RoleForm(TypedDict):
    """A role of the tenant's own; an empty key makes a new one."""

    key: Key
    name: Name
    permissions: Keys


class ReachForm(TypedDict):
    """How far the members of a role see, for each kind of record."""

    key: Key
    account: Literal["own", "team", "all"]
    person: Literal["own", "team", "all"]
    opportunity: Literal["own", "team", "all"]


def overview(session: Session, actor: Actor) -> tuple[list[MemberRow], list[RoleRow]]:
    """Members and roles."""
    members = [member_row(view, actor.member_id) for view in identity.members(session)]
    levels = identity.role_scopes(session)
    return members, [role_row(view, levels[view.key]) for view in identity.roles(session)]


def give_roles(session: Session, actor: Actor, *, member_id: UUID, role_keys: list[str]) -> MemberView:
    """Change a member's roles, and tell them."""
    view = identity.set_roles(session, actor, member_id=member_id, role_keys=role_keys)
    if member_id != actor.member_id:
        notifications.tell(
            session,
            [member_id],
            "roles_changed",
            subject=f"member:{member_id}",
            title="Your roles have changed",
            body=f"{actor.name} gave you: {', '.join(view.role_names)}.",
            link=routes.PROFILE,
        )
    return view


class UsersState(Screen, rx.State):
    """Users and roles. The address names the member or role that a dialog is about."""

    members: list[MemberRow] = []
    roles: list[RoleRow] = []
    picked: MemberRow = MemberRow()
    role: RoleRow = RoleRow()
    reaching: RoleRow = RoleRow()
    invited: int = 0
    loaded: bool = False

    @guarded("users.read", track=False)
    async def load(self) -> None:
        """Read members and roles, and whom the address names."""
        await self._read()

    @guarded("users.manage")
    async def invite(self, form: InviteForm) -> Any:
        """Send an invitation by email."""
        doing = self._do(
            "users.manage", identity.invite, email=form["email"], name=form["name"], role_keys=form["role"]
        )
        return await self._after("invite", doing, f"An invitation is on its way to {form['email']}")

    @guarded("users.manage", form="address")
    async def give_address(self, form: AddressForm) -> Any:
        """Give a member the address they sign in with, and send the invitation there."""
        member, email = UUID(form["member"]), form["email"]
        doing = self._do("users.manage", identity.give_address, member_id=member, email=email)
        return await self._after("address", doing, f"An invitation is on its way to {email}")

    @guarded("users.manage")
    async def resend(self, member: Id) -> Any:
        """Send the letter again, with a new link."""
        view = await self._do("users.manage", identity.resend_invitation, member_id=UUID(member))
        return done(f"A new invitation is on its way to {view.email}")

    @guarded("users.manage")
    async def withdraw(self, member: Id) -> Any:
        """Take an invitation back: its link stops working."""
        await self._do("users.manage", identity.withdraw_invitation, member_id=UUID(member))
        await self._read()
        return done("The invitation is withdrawn, its link no longer works")

    @guarded("users.manage")
    async def save_roles(self, form: RolesForm) -> Any:
        """Give a member exactly these roles."""
        doing = self._do("users.manage", give_roles, member_id=UUID(form["member"]), role_keys=form["role"])
        return await self._after("roles", doing, "The roles are changed; they hold from the next click")

    @guarded("users.manage")
    async def disable(self, member: Id) -> Any:
        """Shut a member out; their sessions end at once."""
        view = await self._do("users.manage", identity.disable_member, member_id=UUID(member))
        await self._read()
        return done(f"{view.name} can no longer sign in", undo=UsersState.enable(member))

    @guarded("users.manage")
    async def enable(self, member: Id) -> Any:
        """Let a member in again."""
        view = await self._do("users.manage", identity.enable_member, member_id=UUID(member))
        await self._read()
        return done(f"{view.name} may sign in again")

    @guarded("users.manage")
    async def save_role(self, form: RoleForm) -> Any:
        """Make or change a role."""
        doing = self._do(
            "users.manage",
            identity.save_role,
            key=form["key"] or None,
            name=form["name"],
            permissions=form["permissions"],
        )
        return await self._after("role", doing, f"The role {form['name']} is saved")

    @guarded("users.manage", form="reach")
    async def save_reach(self, form: ReachForm) -> Any:
        """Choose how far the members of a role see."""
        levels = {name: form[name] for name, _ in RECORDS}  # type: ignore[literal-required]
        doing = self._do("users.manage", identity.set_role_scope, key=form["key"], levels=levels)
        return await self._after("reach", doing, "It holds from the next click of the members who have the role")

    @guarded("users.manage")
    async def remove_role(self, key: Key) -> Any:
        """Take away a role that nobody has."""
        await self._do("users.manage", identity.delete_role, key=key)
        await self._read()
        return [rx.redirect(routes.USERS, replace=True), done("The role is gone")]

    async def _after(self, form: str, doing: Any, text: str) -> Any:
        result, answer = await form_outcome(form, doing)
        if result is None:
            return answer
        await self._read()
        return [answer, done(text)]

    async def _read(self) -> None:
        self.members, self.roles = await self._do("users.read", overview)
        wanted = self.router.url.query_parameters
        self.picked = next((one for one in self.members if one.id == wanted.get("member")), MemberRow())
        self.role = next((one for one in self.roles if one.key == wanted.get("role") and not one.builtin), RoleRow())
        self.reaching = next((one for one in self.roles if one.key == wanted.get("role")), RoleRow())
        self.invited = sum(one.status == "invited" for one in self.members)
        self.loaded = True
