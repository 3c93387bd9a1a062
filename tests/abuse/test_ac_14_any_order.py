"""Whatever people do in whatever order, months change or end: what the notice asks still holds."""

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.approvals import queries as approvals
from domain.approvals import rules as approval_rules
from domain.approvals.models import Decision, SignOff
from domain.circulars import actions as circulars
from domain.circulars import figures
from domain.circulars import queries as issues
from domain.circulars.models import Circular, CircularState, PeriodClose
from domain.items import actions as items
from domain.items import queries as item_queries
from domain.items import rules as item_rules
from domain.items.models import Item, ItemState
from domain.kit import audit, clock
from domain.kit.actor import SYSTEM, Duty
from domain.kit.clock import COUNTY, Month
from domain.kit.db import open_database
from domain.kit.errors import DomainError
from domain.outlets import actions as outlets
from domain.outlets.models import Adoption, AdoptionState
from domain.points import queries as points
from domain.points.models import EntryKind, LedgerEntry
from domain.reception import actions as reception
from domain.reception.models import Reception
from tests import make
from tests.domain.items import chain
from tests.domain.points import sent

START = datetime(2019, 4, 10, 9, tzinfo=COUNTY)
which = st.integers(0, 5)
OFFICE_VERBS = {
    "receive": reception.receive,
    "edit": reception.start_editing,
    "adopt": reception.mark_adopted,
    "pass": lambda editor, held: reception.mark_not_adopted(editor, held, reason="示例"),
    "return": lambda editor, held: reception.return_for_revision(editor, held, reason="示例"),
    "reject": lambda editor, held: reception.reject(editor, held, reason="示例"),
    "raise": lambda editor, held: reception.raise_to_major(editor, held, reason="示例"),
}


