"""Late entry (补录): the rows of a history sheet become items, signatures and adoptions."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from domain.approvals.models import SignOff, SignOffMethod
from domain.intake import history, queries
from domain.intake.desk import Cells, Desk, Register, unit_register
from domain.intake.history import Adopted, Told
from domain.intake.models import SheetKind
from domain.intake.outlets import outlet_register
from domain.intake.rules import (
    EVER,
    AdoptedAlready,
    BadCell,
    Contradicts,
    Misspelt,
    TooLong,
    UnknownName,
)
from domain.intake.sheets import Row, Sheet
from domain.intake.verdicts import Outcome
from domain.items.models import Item, ItemState, SubmissionChannel
from domain.items.rules import is_restricted
from domain.kit import clock
from domain.kit.actor import Duty
from domain.kit.ids import new_id
from domain.outlets import actions as outlets
from domain.outlets.models import Adoption, AdoptionState, MediaOutlet

SAME = {
    "类别": "information_type",
    "重大": "is_major",
    "报送人": "reporter",
    "审签领导": "signer",
    "审签职务": "post",
    "正文": "body",
}
"""What two rows about one item must agree on."""
NOTE_LIMIT = 200


@dataclass(slots=True)
class Known:
    """An item as it is so far: from the records, or from earlier rows of the file."""

    item_id: Any
    told: Told | None = None
    row: int = 0
    runs: dict[object, date] = field(default_factory=dict)
    """Outlets that ran it, with the day."""


class History(Desk):
    """Rows of one unit, title, day of event and day of submission are one item.

    The items count as submitted and signed by the leader the sheet names, with his post (R15);
    they come by no office's inbox. The adoptions count as confirmed: the county has long issued
    the figures that the sheet repeats.
    """

    columns = history.COLUMNS
    fields: ClassVar = {"name": "采用媒体"}
    gathers = True

    async def open(self) -> None:
        units = await unit_register(self.actor)
        self.outlets: Register = await outlet_register(self.actor)
        closed = await queries.closed_months()
        self.reader = history.Reader(units, clock.today(), closed)
        self.known: dict[history.Key, Known] = {}
        if days := _days(self.sheet):
            for key, (item_id, runs) in (await queries.items_known(min(days), max(days))).items():
                self.known[key] = Known(item_id, runs=runs)

    async def take(self, row: Row) -> Outcome:
        told, adopted = self._read(row)
        outlet = await self._outlet(row, adopted) if adopted else None
        known = self.known.get(told.key)
        if known is not None:
            _check_agrees(row, told, known)
        is_new_run = adopted is not None and outlet is not None and (
            known is None or _is_new_run(row, adopted, outlet, known)
        )  # fmt: skip
        if known is None:
            known = self._enter(row, told)
            self.known[told.key] = known
        elif not is_new_run:
            return Outcome.UNCHANGED
        if is_new_run and adopted is not None and outlet is not None:
            self._adopt(known, outlet, adopted)
        self.harvest.taken[row.digest(SheetKind.HISTORY.value)] = known.item_id
        return Outcome.CREATED

    def _read(self, row: Row) -> tuple[Told, Adopted | None]:
        cells = Cells()
        told = cells.read(None, self.reader.told, row)
        adopted = cells.read(None, self.reader.adopted, row)
        if adopted and adopted.evidence:
            cells.check(_check_note, adopted.evidence)
        cells.done()
        assert told is not None
        return told, adopted

    async def _outlet(self, row: Row, adopted: Adopted) -> MediaOutlet:
        try:
            outlet: MediaOutlet = self.outlets.all(adopted.outlet)[-1]
        except (Misspelt, UnknownName):
            if not self.options.create_outlets or adopted.level is None:
                raise
            outlet = await outlets.create_outlet(
                self.actor, name=adopted.outlet, level=adopted.level, valid_from=EVER
            )
            self.outlets.add(outlet.name, outlet)
        history.check_outlet(row, adopted, outlet)
        return outlet

    def _enter(self, row: Row, told: Told) -> Known:
        item = Item(
            id=new_id(),
            unit=told.unit,
            reporter=told.reporter,
            title=told.title,
            body=told.body,
            information_type=told.information_type,
            genre=told.genre,
            occurred_on=told.occurred_on,
            is_major=told.is_major,
            restricted=is_restricted(told.unit, told.information_type, stability_related=False),
            channel=SubmissionChannel.LATE_ENTRY,
            original_at=told.submitted_at,
            state=ItemState.SUBMITTED,
            created_at=told.submitted_at,
            updated_at=told.submitted_at,
            submitted_at=told.submitted_at,
        )
        self.harvest.lay(item, told.submitted_at)
        self.harvest.items.append(item)
        self.harvest.sign_offs.append(_signature(item, told))
        return Known(item.id, told, row.number)

    def _adopt(self, known: Known, outlet: MediaOutlet, adopted: Adopted) -> None:
        known.runs[outlet.id] = adopted.on
        is_address = adopted.evidence.startswith(("http://", "https://"))
        moment = clock.now()
        self.harvest.adoptions.append(
            Adoption(
                id=new_id(),
                item_id=known.item_id,
                outlet=outlet,
                level=outlet.level,
                adopted_on=adopted.on,
                position=adopted.position,
                evidence_url=adopted.evidence if is_address else "",
                evidence_note="" if is_address else adopted.evidence,
                state=AdoptionState.CONFIRMED,
                recorded_by_name=self.actor.name,
                recorded_at=moment,
                confirmed_by_name=self.actor.name,
                confirmed_at=moment,
            )
        )


def _days(sheet: Sheet) -> list[date]:
    """The days of submission that can be read."""
    days = []
    for row in sheet.rows:
        with suppress(BadCell):
            days.append(row.date("报送日期"))
    return days


def _signature(item: Item, told: Told) -> SignOff:
    """分管领导审签；重大信息主要领导审签: the leader whom the sheet names. (二(一))"""
    return SignOff(
        item_id=item.id,
        step=Duty.PRINCIPAL_LEADER if told.is_major else Duty.LEADER_IN_CHARGE,
        signer_name=told.signer,
        signer_post=told.post,
        signer_unit=told.unit.name,
        content_sha256=item.content_sha256,
        method=SignOffMethod.LATE_ENTRY,
        signed_at=told.submitted_at,
    )


def _check_agrees(row: Row, told: Told, known: Known) -> None:
    """Against the earlier row of the same item; blanks of type, weight and text are no claim."""
    if known.told is None:
        return
    cells = Cells()
    for column, name in SAME.items():
        mine, first = getattr(told, name), getattr(known.told, name)
        if row.has(column) and mine != first:
            cells.errors.append(Contradicts(column, row.text(column), known.row, _said(first)))
    cells.done()


def _said(value: object) -> object:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else value


def _is_new_run(row: Row, adopted: Adopted, outlet: MediaOutlet, known: Known) -> bool:
    """Raises AdoptedAlready when the outlet ran it on another day."""
    day = known.runs.get(outlet.id)
    if day is not None and day != adopted.on:
        raise AdoptedAlready("采用日期", row.text("采用日期"), day)
    return day is None


def _check_note(evidence: str) -> None:
    if not evidence.startswith(("http://", "https://")) and len(evidence) > NOTE_LIMIT:
        raise TooLong("凭证", NOTE_LIMIT)
