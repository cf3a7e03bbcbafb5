"""How long a sign-in must wait after failures, without letting a stranger lock the owner out.

Attempts are counted in two places that never touch each other: on the user, for browsers we do not know, and on each
known device (a browser that once signed this user in carries a device cookie). Guessing from elsewhere therefore slows
down only strangers. An attempt is counted before its password is hashed, so a thousand at once get no further than ten;
one made while waiting is refused without being counted, so it cannot prolong the wait. A success clears the count. The
way out for an owner at a new device is the password reset, which makes that device known.
"""

from __future__ import annotations

from datetime import datetime, timedelta

FREE_ATTEMPTS = 10
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


def wait_after(attempts: int) -> timedelta:
    """The wait that follows this many attempts without success: after the tenth 1 s, then 2, 4 ... up to 15 minutes."""
    if attempts < FREE_ATTEMPTS:
        return timedelta(0)
    doublings = min(attempts - FREE_ATTEMPTS, 20)
    return min(timedelta(seconds=2**doublings), LONGEST_WAIT)


def seconds_left(retry_at: datetime | None, *, now: datetime) -> int:
    """Whole seconds until the next attempt is allowed; 0 when it is."""
    if retry_at is None or retry_at <= now:
        return 0
    return int(-(-(retry_at - now).total_seconds() // 1))


def one_more(attempts: int, retry_at: datetime | None, *, now: datetime) -> tuple[int, datetime]:
    """The count after one more attempt, and from when the next is allowed. After a quiet day it starts anew."""
    quiet = retry_at is None or now - retry_at >= FORGOTTEN_AFTER
    count = 1 if quiet else attempts + 1
    return count, now + wait_after(count)
