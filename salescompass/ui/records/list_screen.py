"""What every part of a list's state shares: which list it is, what its address asks for, and addresses of it."""

from __future__ import annotations

from typing import ClassVar

from salescompass.ui.records.kinds import CONTACTS, ListKind
from salescompass.ui.records.narrowing import Lens
from salescompass.ui.session import Screen


class ListScreen(Screen, mixin=True):
    """A list and its address."""

    _of: ClassVar[ListKind] = CONTACTS
    _lens: Lens = Lens()

    def _asked(self) -> Lens:
        """What the address asks for now."""
        return Lens.of(self.router.url.query_parameters, self._of)

    def _href(self, **changes: str) -> str:
        return self._lens.address(self._of, **changes)
