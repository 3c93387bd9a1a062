"""The agenda as a tree: numbers, places, and where a key leads. Pure. J1."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.meetings.models import AgendaItem, AgendaState
from domain.meetings.rules import DEEPEST, Agenda, AgendaTooDeep, NotOnThisAgenda


@dataclass(frozen=True, slots=True)
class Line:
    """An accepted topic in its place."""

    item: AgendaItem
    number: str
    """1, 1.1, 1.1.1."""
    depth: int


def numbered(agenda: Agenda) -> list[Line]:
    """The accepted topics in the order of the meeting, numbered by their place in the tree."""
    below: dict[object, list[AgendaItem]] = {}
    for item in sorted(agenda, key=lambda each: (each.position, each.id)):
        if item.state is AgendaState.ACCEPTED:
            below.setdefault(item.parent_id, []).append(item)
    return _branch(below, None, "", 1)


def _branch(
    below: dict[object, list[AgendaItem]], parent: object, above: str, depth: int
) -> list[Line]:
    lines: list[Line] = []
    for place, item in enumerate(below.get(parent, ()), start=1):
        number = f"{above}{place}"
        lines.append(Line(item, number, depth))
        lines += _branch(below, item.id, f"{number}.", depth + 1)
    return lines


def check_parent(item: AgendaItem | None, parent_id: object | None, agenda: Agenda) -> None:
    """The parent is an accepted topic of the meeting, not below the item, and not too deep.

    `item` is None for one that is not on the agenda yet.
    """
    if parent_id is None:
        return
    depths: dict[object, int] = {line.item.id: line.depth for line in numbered(agenda)}
    if parent_id not in depths or (item is not None and parent_id in _under(item.id, agenda)):
        raise NotOnThisAgenda("parent_id")
    if depths[parent_id] + (1 if item is None else _height(item.id, agenda)) > DEEPEST:
        raise AgendaTooDeep


def _under(item_id: object, agenda: Agenda) -> set[object]:
    """The item and everything below it."""
    found = {item_id}
    while more := {each.id for each in agenda if each.parent_id in found} - found:
        found |= more
    return found


def _height(item_id: object, agenda: Agenda) -> int:
    children = [each.id for each in agenda if each.parent_id == item_id]
    return 1 + max((_height(child, agenda) for child in children), default=0)


def siblings(parent_id: object | None, agenda: Agenda, but: object = None) -> list[AgendaItem]:
    """The accepted topics below one parent, in order."""
    found = [
        each
        for each in agenda
        if each.state is AgendaState.ACCEPTED and each.parent_id == parent_id and each.id != but
    ]
    return sorted(found, key=lambda each: (each.position, each.id))


class Step(StrEnum):
    """One press of a key on a topic of the agenda."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


def step_to(item: AgendaItem, step: Step, agenda: Agenda) -> tuple[UUID | None, int] | None:
    """Where a step leads: parent and place from 1; None where there is no way."""
    row = siblings(item.parent_id, agenda)
    place = [each.id for each in row].index(item.id) + 1
    if step in (Step.UP, Step.DOWN):
        moved = place + (1 if step is Step.DOWN else -1)
        return (item.parent_id, moved) if 1 <= moved <= len(row) else None
    if step is Step.IN:
        return _below(row[place - 2], item, agenda) if place > 1 else None
    above = next((each for each in agenda if each.id == item.parent_id), None)
    if above is None:
        return None
    row = siblings(above.parent_id, agenda)
    return above.parent_id, [each.id for each in row].index(above.id) + 2


def _below(parent: AgendaItem, item: AgendaItem, agenda: Agenda) -> tuple[UUID, int] | None:
    try:
        check_parent(item, parent.id, agenda)
    except AgendaTooDeep:
        return None
    return parent.id, len(siblings(parent.id, agenda)) + 1
