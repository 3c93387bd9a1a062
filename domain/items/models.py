"""Items: what units report. 一；二(一)；R5–R11, R18, R59, R60."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from domain.kit.ids import new_id
from domain.people.models import Person
from domain.units.models import ReceivingOffice, Topic, Unit


class InformationType(StrEnum):
    """二(二): 经验性、调研性、建议性和问题性等信息; 动态 for ordinary news."""

    DYNAMIC = "dynamic"
    EXPERIENCE = "experience"
    RESEARCH = "research"
    SUGGESTION = "suggestion"
    PROBLEM = "problem"


class Genre(StrEnum):
    """二(二): 评论、摄影、文艺作品等题材不限."""

    NEWS = "news"
    COMMENTARY = "commentary"
    PHOTOGRAPHY = "photography"
    LITERARY = "literary"


class Field(StrEnum):
    """一: 经济、政治、文化、社会各项事业建设 (R6)."""

    ECONOMY = "economy"
    POLITICS = "politics"
    CULTURE = "culture"
    SOCIETY = "society"


class SubmissionChannel(StrEnum):
    """How the item reached the county (R59)."""

    WEB = "web"
    WECHAT_GROUP = "wechat_group"
    EMAIL = "email"
    FAX = "fax"
    API = "api"
    LATE_ENTRY = "late_entry"  # 补录, from a history sheet


class ItemState(StrEnum):
    """The item's own way inside the unit; each office's decision is a `Reception`."""

    DRAFT = "draft"
    PENDING_SIGN_OFF = "pending_sign_off"
    SIGNED_OFF = "signed_off"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    """An office sent it back for revision; the unit may edit and sign it anew."""
    WITHDRAWN = "withdrawn"


class Item(Model):
    """One piece of news or information, owned by exactly one unit (R12)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "items", on_delete=fields.RESTRICT
    )
    author: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "items", null=True, on_delete=fields.RESTRICT
    )
    """Who wrote it; None for late entries of people who have no account."""
    reporter = fields.CharField(40)
    """The reporter's name as it stood then (R60)."""
    title = fields.CharField(120)
    body = fields.TextField(default="")
    """Clean prose: p, strong, em, h2–h4, lists, tables. Empty for photographs (R11)."""
    information_type = fields.CharEnumField(InformationType, max_length=20)
    genre = fields.CharEnumField(Genre, max_length=20, default=Genre.NEWS)
    topic: fields.ForeignKeyNullableRelation[Topic] = fields.ForeignKeyField(
        "domain.Topic", "items", null=True, on_delete=fields.RESTRICT
    )
    field = fields.CharEnumField(Field, max_length=20, null=True)
    counter_measure = fields.TextField(default="")
    """对策措施 for problems (R8)."""
    occurred_on = fields.DateField()
    is_major = fields.BooleanField(default=False)
    """重大信息 (R14). May be raised by an office; never lowered once signed."""
    stability_related = fields.BooleanField(default=False)
    """涉稳 (R17): handled like an item of a restricted line."""
    restricted = fields.BooleanField(default=False)
    """Kept from other units, the pool and integrations (R8, R16, R17); decided by `items.rules`."""
    declared_unclassified = fields.BooleanField(default=False)
    """The author's declaration: 已进行保密审查，不涉密."""
    channel = fields.CharEnumField(SubmissionChannel, max_length=20, default=SubmissionChannel.WEB)
    original_at = fields.DatetimeField(null=True)
    """When it arrived by the original channel, for proxy and late entries."""
    state = fields.CharEnumField(ItemState, max_length=20, default=ItemState.DRAFT)
    round = fields.SmallIntField(default=1)
    """Counts up each time an office returns it (A9)."""
    content_sha256 = fields.CharField(64)
    """Of exactly what is signed; kept true by every save (`items.rules.content_sha256`)."""
    submit_when_signed = fields.BooleanField(default=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    submitted_at = fields.DatetimeField(null=True)
    """First submission; decides the month and the same-day mark (R18, R19)."""

    unit_id: object
    author_id: object | None
    topic_id: object | None
    offices: fields.ReverseRelation["ItemOffice"]
    attachments: fields.ReverseRelation["Attachment"]
    revisions: fields.ReverseRelation["ItemRevision"]

    class Meta:
        table = "item"
        indexes = (
            ("unit_id", "state"),
            ("unit_id", "created_at"),
            ("submitted_at", "id"),
            ("state", "updated_at"),
        )


class ItemOffice(Model):
    """An office the unit reports this item to (A6)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "domain.Item", "offices", on_delete=fields.CASCADE
    )
    office: fields.ForeignKeyRelation[ReceivingOffice] = fields.ForeignKeyField(
        "domain.ReceivingOffice", "addressed", on_delete=fields.RESTRICT
    )

    item_id: object
    office_id: object

    class Meta:
        table = "item_office"
        unique_together = (("item", "office"),)


class Attachment(Model):
    """A picture or document under an item (R11)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "domain.Item", "attachments", on_delete=fields.CASCADE
    )
    sha256 = fields.CharField(64)
    name = fields.CharField(160)
    media_type = fields.CharField(100)
    size = fields.BigIntField()
    caption = fields.CharField(200, default="")
    position = fields.SmallIntField()

    item_id: object

    class Meta:
        table = "attachment"
        indexes = (("item_id", "position"),)


class ItemRevision(Model):
    """The text as it was laid before the leaders and the offices; never changed."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "domain.Item", "revisions", on_delete=fields.RESTRICT
    )
    round = fields.SmallIntField()
    content = fields.JSONField[dict[str, object]]()
    content_sha256 = fields.CharField(64)
    created_at = fields.DatetimeField()

    item_id: object

    class Meta:
        table = "item_revision"
        unique_together = (("item", "content_sha256"),)
