"""Who acts: a signed-in person, an integration's token, or the county's own clockwork."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from domain.kit.errors import DutyRequired, ScopeMissing, TokensMayNot


class Duty(StrEnum):
    """What a person is appointed to do. One person may hold several."""

    CORRESPONDENT = "correspondent"  # 通讯员（网评员）
    CONFIDENTIALITY_REVIEWER = "confidentiality_reviewer"  # 保密审查人
    LEADER_IN_CHARGE = "leader_in_charge"  # 分管领导
    PRINCIPAL_LEADER = "principal_leader"  # 主要领导
    OFFICE_EDITOR = "office_editor"  # 接收单位编辑
    PUBLICITY_DEPARTMENT = "publicity_department"  # 宣传部
    SUPERVISION_OFFICE = "supervision_office"  # 督查室
    FINANCE = "finance"  # 财政
    ADMINISTRATOR = "administrator"  # 系统管理员
    AUDITOR = "auditor"  # 审计员


class Scope(StrEnum):
    """What a token may be used for. A token never signs, whatever its scopes."""

    READ = "read"
    SUBMIT = "submit"
    ADOPT = "adopt"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One duty in force today, with the post that is written under a signature."""

    duty: Duty
    post: str
    unit_id: UUID
    unit_name: str
    office_id: UUID | None = None
    deputy_for: str | None = None
    """「X 代 Y」: the name of Y, when the duty rests on a deputy grant."""
    deputy_for_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Everything a rule may ask about the one who acts.

    `person_id` is None for jobs and imports; `scopes` is None for a person's own session.
    """

    name: str
    person_id: UUID | None = None
    unit_id: UUID | None = None
    unit_name: str = ""
    held: tuple[Held, ...] = ()
    scopes: frozenset[Scope] | None = None
    token_id: UUID | None = None
    is_system: bool = False
    session_id: UUID | None = field(default=None, compare=False)

    @property
    def duties(self) -> frozenset[Duty]:
        return frozenset(held.duty for held in self.held)

    @property
    def is_token(self) -> bool:
        return self.token_id is not None

    @property
    def post(self) -> str:
        """The post shown beside the name; the first duty's."""
        return self.held[0].post if self.held else ""

    @property
    def offices(self) -> frozenset[UUID]:
        """The receiving offices whose inbox the actor works in."""
        return frozenset(
            held.office_id
            for held in self.held
            if held.office_id and held.duty is Duty.OFFICE_EDITOR
        )

    def has(self, *duties: Duty) -> bool:
        """Whether the actor holds any of these duties, anywhere."""
        return any(held.duty in duties for held in self.held)

    def has_scope(self, scope: Scope) -> bool:
        """A session may do what its duties allow; a token only what it was made for."""
        return self.scopes is None or scope in self.scopes

    def holding(self, duty: Duty, unit_id: UUID | None = None) -> Held | None:
        """The duty as held in one unit; one's own before one held for another."""
        found = [
            held
            for held in self.held
            if held.duty is duty and (unit_id is None or held.unit_id == unit_id)
        ]
        return min(found, key=lambda held: held.deputy_for is not None, default=None)


SYSTEM = Actor(name="信报", is_system=True)
"""The county's clockwork: scheduled jobs and catch-up."""


def check_duty(actor: Actor, *duties: Duty) -> None:
    """The actor holds one of the duties, or is the county's own clockwork. Tokens hold none."""
    if not actor.is_system and not actor.has(*duties):
        raise DutyRequired(*duties)


def check_scope(actor: Actor, scope: Scope) -> None:
    if not actor.has_scope(scope):
        raise ScopeMissing(scope)


def check_person(actor: Actor) -> None:
    """What only a signed-in person may do, whatever a token's scopes."""
    if actor.is_token or actor.person_id is None:
        raise TokensMayNot
