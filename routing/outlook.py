"""What a waiting caller can be told: the place in the line, and how long it will take."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from agents.presence import AWAY
from calls.book import Call
from routing.floor import Tables, lane_of, profile, word_of
from routing.policy.estimate import FOREVER, Wait, wait
from routing.policy.match import pairs
from routing.policy.patience import patience as patience_of
from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules
from routing.policy.urgency import urgency, waited
from store.tables import WAITING, agents, calls

LOOKED_AT = 200  # calls that waited, from which it is learnt when callers give up
LEARNT_FOR = timedelta(seconds=10)


@dataclass(frozen=True)
class Outlook:
    """`position` is 1 for whoever is next. `wait` is None while nobody is at work who could take the call."""

    position: int
    wait: Wait | None


class Patience:
    """How patient callers are, learnt anew every few seconds and not for each caller who is told the wait."""

    def __init__(self) -> None:
        self._learnt: tuple[datetime, float] | None = None

    def seconds(self, tx: Connection, now: datetime) -> float:
        """See `patience`."""
        learnt = self._learnt
        if learnt is None or not learnt[0] <= now < learnt[0] + LEARNT_FOR:
            learnt = self._learnt = now, patience(tx)
        return learnt[1]


def outlook(
    tx: Connection,
    rules: Mapping[str, Rules],
    call: Call,
    now: datetime,
    wrap_up_seconds: float,
    patience_seconds: float = FOREVER,
) -> Outlook:
    """Where a waiting call stands among those of its queue and language, and for how long. `patience_seconds`
    is after how many callers give up on average."""
    lane = Lane(call.queue or "", call.language, call.priority, call.wants)
    since = call.waiting_since or now
    before = _before(tx, urgency(call.priority, (now - since).total_seconds()), call, now)
    alike = sum(
        callers
        for other, callers in before.items()
        if (other.queue, other.language) == (lane.queue, lane.language)
    )
    people, talk_seconds = _at_work(tx)
    mine = _who_serve(rules, lane, people)  # of pairs, those of whom there are fewer
    agents_of_mine = sum(people[one] for one in mine)
    rivals = sum(
        callers * _shared(people, mine, _who_serve(rules, other, people)) for other, callers in before.items()
    )
    return Outlook(alike + 1, wait(rivals, agents_of_mine, talk_seconds + wrap_up_seconds, patience_seconds))


def patience(tx: Connection) -> float:
    """After how many seconds callers give up on average, from the latest who waited; FOREVER if few do."""
    # Who is called back has left the line: by asking for it, or by giving up.
    end = func.coalesce(calls.c.left_at, calls.c.answered_at, calls.c.ended_at)
    gave_up_then = (calls.c.left == "gave-up") | (calls.c.left.is_(None) & (calls.c.outcome == "abandoned"))
    latest = (
        select(calls.c.waiting_since, end.label("end"), gave_up_then.label("gave_up"))
        .where(calls.c.state == "ended", calls.c.queued_at.is_not(None), calls.c.ended_at.is_not(None))
        .order_by(calls.c.ended_at.desc())
        .limit(LOOKED_AT)
    )
    found = patience_of(
        (max(0.0, (row.end - row.waiting_since).total_seconds()), bool(row.gave_up))
        for row in tx.execute(latest)
    )
    return found[0] if found else FOREVER


def _before(tx: Connection, cost: float, call: Call, now: datetime) -> dict[Lane, int]:
    """How many callers of each lane are more urgent than this one."""
    lanes: dict[int, list[str | None]] = {}  # by priority: for all of one it is the same moment
    for head in Tables(tx).heads():
        lanes.setdefault(head.lane.priority, []).append(word_of(head.lane))
    found = {}
    for priority, words in lanes.items():
        since = now - timedelta(seconds=waited(priority, cost))
        before = (calls.c.lane.in_(words), calls.c.waiting_since < since, calls.c.sid != call.sid)
        query = select(calls.c.lane, func.count()).where(WAITING, *before).group_by(calls.c.lane)
        found.update({lane_of(word): callers for word, callers in tx.execute(query)})
    return found


def _at_work(tx: Connection) -> tuple[Counter[Profile], float]:
    """How many agents of each profile are at work, and how many seconds a talk takes them."""
    query = (
        select(agents.c.profile, func.count().label("people"), func.avg(agents.c.talk_seconds).label("talk"))
        .where(agents.c.profile.is_not(None), agents.c.state.not_in(AWAY))
        .group_by(agents.c.profile)
    )
    rows = tx.execute(query).all()
    people = Counter({profile(tx, row.profile): row.people for row in rows})
    total = people.total()
    return people, sum(row.people * float(row.talk) for row in rows) / total if total else 0.0


def _who_serve(rules: Mapping[str, Rules], lane: Lane, people: Counter[Profile]) -> set[Profile]:
    """The profiles that may serve a lane, sooner or later. Where only pairs may, they are the agents or the
    interpreters, whichever are fewer: so many callers can be served at once."""
    queue = rules.get(lane.queue)
    if queue is None:
        return set()
    alone = {one for one in people if queue.reach(lane, one) is not None}
    if alone:
        return alone
    together = list(pairs(queue, lane, people))
    agents, interpreters = {pair[0] for pair in together}, {pair[1] for pair in together}
    return min(interpreters, agents, key=lambda profiles: sum(people[one] for one in profiles))


def _shared(people: Counter[Profile], mine: set[Profile], theirs: set[Profile]) -> float:
    """Which part of those who may serve others are agents of mine: so much of their calls is in my way."""
    everybody = sum(people[one] for one in theirs)
    return sum(people[one] for one in mine & theirs) / everybody if everybody else 0.0
