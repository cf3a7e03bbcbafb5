"""What to do next, with whom, and why."""

from salescompass.actions.advice import Advice, Advices
from salescompass.actions.bulk import BulkRow, BulkView, bulk, bulk_rows, bulk_state, undo_bulk
from salescompass.actions.bulk_work import go_on_with_bulk
from salescompass.actions.calendar import Calendar, Column, Day, board, calendar
from salescompass.actions.cards import Card
from salescompass.actions.counts import Counts, counts
from salescompass.actions.delegating import answer, delegate, hand_back, withdraw_offer
from salescompass.actions.evidence import Reacted, react
from salescompass.actions.fields import FIELDS
from salescompass.actions.from_events import assign_event, assigned_of
from salescompass.actions.history import history
from salescompass.actions.listing import list_actions
from salescompass.actions.numbers import Group, MemberRate, Rates, Stage, Times, completion_rates, completion_times
from salescompass.actions.offers import OfferView, chain, handed_over, offers_to_me
from salescompass.actions.planning import suggested
from salescompass.actions.proposing import create, propose_many
from salescompass.actions.ranks import rank, rerank
from salescompass.actions.rates import Share
from salescompass.actions.shapes import Act, ActionView, Moved, MoveView, NewAction, NextStep, Proposed
from salescompass.actions.shipped_templates import install_templates
from salescompass.actions.sweeping import Swept, expire_and_wake, recheck
from salescompass.actions.takers import Taker, takers
from salescompass.actions.template_records import Subject, subjects
from salescompass.actions.template_texts import (
    EXAMPLES,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    VARIABLES,
    Variable,
    check_text,
    render,
    wrong,
)
from salescompass.actions.templates import (
    TemplateFields,
    TemplateVersionView,
    TemplateView,
    fill_template,
    live_template,
    restore_template,
    retire_template,
    save_template,
    template,
    template_versions,
    templates,
)
from salescompass.actions.today import Today, today, why_here
from salescompass.actions.triage import Stale, stale
from salescompass.actions.undoing import undo
from salescompass.actions.verbs import accept, assign, comment, complete, dismiss, edit, snooze, start
from salescompass.actions.views import get, get_many
from salescompass.actions.worklist import Query, Sorts, Views, worklist

__all__ = [
    "EXAMPLES",
    "FIELDS",
    "LONGEST_REASON",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "VARIABLES",
    "Act",
    "ActionView",
    "Advice",
    "Advices",
    "BulkRow",
    "BulkView",
    "Calendar",
    "Card",
    "Column",
    "Counts",
    "Day",
    "Group",
    "MemberRate",
    "MoveView",
    "Moved",
    "NewAction",
    "NextStep",
    "OfferView",
    "Proposed",
    "Query",
    "Rates",
    "Reacted",
    "Share",
    "Sorts",
    "Stage",
    "Stale",
    "Subject",
    "Swept",
    "Taker",
    "TemplateFields",
    "TemplateVersionView",
    "TemplateView",
    "Times",
    "Today",
    "Variable",
    "Views",
    "accept",
    "answer",
    "assign",
    "assign_event",
    "assigned_of",
    "board",
    "bulk",
    "bulk_rows",
    "bulk_state",
    "calendar",
    "chain",
    "check_text",
    "comment",
    "complete",
    "completion_rates",
    "completion_times",
    "counts",
    "create",
    "delegate",
    "dismiss",
    "edit",
    "expire_and_wake",
    "fill_template",
    "get",
    "get_many",
    "go_on_with_bulk",
    "hand_back",
    "handed_over",
    "history",
    "install_templates",
    "list_actions",
    "live_template",
    "offers_to_me",
    "propose_many",
    "rank",
    "react",
    "recheck",
    "render",
    "rerank",
    "restore_template",
    "retire_template",
    "save_template",
    "snooze",
    "stale",
    "start",
    "subjects",
    "suggested",
    "takers",
    "template",
    "template_versions",
    "templates",
    "today",
    "undo",
    "undo_bulk",
    "why_here",
    "withdraw_offer",
    "worklist",
    "wrong",
]
