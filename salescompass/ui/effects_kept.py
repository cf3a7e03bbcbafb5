"""What events did to scores, kept for a moment: colleagues who look at one page of events ask for the same."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar, cast

from sqlmodel import Session

from salescompass.events import FeedEntry
from salescompass.kit.database import session_tenant

SECONDS = 5.0
_MOST = 200

Found = TypeVar("Found")
_kept: OrderedDict[Hashable, tuple[float, object]] = OrderedDict()
_lock = threading.Lock()


def kept(
    read: Callable[..., Found], session: Session, entries: Sequence[FeedEntry], *, at: float | None = None
) -> Found:
    """What `read` says of these entries, or said of the same ones in this tenant a moment ago."""
    now = time.monotonic() if at is None else at
    key = (session_tenant(session), tuple((one.id, one.verdict, one.merged_into) for one in entries))
    with _lock:
        known = _kept.get(key)
    if known is not None and known[0] > now:
        return cast(Found, known[1])
    found = read(session, entries=entries)
    with _lock:
        _kept[key] = (now + SECONDS, found)
        _kept.move_to_end(key)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found
