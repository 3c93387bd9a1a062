"""The language of an answer: what Accept-Language prefers, else Chinese."""

from starlette.requests import Request

from domain.kit.text import Language


def language(request: Request) -> Language:
    preferred: Language = "zh"
    most = 0.0
    for part in request.headers.get("accept-language", "")[:500].lower().split(","):
        tag, _, weight = part.strip().partition(";q=")
        value = _number(weight) if weight else 1.0
        if value > most and tag[:2] in ("zh", "en"):
            preferred, most = ("en" if tag.startswith("en") else "zh"), value
    return preferred


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
