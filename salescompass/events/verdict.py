"""Is a person or a machine behind an event? Machines are kept in the ledger, and never score or trigger. Pure."""

from __future__ import annotations

from salescompass.vocabulary import ActorKind, Verdict


def verdict_of(actor: ActorKind | None) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict on an event sent with an API key or imported, with its reasons: what the sender declared."""
    if actor is ActorKind.HUMAN:
        return Verdict.HUMAN, ("declared human by the sender",)
    if actor is ActorKind.MACHINE:
        return Verdict.BOT, ("declared a machine by the sender",)
    return Verdict.UNKNOWN, ()
