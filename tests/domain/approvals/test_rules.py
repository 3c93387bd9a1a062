"""Tables of the sign-off chain, without a database."""

from uuid import UUID

import pytest

from domain.approvals import rules
from domain.kit.actor import Actor, Duty, Held

UNIT, OTHER = UUID(int=1), UUID(int=2)
REVIEWER, LEADER, PRINCIPAL = (
    Duty.CONFIDENTIALITY_REVIEWER,
    Duty.LEADER_IN_CHARGE,
    Duty.PRINCIPAL_LEADER,
)


@pytest.mark.parametrize(
    ("is_major", "restricted", "steps"),
    [
        (False, False, (LEADER,)),
        (True, False, (LEADER, PRINCIPAL)),
        (False, True, (REVIEWER, LEADER)),
        (True, True, (REVIEWER, LEADER, PRINCIPAL)),
    ],
)
def test_the_notice_asks_for_these_steps(is_major, restricted, steps):
    chain = rules.DEFAULT_CHAIN
    assert rules.required_steps(chain, is_major=is_major, restricted=restricted) == steps


@pytest.mark.parametrize(
    ("done", "following", "opened"),
    [
        ((), LEADER, LEADER),
        ((LEADER,), PRINCIPAL, PRINCIPAL),
        ((PRINCIPAL,), LEADER, LEADER),
        ((LEADER, PRINCIPAL), None, PRINCIPAL),
    ],
)
def test_steps_follow_one_another(done, following, opened):
    steps = (LEADER, PRINCIPAL)
    assert (rules.next_step(steps, done), rules.open_step(steps, done)) == (following, opened)


def person(*duties, deputy_for=None, unit=UNIT):
    held = tuple(
        Held(duty=duty, post="示例", unit_id=unit, unit_name="示例", deputy_for=deputy_for)
        for duty in duties
    )
    return Actor(name="示例", person_id=UUID(int=9), held=held)


MAJOR = (LEADER, PRINCIPAL)


@pytest.mark.parametrize(
    ("actor", "steps", "step", "has_leader", "taken", "in_absence"),
    [
        (person(LEADER), (LEADER,), LEADER, True, (LEADER,), False),
        (person(PRINCIPAL), (LEADER,), LEADER, True, (LEADER,), True),
        (person(PRINCIPAL), (LEADER,), LEADER, False, (LEADER,), False),
        (person(PRINCIPAL), MAJOR, LEADER, True, MAJOR, True),
        (person(PRINCIPAL), MAJOR, LEADER, False, MAJOR, False),
        (person(PRINCIPAL), MAJOR, PRINCIPAL, True, (PRINCIPAL,), False),
        (person(LEADER, PRINCIPAL), (LEADER,), LEADER, True, (LEADER,), False),
        (person(LEADER, PRINCIPAL), MAJOR, LEADER, True, MAJOR, False),
        (person(LEADER), MAJOR, LEADER, True, (LEADER,), False),
        (person(PRINCIPAL, deputy_for="某人"), MAJOR, PRINCIPAL, True, (PRINCIPAL,), False),
        (person(PRINCIPAL, deputy_for="某人"), MAJOR, LEADER, False, MAJOR, False),
        (person(REVIEWER), (REVIEWER, LEADER), REVIEWER, True, (REVIEWER,), False),
    ],
)
def test_who_takes_which_steps(actor, steps, step, has_leader, taken, in_absence):
    seat = rules.check_signer(actor, UNIT, steps, step, has_leader=has_leader)
    assert (seat.steps, seat.in_absence) == (taken, in_absence)


@pytest.mark.parametrize(
    ("actor", "steps", "step"),
    [
        (person(LEADER), MAJOR, PRINCIPAL),
        (person(LEADER, unit=OTHER), (LEADER,), LEADER),
        (person(PRINCIPAL), (REVIEWER, LEADER), REVIEWER),
        (person(PRINCIPAL, deputy_for="某人"), MAJOR, LEADER),
        (person(REVIEWER), (LEADER,), LEADER),
        (person(Duty.CORRESPONDENT, Duty.ADMINISTRATOR), (LEADER,), LEADER),
        (person(), (LEADER,), LEADER),
    ],
)
def test_who_does_not_take_the_step(actor, steps, step):
    with pytest.raises(rules.StepOfAnother) as refused:
        rules.check_signer(actor, UNIT, steps, step, has_leader=True)
    assert refused.value.step is step


@pytest.mark.parametrize(
    ("ordinary", "major", "first"),
    [
        ((), (LEADER, PRINCIPAL), ()),
        ((LEADER,), (LEADER,), ()),
        ((LEADER, LEADER), (LEADER, PRINCIPAL), ()),
        ((LEADER,), (LEADER, PRINCIPAL), (LEADER,)),
        ((LEADER, Duty.FINANCE), (LEADER, PRINCIPAL), ()),
    ],
)
def test_a_chain_without_the_notices_leaders_is_refused(ordinary, major, first):
    with pytest.raises(rules.ChainInvalid):
        rules.check_chain(rules.Chain(ordinary=ordinary, major=major, restricted_first=first))


def test_the_default_chain_is_a_chain():
    rules.check_chain(rules.DEFAULT_CHAIN)
