"""联席会议: called by the publicity department, replied to, held, minuted, closed. R34–R36."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.items import prose
from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.errors import DomainError
from domain.kit.keyset import slice_of
from domain.meetings import actions, queries, rules
from domain.meetings.models import (
    AgendaState,
    JointMeeting,
    MeetingKind,
    MeetingMember,
    MeetingState,
    MemberReply,
)
from domain.people import queries as people
from domain.units import queries as units
from web import errors, forms, nav
from web.i18n import gettext as _
from web.i18n import mark
from web.render import name_of, page, redirect
from web.session import actor

FEW = 5
"""Open resolutions shown above the list of meetings; the rest has a page of its own."""


class Filters(forms.Fields):
    after: str = ""


class MeetingFields(forms.Fields):
    title: forms.Line
    kind: MeetingKind
    day: date
    hour: time
    place: forms.Line = ""

    def given(self) -> dict[str, Any]:
        """The day and hour as one moment of the county."""
        facts = super().given()
        day, hour = facts.pop("day"), facts.pop("hour")
        return facts | {"starts_at": datetime.combine(day, hour.replace(tzinfo=None), clock.COUNTY)}


class NewMeeting(MeetingFields):
    unit_ids: tuple[UUID, ...] = ()


class ChangedMeeting(MeetingFields):
    expected_version: int


class Members(forms.Fields):
    unit_ids: tuple[UUID, ...] = ()
    expected_version: int


class Reply(forms.Fields):
    member_id: UUID
    reply: MemberReply
    person_id: UUID | None = None
    deputy: forms.Line = ""
    expected_version: int


class Attendance(forms.Fields):
    present_ids: tuple[UUID, ...] = ()
    expected_version: int


class MinutesText(forms.Fields):
    text: forms.Prose = ""
    expected_version: int


class Version(forms.Fields):
    expected_version: int


async def list_(request: Request) -> Response:
    """Meetings, the latest first, under what is still to be carried out."""
    reader = actor(request)
    after = forms.parse(forms.query(request), Filters).after
    found = await slice_of(queries.visible_to(reader), queries.LATEST, after or None)
    open_ = await queries.waiting(reader).limit(FEW + 1)
    return page(
        request, "meetings/list.html", rows=found.rows, after=found.after, is_first=not after,
        open=open_[:FEW], more=len(open_) > FEW, convenes=rules.convenes(reader),
        today=clock.today(),
    )  # fmt: skip


async def new(request: Request) -> Response:
    rules.check_convenes(actor(request))
    return page(request, "meetings/form.html", meeting=None, **await _choices())


async def create(request: Request) -> Response:
    try:
        meeting = await actions.convene(actor(request), **forms.read(request, NewMeeting).given())
    except DomainError as error:
        return await _form_again(request, error, None)
    return redirect(request, "meetings:show", id=meeting.id, said=_("已召集，各单位已收到通知。"))


async def edit(request: Request) -> Response:
    rules.check_convenes(actor(request))
    meeting = await queries.get(actor(request), request.path_params["id"])
    begins = meeting.starts_at.astimezone(clock.COUNTY)
    form = forms.Form.of(
        title=meeting.title, kind=meeting.kind, place=meeting.place,
        day=begins.date(), hour=f"{begins:%H:%M}",
    )  # fmt: skip
    return page(request, "meetings/form.html", meeting=meeting, form=form, **await _choices())


async def change(request: Request) -> Response:
    meeting = await queries.get(actor(request), request.path_params["id"])
    try:
        fields = forms.read(request, ChangedMeeting)
        await actions.change(actor(request), meeting.id, **fields.given())
    except DomainError as error:
        return await _form_again(request, error, meeting)
    return redirect(request, "meetings:show", id=meeting.id, said=_("已保存。"))


async def members(request: Request) -> Response:
    rules.check_convenes(actor(request))
    meeting = await queries.get(actor(request), request.path_params["id"])
    called = [member.unit_id for member in await queries.members_of(meeting.id)]
    form = forms.Form.of(unit_ids=called)
    return page(request, "meetings/members.html", meeting=meeting, form=form, **await _choices())


async def call(request: Request) -> Response:
    """Which units are called; the new ones are told."""
    meeting = await queries.get(actor(request), request.path_params["id"])
    try:
        fields = forms.read(request, Members)
        await actions.set_members(actor(request), meeting.id, **fields.given())
    except DomainError as error:
        return errors.refuse(
            request, error, "meetings/members.html", block="panel", form=forms.of(request),
            meeting=meeting, **await _choices(),
        )  # fmt: skip
    return redirect(request, "meetings:show", id=meeting.id, said=_("已确定参会单位。"))


async def show(request: Request) -> Response:
    """One meeting: what leads it, the agenda, who comes, and what was resolved."""
    return page(request, "meetings/show.html", **await shown(request))


async def shown(request: Request) -> dict[str, Any]:
    """Everything the page of a meeting says to this reader."""
    reader = actor(request)
    meeting = await queries.get(reader, request.path_params["id"])
    chairs = rules.convenes(reader)
    called = await queries.members_of(meeting.id)
    topics = queries.visible_agenda(reader).filter(meeting_id=meeting.id)
    minutes = await queries.minutes_of(reader, meeting.id)
    is_open = meeting.state is not MeetingState.CLOSED
    due = clock.local_date(meeting.starts_at) <= clock.today()
    return {
        "meeting": meeting,
        "members": called,
        "leading": (await queries.leading(reader, [(meeting.id, meeting.starts_at)]))[meeting.id],
        "lines": (await queries.agendas(reader, [meeting.id]))[meeting.id],
        "offered": await topics.exclude(state=AgendaState.ACCEPTED).order_by("proposed_at", "id"),
        "deferred": await queries.deferred(reader, meeting) if chairs and is_open else [],
        "resolutions": await _resolutions(reader, meeting),
        "minutes": minutes,
        "text": Markup(minutes.text if minutes else ""),  # noqa: S704  # `items.prose` cleaned it
        "chairs": chairs,
        "is_open": is_open,
        "is_planned": meeting.state is MeetingState.PLANNED,
        "may_hold": chairs and is_open and due,
        "today": clock.today(),
        **await _own_seat(reader, meeting, called),
    }


async def _resolutions(reader: Actor, meeting: JointMeeting) -> list[Any]:
    found = queries.visible_resolutions(reader).filter(agenda_item__meeting_id=meeting.id)
    return await found.order_by(*queries.DUE)


async def _own_seat(
    reader: Actor, meeting: JointMeeting, called: list[MeetingMember]
) -> dict[str, Any]:
    """The reader's own unit among the members, with those it may send."""
    speaks = (
        rules.units_spoken_for(reader) if meeting.state is MeetingState.PLANNED else frozenset()
    )
    seat = next((member for member in called if member.unit_id in speaks), None)
    held = people.current_appointments().filter(unit_id=seat.unit_id) if seat else None
    colleagues = (
        {each.person.id: f"{each.person.name} {each.post}" for each in await held} if held else {}
    )
    return {
        "seat": seat,
        "colleagues": list(colleagues.items()),
        "replies": [(each.value, name_of(each)) for each in MemberReply if each.value != "awaited"],
    }


