"""Items as rows of a list: where each one is now, in one word and one tone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.approvals import queries as approvals
from domain.items.models import Item, ItemState
from domain.kit.actor import Actor
from domain.outlets import queries as outlets
from domain.outlets.models import Adoption, OutletLevel
from domain.points import queries as points
from domain.reception import queries as reception
from domain.reception.models import Reception, ReceptionState
from web.i18n import gettext as _
from web.render import name_of
from web.sheet import STATE_TONES, TONES

FURTHEST = (
    ReceptionState.ADOPTED,
    ReceptionState.IN_EDITING,
    ReceptionState.RECEIVED,
    ReceptionState.SUBMITTED,
    ReceptionState.NOT_ADOPTED,
    ReceptionState.REJECTED,
)
LEVELS = list(OutletLevel)


@dataclass(frozen=True, slots=True)
class Row:
    """One item as a list shows it. `note` says why it was returned, or where it lies."""

    item: Item
    state: str
    tone: str
    note: str
    points: Decimal | None


async def rows(reader: Actor, items: Sequence[Item]) -> list[Row]:
    """The same number of statements, however many items."""
    ids = [item.id for item in items]
    waiting = [item for item in items if item.state is ItemState.PENDING_SIGN_OFF]
    progress = await approvals.progress(waiting)
    receptions = await reception.of_items(reader, ids)
    adopted = await outlets.confirmed(ids)
    earned = await points.points_of(ids)
    found = []
    for item in items:
        held = receptions.get(item.id, [])
        state, tone = _state(item, held, adopted.get(item.id, []), progress.get(item.id))
        found.append(Row(item, state, tone, _note(item, held), earned.get(item.id)))
    return found


def _state(
    item: Item,
    held: list[Reception],
    adopted: list[Adoption],
    progress: tuple[int, int] | None,
) -> tuple[str, str]:
    if adopted:
        best = max((each.level for each in adopted), key=LEVELS.index)
        return _("{level}采用", level=name_of(best)), "good"
    if progress and progress[1] > 1:
        step, total = min(progress[0] + 1, progress[1]), progress[1]
        return _("待审签 {step}/{total}", step=step, total=total), "warn"
    if item.state is not ItemState.SUBMITTED:
        return name_of(item.state), STATE_TONES.get(item.state, "")
    return _at_offices(item, held)


def _at_offices(item: Item, held: list[Reception]) -> tuple[str, str]:
    """What the office that came furthest says."""
    states = {each.state for each in held}
    state = next((each for each in FURTHEST if each in states), ReceptionState.SUBMITTED)
    if state is ReceptionState.SUBMITTED:
        return name_of(item.state), "accent"
    return name_of(state), TONES.get(state, "")


def _note(item: Item, held: list[Reception]) -> str:
    back = [each for each in held if each.state is ReceptionState.RETURNED]
    if item.state is ItemState.RETURNED and back:
        return _("{office}退回：{reason}", office=back[0].office.name, reason=back[0].reason)
    return _("、").join(each.office.name for each in held)
