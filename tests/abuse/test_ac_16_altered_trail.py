"""AC16: whoever alters, removes or adds a row of the trail, or its head, is found out."""

import pytest

from domain.kit import audit
from domain.kit.models import AuditHead
from tests.abuse.attack import as_superuser
from tests.domain.items import chain

FORGERIES = {
    "another actor": "update audit_event set actor = '别人' where seq = 5",
    "another time": "update audit_event set at = at - interval '1 day' where seq = 5",
    "another verb": "update audit_event set verb = 'sign' where seq = 5",
    "another fact": 'update audit_event set facts = facts || \'{"sha256": "x"}\' where seq = 5',
    "a row less": "delete from audit_event where seq = 5",
    "the last rows less": "delete from audit_event where seq > 7",
    "the first row less": "delete from audit_event where seq = 1",
    "two rows exchanged": "update audit_event set seq = case seq when 5 then 6 else 5 end"
    " where seq in (5, 6)",
    "the head set back": "update audit_head set seq = seq - 1",
    "the head removed": "delete from audit_head",
    "a row of one's own": "insert into audit_event select 900, at, actor, person_id, token_id,"
    " unit_id, verb, thing, thing_id, facts, previous_hash, hash from audit_event where seq = 5",
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_every_forgery_of_the_trail_is_found(db, forgery):
    await chain.laid(await chain.house())
    assert [seq async for seq in audit.broken_links()] == []
    assert (await AuditHead.get(id=1)).seq > 8
    async with as_superuser(db) as connection:
        if "exchanged" in forgery:
            await connection.execute("alter table audit_event drop constraint audit_event_pkey")
        await connection.execute(FORGERIES[forgery])
    found = [seq async for seq in audit.broken_links()]
    async with as_superuser(db) as connection:
        if "exchanged" in forgery:
            await connection.execute("alter table audit_event add primary key (seq)")
    assert found != []
