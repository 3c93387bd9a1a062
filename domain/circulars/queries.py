"""Circulars, months and what the offices say of them."""

from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.circulars import figures, rules
from domain.circulars.data import CircularData, Heading, Kind
from domain.circulars.documents.body import title
from domain.circulars.documents.phrases import phrase
from domain.circulars.models import Circular, CircularFile, CircularState, FileFormat, PeriodClose
from domain.kit.actor import Actor, Duty, Scope
from domain.kit.clock import Month, Period, parse_period
from domain.kit.errors import NotFound
from domain.people import queries as people
from domain.units import queries as units
from domain.units.models import ReceivingOffice

live = figures.live


def visible_to(actor: Actor) -> QuerySet[Circular]:
    """What was issued, for everyone signed in; drafts for those who check and issue."""
    seen = Q() if rules.sees_drafts(actor) else Q(state=CircularState.ISSUED)
    if actor.is_token and not actor.has_scope(Scope.READ):
        seen = Q(id__in=[])
    if not (actor.is_system or actor.is_token or actor.person_id):
        seen = Q(id__in=[])
    return Circular.filter(seen).select_related("corrects").order_by("-period", "-issue")


async def get(actor: Actor, circular_id: UUID) -> Circular:
    """Raises NotFound."""
    circular = await visible_to(actor).get_or_none(id=circular_id)
    if circular is None:
        raise NotFound
    return circular


async def lock(actor: Actor, circular_id: UUID) -> Circular:
    """The circular, held until commit. Raises NotFound."""
    held = visible_to(actor).select_for_update(of=("circular",), no_key=True)
    circular = await held.get_or_none(id=circular_id)
    if circular is None:
        raise NotFound
    return circular


async def newest(period: Period) -> Circular | None:
    """The last issue or draft of a period."""
    same = Circular.filter(kind=rules.kind_of(period), period=str(period))
    return await same.select_related("corrects").order_by("-issue").first()


async def latest_issued(period: Period) -> Circular | None:
    """What holds for a period: its last issued circular."""
    issued = Circular.filter(
        kind=rules.kind_of(period), period=str(period), state=CircularState.ISSUED
    )
    return await issued.select_related("corrects").order_by("-issue").first()


async def issues(actor: Actor, circular: Circular) -> list[Circular]:
    """All issues of the same period that the reader may see, the first one first. (I8)"""
    same = visible_to(actor).filter(kind=circular.kind, period=circular.period)
    return await same.order_by("issue")


async def files(actor: Actor, circular_id: UUID) -> list[CircularFile]:
    """What is frozen of an issued circular, without the bytes. Raises NotFound."""
    circular = await get(actor, circular_id)
    kept = CircularFile.filter(circular_id=circular.id)
    found = await kept.only("id", "format", "sha256", "size", "rendered_at")
    order = list(FileFormat)
    return sorted(found, key=lambda each: order.index(each.format))


async def file(actor: Actor, circular_id: UUID, format: FileFormat) -> CircularFile:
    """A stored copy of an issued circular. Raises NotFound."""
    circular = await get(actor, circular_id)
    found = await CircularFile.get_or_none(circular_id=circular.id, format=format)
    if found is None:
        raise NotFound
    return found


DAMAGED = """
select c.id from circular c
  left join audit_event e on e.thing = 'circular' and e.thing_id = c.id::text and e.verb = 'issue'
where c.state = 'issued' and (
  e.facts ->> 'sha256' is distinct from c.data_sha256
  or e.facts ->> 'number' is distinct from c.document_number
  or e.facts -> 'files' is distinct from (
    select jsonb_object_agg(f.format, encode(sha256(f.content), 'hex'))
    from circular_file f where f.circular_id = c.id and f.sha256 = encode(sha256(f.content), 'hex'))
)
"""


