"""What a column may become, for each kind of file; the words by which other programs call it. Pure."""

from __future__ import annotations

from salescompass.kit.importing import Target, ValueKind

_NAME = ("name", "full name", "display name")
_OWNER = (
    "owner", "record owner", "assigned to", "sales agent", "sales rep", "rep", "agent", "responsible", "owner name",
    "owner email", "account owner", "contact owner", "company owner", "deal owner", "lead owner", "opportunity owner",
    "organization owner", "person owner", "assigned user",
)  # fmt: skip
_PHONE = ("phone", "phone number", "telephone", "tel", "work phone", "business phone", "mobile", "mobile phone")
_COUNTRY = ("country", "country region", "billing country", "mailing country", "land", "office location")
_CITY = ("city", "town", "billing city", "mailing city", "ort", "location")
_SOURCE = ("source", "lead source", "latest source", "origin", "original traffic source", "channel")
_TAGS = ("tags", "labels", "label", "keywords")
_CREATED = ("created at", "created", "create date", "created date", "date created", "add time")
_COMPANY = (
    "company", "company name", "account", "account name", "organization", "organisation", "organization name",
    "associated company", "primary associated company", "employer", "firm",
)  # fmt: skip
_COMPANY_DOMAIN = ("company domain", "company domain name", "account domain", "company website", "organization domain")


def _text(key: str, label: str, *synonyms: str, required: bool = False) -> Target:
    return Target(key, label, ValueKind.TEXT, synonyms, required)


_EXTERNAL = "External id"
OUR_ID = "salescompass_id"
_OURS = _text(OUR_ID, "SalesCompass id")
"""The id that exports tell: by it a record is found again where it came from, and nowhere else."""

