"""Sheets that a county brings in: previewed row by row, then taken in at once. F1."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from domain.kit.ids import new_id


class SheetKind(StrEnum):
    UNITS = "units"
    OUTLETS = "outlets"
    QUOTAS = "quotas"
    ROSTER = "roster"
    HISTORY = "history"


class ImportBatch(Model):
    """One file, its verdicts, and when it was taken in."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    kind = fields.CharEnumField(SheetKind, max_length=20)
    file_name = fields.CharField(160)
    file_sha256 = fields.CharField(64)
    rows = fields.IntField()
    created = fields.IntField(default=0)
    unchanged = fields.IntField(default=0)
    refused = fields.IntField(default=0)
    verdicts = fields.JSONField[list[dict[str, object]]](default=list)
    """Refused rows only: number, column, reason code and facts."""
    previewed_at = fields.DatetimeField()
    committed_at = fields.DatetimeField(null=True)
    actor_name = fields.CharField(80)

    class Meta:
        table = "import_batch"


class ImportedRow(Model):
    """A row of a sheet that was taken in: the same row again changes nothing."""

    digest = fields.CharField(64, primary_key=True)
    """SHA-256 of the sheet kind and the row's filled cells."""
    batch: fields.ForeignKeyRelation[ImportBatch] = fields.ForeignKeyField(
        "domain.ImportBatch", "taken", on_delete=fields.RESTRICT
    )
    item_id = fields.UUIDField(null=True)

    batch_id: object

    class Meta:
        table = "imported_row"
