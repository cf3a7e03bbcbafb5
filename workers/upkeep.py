"""What is done by the clock: small, and safe to repeat."""

from __future__ import annotations

from salescompass import identity


def seal_audit() -> None:
    """Chain what was written to the audit logs since the last time."""
    identity.seal_due()
