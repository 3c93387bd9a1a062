"""The register of outlets, and adoptions from record to confirmation and back."""

import io

from PIL import Image

from domain.kit import clock
from domain.kit.actor import Duty
from domain.outlets.models import Adoption, AdoptionState, MediaOutlet, OutletLevel
from domain.points.models import LedgerEntry
from tests import make
from tests.counting import counting
from tests.domain.points import sent
from tests.web.browser import text


async def submitted(unit=None, **facts):
    """An item that was sent today."""
    await sent.policy()
    return await sent.item(unit or await make.unit("示例镇"), clock.today(), **facts)


def record(outlet, **facts):
    given = {"outlet_id": str(outlet.id), "adopted_on": str(clock.today()), "mode": "sole"}
    return given | {"evidence_url": "https://example.org/1"} | facts


async def recorded(web, item, outlet):
    """Recorded by somebody of the publicity department, whoever reads afterwards."""
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    await web.post(f"/items/{item.id}/adoptions", **record(outlet))
    return await Adoption.get(outlet_id=outlet.id)


async def test_the_register_is_read_by_all_and_kept_by_two(web):
    await make.outlet("示例日报", level=OutletLevel.PREFECTURE)
    await web.be(Duty.CORRESPONDENT)
    page = await web.get("/outlets")
    assert "州级 1 家" in text(page) and "/outlets/new" not in page.text
    assert (await web.get("/outlets/new")).status_code == 403
    assert (await web.post("/outlets", name="示例报", level="county")).status_code == 403
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    done = await web.post("/outlets", name="示例电视台", level="province", kind="tv")
    assert (done.status_code, done.headers["location"]) == (303, "/outlets")
    assert (await MediaOutlet.get(name="示例电视台")).level is OutletLevel.PROVINCE


async def test_an_outlet_is_changed_closed_and_never_doubled(web):
    outlet = await make.outlet("示例日报")
    await make.outlet("示例晚报")
    await web.be(Duty.ADMINISTRATOR)
    given = {"level": "county", "expected_version": outlet.version}
    refused = await web.post(f"/outlets/{outlet.id}", name="示例晚报", **given)
    assert refused.status_code == 422 and 'id="f-name-error"' in refused.text
    done = await web.post(f"/outlets/{outlet.id}", name="示例早报", **given)
    assert done.status_code == 303
    late = await web.post(f"/outlets/{outlet.id}", name="示例夜报", **given)
    assert late.status_code == 409
    await outlet.refresh_from_db()
    assert outlet.name == "示例早报"
    done = await web.post(
        f"/outlets/{outlet.id}/close", expected_version=outlet.version, last_day=clock.today()
    )
    await outlet.refresh_from_db()
    assert (done.status_code, outlet.valid_until) == (303, clock.today())


async def test_one_records_and_another_confirms_and_points_follow(web):
    item, outlet = await submitted(), await make.outlet("示例日报")
    adoption = await recorded(web, item, outlet)
    page = await web.get(f"/adoptions/{adoption.id}")
    assert "由您登记，须由另一人确认。" in text(page)
    refused = await web.post(f"/adoptions/{adoption.id}/confirm")
    assert (refused.status_code, await LedgerEntry.filter(adoption_id=adoption.id).count()) == (
        403, 0,
    )  # fmt: skip
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    assert "示例日报" in text(await web.get("/adoptions"))
    done = await web.post(f"/adoptions/{adoption.id}/confirm", expected_version=adoption.version)
    assert done.status_code == 303
    await adoption.refresh_from_db()
    assert adoption.state is AdoptionState.CONFIRMED
    assert await LedgerEntry.filter(adoption_id=adoption.id, points=1).count() == 1


async def test_a_withdrawal_needs_a_reason_and_takes_the_points_back(web):
    item, outlet = await submitted(), await make.outlet()
    adoption = await recorded(web, item, outlet)
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    await web.post(f"/adoptions/{adoption.id}/confirm")
    refused = await web.post(f"/adoptions/{adoption.id}/withdraw", reason="")
    assert refused.status_code == 422 and 'id="f-reason-error"' in refused.text
    done = await web.post(f"/adoptions/{adoption.id}/withdraw", reason="示例误登")
    assert done.status_code == 303
    entries = await LedgerEntry.filter(adoption_id=adoption.id).order_by("seq")
    assert [entry.points for entry in entries] == [1, -1]
    assert "撤销：示例误登" in text(await web.get(f"/adoptions/{adoption.id}"))


async def test_no_adoption_without_evidence_and_a_clipping_is_enough(web):
    item, outlet = await submitted(), await make.outlet()
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    place = f"/items/{item.id}/adoptions"
    refused = await web.post(place, **record(outlet, evidence_url="", position="头版"))
    assert refused.status_code == 422 and 'value="头版"' in refused.text
    assert await Adoption.all().count() == 0
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "PNG")
    files = {"evidence": ("剪报.png", picture.getvalue(), "image/png")}
    done = await web.post(place, files=files, **record(outlet, evidence_url=""))
    assert done.status_code == 303
    adoption = await Adoption.get()
    clipping = await web.get(f"/adoptions/{adoption.id}/evidence")
    assert (clipping.status_code, clipping.headers["content-type"]) == (200, "image/png")


async def test_what_one_may_not_see_one_may_not_record(web):
    item, outlet = await submitted(restricted=True), await make.outlet()
    await web.be(Duty.CORRESPONDENT)
    assert (await web.get(f"/items/{item.id}/adoptions/new")).status_code == 404
    refused = await web.post(f"/items/{item.id}/adoptions", **record(outlet))
    assert (refused.status_code, await Adoption.all().count()) == (404, 0)


async def test_the_lists_cost_the_same_at_one_and_at_three_rows(web):
    await sent.policy()
    costs = []
    for more in (1, 2):
        for _ in range(more):
            item = await sent.item(await make.unit(), clock.today())
            await recorded(web, item, await make.outlet())
        await web.be(Duty.PUBLICITY_DEPARTMENT)
        for path in ("/adoptions", "/outlets"):
            with counting() as statements:
                assert (await web.get(path)).status_code == 200
            costs.append(len(statements))
    assert costs[:2] == costs[2:]
    assert min(costs) > 0
