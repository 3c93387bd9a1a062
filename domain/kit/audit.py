"""The trail: every act one row, each chained to the one before it by SHA-256."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.models import AuditEvent, AuditHead

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """An act, before it is given its place in the chain."""

    actor: Actor
    verb: str
    thing: str
    thing_id: str
    facts: dict[str, object]


_open: ContextVar[list[Event] | None] = ContextVar("audit", default=None)


def is_open() -> bool:
    return _open.get() is not None


@contextmanager
def collecting() -> Iterator[list[Event]]:
    """Gather events until they are chained; `domain.kit.db.work` does both."""
    events: list[Event] = []
    token = _open.set(events)
    try:
        yield events
    finally:
        _open.reset(token)


@contextmanager
def adding() -> Iterator[list[Event]]:
    """Gather events that join the running unit of work's own unless the part fails."""
    whole = _running()
    with collecting() as events:
        yield events
    whole += events


def _running() -> list[Event]:
    events = _open.get()
    if events is None:
        message = "outside a unit of work"
        raise RuntimeError(message)
    return events


def record(actor: Actor, verb: str, thing: str, thing_id: UUID | str, **facts: object) -> None:
    """Note an act of the running unit of work, e.g. `record(actor, "sign", "item", item.id)`.

    Facts hold identifiers, numbers and short texts; never the body of an item.
    """
    _running().append(Event(actor, verb, thing, str(thing_id), facts))


async def chain(events: list[Event]) -> None:
    """Write the gathered events at the end of the chain, its head locked until commit."""
    if not events:
        return
    head = await AuditHead.select_for_update().get(id=1)
    seq, previous, rows = head.seq, head.hash, []
    for event in events:
        seq += 1
        row = _row(event, seq, previous)
        previous = row.hash
        rows.append(row)
    await AuditEvent.bulk_create(rows)
    await AuditHead.filter(id=1).update(seq=seq, hash=previous)


def _row(event: Event, seq: int, previous: str) -> AuditEvent:
    actor = event.actor
    row = AuditEvent(
        seq=seq,
        at=clock.now().astimezone(UTC),
        actor=actor.name,
        person_id=actor.person_id,
        token_id=actor.token_id,
        unit_id=actor.unit_id,
        verb=event.verb,
        thing=event.thing,
        thing_id=event.thing_id,
        facts=orjson.loads(orjson.dumps(event.facts, default=str)),
        previous_hash=previous,
    )
    row.hash = digest(row)
    return row


def digest(row: AuditEvent) -> str:
    """SHA-256 over everything a row says, in one fixed spelling."""
    at: datetime = row.at
    said = [
        row.seq, at.astimezone(UTC).isoformat(), row.actor, row.person_id, row.token_id,
        row.unit_id, row.verb, row.thing, row.thing_id, row.facts, row.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(said, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def broken_links(batch: int = 5_000) -> AsyncIterator[int]:
    """The numbers of rows that were changed, removed or put in. None means the trail is whole."""
    previous, expected = START, 1
    while rows := await AuditEvent.filter(seq__gte=expected).order_by("seq").limit(batch):
        for row in rows:
            if row.seq != expected or row.previous_hash != previous or row.hash != digest(row):
                yield row.seq
            previous, expected = row.hash, row.seq + 1
    head = await AuditHead.get_or_none(id=1)
    if head is None or (head.seq, head.hash) != (expected - 1, previous):
        yield head.seq if head else expected
