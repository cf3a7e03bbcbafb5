"""The scoring configuration as it is shown: groups, bands, rules in words, versions, a draft's effect. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salescompass.events import EventType
from salescompass.scoring import Change, Config, Preview, Rule, VersionView, score_of
from salescompass.ui import routes
from salescompass.ui.admin_scoring.content import ALONE, CONDITION_ROWS, value_text
from salescompass.ui.score_words import ScoreLook, change, decimal, score_look
from salescompass.vocabulary import Band

HOWS = (
    ("diminishing", "Every time, each time less", "Two of a day count 1.6 times, three 2 times, seven 3 times."),
    ("once", "Once a day", "However often it happens, it counts once."),
    ("capped", "Every time, up to a number a day", "Each counts in full until the number is reached."),
)
OPERATORS = (
    ("is", "is"), ("is_not", "is not"), ("contains", "contains"), ("starts_with", "starts with"),
    ("ends_with", "ends with"), ("gt", "is more than"), ("gte", "is at least"), ("lt", "is less than"),
    ("lte", "is at most"), ("in", "is one of"), ("not_in", "is none of"), ("exists", "is there"),
    ("missing", "is not there"),
)  # fmt: skip
_STATES = {
    "live": ("Live", "success", "circle-check"),
    "draft": ("Draft", "accent", "pencil"),
    "publishing": ("Being published", "warning", "clock"),
    "old": ("Earlier", "", "history"),
}


@dataclass(frozen=True)
class GroupRow:
    """A group: how fast its points fade, and how much of it counts at once."""

    key: str
    name: str
    half_life: str
    cap: str
    half_life_field: str
    cap_field: str


@dataclass(frozen=True)
class ConditionRow:
    """A condition in a form."""

    property: str = ""
    operator: str = "is"
    value: str = ""


@dataclass(frozen=True)
class RuleRow:
    """A rule as it is listed and edited; an empty one is a new one."""

    key: str = ""
    type: str = ""
    name: str = ""
    label: str = ""
    conditions: str = ""
    points: str = ""
    points_value: str = "5"
    group: str = ""
    how: str = "diminishing"
    how_words: str = ""
    most: str = ""
    set_here: bool = False
    narrows: bool = False
    first: bool = True
    fields: list[ConditionRow] = field(default_factory=lambda: [ConditionRow()] * CONDITION_ROWS)


@dataclass(frozen=True)
class VersionRow:
    """A version as it is listed."""

    number: int
    word: str
    tone: str
    icon: str
    note: str
    at: str
    by: str
    can_return: bool
    href: str


@dataclass(frozen=True)
class BinRow:
    """How many accounts have a score in a range of ten."""

    span: str
    before: int
    after: int
    before_width: str
    after_width: str


@dataclass(frozen=True)
class BandRow:
    """How many accounts are in a band."""

    look: ScoreLook
    before: int
    after: int
    change: str
    tone: str


@dataclass(frozen=True)
class ChangeRow:
    """What a draft does to one account."""

    name: str
    href: str
    before: ScoreLook
    after: ScoreLook
    change: str
    tone: str


@dataclass(frozen=True)
class PreviewLook:
    """The effect of a draft."""

    words: str = ""
    estimated: str = ""
    bins: list[BinRow] = field(default_factory=list)
    bands: list[BandRow] = field(default_factory=list)
    named: list[ChangeRow] = field(default_factory=list)
    moved: list[ChangeRow] = field(default_factory=list)


def group_rows(config: Config) -> list[GroupRow]:
    """The groups."""
    return [
        GroupRow(
            key=one.key,
            name=one.key.replace("_", " ").capitalize(),
            half_life=f"{one.half_life:g}",
            cap=f"{one.cap:g}",
            half_life_field=f"half_life_{n}",
            cap_field=f"cap_{n}",
        )
        for n, one in enumerate(config.groups)
    ]


def rule_rows(config: Config, types: Mapping[str, EventType]) -> list[RuleRow]:
    """Every rule with points or set here: of each type those that narrow it first, in their order."""
    set_here = {rule.key for rule in config.rules}
    whole = config.with_types(types)
    by_type: dict[str, list[Rule]] = {}
    for rule in whole.rules:
        by_type.setdefault(rule.type, []).append(rule)
    rows: list[RuleRow] = []
    for key in sorted(by_type, key=lambda key: _label(types, key).casefold()):
        mine = sorted(by_type[key], key=lambda rule: not rule.narrows)
        for place, rule in enumerate(mine):
            if rule.points or rule.key in set_here:
                rows.append(rule_row(rule, types, set_here=rule.key in set_here, first=place == 0))
    return rows


def rule_row(rule: Rule, types: Mapping[str, EventType], *, set_here: bool, first: bool = True) -> RuleRow:
    """A rule in words."""
    fields = [ConditionRow(one.property, one.operator, value_text(one.value)) for one in rule.conditions]
    operators = dict(OPERATORS)
    said = [
        f"{one.property} {operators[one.operator]}" + ("" if one.operator in ALONE else f" {value_text(one.value)}")
        for one in rule.conditions
    ]
    how = {key: words for key, words, _ in HOWS}[rule.how]
    if rule.how == "capped":
        how = f"Every time, up to {rule.most} a day"
    return RuleRow(
        key=rule.key,
        type=rule.type,
        name=rule.key.partition(":")[2].replace("_", " "),
        label=_label(types, rule.type),
        conditions=" and ".join(said),
        points=f"{rule.points:g}".replace("-", "−"),
        points_value=f"{rule.points:g}",
        group=rule.group,
        how=rule.how,
        how_words=how,
        most=str(rule.most or ""),
        set_here=set_here,
        narrows=rule.narrows,
        first=first,
        fields=[*fields, *[ConditionRow()] * CONDITION_ROWS][:CONDITION_ROWS],
    )


def version_row(view: VersionView) -> VersionRow:
    """A version in words."""
    word, tone, icon = _STATES[view.state]
    return VersionRow(
        number=view.version,
        word=word,
        tone=tone,
        icon=icon,
        note=view.note,
        at=view.published_at.isoformat() if view.published_at else "",
        by=view.published_by or "",
        can_return=view.state == "old",
        href=routes.scoring("return", version=str(view.version)),
    )


def preview_look(preview: Preview) -> PreviewLook:
    """The effect of a draft in words and bars."""
    most = max([*preview.before.bins, *preview.after.bins, 1])
    bins = []
    for n, (was, will) in enumerate(zip(preview.before.bins, preview.after.bins, strict=True)):
        span = f"{10 * n} to {10 * n + (9 if n < 9 else 10)}"
        bins.append(BinRow(span, was, will, f"{100 * was / most:.1f}%", f"{100 * will / most:.1f}%"))
    bands = [_band(band.value, preview) for band in (Band.HOT, Band.WARM, Band.COOL, Band.COLD)]
    whole = f"{preview.accounts:,} account{'s' if preview.accounts != 1 else ''}"
    estimated = f"Estimated from a sample of {preview.looked_at:,} of {whole}." if preview.estimated else ""
    return PreviewLook(
        words=f"{whole} looked at." if not estimated else "",
        estimated=estimated,
        bins=list(reversed(bins)),
        bands=bands,
        named=[_change(one) for one in sorted(preview.named, key=lambda one: -one.before)],
        moved=[_change(one) for one in preview.moved if abs(one.after - one.before) >= 0.05],
    )


def example(config: Config, types: Mapping[str, EventType]) -> dict[str, Any]:
    """Numbers for the explanation: a proposal viewed today, and what it makes."""
    whole = config.with_types(types)
    rule = next((one for one in whole.rules if one.key == "proposal_viewed"), whole.rules[0])
    group = whole.groups[whole.group_at(rule.group)]
    return {
        "what": _label(types, rule.type),
        "points": f"{rule.points:g}",
        "score": decimal(score_of(config, rule.points)),
        "half": f"{rule.points / 2:g}",
        "days": f"{group.half_life:g}",
        "group": group.key,
        "cap": f"{group.cap:g}",
    }


def _label(types: Mapping[str, EventType], key: str) -> str:
    return types[key].label if key in types else key


def _band(band: str, preview: Preview) -> BandRow:
    was, will = preview.before.bands[band], preview.after.bands[band]
    moved = f"{'+' if will > was else '−'}{abs(will - was)}" if will != was else "0"
    return BandRow(score_look(0, band), was, will, moved, "")


def _change(one: Change) -> ChangeRow:
    words, tone = change(one.after - one.before)
    return ChangeRow(
        one.name,
        routes.account(str(one.account_id), panel="why"),
        score_look(one.before, one.band_before),
        score_look(one.after, one.band_after),
        words,
        tone,
    )
