"""议题和议定事项: proposed by units, decided by the chair, carried out by units. J1–J5."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.errors import DomainError
from domain.kit.keyset import slice_of
from domain.meetings import actions, agenda, queries, rules
from domain.meetings.models import (
    AgendaItem,
    AgendaKind,
    AgendaState,
    JointMeeting,
    MeetingState,
    ResolutionState,
)
from domain.units import queries as units
from web import errors, forms
from web.i18n import gettext as _
from web.render import name_of, page, redirect
from web.session import actor


class Filters(forms.Fields):
    state: ResolutionState = ResolutionState.OPEN
    after: str = ""


class Proposal(forms.Fields):
    unit_id: UUID
    title: forms.Line
    kind: AgendaKind
    summary: forms.Prose = ""


class TopicFields(forms.Fields):
    title: forms.Line
    kind: AgendaKind
    summary: forms.Prose = ""
    host_unit_id: UUID | None = None
    minutes_allotted: Annotated[int, Field(ge=1, le=600)] | None = None
    note: forms.Prose = ""


class NewTopic(TopicFields):
    parent_id: UUID | None = None


class ChangedTopic(TopicFields):
    expected_version: int


class Accepting(forms.Fields):
    parent_id: UUID | None = None
    expected_version: int


class Leaving(forms.Fields):
    into_id: UUID | None = None
    reason: forms.Prose = ""
    expected_version: int


class TakingUp(forms.Fields):
    item_id: UUID
    expected_version: int


class Pressed(forms.Fields):
    item_id: UUID
    step: agenda.Step
    expected_version: int


class Resolved(forms.Fields):
    text: forms.Prose
    unit_id: UUID
    due_on: date


class CorrectedResolution(Resolved):
    expected_version: int


class Answer(forms.Fields):
    answer: forms.Prose = ""
    expected_version: int


class Reopening(forms.Fields):
    reason: forms.Prose = ""
    expected_version: int


async def offer(request: Request) -> Response:
    """The form with which a unit proposes a topic."""
    meeting = await _meeting(request)
    rules.check_planned(meeting)
    return page(request, "agenda/propose.html", **await _own_units(request, meeting))


async def propose(request: Request) -> Response:
    meeting = await _meeting(request)
    try:
        given = forms.read(request, Proposal).given()
        await actions.propose(actor(request), meeting.id, unit_id=given.pop("unit_id"), **given)
    except DomainError as error:
        context = await _own_units(request, meeting)
        return _refused(request, error, "agenda/propose.html", context)
    return redirect(request, "meetings:show", id=meeting.id, said=_("已提出，等宣传部答复。"))


async def _own_units(request: Request, meeting: JointMeeting) -> dict[str, Any]:
    speaks = rules.units_spoken_for(actor(request))
    called = await queries.members_of(meeting.id)
    own = [(each.unit.id, each.unit.name) for each in called if each.unit_id in speaks]
    return {"meeting": meeting, "own": own, "kinds": _kinds()}


async def new(request: Request) -> Response:
    rules.check_convenes(actor(request))
    meeting = await _meeting(request)
    return page(request, "agenda/form.html", item=None, **await _choices(actor(request), meeting))


async def add(request: Request) -> Response:
    meeting = await _meeting(request)
    try:
        await actions.add(actor(request), meeting.id, **forms.read(request, NewTopic).given())
    except DomainError as error:
        context = await _choices(actor(request), meeting) | {"item": None}
        return _refused(request, error, "agenda/form.html", context)
    return redirect(request, "meetings:show", id=meeting.id, said=_("已列入议程。"))


async def edit(request: Request) -> Response:
    rules.check_convenes(actor(request))
    item, meeting = await _topic(request)
    form = forms.Form.of(
        title=item.title, kind=item.kind, summary=item.summary, host_unit_id=item.host_unit_id,
        minutes_allotted=item.minutes_allotted, note=item.note,
    )  # fmt: skip
    context = await _choices(actor(request), meeting)
    return page(request, "agenda/form.html", item=item, form=form, **context)


async def change(request: Request) -> Response:
    item, meeting = await _topic(request)
    try:
        fields = forms.read(request, ChangedTopic)
        await actions.change_topic(actor(request), item.id, **fields.given())
    except DomainError as error:
        context = await _choices(actor(request), meeting) | {"item": item}
        return _refused(request, error, "agenda/form.html", context)
    return redirect(request, "agenda:show", id=item.id, said=_("已保存。"))


async def show(request: Request) -> Response:
    """One topic: what it is about, what the chair may decide, what was resolved."""
    return page(request, "agenda/show.html", **await _shown(request))


async def _shown(request: Request) -> dict[str, Any]:
    reader = actor(request)
    item, meeting = await _topic(request)
    found = queries.visible_resolutions(reader).filter(agenda_item_id=item.id)
    chairs, state = rules.convenes(reader), meeting.state
    return await _choices(reader, meeting) | {
        "item": item,
        "number": (await queries.numbers([item.id])).get(item.id, ""),
        "resolutions": await found.order_by(*queries.DUE),
        "chairs": chairs and state is not MeetingState.CLOSED,
        "reads_note": chairs,
        "is_proposed": item.state is AgendaState.PROPOSED,
        "is_accepted": item.state is AgendaState.ACCEPTED,
        "may_resolve": chairs and state is MeetingState.HELD,
        "today": clock.today(),
    }


async def accept(request: Request) -> Response:
    return await _decide(request, actions.accept, Accepting, "accepting", _("已采纳，列入议程。"))


async def leave(request: Request) -> Response:
    """Merged when another topic is chosen, deferred otherwise; with a reason either way."""

    async def merge_or_defer(reader: Actor, item_id: UUID, **given: Any) -> object:
        if given["into_id"] is None:
            return await actions.defer(
                reader, item_id, **{k: given[k] for k in given if k != "into_id"}
            )
        return await actions.merge(reader, item_id, **given)

    return await _decide(request, merge_or_defer, Leaving, "leaving", _("已答复提出单位。"))


async def resolve(request: Request) -> Response:
    return await _decide(
        request, actions.record_resolution, Resolved, "resolving", _("已记录，责任单位已收到通知。")
    )


async def _decide(
    request: Request,
    act: Callable[..., Awaitable[object]],
    fields: type[forms.Fields],
    block: str,
    said: str,
) -> Response:
    item, _meeting = await _topic(request)
    try:
        await act(actor(request), item.id, **forms.read(request, fields).given())
    except DomainError as error:
        return errors.refuse(
            request, error, "agenda/show.html", block=block, form=forms.of(request),
            **await _shown(request),
        )  # fmt: skip
    return redirect(request, "agenda:show", id=item.id, said=said)


async def take_up(request: Request) -> Response:
    """A topic that was deferred earlier, onto this agenda."""
    meeting = await _meeting(request)
    given = forms.read(request, TakingUp).given()
    await actions.take_up(actor(request), given.pop("item_id"), meeting_id=meeting.id, **given)
    return redirect(request, "meetings:show", id=meeting.id, said=_("已列入议程。"))


async def step(request: Request) -> Response:
    """One place up, down, in or out. Where there is no way, nothing changes."""
    meeting = await _meeting(request)
    pressed = forms.read(request, Pressed)
    rules.check_convenes(actor(request))
    item = await queries.topic(actor(request), pressed.item_id)
    rules.check_accepted(item)
    topics = await queries.everything_on(item.meeting_id)
    if where := agenda.step_to(item, pressed.step, topics):
        await actions.move(
            actor(request), item.id, parent_id=where[0], place=where[1],
            expected_version=pressed.expected_version,
        )  # fmt: skip
    return redirect(request, "meetings:show", id=meeting.id, said=_("已调整。") if where else "")


async def resolutions(request: Request) -> Response:
    """What meetings resolved, the first due first."""
    reader = actor(request)
    form = forms.query(request)
    wanted = forms.parse(form, Filters)
    found = queries.visible_resolutions(reader).filter(state=wanted.state)
    part = await slice_of(found, queries.DUE, wanted.after or None)
    return page(
        request, "agenda/resolutions.html", block="rows", rows=part.rows, after=part.after,
        is_first=not wanted.after, state=wanted.state, states=list(ResolutionState),
        today=clock.today(),
    )  # fmt: skip


async def resolution(request: Request) -> Response:
    return page(request, "agenda/resolution.html", **await _resolution(request))


async def _resolution(request: Request) -> dict[str, Any]:
    reader = actor(request)
    found = await queries.resolution(reader, request.path_params["id"])
    chairs = rules.convenes(reader)
    is_open = found.state is ResolutionState.OPEN
    meeting = found.agenda_item.meeting
    seen = await queries.visible_to(reader).filter(id=meeting.id).exists()
    return {
        "resolution": found,
        "meeting": meeting,
        "sees_meeting": seen,
        "is_overdue": rules.is_overdue(found, clock.today()),
        "may_answer": is_open and (chairs or found.unit_id in rules.units_spoken_for(reader)),
        "may_reopen": chairs and not is_open,
        "may_correct": chairs and is_open and meeting.state is MeetingState.HELD,
        "units": [(unit.id, unit.name) for unit in await units.current()],
    }


async def answer(request: Request) -> Response:
    return await _act(request, actions.report_done, Answer, "panel", _("已报告办结。"))


async def correct(request: Request) -> Response:
    return await _act(
        request, actions.change_resolution, CorrectedResolution, "correcting", _("已保存。")
    )


async def reopen(request: Request) -> Response:
    return await _act(
        request, actions.reopen, Reopening, "panel", _("已退回续办，下次会议议程将列在最前。")
    )


async def _act(
    request: Request,
    act: Callable[..., Awaitable[object]],
    fields: type[forms.Fields],
    block: str,
    said: str,
) -> Response:
    found = await queries.resolution(actor(request), request.path_params["id"])
    try:
        await act(actor(request), found.id, **forms.read(request, fields).given())
    except DomainError as error:
        return errors.refuse(
            request, error, "agenda/resolution.html", block=block, form=forms.of(request),
            **await _resolution(request),
        )  # fmt: skip
    return redirect(request, "agenda:resolution", id=found.id, said=said)


async def _meeting(request: Request) -> JointMeeting:
    return await queries.get(actor(request), request.path_params["id"])


async def _topic(request: Request) -> tuple[AgendaItem, JointMeeting]:
    item = await queries.topic(actor(request), request.path_params["id"])
    return item, await queries.get(actor(request), UUID(str(item.meeting_id)))


def _refused(
    request: Request, error: DomainError, template: str, context: dict[str, Any]
) -> Response:
    form = forms.of(request)
    return errors.refuse(request, error, template, block="panel", form=form, **context)


async def _choices(reader: Actor, meeting: JointMeeting) -> dict[str, Any]:
    lines = (await queries.agendas(reader, [meeting.id]))[meeting.id]
    return {
        "meeting": meeting,
        "kinds": _kinds(),
        "units": [(unit.id, unit.name) for unit in await units.current()],
        "topics": [(line.item.id, f"{line.number} {line.item.title}") for line in lines],
    }


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, name_of(kind)) for kind in AgendaKind]


routes = [
    Route("/meetings/{id:uuid}/propose", offer, name="agenda:offer"),
    Route("/meetings/{id:uuid}/propose", propose, methods=["POST"], name="agenda:propose"),
    Route("/meetings/{id:uuid}/topics/new", new, name="agenda:new"),
    Route("/meetings/{id:uuid}/topics", add, methods=["POST"], name="agenda:add"),
    Route("/meetings/{id:uuid}/take-up", take_up, methods=["POST"], name="agenda:take-up"),
    Route("/meetings/{id:uuid}/step", step, methods=["POST"], name="agenda:step"),
    Route("/meetings/topics/{id:uuid}", show, name="agenda:show"),
    Route("/meetings/topics/{id:uuid}", change, methods=["POST"], name="agenda:change"),
    Route("/meetings/topics/{id:uuid}/edit", edit, name="agenda:edit"),
    Route("/meetings/topics/{id:uuid}/accept", accept, methods=["POST"], name="agenda:accept"),
    Route("/meetings/topics/{id:uuid}/leave", leave, methods=["POST"], name="agenda:leave"),
    Route("/meetings/topics/{id:uuid}/resolve", resolve, methods=["POST"], name="agenda:resolve"),
    Route("/meetings/resolutions", resolutions, name="agenda:resolutions"),
    Route("/meetings/resolutions/{id:uuid}", resolution, name="agenda:resolution"),
    Route("/meetings/resolutions/{id:uuid}/answer", answer, methods=["POST"], name="agenda:answer"),
    Route("/meetings/resolutions/{id:uuid}", correct, methods=["POST"], name="agenda:correct"),
    Route("/meetings/resolutions/{id:uuid}/reopen", reopen, methods=["POST"], name="agenda:reopen"),
]
