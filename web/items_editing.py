"""Writing an item: one form for text and files; its buttons save, attach, or 送审签 in one go."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.items import actions, attaching, completeness, prose, queries, rules, uploads
from domain.items.models import Attachment, Field, Genre, InformationType, Item, ItemState
from domain.kit import clock, text
from domain.kit.actor import Actor
from domain.kit.errors import DomainError, together
from domain.units import queries as units
from web import errors, forms
from web.dates import written
from web.i18n import gettext as _
from web.i18n import language
from web.render import is_htmx, name_of, page, redirect, url
from web.session import actor

TEMPLATE = "items/form.html"
LAY = "lay"


class Draft(forms.Fields):
    """What the form says about an item, by the names of `items.actions.create`."""

    title: forms.Line = ""
    body: forms.Prose = ""
    occurred_on: date
    information_type: InformationType = InformationType.DYNAMIC
    genre: Genre = Genre.NEWS
    topic_id: UUID | None = None
    field: Field | None = None
    counter_measure: forms.Prose = ""
    is_major: bool = False
    stability_related: bool = False
    declared_unclassified: bool = False
    office_ids: tuple[UUID, ...] = ()
    submit_when_signed: bool = False


class Wish(forms.Fields):
    """Which button was pressed, and with which file."""

    act: Literal["save", "attach", "lay"] = "save"
    detach: UUID | None = None
    content: UploadFile | None = None
    caption: forms.Line = ""
    expected_version: int | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was read and may be carried out."""

    draft: Draft
    wish: Wish
    name: str
    content: bytes

    @property
    def stays(self) -> bool:
        """Whether the writer goes on writing."""
        return self.wish.act == "attach" or self.wish.detach is not None


@dataclass(frozen=True, slots=True)
class Difference:
    """One input that two people filled in differently."""

    label: str
    theirs: str
    mine: str


async def new(request: Request) -> Response:
    """A blank sheet: today, all offices."""
    reader = actor(request)
    rules.authoring_unit(reader)
    offices = [office.id for office in await units.offices()]
    form = forms.Form.of(
        occurred_on=clock.today(), office_ids=offices, submit_when_signed=True,
        information_type=InformationType.DYNAMIC, genre=Genre.NEWS,
    )  # fmt: skip
    return page(request, TEMPLATE, block="panel", form=form, **await _around(reader, None))


async def edit(request: Request) -> Response:
    reader = actor(request)
    item = await queries.get(reader, request.path_params["id"])
    rules.check_may_write(reader, item.unit_id)
    rules.check_in_hand(item.state)
    return page(
        request, TEMPLATE, block="panel", form=await filled(item), **await _around(reader, item)
    )


async def create(request: Request) -> Response:
    reader, item = actor(request), None
    rules.authoring_unit(reader)
    try:
        sent = await _read(request, reader, [])
        unit_id = sent.wish.unit_id
        item = await actions.create(reader, unit_id=unit_id, **sent.draft.given())
        item = await _carry_out(reader, item, sent)
    except DomainError as error:
        return await again(request, error, item)
    return await _answer(request, item, sent, _("已存为草稿。"))


async def update(request: Request) -> Response:
    """Save; a text that somebody else saved meanwhile is shown beside one's own."""
    reader = actor(request)
    item = await queries.get(reader, request.path_params["id"])
    rules.check_may_write(reader, item.unit_id)
    was, seen = item.state, True
    try:
        sent = await _read(request, reader, await queries.attachments(item.id))
        expected = sent.wish.expected_version
        item = await actions.save(reader, item.id, expected_version=expected, **sent.draft.given())
        seen = False
        item = await _carry_out(reader, item, sent)
    except DomainError as error:
        return await again(request, error, item, seen=seen)
    return await _answer(request, item, sent, _saved(was, item.state))


async def _read(request: Request, reader: Actor, attachments: list[Attachment]) -> Sent:
    """Everything that can be refused is refused before anything is changed."""
    wish = forms.read(request, Wish)
    draft = forms.read(request, Draft)
    name = forms.filename(wish.content) if wish.content else ""
    content = await forms.content(wish.content, "content") if wish.content else b""
    pictures = [attaching.is_picture(each) for each in attachments if each.id != wish.detach]
    if wish.content:
        found = await attaching.inspect(reader, name, content, wish.caption)
        uploads.check_count(len(attachments))
        uploads.check_caption(rules.tidy(wish.caption), is_picture=found.is_picture)
        pictures.append(found.is_picture)
    elif wish.act == "attach":
        raise forms.BadInput("content", "file")
    if wish.act == LAY:
        _check_complete(draft, has_picture=any(pictures))
    elif not draft.title:
        raise completeness.TitleMissing
    return Sent(draft, wish, name, content)


