"""A feature made of nothing but the shell: every widget, a form, a refusal, a failure."""

from datetime import date
from pathlib import Path
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from domain.kit import clock
from domain.kit.actor import Duty
from domain.kit.errors import DomainError, NotFound, StaleVersion
from web import errors, forms, nav, render
from web.session import actor

GUIDE = Path(__file__).parent / "guide.html"
FORM = """{% extends "_layout.html" %}{% block title %}样{% endblock %}{% block main %}
{% block panel %}<section id="panel">{{ ui.errors() }}
{% call ui.form(url('sample:create'), target='#panel') %}
{{ ui.text('title', '标题', required=true, hint='写清楚。') }}{{ ui.date('occurred_on', '事件日期') }}
{{ ui.area('body', '正文') }}{{ ui.checks('office_ids', '报送单位', [('a', '甲'), ('b', '乙')]) }}
{{ ui.check('is_major', '重大信息') }}{{ ui.file('file', '文件') }}{{ ui.button('存') }}
{% endcall %}</section>{% endblock %}{% endblock %}"""
seen: list[object] = []


class Sample(forms.Fields):
    title: forms.Line
    occurred_on: date
    body: forms.Prose = ""
    office_ids: tuple[UUID, ...] = ()
    is_major: bool = False
    file: UploadFile | None = None


async def guide(request):
    return render.page(request, render.env.from_string(GUIDE.read_text()), moment=clock.now())


async def new(request):
    return render.page(request, render.env.from_string(FORM), block="panel")


async def create(request):
    try:
        seen.append(forms.read(request, Sample))
    except DomainError as error:
        template = render.env.from_string(FORM)
        return errors.refuse(request, error, template, block="panel", form=forms.of(request))
    return render.redirect(request, "sample:new", said=f"{actor(request).name}已存。")


async def missing(_request):
    raise NotFound


async def stale(_request):
    raise StaleVersion(1, 2)


async def boom(_request):
    raise RuntimeError("secret of the house")


async def away(_request):
    raise ConnectionRefusedError


async def plain(_request):
    return PlainTextResponse("x" * 5000)


async def three(_actor):
    return 3


ENTRIES = (
    nav.Entry("sample:guide", "首页", order=0),
    nav.Entry("sample:new", "稿件", order=1, duties=frozenset({Duty.CORRESPONDENT}), count=three),
    nav.Entry("sample:plain", "收件", order=2, duties=frozenset({Duty.OFFICE_EDITOR})),
)
routes = [
    Route("/sample/guide", guide, name="sample:guide"),
    Route("/sample/new", new, name="sample:new"),
    Route("/sample", create, methods=["POST"], name="sample:create"),
    Route("/sample/missing", missing, name="sample:missing"),
    Route("/sample/stale", stale, methods=["GET", "POST"], name="sample:stale"),
    Route("/sample/boom", boom, name="sample:boom"),
    Route("/sample/away", away, name="sample:away"),
    Route("/sample/plain", plain, name="sample:plain"),
]
