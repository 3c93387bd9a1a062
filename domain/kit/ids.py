"""Identifiers that sort by the time of making, so that keyset paging is stable (RFC 9562)."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0
_STEP = 1 << 32


def new_id() -> UUID:
    """A UUIDv7. Within a process each is greater than the one before, even in one millisecond."""
    global _last  # noqa: PLW0603  # the one made last, by any thread
    now = time.time_ns() // 1_000_000 << 74 | int.from_bytes(os.urandom(10)) >> 6
    with _lock:
        if now <= _last:
            now = _last + 1 + int.from_bytes(os.urandom(4)) % _STEP
        _last = now
    high, low = now >> 62, now & (1 << 62) - 1
    return UUID(int=(high >> 12) << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low)
