"""Items and adoptions as the chain leaves them, for tests of what is counted from them."""

from datetime import date, datetime, timedelta

from domain.items.models import InformationType, Item, ItemState
from domain.kit import clock
from domain.kit.actor import SYSTEM
from domain.outlets.models import Adoption, AdoptionState, MediaOutlet, OutletLevel
from domain.points import actions
from domain.units.models import Unit
from tests import make

LEVELS = {"county": 1, "prefecture": 3, "province": 5, "nation": 10}


async def policy(valid_from: date = date(2017, 1, 1), **rules):
    rules = {"levels": LEVELS} | rules
    return await actions.add_policy(
        SYSTEM, name="示例计分办法", valid_from=valid_from, rules=rules, is_example=True
    )


def unsaved_item(unit: Unit, day: date, title: str = "示例信息", **facts) -> Item:
    at = facts.pop("submitted_at", clock.at(day, 10))
    return Item(
        unit=unit,
        reporter="示例人",
        title=title,
        body="<p>示例</p>",
        information_type=facts.pop("information_type", InformationType.DYNAMIC),
        occurred_on=facts.pop("occurred_on", day),
        state=ItemState.SIGNED_OFF,
        content_sha256="0" * 64,
        created_at=at,
        updated_at=at,
        submitted_at=at,
        **facts,
    )


async def item(unit: Unit, day: date, **facts) -> Item:
    """An item sent on a day, counted."""
    made = unsaved_item(unit, day, **facts)
    await made.save()
    await actions.count_submission(SYSTEM, made)
    return made


def unsaved_adoption(item: Item, outlet: MediaOutlet, day: date, **facts) -> Adoption:
    at: datetime = clock.at(day, 12) + timedelta(days=1)
    return Adoption(
        item=item,
        outlet=outlet,
        level=facts.pop("level", outlet.level),
        adopted_on=day,
        state=AdoptionState.CONFIRMED,
        recorded_by_name="示例编辑",
        recorded_at=at,
        confirmed_by_name="示例复核",
        confirmed_at=at,
        evidence_url="https://example.org/1",
        **facts,
    )


async def adoption(item: Item, outlet: MediaOutlet, day: date, **facts) -> Adoption:
    """A confirmed adoption, counted."""
    made = unsaved_adoption(item, outlet, day, **facts)
    await made.save()
    await actions.count_adoption(SYSTEM, made)
    return made


async def withdraw(adoption: Adoption, reason: str = "示例撤稿") -> None:
    adoption.state, adoption.withdrawal_reason = AdoptionState.WITHDRAWN, reason
    await adoption.save()
    await actions.reverse_adoption(SYSTEM, adoption)


async def outlets() -> dict[str, MediaOutlet]:
    """One outlet of each level."""
    return {level.value: await make.outlet(level=level) for level in OutletLevel}
