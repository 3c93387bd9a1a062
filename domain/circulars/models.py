"""The month's close and the numbered circular. 二(三); R29–R32, I5–I9."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from domain.circulars.data import Kind as CircularKind
from domain.kit.ids import new_id
from domain.people.models import Person
from domain.units.models import ReceivingOffice


class CircularState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"


class PeriodClose(Model):
    """A month as an object: open until the three offices have confirmed, then closed for good."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    month = fields.DateField(unique=True)
    closed_at = fields.DatetimeField(null=True)
    ledger_seq = fields.BigIntField(null=True)
    """The last ledger line in force when it closed."""

    class Meta:
        table = "period_close"


class Reconciliation(Model):
    """核对: one office's word on its own figures for a month (R29)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    period: fields.ForeignKeyRelation[PeriodClose] = fields.ForeignKeyField(
        "domain.PeriodClose", "reconciliations", on_delete=fields.RESTRICT
    )
    office: fields.ForeignKeyRelation[ReceivingOffice] = fields.ForeignKeyField(
        "domain.ReceivingOffice", "reconciliations", on_delete=fields.RESTRICT
    )
    confirmed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "reconciliations", null=True, on_delete=fields.RESTRICT
    )
    confirmed_by_name = fields.CharField(80)
    confirmed_at = fields.DatetimeField()
    figures = fields.JSONField[dict[str, object]]()
    """The office's counts as confirmed: received, adopted, not adopted, still open."""
    note = fields.CharField(500, default="")

    period_id: object
    office_id: object

    class Meta:
        table = "reconciliation"
        unique_together = (("period", "office"),)


class Circular(Model):
    """通报. A draft follows the ledger; once issued it is frozen, and only corrected by another."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    kind = fields.CharEnumField(CircularKind, max_length=20)
    period = fields.CharField(10)
    """2018-04, 2018-Q2 or 2018."""
    issue = fields.SmallIntField(default=1)
    """1, then 2, 3 … for corrections."""
    state = fields.CharEnumField(CircularState, max_length=20, default=CircularState.DRAFT)
    title = fields.CharField(200)
    issuers = fields.JSONField[list[str]]()
    addressees = fields.CharField(300)
    copy_recipients = fields.CharField(300, default="")
    document_number = fields.CharField(60, null=True)
    issue_date = fields.DateField(null=True)
    corrects: fields.ForeignKeyNullableRelation["Circular"] = fields.ForeignKeyField(
        "domain.Circular", "corrections", null=True, on_delete=fields.RESTRICT
    )
    correction_reason = fields.CharField(500, default="")
    data = fields.JSONField[dict[str, object]]()
    """`circulars.data.CircularData`, as JSON."""
    data_sha256 = fields.CharField(64)
    drafted_at = fields.DatetimeField()
    issued_at = fields.DatetimeField(null=True)
    issued_by_name = fields.CharField(80, default="")
    version = fields.IntField(default=1)

    corrects_id: object | None
    files: fields.ReverseRelation["CircularFile"]

    class Meta:
        table = "circular"
        unique_together = (("kind", "period", "issue"),)


class FileFormat(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JSON = "json"


class CircularFile(Model):
    """A rendered copy of an issued circular, frozen with its SHA-256 (I8)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    circular: fields.ForeignKeyRelation[Circular] = fields.ForeignKeyField(
        "domain.Circular", "files", on_delete=fields.RESTRICT
    )
    format = fields.CharEnumField(FileFormat, max_length=10)
    sha256 = fields.CharField(64)
    size = fields.IntField()
    content = fields.BinaryField()
    rendered_at = fields.DatetimeField()

    circular_id: object

    class Meta:
        table = "circular_file"
        unique_together = (("circular", "format"),)
