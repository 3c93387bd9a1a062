"""Whatever an edge lets through, an action answers with a refusal, never with an accident."""

import unicodedata
from datetime import date
from uuid import uuid4

import pytest

from domain.approvals import actions as approvals
from domain.items import actions as items
from domain.items.models import Item
from domain.kit.actor import SYSTEM, Duty, Scope
from domain.kit.clock import Month, parse_period
from domain.kit.errors import DomainError
from domain.outlets import actions as outlets
from domain.outlets.models import MediaOutlet, OutletLevel
from domain.people import actions as people
from domain.people.models import Appointment, Person
from domain.points import queries as points
from domain.quotas import actions as quotas
from domain.reception import actions as reception
from domain.units import actions as units
from domain.units.models import UnitKind
from tests import make
from tests.abuse.attack import at_once, refusals
from tests.domain.items import chain

TEXTS = {
    "nul": "示\x00例", "surrogate": "示\ud800例", "controls": "示\x01\x1b\x7f\x9f例", "empty": "",
    "blank": "\u3000 \t\n", "bidi": "\u202e例示\u2066", "long": "示" * 3_000, "huge": "示" * 60_000,
    "rare": "𠮷𪚥\U0002ebe0", "tibetan": "བོད་ཡིག", "joined": "👨‍👩‍👧‍👦", "astral": "\U0010fffe",
    "many marks": "a" + "\u0301" * 400, "percent": "%s {title} {{7*7}} ${x}", "sql": "'; drop table item; --",
}  # fmt: skip
DATES = [date.min, date.max, date(1, 12, 31), date(9999, 12, 1)]
NUMBERS = [-1, 0, 2**31 - 1, 2**31, 2**63, -(2**63), 10**30]


async def attempt(act) -> str:
    """Done, or the refusal's code; anything else is an accident and is raised."""
    try:
        await act
    except DomainError as refusal:
        return refusal.code
    return "done"


@pytest.mark.parametrize("kind", TEXTS)
async def test_odd_text_in_every_field_is_kept_plain_or_refused(db, kind):
    text = TEXTS[kind]
    house = await chain.house()
    item, held, adoption = await _standing(house)
    admin = await make.actor(Duty.ADMINISTRATOR)
    _, token = await make.token(Scope.SUBMIT, unit=house.unit)
    draft = await chain.draft(house)
    laid = await chain.laid(house)
    day = item.occurred_on
    facts = {"adopted_on": day, "outlet_id": (await make.outlet()).id}
    link = {"evidence_url": "https://example.org/1"}
    appointment = await Appointment.filter(person_id=house.leader.person_id).first()
    acts = [
        items.create(house.writer, title=text, occurred_on=day),
        items.create(house.writer, title="示例", body=text, counter_measure=text, occurred_on=day),
        items.create(token, title="示例", reporter=text, occurred_on=day),
        items.save(house.writer, draft.id, title=text, body=text, counter_measure=text),
        items.save(house.writer, draft.id, reporter=text),
        items.attach(house.writer, draft.id, name=text, content=b"x", caption=text),
        items.attach(house.writer, draft.id, name="a.txt", content=b"x", caption=text),
        approvals.sign(house.leader, laid.id, content_sha256=text),
        approvals.send_back(house.leader, laid.id, reason=text),
        outlets.record(house.editor, item.id, position=text, **facts, **link),
        outlets.record(house.editor, item.id, evidence_url=text, **facts),
        outlets.record(house.editor, item.id, evidence_url=f"https://a.b/{text}", **facts),
        outlets.record(house.editor, item.id, evidence_sha256=text, **facts),
        outlets.withdraw(house.editor, adoption.id, reason=text),
        outlets.keep_evidence(house.editor, name=text, content=b"x"),
        outlets.create_outlet(admin, name=text, level=OutletLevel.COUNTY, weight_class=text),
        outlets.change_outlet(admin, facts["outlet_id"], weight_class=text),
        outlets.change_outlet(admin, facts["outlet_id"], name=text),
        reception.receive(house.editor, held.id),
        reception.mark_not_adopted(house.editor, held.id, reason=text),
        reception.return_for_revision(house.editor, held.id, reason=text),
        reception.withdraw(house.writer, item.id, reason=text),
        units.create(admin, name=text, kind=UnitKind.TOWNSHIP, rank_group=text),
        units.change(admin, house.unit.id, name=text, rank_group=text),
        units.set_office(admin, name=text, mailbox=text),
        units.set_county(admin, name=text, document_word=text, line_order=text),
        units.add_topic(admin, name=text),
        units.add_document(admin, title=text, issuers=[text], document_number=text, annexes=[text]),
        people.create_person(admin, name=text, mobile=text, office_phone=text),
        people.appoint(
            admin, (await make.person()).id, unit_id=house.unit.id, duty=Duty.FINANCE, post=text
        ),
        people.grant_deputy(
            house.leader, appointment.id, deputy_id=house.writer.person_id, deputy_post=text,
            starts_on=day, ends_on=day, reason=text,
        ),
        people.open_account(admin, (await make.person()).id, login=text),
        people.new_token(admin, name=text, scopes=[Scope.READ], unit_id=None, days=3),
        people.sign_in(text, text, user_agent=text if kind == "long" else "x", address="::1"),
        quotas.set_quota(
            admin, house.unit.id, from_month=Month.of(day), count=3, reason=text
        ),
    ]  # fmt: skip
    said = [await attempt(act) for act in acts]
    assert all(said)
    for kept in await Item.all():
        assert not {unicodedata.category(char) for char in kept.title} & {"Cc", "Cf", "Cs"}
        assert not {"\0", "\x1b", "\ud800"} & {*kept.body, *kept.counter_measure, *kept.reporter}


