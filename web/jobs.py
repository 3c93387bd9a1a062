"""The county's clockwork: what ran, what is next, what went wrong. I6, I7."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit import actions, queries, text
from domain.kit.actor import Actor, Duty
from domain.kit.models import Job
from web import nav
from web.i18n import gettext as _
from web.i18n import language, mark
from web.render import page, redirect
from web.session import actor


def name_of_kind(kind: str) -> str:
    """What a kind of work is called; its code when nobody has named it."""
    if kind in text.words()["jobs"]:
        return text.say("jobs", kind, language.get())
    return kind


async def list_(request: Request) -> Response:
    return page(request, "jobs/list.html", block="panel", **await _listed(request))


async def _listed(request: Request) -> dict[str, Any]:
    given_up: list[Job] = await queries.given_up(actor(request))
    return {
        "overview": await queries.overview(),
        "given_up": given_up,
        "name_of_kind": name_of_kind,
    }


async def again(request: Request) -> Response:
    """Work that was given up is tried once more, at once."""
    job = await actions.ask_again(actor(request), request.path_params["id"])
    said = _("已重新安排：{job}。", job=name_of_kind(job.kind))
    return redirect(request, "jobs:list", said=said)


async def failed(reader: Actor) -> int:
    return len(await queries.given_up(reader))


ENTRIES = (
    nav.Entry(
        "jobs:list", mark("定时任务"), order=80, duties=frozenset({Duty.ADMINISTRATOR}),
        count=failed,
    ),
)  # fmt: skip
routes = [
    Route("/jobs", list_, name="jobs:list"),
    Route("/jobs/{id:uuid}/again", again, methods=["POST"], name="jobs:again"),
]
