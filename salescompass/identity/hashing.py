"""argon2id in a bounded pool: a flood of sign-ins may fill the pool, never the machine.

Each hash takes 19 MiB and about 25 ms of a core. Two run at once per process, at a lower priority than the rest, and a
short queue waits; who comes after that is told to try again in a moment. The parameters stand inside every hash, so
raising them here rehashes each password at its owner's next sign-in.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from salescompass.kit.errors import TooMany

T = TypeVar("T")

MEMORY_KIB, ROUNDS, LANES = 19 * 1024, 2, 1  # the floor of OWASP's password storage cheat sheet
AT_ONCE, WAITING = 2, 16

_hasher = PasswordHash((Argon2Hasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES),))

# The hash of a password nobody has: checked for unknown addresses, so that they cost the same time as known ones.
DECOY = "$argon2id$v=19$m=19456,t=2,p=1$c2FsZXNjb21wYXNzLWRlY295$PVedqkIh/On0IHyVH0KTfHez9tt7Zle5dNsxNBtVkN4"


class _Pool:
    """Two threads and a short queue, made anew in a forked child (threads do not survive a fork)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = 0
        self._executor: ThreadPoolExecutor | None = None
        self._places = threading.BoundedSemaphore(AT_ONCE + WAITING)

    def _ready(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._executor is None or self._pid != os.getpid():
                self._pid = os.getpid()
                self._places = threading.BoundedSemaphore(AT_ONCE + WAITING)
                self._executor = ThreadPoolExecutor(AT_ONCE, "argon2", initializer=_yield_to_others)
            return self._executor

    def run(self, work: Callable[[], T]) -> T:
        """The result of `work`. Raises TooMany when the queue is full."""
        executor, places = self._ready(), self._places
        if not places.acquire(blocking=False):
            raise TooMany("Many people are signing in right now: try again in a few seconds", retry_after=2)
        try:
            return executor.submit(work).result()
        finally:
            places.release()


def _yield_to_others() -> None:
    # On Linux a priority belongs to the thread: pages and the feed are served first.
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


_pool = _Pool()


def hash_password(password: str) -> str:
    """The argon2id hash, parameters included."""
    return _pool.run(partial(_hasher.hash, password))


def check_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether it fits, and a fresh hash when the stored one has weaker parameters than today's.

    Without a stored hash the decoy is checked, and the answer is False after the same time.
    """
    return _pool.run(partial(_check, password, stored))


def _check(password: str, stored: str | None) -> tuple[bool, str | None]:
    try:
        fits, better = _hasher.verify_and_update(password, stored or DECOY)
    except UnknownHashError:
        _hasher.verify(password, DECOY)
        return False, None
    return (fits, better) if stored else (False, None)
