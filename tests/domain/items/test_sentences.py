"""Every refusal of the chain that carries facts says them, in both languages."""

import re
from datetime import date

import pytest

from domain.approvals import rules as approvals
from domain.items import completeness, marks, rules, uploads
from domain.items.models import ItemState
from domain.kit import text
from domain.kit.actor import Duty
from domain.kit.errors import Refusals
from domain.outlets import rules as outlets
from domain.outlets.models import AdoptionState
from domain.reception import rules as reception
from domain.reception.models import ReceptionState

DAY = date(2018, 3, 26)
REFUSALS = [
    completeness.TitleTooLong(121), completeness.TextTooLong("body"),
    completeness.NotYetHappened(DAY), rules.UnitReportsNoLonger("示例乡", DAY),
    rules.NotInHand(ItemState.SUBMITTED), rules.NotPending(ItemState.DRAFT),
    rules.AlreadyLaid(ItemState.SIGNED_OFF),
    rules.ItemChanged(1, 2, {"title": "甲"}, {"title": "乙"}), marks.MarkedClassified("body"),
    uploads.FileTooLarge(), uploads.TooManyFiles(), uploads.CaptionTooLong(),
    reception.ReasonTooLong(),
    reception.StepRefused(ReceptionState.RECEIVED, ReceptionState.ADOPTED),
    reception.NotSignedOff(ItemState.DRAFT), reception.AlreadyReceived(["示例办", "示例中心"]),
    reception.NotWithdrawable(ItemState.RETURNED), approvals.NotWaiting(ItemState.SUBMITTED),
    approvals.StepOfAnother(Duty.PRINCIPAL_LEADER), approvals.SignedAlready(Duty.LEADER_IN_CHARGE),
    approvals.SendBackReasonTooLong(), approvals.ChainExists(DAY),
    outlets.OutletNameTaken("示例报"), outlets.OutletNotActive("示例报", DAY),
    outlets.AdoptedInFuture(DAY), outlets.AdoptedBeforeItHappened(DAY, DAY),
    outlets.TooLong("position", 60), outlets.AlreadyRecorded("示例报", DAY, "示例人", "1"),
    outlets.AdoptionSettled(AdoptionState.CONFIRMED),
    Refusals([completeness.TitleMissing(), completeness.OfficeMissing()]),
]  # fmt: skip


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_a_refusal_is_a_whole_sentence_in_both_languages(refusal):
    chinese, english = text.refusal(refusal, "zh"), text.refusal(refusal, "en")
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert "{" not in chinese + english
    assert re.search(r"[a-z]", english)


def test_facts_are_written_as_people_write_them():
    refusal = reception.StepRefused(ReceptionState.RECEIVED, ReceptionState.ADOPTED)
    assert text.refusal(refusal, "zh") == "此件在本单位“已接收”，不能改为“已采用”。"
    assert text.refusal(refusal, "en") == "Here the item is received; it cannot become adopted."
    refusal = approvals.StepOfAnother(Duty.PRINCIPAL_LEADER)
    assert text.refusal(refusal, "zh") == "此件现由本单位主要领导审签。"
