"""Why a score is what it is, as the panel shows it: shares that add up as they are printed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from salescompass.scoring import Contribution, NotCounted, Why
from salescompass.ui import routes
from salescompass.ui.people import initials, tint
from salescompass.ui.score_words import age_words, decimal, printed, tenths
from salescompass.vocabulary import SubjectKind

MOST_ROWS = 5
"""Rows of one person of an account; a person alone has room for more."""
_MOST_ALONE = 12
_NOBODY = "Without a person"


@dataclass(frozen=True)
class WhyRow:
    """What one day's events of one kind add; `raw` says it in points."""

    label: str
    when: str
    share: str
    raw: str


@dataclass(frozen=True)
class WhyPerson:
    """What one person adds to an account; for a person's own score, everything, without a name."""

    name: str
    href: str
    initials: str
    tint: str
    meta: str
    width: str
    share: str
    rows: list[WhyRow]


@dataclass(frozen=True)
class Apart:
    """Something that did not count, and why."""

    icon: str
    what: str
    why: str


@dataclass(frozen=True)
class WhyLook:
    """The panel."""

    total: str = "0.0"
    people: list[WhyPerson] = field(default_factory=list)
    apart: list[Apart] = field(default_factory=list)
    version: int = 1


def why_look(
    why: Why, names: Mapping[UUID, str], labels: Mapping[str, str], counted: Mapping[UUID, int], today: date
) -> WhyLook:
    """The panel of a score. `names` are people's, `labels` event types', `counted` how many events each has."""
    total = round(why.score * 10)
    if why.kind is SubjectKind.PERSON:
        rows = _rows(why.contributions, why.score, total, labels, counted.get(why.subject_id, 0), today, _MOST_ALONE)
        whole = WhyPerson("", "", "", "", "", "", "", rows)
        people = [whole] if why.contributions else []
    else:
        shares = printed([part.share for part in why.people], total)
        people = []
        for part, share in zip(why.people, shares, strict=True):
            mine = [one for one in why.contributions if one.person_id == part.person_id]
            name = names.get(part.person_id, "Somebody") if part.person_id else _NOBODY
            people.append(
                WhyPerson(
                    name=name,
                    href=routes.contact(str(part.person_id), panel="why") if part.person_id else "",
                    initials=initials(name) if part.person_id else "",
                    tint=tint(str(part.person_id)),
                    meta=f"score {decimal(part.score)}",
                    width=f"{100 * part.share / why.score if why.score else 0:.1f}%",
                    share=tenths(share),
                    rows=_rows(
                        mine, part.share, share, labels, counted.get(part.person_id or why.subject_id, 0), today
                    ),
                )
            )
    return WhyLook(tenths(total), people, _apart(why.not_counted, why.effort), why.configuration_version)


def rule_words(rule: str, labels: Mapping[str, str]) -> str:
    """`Proposal viewed`, and the name of a rule that narrows it: `Proposal viewed, pricing page`."""
    kind, _, name = rule.partition(":")
    label = labels.get(kind, kind.replace("_", " ").capitalize())
    return f"{label}, {name.replace('_', ' ')}" if name else label


def _rows(
    mine: Sequence[Contribution],
    share: float,
    total: int,
    labels: Mapping[str, str],
    counted: int,
    today: date,
    most: int = MOST_ROWS,
) -> list[WhyRow]:
    """The largest, and all the others in one row; printed so that they add up to the total in tenths."""
    shown = mine[:most]
    others = counted - sum(one.count for one in shown)
    # Of the smallest of all only their sum is known: what is not shown is what is left.
    left = [share - sum(one.share for one in shown)] if others > 0 else []
    parts = printed([*(one.share for one in shown), *left], total)
    rows = [
        WhyRow(
            rule_words(one.rule, labels) + (f" ×{one.count}" if one.count > 1 else ""),
            age_words(one.day, today) if one.day else "",
            tenths(part),
            f"{decimal(one.points)} points, {decimal(one.remaining)} left",
        )
        for one, part in zip(shown, parts, strict=False)
    ]
    if left:
        rows.append(WhyRow(f"{others:,} more event{'s' if others != 1 else ''}", "", tenths(parts[-1]), ""))
    return rows


def _apart(left_out: Sequence[NotCounted], effort: int) -> list[Apart]:
    sums = {reason: sum(one.count for one in left_out if one.reason == reason) for reason in _REASONS}
    found = [
        Apart(icon, f"{sums[reason]:,} {one if sums[reason] == 1 else many}", why)
        for reason, (icon, one, many, why) in _REASONS.items()
        if sums[reason]
    ]
    if effort:
        found.append(Apart("user-check", f"Your own effort {effort:,}", "shown apart, adds no points"))
    return found


_REASONS = {
    "machine": ("bot", "machine hit", "machine hits", "not counted: link scanners, mail proxies, crawlers"),
    "duplicate": ("layers", "told twice", "told twice", "counted once"),
    "merged": ("layers", "merged", "merged", "counted with the event they were merged into"),
}
