"""The county's clockwork: what is due, what was done, what failed."""

from datetime import datetime

import strawberry

from domain.kit import actions, queries, text
from domain.kit import models as rows
from domain.kit.queries import KindState
from domain.people.rules import check_administers
from schema.context import Info
from schema.inputs import sought
from schema.nodes import asks, key, own_id, part, says, told
from schema.paging import Listed, listed
from schema.verbs import result, verb


def _name(root: strawberry.Parent[KindState], info: Info) -> str:
    words = text.words()["jobs"].get(root.kind)
    return words[info.context.language] if words else root.kind


@part(KindState, description="One kind of work: last run, next run, last error. 任务种类")
class JobKind:
    kind: str = says("代码")
    name: str = told(_name, "In the language of the request. 名称")
    last_done: datetime | None = says("最近完成")
    next_due: datetime | None = says("下次应办")
    waiting: int = says("待办数")
    given_up: int = says("已放弃数")
    last_error: str | None = says("Of work that is not done yet. 最近错误")


@part(rows.Job, description="Work that is due or done. Administrators see it. 任务")
class Job:
    id: strawberry.ID = own_id("Job")
    kind: str = says("种类")
    period: str | None = says("Of scheduled work. 期间")
    asked_at: datetime = says("登记时间")
    due_at: datetime = says("应办时间")
    tries: int = says("次数")
    started_at: datetime | None = says("开始时间")
    done_at: datetime | None = says("完成时间")
    failed_at: datetime | None = says("When it was given up. 放弃时间")
    last_error: str | None = says("最近错误")


@strawberry.type
class JobQuery:
    @asks("Each kind of work. Administrators. 任务种类列表", list[JobKind])
    async def job_kinds(self, info: Info) -> tuple[KindState, ...]:
        check_administers(info.context.actor)
        return (await queries.overview()).kinds

    @listed(Job, "Jobs, the latest first. Administrators. 任务列表")
    async def jobs(self, info: Info, kind: str | None = None) -> Listed:
        check_administers(info.context.actor)
        wanted = sought(kind, "kind", 60)
        found = rows.Job.filter(kind=wanted) if wanted else rows.Job.all()
        return Listed(found, ("-asked_at", "-id"))


JobResult = result("JobResult", Job)


@strawberry.type
class JobMutation:
    @verb(JobResult, "Have work that was given up tried again. Administrators. 重新办理")
    async def retry_job(self, info: Info, job_id: strawberry.ID) -> rows.Job:
        return await actions.ask_again(info.context.actor, key("Job", job_id))