def _check_complete(draft: Draft, *, has_picture: bool) -> None:
    """What `lay_for_sign_off` will ask, all at once, before the text is saved (A2)."""
    with together() as several:
        several.check(completeness.check_title, draft.title)
        several.check(
            completeness.check_substance, draft.genre, draft.body, has_picture=has_picture
        )
        several.check(completeness.check_happened, draft.occurred_on, clock.today())
        several.check(completeness.check_addressed, draft.office_ids)
        several.check(completeness.check_topic, draft.genre, draft.topic_id)
        several.check(
            completeness.check_counter_measure, draft.information_type, draft.counter_measure
        )
        several.check(completeness.check_declared, draft.declared_unclassified)


async def _carry_out(reader: Actor, item: Item, sent: Sent) -> Item:
    """The files, then the leaders."""
    wish = sent.wish
    if wish.detach:
        await actions.detach(reader, item.id, wish.detach)
    if sent.content:
        await actions.attach(
            reader, item.id, name=sent.name, content=sent.content, caption=wish.caption
        )
    if wish.act == LAY:
        return await actions.lay_for_sign_off(reader, item.id)
    return await queries.get(reader, item.id)


def _saved(was: ItemState, now: ItemState) -> str:
    if was in (ItemState.PENDING_SIGN_OFF, ItemState.SIGNED_OFF) and now is not was:
        return _("已保存。文稿有改动，原有签字失效，请重新送审签。")
    return _("已保存。")


async def _answer(request: Request, item: Item, sent: Sent, said: str) -> Response:
    if sent.wish.act == LAY:
        said = _("已送审签，等待领导审签。")
    if not sent.stays:
        return redirect(request, "items:show", id=item.id, said=said)
    said = _("附件已删去。") if sent.wish.detach else _("附件已添加，文稿已保存。")
    if not is_htmx(request):
        return redirect(request, "items:edit", id=item.id, said=said)
    context = await _around(actor(request), item)
    response = page(request, TEMPLATE, block="panel", form=await filled(item), said=said, **context)
    response.headers["HX-Push-Url"] = url(request, "items:edit", id=item.id)
    return response


async def again(
    request: Request,
    error: DomainError,
    item: Item | None,
    form: forms.Form | None = None,
    *,
    seen: bool = False,
) -> Response:
    """The form with all that was typed, and what is wrong with it.

    `seen`: the next save still speaks of the version that the writer opened.
    """
    reader = actor(request)
    differences: list[Difference] = []
    if isinstance(error, rules.ItemChanged):
        differences, seen = await _differences(error), False
    if item is not None:
        item = await queries.get(reader, item.id)
    form = form or forms.of(request)
    context = await _around(reader, item) | {"differences": differences}
    if seen:
        context["version"] = form["expected_version"]
    response = errors.refuse(request, error, TEMPLATE, block="panel", form=form, **context)
    if item is not None:
        response.headers["HX-Push-Url"] = url(request, "items:edit", id=item.id)
    return response


async def filled(item: Item) -> forms.Form:
    """The form as the item stands."""
    given = {name: getattr(item, name) for name in Draft.model_fields if name != "office_ids"}
    given |= {"body": editable(item.body), "office_ids": await queries.office_ids(item.id)}
    return forms.Form.of(**given)


def editable(body: str) -> str:
    """As plain lines, where nothing is lost by it; otherwise as it is kept."""
    plain = prose.as_text(body)
    return plain if prose.clean(plain) == body else body


async def _around(reader: Actor, item: Item | None) -> dict[str, Any]:
    """What the form offers, beside what was typed."""
    own = {held.unit_id: held.unit_name for held in reader.held if held.duty in rules.AUTHORS}
    return {
        "item": item,
        "version": item.version if item else "",
        "attachments": await queries.attachments(item.id) if item else [],
        "own_units": list(own.items()),
        "types": _options(InformationType),
        "genres": _options(Genre),
        "fields": _options(Field),
        "topics": [(each.id, each.name) for each in await units.topics()],
        "offices": [(each.id, each.name) for each in await units.offices()],
        "today": clock.today(),
        "differences": [],
        "is_signed": item is not None
        and item.state in (ItemState.PENDING_SIGN_OFF, ItemState.SIGNED_OFF),
    }


def _options(kind: type[Enum]) -> list[tuple[str, str]]:
    return [(each.value, name_of(each)) for each in kind]


async def _differences(error: rules.ItemChanged) -> list[Difference]:
    topics = {each.id: each.name for each in await units.topics()}
    return [
        Difference(_label(name), _in_words(theirs, topics), _in_words(error.mine[name], topics))
        for name, theirs in error.theirs.items()
        if theirs != error.mine[name]
    ]


def _label(name: str) -> str:
    labels: dict[str, str] = text.words()["fields"][name]
    return labels[language.get()]


def _in_words(value: object, topics: dict[UUID, str]) -> str:
    match value:
        case bool():
            return _("是") if value else _("否")
        case None:
            return "–"
        case Enum():
            return name_of(value)
        case date():
            return written(value)
        case UUID():
            return topics.get(value, "–")
    return prose.as_text(str(value))


routes = [
    Route("/items", create, methods=["POST"], name="items:create"),
    Route("/items/new", new, name="items:new"),
    Route("/items/{id:uuid}/edit", edit, name="items:edit"),
    Route("/items/{id:uuid}/edit", update, methods=["POST"], name="items:save"),
]
