"""What a unit does with its items until they are signed."""

import asyncio
from datetime import timedelta

import pytest

from domain.approvals import queries as approvals
from domain.items import actions, completeness, queries, rules
from domain.items.marks import MarkedClassified
from domain.items.models import Attachment, Item, ItemRevision, ItemState, SubmissionChannel
from domain.kit import clock
from domain.kit.actor import SYSTEM, Duty, Scope
from domain.kit.errors import DutyRequired, NotFound, Refusals, ScopeMissing
from domain.kit.models import AuditEvent
from tests import make
from tests.domain.items import chain


async def test_the_unit_comes_from_the_appointment(db):
    house = await chain.house()
    item = await chain.draft(house)
    assert (item.unit_id, item.author_id) == (house.unit.id, house.writer.person_id)
    assert (item.reporter, item.state) == (house.writer.name, ItemState.DRAFT)


async def test_a_unit_of_others_cannot_be_named(db):
    house, other = await chain.house(), await chain.house()
    with pytest.raises(DutyRequired):
        await chain.draft(house, unit_id=other.unit.id)
    assert await Item.all().count() == 0


async def test_a_correspondent_of_two_units_chooses(db):
    house = await chain.house()
    second = await make.unit()
    person = await make.Person.get(id=house.writer.person_id)
    await make.appointment(Duty.CORRESPONDENT, person=person, unit=second)
    writer = await make.again(house.writer)
    assert (await chain.draft(house, writer, unit_id=second.id)).unit_id == second.id
    assert (await chain.draft(house, writer)).unit_id == writer.unit_id


async def test_a_person_reports_under_his_own_name(db):
    house = await chain.house()
    item = await chain.draft(house, reporter="别人")
    assert item.reporter == house.writer.name
    item = await actions.save(house.writer, item.id, reporter="别人")
    assert item.reporter == house.writer.name


@pytest.mark.parametrize(
    "duty", sorted(set(Duty) - set(rules.AUTHORS), key=lambda duty: duty.value)
)
async def test_other_duties_write_no_items(db, duty):
    house = await chain.house()
    with pytest.raises(DutyRequired):
        await chain.draft(house, await make.actor(duty, unit=house.unit))
    assert await Item.all().count() == 0


async def test_a_token_writes_for_its_unit_and_names_the_reporter(db):
    house = await chain.house()
    _, token = await make.token(Scope.SUBMIT, unit=house.unit)
    with pytest.raises(completeness.ReporterMissing):
        await chain.draft(house, token)
    item = await chain.draft(house, token, reporter="示例报送人")
    item = await actions.lay_for_sign_off(token, item.id)
    assert (item.author_id, item.reporter, item.channel) == (
        None, "示例报送人", SubmissionChannel.API,
    )  # fmt: skip
    assert (await chain.sign(house.leader, item)).state is ItemState.SUBMITTED


async def test_a_token_without_the_scope_writes_nothing(db):
    house = await chain.house()
    _, token = await make.token(Scope.READ, unit=house.unit)
    with pytest.raises(ScopeMissing):
        await chain.draft(house, token, reporter="示例")
    item = await chain.draft(house)
    with pytest.raises(ScopeMissing):
        await actions.save(token, item.id, title="换过的标题")
    assert (await Item.get()).title == item.title


@pytest.mark.parametrize(
    "given",
    [
        {"stability_related": True},
        {"information_type": "problem", "counter_measure": "示例"},
    ],
)
async def test_restricted_items_do_not_come_by_token(db, given):
    house = await chain.house()
    _, token = await make.token(Scope.SUBMIT, unit=house.unit)
    with pytest.raises(rules.RestrictedByToken):
        await chain.draft(house, token, reporter="示例", **given)
    item = await chain.draft(house)
    with pytest.raises(rules.RestrictedByToken):
        await actions.save(token, item.id, **given)
    assert await Item.filter(restricted=True).count() == 0


async def test_a_closed_unit_begins_nothing(db):
    house = await chain.house()
    house.unit.valid_until = clock.today() - timedelta(days=1)
    await house.unit.save()
    with pytest.raises(rules.UnitReportsNoLonger):
        await chain.draft(house)


