"""Reading units, offices, topics and the county. Everyone who is signed in sees them."""

from datetime import date
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.errors import NotFound
from domain.units.models import County, PolicyDocument, ReceivingOffice, Topic, Unit
from domain.units.rules import NoCountyYet

COUNTY_ID = 1


def on_day(on: date | None) -> Q:
    """Of things with dates: those there on a day (default: today)."""
    day = on or clock.today()
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))


def visible_to(actor: Actor) -> QuerySet[Unit]:
    """All units, past ones too, in their fixed order; none for a stranger."""
    is_known = actor.is_system or actor.is_token or actor.person_id is not None
    units = Unit.all() if is_known else Unit.filter(id__in=[])
    return units.select_related("successor").order_by("position", "id")


async def get(actor: Actor, unit_id: UUID) -> Unit:
    """Raises NotFound."""
    unit = await visible_to(actor).get_or_none(id=unit_id)
    if unit is None:
        raise NotFound
    return unit


async def lock(actor: Actor, unit_id: UUID) -> Unit:
    """The unit, held until the transaction ends. Rows that refer to it may still be added."""
    held = visible_to(actor).select_for_update(of=("unit",), no_key=True)
    unit = await held.get_or_none(id=unit_id)
    if unit is None:
        raise NotFound
    return unit


def current(on: date | None = None) -> QuerySet[Unit]:
    """The units that exist on a day (default: today), in their fixed order."""
    return Unit.filter(on_day(on)).order_by("position", "id")


async def is_name_taken(name: str, from_day: date, but: UUID | None = None) -> bool:
    """Whether a unit of that name exists on or after a day."""
    same = Unit.filter(Q(valid_until=None) | Q(valid_until__gte=from_day), name=name)
    return await (same.exclude(id=but) if but else same).exists()


async def heirs_of(unit: Unit) -> set[UUID]:
    """The unit and everyone met when following successors from it."""
    heirs: set[UUID] = set()
    following: Unit | None = unit
    while following is not None and following.id not in heirs:
        heirs.add(following.id)
        following = await Unit.get_or_none(id=following.successor_id)
    return heirs


async def next_position() -> int:
    """Behind every unit there is."""
    last = await Unit.all().order_by("-position").first()
    return last.position + 1 if last else 1


def offices() -> QuerySet[ReceivingOffice]:
    """The receiving offices that receive, in order (R61)."""
    return ReceivingOffice.filter(active=True).select_related("unit").order_by("position", "id")


async def office(office_id: UUID) -> ReceivingOffice:
    """A receiving office, also one that receives no longer. Raises NotFound."""
    found = await ReceivingOffice.get_or_none(id=office_id).select_related("unit")
    if found is None:
        raise NotFound
    return found


def topics(on: date | None = None) -> QuerySet[Topic]:
    """The focus topics of a day (default: today), in order (R7)."""
    return Topic.filter(on_day(on)).order_by("position", "id")


def documents() -> QuerySet[PolicyDocument]:
    """The papers that quotas, points and fees rest on, latest first (R1)."""
    return PolicyDocument.all().order_by("-issue_date", "-id")


async def county() -> County:
    """The county served here. Raises NoCountyYet before it was named."""
    found = await County.get_or_none(id=COUNTY_ID)
    if found is None:
        raise NoCountyYet
    return found
