"""Tokens: made and revoked by an administrator, shown once."""

import re
from datetime import timedelta

from domain.kit import clock
from domain.kit.actor import Duty, Scope
from domain.people import queries
from domain.people.models import ApiToken
from tests import make
from tests.counting import counting
from tests.web.browser import text

SECRET = re.compile(r"xinbao_[\w-]{40,}")


async def test_a_token_is_shown_once_and_works(web):
    unit = await make.unit("示例镇")
    await web.be(Duty.ADMINISTRATOR)
    page = await web.post(
        "/tokens", name="示例回传", scopes=["read", "submit"], unit_id=unit.id, days=30
    )
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    secret = SECRET.search(page.text)[0]
    actor = await queries.actor_by_token(secret)
    assert (actor.unit_id, actor.scopes) == (unit.id, {Scope.READ, Scope.SUBMIT})
    assert "还没有令牌" not in text(page)
    again = await web.get("/tokens")
    assert "示例回传" in text(again) and SECRET.search(again.text) is None


async def test_a_revoked_token_opens_nothing(web):
    secret, _actor = await make.token(Scope.READ)
    token = await ApiToken.get()
    await web.be(Duty.ADMINISTRATOR)
    sent = await web.post(f"/tokens/{token.id}/revoke")
    assert (sent.status_code, sent.headers["location"]) == (303, "/tokens")
    assert await queries.actor_by_token(secret) is None
    page = await web.get("/tokens")
    assert "已吊销" in text(page) and "/revoke" not in page.text


async def test_an_expired_token_says_so(web):
    await make.token(Scope.READ)
    await ApiToken.all().update(expires_at=clock.now() - timedelta(days=1))
    await web.be(Duty.ADMINISTRATOR)
    assert "已到期" in text(await web.get("/tokens"))


async def test_wrong_wishes_are_refused_in_place(web):
    await web.be(Duty.ADMINISTRATOR)
    page = await web.post("/tokens", name="示例回传", days=900)
    assert page.status_code == 422
    assert 'id="f-days-error"' in page.text and 'value="示例回传"' in page.text
    page = await web.post("/tokens", name="示例回传", scopes=["submit"], days=30)
    assert page.status_code == 422 and 'id="f-unit_id-error"' in page.text
    page = await web.post("/tokens", name="示例回传", days=30)
    assert page.status_code == 422 and 'id="f-scopes-error"' in page.text
    assert await ApiToken.all().count() == 0


async def test_nobody_else_sees_or_makes_tokens(web):
    await make.token(Scope.READ)
    token = await ApiToken.get()
    for duty in (Duty.CORRESPONDENT, Duty.PUBLICITY_DEPARTMENT, Duty.AUDITOR):
        await web.be(duty)
        assert (await web.get("/tokens")).status_code == 403
        assert (await web.post("/tokens", name="示例", scopes="read", days=3)).status_code == 403
        assert (await web.post(f"/tokens/{token.id}/revoke")).status_code == 403
    await token.refresh_from_db()
    assert (token.revoked_at, await ApiToken.all().count()) == (None, 1)


async def test_the_list_costs_the_same_at_one_and_at_three_tokens(web):
    await web.be(Duty.ADMINISTRATOR)
    costs = []
    for more in (1, 2):
        for _ in range(more):
            await make.token(Scope.READ, unit=await make.unit())
        with counting() as statements:
            assert (await web.get("/tokens")).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] > 0
