"""Many rows of everything, put straight into the tables: lists are measured, not rules."""

from datetime import date, timedelta

from tortoise.transactions import in_transaction

from domain.approvals.models import SignOff
from domain.circulars.data import CircularData, Kind, Policy
from domain.circulars.models import Circular, CircularFile, FileFormat
from domain.items.models import Attachment, InformationType, Item, ItemOffice, ItemState
from domain.kit import clock
from domain.kit.actor import Actor, Duty, Held
from domain.kit.models import Job
from domain.meetings.models import (
    AgendaItem,
    AgendaKind,
    AgendaState,
    JointMeeting,
    MeetingKind,
    MeetingMember,
    MeetingState,
    Minutes,
    Resolution,
)
from domain.notices.models import Message
from domain.outlets.models import Adoption, AdoptionState, MediaOutlet, OutletLevel
from domain.people.models import Account, ApiToken, Appointment, DeputyGrant, Person
from domain.points.models import EntryKind, LedgerEntry, ScoringPolicy
from domain.quotas.models import Quota
from domain.reception.models import Reception, ReceptionEvent
from domain.units.models import ReceivingOffice, Topic, Unit, UnitKind

DAY = date(2018, 4, 10)
SHA = "a" * 64


class Rows:
    """`await Rows().add(100)`: one hundred of each kind, every one with relations of its own."""

    def __init__(self) -> None:
        self.count = 0
        self.units: list[Unit] = []
        self.items: list[Item] = []

    async def add(self, many: int) -> "Rows":
        async with in_transaction():
            for _ in range(many):
                await self._one(self.count)
                self.count += 1
        return self

    async def _one(self, n: int) -> None:
        now = clock.now()
        unit = await Unit.create(
            name=f"示例{n}",
            kind=UnitKind.TOWNSHIP,
            rank_group="乡镇",
            valid_from=DAY,
            position=n,
            successor=self.units[-1] if self.units else None,
        )
        self.units.append(unit)
        office = await ReceivingOffice.create(
            name=f"示例办{n}", mailbox="a@example.org", position=n, unit=unit
        )
        topic = await Topic.create(name=f"示例{n}", valid_from=DAY, position=n)
        person = await Person.create(name=f"示例{n}", mobile="13800001234")
        appointment = await Appointment.create(
            person=person, unit=unit, duty=Duty.LEADER_IN_CHARGE, post="副书记", starts_on=DAY
        )
        await DeputyGrant.create(
            appointment=appointment,
            deputy=person,
            deputy_post="示例",
            starts_on=DAY,
            ends_on=DAY,
            reason="示例",
        )
        await Account.create(
            person=person, login=f"shili{n:04}", password_hash="x", password_changed_at=now
        )
        await ApiToken.create(
            name="示例",
            sha256=f"{n:064}",
            hint="x",
            scopes=["read"],
            unit=unit,
            created_at=now,
            expires_at=now,
        )
        outlet = await MediaOutlet.create(
            name=f"示例报{n}", level=OutletLevel.COUNTY, owner=office, valid_from=DAY, position=n
        )
        item = await self._item(n, unit, topic, person, ItemState.SUBMITTED)
        await self._item(n, unit, topic, None, ItemState.PENDING_SIGN_OFF)
        await ItemOffice.create(item=item, office=office)
        await Attachment.create(
            item=item, sha256=SHA, name="a.jpg", media_type="image/jpeg", size=1, position=1
        )
        await SignOff.create(
            item=item,
            step=Duty.LEADER_IN_CHARGE,
            signer_name="示例",
            signer_post="副书记",
            signer_unit="示例",
            content_sha256=SHA,
            signed_at=now,
            signer=await Person.create(name=f"示例审签{n}"),
        )
        reception = await Reception.create(
            item=item, office=office, round=1, content_sha256=SHA, submitted_at=now, updated_at=now
        )
        await ReceptionEvent.create(reception=reception, state=reception.state, at=now)
        adoption = await Adoption.create(
            item=item,
            outlet=outlet,
            level=OutletLevel.COUNTY,
            adopted_on=DAY,
            recorded_by_name="示例",
            recorded_at=now,
            state=AdoptionState.CONFIRMED,
        )
        policy = await ScoringPolicy.create(
            number=n, name="示例", valid_from=DAY, rules={}, created_at=now, created_by_name="示例"
        )
        await LedgerEntry.create(
            unit=unit,
            month=DAY.replace(day=1),
            kind=EntryKind.ADOPTION,
            item=item,
            adoption=adoption,
            policy=policy,
            rule="sending",
            points=1,
            submitted=1,
            at=now,
            actor_name="示例",
        )
        await Quota.create(
            unit=unit, from_month=DAY.replace(day=1), count=3, set_by_name="示例", set_at=now
        )
        await Message.create(
            unit=unit,
            code="adopted-by-outlet",
            item_id=item.id,
            key=f"k{n}",
            created_at=now,
            facts={"title": "示例", "outlet": "示例"},
        )
        await Job.create(kind="示例", period=f"{n}", asked_at=now, due_at=now)
        await self._circular(n)
        await self._meeting(n, unit, person)

    async def _item(self, n, unit, topic, person, state) -> Item:
        now = clock.now()
        item = await Item.create(
            unit=unit,
            author=person,
            reporter="示例",
            title=f"示例{n}",
            body="<p>示例</p>",
            topic=topic,
            information_type=InformationType.DYNAMIC,
            occurred_on=DAY + timedelta(days=n % 3),
            state=state,
            content_sha256=SHA,
            created_at=now,
            updated_at=now,
            submitted_at=now if state is ItemState.SUBMITTED else None,
        )
        self.items.append(item)
        return item

    async def _meeting(self, n: int, unit: Unit, person: Person) -> None:
        begins = clock.at(DAY) + timedelta(hours=n)
        meeting = await JointMeeting.create(
            kind=MeetingKind.REGULAR,
            title=f"示例{n}",
            starts_at=begins,
            convener_unit=unit,
            convener=person,
            convener_name="示例",
            state=MeetingState.HELD,
            created_at=begins,
        )
        await MeetingMember.create(meeting=meeting, unit=unit, person=person)
        await Minutes.create(meeting=meeting, text="<p>示例</p>")
        said = {"kind": AgendaKind.OPINION, "proposed_by_name": "示例", "proposed_at": begins}
        said |= {"meeting": meeting, "host_unit": unit, "title": f"示例{n}"}
        topic = await AgendaItem.create(**said, state=AgendaState.ACCEPTED)
        await AgendaItem.create(**said, state=AgendaState.ACCEPTED, parent=topic)
        for decided in (
            {"state": AgendaState.DEFERRED},
            {"state": AgendaState.MERGED, "merged_into": topic},
        ):
            await AgendaItem.create(**said, **decided, source_unit=unit, reason="示例")
        await Resolution.create(
            agenda_item=topic,
            text="示例",
            unit=unit,
            due_on=DAY,
            recorded_by_name="示例",
            recorded_at=begins,
        )

    async def _circular(self, n: int) -> None:
        data = CircularData(
            kind=Kind.MONTHLY,
            period="2018-04",
            first=DAY,
            last=DAY,
            county="示例县",
            lines=(),
            late=(),
            changes=(),
            unconfirmed=(),
            policy=Policy(name="示例", version=1, is_example=True),
            ledger_seq=0,
            order="rank",
        )
        circular = await Circular.create(
            kind=Kind.MONTHLY,
            period=f"{2000 + n}-04",
            title="示例",
            issuers=["示例"],
            addressees="示例",
            data=data.as_json(),
            data_sha256=data.sha256(),
            drafted_at=clock.now(),
        )
        await CircularFile.create(
            circular=circular,
            format=FileFormat.PDF,
            sha256=SHA,
            size=1,
            content=b"x",
            rendered_at=clock.now(),
        )

    def everybody(self) -> Actor:
        """Somebody who sees every row of every list: a leader of each unit who administers."""
        held = [
            Held(duty=Duty.LEADER_IN_CHARGE, post="示例", unit_id=unit.id, unit_name=unit.name)
            for unit in self.units
        ]
        others = (Duty.ADMINISTRATOR, Duty.PUBLICITY_DEPARTMENT, Duty.SUPERVISION_OFFICE)
        first = self.units[0]
        held += [
            Held(duty=duty, post="示例", unit_id=first.id, unit_name=first.name) for duty in others
        ]
        return Actor(name="示例", person_id=first.id, unit_id=first.id, held=tuple(held))
