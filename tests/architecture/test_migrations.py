"""The migrations make what the models say, and what the models cannot say."""

import pytest
from tortoise import Tortoise, connections
from tortoise.exceptions import BaseORMException, IntegrityError
from tortoise.migrations.autodetector import MigrationAutodetector

from domain.kit import clock
from domain.kit.models import AuditEvent, AuditHead


async def test_no_model_has_changed_without_a_migration(db):
    config = {"domain": {"models": [], "migrations": "migrations", "default_connection": "default"}}
    assert await MigrationAutodetector(Tortoise._get_context().apps, config).changes() == []


async def rows(sql: str) -> list[dict]:
    return await connections.get("default").execute_query_dict(sql)


async def test_postgresql_holds_every_unique_rule_of_the_models(db):
    held = {
        (row["table"], frozenset(row["columns"]))
        for row in await rows(
            """select c.conrelid::regclass::text as table, array_agg(a.attname::text) as columns
               from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
               where c.contype in ('u', 'p') and c.connamespace = 'public'::regnamespace
               group by c.oid, c.conrelid"""
        )
    }
    stated = set()
    for model in Tortoise.apps["domain"].values():
        meta = model._meta
        column = {name: field.source_field or name for name, field in meta.fields_map.items()}
        for group in meta.unique_together:
            names = frozenset(
                meta.fields_map[name].source_field or f"{name}_id"
                if name in meta.fk_fields
                else column[name]
                for name in group
            )
            stated.add((meta.db_table, names))
        stated |= {
            (meta.db_table, frozenset({name}))
            for name, field in meta.fields_db_projection.items()
            if meta.fields_map[name].unique
        }
    assert stated - held == set()


async def test_the_trail_is_only_ever_added_to(db):
    await AuditEvent.create(
        seq=1, at=clock.now(), actor="示例甲", verb="test", thing="thing", thing_id="1", facts={},
        previous_hash="0" * 64, hash="1" * 64,
    )  # fmt: skip
    for change in (
        "update audit_event set actor = '别人'",
        "delete from audit_event",
        "truncate audit_event",
    ):
        with pytest.raises(BaseORMException):
            await rows(change)
    assert [event.actor for event in await AuditEvent.all()] == ["示例甲"]


async def test_there_is_one_head_of_the_trail(db):
    with pytest.raises(IntegrityError):
        await AuditHead.create(id=1, hash="0" * 64)
