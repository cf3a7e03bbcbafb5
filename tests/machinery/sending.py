"""A client that sends events over HTTP and repeats a request until it is answered, as docs/api.md advises."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field

import httpx

from .conftest import House
from .story import Story


@dataclass
class Sender:
    """A client that sends keyed events at a steady pace, and repeats what was not answered.

    It runs ahead of the kills only slowly, so that something is sent until the last of them: `allowed` is how much of
    all may be sent by now. Requests hold from one to `largest` events, or always as many as `exactly`.
    """

    house: House
    key: str
    story: Story
    seconds: float
    largest: int = 40
    exactly: int = 0
    allowed: float = 0.0
    sent: int = 0
    created: int = 0
    repeated: int = 0
    flying: int = 0
    tried_again: int = 0
    odd: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> list[threading.Thread]:
        """Send from four threads."""
        batches, first, total = [], 0, self.story.total
        dice = random.Random(11)
        while first < total:
            size = min(self.exactly or dice.randrange(1, self.largest), total - first)
            batches.append((first, size))
            first += size
        threads = [
            threading.Thread(target=self._send_all, args=(batches[turn::4], turn), daemon=True) for turn in range(4)
        ]
        for thread in threads:
            thread.start()
        return threads

    def _send_all(self, batches: list[tuple[int, int]], turn: int) -> None:
        dice, began = random.Random(turn), time.monotonic()
        with httpx.Client(
            base_url=self.house.api, headers={"Authorization": f"Bearer {self.key}"}, timeout=20
        ) as client:
            for number, (first, size) in enumerate(batches):
                time.sleep(max(0.0, began + self.seconds * number / len(batches) - time.monotonic()))
                if number > self.allowed * len(batches):
                    time.sleep(1.0)
                self._send(client, first, size)
                if dice.random() < 0.05:
                    self._send(client, first, size, again=True)

    def _send(self, client: httpx.Client, first: int, size: int, *, again: bool = False) -> None:
        body = {"events": [self.story.event(number) for number in range(first, first + size)]}
        while True:
            answer = self._post(client, body)
            if answer is not None and answer.status_code == 200:
                break
            if answer is not None and answer.status_code not in (429, 500, 502, 503):
                self.odd.append(f"{answer.status_code} {answer.text[:200]}")
                return
            with self._lock:
                self.tried_again += 1
            time.sleep(0.2)
        told = answer.json()
        with self._lock:
            self.created += told["created"]
            self.repeated += told["duplicates"]
            self.sent += 0 if again else size
            if told["invalid"]:
                self.odd.append(str(told["results"])[:300])

    def _post(self, client: httpx.Client, body: object) -> httpx.Response | None:
        with self._lock:
            self.flying += 1
        try:
            return client.post("/api/v1/events/bulk", json=body)
        except httpx.HTTPError:
            return None
        finally:
            with self._lock:
                self.flying -= 1
