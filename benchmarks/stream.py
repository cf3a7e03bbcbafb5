"""Events posted one by one at a steady rate: `python -m benchmarks.stream URL KEY RATE`, until its input ends.

A process of its own, so that whoever measures is not slowed down by it. Prints how many a second it managed.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from urllib.parse import urlsplit

CONNECTIONS = 16
_TYPES = ("page_viewed", "email_replied", "proposal_viewed", "meeting_held", "call_completed", "content_downloaded")


class Stream:
    """The steady stream: what is due next, and how much was taken."""

    def __init__(self, url: str, key: str, rate: float) -> None:
        self._place, self._key, self._rate = urlsplit(url), key, rate
        self._begun, self._next, self.taken = time.monotonic(), 0, 0

    async def run(self) -> None:
        """Post until cancelled, each event at its moment or as soon as a connection is free."""
        await asyncio.gather(*(self._post_for_ever() for _ in range(CONNECTIONS)))

    async def _post_for_ever(self) -> None:
        reader, writer = await asyncio.open_connection(self._place.hostname, self._place.port)
        while True:
            due = self._begun + self._next / self._rate
            self._next += 1
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            writer.write(self._request())
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            self.taken += head.startswith(b"HTTP/1.1 201")

    def _request(self) -> bytes:
        who = random.randrange(500)
        body = json.dumps(
            {
                "type": random.choice(_TYPES),
                "account": {"name": f"Stream {who % 100}"},
                "contact": {"email": f"person{who}@stream{who % 100}.example"},
            }
        ).encode()
        head = (
            f"POST /api/v1/events HTTP/1.1\r\nHost: {self._place.netloc}\r\nAuthorization: Bearer {self._key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


async def main() -> None:
    """Stream until the input ends, then say how many a second were taken."""
    stream = Stream(sys.argv[1], sys.argv[2], float(sys.argv[3]))
    work = asyncio.create_task(stream.run())
    begun = time.monotonic()
    end = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait({work, end}, return_when=asyncio.FIRST_COMPLETED)
    if work.done():
        await work
    print(stream.taken / (time.monotonic() - begun), flush=True)
    work.cancel()


if __name__ == "__main__":
    asyncio.run(main())
