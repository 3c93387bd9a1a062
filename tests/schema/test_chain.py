"""From a unit's report to the month's circular, by people who know only the schema."""

from datetime import datetime

import time_machine

from domain.kit.actor import Duty
from domain.kit.clock import COUNTY
from tests.schema.county import ADOPTION, ITEM, RECEPTION, county

POLICY = {"levels": {"county": 5, "prefecture": 10, "province": 20, "nation": 40}}


def at(text: str):
    return time_machine.travel(datetime.fromisoformat(text).replace(tzinfo=COUNTY), tick=True)


async def test_the_whole_chain_through_the_contract(db):
    with at("2018-04-10T09:00"):
        place = await county()
        administrator = await place.who(Duty.ADMINISTRATOR)
        writer = await place.who(Duty.CORRESPONDENT)
        leader = await place.who(Duty.LEADER_IN_CHARGE)
        editor = await place.who(Duty.OFFICE_EDITOR)
        publicity = await place.who(Duty.PUBLICITY_DEPARTMENT)
        unit = (await writer.ask("{ me { unit { id name } } }"))["me"]["unit"]

        policy = await administrator.do(
            "addScoringPolicy", "... on ScoringPolicy { number isExample }",
            name="示例计分办法", validFrom="2018-01-01", rules=POLICY, isExample=True,
        )  # fmt: skip
        assert policy == {"__typename": "ScoringPolicy", "number": 1, "isExample": True}
        quota = await administrator.do(
            "setQuota", "... on Quota { count }", unitId=unit["id"], fromMonth="2018-04", count=2
        )
        assert quota == {"__typename": "Quota", "count": 2}
        outlet = await administrator.do(
            "createMediaOutlet",
            "... on MediaOutlet { id level }",
            name="《示例日报》",
            level="PREFECTURE",
            validFrom="2018-01-01",
        )
        assert outlet["level"] == "PREFECTURE"

        item = await writer.do("createItem", ITEM, **place.draft())
        assert (item["state"], item["version"]) == ("DRAFT", 1)
        item = await writer.do(
            "saveItem", ITEM, itemId=item["id"], expectedVersion=1, title="示例：牧场全部通电"
        )
        assert (item["state"], item["title"], item["version"]) == ("DRAFT", "示例：牧场全部通电", 2)
        item = await writer.do("layItemForSignOff", ITEM, itemId=item["id"], expectedVersion=2)
        assert item["state"] == "PENDING_SIGN_OFF"

        waiting = (
            await leader.ask("{ approvals { totalCount nodes { id title contentSha256 body } } }")
        )["approvals"]
        assert [each["id"] for each in waiting["nodes"]] == [item["id"]]
        assert (await writer.ask("{ approvals { totalCount } }"))["approvals"] == {"totalCount": 0}
        item = await leader.do(
            "signItem", ITEM, itemId=item["id"], contentSha256=waiting["nodes"][0]["contentSha256"]
        )
        assert item["state"] == "SUBMITTED"
        assert [each["state"] for each in item["receptions"]] == ["SUBMITTED"]

        inbox = await editor.ask(
            "{ receptions(filter: {mine: true}) { nodes { id version item { title unit { name } } } } }"
        )
        [reception] = inbox["receptions"]["nodes"]
        assert reception["item"] == {"title": "示例：牧场全部通电", "unit": {"name": "示例乡"}}
        for verb, state in (
            ("receiveItem", "RECEIVED"),
            ("startEditing", "IN_EDITING"),
            ("markAdopted", "ADOPTED"),
        ):
            reception = await editor.do(
                verb, RECEPTION, receptionId=reception["id"], expectedVersion=reception["version"]
            )
            assert reception["state"] == state

        adoption = await editor.do(
            "recordAdoption", ADOPTION, itemId=item["id"], outletId=outlet["id"], adoptedOn="2018-04-10",
            position="头版", evidenceUrl="https://example.org/2018/04/10",
        )  # fmt: skip
        assert adoption["state"] == "RECORDED"
        own = await editor.do("confirmAdoption", ADOPTION, adoptionId=adoption["id"])
        assert (own["__typename"], own["code"]) == ("Forbidden", "confirmed-by-another")
        adoption = await publicity.do(
            "confirmAdoption",
            ADOPTION,
            adoptionId=adoption["id"],
            expectedVersion=adoption["version"],
        )
        assert (adoption["state"], adoption["level"]) == ("CONFIRMED", "PREFECTURE")

        ranking = await writer.ask(
            '{ ranking(period: "2018-04") { lines { unitName quota submitted adopted prefecture points rank completionRate isZeroReport } } }'
        )
        assert ranking["ranking"]["lines"] == [
            {"unitName": "示例乡", "quota": 2, "submitted": 1, "adopted": 1, "prefecture": 1, "points": "10",
             "rank": 1, "completionRate": "50", "isZeroReport": False}
        ]  # fmt: skip
        why = await writer.ask(
            'query($unit: ID!) { pointsEntries(unitId: $unit, month: "2018-04") { nodes { kind points explanation item { id } } }'
            ' unitMonth(unitId: $unit, month: "2018-04") { quota submitted adopted points } }',
            unit=unit["id"],
        )
        assert [(each["kind"], each["points"]) for each in why["pointsEntries"]["nodes"]] == [
            ("SUBMISSION", "0"), ("ADOPTION", "10"),
        ]  # fmt: skip
        assert {each["item"]["id"] for each in why["pointsEntries"]["nodes"]} == {item["id"]}
        assert why["unitMonth"] == {"quota": 2, "submitted": 1, "adopted": 1, "points": "10"}
        told = (await writer.ask("{ messages { nodes { id code text item { id } } } }"))[
            "messages"
        ]["nodes"]
        assert {each["code"] for each in told} == {"office-adopted", "adopted-by-outlet"}
        assert (
            await writer.do("readMessage", "... on Message { readAt }", messageId=told[0]["id"])
        )["readAt"]
        assert (await writer.ask("{ messages { totalCount } }"))["messages"] == {"totalCount": 1}

    with at("2018-05-01T10:00"):
        editor = await place.who(Duty.OFFICE_EDITOR)
        office = (await editor.ask("{ me { duties { office { id } } } }"))["me"]["duties"][0][
            "office"
        ]["id"]
        month = await editor.do(
            "confirmFigures", "... on MonthClose { month closedAt confirmations { figures office { name } } }",
            month="2018-04", officeId=office,
        )  # fmt: skip
        assert month["__typename"] == "MonthClose"
        assert month["closedAt"] is not None
        drafts = await editor.ask(
            '{ circulars(filter: {period: "2018-04"}) { nodes { id state version lines { unitName points rank } } } }'
        )
        [draft] = drafts["circulars"]["nodes"]
        assert (draft["state"], draft["lines"]) == (
            "DRAFT",
            [{"unitName": "示例乡", "points": "10", "rank": 1}],
        )
        circular = await editor.do(
            "issueCircular", "... on Circular { id state documentNumber dataSha256 data files { format size sha256 path } }",
            circularId=draft["id"], documentNumber="示委办〔2018〕5号", issueDate="2018-05-01", expectedVersion=draft["version"],
        )  # fmt: skip
        assert (circular["state"], circular["documentNumber"]) == ("ISSUED", "示委办〔2018〕5号"), (
            circular
        )
        assert circular["data"]["sha256"] == circular["dataSha256"]
        for file in circular["files"]:
            answer = await editor.post(method="GET", path=file["path"])
            assert (answer.status_code, len(answer.content)) == (200, file["size"])
            assert answer.headers["etag"] == f'"{file["sha256"]}"'

        correction = await editor.do(
            "correctCircular", "... on Circular { issue state corrects { id } correctionReason }", circularId=circular["id"],
            reason="示例：补记", changes=[{"unitId": unit["id"], "reason": "示例：漏计", "points": "2"}],
        )  # fmt: skip
        assert correction == {
            "__typename": "Circular", "issue": 2, "state": "DRAFT", "corrects": {"id": circular["id"]}, "correctionReason": "示例：补记",
        }  # fmt: skip
        seen = await (await place.who(Duty.CORRESPONDENT)).ask("{ circulars { nodes { state } } }")
        assert seen["circulars"]["nodes"] == [{"state": "ISSUED"}]


