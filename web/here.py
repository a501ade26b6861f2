"""The hotline that this web application serves."""

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

from switchboard.hotline import Hotline
from telephony.access import Access

KEY = "hotline"
ACCESS = "access"


def hotline() -> Hotline:
    """The hotline of the application that handles this request."""
    return cast(Hotline, current_app.extensions[KEY])


def access() -> Access:
    """Who signs for telephones in the browser. Raises NoTelephones."""
    make: Callable[[], Access] = current_app.extensions[ACCESS]
    return make()


def serve(app: Flask, hotline: Hotline) -> None:
    """Let `app` serve this hotline."""
    app.extensions[KEY] = hotline
