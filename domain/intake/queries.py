"""What is known before a sheet is read, and the sheets that were brought."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise import connections
from tortoise.queryset import QuerySet

from domain.circulars.models import PeriodClose
from domain.intake.models import ImportBatch, ImportedRow
from domain.items.models import Item
from domain.kit import clock
from domain.kit.actor import Actor, Duty
from domain.kit.errors import NotFound
from domain.outlets.models import Adoption, AdoptionState

LOCK = 0x78_62_69_6E
"""Of whoever takes in a sheet: `xbin`, in ASCII. Two imports do not interleave."""
CHUNK = 5_000

Runs = dict[object, date]


def visible_to(actor: Actor) -> QuerySet[ImportBatch]:
    """Sheets are the administrator's and the publicity department's matter."""
    may_see = actor.is_system or actor.has(Duty.ADMINISTRATOR, Duty.PUBLICITY_DEPARTMENT)
    batches = ImportBatch.all() if may_see else ImportBatch.filter(id__in=[])
    return batches.order_by("-previewed_at", "-id")


async def get(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Raises NotFound."""
    batch = await visible_to(actor).get_or_none(id=batch_id)
    if batch is None:
        raise NotFound
    return batch


async def take_turn() -> None:
    """Wait until no other import is running; held until the transaction ends."""
    connection = connections.get("default")
    await connection.execute_query("set local lock_timeout = '50s'")
    await connection.execute_query("select pg_advisory_xact_lock($1)", [LOCK])


async def taken(digests: Sequence[str]) -> set[str]:
    """Which of these rows were taken in before."""
    found: set[str] = set()
    for start in range(0, len(digests), CHUNK):
        rows = ImportedRow.filter(digest__in=digests[start : start + CHUNK])
        found |= {str(digest) for digest in await rows.values_list("digest", flat=True)}
    return found


async def closed_months() -> frozenset[date]:
    """Months whose figures stand for good."""
    closed = await PeriodClose.exclude(closed_at=None).values_list("month", flat=True)
    return frozenset(closed)  # type: ignore[arg-type]  # values_list(flat=True) is typed as tuples


async def items_known(
    first: date, last: date
) -> dict[tuple[object, str, date, date], tuple[UUID, Runs]]:
    """Items submitted in these days, by unit, title and days, with the outlets that ran them."""
    span = (clock.at(first), clock.at(last + timedelta(days=1)))
    runs = await _runs(span)
    rows = await Item.filter(submitted_at__gte=span[0], submitted_at__lt=span[1]).values(
        "id", "unit_id", "title", "submitted_at", "occurred_on"
    )
    return {
        (
            row["unit_id"],
            row["title"],
            clock.local_date(row["submitted_at"]),
            row["occurred_on"],
        ): (row["id"], runs.get(row["id"], {}))
        for row in rows
    }


async def _runs(span: tuple[datetime, datetime]) -> dict[object, Runs]:
    found: dict[object, Runs] = {}
    in_force = Adoption.exclude(state=AdoptionState.WITHDRAWN).filter(
        item__submitted_at__gte=span[0], item__submitted_at__lt=span[1]
    )
    for item_id, outlet_id, day in await in_force.values_list("item_id", "outlet_id", "adopted_on"):
        found.setdefault(item_id, {})[outlet_id] = day
    return found
