"""The contract as it is printed, and what it must have."""

import importlib
import inspect
import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
)

import domain
from schema.__main__ import PATH, printed
from schema.root import schema

CORE = schema._schema
OWN = {name: kind for name, kind in CORE.type_map.items() if not name.startswith("__")}

VERBS = {
    "approvals": {"sign": "signItem", "send_back": "sendBackItem", "set_chain": "setSignOffChain"},
    "circulars": {"confirm_figures": "confirmFigures", "issue": "issueCircular", "correct": "correctCircular"},
    "kit": {"ask_again": "retryJob"},
    "items": {
        "create": "createItem", "save": "saveItem", "lay_for_sign_off": "layItemForSignOff",
        "take_back": "takeBackItem", "detach": "detachFromItem",
    },
    "meetings": {
        "convene": "createMeeting", "change": "changeMeeting", "set_members": "setMeetingMembers",
        "reply": "replyToMeeting", "hold": "holdMeeting", "write_minutes": "writeMinutes", "close": "closeMeeting",
        "propose": "proposeTopic", "add": "createAgendaItem", "change_topic": "changeAgendaItem", "accept": "acceptTopic",
        "merge": "mergeTopic", "defer": "deferTopic", "take_up": "takeUpTopic", "move": "moveAgendaItem",
        "record_resolution": "recordResolution", "change_resolution": "changeResolution",
        "report_done": "reportResolution", "reopen": "reopenResolution",
    },
    "notices": {"read": "readMessage"},
    "outlets": {
        "create_outlet": "createMediaOutlet", "change_outlet": "changeMediaOutlet", "close_outlet": "closeMediaOutlet",
        "record": "recordAdoption", "confirm": "confirmAdoption", "withdraw": "withdrawAdoption",
    },
    "people": {
        "create_person": "createPerson", "change_person": "changePerson", "deactivate_person": "deactivatePerson",
        "reactivate_person": "reactivatePerson", "appoint": "appoint", "end_appointment": "endAppointment",
        "grant_deputy": "grantDeputy", "revoke_deputy": "revokeDeputy", "open_account": "openAccount",
        "reset_password": "resetPassword", "change_password": "changePassword", "sign_in": "signIn",
        "sign_out": "signOut", "end_session": "endSession", "new_token": "createToken", "revoke_token": "revokeToken",
    },
    "points": {"add_policy": "addScoringPolicy"},
    "quotas": {"set_quota": "setQuota"},
    "reception": {
        "submit": "submitItem", "receive": "receiveItem", "start_editing": "startEditing", "mark_adopted": "markAdopted",
        "mark_not_adopted": "markNotAdopted", "reject": "rejectItem", "return_for_revision": "returnForRevision",
        "raise_to_major": "raiseToMajor", "withdraw": "withdrawItem",
    },
    "units": {
        "create": "createUnit", "change": "changeUnit", "close": "closeUnit", "set_office": "setOffice",
        "set_county": "setCounty", "add_topic": "addTopic", "close_topic": "closeTopic",
    },
}  # fmt: skip
"""Every act of the domain, and the mutation that does it."""

NO_VERB = {
    "circulars": {"draft": "the clock drafts"},
    "items": {"attach": "files are sent through the pages"},
    "notices": {"tell": "the domain tells"},
    "outlets": {"keep_evidence": "files are sent through the pages"},
    "points": {
        "count_submission": "follows submitItem", "reverse_submission": "follows withdrawItem",
        "count_adoption": "follows confirmAdoption", "reverse_adoption": "follows withdrawAdoption",
        "count_many": "sheets count", "correct": "follows correctCircular", "settle_month": "the close settles",
    },
    "quotas": {"set_many": "sheets set the whole table"},
    "reception": {"submit_signed": "follows signItem"},
    "units": {"add_document": "presets and sheets enter papers"},
    "intake": None,
}  # fmt: skip
"""Acts that nobody does by name through the contract, and why."""


