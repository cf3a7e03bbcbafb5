"""What the list of accounts knows: a page of them in the order of their scores, and the filters of the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import reflex as rx
from sqlmodel import Session

from salescompass import events, scoring
from salescompass.identity import Actor
from salescompass.kit.pagination import Page
from salescompass.scoring import AccountCounts, RankedAccount
from salescompass.ui import routes
from salescompass.ui.arguments import Search, Text
from salescompass.ui.components.event_words import did
from salescompass.ui.components.searching import follow_address
from salescompass.ui.event_list import echo_of
from salescompass.ui.guard import guarded
from salescompass.ui.people import initials, tint
from salescompass.ui.score_words import ScoreLook, VelocityLook, line_end, score_look, sparkline, velocity_look
from salescompass.ui.session import Screen
from salescompass.vocabulary import Band

_PAGE = 50
_WEEK_AGO = -8
BandKey = Annotated[str, Text(8)]


@dataclass(frozen=True)
class AccountRow:
    """An account as it is listed."""

    id: str
    href: str
    why: str
    name: str
    initial: str
    domain: str
    look: ScoreLook
    velocity: VelocityLook
    spark: str
    spark_dot: str
    owner: str
    owner_initials: str
    owner_tint: str
    people: int
    last: str
    last_at: str


@dataclass(frozen=True)
class Listed:
    """A page of the list, read in one transaction."""

    rows: list[AccountRow] = field(default_factory=list)
    next_cursor: str | None = None
    counts: AccountCounts = AccountCounts(0, 0)  # noqa: RUF009 - a frozen value


def listed(session: Session, actor: Actor, *, prefix: str, band: str, mine: bool, cursor: str | None) -> Listed:
    """A page of accounts, the warmest first."""
    wanted: dict[str, Any] = {"prefix": prefix, "band": band, "owner_id": actor.member_id if mine else None}
    page: Page[RankedAccount] = scoring.ranked_accounts(session, cursor=cursor, limit=_PAGE, **wanted)
    labels = {key: known.label for key, known in events.types(session).items() if known.own}
    counts = scoring.account_counts(session, **wanted)
    return Listed([_row(one, labels) for one in page.items], page.next_cursor, counts)


class AccountsState(Screen, rx.State):
    """The list of accounts. Search and filters are in the address."""

    rows: list[AccountRow] = []
    count: str = ""
    q: str = ""
    band: str = ""
    mine: bool = False
    mine_href: str = ""
    clear_href: str = routes.ACCOUNTS
    narrowed: bool = False
    empty: bool = False
    more: bool = False
    echo: str = ""
    loaded: bool = False

    _cursor: str | None = None

    @guarded("records.read", track=False)
    async def load(self) -> Any:
        """The first page of what the address asks for."""
        query = self.router.url.query_parameters
        self.q = str(query.get("q", ""))[:80]
        band = str(query.get("band", ""))
        self.band = band if band in set(Band) else ""
        self.mine = query.get("owner") == "me"
        self.narrowed = bool(self.q or self.band or self.mine)
        self.mine_href = self._href(owner="" if self.mine else "me")
        found = await self._page(None)
        self.rows, self.empty = found.rows, not found.counts.whole
        self.count = _count(found.counts, narrowed=self.narrowed)
        self.loaded, self.echo = True, echo_of(self)
        return follow_address("account-search", self.q)

    @guarded("records.read")
    async def load_more(self) -> None:
        """The next page, below."""
        found = await self._page(self._cursor)
        self.rows = [*self.rows, *found.rows]

    @guarded("records.read", track=False)
    async def search(self, text: Search) -> Any:
        """Only accounts whose name begins so."""
        return rx.redirect(self._href(q=text.strip()), replace=True)

    @guarded("records.read", track=False)
    async def choose_band(self, band: BandKey) -> Any:
        """Only accounts of a band."""
        return rx.redirect(self._href(band=band))

    def _href(self, **changes: str) -> str:
        now = {"q": self.q, "band": self.band, "owner": "me" if self.mine else ""}
        return routes.accounts(**{**now, **changes})

    async def _page(self, cursor: str | None) -> Listed:
        found: Listed = await self._do(
            "records.read", listed, prefix=self.q, band=self.band, mine=self.mine, cursor=cursor
        )
        self._cursor, self.more = found.next_cursor, found.next_cursor is not None
        return found


def _row(one: RankedAccount, labels: Mapping[str, str]) -> AccountRow:
    act = labels.get(one.last_type or "") or did(one.last_type or "")
    who, line = (one.last_person or "").split(" ")[0], sparkline(one.trend)
    return AccountRow(
        id=str(one.id),
        href=routes.account(str(one.id)),
        why=routes.account(str(one.id), panel="why"),
        name=one.name,
        initial=one.name[:1].upper(),
        domain=one.domain or "",
        look=score_look(one.score, one.band),
        velocity=velocity_look(one.score - one.trend[_WEEK_AGO]),
        spark=line,
        spark_dot=line_end(line),
        owner=one.owner_name or "",
        owner_initials=initials(one.owner_name or ""),
        owner_tint=tint(str(one.owner_id)),
        people=one.people,
        last=" ".join(part for part in (who, act) if part) if one.last_type else "",
        last_at=one.last_at.isoformat() if one.last_at else "",
    )


def _count(counts: AccountCounts, *, narrowed: bool) -> str:
    whole = f"{counts.whole:,}" if counts.whole < scoring.MOST_ACCOUNTS_COUNTED else f"{counts.whole:,}+"
    return f"{counts.found:,} of {whole}" if narrowed else whole
