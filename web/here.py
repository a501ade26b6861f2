"""The hotline that this web application serves."""

from typing import cast

from flask import Flask, current_app

from switchboard.hotline import Hotline

KEY = "hotline"


def hotline() -> Hotline:
    """The hotline of the application that handles this request."""
    return cast(Hotline, current_app.extensions[KEY])


def serve(app: Flask, hotline: Hotline) -> None:
    """Let `app` serve this hotline."""
    app.extensions[KEY] = hotline
