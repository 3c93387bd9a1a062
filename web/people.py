"""The roster: who leads, who reports, and with what right. 三(七)；附件3."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit import clock
from domain.kit.actor import Actor, Duty
from domain.kit.errors import DomainError
from domain.kit.keyset import slice_of
from domain.people import actions, queries, rules
from domain.people.models import Person
from domain.units import queries as units
from web import errors, forms
from web.i18n import gettext as _
from web.render import name_of, page, redirect
from web.session import actor

ORDER = ("name", "id")
PAGE = 50


class Filters(forms.Fields):
    unit_id: UUID | None = None
    duty: Duty | None = None
    after: str = ""


class PersonFields(forms.Fields):
    name: forms.Line
    office_phone: forms.Line = ""
    mobile: forms.Line = ""


class ChangedPerson(PersonFields):
    expected_version: int


class NewAppointment(forms.Fields):
    unit_id: UUID
    duty: Duty
    post: forms.Line
    office_id: UUID | None = None
    starts_on: date | None = None


class Ending(forms.Fields):
    last_day: date


class NewDeputy(forms.Fields):
    deputy_id: UUID
    deputy_post: forms.Line
    starts_on: date
    ends_on: date
    reason: forms.Line


class NewAccount(forms.Fields):
    login: forms.Line


@dataclass(frozen=True, slots=True)
class Shown:
    """A person as this reader may see them."""

    person: Person
    mobile: str


def manages(reader: Actor) -> bool:
    return reader.has(Duty.ADMINISTRATOR, Duty.PUBLICITY_DEPARTMENT)


def shown(reader: Actor, person: Person) -> Shown:
    where = {UUID(str(each.unit_id)) for each in person.appointments}
    return Shown(person, rules.shown_mobile(reader, person, where))


async def list_(request: Request) -> Response:
    reader = actor(request)
    form = forms.query(request)
    wanted = forms.parse(form, Filters)
    held = queries.current_appointments()
    if wanted.unit_id:
        held = held.filter(unit_id=wanted.unit_id)
    if wanted.duty:
        held = held.filter(duty=wanted.duty)
    found = queries.with_appointments(queries.visible_to(reader))
    if wanted.unit_id or wanted.duty:
        found = found.filter(id__in=held.values("person_id"))
    people = await slice_of(found, ORDER, wanted.after, size=PAGE)
    return page(
        request, "people/list.html", block="rows", form=form, manages=manages(reader),
        people=[shown(reader, each) for each in people.rows], after=people.after,
        is_first=not wanted.after, units=await _units(), duties=_duties(),
    )  # fmt: skip


async def show(request: Request) -> Response:
    """Appointments past and present, deputies, and the account."""
    return page(request, "people/show.html", **await _shown(request), password=None)


async def _shown(request: Request, person_id: UUID | None = None) -> dict[str, Any]:
    reader = actor(request)
    person = await queries.get(reader, person_id or request.path_params["id"])
    is_admin = reader.has(Duty.ADMINISTRATOR)
    account = await queries.accounts(reader).get_or_none(person_id=person.id) if is_admin else None
    mine = {UUID(str(each.unit_id)) for each in person.appointments}
    colleagues = await queries.current_appointments().filter(unit_id__in=mine)
    return {
        "shown": shown(reader, person),
        "appointments": await queries.appointments_of(person.id),
        "grants": await queries.grants(reader).filter(appointment__person_id=person.id),
        "leads": [each for each in person.appointments if _may_grant(reader, each)],
        "colleagues": sorted(
            {(each.person.id, each.person.name) for each in colleagues} - {(person.id, person.name)}
        ),
        "manages": manages(reader),
        "is_admin": is_admin,
        "account": account,
        "today": clock.today(),
        "units": await _units(),
        "duties": _duties(),
        "offices": [(office.id, office.name) for office in await units.offices()],
        "wrong": "",
    }


def _may_grant(reader: Actor, appointment: Any) -> bool:
    try:
        rules.check_grants(reader, appointment)
    except DomainError:
        return False
    return True


async def new(request: Request) -> Response:
    rules.check_administers(actor(request), Duty.PUBLICITY_DEPARTMENT)
    return page(request, "people/form.html", person=None)


async def create(request: Request) -> Response:
    try:
        fields = forms.read(request, PersonFields)
        person = await actions.create_person(actor(request), **fields.given())
    except DomainError as error:
        return _form_again(request, error, None)
    return redirect(request, "people:show", id=person.id, said=_("已登记。请接着任职。"))


async def edit(request: Request) -> Response:
    rules.check_administers(actor(request), Duty.PUBLICITY_DEPARTMENT)
    person = await queries.get(actor(request), request.path_params["id"])
    seen = shown(actor(request), person).mobile
    form = forms.Form.of(
        name=person.name,
        office_phone=person.office_phone,
        mobile=seen if seen == person.mobile else "",
    )
    return page(request, "people/form.html", person=person, form=form)


async def change(request: Request) -> Response:
    person = await queries.get(actor(request), request.path_params["id"])
    try:
        fields = forms.read(request, ChangedPerson)
        given = fields.given()
        given["mobile"] = given["mobile"] or None
        await actions.change_person(actor(request), person.id, **given)
    except DomainError as error:
        return _form_again(request, error, person)
    return redirect(request, "people:show", id=person.id, said=_("已保存。"))


async def appoint(request: Request) -> Response:
    try:
        fields = forms.read(request, NewAppointment)
        await actions.appoint(actor(request), request.path_params["id"], **fields.given())
    except DomainError as error:
        return await _show_again(request, error, "appointing")
    return _back(request, _("已任职。"))


async def end_appointment(request: Request) -> Response:
    """A duty ends with its last day."""
    fields = forms.read(request, Ending)
    ended = await actions.end_appointment(
        actor(request), request.path_params["id"], last_day=fields.last_day
    )
    return redirect(request, "people:show", id=ended.person.id, said=_("任职到期日已记下。"))


async def grant_deputy(request: Request) -> Response:
    """X signs for Y from a day to a day."""
    held = await queries.appointment(actor(request), request.path_params["id"])
    rules.check_grants(actor(request), held)
    person_id = UUID(str(held.person.id))
    try:
        fields = forms.read(request, NewDeputy)
        await actions.grant_deputy(actor(request), held.id, **fields.given())
    except DomainError as error:
        return await _show_again(request, error, str(held.id), person_id)
    return redirect(
        request, "people:show", id=person_id, said=_("代签授权已生效，本单位已收到告知。")
    )


async def revoke_deputy(request: Request) -> Response:
    grant = await actions.revoke_deputy(actor(request), request.path_params["id"])
    return redirect(
        request, "people:show", id=grant.appointment.person.id, said=_("代签授权已收回。")
    )


async def open_account(request: Request) -> Response:
    """The one-time password is on this answer and nowhere else."""
    try:
        fields = forms.read(request, NewAccount)
        password = await actions.open_account(
            actor(request), request.path_params["id"], login=fields.login
        )
    except DomainError as error:
        return await _show_again(request, error, "account")
    return page(
        request, "people/show.html", block="account", **await _shown(request), password=password
    )


async def reset_password(request: Request) -> Response:
    account = await queries.accounts(actor(request)).get_or_none(
        person_id=request.path_params["id"]
    )
    if account is None:
        return redirect(request, "people:show", id=request.path_params["id"])
    password = await actions.reset_password(actor(request), account.id)
    return page(
        request, "people/show.html", block="account", **await _shown(request), password=password
    )


async def deactivate(request: Request) -> Response:
    person = await actions.deactivate_person(actor(request), request.path_params["id"])
    return redirect(request, "people:show", id=person.id, said=_("已停用，所有登录已退出。"))


async def reactivate(request: Request) -> Response:
    person = await actions.reactivate_person(actor(request), request.path_params["id"])
    return redirect(request, "people:show", id=person.id, said=_("已恢复。"))


def _back(request: Request, said: str) -> Response:
    return redirect(request, "people:show", id=request.path_params["id"], said=said)


async def _show_again(
    request: Request, error: DomainError, wrong: str, person_id: UUID | None = None
) -> Response:
    """The page with what was typed; `wrong` is the form it was typed into."""
    context = await _shown(request, person_id) | {"wrong": wrong}
    return errors.refuse(
        request, error, "people/show.html", block=None if person_id else wrong,
        form=forms.of(request), password=None, **context,
    )  # fmt: skip


def _form_again(request: Request, error: DomainError, person: Person | None) -> Response:
    return errors.refuse(
        request, error, "people/form.html", block="panel", form=forms.of(request), person=person
    )


async def _units() -> list[tuple[UUID, str]]:
    return [(unit.id, unit.name) for unit in await units.current()]


def _duties() -> list[tuple[str, str]]:
    return [(duty.value, name_of(duty)) for duty in Duty]


routes = [
    Route("/people", list_, name="people:list"),
    Route("/people", create, methods=["POST"], name="people:create"),
    Route("/people/new", new, name="people:new"),
    Route("/people/{id:uuid}", show, name="people:show"),
    Route("/people/{id:uuid}", change, methods=["POST"], name="people:change"),
    Route("/people/{id:uuid}/edit", edit, name="people:edit"),
    Route("/people/{id:uuid}/appoint", appoint, methods=["POST"], name="people:appoint"),
    Route("/people/{id:uuid}/account", open_account, methods=["POST"], name="people:account"),
    Route("/people/{id:uuid}/password", reset_password, methods=["POST"], name="people:password"),
    Route("/people/{id:uuid}/deactivate", deactivate, methods=["POST"], name="people:deactivate"),
    Route("/people/{id:uuid}/reactivate", reactivate, methods=["POST"], name="people:reactivate"),
    Route("/appointments/{id:uuid}/end", end_appointment, methods=["POST"], name="people:end"),
    Route("/appointments/{id:uuid}/deputy", grant_deputy, methods=["POST"], name="people:deputy"),
    Route("/deputies/{id:uuid}/revoke", revoke_deputy, methods=["POST"], name="people:revoke"),
]
