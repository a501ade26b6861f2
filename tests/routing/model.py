"""What should become of calls, agents and offers, said once more and without a database: agents as rows of
plain values, callers on the floor on which the simulator decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agents.presence import LATEST
from routing.memory import Memory
from routing.policy.candidate import Candidate
from routing.policy.match import Choice, choose, due
from routing.policy.skills import Lane, Profile
from routing.policy.strategies import STRATEGIES
from routing.policy.timeline import Rules


@dataclass
class Agent:
    """An agent's row, as `agents.presence` should keep it."""

    name: str
    profile: Profile | None
    since: datetime
    rung_at: datetime
    state: str = "offline"
    reason: str | None = None
    then: str | None = None
    signed_in_at: datetime | None = None
    ready_since: datetime | None = None
    wrap_up_until: datetime | None = None
    calls: int = 0
    busy_seconds: float = 0.0
    occupancy: float = 0.0
    talk_seconds: float = 180.0

    def enters(
        self,
        state: str,
        now: datetime,
        reason: str | None,
        ready_since: datetime | None = None,
        told: str | None = None,
    ) -> None:
        if self.state == "wrapping-up":
            self.busy_seconds += (now - self.since).total_seconds()
        if self.state == "offline" or self.signed_in_at is None:
            self.signed_in_at, self.calls, self.busy_seconds = now, 0, 0.0
        here = (now - self.signed_in_at).total_seconds()
        ready = state == "ready"
        self.state, self.since, self.then, self.wrap_up_until = state, now, None, None
        self.reason = told if ready else reason
        self.ready_since = (ready_since or now) if ready else None
        self.occupancy = self.busy_seconds / here if here > 0 else 0.0

    def candidate(self) -> Candidate | None:
        if self.state != "ready" or self.profile is None or self.ready_since is None:
            return None
        return Candidate(
            self.name,
            self.profile,
            self.ready_since.timestamp(),
            self.calls,
            self.occupancy,
            self.rung_at.timestamp(),
            self.talk_seconds,
        )


@dataclass
class Call:
    sid: str
    state: str = "menu"
    lane: Lane | None = None
    since: datetime | None = None


@dataclass
class Offer:
    id: str
    call: Call
    agent: Agent
    made_at: datetime
    state: str = "offered"
    leg: bool = False
    accepted_at: datetime | None = None
    joined: bool = False
    other: "Offer | None" = None  # of an agent and an interpreter
    interprets: bool = False


