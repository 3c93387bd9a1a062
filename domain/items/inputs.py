"""What people say about an item: tidied, measured, and written onto it unsaved."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from domain.items import completeness, prose, rules
from domain.items.models import Field, Genre, InformationType, Item
from domain.kit.errors import together
from domain.units import queries as units


class Fields(TypedDict, total=False):
    """What may be said about an item besides its title and day; what is left out stays."""

    body: str
    information_type: InformationType
    genre: Genre
    topic_id: UUID | None
    field: Field | None
    counter_measure: str
    is_major: bool
    stability_related: bool
    declared_unclassified: bool
    office_ids: Collection[UUID]
    submit_when_signed: bool


class Changes(Fields, total=False):
    title: str
    occurred_on: date
    reporter: str


def tidied(given: dict[str, Any]) -> dict[str, Any]:
    """The inputs as they are kept; nothing else about an item is said by people.

    Raises TextTooLong.
    """
    if strange := given.keys() - Changes.__optional_keys__:
        raise TypeError(strange)
    with together() as several:
        for key, value in given.items():
            several.check(completeness.check_raw_length, key, value)
    return {
        key: _CLEANERS[key](value) if key in _CLEANERS else value for key, value in given.items()
    }


_CLEANERS: dict[str, Callable[[str], str]] = {
    "title": rules.tidy,
    "reporter": rules.tidy,
    "body": prose.clean,
    "counter_measure": rules.tidy_lines,
}


def texts(given: dict[str, Any]) -> list[tuple[str, str]]:
    """What people wrote, by field, as words."""
    plain = [(key, given[key]) for key in ("title", "counter_measure", "reporter") if key in given]
    return [*plain, ("body", prose.as_text(given.get("body", "")))]


async def apply(item: Item, given: dict[str, Any], *, offices_before: set[object]) -> None:
    """Write inputs onto the item, unsaved; what depends on them follows."""
    with together() as several:
        several.check(completeness.check_title_length, given.get("title", ""))
        several.check(completeness.check_reporter_length, given.get("reporter", ""))
        for key in ("body", "counter_measure"):
            several.check(completeness.check_text_length, key, given.get(key, ""))
        if "office_ids" in given:
            several.check(rules.check_offices_kept, offices_before, given["office_ids"])
    await _check_references(given)
    item.update_from_dict({key: value for key, value in given.items() if _is_column(key, value)})
    if "topic_id" in given:
        await item.fetch_related("topic")
    item.restricted = rules.stays_restricted(item) or rules.is_restricted(
        item.unit, item.information_type, stability_related=item.stability_related
    )


def _is_column(key: str, value: Any) -> bool:
    return key != "office_ids" and (key != "reporter" or bool(value))


async def _check_references(given: dict[str, Any]) -> None:
    topic_id = given.get("topic_id")
    if topic_id and not await units.topics().filter(id=topic_id).exists():
        raise rules.TopicUnknown
    office_ids = set(given.get("office_ids") or ())
    if office_ids and await units.offices().filter(id__in=office_ids).count() != len(office_ids):
        raise rules.OfficeUnknown
