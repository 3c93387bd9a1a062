"""Reporting units and the three receiving offices. 主送；二(三)；信息报送邮箱."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from domain.kit.ids import new_id


class UnitKind(StrEnum):
    """The four kinds of addressee of the notice (R2)."""

    TOWNSHIP = "township"
    COUNTY_DEPARTMENT = "county_department"
    STATIONED_UNIT = "stationed_unit"
    ENTERPRISE_INSTITUTION = "enterprise_institution"


class County(Model):
    """The county this installation serves: one row."""

    id = fields.SmallIntField(primary_key=True, generated=False)
    name = fields.CharField(40)
    document_word = fields.CharField(20)
    """The issuing office's word in document numbers, 红委办 in 红委办〔2018〕28号."""
    is_example = fields.BooleanField(default=False)
    line_order = fields.CharField(10, default="rank")
    """How circulars list units: `rank`, or the fixed order of `units`."""

    class Meta:
        table = "county"


class Unit(Model):
    """A township, department, stationed unit or enterprise that reports (R2, R12)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    name = fields.CharField(80)
    kind = fields.CharEnumField(UnitKind, max_length=30)
    rank_group = fields.CharField(40)
    """The table of the circular in which the unit is ranked, e.g. 乡镇."""
    restricted_line = fields.BooleanField(default=False)
    """政法、统战、公安、民宗、寺管会等 (R16): a confidentiality review comes before sign-off."""
    self_sign_off = fields.BooleanField(default=False)
    """The exception for a unit with a single leader: he may sign what he wrote himself (B4)."""
    valid_from = fields.DateField()
    valid_until = fields.DateField(null=True)
    """The last day; None while the unit exists."""
    successor: fields.ForeignKeyNullableRelation["Unit"] = fields.ForeignKeyField(
        "domain.Unit", "predecessors", null=True, on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    """The fixed order of units in documents."""
    version = fields.IntField(default=1)

    successor_id: object | None

    class Meta:
        table = "unit"
        indexes = (("position",),)


class ReceivingOffice(Model):
    """县委办、县政府办、县委宣传部新闻中心 (R29, R61): each receives and decides for itself."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    name = fields.CharField(80, unique=True)
    mailbox = fields.CharField(120)
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "offices", null=True, on_delete=fields.RESTRICT
    )
    issues_monthly = fields.BooleanField(default=False)
    """Whether the office is one of the joint issuers of the monthly circular (R30)."""
    position = fields.SmallIntField()
    active = fields.BooleanField(default=True)

    unit_id: object | None

    class Meta:
        table = "receiving_office"


class Topic(Model):
    """A focus topic of the notice (R7), with the years in which it is one."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    name = fields.CharField(40, unique=True)
    valid_from = fields.DateField()
    valid_until = fields.DateField(null=True)
    position = fields.SmallIntField()

    class Meta:
        table = "topic"


class PolicyDocument(Model):
    """The paper that quotas, points and fees rest on (R1)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    title = fields.CharField(200)
    document_number = fields.CharField(60, null=True)
    issuers = fields.JSONField[list[str]]()
    issue_date = fields.DateField(null=True)
    annexes = fields.JSONField[list[str]](default=list)

    class Meta:
        table = "policy_document"
