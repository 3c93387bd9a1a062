"""Who signs, in which order, and for which text. 二(一)；R13–R17; B1–B5."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.approvals.models import Decision, SignOff, SignOffChain
from domain.items.models import Item, ItemState
from domain.kit.actor import Actor, Duty, Held
from domain.kit.errors import Conflict, Invalid, NotPermitted

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The steps before an item may leave its unit: data of the county, dated."""

    ordinary: tuple[Duty, ...]
    major: tuple[Duty, ...]
    restricted_first: tuple[Duty, ...]


DEFAULT_CHAIN = Chain(
    ordinary=(Duty.LEADER_IN_CHARGE,),
    major=(Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER),
    restricted_first=(Duty.CONFIDENTIALITY_REVIEWER,),
)
"""分管领导审签，重大信息主要领导审签上报 (二(一)); in force until a county enters its own."""


class NotWaiting(Conflict):
    """Signed by somebody else meanwhile, taken back, or not laid yet."""

    code = "not-waiting"

    def __init__(self, state: ItemState) -> None:
        super().__init__(state)
        self.state = state


class TextChanged(Conflict):
    """The text that was shown is not the text that would be signed (AC03)."""

    code = "text-changed"


class StepOfAnother(NotPermitted):
    """The next step belongs to somebody else."""

    code = "step-of-another"

    def __init__(self, step: Duty) -> None:
        super().__init__(step)
        self.step = step


class OwnText(NotPermitted):
    """Nobody signs what he wrote himself (B4)."""

    code = "own-text"


class SignedAlready(NotPermitted):
    """Two steps, two people; only the principal leader may take the first one too."""

    code = "signed-already"

    def __init__(self, step: Duty) -> None:
        super().__init__(step)
        self.step = step


class SignerNotDeclared(Invalid):
    """The signer too declares: 已进行保密审查，不涉密."""

    code, field = "signer-not-declared", "declared_unclassified"


class SendBackReasonMissing(Invalid):
    code, field = "send-back-reason-missing", "reason"


class SendBackReasonTooLong(Invalid):
    code, field = "send-back-reason-too-long", "reason"

    def __init__(self) -> None:
        super().__init__()
        self.limit = REASON_LIMIT


class ChainInvalid(Invalid):
    """A chain may add steps, never leave out the leaders of the notice (二(一))."""

    code, field = "chain-invalid", "major"


class ChainExists(Invalid):
    code, field = "chain-exists", "valid_from"

    def __init__(self, valid_from: date) -> None:
        super().__init__(valid_from)
        self.valid_from = valid_from


@dataclass(frozen=True, slots=True)
class Seat:
    """In which capacity an actor takes a step."""

    held: Held
    steps: tuple[Duty, ...]
    """Usually one; two when the principal leader signs a major item's first step as well."""
    in_absence: bool = False
    """Of the leader in charge, whose first step the principal leader took."""
    may_hold: frozenset[Duty] = frozenset()
    """Steps the same person may have taken before: the first one, for the principal leader."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an item's chain, and its valid signature if there is one."""

    duty: Duty
    signed: SignOff | None = None


def chain_of(row: SignOffChain | None) -> Chain:
    if row is None:
        return DEFAULT_CHAIN
    return Chain(
        ordinary=_duties(row.ordinary),
        major=_duties(row.major),
        restricted_first=_duties(row.restricted_first),
    )


def _duties(names: Iterable[str]) -> tuple[Duty, ...]:
    return tuple(Duty(name) for name in names)


SIGNING = frozenset({Duty.CONFIDENTIALITY_REVIEWER, Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER})
"""The duties whose signature a chain may ask for."""


def check_chain(chain: Chain) -> None:
    """分管领导审签；重大信息主要领导审签: both stay in every chain, nobody signs twice."""
    lists = (chain.ordinary, chain.major, chain.restricted_first)
    known = all(set(duties) <= SIGNING and len(set(duties)) == len(duties) for duties in lists)
    leaders = {Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER}
    led = bool(leaders & set(chain.ordinary)) and Duty.PRINCIPAL_LEADER in chain.major
    apart = not set(chain.restricted_first) & {*chain.ordinary, *chain.major}
    if not (known and led and apart):
        raise ChainInvalid


def required_steps(chain: Chain, *, is_major: bool, restricted: bool) -> tuple[Duty, ...]:
    """分管领导审签；重大信息并由主要领导审签；敏感条线、涉稳的先经保密审查 (二(一), R13–R17)."""
    first = chain.restricted_first if restricted else ()
    return (*first, *(chain.major if is_major else chain.ordinary))


