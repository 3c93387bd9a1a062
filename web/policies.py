"""计分办法: every version with its first day, its values in tables, and how to add one. R30；I1."""

from datetime import date
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit import clock
from domain.kit.actor import Duty
from domain.kit.errors import DomainError
from domain.outlets.models import OutletLevel
from domain.points import actions, queries, reading
from domain.points.policy import Policy, RepeatRule
from domain.units import rules as unit_rules
from web import errors, forms, nav
from web.i18n import gettext as _
from web.i18n import mark
from web.render import page, redirect
from web.session import actor

READERS = frozenset({
    Duty.PUBLICITY_DEPARTMENT, Duty.SUPERVISION_OFFICE, Duty.OFFICE_EDITOR, Duty.ADMINISTRATOR,
    Duty.AUDITOR,
})  # fmt: skip
REPEATS = {
    RepeatRule.HIGHEST: mark("同一信息被多家采用，只计最高一家"),
    RepeatRule.SUM: mark("同一信息被多家采用，各家相加"),
    RepeatRule.ONCE_PER_LEVEL: mark("同一信息被多家采用，每一级只计最高一家"),
    RepeatRule.TOP_N_LEVELS: mark("同一信息被多家采用，只计最高的几级"),
}


class NewPolicy(forms.Fields):
    name: forms.Line
    valid_from: date
    is_example: bool = False
    document: forms.Line = ""
    rules: forms.Prose = ""
    file: UploadFile | None = None
    step: forms.Line = "look"


async def list_(request: Request) -> Response:
    """All versions, the latest first; the one in force is marked."""
    reader = actor(request)
    in_force = await queries.policy_on(clock.today())
    found = [(row, Policy.model_validate(row.rules)) for row in await queries.policies(reader)]
    return page(
        request, "policies/list.html", policies=found, in_force=in_force and in_force.id,
        repeats=_repeats(), levels=list(OutletLevel), adds=reader.has(Duty.ADMINISTRATOR),
        today=clock.today(),
    )  # fmt: skip


async def new(request: Request) -> Response:
    unit_rules.check_manages(actor(request), Duty.ADMINISTRATOR)
    return page(request, "policies/new.html", block="panel", **_form(None))


def _form(policy: Policy | None) -> dict[str, Any]:
    return {"policy": policy, "repeats": _repeats(), "levels": list(OutletLevel)}


def _repeats() -> dict[RepeatRule, str]:
    return {rule: _(said) for rule, said in REPEATS.items()}


async def create(request: Request) -> Response:
    """First shown as it will be read, then put in force; open months are counted again."""
    form = forms.of(request)
    try:
        fields = forms.read(request, NewPolicy)
        unit_rules.check_manages(actor(request), Duty.ADMINISTRATOR)
        text = await _text(fields)
        form = _typed(form, text)
        rules = reading.parse_json(text.encode())
        policy = reading.read_policy(rules)
        if fields.step != "add":
            return page(request, "policies/new.html", block="panel", form=form, **_form(policy))
        await actions.add_policy(
            actor(request), name=fields.name, valid_from=fields.valid_from, rules=rules,
            is_example=fields.is_example, document=fields.document,
        )  # fmt: skip
    except DomainError as error:
        return errors.refuse(
            request, error, "policies/new.html", block="panel", form=form, **_form(None)
        )
    return redirect(request, "policies:list", said=_("已施行，未结账的月份已按新办法重新计分。"))


async def _text(fields: NewPolicy) -> str:
    """The file if one was chosen, else what stands in the box."""
    if fields.file is not None:
        content = await forms.content(fields.file, "file")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise reading.PolicyNotJson from None
    if not fields.rules:
        raise forms.BadInput("file", "file")
    return fields.rules


def _typed(form: forms.Form, text: str) -> forms.Form:
    """What was typed, with the file's text in the box, so that it need not be chosen again."""
    kept = {name: form.get(name) for name in ("name", "valid_from", "is_example", "document")}
    return forms.Form.of(**kept, rules=text)


ENTRIES = (nav.Entry("policies:list", mark("计分办法"), order=65, duties=READERS),)
routes = [
    Route("/policies", list_, name="policies:list"),
    Route("/policies", create, methods=["POST"], name="policies:create"),
    Route("/policies/new", new, name="policies:new"),
]
