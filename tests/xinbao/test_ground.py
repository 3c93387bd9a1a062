"""The ground the tests stand on is itself as it says."""

import socket

import pytest
from tortoise import connections

from domain.kit import audit
from domain.kit.actor import SYSTEM
from domain.kit.db import work
from domain.kit.models import AuditEvent, AuditHead
from tests.conftest import OtherMachine


async def _act() -> None:
    async with work():
        audit.record(SYSTEM, "try", "ground", "1")


@pytest.mark.parametrize("time", [1, 2])
async def test_each_test_begins_with_an_empty_trail(db, time):
    assert (await AuditHead.get(id=1)).seq == 0
    assert (await AuditHead.get(id=1)).hash == "0" * 64
    assert await AuditEvent.all().count() == 0
    await _act()
    assert (await AuditHead.get(id=1)).seq == 1


async def test_guards_of_the_database_are_in_force(db):
    await _act()
    with pytest.raises(Exception, match="only ever added"):
        await connections.get("default").execute_query("delete from audit_event")
    assert await AuditEvent.all().count() == 1


def test_nothing_but_this_machine_can_be_reached():
    with pytest.raises(OtherMachine), socket.socket() as out:
        out.connect(("192.0.2.1", 80))
