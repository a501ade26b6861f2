"""Queues: who waits, and who is taken out."""

from collections import deque

from carrier.box import Box
from carrier.core import Core
from carrier.ids import new_sid
from carrier.leg import Leg
from carrier.model import CarrierError, Member, Queue, Request
from carrier.script import run_call
from carrier.waiting import Waiting

LARGEST = 5000


class Queueing(Core):
    """The part of the exchange that keeps queues."""

    def find_queue(self, key: str) -> Queue:
        """By SID or friendly name."""
        found = self.queues.get(key) or self._named(key)
        if found is None:
            raise CarrierError(404, 20404, f"The requested resource /Queues/{key} was not found")
        return found

    def create_queue(self, friendly_name: str, max_size: int = 1000) -> Queue:
        self._check(friendly_name, max_size)
        now = self.clock.now()
        queue = Queue(new_sid("QU"), self.account.sid, friendly_name, now, now, max_size)
        self.queues[queue.sid] = queue
        return queue

    def update_queue(self, key: str, friendly_name: str | None = None, max_size: int | None = None) -> Queue:
        queue = self.find_queue(key)
        name = None if friendly_name in (None, queue.friendly_name) else friendly_name
        self._check(name, queue.max_size if max_size is None else max_size)
        queue.friendly_name = friendly_name or queue.friendly_name
        queue.max_size = queue.max_size if max_size is None else max_size
        queue.date_updated = self.clock.now()
        return queue

    def delete_queue(self, key: str) -> None:
        queue = self.find_queue(key)
        if queue.members:
            raise CarrierError(400, 22004, "Queue is not empty: calls are waiting in it")
        if self.takers.get(queue.sid):
            raise CarrierError(400, 22004, "Queue is in use: a call waits for somebody to come into it")
        del self.queues[queue.sid]
        self.takers.pop(queue.sid, None)

    def find_member(self, queue_key: str, call_key: str) -> Member:
        """`call_key` is a call SID, or Front."""
        for member in self.find_queue(queue_key).members:
            if call_key in ("Front", member.call_sid):
                return member
        raise CarrierError(404, 20404, f"The requested resource /Members/{call_key} was not found")

    def dequeue(self, queue_key: str, call_key: str, request: Request) -> Member:
        """Take a call (or the Front one) out of the queue; it runs the document at `request`."""
        member = self.find_member(queue_key, call_key)
        leg = self.waiting[member.call_sid].leg
        leg.begin(run_call(leg, request))
        return member

    def find_or_create_queue(self, name: str) -> Queue:
        return self._named(name) or self.create_queue(name)

    def join_queue(self, leg: Leg, name: str, most: int) -> Waiting | None:
        """Let a call wait in the queue of that name, made if there is none; None if it is full."""
        queue = self.find_or_create_queue(name)
        if queue.current_size >= min(queue.max_size, most):
            self.alert(14207, f"queue {name!r} is full", level="warning", call=leg.call)
            return None
        now = self.clock.now()
        member = Member(leg.call.sid, queue.sid, now)
        waiting = Waiting(leg, queue, member, Box(self.clock))
        queue.members.append(member)
        queue.date_updated = now
        self.waiting[leg.call.sid] = waiting
        takers = self.takers.get(queue.sid)
        if takers:
            takers.popleft().put(waiting)
        self.clock.activity.beat()
        return waiting

    def leave_queue(self, waiting: Waiting) -> None:
        """The call waits no longer; for how long it did stays known. Leaving twice changes nothing."""
        if self.waiting.get(waiting.member.call_sid) is not waiting:
            return
        now = self.clock.now()
        del self.waiting[waiting.member.call_sid]
        waiting.queue.members.remove(waiting.member)
        waiting.queue.date_updated = now
        waiting.left = now

    def await_member(self, queue: Queue) -> Box[Waiting]:
        """A box that gets whoever is in front, now or when somebody comes."""
        box: Box[Waiting] = Box(self.clock)
        if queue.members:
            box.put(self.waiting[queue.members[0].call_sid])
        else:
            self.takers.setdefault(queue.sid, deque()).append(box)
        return box

    def forget_taker(self, queue: Queue, box: Box[Waiting]) -> None:
        """This taker wants nobody any more; whom it was given and didn't take, the next one gets."""
        takers = self.takers.get(queue.sid, deque())
        if box in takers:
            takers.remove(box)
        for waiting in box.rest():
            if takers and self.waiting.get(waiting.member.call_sid) is waiting:
                takers.popleft().put(waiting)

    def _named(self, name: str) -> Queue | None:
        return next((one for one in self.queues.values() if one.friendly_name == name), None)

    def _check(self, new_name: str | None, max_size: int) -> None:
        if new_name is not None and self._named(new_name) is not None:
            raise CarrierError(400, 22003, f"A queue with the friendly name {new_name!r} exists")
        if not 0 <= max_size <= LARGEST:
            raise CarrierError(400, 22001, f"MaxSize must be from 0 to {LARGEST}")