async def _standing(house):
    item = await chain.submitted(house)
    adoption = await outlets.record(
        house.editor,
        item.id,
        outlet_id=(await make.outlet()).id,
        adopted_on=item.occurred_on,
        evidence_url="https://example.org/1",
    )
    return item, await chain.at(item, house.office), adoption


@pytest.mark.parametrize("day", DATES)
async def test_days_at_the_ends_of_the_calendar_are_taken_or_refused(db, day):
    house = await chain.house()
    item, _, _ = await _standing(house)
    admin = await make.actor(Duty.ADMINISTRATOR)
    outlet = await make.outlet(valid_from=date.min)
    appointment = await Appointment.filter(person_id=house.leader.person_id).first()
    draft = await chain.draft(house)
    for act in (
        items.save(house.writer, draft.id, occurred_on=day),
        items.lay_for_sign_off(house.writer, draft.id),
        chain.submitted(house, occurred_on=day),
        outlets.record(
            house.editor, item.id, outlet_id=outlet.id, adopted_on=day, evidence_url="https://a.b"
        ),
        outlets.close_outlet(admin, outlet.id, last_day=day),
        outlets.change_outlet(admin, outlet.id, valid_from=day),
        units.create(admin, name="示例丙乡", kind=UnitKind.TOWNSHIP, valid_from=day),
        units.close(
            admin, (await make.unit()).id, last_day=day, successor_id=(await make.unit()).id
        ),
        units.add_topic(admin, name="示例重点", valid_from=day),
        people.appoint(
            admin, (await make.person()).id, unit_id=house.unit.id, duty=Duty.FINANCE,
            post="示例", starts_on=day,
        ),
        people.grant_deputy(
            SYSTEM, appointment.id, deputy_id=house.writer.person_id, deputy_post="示例",
            starts_on=day, ends_on=day, reason="示例",
        ),
        people.end_appointment(admin, appointment.id, last_day=day),
        quotas.set_quota(admin, house.unit.id, from_month=Month.of(day), count=3),
        approvals.set_chain(
            admin, valid_from=day, ordinary=[Duty.LEADER_IN_CHARGE],
            major=[Duty.PRINCIPAL_LEADER], restricted_first=[],
        ),
    ):  # fmt: skip
        assert await attempt(act)


