"""What a changed configuration means for those who are here: seats follow agents.yml, and no caller waits in
a queue that is no longer there."""

import structlog
from sqlalchemy import Connection

from agents import roster
from agents.roster import Place
from calls import book
from routing import floor
from routing.rulebook import profiles_of
from store.statements import pass_in_turn
from switchboard.hotline import Hotline

log = structlog.get_logger()


def seat_all(hotline: Hotline) -> None:
    """Give every agent in the configuration a seat, and take it from those who are no longer there. Callers
    who wait in a queue that was taken out or renamed wait in the first one, at the same place."""
    config = hotline.config

    def work(tx: Connection) -> int:
        pass_in_turn(tx, "seats")  # or one would delete a profile that another is about to give somebody
        profiles = profiles_of(config.agents)
        floor.keep(tx, profiles.values())
        places = {
            name: Place(agent.address, floor.name_of(profiles[name])) for name, agent in config.agents.items()
        }
        roster.seat_all(tx, places, hotline.now())
        floor.forget(tx)
        return book.requeue(tx, config.queues, hotline.queue(), hotline.now())

    moved = hotline.tell(work)
    if moved:
        log.warning("callers waited in a queue that is gone", callers=moved, now_in=hotline.queue())
