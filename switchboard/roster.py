"""Seats follow config/agents.yml."""

from agents import roster
from switchboard.hotline import Hotline


def seat_all(hotline: Hotline) -> None:
    """Give every agent in the configuration a seat, and take it from those who are no longer there."""
    listed = hotline.config.agents.values()
    hotline.tell(lambda tx: roster.seat_all(tx, listed, hotline.now()))