@pytest.mark.parametrize("number", NUMBERS)
async def test_numbers_no_column_holds_are_refused(db, number):
    house = await chain.house()
    admin = await make.actor(Duty.ADMINISTRATOR)
    draft = await chain.draft(house)
    month = Month.of(draft.occurred_on)
    for act in (
        items.save(house.writer, draft.id, expected_version=number, title="示例"),
        quotas.set_quota(admin, house.unit.id, from_month=month, count=number, reason="示例"),
        people.new_token(admin, name="示例", scopes=[Scope.READ], unit_id=None, days=number),
    ):
        assert await attempt(act)


@pytest.mark.parametrize(
    "text",
    ["0000", "0001", "9999", "0001-01", "9999-12", "9999-Q4", "1800-01", "3000", "2018-00",
     "2018-13", "2018-Q0", "2018-Q5", "２０１８-04", "2018-04\n", "2018-4", "", "-1", "9" * 5_000],
)  # fmt: skip
def test_a_period_without_neighbours_is_no_period(text):
    with pytest.raises(ValueError):
        parse_period(text)


@pytest.mark.parametrize("text", ["1900-01", "1900-Q1", "1900", "2999-12", "2999-Q4", "2999"])
async def test_every_period_that_is_read_can_be_ranked(db, text):
    assert await points.ranking(parse_period(text)) == []


async def test_more_than_is_ever_looked_at_is_refused_unread(db):
    house = await chain.house()
    for key in ("title", "body", "counter_measure"):
        given = {"title": "示例", "occurred_on": date(2019, 4, 1), key: "<p>" * 333_334}
        assert await attempt(items.create(house.writer, **given)) == "text-too-long"


async def test_a_body_nested_ten_thousand_deep_is_cleaned(db):
    house = await chain.house()
    deep = "<strong><em>" * 10_000
    item = await chain.draft(house, body=f"<p>示例</p>{deep}")
    assert item.body == "<p>示例</p>"


async def test_the_same_name_entered_five_times_at_once_is_taken_once(db):
    found = await at_once(
        *(
            outlets.create_outlet(SYSTEM, name="示例新报", level=OutletLevel.COUNTY)
            for _ in range(5)
        )
    )
    assert refusals(found) == ["outlet-name-taken"] * 4
    assert await MediaOutlet.all().count() == 1
    found = await at_once(
        *(units.create(SYSTEM, name="示例新乡", kind=UnitKind.TOWNSHIP) for _ in range(5))
    )
    assert refusals(found) == ["unit-name-taken"] * 4
    person = await make.person()
    found = await at_once(
        *(people.open_account(SYSTEM, person.id, login=f"shili{n}") for n in range(3))
    )
    assert refusals(found) == ["account-exists"] * 2
    facts = {"unit_id": (await make.unit()).id, "duty": Duty.FINANCE, "post": "示例"}
    found = await at_once(*(people.appoint(SYSTEM, person.id, **facts) for _ in range(5)))
    assert refusals(found) == ["already-appointed"] * 4


async def test_a_token_with_a_long_name_withdraws_what_it_sent(db):
    house = await chain.house()
    secret, _ = await people.new_token(
        SYSTEM, name="示例" * 40, scopes=[Scope.SUBMIT], unit_id=house.unit.id, days=3
    )
    token = await people.queries.actor_by_token(secret)
    item = await chain.draft(house, actor=token, reporter="示例人")
    item = await items.lay_for_sign_off(token, item.id)
    item = await chain.sign(house.leader, item)
    assert (await reception.withdraw(token, item.id)).state == "withdrawn"


async def test_ids_nobody_has_are_not_found(db):
    house = await chain.house()
    for act in (
        items.save(house.writer, uuid4(), title="示例"),
        reception.receive(house.editor, uuid4()),
        outlets.confirm(house.editor, uuid4()),
        people.end_appointment(SYSTEM, uuid4(), last_day=date(2019, 1, 1)),
        units.close(SYSTEM, uuid4(), last_day=date(2019, 1, 1)),
    ):
        assert await attempt(act) == "not-found"
    draft = await chain.draft(house)
    odd = {"topic_id": uuid4()}, {"office_ids": [uuid4()]}
    said = [await attempt(items.save(house.writer, draft.id, **given)) for given in odd]
    assert said == ["topic-unknown", "office-unknown"]
    assert await Person.all().count() == 4