async def reply(request: Request) -> Response:
    """The own unit says who comes."""
    reader = actor(request)
    try:
        given = forms.read(request, Reply).given()
        await actions.reply(reader, given.pop("member_id"), **given)
    except DomainError as error:
        return await _again(request, error, "reply")
    return _back(request, _("已回复。"))


async def hold(request: Request) -> Response:
    """The meeting took place; those ticked were there."""
    try:
        fields = forms.read(request, Attendance)
        await actions.hold(actor(request), request.path_params["id"], **fields.given())
    except DomainError as error:
        return await _again(request, error, "attendance")
    return _back(request, _("已登记到会。"))


async def minutes(request: Request) -> Response:
    """The text of the minutes, for whoever writes them."""
    rules.check_convenes(actor(request))
    meeting = await queries.get(actor(request), request.path_params["id"])
    rules.check_held(meeting)
    text = await queries.minutes_of(actor(request), meeting.id)
    assert text is not None
    form = forms.Form.of(text=_plain(text.text), expected_version=text.version)
    return page(request, "meetings/minutes.html", meeting=meeting, form=form, theirs="")


async def write(request: Request) -> Response:
    """Save the minutes. Who comes late is shown both texts and may save his over the other."""
    meeting = await queries.get(actor(request), request.path_params["id"])
    try:
        fields = forms.read(request, MinutesText)
        await actions.write_minutes(actor(request), meeting.id, **fields.given())
    except rules.MinutesChanged as error:
        form = forms.Form.of(text=forms.of(request)["text"], expected_version=error.current)
        theirs = prose.as_text(error.theirs)
        return _minutes_again(request, error, meeting, form, theirs)
    except DomainError as error:
        return _minutes_again(request, error, meeting, forms.of(request), "")
    return _back(request, _("纪要已保存。"))


