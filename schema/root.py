"""The whole contract: one line per feature."""

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.execution import ExecutionContext
from strawberry.types.field import StrawberryField

from schema.access import AccessMutation, AccessQuery
from schema.approvals import ApprovalMutation, ApprovalQuery
from schema.circulars import CircularMutation, CircularQuery
from schema.context import Info
from schema.described import described
from schema.documents import Documents
from schema.errors import HANDLERS
from schema.inputs import SCALARS
from schema.items import ItemMutation, ItemQuery
from schema.jobs import JobMutation, JobQuery
from schema.meeting_verbs import MeetingMutation
from schema.meetings import MeetingQuery
from schema.nodes import Node, asks, find
from schema.notices import NoticeMutation, NoticeQuery
from schema.outlets import OutletMutation, OutletQuery
from schema.people import PeopleMutation, PeopleQuery
from schema.points import PointsMutation, PointsQuery
from schema.quotas import QuotaMutation, QuotaQuery
from schema.reception import ReceptionMutation, ReceptionQuery
from schema.units import UnitMutation, UnitQuery


@strawberry.type
class NodeQuery:
    @asks(
        "Anything by its id; null when there is none, or none you may see. 按编号查询", Node | None
    )
    async def node(self, info: Info, id: strawberry.ID) -> object:
        return await find(info.context, id)


QUERIES = (
    NodeQuery,
    UnitQuery,
    PeopleQuery,
    AccessQuery,
    ItemQuery,
    ApprovalQuery,
    ReceptionQuery,
    OutletQuery,
    QuotaQuery,
    PointsQuery,
    CircularQuery,
    NoticeQuery,
    JobQuery,
    MeetingQuery,
)
MUTATIONS = (
    PeopleMutation,
    AccessMutation,
    UnitMutation,
    ItemMutation,
    ApprovalMutation,
    ReceptionMutation,
    OutletMutation,
    QuotaMutation,
    PointsMutation,
    CircularMutation,
    NoticeMutation,
    JobMutation,
    MeetingMutation,
)
Query = merge_types("Query", QUERIES)
Mutation = merge_types("Mutation", MUTATIONS)


class Schema(strawberry.Schema):
    """Every field is described; errors are logged where they are masked, and nowhere else."""

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        fields = super().get_fields(type_definition)
        for field in fields:
            field.description = described(field)
        return fields

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
