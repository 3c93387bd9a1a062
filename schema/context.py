"""What every resolver is given."""

from dataclasses import dataclass, field

import strawberry

from domain.kit.actor import Actor
from domain.kit.text import Language
from schema.loaders import Loaders


@dataclass(slots=True, kw_only=True)
class Context:
    """One request: who asks, in which language, from where."""

    viewer: Actor | None
    """None before signing in."""
    language: Language = "zh"
    user_agent: str = ""
    address: str = ""
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.loaders = Loaders(self.viewer)


Info = strawberry.Info[Context, None]
