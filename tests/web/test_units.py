"""The register of units, as a reader and as an administrator."""

from datetime import date

from domain.kit import clock
from domain.kit.actor import Duty
from domain.people.models import Account, Appointment, DeputyGrant, Person
from domain.quotas.models import Quota
from domain.units.models import Unit, UnitKind
from tests import make
from tests.counting import counting


async def test_everyone_sees_the_register_but_only_an_administrator_may_enter_a_unit(web):
    unit = await make.unit("示例镇")
    await web.be(Duty.CORRESPONDENT, unit=unit)
    page = await web.get("/units")
    assert "示例镇" in page.text and "/units/new" not in page.text
    assert (await web.get("/units/new")).status_code == 403
    refused = await web.post("/units", name="新乡", kind="township")
    assert (refused.status_code, await Unit.filter(name="新乡").count()) == (403, 0)


async def test_an_administrator_enters_changes_and_closes_a_unit(web):
    heir = await make.unit("示例镇")
    await web.be(Duty.ADMINISTRATOR, unit=heir)
    sent = await web.post("/units", name="示例新乡", kind="township", restricted_line="on")
    unit = await Unit.get(name="示例新乡")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/units/{unit.id}")
    assert (unit.kind, unit.rank_group, unit.restricted_line) == (UnitKind.TOWNSHIP, "乡镇", True)
    await web.post(f"/units/{unit.id}", name="示例新镇", kind="township", expected_version=1)
    today = unit.valid_from.isoformat()
    closed = await web.post(
        f"/units/{unit.id}/close", expected_version=2, last_day=today, successor_id=heir.id
    )
    await unit.refresh_from_db()
    assert (closed.status_code, unit.name, unit.successor_id) == (303, "示例新镇", heir.id)


async def test_a_wrong_entry_is_said_beside_its_input_and_nothing_is_lost(web):
    await make.unit("示例镇")
    await web.be(Duty.ADMINISTRATOR)
    page = await web.post("/units", name="示例镇", kind="township", rank_group="高原组")
    assert page.status_code == 422
    assert 'id="f-name-error"' in page.text and 'value="高原组"' in page.text
    assert await Unit.filter(name="示例镇").count() == 1


async def test_a_later_save_does_not_win(web):
    unit = await make.unit("示例镇")
    await web.be(Duty.ADMINISTRATOR, unit=unit)
    await web.post(f"/units/{unit.id}", name="示例一镇", kind="township", expected_version=1)
    late = await web.post(f"/units/{unit.id}", name="示例二镇", kind="township", expected_version=1)
    assert late.status_code == 409 and "示例二镇" in late.text
    assert (await Unit.get(id=unit.id)).name == "示例一镇"


async def test_quotas_are_set_from_a_month_on(web):
    unit = await make.unit("示例镇")
    await web.be(Duty.PUBLICITY_DEPARTMENT, unit=await make.unit("示例宣传部"))
    sent = await web.post("/quotas", unit_id=unit.id, from_month="2018-04", count=4)
    assert (sent.status_code, sent.headers["location"]) == (303, "/quotas?year=2018")
    assert await Quota.all().values_list("from_month", "count") == [(date(2018, 4, 1), 4)]
    page = await web.get("/quotas?year=2018")
    assert "<b>36</b>" in page.text
    refused = await web.post("/quotas", unit_id=unit.id, from_month="2018-04", count=9)
    assert refused.status_code == 422 and 'id="f-reason-error"' in refused.text
    assert await Quota.all().count() == 1


async def test_a_person_is_registered_appointed_and_given_an_account(web):
    unit = await make.unit("示例镇")
    await web.be(Duty.ADMINISTRATOR, unit=unit)
    await web.post("/people", name="示例甲", mobile="13800001234")
    person = await Person.get(name="示例甲")
    await web.post(
        f"/people/{person.id}/appoint", unit_id=unit.id, duty="correspondent", post="宣传干事"
    )
    held = await Appointment.get(person_id=person.id)
    assert (held.duty, held.post) == (Duty.CORRESPONDENT, "宣传干事")
    page = await web.post(f"/people/{person.id}/account", login="shilijia")
    assert page.status_code == 200 and 'class="secret"' in page.text
    assert (await Account.get(person_id=person.id)).must_change_password is True
    again = await web.get(f"/people/{person.id}")
    assert 'class="secret"' not in again.text


async def test_mobiles_are_masked_for_other_units(web):
    person = await make.person("示例乙", mobile="13800001234")
    await make.appointment(Duty.CORRESPONDENT, person=person)
    await web.be(Duty.CORRESPONDENT)
    page = await web.get("/people")
    assert "138****1234" in page.text and "13800001234" not in page.text


async def test_a_leader_lets_a_colleague_sign_for_him_and_takes_it_back(web):
    unit = await make.unit("示例镇")
    deputy = await make.appointment(Duty.CORRESPONDENT, unit=unit)
    me = await web.be(Duty.LEADER_IN_CHARGE, unit=unit)
    held = await Appointment.get(person_id=me.id)
    today = str(clock.today())
    sent = await web.post(
        f"/appointments/{held.id}/deputy", deputy_id=deputy.person_id, deputy_post="党政办主任",
        starts_on=today, ends_on=today, reason="外出学习",
    )  # fmt: skip
    assert (sent.status_code, sent.headers["location"]) == (303, f"/people/{me.id}")
    grant = await DeputyGrant.get(deputy_id=deputy.person_id)
    await web.post(f"/deputies/{grant.id}/revoke")
    await grant.refresh_from_db()
    assert grant.revoked_at is not None


async def test_a_list_costs_the_same_at_one_and_at_three_rows(web):
    await web.be(Duty.CORRESPONDENT)
    costs = []
    for more in (0, 2):
        for _ in range(more):
            await make.appointment(Duty.CORRESPONDENT)
        for path in ("/units", "/people", "/quotas"):
            with counting() as statements:
                assert (await web.get(path)).status_code == 200
            costs.append(len(statements))
    assert costs[:3] == costs[3:]
    assert min(costs) > 0
