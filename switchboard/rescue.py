"""Something broke: whatever it was, the caller goes to a person, or else to a recorder."""

from sqlalchemy import Connection

from calls import book
from calls.book import Call, note
from calls.verbs import Enqueue
from ivr import call_back as dialogue
from store.statements import pass_in_turn
from switchboard import call_backs, notice, taping
from switchboard.hotline import Hotline
from switchboard.menu import Arrival, register
from switchboard.onward import asks, onward, talk_of
from switchboard.talking import let_agents_go
from telephony.twiml import render, render_again

FIRST_OF_ALL = 5  # who met a fault of ours has lost time already


def rescue(hotline: Hotline, arrival: Arrival, failed: str) -> str:
    """What the caller hears instead of the answer of the webhook `failed` (its public URL).

    From the menu, or a talk that has just ended, into a queue for people, with an apology in the caller's
    language. Who waits, talks or has been served is sent on from there: a late or second rescue changes
    nothing. A leg that the hotline has dialled, and not written down yet, is no caller's: its webhook is
    asked again. Raises what the database raises: then `telephony.fallback` is left.
    """

    def work(tx: Connection) -> str:
        call = book.find(tx, arrival.sid)
        if call is None and failed.startswith(hotline.links.call_back_answered("")):
            return render_again(failed)
        call = call or register(hotline, tx, arrival)
        talk = talk_of(tx, call)
        lost_talk = talk is not None and failed == hotline.links.talked(talk.id)
        if not (asks(call) or lost_talk):
            return onward(hotline, tx, call, hotline.say(tx, call, "error"))
        let_agents_go(hotline, tx, call)
        if talk is not None:
            taping.stop(hotline, tx, talk)
        call = _to_people(hotline, tx, call)
        words = hotline.say(tx, call, "error")
        verbs = notice.before_the_queue(hotline, call, (*words, Enqueue(call.queue or "")))
        return render(verbs, hotline.links, call.step)

    return hotline.tell(work)


def _to_people(hotline: Hotline, tx: Connection, call: Call) -> Call:
    queue = hotline.queue(call.queue)
    pass_in_turn(tx, f"queue {queue}")
    now = hotline.now()
    call = book.change(
        tx,
        call,
        "rescue",
        queue=queue,
        priority=max(call.priority, FIRST_OF_ALL),
        waiting_since=call_backs.returns(hotline, tx, call) or now,
        queued_at=now,
        entered=dialogue.over(call.entered),
        step=call.step + 1,  # a step that is still under way comes too late
        outcome=None,
        held=False,
        conference_sid=None,
        queue_sid=None,
        notice=notice.begin(hotline, call),
        seen_at=now,
    )
    note(tx, "webhook-failed", call, now)
    note(tx, "waiting", call, now, queue=queue, priority=call.priority, language=call.language)
    return call
