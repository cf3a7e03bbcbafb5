"""Texts with variables: {{person.first_name}}. A fixed table of names, replaced once; nothing in them is run. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from salescompass.kit.errors import FieldError, Invalid

LONGEST_TITLE, LONGEST_TEXT, LONGEST_REASON = 200, 4000, 200
_MARK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SPACE = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that texts may use, what it stands for, and what is said where it is not known."""

    key: str
    label: str
    absent: str
    example: str


_ALL = (
    Variable("account.name", "Company", "the company", "Globex"),
    Variable("account.industry", "Industry of the company", "their industry", "Retail"),
    Variable("account.city", "City of the company", "their city", "Lyon"),
    Variable("account.score", "Score of the company", "0", "72"),
    Variable("account.band", "Band of the company", "cold", "hot"),
    Variable("person.name", "Person", "your contact", "Ada Okafor"),
    Variable("person.first_name", "First name", "there", "Ada"),
    Variable("person.title", "Title of the person", "no title", "Head of Operations"),
    Variable("deal.name", "Deal", "the deal", "Globex: 40 seats"),
    Variable("deal.amount", "Amount of the deal", "no amount", "EUR 12,000"),
    Variable("deal.stage", "Stage of the deal", "its stage", "Proposal"),
    Variable("deal.days_in_stage", "Days in this stage", "some", "21"),
    Variable("deal.close_date", "Expected close of the deal", "no date", "2026-12-01"),
    Variable("member.first_name", "First name of who does it", "me", "Robin"),
    Variable("trigger.event", "What happened last", "a sign", "Proposal viewed"),
    Variable("trigger.count", "How often it happened", "some", "6"),
    Variable("trigger.hours", "Within how many hours", "some", "48"),
    Variable("trigger.days", "Days since the last sign", "some", "18"),
    Variable("trigger.usual_days", "Days that nine of ten pauses last at most", "some", "6"),
    Variable("trigger.value", "The score that was given", "low", "3"),
    Variable("trigger.from_band", "The band it came from", "another band", "warm"),
    Variable("trigger.to_band", "The band it went to", "another band", "hot"),
)
VARIABLES: Mapping[str, Variable] = MappingProxyType({one.key: one for one in _ALL})
EXAMPLES: Mapping[str, str] = MappingProxyType({one.key: one.example for one in _ALL})


def variables_of(text: str) -> Iterator[str]:
    """The names of variables in a text, as they stand there."""
    return (found.group(1) for found in _MARK.finditer(text))


def check_text(text: object, *, field: str, most: int, wanted: bool = False) -> str:
    """A text whose variables are all known. Raises Invalid, naming the one that is meant."""
    if not isinstance(text, str):
        raise wrong(field, "give a text")
    told = text.strip()
    if wanted and not told:
        raise wrong(field, "say what is to be done")
    if len(told) > most:
        raise wrong(field, f"at most {most:,} characters")
    if "\0" in told or any("\ud800" <= letter <= "\udfff" for letter in told):
        raise wrong(field, "this text has characters that cannot be stored")
    for name in variables_of(told):
        if name not in VARIABLES:
            near = difflib.get_close_matches(name, VARIABLES, n=1, cutoff=0.4)
            known = f"did you mean {{{{{near[0]}}}}}?" if near else f"choose from {', '.join(VARIABLES)}"
            raise wrong(field, f"there is no variable {{{{{name[:60]}}}}}: {known}")
    rest = _MARK.sub("", told)
    if "{{" in rest or "}}" in rest:
        raise wrong(field, "a variable stands between two pairs of braces, like {{account.name}}")
    return told


def render(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced once: braces in a value stay what they are. What is not known has words."""

    def told(found: re.Match[str]) -> str:
        known = VARIABLES.get(found.group(1))
        value = values.get(found.group(1)) or (known.absent if known else "")
        return _SPACE.sub(" ", value).strip()

    return _MARK.sub(told, text)


def wrong(field: str, message: str) -> Invalid:
    """A refusal that names the field and the fix."""
    said = message[:1].upper() + message[1:]
    pointer = "/" + field.replace(".", "/")
    return Invalid(said, field=field, pointer=pointer, errors=(FieldError(said, field, pointer),))
