"""The web side: webhooks for the carrier, the seat API for agents."""

from web.app import create_app

__all__ = ["create_app"]
