"""Signing in and out, the language, and each person's own account."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit.errors import DomainError
from domain.people import actions, queries
from web import errors, forms
from web.devices import device
from web.i18n import COOKIE, TAGS
from web.i18n import gettext as _
from web.render import go, page, redirect
from web.session import actor, forget, local, remember

YEAR = 365 * 24 * 3600


class SignIn(forms.Fields):
    login: forms.Line
    password: forms.Secret
    next: str = ""


class NewPassword(forms.Fields):
    old: forms.Secret
    new: forms.Secret
    again: forms.Secret


async def sign_in_form(request: Request) -> Response:
    """The one page for visitors. Somebody signed in goes on at once."""
    wanted = local(request.query_params.get("next"))
    if request.scope["actor"]:
        return go(request, wanted)
    return page(request, "auth/sign_in.html", form=forms.Form.of(next=wanted))


async def sign_in(request: Request) -> Response:
    """A new session, never the visitor's old one."""
    try:
        fields = forms.read(request, SignIn)
        token, _session = await actions.sign_in(
            fields.login, fields.password,
            user_agent=request.headers.get("user-agent", "")[:200],
            address=request.client.host if request.client else "",
        )  # fmt: skip
    except DomainError as error:
        typed = forms.of(request)
        kept = forms.Form.of(login=typed["login"], next=local(typed["next"]))
        return errors.refuse(request, error, "auth/sign_in.html", block="panel", form=kept)
    response = go(request, local(fields.next))
    remember(response, token)
    return response


async def sign_out(request: Request) -> Response:
    """End this session and have the browser drop what it kept."""
    if request.scope["actor"]:
        await actions.sign_out(actor(request))
    response = redirect(request, "sign-in", said=_("已退出登录。"))
    forget(response)
    return response


async def choose_language(request: Request) -> Response:
    """Keep the reader's choice for a year and go back to the page he was on."""
    form = forms.of(request)
    response = go(request, local(form["next"]))
    if form["language"] in TAGS:
        response.set_cookie(
            COOKIE, form["language"], max_age=YEAR, path="/", httponly=True, samesite="lax"
        )
    return response


async def show_account(request: Request) -> Response:
    """Duties, sign-ins and password of the signed-in person."""
    return page(request, "auth/account.html", **await _account(request))


async def _account(request: Request) -> dict[str, Any]:
    me = actor(request)
    is_new = not me.held and await queries.must_change_password(me)
    sessions = await queries.my_sessions(me)
    return {"sessions": sessions, "is_new": is_new, "device": device}


async def change_password(request: Request) -> Response:
    """A new password ends every other session."""
    try:
        fields = forms.read(request, NewPassword)
        if fields.new != fields.again:
            raise PasswordsDiffer
        await actions.change_password(actor(request), old=fields.old, new=fields.new)
    except DomainError as error:
        context = await _account(request)
        return errors.refuse(request, error, "auth/account.html", block="password", **context)
    return redirect(request, "account:show", said=_("密码已修改，其他设备已退出登录。"))


async def end_session(request: Request) -> Response:
    """Sign one device out."""
    await actions.end_session(actor(request), request.path_params["id"])
    return redirect(request, "account:show", said=_("该设备已退出登录。"))


class PasswordsDiffer(forms.BadInput):
    """The new password was not typed twice alike."""

    def __init__(self) -> None:
        super().__init__("again", "passwords-differ")


routes = [
    Route("/sign-in", sign_in_form, name="sign-in"),
    Route("/sign-in", sign_in, methods=["POST"], name="sign-in:enter"),
    Route("/sign-out", sign_out, methods=["POST"], name="sign-out"),
    Route("/language", choose_language, methods=["POST"], name="language"),
    Route("/account", show_account, name="account:show"),
    Route("/account/password", change_password, methods=["POST"], name="account:password"),
    Route(
        "/account/sessions/{id:uuid}/end", end_session, methods=["POST"], name="account:end-session"
    ),
]
