"""What each receiving office does with an item. R29; 退回 and 退稿 are two verbs."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from domain.items.models import Item
from domain.kit.ids import new_id
from domain.people.models import Person
from domain.units.models import ReceivingOffice


class ReceptionState(StrEnum):
    """One office's own state for one item."""

    SUBMITTED = "submitted"  # 已报送, waiting in the inbox
    RECEIVED = "received"  # 已接收
    IN_EDITING = "in_editing"  # 采编中
    ADOPTED = "adopted"  # 已采用
    NOT_ADOPTED = "not_adopted"  # 未采用
    RETURNED = "returned"  # 退回修改
    REJECTED = "rejected"  # 退稿
    WITHDRAWN = "withdrawn"  # 单位撤回


class Reception(Model):
    """One item at one office. Offices do not overwrite one another (A6)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "domain.Item", "receptions", on_delete=fields.RESTRICT
    )
    office: fields.ForeignKeyRelation[ReceivingOffice] = fields.ForeignKeyField(
        "domain.ReceivingOffice", "receptions", on_delete=fields.RESTRICT
    )
    state = fields.CharEnumField(ReceptionState, max_length=20, default=ReceptionState.SUBMITTED)
    reason = fields.CharField(500, default="")
    handler: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "receptions", null=True, on_delete=fields.RESTRICT
    )
    handler_name = fields.CharField(40, default="")
    round = fields.SmallIntField()
    content_sha256 = fields.CharField(64)
    """The revision that this office holds."""
    submitted_at = fields.DatetimeField()
    received_at = fields.DatetimeField(null=True)
    settled_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    item_id: object
    office_id: object
    handler_id: object | None

    class Meta:
        table = "reception"
        unique_together = (("item", "office"),)
        indexes = (("office_id", "state", "submitted_at"),)


class ReceptionEvent(Model):
    """The way of an item through an office, one line a step, for the unit to follow."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    reception: fields.ForeignKeyRelation[Reception] = fields.ForeignKeyField(
        "domain.Reception", "events", on_delete=fields.RESTRICT
    )
    state = fields.CharEnumField(ReceptionState, max_length=20)
    reason = fields.CharField(500, default="")
    handler_name = fields.CharField(40, default="")
    at = fields.DatetimeField()

    reception_id: object

    class Meta:
        table = "reception_event"
