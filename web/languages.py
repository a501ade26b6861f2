"""The language of a page: chosen by ?language=, remembered, or else what the browser prefers."""

from flask import Flask, Response, request
from flask_babel import Babel

LANGUAGES = {"zh": "中文", "en": "English", "ja": "日本語", "ko": "한국어", "ru": "Русский"}
COOKIE = "language"
YEAR = 365 * 24 * 3600  # seconds


def speak(app: Flask) -> None:
    """Let the pages of `app` speak five languages."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    Babel(app, locale_selector=chosen)
    app.context_processor(lambda: {"language": chosen(), "languages": LANGUAGES})
    app.after_request(_remember)


def chosen() -> str:
    """The language of this request."""
    for wish in (request.args.get("language"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def _remember(response: Response) -> Response:
    wish = request.args.get("language")
    if wish in LANGUAGES and response.content_type.startswith("text/html"):
        response.set_cookie(
            COOKIE, str(wish), max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
    return response
