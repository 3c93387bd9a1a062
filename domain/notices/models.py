"""Short messages inside the system: returned, adopted, still owed. A9, F3, G4."""

from tortoise import fields
from tortoise.models import Model

from domain.kit.ids import new_id
from domain.units.models import Unit


class Message(Model):
    """Something a unit should know, shown on its home page until somebody has read it."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "messages", on_delete=fields.RESTRICT
    )
    code = fields.CharField(60)
    """The sentence in words.toml, [notices]."""
    facts = fields.JSONField[dict[str, object]](default=dict)
    item_id = fields.UUIDField(null=True)
    key = fields.CharField(160, unique=True)
    """Makes telling twice impossible: (item, step, round), (unit, month, day) …"""
    created_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    unit_id: object

    class Meta:
        table = "message"
        indexes = (("unit_id", "read_at"),)
