"""AC10: what is restricted is seen by nobody else: not in lists, counts, reasons or messages."""

from datetime import date

import pytest

from domain.approvals import queries as approvals
from domain.circulars import figures
from domain.circulars.models import PeriodClose
from domain.items import actions as items
from domain.items import queries
from domain.items.models import Attachment, InformationType, Item
from domain.kit import clock
from domain.kit.actor import Actor, Duty, Scope
from domain.kit.clock import Month
from domain.kit.errors import DomainError, NotFound
from domain.notices import queries as notices
from domain.outlets import actions as outlets
from domain.outlets import queries as adoptions
from domain.points import queries as points
from domain.reception import actions as reception
from domain.reception import queries as receptions
from tests import make
from tests.abuse.attack import on
from tests.domain.items import chain
from tests.domain.points import sent

SECRET = "示例暗语青稞"
KINDS = {
    "line": ({"restricted_line": True}, {}),
    "stability": ({}, {"stability_related": True}),
    "problem": (
        {},
        {"information_type": InformationType.PROBLEM, "counter_measure": f"示例对策{SECRET}"},
    ),
}


async def house_with(kind):
    unit, facts = KINDS[kind]
    house = await chain.house(**unit)
    reviewer = await make.actor(Duty.CONFIDENTIALITY_REVIEWER, unit=house.unit)
    item = await chain.laid(house, title=f"{SECRET}标题", body=f"{SECRET}正文", **facts)
    if kind != "problem":
        item = await chain.sign(reviewer, item)
    return house, await chain.sign(house.leader, item)


async def onlookers(house):
    """Everybody whose work it is not."""
    elsewhere = await make.unit()
    found = [
        await make.actor(duty, unit=elsewhere)
        for duty in Duty
        if duty is not Duty.PUBLICITY_DEPARTMENT
    ]
    found += [
        await make.actor(duty, unit=house.unit)
        for duty in (Duty.ADMINISTRATOR, Duty.FINANCE, Duty.AUDITOR, Duty.SUPERVISION_OFFICE)
    ]
    for unit in (house.unit, elsewhere, None):
        for scopes in ([Scope.READ], [Scope.ADOPT, Scope.READ]):
            found.append((await make.token(*scopes, unit=unit))[1])
    return [*found, Actor(name="")]


async def everything_shown_to(actor, house, month) -> str:
    """All that the domain's doors give this actor, as one text."""
    shown = [
        await queries.visible_to(actor).values("title", "body", "counter_measure"),
        await queries.visible_to(actor).filter(title__icontains=SECRET).count(),
        await queries.of_unit(actor, house.unit.id).count(),
        await queries.month_of(actor, house.unit.id, month).values("title"),
        [dict(each) for each in await receptions.visible_to(actor)],
        [dict(each) for each in await receptions.inbox(actor)],
        await receptions.counts(actor),
        [dict(each) for each in await adoptions.visible_to(actor)],
        [dict(each) for each in await adoptions.waiting(actor)],
        [dict(each) for each in await approvals.visible_to(actor)],
        await approvals.inbox_ids(actor),
        [notices.sentence(each, "zh") for each in await notices.visible_to(actor)],
        [dict(each) for each in await notices.visible_to(actor)],
        [line.as_json() for line in await points.ranking(month)],
    ]
    return str(shown)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_restricted_item_leaves_no_trace_for_anybody_else(db, kind):
    await make.county()
    await sent.policy()
    house, item = await house_with(kind)
    assert item.restricted
    held = await chain.at(item, house.office)
    await reception.receive(house.editor, held.id)
    outlet = await make.outlet()
    adoption = await outlets.record(
        house.editor,
        item.id,
        outlet_id=outlet.id,
        adopted_on=clock.today(),
        evidence_url="https://example.org/1",
    )
    publicity = await make.actor(Duty.PUBLICITY_DEPARTMENT)
    await outlets.confirm(publicity, adoption.id)
    await outlets.withdraw(publicity, adoption.id, reason=f"{SECRET}理由")
    await reception.return_for_revision(house.editor, held.id, reason=f"{SECRET}退回")
    month = Month.of(clock.today())
    for actor in await onlookers(house):
        assert SECRET not in await everything_shown_to(actor, house, month), actor
        assert await queries.visible_to(actor).count() == 0
        await _all_doors_are_shut(actor, item, held, adoption)
        await _reasons_say_nothing(actor, house, month)
    mine = await everything_shown_to(await make.again(house.writer), house, month)
    assert SECRET in mine


