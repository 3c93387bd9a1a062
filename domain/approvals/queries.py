"""What waits for whom, and which signatures hold."""

from collections.abc import Collection, Iterable
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


async def inbox_ids(actor: Actor) -> list[UUID]:
    """The pending items whose next step the actor may take; a fixed number of statements."""
    waiting = await pending(actor)
    signed = await _signed_by_item(waiting)
    led = await _units_with_leader(waiting)
    writers = await _writers(waiting)
    chain = await chain_on()
    return [
        item.id
        for item in waiting
        if _may_take(
            actor, item, _steps(chain, item), signed.get(item.id, []), led, writers[item.id]
        )
    ]


async def inbox(actor: Actor) -> QuerySet[Item]:
    """The items waiting for this actor's own signature, longest waiting first."""
    return pending(actor).filter(id__in=await inbox_ids(actor))


def _may_take(
    actor: Actor,
    item: Item,
    steps: tuple[Duty, ...],
    sign_offs: list[SignOff],
    led: set[object],
    writers: set[object],
) -> bool:
    done = rules.valid(sign_offs, item.content_sha256)
    step = rules.open_step(steps, done)
    try:
        seat = rules.check_signer(actor, item.unit.id, steps, step, has_leader=item.unit.id in led)
        rules.check_other_steps(actor.person_id, done, seat)
        rules.check_not_author(
            rules.signing(actor.person_id, seat), writers, self_sign_off=item.unit.self_sign_off
        )
    except (rules.StepOfAnother, rules.SignedAlready, rules.OwnText):
        return False
    return True


async def _signed_by_item(waiting: Iterable[Item]) -> dict[object, list[SignOff]]:
    found: dict[object, list[SignOff]] = {}
    for sign_off in await SignOff.filter(
        item_id__in=[item.id for item in waiting], decision=Decision.SIGNED
    ):
        found.setdefault(sign_off.item_id, []).append(sign_off)
    return found


async def _units_with_leader(waiting: Iterable[Item]) -> set[object]:
    units = {item.unit.id for item in waiting}
    held = people.current_appointments().filter(unit_id__in=list(units), duty=Duty.LEADER_IN_CHARGE)
    return {appointment.unit_id for appointment in await held}


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