async def test_an_office_returns_an_item_and_the_unit_sends_it_again(db):
    place = await county()
    item = await place.submitted()
    editor, writer = await place.who(Duty.OFFICE_EDITOR), await place.who(Duty.CORRESPONDENT)
    [reception] = item["receptions"]
    returned = await editor.do(
        "returnForRevision", RECEPTION, receptionId=reception["id"], reason="示例：请补充数据"
    )
    assert (returned["state"], returned["item"]["state"]) == ("RETURNED", "RETURNED")
    again = await writer.do("saveItem", ITEM, itemId=item["id"], title="示例：牧场通电（补充）")
    assert (again["state"], again["round"]) == ("RETURNED", 2)

    unsigned = await editor.ask("query($id: ID!) { item(id: $id) { title body } }", id=item["id"])
    assert unsigned["item"] == {"title": "示例：牧场通电", "body": "<p>示例正文。</p>"}
    own = await writer.ask("query($id: ID!) { item(id: $id) { title } }", id=item["id"])
    assert own["item"] == {"title": "示例：牧场通电（补充）"}

    laid = await writer.do("layItemForSignOff", ITEM, itemId=item["id"])
    leader = await place.who(Duty.LEADER_IN_CHARGE)
    back = await leader.do("sendBackItem", ITEM, itemId=item["id"], reason="示例：再核实")
    assert back["state"] == "RETURNED"
    laid = await writer.do("layItemForSignOff", ITEM, itemId=item["id"])
    sent = await leader.do("signItem", ITEM, itemId=item["id"], contentSha256=laid["contentSha256"])
    assert (sent["state"], [each["state"] for each in sent["receptions"]]) == (
        "SUBMITTED",
        ["SUBMITTED"],
    )


