"""A client of the API that knows nothing but the schema: it speaks HTTP to the real application."""

from dataclasses import dataclass, field
from typing import Any

import httpx2

from api.app import create_app

APP = create_app()


@dataclass
class Client:
    """One caller; `token` is sent as Bearer when there is one."""

    token: str | None = None
    language: str = "zh"
    headers: dict[str, str] = field(default_factory=dict)
    last: httpx2.Response | None = None

    async def post(self, body: Any = None, **options: Any) -> httpx2.Response:
        headers = {"Accept-Language": self.language, **self.headers, **options.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if isinstance(body, (dict, list)):
            options["json"] = body
        elif body is not None:
            options["content"] = body
            headers.setdefault("Content-Type", "application/json")
        transport = httpx2.ASGITransport(APP, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://county.test") as web:
            self.last = await web.request(
                options.pop("method", "POST"),
                options.pop("path", "/graphql"),
                headers=headers,
                **options,
            )
        return self.last

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer."""
        return (await self.post({"query": query, "variables": variables})).json()

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data; an error fails the test."""
        found = await self.answer(query, **variables)
        assert "errors" not in found, found["errors"]
        return found["data"]

    async def do(self, verb: str, fields: str = "__typename", **given: Any) -> dict[str, Any]:
        """Carry a mutation out by its name; its answer, a refusal included."""
        name = verb[0].upper() + verb[1:]
        problem = "... on Problem { code field message details } ... on InvalidInput { errors { code field } }"
        query = (
            f"mutation($input: {name}Input!) {{ {verb}(input: $input) "
            f"{{ __typename {fields} {problem} }} }}"
        )
        return (await self.ask(query, input=given))[verb]