def _minutes_again(
    request: Request, error: DomainError, meeting: JointMeeting, form: forms.Form, theirs: str
) -> Response:
    return errors.refuse(
        request, error, "meetings/minutes.html", block="panel",
        form=form, meeting=meeting, theirs=theirs,
    )  # fmt: skip


def _plain(text: str) -> str:
    """Paragraphs are written as lines; what has tables or lists stays marked up."""
    plain = prose.as_text(text)
    return plain if prose.clean(plain) == text else text


async def close(request: Request) -> Response:
    """The minutes are final."""
    try:
        fields = forms.read(request, Version)
        await actions.close(actor(request), request.path_params["id"], **fields.given())
    except DomainError as error:
        return await _again(request, error, "closing")
    return _back(request, _("纪要已定稿，参会单位可以查看。"))


def _back(request: Request, said: str) -> Response:
    return redirect(request, "meetings:show", id=request.path_params["id"], said=said)


async def _again(request: Request, error: DomainError, block: str) -> Response:
    return errors.refuse(
        request, error, "meetings/show.html", block=block, form=forms.of(request),
        **await shown(request),
    )  # fmt: skip


async def _form_again(
    request: Request, error: DomainError, meeting: JointMeeting | None
) -> Response:
    return errors.refuse(
        request, error, "meetings/form.html", block="panel", form=forms.of(request),
        meeting=meeting, **await _choices(),
    )  # fmt: skip


async def _choices() -> dict[str, Any]:
    return {
        "kinds": [(kind.value, name_of(kind)) for kind in MeetingKind],
        "units": [(unit.id, unit.name) for unit in await units.current()],
    }


ENTRIES = (nav.Entry("meetings:list", mark("联席会议"), order=55, inside=("meetings:", "agenda:")),)
routes = [
    Route("/meetings", list_, name="meetings:list"),
    Route("/meetings", create, methods=["POST"], name="meetings:create"),
    Route("/meetings/new", new, name="meetings:new"),
    Route("/meetings/{id:uuid}", show, name="meetings:show"),
    Route("/meetings/{id:uuid}", change, methods=["POST"], name="meetings:change"),
    Route("/meetings/{id:uuid}/edit", edit, name="meetings:edit"),
    Route("/meetings/{id:uuid}/members", members, name="meetings:members"),
    Route("/meetings/{id:uuid}/members", call, methods=["POST"], name="meetings:call"),
    Route("/meetings/{id:uuid}/reply", reply, methods=["POST"], name="meetings:reply"),
    Route("/meetings/{id:uuid}/hold", hold, methods=["POST"], name="meetings:hold"),
    Route("/meetings/{id:uuid}/minutes", minutes, name="meetings:minutes"),
    Route("/meetings/{id:uuid}/minutes", write, methods=["POST"], name="meetings:write"),
    Route("/meetings/{id:uuid}/close", close, methods=["POST"], name="meetings:close"),
]
