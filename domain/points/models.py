"""Points: a dated policy, an append-only ledger and its monthly rollup. R30; I1, I2."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from domain.items.models import Item
from domain.kit.ids import new_id
from domain.outlets.models import Adoption, OutletLevel
from domain.units.models import Unit


class ScoringPolicy(Model):
    """计分办法: a numbered version with its first day. Never edited once a row rests on it."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    number = fields.IntField(unique=True)
    name = fields.CharField(120)
    valid_from = fields.DateField()
    is_example = fields.BooleanField(default=False)
    """示例: values the notice does not give."""
    rules = fields.JSONField[dict[str, object]]()
    """`points.rules.Policy`, as documented in docs/policy.md."""
    document = fields.CharField(200, default="")
    created_at = fields.DatetimeField()
    created_by_name = fields.CharField(80)

    class Meta:
        table = "scoring_policy"


class EntryKind(StrEnum):
    SUBMISSION = "submission"
    ADOPTION = "adoption"
    REVERSAL = "reversal"  # a withdrawn adoption
    CORRECTION = "correction"  # 更正, after a month was closed
    BONUS = "bonus"
    DEDUCTION = "deduction"


class LedgerEntry(Model):
    """One line of the 积分台账. Only ever added; the ranking is its sum and nothing else.

    Counts are differences (+1, −1), so that a month's figures are plain sums.
    """

    seq = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "ledger", on_delete=fields.RESTRICT
    )
    month = fields.DateField()
    """The month it counts in, as its first day."""
    kind = fields.CharEnumField(EntryKind, max_length=20)
    item: fields.ForeignKeyNullableRelation[Item] = fields.ForeignKeyField(
        "domain.Item", "ledger", null=True, on_delete=fields.RESTRICT
    )
    adoption: fields.ForeignKeyNullableRelation[Adoption] = fields.ForeignKeyField(
        "domain.Adoption", "ledger", null=True, on_delete=fields.RESTRICT
    )
    policy: fields.ForeignKeyNullableRelation[ScoringPolicy] = fields.ForeignKeyField(
        "domain.ScoringPolicy", "ledger", null=True, on_delete=fields.RESTRICT
    )
    rule = fields.CharField(60)
    """Code of the rule applied, e.g. `level.county`, `repeat.highest`; words in words.toml."""
    facts = fields.JSONField[dict[str, object]](default=dict)
    """What the rule was applied to: base, factor, counted before, …"""
    reason = fields.CharField(500, default="")
    points = fields.DecimalField(max_digits=9, decimal_places=2, default=0)
    submitted = fields.SmallIntField(default=0)
    same_day = fields.SmallIntField(default=0)
    adopted = fields.SmallIntField(default=0)
    """±1 when it makes, or unmakes, the item an adopted one of this month."""
    level = fields.CharEnumField(OutletLevel, max_length=20, null=True)
    adoptions = fields.SmallIntField(default=0)
    """±1 for the adoption at `level`."""
    late_from = fields.DateField(null=True)
    """The month it belonged to, when that was closed already (I5)."""
    at = fields.DatetimeField()
    actor_name = fields.CharField(80)

    unit_id: object
    item_id: object | None
    adoption_id: object | None
    policy_id: object | None

    class Meta:
        table = "ledger_entry"
        indexes = (("unit_id", "month"), ("month",), ("item_id",))


class UnitMonth(Model):
    """The ledger's rollup, kept by a trigger in the same transaction; never written by hand."""

    id = fields.BigIntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "months", on_delete=fields.RESTRICT
    )
    month = fields.DateField()
    points = fields.DecimalField(max_digits=11, decimal_places=2, default=0)
    submitted = fields.IntField(default=0)
    same_day = fields.IntField(default=0)
    adopted = fields.IntField(default=0)
    county = fields.IntField(default=0)
    prefecture = fields.IntField(default=0)
    province = fields.IntField(default=0)
    nation = fields.IntField(default=0)

    unit_id: object

    class Meta:
        table = "unit_month"
        unique_together = (("month", "unit"),)