async def test_an_office_raises_an_item_to_major_and_the_principal_leader_signs_too(db):
    place = await county()
    item = await place.submitted()
    editor = await place.who(Duty.OFFICE_EDITOR)
    [reception] = item["receptions"]
    raised = await editor.do(
        "raiseToMajor", RECEPTION, receptionId=reception["id"], reason="示例：重大"
    )
    assert raised["item"]["state"] == "PENDING_SIGN_OFF"
    principal = await place.who(Duty.PRINCIPAL_LEADER)
    [waiting] = (await principal.ask("{ approvals { nodes { id contentSha256 isMajor } } }"))[
        "approvals"
    ]["nodes"]
    assert waiting["isMajor"] is True
    signed = await principal.do(
        "signItem", ITEM, itemId=waiting["id"], contentSha256=waiting["contentSha256"]
    )
    assert signed["state"] == "SUBMITTED"


async def test_a_unit_takes_back_and_withdraws_what_no_office_has_begun_on(db):
    place = await county()
    writer, leader = await place.who(Duty.CORRESPONDENT), await place.who(Duty.LEADER_IN_CHARGE)
    item = await writer.do("createItem", ITEM, **place.draft(submitWhenSigned=False))
    await writer.do("layItemForSignOff", ITEM, itemId=item["id"])
    taken = await writer.do("takeBackItem", ITEM, itemId=item["id"])
    assert taken["state"] == "DRAFT"
    laid = await writer.do("layItemForSignOff", ITEM, itemId=item["id"])
    signed = await leader.do(
        "signItem", ITEM, itemId=item["id"], contentSha256=laid["contentSha256"]
    )
    assert (signed["state"], signed["receptions"]) == ("SIGNED_OFF", [])
    sent = await writer.do("submitItem", ITEM, itemId=item["id"], expectedVersion=signed["version"])
    assert sent["state"] == "SUBMITTED"
    gone = await writer.do("withdrawItem", ITEM, itemId=item["id"], reason="示例：误报")
    assert (gone["state"], [each["state"] for each in gone["receptions"]]) == (
        "WITHDRAWN",
        ["WITHDRAWN"],
    )
