"""docs/api.md is true: its documents are valid, and its walk walks."""

import asyncio
import os
import re
import shutil
import socket
from pathlib import Path

import pytest
import uvicorn
from graphql import parse, validate

from domain.kit.actor import Duty
from domain.people.models import Account, Person
from schema.root import schema
from tests import make
from tests.asking import APP

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("document", blocks("graphql"))
def test_every_example_is_a_valid_document(document):
    assert validate(schema._schema, parse(document)) == []


async def login(duty: Duty, unit, office=None) -> str:
    actor = await make.actor(duty, unit=unit, office=office)
    account: Account = await make.account(await Person.get(id=actor.person_id))
    return account.login


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
async def test_the_walk_goes_from_a_report_to_its_points(db):
    unit, office = await make.unit(), await make.office()
    await make.topic()
    await make.outlet()
    people = {
        "WRITER": await login(Duty.CORRESPONDENT, unit),
        "LEADER": await login(Duty.LEADER_IN_CHARGE, unit),
        "EDITOR": await login(Duty.OFFICE_EDITOR, unit, office),
        "PUBLICITY": await login(Duty.PUBLICITY_DEPARTMENT, unit),
    }
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(APP, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        walk = await asyncio.create_subprocess_exec(
            "bash", "-c", blocks("bash")[0], stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **people, "XINBAO": address, "PASSWORD": make.PASSWORD},
        )  # fmt: skip
        out, err = await walk.communicate()
        server.should_exit = True
        await serving
    assert walk.returncode == 0, err.decode()
    *states, points = out.decode().splitlines()
    assert states == [
        "PENDING_SIGN_OFF",
        "SUBMITTED",
        "RECEIVED",
        "IN_EDITING",
        "ADOPTED",
        "CONFIRMED",
    ]
    assert "explanation" in points
