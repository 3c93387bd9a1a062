"""What every resolver is given."""

from dataclasses import dataclass, field

import strawberry

from domain.kit.actor import Actor
from domain.kit.errors import NotPermitted
from domain.kit.text import Language
from schema.loaders import Loaders


class SignInRequired(NotPermitted):
    """Nobody is signed in."""

    code = "sign-in-required"


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

    @property
    def actor(self) -> Actor:
        """Whoever is signed in. Raises SignInRequired."""
        if self.viewer is None:
            raise SignInRequired
        return self.viewer

    def enter(self, actor: Actor) -> None:
        """From here on this request is theirs."""
        self.viewer, self.loaders = actor, Loaders(actor)


Info = strawberry.Info[Context, None]