@dataclass
class Model:
    """Everybody, and what each event makes of them."""

    offer_seconds: int
    join_seconds: int
    wrap_up_seconds: int
    ring_grace: int
    now: datetime
    rules: Mapping[str, Rules] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    talked: set[str] = field(default_factory=set)
    floor: Memory = field(default_factory=lambda: Memory(one.by for one in STRATEGIES.values()))

    # Who is here, and by which rules

    def configured(self, rules: Mapping[str, Rules], profiles: Mapping[str, Profile]) -> None:
        self.rules = rules
        for name in self.agents.keys() - profiles.keys():
            agent = self.agents[name]
            if agent.state in ("offered", "talking"):
                agent.profile, agent.then = None, "offline"
            else:
                self.floor.busy(name)
                del self.agents[name]
        for name, profile in profiles.items():
            agent = self.agents.setdefault(name, Agent(name, profile, self.now, self.now))
            agent.profile = profile
            self._seen(agent)
        for call in self.calls.values():
            if call.state in ("waiting", "offered"):
                self._lined_up(call)

    def _lined_up(self, call: Call) -> None:
        """A call of a queue that is gone belongs to the first one."""
        assert call.lane is not None
        if call.lane.queue not in self.rules:
            call.lane = replace(call.lane, queue=next(iter(self.rules)))
        if call.state == "waiting":
            assert call.since is not None
            self.floor.leave(call.sid)
            self.floor.wait(call.sid, call.lane, call.since.timestamp())

    def _seen(self, agent: Agent) -> None:
        candidate = agent.candidate()
        if candidate is None:
            self.floor.busy(agent.name)
        else:
            self.floor.ready(candidate)

    # What callers do

    def enqueues(self, call: Call, lane: Lane) -> None:
        call.state, call.lane, call.since = "waiting", lane, call.since or self.now
        self._lined_up(call)

    def leaves(self, call: Call) -> None:
        self.floor.leave(call.sid)
        call.state = "menu"

    def ends(self, call: Call) -> None:
        if call.state == "ended":
            return
        self.floor.leave(call.sid)
        call.state = "ended"
        for offer in self.live(call):
            if offer.state == "accepted":
                self._freed(offer)
            else:
                self._released(offer, "caller-gone")

    # What agents do

    def wishes(self, agent: Agent, state: str, reason: str | None) -> None:
        if agent.state in ("offered", "talking"):
            agent.then, agent.reason = state, reason
        elif agent.state != state or (state != "ready" and agent.reason != reason):
            agent.enters(state, self.now, reason)
            self._seen(agent)

    def wraps_up(self, agent: Agent) -> None:
        if agent.state == "wrapping-up":
            agent.enters(agent.then or "ready", self.now, agent.reason)
            self._seen(agent)

    # What becomes of an offer

    def live(self, call: Call) -> list[Offer]:
        live = ("offered", "pledged", "accepted")
        return [offer for offer in self.offers.values() if offer.state in live and offer.call is call]

    def talk(self, call: Call) -> Offer | None:
        """The agent's offer."""
        talks = (one for one in self.live(call) if one.state == "accepted" and not one.interprets)
        return next(talks, None)

    def accepted(self, offer: Offer) -> None:
        if offer.state != "offered":
            return
        offer.leg = True
        if offer.other is not None and offer.other.state != "pledged":
            offer.state = "pledged"
            return
        offer.call.state = "talking"
        for one in (offer, *([offer.other] if offer.other else ())):
            one.state, one.accepted_at = "accepted", self.now
            one.agent.state, one.agent.since = "talking", self.now
            one.agent.calls += 1
        for one in self.live(offer.call):
            if one.state != "accepted":
                self._released(one, "taken")

    def joins(self, offer: Offer) -> None:
        if offer.state == "accepted" and not offer.interprets:
            for one in self.live(offer.call):
                one.joined = True

    def leg_ends(self, offer: Offer, status: str) -> None:
        """The agent's telephone is not answered, cannot be rung, or breaks off in the talk."""
        offer.leg = True
        if offer.state == "accepted" and offer.interprets and offer.joined:
            self._freed(offer)
        elif offer.state == "accepted":
            self._dropped(offer)
        elif offer.state in ("offered", "pledged") and status in ("failed", "canceled"):
            self._back(offer, "missed", "offline", "unreachable")
        elif offer.state in ("offered", "pledged"):
            self._rests(offer, "declined" if status == "busy" else "missed")

    def hangs_up(self, offer: Offer) -> None:
        if offer.state == "pledged":
            self._rests(offer, "declined")
        elif offer.joined and offer.interprets:
            self._freed(offer)
        elif offer.joined:
            for one in self.live(offer.call):
                self._freed(one)
            offer.call.state = "menu"
        else:
            self._dropped(offer)

    def comes_out(self, offer: Offer) -> None:
        """The caller is out of the conference."""
        now_in = self.talk(offer.call)
        if now_in is not None and now_in is not offer:
            return
        if offer.id not in self.talked and offer.state == "accepted":
            self._dropped(offer)
        self.talked.add(offer.id)

    def a_second_passes(self) -> None:
        """What the clock does."""
        written = [one for one in self.agents.values() if one.wrap_up_until and one.wrap_up_until <= self.now]
        for offer in self.offers.values():
            if offer.state == "offered" and self.now >= self.past(offer):
                if offer.leg:
                    self._rests(offer, "missed")
                else:
                    offer.agent.ready_since = self.now
                    self._released(offer, "lost")
                    self._released_too(offer)
                    self._returns(offer.call)
            elif offer.state == "accepted" and not offer.joined and self.now >= self.stranded(offer):
                self._dropped(offer)
        for agent in written:
            self.wraps_up(agent)

    def past(self, offer: Offer) -> datetime:
        return offer.made_at + timedelta(seconds=self.offer_seconds + self.ring_grace)

    def stranded(self, offer: Offer) -> datetime:
        assert offer.accepted_at is not None
        return offer.accepted_at + timedelta(seconds=self.join_seconds)

    def _rests(self, offer: Offer, why: str) -> None:
        """A wish to be away goes before the pause that this costs."""
        agent = offer.agent
        if agent.then in ("paused", "offline"):
            self._back(offer, why, agent.then, agent.reason)
        else:
            self._back(offer, why, "paused", why)

    def _back(self, offer: Offer, how: str, agent_is: str, why: str | None) -> None:
        offer.state = how
        offer.agent.enters(agent_is, self.now, why)
        self._released_too(offer)
        self._returns(offer.call)

    def _released_too(self, offer: Offer) -> None:
        if offer.other is not None:
            self._released(offer.other, "other-gone")

    def _released(self, offer: Offer, why: str) -> None:
        offer.state, agent = "withdrawn", offer.agent
        agent.enters(agent.then or "ready", self.now, agent.reason, agent.ready_since, why)
        self._seen(agent)

    def _returns(self, call: Call) -> None:
        """Unless it still rings elsewhere for this call."""
        if self.live(call):
            return
        call.state = "waiting"
        self._lined_up(call)

    def _freed(self, offer: Offer) -> None:
        offer.state, agent = "ended", offer.agent
        talked = (self.now - agent.since).total_seconds()
        agent.state, agent.since = "wrapping-up", self.now
        agent.wrap_up_until = self.now + timedelta(seconds=self.wrap_up_seconds)
        agent.busy_seconds += talked
        agent.talk_seconds += LATEST * (talked - agent.talk_seconds)

    def _dropped(self, offer: Offer) -> None:
        for one in self.live(offer.call):
            self._freed(one)
        self._returns(offer.call)

    # Who is rung

    def dispatches(self) -> list[tuple[str, str, int]]:
        """Call, agent and step of each assignment, in order."""
        made = []
        while (choice := choose(self.floor, self.rules, self.now.timestamp())) is not None:
            self._is_fair(choice)
            call = self.calls[choice.head.call]
            self.floor.leave(call.sid)
            call.state = "offered"
            for agent in (self.agents[one.name] for one in choice.everybody):
                self.floor.busy(agent.name)
                agent.state, agent.reason = "offered", None
                agent.since = agent.rung_at = self.now
                made.append((call.sid, agent.name, choice.step))
        assert not [
            (call.sid, agent.name)
            for call in self.waiting()
            for agent in self.ready()
            if self.may(agent, call)
        ], "somebody waits whom somebody ready could serve"
        return made

    def offered(self, id: str, call: str, agent: str, beside: str | None = None) -> None:
        """`beside` is the agent's offer for one to interpret."""
        offer = self.offers[id] = Offer(id, self.calls[call], self.agents[agent], self.now)
        if beside is not None:
            offer.interprets, offer.other = True, self.offers[beside]
            self.offers[beside].other = offer

    def due(self) -> float | None:
        return due(self.floor, self.rules, self.now.timestamp())

    def waiting(self) -> list[Call]:
        return [call for call in self.calls.values() if call.state == "waiting"]

    def ready(self) -> list[Agent]:
        return [agent for agent in self.agents.values() if agent.candidate()]

    def may(self, agent: Agent, call: Call) -> bool:
        assert call.lane is not None
        assert call.since is not None
        rules = self.rules.get(call.lane.queue)
        reach = rules.reach(call.lane, agent.profile) if rules and agent.profile else None
        return reach is not None and call.since.timestamp() + reach.after <= self.now.timestamp()

    def _is_fair(self, choice: Choice) -> None:
        """An agent is taken together with an interpreter only where nobody can alone.

        Of those whom the same agent could serve, at equal priority, who came first is offered first; where
        somebody divides their time unequally, that holds within a queue and language.
        """
        call, agent = self.calls[choice.head.call], self.agents[choice.agents[0].name]
        if choice.interpreter is not None:
            assert not [one for one in self.ready() if self.may(one, call)]
            return
        assert self.may(agent, call)
        assert call.lane is not None
        assert call.since is not None
        divided = any(len(set(one.profile.shares.values())) > 1 for one in self.ready() if one.profile)
        for other in self.waiting():
            assert other.lane is not None
            assert other.since is not None
            alike = other.lane == call.lane if divided else other.lane.priority == call.lane.priority
            if alike and self.may(agent, other):
                assert (call.since, call.sid) <= (other.since, other.sid), (
                    f"{other.sid} came before {call.sid}"
                )
