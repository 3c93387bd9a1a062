"""Forms: read once, cleaned, checked as a whole; every refusal names its input.

class NewItem(forms.Fields):
    title: forms.Line
    body: forms.Prose = ""
    occurred_on: date
    office_ids: tuple[UUID, ...] = ()
    is_major: bool = False

fields = forms.read(request, NewItem)      # raises Refusals, one per wrong input
await actions.create(actor, **fields.given())
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Self, TypeVar, Union, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from domain.kit import clock
from domain.kit.clock import Month
from domain.kit.errors import Invalid, Refusals
from web.i18n import gettext, mark

LINE, PROSE = 200, 50_000
MOST_NUMBER = 2**31 - 1
LARGEST_FILE = 20 * 1024 * 1024
UNSAFE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff]")

SENTENCES = {
    "missing": mark("这一项不能空着。"),
    "date": mark("请写成“2018-04-18”这样的日期。"),
    "month": mark("请写成“2018-04”这样的月份。"),
    "number": mark("请填写数字，不带单位。"),
    "choice": mark("请从所列各项中选择。"),
    "too-long": mark("最多 {limit} 字，现在是 {length} 字。"),
    "unsafe": mark("含有看不见的控制字符，无法保存。请清除格式后重新粘贴。"),
    "address": mark("请填写以 http:// 或 https:// 开头的完整网址。"),
    "range": mark("应在允许的范围内：{limit}。"),
    "file": mark("请选择一个文件。"),
    "file-too-large": mark("文件超过 {limit} MB。"),
    "passwords-differ": mark("两次输入的新密码不一样。"),
    "other": mark("这一项填写有误。"),
}


class BadInput(Invalid):
    """An input that cannot be read. Its sentence is a page's, not a rule's."""

    code = "bad-input"

    def __init__(self, field: str, kind: str, **facts: object) -> None:
        super().__init__(field, kind, facts)
        self.field, self.kind, self.said = field, kind, facts

    @property
    def sentence(self) -> str:
        """What to put right, in the reader's language."""
        return gettext(SENTENCES.get(self.kind, SENTENCES["other"]), **self.said)


class TooLarge(BadInput):
    """A file over the limit."""

    def __init__(self, field: str) -> None:
        super().__init__(field, "file-too-large", limit=LARGEST_FILE // 1024 // 1024)


def clean(text: str) -> str:
    """NFC, Unix line ends, no edge spaces. Control characters are left for `_safe` to refuse."""
    text = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    )
    return unicodedata.normalize("NFC", text).strip(" \t\n\u3000\ufeff")


class Form:
    """What was typed, for reading and for showing again; unknown names stay unread."""

    def __init__(self, items: Sequence[tuple[str, object]] = ()) -> None:
        self._items = [(key, value) for key, value in items if key]

    @classmethod
    def of(cls, **values: object) -> Self:
        """A form filled from what is known, e.g. `Form.of(title=item.title)`."""
        return cls([(name, each) for name, value in values.items() for each in _many(value)])

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _value in self._items))

    def all(self, name: str) -> list[str]:
        """Every text given under a name, as an input would show it."""
        return [_shown(value) for key, value in self._items if key == name and _is_text(value)]

    def get(self, name: str, default: str = "") -> str:
        """The first text given under a name."""
        return next(iter(self.all(name)), default)

    __getitem__ = get

    def files(self, name: str) -> list[UploadFile]:
        """The files chosen under a name; an input left empty gives none."""
        return [
            value
            for key, value in self._items
            if key == name and isinstance(value, UploadFile) and value.filename
        ]


def _many(value: object) -> Sequence[object]:
    return [*value] if isinstance(value, list | tuple | set | frozenset) else [value]


def _is_text(value: object) -> bool:
    return not isinstance(value, UploadFile)


