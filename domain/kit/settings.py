"""What the surroundings decide, read from the environment once, as one typed object.

Facts only: the command says in words what is wrong (`xinbao config check`).
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

POSTGRESQL = ("postgresql", "postgres")
QUEUE = ("redis", "rediss", "unix")


class BadSetting(Exception):
    """A variable holds something unusable. `kind` names the rule it breaks."""

    def __init__(self, variable: str, kind: str) -> None:
        super().__init__(variable, kind)
        self.variable = variable
        self.kind = kind


def _postgresql(url: str) -> str:
    if urlsplit(url).scheme not in POSTGRESQL:
        raise PydanticCustomError("postgresql-address", "")
    return url


def _queue(url: str) -> str:
    if urlsplit(url).scheme not in QUEUE:
        raise PydanticCustomError("queue-address", "")
    return url


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise PydanticCustomError("origin", "")
    return url.rstrip("/")


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise PydanticCustomError("folder", "")
    return path


class Settings(BaseSettings):
    """Every setting has a default that suits one county on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="XINBAO_", env_ignore_empty=True, frozen=True, populate_by_name=True
    )

    home: Path = Path("var")
    """The data folder: databases, files, logs."""
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8000, ge=1, le=65535)
    database_url: Annotated[str, AfterValidator(_postgresql)] | None = Field(
        None, validation_alias="DATABASE_URL"
    )
    redis_url: Annotated[str, AfterValidator(_queue)] | None = Field(
        None, validation_alias="REDIS_URL"
    )
    public_url: Annotated[str, AfterValidator(_origin)] | None = None
    """Where people reach the house, for links: scheme and host, no path."""
    proxies: str = "127.0.0.1"
    """Addresses or networks, by comma, whose X-Forwarded-* headers are believed."""
    fonts: Annotated[Path, AfterValidator(_folder)] | None = None
    """A folder of the county's own typefaces (仿宋, 小标宋, 楷体) for its documents."""
    assets: Literal["cdn", "local"] = "cdn"
    """Whether pages take htmx from the CDN or from the data folder."""
    production: bool = False
    """A real county: no demo people, no hints for developers."""

    @model_validator(mode="after")
    def _both_servers_or_none(self) -> Self:
        if (self.database_url is None) != (self.redis_url is None):
            raise PydanticCustomError("one-server-only", "")
        return self

    @property
    def is_embedded(self) -> bool:
        """Whether the house brings its own PostgreSQL and Valkey."""
        return self.database_url is None

    @property
    def origin(self) -> str:
        """What links in documents and messages begin with."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Whether people come over https, so that cookies are `Secure` and `__Host-`."""
        return self.origin.startswith("https:")

    @property
    def htmx_file(self) -> Path:
        """Where `xinbao assets fetch` puts the local copy of htmx."""
        return self.home / "assets" / "htmx.min.js"


def read() -> Settings:
    """The settings as the environment has them now. Raises BadSetting, the first one found."""
    try:
        return Settings()
    except ValidationError as error:
        raise _first(error) from None


def _first(error: ValidationError) -> BadSetting:
    found = error.errors(include_url=False)[0]
    if found["type"] == "one-server-only":
        return BadSetting("DATABASE_URL / REDIS_URL", "one-server-only")
    name = str(found["loc"][0])
    variable = name if name.isupper() else f"XINBAO_{name.upper()}"
    return BadSetting(variable, found["type"])


@cache
def settings() -> Settings:
    """The settings, read once."""
    return read()
