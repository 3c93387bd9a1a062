"""Who still owes what, shortly before the month's end. F3."""

from domain.kit import clock, workdays
from domain.kit.clock import Month
from domain.notices import actions as notices
from domain.points import queries


async def remind(month: Month) -> int:
    """Tell every unit that owes items how many, once a month. Returns how many owe.

    Nothing is said once the month is over.
    """
    today = clock.today()
    if today > month.last:
        return 0
    days = await workdays.between(month.first, month.last)
    left = sum(day >= today for day in days.of(month))
    owing = [line for line in await queries.ranking(month, "units") if line.owed]
    for line in owing:
        await notices.tell(
            line.unit_id,
            "still-owed",
            key=f"still-owed:{month}:{line.unit_id}",
            month=str(month),
            quota=line.quota,
            submitted=line.submitted,
            owed=line.owed,
            days=left,
        )
    return len(owing)
