"""Where the rows of a sheet are taken in, one after the other."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from domain.intake.harvest import Harvest
from domain.intake.rules import ColumnsMissing, Duplicate, unknown
from domain.intake.sheets import Column, Row, Sheet
from domain.intake.verdicts import Options, Outcome
from domain.kit.actor import Actor
from domain.kit.errors import Collector, Invalid, Refusals
from domain.units import queries as units
from domain.units.models import Unit

Value = TypeVar("Value")
Default = TypeVar("Default")


class Desk(ABC):
    """Takes in one sheet. Each row is one act of the feature it is about, and safe to repeat."""

    columns: ClassVar[tuple[Column, ...]]
    one_of: ClassVar[tuple[str, ...]] = ()
    """Columns of which a sheet must have at least one."""
    fields: ClassVar[Mapping[str, str]] = {}
    """Which column to blame for which input of the action."""
    remembers: ClassVar[bool] = True
    """Whether a row taken in once is never taken in again, whatever became of it since."""
    gathers: ClassVar[bool] = False
    """Whether rows are only put into `harvest`, to be written all at once."""

    def __init__(self, actor: Actor, sheet: Sheet, options: Options) -> None:
        self.actor = actor
        self.sheet = sheet
        self.options = options
        self.harvest = Harvest()

    @abstractmethod
    async def open(self) -> None:
        """Look up what is known, once for the whole sheet."""

    @abstractmethod
    async def take(self, row: Row) -> Outcome:
        """Enter what the row says. Raises the refusal."""


def check_columns(desk: type[Desk], sheet: Sheet) -> None:
    if desk.one_of and not set(desk.one_of) & set(sheet.columns):
        raise ColumnsMissing(desk.one_of[:1])


class Cells(Collector):
    """Reads the cells of one row, and says everything that is wrong with them at once."""

    def read(self, default: Default, reader: Callable[..., Value], *args: Any) -> Default | Value:
        """What a reader makes of its cell; the default when the cell is refused."""
        try:
            return reader(*args)
        except Refusals as several:
            self.errors += several.errors
        except Invalid as error:
            self.errors.append(error)
        return default

    def done(self) -> None:
        """Raises what was gathered."""
        if len(self.errors) == 1:
            raise self.errors[0]
        if self.errors:
            raise Refusals(self.errors)


class Seen:
    """The rows of the file so far: the same row twice is a slip of the hand."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}

    def check(self, row: Row, digest: str) -> None:
        """Raises Duplicate."""
        first = self._first.setdefault(digest, row.number)
        if first != row.number:
            raise Duplicate(first)


class Register:
    """Things by their names, with a refusal that names the likeliest for a slip."""

    def __init__(self, column: str, known: Iterable[tuple[str, Any]]) -> None:
        self.column = column
        self.known: dict[str, list[Any]] = {}
        for name, thing in known:
            self.add(name, thing)

    def add(self, name: str, thing: Any) -> None:
        self.known.setdefault(name, []).append(thing)

    def all(self, name: str) -> list[Any]:
        """Everything that bears or bore the name. Raises UnknownName or Misspelt."""
        if name not in self.known:
            raise unknown(self.column, name, list(self.known))
        return self.known[name]

    def named(self, row: Row) -> list[Any]:
        """What the row's cell of this register's column names."""
        return self.all(row.name(self.column))


async def unit_register(actor: Actor) -> Register:
    """All units, past ones too."""
    everyone = await units.visible_to(actor)
    return Register("单位", ((unit.name, unit) for unit in everyone))


def latest(found: list[Unit]) -> Unit:
    """The unit that bears the name now, or bore it last."""
    return max(found, key=lambda unit: unit.valid_from)
