"""Items with everything that belongs to them, ready to be written by the thousand."""

from dataclasses import dataclass, field
from uuid import UUID

from domain.approvals.models import SignOff
from domain.items.models import Item, ItemOffice, ItemRevision
from domain.items.rules import content_of, content_sha256
from domain.outlets.models import Adoption
from domain.reception.models import Reception, ReceptionEvent


@dataclass(slots=True)
class Harvest:
    """Records made, and not yet written. Identifiers are given already."""

    items: list[Item] = field(default_factory=list)
    offices: list[ItemOffice] = field(default_factory=list)
    revisions: list[ItemRevision] = field(default_factory=list)
    sign_offs: list[SignOff] = field(default_factory=list)
    receptions: list[Reception] = field(default_factory=list)
    events: list[ReceptionEvent] = field(default_factory=list)
    adoptions: list[Adoption] = field(default_factory=list)
    taken: dict[str, UUID | None] = field(default_factory=dict)
    """Rows by their digest, with the item each is about."""

    def add_text(self, item: Item, *, revised: bool = True) -> None:
        """Give the item the fingerprint of its text, and keep the text as it was laid."""
        content = content_of(item, ())
        item.content_sha256 = content_sha256(content)
        self.items.append(item)
        if revised:
            self.revisions.append(
                ItemRevision(
                    item_id=item.id,
                    round=item.round,
                    content=content,
                    content_sha256=item.content_sha256,
                    created_at=item.updated_at,
                )
            )
