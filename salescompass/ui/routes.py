"""Where things are: every link of the product is a function here, and the navigation is the table below."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

HOME = "/"
SIGN_IN = "/sign-in"
INVITATION = "/invitation"
RESET = "/reset"
TODAY = "/today"
ACTIONS = "/actions"
ACTION_NUMBERS = "/actions/numbers"
ACTION = "/actions/[record_id]"
FEED = "/feed"
ACCOUNTS = "/accounts"
ACCOUNT = "/accounts/[record_id]"
CONTACTS = "/contacts"
CONTACT = "/contacts/[record_id]"
LEADS = "/leads"
DEALS = "/opportunities"
BOARD = "/opportunities/board"
DEAL = "/opportunities/[record_id]"
TRASH = "/trash"
INBOX = "/inbox"
PROFILE = "/profile"
EXPORTS = "/exports"
COMPANY = "/admin/company"
USERS = "/admin/users"
TEAMS = "/admin/teams"
ASSIGNMENT = "/admin/assignment"
FIELDS = "/admin/fields"
PIPELINES = "/admin/pipelines"
PRODUCTS = "/admin/products"
RULES = "/admin/rules"
TEMPLATES = "/admin/templates"
EVENT_TYPES = "/admin/event-types"
SCORING = "/admin/scoring"
KEYS = "/admin/keys"
AUDIT = "/admin/audit"
IMPORTS = "/admin/imports"
FLAGS = "/admin/flags"
HEALTH = "/admin/health"


def sign_in(after: str = "") -> str:
    """Sign-in, and where to go afterwards (a path of ours only)."""
    return f"{SIGN_IN}?{urlencode({'next': after})}" if own_path(after) else SIGN_IN


def own_path(path: str) -> bool:
    """True for a path inside this product: never another site's address in disguise."""
    return path.startswith("/") and not path.startswith("//") and "\\" not in path and len(path) <= 500


def users(member: str = "", dialog: str = "") -> str:
    """Users and roles; a member with a dialog opens that dialog for them."""
    return _with(USERS, {"member": member}, dialog)


def role(key: str) -> str:
    """The editor of one of the tenant's own roles."""
    return _with(USERS, {"role": key}, "role")


def teams(team: str = "", dialog: str = "") -> str:
    """Teams; one with a dialog opens that dialog for it."""
    return _with(TEAMS, {"team": team}, dialog)


def assignment(territory: str = "", member: str = "", dialog: str = "") -> str:
    """Who gets what is to be done; a territory (`new`: one to be) or a member with a dialog opens that dialog."""
    return _with(ASSIGNMENT, {"territory": territory, "member": member}, dialog)


def own_fields(of: str = "", dialog: str = "") -> str:
    """The custom fields of a kind of record (`account`, `person`, `opportunity`, `product`)."""
    return _with(FIELDS, {"of": of}, dialog)


def pipelines(pipeline: str = "", dialog: str = "") -> str:
    """Pipelines and their stages."""
    return _with(PIPELINES, {"pipeline": pipeline}, dialog)


def products(product: str = "", dialog: str = "") -> str:
    """Products; one with a dialog opens that dialog for it."""
    return _with(PRODUCTS, {"product": product}, dialog)


def keys(key: str = "", dialog: str = "") -> str:
    """API keys."""
    return _with(KEYS, {"key": key}, dialog)


def audit(action: str = "", person: str = "") -> str:
    """The audit trail, filtered."""
    return _with(AUDIT, {"action": action, "person": person})


def feed(**query: str) -> str:
    """The feed through the filters of its page (see feed/filters.py)."""
    return _with(FEED, query)


def actions(**query: str) -> str:
    """Actions: a `view` of them, narrowed by search and filters."""
    return _with(ACTIONS, query)


def action_numbers(**query: str) -> str:
    """How long actions take, and how many are done."""
    return _with(ACTION_NUMBERS, query)


def action(action_id: str) -> str:
    """An action: why it is there, what became of it."""
    return f"{ACTIONS}/{action_id}"


def account(record_id: str, **query: str) -> str:
    """An account's page; `panel` opens the reasons of its score, `event` an event."""
    return _with(f"/accounts/{record_id}", query)


