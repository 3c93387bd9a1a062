"""Media outlets and what they adopted. 二(二); R26–R28."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from domain.items.models import Item
from domain.kit.ids import new_id
from domain.people.models import Person
from domain.units.models import ReceivingOffice


class OutletLevel(StrEnum):
    """县、州、省、国."""

    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    NATION = "nation"


class OutletKind(StrEnum):
    NEWSPAPER = "newspaper"
    PORTAL = "portal"
    NEWS_SITE = "news_site"
    INTERNAL_BULLETIN = "internal_bulletin"
    SOCIAL_ACCOUNT = "social_account"
    TV = "tv"
    RADIO = "radio"
    OTHER = "other"


class MediaOutlet(Model):
    """A medium that may adopt items (R26, G1)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    name = fields.CharField(80, unique=True)
    level = fields.CharEnumField(OutletLevel, max_length=20)
    kind = fields.CharEnumField(OutletKind, max_length=30, default=OutletKind.OTHER)
    owner: fields.ForeignKeyNullableRelation[ReceivingOffice] = fields.ForeignKeyField(
        "domain.ReceivingOffice", "outlets", null=True, on_delete=fields.RESTRICT
    )
    """The office that edits it, where it is the county's own."""
    weight_class = fields.CharField(20, default="")
    """A class that a scoring policy may name instead of the level."""
    valid_from = fields.DateField()
    valid_until = fields.DateField(null=True)
    position = fields.IntField()
    version = fields.IntField(default=1)

    owner_id: object | None

    class Meta:
        table = "media_outlet"


class AdoptionMode(StrEnum):
    SOLE = "sole"  # 单条采用
    MERGED = "merged"  # 综合采用


class AdoptionState(StrEnum):
    RECORDED = "recorded"  # 已登记，待确认
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Adoption(Model):
    """An outlet ran an item: recorded by one person with evidence, confirmed by another (G2)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "domain.Item", "adoptions", on_delete=fields.RESTRICT
    )
    outlet: fields.ForeignKeyRelation[MediaOutlet] = fields.ForeignKeyField(
        "domain.MediaOutlet", "adoptions", on_delete=fields.RESTRICT
    )
    level = fields.CharEnumField(OutletLevel, max_length=20)
    """The outlet's level on that day."""
    adopted_on = fields.DateField()
    position = fields.CharField(60, default="")
    """版面, e.g. 头版头条; a scoring policy may give it a factor."""
    mode = fields.CharEnumField(AdoptionMode, max_length=10, default=AdoptionMode.SOLE)
    evidence_url = fields.CharField(500, default="")
    evidence_sha256 = fields.CharField(64, null=True)
    """A stored clipping or screenshot."""
    evidence_note = fields.CharField(200, default="")
    """What a history sheet says under 凭证."""
    state = fields.CharEnumField(AdoptionState, max_length=20, default=AdoptionState.RECORDED)
    recorded_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "recorded", null=True, on_delete=fields.RESTRICT
    )
    recorded_by_name = fields.CharField(80)
    recorded_at = fields.DatetimeField()
    confirmed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "confirmed", null=True, on_delete=fields.RESTRICT
    )
    confirmed_by_name = fields.CharField(80, default="")
    confirmed_at = fields.DatetimeField(null=True)
    withdrawn_at = fields.DatetimeField(null=True)
    withdrawn_by_name = fields.CharField(80, default="")
    withdrawal_reason = fields.CharField(500, default="")
    version = fields.IntField(default=1)

    item_id: object
    outlet_id: object
    recorded_by_id: object | None
    confirmed_by_id: object | None

    class Meta:
        table = "adoption"
        indexes = (("item_id",), ("outlet_id", "adopted_on"), ("state", "recorded_at"))