async def test_everything_missing_is_said_at_once(db):
    house = await chain.house()
    item = await actions.create(
        house.writer,
        title=" ",
        occurred_on=clock.today() + timedelta(days=1),
        information_type="problem",
    )
    with pytest.raises(Refusals) as refused:
        await actions.lay_for_sign_off(house.writer, item.id)
    assert [error.field for error in refused.value.errors] == [
        "title", "body", "occurred_on", "office_ids", "topic_id", "counter_measure",
        "declared_unclassified",
    ]  # fmt: skip
    assert (await Item.get()).state is ItemState.DRAFT
    assert await ItemRevision.all().count() == 0


async def test_a_single_thing_missing_is_its_own_refusal(db):
    house = await chain.house()
    item = await chain.draft(house, office_ids=[])
    with pytest.raises(completeness.OfficeMissing):
        await actions.lay_for_sign_off(house.writer, item.id)


async def test_photography_needs_a_picture_and_no_words(db, picture):
    house = await chain.house()
    item = await chain.draft(house, genre="photography", body="", topic_id=None)
    with pytest.raises(completeness.PictureMissing):
        await actions.lay_for_sign_off(house.writer, item.id)
    await actions.attach(house.writer, item.id, name="a.png", content=picture, caption="示例")
    item = await actions.lay_for_sign_off(house.writer, item.id)
    assert item.state is ItemState.PENDING_SIGN_OFF


async def test_laying_keeps_the_text_as_it_is_shown(db):
    house = await chain.house()
    item = await chain.laid(house)
    kept = await queries.revision(item, item.content_sha256)
    assert kept.content == rules.content_of(await queries.get(house.writer, item.id), [])
    assert kept.content["title"] == "示例乡牧道通车"
    with pytest.raises(rules.AlreadyLaid):
        await actions.lay_for_sign_off(house.writer, item.id)


