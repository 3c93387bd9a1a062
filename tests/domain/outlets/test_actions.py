"""Adoptions: recorded with evidence by one, confirmed by another, never deleted (G1–G4, R26–R28)."""

import asyncio
from datetime import timedelta

import pytest
from tortoise.exceptions import IntegrityError

from domain.items.models import Item, SubmissionChannel
from domain.items.uploads import FileTypeRefused
from domain.kit import clock, hooks
from domain.kit.actor import SYSTEM, Duty, Scope
from domain.kit.errors import (
    DutyRequired,
    NotFound,
    Refusals,
    ScopeMissing,
    StaleVersion,
    TokensMayNot,
)
from domain.kit.hooks import Happening
from domain.notices.models import Message
from domain.outlets import actions, queries, rules
from domain.outlets.models import Adoption, AdoptionState, MediaOutlet, OutletLevel
from tests import make
from tests.domain.items import chain

LINK = "https://example.org/2018/1"


@pytest.fixture(autouse=True)
def heard(monkeypatch):
    """What is told upward, without its usual listeners."""
    told = []
    for happening in Happening:

        async def listen(*, _kind=happening, **facts):
            told.append((_kind, facts))

        monkeypatch.setitem(hooks._listeners, happening, [listen])
    return told


async def record(actor, item, outlet, **given):
    facts = {"adopted_on": clock.today(), "evidence_url": LINK}
    return await actions.record(actor, item.id, outlet_id=outlet.id, **facts | given)


async def case():
    house = await chain.house()
    return house, await chain.submitted(house), await make.outlet(level=OutletLevel.PREFECTURE)


async def test_an_adoption_counts_once_another_person_confirms(db, heard):
    house, item, outlet = await case()
    made = await record(house.writer, item, outlet, position=" 头版 头条 ")
    assert (made.state, made.level, made.position) == (
        AdoptionState.RECORDED, OutletLevel.PREFECTURE, "头版 头条",
    )  # fmt: skip
    kinds = [kind for kind, _ in heard]
    assert kinds == [Happening.ITEM_SUBMITTED]
    made = await actions.confirm(house.editor, made.id)
    assert (made.state, made.confirmed_by_name) == (AdoptionState.CONFIRMED, house.editor.name)
    assert [kind for kind, _ in heard][1:] == [Happening.ADOPTION_CONFIRMED]
    message = await Message.get()
    assert (message.code, message.facts["outlet"]) == ("adopted-by-outlet", outlet.name)
    assert message.unit_id == house.unit.id


async def test_who_recorded_it_does_not_confirm_it(db, heard):
    house, item, outlet = await case()
    made = await record(house.editor, item, outlet)
    with pytest.raises(rules.ConfirmedByAnother):
        await actions.confirm(house.editor, made.id)
    assert (await Adoption.get()).state is AdoptionState.RECORDED
    publicity = await make.actor(Duty.PUBLICITY_DEPARTMENT)
    assert (await actions.confirm(publicity, made.id)).state is AdoptionState.CONFIRMED


async def test_the_database_itself_refuses_confirming_ones_own(db):
    house, item, outlet = await case()
    made = await record(house.editor, item, outlet)
    with pytest.raises(IntegrityError):
        await Adoption.filter(id=made.id).update(confirmed_by_id=house.editor.person_id)


async def test_units_and_tokens_confirm_nothing(db, heard):
    house, item, outlet = await case()
    made = await record(house.editor, item, outlet)
    for person in (house.writer, house.leader):
        with pytest.raises(DutyRequired):
            await actions.confirm(person, made.id)
    _, token = await make.token(Scope.ADOPT)
    with pytest.raises(TokensMayNot):
        await actions.confirm(token, made.id)
    assert (await Adoption.get()).state is AdoptionState.RECORDED


