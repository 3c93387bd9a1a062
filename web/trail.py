"""The trail for the auditor: every act, newest first, and whether the chain is whole. S6."""

from datetime import date, timedelta
from typing import Annotated, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit import audit, clock, queries, text
from domain.kit.actor import Duty
from domain.kit.keyset import slice_of
from domain.kit.models import AuditEvent
from domain.kit.timetable import Kind
from web import forms, nav
from web.i18n import language, mark
from web.render import page
from web.session import actor

NEWEST = ("-seq",)
SHOWN = 10
"""Broken places that are named; one is enough to know."""


class Filters(forms.Fields):
    act: Annotated[forms.Line, forms.at_most(40)] = ""
    who: forms.Line = ""
    day: date | None = None
    thing_id: Annotated[forms.Line, forms.at_most(64)] = ""
    after: str = ""


async def list_(request: Request) -> Response:
    return page(request, "trail/list.html", block="rows", **await _listed(request))


async def _listed(request: Request) -> dict[str, Any]:
    form = forms.query(request)
    wanted = forms.parse(form, Filters)
    found = queries.trail(actor(request))
    verb, _dash, thing = wanted.act.rpartition("-")
    if thing:
        found = found.filter(verb=verb, thing=thing)
    if wanted.who:
        found = found.filter(actor__contains=wanted.who)
    if wanted.thing_id:
        found = found.filter(thing_id=wanted.thing_id)
    if wanted.day:
        following = clock.at(wanted.day + timedelta(days=1))
        found = found.filter(at__gte=clock.at(wanted.day), at__lt=following)
    slice_ = await slice_of(found, NEWEST, wanted.after, size=50)
    kinds = {each.kind: each for each in (await queries.overview()).kinds}
    return {
        "events": [(event, said_of(event)) for event in slice_.rows],
        "after": slice_.after, "is_first": not wanted.after, "form": form,
        "acts": _acts(), "nightly": kinds[Kind.NIGHTLY_CHECK],
    }  # fmt: skip


def said_of(event: AuditEvent) -> str:
    """What was done, in words; the bare verb where nobody has named it."""
    key = f"{event.verb}-{event.thing}"
    if key in text.words()["verbs"]:
        return text.say("verbs", key, language.get())
    return f"{event.verb} {event.thing}"


def _acts() -> list[tuple[str, str]]:
    verbs = text.words()["verbs"]
    return sorted(((key, said[language.get()]) for key, said in verbs.items()), key=_by_name)


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1]


async def check(request: Request) -> Response:
    """Walk the whole chain now. Reads only."""
    total = await queries.trail(actor(request)).count()
    broken: list[int] = []
    async for seq in audit.broken_links():
        broken.append(seq)
        if len(broken) == SHOWN:
            break
    return page(request, "trail/check.html", block="panel", total=total, broken=broken)


ENTRIES = (
    nav.Entry("trail:list", mark("操作记录"), order=10, duties=frozenset({Duty.AUDITOR})),
)  # fmt: skip
routes = [
    Route("/trail", list_, name="trail:list"),
    Route("/trail/check", check, name="trail:check"),
]
