"""Joint meetings led by the publicity department: agenda, attendance, minutes. R34–R36；J1–J5."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from domain.kit.ids import new_id
from domain.people.models import Person
from domain.units.models import Unit


class MeetingKind(StrEnum):
    """「定期或不定期召开」 (R34)."""

    REGULAR = "regular"
    AD_HOC = "ad_hoc"


class MeetingState(StrEnum):
    """Called; took place; minutes final."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"


class MemberReply(StrEnum):
    """What a unit answers when it is called."""

    AWAITED = "awaited"
    COMING = "coming"
    DEPUTY = "deputy"
    EXCUSED = "excused"


class AgendaKind(StrEnum):
    """中心工作、部门重点工作、热难点问题 (R35); 意见和建议 (R36)."""

    CENTRAL_WORK = "central_work"
    DEPARTMENT_PRIORITY = "department_priority"
    HOT_OR_DIFFICULT_ISSUE = "hot_or_difficult_issue"
    OPINION = "opinion"


class AgendaState(StrEnum):
    """A unit proposes; the chair accepts, merges or defers (J2)."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    MERGED = "merged"
    DEFERRED = "deferred"


class ResolutionState(StrEnum):
    """Open until its unit has reported it done."""

    OPEN = "open"
    DONE = "done"


class JointMeeting(Model):
    """联席会议, regular or ad hoc, convened by the publicity department (R34)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    kind = fields.CharEnumField(MeetingKind, max_length=20)
    title = fields.CharField(120)
    starts_at = fields.DatetimeField()
    place = fields.CharField(120, default="")
    convener_unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "convened_meetings", on_delete=fields.RESTRICT
    )
    convener: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "convened_meetings", null=True, on_delete=fields.RESTRICT
    )
    convener_name = fields.CharField(80)
    state = fields.CharEnumField(MeetingState, max_length=20, default=MeetingState.PLANNED)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    convener_unit_id: object
    convener_id: object | None

    class Meta:
        table = "joint_meeting"
        indexes = (("starts_at", "id"),)


class MeetingMember(Model):
    """A unit that is called to a meeting, its reply, and whether it was there (J3)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    meeting: fields.ForeignKeyRelation[JointMeeting] = fields.ForeignKeyField(
        "domain.JointMeeting", "members", on_delete=fields.RESTRICT
    )
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "memberships", on_delete=fields.RESTRICT
    )
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "memberships", null=True, on_delete=fields.RESTRICT
    )
    """Whom the unit sends."""
    reply = fields.CharEnumField(MemberReply, max_length=20, default=MemberReply.AWAITED)
    deputy = fields.CharField(80, default="")
    """Name and post of whoever comes instead."""
    replied_at = fields.DatetimeField(null=True)
    attended = fields.BooleanField(null=True)
    """None until attendance is taken."""
    version = fields.IntField(default=1)

    meeting_id: object
    unit_id: object
    person_id: object | None

    class Meta:
        table = "meeting_member"
        unique_together = (("meeting", "unit"),)
        indexes = (("unit_id",),)


class AgendaItem(Model):
    """议题: proposed by a unit or set by the chair; a place in the tree once accepted (J1, J2)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    meeting: fields.ForeignKeyRelation[JointMeeting] = fields.ForeignKeyField(
        "domain.JointMeeting", "agenda", on_delete=fields.RESTRICT
    )
    parent: fields.ForeignKeyNullableRelation["AgendaItem"] = fields.ForeignKeyField(
        "domain.AgendaItem", "children", null=True, on_delete=fields.RESTRICT
    )
    position = fields.SmallIntField(default=0)
    """Among the accepted items of one parent; the number 1.2 follows from it."""
    title = fields.CharField(120)
    kind = fields.CharEnumField(AgendaKind, max_length=30)
    summary = fields.TextField(default="")
    """What there is to talk about, for all members."""
    host_unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "hosted_topics", null=True, on_delete=fields.RESTRICT
    )
    """Who reports on it at the meeting."""
    source_unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "proposed_topics", null=True, on_delete=fields.RESTRICT
    )
    """Who proposed it; None when the chair set it."""
    proposed_by_name = fields.CharField(80)
    proposed_at = fields.DatetimeField()
    note = fields.TextField(default="")
    """For the convening department alone."""
    minutes_allotted = fields.SmallIntField(null=True)
    state = fields.CharEnumField(AgendaState, max_length=20, default=AgendaState.PROPOSED)
    reason = fields.CharField(500, default="")
    """Why it was merged or deferred."""
    merged_into: fields.ForeignKeyNullableRelation["AgendaItem"] = fields.ForeignKeyField(
        "domain.AgendaItem", "merged", null=True, on_delete=fields.RESTRICT
    )
    deferred_from: fields.ForeignKeyNullableRelation["AgendaItem"] = fields.ForeignKeyField(
        "domain.AgendaItem", "taken_up", null=True, on_delete=fields.RESTRICT
    )
    """The deferred topic of an earlier meeting that is taken up here."""
    version = fields.IntField(default=1)

    meeting_id: object
    parent_id: UUID | None
    host_unit_id: object | None
    source_unit_id: object | None
    merged_into_id: object | None
    deferred_from_id: object | None

    class Meta:
        table = "agenda_item"
        indexes = (("meeting_id", "position"), ("source_unit_id",))


class Minutes(Model):
    """会议纪要: one text a meeting, open until the meeting is closed, then never changed."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    meeting: fields.OneToOneRelation[JointMeeting] = fields.OneToOneField(
        "domain.JointMeeting", "minutes", on_delete=fields.RESTRICT
    )
    text = fields.TextField(default="")
    """Clean prose, as bodies of items are."""
    written_by_name = fields.CharField(80, default="")
    written_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    meeting_id: object

    class Meta:
        table = "minutes"


class Resolution(Model):
    """议定事项: who does what until when; open ones lead the next agenda (J5)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    agenda_item: fields.ForeignKeyRelation[AgendaItem] = fields.ForeignKeyField(
        "domain.AgendaItem", "resolutions", on_delete=fields.RESTRICT
    )
    text = fields.CharField(500)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "resolutions", on_delete=fields.RESTRICT
    )
    """The unit responsible."""
    due_on = fields.DateField()
    state = fields.CharEnumField(ResolutionState, max_length=20, default=ResolutionState.OPEN)
    answer = fields.CharField(1000, default="")
    """What was done; kept when the resolution is opened again."""
    answered_by_name = fields.CharField(80, default="")
    done_at = fields.DatetimeField(null=True)
    recorded_by_name = fields.CharField(80)
    recorded_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    agenda_item_id: object
    unit_id: object

    class Meta:
        table = "resolution"
        indexes = (("state", "due_on"), ("unit_id", "state"), ("agenda_item_id",))