async def test_five_confirm_at_once_and_one_counts(db, heard):
    house, item, outlet = await case()
    made = await record(house.writer, item, outlet)
    people = [await make.actor(Duty.PUBLICITY_DEPARTMENT) for _ in range(5)]
    answers = await asyncio.gather(
        *(actions.confirm(person, made.id) for person in people), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == (
        ["Adoption"] + ["AdoptionSettled"] * 4
    )
    assert [kind for kind, _ in heard].count(Happening.ADOPTION_CONFIRMED) == 1


async def test_the_same_adoption_is_recorded_once(db, heard):
    house, item, outlet = await case()
    first = await record(house.editor, item, outlet)
    with pytest.raises(rules.AlreadyRecorded) as refused:
        await record(house.writer, item, outlet)
    error = refused.value
    assert (error.adoption_id, error.recorded_by) == (first.id, house.editor.name)
    assert await Adoption.all().count() == 1


async def test_of_five_records_at_once_one_is_kept(db, heard):
    house, item, outlet = await case()
    answers = await asyncio.gather(
        *(record(house.editor, item, outlet) for _ in range(5)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == (
        ["Adoption"] + ["AlreadyRecorded"] * 4
    )
    assert await Adoption.all().count() == 1


async def test_what_was_withdrawn_may_be_recorded_again(db, heard):
    house, item, outlet = await case()
    made = await record(house.editor, item, outlet)
    await actions.withdraw(house.editor, made.id, reason="日期写错")
    assert (await record(house.editor, item, outlet)).state is AdoptionState.RECORDED


async def test_a_confirmed_adoption_is_withdrawn_with_its_reason(db, heard):
    house, item, outlet = await case()
    made = await actions.confirm(house.editor, (await record(house.writer, item, outlet)).id)
    with pytest.raises(rules.WithdrawalReasonMissing):
        await actions.withdraw(house.editor, made.id, reason=" ")
    with pytest.raises(DutyRequired):
        await actions.withdraw(house.writer, made.id, reason="示例")
    made = await actions.withdraw(house.editor, made.id, reason="媒体撤稿")
    assert (made.state, made.withdrawal_reason) == (AdoptionState.WITHDRAWN, "媒体撤稿")
    assert heard[-1][0] is Happening.ADOPTION_WITHDRAWN
    assert await Adoption.all().count() == 1
    with pytest.raises(rules.AdoptionSettled):
        await actions.withdraw(house.editor, made.id, reason="再次")


async def test_what_never_counted_is_withdrawn_quietly_by_whoever_recorded_it(db, heard):
    house, item, outlet = await case()
    made = await record(house.writer, item, outlet)
    await actions.withdraw(house.writer, made.id, reason="登记错了")
    assert [kind for kind, _ in heard] == [Happening.ITEM_SUBMITTED]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://example.org", "http://", "见报", "http://[x", "https://a b"],
)
async def test_evidence_is_a_link_one_can_open(db, url):
    house, item, outlet = await case()
    with pytest.raises(rules.EvidenceNotALink):
        await record(house.editor, item, outlet, evidence_url=url)
    assert await Adoption.all().count() == 0


async def test_evidence_may_be_a_stored_clipping(db):
    house, item, outlet = await case()
    with pytest.raises(FileTypeRefused):
        await actions.keep_evidence(house.writer, name="a.exe", content=b"MZ")
    sha256 = await actions.keep_evidence(house.writer, name="剪报.txt", content="示例".encode())
    made = await record(house.writer, item, outlet, evidence_url="", evidence_sha256=sha256)
    assert made.evidence_sha256 == sha256
    with pytest.raises(rules.EvidenceUnknown):
        await record(
            house.writer, item, await make.outlet(), evidence_url="", evidence_sha256="0" * 64
        )


async def test_no_adoption_without_evidence_but_for_history_sheets(db):
    house, item, outlet = await case()
    with pytest.raises(rules.EvidenceMissing):
        await record(house.editor, item, outlet, evidence_url="")
    await Item.filter(id=item.id).update(channel=SubmissionChannel.LATE_ENTRY)
    assert (await record(SYSTEM, item, outlet, evidence_url="")).state is AdoptionState.RECORDED


async def test_dates_and_evidence_are_refused_together(db):
    house, item, outlet = await case()
    with pytest.raises(Refusals) as refused:
        await record(
            house.editor, item, outlet,
            adopted_on=clock.today() + timedelta(days=1), evidence_url="",
        )  # fmt: skip
    assert [type(error) for error in refused.value.errors] == [
        rules.AdoptedInFuture, rules.EvidenceMissing,
    ]  # fmt: skip
    with pytest.raises(rules.AdoptedBeforeItHappened):
        await record(house.editor, item, outlet, adopted_on=clock.today() - timedelta(days=1))


async def test_a_closed_outlet_adopts_nothing_after_its_last_day(db):
    house, item, outlet = await case()
    publicity = await make.actor(Duty.PUBLICITY_DEPARTMENT)
    await actions.close_outlet(publicity, outlet.id, last_day=clock.today() - timedelta(days=1))
    with pytest.raises(rules.OutletNotActive):
        await record(house.editor, item, outlet)
    assert [each.id for each in await queries.running(house.editor)] == []


async def test_a_draft_is_adopted_by_nobody(db):
    house, _, outlet = await case()
    with pytest.raises(rules.NotSubmittedYet):
        await record(house.writer, await chain.draft(house), outlet)


async def test_who_may_record(db):
    house, item, outlet = await case()
    stranger, other = await make.actor(Duty.OFFICE_EDITOR), await chain.house()
    for actor in (stranger, other.writer):
        with pytest.raises(NotFound):
            await record(actor, item, outlet)
    with pytest.raises(DutyRequired):
        await record(house.leader, item, outlet)
    supervisor = await make.actor(Duty.SUPERVISION_OFFICE)
    with pytest.raises(DutyRequired):
        await record(supervisor, item, outlet)
    _, reader = await make.token(Scope.READ, unit=house.unit)
    with pytest.raises(ScopeMissing):
        await record(reader, item, outlet)
    _, token = await make.token(Scope.ADOPT)
    made = await record(token, item, outlet)
    assert (made.recorded_by_id, made.recorded_by_name) == (None, token.name)
    assert (await actions.confirm(house.editor, made.id)).state is AdoptionState.CONFIRMED


async def test_a_late_confirmation_is_refused(db):
    house, item, outlet = await case()
    made = await record(house.writer, item, outlet)
    with pytest.raises(StaleVersion):
        await actions.confirm(house.editor, made.id, expected_version=made.version + 1)


async def test_the_register_is_kept_by_those_who_keep_it(db):
    admin = await make.actor(Duty.ADMINISTRATOR)
    outlet = await actions.create_outlet(admin, name=" 示例 日报 ", level=OutletLevel.COUNTY)
    assert (outlet.name, outlet.valid_from) == (
        "示例 日报", clock.Year.of(clock.today()).first,
    )  # fmt: skip
    with pytest.raises(rules.OutletNameTaken):
        await actions.create_outlet(admin, name="示例 日报", level=OutletLevel.NATION)
    with pytest.raises(DutyRequired):
        await actions.create_outlet(
            await make.actor(Duty.CORRESPONDENT), name="别的", level=OutletLevel.NATION
        )
    changed = await actions.change_outlet(
        admin, outlet.id, expected_version=1, level=OutletLevel.NATION
    )
    assert (changed.level, changed.name, changed.version) == (OutletLevel.NATION, "示例 日报", 2)
    with pytest.raises(StaleVersion):
        await actions.change_outlet(admin, outlet.id, expected_version=1, name="晚到")
    with pytest.raises(rules.OutletDates):
        await actions.close_outlet(admin, outlet.id, last_day=outlet.valid_from - timedelta(days=1))
    assert await MediaOutlet.all().count() == 1


async def test_an_adoption_keeps_the_level_of_its_day(db):
    house, item, outlet = await case()
    made = await record(house.editor, item, outlet)
    admin = await make.actor(Duty.ADMINISTRATOR)
    await actions.change_outlet(admin, outlet.id, level=OutletLevel.NATION)
    assert (await Adoption.get(id=made.id)).level is OutletLevel.PREFECTURE


async def test_what_waits_for_confirmation(db):
    house, item, outlet = await case()
    made = await record(house.writer, item, outlet)
    assert [each.id for each in await queries.waiting(house.editor)] == [made.id]
    assert await queries.waiting(await make.actor(Duty.OFFICE_EDITOR)) == []
    await actions.confirm(house.editor, made.id)
    assert await queries.waiting(house.editor) == []


async def test_a_weight_class_too_long_to_keep_is_refused_not_cut(db):
    keeper = await make.actor(Duty.PUBLICITY_DEPARTMENT)
    with pytest.raises(rules.TooLong) as refused:
        await actions.create_outlet(
            keeper, name="示例晚报", level=OutletLevel.COUNTY, weight_class="甲" * 21
        )
    assert (refused.value.field, refused.value.limit) == ("weight_class", 20)
    assert not await MediaOutlet.exists(name="示例晚报")
