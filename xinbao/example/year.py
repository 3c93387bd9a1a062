"""A year of the example county: who reported what, what the offices did with it, who ran it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from domain.approvals.models import SignOff
from domain.intake.harvest import Harvest
from domain.items.models import Item, ItemOffice, ItemState
from domain.items.rules import is_restricted, needs_confidentiality_review
from domain.kit import clock
from domain.kit.actor import Duty
from domain.kit.clock import Month, months_between
from domain.kit.ids import new_id
from domain.outlets.models import Adoption, AdoptionMode, AdoptionState, MediaOutlet, OutletLevel
from domain.people.models import Person
from domain.reception.models import Reception, ReceptionEvent, ReceptionState
from domain.units.models import ReceivingOffice, Topic, Unit
from xinbao.example.cast import Cast
from xinbao.example.writing import Text, Writer

HOUR = timedelta(hours=1)
ZEAL = ((0.0, 4), (0.35, 18), (0.7, 35), (1.0, 33), (1.5, 18))
"""How much of its task a unit sends, and how many percent of the units do."""
LEVELS = {
    OutletLevel.COUNTY: 62,
    OutletLevel.PREFECTURE: 29,
    OutletLevel.PROVINCE: 7,
    OutletLevel.NATION: 2,
}
POSITIONS = ("", "", "", "", "二版", "三版", "要闻", "头版", "头版头条")
WAITING = {
    0: ReceptionState.SUBMITTED,
    1: ReceptionState.SUBMITTED,
    2: ReceptionState.RECEIVED,
    3: ReceptionState.RECEIVED,
    4: ReceptionState.IN_EDITING,
    5: ReceptionState.IN_EDITING,
}
"""What an office has done with an item after so many days; later it has decided."""
UNWANTED = (
    "内容较为一般，缺少数据支撑。",
    "同类信息近期已采用。",
    "时效性不强。",
    "与重点工作关联不大。",
)
REJECTED = ("主要内容与此前报送的信息重复。", "属于部门日常工作，不再作为信息采用。")
ASKED_FOR = ("请补充具体数据和群众反映。", "请补充下一步打算。", "请核实时间、地点后重新报送。")


@dataclass(frozen=True, slots=True)
class Setting:
    """The county as it stands before its year is written."""

    units: list[Unit]
    offices: list[ReceivingOffice]
    outlets: list[MediaOutlet]
    topics: dict[str, Topic]
    quotas: dict[object, int]
    cast: Cast
    first: Month
    now: datetime


def write(setting: Setting, harvest: Harvest, seed: int = 2018) -> None:
    """Fill the harvest with every item of the year, oldest first."""
    _Year(setting, harvest, Random(seed)).write()  # noqa: S311  # the same texts every time


class _Year:
    def __init__(self, setting: Setting, harvest: Harvest, random: Random) -> None:
        self.of = setting
        self.harvest = harvest
        self.random = random
        self.writer = Writer(random)
        zeal, weights = zip(*ZEAL, strict=True)
        self.zeal = {unit.id: random.choices(zeal, weights)[0] for unit in setting.units}

    def write(self) -> None:
        for occurred_on, unit in sorted(self._occasions(), key=lambda each: each[0]):
            submitted_at = self._sent(occurred_on)
            if submitted_at < self.of.now - HOUR:
                self._report(unit, occurred_on, submitted_at)

    def _occasions(self) -> Iterator[tuple[date, Unit]]:
        for month in months_between(self.of.first, Month.of(self.of.now.date())):
            for unit in self.of.units:
                expected = self.of.quotas.get(unit.id, 1) * self.zeal[unit.id]
                count = int(expected * self.random.uniform(0.4, 1.4) + self.random.random())
                for _ in range(count):
                    yield self._day(month), unit

    def _day(self, month: Month) -> date:
        """A working day as a rule."""
        length = (month.last - month.first).days
        day = month.first + timedelta(days=self.random.randint(0, length))
        if day.weekday() >= 5 and self.random.random() < 0.7:
            day -= timedelta(days=day.weekday() - 4)
        return max(day, month.first)

    def _sent(self, occurred_on: date) -> datetime:
        """On the same day mostly; else some days late. (R19)"""
        late = self.random.choices((0, 1, 2, 3, 5, 8), (72, 13, 6, 4, 3, 2))[0]
        minute = self.random.randint(0, 59)
        return clock.at(occurred_on + timedelta(days=late), self.random.randint(10, 17), minute)

    def _report(self, unit: Unit, occurred_on: date, submitted_at: datetime) -> None:
        text = self.writer.write(unit, occurred_on.month)
        item = self._item(unit, text, occurred_on, submitted_at)
        asked_again = self.random.random() < 0.05 and self._age(item) > 12
        if asked_again:
            self._first_version(item, text)
        self.harvest.lay(item, item.updated_at - 2 * HOUR)
        self._sign(item, item.updated_at - HOUR)
        self.harvest.items.append(item)
        offices = self._offices()
        adoptions = [] if self._age(item) < 1 else self._adoptions(item, offices)
        for office in offices:
            self.harvest.offices.append(ItemOffice(item_id=item.id, office=office))
            self._receive(item, office, is_used=bool(adoptions), asked_again=asked_again)

    def _age(self, item: Item) -> int:
        return (self.of.now.date() - item.updated_at.date()).days

    def _item(self, unit: Unit, text: Text, occurred_on: date, submitted_at: datetime) -> Item:
        author, _ = self.of.cast.of(unit, Duty.CORRESPONDENT)
        kind = text.theme.type
        return Item(
            id=new_id(),
            unit=unit,
            author_id=author.id,
            reporter=author.name,
            title=text.title,
            body=text.body,
            information_type=kind,
            topic=self.of.topics[text.theme.topic],
            counter_measure=text.theme.counter_measure,
            occurred_on=occurred_on,
            is_major=self.random.random() < 0.05,
            stability_related=text.theme.stability,
            restricted=is_restricted(unit, kind, stability_related=text.theme.stability),
            declared_unclassified=True,
            state=ItemState.SUBMITTED,
            version=4,
            created_at=submitted_at - 4 * HOUR,
            updated_at=submitted_at,
            submitted_at=submitted_at,
        )

    def _first_version(self, item: Item, text: Text) -> None:
        """The text as an office sent it back, with the signature it bore."""
        body, item.body = item.body, text.first_body
        sent = item.updated_at
        self.harvest.lay(item, sent - 2 * HOUR)
        self._sign(item, sent - HOUR)
        item.body, item.round = body, 2
        item.updated_at = sent + timedelta(days=2)

    def _sign(self, item: Item, at: datetime) -> None:
        """保密审查 where needed, 分管领导, and for 重大信息 主要领导. (二(一))"""
        careful = needs_confidentiality_review(item.unit, stability_related=item.stability_related)
        steps = [Duty.LEADER_IN_CHARGE]
        if careful and (item.unit.id, Duty.CONFIDENTIALITY_REVIEWER) in self.of.cast.by_duty:
            steps.insert(0, Duty.CONFIDENTIALITY_REVIEWER)
        if item.is_major:
            steps.append(Duty.PRINCIPAL_LEADER)
        for place, step in enumerate(steps):
            signer, post = self.of.cast.of(item.unit, step)
            self.harvest.sign_offs.append(
                SignOff(
                    item_id=item.id,
                    step=step,
                    signer_id=signer.id,
                    signer_name=signer.name,
                    signer_post=post,
                    signer_unit=item.unit.name,
                    declared_unclassified=True,
                    content_sha256=item.content_sha256,
                    signed_at=at + timedelta(minutes=7 * place),
                )
            )

    def _offices(self) -> list[ReceivingOffice]:
        chosen = [office for office in self.of.offices if self.random.random() < 0.5]
        return chosen or [self.random.choice(self.of.offices)]

    def _receive(
        self, item: Item, office: ReceivingOffice, *, is_used: bool, asked_again: bool
    ) -> None:
        state = WAITING.get(self._age(item)) or self._verdict(is_used=is_used)
        editor = self.random.choice(self.of.cast.editors_of(office))
        way = self._way(item, state, editor, asked_again=asked_again)
        is_new = state is ReceptionState.SUBMITTED
        reception = Reception(
            id=new_id(),
            item_id=item.id,
            office=office,
            state=state,
            reason=way[-1].reason,
            handler_id=None if is_new else editor.id,
            handler_name="" if is_new else editor.name,
            round=item.round,
            content_sha256=item.content_sha256,
            submitted_at=item.updated_at,
            received_at=None if is_new else item.updated_at + HOUR,
            settled_at=None if state in WAITING.values() else way[-1].at,
            updated_at=way[-1].at,
            version=len(way),
        )
        self.harvest.receptions.append(reception)
        for event in way:
            event.reception_id = reception.id
        self.harvest.events += way

    def _verdict(self, *, is_used: bool) -> ReceptionState:
        if is_used:
            return ReceptionState.ADOPTED
        rejected = self.random.random() < 0.12
        return ReceptionState.REJECTED if rejected else ReceptionState.NOT_ADOPTED

    def _way(
        self, item: Item, state: ReceptionState, editor: Person, *, asked_again: bool
    ) -> list[ReceptionEvent]:
        assert item.submitted_at is not None
        way: list[ReceptionEvent] = []

        def step(state: ReceptionState, at: datetime, who: str, reason: str = "") -> None:
            moment = min(at, self.of.now)
            way.append(ReceptionEvent(state=state, at=moment, handler_name=who, reason=reason))

        step(ReceptionState.SUBMITTED, item.submitted_at, item.reporter)
        if asked_again:
            asked = self.random.choice(ASKED_FOR)
            step(ReceptionState.RETURNED, item.submitted_at + 20 * HOUR, editor.name, asked)
            step(ReceptionState.SUBMITTED, item.updated_at, item.reporter)
        if state is not ReceptionState.SUBMITTED:
            step(ReceptionState.RECEIVED, item.updated_at + HOUR, editor.name)
        if state is ReceptionState.IN_EDITING:
            step(state, item.updated_at + 70 * HOUR, editor.name)
        elif state not in WAITING.values():
            decided = item.updated_at + self.random.randint(20, 110) * HOUR
            step(state, decided, editor.name, self._reason(state))
        return way

    def _reason(self, state: ReceptionState) -> str:
        reasons = {ReceptionState.NOT_ADOPTED: UNWANTED, ReceptionState.REJECTED: REJECTED}
        return self.random.choice(reasons[state]) if state in reasons else ""

    def _adoptions(self, item: Item, offices: list[ReceivingOffice]) -> list[Adoption]:
        """Restricted items go nowhere. One person records what an outlet ran, another confirms."""
        if item.restricted or self.random.random() > 0.5 or self._age(item) < 4:
            return []
        wanted = self.random.choices((1, 2, 3), (72, 21, 7))[0]
        levels = self.random.choices(list(LEVELS), list(LEVELS.values()), k=wanted)
        outlets = {self.random.choice(self._at(level)).id: level for level in levels}
        made = [
            self._adoption(item, outlet, self.random.choice(offices))
            for outlet in self.of.outlets
            if outlet.id in outlets
        ]
        self.harvest.adoptions += made
        return made

    def _at(self, level: OutletLevel) -> list[MediaOutlet]:
        return [outlet for outlet in self.of.outlets if outlet.level is level]

    def _adoption(self, item: Item, outlet: MediaOutlet, office: ReceivingOffice) -> Adoption:
        recorder, confirmer = self.of.cast.editors_of(office)[:2]
        latest = self.of.now.date()
        day = min(item.updated_at.date() + timedelta(days=self.random.randint(0, 6)), latest)
        recorded = min(clock.at(day, 18), self.of.now - HOUR)
        confirmed = (
            None if (latest - day).days < 4 and self.random.random() < 0.6 else recorded + HOUR
        )
        merged = self.random.random() < 0.15
        return Adoption(
            id=new_id(),
            item_id=item.id,
            outlet=outlet,
            level=outlet.level,
            adopted_on=day,
            position="" if merged else self.random.choice(POSITIONS),
            mode=AdoptionMode.MERGED if merged else AdoptionMode.SOLE,
            evidence_url=f"https://example.org/{day:%Y/%m/%d}/{len(self.harvest.adoptions) + 1:05}",
            state=AdoptionState.CONFIRMED if confirmed else AdoptionState.RECORDED,
            recorded_by_id=recorder.id,
            recorded_by_name=recorder.name,
            recorded_at=recorded,
            confirmed_by_id=confirmer.id if confirmed else None,
            confirmed_by_name=confirmer.name if confirmed else "",
            confirmed_at=confirmed,
        )
