"""People and items with everything that belongs to them, ready to be written by the thousand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tortoise.models import Model

from domain.approvals.models import SignOff
from domain.items.models import Item, ItemOffice, ItemRevision
from domain.items.rules import content_of, content_sha256
from domain.outlets.models import Adoption
from domain.people.models import Account, Appointment, Person
from domain.reception.models import Reception, ReceptionEvent


@dataclass(slots=True)
class Harvest:
    """Records made, and not yet written. Identifiers are given already."""

    people: list[Person] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    offices: list[ItemOffice] = field(default_factory=list)
    revisions: list[ItemRevision] = field(default_factory=list)
    sign_offs: list[SignOff] = field(default_factory=list)
    receptions: list[Reception] = field(default_factory=list)
    events: list[ReceptionEvent] = field(default_factory=list)
    adoptions: list[Adoption] = field(default_factory=list)
    taken: dict[str, UUID | None] = field(default_factory=dict)
    """Rows by their digest, with the item each is about."""

    @property
    def parts(self) -> tuple[Sequence[Model], ...]:
        """Everything but `taken`, in the order in which rows may refer to one another."""
        return (
            self.people, self.appointments, self.accounts, self.items, self.offices,
            self.revisions, self.sign_offs, self.receptions, self.events, self.adoptions,
        )  # fmt: skip

    def lay(self, item: Item, at: datetime) -> None:
        """Give the item the fingerprint of its text, and keep the text as it is laid then."""
        content = content_of(item, ())
        item.content_sha256 = content_sha256(content)
        self.revisions.append(
            ItemRevision(
                item_id=item.id,
                round=item.round,
                content=content,
                content_sha256=item.content_sha256,
                created_at=at,
            )
        )
