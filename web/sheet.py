"""An item as a sheet of paper: its text, who answers for it, and its way so far. R12, R15, R60."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup

from domain.approvals import queries as approvals
from domain.approvals.models import Decision, SignOff
from domain.approvals.rules import Step
from domain.items import queries as items
from domain.items import rules
from domain.items.models import Attachment, Field, Genre, InformationType, Item, ItemState
from domain.kit.actor import Actor
from domain.outlets import queries as outlets
from domain.reception import queries as reception
from domain.reception.models import Reception, ReceptionState
from web.i18n import gettext as _
from web.render import name_of

AT_ONCE = timedelta(seconds=5)
"""How far apart the offices' rows of one submission may be written."""
TONES = {
    ReceptionState.ADOPTED: "good",
    ReceptionState.RETURNED: "bad",
    ReceptionState.REJECTED: "bad",
    ReceptionState.IN_EDITING: "accent",
    ReceptionState.RECEIVED: "accent",
}
STATE_TONES = {
    ItemState.PENDING_SIGN_OFF: "warn",
    ItemState.SIGNED_OFF: "accent",
    ItemState.SUBMITTED: "good",
    ItemState.RETURNED: "bad",
}


@dataclass(frozen=True, slots=True)
class Text:
    """What a reader may read of an item: the present text, or the one that was handed in."""

    title: str
    body: Markup
    information_type: InformationType
    genre: Genre
    topic: str
    field: Field | None
    counter_measure: str
    occurred_on: date
    stability_related: bool
    reporter: str
    unit: str

    @classmethod
    def of(cls, content: dict[str, Any]) -> "Text":
        """From `items.rules.content_of`. The body was cleaned when it was saved."""
        field = content["field"]
        return cls(
            title=content["title"],
            body=Markup(content["body"]),  # noqa: S704  # `items.prose` keeps nothing but clean prose
            information_type=InformationType(content["information_type"]),
            genre=Genre(content["genre"]),
            topic=content["topic"] or "",
            field=Field(field) if field else None,
            counter_measure=content["counter_measure"],
            occurred_on=date.fromisoformat(content["occurred_on"]),
            stability_related=content["stability_related"],
            reporter=content["reporter"],
            unit=content["unit"],
        )


async def read(reader: Actor, item: Item) -> dict[str, Any]:
    """Everything `items/_sheet.html` shows. The caller has fetched the item through its door."""
    attachments = await items.attachments(item.id)
    content = await reception.shown_text(reader, item)
    return _sheet(item, content or rules.content_of(item, attachments), attachments) | {
        "steps": await approvals.steps_of(item),
        "said_by_leaders": await approvals.sign_offs_of(item.id),
        "receptions": await reception.of_item(reader, item.id),
        "adoptions": await outlets.of_item(reader, item.id),
        "way": await way(item),
    }


async def read_held(reader: Actor, held: Reception) -> dict[str, Any]:
    """The same for an office: exactly the revision it was given."""
    text = await reception.text_held(held)
    sheet = await read(reader, held.item)
    return sheet | {
        "text": Text.of(text.content),
        "attachments": _belonging(await items.attachments(held.item.id), text.content),
    }


def _belonging(attachments: list[Attachment], content: dict[str, Any]) -> list[Attachment]:
    """The files of exactly this text, not those the unit is working on since."""
    signed = {each["sha256"] for each in content["attachments"]}
    return [each for each in attachments if each.sha256 in signed]


def _sheet(item: Item, content: dict[str, Any], attachments: list[Attachment]) -> dict[str, Any]:
    moment = rules.arrived_at(item)
    return {
        "item": item,
        "text": Text.of(content),
        "attachments": _belonging(attachments, content),
        "arrived_at": moment,
        "days_late": rules.days_late(item.occurred_on, moment) if moment else None,
        "tones": TONES,
        "state_tones": STATE_TONES,
    }


def signature(sign_off: SignOff) -> str:
    """「示例乙 党政办主任 代 示例甲」."""
    said = f"{sign_off.signer_name} {sign_off.signer_post}"
    if sign_off.on_behalf_of:
        said += " " + _("代 {name}", name=sign_off.on_behalf_of)
    if sign_off.in_absence:
        said += _("（分管领导不在岗）")
    return said


async def way(item: Item) -> list[dict[str, Any]]:
    """The timeline: written, signed or sent back, handed in, and every office's steps."""
    steps = await reception.way(item)
    lines = [_office_step(step) for step in steps if not _is_hand_over(step)]
    lines += _hand_overs([step for step in steps if _is_hand_over(step)])
    lines += [_leader_step(each) for each in await approvals.sign_offs_of(item.id)]
    return sorted(lines, key=_moment) + await _waiting(item)


def _is_hand_over(step: reception.Step) -> bool:
    """The unit's own part: the same moment at every office."""
    return step.kind is reception.StepKind.SUBMITTED or step.state is ReceptionState.SUBMITTED


def _hand_overs(steps: list[reception.Step]) -> list[dict[str, Any]]:
    """One line for each time the item was handed in, with the offices it went to."""
    together: list[list[reception.Step]] = []
    for step in steps:
        if not together or step.at - together[-1][0].at > AT_ONCE:
            together.append([])
        together[-1].append(step)
    return [
        {
            "title": _("再次报送") if number else _("报送"),
            "state": "done",
            "at": same[0].at,
            "note": _("、").join(sorted(step.office for step in same if step.office)),
        }
        for number, same in enumerate(together)
    ]


def _moment(line: dict[str, Any]) -> datetime:
    at: datetime = line["at"]
    return at


def _office_step(step: reception.Step) -> dict[str, Any]:
    if step.kind is reception.StepKind.CREATED:
        return {"title": _("写稿"), "state": "done", "who": step.who, "at": step.at}
    assert step.state is not None
    bad = step.state in (ReceptionState.RETURNED, ReceptionState.REJECTED)
    return {
        "title": f"{step.office} {name_of(step.state)}",
        "state": "bad" if bad else "done",
        "who": step.who,
        "at": step.at,
        "note": step.reason,
    }


def _leader_step(sign_off: SignOff) -> dict[str, Any]:
    back = sign_off.decision is Decision.SENT_BACK
    return {
        "title": _("{duty}退回", duty=name_of(sign_off.step))
        if back
        else _("{duty}审签", duty=name_of(sign_off.step)),
        "state": "bad" if back else "done",
        "who": signature(sign_off),
        "at": sign_off.signed_at,
        "note": sign_off.reason,
    }


async def _waiting(item: Item) -> list[dict[str, Any]]:
    """What has yet to happen inside the unit."""
    if item.state is not ItemState.PENDING_SIGN_OFF:
        return []
    open_steps: list[Step] = [step for step in await approvals.steps_of(item) if not step.signed]
    return [
        {
            "title": _("待{duty}审签", duty=name_of(step.duty)),
            "state": "now" if place == 0 else "next",
        }
        for place, step in enumerate(open_steps)
    ]
