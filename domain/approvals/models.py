"""Sign-off: who signed which exact text, with name and post. 二(一); R13–R15."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from domain.items.models import Item
from domain.kit.actor import Duty
from domain.kit.ids import new_id
from domain.people.models import Person


class SignOffMethod(StrEnum):
    """How the signature came about."""

    SESSION = "session"
    LATE_ENTRY = "late_entry"  # named in a history sheet (补录)


class Decision(StrEnum):
    """What a leader said of the text before him."""

    SIGNED = "signed"
    SENT_BACK = "sent_back"  # 退回 by the leader, with a reason


class SignOffChain(Model):
    """The steps before an item may leave the unit, in force from a day."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    valid_from = fields.DateField(unique=True)
    ordinary = fields.JSONField[list[str]]()
    """Duties in order, e.g. ["leader_in_charge"]."""
    major = fields.JSONField[list[str]]()
    restricted_first = fields.JSONField[list[str]]()
    """Steps put before the others for restricted items, e.g. ["confidentiality_reviewer"]."""

    class Meta:
        table = "sign_off_chain"


class SignOff(Model):
    """One signature. Valid for its text alone: another SHA-256 and it counts no more."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "domain.Item", "sign_offs", on_delete=fields.RESTRICT
    )
    step = fields.CharEnumField(Duty, max_length=30)
    """The step of the chain that it fulfils."""
    decision = fields.CharEnumField(Decision, max_length=20, default=Decision.SIGNED)
    reason = fields.CharField(500, default="")
    signer: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "sign_offs", null=True, on_delete=fields.RESTRICT
    )
    signer_name = fields.CharField(40)
    signer_post = fields.CharField(60)
    signer_unit = fields.CharField(80)
    on_behalf_of = fields.CharField(40, null=True)
    """Y in 「X 代 Y」."""
    in_absence = fields.BooleanField(default=False)
    """The principal leader took the step of the leader in charge."""
    declared_unclassified = fields.BooleanField(default=False)
    content_sha256 = fields.CharField(64)
    method = fields.CharEnumField(SignOffMethod, max_length=20, default=SignOffMethod.SESSION)
    signed_at = fields.DatetimeField()

    item_id: object
    signer_id: object | None

    class Meta:
        table = "sign_off"
        indexes = (("item_id", "signed_at"),)