def _shown(value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    return str(value.value if isinstance(value, Enum) else value)


def of(request: Request) -> Form:
    """The form sent with this request, checked for forgery before the handler ran."""
    sent: FormData | None = request.scope.get("form")
    if sent is None:
        return Form()
    return Form(
        [
            (key, clean(value) if isinstance(value, str) else value)
            for key, value in sent.multi_items()
        ]
    )


def query(request: Request) -> Form:
    """The filters in the address, cleaned the same way."""
    return Form([(key, clean(value)) for key, value in request.query_params.multi_items()])


def _safe(text: str) -> str:
    if UNSAFE.search(text):
        raise PydanticCustomError("unsafe", "")
    return text


def _one_line(text: str) -> str:
    return " ".join(_safe(text).split("\n"))


def at_most(limit: int) -> AfterValidator:
    """Refuses longer texts, counting characters as people do."""

    def check(text: str) -> str:
        if len(text) > limit:
            raise PydanticCustomError("too-long", "", {"limit": limit, "length": len(text)})
        return text

    return AfterValidator(check)


def _month(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return Month.parse(value)
    except ValueError:
        raise PydanticCustomError("month", "") from None


def _address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise PydanticCustomError("address", "")
    return text


Line = Annotated[str, AfterValidator(_one_line), at_most(LINE)]
"""One line of at most 200 characters; required unless a default is given."""
Prose = Annotated[str, AfterValidator(_safe), at_most(PROSE)]
"""Paragraphs, at most 50,000 characters."""
Secret = Annotated[str, at_most(128)]
"""A password: taken as typed."""
Address = Annotated[Line, AfterValidator(_address)]
"""A web address, or nothing."""
MonthField = Annotated[Month, BeforeValidator(_month)]
"""A month written 2018-04."""


class Fields(BaseModel):
    """The inputs of one form. A text without a default must not be empty."""

    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True)

    @field_validator("*")
    @classmethod
    def _usual(cls, value: object) -> object:
        """Days of other ages and numbers that no record holds are refused here, for every form."""
        if isinstance(value, date) and not clock.is_usual(value):
            raise PydanticCustomError("date", "")
        if isinstance(value, int) and abs(value) > MOST_NUMBER:
            raise PydanticCustomError("less_than_equal", "", {"le": MOST_NUMBER})
        return value

    def given(self) -> dict[str, Any]:
        """The values by name, for an action's keywords."""
        return {name: getattr(self, name) for name in type(self).model_fields}


AnyFields = TypeVar("AnyFields", bound=Fields)


def read(request: Request, fields: type[AnyFields]) -> AnyFields:
    """The request's form as typed values. Raises Refusals naming each wrong input."""
    return parse(of(request), fields)


def parse(form: Form, fields: type[AnyFields]) -> AnyFields:
    """A form as typed values. Raises Refusals naming each wrong input."""
    try:
        return fields.model_validate(_raw(form, fields))
    except ValidationError as error:
        found = {_name(each): each for each in reversed(error.errors(include_url=False))}
        order = [name for name in fields.model_fields if name in found]
        raise Refusals([_bad(name, found[name]) for name in order]) from None


def _raw(form: Form, fields: type[Fields]) -> Mapping[str, object]:
    raw: dict[str, object] = {}
    for name, field in fields.model_fields.items():
        kinds = _kinds(field.annotation)
        if get_origin(kinds[0]) in (list, tuple, set, frozenset):
            raw[name] = [value for value in form.all(name) if value]
        elif UploadFile in kinds:
            if chosen := form.files(name):
                raw[name] = chosen[0]
        elif (text := form.get(name)) != "":
            raw[name] = text
        elif str in kinds and not field.is_required():
            raw[name] = ""
    return raw


def _kinds(annotation: Any) -> tuple[Any, ...]:
    origin = get_origin(annotation)
    return get_args(annotation) if origin in (Union, UnionType) else (annotation,)


def _name(error: Any) -> str:
    return str(error["loc"][0]) if error["loc"] else ""


KINDS = {
    "is_instance_of": "file", "enum": "choice", "literal_error": "choice",
    "uuid_parsing": "choice", "uuid_type": "choice", "bool_parsing": "choice",
    "too_short": "missing",
}  # fmt: skip


def _bad(name: str, error: Any) -> BadInput:
    kind = str(error["type"])
    facts = dict(error.get("ctx") or {})
    if kind.startswith(("date", "datetime")):
        return BadInput(name, "date")
    if kind.startswith(("int", "decimal", "float", "finite")):
        return BadInput(name, "number")
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = f"≥ {facts['ge']}" if "ge" in facts else f"≤ {facts['le']}"
        return BadInput(name, "range", limit=limit)
    return BadInput(name, KINDS.get(kind, kind), **facts)


async def content(file: UploadFile, field: str) -> bytes:
    """A file's bytes. Raises BadInput over 20 MB or when it is empty."""
    data = await file.read(LARGEST_FILE + 1)
    if not data:
        raise BadInput(field, "file")
    if len(data) > LARGEST_FILE:
        raise TooLarge(field)
    return data


def filename(file: UploadFile) -> str:
    """The name a file was sent under: no folders, nothing invisible, at most 120 characters."""
    last = re.split(r"[/\\]", file.filename or "")[-1]
    return clean(UNSAFE.sub("", last)).replace("\n", " ")[-120:] or "-"
