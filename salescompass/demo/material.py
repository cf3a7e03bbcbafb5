"""What we show the world: campaigns, pages, documents, films, webinars, and what the product does. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from salescompass.demo.rhythm import DAYS

Properties = Mapping[str, object]

PAGES = (
    ("Product tour", "product"), ("Integrations", "product/integrations"), ("Planning board", "product/planning"),
    ("Customer stories", "customers"), ("Security and privacy", "security"), ("Getting started", "help/start"),
    ("Release notes", "releases"), ("About us", "about"), ("Return on investment", "roi"),
    ("Partners", "partners"), ("Careers", "careers"), ("Blog: plan the week in an hour", "blog/plan-the-week"),
    ("Blog: what late deliveries cost", "blog/late-deliveries"), ("Blog: one board for every site", "blog/one-board"),
)  # fmt: skip
LANDINGS = (
    ("See it on your own data", "try"), ("Fewer late orders in 30 days", "fewer-late-orders"),
    ("The planner's handbook", "handbook"), ("Meet us at the spring fair", "spring-fair"),
    ("Move from spreadsheets", "from-spreadsheets"),
)  # fmt: skip
DOCUMENTS = (
    ("Security overview", 12), ("Data processing agreement", 9), ("Implementation plan", 18), ("Price sheet", 3),
    ("Integration guide", 34), ("Customer story: a plant in Marlstead", 6), ("Service level agreement", 7),
    ("Return on investment worksheet", 5), ("Product overview", 14), ("Rollout checklist", 4),
)  # fmt: skip
DOWNLOADS = (
    "The planner's handbook", "Benchmark report: delivery on time", "Checklist: ten signs of a fragile plan",
    "Template: weekly planning meeting", "Guide to shift handovers", "White paper: planning under uncertainty",
)  # fmt: skip
FILMS = (
    ("Product tour in four minutes", 240), ("How Dunmere Foundry plans a week", 420),
    ("Setting up the first board", 380), ("Integrations in practice", 610), ("From spreadsheet to plan", 300),
)  # fmt: skip
WEBINARS = (
    "Planning with uncertain demand", "Live: the autumn release", "From spreadsheets to one plan",
    "Shift handovers that work", "Ask the product team", "Measuring what a late order costs",
)  # fmt: skip
FORMS = (
    ("Contact form", "contact"), ("Newsletter form", "newsletter"), ("Price request form", "price-request"),
    ("Event registration", "event-registration"),
)  # fmt: skip
FEATURES = (
    "Planning board", "Capacity view", "Shift calendar", "Bottleneck report", "Scenario comparison", "Alerts",
    "Mobile check-in", "Spreadsheet import", "Order tracking", "Team dashboard", "Data export", "Approval flow",
)  # fmt: skip
LIMITS = (("Seats", 25), ("Boards", 10), ("API calls a day", 10_000), ("Storage in GB", 50), ("Saved scenarios", 20))
PLANS = (("Team plan", 480_000), ("Business plan", 1_450_000), ("Enterprise plan", 4_200_000))
"""(name, price of a year in cents)."""
CALLS = (
    "First conversation", "Follow-up on the price sheet", "Questions about security", "Check-in before the renewal",
    "Rollout status", "Next steps after the demo", "Contract questions",
)  # fmt: skip
MEETINGS = (
    "Discovery workshop", "Weekly project call", "Technical questions", "Quarterly review", "Contract review",
    "Meeting with the board", "Rollout planning",
)  # fmt: skip
NETWORKS = ("LinkedIn", "WhatsApp", "Website chat", "LinkedIn", "Website chat")
MESSAGES = (
    "A question about the import", "Can we move our call?", "Looking for the price sheet", "Thanks for the workshop",
    "Who handles integrations?", "How do we add a second site?", "Do you support single sign-on?",
)  # fmt: skip
POSTS = (
    "Our customers' best planning tips", "We are hiring", "The autumn release is out", "Behind the scenes of support",
    "Five years of planning boards", "Meet us at the spring fair",
)  # fmt: skip
PROJECTS = ("Import scripts", "Board templates", "Public API client", "Report gallery", "Translations")
CONTRIBUTIONS = ("answered a question", "shared a template", "reported a bug", "proposed an improvement", "sent a fix")
TICKETS = (
    "Import stops at a date", "Cannot invite a colleague", "Board loads slowly", "Wrong total in the capacity view",
    "Calendar shows the wrong week", "Password reset mail did not come", "Export misses a column",
    "Alert came twice", "Single sign-on fails for one user",
)  # fmt: skip
LETTERS = (
    "Next steps", "The notes from our call", "A short question", "Your trial ends on Friday", "Proposal, as promised",
    "A customer story that may interest you", "Shall we talk next week?", "Dates for the workshop",
    "Answers for your IT team", "Who else should join?",
)  # fmt: skip
TASKS = (
    "Call back about the proposal", "Send the security overview", "Prepare the workshop", "Update the forecast",
    "Check in after the trial", "Find the economic buyer", "Book the quarterly review",
)  # fmt: skip
NOTES = (
    "Budget is decided next quarter", "Wants to start with one site", "Prefers calls in the morning",
    "Compares us with a spreadsheet", "New head of IT from next month", "Asked for two references",
    "Happy with support", "Rollout waits for the new plant",
)  # fmt: skip
STAGES = ("Prospecting", "Qualification", "Proposal", "Negotiation")
LOST_BECAUSE = ("Price", "No decision", "Chose another vendor", "Project postponed", "Champion left")
LEFT_BECAUSE = ("Too expensive", "Merged with another company", "Built their own", "Went back to spreadsheets")
SOURCES = ("Website", "Trade fair", "Referral", "Webinar", "Outbound call", "Partner")
SEARCHES = ("search engine", "LinkedIn", "newsletter", "direct", "partner site")

_LETTERS_OF_THE_YEAR = (
    ("Product news", "{month}: what is new on your planning board"),
    ("Planner's letter", "Three ideas for a calmer week"),
    ("Customer stories", "How Dunmere Foundry halved its late orders"),
    ("Handbook launch", "The planner's handbook is here"),
    ("Webinar invitation", "Join us live: planning with uncertain demand"),
    ("Trade fair", "Meet us at the fair, hall 4"),
    ("Price change notice", "New plans from next month"),
    ("Integration month", "Your orders, planned as they come in"),
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A letter to many."""

    name: str
    subject: str
    day: int


