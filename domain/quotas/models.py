"""The task breakdown table. 附件1; R21, R22."""

from tortoise import fields
from tortoise.models import Model

from domain.kit.ids import new_id
from domain.units.models import Unit


class Quota(Model):
    """How many items a unit owes each month, from a month on.

    Rows are only added. For a month the row with the latest `from_month` not after it counts,
    and of those the one set last; so history stays and closed months are never rewritten (F2).
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "quotas", on_delete=fields.RESTRICT
    )
    from_month = fields.DateField()
    """The first day of the first month it holds for."""
    count = fields.SmallIntField()
    """Items a month; 原则上 1–5, others need a reason."""
    exempt = fields.BooleanField(default=False)
    reason = fields.CharField(200, default="")
    set_by_name = fields.CharField(80)
    set_at = fields.DatetimeField()

    unit_id: object

    class Meta:
        table = "quota"
        indexes = (("unit_id", "from_month", "set_at"),)
