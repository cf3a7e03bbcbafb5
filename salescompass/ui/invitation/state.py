"""What the page of an invitation says: to which company, and under which address."""

from __future__ import annotations

import reflex as rx

from salescompass import identity
from salescompass.kit.errors import SalesCompassError
from salescompass.ui.guard import public
from salescompass.ui.session import Screen
from salescompass.ui.threads import in_thread

_LONGEST = 200


class InvitationState(Screen, rx.State):
    """The invitation behind the link: whoever holds the link is the one invited."""

    company: str = ""
    email: str = ""
    name: str = ""
    known: bool = False
    problem: str = ""

    @public
    async def load(self) -> None:
        """Read the invitation that the address names; it stays good."""
        token = str(self.router.url.query_parameters.get("token", ""))
        if not token:
            return
        try:
            found = await in_thread(lambda: identity.invitation(token[:_LONGEST]))
        except SalesCompassError as refused:
            self.reset()
            self.problem = refused.message
            return
        self.company, self.email = found.tenant_name, found.email
        self.name, self.known, self.problem = found.name, found.has_password, ""