def next_step(steps: Sequence[Duty], done: Collection[Duty]) -> Duty | None:
    """The first step nobody has taken for this text; None when all are."""
    return next((step for step in steps if step not in done), None)


def open_step(steps: Sequence[Duty], done: Collection[Duty]) -> Duty:
    """What a pending item waits for.

    When the very text was signed before – it was returned, or edited and changed back – the
    last signer says so again: a laid item never passes by itself.
    """
    return next_step(steps, done) or steps[-1]


def is_valid(sign_off: SignOff, content_sha256: str) -> bool:
    """A signature holds for its own text alone, with name and post (B2, B3, R15)."""
    return (
        sign_off.decision is Decision.SIGNED
        and sign_off.content_sha256 == content_sha256
        and bool(sign_off.signer_name and sign_off.signer_post)
    )


def valid(sign_offs: Iterable[SignOff], content_sha256: str) -> dict[Duty, SignOff]:
    """The latest valid signature of each step, in the order they were given."""
    ordered = sorted(sign_offs, key=_moment)
    return {each.step: each for each in ordered if is_valid(each, content_sha256)}


def _moment(sign_off: SignOff) -> datetime:
    return sign_off.signed_at


def check_waiting(state: ItemState) -> None:
    if state is not ItemState.PENDING_SIGN_OFF:
        raise NotWaiting(state)


def check_text(shown_sha256: str, item: Item) -> None:
    """Exactly the text that was shown is signed."""
    if shown_sha256 != item.content_sha256:
        raise TextChanged


def check_declared(declared: bool) -> None:
    if not declared:
        raise SignerNotDeclared


def check_reason(reason: str) -> None:
    if not reason:
        raise SendBackReasonMissing
    if len(reason) > REASON_LIMIT:
        raise SendBackReasonTooLong


def check_signer(
    actor: Actor, unit_id: UUID, steps: Sequence[Duty], step: Duty, *, has_leader: bool
) -> Seat:
    """The capacity in which the actor takes this step; `has_leader`: of the leader in charge.

    One's own duty, or one held for another under a grant (「X 代 Y」). The principal leader may
    take the first step too, himself in the leader's absence, a deputy only where the unit has
    no leader in charge. Raises StepOfAnother.
    """
    principal = actor.holding(Duty.PRINCIPAL_LEADER, unit_id)
    own = actor.holding(step, unit_id)
    if principal is None or not _stands_for_both(principal, has_leader):
        return _own_seat(own, step)
    if step is Duty.LEADER_IN_CHARGE and (own is None or Duty.PRINCIPAL_LEADER in steps):
        both = tuple(each for each in steps if each in (step, Duty.PRINCIPAL_LEADER))
        return Seat(principal, both, in_absence=has_leader and own is None)
    return _own_seat(own, step, may_hold=frozenset({Duty.LEADER_IN_CHARGE}))


def _own_seat(own: Held | None, step: Duty, may_hold: frozenset[Duty] = frozenset()) -> Seat:
    if own is None:
        raise StepOfAnother(step)
    return Seat(own, (step,), may_hold=may_hold if step is Duty.PRINCIPAL_LEADER else frozenset())


def _stands_for_both(principal: Held, has_leader: bool) -> bool:
    return principal.deputy_for is None or not has_leader


def check_not_author(
    people: Collection[UUID | None], writers: Collection[object], *, self_sign_off: bool
) -> None:
    """Neither the author nor anyone who changed the text signs it, unless the unit is excepted;
    nor does a deputy sign it in their name. `people`: those whose signature it would be.

    The exception is on record with the unit: a single leader who also writes (B4).
    """
    if not self_sign_off and any(person in writers for person in people):
        raise OwnText


def signing(person_id: UUID | None, seat: Seat) -> tuple[UUID | None, ...]:
    """Whose signature it would be: his own, and 「X 代 Y」 that of Y."""
    absent = seat.held.deputy_for_id
    return (person_id, absent) if absent else (person_id,)


def check_other_steps(person_id: UUID | None, signed: dict[Duty, SignOff], seat: Seat) -> None:
    """Two steps, two people; only the principal leader may have taken the first one too."""
    for duty, sign_off in signed.items():
        mine = sign_off.signer_id == person_id
        if mine and duty not in seat.steps and duty not in seat.may_hold:
            raise SignedAlready(duty)