async def _all_doors_are_shut(actor, item, held, adoption):
    for act in (
        queries.get(actor, item.id),
        receptions.get(actor, held.id),
        adoptions.get(actor, adoption.id),
        items.save(actor, item.id, body="示例"),
        items.take_back(actor, item.id),
        reception.receive(actor, held.id),
        outlets.withdraw(actor, adoption.id, reason="示例"),
    ):
        with pytest.raises(NotFound):
            await act


async def _reasons_say_nothing(actor, house, month):
    """「为什么是这个分」 counts the item, and names neither it nor its outlet nor a reason."""
    try:
        reasons = await points.explain(actor, house.unit.id, month)
    except DomainError:
        return
    assert len(reasons) == 3
    for reason in reasons:
        assert reason.title is None
        for language in ("zh", "en"):
            said = reason.sentence(language)
            assert SECRET not in said
            assert "示例报" not in said


async def test_an_attachment_is_shut_with_its_item(db, tmp_path):
    house = await chain.house(restricted_line=True)
    item = await chain.draft(house)
    file = await items.attach(house.writer, item.id, name="附件.txt", content="示例".encode())
    for actor in await onlookers(house):
        with pytest.raises(NotFound):
            await queries.attachment(actor, file.id)
    assert (await queries.attachment(house.leader, file.id)).id == file.id
    assert await Attachment.all().count() == 1


async def test_a_late_restricted_adoption_is_listed_without_its_title(db):
    await make.county()
    async with on(2019, 5, 20):
        await sent.policy()
        item = await sent.item(await make.unit(), date(2019, 4, 3), title=SECRET, restricted=True)
        await PeriodClose.create(month=date(2019, 4, 1), closed_at=clock.now())
        await sent.adoption(item, await make.outlet(), date(2019, 4, 9))
        data = await figures.live(Month.parse("2019-05"))
    assert [(entry.title, entry.outlet) for entry in data.late] == [("（不公开的信息）", "县级")]
    assert SECRET not in str(data.as_json())


async def test_an_unsigned_edit_opens_nothing_that_an_office_holds(db):
    house, item = await house_with("problem")
    held = await chain.at(item, house.office)
    await reception.return_for_revision(house.editor, held.id, reason="示例")
    await items.save(house.writer, item.id, information_type=InformationType.DYNAMIC)
    assert (await Item.get(id=item.id)).restricted
    supervisor = await make.actor(Duty.SUPERVISION_OFFICE)
    assert await queries.visible_to(supervisor).count() == 0


async def test_a_draft_may_still_become_an_ordinary_one(db):
    house = await chain.house()
    item = await chain.draft(house, stability_related=True)
    item = await items.save(house.writer, item.id, stability_related=False)
    assert not item.restricted


async def test_a_token_neither_enters_nor_changes_what_is_restricted(db):
    house = await chain.house()
    _, token = await make.token(Scope.SUBMIT, unit=house.unit)
    for facts in (
        {"stability_related": True},
        {"information_type": InformationType.PROBLEM, "counter_measure": "示例"},
    ):
        with pytest.raises(items.rules.RestrictedByToken):
            await chain.draft(house, actor=token, reporter="示例人", **facts)
    item = await chain.draft(house, actor=token, reporter="示例人")
    with pytest.raises(items.rules.RestrictedByToken):
        await items.save(token, item.id, stability_related=True)
    restricted = await chain.draft(house, stability_related=True)
    with pytest.raises(NotFound):
        await items.save(token, restricted.id, stability_related=False)


async def test_an_office_that_was_not_addressed_sees_nothing_of_it(db):
    house, item = await house_with("line")
    other = await make.actor(Duty.OFFICE_EDITOR)
    assert await receptions.inbox(other).count() == 0
    assert await receptions.of_item(other, item.id).count() == 0
    with pytest.raises(NotFound):
        await queries.get(other, item.id)
    assert (await queries.get(house.editor, item.id)).id == item.id