def contact(record_id: str, **query: str) -> str:
    """A person's page."""
    return _with(f"/contacts/{record_id}", query)


def deal(record_id: str, **query: str) -> str:
    """A deal's page."""
    return _with(f"/opportunities/{record_id}", query)


def record_list(path: str, **query: str) -> str:
    """A list of records through its search, filters, order and columns (see records/narrowing.py)."""
    return _with(path, query)


def bulk_results(edit: str) -> str:
    """The file with what became of each record of a bulk edit."""
    return f"/files/bulk-edits/{edit}/results"


def trash(**query: str) -> str:
    """What was deleted, or with `tab` changes what was changed lately: of a `kind`, by a `person`."""
    return _with(TRASH, query)


def inbox(tab: str = "") -> str:
    """The inbox, or with `tab` unread, mentions or assigned a part of it."""
    return _with(INBOX, {"tab": tab})


def imports(**query: str) -> str:
    """Imports: `batch` is one of them, `step` where one goes in it (`file`: a new one; `map`: back to its columns)."""
    return _with(IMPORTS, query)


def exports(export: str = "") -> str:
    """The lists that one has written to files; one of them stands out."""
    return _with(EXPORTS, {"export": export})


def export_file(export_id: str) -> str:
    """The file of such a list, for the browser to save: it is no page."""
    return f"/files/exports/{export_id}"


def templates(template: str = "", dialog: str = "") -> str:
    """Templates of actions; one with a dialog opens that dialog for it."""
    return _with(TEMPLATES, {"template": template}, dialog)


def rules(rule: str = "", dialog: str = "") -> str:
    """Rules; one of them whole."""
    return _with(RULES, {"rule": rule}, dialog)


def event_types(key: str = "", dialog: str = "") -> str:
    """Event types; one with a dialog opens that dialog for it."""
    return _with(EVENT_TYPES, {"type": key}, dialog)


def scoring(dialog: str = "", **query: str) -> str:
    """The scoring configuration."""
    return _with(SCORING, query, dialog)


def _with(path: str, query: dict[str, str], dialog: str = "") -> str:
    given = {name: value for name, value in query.items() if value}
    search = f"?{urlencode(given, quote_via=quote)}" if given else ""
    return f"{path}{search}" + (f"#{dialog}" if dialog else "")


@dataclass(frozen=True)
class Place:
    """A page of the navigation. `needs` is the permission without which it is not shown."""

    key: str
    label: str
    href: str
    icon: str
    group: str
    needs: str
    keys: str = ""
    also: tuple[str, ...] = ()


