"""The whole contract: one line per feature."""

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types.execution import ExecutionContext

from schema.context import Info
from schema.documents import Documents
from schema.errors import HANDLERS
from schema.inputs import SCALARS
from schema.nodes import Node, find
from schema.units import UnitMutation, UnitQuery


@strawberry.type
class NodeQuery:
    @strawberry.field(
        graphql_type=Node | None,
        description="Anything by its id; null when there is none, or none you may see. 按编号查询",
    )
    async def node(self, info: Info, id: strawberry.ID) -> object:
        return await find(info.context, id)


Query = merge_types("Query", (NodeQuery, UnitQuery))
Mutation = merge_types("Mutation", (UnitMutation,))


class Schema(strawberry.Schema):
    """Errors are logged where they are masked, and nowhere else."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leave the logging to whoever answers."""


schema = Schema(
    Query,
    Mutation,
    extensions=[Documents],
    exception_handlers=HANDLERS,
    config=StrawberryConfig(scalar_map=SCALARS),
)
