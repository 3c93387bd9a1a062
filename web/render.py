"""A page for browsers, one block of it for htmx."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.kit import text
from domain.kit.settings import settings
from web import assets, csrf, dates, nav
from web.forms import Form
from web.i18n import TAGS, gettext, language, ngettext

TEMPLATES = Path(__file__).parent / "templates"
SAID = "said"

HTMX_CONFIG = {
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "400|403|404|405|409|413|415|422|500|503", "swap": True, "error": False},
        {"code": "...", "swap": False, "error": True},
    ],
    "allowEval": False,
    "allowScriptTags": False,
    "includeIndicatorStyles": False,
    "historyCacheSize": 0,
    "selfRequestsOnly": True,
    "scrollIntoViewOnBoost": False,
}


def number(value: float | Decimal | None, places: int | None = None) -> str:
    """A number as written in the county: no trailing zeros, 10,000 and more grouped."""
    if value is None:
        return "–"
    exact = Decimal(str(value))
    plain = f"{exact:.{places}f}" if places is not None else f"{exact.normalize():f}"
    whole, dot, rest = plain.partition(".")
    return (f"{int(whole):,}" if abs(exact) >= 10_000 else whole) + dot + rest


def name_of(member: Enum) -> str:
    """What an enum member is called in the reader's language."""
    return text.name(member, language.get())


def environment() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=not settings().production,
    )
    env.globals |= {
        "_": gettext, "_n": ngettext, "name": name_of, "asset": assets.address,
        "spoken": dates.spoken, "exact": dates.exact, "machine": dates.machine,
        "period": dates.period,
    }  # fmt: skip
    env.filters |= {"number": number, "day": dates.written, "name": name_of}
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}
    return env


env = environment()


def is_htmx(request: Request) -> bool:
    """Whether htmx wants a part of the page; going back in history wants all of it."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Boosted") != "true"
    )


def url(request: Request, route: str, /, **params: Any) -> str:
    """The path of a named route; what has no place in it becomes its query, None left out."""
    wanted = _places(request, route)
    path = request.app.url_path_for(route, **{k: v for k, v in params.items() if k in wanted})
    rest = {key: value for key, value in params.items() if key not in wanted}
    return str(path) + _query(rest)


def _places(request: Request, route: str) -> set[str]:
    places: dict[str, set[str]] = request.app.state.places
    return places[route]


def here(request: Request, /, **changes: Any) -> str:
    """The page's own address with its query changed; None takes a name out."""
    kept = {
        key: values
        for key in request.query_params
        if key not in changes and (values := request.query_params.getlist(key))
    }
    return request.url.path + _query(kept | changes)


def _query(values: Mapping[str, Any]) -> str:
    given = {key: _plain(value) for key, value in values.items() if value not in (None, "", [])}
    return "?" + urlencode(given, doseq=True) if given else ""


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, Enum) else str(value)


def _context(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    context: dict[str, Any] = {
        "request": request,
        "actor": request.scope.get("actor"),
        "language": language.get(),
        "lang": TAGS[language.get()],
        "form": Form(),
        "problems": None,
        "said": "",
        "places": nav.shown(request),
        "csrf_token": csrf.token(request),
        "htmx": assets.htmx_address(),
        "htmx_sri": assets.HTMX_SRI,
        "htmx_config": HTMX_CONFIG,
        "url": lambda route, /, **params: url(request, route, **params),
        "here": lambda **changes: here(request, **changes),
    } | given
    context["typed"] = context["form"]
    context["ui"] = env.get_template("_ui.html").make_module(context)
    context["charts"] = env.get_template("_charts.html").make_module(context)
    return context


def page(
    request: Request,
    template: str | jinja2.Template,
    *,
    block: str | None = None,
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """Render a whole page, or only `block` of it when htmx asks.

    `said="已审签。"` tells what was done: shown on a page, announced beside a fragment.
    """
    found = env.get_template(template)
    part = block is not None and is_htmx(request)
    waiting = unquote(request.cookies.get(SAID, ""))[:200] if not part else ""
    if waiting and "said" not in context:
        context["said"] = waiting
    full = _context(request, context)
    if part and block is not None:
        html = "".join([*found.blocks[block](found.new_context(full)), full["ui"].announce()])
    else:
        html = found.render(full)
    response = HTMLResponse(html, status, headers={"Vary": "HX-Request, Accept-Language, Cookie"})
    if waiting:
        response.delete_cookie(SAID, path="/", httponly=True, samesite="lax")
    return response


def redirect(request: Request, route: str, /, *, said: str = "", **params: Any) -> Response:
    """Go to a named route after an act: 303, or a full navigation when htmx asked.

    `said` is shown once on the page that follows.
    """
    return go(request, url(request, route, **params), said=said)


def go(request: Request, path: str, *, said: str = "") -> Response:
    """As redirect, to a local path."""
    response: Response
    if is_htmx(request):
        response = Response(status_code=200, headers={"HX-Redirect": path})
    else:
        response = RedirectResponse(path, 303)
    if said:
        response.set_cookie(
            SAID, quote(said), max_age=60, path="/", httponly=True, samesite="lax",
            secure=settings().is_secure,
        )  # fmt: skip
    return response
