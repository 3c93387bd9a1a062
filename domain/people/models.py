"""People, what they are appointed to, and how they sign in."""

from tortoise import fields
from tortoise.models import Model

from domain.kit.actor import Duty
from domain.kit.ids import new_id
from domain.units.models import ReceivingOffice, Unit


class Person(Model):
    """Somebody named in the county's records. Never deleted: history keeps the name (P4)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    name = fields.CharField(40)
    office_phone = fields.CharField(30, default="")
    mobile = fields.CharField(30, default="")
    """Shown in full to the own unit and the publicity department only (P4)."""
    active = fields.BooleanField(default=True)
    version = fields.IntField(default=1)

    appointments: fields.ReverseRelation["Appointment"]

    class Meta:
        table = "person"


class Appointment(Model):
    """A duty with its post, from a day to a day. Rights are read from here on every request."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "appointments", on_delete=fields.RESTRICT
    )
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "appointments", on_delete=fields.RESTRICT
    )
    office: fields.ForeignKeyNullableRelation[ReceivingOffice] = fields.ForeignKeyField(
        "domain.ReceivingOffice", "editors", null=True, on_delete=fields.RESTRICT
    )
    duty = fields.CharEnumField(Duty, max_length=30)
    post = fields.CharField(60)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    """The last day; None while in force."""

    person_id: object
    unit_id: object
    office_id: object | None

    class Meta:
        table = "appointment"
        indexes = (("unit_id", "duty"), ("person_id",))


class DeputyGrant(Model):
    """「X 代 Y」: Y's duty, done by X from a day to a day (B5)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    appointment: fields.ForeignKeyRelation[Appointment] = fields.ForeignKeyField(
        "domain.Appointment", "deputies", on_delete=fields.RESTRICT
    )
    deputy: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "grants", on_delete=fields.RESTRICT
    )
    deputy_post = fields.CharField(60)
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    reason = fields.CharField(200)
    revoked_at = fields.DatetimeField(null=True)

    appointment_id: object
    deputy_id: object

    class Meta:
        table = "deputy_grant"


class Account(Model):
    """The key to sign in with. The password is known to its owner alone."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "domain.Person", "account", on_delete=fields.RESTRICT
    )
    login = fields.CharField(40, unique=True)
    password_hash = fields.CharField(200)
    password_changed_at = fields.DatetimeField()
    must_change_password = fields.BooleanField(default=False)
    failures = fields.SmallIntField(default=0)
    locked_until = fields.DatetimeField(null=True)
    active = fields.BooleanField(default=True)

    person_id: object

    class Meta:
        table = "account"


class LoginSession(Model):
    """A sign-in on one device. Only the SHA-256 of its token is kept."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "domain.Account", "sessions", on_delete=fields.CASCADE
    )
    token_sha256 = fields.CharField(64, unique=True)
    csrf_token = fields.CharField(64)
    user_agent = fields.CharField(200, default="")
    address = fields.CharField(60, default="")
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    account_id: object

    class Meta:
        table = "login_session"


class ApiToken(Model):
    """A key for another system: scoped, expiring, shown once, kept as SHA-256."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    name = fields.CharField(80)
    sha256 = fields.CharField(64, unique=True)
    hint = fields.CharField(12)
    """The last characters, to tell tokens apart in a list."""
    scopes = fields.JSONField[list[str]]()
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "domain.Unit", "tokens", null=True, on_delete=fields.RESTRICT
    )
    created_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "domain.Person", "tokens", null=True, on_delete=fields.RESTRICT
    )
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    unit_id: object | None
    created_by_id: object | None

    class Meta:
        table = "api_token"
