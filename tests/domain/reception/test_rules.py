"""The offices' table of steps."""

import pytest

from domain.kit.actor import SYSTEM, Actor
from domain.kit.errors import DutyRequired
from domain.reception import rules
from domain.reception.models import ReceptionState as State

ALLOWED = {
    (State.SUBMITTED, State.RECEIVED), (State.SUBMITTED, State.RETURNED),
    (State.SUBMITTED, State.REJECTED), (State.SUBMITTED, State.WITHDRAWN),
    (State.RECEIVED, State.IN_EDITING), (State.RECEIVED, State.ADOPTED),
    (State.RECEIVED, State.NOT_ADOPTED), (State.RECEIVED, State.RETURNED),
    (State.RECEIVED, State.REJECTED), (State.IN_EDITING, State.ADOPTED),
    (State.IN_EDITING, State.NOT_ADOPTED), (State.IN_EDITING, State.RETURNED),
    (State.IN_EDITING, State.REJECTED), (State.NOT_ADOPTED, State.ADOPTED),
    (State.RETURNED, State.SUBMITTED),
}  # fmt: skip


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("wanted", State)
def test_an_office_goes_these_steps_and_no_others(state, wanted):
    if (state, wanted) in ALLOWED:
        rules.check_step(state, wanted)
        return
    with pytest.raises(rules.StepRefused) as refused:
        rules.check_step(state, wanted)
    assert refused.value.facts == {"state": state, "wanted": wanted}


def test_only_the_offices_own_editors_act():
    rules.check_editor(SYSTEM, 1)
    with pytest.raises(DutyRequired):
        rules.check_editor(Actor(name="示例"), 1)


def test_a_reason_is_given_and_not_endless():
    with pytest.raises(rules.ReasonMissing):
        rules.check_reason("")
    rules.check_reason("理" * 500)
    with pytest.raises(rules.ReasonTooLong):
        rules.check_reason("理" * 501)
