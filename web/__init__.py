"""The web side: webhooks for the carrier, the seat API for agents."""

from flask import Flask


def create_app() -> Flask:
    """The web application of this process, from the environment and config/."""
    from settings.secrets import read_secrets, variable_folder
    from switchboard.opening import open_hotline
    from switchboard.runner import Worker
    from web.app import Secrets, application

    worker = Worker()
    hotline = open_hotline(worker)
    worker.start(hotline)
    known = read_secrets()
    return application(hotline, Secrets(known.auth_token, known.key, known.account_sid), variable_folder())