async def test_a_changed_text_is_a_draft_again_and_the_trail_says_so(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    item = await actions.save(house.writer, item.id, body="示例乡四公里牧道今日通车。")
    assert item.state is ItemState.DRAFT
    assert await approvals.valid_sign_offs(item) == []
    assert await AuditEvent.filter(verb="void-sign-off", thing_id=str(item.id)).count() == 1


async def test_saving_the_same_text_voids_nothing(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    item = await actions.save(house.writer, item.id, title=item.title, body=item.body)
    assert item.state is ItemState.SIGNED_OFF
    assert len(await approvals.valid_sign_offs(item)) == 1


async def test_an_attachment_is_part_of_what_is_signed(db, picture):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    kept = await actions.attach(
        house.writer, item.id, name="a.png", content=picture, caption="示例"
    )
    now = await Item.get()
    assert (now.state, now.content_sha256 == item.content_sha256) == (ItemState.DRAFT, False)
    now = await actions.detach(house.writer, item.id, kept.id)
    assert now.content_sha256 == item.content_sha256
    assert now.state is ItemState.DRAFT


async def test_a_major_item_stays_major_once_it_was_laid(db):
    house = await chain.house()
    item = await chain.draft(house, is_major=True)
    item = await actions.save(house.writer, item.id, is_major=False)
    item = await actions.save(house.writer, item.id, is_major=True)
    await actions.lay_for_sign_off(house.writer, item.id)
    await actions.take_back(house.writer, item.id)
    with pytest.raises(rules.MajorStays):
        await actions.save(house.writer, item.id, is_major=False)
    assert (await Item.get()).is_major


async def test_raising_a_signed_item_reopens_the_chain_and_keeps_the_first_signature(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    item = await actions.save(house.writer, item.id, is_major=True)
    assert item.state is ItemState.PENDING_SIGN_OFF
    steps = await approvals.steps_of(item)
    assert [(step.duty, step.signed is not None) for step in steps] == [
        (Duty.LEADER_IN_CHARGE, True), (Duty.PRINCIPAL_LEADER, False),
    ]  # fmt: skip


async def test_a_late_save_gets_both_texts_and_changes_nothing(db):
    house = await chain.house()
    item = await chain.draft(house)
    await actions.save(house.writer, item.id, expected_version=1, title="先存的标题")
    with pytest.raises(rules.ItemChanged) as refused:
        await actions.save(house.writer, item.id, expected_version=1, title="后存的标题")
    error = refused.value
    assert (error.mine, error.theirs) == ({"title": "后存的标题"}, {"title": "先存的标题"})
    assert (error.expected, error.current) == (1, 2)
    assert (await Item.get()).title == "先存的标题"


async def test_of_two_saves_at_once_one_wins_and_one_is_told(db):
    house = await chain.house()
    item = await chain.draft(house)
    answers = await asyncio.gather(
        *(
            actions.save(house.writer, item.id, expected_version=1, title=f"示例{number}")
            for number in range(5)
        ),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Item"] + ["ItemChanged"] * 4
    assert (await Item.get()).version == 2


async def test_a_submitted_item_is_not_in_the_units_hands(db, picture):
    house = await chain.house()
    item = await chain.submitted(house)
    with pytest.raises(rules.NotInHand):
        await actions.save(house.writer, item.id, title="换过的标题")
    with pytest.raises(rules.NotInHand):
        await actions.attach(house.writer, item.id, name="a.png", content=picture, caption="示例")
    with pytest.raises(rules.NotPending):
        await actions.take_back(house.writer, item.id)
    assert (await Item.get()).title == item.title
    assert await Attachment.all().count() == 0


async def test_what_others_may_not_see_they_cannot_change(db):
    house, other = await chain.house(), await chain.house()
    item = await chain.draft(house)
    with pytest.raises(NotFound):
        await actions.save(other.writer, item.id, title="换过的标题")
    submitted = await chain.submitted(house)
    with pytest.raises(DutyRequired):
        await actions.save(house.editor, submitted.id, title="换过的标题")


async def test_unknown_topics_and_offices_are_refused(db):
    house = await chain.house()
    with pytest.raises(rules.TopicUnknown):
        await chain.draft(house, topic_id=house.unit.id)
    with pytest.raises(rules.OfficeUnknown):
        await chain.draft(house, office_ids=[house.office.id, house.unit.id])
    assert await Item.all().count() == 0


async def test_restricted_follows_unit_type_and_stability(db):
    house = await chain.house()
    item = await chain.draft(house)
    assert not item.restricted
    item = await actions.save(house.writer, item.id, stability_related=True)
    assert item.restricted
    item = await actions.save(house.writer, item.id, stability_related=False)
    assert not item.restricted
    quiet = await chain.house(restricted_line=True)
    assert (await chain.draft(quiet)).restricted


@pytest.mark.parametrize("field", ["title", "body", "counter_measure"])
async def test_marked_text_leaves_no_trace_but_who_when_and_which_rule(db, field):
    house = await chain.house()
    with pytest.raises(MarkedClassified) as refused:
        await chain.draft(house, **{field: "关于某事 机密★10年"})
    assert (refused.value.field, refused.value.facts) == (field, {})
    assert await Item.all().count() == 0
    event = await AuditEvent.get(verb="refuse-marked")
    assert (event.person_id, event.thing_id) == (house.writer.person_id, "-")
    assert event.facts == {"rule": "star"}


async def test_a_save_with_marked_text_changes_nothing(db):
    house = await chain.house()
    item = await chain.draft(house)
    with pytest.raises(MarkedClassified):
        await actions.save(house.writer, item.id, body="<p>绝<em>密</em>★</p>")
    assert (await Item.get()).version == item.version


async def test_imports_name_unit_and_reporter(db):
    house = await chain.house()
    item = await chain.draft(house, SYSTEM, unit_id=house.unit.id, reporter="示例报送人")
    assert (item.author_id, item.reporter) == (None, "示例报送人")


async def test_the_months_items_are_those_first_submitted_in_it(db):
    house = await chain.house()
    item = await chain.submitted(house)
    await chain.draft(house)
    month = clock.Month.of(clock.today())
    found = await queries.month_of(house.writer, house.unit.id, month)
    assert [each.id for each in found] == [item.id]
    assert await queries.month_of(house.writer, house.unit.id, month.previous) == []
