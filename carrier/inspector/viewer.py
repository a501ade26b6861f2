"""What one open page has been told, and what is news to it."""

from collections.abc import Iterator
from itertools import islice

from carrier.exchange import Exchange
from carrier.inspector import shown
from carrier.inspector.shown import Shown
from carrier.model import Call, Conference

MOST_CALLS, PAST_CALLS, MOST_PLACES, PAST_CONFERENCES, MOST_ALERTS = 300, 100, 100, 20, 200
"""What a page shows at most: live calls, calls that are over; live conferences, queues and numbers each;
conferences that are over; alerts."""


class Viewer:
    """Compares what there is with what was told; nothing is kept but what the page shows."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._told: dict[str, tuple[str, Shown]] = {}
        self._turn = 0
        self._alert = ""

    def news(self) -> Shown:
        """What has changed since the last time, the first time everything. Empty if nothing has."""
        now = dict(self._things())
        changed = [
            (kind, thing) for sid, (kind, thing) in now.items() if self._told.get(sid) != (kind, thing)
        ]
        news: dict[str, list[object]] = {"gone": [sid for sid in self._told if sid not in now]}
        for kind, thing in changed:
            news.setdefault(kind, []).append(thing)
        news["requests"], news["alerts"] = list(self._requests()), list(self._alerts())
        self._told = now
        return {name: things for name, things in news.items() if things}

    def _things(self) -> Iterator[tuple[str, tuple[str, Shown]]]:
        exchange = self._exchange
        for call in self._calls():
            yield call.sid, ("calls", shown.call(call))
        for conference in self._conferences():
            yield conference.sid, ("conferences", shown.conference(conference, exchange))
        for queue in islice(reversed(exchange.queues.values()), MOST_PLACES):
            yield queue.sid, ("queues", shown.queue(queue, exchange))
        for number in islice(exchange.numbers.values(), MOST_PLACES):
            yield number.sid, ("numbers", shown.number(number))

    def _calls(self) -> Iterator[Call]:
        """The live ones, and the last that are over."""
        yield from (leg.call for leg in islice(reversed(self._exchange.legs.values()), MOST_CALLS))
        over = (call for call in reversed(self._exchange.calls.values()) if not call.live)
        yield from islice(over, PAST_CALLS)

    def _conferences(self) -> Iterator[Conference]:
        yield from (room.conference for room in islice(self._exchange.rooms.values(), MOST_PLACES))
        over = (one for one in reversed(self._exchange.conferences.values()) if one.status == "completed")
        yield from islice(over, PAST_CONFERENCES)

    def _requests(self) -> Iterator[Shown]:
        for asked in self._exchange.trail.since(self._turn):
            self._turn = max(self._turn, asked.turn)
            yield shown.request(asked)

    def _alerts(self) -> Iterator[Shown]:
        fresh = []
        for alert in islice(reversed(self._exchange.alerts), MOST_ALERTS):
            if alert.sid == self._alert:
                break
            fresh.append(alert)
        for alert in reversed(fresh):
            self._alert = alert.sid
            yield shown.alert(alert)
