"""What waits for whom, and which signatures hold."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tortoise.queryset import QuerySet

from domain.approvals import rules
from domain.approvals.models import Decision, SignOff, SignOffChain
from domain.items import queries as items
from domain.items import rules as item_rules
from domain.items.models import Item, ItemState
from domain.kit import clock
from domain.kit.actor import Actor, Duty
from domain.kit.models import AuditEvent
from domain.people import queries as people
from domain.people.models import Appointment

lock = items.lock

WRITING = ("create", "save", "attach", "detach")


def visible_to(actor: Actor) -> QuerySet[SignOff]:
    """Signatures are seen with their item (R16)."""
    return SignOff.filter(item_id__in=items.visible_ids(actor)).select_related("item")


async def chain_on(day: date | None = None) -> rules.Chain:
    """The chain in force on a day (default: today)."""
    rows = SignOffChain.filter(valid_from__lte=day or clock.today()).order_by("-valid_from")
    return rules.chain_of(await rows.first())


async def sign_offs_of(item_id: object) -> list[SignOff]:
    """Everything leaders said of an item, every text's, oldest first."""
    return await SignOff.filter(item_id=item_id).order_by("signed_at", "id")


async def valid_sign_offs(item: Item) -> list[SignOff]:
    """The signatures that hold for the item's text as it stands, one a step."""
    return list(rules.valid(await sign_offs_of(item.id), item.content_sha256).values())


async def required_steps(item: Item) -> tuple[Duty, ...]:
    """The duties that sign this item, in order; its unit must be loaded."""
    return _steps(await chain_on(), item)


def _steps(chain: rules.Chain, item: Item) -> tuple[Duty, ...]:
    review = item_rules.needs_confidentiality_review(
        item.unit, stability_related=item.stability_related
    )
    return rules.required_steps(chain, is_major=item.is_major, restricted=review)


async def steps_of(item: Item) -> list[rules.Step]:
    """The chain of an item with the signatures that hold, for its page."""
    signed = rules.valid(await sign_offs_of(item.id), item.content_sha256)
    return [rules.Step(duty, signed.get(duty)) for duty in await required_steps(item)]


async def progress(waiting: Collection[Item]) -> dict[object, tuple[int, int]]:
    """Steps taken, of how many, by item; for lists. Units must be loaded."""
    signed = await _signed_by_item(waiting)
    chain = await chain_on()
    found: dict[object, tuple[int, int]] = {}
    for item in waiting:
        steps = _steps(chain, item)
        done = rules.valid(signed.get(item.id, []), item.content_sha256)
        found[item.id] = (sum(step in done for step in steps), len(steps))
    return found


async def open_step(item: Item) -> Duty | None:
    """The step a pending item waits for; None when it waits for nobody."""
    if item.state is not ItemState.PENDING_SIGN_OFF:
        return None
    steps = await steps_of(item)
    done = {step.duty for step in steps if step.signed}
    return rules.open_step([step.duty for step in steps], done)


async def has_leader_in_charge(unit_id: UUID) -> bool:
    """Whether the unit has a leader in charge of its own today."""
    return bool(await people.leaders_of(unit_id, Duty.LEADER_IN_CHARGE))


async def signers_of(item: Item, step: Duty) -> list[Appointment]:
    """Who may take a step of this item, for the page to name; deputies stand in for them.

    Empty when the unit has nobody appointed: the administrator has to appoint somebody.
    """
    own = await people.leaders_of(item.unit.id, step)
    if step is not Duty.LEADER_IN_CHARGE:
        return own
    return own + await people.leaders_of(item.unit.id, Duty.PRINCIPAL_LEADER)


async def writers_of(item: Item) -> set[object]:
    """Who wrote the item or changed its text, by the trail."""
    return (await _writers([item]))[item.id]


def pending(actor: Actor) -> QuerySet[Item]:
    """Items in sign-off in the units where the actor signs, longest waiting first."""
    units = {held.unit_id for held in actor.held if held.duty in rules.SIGNING}
    waiting = items.visible_to(actor).filter(
        state=ItemState.PENDING_SIGN_OFF, unit_id__in=list(units)
    )
    return waiting.order_by("updated_at", "id")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pending item whose next step the actor may take."""

    seat: rules.Seat
    is_mine: bool
    """False: it waits for the leader in charge, and the principal leader could sign if he is away.

    What every leader in charge wrote or changed himself waits for the principal leader.
    """


async def waiting_for(actor: Actor) -> dict[UUID, Waiting]:
    """What the actor may sign, longest waiting first; a fixed number of statements."""
    waiting = await pending(actor)
    signed = await _signed_by_item(waiting)
    leaders = await _leaders_by_unit(waiting)
    writers = await _writers(waiting)
    chain = await chain_on()
    found: dict[UUID, Waiting] = {}
    for item in waiting:
        led_by, wrote = leaders.get(item.unit.id, set()), writers[item.id]
        steps, said = _steps(chain, item), signed.get(item.id, [])
        seat = _seat(actor, item, steps, said, has_leader=bool(led_by), writers=wrote)
        if seat is not None:
            is_mine = not seat.in_absence or led_by <= wrote
            found[item.id] = Waiting(seat, is_mine)
    return found


async def inbox_ids(actor: Actor) -> list[UUID]:
    """What waits for this actor's own signature, longest waiting first."""
    return [item_id for item_id, each in (await waiting_for(actor)).items() if each.is_mine]


async def inbox(actor: Actor) -> QuerySet[Item]:
    """The items waiting for this actor's own signature, longest waiting first."""
    return pending(actor).filter(id__in=await inbox_ids(actor))


def _seat(
    actor: Actor,
    item: Item,
    steps: tuple[Duty, ...],
    sign_offs: list[SignOff],
    *,
    has_leader: bool,
    writers: set[object],
) -> rules.Seat | None:
    done = rules.valid(sign_offs, item.content_sha256)
    step = rules.open_step(steps, done)
    try:
        seat = rules.check_signer(actor, item.unit.id, steps, step, has_leader=has_leader)
        rules.check_other_steps(actor.person_id, done, seat)
        rules.check_not_author(
            rules.signing(actor.person_id, seat), writers, self_sign_off=item.unit.self_sign_off
        )
    except (rules.StepOfAnother, rules.SignedAlready, rules.OwnText):
        return None
    return seat


async def _signed_by_item(waiting: Iterable[Item]) -> dict[object, list[SignOff]]:
    found: dict[object, list[SignOff]] = {}
    for sign_off in await SignOff.filter(
        item_id__in=[item.id for item in waiting], decision=Decision.SIGNED
    ):
        found.setdefault(sign_off.item_id, []).append(sign_off)
    return found


async def _leaders_by_unit(waiting: Iterable[Item]) -> dict[object, set[object]]:
    units = {item.unit.id for item in waiting}
    held = people.current_appointments().filter(unit_id__in=list(units), duty=Duty.LEADER_IN_CHARGE)
    leaders: dict[object, set[object]] = {}
    for appointment in await held:
        leaders.setdefault(appointment.unit_id, set()).add(appointment.person_id)
    return leaders


async def _writers(waiting: Collection[Item]) -> dict[UUID, set[object]]:
    """Who wrote each item or changed its text, by the trail. One statement."""
    writers: dict[UUID, set[object]] = {item.id: {item.author_id} - {None} for item in waiting}
    changes = AuditEvent.filter(
        thing="item",
        thing_id__in=[str(each) for each in writers],
        verb__in=WRITING,
        person_id__isnull=False,
    )
    for event in await changes:
        if event.facts.get("text_changed", True):
            writers[UUID(event.thing_id)].add(event.person_id)
    return writers
