"""首页: what waits for the reader, by when, and how the month stands; by duty."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.approvals import queries as approvals
from domain.approvals import rules as approval_rules
from domain.circulars import review
from domain.items import queries as items
from domain.items import rules as item_rules
from domain.items.models import Item
from domain.kit import clock, workdays
from domain.kit import queries as clockwork
from domain.kit.actor import Actor, Duty
from domain.kit.clock import Month, Year
from domain.notices import actions as notices_actions
from domain.notices import queries as notices
from domain.notices.models import Message
from domain.outlets import queries as outlets
from domain.outlets import rules as outlet_rules
from domain.points import queries as points
from domain.points.lines import Line
from domain.points.models import UnitMonth
from domain.quotas import queries as quotas
from domain.quotas.models import Quota
from domain.reception import queries as reception
from domain.reception.models import ReceptionState
from web import item_rows, nav
from web.i18n import gettext as _
from web.i18n import language, mark
from web.render import is_htmx, page, redirect
from web.session import actor

FEW = 6
COUNTY = (Duty.OFFICE_EDITOR, Duty.PUBLICITY_DEPARTMENT, Duty.SUPERVISION_OFFICE)
READING = (Duty.FINANCE, Duty.AUDITOR, Duty.ADMINISTRATOR)
OPEN_STATES = (
    ReceptionState.SUBMITTED,
    ReceptionState.RECEIVED,
    ReceptionState.IN_EDITING,
    ReceptionState.RETURNED,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the reader's language."""

    message: Message
    sentence: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Today in its month, as a page head says it."""

    month: Month
    workdays_left: int


async def show(request: Request) -> Response:
    """Each duty adds its part; what waits for a signature comes before everything."""
    reader = actor(request)
    ranking = await points.ranking(Month.of(clock.today()))
    context: dict[str, Any] = {
        "calendar": await _calendar(clock.today()),
        "unit": None,
        "office": None,
        "county": None,
        "signing": await _signing(reader) if reader.has(*approval_rules.SIGNING) else None,
        "messages": await _messages(reader),
    }
    if reader.has(*item_rules.UNIT_DUTIES):
        context["unit"] = await _unit(reader, ranking)
    if reader.has(Duty.OFFICE_EDITOR):
        context["office"] = await _office(reader)
    if reader.has(*COUNTY, *READING):
        context["county"] = await _county(reader, ranking)
    return page(request, "home/show.html", **context)


async def _calendar(today: date) -> Calendar:
    month = Month.of(today)
    days = await workdays.between(month.first, month.last)
    return Calendar(month, sum(day >= today for day in days.of(month)))


async def _signing(reader: Actor) -> dict[str, Any]:
    """What waits for the reader's own signature, the longest first."""
    waiting: list[Item] = list(await (await approvals.inbox(reader)))
    return {"waiting": waiting[:FEW], "total": len(waiting)}


async def _messages(reader: Actor) -> list[Said]:
    found = await notices.unread(reader).limit(FEW)
    return [Said(each, notices.sentence(each, language.get())) for each in found]


async def _unit(reader: Actor, ranking: list[Line]) -> dict[str, Any]:
    """The month of the reader's own unit, and where its items are."""
    held = next(each for each in reader.held if each.duty in item_rules.UNIT_DUTIES)
    line = next((each for each in ranking if each.unit_id == str(held.unit_id)), None)
    recent = await items.of_unit(reader, held.unit_id).limit(FEW)
    return {
        "id": held.unit_id,
        "name": held.unit_name,
        "line": line,
        "group_size": sum(line is not None and each.group == line.group for each in ranking),
        "rows": await item_rows.rows(reader, recent),
        "total": await items.of_unit(reader, held.unit_id).count(),
        "heat": await _heat(reader, held.unit_id),
        "writes": reader.has(*item_rules.AUTHORS),
    }


async def _heat(reader: Actor, unit_id: UUID) -> list[tuple[str, str, str]]:
    """Submitted of the task, month by month of this year."""
    today = clock.today()
    year = Year.of(today)
    counted = await points.year_of(unit_id, year)
    history = await quotas.history(reader, unit_id)
    return [
        _cell(month, counted.get(month), _quota(history, month), today) for month in year.months
    ]


def _quota(history: list[Quota], month: Month) -> Quota | None:
    return next((each for each in history if each.from_month <= month.first), None)


def _cell(
    month: Month, counted: UnitMonth | None, quota: Quota | None, today: date
) -> tuple[str, str, str]:
    label = _("{n}月", n=month.first.month)
    done = counted.submitted if counted else 0
    if month.first > today:
        return label, "–", "none-yet"
    if quota is None:
        return label, str(done), "none-yet"
    if quota.exempt:
        return label, _("免"), "exempt"
    return label, f"{done}/{quota.count}", _tone(done, quota.count, is_over=month.last < today)


def _tone(done: int, owed: int, *, is_over: bool) -> str:
    if done >= owed:
        return "full"
    if not is_over:
        return "none-yet"
    return "low" if done else "none"


async def _office(reader: Actor) -> dict[str, Any]:
    """The inbox by state, and what has waited longest."""
    counts = await reception.counts(reader)
    waiting = await reception.inbox(reader, ReceptionState.SUBMITTED).limit(FEW)
    return {
        "counts": [(state, counts.get(state, 0)) for state in OPEN_STATES],
        "waiting": list(waiting),
    }


async def _county(reader: Actor, ranking: list[Line]) -> dict[str, Any]:
    """The whole county's month, adoptions to confirm, and what closes last month."""
    last = Month.of(clock.today()).previous
    return {
        "submitted": sum(line.submitted for line in ranking),
        "adopted": sum(line.adopted for line in ranking),
        "reporting": sum(line.submitted > 0 for line in ranking),
        "owing": [line for line in ranking if line.is_zero_report],
        "units": len(ranking),
        "confirms": reader.has(*outlet_rules.CONFIRMERS),
        "to_confirm": await _to_confirm(reader),
        "review": await review.review(last),
        "checks": reader.has(Duty.OFFICE_EDITOR),
        "failed_jobs": await _failed_jobs() if reader.has(Duty.ADMINISTRATOR) else 0,
    }


async def _failed_jobs() -> int:
    """Work of the clockwork that was given up and waits to be asked for again."""
    overview = await clockwork.overview()
    return sum(kind.given_up for kind in overview.kinds)


async def _to_confirm(reader: Actor) -> int:
    if not reader.has(*outlet_rules.CONFIRMERS):
        return 0
    return await outlets.waiting(reader).exclude(recorded_by_id=reader.person_id).count()


async def read(request: Request) -> Response:
    """Take a message off the page, for the whole unit."""
    reader = actor(request)
    await notices_actions.read(reader, request.path_params["id"])
    if not is_htmx(request):
        return redirect(request, "home", said=_("已阅。"))
    return page(
        request, "home/show.html", block="notices", said=_("已阅。"),
        messages=await _messages(reader),
    )  # fmt: skip


ENTRIES = (nav.Entry("home", mark("首页"), order=0),)
routes = [
    Route("/", show, name="home"),
    Route("/messages/{id:uuid}/read", read, methods=["POST"], name="home:read"),
]
