"""What to do next, with whom, and why."""

from salescompass.actions.delegating import answer, delegate, hand_back, withdraw_offer
from salescompass.actions.history import history
from salescompass.actions.offers import OfferView, chain, handed_over, offers_to_me
from salescompass.actions.planning import suggested
from salescompass.actions.proposing import create, propose_many
from salescompass.actions.shapes import Act, ActionView, Moved, MoveView, NewAction, NextStep, Proposed
from salescompass.actions.undoing import undo
from salescompass.actions.verbs import accept, assign, comment, complete, dismiss, edit, snooze, start
from salescompass.actions.views import get, get_many

__all__ = [
    "Act",
    "ActionView",
    "MoveView",
    "Moved",
    "NewAction",
    "NextStep",
    "OfferView",
    "Proposed",
    "accept",
    "answer",
    "assign",
    "chain",
    "comment",
    "complete",
    "create",
    "delegate",
    "dismiss",
    "edit",
    "get",
    "get_many",
    "hand_back",
    "handed_over",
    "history",
    "offers_to_me",
    "propose_many",
    "snooze",
    "start",
    "suggested",
    "undo",
    "withdraw_offer",
]
