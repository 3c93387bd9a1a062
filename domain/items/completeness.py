"""What an item needs before it is laid before a leader: each field with its own refusal. (A2)"""

from collections.abc import Collection
from datetime import date
from typing import Any

from domain.items import prose
from domain.items.models import Genre, InformationType, Item
from domain.kit.errors import Invalid, together
from domain.kit.inputs import InputTooLong

TITLE_LIMIT = 120
TEXT_LIMIT = 50_000
"""Characters of a body or of counter-measures, mark-up included."""
RAW_LIMIT = 20 * TEXT_LIMIT
"""What is looked at at all: pasted text shrinks when it is cleaned."""
REPORTER_LIMIT = 40


class TitleMissing(Invalid):
    code, field = "title-missing", "title"


class TitleTooLong(Invalid):
    code, field = "title-too-long", "title"

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length, self.limit = length, TITLE_LIMIT


class TextMissing(Invalid):
    """Only photographs may come without words (R11)."""

    code, field = "text-missing", "body"


class TextTooLong(Invalid):
    """Also said of raw input, mark-up of a word processor included, beyond `RAW_LIMIT`."""

    code = "text-too-long"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field

    @property
    def facts(self) -> dict[str, Any]:
        return {"limit": TEXT_LIMIT}


class PictureMissing(Invalid):
    code, field = "picture-missing", "attachments"


class NotYetHappened(Invalid):
    code, field = "not-yet-happened", "occurred_on"

    def __init__(self, occurred_on: date) -> None:
        super().__init__(occurred_on)
        self.occurred_on = occurred_on


class OfficeMissing(Invalid):
    code, field = "office-missing", "office_ids"


class TopicMissing(Invalid):
    code, field = "topic-missing", "topic_id"


class CounterMeasureMissing(Invalid):
    code, field = "counter-measure-missing", "counter_measure"


class DeclarationMissing(Invalid):
    code, field = "declaration-missing", "declared_unclassified"


class ReporterMissing(Invalid):
    code, field = "reporter-missing", "reporter"


def check_title(title: str) -> None:
    if not title:
        raise TitleMissing
    check_title_length(title)


def check_title_length(title: str) -> None:
    if len(title) > TITLE_LIMIT:
        raise TitleTooLong(len(title))


def check_text_length(field: str, text: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(field)


def check_raw_length(field: str, given: object) -> None:
    """Before anything is made of it."""
    if isinstance(given, str) and len(given) > RAW_LIMIT:
        raise TextTooLong(field)


def check_reporter_length(reporter: str) -> None:
    if len(reporter) > REPORTER_LIMIT:
        raise InputTooLong("reporter", len(reporter), REPORTER_LIMIT)


def check_substance(genre: Genre, body: str, *, has_picture: bool) -> None:
    """文字、图片均可 (R11): photographs need a picture, everything else words."""
    if genre is Genre.PHOTOGRAPHY:
        if not has_picture:
            raise PictureMissing
    elif not prose.as_text(body).strip():
        raise TextMissing


def check_happened(occurred_on: date, today: date) -> None:
    if occurred_on > today:
        raise NotYetHappened(occurred_on)


def check_addressed(office_ids: Collection[object]) -> None:
    if not office_ids:
        raise OfficeMissing


def check_topic(genre: Genre, topic_id: object | None) -> None:
    """News is placed under one of the focus topics (R7); 评论、摄影、文艺题材不限 (R11)."""
    if genre is Genre.NEWS and topic_id is None:
        raise TopicMissing


def check_counter_measure(information_type: InformationType, text: str) -> None:
    """新情况、新问题，以及相应的对策措施 (一, R8)."""
    if information_type is InformationType.PROBLEM and not text.strip():
        raise CounterMeasureMissing


def check_declared(declared: bool) -> None:
    if not declared:
        raise DeclarationMissing


def check_reporter(reporter: str) -> None:
    """务必注明报送人所在单位、姓名 (R60)."""
    if not reporter.strip():
        raise ReporterMissing


def check_complete(
    item: Item, *, office_ids: Collection[object], has_picture: bool, today: date
) -> None:
    """Everything an item needs before it is laid before a leader, all refusals at once (A2)."""
    with together() as several:
        several.check(check_title, item.title)
        several.check(check_substance, item.genre, item.body, has_picture=has_picture)
        several.check(check_happened, item.occurred_on, today)
        several.check(check_addressed, office_ids)
        several.check(check_topic, item.genre, item.topic_id)
        several.check(check_counter_measure, item.information_type, item.counter_measure)
        several.check(check_declared, item.declared_unclassified)
        several.check(check_reporter, item.reporter)
