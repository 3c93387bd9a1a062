"""How many items a unit may be asked for. 二(二)；附件1；R21, R22."""

from dataclasses import dataclass
from uuid import UUID

from domain.kit.clock import Month
from domain.kit.errors import Conflict, Invalid

USUAL = range(1, 6)
MOST = 99


class QuotaNeedsReason(Invalid):
    """原则上每月 1–5 条; other numbers are possible, but not without a word (R22)."""

    code = "quota-needs-reason"
    field = "reason"

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count, self.least, self.most = count, USUAL[0], USUAL[-1]


class QuotaImpossible(Invalid):
    """No number of items a month."""

    code = "quota-impossible"
    field = "count"

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count, self.most = count, MOST


class MonthClosed(Conflict):
    """A closed month keeps the quotas it was closed with (F2)."""

    code = "quota-month-closed"
    field = "from_month"

    def __init__(self, month: Month, first_open: Month) -> None:
        super().__init__(month, first_open)
        self.month, self.first_open = month, first_open


@dataclass(frozen=True, slots=True)
class QuotaOf:
    """What a unit owes in one month."""

    count: int
    exempt: bool = False

    @property
    def owed(self) -> int:
        """Items due; an exempt unit owes none."""
        return 0 if self.exempt else self.count


NONE_SET = QuotaOf(0)
"""A unit without a row in the task table owes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRow:
    """A line of 附件1《任务分解表》, as it is entered."""

    unit_id: UUID
    from_month: Month
    count: int
    exempt: bool = False
    reason: str = ""


def check_count(count: int, *, exempt: bool, reason: str) -> None:
    """「每月报送信息1-5条」, 原则上: another number needs its reason, unless the unit is exempt."""
    if not 0 <= count <= MOST:
        raise QuotaImpossible(count)
    if count not in USUAL and not exempt and not reason:
        raise QuotaNeedsReason(count)


def check_not_closed(from_month: Month, first_open: Month | None) -> None:
    """Quotas change from the first open month on; None: no month was closed yet."""
    if first_open is not None and from_month < first_open:
        raise MonthClosed(from_month, first_open)
