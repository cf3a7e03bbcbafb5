"""The drain of the outbox topic `mail`: compose the letter, hand it to the transport.

A letter may go out twice when a worker dies between handing it over and noting so; both carry the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from salescompass import identity
from salescompass.kit import mail
from salescompass.notifications import letters

log = logging.getLogger(__name__)


def deliver(tenant_id: UUID, letter_id: UUID, payload: Mapping[str, Any]) -> None:
    """Send one letter. `letter_id` is the outbox row's. Raises what the mail server says."""
    compose = letters.compose if payload["letter"] in letters.LETTERS else identity.compose_letter
    letter = compose(tenant_id, str(letter_id), payload)
    if letter is None:
        log.info("mail: letter %s has no reason any more", letter_id)
        return
    mail.send(letter)