PLACES = (
    Place("today", "Today", TODAY, "sun", "", "account.self", "g t", ("home", "start")),
    Place("actions", "Actions", ACTIONS, "list-checks", "Engage", "actions.read", "g b", ("tasks", "to do", "next")),
    Place("feed", "Feed", FEED, "activity", "Engage", "feed.read", "g f", ("events", "signals", "live")),
    Place("accounts", "Accounts", ACCOUNTS, "building-2", "Engage", "records.read", "g a", ("companies", "scores")),
    Place("contacts", "Contacts", CONTACTS, "contact", "Engage", "records.read", "g c", ("people", "customers")),
    Place("leads", "Leads", LEADS, "user-search", "Engage", "records.read", "g e", ("prospects", "enquiries")),
    Place("deals", "Deals", DEALS, "handshake", "Engage", "records.read", "g d", ("opportunities", "pipeline")),
    Place(
        "trash", "Trash and changes", TRASH, "history", "Engage", "records.read", "g z", ("deleted", "restore", "undo")
    ),
    Place(
        "company", "Company", COMPANY, "settings", "Admin", "company.manage", "g k", ("currency", "zone", "settings")
    ),
    Place("numbers", "Action numbers", ACTION_NUMBERS, "gauge", "Engage", "actions.read", "g g", ("rates", "coaching")),
    Place("users", "Users and roles", USERS, "users", "Admin", "users.read", "g u", ("members", "people")),
    Place("teams", "Teams", TEAMS, "network", "Admin", "users.read", "g w", ("groups", "reach")),
    Place("assignment", "Assignment", ASSIGNMENT, "git-branch", "Admin", "rules.manage", "g j", ("territories", "out")),
    Place("fields", "Custom fields", FIELDS, "text-cursor-input", "Admin", "records.manage", "g n", ("own", "columns")),
    Place("pipelines", "Pipelines", PIPELINES, "square-kanban", "Admin", "records.manage", "g s", ("stages", "rot")),
    Place("products", "Products", PRODUCTS, "package", "Admin", "records.manage", "g o", ("prices", "catalogue")),
    Place("types", "Event types", EVENT_TYPES, "shapes", "Admin", "scoring.manage", "g y", ("registry", "schema")),
    Place("scoring", "Scoring", SCORING, "gauge", "Admin", "scoring.manage", "g q", ("points", "decay", "weights")),
    Place("rules", "Rules", RULES, "git-branch", "Admin", "rules.manage", "g v", ("automation", "triggers", "signals")),
    Place("templates", "Templates", TEMPLATES, "notebook-pen", "Admin", "rules.manage", "", ("texts", "talk track")),
    Place("imports", "Imports", IMPORTS, "upload", "Admin", "imports.manage", "g m", ("csv", "files", "migrate")),
    Place("keys", "API keys", KEYS, "key-round", "Admin", "keys.manage", "g i", ("tokens", "integration")),
    Place("audit", "Audit trail", AUDIT, "scroll-text", "Admin", "audit.read", "g l", ("log", "history")),
    Place("flags", "Features", FLAGS, "flag", "Admin", "flags.manage", "g x", ("flags", "switches")),
    Place("health", "Health", HEALTH, "heart-pulse", "Admin", "health.read", "g h", ("status", "errors")),
)


@dataclass(frozen=True)
class Deed:
    """Something to do from the palette: a link, or an act of the client (see frame.jsx)."""

    label: str
    icon: str
    needs: str = ""
    href: str = ""
    act: str = ""
    url: str = ""
    keys: str = ""
    also: tuple[str, ...] = ()


DEEDS = (
    Deed("Log a call, meeting or message", "phone", "actions.write", href="#log", keys="l", also=("quick", "note")),
    Deed("New action", "list-checks", "actions.write", href="#plan", keys="c", also=("task", "to do", "plan")),
    Deed("New account", "building-2", "records.write", href=f"{ACCOUNTS}#new", also=("create", "add", "company")),
    Deed("New contact", "contact", "records.write", href=f"{CONTACTS}#new", also=("create", "add", "person")),
    Deed("New lead", "user-search", "records.write", href=f"{LEADS}#new", also=("create", "add", "prospect")),
    Deed("New deal", "handshake", "records.write", href=f"{DEALS}#new", also=("create", "add", "opportunity")),
    Deed("Open the deal board", "square-kanban", "records.read", href=BOARD, also=("pipeline", "stages", "kanban")),
    Deed("Import a file", "upload", "imports.manage", href=imports(step="file"), also=("csv", "upload")),
    Deed("Invite a colleague", "user-plus", "users.manage", href=users(dialog="invite"), also=("add", "user")),
    Deed("Create API key", "plus", "keys.manage", href=keys(dialog="create"), also=("token",)),
    Deed("Create role", "shield-check", "users.manage", href=users(dialog="role"), also=("permission",)),
    Deed("Show my exports", "download", "records.export", href=EXPORTS, also=("files", "csv", "download")),
    Deed("Open the inbox", "inbox", "account.self", href=INBOX, keys="g r", also=("notifications", "mentions")),
    Deed("Open my profile", "circle-user", "account.self", href=PROFILE, keys="g p", also=("password", "sessions")),
    Deed("Switch between light and dark", "sun-moon", act="theme", also=("theme", "color")),
    Deed("Fold the sidebar", "panel-left", act="rail", keys="[", also=("rail",)),
    Deed("Show keyboard shortcuts", "keyboard", href="#shortcuts", keys="?", also=("help",)),
    Deed("Sign out", "log-out", act="post", url="/auth/sign-out", also=("leave", "log out")),
)
