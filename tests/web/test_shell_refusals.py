"""Refusals and failures: calm, in the reader's language, and never more than is his business."""

import logging

from domain.kit.actor import Duty
from tests.web.browser import text


async def test_what_is_missing_and_what_is_hidden_look_the_same(shell):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.get("/sample/missing")
    assert answer.status_code == 404
    assert "没有找到这项内容，或者您无权查看。" in text(answer)
    assert (await shell.get("/nowhere")).status_code == 404


async def test_a_conflict_says_what_happened_in_either_language(shell):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.get("/sample/stale")
    assert answer.status_code == 409
    assert "您看到的是第 1 版，现在是第 2 版" in text(answer)
    answer = await shell.get("/sample/stale", **{"Accept-Language": "en"})
    assert "you saw version 1, it is now 2" in text(answer)
    assert "Things have changed" in text(answer)


async def test_htmx_puts_a_refusal_into_its_place_and_leaves_the_page(shell):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.post("/sample/stale", htmx=True)
    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#problem"
    assert answer.headers["hx-reswap"] == "innerHTML"
    assert answer.text.lstrip().startswith('<div class="problems"')


async def test_a_failure_shows_a_number_that_stands_in_the_log_and_nothing_else(shell, caplog):
    await shell.be(Duty.CORRESPONDENT)
    with caplog.at_level(logging.ERROR, "web"):
        answer = await shell.get("/sample/boom")
    assert answer.status_code == 500
    reference = answer.text.partition("<code>")[2].partition("</code>")[0]
    (record,) = caplog.records
    assert record.getMessage() == f"{reference} GET /sample/boom"
    assert record.exc_info[1].args == ("secret of the house",)
    assert "secret of the house" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "这不是您的操作造成的" in text(answer)


async def test_a_database_away_for_a_moment_is_no_failure(shell):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.get("/sample/away")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "数据库暂时连不上，没有办理。" in text(answer)


async def test_an_act_cannot_be_opened_as_a_page(shell):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.get("/sample")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert "请从页面上的按钮办理" in text(answer)