async def damaged() -> list[str]:
    """Issued circulars that are not what the trail says was issued, in figures or files. (I8)"""
    found = await get_connection("default").execute_query_dict(DAMAGED)
    forged = {row["id"] for row in found}
    return [
        circular.document_number or ""
        for circular in await Circular.filter(state=CircularState.ISSUED).order_by("issued_at")
        if circular.id in forged or not _is_as_hashed(circular)
    ]


def _is_as_hashed(circular: Circular) -> bool:
    try:
        return data_of(circular).sha256() == circular.data_sha256
    except (ValueError, LookupError, TypeError):
        return False


def data_of(circular: Circular) -> CircularData:
    """The figures as stored. Raises DamagedDataError when they are not what was hashed."""
    return CircularData.from_json(circular.data)


def heading_of(circular: Circular) -> Heading:
    """What stands around the figures. `corrects` must have been fetched."""
    corrected = circular.corrects
    return Heading(
        title=circular.title,
        issuers=tuple(circular.issuers),
        document_number=circular.document_number,
        issue_date=circular.issue_date,
        addressees=circular.addressees,
        copy_recipients=circular.copy_recipients,
        is_draft=circular.state is CircularState.DRAFT,
        corrects=corrected.document_number if corrected else None,
        signatures=tuple(circular.issuers),
    )


async def draft_heading(period: Period) -> Heading:
    """What would stand around a period's figures, before there is even a draft."""
    names = await issuers(rules.kind_of(period))
    draft = Circular(
        title=await title_of(period, names),
        issuers=names,
        addressees=phrase("usual", "addressees"),
        corrects=None,
    )
    return heading_of(draft)


async def issuers(kind: Kind) -> list[str]:
    """Monthly the offices that issue jointly, in order; otherwise the 督查室. (R30, R31)"""
    if kind is Kind.MONTHLY:
        return [office.name for office in await issuing_offices()]
    for appointment in await people.current_appointments():
        if appointment.duty is Duty.SUPERVISION_OFFICE:
            return [appointment.unit.name]
    county = await units.county()
    return [phrase("usual", "supervision_office", county=county.name)]


async def issuing_offices() -> list[ReceivingOffice]:
    """Those of the monthly circular; all offices when none was chosen."""
    offices = await units.offices()
    return [office for office in offices if office.issues_monthly] or list(offices)


async def title_of(period: Period, names: list[str], *, correction: bool = False) -> str:
    return title(names, rules.kind_of(period), period.first, correction=correction)


async def first_month() -> Month | None:
    """The month with which circulars begin; None before there is a county with units.

    The first month of the ledger, or that of the installation if it is earlier and there were
    units. Before anything is counted, the month before the installation: its circular names all.
    """
    rows = await get_connection("default").execute_query_dict(FIRST_MONTH)
    first = rows[0]["month"]
    return Month.of(first) if first else None


async def close_of(month: Month) -> PeriodClose | None:
    return await PeriodClose.get_or_none(month=month.first)


async def is_closed(month: Month) -> bool:
    return not await figures.open_months(month)


def period_of(circular: Circular) -> Period:
    return parse_period(circular.period)


FIRST_MONTH = """
with known as (select
  (select min(month) from unit_month) as counted,
  (select min(valid_from) from unit) as unit,
  (select min(at) at time zone 'Asia/Shanghai' from audit_event) as begun)
select case when not exists (select from county) or unit is null then null
  when counted is null then greatest(unit, (begun - interval '1 month')::date)
  else least(counted, greatest(unit, begun::date)) end as month
from known
"""

EARLIEST_OPEN = """
select min(month) as month from unit_month m where month < $1 and not exists (
  select from period_close p where p.month = m.month and p.closed_at is not null)
"""


async def earliest_open(before: Month) -> Month | None:
    """The first earlier month with something counted in it that is not closed."""
    rows = await get_connection("default").execute_query_dict(EARLIEST_OPEN, [before.first])
    return Month(rows[0]["month"]) if rows[0]["month"] else None
