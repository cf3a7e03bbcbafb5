"""All screens. A new one is a line here; importing its module makes it known to the shell."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import shell
from salescompass.ui.action import page as _action
from salescompass.ui.action_numbers import page as _numbers
from salescompass.ui.actions import page as _actions
from salescompass.ui.admin_assignment import page as _assignment
from salescompass.ui.admin_audit import page as _audit
from salescompass.ui.admin_company import page as _company
from salescompass.ui.admin_fields import page as _fields
from salescompass.ui.admin_flags import page as _flags
from salescompass.ui.admin_health import page as _health
from salescompass.ui.admin_imports import page as _imports
from salescompass.ui.admin_keys import page as _keys
from salescompass.ui.admin_pipelines import page as _pipelines
from salescompass.ui.admin_products import page as _products
from salescompass.ui.admin_rules import page as _rules
from salescompass.ui.admin_scoring import page as _scoring
from salescompass.ui.admin_teams import page as _teams
from salescompass.ui.admin_templates import page as _templates
from salescompass.ui.admin_types import page as _types
from salescompass.ui.admin_users import page as _users
from salescompass.ui.deal import page as _deal
from salescompass.ui.exports import page as _exports
from salescompass.ui.feed import page as _feed
from salescompass.ui.inbox import page as _inbox
from salescompass.ui.invitation import page as _invitation
from salescompass.ui.lost import page as _lost
from salescompass.ui.profile import page as _profile
from salescompass.ui.record import page as _record
from salescompass.ui.records import page as _records
from salescompass.ui.reset import page as _reset
from salescompass.ui.sign_in import page as _sign_in
from salescompass.ui.today import page as _today
from salescompass.ui.trash import page as _trash

MODULES = (
    _sign_in, _invitation, _reset, _today, _actions, _numbers, _action, _feed, _records, _deal, _record, _exports,
    _inbox, _trash, _profile, _company, _users, _teams, _assignment, _rules, _templates, _fields, _pipelines,
    _products, _types, _scoring, _imports, _keys, _audit, _flags, _health, _lost,
)  # fmt: skip


def add_to(app: rx.App) -> None:
    """Add every page to the application."""
    for page in shell.SCREENS:
        app.add_page(page.build, route=page.route, title=page.title, on_load=page.on_load)
