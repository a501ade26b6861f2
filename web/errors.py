"""What people see where there is no page, or where one breaks; webhooks answer for themselves."""

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import InternalServerError, NotFound

from web.here import hotline
from web.telephones import signalling


def explain(app: Flask) -> None:
    """Let `app` say in the language of whoever looks what is wrong, and where to go on."""
    app.register_error_handler(NotFound, _page)
    app.register_error_handler(InternalServerError, _page)
    app.after_request(_as_it_is)


def _page(error: NotFound | InternalServerError) -> Response:
    settings = hotline().config.hotline
    page = render_template("error.html", hotline=settings, signalling=signalling(settings), status=error.code)
    response = make_response(page, error.code)
    response.headers["Content-Security-Policy"] = "default-src 'self'; img-src data:; frame-ancestors 'none'"
    return response


def _as_it_is(response: Response) -> Response:
    """Nothing is taken for what it does not say it is."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