class County(RuleBasedStateMachine):
    """Two units, one of a restricted line, two offices and a year that goes on."""

    address = ""

    def __init__(self):
        super().__init__()
        self.time = time_machine.travel(START, tick=False)
        self.traveller = self.time.start()
        self.runner = asyncio.Runner()
        self.frozen = {}
        self.issued = {}
        self.done = 0

    def run(self, act):
        """The act's result; None when it was refused."""

        async def attempt():
            try:
                return await act
            except DomainError:
                return None

        return self.runner.run(attempt())

    @initialize()
    def begin(self):
        self.runner.run(self._begin())

    async def _begin(self):
        connection = await asyncpg.connect(self.address)
        await connection.execute("select seed.restore()")
        await connection.close()
        self.database = open_database(self.address)
        await self.database.__aenter__()
        await make.county()
        await sent.policy(submission={"points": 1, "monthly_cap": 3}, repeat="highest")
        self.houses = [await chain.house(), await chain.house(restricted_line=True)]
        self.offices = [house.office for house in self.houses]
        self.editors = [house.editor for house in self.houses]
        self.reviewers = [
            await make.actor(Duty.CONFIDENTIALITY_REVIEWER, unit=house.unit)
            for house in self.houses
        ]
        self.outlets = list((await sent.outlets()).values())

    def teardown(self):
        if hasattr(self, "database"):
            self.runner.run(self.database.__aexit__(None, None, None))
        self.runner.close()
        self.time.stop()

    async def _pick(self, model, number, **given):
        rows = await model.filter(**given).order_by("id")
        return rows[number % len(rows)] if rows else None

    async def _house_of(self, item):
        return next(house for house in self.houses if house.unit.id == item.unit_id)

    @rule(unit=st.integers(0, 1), is_major=st.booleans(), both=st.booleans(), now=st.booleans())
    def create(self, unit, is_major, both, now):
        house = self.houses[unit]
        offices = self.offices if both else [house.office]
        self.done += 1
        facts = {
            "title": f"示例信息{self.done}",
            "is_major": is_major,
            "office_ids": [office.id for office in offices],
            "submit_when_signed": now,
        }
        self.run(chain.draft(house, **facts))

    @rule(unit=st.integers(0, 1), is_major=st.booleans(), both=st.booleans())
    def hand_in(self, unit, is_major, both):
        self.run(self._hand_in(self.houses[unit], self.reviewers[unit], is_major, both))

    async def _hand_in(self, house, reviewer, is_major, both):
        offices = self.offices if both else [house.office]
        ids = [office.id for office in offices]
        item = await chain.laid(house, is_major=is_major, office_ids=ids)
        if house.unit.restricted_line:
            item = await chain.sign(reviewer, item)
        for leader in (house.leader, house.principal)[: 1 + is_major]:
            item = await chain.sign(leader, item)

    @rule(number=which, body=st.integers(0, 2), is_major=st.sampled_from([None, True, False]))
    def save(self, number, body, is_major):
        self.run(self._save(number, {"body": f"示例正文{body}。"}, is_major))

    async def _save(self, number, given, is_major):
        if item := await self._pick(Item, number):
            given |= {} if is_major is None else {"is_major": is_major}
            await items.save((await self._house_of(item)).writer, item.id, **given)

    @rule(number=which, verb=st.sampled_from([items.lay_for_sign_off, items.take_back]))
    def lay_or_take_back(self, number, verb):
        self.run(self._by_writer(number, verb))

    @rule(number=which, verb=st.sampled_from([reception.submit, reception.withdraw]))
    def submit_or_withdraw(self, number, verb):
        self.run(self._by_writer(number, verb))

    async def _by_writer(self, number, verb):
        if item := await self._pick(Item, number):
            await verb((await self._house_of(item)).writer, item.id)

    @rule(number=which, who=st.sampled_from(["writer", "leader", "principal", "reviewer"]))
    def sign(self, number, who):
        self.run(self._sign(number, who))

    async def _sign(self, number, who):
        if item := await self._pick(Item, number, state=ItemState.PENDING_SIGN_OFF):
            house = await self._house_of(item)
            reviewer = self.reviewers[self.houses.index(house)]
            await chain.sign(reviewer if who == "reviewer" else getattr(house, who), item)

    @rule(number=which, who=st.sampled_from(["leader", "principal"]))
    def send_back(self, number, who):
        self.run(self._send_back(number, who))

    async def _send_back(self, number, who):
        if item := await self._pick(Item, number):
            leader = getattr(await self._house_of(item), who)
            await chain.approvals.send_back(leader, item.id, reason="示例")

    @rule(number=which, office=st.integers(0, 1), verb=st.sampled_from(sorted(OFFICE_VERBS)))
    def work_at_office(self, number, office, verb):
        self.run(self._work_at_office(number, office, verb))

    async def _work_at_office(self, number, office, verb):
        held = await self._pick(Reception, number, office_id=self.offices[office].id)
        if held:
            await OFFICE_VERBS[verb](self.editors[office], held.id)

    @rule(number=which, outlet=st.integers(0, 3), by=st.integers(0, 1), ago=st.integers(0, 40))
    def record(self, number, outlet, by, ago):
        self.run(self._record(number, outlet, by, ago))

    async def _record(self, number, outlet, by, ago):
        if item := await self._pick(Item, number):
            await outlets.record(
                self.editors[by],
                item.id,
                outlet_id=self.outlets[outlet].id,
                adopted_on=max(item.occurred_on, clock.today() - timedelta(days=ago)),
                evidence_url="https://example.org/1",
            )

    @rule(number=which, by=st.integers(0, 1))
    def confirm(self, number, by):
        self.run(self._adoption(number, lambda row: outlets.confirm(self.editors[by], row.id)))

    @rule(number=which)
    def withdraw_adoption(self, number):
        withdraw = outlets.withdraw
        self.run(self._adoption(number, lambda row: withdraw(SYSTEM, row.id, reason="示例")))

    async def _adoption(self, number, act):
        if row := await self._pick(Adoption, number):
            await act(row)

    @rule(days=st.sampled_from([1, 12, 31]))
    def time_goes_on(self, days):
        self.traveller.move_to(clock.now() + timedelta(days=days), tick=False)

    @rule(points=st.integers(1, 9))
    def another_policy(self, points):
        self.run(sent.policy(clock.today(), levels=dict.fromkeys(sent.LEVELS, points)))

    @precondition(lambda self: clock.today() > Month.of(START.date()).last)
    @rule()
    def close_the_first_open_month(self):
        self.runner.run(self._close())

    async def _close(self):
        month = Month.of(START.date())
        while await issues.is_closed(month):
            month = month.next
        if month.last >= clock.today():
            return
        for office in self.offices:
            await circulars.confirm_figures(SYSTEM, month, office_id=office.id)
        self.frozen[month] = await self._counted(month)
        data = issues.data_of(await issues.newest(month))
        assert data.canonical() == (await figures.live(month)).canonical()

    @precondition(lambda self: self.frozen)
    @rule(number=which)
    def issue_or_correct(self, number):
        months = sorted(self.frozen)
        self.run(self._issue_or_correct(months[number % len(months)]))

    async def _issue_or_correct(self, month):
        circular = await issues.newest(month)
        if circular.state is CircularState.ISSUED:
            line = issues.data_of(circular).lines[0]
            change = circulars.rules.Correction(
                unit_id=self.houses[0].unit.id if line else None, points=Decimal(1), reason="示例"
            )
            await circulars.correct(SYSTEM, circular.id, changes=[change], reason="示例")
            return
        self.done += 1
        number = f"示委办〔{clock.today().year}〕{self.done}号"
        circular = await circulars.issue(
            SYSTEM, circular.id, document_number=number, issue_date=clock.today()
        )
        self.issued[circular.id] = circular.data_sha256

    async def _counted(self, month):
        """A month's lines without the corrections that a later issue names."""
        lines = LedgerEntry.filter(month=month.first).exclude(kind=EntryKind.CORRECTION)
        return await lines.order_by("seq").values_list("seq", "unit_id", "points", "submitted")

    @invariant()
    def everything_holds(self):
        if hasattr(self, "outlets"):
            self.runner.run(self._everything_holds())

    async def _everything_holds(self):
        await self._nothing_left_its_unit_unsigned()
        await self._every_figure_is_the_sum_of_its_lines()
        await self._what_was_closed_or_issued_stays()
        assert [seq async for seq in audit.broken_links()] == []

    async def _nothing_left_its_unit_unsigned(self):
        said = await SignOff.filter(decision=Decision.SIGNED)
        for item in await Item.all().select_related("unit", "topic"):
            content = item_rules.content_of(item, await item_queries.attachments(item.id))
            assert item_rules.content_sha256(content) == item.content_sha256
            mine = [row for row in said if row.item_id == item.id]
            assert item.author_id not in {row.signer_id for row in mine}
            if item.state is ItemState.SUBMITTED:
                signed = approval_rules.valid(mine, item.content_sha256)
                assert set(await approvals.required_steps(item)) <= set(signed)
        hashes = {(row.item_id, row.content_sha256) for row in said}
        for held in await Reception.all():
            assert (held.item_id, held.content_sha256) in hashes

    async def _every_figure_is_the_sum_of_its_lines(self):
        assert await points.rollup_differences() == []
        lines = await LedgerEntry.exclude(kind=EntryKind.CORRECTION)
        sent_items = Item.filter(submitted_at__isnull=False).exclude(state=ItemState.WITHDRAWN)
        assert sum(line.submitted for line in lines) == await sent_items.count()
        in_force = Adoption.filter(state=AdoptionState.CONFIRMED)
        assert sum(line.adoptions for line in lines) == await in_force.count()
        assert all(row.confirmed_by_id != row.recorded_by_id for row in await in_force)

    async def _what_was_closed_or_issued_stays(self):
        for month, lines in self.frozen.items():
            assert await self._counted(month) == lines
        closed = await PeriodClose.filter(closed_at__isnull=False).count()
        assert closed == len(self.frozen)
        frozen = await Circular.filter(state=CircularState.ISSUED).values_list("id", "data_sha256")
        assert dict(frozen) == self.issued
        assert await issues.damaged() == []


def run(address, examples, steps):
    County.address = address
    run_state_machine_as_test(
        County,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_short_year_in_any_order(database_url, redis_url):
    run(database_url, 5, 30)


@pytest.mark.slow
def test_many_long_years_in_any_order(database_url, redis_url):
    run(database_url, 120, 60)
