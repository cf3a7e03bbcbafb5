from __future__ import annotations

import os
import threading
import time
from functools import partial

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from salescompass.identity.hashing import AT_ONCE, DECOY, WAITING, _Pool, check_password, hash_password
from salescompass.kit.errors import TooMany

PARAMETERS = "$argon2id$v=19$m=19456,t=2,p=1$"


def test_the_hash_says_how_it_was_made() -> None:
    stored = hash_password("correct horse battery staple")
    assert stored.startswith(PARAMETERS)
    assert check_password("correct horse battery staple", stored) == (True, None)
    assert check_password("correct horse battery stapler", stored) == (False, None)


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password("the same password") != hash_password("the same password")


def test_an_unknown_address_is_checked_against_a_hash_of_the_same_cost() -> None:
    assert DECOY.startswith(PARAMETERS)
    assert len(DECOY) == len(hash_password("any password will do")) + len("c2FsZXNjb21wYXNzLWRlY295") - 22
    assert check_password("anything", None) == (False, None)
    assert check_password("anything", "not a hash at all") == (False, None)


def test_weaker_parameters_are_replaced_when_the_password_is_shown_again() -> None:
    weak = Argon2Hasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("an older password")
    fits, better = check_password("an older password", weak)
    assert fits
    assert better is not None
    assert better.startswith(PARAMETERS)
    assert check_password("an older password", better) == (True, None)
    assert check_password("a wrong password", weak) == (False, None)


def test_a_flood_fills_the_queue_and_no_more() -> None:
    pool, release, begun, outcomes = _Pool(), threading.Event(), threading.Semaphore(0), []

    def work() -> bool:
        begun.release()
        return release.wait(20)

    def ask() -> None:
        try:
            outcomes.append(pool.run(work))
        except TooMany as refused:
            outcomes.append(refused.retry_after)

    threads = [threading.Thread(target=ask) for _ in range(AT_ONCE + WAITING)]
    for thread in threads:
        thread.start()
    for _ in range(AT_ONCE):
        assert begun.acquire(timeout=10)
    while pool._places._value:  # everybody has a place
        time.sleep(0.01)
    with pytest.raises(TooMany):
        pool.run(partial(int, 1))
    assert not begun.acquire(blocking=False), "only two hash at once"
    release.set()
    for thread in threads:
        thread.join(10)
    assert outcomes == [True] * (AT_ONCE + WAITING)
    assert pool.run(partial(int, 7)) == 7


def test_hashing_yields_to_everything_else() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert _Pool().run(priority) > priority()
