"""What is going on in the example county today, done by the people themselves."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.approvals import actions as approvals
from domain.circulars import actions as circulars
from domain.circulars import queries as circular_queries
from domain.circulars.models import CircularState, PeriodClose
from domain.items import actions as items
from domain.items.models import InformationType, Item
from domain.kit import clock
from domain.kit.actor import SYSTEM, Actor, Duty
from domain.kit.clock import Month, Quarter, months_between
from domain.outlets import actions as outlets
from domain.outlets.models import Adoption, AdoptionState
from domain.people import actions as people
from domain.people import queries as people_queries
from domain.people.models import Appointment
from domain.reception import actions as reception
from domain.reception.models import Reception
from xinbao.example import meetings
from xinbao.example.year import Setting

DESK = "云岭镇"
CAREFUL = "县公安局"


async def play(setting: Setting, last_closed: Month) -> None:
    """Months closed, adoptions taken back, and a desk with something in every state."""
    await _close_months(setting, last_closed)
    await _take_back(setting, last_closed)
    await _stand_in(setting)
    await _careful_desk(setting)
    for each in tomllib.loads(Path(__file__).with_name("desk.toml").read_text("utf-8"))["items"]:
        await _on_the_desk(setting, each)
    await meetings.play(setting)


async def actor(setting: Setting, login: str) -> Actor:
    return await people_queries.actor_of(setting.cast.by_login[login])


async def _editors(setting: Setting) -> list[tuple[Actor, UUID]]:
    """One editor of each office."""
    return [
        (await people_queries.actor_of(setting.cast.editors_of(office)[0]), office.id)
        for office in setting.offices
    ]


async def _close_months(setting: Setting, last: Month) -> None:
    editors = await _editors(setting)
    for month in months_between(setting.first, last):
        for editor, office_id in editors:
            await circulars.confirm_figures(editor, month, office_id=office_id)


async def _take_back(setting: Setting, last: Month) -> None:
    """Two adoptions of a closed month turn out not to have run: a reversal in an open one."""
    editor, _ = (await _editors(setting))[0]
    wrong = Adoption.filter(
        state=AdoptionState.CONFIRMED, adopted_on__lte=last.last, recorded_by_id=editor.person_id
    )
    for adoption in await wrong.order_by("-adopted_on", "id").limit(2):
        await outlets.withdraw(
            editor, adoption.id, reason="经核对，该媒体当日刊发的是同题其他稿件。"
        )


async def _stand_in(setting: Setting) -> None:
    """「X 代 Y」 in the publicity department, for a week."""
    unit = next(unit for unit in setting.units if unit.name == "县委宣传部")
    leader, _ = setting.cast.of(unit, Duty.LEADER_IN_CHARGE)
    appointment = await Appointment.get(person=leader, duty=Duty.LEADER_IN_CHARGE)
    today = clock.today()
    await people.grant_deputy(
        SYSTEM,
        appointment.id,
        deputy_id=setting.cast.by_login["xuanchuan"].id,
        deputy_post="新闻科科长",
        starts_on=today,
        ends_on=today + timedelta(days=7),
        reason="外出学习",
    )


async def _careful_desk(setting: Setting) -> None:
    """An item of a restricted line, waiting for its confidentiality review."""
    unit = next(unit for unit in setting.units if unit.name == CAREFUL)
    writer, _ = setting.cast.of(unit, Duty.CORRESPONDENT)
    author = await people_queries.actor_of(writer)
    item = await items.create(
        author,
        title="县公安局开展冬季治安集中清查行动",
        body="县公安局组织警力开展冬季治安集中清查，对重点场所、重点路段进行检查，消除各类隐患二十余处。",
        occurred_on=clock.today(),
        topic_id=setting.topics["社会和谐"].id,
        declared_unclassified=True,
        office_ids=[setting.offices[0].id],
    )
    await items.lay_for_sign_off(author, item.id)


async def _on_the_desk(setting: Setting, wanted: dict[str, Any]) -> None:
    author = await actor(setting, "tongxun")
    item = await items.create(
        author,
        title=wanted["title"],
        body=wanted["body"],
        information_type=InformationType.DYNAMIC,
        occurred_on=clock.today(),
        topic_id=setting.topics[wanted["topic"]].id,
        is_major=wanted.get("major", False),
        declared_unclassified=wanted["step"] != "draft",
        office_ids=[setting.offices[0].id, setting.offices[2].id],
    )
    step, reason = wanted["step"], wanted.get("reason", "")
    if step == "draft":
        return
    await items.lay_for_sign_off(author, item.id)
    leader = await actor(setting, "fenguan")
    if step == "sent-back":
        await approvals.send_back(leader, item.id, reason=reason)
    elif step != "pending":
        await approvals.sign(leader, item.id, content_sha256=await _fingerprint(item))
    await _at_the_office(setting, author, item, step, reason)


async def _fingerprint(item: Item) -> str:
    return (await Item.get(id=item.id)).content_sha256


async def _at_the_office(
    setting: Setting, author: Actor, item: Item, step: str, reason: str
) -> None:
    """What became of it after it had left the unit."""
    if step == "withdrawn":
        await reception.withdraw(author, item.id, reason=reason)
    if step not in ("returned", "raised"):
        return
    editor = await actor(setting, "xianweiban")
    row = await Reception.get(item_id=item.id, office_id=setting.offices[0].id)
    await reception.receive(editor, row.id)
    verb = reception.return_for_revision if step == "returned" else reception.raise_to_major
    await verb(editor, row.id, reason=reason)


async def issue(editor: Actor, supervisor: Actor) -> None:
    """Give the months that the story closed, and their quarters, numbers and dates.

    Goes on where it was interrupted; what people close later is theirs to issue.
    """
    for month in await _closed_by_the_story():
        await _issue(editor, month, "示委办")
        quarter = Quarter.of(month.first)
        if quarter.last == month.last and await _is_whole(quarter):
            await _issue(supervisor, quarter, "示督")


async def _closed_by_the_story() -> list[Month]:
    closed = await PeriodClose.exclude(closed_at=None).order_by("month")
    moments = [each.closed_at for each in closed if each.closed_at]
    at_once = min(moments, default=clock.now()) + timedelta(minutes=1)
    return [Month(each.month) for each in closed if each.closed_at and each.closed_at < at_once]


async def _is_whole(quarter: Quarter) -> bool:
    """Whether the example year has all its months."""
    return all([await circular_queries.is_closed(month) for month in quarter.months])


async def _issue(actor: Actor, period: Month | Quarter, word: str) -> None:
    circular = await circulars.draft(SYSTEM, period)
    if circular.state is not CircularState.DRAFT or circular.issue > 1:
        return
    day = period.last + timedelta(days=5)
    await circulars.issue(
        actor,
        circular.id,
        document_number=f"{word}〔{day.year}〕{period.last.month * 3 + 4}号",
        issue_date=day,
    )