class Shelf:
    """All that a tenant sends and shows in the year that begins on `first`."""

    def __init__(self, slug: str, seed: int, first: date) -> None:
        self.site = f"https://www.{slug}.example"
        self.first = first
        self.campaigns = _campaigns(Random(f"campaigns:{seed}"), first)
        self.pages = [self._page(title, path) for title, path in PAGES]
        self.pricing = self._page("Pricing", "pricing")
        self.landings = [{"title": title, "url": f"{self.site}/lp/{path}"} for title, path in LANDINGS]
        self.films = [
            {"title": title, "url": f"{self.site}/videos/{number + 1}", "seconds": seconds}
            for number, (title, seconds) in enumerate(FILMS)
        ]
        self.documents = [
            {"document": title, "document_id": f"DOC-{number + 101}", "pages": pages}
            for number, (title, pages) in enumerate(DOCUMENTS)
        ]

    def _page(self, title: str, path: str) -> Properties:
        return {"page": title, "url": f"{self.site}/{path}"}

    def month(self, day: int) -> str:
        """The month of a day in words."""
        return f"{self.first + timedelta(days=day):%B}"


def _campaigns(rng: Random, first: date) -> tuple[Campaign, ...]:
    """Two or three letters a month."""
    found: list[Campaign] = []
    day = rng.randrange(3, 10)
    while day < DAYS:
        when = first + timedelta(days=day)
        name, subject = _LETTERS_OF_THE_YEAR[len(found) % len(_LETTERS_OF_THE_YEAR)]
        found.append(Campaign(f"{name} {when:%B %Y}", subject.format(month=f"{when:%B}"), day))
        day += rng.randrange(9, 17)
    return tuple(found)
