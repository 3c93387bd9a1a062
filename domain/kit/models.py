"""The trail, the jobs and the county's own calendar."""

from tortoise import fields
from tortoise.models import Model

from domain.kit.ids import new_id


class AuditHead(Model):
    """The end of the trail: one row, locked by whoever appends."""

    id = fields.SmallIntField(primary_key=True, generated=False)
    seq = fields.BigIntField(default=0)
    hash = fields.CharField(64)

    class Meta:
        table = "audit_head"


class AuditEvent(Model):
    """One act, chained to the one before it by SHA-256. Rows are only ever added."""

    seq = fields.BigIntField(primary_key=True, generated=False)
    at = fields.DatetimeField()
    actor = fields.CharField(80)
    person_id = fields.UUIDField(null=True)
    token_id = fields.UUIDField(null=True)
    unit_id = fields.UUIDField(null=True)
    verb = fields.CharField(60)
    thing = fields.CharField(40)
    thing_id = fields.CharField(64)
    facts = fields.JSONField[dict[str, object]]()
    previous_hash = fields.CharField(64)
    hash = fields.CharField(64)

    class Meta:
        table = "audit_event"
        indexes = (("thing", "thing_id"), ("at",))


class Job(Model):
    """Work that is due. PostgreSQL remembers it; the queue only rings the bell.

    `unique(kind, period)`: scheduled work exists once a period, whoever notices first.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    kind = fields.CharField(60)
    period = fields.CharField(20, null=True)
    facts = fields.JSONField[dict[str, object]](default=dict)
    asked_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    tries = fields.SmallIntField(default=0)
    started_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)
    failed_at = fields.DatetimeField(null=True)
    """Set when the job is given up: it stays visible until somebody asks for it again."""
    last_error = fields.TextField(null=True)

    class Meta:
        table = "job"
        unique_together = (("kind", "period"),)
        indexes = (("done_at", "due_at"), ("kind", "asked_at"))


class WorkDay(Model):
    """An entry of the work calendar that differs from, or confirms, the usual week."""

    day = fields.DateField(primary_key=True)
    is_workday = fields.BooleanField()
    source = fields.CharField(80)

    class Meta:
        table = "work_day"


class StoredFile(Model):
    """A file kept in the data folder under its own SHA-256."""

    sha256 = fields.CharField(64, primary_key=True)
    size = fields.BigIntField()
    media_type = fields.CharField(100)
    stored_at = fields.DatetimeField()

    class Meta:
        table = "stored_file"