USERS = (
    _text(
        "name", "Name", *_NAME, "user", "user name", "sales agent", "agent", "sales rep", "rep", "member", "employee"
    ),
    _text("first_name", "First name", "first name", "given name", "forename", "vorname"),
    _text("last_name", "Last name", "last name", "surname", "family name", "nachname"),
    Target("email", "Email", ValueKind.EMAIL, ("email", "e mail", "mail", "email address", "user email", "login")),
    _text("role", "Role", "role", "roles", "profile", "permission set"),
    _text("manager", "Manager", "manager", "reports to", "supervisor", "boss", "team lead", "manager name"),
    _text("team", "Team", "team", "teams", "regional office", "office", "department", "region", "main team", "group"),
    _text("zone", "Time zone", "time zone", "timezone", "zone"),
)
PRODUCTS = (
    _OURS,
    _text("name", "Name", *_NAME, "product", "product name", "item", "item name", "title", required=True),
    _text("sku", "SKU", "sku", "product code", "code", "product id", "item number", "article number", "external id"),
    _text("series", "Series", "series", "family", "product family", "category", "product line", "line", "type"),
    Target(
        "price", "Price", ValueKind.MONEY,
        ("price", "sales price", "unit price", "list price", "suggested retail price", "retail price", "cost"),
    ),
    _text("currency", "Currency", "currency", "currency code", "price currency"),
    Target("active", "Active", ValueKind.FLAG, ("active", "is active", "enabled", "available")),
)  # fmt: skip
ACCOUNTS = (
    _OURS,
    _text(
        "external_id", _EXTERNAL, "external id", "id", "account id", "company id", "record id", "organization id",
        "customer number", "customer id", "account number",
    ),
    _text("name", "Name", *_NAME, *_COMPANY, "customer", "customer name", "business name", required=True),
    Target(
        "domain", "Domain", ValueKind.DOMAIN,
        ("domain", "domain name", "email domain", "web domain", *_COMPANY_DOMAIN),
    ),
    _text("website", "Website", "website", "web site", "url", "website url", "homepage", "web page"),
    _text(
        "parent", "Parent company", "parent", "parent company", "parent account", "subsidiary of", "parent name",
        "ultimate parent", "holding",
    ),
    _text("industry", "Industry", "industry", "sector", "branch", "vertical", "line of business", "branche"),
    Target(
        "size", "Employees", ValueKind.NUMBER,
        ("employees", "size", "number of employees", "employee count", "headcount", "company size", "staff"),
    ),
    Target(
        "revenue", "Annual revenue", ValueKind.MONEY,
        ("revenue", "annual revenue", "turnover", "sales", "yearly revenue", "umsatz"),
    ),
    _text("currency", "Currency", "currency", "currency code"),
    _text("country", "Country", *_COUNTRY),
    _text("region", "Region or state", "region", "state", "state region", "province", "billing state"),
    _text("city", "City", *_CITY),
    _text("lifecycle", "Lifecycle", "lifecycle", "lifecycle stage", "account type", "relationship"),
    Target(
        "founded", "Founded in", ValueKind.NUMBER,
        ("founded", "year established", "year founded", "founded year", "established"),
    ),
    Target("phone", "Phone", ValueKind.PHONE, _PHONE),
    Target("description", "Description", ValueKind.LINES, ("description", "about", "about us", "notes", "comment")),
    _text("source", "Source", *_SOURCE),
    _text("source_original", "Original source", "first source", "initial source"),
    _text("owner", "Owner", *_OWNER),
    Target("tags", "Tags", ValueKind.TAGS, _TAGS),
    Target("created_at", "Created", ValueKind.MOMENT, _CREATED),
)  # fmt: skip
_PERSON = (
    _OURS,
    _text("name", "Name", *_NAME, "person", "person name"),
    _text("first_name", "First name", "first name", "given name", "forename", "vorname", "firstname"),
    _text("last_name", "Last name", "last name", "surname", "family name", "nachname", "lastname"),
    Target(
        "email", "Email", ValueKind.EMAIL,
        ("email", "e mail", "mail", "email address", "work email", "business email", "primary email", "email work"),
    ),
    Target("phone", "Phone", ValueKind.PHONE, _PHONE),
    _text("title", "Job title", "title", "job title", "position", "function", "job", "role in company"),
    _text("persona", "Persona", "persona", "buyer persona"),
    _text("seniority", "Seniority", "seniority", "level", "management level"),
    _text("account", "Company", *_COMPANY),
    Target("account_domain", "Company domain", ValueKind.DOMAIN, (*_COMPANY_DOMAIN, "domain")),
    _text("account_external_id", "Company's external id", "company id", "account id", "organization id",
          "company external id", "account external id", "associated company id"),
    _text("country", "Country", *_COUNTRY),
    _text("city", "City", *_CITY),
    _text("zone", "Time zone", "time zone", "timezone", "zone"),
    _text("language", "Language", "language", "preferred language", "locale"),
    _text("status", "Person status", "record status", "contact status"),
    _text("source", "Source", *_SOURCE),
    _text("source_original", "Original source", "first source", "initial source"),
    _text("owner", "Owner", *_OWNER),
    Target("tags", "Tags", ValueKind.TAGS, _TAGS),
    Target("created_at", "Created", ValueKind.MOMENT, _CREATED),
)  # fmt: skip
CONTACTS = (
    _text(
        "external_id", _EXTERNAL, "external id", "id", "contact id", "person id", "record id", "customer id",
        "record id contact",
    ),
    *_PERSON,
)  # fmt: skip
LEADS = (
    _text(
        "external_id", _EXTERNAL, "external id", "id", "lead id", "prospect id", "person id", "record id", "contact id",
    ),
    *_PERSON,
    _text("lead_status", "Lead status", "lead status", "status", "lead stage", "stage", "rating"),
)  # fmt: skip
OPPORTUNITIES = (
    _OURS,
    _text(
        "external_id", _EXTERNAL, "external id", "id", "opportunity id", "deal id", "record id", "opportunity number",
    ),
    _text("name", "Name", *_NAME, "deal", "deal name", "opportunity", "opportunity name", "deal title", "title"),
    _text("account", "Company", *_COMPANY),
    Target("account_domain", "Company domain", ValueKind.DOMAIN, (*_COMPANY_DOMAIN, "domain")),
    _text("account_external_id", "Company's external id", "company id", "account id", "organization id",
          "company external id", "account external id", "associated company id"),
    _text("pipeline", "Pipeline", "pipeline", "pipeline name", "sales process"),
    _text("stage", "Stage", "stage", "deal stage", "opportunity stage", "stage name", "sales stage", "status"),
    _text("product", "Product", "product", "product name", "item", "products"),
    Target(
        "amount", "Amount", ValueKind.MONEY,
        ("amount", "value", "deal value", "close value", "deal amount", "opportunity amount", "total", "price"),
    ),
    _text("currency", "Currency", "currency", "currency code", "amount currency", "value currency"),
    Target(
        "opened_on", "Opened on", ValueKind.DATE,
        ("opened on", "engage date", "open date", "start date", "opened", "date opened"),
    ),
    Target(
        "close_date", "Close date", ValueKind.DATE,
        ("close date", "closing date", "closed", "closed on", "expected close date", "won time", "closed date"),
    ),
    _text("owner", "Owner", *_OWNER),
    _text("type", "Type", "type", "deal type", "opportunity type"),
    _text("source", "Source", *_SOURCE),
    _text("lost_reason", "Reason lost", "lost reason", "reason lost", "closed lost reason", "loss reason"),
    Target("tags", "Tags", ValueKind.TAGS, _TAGS),
    Target("created_at", "Created", ValueKind.MOMENT, _CREATED),
)  # fmt: skip

TARGETS: dict[str, tuple[Target, ...]] = {
    "users": USERS,
    "products": PRODUCTS,
    "accounts": ACCOUNTS,
    "contacts": CONTACTS,
    "leads": LEADS,
    "opportunities": OPPORTUNITIES,
}
"""By kind. The fields that a tenant made for itself come beside, as `custom.KEY`."""

KEYS: dict[str, tuple[str, ...]] = {
    "users": ("email", "name"),
    "products": (OUR_ID, "sku", "name"),
    "accounts": (OUR_ID, "external_id", "domain", "name"),
    "contacts": (OUR_ID, "external_id", "email", "name"),
    "leads": (OUR_ID, "external_id", "email", "name"),
    "opportunities": (OUR_ID, "external_id", "name"),
}
"""By which fields a record is known, the surest first."""

NEVER_MISSING = frozenset(
    {OUR_ID, "name", "first_name", "last_name", "external_id", "email", "domain", "sku", "account"}
)
"""Fields whose words are taken as they stand: somebody may be called Null, and a company Select."""