def acts(feature: str) -> set[str]:
    module = importlib.import_module(f"domain.{feature}.actions")
    return {
        name
        for name, thing in vars(module).items()
        if inspect.iscoroutinefunction(thing)
        and thing.__module__ == module.__name__
        and not name.startswith("_")
    }


FEATURES = sorted(path.parent.name for path in Path(domain.__path__[0]).glob("*/actions.py"))


@pytest.mark.parametrize("feature", FEATURES)
def test_every_act_of_the_domain_has_a_mutation_or_a_reason(feature):
    if NO_VERB.get(feature, {}) is None:
        return
    assert acts(feature) == set(VERBS.get(feature, {})) | set(NO_VERB.get(feature, {}))


def test_every_mutation_does_one_act_of_the_domain():
    verbs = [verb for by_act in VERBS.values() for verb in by_act.values()]
    assert sorted(verbs) == sorted(CORE.mutation_type.fields)


def test_the_printed_contract_is_the_one_in_the_repository():
    """`python -m schema` writes it anew."""
    assert PATH.read_text("utf-8") == printed()


def test_every_mutation_answers_with_its_thing_or_why_not():
    for name, field in CORE.mutation_type.fields.items():
        kinds = [kind.name for kind in get_named_type(field.type).types]
        assert kinds[1:] == ["InvalidInput", "Forbidden", "Missing", "Stale"], name
        assert set(field.args) <= {"input"}, name


def described() -> list[tuple[str, str | None]]:
    found = []
    for name, kind in OWN.items():
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)):
            found += [
                (f"{name}.{field}", value.description) for field, value in kind.fields.items()
            ]
        if isinstance(kind, GraphQLEnumType):
            found += [(f"{name}.{value}", held.description) for value, held in kind.values.items()]
    return found


def test_everything_is_described_in_english_and_chinese():
    chinese = re.compile(r"[\u4e00-\u9fff]")
    lacking = [
        name
        for name, text in described()
        if not text or not re.search(r"[A-Za-z]", text) or not chinese.search(text)
        if not name.startswith("FileFormat.")
    ]
    assert lacking == []


def test_every_change_can_say_which_version_it_saw():
    with_version = {
        name for name, kind in OWN.items()
        if isinstance(kind, GraphQLObjectType) and "version" in kind.fields
    }  # fmt: skip
    answers = {
        name: get_named_type(field.type).types[0].name
        for name, field in CORE.mutation_type.fields.items()
    }
    inputs = {
        name: get_named_type(field.args["input"].type)
        for name, field in CORE.mutation_type.fields.items()
        if field.args
    }
    made_anew = ("create", "propose", "record", "correct")
    lacking = [
        name
        for name, answer in answers.items()
        if answer in with_version
        and not name.startswith(made_anew)
        and "expectedVersion" not in inputs[name].fields
    ]
    assert lacking == []


def test_every_list_at_the_root_is_a_connection_of_at_most_a_hundred():
    for name, field in CORE.query_type.fields.items():
        kind = get_named_type(field.type)
        if kind.name.endswith("Connection"):
            assert set(field.args) >= {"first", "after", "last", "before"}, name
            assert set(kind.fields) == {"edges", "nodes", "pageInfo", "totalCount"}, name


def test_every_node_is_found_again_by_its_id():
    from schema.nodes import _models

    nodes = {kind.name for kind in CORE.get_possible_types(CORE.type_map["Node"])}
    assert nodes == set(_models)


def test_a_thing_and_a_refusal_can_be_asked_for_together():
    """No field of a thing has the name of a refusal's field and another type."""
    problem = CORE.type_map["InvalidInput"].fields
    clashes = [
        f"{thing.name}.{name}"
        for field in CORE.mutation_type.fields.values()
        for thing in get_named_type(field.type).types[:1]
        for name in set(thing.fields) & set(problem)
        if str(thing.fields[name].type) != str(problem[name].type)
    ]
    assert clashes == []
