"""What conditions can look at in actions: how many are open, when the next is due, when the last one was done.

Every action counts that names the record, asleep or not, whosever it is: "no next step" is none open at all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from salescompass.actions.views import ACTION
from salescompass.conditions import Beside, Field, Kind
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionState

_COLUMNS = {"account": "account_id", "person": "person_id", "opportunity": "opportunity_id"}
_OPEN = ACTION.c.state.in_(OPEN_ACTION_STATES)
_DONE = ACTION.c.state == ActionState.DONE


def _beside(column: Any, value: Any, which: Any, absent: Any = None) -> Beside:
    rows = select(column.label("id"), value.label("value")).where(column.is_not(None), which).group_by(column)
    return Beside(lambda _: rows, absent=absent)


def _fields(column: Any) -> tuple[Field, ...]:
    next_due, last_done = func.min(ACTION.c.due_to), func.max(ACTION.c.closed_at)
    return (
        Field("open_actions", "Open actions", Kind.NUMBER, _beside(column, func.count(), _OPEN, 0), whole=True),
        Field("next_action_due", "Next action due", Kind.MOMENT, _beside(column, next_due, _OPEN)),
        Field("last_action_done_at", "Last action done", Kind.MOMENT, _beside(column, last_done, _DONE)),
    )


FIELDS: dict[str, tuple[Field, ...]] = {kind: _fields(ACTION.c[column]) for kind, column in _COLUMNS.items()}
